"""Files on a disk or in an object store, through fsspec."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import Any, Dict, List, Mapping


from fsspec.core import split_protocol, url_to_fs

from .._errors import RdpwhyError


def is_local(url: str) -> bool:
    """Whether it is a path of this machine."""
    protocol, _ = split_protocol(url)
    return protocol in (None, "file", "local") or (len(protocol) == 1 and os.name == "nt")


def local_path(url: str) -> str:
    """The path behind a URL of this machine."""
    return os.path.abspath(split_protocol(url)[1] if "://" in url else url)


class Store:
    """A folder of results, of which a file is there as a whole or not at all."""

    def __init__(self, url: str, storage_options: Mapping[str, Any]) -> None:
        self._local = is_local(url)
        self._fs, self._root = url_to_fs(local_path(url) if self._local else url, **storage_options)

    def path(self, name: str) -> str:
        return f"{self._root.rstrip('/')}/{name}"

    def put(self, name: str, data: bytes) -> None:
        """Writes a file. On disks it is written under another name and renamed; object stores do as much themselves."""
        path = self.path(name)
        if not self._local:
            self._fs.pipe_file(path, data)
            return
        os.makedirs(os.path.dirname(path), exist_ok=True)
        begun = f"{path}.{os.getpid()}.new"
        with open(begun, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(begun, path)

    def get(self, name: str) -> bytes:
        data: bytes = self._fs.cat_file(self.path(name))
        return data

    def exists(self, name: str) -> bool:
        return bool(self._fs.exists(self.path(name)))

    def names(self, folder: str = "") -> List[str]:
        """The names of what is in a folder, in their order; none if there is no such folder."""
        self._fs.invalidate_cache()
        try:
            found = self._fs.ls(self.path(folder).rstrip("/"), detail=False)
        except FileNotFoundError:
            return []
        return sorted(PurePosixPath(one.rstrip("/")).name for one in found)

    def remove(self, name: str) -> None:
        try:
            self._fs.rm_file(self.path(name))
        except FileNotFoundError:
            pass


def fetch(url: str, to: Path, storage_options: Mapping[str, Any], limit: int) -> Path:
    """Copies a file or a folder of an object store to a folder of this machine; hands back where it is.

    Raises:
        RdpwhyError: it is larger than ``limit`` bytes.
    """
    fs, root = url_to_fs(url, **storage_options)
    name = _safe(PurePosixPath(root.rstrip("/")).name) or "case"
    files = files_of(fs, root)
    total = sum(int(info.get("size") or 0) for info in files.values())
    if total > limit:
        raise RdpwhyError(f"the case has {total} bytes, more than {limit} (max_download)")
    for path in files:
        rest = [_safe(part) for part in path[len(root) :].split("/") if part not in ("", ".", "..")]
        target = to.joinpath(name, *rest)
        target.parent.mkdir(parents=True, exist_ok=True)
        fs.get_file(path, str(target))
    return to / name


def files_of(fs: Any, root: str) -> Dict[str, Dict[str, Any]]:
    """The file at ``root``, or all files below it, with what the file system says about each."""
    info: Dict[str, Any] = fs.info(root)
    if info.get("type") == "file":
        return {root: info}
    found: Dict[str, Dict[str, Any]] = fs.find(root, detail=True)
    return found


def _safe(part: str) -> str:
    """A part of a key as the name of a file here: a key may contain what leads out of a folder."""
    return part.replace("\\", "_").replace("\0", "_")


