"""Many cases on a cluster, with Ray Data: ``pip install rdpwhy[ray]``. Importing ``rdpwhy`` does not need it.

    import rdpwhy.ray

    rdpwhy.ray.diagnose_all("s3://tickets/2026-03", "s3://results/2026-03")

docs/fleet.md describes it.
"""

from __future__ import annotations

import json
import logging
import os
import time
from dataclasses import dataclass
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Sequence, Set, Tuple, Union

try:
    import ray
    import ray.data

    from ._fleet import _tables as tables
    from ._fleet._cases import Case, One, find
    from ._fleet._store import Store, is_local, local_path
except ImportError as error:
    raise ImportError(f"rdpwhy.ray needs {error.name}: pip install rdpwhy[ray]", name=error.name) from error

from . import _rdpwhy
from ._diagnosis import PathLike, Time, options
from ._errors import OptionError, translated
from ._fleet._process import CaseProcess

ENDINGS = {
    "html": "html",
    "json": "json",
    "markdown": "md",
    "text": "txt",
    "csv": "csv",
    "jsonl": "jsonl",
    "ecs": "ecs.jsonl",
    "timesketch": "timesketch.csv",
    "mermaid": "mmd",
}
"""The formats of reports, and how their files end."""
_INPUTS = "inputs.json"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ended:
    """How a run came out."""

    cases: int
    """All cases."""
    diagnosed: int
    """Those that were diagnosed now; the others were done already."""
    failed: int
    """Those that could not be diagnosed; the column ``error`` says why."""


def diagnose_all(
    cases: Union[One, Iterable[One]],
    out: PathLike,
    *,
    formats: Sequence[str] = ("html",),
    timeout: float = 600,
    max_memory: int = 4 << 30,
    max_download: int = 16 << 30,
    batch: int = 16,
    concurrency: Optional[int] = None,
    storage_options: Optional[Mapping[str, Any]] = None,
    force: bool = False,
    since: Optional[Time] = None,
    until: Optional[Time] = None,
    tz: Optional[str] = None,
    full: bool = False,
    recover: bool = False,
    rules: Optional[PathLike] = None,
    max_events: Optional[int] = None,
    progress: Optional[Callable[[int, int, int], None]] = None,
    ray_remote_args: Optional[Mapping[str, Any]] = None,
) -> Ended:
    """Diagnoses many cases on the workers of Ray, and writes tables as Parquet, reports, and a page about all cases to ``out``.

    ``cases`` is a folder in which each subfolder and each archive is a case, or a list of paths, URLs or rows with ``path``,
    ``case`` and options such as ``error``. URLs are those of fsspec; workers must be able to read paths.
    The same call on the same folder resumes: cases whose files, options, version and rules are as they were are not diagnosed again.
    Two calls must not write to one folder at the same time.

    Each case runs in a process of its worker. What takes longer than ``timeout`` seconds (with the download) or more than
    ``max_memory`` bytes (Linux only) is given up and tried again by the next call. ``batch`` cases are one task.
    ``progress`` is called with the number of cases done, failed, and left.

    Raises:
        OptionError: an argument has a value that cannot be used, or ``out`` has something else in it.
        RulesError: the rules have errors.
    """
    settings = _settings(formats, timeout, max_memory, max_download, storage_options)
    shared = options(
        since=since, until=until, tz=tz, full=full, recover=recover, rules=rules, max_events=max_events, threads=1
    )
    with translated():
        _rdpwhy.check_options(json.dumps({**shared, "rules": []}))
        fingerprint = _rdpwhy.fingerprint(shared.get("rules", []))
    found = find(cases, settings["storage_options"])
    if not found:
        raise OptionError("no cases found")
    target = os.fspath(out)
    _refuse_inputs(target, found)
    store = Store(target, settings["storage_options"])
    _claim(store, cases, force)
    named = {**shared, "rules": fingerprint, "formats": sorted(formats), "version": _rdpwhy.VERSION}
    keys = {case.name: case.key(named) for case in found}
    kept, done = _resumed(store, keys)
    open_cases = [case for case in found if case.name not in done]
    batches = [_batch(open_cases[at : at + batch], keys) for at in range(0, len(open_cases), max(batch, 1))]
    settings.update(out=target, options=shared)
    report = _Progress(len(found), len(done), progress)
    if batches:
        _run(batches, settings, concurrency, dict(ray_remote_args or {}), report)
    written = kept | {one["part"] for one in batches}
    # What workers of a run that was killed have written since belongs to no run.
    tables.drop_all_but(store, written)
    rows = tables.case_rows(store, written)
    _finish(store, rows, shared.get("rules", []))
    return Ended(len(found), len(open_cases), sum(row["error"] is not None for row in rows))


def _settings(
    formats: Sequence[str], timeout: float, max_memory: int, max_download: int, storage_options: Optional[Mapping[str, Any]]
) -> Dict[str, Any]:
    unknown = [name for name in formats if name not in ENDINGS]
    if isinstance(formats, str) or unknown:
        raise OptionError(f"formats: {formats!r} is not a list of some of {', '.join(ENDINGS)}")
    if timeout <= 0 or max_memory <= 0 or max_download <= 0:
        raise OptionError("timeout, max_memory and max_download must be more than 0")
    return {
        "formats": list(formats),
        "timeout": timeout,
        "max_memory": max_memory,
        "max_download": max_download,
        "storage_options": dict(storage_options or {}),
    }


