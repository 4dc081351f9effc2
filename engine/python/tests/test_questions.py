"""The queries of docs/fleet.md, on the tables of ``rdpwhy batch`` and on those of ``rdpwhy.ray``: each runs, and both answer alike."""

import re

import fleet
import pytest

duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed: pip install duckdb")
pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install rdpwhy[ray]")
pytest.importorskip("fsspec", reason="fsspec is not installed: pip install rdpwhy[ray]")

from rdpwhy._fleet import _tables as tables  # noqa: E402
from rdpwhy._fleet._store import Store  # noqa: E402

DOC = (fleet.ROOT / "docs" / "fleet.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sql\n(.*?)```", DOC, re.S)
VIEWS = [block for block in BLOCKS if block.startswith("CREATE VIEW")]
QUERIES = [block for block in BLOCKS if not block.startswith("CREATE VIEW")]


@pytest.fixture(scope="module")
def connections(tmp_path_factory):
    """One on the tables of the command, and one on the same rows as Parquet in two parts."""
    folder = tmp_path_factory.mktemp("questions")
    rows = fleet.batch(fleet.tickets(folder / "tickets", 30), folder / "batch")
    assert rows["shared"] == [] or rows["shared"][0]["says"]
    store = Store(str(folder / "ray"), {})
    names = [row["case"] for row in rows["cases"]]
    for half in (0, 1):
        chosen = set(names[half::2])
        part = {name: [row for row in rows[name] if row["case"] in chosen] for name in tables.TABLES}
        part["cases"] = [{**row, tables.KEY: "k"} for row in part["cases"]]
        tables.put(store, f"part-{half}", part)
    store.put("shared.parquet", tables.to_parquet(rows["shared"], tables.SHARED))
    found = []
    for views, place in zip(VIEWS, ("batch", "ray")):
        connection = duckdb.connect()
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(views.replace("RESULTS", str(folder / place)))
        found.append(connection)
    return found


def plain(value):
    """A value without what differs between the kinds of times."""
    if isinstance(value, list):
        return sorted(map(str, value))
    if hasattr(value, "replace") and hasattr(value, "tzinfo"):
        return value.replace(tzinfo=None)
    return value


def test_the_page_has_queries():
    assert len(VIEWS) == 2 and len(QUERIES) >= 10


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.split("\n")[0][:40])
def test_a_query_runs_and_both_kinds_of_tables_answer_alike(connections, query):
    answers = []
    for connection in connections:
        done = connection.execute(query)
        columns = [column[0] for column in done.description]
        answers.append((columns, [tuple(map(plain, row)) for row in done.fetchall()]))
    assert answers[0][0] == answers[1][0]
    assert sorted(map(str, answers[0][1])) == sorted(map(str, answers[1][1]))
    if "FROM shared" not in query:
        assert answers[0][1], "no answer"
