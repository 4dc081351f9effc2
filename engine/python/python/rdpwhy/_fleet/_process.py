"""One case after the other in a process that can be given up: a poisoned case costs itself."""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Dict, Optional, Type

from .. import _rdpwhy
from ._runner import ROWS

_STARTS = 300
"""Seconds that a process has to start, which is no fault of a case: a machine may be busy with other things."""
_READY = "ready"
"""What a process says first."""
_LOOKS = 0.025
"""Seconds between two looks at a process."""
_GROWN = 4
"""A process that keeps this part of the memory allowed after a case is replaced: the next case has all of it."""


@dataclass
class Outcome:
    """What became of a case."""

    rows: Dict[str, Any]
    """Its rows as ``rdpwhy batch`` has them: ``case``, ``incidents``, ``attempts``."""
    reports: Dict[str, bytes]
    """Its reports by format."""
    final: bool
    """It would come out the same again."""


class CaseProcess:
    """Diagnoses cases, each within ``timeout`` seconds and ``max_memory`` bytes (Linux only)."""

    def __init__(self, timeout: float, max_memory: int) -> None:
        self._timeout = timeout
        self._max_memory = max_memory
        self._process: Optional["subprocess.Popen[str]"] = None
        self._answers: "queue.Queue[str]" = queue.Queue()
        self._root = Path()
        self._bare = 0

    def __enter__(self) -> CaseProcess:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self._end()

    @property
    def pid(self) -> Optional[int]:
        """The process, while there is one."""
        return None if self._process is None else self._process.pid

    def diagnose(self, job: Dict[str, Any]) -> Outcome:
        """Diagnoses a case; what fails is an outcome with the error in its row."""
        if self._process is None:
            self._start()
        assert self._process is not None and self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(job) + "\n")
            self._process.stdin.flush()
            answer = self._wait(self._timeout, self._max_memory)
        except BrokenPipeError:
            answer = self._gone()
        outcome = self._outcome(job, answer)
        if self._process is not None and self._memory() - self._bare > self._max_memory // _GROWN:
            self._end()
        elif self._process is not None:
            _clear(self._root)
        return outcome

    def _start(self) -> None:
        self._root = Path(tempfile.mkdtemp(prefix="rdpwhy-"))
        command = [sys.executable, "-m", "rdpwhy._fleet._runner", str(os.getpid()), str(self._root)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        self._answers = queue.Queue()
        threading.Thread(target=_listen, args=(self._process, self._answers), daemon=True).start()
        said = self._wait(_STARTS, None)
        if _READY not in said:
            self._end()
            raise RuntimeError(f"the process that diagnoses cases cannot be started: {said['error']}")
        self._bare = self._memory()

    def _wait(self, limit: float, memory: Optional[int]) -> Dict[str, Any]:
        assert self._process is not None
        ends = time.monotonic() + limit
        while True:
            try:
                line = self._answers.get(timeout=_LOOKS)
            except queue.Empty:
                line = None
            if line:
                answer: Dict[str, Any] = json.loads(line)
                return answer
            if line == "":
                return self._gone()
            if time.monotonic() > ends:
                return self._given_up(f"took longer than {limit:g} s (timeout)")
            if memory is not None and self._memory() > memory:
                return self._given_up(f"took more than {memory >> 20} MB of memory (max_memory)")

    def _memory(self) -> int:
        return 0 if self._process is None else _memory(self._process.pid) or 0

    def _given_up(self, error: str) -> Dict[str, Any]:
        self._end()
        return {"error": error, "final": False}

    def _gone(self) -> Dict[str, Any]:
        assert self._process is not None
        status = self._process.wait()
        self._end()
        how = f"signal {-status}" if status < 0 else f"exit status {status}"
        return {"error": f"the process ended early ({how})", "final": False}

    def _outcome(self, job: Dict[str, Any], answer: Dict[str, Any]) -> Outcome:
        if answer["error"] is None:
            rows = json.loads((self._root / ROWS).read_text(encoding="utf-8"))
            reports = {name: (self._root / name).read_bytes() for name in job["formats"]}
            return Outcome(rows, reports, True)
        rows = json.loads(_rdpwhy.failed_rows(job["name"], answer["error"]))
        return Outcome(rows, {}, answer["final"])

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    pass
        shutil.rmtree(self._root, ignore_errors=True)


def _listen(process: "subprocess.Popen[str]", answers: "queue.Queue[str]") -> None:
    """Hands on the lines of a process; an empty one when it is gone."""
    assert process.stdout is not None
    try:
        for line in process.stdout:
            answers.put(line)
    except ValueError:  # It was closed.
        pass
    answers.put("")


def _memory(pid: int) -> Optional[int]:
    """Bytes of memory that the process has, where the system says so."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
            for line in status:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) << 10
    except (OSError, ValueError):
        pass
    return None


def _clear(root: Path) -> None:
    for path in root.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()
