#!/usr/bin/env bash
# How long a whole diagnosis takes, and how much memory, beside what `openssl dgst -sha256` needs to read the same bytes and
# evtx_dump to print the same records, both on one thread; and how both grow with the size of a log, with the attempts in it,
# and with the number of files. Instructions, which do not depend on what else the machine
# does, are counted by the long tests: tests/instructions/counts.tsv.
#
#   scripts/bench.sh                measures all inputs but the largest
#   scripts/bench.sh --full         and 4 GB, 1,000,000 attempts and 10,000 files
#   scripts/bench.sh --axes         measures only logs with many computers, users, addresses, ActivityIDs or channels
#   scripts/bench.sh --crafted      measures only texts that are made to take much of whoever reads them
#   scripts/bench.sh --only NAME    measures this input, of any size: megabytes-50, core-attempts-300
#   scripts/bench.sh --list         prints the names of the inputs (with --full, of all)
#   scripts/bench.sh --report       tables and plot of what was measured before
#   scripts/bench.sh --docs         puts them into docs/performance.md and docs/growth.svg
#
#   --runs N     runs of each command, of which the median counts (5); fewer when they take long
#   --keep       leaves the inputs where they are
#
# Results are kept in target/bench/results.tsv, a line for each input at 1 and 2 threads; measuring an input again
# replaces its lines. At the end they are printed as tables, and target/bench/growth.svg is drawn.
# RDPWHY=… and EVTX_DUMP=… name binaries to measure instead of those built or installed here.
#
# The logs are made of forged ones, and of ones that Windows wrote where ../shared/data holds them; one input at a time
# is on the disk. Needs bash, awk, GNU time, openssl, and zip for one input; installs evtx_dump below target/.
set -euo pipefail
cd "$(dirname "$0")/.."

# --- Settings --------------------------------------------------------------------------------------------------------
megabytes=(10 100 1000) largest_megabytes=4000
attempts=(10 100 1000 10000 100000) largest_attempts=1000000
core_attempts=(10 100 1000 10000 100000)
files=(1 10 100 1000) largest_files=10000
axes=(computers users addresses activities channels pairs) axis_counts=(1000 10000 100000)
crafted=(tiny-xml deep-xml machines-xml empty-jsonl array-json deep-json keys-json open-csv columns-csv rows-csv lines-txt pasted-txt)
crafted_megabytes=(1 4 16)
large=300       # megabytes of the logs that are compared with each other
runs=5
patience=60     # seconds after which a command is not run once more
limit=1800      # seconds after which a run is stopped
spare=2000      # megabytes that stay free on the disk
every=2         # seconds between two guesses
batch=20000     # guesses forged at a time: some 400 MB of memory
per_session=2000 # guesses for each session of a user
work=target/bench real=../shared/data results=$work/results.tsv
rdpwhy=${RDPWHY:-target/release/rdpwhy} dump=${EVTX_DUMP:-target/evtx_dump/bin/evtx_dump}
forge=target/release/rdpwhy-forge repeat=target/release/examples/repeat_chunks
declare -A log_of=(
    [Security]=Security
    [core]=Microsoft-Windows-RemoteDesktopServices-RdpCoreTS%4Operational
    [rcm]=Microsoft-Windows-TerminalServices-RemoteConnectionManager%4Operational
    [lsm]=Microsoft-Windows-TerminalServices-LocalSessionManager%4Operational
)

