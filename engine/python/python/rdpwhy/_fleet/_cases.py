"""The cases among paths, URLs and rows of a list."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import PurePath, PurePosixPath
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Sequence, Tuple, Union

from fsspec.core import url_to_fs

from .. import _rdpwhy
from .._diagnosis import options
from .._errors import OptionError, translated
from ._store import files_of, is_local, local_path

One = Union[str, "os.PathLike[str]", Mapping[str, Any]]
COLUMNS = ("error", "extended", "at", "since", "until", "user", "source", "target", "tz")
"""What a row can say about its case, beside ``case`` and ``path``."""
_CHANGED = ("ETag", "etag", "md5Hash", "content_md5", "mtime", "LastModified", "last_modified", "updated", "created")
"""What file systems call that which changes with a file."""

_Stamp = Tuple[str, str, str]
"""Path, size and change of a file."""


@dataclass
class Case:
    """A case that is to be diagnosed."""

    name: str
    stem: str
    """The name of its files."""
    places: List[str]
    """Paths of this machine, and URLs."""
    options: Dict[str, Any]
    """Those of its own."""
    stamps: List[_Stamp]
    """Its files, as far as they tell whether something has changed."""

    def key(self, about: Mapping[str, Any]) -> str:
        """What its result depends on, with what it depends on for all cases."""
        parts = [self.name, self.places, self.options, self.stamps, about]
        return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def find(cases: Union[One, Iterable[One]], storage_options: Mapping[str, Any]) -> List[Case]:
    """The cases by name: of one folder its subfolders and archives, unless it is a case itself; else each thing given."""
    if isinstance(cases, (str, os.PathLike)):
        found = list(_in_folder(_place(cases), storage_options))
    elif isinstance(cases, Mapping):
        found = [_row(cases, storage_options)]
    else:
        found = [_row(one if isinstance(one, Mapping) else {"path": one}, storage_options) for one in cases]
    rest = [(_name, parent, places, str(at)) for at, (_name, parent, places, _, _) in enumerate(found)]
    named = _rdpwhy.named_apart(rest)
    return [
        Case(name, stem, found[int(at)][2], found[int(at)][3], sorted(set(found[int(at)][4])))
        for name, stem, at in named
    ]


_Found = Tuple[str, str, List[str], Dict[str, Any], Sequence[_Stamp]]
"""Name, folder, places, options, files."""


def _row(row: Mapping[str, Any], storage_options: Mapping[str, Any]) -> _Found:
    unknown = [name for name in row if name not in ("case", "path", *COLUMNS)]
    if unknown:
        raise OptionError(f"unknown column {unknown[0]!r}: expected case, path, {', '.join(COLUMNS)}")
    path = row.get("path")
    given: List[Any] = [path] if isinstance(path, (str, os.PathLike)) else list(path or ())
    places = [_place(one) for one in given if str(one)]
    if not places:
        raise OptionError(f"a case without `path`: {dict(row)!r}")
    typed = {name: row[name] for name in COLUMNS if row.get(name) not in (None, "")}
    own = options(**typed)
    with translated():
        _rdpwhy.check_options(json.dumps(own))
    name = str(row.get("case") or "") or _last(places[0])
    stamps = [stamp for place in places for stamp in _stamps(place, storage_options)]
    parent = "" if row.get("case") else _last(os.path.dirname(places[0].rstrip("/")))
    return name, parent, places, own, stamps


def _in_folder(place: str, storage_options: Mapping[str, Any]) -> Iterator[_Found]:
    entries = _local_entries(place) if is_local(place) else _remote_entries(place, storage_options)
    if entries is None:
        yield _row({"path": place}, storage_options)
        return
    parts = {name: stamps for name, is_whole, stamps in entries if is_whole}
    has_logs = any(not is_whole and name.lower().endswith(".evtx") for name, is_whole, _ in entries)
    if _rdpwhy.is_one_case(sorted(parts), has_logs):
        yield _row({"path": place}, storage_options)
        return
    for name, stamps in parts.items():
        yield name, _last(place), [f"{place.rstrip('/')}/{name}"], {}, stamps


_Entry = Tuple[str, bool, Sequence[_Stamp]]
"""Name, whether it can be a case, its files."""


def _local_entries(path: str) -> Union[List[_Entry], None]:
    if not os.path.isdir(path):
        return None
    found: List[_Entry] = []
    with os.scandir(path) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            # Links are not followed: they can lead to what belongs to another case.
            is_folder = entry.is_dir(follow_symlinks=False)
            is_archive = entry.is_file(follow_symlinks=False) and _rdpwhy.is_archive(entry.name)
            is_whole = is_folder or is_archive
            found.append((entry.name, is_whole, list(_local_stamps(entry.path)) if is_whole else ()))
    return found


def _remote_entries(url: str, storage_options: Mapping[str, Any]) -> Union[List[_Entry], None]:
    fs, root = url_to_fs(url, **storage_options)
    # One listing of everything: object stores charge for each request, and have no folders.
    files = files_of(fs, root)
    if list(files) == [root]:
        return None
    parts: Dict[str, List[_Stamp]] = {}
    whole = set()
    for path, info in files.items():
        rest = PurePosixPath(path[len(root) :].lstrip("/")).parts
        if not rest or rest[0].startswith("."):
            continue
        parts.setdefault(rest[0], []).append(_stamp(path, info))
        if len(rest) > 1 or _rdpwhy.is_archive(rest[0]):
            whole.add(rest[0])
    return [(name, name in whole, stamps) for name, stamps in parts.items()]


def _stamps(place: str, storage_options: Mapping[str, Any]) -> Iterator[_Stamp]:
    if is_local(place):
        yield from _local_stamps(place)
        return
    fs, root = url_to_fs(place, **storage_options)
    try:
        files = files_of(fs, root)
    except OSError:
        # That it cannot be read is said in its row.
        return
    for path, info in files.items():
        yield _stamp(path, info)


def _stamp(path: str, info: Mapping[str, Any]) -> _Stamp:
    changed = next((str(info[name]) for name in _CHANGED if info.get(name)), "")
    return path, str(info.get("size")), changed


def _local_stamps(path: str) -> Iterator[_Stamp]:
    if not os.path.isdir(path):
        try:
            status = os.stat(path)
        except OSError:
            return
        yield path, str(status.st_size), str(status.st_mtime_ns)
        return
    for folder, _, names in os.walk(path):
        for name in names:
            file = os.path.join(folder, name)
            if not os.path.islink(file):
                yield from _local_stamps(file)


def _place(given: Any) -> str:
    text = os.fspath(given)
    return local_path(text) if is_local(text) else text


def _last(place: str) -> str:
    return PurePath(place.rstrip("/\\")).name if is_local(place) else PurePosixPath(place.rstrip("/")).name
