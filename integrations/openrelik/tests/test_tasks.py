"""The task as a worker runs it, without a server: Celery's `apply` runs it here."""

import base64
import json
import shutil
import uuid
from pathlib import Path

import pytest
from src.tasks import TASK_METADATA, diagnose

SAMPLES = Path(__file__).resolve().parents[3] / "samples"


def uploaded(folder, sample):
    """Logs as OpenRelik keeps them: under numbers, and without endings."""
    for log in sorted((SAMPLES / sample / "logs").rglob("*.evtx")):
        path = folder / uuid.uuid4().hex
        shutil.copyfile(log, path)
        yield {"id": 1, "uuid": path.name, "display_name": log.name, "path": str(path)}


def run(tmp_path, files, **config):
    task = diagnose.apply(kwargs=dict(input_files=list(files), output_path=str(tmp_path), workflow_id="7", task_config=config))
    return json.loads(base64.b64decode(task.get()))


def outputs(result):
    return {file["display_name"]: Path(file["path"]).read_text(encoding="utf-8") for file in result["output_files"]}


def test_logs_become_reports_and_a_timeline(tmp_path):
    result = run(tmp_path, uploaded(tmp_path, "key-inaccessible"), error="0x904")
    assert result["workflow_id"] == "7" and result["meta"]["verdict"] == "diagnosed"
    assert result["task_report"]["summary"] == result["meta"]["summary"]
    files = outputs(result)
    assert set(files) == {"rdpwhy.md", "rdpwhy.html", "rdpwhy.json", "rdpwhy.csv"}
    report = json.loads(files["rdpwhy.json"])
    assert report["diagnoses"][0]["cause"] == "rdp-key-inaccessible" and report["asked"]["error"] == "0x904"
    assert files["rdpwhy.csv"].startswith('"message","datetime","timestamp_desc"')
    # Names are those that users know.
    names = {one["file"] for one in report["coverage"]}
    assert any(name.endswith("System.evtx") for name in names), names


def test_files_of_an_earlier_task_are_taken(tmp_path):
    files = list(uploaded(tmp_path, "key-inaccessible"))
    earlier = base64.b64encode(json.dumps({"output_files": files}).encode()).decode()
    task = diagnose.apply(kwargs=dict(pipe_result=earlier, input_files=[], output_path=str(tmp_path), task_config={"redact": True}))
    result = json.loads(base64.b64decode(task.get()))
    assert "srv-rds01" not in json.dumps(outputs(result)).lower()


@pytest.mark.parametrize("files, words", [([], "no input file"), ("text", "no event log to read")])
def test_what_cannot_be_read_is_said(tmp_path, files, words):
    if files == "text":
        (tmp_path / "a").write_text("not a log")
        files = [{"display_name": "System.evtx", "path": str(tmp_path / "a")}]
    with pytest.raises(RuntimeError, match=words):
        run(tmp_path, files)
    with pytest.raises(RuntimeError, match="at: not a valid time"):
        run(tmp_path, uploaded(tmp_path, "healthy"), at="soon")


def test_every_option_of_the_form_is_one_of_the_diagnosis(tmp_path):
    names = [option["name"] for option in TASK_METADATA["task_config"]]
    config = dict(zip(names, ["0x904", "7", "09:15", "clara", "10.0.0.1", "SRV-RDS01", "Europe/Berlin", True]))
    assert run(tmp_path, uploaded(tmp_path, "key-inaccessible"), **config)["meta"]["verdict"]
