//! Letters as names compare: without case, marks of direction and what nobody sees.

use std::ops::Range;

/// A text as names compare, and where each of its bytes stands in the text.
pub(super) struct Folded {
    pub(super) text: String,
    /// Start and end, in the text as written, of the letter that each byte came from.
    places: Vec<(usize, usize)>,
}

impl Folded {
    pub(super) fn new(text: &str) -> Folded {
        let mut folded =
            Folded { text: String::with_capacity(text.len()), places: Vec::with_capacity(text.len()) };
        for (start, letter) in text.char_indices() {
            fold_letter(letter, &mut folded.text);
            folded.places.resize(folded.text.len(), (start, start + letter.len_utf8()));
        }
        folded
    }

    /// Where a range of the folded text stands in the text as written.
    pub(super) fn place(&self, range: Range<usize>) -> Range<usize> {
        match (self.places.get(range.start), self.places.get(range.end.saturating_sub(1))) {
            (Some((start, _)), Some((_, end))) if range.start < range.end => *start..*end,
            _ => 0..0,
        }
    }
}

/// The text as names compare.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    text.chars().for_each(|letter| fold_letter(letter, &mut folded));
    folded
}

/// Small, capital and small again: that makes one of `ς` and `σ`, of `ẞ`, `ß` and `ss`, and of `İ`, `ı` and `i`.
fn fold_letter(letter: char, folded: &mut String) {
    if letter.is_ascii() {
        folded.push(letter.to_ascii_lowercase());
    } else if !is_unseen(letter) {
        let small = letter.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase);
        folded.extend(small.filter(|letter| !is_unseen(*letter)));
    }
}

/// Marks of direction, what has no width, and the dot that a small `İ` keeps.
fn is_unseen(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{307}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// Whether the range is no part of a longer word.
pub(super) fn is_word(text: &str, range: &Range<usize>) -> bool {
    let (inner, before, after) = (&text[range.clone()], &text[..range.start], &text[range.end..]);
    let goes_on = |inside: Option<char>, outside: Option<char>| {
        inside.is_some_and(in_word) && outside.is_some_and(in_word)
    };
    !goes_on(inner.chars().next(), before.chars().next_back())
        && !goes_on(inner.chars().next_back(), after.chars().next())
}

/// Letters and digits of scripts that put spaces between words; in others a name can stand anywhere.
fn in_word(letter: char) -> bool {
    letter.is_alphanumeric()
        && !matches!(letter, '\u{e00}'..='\u{e7f}' | '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_are_one() {
        for (one, other) in [
            ("ΣΟΦΟΣ", "σοφος"),
            ("ΣΟΦΟΣ", "σοφοσ"),
            ("İSTANBUL", "istanbul"),
            ("STRAẞE", "strasse"),
            ("a\u{202e}nna", "ANNA"),
        ] {
            assert_eq!(fold(one), fold(other), "{one}");
        }
    }

    #[test]
    fn places_are_those_of_the_text_as_written() {
        let text = "x İß\u{200f}b y";
        let folded = Folded::new(text);
        assert_eq!(folded.text, "x issb y");
        let place = |range| &text[folded.place(range)];
        assert_eq!([place(2..3), place(3..5), place(2..6)], ["İ", "ß", "İß\u{200f}b"]);
        assert_eq!(folded.place(0..0), 0..0);
    }

    #[test]
    fn words_end_where_letters_do() {
        let is_word = |text: &str, name: &str| {
            let start = text.find(name).unwrap();
            super::is_word(text, &(start..start + name.len()))
        };
        assert!(is_word("of anna.", "anna") && is_word("_anna_", "anna") && is_word("x\"a\"", "\"a\""));
        assert!(!is_word("hannah", "anna") && !is_word("anna2", "anna"));
        assert!(is_word("田中さん", "田中"));
    }
}
