//! Texts with wildcards, as Sigma writes them.

use std::borrow::Cow;

/// The characters that stand for each other before an option of a Windows command line.
pub(crate) const DASHES: [char; 5] = ['-', '/', '\u{2013}', '\u{2014}', '\u{2015}'];

/// A character of a pattern, or a wildcard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) enum Piece {
    Char(char),
    /// `?`: exactly one character.
    One,
    /// `*`: any number of characters, also none.
    Many,
    /// Exactly one of [`DASHES`].
    Dash,
}

/// A text with wildcards, escapes resolved.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Pattern(pub(crate) Vec<Piece>);

impl Pattern {
    /// Reads `*` and `?` as wildcards; `\*`, `\?` and `\\` stand for the character, any other `\` for itself.
    pub(crate) fn parse(text: &str) -> Self {
        let mut pieces = Vec::with_capacity(text.len());
        let mut chars = text.chars().peekable();
        while let Some(char) = chars.next() {
            pieces.push(match char {
                '\\' => match chars.next_if(|next| matches!(next, '*' | '?' | '\\')) {
                    Some(escaped) => Piece::Char(escaped),
                    None => Piece::Char('\\'),
                },
                '*' => Piece::Many,
                '?' => Piece::One,
                other => Piece::Char(other),
            });
        }
        Pattern(pieces)
    }

    /// A text without wildcards.
    pub(crate) fn plain(text: &str) -> Self {
        Pattern(text.chars().map(Piece::Char).collect())
    }

    /// The text, where the pattern has no wildcards.
    pub(crate) fn as_plain(&self) -> Option<String> {
        text_of(&self.0)
    }
}

/// Which part of a value a pattern must cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) enum Placement {
    Whole,
    Start,
    End,
    Anywhere,
}

/// A compiled comparison of one text with a pattern.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct TextMatch {
    shape: Shape,
    cased: bool,
}

/// The cheapest form that decides a pattern; texts are folded unless case counts.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
enum Shape {
    Anything,
    Exact(String),
    Prefix(String),
    Suffix(String),
    Contains(String),
    Glob(Vec<Piece>),
}

impl TextMatch {
    pub(crate) fn new(pattern: &Pattern, placement: Placement, cased: bool) -> Self {
        let mut pieces = Vec::with_capacity(pattern.0.len() + 2);
        if matches!(placement, Placement::End | Placement::Anywhere) {
            pieces.push(Piece::Many);
        }
        for piece in &pattern.0 {
            match piece {
                Piece::Char(char) if !cased => pieces.extend(char.to_lowercase().map(Piece::Char)),
                piece => pieces.push(*piece),
            }
        }
        if matches!(placement, Placement::Start | Placement::Anywhere) {
            pieces.push(Piece::Many);
        }
        pieces.dedup_by(|a, b| *a == Piece::Many && *b == Piece::Many);
        TextMatch { shape: Shape::of(pieces), cased }
    }

    /// The comparison with a text as [`Pattern::parse`] reads it, where it holds no wildcard and no escape: the same
    /// as [`TextMatch::new`] makes, without looking at each letter.
    pub(crate) fn of_plain(text: &str, placement: Placement, cased: bool) -> Option<Self> {
        if text.is_empty() || text.contains(['*', '?', '\\']) {
            return None;
        }
        let text = if cased { text.to_owned() } else { fold(text).into_owned() };
        let shape = match placement {
            Placement::Whole => Shape::Exact(text),
            Placement::Start => Shape::Prefix(text),
            Placement::End => Shape::Suffix(text),
            Placement::Anywhere => Shape::Contains(text),
        };
        Some(TextMatch { shape, cased })
    }

    /// The text that alone is matched (folded), where the comparison ignores case and has no wildcards.
    pub(crate) fn as_equality(&self) -> Option<&str> {
        match &self.shape {
            Shape::Exact(text) if !self.cased => Some(text),
            _ => None,
        }
    }

    /// The text that alone is matched, folded whether or not case counts: what every matched value folds to.
    pub(crate) fn folded_equality(&self) -> Option<Cow<'_, str>> {
        match &self.shape {
            Shape::Exact(text) => Some(fold(text)),
            _ => None,
        }
    }

    pub(crate) fn matches(&self, value: &str) -> bool {
        if let Some(wanted) = self.as_equality() {
            return folded_equal(wanted, value);
        }
        let value = if self.cased { Cow::Borrowed(value) } else { fold(value) };
        match &self.shape {
            Shape::Anything => true,
            Shape::Exact(text) => *value == **text,
            Shape::Prefix(text) => value.starts_with(&**text),
            Shape::Suffix(text) => value.ends_with(&**text),
            Shape::Contains(text) => value.contains(&**text),
            Shape::Glob(pieces) => glob(pieces, &value),
        }
    }

    /// Rough cost of a comparison, for trying the cheap ones first.
    pub(crate) fn cost(&self) -> u32 {
        match self.shape {
            Shape::Anything | Shape::Exact(_) => 1,
            Shape::Prefix(_) | Shape::Suffix(_) | Shape::Contains(_) => 2,
            Shape::Glob(_) => 3,
        }
    }
}

