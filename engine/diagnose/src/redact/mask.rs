//! Pseudonyms, and where they go.

use super::named::{Kind, Named};
use crate::world::address::{Address, Reach};
use aho_corasick::{AhoCorasick, MatchKind};
use rdpwhy_rules::Pack;
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};

/// Endings of files that say nothing about whose they are, at most this long.
const ENDING_LONGEST: usize = 5;

/// Gives every name its pseudonym, numbered as they are asked for.
pub(super) struct Masks {
    named: Named,
    /// All names, for values that are names.
    all: AhoCorasick,
    all_names: Vec<String>,
    /// Those that are no words of the rules' own sentences, for sentences with values in them.
    rare: AhoCorasick,
    rare_names: Vec<String>,
    /// What is known by its form: SIDs, mail addresses, profile folders, servers of shares, addresses.
    forms: Regex,
    channels: BTreeSet<String>,
    files: BTreeMap<String, String>,
    given: BTreeMap<(&'static str, String), usize>,
    counts: BTreeMap<&'static str, usize>,
}

impl Masks {
    pub(super) fn new(named: Named, pack: &Pack) -> Masks {
        let words = words(pack);
        let all_names: Vec<String> = named.keys().cloned().collect();
        let rare_names: Vec<String> =
            all_names.iter().filter(|name| !words.contains(*name)).cloned().collect();
        let channels = pack.signals().iter().flat_map(|signal| &signal.log_source.channels);
        Masks {
            all: automaton(&all_names),
            rare: automaton(&rare_names),
            all_names,
            rare_names,
            named,
            forms: Regex::new(
                r"(?xi)
                (?<sid> \bS-1-(?:5-21|12)(?:-\d+)+ )
                | (?<mail> [\w.+-]+@[\w-]+(?:\.[\w-]+)+ )
                | \\Users\\ (?<profile> [^\\/:*?<>|\x22\s]+ )
                | \\\\ (?<server> [\w.-]+ ) \\
                | (?<address> \[[0-9a-f:.]+(?:%\w+)?\] | \b(?:\d{1,3}\.){3}\d{1,3}\b | [0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:%\w+)? )",
            )
            .expect("the expression is right"),
            channels: channels.map(|channel| channel.to_lowercase()).collect(),
            files: BTreeMap::new(),
            given: BTreeMap::new(),
            counts: BTreeMap::new(),
        }
    }

    /// A value that names somebody or something.
    pub(super) fn name(&mut self, value: &mut String) {
        let formed = self.formed(value);
        *value = self.named_in(&formed, true);
    }

    /// A sentence with values in it.
    pub(super) fn text(&mut self, text: &mut String) {
        let formed = self.formed(text);
        *text = self.named_in(&formed, false);
    }

    /// A warning: a sentence that may begin with the name of a log.
    pub(super) fn warning(&mut self, text: &mut String) {
        // The longest first: one log's name may be the end of another's.
        let mut files: Vec<(String, String)> =
            self.files.iter().map(|(file, mask)| (file.clone(), mask.clone())).collect();
        files.sort_by_key(|(file, _)| std::cmp::Reverse(file.len()));
        for (file, mask) in files {
            *text = text.replace(&file, &mask);
        }
        self.text(text);
    }

    /// The name of a log: its folders become pseudonyms, and so does the last part unless it is called after a channel.
    pub(super) fn file(&mut self, file: &mut String) {
        if let Some(mask) = self.files.get(file) {
            file.clone_from(mask);
            return;
        }
        let parts: Vec<&str> = file.split(['/', '\\']).collect();
        let last = parts.len() - 1;
        let masked: Vec<String> = parts
            .iter()
            .enumerate()
            .map(|(place, part)| if place == last { self.log(part) } else { self.folder(part) })
            .collect();
        let mask = masked.join("/");
        self.files.insert(file.clone(), mask.clone());
        *file = mask;
    }

    fn folder(&mut self, name: &str) -> String {
        if name.is_empty() || name == "." || name == ".." {
            name.to_owned()
        } else {
            self.given("FOLDER", name)
        }
    }

    fn log(&mut self, name: &str) -> String {
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        if self.channels.contains(&stem.replace("%4", "/").to_lowercase()) {
            return name.to_owned();
        }
        let plain = ending.len() <= ENDING_LONGEST && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let mask = self.given("LOG", name);
        if plain && !ending.is_empty() { format!("{mask}.{ending}") } else { mask }
    }

