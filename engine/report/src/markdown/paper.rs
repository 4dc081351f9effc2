//! Markdown that means the same in every ticket system: headings, tables, lists and fences, and no HTML.

use crate::words::visible::visible;

/// A document under construction. Text put on it is escaped by [`plain`], [`code`] or [`said`] before.
#[derive(Default)]
pub(super) struct Paper {
    out: String,
}

impl Paper {
    pub(super) fn finish(self) -> String {
        self.out
    }

    pub(super) fn heading(&mut self, level: usize, text: &str) {
        self.gap();
        self.out.push_str(&"#".repeat(level));
        self.out.push(' ');
        self.push(text);
    }

    pub(super) fn paragraph(&mut self, text: &str) {
        self.gap();
        self.push(text);
    }

    pub(super) fn items(&mut self, items: impl IntoIterator<Item = String>) {
        for (number, item) in items.into_iter().enumerate() {
            if number == 0 {
                self.gap();
            }
            self.out.push_str("- ");
            self.push(&item);
        }
    }

    /// A table; nothing if it has no rows.
    pub(super) fn table(&mut self, head: &[&str], rows: &[Vec<String>]) {
        if rows.is_empty() {
            return;
        }
        self.gap();
        self.push(&format!("| {} |", head.join(" | ")));
        self.push(&format!("|{}", " --- |".repeat(head.len())));
        for row in rows {
            let cells: Vec<String> = row.iter().map(|cell| cell.replace('|', "\\|")).collect();
            self.push(&format!("| {} |", cells.join(" | ")));
        }
    }

    /// Commands in a fence that is longer than any run of backticks among them.
    pub(super) fn commands(&mut self, commands: &str) {
        let lines: Vec<String> =
            commands.trim_end().lines().map(|line| visible(&line.replace('\t', "    "))).collect();
        let longest = lines.iter().map(|line| longest_run(line)).max().unwrap_or(0);
        let fence = "`".repeat(longest.max(2) + 1);
        self.gap();
        self.push(&format!("{fence}powershell"));
        lines.iter().for_each(|line| self.push(line));
        self.push(&fence);
    }

    fn gap(&mut self) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    fn push(&mut self, line: &str) {
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }
}

/// Text as it is, every sign that Markdown could take for its own escaped. Line ends become spaces.
pub(super) fn plain(text: &str) -> String {
    let text = text.split(['\n', '\r']).map(str::trim).collect::<Vec<_>>().join(" ");
    let text = visible(&text);
    let mut out = String::with_capacity(text.len());
    for (place, letter) in text.char_indices() {
        let is_sign = matches!(
            letter,
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '~' | '$' | '&' | '!'
        );
        if is_sign || begins_list(&text, place, letter) {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

/// Whether the sign at this place would make a list or an underline of the line.
fn begins_list(text: &str, place: usize, letter: char) -> bool {
    match letter {
        '-' | '+' | '=' => place == 0,
        '.' | ')' => {
            let (before, after) = (&text[..place], &text[place + 1..]);
            let ends = after.is_empty() || after.starts_with(' ');
            ends && place > 0 && before.bytes().all(|byte| byte.is_ascii_digit())
        }
        _ => false,
    }
}

/// A value between backticks, more of them than it has in a row.
pub(super) fn code(text: &str) -> String {
    let text = visible(text.trim());
    if text.is_empty() {
        return String::new();
    }
    let fence = "`".repeat(longest_run(&text) + 1);
    // A backtick at an end of the value would join the fence.
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A sentence that holds values out of logs. Where systems would make a link, a mention or a reference of a part of it,
/// the whole is between backticks.
pub(super) fn said(text: &str) -> String {
    if would_link(text) { code(text) } else { plain(text) }
}

fn would_link(text: &str) -> bool {
    let low = text.to_ascii_lowercase();
    let after_sign = |sign: char, fits: fn(char) -> bool| {
        low.match_indices(sign).any(|(place, _)| low[place + 1..].starts_with(fits))
    };
    low.contains("://")
        || low.contains("www.")
        || low.contains("mailto:")
        || after_sign('@', char::is_alphanumeric)
        || after_sign('#', |letter| letter.is_ascii_digit())
}

fn longest_run(text: &str) -> usize {
    text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_markdown_lose_their_meaning() {
        assert_eq!(plain("a*b_c [x](y) <b> C:\\x"), "a\\*b\\_c \\[x\\](y) \\<b\\> C:\\\\x");
        assert_eq!(plain("1. one\n# two"), "1\\. one \\# two");
        assert_eq!(plain("- x"), "\\- x");
        assert_eq!(plain("2 - 1 = 1.5"), "2 - 1 = 1.5");
        assert_eq!(plain("0.1.0"), "0.1.0");
    }

    #[test]
    fn values_stay_within_their_backticks() {
        assert_eq!(code("plain"), "`plain`");
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("a\nb\u{202e}"), "`a\\nb\\u{202e}`");
        assert_eq!(code("  "), "");
    }

    #[test]
    fn nothing_out_of_a_log_becomes_a_link_or_a_mention() {
        for text in ["see https://evil.example", "www.evil.example", "@everyone", "fixes #1", "a@b.example"] {
            assert_eq!(said(text), format!("`{text}`"));
        }
        assert_eq!(said("seen at 5 # 3"), "seen at 5 \\# 3");
    }

    #[test]
    fn fences_are_longer_than_what_they_hold() {
        let mut paper = Paper::default();
        paper.commands("a ```` b\n\tc");
        assert_eq!(paper.finish(), "`````powershell\na ```` b\n    c\n`````\n");
    }

    #[test]
    fn bars_do_not_break_tables() {
        let mut paper = Paper::default();
        paper.table(&["a", "b"], &[vec![code("x|y"), plain("u|v")]]);
        assert_eq!(paper.finish(), "| a | b |\n| --- | --- |\n| `x\\|y` | u\\|v |\n");
    }
}
