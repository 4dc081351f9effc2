# shellcheck shell=bash
# Functions that get what this machine's Rust lacks to build for other systems; to be sourced.
#
# With `rustup target add TARGET` nothing else is needed. Where rustup cannot download, Debian's packages of a newer Rust with its sources
# (rustc-web, rust-web-src) build the standard library too, beside the toolchain of the machine, which stays as it is; the package
# ziglang of PyPI has a C compiler and linker for all targets. What is fetched is kept in $RDPWHY_TOOLCHAINS.

RDPWHY_TOOLCHAINS=${RDPWHY_TOOLCHAINS:-${XDG_CACHE_HOME:-$HOME/.cache}/rdpwhy/toolchains}
ZIG_VERSION=0.17.1
ZIGBUILD_VERSION=0.24.0

# has_std TARGET: the machine's Rust has the standard library for it.
has_std() {
    local folder
    folder=$(rustc --print target-libdir --target "$1" 2>/dev/null) || return 1
    compgen -G "$folder/libstd-*.rlib" >/dev/null
}

# anonymous: flags for rustc that keep the folders of this machine, whose names messages of panics would tell, out of what is built.
anonymous() {
    local folder
    cargo fetch --quiet --locked >&2
    for folder in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*; do remap "$folder" crates; done
    remap "$RDPWHY_TOOLCHAINS/debian-rust/usr/lib/rustlib/src/rust" rust
    remap "$PWD" rdpwhy
}

# remap FOLDER NAME: cargo splits flags at spaces, so a folder with one stays as it is.
remap() {
    if [[ $1 != *' '* ]]; then printf -- ' --remap-path-prefix=%s=%s' "$1" "$2"; fi
}

# debian_rust [--offline]: Debian's newer Rust, with sources and a C library for WASI; prints why not.
debian_rust() {
    local at=$RDPWHY_TOOLCHAINS/debian-rust
    [ -x "$at/usr/bin/rustc" ] && [ -e "$at/complete" ] && return
    [ "${1:-}" != --offline ] || { echo "Debian's Rust is not in $at"; return 1; }
    { command -v apt-get && command -v dpkg-deb; } >/dev/null || { echo 'apt-get and dpkg-deb are missing'; return 1; }
    rm -rf "$at"
    mkdir -p "$at/packages"
    (
        cd "$at/packages"
        chmod 755 .
        if [ "$(id -u)" = 0 ]; then apt-get update -qq; fi
        # All from one run: the compiler and its sources have to be of one version.
        apt-get download -qq rustc-web rust-web-src libstd-rust-web-dev libllvm22 wasi-libc
        apt-get download -qq "$(dpkg-deb -f libstd-rust-web-dev_*.deb Depends | grep -o 'libstd-rust-web-[0-9.]*[0-9]' | head -1)"
        for package in *.deb; do dpkg-deb -x "$package" ..; done
    ) >&2 || { echo "Debian's packages rustc-web and rust-web-src cannot be had"; return 1; }
    rm -rf "$at/packages"
    touch "$at/complete"
}

# zig [--offline]: Zig and cargo-zigbuild from PyPI; prints why not.
zig() {
    local at=$RDPWHY_TOOLCHAINS/zig
    [ -e "$at/complete" ] && return
    [ "${1:-}" != --offline ] || { echo "Zig is not in $at"; return 1; }
    rm -rf "$at"
    { python3 -m venv "$at" && "$at/bin/pip" install --quiet --disable-pip-version-check \
        "ziglang==$ZIG_VERSION" "cargo-zigbuild==$ZIGBUILD_VERSION"; } >&2 || { echo 'ziglang and cargo-zigbuild cannot be had from PyPI'; return 1; }
    touch "$at/complete"
}

# wasi_libc: puts Debian's C library for WASI where Rust looks for it, with what it lacks for this Rust; needs both of the above.
wasi_libc() {
    local at=$RDPWHY_TOOLCHAINS/debian-rust/usr to
    to=$at/lib/rustlib/wasm32-wasip1/lib/self-contained
    [ web/wasi-libc.c -ot "$to/libc.a" ] && return
    mkdir -p "$to"
    cp "$at"/lib/wasm32-wasi/crt1-*.o "$at/lib/wasm32-wasi/libc.a" "$to/"
    local zig=("$RDPWHY_TOOLCHAINS/zig/bin/python" -m ziglang)
    "${zig[@]}" cc -target wasm32-wasi -O2 -c web/wasi-libc.c -o "$to/wasi-libc.o"
    "${zig[@]}" ar rs "$to/libc.a" "$to/wasi-libc.o" 2>/dev/null
    touch "$to/libc.a"
}

# use_debian_rust: builds with Debian's Rust from now on.
use_debian_rust() {
    local at=$RDPWHY_TOOLCHAINS/debian-rust
    # Its linker for WebAssembly is the one of the machine's Rust.
    PATH=$PATH:$(rustc --print sysroot)/lib/rustlib/$(rustc -vV | sed -n 's/^host: //p')/bin
    export PATH RUSTC=$at/usr/bin/rustc RUSTC_BOOTSTRAP=1
    export LD_LIBRARY_PATH=$at/usr/lib/x86_64-linux-gnu${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
}

# use_zig: finds Zig and cargo-zigbuild from now on.
use_zig() {
    export PATH=$RDPWHY_TOOLCHAINS/zig/bin:$PATH
}
