#!/usr/bin/env bash
# Builds the page: the command for WebAssembly, in one HTML file that needs no server and makes no request.
#
#   scripts/build-page.sh [FOLDER]     writes FOLDER/rdpwhy.html; by default target/page
#   scripts/build-page.sh --check      says whether it can be built here without downloading anything
#
# Needs Node.js and Python, and Rust with the target wasm32-wasip1 (rustup target add wasm32-wasip1). Without that target it
# fetches what it needs from Debian and PyPI; see scripts/toolchains.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/toolchains.sh

no() { echo "the page is not built: $*" >&2; exit 3; }

target=wasm32-wasip1
for tool in node python3 cargo; do command -v "$tool" >/dev/null || no "$tool is missing"; done
if [ "${1:-}" = --check ]; then
    has_std $target || { why=$(debian_rust --offline && zig --offline); } || no "no Rust for $target: $why"
    exit
fi
out=${1:-target/page}
folder=${CARGO_TARGET_DIR:-target/$target}

build=(cargo build --release --locked --target "$target" --target-dir "$folder" -p rdpwhy --bin rdpwhy)
# A panic ends the program in any case, and the stack is as large as that of the threads that read elsewhere.
build+=(--config 'profile.release.panic="abort"')
flags='-C link-args=-zstack-size=8388608'
if ! has_std $target; then
    why=$(debian_rust && zig) || no "no Rust for $target: $why"
    wasi_libc
    use_debian_rust
    build+=(-Zbuild-std=std,panic_abort)
fi
CARGO_TARGET_WASM32_WASIP1_RUSTFLAGS="$flags$(anonymous)" "${build[@]}"

mkdir -p "$out"
python3 scripts/licenses.py $target > "$folder/$target/LICENSES.txt"
version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)
node web/assemble.mjs "$folder/$target/release/rdpwhy.wasm" "$folder/$target/LICENSES.txt" "$version" "$out/rdpwhy.html"
