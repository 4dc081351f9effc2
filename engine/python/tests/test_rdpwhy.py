"""What the package says is what the command says."""

import dataclasses
import json
import os
import subprocess
import threading
import time
import zipfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

import rdpwhy

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = ROOT / "samples"
COMMAND = os.environ.get("RDPWHY_COMMAND", str(ROOT / "target" / "debug" / "rdpwhy"))
KEY = SAMPLES / "key-inaccessible" / "logs"


def command(*arguments, form="json"):
    """The report of the command; status 1 is a report of input that could not be read completely."""
    words = [COMMAND, "diagnose", "--quiet", "--format", form, *map(str, arguments)]
    done = subprocess.run(words, capture_output=True, check=False, text=True, encoding="utf-8")
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


@pytest.mark.parametrize("sample", ["key-inaccessible", "password-attack", "vpn-lost", "two-causes", "healthy"])
def test_json_is_the_commands(sample):
    logs = SAMPLES / sample / "logs"
    diagnosis = rdpwhy.diagnose(logs)
    expected = command(logs)
    assert diagnosis.json() == expected
    assert diagnosis.to_dict() == json.loads(expected)


def test_the_other_reports_are_the_commands():
    diagnosis = rdpwhy.diagnose(KEY, case="INC-1")
    for form, report in [("html", diagnosis.html()), ("markdown", diagnosis.markdown()), ("text", diagnosis.text())]:
        assert report == command(KEY, "--case", "INC-1", form=form)
    assert str(diagnosis) == diagnosis.text()


def test_options_are_the_commands():
    given = dict(error="0x904", extended=7, at="2026-03-09 09:30", user="clara", full=True)
    diagnosis = rdpwhy.diagnose(KEY, tz="Europe/Berlin", **given)
    arguments = ["--error=0x904", "--extended=7", "--at=2026-03-09 09:30", "--user=clara", "--full", "--tz=Europe/Berlin"]
    assert diagnosis.json() == command(KEY, *arguments)
    assert rdpwhy.diagnose(KEY, error=-2146893042).json() == command(KEY, "--error=0x8009030e")
    zone = timezone(timedelta(hours=1))
    moment = datetime(2026, 3, 9, 9, 30, tzinfo=zone)
    assert rdpwhy.diagnose(KEY, at=moment).json() == command(KEY, "--at=2026-03-09T08:30:00Z")


def test_redacted_as_the_command_does():
    diagnosis = rdpwhy.diagnose(KEY, redact=True)
    assert diagnosis.json() == command(KEY, "--redact")
    assert "SRV-RDS01" not in diagnosis.html()


def test_bytes_are_read_like_files(tmp_path):
    path = tmp_path / "case.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for log in sorted(KEY.rglob("*.evtx")):
            archive.write(log, log.relative_to(KEY))
    expected = command(path)
    assert rdpwhy.diagnose(("case.zip", path.read_bytes())).json() == expected
    assert rdpwhy.diagnose(("case.zip", memoryview(path.read_bytes()))).json() == expected
    assert rdpwhy.diagnose([str(path)]).json() == expected
    logs = [(str(log.relative_to(KEY)), log.read_bytes()) for log in KEY.rglob("*.evtx")]
    assert rdpwhy.diagnose(logs).json() == command(KEY)


def test_dataclasses():
    diagnosis = rdpwhy.diagnose(KEY)
    assert diagnosis.verdict == "diagnosed" and diagnosis.complete
    incident = diagnosis.incidents[0]
    assert incident.machine == "SRV-RDS01.contoso.local" and incident.failures == 9
    assert incident.started == datetime(2026, 3, 9, 7, 58, 0, 120000, tzinfo=timezone.utc)
    cause = diagnosis.causes[0]
    assert cause.id == "rdp-key-inaccessible" and cause.probability > 0.99
    assert cause.evidence[0].records[0].event_id == 1058
    assert cause.steps[0].do and cause.never
    with pytest.raises(dataclasses.FrozenInstanceError):
        diagnosis.verdict = "healthy"


def test_a_damaged_log_is_a_diagnosis_that_says_so(tmp_path):
    log = bytearray((KEY / "host" / "System.evtx").read_bytes())
    log[8000:8200] = bytes(200)
    path = tmp_path / "System.evtx"
    path.write_bytes(log)
    diagnosis = rdpwhy.diagnose(path)
    assert not diagnosis.complete and diagnosis.warnings
    assert diagnosis.json() == command(path)


