#!/usr/bin/env bash
# Builds the Python package and runs its tests and its type checks in an environment of their own, target/python/venv. Those of
# fleets run on a local Ray, where Ray can be had.
# RDPWHY_FLEET=no leaves them out: they kill workers and wait for them, which a machine with other work takes long for.
#
# Needs Python 3.9 or newer with venv, and the network once, for PyPI. Exit status 3: that is not here.
set -euo pipefail
cd "$(dirname "$0")/.."
no() { echo "the Python package is not tested: $*" >&2; exit 3; }
command -v python3 >/dev/null || no 'python3 is missing'
python3 -c 'import sys, venv; sys.exit(sys.version_info < (3, 9))' 2>/dev/null || no 'Python 3.9 or newer with venv is missing'

at=$PWD/target/python
mkdir -p "$at"
if [ ! -e "$at/venv/complete" ]; then
    rm -rf "$at/venv"
    python3 -m venv "$at/venv"
    "$at/venv/bin/pip" install --quiet --disable-pip-version-check 'maturin>=1.9,<2' pytest mypy polars pyarrow pandas pandas-stubs \
        || no 'maturin, pytest or mypy cannot be had from PyPI'
    touch "$at/venv/complete"
fi
if [ "${RDPWHY_FLEET:-yes}" = no ]; then
    echo 'the tests of fleets are left out (RDPWHY_FLEET=no)' >&2
elif [ ! -e "$at/venv/fleet" ]; then
    if "$at/venv/bin/pip" install --quiet --disable-pip-version-check 'ray[data]>=2.30' 'fsspec[http]' duckdb s3fs 'moto[server,s3]'; then
        touch "$at/venv/fleet"
    else
        echo 'Ray, DuckDB, s3fs or moto cannot be had from PyPI: the tests that need them are skipped' >&2
    fi
fi
export PATH=$at/venv/bin:$PATH CARGO_TARGET_DIR=$at/target
cargo fetch --quiet --manifest-path engine/python/Cargo.toml --locked || no 'its crates cannot be had'
rm -rf "$at/wheels"
(cd engine/python && maturin build --quiet --profile dev --locked --out "$at/wheels")
pip install --quiet --disable-pip-version-check --force-reinstall --no-deps "$at"/wheels/rdpwhy-*.whl
CARGO_TARGET_DIR=$PWD/target cargo build --quiet
# From elsewhere: the package that is installed is tested, not the folder of its sources.
cd "$at"
python -m pytest --quiet -rs -p no:cacheprovider "$OLDPWD/engine/python/tests"
python -m mypy --strict --config-file "$OLDPWD/engine/python/pyproject.toml" -p rdpwhy --cache-dir "$at/mypy"
python -m mypy --strict --cache-dir "$at/mypy" "$OLDPWD/engine/python/tests/typed.py"
