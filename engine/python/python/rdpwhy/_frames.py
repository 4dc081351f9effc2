"""Rows as a data frame of whichever library is installed."""

from __future__ import annotations

import importlib
from typing import Any, Dict, List, Optional

Row = Dict[str, Any]
LIBRARIES = ("polars", "pyarrow", "pandas")


def frame(rows: List[Row], columns: Dict[str, str], library: Optional[str]) -> Any:
    """Rows as a frame of ``polars``, ``pyarrow`` or ``pandas``, or as they are for ``"rows"``.

    Without a library: the first of the three that is installed, else the rows themselves.
    """
    if library == "rows":
        return rows
    if library is not None and library not in LIBRARIES:
        raise ValueError(f"unknown library {library!r}: expected one of {', '.join(LIBRARIES)}, rows")
    for name in LIBRARIES if library is None else (library,):
        try:
            module = importlib.import_module(name)
        except ImportError:
            if library is not None:
                raise
            continue
        return _MAKERS[name](module, rows, columns)
    return rows


def _polars(polars: Any, rows: List[Row], columns: Dict[str, str]) -> Any:
    kinds = {
        "text": polars.String,
        "number": polars.Int64,
        "ratio": polars.Float64,
        "flag": polars.Boolean,
        "time": polars.Datetime("us", "UTC"),
    }
    return polars.DataFrame(rows, schema={name: kinds[kind] for name, kind in columns.items()})


def _arrow(arrow: Any, rows: List[Row], columns: Dict[str, str]) -> Any:
    kinds = {
        "text": arrow.string(),
        "number": arrow.int64(),
        "ratio": arrow.float64(),
        "flag": arrow.bool_(),
        "time": arrow.timestamp("us", tz="UTC"),
    }
    schema = arrow.schema([(name, kinds[kind]) for name, kind in columns.items()])
    return arrow.Table.from_pylist(rows, schema=schema)


def _pandas(pandas: Any, rows: List[Row], columns: Dict[str, str]) -> Any:
    kinds = {
        "text": "string",
        "number": "Int64",
        "ratio": "Float64",
        "flag": "boolean",
        "time": "datetime64[us, UTC]",
    }
    values = {name: [row.get(name) for row in rows] for name in columns}
    return pandas.DataFrame(
        {name: pandas.Series(values[name], dtype=kinds[kind]) for name, kind in columns.items()}
    )


_MAKERS = {"polars": _polars, "pyarrow": _arrow, "pandas": _pandas}