    /// The pseudonym of what is called `key` among its kind.
    fn given(&mut self, word: &'static str, key: &str) -> String {
        let key = (word, key.to_lowercase());
        let number = match self.given.get(&key) {
            Some(number) => *number,
            None => {
                let count = self.counts.entry(word).or_default();
                *count += 1;
                self.given.insert(key, *count);
                *count
            }
        };
        format!("{word}-{number}")
    }

    /// Replaces what is known by its form.
    fn formed(&mut self, text: &str) -> String {
        let forms = self.forms.clone();
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for found in forms.captures_iter(text) {
            let form = ["sid", "mail", "profile", "server", "address"]
                .into_iter()
                .find_map(|form| found.name(form).map(|part| (form, part)));
            let Some((form, part)) = form else { continue };
            let Some(mask) = self.of_form(form, part.as_str()) else { continue };
            out.push_str(&text[done..part.start()]);
            out.push_str(&mask);
            done = part.end();
        }
        out.push_str(&text[done..]);
        out
    }

    fn of_form(&mut self, form: &str, part: &str) -> Option<String> {
        match form {
            "sid" => Some(self.given("SID", part)),
            "profile" => {
                let public = ["public", "default", "all users", "default user"];
                (!public.contains(&part.to_lowercase().as_str())).then(|| self.given(Kind::User.word(), part))
            }
            "mail" => {
                let (user, domain) = part.split_once('@')?;
                let domain = domain.split('.').next().unwrap_or(domain);
                let user = self.given(Kind::User.word(), user);
                Some(format!("{user}@{}", self.given(Kind::Domain.word(), domain)))
            }
            // Names of servers that records name elsewhere have their pseudonym from there.
            "server" if self.named.contains_key(&crate::world::address::machine_key(part)) => None,
            "server" => Some(self.given(Kind::Machine.word(), part)),
            _ => self.address(part),
        }
    }

    fn address(&mut self, part: &str) -> Option<String> {
        let address = Address::parse(part);
        let nobody = ["0.0.0.0", "::", "255.255.255.255"];
        if !address.is_ip() || address.reach() == Reach::Loopback || nobody.contains(&address.host.as_str()) {
            return None;
        }
        let mask = self.given("ADDRESS", &address.host);
        Some(if part.starts_with('[') { format!("[{mask}]") } else { mask })
    }

    /// Replaces names, whole words only.
    fn named_in(&mut self, text: &str, is_name: bool) -> String {
        let (automaton, names) =
            if is_name { (&self.all, &self.all_names) } else { (&self.rare, &self.rare_names) };
        let bounds = |range: std::ops::Range<usize>| {
            let before =
                text[..range.start].chars().next_back().is_none_or(|letter| !letter.is_alphanumeric());
            let after = text[range.end..].chars().next().is_none_or(|letter| !letter.is_alphanumeric());
            before && after
        };
        let lower = lower(text);
        let hits: Vec<(std::ops::Range<usize>, String)> = automaton
            .find_iter(&lower)
            .filter(|hit| bounds(hit.range()))
            .map(|hit| (hit.range(), names[hit.pattern().as_usize()].clone()))
            .collect();
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for (range, name) in hits {
            let (kind, key) = self.named[&name].clone();
            out.push_str(&text[done..range.start]);
            out.push_str(&self.given(kind.word(), &key));
            done = range.end;
        }
        out.push_str(&text[done..]);
        out
    }
}

/// Lower case of the same length in bytes, so that places in it are places in the text.
fn lower(text: &str) -> String {
    let small = |letter: char| {
        let mut lower = letter.to_lowercase();
        match (lower.next(), lower.next()) {
            (Some(one), None) if one.len_utf8() == letter.len_utf8() => one,
            _ => letter,
        }
    };
    text.chars().map(small).collect()
}

fn automaton(names: &[String]) -> AhoCorasick {
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(names.iter().map(|name| lower(name)))
        .expect("as many names as records hold fit into an automaton")
}

/// The words of the sentences that rules say about records.
fn words(pack: &Pack) -> BTreeSet<String> {
    let said =
        pack.causes().iter().flat_map(|cause| &cause.evidence).map(|evidence| evidence.because.as_str());
    let said =
        said.chain(pack.notices().iter().flat_map(|notice| [notice.text.as_str(), notice.title.as_str()]));
    let words = said.flat_map(|text| text.split(|letter: char| !letter.is_alphanumeric()));
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}
