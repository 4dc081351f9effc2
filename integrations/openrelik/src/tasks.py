"""The task: event logs to a diagnosis, as reports and as a timeline for Timesketch."""

import os
import re
import shutil
import tempfile
from pathlib import Path

import rdpwhy
from openrelik_worker_common.file_utils import create_output_file
from openrelik_worker_common.reporting import Priority, Report
from openrelik_worker_common.task_utils import create_task_result, get_input_files

from .app import celery

TASK_NAME = "openrelik-worker-rdpwhy.tasks.diagnose"
OPTIONS = ("error", "extended", "at", "user", "source", "target", "tz")
TASK_METADATA = {
    "display_name": "rdpwhy: why Remote Desktop fails",
    "description": "Tells why a Remote Desktop connection failed, from Windows event logs (.evtx, exports, archives). All input files are one case.",
    "task_config": [
        {"name": name, "label": label, "description": description, "type": "text", "required": False}
        for name, label, description in [
            ("error", "Error code", "The code in the client's message, such as 0x904"),
            ("extended", "Extended error code", "The extended code in the client's message, such as 0x7"),
            ("at", "Time of the failure", "2026-03-09T08:41:10Z, '2026-03-09 08:41', or 08:41 on the day of the last record"),
            ("user", "User", "Only failures of this user"),
            ("source", "Client address", "Only failures from this address"),
            ("target", "Host", "Only failures of connections to this host"),
            ("tz", "Time zone", "The zone of times without an offset, such as Europe/Berlin"),
        ]
    ]
    + [
        {
            "name": "redact",
            "label": "Redact",
            "description": "Replace names, addresses and SIDs with pseudonyms",
            "type": "checkbox",
            "required": False,
        }
    ],
}
REPORTS = (
    ("markdown", "md", "openrelik:rdpwhy:report:markdown"),
    ("html", "html", "openrelik:rdpwhy:report:html"),
    ("json", "json", "openrelik:rdpwhy:report:json"),
    ("timesketch", "csv", "openrelik:rdpwhy:timeline"),
)


@celery.task(bind=True, name=TASK_NAME, metadata=TASK_METADATA)
def diagnose(self, pipe_result=None, input_files=None, output_path=None, workflow_id=None, task_config=None):
    """Diagnoses the input files as one case. OpenRelik shows the message of an exception."""
    files = get_input_files(pipe_result, input_files or [])
    if not files:
        raise RuntimeError("There is no input file: choose event logs (.evtx), exports of them, or archives")
    config = task_config or {}
    options = {name: config[name] for name in OPTIONS if config.get(name)}
    try:
        with tempfile.TemporaryDirectory() as folder:
            diagnosis = rdpwhy.diagnose(staged(files, Path(folder)), redact=bool(config.get("redact")), **options)
    except rdpwhy.RdpwhyError as error:
        raise RuntimeError(str(error)) from error
    outputs = []
    for form, ending, data_type in REPORTS:
        output = create_output_file(output_path, display_name=f"rdpwhy.{ending}", data_type=data_type)
        Path(output.path).write_text(diagnosis.report(form), encoding="utf-8", newline="")
        outputs.append(output.to_dict())
    return create_task_result(
        output_files=outputs,
        workflow_id=workflow_id,
        command=f"rdpwhy.diagnose({len(files)} files, {', '.join(f'{name}={value!r}' for name, value in options.items())})",
        meta={"verdict": diagnosis.verdict, "summary": diagnosis.summary},
        task_report=task_report(diagnosis),
    )


def staged(files, folder):
    """The files under the names that users know: on disk they are called by numbers, and their endings may be missing."""
    for number, file in enumerate(files):
        name = file.get("display_name") or file["path"]
        place = folder / str(number)
        place.mkdir()
        path = place / (re.split(r"[/\\\\]", name)[-1].lstrip(".") or str(number))
        try:
            os.link(file["path"], path)
        except OSError:
            # Another file system.
            shutil.copyfile(file["path"], path)
        yield path


def task_report(diagnosis):
    """What OpenRelik shows beside the workflow."""
    report = Report("rdpwhy")
    report.summary = diagnosis.summary
    report.priority = Priority.HIGH if diagnosis.verdict in ("diagnosed", "inconclusive") else Priority.LOW
    report.add_section().add_paragraph(diagnosis.markdown())
    return report.to_dict()
