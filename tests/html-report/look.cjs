// Opens reports in Chromium and says what is wrong with them. Arguments: the folder, then the reports' names.
"use strict";
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { execFileSync } = require("node:child_process");
const { chromium } = require("playwright-core");

const [folder, ...names] = process.argv.slice(2);
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const mermaid = path.join(path.dirname(require.resolve("mermaid")), "mermaid.min.js");
const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
const looks = [[1280, "light"], [400, "light"], [1280, "dark"], [400, "dark"]];
const faults = [];

// A page that notes what it should not do.
async function open(browser, name, url, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.on("console", (message) => faults.push(`${name}: console: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`${name}: error: ${error.message}`));
  page.on("dialog", (dialog) => { faults.push(`${name}: dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => { if (request.url() !== url) { faults.push(`${name}: request: ${request.url()}`); } });
  await page.goto(url);
  return page;
}

async function look(browser, name, width, scheme) {
  const url = `file://${folder}/${name}.html`;
  const page = await open(browser, name, url, { viewport: { width, height: 900 }, colorScheme: scheme });
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (wider > 0) { faults.push(`${name}: ${wider} px wider than a window of ${width} px`); }
  await page.screenshot({ path: path.join(folder, `${name}-${width}-${scheme}.png`), fullPage: true });
  await page.evaluate(() => { for (const more of document.querySelectorAll("details")) { more.open = true; } });
  await page.screenshot({ path: path.join(folder, `${name}-${width}-${scheme}-open.png`), fullPage: true });
  await page.context().close();
}

// axe-core is no part of the page, so its own policy has to let it in.
async function accessible(browser, name, scheme) {
  const url = `file://${folder}/${name}.html`;
  const page = await open(browser, name, url, { bypassCSP: true, colorScheme: scheme, reducedMotion: "reduce" });
  await page.evaluate(() => { for (const more of document.querySelectorAll("details")) { more.open = true; } });
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document));
  for (const fault of found.violations) {
    const grave = ["serious", "critical"].includes(fault.impact);
    const where = fault.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(", ");
    const text = `${name} (${scheme}): ${fault.impact}: ${fault.help}: ${where}`;
    if (grave) { faults.push(text); } else { console.log(`note: ${text}`); }
  }
  console.log(`${name} (${scheme}): axe-core passes ${found.passes.length} rules`);
  await page.context().close();
}

// A click on the button puts the command beside it onto the clipboard.
async function copies(browser, name) {
  const url = `file://${folder}/${name}.html`;
  const page = await open(browser, name, url, { permissions: ["clipboard-read", "clipboard-write"] });
  const button = page.locator(".command:visible button.copy").first();
  await button.click();
  await page.waitForFunction(() => document.getElementById("said").textContent !== "");
  const [wanted, got] = [await page.locator(".command:visible code").first().textContent(), await page.evaluate(() => navigator.clipboard.readText())];
  if (wanted !== got) { faults.push(`${name}: copied ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`); }
  await page.context().close();
}

// A click on a heading sorts the attempts; what is typed filters them.
async function sorts(browser, name) {
  const page = await open(browser, name, `file://${folder}/${name}.html`, {});
  await page.evaluate(() => { for (const more of document.querySelectorAll("details")) { more.open = true; } });
  const cells = (column) => page.locator(`table.sortable tbody tr:visible td:nth-child(${column})`).allTextContents();
  const all = await cells(2);
  await page.locator("table.sortable th button").nth(1).click();
  const sorted = await cells(2);
  if (sorted.join() !== [...all].sort((a, b) => a.localeCompare(b, "en", { numeric: true })).join()) { faults.push(`${name}: not sorted`); }
  await page.locator("#attempts-filter").fill("succeeded");
  const left = await cells(2);
  if (left.length === 0 || left.length >= all.length || !left.every((cell) => cell.includes("succeeded"))) { faults.push(`${name}: not filtered`); }
  await page.context().close();
}

