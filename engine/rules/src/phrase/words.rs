//! A phrase word by word, with the place of each.

use std::fmt;
use std::time::Duration;

/// A word of a phrase together with where it stands in the phrase.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Place<T> {
    /// The word.
    pub value: T,
    /// Byte offset in the phrase.
    pub start: usize,
    /// Byte offset of its end.
    pub end: usize,
}

/// What is wrong with a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhraseError {
    /// Byte offset in the phrase.
    pub start: usize,
    /// Byte offset of the end of what is wrong.
    pub end: usize,
    /// What was found.
    pub found: String,
    /// What may stand here.
    pub expected: String,
}

impl fmt::Display for PhraseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}, found {}", self.expected, self.found)
    }
}

impl std::error::Error for PhraseError {}

/// Parses a span of time such as `5 seconds`, `48h` or `200 milliseconds`.
///
/// # Errors
/// What was found in its place.
pub(crate) fn parse_span(text: &str) -> Result<Duration, PhraseError> {
    let mut words = Words::new(text);
    let span = words.span()?;
    words.finish("the end of the span")?;
    Ok(span)
}

/// The words of a phrase with their places. A comma is a word of its own.
pub(super) struct Words<'a> {
    words: Vec<(usize, &'a str)>,
    next: usize,
    length: usize,
}

impl<'a> Words<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut words = Vec::new();
        let mut start = None;
        for (at, letter) in text.char_indices() {
            if letter.is_whitespace() || letter == ',' {
                if let Some(start) = start.take() {
                    words.push((start, &text[start..at]));
                }
                if letter == ',' {
                    words.push((at, &text[at..at + 1]));
                }
            } else if start.is_none() {
                start = Some(at);
            }
        }
        if let Some(start) = start {
            words.push((start, &text[start..]));
        }
        Words { words, next: 0, length: text.len() }
    }

    fn peek(&self) -> Option<&'a str> {
        self.words.get(self.next).map(|(_, word)| *word)
    }

    pub(super) fn eat(&mut self, word: &str) -> bool {
        let found = self.peek().is_some_and(|next| next.eq_ignore_ascii_case(word));
        self.next += usize::from(found);
        found
    }

    pub(super) fn eat_all(&mut self, phrase: &[&str]) -> bool {
        let back = self.next;
        let found = phrase.iter().all(|word| self.eat(word));
        if !found {
            self.next = back;
        }
        found
    }

    pub(super) fn expect(&mut self, phrase: &[&str]) -> Result<(), PhraseError> {
        if self.eat_all(phrase) { Ok(()) } else { Err(self.error(&format!("`{}`", phrase.join(" ")))) }
    }

    pub(super) fn name(&mut self, what: &str) -> Result<Place<String>, PhraseError> {
        match self.words.get(self.next) {
            Some(&(start, word)) if word != "," => {
                self.next += 1;
                Ok(Place { value: word.to_owned(), start, end: start + word.len() })
            }
            _ => Err(self.error(what)),
        }
    }

    pub(super) fn number(&mut self) -> Result<u32, PhraseError> {
        match self.peek().and_then(|word| word.parse().ok()) {
            Some(number) if number > 0 => {
                self.next += 1;
                Ok(number)
            }
            _ => Err(self.error("a whole number above zero")),
        }
    }

    pub(super) fn span(&mut self) -> Result<Duration, PhraseError> {
        const WANTED: &str = "a span of time such as `5 seconds`, `10 minutes`, `48 hours` or `7 days`";
        let Some(word) = self.peek() else { return Err(self.error(WANTED)) };
        let digits =
            word.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(word.len());
        let (number, suffix) = word.split_at(digits);
        let Ok(number) = number.parse::<f64>() else { return Err(self.error(WANTED)) };
        let unit = if suffix.is_empty() {
            self.next += 1;
            self.peek().unwrap_or_default()
        } else {
            suffix
        };
        let Some(seconds) = unit_seconds(unit) else { return Err(self.error(WANTED)) };
        let Ok(span) = Duration::try_from_secs_f64(number * seconds) else { return Err(self.error(WANTED)) };
        self.next += 1;
        Ok(span)
    }

    pub(super) fn finish(&self, expected: &str) -> Result<(), PhraseError> {
        if self.next == self.words.len() { Ok(()) } else { Err(self.error(expected)) }
    }

    pub(super) fn error(&self, expected: &str) -> PhraseError {
        let (start, end, found) = match self.words.get(self.next) {
            Some(&(start, word)) => (start, start + word.len(), format!("`{word}`")),
            None => (self.length, self.length, "the end of the phrase".to_owned()),
        };
        PhraseError { start, end, found, expected: expected.to_owned() }
    }
}

/// Seconds in a unit of time; `None` for a word that is none.
fn unit_seconds(unit: &str) -> Option<f64> {
    Some(match unit {
        "ms" | "millisecond" | "milliseconds" => 0.001,
        "s" | "second" | "seconds" => 1.0,
        "m" | "minute" | "minutes" => 60.0,
        "h" | "hour" | "hours" => 3600.0,
        "d" | "day" | "days" => 86_400.0,
        _ => return None,
    })
}
