// The system that the program runs on: folders in memory, files that are read from the user's disk piece by piece, and no
// network. It implements what rdpwhy uses of WASI preview 1; everything else answers "not supported".
"use strict";

const OK = 0, BADF = 8, EXIST = 20, INVAL = 28, ISDIR = 31, NOENT = 44, NOSYS = 52, NOTDIR = 54, NOTEMPTY = 55;
const FOLDER = 3, FILE = 4;
const CREATE = 1, FOLDER_ONLY = 2, EXCLUSIVE = 4, TRUNCATE = 8, APPEND = 1;
// Bytes read from a file at a time: each reading is a call to another process of the browser.
const PIECE = 4 << 20;
const NANOSECONDS = 1_000_000n;

/** The program called proc_exit. */
class Exit extends Error {
  constructor(code) {
    super(`exit ${code}`);
    this.code = code;
  }
}

/** A folder in memory. */
class Folder {
  constructor() {
    this.type = FOLDER;
    this.size = 0;
    this.entries = new Map();
  }
}

/** A file that the program writes. */
class Written {
  constructor() {
    this.type = FILE;
    this.size = 0;
    this.content = new Uint8Array(0);
  }

  read(start, length) {
    return this.content.subarray(start, Math.min(start + length, this.size));
  }

  write(start, bytes) {
    const end = start + bytes.length;
    if (end > this.content.length) {
      const grown = new Uint8Array(Math.max(end, this.content.length * 2, 1 << 16));
      grown.set(this.content.subarray(0, this.size));
      this.content = grown;
    }
    this.content.set(bytes, start);
    this.size = Math.max(this.size, end);
  }

  resize(size) {
    if (size > this.size) { this.write(size, new Uint8Array(0)); }
    this.size = size;
  }

  bytes() {
    return this.content.slice(0, this.size);
  }
}

/** A file of the user's. `read` gives bytes of it; `seen` is told how many were read. */
class Given {
  constructor(size, read, seen) {
    this.type = FILE;
    this.size = size;
    this.slice = read;
    this.seen = seen;
    this.start = 0;
    this.piece = new Uint8Array(0);
  }

  read(start, length) {
    if (start >= this.size) { return this.piece.subarray(0, 0); }
    if (start < this.start || start >= this.start + this.piece.length) {
      this.piece = this.slice(start, Math.min(start + PIECE, this.size));
      this.start = start;
      if (this.piece.length === 0) { throw new Error("the file became shorter while it was read"); }
    }
    const from = start - this.start;
    const bytes = this.piece.subarray(from, from + length);
    this.seen(bytes.length);
    return bytes;
  }
}

/** What a program writes to a stream, as text of at most so many bytes. */
class Stream {
  constructor(limit) {
    this.type = 0;
    this.size = 0;
    this.limit = limit;
    this.pieces = [];
  }

  write(_, bytes) {
    if (this.size < this.limit) { this.pieces.push(bytes.slice()); }
    this.size += bytes.length;
  }

  read() {
    return new Uint8Array(0);
  }

  text() {
    const decoder = new TextDecoder();
    return this.pieces.map((piece) => decoder.decode(piece, { stream: true })).join("") + decoder.decode();
  }
}

/** One run of a program: its arguments, its folders, and the functions that it imports. */
class System {
  constructor(args, root) {
    this.args = args.map((text) => new TextEncoder().encode(`${text}\0`));
    this.out = new Stream(64 << 20);
    this.err = new Stream(1 << 20);
    const stream = (node) => ({ node, at: 0, append: false });
    this.open = new Map([[0, stream(new Stream(0))], [1, stream(this.out)], [2, stream(this.err)],
      [3, { node: root, at: 0, append: false }]]);
    this.numbers = new Map();
  }

