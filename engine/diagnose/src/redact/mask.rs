//! Pseudonyms, and where they go.

use super::fold::{Folded, fold, is_word};
use super::forms::{Form, Forms, program};
use super::named::{Kind, Name, Named};
use super::pen::Pen;
use super::vocabulary::Vocabulary;
use crate::diagnosis::result::{Field, Sentence, Warning};
use aho_corasick::AhoCorasick;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

/// Endings of files that say nothing about whose they are, at most this long.
const ENDING_LONGEST: usize = 5;

/// Gives every name its pseudonym, numbered as they are asked for.
pub(super) struct Masks<'v> {
    names: Vec<Known>,
    /// Where a name is in `names`.
    number: BTreeMap<String, usize>,
    automaton: AhoCorasick,
    forms: &'v Forms,
    vocabulary: &'v Vocabulary,
    files: BTreeMap<String, String>,
    given: BTreeMap<(&'static str, String), usize>,
    counts: BTreeMap<&'static str, usize>,
}

/// A name, and whether it is a word of our own.
struct Known {
    name: Name,
    common: bool,
}

/// What is to be replaced, and by whose pseudonym.
struct Hit {
    range: Range<usize>,
    word: &'static str,
    key: String,
    /// Those with a lower one are placed first.
    rank: u8,
}

/// Whether words of our own sentences are names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Where {
    /// In what a record says, they are.
    Value,
    /// In a sentence and in what logs are built of, they are not.
    Words,
}

impl<'v> Masks<'v> {
    pub(super) fn new(named: Named, forms: &'v Forms, vocabulary: &'v Vocabulary) -> Masks<'v> {
        let automaton =
            AhoCorasick::new(named.keys()).expect("as many names as records hold fit into an automaton");
        let number = named.keys().cloned().zip(0..).collect();
        let known = |(text, name): (String, Name)| Known { common: vocabulary.has(&text), name };
        Masks {
            names: named.into_iter().map(known).collect(),
            number,
            automaton,
            forms,
            vocabulary,
            files: BTreeMap::new(),
            given: BTreeMap::new(),
            counts: BTreeMap::new(),
        }
    }

    /// The name of a log: its folders become pseudonyms, and so does the last part unless it is called after a channel.
    fn masked_file(&mut self, file: &str) -> String {
        if let Some(mask) = self.files.get(file) {
            return mask.clone();
        }
        let parts: Vec<&str> = file.split(['/', '\\']).collect();
        let last = parts.len() - 1;
        let masked: Vec<String> = parts
            .iter()
            .enumerate()
            .map(|(place, part)| if place == last { self.log(part) } else { self.folder(part) })
            .collect();
        let mask = masked.join("/");
        self.files.insert(file.to_owned(), mask.clone());
        mask
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
        if self.vocabulary.is_channel(&stem.replace("%4", "/")) {
            return name.to_owned();
        }
        let plain = ending.len() <= ENDING_LONGEST
            && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && !self.number.contains_key(&fold(ending));
        let mask = self.given("LOG", name);
        if plain && !ending.is_empty() { format!("{mask}.{ending}") } else { mask }
    }

    /// The pseudonym of what is called `key` among its kind.
    fn given(&mut self, word: &'static str, key: &str) -> String {
        let key = (word, fold(key));
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

    fn masked(&mut self, text: &str, place: Where) -> String {
        let text = &*whole_words(text);
        let mut hits: Vec<Hit> = self
            .forms
            .find(text)
            .into_iter()
            .map(|found| Hit {
                range: found.range,
                word: found.form.word(),
                key: found.key,
                rank: u8::from(found.form == Form::Secret),
            })
            .collect();
        hits.extend(self.named_in(text, place));
        if hits.is_empty() {
            return text.to_owned();
        }
        hits.sort_by_key(|hit| (hit.rank, Reverse(hit.range.len()), hit.range.start));
        self.replaced(text, &hits)
    }

    /// The names in a text, also those that overlap.
    fn named_in(&self, text: &str, place: Where) -> Vec<Hit> {
        let folded = Folded::new(text);
        let is_meant = |number: usize| place == Where::Value || !self.names[number].common;
        let within = self.automaton.find_overlapping_iter(&folded.text).filter_map(|hit| {
            let range = folded.place(hit.range());
            (is_meant(hit.pattern().as_usize()) && is_word(text, &range))
                .then(|| self.hit(range, hit.pattern().as_usize()))
        });
        // A value that is a name is one however it looks, and a name without letters is one nowhere else.
        let core = text.trim();
        let start = text.len() - text.trim_start().len();
        let whole = self.number.get(folded.text.trim()).filter(|number| is_meant(**number));
        let whole = whole.map(|number| self.hit(start..start + core.len(), *number));
        let has_letters = |hit: &Hit| text[hit.range.clone()].contains(char::is_alphanumeric);
        within.filter(has_letters).chain(whole).collect()
    }

    fn hit(&self, range: Range<usize>, number: usize) -> Hit {
        let name = &self.names[number].name;
        let rank = match (name.piece, name.kind) {
            (true, _) => 4,
            (false, Kind::User) => 3,
            (false, _) => 2,
        };
        Hit { range, word: name.kind.word(), key: name.key.clone(), rank }
    }

    /// The text with pseudonyms in place of the hits. Of one that others cover in part, the rest is replaced.
    fn replaced(&mut self, text: &str, hits: &[Hit]) -> String {
        let mut owner: Vec<Option<usize>> = vec![None; text.len()];
        for (number, hit) in hits.iter().enumerate() {
            owner[hit.range.clone()]
                .iter_mut()
                .filter(|owner| owner.is_none())
                .for_each(|owner| *owner = Some(number));
        }
        let mut out = String::with_capacity(text.len());
        let mut start = 0;
        for run in owner.chunk_by(|one, other| one == other) {
            let part = &text[start..start + run.len()];
            start += run.len();
            match run[0] {
                None => out.push_str(part),
                Some(number) => out.push_str(&self.of_hit(part, &hits[number])),
            }
        }
        out
    }

    /// What stands in place of a hit, or of the part of it that no other one covers.
    fn of_hit(&mut self, part: &str, hit: &Hit) -> String {
        if part.len() == hit.range.len() {
            return self.given(hit.word, &hit.key);
        }
        let is_letter = |letter: char| letter.is_alphanumeric();
        match (part.find(is_letter), part.rfind(is_letter)) {
            (Some(first), Some(last)) => {
                let last = last + part[last..].chars().next().map_or(0, char::len_utf8);
                format!("{}{}{}", &part[..first], self.given(hit.word, &hit.key), &part[last..])
            }
            _ => part.to_owned(),
        }
    }

    /// A sentence of our own in which names may stand, those of logs as well.
    /// In `quoting` ones a value stands between backticks: a path, or what a record says.
    fn told(&mut self, text: &mut String, quoting: bool) {
        // The longest first: one log's name may be the end of another's.
        let mut files: Vec<(String, String)> =
            self.files.iter().map(|(file, mask)| (file.clone(), mask.clone())).collect();
        files.sort_by_key(|(file, _)| Reverse(file.len()));
        for (file, mask) in files.iter().filter(|(file, _)| !file.is_empty()) {
            *text = text.replace(file, mask);
        }
        let mut parts: Vec<String> = text.split('`').map(str::to_owned).collect();
        for (place, part) in parts.iter_mut().enumerate() {
            *part = match place % 2 {
                1 if quoting && is_path(part) => self.masked_file(part),
                1 if quoting => self.masked(part, Where::Value),
                _ => self.masked(part, Where::Words),
            };
        }
        *text = parts.join("`");
    }
}

