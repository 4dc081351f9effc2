"""The rows of cases as Parquet: a part has the rows of one batch of cases, in three files of one name.

The file in ``cases`` is written last and removed first. While it is not there, the other two do not count.
"""

from __future__ import annotations

import hashlib
import io
from datetime import datetime, timedelta, timezone
from typing import Any, Dict, Iterable, List, Mapping, Optional, Set

import pyarrow as arrow
import pyarrow.compute as compute
import pyarrow.parquet as parquet

from ._store import Store

Row = Dict[str, Any]
_TIME = arrow.timestamp("us", tz="UTC")
_TEXT = arrow.string()
_COUNT = arrow.int64()
_FLAG = arrow.bool_()
_RATIO = arrow.float64()
_FACT = arrow.struct([("kind", _TEXT), ("value", _TEXT), ("time", _TIME)])
_FIRST = datetime(1970, 1, 1, tzinfo=timezone.utc)

# As docs/batch.schema.json has them; tests compare the two.
CASES = {
    "case": _TEXT,
    "verdict": _TEXT,
    "cause": _TEXT,
    "title": _TEXT,
    "family": _TEXT,
    "probability": _RATIO,
    "stage": _TEXT,
    "side": _TEXT,
    "host": _TEXT,
    "first_failure": _TIME,
    "last_failure": _TIME,
    "onset": _TIME,
    "last_good": _TIME,
    "recovered": _TIME,
    "summary": _TEXT,
    "incidents": _COUNT,
    "failed": _COUNT,
    "succeeded": _COUNT,
    "logs_from": _TIME,
    "logs_to": _TIME,
    "facts": arrow.list_(_FACT),
    "comparable": arrow.list_(_TEXT),
    "complete": _FLAG,
    "warnings": _COUNT,
    "reports": arrow.map_(_TEXT, _TEXT),
    "error": _TEXT,
}
INCIDENTS = {
    "case": _TEXT,
    "incident": _COUNT,
    "machine": _TEXT,
    "seen_from": _TEXT,
    "started": _TIME,
    "ended": _TIME,
    "failures": _COUNT,
    "stage": _TEXT,
    "stage_last": _TEXT,
    "cause": _TEXT,
    "title": _TEXT,
    "probability": _RATIO,
    "none": _RATIO,
    "stands_out": _FLAG,
    "family": _TEXT,
    "sources": arrow.list_(_TEXT),
    "users": arrow.list_(_TEXT),
    "last_good": _TIME,
    "recovered": _TIME,
    "changes": arrow.list_(_TEXT),
}
ATTEMPTS = {
    "case": _TEXT,
    "started": _TIME,
    "ended": _TIME,
    "seen_from": _TEXT,
    "machine": _TEXT,
    "source": _TEXT,
    "user": _TEXT,
    "target": _TEXT,
    "outcome": _TEXT,
    "stage": _TEXT,
    "code": _TEXT,
    "incident": _COUNT,
    "count": _COUNT,
}
SHARED = {
    "says": _TEXT,
    "cause": _TEXT,
    "kind": _TEXT,
    "value": _TEXT,
    "also": arrow.list_(_TEXT),
    "failing_with": _COUNT,
    "with": _COUNT,
    "failing_without": _COUNT,
    "without": _COUNT,
    "lift": _RATIO,
    "chance": _RATIO,
    "onset_first": _TIME,
    "onset_last": _TIME,
    "cases": arrow.list_(_TEXT),
}
KEY = "key"
"""What the result of a case depends on; empty where it is to be tried again. Only ``cases`` has it."""
TABLES = {"attempts": ATTEMPTS, "incidents": INCIDENTS, "cases": {**CASES, KEY: _TEXT}}
"""In the order in which the files of a part are written."""


def name_of(keys: Iterable[str]) -> str:
    """The name of the part that has the cases with these keys."""
    return "part-" + hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()[:16]


def put(store: Store, part: str, tables: Mapping[str, List[Row]]) -> None:
    """Writes a part from rows as JSON has them."""
    for name, columns in TABLES.items():
        store.put(f"{name}/{part}.parquet", to_parquet(tables[name], columns))


def parts(store: Store, table: str = "cases") -> Set[str]:
    """The names of the parts that are there."""
    names = store.names(table)
    return {name[: -len(".parquet")] for name in names if name.endswith(".parquet")}


