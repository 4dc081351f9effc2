#!/usr/bin/env bash
# The tests that `cargo test --workspace` leaves out: those that take long (all tickets, every format, many mutations),
# and those that read logs which Windows wrote, where there are some.
#
#   scripts/test-long.sh                              the long ones
#   RDPWHY_REAL_LOGS=DIR scripts/test-long.sh         and those of real logs: DIR holds rdp/, other/ and evtx-crate/
#
# Tests of real logs have `real_logs` in their names; without the folder they fail.
set -euo pipefail
cd "$(dirname "$0")/.."
left_out=()
if [ -z "${RDPWHY_REAL_LOGS:-}" ]; then
    echo 'left out: the tests of real logs (RDPWHY_REAL_LOGS names no folder)'
    left_out=(--skip real_logs)
fi
cargo test --workspace --tests -- --ignored ${left_out[@]+"${left_out[@]}"}
