"""Many cases on a local Ray with two workers: whatever dies, the rows are those of ``rdpwhy batch``."""

import io
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import fleet
import pytest

import rdpwhy

ray = pytest.importorskip("ray", reason="Ray is not installed: pip install rdpwhy[ray]")
pytest.importorskip("ray.data", reason="Ray Data is not installed: pip install rdpwhy[ray]")

import rdpwhy.ray  # noqa: E402
from rdpwhy._fleet import _tables as tables  # noqa: E402
from rdpwhy._fleet._store import Store  # noqa: E402

COUNT = 24
MEMORY = 100 << 20
"""More than an ordinary case needs, and less than the bomb."""
RUNNER = b"rdpwhy._fleet._runner"


@pytest.fixture(scope="module", autouse=True)
def cluster():
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    yield
    ray.shutdown()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Tickets, and what the command says about them."""
    folder = tmp_path_factory.mktemp("fleet")
    cases = fleet.tickets(folder / "tickets", COUNT)
    return cases, fleet.batch(cases, folder / "batch", "--formats", "html,json"), folder / "batch"


def rows(out):
    """All rows, by table, as JSON has them."""
    store = Store(str(out), {})
    found = {"cases": tables.case_rows(store, tables.parts(store))}
    for name, columns in [("incidents", tables.INCIDENTS), ("attempts", tables.ATTEMPTS)]:
        all_rows = []
        for part in tables.parts(store, name):
            file = io.BytesIO(store.get(f"{name}/{part}.parquet"))
            all_rows += tables._rows(tables.parquet.read_table(file), columns)
        # The rows of a case keep their order.
        found[name] = sorted(all_rows, key=lambda row: row["case"])
    shared = tables.parquet.read_table(io.BytesIO(store.get("shared.parquet")))
    found["shared"] = tables._rows(shared, tables.SHARED)
    return found


def check(out, expected, batch):
    assert rows(out) == expected
    for name in ["index.html", *(report for row in expected["cases"] for report in row["reports"].values())]:
        assert (out / name).read_bytes() == (batch / name).read_bytes(), name
    assert not list(out.rglob("*.new"))


def runners():
    """Processes that diagnose cases now, with their parents."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            if RUNNER in (process / "cmdline").read_bytes():
                status = (process / "status").read_text()
                found.append((int(process.name), int(status.split("PPid:")[1].split()[0])))
        except (OSError, IndexError):
            continue
    return found


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="the test finds processes through /proc")
def test_rows_are_the_commands_although_a_worker_is_killed(made, tmp_path):
    cases, expected, batch = made
    killed = []

    def kill():
        while not killed:
            for _, worker in runners():
                os.kill(worker, signal.SIGKILL)
                killed.append(worker)
                return
            time.sleep(0.01)

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    told = []
    ended = rdpwhy.ray.diagnose_all(
        cases, tmp_path / "out", formats=["html", "json"], batch=4, progress=lambda *counts: told.append(counts)
    )
    assert killed, "no worker was killed"
    assert (ended.cases, ended.diagnosed, ended.failed) == (COUNT, COUNT, 1)
    assert told[-1] == (COUNT, 1, 0) and len(told) == COUNT // 4
    check(tmp_path / "out", expected, batch)


DRIVER = """
import sys
import ray
import rdpwhy.ray
ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
rdpwhy.ray.diagnose_all(sys.argv[1], sys.argv[2], formats=["html", "json"], batch=2)
"""


def test_a_killed_driver_is_resumed(made, tmp_path):
    cases, expected, batch = made
    out = tmp_path / "out"
    driver = subprocess.Popen([sys.executable, "-c", DRIVER, str(cases), str(out)], stderr=subprocess.DEVNULL)
    while len(list(out.glob("cases/*.parquet"))) < 2:
        assert driver.poll() is None, "the driver ended too early"
        time.sleep(0.01)
    driver.kill()
    driver.wait()
    ended = rdpwhy.ray.diagnose_all(cases, out, formats=["html", "json"], batch=4)
    assert 0 < ended.diagnosed < COUNT, ended
    check(out, expected, batch)
    # Once more: there is nothing to do.
    assert rdpwhy.ray.diagnose_all(cases, out, formats=["html", "json"]).diagnosed == 0
    check(out, expected, batch)


class Server(SimpleHTTPRequestHandler):
    """Files of a folder; ``hung.zip`` begins and never comes, until it is let go."""

    let_go = threading.Event()

    def do_GET(self):
        if self.path.endswith("hung.zip") and not self.let_go.is_set():
            self.send_response(200)
            self.send_header("Content-Length", str(os.path.getsize(self.translate_path(self.path))))
            self.end_headers()
            self.wfile.flush()
            self.let_go.wait()
            return
        super().do_GET()

    def log_message(self, *_):
        pass


