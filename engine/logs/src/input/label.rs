//! What a path in an archive is called.

use crate::input::path_name::decoded;

/// Characters of a path that are shown; of longer ones the beginning and the end.
const SHOWN: usize = 200;

/// A path in an archive as a name to show: parts joined with `/`, and nothing in it that means something to a file
/// system or a terminal.
///
/// It is never used as a path. `..` and drive letters are in parentheses all the same, so that nobody else takes
/// it for one, and what cannot be seen is written as `\u{…}`.
pub(crate) fn label(path: &str) -> String {
    let parts: Vec<String> = path
        .split(['/', '\\'])
        .filter(|part| !part.is_empty() && *part != ".")
        .map(|part| decoded(&visible(part)))
        .collect();
    let whole = if parts.is_empty() { "(no name)".to_owned() } else { parts.join("/") };
    shortened(whole)
}

/// Whether a path would lead out of the folder it is unpacked to.
pub(crate) fn leads_out(path: &str) -> bool {
    path.starts_with(['/', '\\']) || path.split(['/', '\\']).any(|part| part == ".." || is_drive(part))
}

fn is_drive(part: &str) -> bool {
    matches!(part.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic())
}

fn visible(part: &str) -> String {
    if part == ".." {
        return "(..)".to_owned();
    }
    let mut shown = String::with_capacity(part.len());
    let mut rest = part;
    if is_drive(part) {
        shown.extend(["(", &part[..2], ")"]);
        rest = &part[2..];
    }
    for letter in rest.chars() {
        if is_unseen(letter) {
            shown.extend(letter.escape_unicode());
        } else {
            shown.push(letter);
        }
    }
    shown
}

/// Control characters, and those that reorder or hide what is around them.
fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn shortened(text: String) -> String {
    let letters: Vec<char> = text.chars().collect();
    if letters.len() <= SHOWN {
        return text;
    }
    let (begin, end) = (&letters[..SHOWN / 2], &letters[letters.len() - SHOWN / 2..]);
    begin.iter().chain(&['…']).chain(end).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_path_stays() {
        assert_eq!(label("host/System.evtx"), "host/System.evtx");
        assert_eq!(label(r"host\Größe.evtx"), "host/Größe.evtx");
        assert!(!leads_out("host/a..b/System.evtx"));
        assert_eq!(label("auto/C%3A/A%254B.evtx"), "auto/C:/A%4B.evtx");
    }

    #[test]
    fn what_a_file_system_or_terminal_would_follow_is_made_visible() {
        for (path, shown) in [
            ("../../etc/x.evtx", "(..)/(..)/etc/x.evtx"),
            ("/etc/x.evtx", "etc/x.evtx"),
            (r"C:\Windows\x.evtx", "(C:)/Windows/x.evtx"),
            (r"\\server\share\x.evtx", "server/share/x.evtx"),
            (r"c:x.evtx", "(c:)x.evtx"),
        ] {
            assert_eq!(label(path), shown);
            assert!(leads_out(path), "{path}");
        }
        assert_eq!(label("a\0\u{1b}[31m\u{202e}.evtx"), r"a\u{0}\u{1b}[31m\u{202e}.evtx");
        assert_eq!(label("././/"), "(no name)");
    }

    #[test]
    fn a_long_name_shows_both_ends() {
        let shown = label(&format!("{}.evtx", "x".repeat(65_000)));
        assert_eq!(shown.chars().count(), SHOWN + 1);
        assert!(shown.starts_with("xxx") && shown.ends_with("x.evtx"));
    }
}
