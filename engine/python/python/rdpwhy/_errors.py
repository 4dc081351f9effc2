"""What can go wrong. Every exception of this package is an RdpwhyError."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Iterator


class RdpwhyError(Exception):
    """There is no diagnosis; the message says why."""


class NoLogsError(RdpwhyError, ValueError):
    """None of the inputs is an event log, or none could be read."""


class OptionError(RdpwhyError, ValueError):
    """An argument has a value that cannot be used."""


class RulesError(RdpwhyError, ValueError):
    """Rules that were added have errors; the message names file and line."""


class RedactionError(RdpwhyError):
    """Names are left in a redacted report, so there is none."""


_KINDS = {
    "logs": NoLogsError,
    "option": OptionError,
    "rules": RulesError,
    "redaction": RedactionError,
}


@contextmanager
def translated() -> Iterator[None]:
    """Raises the errors of the native half as exceptions of this package."""
    try:
        yield
    except RuntimeError as error:
        if len(error.args) != 2:
            raise
        kind, words = error.args
        raise _KINDS.get(kind, RdpwhyError)(words) from None
