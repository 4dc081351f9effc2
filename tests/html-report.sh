#!/usr/bin/env bash
# Opens HTML reports of three samples, and of a hostile one, in a headless Chromium: no message on the console, no request,
# no serious fault found by axe-core, nothing wider than the window; printed on A4 and on Letter, the checklist is the first
# page and the whole report follows; attempts are sorted and filtered; the charts are drawn by Mermaid itself. Screenshots
# and printed pages go to the folder given, or to target/html-report.
#
# Needs Debian's packages chromium, nodejs, npm and poppler-utils, which it installs when it may, and the
# network once, for npm.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-target/html-report}
mkdir -p "$out"
out=$(cd "$out" && pwd)

need() { command -v "$1" >/dev/null || missing+=("$2"); }
missing=()
need chromium chromium
need node nodejs
need npm npm
need pdftoppm poppler-utils
if ((${#missing[@]})); then
  echo "installing ${missing[*]}" >&2
  apt-get install -y --no-install-recommends "${missing[@]}" >&2
fi

modules=target/html-report-modules
mkdir -p "$modules"
cp tests/html-report/package.json "$modules/"
PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm install --prefix "$modules" --no-audit --no-fund --silent >&2

cargo build --quiet
mkdir -p "$out/hostile"
node -e '
  const fs = require("node:fs");
  const quoted = fs.readFileSync("tests/html-report/evil.json", "utf8").trimEnd();
  const long = quoted.replace(/"$/, "A".repeat(30_000) + "\"");
  const ticket = fs.readFileSync("tests/html-report/hostile.yml", "utf8").replace(/^#.*\n/gm, "");
  process.stdout.write(ticket.replaceAll("@EVIL@", () => quoted).replaceAll("@LONG@", () => long));
' > "$out/hostile/ticket.yml"
cargo run --quiet -p rdpwhy-forge -- "$out/hostile"
report() { target/debug/rdpwhy -q "$2" --format html -o "$out/$1.html"; target/debug/rdpwhy -q "$2" --format mermaid -o "$out/$1.mmd"; }
for sample in key-inaccessible two-causes no-rdp-records; do report "$sample" "samples/$sample/logs"; done
report hostile "$out/hostile/logs"

NODE_PATH="$modules/node_modules" node tests/html-report/look.cjs "$out" key-inaccessible two-causes no-rdp-records hostile
