//! Puts the rule files into the program: path, text, and the YAML of each as a tree, so that no start has to read it.
//!
//! The tree comes from the reader that reads the rules of users. A file with a fault gets no tree: it is read when the
//! program starts, and the fault is reported there with all others.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use rdpwhy_yaml::{Faults, parse};

fn main() {
    let variable = |name| PathBuf::from(std::env::var_os(name).expect("cargo sets it for build scripts"));
    let root = root(&variable("CARGO_MANIFEST_DIR"));
    let mut places = Vec::new();
    gather(&root, &mut places);
    places.sort();
    let (mut table, mut trees) = (String::from("static FILES: &[Embedded] = &[\n"), Vec::new());
    for place in places {
        let path = path(&root, &place);
        let text = std::fs::read_to_string(&place).expect("a rule file can be read and is UTF-8");
        let start = trees.len();
        trees.extend(tree(&path, &text));
        let end = trees.len();
        writeln!(table, "    Embedded {{ path: {path:?}, text: {text:?}, tree: {start}..{end} }},")
            .expect("writing to a string");
    }
    table.push_str(
        "];\nstatic TREES: &[u8] = include_bytes!(concat!(env!(\"OUT_DIR\"), \"/trees.postcard\"));\n",
    );
    let out = variable("OUT_DIR");
    std::fs::write(out.join("embedded.rs"), table).expect("OUT_DIR can be written");
    std::fs::write(out.join("trees.postcard"), trees).expect("OUT_DIR can be written");
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
