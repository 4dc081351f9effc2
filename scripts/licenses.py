#!/usr/bin/env python3
"""Prints the licenses of everything that is linked into the command: licenses.py [TARGET]

Each text is printed once, after the packages it belongs to. TARGET is a target of Rust; by default this machine's.
A package that brings no text of its own is listed with the name of its license.
"""
import collections
import json
import pathlib
import re
import subprocess
import sys

TEXTS = re.compile(r"(licen[sc]e|copying|copyright|notice|unlicense)", re.I)


def metadata(target):
    command = ["cargo", "metadata", "--format-version=1", "--locked"]
    if target:
        command += ["--filter-platform", target]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def linked(data):
    """The packages that the command is linked with: no dependencies of tests, and none of builds."""
    nodes = {node["id"]: node for node in data["resolve"]["nodes"]}
    packages = {package["id"]: package for package in data["packages"]}
    seen, todo = set(), [data["resolve"]["root"]]
    while todo:
        one = todo.pop()
        if one in seen:
            continue
        seen.add(one)
        for dependency in nodes[one]["deps"]:
            if any(kind["kind"] is None for kind in dependency["dep_kinds"]):
                todo.append(dependency["pkg"])
    return sorted((packages[one] for one in seen), key=lambda package: (package["name"], package["version"]))


def texts(package):
    folder = pathlib.Path(package["manifest_path"]).parent
    names = sorted(path for path in folder.iterdir() if path.is_file() and TEXTS.match(path.name))
    return [path.read_text(encoding="utf-8", errors="replace").strip() for path in names]


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    packages = linked(metadata(sys.argv[1] if len(sys.argv) > 1 else None))
    holders = collections.OrderedDict()
    print("rdpwhy is licensed under MIT or Apache-2.0, at your option. It contains:\n")
    print("  the standard library of Rust: MIT OR Apache-2.0")
    for package in packages:
        name = f"{package['name']} {package['version']}"
        print(f"  {name}: {package['license'] or 'see below'}")
        if package["source"] is None:
            continue
        for text in texts(package):
            holders.setdefault(re.sub(r"\s+", " ", text), (text, []))[1].append(name)
    own = [(root / name).read_text(encoding="utf-8").strip() for name in ("LICENSE-MIT", "LICENSE-APACHE")]
    for text, names in [(text, ["rdpwhy"]) for text in own] + list(holders.values()):
        print(f"\n{'=' * 78}\n{', '.join(names)}\n{'-' * 78}\n\n{text}")


if __name__ == "__main__":
    main()
