"""Logs to a diagnosis, as dataclasses."""

from __future__ import annotations

import html
import json
import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone, tzinfo
from pathlib import Path
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple, Union

from . import _rdpwhy
from ._errors import OptionError, translated
from ._frames import frame

PathLike = Union[str, "os.PathLike[str]"]
Buffer = Union[bytes, bytearray, memoryview]
Time = Union[str, datetime]
Code = Union[int, str]


@dataclass(frozen=True)
class Field:
    """A named value of a record."""

    name: str
    value: str


@dataclass(frozen=True)
class Record:
    """A record that a statement rests on, and where it is."""

    file: str
    channel: str
    computer: str
    provider: str
    event_id: int
    record_id: int
    time: Optional[datetime]
    fields: Tuple[Field, ...]


@dataclass(frozen=True)
class Evidence:
    """A piece of evidence that changed the probability of a cause."""

    id: str
    because: str
    likelihood_ratio: float
    """How many times as likely the evidence is with this cause as without it; below 1 it speaks against the cause."""
    supports: bool
    state: str
    seen: int
    """At how many failures it was seen, of ``of``."""
    of: int
    record_count: int
    records: Tuple[Record, ...]


@dataclass(frozen=True)
class Step:
    """Something to do, safe steps first."""

    id: str
    do: str
    where: Optional[str]
    run: Optional[str]
    changes: Optional[str]
    risk: Optional[str]
    undo: Optional[str]
    verify: Optional[str]


@dataclass(frozen=True)
class Cause:
    """A possible cause of an incident."""

    id: str
    title: str
    headline: str
    incident: int
    probability: float
    prior: float
    side: Optional[str]
    stage: Optional[str]
    mechanism: Optional[str]
    evidence: Tuple[Evidence, ...]
    steps: Tuple[Step, ...]
    never: Tuple[str, ...]
    """What not to do."""


@dataclass(frozen=True)
class Incident:
    """Failures, or a condition, that need one explanation."""

    id: int
    machine: str
    side: Optional[str]
    started: Optional[datetime]
    ended: Optional[datetime]
    failures: int
    stage: Optional[str]
    stands_out: bool
    """One cause stands out; otherwise the incident is inconclusive."""
    causes: Tuple[Cause, ...]
    """The most likely first."""


@dataclass(frozen=True)
class Attempt:
    """A connection attempt, or a group of similar ones."""

    started: Optional[datetime]
    ended: Optional[datetime]
    side: Optional[str]
    machine: str
    source: Optional[str]
    user: Optional[str]
    outcome: str
    stage: Optional[str]
    reached: Optional[str]
    count: int
    record_count: int


@dataclass(frozen=True)
class Diagnosis:
    """What the logs show. Show it in a notebook to get the HTML report."""

    verdict: str
    """``diagnosed``, ``inconclusive`` and others; see docs/report.schema.json."""
    summary: str
    incidents: Tuple[Incident, ...]
    complete: bool
    """Every input was read completely."""
    warnings: Tuple[Mapping[str, Any], ...]
    _made: _rdpwhy.Made = field(repr=False, compare=False)
    _json: str = field(repr=False)

    @property
    def causes(self) -> Tuple[Cause, ...]:
        """The causes of the first incident, the most likely first; empty if nothing failed."""
        return self.incidents[0].causes if self.incidents else ()

    def to_dict(self) -> Dict[str, Any]:
        """The JSON report of the command, as a new dictionary."""
        report: Dict[str, Any] = json.loads(self._json)
        return report

    def json(self) -> str:
        """The JSON report of the command, byte for byte."""
        return self._json

    def report(self, format: str) -> str:
        """The report in a format of the command: ``text``, ``json``, ``markdown``, ``html``, ``mermaid``, or a timeline
        (``csv``, ``jsonl``, ``ecs``, ``timesketch``).

        Raises:
            OptionError: there is no such format.
        """
        with translated():
            return self._made.report(format)

    def html(self) -> str:
        """The HTML report: one file that loads nothing."""
        return self.report("html")

    def markdown(self) -> str:
        """The Markdown report, for a ticket."""
        return self.report("markdown")

    def text(self) -> str:
        """The one-screen report; the full one with ``full=True``."""
        return self.report("text")

    def attempts(self, library: Optional[str] = None) -> Any:
        """Connection attempts as a data frame, one row per attempt or group of similar attempts (``count``).

        ``library`` is ``"polars"``, ``"pyarrow"``, ``"pandas"`` or ``"rows"`` (a list of dictionaries); by default the
        first of them that is installed.
        """
        rows = [vars(_attempt(one)) for one in self.to_dict()["attempts"]]
        return frame(rows, _ATTEMPT_COLUMNS, library)

    def evidence(self, library: Optional[str] = None) -> Any:
        """Evidence as a data frame, one row per cited record, and one for evidence without a record.

        ``library`` as for :meth:`attempts`.
        """
        rows = [
            row
            for incident in self.incidents
            for cause in incident.causes
            for evidence in cause.evidence
            for row in _evidence_rows(cause, evidence)
        ]
        return frame(rows, _EVIDENCE_COLUMNS, library)

    def _repr_html_(self) -> str:
        report = html.escape(self.html(), quote=True)
        return f'<iframe sandbox="allow-scripts" style="width:100%;height:40rem;border:0" srcdoc="{report}"></iframe>'

    def __str__(self) -> str:
        return self.text()


