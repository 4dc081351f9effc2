//! Names that a finished report still holds.

use super::fold::{fold, is_word};
use super::named::Named;
use super::vocabulary::Vocabulary;
use aho_corasick::AhoCorasick;
use regex::{Captures, Regex};
use std::collections::BTreeSet;

/// Shorter names, and numbers, stand in every report by chance.
const SHORTEST: usize = 3;

/// Looks for names in a finished report, whatever its format.
pub(super) struct Leftover {
    names: Vec<String>,
    automaton: AhoCorasick,
    pseudonym: Regex,
    escape: Regex,
}

impl Leftover {
    /// Looks for these names, and for `others`: what is known by its form.
    pub(super) fn new(named: &Named, others: &BTreeSet<String>, vocabulary: &Vocabulary) -> Leftover {
        let is_telling = |name: &&String| {
            name.chars().count() >= SHORTEST && name.chars().any(char::is_alphabetic) && !vocabulary.has(name)
        };
        let mut names: BTreeSet<String> = named.keys().filter(is_telling).cloned().collect();
        names.extend(others.iter().map(|other| fold(other)));
        let names = Vec::from_iter(names);
        Leftover {
            automaton: AhoCorasick::new(&names).expect("as many names as records hold fit into an automaton"),
            names,
            pseudonym: Regex::new(
                r"\b(?:HOST|CLIENT|GATEWAY|MACHINE|USER|DOMAIN|SID|ADDRESS|MAC|SECRET|FOLDER|LOG|VALUE)-[0-9]+",
            )
            .expect("the expression is right"),
            escape: Regex::new(
                r"(?i)\x1b\[[0-9;]*m|\\u\{(?P<braced>[0-9a-f]+)\}|\\u(?P<plain>[0-9a-f]{4})|\\[nrtbf]|&(?P<entity>[a-z]+|\x23x?[0-9a-f]+);",
            )
            .expect("the expression is right"),
        }
    }

    /// The names in a report, apart from those that the same report has without anything that records say.
    pub(super) fn left(&self, report: &str, blank: impl FnOnce() -> String) -> Vec<&str> {
        let mut found = self.found(report);
        if !found.is_empty() {
            let own = self.found(&blank());
            found.retain(|name| !own.contains(name));
        }
        found.into_iter().map(|name| self.names[name].as_str()).collect()
    }

    /// The numbers of the names in a report, as it stands and as it is read.
    fn found(&self, report: &str) -> BTreeSet<usize> {
        let plain = self.pseudonym.replace_all(report, " ");
        let read = self.escape.replace_all(&plain, unescaped);
        let mut found = self.in_text(&fold(&plain));
        found.extend(self.in_text(&fold(&read)));
        found
    }

    fn in_text(&self, text: &str) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        for hit in self.automaton.find_overlapping_iter(text) {
            let number = hit.pattern().as_usize();
            if !found.contains(&number) && is_word(text, &hit.range()) {
                found.insert(number);
            }
        }
        found
    }
}

/// What an escape of any of the formats stands for; a space for what cannot be in a word.
fn unescaped(found: &Captures<'_>) -> String {
    let letter = |digits: &str| u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
    let code = found.name("braced").or_else(|| found.name("plain"));
    if let Some(letter) = code.and_then(|code| letter(code.as_str())) {
        return letter.to_string();
    }
    match found.name("entity").map(|entity| entity.as_str()) {
        Some("amp") => "&",
        Some("lt") => "<",
        Some("gt") => ">",
        Some("quot") => "\"",
        _ => " ",
    }
    .to_owned()
}
