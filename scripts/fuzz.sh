#!/usr/bin/env bash
# Fuzzes one target: scripts/fuzz.sh TARGET [SECONDS], by default for ten minutes. fuzz/README.md lists the targets.
#
# Needs cargo-fuzz (cargo install cargo-fuzz --locked).
set -euo pipefail
cd "$(dirname "$0")/../fuzz"
target=${1:?usage: scripts/fuzz.sh TARGET [SECONDS]}
folders=("corpus/$target")
mkdir -p "${folders[0]}"
# Not every target has first inputs.
if [ -d "seeds/$target" ]; then folders+=("seeds/$target"); fi
# Lets the stable toolchain use the compiler's coverage flags.
export RUSTC_BOOTSTRAP=1
# Files that the reader is given stay in memory.
if [ -d /dev/shm ]; then export TMPDIR=/dev/shm; fi
cargo fuzz run "$target" "${folders[@]}" -- -max_total_time="${2:-600}" -timeout=10 -rss_limit_mb=1024
