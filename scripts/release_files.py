#!/usr/bin/env python3
"""Archives, checksums and manifests of a release; the same input gives the same bytes.

  release_files.py papers OUT [ADDRESS]              what people read, copied into OUT; links to files that are not copied lead to
                                                     ADDRESS/FILE, or become plain words where there is no ADDRESS
  release_files.py links FOLDER                      names links in FOLDER that lead nowhere; the exit status is then 1
  release_files.py archive FOLDER OUT zip|tar.gz     FOLDER as an archive of its name
  release_files.py checksums OUT                     OUT/SHA256SUMS, of all files in OUT
  release_files.py manifests OUT VERSION URL         OUT/scoop and OUT/winget, for archives that are downloaded from URL
"""
import gzip
import hashlib
import json
import os
import pathlib
import re
import shutil
import sys
import tarfile
import time
import zipfile

MOMENT = int(os.environ.get("SOURCE_DATE_EPOCH", "1735689600"))
SUMS = "SHA256SUMS"
ABOUT = "Tells why a Remote Desktop connection failed, from exported Windows event logs"
WINGET_SCHEMA = "1.6.0"


# What an archive has for people to read, and the folder that manual pages get there.
PAPERS = ["README.md", "CHANGELOG.md", "SECURITY.md", "LICENSE-MIT", "LICENSE-APACHE", "docs/**/*", "scripts/collect-*.ps1"]
MANUALS = ("docs/man", "man")
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)#\s]+)(#[^)\s]*)?\)")


def is_outside(target):
    return re.match(r"[a-z]+:", target) is not None


def papers(out, address=""):
    out, root = pathlib.Path(out), pathlib.Path(__file__).resolve().parent.parent
    files = sorted({path for pattern in PAPERS for path in root.glob(pattern) if path.is_file()})
    names = {path.relative_to(root).as_posix() for path in files}
    for name in sorted(names):
        target = out / (MANUALS[1] + name.removeprefix(MANUALS[0]) if name.startswith(MANUALS[0] + "/") else name)
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.suffix == ".md":
            text = (root / name).read_text(encoding="utf-8")
            target.write_text(relinked(text, name, names, address), encoding="utf-8", newline="\n")
        else:
            shutil.copyfile(root / name, target)


def relinked(text, name, names, address):
    """The text of a paper, with links that hold where only the files of `names` are."""
    def link(match):
        image, words, target, part = match[1], match[2], match[3], match[4] or ""
        if is_outside(target):
            return match[0]
        at = os.path.normpath(os.path.join(os.path.dirname(name), target)).replace(os.sep, "/")
        if at == MANUALS[0]:
            target = os.path.relpath(MANUALS[1], os.path.dirname(name) or ".").replace(os.sep, "/")
        elif at not in names and not any(one.startswith(at + "/") for one in names):
            if not address:
                return words
            target = f"{address.rstrip('/')}/{at}"
        return f"{image}[{words}]({target}{part})"
    return LINK.sub(link, text)


def links(folder):
    folder = pathlib.Path(folder)
    broken = []
    for path in sorted(folder.rglob("*.md")):
        for match in LINK.finditer(path.read_text(encoding="utf-8")):
            if not is_outside(match[3]) and not (path.parent / match[3]).exists():
                broken.append(f"{path.relative_to(folder).as_posix()}: {match[3]}")
    if broken:
        sys.exit("links that lead nowhere:\n" + "\n".join(broken))


def is_program(path):
    return path.name in ("rdpwhy", "rdpwhy.exe")


def archive(folder, out, kind):
    folder, target = pathlib.Path(folder), pathlib.Path(out) / f"{pathlib.Path(folder).name}.{kind}"
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    if kind == "zip":
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
            for path in files:
                entry = zipfile.ZipInfo(path.relative_to(folder.parent).as_posix(), time.gmtime(MOMENT)[:6])
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = (0o755 if is_program(path) else 0o644) << 16
                packed.writestr(entry, path.read_bytes())
    else:
        # The time in the header of gzip would be that of the packing.
        with open(target, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=MOMENT) as stream, \
                tarfile.open(fileobj=stream, mode="w") as packed:
            for path in files:
                entry = packed.gettarinfo(path, path.relative_to(folder.parent).as_posix())
                entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname = MOMENT, 0, 0, "", ""
                entry.mode = 0o755 if is_program(path) else 0o644
                with open(path, "rb") as content:
                    packed.addfile(entry, content)
    print(f"{target.name}: {target.stat().st_size / 1e6:.1f} MB")


def sums(out):
    files = sorted(path for path in pathlib.Path(out).iterdir() if path.is_file() and path.name != SUMS)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def checksums(out):
    text = "".join(f"{digest}  {name}\n" for name, digest in sums(out).items())
    (pathlib.Path(out) / SUMS).write_text(text, newline="\n")


def manifests(out, version, url):
    found = {name: digest for name, digest in sums(out).items() if re.fullmatch(r"rdpwhy-.*x86_64-.*windows.*\.zip", name)}
    if not found:
        sys.exit("left out: the manifests, for there is no archive for Windows")
    # On a runner with Windows its own compiler has built it.
    archived, digest = sorted(found.items(), key=lambda one: "msvc" not in one[0])[0]
    name = archived.removesuffix(".zip")
    url = url.rstrip("/")
    home = re.sub(r"/releases/.*", "", url)
    scoop = {
        "version": version,
        "description": ABOUT,
        "homepage": home,
        "license": "MIT|Apache-2.0",
        "architecture": {"64bit": {"url": f"{url}/{name}.zip", "hash": digest, "extract_dir": name}},
        "bin": "rdpwhy.exe",
    }
    write(out, "scoop/rdpwhy.json", json.dumps(scoop, indent=4) + "\n")
    owner = re.sub(r"[^\w-]", "", home.rstrip("/").split("/")[-2]) or "rdpwhy"
    head = f"PackageIdentifier: {owner}.rdpwhy\nPackageVersion: {version}\n"
    foot = f"ManifestVersion: {WINGET_SCHEMA}\n"
    write(out, f"winget/{owner}.rdpwhy.yaml", f"{head}DefaultLocale: en-US\nManifestType: version\n{foot}")
    write(out, f"winget/{owner}.rdpwhy.installer.yaml", f"""{head}InstallerType: zip
NestedInstallerType: portable
NestedInstallerFiles:
- RelativeFilePath: {name}\\rdpwhy.exe
  PortableCommandAlias: rdpwhy
Installers:
- Architecture: x64
  InstallerUrl: {url}/{name}.zip
  InstallerSha256: {digest.upper()}
ManifestType: installer
{foot}""")
    write(out, f"winget/{owner}.rdpwhy.locale.en-US.yaml", f"""{head}PackageLocale: en-US
Publisher: {owner}
PackageName: rdpwhy
PackageUrl: {home}
License: MIT OR Apache-2.0
ShortDescription: {ABOUT}
Tags:
- rdp
- evtx
- forensics
ManifestType: defaultLocale
{foot}""")


def write(out, name, text):
    path = pathlib.Path(out) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, newline="\n")


if __name__ == "__main__":
    commands = {"papers": papers, "links": links, "archive": archive, "checksums": checksums, "manifests": manifests}
    if len(sys.argv) < 2 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]](*sys.argv[2:])
