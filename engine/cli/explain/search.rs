//! Words: sentences of dialogs, and the codes, causes, signals and notices that speak of the same.

use super::question::{Question, normal};
use rdpwhy_rules::codes::{Code, CodeTable, DialogText};
use rdpwhy_rules::{Cause, Notice, Pack, Signal};

/// An entry with its table.
pub(super) type Entry<'p> = (&'p CodeTable, &'p Code);

/// Words that say nothing about what is wrong.
const EMPTY_WORDS: [&str; 33] = [
    "a", "an", "the", "is", "was", "are", "has", "have", "been", "to", "of", "on", "in", "for", "and", "or",
    "this", "that", "your", "you", "with", "it", "by", "be", "from", "at", "as", "my", "i", "we", "what",
    "does", "mean",
];
/// More words than this are a text, not something to search for.
const MOST_WORDS: usize = 12;
/// Entries of each kind that are listed.
const LISTED: usize = 8;

/// What contains all words of a question, the closest first.
#[derive(Default)]
pub(super) struct Hits<'p> {
    pub(super) codes: Vec<Entry<'p>>,
    pub(super) causes: Vec<&'p Cause>,
    pub(super) signals: Vec<&'p Signal>,
    pub(super) notices: Vec<&'p Notice>,
}

impl Hits<'_> {
    pub(super) fn is_empty(&self) -> bool {
        self.codes.is_empty() && self.causes.is_empty() && self.signals.is_empty() && self.notices.is_empty()
    }
}

/// Sentences of dialogs that the question contains, or that contain all of it; the longest first.
pub(super) fn dialogs<'p>(pack: &'p Pack, question: &Question) -> Vec<&'p DialogText> {
    let asked = question.text.as_str();
    let is_sentence = asked.split(' ').count() > 2;
    let mut found: Vec<(usize, &DialogText)> = Vec::new();
    for text in texts(pack) {
        let own = normal(&text.text);
        if contains_words(asked, &own) || (is_sentence && contains_words(&own, asked)) {
            found.push((own.len(), text));
        }
    }
    found.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
    found.into_iter().map(|(_, text)| text).collect()
}

/// Sentences that share at least half of the words of the question.
pub(super) fn nearest_texts<'p>(pack: &'p Pack, question: &Question) -> Vec<&'p DialogText> {
    let wanted = telling(pack, question.text.split(' '));
    let mut found: Vec<(usize, &DialogText)> = Vec::new();
    for text in texts(pack) {
        let own = normal(&text.text);
        let shared = wanted.iter().filter(|word| own.split(' ').any(|other| other == **word)).count();
        if shared > 0 && shared * 2 >= wanted.len() {
            found.push((shared, text));
        }
    }
    found.sort_by_key(|(shared, _)| std::cmp::Reverse(*shared));
    found.into_iter().map(|(_, text)| text).take(3).collect()
}

fn texts(pack: &Pack) -> impl Iterator<Item = &DialogText> {
    pack.codes().iter().flat_map(|table| &table.texts)
}

fn contains_words(text: &str, part: &str) -> bool {
    !part.is_empty() && format!(" {text} ").contains(&format!(" {part} "))
}

fn telling<'t>(pack: &Pack, words: impl Iterator<Item = &'t str>) -> Vec<&'t str> {
    let commonplace: Vec<&str> = pack.ladder().words.commonplace.split(' ').collect();
    let says_nothing =
        |word: &&str| word.is_empty() || EMPTY_WORDS.contains(word) || commonplace.contains(word);
    words.filter(|word| !says_nothing(word)).collect()
}

/// What contains all of the words: in its title, or else anywhere in what it says.
pub(super) fn hits<'p>(pack: &'p Pack, words: &[String]) -> Hits<'p> {
    let text = words.iter().map(|word| normal(word)).collect::<Vec<_>>().join(" ");
    let wanted = telling(pack, text.split(' '));
    if wanted.is_empty() || wanted.len() > MOST_WORDS {
        return Hits::default();
    }
    let titled = titled(pack, &wanted);
    if !titled.is_empty() {
        return titled;
    }
    Hits {
        causes: closest(pack.causes().iter(), &wanted, |cause: &&Cause| {
            format!("{} {} {}", cause.title, cause.verdict, cause.mechanism)
        }),
        signals: closest(pack.signals().iter(), &wanted, |signal: &&Signal| {
            format!("{} {}", signal.title, signal.description.as_deref().unwrap_or_default())
        }),
        ..Hits::default()
    }
}

fn titled<'p>(pack: &'p Pack, wanted: &[&str]) -> Hits<'p> {
    let codes = pack.codes().iter().flat_map(|table| table.entries.iter().map(move |code| (table, code)));
    let of_code =
        |(_, code): &Entry<'p>| format!("{} {}", code.name.as_deref().unwrap_or_default(), code.means);
    Hits {
        codes: closest(codes, wanted, of_code),
        causes: closest(pack.causes().iter(), wanted, |cause: &&Cause| {
            format!("{} {}", cause.id, cause.title)
        }),
        signals: closest(pack.signals().iter(), wanted, |signal: &&Signal| {
            format!("{} {}", signal.name, signal.title)
        }),
        notices: closest(pack.notices().iter(), wanted, |notice: &&Notice| {
            format!("{} {}", notice.id, notice.title)
        }),
    }
}

/// The items whose text contains all words, those with the fewest other words first.
fn closest<T>(items: impl Iterator<Item = T>, wanted: &[&str], text: impl Fn(&T) -> String) -> Vec<T> {
    let mut found: Vec<(usize, T)> = Vec::new();
    for item in items {
        let text = normal(&text(&item));
        let has = |wanted: &&str| text.split(' ').any(|word| is_like(word, wanted));
        if wanted.iter().all(has) {
            found.push((text.split(' ').count(), item));
        }
    }
    found.sort_by_key(|(length, _)| *length);
    found.into_iter().map(|(_, item)| item).take(LISTED).collect()
}

/// Whether a word begins with the wanted one: `expire` finds `expired`.
fn is_like(word: &str, wanted: &str) -> bool {
    const SHORTEST_STEM: usize = 4;
    word == wanted || (wanted.chars().count() >= SHORTEST_STEM && word.starts_with(wanted))
}
