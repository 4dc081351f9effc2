//! A rule file of any kind, added to the rules of the program.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use rdpwhy_rules::fault::Faults;
use rdpwhy_rules::{Pack, RuleFile, embedded, lint};

/// Small rules of every kind; loading all of ours for each input would be slow.
static BASE: OnceLock<Vec<RuleFile>> = OnceLock::new();

const PLACES: [&str; 8] = [
    "rules/signals/x.yml",
    "rules/causes/x.yml",
    "rules/notices/x.yml",
    "rules/steps/x.yml",
    "rules/codes/x.yml",
    "rules/ladder.yml",
    "rules/logsources.yml",
    "x.yml",
];

fuzz_target!(|input: (u8, &str)| {
    let (place, text) = input;
    let base = BASE.get_or_init(base);
    let path = PLACES[usize::from(place) % PLACES.len()].to_owned();
    let added = [RuleFile { path, text: text.to_owned() }];
    match Pack::load(base, &added) {
        Ok(_) => {
            let faults = Faults::new();
            lint(base, &added, None, &faults);
            let _ = faults.render(false);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});

/// The ladder and log sources with the signals they name, and nothing else.
fn base() -> Vec<RuleFile> {
    embedded().into_iter().filter(|file| !file.path.contains("/causes/") && !file.path.contains("/notices/")).collect()
}