  /** The imports of a module; what it imports beyond what is here is answered with "not supported". */
  imports(module) {
    const known = { wasi_snapshot_preview1: {} };
    for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
      if (kind !== "function") { continue; }
      const own = typeof this[name] === "function" ? this[name].bind(this) : () => NOSYS;
      (known[from] ??= {})[name] = own;
    }
    return known;
  }

  /** Runs a program to its end; gives its exit status. */
  run(module) {
    const instance = new WebAssembly.Instance(module, this.imports(module));
    this.memory = instance.exports.memory;
    try {
      instance.exports._start();
      return 0;
    } catch (error) {
      if (error instanceof Exit) { return error.code; }
      throw error;
    }
  }

  // The memory moves when it grows, so no view of it is kept.
  view() {
    return new DataView(this.memory.buffer);
  }

  bytes(at, length) {
    return new Uint8Array(this.memory.buffer, at, length);
  }

  number(node) {
    if (!this.numbers.has(node)) { this.numbers.set(node, BigInt(this.numbers.size + 1)); }
    return this.numbers.get(node);
  }

  /** The folder, the name in it and the node at a path below an open folder; an error number if there is none. */
  find(fd, at, length) {
    const open = this.open.get(fd);
    if (!open) { return BADF; }
    let folder = open.node, node = open.node, name = "";
    const parts = new TextDecoder().decode(this.bytes(at, length).slice()).split("/");
    for (const part of parts.filter((one) => one !== "" && one !== ".")) {
      if (!node) { return NOENT; }
      if (node.type !== FOLDER || part === "..") { return NOTDIR; }
      folder = node;
      name = part;
      node = folder.entries.get(part);
    }
    return { folder, name, node };
  }

  strings(list, pointers, at) {
    const view = this.view();
    list.forEach((text, index) => {
      view.setUint32(pointers + 4 * index, at, true);
      this.bytes(at, text.length).set(text);
      at += text.length;
    });
    return OK;
  }

  args_sizes_get(count, bytes) {
    this.view().setUint32(count, this.args.length, true);
    this.view().setUint32(bytes, this.args.reduce((sum, text) => sum + text.length, 0), true);
    return OK;
  }

  args_get(pointers, at) {
    return this.strings(this.args, pointers, at);
  }

  environ_sizes_get(count, bytes) {
    this.view().setUint32(count, 0, true);
    this.view().setUint32(bytes, 0, true);
    return OK;
  }

  environ_get() {
    return OK;
  }

  clock_res_get(_, out) {
    this.view().setBigUint64(out, NANOSECONDS, true);
    return OK;
  }

  clock_time_get(clock, _, out) {
    const now = clock === 0 ? Date.now() : performance.now();
    this.view().setBigUint64(out, BigInt(Math.round(now * 1000)) * 1000n, true);
    return OK;
  }

  random_get(at, length) {
    for (let done = 0; done < length; done += 65536) {
      crypto.getRandomValues(this.bytes(at + done, Math.min(65536, length - done)));
    }
    return OK;
  }

  sched_yield() {
    return OK;
  }

  proc_exit(code) {
    throw new Exit(code);
  }

  fd_prestat_get(fd, out) {
    if (fd !== 3) { return BADF; }
    this.view().setUint32(out, 0, true);
    this.view().setUint32(out + 4, 1, true);
    return OK;
  }

  fd_prestat_dir_name(fd, at) {
    if (fd !== 3) { return BADF; }
    this.bytes(at, 1).set([0x2f]);
    return OK;
  }

  fd_fdstat_get(fd, out) {
    const open = this.open.get(fd);
    if (!open) { return BADF; }
    const view = this.view();
    view.setUint8(out, open.node.type);
    view.setUint16(out + 2, open.append ? APPEND : 0, true);
    view.setBigInt64(out + 8, -1n, true);
    view.setBigInt64(out + 16, -1n, true);
    return OK;
  }

  fd_fdstat_set_flags() {
    return OK;
  }

  stat(node, out) {
    const view = this.view();
    this.bytes(out, 64).fill(0);
    view.setBigUint64(out, 1n, true);
    view.setBigUint64(out + 8, this.number(node), true);
    view.setUint8(out + 16, node.type);
    view.setBigUint64(out + 24, 1n, true);
    view.setBigUint64(out + 32, BigInt(node.size), true);
    return OK;
  }

  fd_filestat_get(fd, out) {
    const open = this.open.get(fd);
    return open ? this.stat(open.node, out) : BADF;
  }

  fd_filestat_set_size(fd, size) {
    const open = this.open.get(fd);
    if (!(open?.node instanceof Written)) { return BADF; }
    open.node.resize(Number(size));
    return OK;
  }

  path_filestat_get(fd, _, at, length, out) {
    const found = this.find(fd, at, length);
    if (typeof found === "number") { return found; }
    return found.node ? this.stat(found.node, out) : NOENT;
  }

  path_open(fd, _, at, length, how, _rights, _inherited, flags, out) {
    const found = this.find(fd, at, length);
    if (typeof found === "number") { return found; }
    let { node } = found;
    if (node && how & CREATE && how & EXCLUSIVE) { return EXIST; }
    if (node && how & FOLDER_ONLY && node.type !== FOLDER) { return NOTDIR; }
    if (!node) {
      if (!(how & CREATE)) { return NOENT; }
      node = new Written();
      found.folder.entries.set(found.name, node);
    }
    if (how & TRUNCATE) {
      if (!(node instanceof Written)) { return INVAL; }
      node.resize(0);
    }
    let number = 4;
    while (this.open.has(number)) { number += 1; }
    this.open.set(number, { node, at: 0, append: (flags & APPEND) !== 0 });
    this.view().setUint32(out, number, true);
    return OK;
  }

  fd_close(fd) {
    return this.open.delete(fd) ? OK : BADF;
  }

  fd_seek(fd, by, from, out) {
    const open = this.open.get(fd);
    if (!open) { return BADF; }
    const start = [0, open.at, open.node.size][from];
    const at = start + Number(by);
    if (start === undefined || at < 0) { return INVAL; }
    open.at = at;
    this.view().setBigUint64(out, BigInt(at), true);
    return OK;
  }

  fd_tell(fd, out) {
    return this.fd_seek(fd, 0n, 1, out);
  }

  /** The pieces of memory that a reading or writing is spread over. */
  pieces(list, count) {
    const view = this.view();
    return Array.from({ length: count }, (_, index) =>
      this.bytes(view.getUint32(list + 8 * index, true), view.getUint32(list + 8 * index + 4, true)));
  }

  fd_read(fd, list, count, out) {
    const open = this.open.get(fd);
    if (!open) { return BADF; }
    if (open.node.type === FOLDER) { return ISDIR; }
    let all = 0;
    for (const piece of this.pieces(list, count)) {
      for (let done = 0; done < piece.length;) {
        const bytes = open.node.read(open.at, piece.length - done);
        if (bytes.length === 0) { break; }
        piece.set(bytes, done);
        done += bytes.length;
        open.at += bytes.length;
        all += bytes.length;
      }
    }
    this.view().setUint32(out, all, true);
    return OK;
  }

  fd_write(fd, list, count, out) {
    const open = this.open.get(fd);
    if (!open || !open.node.write) { return BADF; }
    let all = 0;
    for (const piece of this.pieces(list, count)) {
      open.node.write(open.append ? open.node.size : open.at, piece);
      open.at += piece.length;
      all += piece.length;
    }
    this.view().setUint32(out, all, true);
    return OK;
  }

  fd_sync() {
    return OK;
  }

  fd_readdir(fd, at, length, cookie, out) {
    const open = this.open.get(fd);
    if (open?.node.type !== FOLDER) { return open ? NOTDIR : BADF; }
    let used = 0;
    const entries = [...open.node.entries];
    for (let index = Number(cookie); index < entries.length && used < length; index += 1) {
      const [name, node] = entries[index];
      const text = new TextEncoder().encode(name);
      const entry = new DataView(new ArrayBuffer(24 + text.length));
      entry.setBigUint64(0, BigInt(index + 1), true);
      entry.setBigUint64(8, this.number(node), true);
      entry.setUint32(16, text.length, true);
      entry.setUint8(20, node.type);
      new Uint8Array(entry.buffer).set(text, 24);
      const bytes = new Uint8Array(entry.buffer).subarray(0, length - used);
      this.bytes(at + used, bytes.length).set(bytes);
      used += bytes.length;
    }
    this.view().setUint32(out, used, true);
    return OK;
  }

  path_create_directory(fd, at, length) {
    const found = this.find(fd, at, length);
    if (typeof found === "number") { return found; }
    if (found.node) { return EXIST; }
    found.folder.entries.set(found.name, new Folder());
    return OK;
  }

  path_unlink_file(fd, at, length) {
    const found = this.find(fd, at, length);
    if (typeof found === "number") { return found; }
    if (!found.node) { return NOENT; }
    if (found.node.type === FOLDER) { return ISDIR; }
    found.folder.entries.delete(found.name);
    return OK;
  }

  path_remove_directory(fd, at, length) {
    const found = this.find(fd, at, length);
    if (typeof found === "number") { return found; }
    if (found.node?.type !== FOLDER) { return found.node ? NOTDIR : NOENT; }
    if (found.node.entries.size > 0) { return NOTEMPTY; }
    found.folder.entries.delete(found.name);
    return OK;
  }

  path_rename(fd, at, length, newFd, newAt, newLength) {
    const [old, other] = [this.find(fd, at, length), this.find(newFd, newAt, newLength)];
    if (typeof old === "number") { return old; }
    if (typeof other === "number") { return other; }
    if (!old.node) { return NOENT; }
    old.folder.entries.delete(old.name);
    other.folder.entries.set(other.name, old.node);
    return OK;
  }

  path_readlink(fd, at, length) {
    const found = this.find(fd, at, length);
    if (typeof found === "number") { return found; }
    return found.node ? INVAL : NOENT;
  }
}
