//! Puts the rule files into the program: path, text, and the YAML of each as a constant tree, so that no start has to read it.
//!
//! The tree comes from the reader that reads the rules of users. A file with a fault gets no tree: it is read when the
//! program starts, and the fault is reported there with all others.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use rdpwhy_yaml::{Faults, Node, Value, parse};

fn main() {
    let variable = |name| PathBuf::from(std::env::var_os(name).expect("cargo sets it for build scripts"));
    let root = variable("CARGO_MANIFEST_DIR").join("rules");
    let mut places = Vec::new();
    gather(&root, &mut places);
    places.sort();
    let (mut table, mut trees) = (String::from("static FILES: &[Embedded] = &[\n"), String::new());
    for (number, place) in places.iter().enumerate() {
        let path = path(&root, place);
        let text = std::fs::read_to_string(place).expect("a rule file can be read and is UTF-8");
        let documents = match documents(&path, &text) {
            Some(documents) => {
                writeln!(trees, "static TREE_{number}: &[Node] = {documents};").expect("writing to a string");
                format!("Some(TREE_{number})")
            }
            None => "None".to_owned(),
        };
        writeln!(table, "    Embedded {{ path: {path:?}, text: {text:?}, documents: {documents} }},")
            .expect("writing to a string");
    }
    let out = variable("OUT_DIR").join("embedded.rs");
    std::fs::write(out, format!("{table}];\n{trees}")).expect("OUT_DIR can be written");
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

/// The file's documents as an expression of Rust; none where there is a fault.
fn documents(path: &str, text: &str) -> Option<String> {
    let faults = Faults::new();
    let documents = parse(path, text, &faults);
    faults.is_empty().then(|| list(documents.iter().map(node)))
}

// Literals only: what a call returns would be dropped at the end of the static that borrows it.
fn node(node: &Node) -> String {
    let value = match &node.value {
        Value::Null => "Value::Null".to_owned(),
        Value::Scalar(scalar) => {
            format!(
                "Value::Scalar(Scalar {{ text: Cow::Borrowed({:?}), plain: {} }})",
                scalar.text, scalar.plain
            )
        }
        Value::Seq(nodes) => format!("Value::Seq(Cow::Borrowed({}))", list(nodes.iter().map(self::node))),
        Value::Map(entries) => {
            let entries =
                entries.iter().map(|(key, value)| format!("({}, {})", self::node(key), self::node(value)));
            format!("Value::Map(Cow::Borrowed({}))", list(entries))
        }
    };
    format!("Node {{ span: {:?}, value: {value} }}", node.span)
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("&[{}]", items.collect::<Vec<_>>().join(", "))
}
