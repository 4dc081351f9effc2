//! Lines of text, wrapped by the columns that they take.

use crate::words::lines::wrapped;
use crate::words::visible::visible;
use unicode_width::UnicodeWidthStr;

/// What a piece of text means, for readers with colour. It never says anything that the words do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// Nothing special.
    Plain,
    /// Headings and verdicts.
    Strong,
    /// Ids and proofs.
    Faint,
    /// Passed, or harmless.
    Good,
    /// Careful.
    Careful,
    /// Broken or dangerous.
    Bad,
    /// To be copied.
    Command,
}

impl Tone {
    fn code(self) -> Option<&'static str> {
        match self {
            Tone::Plain => None,
            Tone::Strong => Some("1"),
            Tone::Faint => Some("2"),
            Tone::Good => Some("32"),
            Tone::Careful => Some("33"),
            Tone::Bad => Some("1;31"),
            Tone::Command => Some("36"),
        }
    }
}

/// Continued lines keep at least this many columns, however deep they are indented.
const NARROWEST: usize = 24;

/// A report under construction. Whatever is put on it becomes visible first: no text can steer the terminal.
pub(super) struct Page {
    out: String,
    width: usize,
    color: bool,
}

impl Page {
    pub(super) fn new(width: usize, color: bool) -> Page {
        Page { out: String::new(), width, color }
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    pub(super) fn blank(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    pub(super) fn heading(&mut self, title: &str) {
        self.blank();
        self.line("", title, Tone::Strong);
    }

    /// One line, however long it is: what shall be copied is never broken.
    pub(super) fn line(&mut self, indent: &str, text: &str, tone: Tone) {
        let text = self.painted(&visible(text), tone);
        self.push(indent, &text);
    }

    /// Wrapped text, its lines indented by the given columns.
    pub(super) fn paragraph(&mut self, indent: usize, text: &str, tone: Tone) {
        self.item(&" ".repeat(indent), Tone::Plain, text, tone);
    }

    /// Wrapped text behind a lead such as `×100`; continued lines are below the text.
    pub(super) fn item(&mut self, lead: &str, lead_tone: Tone, text: &str, tone: Tone) {
        let lead = visible(lead);
        let indent = lead.width();
        let room = self.width.saturating_sub(indent).max(NARROWEST);
        for (number, line) in wrapped(&visible(text), room).iter().enumerate() {
            let before = if number == 0 { self.painted(&lead, lead_tone) } else { " ".repeat(indent) };
            let line = self.painted(line, tone);
            self.push(&before, &line);
        }
    }

    /// Whether lead and text go on one line.
    pub(super) fn fits(&self, lead: &str, text: &str) -> bool {
        visible(lead).width() + visible(text).width() <= self.width
    }

    /// Pieces in one row, broken only between them; continued rows are indented two columns more.
    pub(super) fn row(&mut self, indent: usize, pieces: &[(String, Tone)], between: &str) {
        let (mut row, mut columns) = (String::new(), indent);
        for (number, (piece, tone)) in pieces.iter().enumerate() {
            let piece = visible(piece);
            let joint = if number == 0 { "" } else { between };
            if number > 0 && columns + joint.width() + piece.width() > self.width {
                self.push(&" ".repeat(indent), &row);
                (row, columns) = ("  ".to_owned(), indent + 2);
            }
            columns += joint.width() + piece.width();
            row.push_str(joint);
            row.push_str(&self.painted(&piece, *tone));
        }
        self.push(&" ".repeat(indent), &row);
    }

    fn push(&mut self, before: &str, text: &str) {
        let start = self.out.len();
        self.out.push_str(before);
        self.out.push_str(text);
        let end = start + self.out[start..].trim_end_matches(' ').len();
        self.out.truncate(end);
        self.out.push('\n');
    }

    fn painted(&self, text: &str, tone: Tone) -> String {
        match tone.code() {
            Some(code) if self.color && !text.trim().is_empty() => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            _ => text.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_of_a_paragraph_is_wider_than_the_page() {
        let text = "Schannel könnte 山田太郎 C:\\ProgramData\\Microsoft\\Crypto\\RSA\\MachineKeys\\f686aace6942fb7f7ceb231212eef4a4_x nicht";
        for width in 40..100 {
            let mut page = Page::new(width, false);
            page.item("  ×100  ", Tone::Plain, text, Tone::Plain);
            let out = page.finish();
            assert!(out.lines().all(|line| line.width() <= width), "{out}");
        }
    }

    #[test]
    fn nothing_put_on_a_page_steers_the_terminal() {
        let mut page = Page::new(80, false);
        page.line("  ", "\u{1b}[2J\nroot#", Tone::Bad);
        page.item("\u{9b}1m", Tone::Plain, "\u{202e}txt.exe", Tone::Plain);
        page.row(0, &[("a\u{7}".to_owned(), Tone::Plain)], " ");
        assert_eq!(page.finish(), "  \\u{1b}[2J\\nroot#\n\\u{9b}1m\\u{202e}txt.exe\na\\u{7}\n");
    }
}
