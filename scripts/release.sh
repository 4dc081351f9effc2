#!/usr/bin/env bash
# Builds what a release consists of into target/release-VERSION: archives for Linux (glibc 2.17 and newer, and a static one) and Windows,
# the page, checksums, and manifests for scoop and winget.
#
#   scripts/release.sh [--url URL] [PART…]
#
# PART is linux, linux-static, windows, native or page; by default all but native. native is what this machine's Rust builds for this
# machine, as on a runner with Windows or macOS. --url is where the archives will be downloaded from; manifests need it.
#
# Each archive has the command, manual pages, completions, the documentation, the licenses of everything in it, and a list of its
# dependencies (CycloneDX).
# A part or a step that cannot be done here is named and left out; the exit status is then 3. See docs/releasing.md.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/toolchains.sh

left_out=()
skip() { echo "left out: $*" >&2; left_out+=("$*"); }

version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 1735689600)}
out=$PWD/target/release-$version
url=
parts=()
while [ $# -gt 0 ]; do
    case $1 in
        --url) url=${2:?--url needs a value}; shift 2 ;;
        linux | linux-static | windows | native | page) parts+=("$1"); shift ;;
        *) echo "unknown part: $1" >&2; exit 2 ;;
    esac
done
# Where papers lead that are not in the archive; nowhere while nobody knows the address.
address=${url:+${url%%/releases/*}/blob/v$version}
[ ${#parts[@]} -gt 0 ] || parts=(linux linux-static windows page)

# helper NAME VERSION: a subcommand of cargo, which is installed beside the toolchains if it is missing.
helper() {
    command -v "$1" >/dev/null && return
    cargo install --quiet --locked --debug --root "$RDPWHY_TOOLCHAINS/cargo" "$1@$2" >&2
}
PATH=$PATH:$RDPWHY_TOOLCHAINS/cargo/bin
helper cargo-auditable 0.7.7 || skip 'the dependency list within the command (cargo-auditable cannot be installed)'
helper cargo-cyclonedx 0.5.9 || skip 'the lists of dependencies (cargo-cyclonedx cannot be installed)'

# compile TARGET FLAGS TOOL ARGUMENT…: builds the command with cargo, or cargo-zigbuild where TOOL is zigbuild, and stores its path in $binary.
compile() {
    local target=$1 flags=$2 tool=$3 name command=(cargo)
    shift 3
    name=$(tr a-z- A-Z_ <<< "${target%%.*}")
    if command -v cargo-auditable >/dev/null; then command+=(auditable); fi
    command+=("$tool" --release --locked -p rdpwhy --bin rdpwhy --target "$target" "$@")
    env "CARGO_TARGET_${name}_RUSTFLAGS=$flags$(anonymous)" "${command[@]}" >&2 || return
    binary=$folder/${target%%.*}/release/rdpwhy
    if [ -e "$binary.exe" ]; then binary=$binary.exe; fi
}

# sbom TARGET FILE: what the command is made of.
sbom() {
    command -v cargo-cyclonedx >/dev/null || return 0
    # The tool writes one list beside each crate's manifest.
    cargo cyclonedx --quiet --format json --target "$1" --override-filename release-sbom
    # It names folders of this machine, which are nobody's business.
    sed "s|file://$PWD|file:///rdpwhy|g" release-sbom.json > "$2"
    find . -path ./target -prune -o -name release-sbom.json -exec rm {} +
}

# pack NAME TARGET: an archive of the command in $binary.
pack() {
    local name=rdpwhy-$version-$1 target=${2%%.*} at
    at=$folder/archive/$name
    rm -rf "$at"
    mkdir -p "$at/completions"
    cp "$binary" "$at/"
    python3 scripts/release_files.py papers "$at" "$address"
    # The same for all systems, so made by a command that runs here; named as each shell expects it.
    "$here" completions bash > "$at/completions/rdpwhy.bash"
    "$here" completions zsh > "$at/completions/_rdpwhy"
    "$here" completions fish > "$at/completions/rdpwhy.fish"
    "$here" completions powershell > "$at/completions/_rdpwhy.ps1"
    python3 scripts/licenses.py "$target" > "$at/LICENSES.txt"
    sbom "$target" "$at/rdpwhy.cdx.json"
    mkdir -p "$out"
    python3 scripts/release_files.py archive "$at" "$out" "$([[ $target == *windows* ]] && echo zip || echo tar.gz)"
}

# part NAME: builds one part, in a process of its own: what it sets for its compiler ends with it.
part() (
    set -e
    # Parts for other systems share what runs on this one. Cargo does not see a change of the linker, so native is kept apart.
    folder=$PWD/target/release-$([ "$1" = native ] && echo native || echo parts)
    export CARGO_TARGET_DIR=$folder
    here=$PWD/target/debug/rdpwhy
    no() { echo "$*" > "$out/.why"; exit 3; }
    host=$(rustc -vV | sed -n 's/^host: //p')
    case $1 in
        native)
            compile "$host" "$([[ $host == *msvc ]] && echo '-C target-feature=+crt-static')" build
            pack "$host" "$host"
            ;;
        linux)
            why=$(zig) || no "$why"
            use_zig
            compile x86_64-unknown-linux-gnu.2.17 '' zigbuild
            pack x86_64-linux x86_64-unknown-linux-gnu
            ;;
        linux-static)
            [ "$host" = x86_64-unknown-linux-gnu ] || no "it needs Linux on x86-64"
            compile x86_64-unknown-linux-gnu '-C target-feature=+crt-static' build
            pack x86_64-linux-static x86_64-unknown-linux-gnu
            ;;
        windows)
            why=$(zig) || no "$why"
            use_zig
            flags=()
            if ! has_std x86_64-pc-windows-gnu; then
                why=$(debian_rust) || no "no Rust for x86_64-pc-windows-gnu: $why"
                use_debian_rust
                flags=(-Zbuild-std=std,panic_unwind)
            fi
            # Zig brings what is in these libraries under other names.
            mkdir -p "$folder/empty"
            for name in ssp ssp_nonshared gcc_eh; do printf '!<arch>\n' > "$folder/empty/lib$name.a"; done
            compile x86_64-pc-windows-gnu "-L native=$folder/empty" zigbuild "${flags[@]}"
            pack x86_64-windows x86_64-pc-windows-gnu
            ;;
        page)
            scripts/build-page.sh "$folder" || no 'the page cannot be built here'
            cp "$folder/rdpwhy.html" "$out/rdpwhy-$version-page.html"
            ;;
    esac
)

mkdir -p "$out"
cargo build --quiet --locked
for one in "${parts[@]}"; do
    rm -f "$out/.why"
    started=$SECONDS
    # Not within a condition: there the shell would go on after an error.
    set +e
    part "$one"
    status=$?
    set -e
    case $status in
        0) echo "$one: $((SECONDS - started)) s" >&2 ;;
        3) skip "$one: $(cat "$out/.why" 2>/dev/null)" ;;
        *) echo "$one failed" >&2; exit 1 ;;
    esac
    rm -f "$out/.why"
done
python3 scripts/release_files.py checksums "$out"
if [ -z "$url" ]; then
    skip 'the manifests for scoop and winget (--url is not given)'
elif compgen -G "$out/rdpwhy-*x86_64-*windows*.zip" >/dev/null; then
    python3 scripts/release_files.py manifests "$out" "$version" "$url"
else
    skip 'the manifests for scoop and winget (there is no archive for Windows)'
fi
ls -l "$out" >&2
for what in ${left_out[@]+"${left_out[@]}"}; do echo "left out: $what" >&2; done
[ ${#left_out[@]} = 0 ] || exit 3
