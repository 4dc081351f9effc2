#!/usr/bin/env bash
# Runs the command for Windows under Wine: tests/windows.sh RDPWHY.EXE
#
# Reports of samples are byte-identical to those of this machine's build, and what is special on Windows works: wildcards, long
# paths, backslashes, files that another program has locked, UTF-8 in files whatever the code page, colors only in a console
# that takes them. Wine is not Windows: it has no live event logs. Exit status 3: there is no Wine here.
set -euo pipefail
cd "$(dirname "$0")/.."
wine=$(command -v wine64 || command -v wine || ls /usr/lib/wine/wine64 2>/dev/null) || { echo 'not tested: Wine is not installed' >&2; exit 3; }
exe=$(realpath "${1:?usage: tests/windows.sh RDPWHY.EXE}")
work=$(mktemp -d)
trap 'WINEPREFIX=$work/prefix wineserver -k 2>/dev/null || true; rm -rf "$work"' EXIT
export WINEPREFIX=$work/prefix WINEDEBUG=-all WINEDLLOVERRIDES=mscoree,mshtml=
cp "$exe" "$work/rdpwhy.exe"
exe=$work/rdpwhy.exe

zig=${RDPWHY_TOOLCHAINS:-${XDG_CACHE_HOME:-$HOME/.cache}/rdpwhy/toolchains}/zig/bin/python
# Wine 8 lacks a library that every Windows has, with one function; random numbers come from Wine's own.
shim() {
    [ -x "$zig" ] || { echo 'not tested: this Wine lacks bcryptprimitives.dll, and Zig to make one is not here' >&2; exit 3; }
    cat > "$work/prng.c" <<'C'
__declspec(dllimport) unsigned char __stdcall SystemFunction036(void *, unsigned long);
__declspec(dllexport) int __stdcall ProcessPrng(unsigned char *at, unsigned long long n) { return SystemFunction036(at, (unsigned long)n); }
C
    "$zig" -m ziglang cc -target x86_64-windows-gnu -shared -o "$work/bcryptprimitives.dll" "$work/prng.c" -ladvapi32
}
run() { "$wine" "$exe" "$@" 2>"$work/stderr"; }
run --version >"$work/version" || { shim; run --version >"$work/version"; }

