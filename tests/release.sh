#!/usr/bin/env bash
# Tries what scripts/release.sh made: tests/release.sh [FOLDER], by default the newest target/release-VERSION.
#
# Reports of three samples are byte-identical to those of this machine's build; the static command runs in an empty root; the other
# one needs no glibc newer than 2.17; the one for Windows runs under Wine (tests/windows.sh). What cannot be tried is named.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-$(ls -d target/release-[0-9]* | sort -V | tail -1)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0
ok() { echo "ok: $*"; passed=$((passed + 1)); }
fault() { echo "FAULT: $*"; failed=$((failed + 1)); }
skip() { echo "left out: $*"; skipped=$((skipped + 1)); }

cargo build --quiet
samples=(key-inaccessible password-attack vpn-lost)
for sample in "${samples[@]}"; do target/debug/rdpwhy -q --format json "samples/$sample/logs" > "$work/$sample.json"; done

(cd "$folder" && sha256sum --quiet --check SHA256SUMS) && ok 'checksums' || fault 'checksums'

# opened PATTERN: unpacks the archive and checks what is in it; its folder is then in $at.
opened() {
    local archive
    archive=$(compgen -G "$folder/rdpwhy-*-$1" | head -1) || { skip "no $1"; return 1; }
    at=$work/$(basename "$archive" | sed 's/\.zip$//; s/\.tar\.gz$//')
    case $archive in
        *.zip) python3 -m zipfile -e "$archive" "$work" ;;
        *) tar -xzf "$archive" -C "$work" ;;
    esac
    local missing=() file
    for file in README.md docs/options.md scripts/collect-host.ps1 LICENSE-MIT LICENSE-APACHE LICENSES.txt man/rdpwhy.1 completions/{rdpwhy.bash,_rdpwhy,rdpwhy.fish,_rdpwhy.ps1}; do
        [ -s "$at/$file" ] || missing+=("$file")
    done
    if [ ${#missing[@]} = 0 ]; then ok "$(basename "$archive") is complete"; else fault "$(basename "$archive") lacks ${missing[*]}"; fi
    if python3 scripts/release_files.py links "$at"; then ok "$(basename "$archive"): links"; else fault "$(basename "$archive"): links"; fi
    listed "$(basename "$archive")" "$at"
}

# listed NAME FOLDER: its lists of dependencies, beside the command and within it, name what rdpwhy is made of.
listed() {
    local list=$2/rdpwhy.cdx.json program
    if [ ! -e "$list" ]; then
        skip "$1: no list of dependencies"
    elif python3 - "$list" <<'PYTHON'
import json, sys
text = open(sys.argv[1], encoding="utf-8").read()
found = json.loads(text)
names = {one["name"] for one in found["components"]}
assert found["bomFormat"] == "CycloneDX" and found["metadata"]["component"]["name"] == "rdpwhy"
assert {"evtx", "clap", "rdpwhy-rules"} <= names and "insta" not in names, names
assert "file:///" not in text.replace("file:///rdpwhy", ""), "a folder of the machine that built it"
PYTHON
    then
        ok "$1: CycloneDX"
    else
        fault "$1: CycloneDX"
    fi
    program=$(compgen -G "$2/rdpwhy" || echo "$2/rdpwhy.exe")
    if grep -qaF -e "$HOME/" -e "$PWD/" "$program"; then fault "$1: the command names folders of this machine"; else ok "$1: no folder of this machine in the command"; fi
    if objdump -h "$program" | grep -qw '\.dep-v0'; then ok "$1: the command carries its list"; else skip "$1: the command carries no list of dependencies"; fi
}

# same COMMAND…: its reports are those of this machine's build.
same() {
    local sample
    for sample in "${samples[@]}"; do
        if "$@" -q --format json "samples/$sample/logs" | cmp -s - "$work/$sample.json"; then ok "$(basename "$at"): $sample"; else fault "$(basename "$at"): $sample differs"; fi
    done
}

if opened 'x86_64-linux.tar.gz'; then
    newest=$(objdump -T "$at/rdpwhy" | grep -o 'GLIBC_[0-9.]*' | sort -uV | tail -1)
    if [ "$(printf '%s\nGLIBC_2.17\n' "$newest" | sort -V | tail -1)" = GLIBC_2.17 ]; then ok "needs $newest"; else fault "needs $newest"; fi
    same "$at/rdpwhy"
fi

if opened 'x86_64-linux-static.tar.gz'; then
    same "$at/rdpwhy"
    mkdir "$work/root"
    cp "$at/rdpwhy" "$work/root/"
    cp -R samples/key-inaccessible/logs "$work/root/logs"
    inside=(chroot "$work/root")
    # Some systems let nobody but root make a namespace, and some have no sudo.
    if [ "$(id -u)" != 0 ]; then
        if sudo -n true 2>/dev/null; then inside=(sudo -n "${inside[@]}"); else inside=(unshare --map-root-user "${inside[@]}"); fi
    fi
    if "${inside[@]}" /rdpwhy -q --format json /logs | cmp -s - "$work/key-inaccessible.json"; then ok 'runs in an empty root'; else fault 'does not run in an empty root'; fi
fi

if opened 'x86_64-windows.zip'; then
    set +e
    tests/windows.sh "$at/rdpwhy.exe"
    status=$?
    set -e
    case $status in 0) ok 'Windows, under Wine' ;; 3) skip 'Windows: no Wine' ;; *) fault 'Windows, under Wine' ;; esac
fi
echo "release: $passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
