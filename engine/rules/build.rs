//! Puts the rule files into the program: path, text, the YAML of each as a tree, and all of them compiled, so that no start
//! has to read or to compile them.
//!
//! Trees and pack come from the modules that read the rules of users: they are part of this program as well. A file with a fault
//! gets no tree, and then there is no pack either: rules are read when the program starts, and the fault is reported there with
//! all others. Trees serve where users add rules, which can replace what the others name.
#![allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    missing_docs,
    reason = "of the crate's modules the build needs only a part"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use rdpwhy_yaml::{Faults, parse};

use crate::file::RuleFile;
use crate::files::{Files, Source};

// Some modules name these as other crates do.
pub use finding::Finding;
pub use id::{CauseId, SignalId, StageId};
pub use phrase::{Anchor, Clause, End, Relation, parse_relation};
pub use side::Side;

#[path = "src/basis.rs"]
mod basis;
#[path = "src/command.rs"]
mod command;
#[path = "src/field.rs"]
mod field;
#[path = "src/file.rs"]
mod file;
#[path = "src/files.rs"]
mod files;
#[path = "src/finding.rs"]
mod finding;
#[path = "src/id.rs"]
mod id;
#[path = "src/kind.rs"]
mod kind;
#[path = "src/kinds/mod.rs"]
mod kinds;
#[path = "src/loading.rs"]
mod loading;
#[path = "src/names.rs"]
mod names;
#[path = "src/pack.rs"]
mod pack;
#[path = "src/phrase/mod.rs"]
mod phrase;
#[path = "src/placeholder.rs"]
mod placeholder;
#[path = "src/shape.rs"]
mod shape;
#[path = "src/side.rs"]
mod side;
#[path = "src/word.rs"]
mod word;
#[path = "src/written.rs"]
mod written;

/// Nothing is built into the build.
mod embedded {
    use rdpwhy_yaml::Node;

    #[derive(Debug)]
    pub(crate) struct Embedded {
        pub(crate) path: &'static str,
        pub(crate) text: &'static str,
    }

    impl Embedded {
        pub(crate) fn documents(&self) -> Option<Vec<Node>> {
            None
        }
    }

    pub(crate) fn files() -> &'static [Embedded] {
        &[]
    }

    pub(crate) fn compiled() -> &'static [u8] {
        &[]
    }
}

fn main() {
    let variable = |name| PathBuf::from(std::env::var_os(name).expect("cargo sets it for build scripts"));
    let root = root(&variable("CARGO_MANIFEST_DIR"));
    let mut places = Vec::new();
    gather(&root, &mut places);
    places.sort();
    println!("cargo::rerun-if-changed=src");
    let (mut table, mut trees) = (String::from("static FILES: &[Embedded] = &[\n"), Vec::new());
    let mut files = Vec::new();
    for place in places {
        let path = path(&root, &place);
        let text = std::fs::read_to_string(&place).expect("a rule file can be read and is UTF-8");
        let start = trees.len();
        trees.extend(tree(&path, &text));
        let end = trees.len();
        writeln!(table, "    Embedded {{ path: {path:?}, text: {text:?}, tree: {start}..{end} }},")
            .expect("writing to a string");
        files.push(RuleFile { path, text });
    }
    table.push_str(
        "];\nstatic TREES: &[u8] = include_bytes!(concat!(env!(\"OUT_DIR\"), \"/trees.postcard\"));\n\
         static COMPILED: &[u8] = include_bytes!(concat!(env!(\"OUT_DIR\"), \"/pack.postcard\"));\n",
    );
    let out = variable("OUT_DIR");
    std::fs::write(out.join("embedded.rs"), table).expect("OUT_DIR can be written");
    std::fs::write(out.join("trees.postcard"), trees).expect("OUT_DIR can be written");
    std::fs::write(out.join("pack.postcard"), compiled(&files)).expect("OUT_DIR can be written");
}

/// The folder with the rules: that of the repository, or the copy that a published package has.
fn root(package: &Path) -> PathBuf {
    let copy = package.join("rules");
    if copy.is_dir() { copy } else { package.join("../../rules") }
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in std::fs::read_dir(folder).expect("the rules folder can be read") {
        let path = entry.expect("the rules folder can be read").path();
        if path.is_dir() {
            gather(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "yml") {
            println!("cargo::rerun-if-changed={}", path.display());
            files.push(path);
        }
    }
}

/// The path in the program, such as `rules/causes/x.yml`.
fn path(root: &Path, place: &Path) -> String {
    let name = place.strip_prefix(root).expect("the file was found under the root").to_string_lossy();
    format!("rules/{}", name.replace('\\', "/"))
}

/// The file's documents as bytes; nothing where there is a fault.
fn tree(path: &str, text: &str) -> Vec<u8> {
    let faults = Faults::new();
    let documents = parse(path, text, &faults);
    if faults.is_empty() {
        postcard::to_stdvec(&documents).expect("a tree can be stored")
    } else {
        Vec::new()
    }
}

/// What a pack of the files holds, as bytes; nothing where there is a fault.
fn compiled(files: &[RuleFile]) -> Vec<u8> {
    let faults = Faults::new();
    let parts = loading::read(&Files::new(files.iter().map(Source::from)), &faults);
    match parts.filter(|_| faults.is_empty()) {
        Some(parts) => postcard::to_stdvec(&parts).expect("a pack can be stored"),
        None => Vec::new(),
    }
}