def _refuse_inputs(out: str, cases: List[Case]) -> None:
    """Results must not end up among the evidence, nor the evidence among the results."""

    def whole(place: str) -> str:
        return (os.path.realpath(local_path(place)) if is_local(place) else place).rstrip("/") + "/"

    target = whole(out)
    for place in (place for case in cases for place in case.places):
        if target.startswith(whole(place)) or whole(place).startswith(target):
            raise OptionError(f"results in {out} would mix with the input {place}; choose another folder")


def _claim(store: Store, cases: Any, force: bool) -> None:
    """Notes what the results are about; refuses a folder that has something else in it."""
    about = [os.path.abspath(cases) if is_local(os.fspath(cases)) else cases] if isinstance(cases, (str, os.PathLike)) else "list"
    text = json.dumps({"inputs": about}).encode()
    if not force:
        if store.exists(_INPUTS):
            if store.get(_INPUTS) != text:
                raise OptionError("out has the results of other inputs; choose another folder, or force=True")
        elif store.names():
            raise OptionError("out is not empty; choose another folder, or force=True")
    store.put(_INPUTS, text)


def _resumed(store: Store, keys: Mapping[str, str]) -> Tuple[Set[str], Set[str]]:
    """The parts and cases that stay as they are. Rows of other cases are removed."""
    kept: Set[str] = set()
    done: Set[str] = set()
    for part in sorted(tables.parts(store)):
        had = tables.keys(store, part)
        good = {case: key for case, key in had.items() if keys.get(case) == key and case not in done}
        name = part if good == had else tables.keep(store, part, good)
        if name is not None:
            kept.add(name)
            done |= set(good)
    tables.drop_all_but(store, kept)
    return kept, done


def _batch(cases: List[Case], keys: Mapping[str, str]) -> Dict[str, str]:
    """A task: the name of its part, and its cases."""
    jobs = [
        {
            "name": case.name,
            "stem": case.stem,
            "key": keys[case.name],
            "paths": [place for place in case.places if is_local(place)],
            "urls": [place for place in case.places if not is_local(place)],
            "options": {**case.options, "case": case.name},
        }
        for case in cases
    ]
    return {"part": tables.name_of(keys[case.name] for case in cases), "jobs": json.dumps(jobs)}


def _run(
    batches: List[Dict[str, str]],
    settings: Dict[str, Any],
    concurrency: Optional[int],
    ray_remote_args: Dict[str, Any],
    report: _Progress,
) -> None:
    ended = ray.data.from_items(batches, override_num_blocks=len(batches)).map(
        _work, fn_kwargs={"settings": settings}, concurrency=concurrency, **ray_remote_args
    )
    for row in ended.iter_rows():
        report.add(row["cases"], row["failed"])


def _work(batch: Dict[str, str], settings: Dict[str, Any]) -> Dict[str, int]:
    """A task on a worker: diagnoses cases and writes their part. Done twice, it writes the same."""
    store = Store(settings["out"], settings["storage_options"])
    rows: Dict[str, List[Dict[str, Any]]] = {name: [] for name in tables.TABLES}
    with CaseProcess(settings["timeout"], settings["max_memory"]) as process:
        for job in json.loads(batch["jobs"]):
            needed = {name: settings[name] for name in ("formats", "storage_options", "max_download")}
            own = {**settings["options"], **job["options"]}
            outcome = process.diagnose({**job, **needed, "options": own})
            case = outcome.rows["case"]
            for name, report in outcome.reports.items():
                case["reports"][name] = f"reports/{job['stem']}.{ENDINGS[name]}"
                store.put(case["reports"][name], report)
            rows["cases"].append({**case, tables.KEY: job["key"] if outcome.final else ""})
            rows["incidents"] += outcome.rows["incidents"]
            rows["attempts"] += outcome.rows["attempts"]
    tables.put(store, batch["part"], rows)
    return {"cases": len(rows["cases"]), "failed": sum(row["error"] is not None for row in rows["cases"])}


def _finish(store: Store, rows: List[Dict[str, Any]], rules: List[Tuple[str, str]]) -> None:
    """What failing cases share, and the page about all of them."""
    lines = [json.dumps({name: row[name] for name in tables.CASES}) for row in rows]
    with translated():
        shared, page = _rdpwhy.across(lines, rules)
    store.put("shared.parquet", tables.to_parquet([json.loads(row) for row in shared], tables.SHARED))
    store.put("index.html", page.encode())


class _Progress:
    """Cases done, failed and left."""

    def __init__(self, cases: int, done: int, tell: Optional[Callable[[int, int, int], None]]) -> None:
        self._cases = cases
        self._done = done
        self._failed = 0
        self._tell = tell
        self._said = time.monotonic()

    def add(self, cases: int, failed: int) -> None:
        self._done += cases
        self._failed += failed
        left = self._cases - self._done
        if self._tell is not None:
            self._tell(self._done, self._failed, left)
        elif time.monotonic() - self._said > 10:
            self._said = time.monotonic()
            _log.info("%d done, %d failed, %d left", self._done, self._failed, left)
