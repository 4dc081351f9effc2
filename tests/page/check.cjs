// Uses the page in Chromium as a person would and says what is wrong: check.cjs PAGE.html FOLDER [STEP…]
// FOLDER has the inputs; in it, expected/NAME.json is what the command says about NAME. Screenshots go to FOLDER/shots.
"use strict";
const fs = require("node:fs");
const http = require("node:http");
const os = require("node:os");
const path = require("node:path");
const { chromium } = require("playwright-core");

const [pageFile, folder, ...only] = process.argv.slice(2);
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const shots = path.join(folder, "shots");
const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--disable-quic"];
const faults = [];
let passed = 0;

function check(what, holds, detail = "") {
  if (holds) { passed += 1; } else { faults.push(`${what}${detail ? `: ${detail}` : ""}`); }
}

// A page that notes what it should not do: requests after it has loaded, messages on the console, errors.
async function open(browser, url, options = {}) {
  const context = await browser.newContext({ acceptDownloads: true, timezoneId: "UTC", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const note = (what) => faults.push(`${url}: ${what}`);
  page.on("console", (message) => note(`console: ${message.text()}`));
  page.on("pageerror", (error) => note(`error: ${error.message}`));
  page.on("request", (request) => {
    // What a page makes itself and shows is no request: the worker, and files to save.
    if (request.url() !== url && !/^(blob|data|about):/.test(request.url())) { note(`request: ${request.url()}`); }
  });
  await page.goto(url);
  return page;
}

const input = (name) => path.join(folder, "inputs", name);

async function submit(page) {
  await page.click("#go");
  await page.waitForSelector("#answer:not([hidden]), #fault:not([hidden]), #explained:not([hidden])", { timeout: 300_000 });
}

async function saved(page, format) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(`.save[data-format=${format}]`)]);
  return fs.readFileSync(await download.path(), "utf8");
}

const report = (page) => page.frameLocator("#report").locator("main");
const figures = (page) => page.evaluate(() => ({ ms: Number(document.body.dataset.milliseconds), mb: Number(document.body.dataset.memory) / 2 ** 20 }));

// The report is the command's, byte for byte, and its own script runs.
async function sample(browser, url, name) {
  const page = await open(browser, url, { permissions: ["clipboard-write", "clipboard-read"] });
  await page.setInputFiles("#files", input(`${name}.zip`));
  await submit(page);
  const expected = fs.readFileSync(path.join(folder, "expected", `${name}.json`), "utf8");
  check(`${name}: JSON is the command's`, await saved(page, "json") === expected);
  const markdown = fs.readFileSync(path.join(folder, "expected", `${name}.md`), "utf8");
  check(`${name}: Markdown is the command's`, await saved(page, "md") === markdown);
  const html = fs.readFileSync(path.join(folder, "expected", `${name}.html`), "utf8");
  check(`${name}: HTML is the command's`, await saved(page, "html") === html);
  await report(page).waitFor();
  const buttons = page.frameLocator("#report").locator("button.copy:visible");
  check(`${name}: the report's script runs`, await buttons.count() > 0);
  await page.screenshot({ path: path.join(shots, `answer-${name}.png`) });
  const { ms, mb } = await figures(page);
  console.log(`${name}: ${Math.round(ms)} ms, ${Math.round(mb)} MB of memory`);
  await page.context().close();
}

async function samples(browser, url) {
  for (const name of ["key-inaccessible", "password-attack", "vpn-lost"]) { await sample(browser, url, name); }
}

async function folderAndTicket(browser, url) {
  const page = await open(browser, url);
  await page.setInputFiles("#folder", input("logs"));
  await page.fill("#error", "0x904");
  await page.fill("#extended", "0x7");
  await page.fill("#at", "2026-03-09 08:30");
  await submit(page);
  const expected = fs.readFileSync(path.join(folder, "expected", "folder.json"), "utf8");
  check("a folder with a ticket: JSON is the command's", await saved(page, "json") === expected);
  await page.context().close();
}

async function pasted(browser, url) {
  const page = await open(browser, url);
  await page.click("summary:has-text('Paste')");
  await page.fill("#pasted", fs.readFileSync(input("pasted.txt"), "utf8"));
  await submit(page);
  const expected = fs.readFileSync(path.join(folder, "expected", "pasted.json"), "utf8");
  check("pasted text: JSON is the command's", await page.isVisible("#answer") && await saved(page, "json") === expected);
  await page.context().close();
}

