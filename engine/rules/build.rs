//! Puts the rule files into the program: path, text, and the YAML of each as a tree, so that no start has to read it.
//!
//! The tree comes from the very reader that reads the rules of users. A file with a fault gets no tree: it is read
//! when the program starts, and the fault reported there with all others.

// The library uses of these what the build does not.
#![allow(dead_code, unused_imports, unreachable_pub, reason = "modules shared with the library")]

#[path = "src/fault.rs"]
mod fault;
#[path = "src/fingerprint.rs"]
mod fingerprint;
#[path = "src/kind.rs"]
mod kind;
#[path = "src/stored.rs"]
mod stored;
#[path = "src/yaml/mod.rs"]
mod yaml;

use kind::Kind;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A rule file: its path in the program, where it stands, and its text.
struct File {
    kind: Kind,
    path: String,
    place: PathBuf,
    text: String,
}

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    let mut places = Vec::new();
    gather(&root, &mut places);
    let mut files: Vec<File> = places.into_iter().map(|place| read(&root, place)).collect();
    files.sort_by(|a, b| (a.kind, a.name()).cmp(&(b.kind, b.name())));
    let (table, trees) = written(&files);
    let out = PathBuf::from(std::env::var("OUT_DIR").expect("cargo sets OUT_DIR"));
    std::fs::write(out.join("embedded.rs"), table).expect("OUT_DIR can be written");
    std::fs::write(out.join("trees.bin"), trees).expect("OUT_DIR can be written");
    println!("cargo::rerun-if-changed={}", root.display());
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in std::fs::read_dir(folder).expect("the rules folder can be read") {
        let path = entry.expect("the rules folder can be read").path();
        if path.is_dir() {
            gather(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "yml") {
            files.push(path);
        }
    }
}

fn read(root: &Path, place: PathBuf) -> File {
    let name = place.strip_prefix(root).expect("the file was found under the root").to_string_lossy();
    let path = format!("rules/{}", name.replace('\\', "/"));
    let text = std::fs::read_to_string(&place).expect("a rule file can be read and is UTF-8");
    File { kind: Kind::of(&path), path, place, text }
}

impl File {
    fn name(&self) -> &str {
        self.kind.name(&self.path)
    }
}

/// The table of all files in Rust, and their trees.
fn written(files: &[File]) -> (String, Vec<u8>) {
    let mut trees = Vec::new();
    let mut table = String::from("static FILES: &[Embedded] = &[\n");
    for file in files {
        let start = trees.len();
        trees.extend(tree(file));
        let (place, end) = (file.place.display().to_string(), trees.len());
        writeln!(
            table,
            "    Embedded {{ kind: Kind::{:?}, name: {:?}, path: {:?}, text: include_str!({place:?}), tree: {start}..{end} }},",
            file.kind,
            file.name(),
            file.path,
        )
        .expect("writing to a string");
    }
    let by_name = files.iter().map(|file| (file.kind, file.name(), file.text.as_str()));
    let fingerprint = fingerprint::fingerprint(by_name);
    write!(
        table,
        "];\nstatic TREES: &[u8] = include_bytes!(concat!(env!(\"OUT_DIR\"), \"/trees.bin\"));\n\
         const BUILT_FINGERPRINT: &str = {fingerprint:?};\n"
    )
    .expect("writing to a string");
    (table, trees)
}

/// The file's documents as bytes; nothing where there is a fault.
fn tree(file: &File) -> Vec<u8> {
    let faults = fault::Faults::new();
    let documents = yaml::parse(&file.path, &file.text, &faults);
    if faults.is_empty() { stored::write(&file.text, &documents) } else { Vec::new() }
}
