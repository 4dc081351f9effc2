"""Cases in processes of their own, and their rows as tables: what works without Ray."""

import json
import os
import signal
import threading
import time

import fleet
import pytest

import rdpwhy

fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed: pip install rdpwhy[ray]")
arrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install rdpwhy[ray]")

from rdpwhy._fleet import _tables as tables  # noqa: E402
from rdpwhy._fleet._cases import find  # noqa: E402
from rdpwhy._fleet._process import CaseProcess  # noqa: E402
from rdpwhy._fleet._store import Store  # noqa: E402

KEY = fleet.SAMPLES / "key-inaccessible" / "logs"


def job(name, path, **options):
    return {
        "name": name,
        "paths": [str(path)],
        "urls": [],
        "storage_options": {},
        "max_download": 1 << 30,
        "formats": ["json"],
        "options": {"case": name, "threads": 1, **options},
    }


def test_a_process_serves_many_cases_and_a_bad_one_costs_itself(tmp_path):
    (tmp_path / "System.evtx").write_text("not a log")
    with CaseProcess(timeout=60, max_memory=4 << 30) as process:
        good = process.diagnose(job("A", KEY))
        first = process.pid
        bad = process.diagnose(job("B", tmp_path))
        wrong = process.diagnose(job("C", KEY, at="soon"))
        again = process.diagnose(job("A", KEY))
        assert process.pid == first
    assert good.rows["case"]["cause"] == "rdp-key-inaccessible" and good.final
    assert json.loads(good.reports["json"])["case"] == "A"
    assert bad.rows["case"]["error"].startswith("no event log to read; ") and bad.final
    assert "not a valid time" in wrong.rows["case"]["error"]
    assert again == good


def test_a_hung_case_is_given_up_and_the_next_one_goes_on():
    with CaseProcess(timeout=20, max_memory=4 << 30) as process:
        assert process.diagnose(job("A", KEY)).final
        hung = process.pid
        # A process that is stopped does nothing more, like one that waits for a disk that is gone.
        os.kill(hung, signal.SIGSTOP)
        outcome = process.diagnose(job("B", KEY))
        assert outcome.rows["case"]["error"] == "took longer than 20 s (timeout)" and not outcome.final
        assert process.diagnose(job("C", KEY)).final
        assert process.pid != hung


def test_a_process_that_dies_costs_its_case():
    with CaseProcess(timeout=60, max_memory=4 << 30) as process:
        process.diagnose(job("A", KEY))
        threading.Timer(0.2, os.kill, (process.pid, signal.SIGKILL)).start()
        os.kill(process.pid, signal.SIGSTOP)
        outcome = process.diagnose(job("B", KEY))
        assert outcome.rows["case"]["error"] == "the process ended early (signal 9)" and not outcome.final
        assert process.diagnose(job("C", KEY)).final


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="only Linux says how much memory a process has")
def test_a_case_that_takes_too_much_memory_is_given_up():
    with CaseProcess(timeout=60, max_memory=1 << 20) as process:
        process._start()
        # It waits, so that no case is done before somebody looks.
        os.kill(process.pid, signal.SIGSTOP)
        outcome = process.diagnose(job("A", KEY))
    assert outcome.rows["case"]["error"] == "took more than 1 MB of memory (max_memory)" and not outcome.final


def test_a_process_ends_with_the_one_that_waits_for_it(tmp_path):
    script = (
        "import os, sys\nfrom rdpwhy._fleet._process import CaseProcess\nprocess = CaseProcess(600, 4 << 30)\n"
        "process._start()\nprint(process.pid, process._root, flush=True)\nos._exit(9)\n"
    )
    import subprocess
    import sys

    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False).stdout.split()
    ends = time.monotonic() + 30
    while os.path.exists(f"/proc/{said[0]}") and time.monotonic() < ends:
        time.sleep(0.1)
    assert not os.path.exists(f"/proc/{said[0]}") and not os.path.exists(said[1])


def test_tables_are_as_the_schema_says():
    schema = json.loads((fleet.ROOT / "docs" / "batch.schema.json").read_text())["$defs"]
    for kind, columns in [
        ("CaseRow", tables.CASES),
        ("IncidentRow", tables.INCIDENTS),
        ("AttemptRow", tables.ATTEMPTS),
        ("SharedRow", tables.SHARED),
    ]:
        assert set(schema[kind]["properties"]) == set(columns), kind


@pytest.mark.parametrize("day", ["2026-03-09", "1601-01-01", "9999-12-31", "1969-12-31"])
def test_times_are_kept_to_the_microsecond(day):
    assert tables._text(tables.microseconds(f"{day}T08:41:10.1234567Z")) == f"{day}T08:41:10.1234560Z"
    assert tables.microseconds(None) is None and tables.microseconds("30828-09-14T02:48:05.4775807Z") is None


