//! Puts the shapes of records, and what cases are composed of, where the crate embeds them from.

use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    let variable = |name| PathBuf::from(std::env::var_os(name).expect("cargo sets it for build scripts"));
    let (from, to) = (root(&variable("CARGO_MANIFEST_DIR")), variable("OUT_DIR"));
    for name in ["shapes.yml", "scenes.yml"] {
        copy(&from.join(name), &to.join(name));
    }
    fs::create_dir_all(to.join("compose")).expect("OUT_DIR can be written");
    println!("cargo::rerun-if-changed={}", from.join("compose").display());
    for entry in fs::read_dir(from.join("compose")).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        if path.extension().is_some_and(|ending| ending == "yml") {
            copy(&path, &to.join("compose").join(path.file_name().expect("it has one")));
        }
    }
}

/// The folder of the samples: that of the repository, or the copy that a published package has.
fn root(package: &Path) -> PathBuf {
    let copy = package.join("samples");
    if copy.is_dir() { copy } else { package.join("../../samples") }
}

fn copy(from: &Path, to: &Path) {
    println!("cargo::rerun-if-changed={}", from.display());
    // Not fs::copy: a read-only file would not be replaced by the next build.
    let bytes = fs::read(from).expect("the file can be read");
    fs::write(to, bytes).expect("OUT_DIR can be written");
}
