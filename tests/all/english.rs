//! Words that sound translated, in everything that users read: help, documentation, rules and reports.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use crate::rules_command::rdpwhy;
use regex::Regex;
use std::path::{Path, PathBuf};

/// What to write instead is in the second column.
const REPLACED: &[(&str, &str)] = &[
    (r"(?i)\bso many times\b", "how many times"),
    (r"(?i)\blikelier\b", "more likely"),
    (r"(?i)\blikeliest\b", "most likely"),
    (r"(?i)\bfault lies with\b", "fault: …"),
    (r"(?i)\bonly (looks|reads)\b", "read-only"),
    (r"(?i)\b(can|must|was|were|be) taken back\b", "reversible, undone"),
    (r"(?i)\b(takes?|taking) it back\b", "undo it"),
    (r"(?i)\b(the|a) way back\b", "how to undo it"),
    (r"(?i)\bfor want of\b", "because … could not"),
    (r"(?i)\bbreaks at (tls|tcp|nla|name|route|logon|session|auth)", "fails at"),
    (r"(?i)\bcures?\b", "fixes"),
    (r"(?i)\bput aside\b", "not counted"),
    (r"(?i)\bkeep(s)? company\b", "cluster around"),
    (r"(?i)\bwhatever that means\b", "unexplained"),
    (r"(?i)\bmistaken for\b", "confused with"),
    (r"(?i)\bwould tell more\b", "logs worth adding"),
    (r"(?i)\b(on its|on their) side\b", "supporting evidence"),
    (r"(?i)\bspeaks? (for|against)\b", "evidence for, against"),
    (r"(?i)\bis no (time|code|size|strength|chunk)\b", "not a valid …"),
    (r"(?i)\bstands? in (the|a|its|line)\b", "is in"),
    (r"(?i)\b(lies|lie) in (the|a|its)\b", "is in"),
    (r"(?i)\bcould be had\b", "was available"),
    (r"(?i)\bnot meant to get further\b", "aborted on purpose"),
    (r"(?i)\bsaid why\b", "gave the reason"),
    (r"(?i)\bin vain\b", "without success"),
    (r"(?i)\bnone of ours\b", "not one of the rules"),
];

/// Tickets whose reports are read as well.
const READ: [&str; 10] = [
    "key-inaccessible",
    "certificate-expired",
    "credssp-mismatch",
    "vpn-lost",
    "port-blocked",
    "password-attack",
    "session-conflict",
    "loopback-tunnel",
    "two-causes",
    "no-rdp-records",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The files with that ending below a folder.
fn files(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, ending, found);
        } else if path.extension().is_some_and(|own| own == ending) {
            found.push(path);
        }
    }
}

fn marked(name: &str, text: &str, found: &mut Vec<String>) {
    for (pattern, instead) in REPLACED {
        for hit in Regex::new(pattern).unwrap().find_iter(text) {
            let start = text[..hit.start()].rfind('\n').map_or(0, |place| place + 1);
            let end = text[hit.end()..].find('\n').map_or(text.len(), |place| hit.end() + place);
            found.push(format!("{name}: {} (write: {instead})", text[start..end].trim()));
        }
    }
}

#[test]
fn documentation_and_rules_use_the_common_words() {
    let mut paths = vec![root().join("README.md"), root().join("samples/README.md")];
    files(&root().join("docs"), "md", &mut paths);
    files(&root().join("docs/man"), "1", &mut paths);
    for folder in ["causes", "notices", "steps", "checks", "codes", "signals"] {
        files(&root().join("rules").join(folder), "yml", &mut paths);
    }
    let mut found = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        marked(&path.strip_prefix(root()).unwrap().to_string_lossy(), &text, &mut found);
    }
    assert!(found.is_empty(), "{} marked:\n{}", found.len(), found.join("\n"));
}

#[test]
fn reports_use_the_common_words() {
    let mut found = Vec::new();
    for name in READ {
        let ticket =
            rdpwhy_forge::Ticket::load(&root().join("samples").join(name).join("ticket.yml")).unwrap();
        let logs = rdpwhy_testkit::forged(&ticket).unwrap();
        for format in [&["--full"][..], &["--format", "markdown"], &["--format", "html"]] {
            let arguments = [&["diagnose", logs.to_str().unwrap()], format].concat();
            marked(name, &rdpwhy(&arguments).0, &mut found);
        }
    }
    assert!(found.is_empty(), "{} marked:\n{}", found.len(), found.join("\n"));
}