// Whoever allows no script reads the same page.
async function scriptless(browser, name) {
  const page = await open(browser, name, `file://${folder}/${name}.html`, { javaScriptEnabled: false });
  if (await page.locator("button:visible").count() > 0) { faults.push(`${name}: buttons that do nothing`); }
  await page.context().close();
}

async function print(browser, name, format) {
  const page = await open(browser, name, `file://${folder}/${name}.html`, {});
  const pdf = path.join(folder, `${name}-${format}.pdf`);
  await page.pdf({ path: pdf, format });
  const text = (from, to) => execFileSync("pdftotext", ["-f", from, "-l", to, "-layout", pdf, "-"], { encoding: "utf8" });
  const [first, rest] = [text("1", "1"), text("2", "99")];
  for (const part of ["Checklist", "Span", "Searched", "Signature", "SHA-256"]) {
    if (!first.includes(part)) { faults.push(`${name}: ${part} is not on the first printed page of ${format}`); }
  }
  // The whole report follows, and what has to be opened on the screen is open.
  for (const part of ["What was searched", "SHA-256", "Printed, the first page"]) {
    if (!rest.includes(part)) { faults.push(`${name}: ${part} is not printed on ${format}`); }
  }
  if (rest.includes("Signature")) { faults.push(`${name}: the checklist takes more than a page of ${format}`); }
  execFileSync("pdftoppm", ["-r", "70", "-png", pdf, path.join(folder, `${name}-${format}`)]);
  await page.context().close();
}

// Mermaid reads the chart and shows every label as text.
async function chart(browser, name) {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.on("dialog", (dialog) => { faults.push(`${name}: the chart opens a dialog`); dialog.dismiss(); });
  await page.setContent("<main></main>");
  await page.addScriptTag({ path: mermaid });
  const text = fs.readFileSync(path.join(folder, `${name}.mmd`), "utf8");
  const drawn = await page.evaluate(async (source) => {
    globalThis.mermaid.initialize({ startOnLoad: false, securityLevel: "strict", maxTextSize: 1e6 });
    try {
      const { svg } = await globalThis.mermaid.render("chart", source);
      document.querySelector("main").innerHTML = svg;
      const labels = [...document.querySelectorAll(".nodeLabel, .edgeLabel")].map((label) => label.textContent);
      return { text: labels.join("\n"), nodes: document.querySelectorAll(".node").length };
    } catch (error) {
      return { error: String(error) };
    }
  }, text);
  const nodes = text.split("\n").filter((line) => /^ {4}\w+[[({]/.test(line)).length;
  if (drawn.error) { faults.push(`${name}: Mermaid: ${drawn.error}`); }
  else if (drawn.nodes !== nodes) { faults.push(`${name}: Mermaid draws ${drawn.nodes} nodes of ${nodes}`); }
  else if (/Unsupported markdown|#\d+;/.test(drawn.text)) { faults.push(`${name}: Mermaid misreads a label`); }
  await page.locator("main").screenshot({ path: path.join(folder, `${name}-mermaid.png`) });
  await context.close();
}

async function has(browser, name, selector) {
  const page = await open(browser, name, `file://${folder}/${name}.html`, {});
  const count = await page.locator(selector).count();
  await page.context().close();
  return count > 0;
}

async function main() {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), "html-report-"));
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: flags, env: { ...process.env, HOME: profile } });
  for (const name of names) {
    for (const [width, scheme] of looks) { await look(browser, name, width, scheme); }
    for (const scheme of ["light", "dark"]) { await accessible(browser, name, scheme); }
    for (const format of ["A4", "Letter"]) { await print(browser, name, format); }
    await copies(browser, name);
    if (await has(browser, name, "table.sortable")) { await sorts(browser, name); }
    await scriptless(browser, name);
    await chart(browser, name);
  }
  await browser.close();
  fs.rmSync(profile, { recursive: true });
  for (const fault of faults) { console.error(`FAULT ${fault}`); }
  console.log(faults.length === 0 ? `${names.length} reports are sound` : `${faults.length} faults`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}

main();
