// Puts the page together as one file: assemble.mjs PROGRAM.wasm LICENSES.txt VERSION OUTPUT.html
//
// Everything is inside, also the program, so that the page needs no request at all and works from a disk. Its policy
// names the hashes of its own script and style and of those of the reports that it shows.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const [program, licenses, version, output] = process.argv.slice(2);
const here = (name) => readFileSync(new URL(name, import.meta.url), "utf8");
const packed = (file) => gzipSync(readFileSync(file), { level: 9 }).toString("base64");
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

const [style, script] = [here("page.css"), here("page.js")];
const [reportStyle, reportScript] = ["style.css", "script.js"].map((name) => here(`../engine/report/src/html/${name}`));
const policy = [
  "default-src 'none'",
  `script-src ${hash(script)} ${hash(reportScript)} 'wasm-unsafe-eval'`,
  `style-src ${hash(style)} ${hash(reportStyle)}`,
  "worker-src blob:",
  "img-src data:",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

const parts = {
  POLICY: policy,
  STYLE: style,
  SCRIPT: script,
  WORKER: here("wasi.js") + here("worker.js"),
  PROGRAM: packed(program),
  LICENSES: packed(licenses),
  VERSION: version,
};
for (const name of ["SCRIPT", "WORKER", "STYLE"]) {
  if (/<\/(script|style)|<!--/i.test(parts[name])) { throw new Error(`${name} would end its element`); }
}
const page = here("index.html").replace(/@([A-Z]+)@/g, (_, name) => parts[name]);
writeFileSync(output, page);
console.log(`${output}: ${(page.length / 1e6).toFixed(1)} MB, of which the program ${(parts.PROGRAM.length / 1e6).toFixed(1)} MB`);
