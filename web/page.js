// The page: what the user gives becomes the arguments and files of one run of the program, and what it writes is shown.
"use strict";

const FORMATS = { html: "text/html", md: "text/markdown", json: "application/json" };
const $ = (id) => document.getElementById(id);
// What was chosen: { label, size, files: [{ path, blob }] }.
let chosen = [];
let worker, packed, reports = {}, address;

// --- What is missing in this browser -----------------------------------------------------------------------------------

function missing() {
  const needed = { WebAssembly: globalThis.WebAssembly, Worker: globalThis.Worker, DecompressionStream: globalThis.DecompressionStream };
  return Object.keys(needed).filter((name) => !needed[name]);
}

function unusable(why) {
  $("unusable").textContent = `This page does not work in this browser: ${why}.\n`
    + "Use a current Edge, Chrome, Firefox or Safari, or the command rdpwhy.";
  $("unusable").hidden = false;
  $("go").disabled = true;
}

// --- What is given ----------------------------------------------------------------------------------------------------

function size(bytes) {
  const units = ["bytes", "KB", "MB", "GB"];
  const power = Math.min(units.length - 1, bytes > 0 ? Math.floor(Math.log10(bytes) / 3) : 0);
  return `${(bytes / 1000 ** power).toFixed(power > 1 ? 1 : 0)} ${units[power]}`;
}

/** Adds a file or a folder under a name of its own. */
function add(name, files) {
  const taken = new Set(chosen.map((one) => one.name));
  let own = name;
  for (let number = 2; taken.has(own); number += 1) { own = `${number}/${name}`; }
  const placed = files.map(({ path, blob }) => ({ path: `in/${own}${path}`, blob }));
  const bytes = files.reduce((sum, file) => sum + file.blob.size, 0);
  const count = files.length === 1 && files[0].path === "" ? "" : `${files.length} files, `;
  chosen.push({ name: own, label: `${name} (${count}${size(bytes)})`, files: placed });
  list();
}

function list() {
  $("chosen").replaceChildren(...chosen.map((one) => {
    const [line, label, button] = ["li", "span", "button"].map((tag) => document.createElement(tag));
    label.className = "label";
    label.textContent = one.label;
    button.type = "button";
    button.textContent = "Remove";
    button.setAttribute("aria-label", `Remove ${one.label}`);
    button.onclick = () => {
      chosen = chosen.filter((other) => other !== one);
      list();
      $("pick-files").focus();
    };
    line.append(label, button);
    return line;
  }));
}

/** Files of a folder that the user picked: their paths begin with its name. */
function addFolder(files) {
  const folders = new Map();
  for (const file of files) {
    const [name, ...rest] = file.webkitRelativePath.split("/");
    if (!folders.has(name)) { folders.set(name, []); }
    folders.get(name).push({ path: `/${rest.join("/")}`, blob: file });
  }
  folders.forEach((inside, name) => add(name, inside));
}

/** The files below an entry that was dropped, with their paths. */
async function below(entry, path) {
  if (entry.isFile) { return [{ path, blob: await new Promise((done, fail) => entry.file(done, fail)) }]; }
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const entries = await new Promise((done, fail) => reader.readEntries(done, fail));
    if (entries.length === 0) { return found; }
    for (const inner of entries) { found.push(...await below(inner, `${path}/${inner.name}`)); }
  }
}

async function dropped(event) {
  event.preventDefault();
  document.body.classList.remove("over");
  // All of them now: they are gone once anything is waited for. What has no entry may still be a file.
  const items = [...event.dataTransfer.items].filter((item) => item.kind === "file");
  const entries = items.map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const files = entries.length > 0 ? [] : [...event.dataTransfer.files];
  const text = event.dataTransfer.getData("text/plain");
  try {
    for (const entry of entries) { add(entry.name, await below(entry, "")); }
    for (const file of files) { add(file.name, [{ path: "", blob: file }]); }
  } catch (error) {
    fault(`The browser cannot read what was dropped (${error?.message ?? error}).`);
  }
  if (items.length === 0 && text) {
    $("pasted").value = text;
    $("pasted").closest("details").open = true;
  }
}

// --- A run ------------------------------------------------------------------------------------------------------------

/** What the page carries in an element, still packed; the element is emptied. */
function carried(id) {
  const text = atob($(id).textContent);
  $(id).textContent = "";
  return new Blob([Uint8Array.from(text, (letter) => letter.charCodeAt(0))]);
}

async function licenses({ target }) {
  const place = target.querySelector("pre");
  if (place.textContent !== "") { return; }
  const stream = carried("licenses-packed").stream().pipeThrough(new DecompressionStream("gzip"));
  place.textContent = await new Response(stream).text();
}

/** Runs the program; gives what it wrote, or nothing if it was cancelled. */
function run(args, files) {
  return new Promise((done) => {
    address ??= URL.createObjectURL(new Blob([$("worker").textContent], { type: "text/javascript" }));
    try {
      worker ??= new Worker(address);
    } catch (error) {
      done({ kind: "unusable", fault: String(error?.message ?? error) });
      return;
    }
    worker.onmessage = ({ data }) => (data.kind === "progress" ? progress(data) : done(data));
    worker.onerror = (event) => done({ kind: "unusable", fault: event.message || "it starts no worker for this page" });
    $("cancel").onclick = () => { stop(); done(undefined); };
    packed ??= carried("program");
    worker.postMessage({ program: packed, args, files });
  });
}

/** Ends the worker; the next run starts another one. */
function stop() {
  worker?.terminate();
  worker = undefined;
}

function progress({ read, total }) {
  if (read < total) {
    $("bar").value = total > 0 ? read / total : 0;
    $("phase").textContent = `Reading: ${size(read)} of ${size(total)}`;
  } else {
    $("bar").removeAttribute("value");
    $("phase").textContent = "Diagnosing";
  }
}