impl Pen for Masks<'_> {
    fn value(&mut self, value: &mut String) {
        *value = self.masked(value, Where::Value);
    }

    fn sentence(&mut self, sentence: &mut Sentence) {
        *sentence = sentence.with_values(|value| *value = self.masked(value, Where::Value));
    }

    fn words(&mut self, words: &mut String) {
        *words = self.masked(words, Where::Words);
    }

    fn field(&mut self, field: &mut Field) {
        if self.vocabulary.is_command(&field.name) {
            field.value = program(&field.value);
        }
        self.words(&mut field.name);
        self.value(&mut field.value);
    }

    fn file(&mut self, file: &mut String) {
        *file = self.masked_file(file);
    }

    fn warning(&mut self, warning: &mut Warning) {
        match warning {
            Warning::Input(warning) => {
                let parts = [warning.file.as_mut(), warning.place.as_mut(), warning.help.as_mut()];
                parts.into_iter().flatten().for_each(|part| self.told(part, false));
                self.told(&mut warning.message, true);
            }
            Warning::Basis(sentence) => self.sentence(sentence),
        }
    }
}

/// Whether it looks like the name of a file.
fn is_path(text: &str) -> bool {
    let ending = text.rsplit_once('.').map(|(_, ending)| ending);
    let is_tag = text.starts_with('<');
    !is_tag && text.contains(['/', '\\'])
        || ending.is_some_and(|ending| (1..=ENDING_LONGEST).contains(&ending.len()))
}

/// A value that was cut, without the word that the cut went through: it may be the beginning of a name.
fn whole_words(text: &str) -> Cow<'_, str> {
    match text.strip_suffix('…') {
        Some(rest) if !rest.ends_with(char::is_whitespace) => match rest.rfind(char::is_whitespace) {
            Some(place) => format!("{} …", rest[..place].trim_end()).into(),
            None => "…".into(),
        },
        _ => text.into(),
    }
}