# --- Inputs ----------------------------------------------------------------------------------------------------------
# The names say what an input is:
#   forged-…, real-…       a large log of one channel; -zip packed, -rules with 3,000 rules more
#   megabytes-N            so many megabytes of refused sign-ins, one in 2 seconds: a Security log
#   real-megabytes-N       so many megabytes of a Security log that Windows wrote
#   attempts-N             Security, RemoteConnectionManager and LocalSessionManager of so many guesses
#   core-attempts-N        RdpCoreTS as well, which is nine tenths of the bytes
#   all-attempts-N         attempts-N with room for all of their records
#   files-N                refused sign-ins in so many logs of one chunk each
#   quiet-system           a System log of services that start and stop: of its records, one in a hundred is kept
#   tickets                the logs of each sample, a run for each
#   html-N                 attempts-N as HTML
#   computers-N, users-N … a log in JSON with so many of them (scripts/bench/axis.awk)
#   crafted-KIND-N         so many megabytes of a text that is made to take much (scripts/bench/crafted.awk)
of_axes() {
    local axis
    for axis in "${axes[@]}"; do printf "$axis-%s\n" "${axis_counts[@]}"; done
}

of_crafted() {
    local kind
    for kind in "${crafted[@]}"; do printf "crafted-$kind-%s\n" "${crafted_megabytes[@]}"; done
}

names() {
    [ -z "$axes_only" ] || { of_axes; return; }
    [ -z "$crafted_only" ] || { of_crafted; return; }
    echo forged-security forged-security-zip forged-security-rules forged-system forged-core quiet-system tickets html-100000
    [ ! -d "$real" ] || echo real-security real-system real-core
    printf 'megabytes-%s\n' "${megabytes[@]}"
    [ ! -d "$real" ] || printf 'real-megabytes-%s\n' "${megabytes[@]}"
    printf 'core-attempts-%s\n' "${core_attempts[@]}"
    local count
    for count in "${attempts[@]}"; do
        echo "attempts-$count"
        # Up to there all records fit anyway.
        [ "$count" -le 400000 ] || echo "all-attempts-$count"
    done
    printf 'files-%s\n' "${files[@]}"
    of_axes
    of_crafted
}

# is_axis NAME
is_axis() { case " ${axes[*]} " in *" ${1%-*} "*) true ;; *) false ;; esac; }

path_of() {
    ! is_axis "$1" || { echo "$work/$1.jsonl"; return; }
    local kind=${1%-*}
    case $1 in
        crafted-*) echo "$work/$1.${kind##*-}" ;;
        all-attempts-*) echo "$work/${1#all-}" ;;
        html-*) echo "$work/attempts-${1#html-}" ;;
        tickets) echo "$work/tickets" ;;
        *attempts-* | files-*) echo "$work/$1" ;;
        *-zip) echo "$work/$1.zip" ;;
        *-rules) echo "$work/${1%-rules}.evtx" ;;
        *) echo "$work/$1.evtx" ;;
    esac
}

# Megabytes of disk that making the input takes.
room_for() {
    local count=${1##*-}
    ! is_axis "$1" || { echo $((count * 15 / 10000)); return; }
    case $1 in
        *megabytes-* | crafted-*) echo "$count" ;;
        core-attempts-*) echo $((count * 92 / 10000)) ;;
        *attempts-* | html-*) echo $((count * 11 / 10000)) ;;
        tickets) echo 100 ;;
        files-*) echo $((count * 132 / 1000)) ;;
        *) echo $((large * 2)) ;;
    esac
}