@pytest.mark.parametrize("library", ["polars", "pyarrow", "pandas", "rows"])
def test_frames(library):
    if library != "rows":
        pytest.importorskip(library)
    diagnosis = rdpwhy.diagnose(KEY)
    attempts, evidence = diagnosis.attempts(library), diagnosis.evidence(library)
    rows = {
        "polars": lambda one: one.to_dicts(),
        "pyarrow": lambda one: one.to_pylist(),
        "pandas": lambda one: one.to_dict("records"),
        "rows": list,
    }[library]
    first = rows(attempts)[0]
    assert len(rows(attempts)) == len(diagnosis.to_dict()["attempts"])
    assert first["started"].isoformat() == "2026-03-07T07:58:00.120000+00:00"
    assert first["outcome"] == "aborted" and first["count"] == 1
    strongest = max(rows(evidence), key=lambda row: row["likelihood_ratio"])
    assert (strongest["cause"], strongest["event_id"]) == ("rdp-key-inaccessible", 1058)
    assert rows(rdpwhy.diagnose(SAMPLES / "healthy" / "logs").evidence(library)) is not None


def test_an_unknown_library_is_an_error():
    with pytest.raises(ValueError, match="polars"):
        rdpwhy.diagnose(KEY).attempts("excel")


def test_a_notebook_shows_the_report_in_a_frame_of_its_own():
    shown = rdpwhy.diagnose(KEY)._repr_html_()
    assert shown.startswith("<iframe sandbox=") and shown.count("<") == 2


def test_errors_have_types(tmp_path):
    with pytest.raises(rdpwhy.NoLogsError, match="nothing.evtx"):
        rdpwhy.diagnose(tmp_path / "nothing.evtx")
    with pytest.raises(rdpwhy.NoLogsError, match="photo.png"):
        rdpwhy.diagnose(("photo.png", b"\x89PNG\r\n\x1a\n0000"))
    with pytest.raises(rdpwhy.NoLogsError):
        rdpwhy.diagnose()
    with pytest.raises(rdpwhy.OptionError, match="error"):
        rdpwhy.diagnose(KEY, error="nonsense")
    with pytest.raises(rdpwhy.OptionError, match="Nowhere"):
        rdpwhy.diagnose(KEY, tz="Nowhere/City")
    with pytest.raises(rdpwhy.OptionError, match="name"):
        rdpwhy.diagnose(b"ElfFile")
    with pytest.raises(rdpwhy.OptionError):
        rdpwhy.diagnose(KEY, threads=0)
    rules = tmp_path / "rules"
    (rules / "causes").mkdir(parents=True)
    (rules / "causes" / "mine.yml").write_text("id: mine\ntitel: x\n")
    with pytest.raises(rdpwhy.RulesError, match="mine.yml"):
        rdpwhy.diagnose(KEY, rules=rules)
    assert issubclass(rdpwhy.NoLogsError, rdpwhy.RdpwhyError)


def test_explain():
    meanings = rdpwhy.explain(0x904)
    assert meanings and rdpwhy.explain("0x904") == meanings
    assert any("rdp-key-inaccessible" in meaning.causes for meaning in meanings) or meanings[0].means
    assert rdpwhy.explain("0xdeadbeef") == ()
    with pytest.raises(rdpwhy.OptionError):
        rdpwhy.explain("what?")


def test_other_threads_go_on():
    stop, turns = threading.Event(), [0]

    def count():
        while not stop.is_set():
            turns[0] += 1
            time.sleep(0.001)

    other = threading.Thread(target=count)
    other.start()
    try:
        before = turns[0]
        started = time.monotonic()
        for _ in range(3):
            rdpwhy.diagnose(SAMPLES / "password-attack" / "logs", threads=1)
        took, during = time.monotonic() - started, turns[0] - before
    finally:
        stop.set()
        other.join()
    # With the lock held, the other thread would have had a turn or two between calls.
    assert during > max(6, took * 20), (during, took)


def test_the_readme_works(capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    text = (ROOT / "engine" / "python" / "README.md").read_text(encoding="utf-8")
    exec(compile(text.split("```python\n")[1].split("```")[0], "README.md", "exec"), {})
    said = capsys.readouterr().out
    assert "rdp-key-inaccessible: 99.9%" in said and "System.evtx #22896" in said
