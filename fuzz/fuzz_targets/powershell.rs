//! Any text in a cause: scripts hold it as text that PowerShell does not run.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rdpwhy_rules::Pack;
use std::sync::OnceLock;

static PACK: OnceLock<Pack> = OnceLock::new();
static TAME: OnceLock<String> = OnceLock::new();

const CAUSE: &str = "rdp-key-inaccessible";

fuzz_target!(|text: &str| {
    let script = script(text);
    assert!(script.is_ascii(), "{text:?}");
    let tame = TAME.get_or_init(|| skeleton(&self::script("tame")));
    assert_eq!(&skeleton(&script), tame, "{text:?}");
});

/// The script of a cause whose advice, and whose verdict, is this text.
fn script(text: &str) -> String {
    let pack = PACK.get_or_init(|| Pack::built_in(&[]).expect("our own rules are sound").0);
    let mut cause = pack.find_cause(CAUSE).expect("the cause is one of ours").clone();
    cause.never = vec![text.to_owned()];
    cause.verdict = text.to_owned();
    rdpwhy_script::fix(pack, &cause)
}

/// The script without its comments and without what stands between single quotes.
fn skeleton(script: &str) -> String {
    let mut kept = String::new();
    for line in script.lines() {
        if line.starts_with('#') {
            kept.push('#');
        } else {
            let mut inside = false;
            for letter in line.chars() {
                // A doubled quote closes and opens at once.
                if letter == '\'' {
                    inside = !inside;
                } else if !inside {
                    kept.push(letter);
                }
            }
            assert!(!inside || !line.contains("DO NOT"), "an open quote: {line}");
        }
        kept.push('\n');
    }
    kept
}