@pytest.fixture
def server(tmp_path):
    folder = tmp_path / "www"
    folder.mkdir()
    Server.let_go.clear()
    serving = ThreadingHTTPServer(("127.0.0.1", 0), partial(Server, directory=str(folder)))
    threading.Thread(target=serving.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{serving.server_port}"
    Server.let_go.set()
    serving.shutdown()


def packed(to, logs):
    return shutil.make_archive(str(to.with_suffix("")), "zip", logs)


def bomb(to, megabytes):
    """An archive of some 100 KB that takes twice as many megabytes to read: archives in archives are held in memory."""
    entry = ("System.evtx", bytes(megabytes << 20))
    for name in ("inner.zip", "outer.zip"):
        packed_entry = io.BytesIO()
        with zipfile.ZipFile(packed_entry, "w") as archive:
            archive.writestr(*entry)
        entry = (name, packed_entry.getvalue())
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(*entry)


def test_a_hung_case_and_a_bomb_cost_themselves(server, tmp_path):
    pytest.importorskip("aiohttp", reason="fsspec reads no http without aiohttp: pip install fsspec[http]")
    folder, url = server
    logs = fleet.SAMPLES / "key-inaccessible" / "logs"
    packed(folder / "good.zip", logs)
    packed(folder / "hung.zip", logs)
    bomb(tmp_path / "bomb.zip", 60)
    cases = [
        {"path": f"{url}/good.zip", "case": "good"},
        {"path": f"{url}/hung.zip", "case": "hung"},
        {"path": f"{url}/gone.zip", "case": "gone"},
        {"path": tmp_path / "bomb.zip", "case": "bomb"},
        *({"path": logs, "case": f"local-{number}", "error": "0x904"} for number in range(4)),
    ]
    out = tmp_path / "out"
    ended = rdpwhy.ray.diagnose_all(cases, out, formats=[], timeout=15, max_memory=MEMORY, batch=8)
    found = {row["case"]: row for row in rows(out)["cases"]}
    assert found["hung"]["error"] == "took longer than 15 s (timeout)"
    assert found["bomb"]["error"] == f"took more than {MEMORY >> 20} MB of memory (max_memory)"
    assert found["gone"]["error"].startswith("cannot read the case: FileNotFoundError")
    for case in ("good", "local-0", "local-1", "local-2", "local-3"):
        assert found[case]["cause"] == "rdp-key-inaccessible", found[case]
    assert (ended.diagnosed, ended.failed) == (8, 3)
    # The next run tries those again that were given up, and nothing else.
    Server.let_go.set()
    packed(folder / "gone.zip", logs)
    ended = rdpwhy.ray.diagnose_all(cases, out, formats=[], timeout=60, max_memory=4 << 30, batch=8)
    assert ended.diagnosed == 3
    found = {row["case"]: row for row in rows(out)["cases"]}
    assert found["hung"]["cause"] == found["gone"]["cause"] == "rdp-key-inaccessible"
    assert "memory" not in (found["bomb"]["error"] or "")


def test_what_has_changed_is_diagnosed_again_and_what_is_gone_has_no_rows(tmp_path):
    cases = fleet.tickets(tmp_path / "tickets", 6)
    out = tmp_path / "out"
    assert rdpwhy.ray.diagnose_all(cases, out).diagnosed == 6
    shutil.rmtree(cases / "INC-0000")
    os.utime(next(iter((cases / "INC-0001").rglob("*.evtx"))), (1, 1))
    ended = rdpwhy.ray.diagnose_all(cases, out)
    assert (ended.cases, ended.diagnosed) == (5, 1)
    expected = fleet.batch(cases, tmp_path / "batch")
    check(out, expected, tmp_path / "batch")
    assert rdpwhy.ray.diagnose_all(cases, out, since="2020-01-01").diagnosed == 5


def test_nothing_of_the_users_is_overwritten(tmp_path):
    cases = fleet.tickets(tmp_path / "tickets", 3)
    own = tmp_path / "own"
    own.mkdir()
    (own / "mine.txt").write_text("mine")
    for out, words in [(own, "not empty"), (cases / "INC-0000", "mix with the input"), (tmp_path, "mix with the input")]:
        with pytest.raises(rdpwhy.OptionError, match=words):
            rdpwhy.ray.diagnose_all(cases, out)
    assert [path.name for path in own.iterdir()] == ["mine.txt"]
    out = tmp_path / "out"
    rdpwhy.ray.diagnose_all(cases, out)
    with pytest.raises(rdpwhy.OptionError, match="other inputs"):
        rdpwhy.ray.diagnose_all([cases / "INC-0000"], out)
    for wrong in [dict(formats=["pdf"]), dict(timeout=0), dict(tz="Nowhere"), dict(at="x")]:
        with pytest.raises((rdpwhy.OptionError, TypeError)):
            rdpwhy.ray.diagnose_all(cases, tmp_path / "none", **wrong)
