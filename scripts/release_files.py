#!/usr/bin/env python3
"""Archives, checksums and manifests of a release; the same input gives the same bytes.

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
import sys
import tarfile
import time
import zipfile

MOMENT = int(os.environ.get("SOURCE_DATE_EPOCH", "1735689600"))
SUMS = "SHA256SUMS"
ABOUT = "Tells why a Remote Desktop connection failed, from exported Windows event logs"
WINGET_SCHEMA = "1.6.0"


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
    commands = {"archive": archive, "checksums": checksums, "manifests": manifests}
    if len(sys.argv) < 2 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]](*sys.argv[2:])
