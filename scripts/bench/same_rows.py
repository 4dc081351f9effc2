"""`same_rows.py BATCH RAY`: whether the tables, reports and page of rdpwhy.ray are those of rdpwhy batch; exit status 1 if not."""

import io
import json
import re
import sys
from pathlib import Path

import pyarrow.parquet as parquet
from rdpwhy._fleet import _tables as tables
from rdpwhy._fleet._store import Store

batch, ray = Path(sys.argv[1]), Path(sys.argv[2])
store = Store(str(ray), {})
parts = tables.parts(store)
for name, columns in [("cases", tables.CASES), ("incidents", tables.INCIDENTS), ("attempts", tables.ATTEMPTS)]:
    rows = []
    for part in parts:
        rows += tables._rows(parquet.read_table(io.BytesIO(store.get(f"{name}/{part}.parquet"))), columns)
    rows.sort(key=lambda row: row["case"])
    text = (batch / f"{name}.jsonl").read_text(encoding="utf-8")
    # Tables have times to the microsecond.
    text = re.sub(r"(T\d\d:\d\d:\d\d\.\d{6})\dZ\"", r'\g<1>0Z"', text)
    expected = [json.loads(line) for line in text.splitlines()]
    differ = [row["case"] for row, other in zip(rows, expected) if row != other]
    if len(rows) != len(expected) or differ:
        sys.exit(f"{name}: {len(rows)} rows, not {len(expected)}; {len(differ)} differ, such as {differ[:3]}")
    print(f"{name}: the same {len(rows)} rows")
files = ["index.html", *(f"reports/{path.name}" for path in (batch / "reports").iterdir())]
differ = [name for name in files if (batch / name).read_bytes() != (ray / name).read_bytes()]
if differ:
    sys.exit(f"{len(differ)} of {len(files)} files differ, such as {differ[:3]}")
print(f"the same {len(files)} reports and pages")
