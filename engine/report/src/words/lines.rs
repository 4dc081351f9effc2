//! Text in lines of a certain width.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// What becomes of words that are wider than a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WideWords {
    /// They are cut into parts that fit.
    Cut,
    /// They stay whole and stick out.
    Whole,
}

/// The lines of a text, none wider than `room` columns; at least one, which may be empty.
///
/// A dot that separates facts stays with the word before it.
pub(crate) fn wrapped(text: &str, room: usize) -> Vec<String> {
    filled(words(text), room, WideWords::Cut)
}

/// The words in lines of at most `room` columns, as they take them on a terminal; at least one line, which may be empty.
///
/// # Example
/// ```
/// use rdpwhy_report::{WideWords, filled};
/// assert_eq!(filled("one two three".split(' '), 7, WideWords::Whole), ["one two", "three"]);
/// ```
pub fn filled<W: AsRef<str>>(
    words: impl IntoIterator<Item = W>,
    room: usize,
    wide: WideWords,
) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut columns = 0;
    for word in words {
        for (number, part) in parts(word.as_ref(), room, wide).into_iter().enumerate() {
            let space = usize::from(columns > 0 && number == 0);
            if columns > 0 && (number > 0 || columns + space + part.width() > room) {
                lines.push(String::new());
                columns = 0;
            }
            let line = lines.last_mut().expect("there is always a line");
            if columns > 0 {
                line.push(' ');
                columns += 1;
            }
            line.push_str(&part);
            columns += part.width();
        }
    }
    lines
}

/// Stands between facts.
const DOT: &str = "·";

/// The words of a text; a dot that separates facts stays with the word before it.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match words.last_mut() {
            Some(last) if word == DOT => last.push_str(" ·"),
            _ => words.push(word.to_owned()),
        }
    }
    words
}

/// A word cut into parts that fit, for words wider than a line.
fn parts(word: &str, room: usize, wide: WideWords) -> Vec<String> {
    if wide == WideWords::Whole || word.width() <= room {
        return vec![word.to_owned()];
    }
    let mut parts = vec![String::new()];
    let mut columns = 0;
    for letter in word.chars() {
        let wide = letter.width().unwrap_or(0);
        if columns + wide > room {
            parts.push(String::new());
            columns = 0;
        }
        parts.last_mut().expect("there is always a part").push(letter);
        columns += wide;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_wraps_by_columns() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("山田 太郎 x", 5), ["山田", "太郎", "x"]);
        assert_eq!(wrapped("a abcdefghij b", 4), ["a", "abcd", "efgh", "ij b"]);
        assert_eq!(wrapped("one · two", 5), ["one ·", "two"]);
        assert_eq!(wrapped("", 10), [""]);
    }

    #[test]
    fn wide_words_stay_whole_where_they_shall() {
        assert_eq!(filled("a abcdefghij b".split(' '), 4, WideWords::Whole), ["a", "abcdefghij", "b"]);
    }
}