# make NAME PATH
make() {
    local count=${1##*-} base=$work/base/host
    ! is_axis "$1" || { awk -v axis="${1%-*}" -v count="$count" -f scripts/bench/axis.awk >"$2"; return; }
    case $1 in
        crafted-*)
            local kind=${1#crafted-}
            awk -v kind="${kind%-*}" -v megabytes="$count" -f scripts/bench/crafted.awk >"$2"
            ;;
        forged-security-zip)
            "$repeat" "$base/Security.evtx" "$work/forged-security.evtx" "$large"
            (cd "$work" && zip -q -1 - forged-security.evtx) >"$2"
            rm "$work/forged-security.evtx"
            ;;
        forged-security*) "$repeat" "$base/Security.evtx" "$2" "$large" ;;
        forged-core) "$repeat" "$base/${log_of[core]}.evtx" "$2" "$large" ;;
        forged-system)
            "$forge" --out "$work/healthy" samples/healthy/ticket.yml >/dev/null
            "$repeat" "$work/healthy/healthy/host/System.evtx" "$2" "$large"
            ;;
        quiet-system)
            mkdir -p "$work/quiet"
            services >"$work/quiet/ticket.yml"
            "$forge" --out "$work/quiet/logs" "$work/quiet/ticket.yml" >/dev/null
            "$repeat" "$work/quiet/logs/quiet/host/System.evtx" "$2" "$large"
            ;;
        tickets) "$forge" --out "$2" $(find samples -name ticket.yml | sort) >/dev/null ;;
        real-security) "$repeat" "$real/evtx-crate/security.evtx" "$2" "$large" ;;
        real-system) "$repeat" "$real/evtx-crate/system.evtx" "$2" "$large" ;;
        real-core) "$repeat" "$real/rdp/rdpcorets_148_mst120_bluekeep_rpdscan_full.evtx" "$2" "$large" ;;
        megabytes-*) "$repeat" "$base/Security.evtx" "$2" "$count" ;;
        real-megabytes-*) "$repeat" "$real/evtx-crate/security.evtx" "$2" "$count" ;;
        core-attempts-*) forge_attempts "$2" "$count" Security rcm lsm core ;;
        attempts-* | all-attempts-* | html-*) forge_attempts "$2" "$count" Security rcm lsm ;;
        files-*)
            "$repeat" "$base/Security.evtx" "$work/to-split.evtx" $((count * 65536 / 1000000 + 1))
            "$repeat" --split "$work/to-split.evtx" "$2" "$count"
            rm "$work/to-split.evtx"
            ;;
        *) echo "unknown input: $1 (see --list)" >&2; return 2 ;;
    esac
}

# A host whose services start and stop every half minute; among a hundred of these records one is about its clock.
services() {
    cat <<END
title: Services start and stop
story: As a System log is most of the time.
start: 2026-01-05T00:00:00Z
machines: { host: { computer: SRV-RDS01.contoso.local } }
collected: { host: [System] }
events:
  - { at: +0s, on: host, shape: service-state-7036, service: [wuauserv, BITS, AppXSvc, TrustedInstaller, WdiSystemHost], display: [Windows Update, Background Intelligent Transfer Service, AppX Deployment Service, Windows Modules Installer, Diagnostic System Host], repeat: 20000, every: 30s }
  - { at: +13s, on: host, shape: clock-changed-1, old: "+0.4s", repeat: 200, every: 50m }
expect: { verdict: inconclusive }
END
}

# forge_attempts FOLDER COUNT CHANNEL…: the logs of a host at which passwords are guessed so often, batch after batch,
# because the forge holds a ticket in memory. Each batch begins where the one before ended, also in record ids.
forge_attempts() {
    local folder=$1 count=$2 from=0 size channel log
    shift 2
    while [ "$from" -lt "$count" ]; do
        size=$((count - from < batch ? count - from : batch))
        rm -rf "$work/batch"
        mkdir -p "$work/batch/ticket" "$folder/host"
        ticket "$folder" "$from" "$size" "$@" >"$work/batch/ticket/ticket.yml"
        "$forge" --out "$work/batch/logs" "$work/batch/ticket/ticket.yml" >/dev/null
        for channel in "$@"; do
            log="host/${log_of[$channel]}.evtx"
            "$repeat" --append "$work/batch/logs/ticket/$log" "$folder/$log"
        done
        from=$((from + size))
    done
    rm -rf "$work/batch"
}