/** Shows one of the views: form, working, explained or answer. */
function show(view) {
  for (const id of ["form", "working", "explained", "answer"]) { $(id).hidden = id !== view; }
  document.body.classList.toggle("read", view === "answer");
  $("fault").hidden = true;
  const title = { working: "working-title", explained: "explained-title" }[view];
  if (title) { $(title).focus(); }
}

function fault(text) {
  show("form");
  $("fault").textContent = text;
  $("fault").hidden = false;
  $("fault").scrollIntoView({ block: "nearest" });
}

function options() {
  const typed = [...document.querySelectorAll("[data-option]")].filter((field) => field.value.trim() !== "");
  const flags = [...document.querySelectorAll("[data-flag]")].filter((field) => field.checked);
  return [...typed.map((field) => `${field.dataset.option}=${field.value.trim()}`), ...flags.map((field) => field.dataset.flag)];
}

/** What the program said, in the words of this page: no paths of its own, and labels instead of options. */
function said(text) {
  let words = text.replace(/^error: /m, "").replaceAll("/in/", "");
  for (const field of document.querySelectorAll("[data-option]")) {
    const label = document.querySelector(`label[for="${field.id}"]`).textContent;
    words = words.replace(new RegExp(`'${field.dataset.option} <[A-Z]+>'`, "g"), `“${label}”`);
    words = words.replace(new RegExp(`${field.dataset.option}(?![\\w-])`, "g"), `“${label}”`);
  }
  return words.replace(/\n+For more information.*$/s, "").trim();
}

/** Why a run gave nothing; nothing if it gave something. */
function failed(answer) {
  if (answer.kind === "unusable") {
    stop();
    unusable(answer.fault);
    return "This page does not work in this browser.";
  }
  if (answer.fault) {
    stop();
    const memory = /memory|allocation/i.test(answer.fault + answer.stderr);
    return memory
      ? "The browser has too little memory for these logs. Give only the logs of the days in question, or use the command rdpwhy."
      : `The program failed: ${said(answer.stderr) || answer.fault}`;
  }
  return answer.status > 1 ? said(answer.stderr) || "There is no report." : undefined;
}

async function diagnose() {
  const pasted = $("pasted").value.trim();
  const files = chosen.flatMap((one) => one.files);
  const names = chosen.map((one) => one.name);
  if (pasted) {
    files.push({ path: "in/pasted.txt", blob: new Blob([$("pasted").value]) });
    names.push("pasted.txt");
  }
  if (names.length === 0) { return explain(); }
  show("working");
  progress({ read: 0, total: 1 });
  const args = ["batch-case", "--folder=/out", "--formats=html,markdown,json", "--quiet", "--threads=1", ...options(), "--"];
  const answer = await run([...args, ...names.map((name) => `/in/${name}`)], files);
  if (!answer) { return show("form"); }
  const why = failed(answer);
  if (why) { return fault(why); }
  reports = Object.fromEntries(Object.keys(FORMATS).map((format) => [format, answer.written[format]]));
  document.body.dataset.milliseconds = Math.round(answer.milliseconds);
  document.body.dataset.memory = answer.memory;
  show("answer");
  $("partial").hidden = answer.status !== 1;
  $("report").srcdoc = new TextDecoder().decode(reports.html);
  $("report").focus();
}

async function explain() {
  const [code, extended] = [$("error").value.trim(), $("extended").value.trim()];
  if (!code && !extended) { return fault("Give logs, or an error code to explain."); }
  show("working");
  const answer = await run(["explain", ...[code, extended].filter(Boolean)], []);
  if (!answer) { return show("form"); }
  const why = failed(answer);
  if (why) { return fault(why); }
  $("explanation").textContent = answer.stdout;
  show("explained");
}

async function collect(side) {
  const answer = await run(["script", "collect", "--side", side], []);
  const why = answer && failed(answer);
  if (why) { return fault(why); }
  if (answer) { save(`collect-${side}.ps1`, answer.stdout, "text/plain"); }
}

function save(name, content, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

// --- Wiring -----------------------------------------------------------------------------------------------------------

function start() {
  const lacks = missing();
  if (lacks.length > 0) { unusable(`it has no ${lacks.join(", ")}`); }
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && zone !== "UTC") { $("tz").value = zone; }
  $("tz").placeholder = "UTC";
  $("licenses").ontoggle = licenses;
  $("pick-files").onclick = () => $("files").click();
  $("pick-folder").onclick = () => $("folder").click();
  $("files").onchange = ({ target }) => {
    [...target.files].forEach((file) => add(file.name, [{ path: "", blob: file }]));
    target.value = "";
  };
  $("folder").onchange = ({ target }) => {
    addFolder([...target.files]);
    target.value = "";
  };
  document.ondragover = (event) => { event.preventDefault(); document.body.classList.add("over"); };
  document.ondragleave = (event) => { if (!event.relatedTarget) { document.body.classList.remove("over"); } };
  document.ondrop = dropped;
  $("form").onsubmit = (event) => { event.preventDefault(); diagnose(); };
  for (const button of document.querySelectorAll(".again")) { button.onclick = () => { show("form"); $("go").focus(); }; }
  for (const button of document.querySelectorAll(".collect")) { button.onclick = () => collect(button.dataset.side); }
  for (const button of document.querySelectorAll(".save")) {
    const { format } = button.dataset;
    const name = () => ($("case").value.trim().replace(/[^\w.-]+/g, "_") || "report");
    button.onclick = () => save(`rdpwhy-${name()}.${format}`, reports[format], FORMATS[format]);
  }
}

start();