_ATTEMPT_COLUMNS = {
    "started": "time",
    "ended": "time",
    "side": "text",
    "machine": "text",
    "source": "text",
    "user": "text",
    "outcome": "text",
    "stage": "text",
    "reached": "text",
    "count": "number",
    "record_count": "number",
}

_EVIDENCE_COLUMNS = {
    "incident": "number",
    "cause": "text",
    "probability": "ratio",
    "evidence": "text",
    "because": "text",
    "likelihood_ratio": "ratio",
    "supports": "flag",
    "state": "text",
    "seen": "number",
    "of": "number",
    "file": "text",
    "channel": "text",
    "computer": "text",
    "event_id": "number",
    "record_id": "number",
    "time": "time",
}


def diagnose(
    *logs: Union[PathLike, Tuple[str, Buffer], Sequence[Union[PathLike, Tuple[str, Buffer]]]],
    error: Optional[Code] = None,
    extended: Optional[Code] = None,
    at: Optional[Time] = None,
    since: Optional[Time] = None,
    until: Optional[Time] = None,
    user: Optional[str] = None,
    source: Optional[str] = None,
    target: Optional[str] = None,
    case: Optional[str] = None,
    tz: Optional[Union[str, tzinfo]] = None,
    full: bool = False,
    recover: bool = False,
    redact: bool = False,
    rules: Optional[PathLike] = None,
    threads: Optional[int] = None,
    max_events: Optional[int] = None,
) -> Diagnosis:
    """Diagnoses logs, folders and archives as one case.

    Each of ``logs`` is a path, or a pair of a name and the bytes of a file: ``("case.zip", data)``. Lists of them are taken, too.
    The options are those of ``rdpwhy diagnose``; times are ``datetime`` objects, or text as the command takes it. Those without
    an offset are in the zone ``tz``, else UTC. Other threads of Python go on while it works.

    Raises:
        NoLogsError: there is no log that can be read.
        OptionError: an argument has a value that cannot be used.
        RulesError: the rules in the folder ``rules`` have errors.
    """
    paths: List[PathLike] = []
    named: List[Tuple[str, bytes]] = []
    for one in _flat(logs):
        if isinstance(one, tuple):
            named.append((one[0], bytes(one[1])))
        else:
            paths.append(Path(one))
    given = options(
        error=error,
        extended=extended,
        at=at,
        since=since,
        until=until,
        user=user,
        source=source,
        target=target,
        case=case,
        tz=tz,
        full=full,
        recover=recover,
        redact=redact,
        rules=rules,
        threads=threads,
        max_events=max_events,
    )
    with translated():
        made = _rdpwhy.diagnose(paths, named, json.dumps(given))
    return _diagnosis(made)


def options(tz: Optional[Union[str, tzinfo]] = None, rules: Optional[PathLike] = None, **given: Any) -> Dict[str, Any]:
    """Arguments of :func:`diagnose` as the native half takes them."""
    for name in ("error", "extended"):
        given[name] = _code(name, given.get(name))
    for name in ("at", "since", "until"):
        given[name] = _moment(given.get(name), tz)
    given["tz"] = None if tz is None else str(tz)
    given["rules"] = None if rules is None else _rule_files(Path(rules))
    return {name: value for name, value in given.items() if value is not None}


def _flat(logs: Iterable[Any]) -> Iterable[Any]:
    for one in logs:
        if isinstance(one, (bytes, bytearray, memoryview)):
            raise OptionError("bytes need a name: pass a pair such as ('case.zip', data)")
        is_pair = isinstance(one, tuple) and len(one) == 2 and isinstance(one[1], (bytes, bytearray, memoryview))
        if isinstance(one, (str, os.PathLike)) or is_pair:
            yield one
        else:
            yield from _flat(one)


def _code(name: str, code: Optional[Code]) -> Optional[int]:
    if code is None:
        return None
    try:
        number = code if isinstance(code, int) else int(code, 0)
    except ValueError:
        raise OptionError(f"{name}: not a valid code: expected decimal (2308, -2146893042) or hex (0x904)") from None
    # PowerShell prints codes as signed numbers.
    return number + 2**32 if -(2**31) <= number < 0 else number


