//! Puts the rule files into the program: a table of path and text, by path.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    let mut files = Vec::new();
    gather(&root, &mut files);
    files.sort();
    let mut table = String::from(
        "/// The rules built into the program: path and text.\nstatic EMBEDDED: &[(&str, &str)] = &[\n",
    );
    for file in &files {
        let name = file
            .strip_prefix(&root)
            .expect("the file was found under the root")
            .to_string_lossy()
            .replace('\\', "/");
        let place = file.display().to_string();
        writeln!(table, "    ({:?}, include_str!({place:?})),", format!("rules/{name}"))
            .expect("writing to a string");
    }
    table.push_str("];\n");
    let out = PathBuf::from(std::env::var("OUT_DIR").expect("cargo sets OUT_DIR")).join("embedded.rs");
    std::fs::write(out, table).expect("OUT_DIR can be written");
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
