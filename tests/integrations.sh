#!/usr/bin/env bash
# Runs what is in integrations/ as far as it runs without a server: OpenRelik's task, and the command line of Velociraptor's artifact.
#
# Needs the wheel that tests/python.sh makes, and the network once, for PyPI. Exit status 3: that is not here.
set -euo pipefail
cd "$(dirname "$0")/.."
no() { echo "the integrations are not tested: $*" >&2; exit 3; }
root=$PWD at=$PWD/target/python
wheel=$(ls "$at"/wheels/rdpwhy-*.whl 2>/dev/null | head -1) || true
[ -n "$wheel" ] || no 'tests/python.sh has not made the wheel'
if [ ! -e "$at/integrations/complete" ]; then
    rm -rf "$at/integrations"
    python3 -m venv "$at/integrations" 2>/dev/null || no 'Python with venv is missing'
    "$at/integrations/bin/pip" install --quiet --disable-pip-version-check celery openrelik-worker-common pytest pyyaml \
        || no 'celery or openrelik-worker-common cannot be had from PyPI'
    touch "$at/integrations/complete"
fi
"$at/integrations/bin/pip" install --quiet --disable-pip-version-check --force-reinstall --no-deps "$wheel"
for integration in openrelik velociraptor; do
    (cd "integrations/$integration" && RDPWHY_COMMAND=${RDPWHY_COMMAND:-$root/target/debug/rdpwhy} \
        PYTHONPATH=. PYTHONDONTWRITEBYTECODE=1 "$at/integrations/bin/python" -m pytest --quiet -p no:cacheprovider tests)
done