def test_cases_are_found_as_the_command_finds_them(tmp_path):
    tickets = fleet.tickets(tmp_path / "tickets", 5)
    (tickets / "notes.txt").write_text("not a case")
    (tickets / ".hidden").mkdir()
    names = [case.name for case in find(tickets, {})]
    assert names == [f"INC-{number:04}" for number in range(5)]
    # The logs of one ticket, in folders for host and client.
    assert [case.places for case in find(KEY, {})] == [[str(KEY)]]
    assert [case.name for case in find([tickets / "INC-0001", {"path": str(KEY), "case": "A"}], {})] == ["A", "INC-0001"]
    remote = fsspec.filesystem("memory")
    for path in ["/t/INC-1/System.evtx", "/t/INC-1/rdp/a.evtx", "/t/INC-2.zip", "/t/loose.evtx", "/t/.x/a.evtx"]:
        remote.pipe_file(path, b"1")
    assert [case.places[0] for case in find("memory://t", {})] == ["memory://t/INC-1", "memory://t/INC-2.zip"]
    before = {case.name: case.key({}) for case in find("memory://t", {})}
    remote.pipe_file("/t/INC-2.zip", b"12")
    after = {case.name: case.key({}) for case in find("memory://t", {})}
    assert before["INC-1"] == after["INC-1"] and before["INC-2.zip"] != after["INC-2.zip"]
    for wrong in [{"path": ""}, {"case": "x"}, {"path": "x", "errr": 1}, {"path": "x", "at": "soon"}]:
        with pytest.raises(rdpwhy.OptionError):
            find([wrong], {})


def test_a_part_is_there_as_a_whole_and_loses_single_cases(tmp_path):
    out = tmp_path / "out"
    rows = fleet.batch(fleet.tickets(tmp_path / "tickets", 4), out)
    store = Store(str(tmp_path / "tables"), {})
    rows["cases"] = [{**row, tables.KEY: row["case"]} for row in rows["cases"]]
    tables.put(store, "part-1", rows)
    assert tables.case_rows(store, ["part-1"]) == [{name: row[name] for name in tables.CASES} for row in rows["cases"]]
    assert tables.keys(store, "part-1") == {row["case"]: row["case"] for row in rows["cases"]}
    kept = tables.keep(store, "part-1", {"INC-0001": "INC-0001"})
    assert tables.parts(store) == {kept} and kept != "part-1"
    assert [row["case"] for row in tables.case_rows(store, [kept])] == ["INC-0001"]
    incidents = arrow.parquet.read_table(store.path(f"incidents/{kept}.parquet")).to_pylist()
    assert {row["case"] for row in incidents} == {"INC-0001"}
    assert tables.keep(store, kept, {}) is None and tables.parts(store) == set()


@pytest.fixture
def bucket():
    """An S3 of this machine, and the options that lead to it."""
    pytest.importorskip("s3fs", reason="s3fs is not installed: pip install s3fs")
    server = pytest.importorskip("moto.server", reason="moto is not installed: pip install 'moto[server,s3]'")
    serving = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    serving.start()
    host, port = serving.get_host_and_port()
    options = {"key": "k", "secret": "s", "client_kwargs": {"endpoint_url": f"http://{host}:{port}"}}
    fsspec.filesystem("s3", **options).call_s3("create_bucket", Bucket="tickets")
    yield options
    serving.stop()


def test_cases_and_results_in_an_object_store(bucket, tmp_path):
    remote = fsspec.filesystem("s3", **bucket)
    for case in ("INC-1", "INC-2"):
        remote.put(str(KEY), f"tickets/march/{case}", recursive=True)
    found = find("s3://tickets/march", bucket)
    assert [(case.name, case.places) for case in found] == [
        ("INC-1", ["s3://tickets/march/INC-1"]),
        ("INC-2", ["s3://tickets/march/INC-2"]),
    ]
    given = {**job("INC-1", KEY), "paths": [], "urls": found[0].places, "storage_options": bucket}
    with CaseProcess(timeout=120, max_memory=4 << 30) as process:
        here, there = process.diagnose(job("INC-1", KEY)), process.diagnose(given)
        too_large = process.diagnose({**given, "max_download": 1000})
    assert there.rows == here.rows
    assert "more than 1000 (max_download)" in too_large.rows["case"]["error"]
    # A file that changes makes another key.
    keys = [case.key({}) for case in found]
    remote.pipe_file("tickets/march/INC-2/host/System.evtx", b"other")
    again = [case.key({}) for case in find("s3://tickets/march", bucket)]
    assert keys[0] == again[0] and keys[1] != again[1]
    store = Store("s3://tickets/results", bucket)
    assert store.names() == [] and not store.exists("cases/a.parquet")
    tables.put(store, "part-1", {"cases": [{**here.rows["case"], "key": "k"}], "incidents": [], "attempts": []})
    assert tables.parts(store) == {"part-1"} and tables.keys(store, "part-1") == {"INC-1": "k"}
    tables.drop(store, "part-1")
    assert tables.parts(store) == set()
