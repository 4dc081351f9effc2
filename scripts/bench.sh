#!/usr/bin/env bash
# How long a whole diagnosis takes, and how much memory, beside what evtx_dump needs to print the same records.
#
#   scripts/bench.sh [MB] [RUNS]      megabytes of each large log (1000), runs of each command (5)
#
# Makes its logs from forged tickets, and from real ones where ../shared/data holds them, by repeating whole chunks;
# `small` is 2,000 logs of a chunk each, `zip` an archive of the first large log, `+3000` the same log with 3,000 rules
# more. Needs bash, awk, zip and GNU time; installs evtx_dump below target/. Prints medians; CPU is user + system time,
# `read_s` the wall time of the reading stage alone. A run is stopped after two minutes.
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

# attempts COUNT: the logs of a host at which passwords were guessed so often; prints the folder.
attempts() {
    local to="$work/attack-$1"
    if [ ! -d "$to" ]; then
        mkdir -p "$work/tickets/attack-$1"
        awk -v count="$1" 'BEGIN {
            print "title: Passwords are guessed\nstory: As many guesses as the measurement asks for.\nstart: 2026-03-09T08:00:00Z"
            print "machines: { host: { computer: SRV-RDS01.contoso.local } }"
            print "logs: [{ on: host, channels: [Security, rdp], from: -3d, until: +6h }]\nevents:"
            printf "  - { at: -60h, on: host, scene: guess, user: \"user{n}\", repeat: %d, every: %.2fs, jitter: 0.1s, address: [", count, 200000 / count
            for (n = 0; n < 2000; n++) printf "%s203.0.%d.%d", n ? ", " : "", n % 100, n / 100 + 1
            print "] }"
            print "  - { at: +1h, on: host, scene: cut-before-authentication, address: 10.0.0.5, repeat: 3, every: 2m }"
            print "expect: { verdict: diagnosed }"
        }' >"$work/tickets/attack-$1/ticket.yml"
        target/release/rdpwhy-forge --out "$work" "$work/tickets/attack-$1/ticket.yml" >/dev/null
    fi
    echo "$to"
}

# 3,000 signals more: one in a hundred looks at the records of the first large log, the others at providers that write nothing there.
more_rules() {
    [ -d "$work/rules/signals" ] && return
    mkdir -p "$work/rules/signals"
    for number in $(seq 3000); do
        provider="Contoso-Service-$number" id=$number
        [ $((number % 100)) -ne 0 ] || { provider=Microsoft-Windows-Security-Auditing; id=4625; }
        printf 'title: Rule %d\nname: more-%d\nstatus: test\ndescription: One of many.\nlogsource: { product: windows, service: security }\ndetection:\n  record:\n    Provider_Name: %s\n    EventID: %d\n    TargetUserName: nobody-%d\n  condition: record\nlevel: low\n' \
            "$number" "$number" "$provider" "$id" "$number" >"$work/rules/signals/more-$number.yml"
    done
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
    attempts 20000 >/dev/null
    for log in "$work"/attack-20000/host/*RdpCoreTS*.evtx "$work"/attack-20000/host/Security.evtx; do
        "$repeat" --split "$log" "$work/small" 1000
    done
fi
first=${logs[0]}
if [ ! -f "$work/zip.zip" ] || [ "$work/$first.evtx" -nt "$work/zip.zip" ]; then
    command -v zip >/dev/null || apt-get install -y zip >/dev/null
    rm -f "$work/zip.zip"
    (cd "$work" && zip -q -1 zip.zip "$first.evtx")
fi
more_rules

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
for log in "${logs[@]}" small zip +3000; do
    path="$work/$log.evtx" more=() dumped=yes
    case $log in
        small) path="$work/small" dumped= ;;
        zip) path="$work/zip.zip" dumped= ;;
        +3000) path="$work/$first.evtx" more=(--rules "$work/rules") ;;
    esac
    bytes=$(find "$path" -type f -printf '%s\n' | awk '{ n += $1 } END { print n }')
    for threads in 1 2; do
        ours="$work/ours.txt" theirs="$work/theirs.txt"
        rm -f "$ours" "$theirs"
        read=$(stage "$path" "$threads")
        for _ in $(seq "$runs"); do
            once "$ours" "$rdpwhy" diagnose --quiet --threads "$threads" ${more[@]+"${more[@]}"} "$path"
            [ -z "$dumped" ] || once "$theirs" "$dump" -o jsonl -t "$threads" "$path"
        done
        wall=$(median "$ours" 1) cpu=$(median "$ours" 2) peak=$(median "$ours" 4)
        dump_wall=- dump_cpu=-
        [ -z "$dumped" ] || { dump_wall=$(median "$theirs" 1); dump_cpu=$(median "$theirs" 2); }
        awk -v log_="$log" -v threads="$threads" -v read="$read" -v wall="$wall" -v cpu="$cpu" -v peak="$peak" -v bytes="$bytes" \
            -v records="$(count "$path")" -v dump_wall="$dump_wall" -v dump_cpu="$dump_cpu" 'BEGIN {
            ratio = dump_cpu == "-" ? "-" : sprintf("%.2f", cpu / dump_cpu)
            printf "%-16s %7d %8.2f %8.2f %8.2f %8.0f %8.0f %10.0f %8s %8s %8s\n", log_, threads, read, wall, cpu, peak / 1024,
                bytes / 1e6 / wall, records / wall, dump_wall, dump_cpu, ratio }'
    done
done

echo
echo "binary: $(stat -c %s "$rdpwhy") bytes; help: $(for _ in $(seq 20); do command time -f %e "$rdpwhy" --help 2>&1 >/dev/null; done | sort -n | sed -n 10p) s"

# Growth: what a step costs has to stay the same.
growth() { # growth WHAT COUNT PATH
    local file="$work/growth.txt"
    rm -f "$file"
    once "$file" "$rdpwhy" diagnose --quiet "$3"
    awk -v what="$1" -v count="$2" '{ printf "%-10s %10d %8.2f %8.0f %10.2f\n", what, count, $2 + $3, $4 / 1024, ($2 + $3) * 1e6 / count }' "$file"
}
printf '\n%-10s %10s %8s %8s %10s\n' growth count cpu_s peak_MB us_each
for megabytes in 10 100 1000 ${GROW_TO:-}; do
    "$repeat" "$host/Security.evtx" "$work/growth.evtx" "$megabytes"
    growth megabytes "$megabytes" "$work/growth.evtx"
done
rm -f "$work/growth.evtx"
for count in 10 100 1000 10000 100000 ${ATTEMPTS_TO:-}; do
    growth attempts "$count" "$(attempts "$count")"
done
for count in 1 10 100 1000 2000; do
    rm -rf "$work/some"
    mkdir "$work/some"
    find "$work/small" -name '*.evtx' | sort | head -n "$count" | xargs cp -t "$work/some"
    growth files "$count" "$work/some"
done
