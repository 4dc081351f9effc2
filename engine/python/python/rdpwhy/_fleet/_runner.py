"""The process that diagnoses: ``python -m rdpwhy._fleet._runner``. One job a line on standard input, one answer a line.

It has no limits of its own: whoever started it watches it (:mod:`rdpwhy._fleet._process`), and without him it ends itself.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
import time
from pathlib import Path
from typing import Any, Dict, List

from .. import _rdpwhy
from .._errors import RdpwhyError, translated
from ._store import fetch

ROWS = "rows.json"


def main() -> None:
    parent, root = int(sys.argv[1]), Path(sys.argv[2])
    threading.Thread(target=_end_with, args=(parent, root), daemon=True).start()
    # Whatever libraries print is no answer.
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        os.dup2(2, 1)
        answers.write(json.dumps({"ready": True}) + "\n")
        answers.flush()
        for line in sys.stdin:
            answers.write(json.dumps(_answer(json.loads(line), root)) + "\n")
            answers.flush()
    # Nobody asks for more.
    shutil.rmtree(root, ignore_errors=True)


def _end_with(parent: int, root: Path) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    shutil.rmtree(root, ignore_errors=True)
    os._exit(2)


def _answer(job: Dict[str, Any], root: Path) -> Dict[str, Any]:
    """The rows and reports of the job as files in ``root``; what fails is an answer, too."""
    try:
        paths: List[str] = list(job["paths"])
        logs = root / "logs"
        for number, url in enumerate(job["urls"]):
            paths.append(str(fetch(url, logs / str(number), job["storage_options"], job["max_download"])))
        with translated():
            rows, reports = _rdpwhy.case_rows(paths, json.dumps(job["options"]), job["formats"])
    except RdpwhyError as error:
        return {"error": str(error), "final": True}
    except MemoryError:
        return {"error": "out of memory", "final": False}
    except Exception as error:  # What a file system of any kind may raise.
        return {"error": f"cannot read the case: {type(error).__name__}: {error}", "final": False}
    (root / ROWS).write_text(rows, encoding="utf-8")
    for name, report in zip(job["formats"], reports):
        (root / name).write_text(report, encoding="utf-8", newline="")
    return {"error": None, "final": True}


if __name__ == "__main__":
    main()
