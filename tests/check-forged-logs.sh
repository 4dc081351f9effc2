#!/bin/sh
# Reads every .evtx file below a folder with two independent readers and fails on the slightest complaint.
#
#   tests/check-forged-logs.sh [FOLDER]          (default: samples)
#
# libyal's pyevtx and python-evtx are installed from PyPI into a virtual environment of their own, once; set VENV to
# put it elsewhere. Exit status 0: every record of every file was read; 1: a fault was found; 2: it could not run.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
folder=${1:-$here/../samples}
venv=${VENV:-${CARGO_TARGET_DIR:-$here/../target}/evtx-readers}

[ -d "$folder" ] || { echo "check-forged-logs: no folder $folder" >&2; exit 2; }
if [ ! -f "$venv/ready" ]; then
    python3 -m venv "$venv" || { echo "check-forged-logs: python3 cannot make a virtual environment" >&2; exit 2; }
    "$venv/bin/pip" install --quiet --disable-pip-version-check libevtx-python python-evtx \
        || { echo "check-forged-logs: the readers could not be installed" >&2; exit 2; }
    touch "$venv/ready"
fi
exec "$venv/bin/python" "$here/check_forged_logs.py" "$folder"