# ticket FOLDER FROM COUNT CHANNEL…: these guesses, from 4,999 addresses with 997 names in turn (no two of these numbers
# have a divisor in common, so nothing keeps pace with the sessions), and among them the sessions of seven users at work,
# each half as long as the time until the next.
ticket() {
    local folder=$1 from=$2 count=$3 channel log id
    shift 3
    cat <<END
title: Passwords are guessed, from guess $from on
story: As many guesses as the measurement asks for.
start: $(date -u -d "@$((1767571200 + from * every))" +%FT%TZ)
machines: { host: { computer: SRV-RDS01.contoso.local } }
collected: { host: [$(IFS=,; echo "$*")] }
logs:
END
    for channel in "$@"; do
        log="$folder/host/${log_of[$channel]}.evtx" id=1
        # The header of a log says which record comes next.
        [ ! -f "$log" ] || id=$(od -An --endian=little -tu8 -j24 -N8 "$log" | tr -d ' ')
        echo "  - { on: host, channels: [$channel], first_record_id: $id }"
    done
    awk -v from="$from" -v count="$count" -v every="$every" -v per_session="$per_session" 'BEGIN {
        for (n = 0; n < 4999; n++) {
            turn = (from + n) % 4999
            addresses = addresses sprintf("%s203.0.%d.%d", n ? ", " : "", turn % 100, turn / 100 + 1)
        }
        for (n = 0; n < 997; n++) names = names sprintf("%suser%d", n ? ", " : "", (from + n) % 997 + 1)
        sessions = int((count + per_session - 1) / per_session)
        apart = count * every / sessions
        who = "user: [anna, ben, clara, david, emma, finn, greta], " \
            "address: [10.0.0.5, 10.0.0.17, 10.0.4.102, 10.0.4.9, 10.0.7.61, 10.0.7.62, 10.0.9.3], activity: session"
        repeated = "repeat: %d, every: %.1fs"
        print "events:"
        printf "  - { at: +0s, on: host, scene: guess, " repeated ", jitter: 0.1s, user: [%s], address: [%s] }\n", count, every, names, addresses
        printf "  - { at: +1s, on: host, scene: mstsc-logon, " repeated ", jitter: 0.9s, %s }\n", sessions, apart, who
        printf "  - { at: +%.1fs, on: host, scene: user-disconnect, " repeated ", %s }\n", 1 + apart / 2, sessions, apart, who
        print "expect: { verdict: diagnosed }"
    }'
}

# 3,000 signals more: one in a hundred looks at the records of a forged Security log, the others at providers that write
# nothing there.
more_rules() {
    local number provider id
    [ -d "$work/rules/signals" ] && return
    mkdir -p "$work/rules/signals"
    for number in $(seq 3000); do
        provider="Contoso-Service-$number" id=$number
        [ $((number % 100)) -ne 0 ] || { provider=Microsoft-Windows-Security-Auditing; id=4625; }
        printf 'title: Rule %d\nname: more-%d\nstatus: test\ndescription: One of many.\nlogsource: { product: windows, service: security }\ndetection:\n  record:\n    Provider_Name: %s\n    EventID: %d\n    TargetUserName: nobody-%d\n  condition: record\nlevel: low\n' \
            "$number" "$number" "$provider" "$id" "$number" >"$work/rules/signals/more-$number.yml"
    done
}

# --- Measuring -------------------------------------------------------------------------------------------------------
# repeated FILE COMMAND…: runs it a few times; a line of wall, user and system seconds and peak kilobytes for each.
repeated() {
    local to=$1 run began=$SECONDS
    shift
    rm -f "$to"
    for run in $(seq "$runs"); do
        [ "$run" = 1 ] || [ $((SECONDS - began)) -lt "$patience" ] || break
        # A diagnosis of a damaged log ends with status 1; the figures count all the same.
        command time -q -a -o "$to" -f '%e %U %S %M' timeout "$limit" "$@" >/dev/null 2>&1 || true
    done
}

# median FILE COLUMN; column 2 is user and system time together.
median() {
    awk -v column="$2" '{ print column == 2 ? $2 + $3 : $column }' "$1" | sort -n |
        awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'
}

columns='input kind count threads runs bytes records attempts wall_s read_s cpu_s peak_mb mb_per_s records_per_s cpu_s_per_gb hash_cpu_s hash_ratio dump_cpu_s cpu_ratio binary'