// A second input on the same page, after an error: nothing is left of the first.
async function broken(browser, url) {
  const page = await open(browser, url);
  await page.setInputFiles("#files", input("damaged.evtx"));
  await submit(page);
  const expected = fs.readFileSync(path.join(folder, "expected", "damaged.json"), "utf8");
  check("a damaged log: JSON is the command's", await saved(page, "json") === expected);
  check("a damaged log: the page says that it is incomplete", await page.isVisible("#partial"));
  await page.click("#answer .again");
  await page.click("#chosen button");
  await page.setInputFiles("#files", input("photo.png"));
  await submit(page);
  const said = await page.textContent("#fault");
  check("a picture: an error that names it", /photo\.png/.test(said) && !/--|\/in\//.test(said), said);
  await page.screenshot({ path: path.join(shots, "error-1280.png"), fullPage: true });
  await page.click("#chosen button");
  await page.fill("#error", "nonsense");
  await page.setInputFiles("#files", input("damaged.evtx"));
  await submit(page);
  const code = await page.textContent("#fault");
  check("a faulty code: an error that names the field", /Error code/.test(code) && !/--error/.test(code), code);
  await page.context().close();
}

async function bomb(browser, url) {
  const page = await open(browser, url);
  await page.setInputFiles("#files", input("bomb.zip"));
  await submit(page);
  const expected = fs.readFileSync(path.join(folder, "expected", "bomb.json"), "utf8");
  const got = await saved(page, "json");
  check("a bomb: JSON is the command's", got === expected);
  check("a bomb: it is not unpacked to its end", /--max-archive-ratio/.test(got) && await page.isVisible("#partial"));
  const { ms, mb } = await figures(page);
  check("a bomb: memory stays below 256 MB", mb < 256, `${mb} MB`);
  console.log(`bomb of 1 GB in 1 MB: ${(ms / 1000).toFixed(1)} s, ${Math.round(mb)} MB of memory`);
  await page.context().close();
}

async function large(browser, url) {
  const page = await open(browser, url);
  page.setDefaultTimeout(300_000);
  await page.setInputFiles("#files", input("large.evtx"));
  const started = Date.now();
  await page.click("#go");
  await page.waitForFunction(() => document.getElementById("bar").value > 0.05, undefined, { polling: 200 });
  await page.screenshot({ path: path.join(shots, "working-1280.png"), fullPage: true });
  await page.setViewportSize({ width: 400, height: 800 });
  await page.screenshot({ path: path.join(shots, "working-400.png"), fullPage: true });
  await page.waitForSelector("#answer:not([hidden])", { timeout: 300_000 });
  const { ms, mb } = await figures(page);
  const expected = fs.readFileSync(path.join(folder, "expected", "large.json"), "utf8");
  check("a large log: JSON is the command's", await saved(page, "json") === expected);
  check("a large log: memory stays below 1 GB", mb < 1024, `${mb} MB`);
  const bytes = fs.statSync(input("large.evtx")).size;
  console.log(`large log of ${Math.round(bytes / 1e6)} MB: ${(ms / 1000).toFixed(1)} s (${((Date.now() - started) / 1000).toFixed(1)} s with everything), ${Math.round(mb)} MB of memory`);
  await page.context().close();
}

async function cancelled(browser, url) {
  const page = await open(browser, url);
  await page.setInputFiles("#files", input("large.evtx"));
  await page.click("#go");
  await page.click("#cancel");
  check("cancelling brings the form back", await page.isVisible("#form"));
  await page.click("#chosen button");
  await page.setInputFiles("#files", input("key-inaccessible.zip"));
  await submit(page);
  check("after cancelling, a diagnosis works", await page.isVisible("#answer"));
  await page.context().close();
}

async function withoutLogs(browser, url) {
  const page = await open(browser, url);
  await submit(page);
  check("nothing given: said so", /error code/.test(await page.textContent("#fault")));
  await page.fill("#error", "0x904");
  await submit(page);
  check("a code is explained", /0x904/.test(await page.textContent("#explanation")));
  await page.click("#explained .again");
  await page.click("#how summary");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("[data-side=host]")]);
  const script = fs.readFileSync(await download.path(), "utf8");
  check("the script for the host is the command's", script === fs.readFileSync(path.join(folder, "expected", "collect-host.ps1"), "utf8"));
  await page.click("#licenses summary");
  await page.waitForFunction(() => document.querySelector("#licenses pre").textContent.includes("MIT"));
  await page.context().close();
}

// Even what runs in the page cannot reach anything, nor can its worker or the report.
async function locked(browser, url) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  const tries = await page.evaluate(async () => {
    const caught = (promise) => promise.then(() => "sent", () => "refused");
    return [await caught(fetch("https://example.invalid/x")), await caught(fetch(location.href))];
  });
  check("the policy refuses connections", tries[0] === "refused" && tries[1] === "refused", tries.join());
  await context.close();
}

