#!/usr/bin/env bash
# How long a whole diagnosis takes, and how much memory, beside what evtx_dump needs to print the same records.
#
#   scripts/bench.sh [MB] [RUNS]      megabytes of each large log (1000), runs of each command (5)
#
# Makes its logs from forged tickets, and from real ones where ../shared/data holds them, by repeating whole chunks.
# Needs bash, awk and GNU time; installs evtx_dump below target/. Prints medians; CPU is user + system time, `read_s`
# the wall time of the reading stage alone. A run is stopped after two minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
megabytes=${1:-1000} runs=${2:-5}
work=target/bench real=../shared/data
mkdir -p "$work"

cargo build --release --quiet -p rdpwhy
cargo build --release --quiet -p rdpwhy-forge
cargo build --release --quiet -p rdpwhy-logs --example repeat_chunks
[ -x target/evtx_dump/bin/evtx_dump ] ||
    cargo install evtx --version 0.15.1 --locked --quiet --root target/evtx_dump
rdpwhy=target/release/rdpwhy dump=target/evtx_dump/bin/evtx_dump repeat=target/release/examples/repeat_chunks

# repeated NAME FROM: a large log of that name.
repeated() {
    [ -f "$2" ] || { echo "skipped: $1 (no $2)" >&2; return; }
    "$repeat" "$2" "$work/$1.evtx" "$megabytes"
    logs+=("$1")
}

logs=()
rm -rf "$work/forged"
target/release/rdpwhy-forge --out "$work/forged" samples >/dev/null
host="$work/forged/password-attack/host"
core='Microsoft-Windows-RemoteDesktopServices-RdpCoreTS%4Operational.evtx'
repeated forged-security "$host/Security.evtx"
repeated forged-system "$work/forged/healthy/host/System.evtx"
repeated forged-core "$host/$core"
if [ -d "$real" ]; then
    repeated real-security "$real/evtx-crate/security.evtx"
    repeated real-system "$real/evtx-crate/system.evtx"
    repeated real-core "$real/rdp/rdpcorets_148_mst120_bluekeep_rpdscan_full.evtx"
else
    echo "skipped: logs that Windows wrote (no $real)" >&2
fi
if [ ! -d "$work/small" ]; then
    mkdir "$work/small"
    # One byte behind the last chunk makes each a log of its own.
    for number in $(seq 2000); do
        { cat "$work/forged/healthy/host/System.evtx"; printf '%d' "$number"; } >"$work/small/$number.evtx"
    done
fi

# once FILE COMMAND…: appends wall seconds, CPU seconds and peak kilobytes.
once() {
    local to=$1; shift
    # A diagnosis of a damaged log ends with status 1; the figures count all the same.
    command time -q -a -o "$to" -f '%e %U %S %M' timeout 120 "$@" >/dev/null 2>&1 || true
}
median() { awk -v column="$2" '{ print column == 2 ? $2 + $3 : $column }' "$1" | sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }
stage() { timeout 120 "$rdpwhy" diagnose --quiet --timings --threads "$2" "$1" 2>&1 >/dev/null | awk '$1 == "read" { print $2 / 1000 }'; }
count() { timeout 120 "$rdpwhy" diagnose --quiet --format json "$1" 2>/dev/null | grep -o '"records": *[0-9][0-9]*' | awk '{ n += $2 } END { print n + 0 }'; }

printf '%-16s %7s %8s %8s %8s %8s %8s %10s %8s %8s %8s\n' log threads read_s wall_s cpu_s peak_MB MB/s records/s dump_s dump_cpu cpu_ratio
for log in "${logs[@]}" small; do
    path="$work/$log.evtx"
    [ "$log" = small ] && path="$work/small"
    bytes=$(find "$path" -type f -printf '%s\n' | awk '{ n += $1 } END { print n }')
    for threads in 1 2; do
        ours="$work/ours.txt" theirs="$work/theirs.txt"
        rm -f "$ours" "$theirs"
        read=$(stage "$path" "$threads")
        for _ in $(seq "$runs"); do
            once "$ours" "$rdpwhy" diagnose --quiet --threads "$threads" "$path"
            [ "$log" = small ] || once "$theirs" "$dump" -o jsonl -t "$threads" "$path"
        done
        wall=$(median "$ours" 1) cpu=$(median "$ours" 2) peak=$(median "$ours" 4)
        dump_wall=- dump_cpu=-
        [ "$log" = small ] || { dump_wall=$(median "$theirs" 1); dump_cpu=$(median "$theirs" 2); }
        awk -v log_="$log" -v threads="$threads" -v read="$read" -v wall="$wall" -v cpu="$cpu" -v peak="$peak" -v bytes="$bytes" \
            -v records="$(count "$path")" -v dump_wall="$dump_wall" -v dump_cpu="$dump_cpu" 'BEGIN {
            ratio = dump_cpu == "-" ? "-" : sprintf("%.2f", cpu / dump_cpu)
            printf "%-16s %7d %8.2f %8.2f %8.2f %8.0f %8.0f %10.0f %8s %8s %8s\n", log_, threads, read, wall, cpu, peak / 1024,
                bytes / 1e6 / wall, records / wall, dump_wall, dump_cpu, ratio }'
    done
done