# measure NAME PATH
measure() {
    local name=$1 path=$2 ours=$work/ours.txt theirs=$work/theirs.txt threads bytes hash_cpu=- dump_cpu=- more=() format=() run
    case $name in
        html-*) format=(--format html) ;;
        all-attempts-*) more=(--max-events 10000000) ;;
        *-rules) more_rules; more=(--rules "$work/rules") ;;
    esac
    bytes=$(find "$path" -type f -printf '%s\n' | awk '{ n += $1 } END { print n }')
    # On one thread: with two, evtx_dump itself takes more CPU time, and a hash has no use for a second one.
    repeated "$theirs" find "$path" -type f -exec openssl dgst -sha256 '{}' +
    hash_cpu=$(median "$theirs" 2)
    # evtx_dump reads neither archives nor text.
    if [ -d "$path" ] || [ "${path%.evtx}" != "$path" ]; then
        # It takes one log at a time.
        repeated "$theirs" find "$path" -name '*.evtx' -exec "$dump" -o jsonl -t 1 '{}' ';'
        dump_cpu=$(median "$theirs" 2)
    fi
    for threads in 1 2; do
        # This run also brings the input into the page cache.
        timeout "$limit" "$rdpwhy" diagnose --quiet --timings --width 160 --threads "$threads" ${more[@]+"${more[@]}"} "$path" \
            >"$work/report.txt" 2>"$work/timings.txt" || true
        run=("$rdpwhy" diagnose --quiet --threads "$threads" ${more[@]+"${more[@]}"} ${format[@]+"${format[@]}"})
        # Each sample is a ticket of its own.
        [ "$name" != tickets ] || run=(find "$path" -mindepth 1 -maxdepth 1 -exec "${run[@]}" '{}' ';')
        [ "$name" = tickets ] || run+=("$path")
        repeated "$ours" "${run[@]}"
        [ -f "$results" ] || tr ' ' '\t' <<<"$columns" >"$results"
        awk -F'\t' -v input="$name" -v threads="$threads" '$1 != input || $4 != threads' "$results" >"$results.new"
        awk -v OFS='\t' -v input="$name" -v threads="$threads" -v runs="$(wc -l <"$ours")" -v bytes="$bytes" \
            -v records="$(sed -n 's/^Searched .* \([0-9,]*\) records.*/\1/p' "$work/report.txt" | tr -d ,)" \
            -v attempts="$(sed -n 's/.*: \([0-9,]* failed attempts\).*/\1/p' "$work/report.txt" | head -n 1)" \
            -v wall="$(median "$ours" 1)" -v read="$(awk '$1 == "read" { print $2 / 1000 }' "$work/timings.txt")" \
            -v cpu="$(median "$ours" 2)" -v peak="$(median "$ours" 4)" -v hash_cpu="$hash_cpu" -v dump_cpu="$dump_cpu" \
            -v binary="$(sha256sum "$rdpwhy" | cut -c1-8)" '
            function per(a, b) { return b > 0 ? sprintf("%.2f", a / b) : "-" }
            BEGIN {
                kind = input; count = "-"
                if (match(input, /-[0-9]+$/)) { kind = substr(input, 1, RSTART - 1); count = substr(input, RSTART + 1) }
                print input, kind, count, threads, runs, bytes, records, attempts == "" ? "-" : attempts, wall, read, cpu,
                    sprintf("%.1f", peak / 1024), per(bytes / 1e6, wall), per(records, wall), per(cpu, bytes / 1e9),
                    hash_cpu, per(cpu, hash_cpu), dump_cpu, dump_cpu == "-" ? "-" : per(cpu, dump_cpu), binary
            }' >>"$results.new"
        mv "$results.new" "$results"
        tail -n 1 "$results" | awk -F'\t' '{ printf "%-24s %d threads: %8.2f s wall %8.2f s CPU %7.0f MB  %s records  %s\n", $1, $4, $9, $11, $12, $7, $8 }'
    done
}

