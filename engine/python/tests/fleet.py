"""Tickets for the tests of many cases, and what the command says about them."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = ROOT / "samples"
COMMAND = os.environ.get("RDPWHY_COMMAND", str(ROOT / "target" / "debug" / "rdpwhy"))
LOGS = sorted(path for path in SAMPLES.glob("*/logs") if any(path.rglob("*.evtx")))


def tickets(folder, count):
    """A folder of so many tickets, made of samples; the last one is broken."""
    for number in range(count - 1):
        shutil.copytree(LOGS[number % len(LOGS)], folder / f"INC-{number:04}")
    broken = folder / f"INC-{count - 1:04}"
    broken.mkdir(parents=True)
    (broken / "System.evtx").write_text("not a log")
    return folder


def batch(cases, out, *options):
    """Rows of the command, by table."""
    done = subprocess.run(
        [COMMAND, "batch", str(cases), "-o", str(out), "--quiet", *options], capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 1), done.stderr
    return {name: lines(out / f"{name}.jsonl") for name in ("cases", "incidents", "attempts", "shared")}


def lines(path):
    """Rows with times to the microsecond, as tables have them."""
    text = re.sub(r"(T\d\d:\d\d:\d\d\.\d{6})\dZ\"", r'\g<1>0Z"', path.read_text(encoding="utf-8"))
    return [json.loads(line) for line in text.splitlines()]