impl Shape {
    fn of(pieces: Vec<Piece>) -> Shape {
        let shape = match pieces.as_slice() {
            [Piece::Many] => Some(Shape::Anything),
            [Piece::Many, middle @ .., Piece::Many] => text_of(middle).map(Shape::Contains),
            [Piece::Many, tail @ ..] => text_of(tail).map(Shape::Suffix),
            [head @ .., Piece::Many] => text_of(head).map(Shape::Prefix),
            all => text_of(all).map(Shape::Exact),
        };
        shape.unwrap_or(Shape::Glob(pieces))
    }
}

fn text_of(pieces: &[Piece]) -> Option<String> {
    let char = |piece: &Piece| match piece {
        Piece::Char(char) => Some(*char),
        _ => None,
    };
    pieces.iter().map(char).collect()
}

/// The text with every character in lower case, one by one: what texts are compared by when case does not count.
pub fn fold(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        Cow::Borrowed(text)
    } else if text.is_ascii() {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Owned(text.chars().flat_map(char::to_lowercase).collect())
    }
}

/// Whether `value` folds to `folded`.
pub fn folded_equal(folded: &str, value: &str) -> bool {
    // Most values differ in length already.
    folded.eq_ignore_ascii_case(value) || (!value.is_ascii() && fold(value) == folded)
}

/// Whether the pieces cover the whole text. Time grows with the product of both lengths at worst.
fn glob(pieces: &[Piece], text: &str) -> bool {
    let mut at = 0;
    let mut rest = text.chars();
    let mut last_star = None;
    loop {
        let mut ahead = rest.clone();
        match pieces.get(at) {
            None if rest.as_str().is_empty() => return true,
            Some(Piece::Many) => {
                at += 1;
                last_star = Some((at, rest.clone()));
                continue;
            }
            Some(Piece::One) if ahead.next().is_some() => {
                at += 1;
                rest = ahead;
                continue;
            }
            Some(Piece::Dash) if ahead.next().is_some_and(|char| DASHES.contains(&char)) => {
                at += 1;
                rest = ahead;
                continue;
            }
            Some(Piece::Char(wanted)) if ahead.next() == Some(*wanted) => {
                at += 1;
                rest = ahead;
                continue;
            }
            _ => {}
        }
        // Nothing fits here: let the last star take one character more.
        let Some((after, from)) = &mut last_star else { return false };
        if from.next().is_none() {
            return false;
        }
        rest = from.clone();
        at = *after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_escapes_and_placements() {
        use Placement::{Anywhere, End, Start, Whole};
        let table = [
            ("abc", Whole, "ABC", true),
            ("abc", Whole, "abcd", false),
            ("", Whole, "", true),
            ("", Whole, "a", false),
            ("", Anywhere, "a", true),
            ("a*c", Whole, "a--c--c", true),
            ("a*c", Whole, "a--c--d", false),
            ("a?c", Whole, "aüc", true),
            ("a?c", Whole, "ac", false),
            (r"a\*", Whole, "a*", true),
            (r"a\*", Whole, "ab", false),
            (r"a\\*", Whole, r"a\bc", true),
            (r"\Windows\System32", End, r"C:\Windows\System32", true),
            (r"\\\\server", Start, r"\\SERVER\share", true),
            (r"\\\*", Whole, r"\*", true),
            (r"a\", Whole, r"a\", true),
            ("b*d", Anywhere, "a b c d e", true),
            ("ÄÖ*ü", Whole, "äö!Ü", true),
            ("*?x*", Whole, "xx", true),
            ("*?x*", Whole, "x", false),
            ("*", Whole, "", true),
            ("\u{212a}", Whole, "k", true),
        ];
        for (pattern, placement, value, expected) in table {
            let found = TextMatch::new(&Pattern::parse(pattern), placement, false).matches(value);
            assert_eq!(found, expected, "{pattern:?} {placement:?} {value:?}");
        }
        assert!(!TextMatch::new(&Pattern::parse("a*"), Whole, true).matches("Ab"));
    }

    proptest::proptest! {
        #[test]
        fn texts_without_wildcards_compile_alike_either_way(text in "[aÄ\u{212a}1*?\\\\ ]{0,6}", cased: bool) {
            for placement in [Placement::Whole, Placement::Start, Placement::End, Placement::Anywhere] {
                if let Some(short) = TextMatch::of_plain(&text, placement, cased) {
                    assert_eq!(short, TextMatch::new(&Pattern::parse(&text), placement, cased));
                }
            }
        }
    }
}
