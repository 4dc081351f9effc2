#!/usr/bin/env bash
# 2,000 different cases, one in a hundred broken: how long `rdpwhy batch` takes and how much memory, and whether a run that is
# killed ten times at random moments and resumed has the same results at the end. With --ray, the same cases through
# rdpwhy.ray: how long, and whether the rows are the same.
#
#   scripts/bench-batch.sh               measures target/release/rdpwhy
#   scripts/bench-batch.sh --ray         and the Python package in target/python/venv (tests/python.sh makes it)
#
#   --cases N    so many cases (2000)
#   --kills N    so many kills (10)
#   --seed N     of the random moments (1)
#   --keep       leaves cases and results where they are, in target/bench-batch
#
# RDPWHY=… and FORGE=… name other binaries, PYTHON=… another Python that has the package. The cases are the tickets of samples/, forged
# again with other times and other random numbers until there are enough.
set -euo pipefail
cd "$(dirname "$0")/.."
cases=2000 kills=10 seed=1 keep='' ray=''
while [ $# -gt 0 ]; do
    case $1 in
        --cases) cases=$2; shift ;;
        --kills) kills=$2; shift ;;
        --seed) seed=$2; shift ;;
        --keep) keep=1 ;;
        --ray) ray=1 ;;
        *) sed -n '2,/^set/s/^# \{0,1\}//p' "$0"; exit 2 ;;
    esac
    shift
done
rdpwhy=${RDPWHY:-target/release/rdpwhy} forge=${FORGE:-target/release/rdpwhy-forge} python=${PYTHON:-target/python/venv/bin/python}
work=target/bench-batch
for program in "$rdpwhy" "$forge"; do
    [ -x "$program" ] || { echo "$program is missing: cargo build --release --workspace"; exit 2; }
done
fail() { echo "FAILED: $*"; exit 1; }
rm -rf "$work"
mkdir -p "$work"
trap '[ -n "$keep" ] || rm -rf "$work"' EXIT

# measured NAME COMMAND…: runs it; seconds and kilobytes are in $work/NAME.time, the status in $status.
measured() {
    local name=$1
    shift
    status=0
    command time -f '%e %M %U %S' -o "$work/$name.time" "$@" 2> "$work/$name.err" || status=$?
    [ "$status" -le 1 ] || { cat "$work/$name.err"; fail "$name: exit status $status"; }
    tail -1 "$work/$name.time" | awk -v name="$name" -v cases="$cases" \
        '{ printf "%-8s %8.1f s, %8.1f s of processor, which is %4.0f ms a case; %5.0f MB in the largest process\n", name, $1, $3 + $4, ($3 + $4) / cases * 1000, $2 / 1024 }'
}

# everything OUT: all results with their hashes.
everything() { (cd "$1" && find . -path ./.rdpwhy-batch -prune -o -type f -print0 | sort -z | xargs -0 sha256sum); }

python3 scripts/bench/many_cases.py "$work" "$cases" "$forge"
echo "$cases cases of $(du -sm "$work/tickets" | cut -f1) MB, $(nproc) cores, $("$rdpwhy" --version)"

measured batch "$rdpwhy" batch "$work/tickets" -o "$work/whole" --quiet
rows=$(wc -l < "$work/whole/cases.jsonl") failed=$(grep -vc '"error":null' "$work/whole/cases.jsonl" || true)
echo "$rows rows of cases, $(wc -l < "$work/whole/incidents.jsonl") of incidents, $(wc -l < "$work/whole/attempts.jsonl") of attempts; $failed cases failed"
[ "$rows" = "$cases" ] || fail "$rows rows for $cases cases"

seconds=$(tail -1 "$work/batch.time" | cut -d' ' -f1)
RANDOM=$seed
for ((kill = 1; kill <= kills; kill++)); do
    "$rdpwhy" batch "$work/tickets" -o "$work/killed" --quiet 2> "$work/killed.err" &
    run=$!
    sleep "$(awk -v part="$RANDOM" -v all="$seconds" -v kills="$kills" 'BEGIN { print part / 32768 * all * 1.6 / kills }')"
    kill -9 "$run" 2> "$work/killed.err" || fail "the run had ended before kill $kill"
    wait "$run" 2> "$work/killed.err" || true
    echo "kill $kill: $(find "$work/killed/.rdpwhy-batch/results" -type f 2> "$work/killed.err" | wc -l) of $cases cases done"
done
measured resumed "$rdpwhy" batch "$work/tickets" -o "$work/killed" --quiet
cmp <(everything "$work/whole") <(everything "$work/killed") || fail 'other results after the kills'
echo "after $kills kills: the same $(everything "$work/whole" | wc -l) files, byte by byte"

if [ -n "$ray" ]; then
    measured ray "$python" scripts/bench/ray_cases.py "$work/tickets" "$work/ray"
    "$python" scripts/bench/same_rows.py "$work/whole" "$work/ray"
fi
