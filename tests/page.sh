#!/usr/bin/env bash
# Uses the page in a headless Chromium, from a disk and from a server: reports of samples are byte-identical to the command's, and
# also of a damaged log, a folder, pasted text and a 200 MB log (with time and memory); a ZIP bomb is refused; no request
# after loading; no serious fault found by axe-core; nothing wider than the window. Screenshots go to target/page-test/shots.
#
#   tests/page.sh [PAGE.html]     by default the page is built first (scripts/build-page.sh)
#
# Needs chromium, Node.js and npm, and the network once, for npm. Exit status 3: something is missing here.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$PWD/target/page-test

for tool in chromium node npm python3; do
    command -v "$tool" >/dev/null || { echo "the page is not tested: $tool is missing" >&2; exit 3; }
done
CHROMIUM=$(command -v chromium)
export CHROMIUM
if [ $# = 0 ]; then scripts/build-page.sh target/page; fi
page=${1:-target/page/rdpwhy.html}
[ -f "$page" ] || { echo "$page: no such page; scripts/build-page.sh builds it" >&2; exit 2; }

modules=target/page-modules
mkdir -p "$modules"
cp tests/page/package.json "$modules/"
if [ ! -d "$modules/node_modules/axe-core" ]; then
    PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm install --prefix "$modules" --no-audit --no-fund --silent >&2
fi

cargo build --quiet
cargo build --quiet -p rdpwhy-logs --example repeat_chunks
rm -rf "$out"
mkdir -p "$out/inputs" "$out/expected"
python3 - "$out/inputs" <<'PYTHON'
"""Archives of samples, a damaged log, a bomb and a picture."""
import pathlib
import shutil
import sys
import zipfile

out = pathlib.Path(sys.argv[1])
for name in ("key-inaccessible", "password-attack", "vpn-lost"):
    logs = pathlib.Path("samples", name, "logs")
    with zipfile.ZipFile(out / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in logs.rglob("*") if path.is_file()):
            archive.write(path, path.relative_to(logs))
shutil.copytree("samples/key-inaccessible/logs", out / "logs")
damaged = bytearray(pathlib.Path("samples/key-inaccessible/logs/host/System.evtx").read_bytes())
damaged[4096 + 3000:4096 + 3100] = bytes(100)
damaged[-20000:] = bytes(20000)
(out / "damaged.evtx").write_bytes(damaged)
# It begins like a log, or else reading would stop at once.
with zipfile.ZipFile(out / "bomb.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
    with archive.open("System.evtx", "w", force_zip64=True) as entry:
        entry.write(pathlib.Path("samples/key-inaccessible/logs/host/System.evtx").read_bytes())
        for _ in range(1024):
            entry.write(bytes(1 << 20))
(out / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
PYTHON
cp tests/page/pasted.txt "$out/inputs/pasted.txt"
target/debug/examples/repeat_chunks samples/key-inaccessible/logs/host/Microsoft-Windows-RemoteDesktopServices-RdpCoreTS%4Operational.evtx \
    "$out/inputs/large.evtx" 200

# expect NAME INPUT OPTION…: what the command says. Status 1 is a report of input that is damaged.
expect() {
    local name=$1 input=$2
    shift 2
    for format in json md html; do
        target/debug/rdpwhy diagnose --quiet --output "$out/expected/$name.$format" "$@" "$out/inputs/$input" 2>/dev/null || [ $? = 1 ]
    done
}
for name in key-inaccessible password-attack vpn-lost; do expect $name $name.zip; done
expect folder logs --error 0x904 --extended 0x7 --at '2026-03-09 08:30'
for name in damaged.evtx pasted.txt bomb.zip large.evtx; do expect "${name%.*}" "$name"; done
target/debug/rdpwhy script collect --side host > "$out/expected/collect-host.ps1"

NODE_PATH=$modules/node_modules node tests/page/check.cjs "$page" "$out"
