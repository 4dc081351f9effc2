#!/usr/bin/env bash
# Makes the packages of all crates, as `cargo publish` would upload them, in target/package: scripts/package.sh [OPTION…]
#
# A package can only have files from its own folder, so the rules and the shapes of records are copied there first.
# (Links in the repository would do, but Windows checks them out as text.)
set -euo pipefail
cd "$(dirname "$0")/.."
copies=(engine/rules/rules engine/forge/samples)
trap 'rm -rf "${copies[@]}"' EXIT
rm -rf "${copies[@]}"
cp -R rules engine/rules/rules
mkdir engine/forge/samples
cp -R samples/shapes.yml samples/scenes.yml samples/compose engine/forge/samples/
cargo package --workspace --exclude rdpwhy-testkit --exclude rdpwhy-xtask --no-verify --allow-dirty "$@"
