// Runs the program. It is started once and compiles the program once; each run gets a fresh memory.
"use strict";

// Milliseconds between two reports of progress.
const PAUSE = 100;
let program;

async function compiled(packed) {
  const stream = packed.stream().pipeThrough(new DecompressionStream("gzip"));
  return WebAssembly.compile(await new Response(stream).arrayBuffer());
}

/** The folder of the files given, each of them read when the program asks for it. */
function inputs(files, seen) {
  const root = new Folder();
  const reader = new FileReaderSync();
  for (const { path, blob } of files) {
    const parts = path.split("/").filter((part) => part !== "" && part !== "." && part !== "..");
    const name = parts.pop();
    let folder = root;
    for (const part of parts) {
      if (!folder.entries.has(part)) { folder.entries.set(part, new Folder()); }
      folder = folder.entries.get(part);
    }
    const slice = (start, end) => new Uint8Array(reader.readAsArrayBuffer(blob.slice(start, end)));
    folder.entries.set(name, new Given(blob.size, slice, seen));
  }
  return root;
}

/** Tells the page how far the program is, but not too often. */
function teller(total) {
  let read = 0, last = 0;
  return (bytes) => {
    read += bytes;
    const now = performance.now();
    if (now - last > PAUSE) {
      last = now;
      postMessage({ kind: "progress", read: Math.min(read, total), total });
    }
  };
}

function run({ args, files }) {
  const total = files.reduce((sum, file) => sum + file.blob.size, 0);
  const root = inputs(files, teller(total));
  const out = new Folder();
  root.entries.set("out", out);
  root.entries.set("tmp", new Folder());
  const system = new System(["rdpwhy", ...args], root);
  const started = performance.now();
  const answer = { kind: "done", status: null, fault: "" };
  try {
    answer.status = system.run(program);
  } catch (error) {
    answer.fault = String(error?.message ?? error);
  }
  answer.milliseconds = performance.now() - started;
  answer.memory = system.memory?.buffer.byteLength ?? 0;
  answer.stdout = system.out.text();
  answer.stderr = system.err.text();
  answer.written = Object.fromEntries([...out.entries].map(([name, node]) => [name, node.bytes()]));
  postMessage(answer, Object.values(answer.written).map((bytes) => bytes.buffer));
}

onmessage = async ({ data }) => {
  try {
    program ??= await compiled(data.program);
  } catch (error) {
    postMessage({ kind: "unusable", fault: String(error?.message ?? error) });
    return;
  }
  run(data);
};