async function dropped(browser, url) {
  const page = await open(browser, url);
  const bytes = fs.readFileSync(input("key-inaccessible.zip")).toString("base64");
  await page.evaluate((text) => {
    const file = new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], "key-inaccessible.zip");
    const data = new DataTransfer();
    data.items.add(file);
    document.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  }, bytes);
  await page.waitForSelector("#chosen li");
  await submit(page);
  const expected = fs.readFileSync(path.join(folder, "expected", "key-inaccessible.json"), "utf8");
  check("a dropped archive: JSON is the command's", await saved(page, "json") === expected);
  await page.context().close();
}

async function accessible(page, name) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, { iframes: false }));
  for (const fault of found.violations) {
    const where = fault.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(", ");
    const text = `${name}: ${fault.impact}: ${fault.help}: ${where}`;
    if (["serious", "critical"].includes(fault.impact)) { faults.push(text); } else { console.log(`note: ${text}`); }
  }
  console.log(`${name}: axe-core passes ${found.passes.length} rules`);
  passed += 1;
}

async function looks(browser, url) {
  for (const [width, scheme] of [[1280, "light"], [400, "light"], [1280, "dark"], [400, "dark"]]) {
    const page = await open(browser, url, { viewport: { width, height: 900 }, colorScheme: scheme });
    const shot = (name) => page.screenshot({ path: path.join(shots, `${name}-${width}${scheme === "dark" ? "-dark" : ""}.png`), fullPage: true });
    const fits = async (name) => {
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      check(`${name} fits into ${width} px`, wider <= 0, `${wider} px too wide`);
    };
    await shot("empty");
    await fits("the form");
    await page.evaluate(() => { for (const more of document.querySelectorAll("details")) { more.open = true; } });
    await shot("open");
    await fits("the open form");
    await page.setInputFiles("#files", input("photo.png"));
    await submit(page);
    await shot("error");
    await page.click("#chosen button");
    await page.setInputFiles("#files", input("key-inaccessible.zip"));
    await submit(page);
    await report(page).waitFor();
    await shot("answer");
    await fits("the answer");
    await page.context().close();
  }
}

async function axes(browser, url) {
  for (const scheme of ["light", "dark"]) {
    const context = await browser.newContext({ bypassCSP: true, colorScheme: scheme });
    const page = await context.newPage();
    await page.goto(url);
    await page.evaluate(() => { for (const more of document.querySelectorAll("details")) { more.open = true; } });
    await page.setInputFiles("#files", input("photo.png"));
    await submit(page);
    await accessible(page, `form with an error (${scheme})`);
    await page.evaluate(() => document.getElementById("working").removeAttribute("hidden"));
    await accessible(page, `working (${scheme})`);
    await page.click("#chosen button");
    await page.setInputFiles("#files", input("key-inaccessible.zip"));
    await submit(page);
    await accessible(page, `answer (${scheme})`);
    await context.close();
  }
}

// The whole way without a mouse: the files come from the dialog that the button opens.
async function keyboard(browser, url) {
  const page = await open(browser, url);
  // Asked for before the keys, whose presses take the time that Chromium needs to begin telling of dialogs.
  const opened = page.waitForEvent("filechooser");
  for (let presses = 0; presses < 20 && await page.evaluate(() => document.activeElement.id) !== "pick-files"; presses += 1) {
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  const chooser = await opened;
  await chooser.setFiles(input("key-inaccessible.zip"));
  await page.focus("#error");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#answer:not([hidden])", { timeout: 60_000 });
  check("the keyboard is enough", true);
  await page.context().close();
}

async function main() {
  fs.mkdirSync(shots, { recursive: true });
  const server = http.createServer((request, response) => {
    if (request.url !== "/rdpwhy.html") { response.writeHead(404).end(); return; }
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    fs.createReadStream(pageFile).pipe(response);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const served = `http://127.0.0.1:${server.address().port}/rdpwhy.html`;
  const onDisk = `file://${path.resolve(pageFile)}`;
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), "page-"));
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags, env: { ...process.env, HOME: profile } });
  const wanted = (step) => only.length === 0 || only.includes(step.name);
  const attempt = (step, url) => step(browser, url).catch((error) => faults.push(`${step.name}: ${url}: ${error.stack}`));
  for (const url of [onDisk, served]) {
    for (const step of [samples, folderAndTicket, pasted, broken, bomb, cancelled, withoutLogs, locked, dropped, keyboard].filter(wanted)) {
      await attempt(step, url);
    }
  }
  for (const step of [large, looks, axes].filter(wanted)) { await attempt(step, onDisk); }
  await browser.close();
  server.close();
  fs.rmSync(profile, { recursive: true });
  for (const fault of faults) { console.error(`FAULT ${fault}`); }
  console.log(`page: ${passed} passed, ${faults.length} failed`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}

main();
