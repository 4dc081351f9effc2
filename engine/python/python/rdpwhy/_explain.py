"""What codes mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Tuple, Union

from . import _rdpwhy
from ._errors import translated


@dataclass(frozen=True)
class Meaning:
    """What a code means in one of the tables that have it."""

    table: str
    """Kebab-case ID of the table, such as ``disconnect-extended``."""
    table_title: str
    """What the codes of this table tell."""
    name: Optional[str]
    """The public name of the code; many have none."""
    means: str
    """What it officially means."""
    does_not_mean: Optional[str]
    """What it does not mean, although people read it so."""
    causes: Tuple[str, ...]
    """IDs of the causes that it points to, the most likely first."""


def explain(code: Union[int, str]) -> Tuple[Meaning, ...]:
    """What a code means: a number, or text such as ``"0x904"``; empty if no table has it.

    Raises:
        OptionError: the text is not a code.
    """
    typed = hex(code) if isinstance(code, int) else code
    with translated():
        found = _rdpwhy.explain(typed)
    return tuple(
        Meaning(table, title, name, means, does_not_mean, tuple(causes))
        for table, title, name, means, does_not_mean, causes in found
    )