passed=0 failed=0
ok() { if [ "$1" = 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAULT: $2"; sed 's/^/    /' "$work/stderr" | head -5; fi; }
try() { local what=$1; shift; if "$@"; then ok 0; else ok 1 "$what"; fi; }

try 'it says its version' grep -q '^rdpwhy [0-9]' "$work/version"
cargo build --quiet
for sample in key-inaccessible password-attack vpn-lost; do
    target/debug/rdpwhy -q --format json "samples/$sample/logs" > "$work/expected.json"
    run -q --format json "samples/$sample/logs" > "$work/got.json" || true
    try "$sample: JSON differs" cmp -s "$work/expected.json" "$work/got.json"
    target/debug/rdpwhy -q "samples/$sample/logs" > "$work/expected.txt"
    run -q "samples/$sample/logs" > "$work/got.txt" || true
    try "$sample: text differs" cmp -s "$work/expected.txt" "$work/got.txt"
done

logs='samples\key-inaccessible\logs'
target/debug/rdpwhy -q --format json samples/key-inaccessible/logs/host/*.evtx > "$work/expected.json"
run -q --format json "$logs\\host\\*.evtx" > "$work/got.json" || true
try 'wildcards are expanded' cmp -s "$work/expected.json" "$work/got.json"
run -q --format json "$logs\\host\\*.EVTX" > "$work/got.json" || true
try 'wildcards in upper case are expanded' cmp -s "$work/expected.json" "$work/got.json"
if run -q "$logs\\*.zip" > /dev/null; then ok 1 'a wildcard without a match is an error'; else try 'a wildcard without a match is named' grep -q 'no file or folder matches' "$work/stderr"; fi

long=$work/$(printf 'a folder with a long name and more %.0s' 1 2 3 4 5)
long=$long/$(printf 'ä%.0s' {1..60})/$(printf 'x%.0s' {1..120})
mkdir -p "$long"
cp -R samples/key-inaccessible/logs "$long/"
target/debug/rdpwhy -q --format json samples/key-inaccessible/logs > "$work/expected.json"
run -q --format json "Z:${long//\//\\}\\logs" > "$work/got.json" || true
try 'paths of more than 260 characters' cmp -s "$work/expected.json" "$work/got.json"

LC_ALL=C run -q -o "$work/report.html" "$logs" > /dev/null || true
try 'a report is written as UTF-8' python3 -c 'import sys; open(sys.argv[1], encoding="utf-8").read().index("·")' "$work/report.html"
try 'a report in a file has no escape sequences' sh -c "! grep -q '$(printf '\033')' '$work/got.txt'"
# console ARGUMENT…: what a console shows of the command's answer.
console() {
    python3 - "$wine" "$exe" "$@" > "$work/console.txt" <<'PYTHON'
import os, pty, select, sys, time

child, terminal = pty.fork()
if child == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
shown, end = b"", time.monotonic() + 120
while time.monotonic() < end:
    if select.select([terminal], [], [], 1)[0]:
        try:
            piece = os.read(terminal, 1 << 16)
        except OSError:
            break
        shown += piece
        if not piece:
            break
sys.stdout.buffer.write(shown)
PYTHON
}
escape=$(printf '\033')
console -q "$logs"
try 'a console shows colors' grep -q "$escape\[[0-9;]*m" "$work/console.txt"
try 'a console shows what is not ASCII' grep -q '·' "$work/console.txt"
NO_COLOR=1 console -q "$logs"
try 'a console shows no colors with NO_COLOR' sh -c "! grep -q '$escape\[[0-9;]*m' '$work/console.txt'"
run -q "$logs" -o "$work/report.html" > /dev/null && ok 1 'a report is not replaced' || try 'a report is not replaced' grep -q 'already exists' "$work/stderr"
# A program that keeps a file for itself, as Windows does with its live logs, while another one runs.
if [ -x "$zig" ]; then
    cat > "$work/keep.c" <<'C'
#include <windows.h>
#include <process.h>
int main(int count, char **given) {
    HANDLE file = CreateFileA(given[1], GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    (void)count;
    return file == INVALID_HANDLE_VALUE ? 99 : (int)_spawnv(_P_WAIT, given[2], (const char *const *)given + 2);
}
C
    "$zig" -m ziglang cc -target x86_64-windows-gnu -o "$work/keep.exe" "$work/keep.c"
    cp -R samples/key-inaccessible/logs "$work/logs"
    held='host\System.evtx'
    (cd "$work/logs" && "$wine" "$work/keep.exe" "$held" "$exe" -q "$held" 2> "$work/stderr" > /dev/null) && ok 1 'a locked log is an error' \
        || try 'a locked log: how to export it' grep -q 'another program has it open.*wevtutil epl' <(tr '\n' ' ' < "$work/stderr")
    (cd "$work/logs" && "$wine" "$work/keep.exe" "$held" "$exe" --format json host client 2> "$work/stderr" > "$work/got.json") || true
    try 'a locked log beside others: it is named' grep -q 'System.evtx: another program has it open' "$work/stderr"
    try 'a locked log beside others: the others are read' grep -q '"rdp-' "$work/got.json"
else
    echo 'left out: locked logs (Zig to make a program that locks one is not here)'
fi
run -q nothing.evtx > /dev/null && ok 1 'a missing file is an error' || try 'a missing file is named' grep -q 'nothing.evtx: there is no such file' "$work/stderr"
run batch samples -o "$work/batch" -q > /dev/null || true
try 'batch writes rows' test -s "$work/batch/cases.jsonl"
rows() { python3 -c 'import json, sys; print(sum(json.loads(line).get("error") is None for line in open(sys.argv[1], encoding="utf-8")))' "$work/batch/cases.jsonl"; }
try "batch: cases without an error: $(rows)" test "$(rows)" -gt 5

echo "windows: $passed passed, $failed failed"
[ "$failed" = 0 ]