def keys(store: Store, part: str) -> Dict[str, str]:
    """The key of each case of a part."""
    table = parquet.read_table(io.BytesIO(store.get(f"cases/{part}.parquet")), columns=["case", KEY])
    return dict(zip(table["case"].to_pylist(), table[KEY].to_pylist()))


def case_rows(store: Store, names: Iterable[str]) -> List[Row]:
    """The rows of all cases of these parts, as JSON has them, in the order of the names of the cases."""
    rows: List[Row] = []
    for part in names:
        rows += _rows(parquet.read_table(io.BytesIO(store.get(f"cases/{part}.parquet"))), CASES)
    return sorted(rows, key=lambda row: str(row["case"]).encode())


def keep(store: Store, part: str, kept: Dict[str, str]) -> Optional[str]:
    """Leaves nothing of a part but these cases; hands back its name then. ``None``: nothing is left."""
    if not kept:
        drop(store, part)
        return None
    held = {}
    for name in TABLES:
        table = parquet.read_table(io.BytesIO(store.get(f"{name}/{part}.parquet")))
        held[name] = table.filter(compute.is_in(table["case"], value_set=arrow.array(list(kept))))
    now = name_of(kept.values())
    # What is lost when this ends in between is diagnosed again; no case is ever there twice.
    store.remove(f"cases/{part}.parquet")
    for name, table in held.items():
        store.put(f"{name}/{now}.parquet", _bytes(table))
    drop(store, part)
    return now


def drop(store: Store, part: str) -> None:
    for name in reversed(list(TABLES)):
        store.remove(f"{name}/{part}.parquet")


def drop_all_but(store: Store, kept: Set[str]) -> None:
    """Removes every other part, also what is left of one that was never finished."""
    for name in reversed(list(TABLES)):
        for part in parts(store, name) - kept:
            store.remove(f"{name}/{part}.parquet")


def to_parquet(rows: List[Row], columns: Mapping[str, Any]) -> bytes:
    """Rows as JSON has them to a file of Parquet."""
    data = {name: [_value(row.get(name), kind) for row in rows] for name, kind in columns.items()}
    schema = arrow.schema(list(columns.items()))
    return _bytes(arrow.Table.from_pydict(data, schema=schema))


def _bytes(table: Any) -> bytes:
    file = io.BytesIO()
    parquet.write_table(table, file, compression="zstd")
    return file.getvalue()


def _value(value: Any, kind: Any) -> Any:
    if value is None:
        return None
    if kind == _TIME:
        return microseconds(value)
    if arrow.types.is_map(kind):
        return list(value.items())
    if arrow.types.is_list(kind) and kind.value_type == _FACT:
        return [{**one, "time": microseconds(one["time"])} for one in value]
    return value


def _rows(table: Any, columns: Mapping[str, Any]) -> List[Row]:
    """The reverse of :func:`to_parquet`."""
    values: Dict[str, List[Any]] = {}
    for name, kind in columns.items():
        column = table[name]
        if kind == _TIME:
            values[name] = [_text(one) for one in column.cast(arrow.int64()).to_pylist()]
        elif name == "facts":
            plain = arrow.list_(arrow.struct([("kind", _TEXT), ("value", _TEXT), ("time", arrow.int64())]))
            facts = column.cast(plain).to_pylist()
            values[name] = [[{**fact, "time": _text(fact["time"])} for fact in one] for one in facts]
        elif arrow.types.is_map(kind):
            values[name] = [dict(one) for one in column.to_pylist()]
        else:
            values[name] = column.to_pylist()
    return [dict(zip(values, row)) for row in zip(*values.values())]


def microseconds(time: Optional[str]) -> Optional[int]:
    """A time of a row as microseconds since 1970. Windows stores a seventh digit, with which databases cannot calculate."""
    if time is None:
        return None
    try:
        whole = datetime.fromisoformat(time[:19]).replace(tzinfo=timezone.utc)
    except ValueError:
        return None
    fraction = time[20:].rstrip("Z").ljust(6, "0")[:6]
    return (whole - _FIRST) // timedelta(microseconds=1) + int(fraction)


def _text(time: Optional[int]) -> Optional[str]:
    if time is None:
        return None
    seconds, rest = divmod(time, 10**6)
    return f"{(_FIRST + timedelta(seconds=seconds)).replace(tzinfo=None).isoformat()}.{rest:06}0Z"
