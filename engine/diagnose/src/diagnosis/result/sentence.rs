//! Sentences with values in them.

use serde::{Serialize, Serializer};
use std::fmt;
use std::ops::{Deref, Range};

/// A sentence of the rules or of the program, with what records or the ticket say filled in.
///
/// It reads as a text. Where the filled-in values stand is remembered, since redaction must tell a user called `event` from
/// the word of the sentence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sentence {
    text: String,
    values: Vec<Range<usize>>,
}

impl Sentence {
    /// Adds words that no record said.
    pub fn say(&mut self, words: &str) {
        self.text.push_str(words);
    }

    /// Adds what a record or the ticket says.
    pub fn quote(&mut self, value: &str) {
        self.values.push(self.text.len()..self.text.len() + value.len());
        self.text.push_str(value);
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What records or the ticket say in it.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(|range| &self.text[range.clone()])
    }

    /// The same sentence with other values: `of` changes each.
    #[must_use]
    pub fn with_values(&self, mut of: impl FnMut(&mut String)) -> Sentence {
        let mut changed = Sentence::default();
        let mut done = 0;
        for range in &self.values {
            changed.say(&self.text[done..range.start]);
            let mut value = self.text[range.clone()].to_owned();
            of(&mut value);
            changed.quote(&value);
            done = range.end;
        }
        changed.say(&self.text[done..]);
        changed
    }

    /// Takes back the words that it ends with.
    pub(crate) fn unsay(&mut self, words: &str) {
        if self.text.ends_with(words) {
            self.text.truncate(self.text.len() - words.len());
        }
    }
}

impl Deref for Sentence {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl From<String> for Sentence {
    /// A sentence without values.
    fn from(text: String) -> Sentence {
        Sentence { text, values: Vec::new() }
    }
}

impl From<&str> for Sentence {
    /// A sentence without values.
    fn from(text: &str) -> Sentence {
        Sentence::from(text.to_owned())
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl Serialize for Sentence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_change_and_words_stay() {
        let mut sentence = Sentence::default();
        sentence.say("event of ");
        sentence.quote("event");
        sentence.say(" (");
        sentence.quote("");
        sentence.say("2×)");
        assert_eq!(sentence.with_values(str_upper).as_str(), "event of EVENT (2×)");
        assert_eq!(sentence.as_str(), "event of event (2×)");
    }

    fn str_upper(value: &mut String) {
        *value = value.to_uppercase();
    }
}