def _moment(time: Optional[Time], tz: Optional[Union[str, tzinfo]]) -> Optional[str]:
    if time is None:
        return None
    if isinstance(time, str):
        return time
    if time.tzinfo is None:
        time = time.replace(tzinfo=_zone(tz))
    return time.astimezone(timezone.utc).isoformat()


def _zone(tz: Optional[Union[str, tzinfo]]) -> tzinfo:
    if tz is None:
        return timezone.utc
    if isinstance(tz, tzinfo):
        return tz
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError):
        raise OptionError(f"unknown time zone `{tz}`") from None


def _rule_files(folder: Path) -> List[Tuple[str, str]]:
    if not folder.is_dir():
        raise OptionError(f"rules: `{folder}` is not a folder")
    files = sorted(path for path in folder.rglob("*") if path.suffix in (".yml", ".yaml") and path.is_file())
    return [(path.as_posix(), path.read_text(encoding="utf-8")) for path in files]


def _time(text: Optional[str]) -> Optional[datetime]:
    """The time of a record, to the microsecond; Windows stores a seventh digit, which ``to_dict`` has."""
    if text is None:
        return None
    try:
        whole = datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)
    except ValueError:
        return None
    fraction = text[20:].rstrip("Z")[:6].ljust(6, "0")
    return whole + timedelta(microseconds=int(fraction or "0"))


def _record(value: Mapping[str, Any]) -> Record:
    fields = tuple(Field(one["name"], one["value"]) for one in value.get("fields", ()))
    return Record(
        value["file"],
        value["channel"],
        value["computer"],
        value["provider"],
        value["event_id"],
        value["record_id"],
        _time(value.get("time")),
        fields,
    )


def _evidence(value: Mapping[str, Any]) -> Evidence:
    return Evidence(
        value["id"],
        value["because"],
        value["likelihood_ratio"],
        value["for"],
        value["state"],
        value["seen"],
        value["of"],
        value["record_count"],
        tuple(_record(one) for one in value.get("records", ())),
    )


def _step(value: Mapping[str, Any]) -> Step:
    keys = ("where", "run", "changes", "risk", "undo", "verify")
    return Step(value["step"], value["do"], *(value.get(key) for key in keys))


def _cause(value: Mapping[str, Any]) -> Cause:
    return Cause(
        value["cause"],
        value["title"],
        value["headline"],
        value["incident"],
        value["probability"],
        value["prior"],
        value.get("side"),
        value.get("stage"),
        value.get("mechanism"),
        tuple(_evidence(one) for one in value.get("evidence", ())),
        tuple(_step(one) for one in value.get("fix", ())),
        tuple(value.get("never", ())),
    )


def _incident(value: Mapping[str, Any], causes: Iterable[Cause]) -> Incident:
    return Incident(
        value["id"],
        value["machine"],
        value.get("side"),
        _time(value.get("started")),
        _time(value.get("ended")),
        value["failures"],
        value.get("stage"),
        value["stands_out"],
        tuple(cause for cause in causes if cause.incident == value["id"]),
    )


def _attempt(value: Mapping[str, Any]) -> Attempt:
    return Attempt(
        _time(value.get("started")),
        _time(value.get("ended")),
        value.get("side"),
        value["machine"],
        value.get("source"),
        value.get("user"),
        value["outcome"],
        value.get("stage"),
        value.get("reached"),
        value["count"],
        value["record_count"],
    )


def _evidence_rows(cause: Cause, evidence: Evidence) -> Iterable[Dict[str, Any]]:
    row = {
        "incident": cause.incident,
        "cause": cause.id,
        "probability": cause.probability,
        "evidence": evidence.id,
        "because": evidence.because,
        "likelihood_ratio": evidence.likelihood_ratio,
        "supports": evidence.supports,
        "state": evidence.state,
        "seen": evidence.seen,
        "of": evidence.of,
    }
    places: Iterable[Optional[Record]] = evidence.records or (None,)
    for record in places:
        columns = ("file", "channel", "computer", "event_id", "record_id", "time")
        yield {**row, **{name: getattr(record, name, None) for name in columns}}


def _diagnosis(made: _rdpwhy.Made) -> Diagnosis:
    text = made.report("json")
    report = json.loads(text)
    causes = [_cause(one) for one in report["diagnoses"]]
    return Diagnosis(
        report["verdict"],
        report["summary"],
        tuple(_incident(one, causes) for one in report["incidents"]),
        made.complete,
        tuple(report["warnings"]),
        made,
        text,
    )
