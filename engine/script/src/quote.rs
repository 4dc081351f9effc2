//! Text of rules as PowerShell: ASCII, and quoted so that it stays text.

/// Plain ASCII in one line: typographic signs become their plain forms, other characters `?`.
///
/// Windows PowerShell reads scripts without a mark in the code page of the machine, and takes typographic quotes for
/// quotes, so neither may be in a script.
pub(crate) fn ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        match letter {
            '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}' => out.push('\''),
            '\u{201c}' | '\u{201d}' | '\u{201e}' => out.push('"'),
            '\u{2010}'..='\u{2015}' | '\u{2212}' => out.push('-'),
            '…' => out.push_str("..."),
            '×' => out.push('x'),
            '→' => out.push_str("->"),
            'ä' | 'ö' | 'ü' | 'Ä' | 'Ö' | 'Ü' => {
                out.push_str(
                    ["ae", "oe", "ue", "Ae", "Oe", "Ue"]
                        ["äöüÄÖÜ".chars().position(|l| l == letter).unwrap_or(0)],
                );
            }
            ' '..='~' => out.push(letter),
            _ => out.push('?'),
        }
    }
    out
}

/// A string that PowerShell takes word for word.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", ascii(text).replace('\'', "''"))
}

/// Commands as a string of several lines that PowerShell takes word for word.
pub(crate) fn quoted_lines(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(ascii_line).collect();
    format!("'{}'", lines.join("\n").replace('\'', "''"))
}

/// Commands as they are, their lines indented.
pub(crate) fn block(text: &str) -> String {
    text.lines().map(|line| format!("    {}\n", ascii_line(line).trim_end())).collect()
}

/// A line with its indentation.
fn ascii_line(line: &str) -> String {
    let indent = line.len() - line.trim_start().len();
    let (start, rest) = line.split_at(indent);
    // Spaces within a command may matter, so that only the characters are looked at.
    let rest: Vec<String> = rest.split(' ').map(ascii).collect();
    format!("{}{}", " ".repeat(start.chars().count()), rest.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        assert_eq!(quoted("it's $x `n \"y\"\n z"), "'it''s $x `n \"y\" z'");
        assert_eq!(quoted("\u{2019}; Remove-Item x #"), "'''; Remove-Item x #'");
        assert_eq!(ascii("für 5 × … → 山"), "fuer 5 x ... -> ?");
        assert_eq!(quoted_lines("a  'b'\n  c"), "'a  ''b''\n  c'");
    }
}