held=
# release PATH: removes the input on the disk, unless it is this one.
release() {
    [ -n "$keep" ] || [ -z "$held" ] || [ "$held" = "$1" ] || rm -rf "$held"
    held=$1
}

# run NAME: makes the input, if there is room for it, and measures it.
run() {
    local path need free
    path=$(path_of "$1")
    release "$path"
    if [ ! -e "$path" ]; then
        need=$(($(room_for "$1") + spare)) free=$(df --output=avail -m "$work" | tail -n 1)
        if [ "$need" -gt "$free" ]; then
            echo "skipped: $1 (needs $need MB on the disk, $((free)) are free)" >&2
            return
        fi
        # An input half made is none.
        rm -rf "$path.part"
        make "$1" "$path.part"
        mv "$path.part" "$path"
    fi
    measure "$1" "$path"
}

build() {
    # Without it every figure would be that of a command which is not found.
    [ -z "${RDPWHY:-}" ] || [ -x "$rdpwhy" ] || { echo "no program to measure: $rdpwhy" >&2; exit 2; }
    [ -n "${RDPWHY:-}" ] || cargo build --release --quiet -p rdpwhy
    [ -z "$axes_only$crafted_only" ] || return 0
    cargo build --release --quiet -p rdpwhy-forge
    cargo build --release --quiet -p rdpwhy-logs --example repeat_chunks
    [ -x "$dump" ] || cargo install evtx --version 0.15.1 --locked --quiet --root target/evtx_dump
    [ -d "$work/base" ] || forge_attempts "$work/base" 10000 Security rcm lsm core
}

report() {
    # In the order of the table: by kind and count.
    (head -n 1 "$results"; tail -n +2 "$results" | sort -t "$(printf '\t')" -k2,2 -k3,3n -k4,4n) >"$results.sorted"
    awk -f scripts/bench/tables.awk "$results.sorted" | tee "$work/tables.md"
    awk -f scripts/bench/plot.awk "$results.sorted" >"$work/growth.svg"
    rm "$results.sorted"
    printf '\nPlotted in %s\n' "$work/growth.svg"
}

# The tables go between the two lines of docs/performance.md that say so.
to_docs() {
    report >/dev/null
    awk -v tables="$work/tables.md" '
        /^<!-- tables end -->$/ { inside = 0; while ((getline line < tables) > 0) print line; print "" }
        !inside
        /^<!-- tables of scripts\/bench.sh -->$/ { inside = 1; print "" }' docs/performance.md >"$work/performance.md"
    cp "$work/performance.md" docs/performance.md
    cp "$work/growth.svg" docs/growth.svg
}

# --- What is asked for -----------------------------------------------------------------------------------------------
keep='' only='' axes_only='' crafted_only='' task=measure
while [ $# -gt 0 ]; do
    case $1 in
        --full)
            megabytes+=("$largest_megabytes") attempts+=("$largest_attempts") files+=("$largest_files") ;;
        --axes) axes_only=yes ;;
        --crafted) crafted_only=yes ;;
        --only) only=${2:?"--only needs the name of an input"}; shift ;;
        --runs) runs=${2:?"--runs needs a number"}; shift ;;
        --keep) keep=yes ;;
        --list) task=list ;;
        --report | --docs) task=${1#--} ;;
        *) sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
    esac
    shift
done

mkdir -p "$work"
case $task in
    list) names | tr ' ' '\n'; exit ;;
    report) report; exit ;;
    docs) to_docs; exit ;;
esac
build
[ -d "$real" ] || echo "skipped: logs that Windows wrote (no $real)" >&2
for name in ${only:-$(names)}; do run "$name"; done
release ''
report
echo "Binary: $(stat -c %s "$rdpwhy") bytes; help in $(for _ in $(seq 20); do command time -f %e "$rdpwhy" --help 2>&1 >/dev/null; done | sort -n | sed -n 10p) s"
