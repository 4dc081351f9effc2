//! A case: its name, its inputs, and what its ticket says.

use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

/// Letters of a file's name that come from the case's name.
const STEM: usize = 80;

/// A case, before it is diagnosed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Name in the results; unique.
    pub name: String,
    /// A name for files: letters, digits, `.`, `-` and `_`; unique even where upper and lower case are the same.
    pub stem: String,
    /// The folder that it was found in, to tell it from others of its name.
    pub parent: String,
    /// Its logs, folders and archives.
    pub paths: Vec<PathBuf>,
    /// Options of its own, as `rdpwhy diagnose` takes them: `--error=0x904`.
    pub options: Vec<OsString>,
}

impl Case {
    /// A case without options, that has no file name yet.
    #[must_use]
    pub fn new(name: String, parent: String, paths: Vec<PathBuf>) -> Case {
        Case { name, stem: String::new(), parent, paths, options: Vec::new() }
    }
}

/// The cases by name, each with a name of its own: those that have the same one are told apart by their folders, and where
/// that does not help, by a number.
#[must_use]
pub fn named_apart(mut cases: Vec<Case>) -> Vec<Case> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    cases.iter().for_each(|case| *counts.entry(case.name.clone()).or_default() += 1);
    for case in cases.iter_mut().filter(|case| counts[&case.name] > 1 && !case.parent.is_empty()) {
        case.name = format!("{}/{}", case.parent, case.name);
    }
    cases.sort_by(|one, other| (&one.name, &one.paths).cmp(&(&other.name, &other.paths)));
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for case in &mut cases {
        let number = seen.entry(case.name.clone()).or_default();
        *number += 1;
        if *number > 1 {
            case.name = format!("{} #{number}", case.name);
        }
    }
    let mut stems: BTreeMap<String, usize> = BTreeMap::new();
    cases.iter().for_each(|case| *stems.entry(plain(&case.name).to_lowercase()).or_default() += 1);
    for case in &mut cases {
        let plain = plain(&case.name);
        let is_own = plain == case.name && stems[&plain.to_lowercase()] == 1;
        case.stem = if is_own { plain } else { format!("{plain}-{}", &hex(case.name.as_bytes())[..8]) };
    }
    cases
}

/// The name with everything replaced that file systems or addresses give a meaning to.
fn plain(name: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    let letters = name.chars().take(STEM).map(|letter| if is_plain(letter) { letter } else { '_' });
    let plain: String = letters.collect();
    // A leading dot hides a file, and Windows drops one at the end.
    let bare = plain.trim_matches('.');
    if bare.is_empty() || bare.len() < plain.len() { format!("_{bare}") } else { plain }
}

/// SHA-256, lower-case hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_files_are_told_apart() {
        let case = |name: &str, parent: &str| {
            Case::new(name.to_owned(), parent.to_owned(), vec![PathBuf::from(format!("{parent}/{name}"))])
        };
        let cases = named_apart(vec![
            case("INC-1", "b"),
            case("INC-1", "a"),
            case("inc-2", ""),
            case("INC-2", ""),
            case("..", ""),
            case("<b>\u{202e}", ""),
            case("x", ""),
            case("x", ""),
        ]);
        let names: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
        assert_eq!(names, ["..", "<b>\u{202e}", "INC-2", "a/INC-1", "b/INC-1", "inc-2", "x", "x #2"]);
        let stems: Vec<String> = cases.iter().map(|case| case.stem.to_lowercase()).collect();
        for stem in &stems {
            assert!(stem.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter)));
            assert!(
                !stem.starts_with('.') && stems.iter().filter(|other| *other == stem).count() == 1,
                "{stem}"
            );
        }
        assert_eq!(stems[6], "x");
    }
}
