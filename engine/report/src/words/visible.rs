//! Strings out of logs, made safe to look at.

use std::fmt::Write;

/// Values out of logs are cut beyond this many characters.
pub(crate) const LONGEST_VALUE: usize = 300;

/// The text with everything that is invisible or steers a terminal written as `\u{1b}`, `\n` and so on.
///
/// Concerned are control characters, bidirectional marks, zero-width and format characters, variation selectors,
/// line separators, and what Unicode leaves unassigned or to private use. No-break spaces become spaces: localised
/// messages are full of them.
#[must_use]
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\u{a0}' | '\u{202f}' | '\u{2007}' => shown.push(' '),
            '\n' | '\r' | '\t' => shown.extend(letter.escape_default()),
            _ if is_hidden(letter) => {
                write!(shown, "\\u{{{:x}}}", u32::from(letter)).expect("strings take all")
            }
            _ => shown.push(letter),
        }
    }
    shown
}

/// A value out of a log: trimmed, [`visible`], and cut with `…` beyond [`LONGEST_VALUE`] characters.
pub(crate) fn value(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(LONGEST_VALUE) {
        Some((end, _)) => format!("{}…", visible(&text[..end])),
        None => visible(text),
    }
}

/// Text of a rule: whole, its lines put into one.
pub(crate) fn prose(text: &str) -> String {
    visible(&text.split_ascii_whitespace().collect::<Vec<_>>().join(" "))
}

/// Whether a reader would not see the character, or would see others in another order because of it.
pub(crate) fn is_hidden(letter: char) -> bool {
    match letter {
        ' '..='~' => false,
        // Marks that are drawn as nothing, though Rust's table of printable characters has them.
        '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{17b4}' | '\u{17b5}' => true,
        '\u{180b}'..='\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}' => true,
        _ => letter.is_control() || !is_printable(letter),
    }
}

/// Whether the standard library prints the character as it is. Combining marks count as printable: names need them.
fn is_printable(letter: char) -> bool {
    // Only the first character of a string has its combining mark escaped, hence the letter before it.
    let pair: String = ['a', letter].iter().collect();
    pair.escape_debug().count() == 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_or_hides_is_written_out() {
        let hidden = "\u{0}\u{7}\u{8}\u{1b}\u{7f}\u{80}\u{9b}\u{9f}\u{ad}\u{61c}\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\
            \u{2028}\u{2029}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2060}\u{2066}\u{2067}\u{2068}\u{2069}\u{feff}\
            \u{fe0f}\u{fff9}\u{e000}\u{f8ff}\u{e0001}\u{e0100}\u{f0000}\u{10ffff}\u{378}\u{3164}\u{115f}";
        for letter in hidden.chars() {
            let expected = format!("a\\u{{{:x}}}b", u32::from(letter));
            assert_eq!(visible(&format!("a{letter}b")), expected);
        }
        assert_eq!(visible("a\r\n\tb"), "a\\r\\n\\tb");
    }

    #[test]
    fn names_of_the_world_stay_as_they_are() {
        for name in
            ["DOMÄNE\\Jürgen", "Ελένη", "Иванов", "山田太郎", "ทดสอบ", "e\u{301}", "user@contoso.com", "…·×÷"]
        {
            assert_eq!(visible(name), name);
        }
        assert_eq!(visible("Accès refusé\u{a0}: 5"), "Accès refusé : 5");
    }

    #[test]
    fn long_values_are_cut_between_characters() {
        assert_eq!(value(&"ä".repeat(LONGEST_VALUE)), "ä".repeat(LONGEST_VALUE));
        assert_eq!(value(&"ä".repeat(LONGEST_VALUE + 1)), format!("{}…", "ä".repeat(LONGEST_VALUE)));
        assert_eq!(value("Access is denied.\r\n"), "Access is denied.");
    }

    #[test]
    fn every_character_comes_out_harmless_and_stays_so() {
        for letter in (0..=0x0010_ffff).filter_map(char::from_u32) {
            let shown = visible(&letter.to_string());
            assert!(!shown.chars().any(is_hidden), "{:x}", u32::from(letter));
            assert_eq!(visible(&shown), shown);
        }
    }
}
