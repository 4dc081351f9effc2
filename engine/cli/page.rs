//! Pages of reference, written once and shown as text or as Markdown.

use rdpwhy_report::{WideWords, filled};
use std::fmt::Write as _;

/// Columns of a page in text.
const WIDTH: usize = 80;

/// A page.
#[derive(Debug, Default)]
pub(crate) struct Page {
    blocks: Vec<Block>,
}

#[derive(Debug)]
enum Block {
    Heading(usize, Words),
    Text(Words),
    Items(Vec<Words>),
    Numbered(Vec<(Words, Vec<Block>)>),
    Terms(Vec<(String, Words)>),
    Code(&'static str, String),
    Table(Vec<&'static str>, Vec<Vec<Words>>),
}

/// A line of words, some of them code or links.
#[derive(Debug, Clone, Default)]
pub(crate) struct Words(Vec<Run>);

#[derive(Debug, Clone)]
enum Run {
    Plain(String),
    Code(String),
    Link(String, String),
}

impl<T: Into<String>> From<T> for Words {
    fn from(text: T) -> Words {
        Words(vec![Run::Plain(text.into())])
    }
}

impl Words {
    pub(crate) fn code(text: impl Into<String>) -> Words {
        Words(vec![Run::Code(text.into())])
    }

    pub(crate) fn link(text: impl Into<String>, target: impl Into<String>) -> Words {
        Words(vec![Run::Link(text.into(), target.into())])
    }

    #[must_use]
    pub(crate) fn and(mut self, more: impl Into<Words>) -> Words {
        self.0.extend(more.into().0);
        self
    }

    pub(crate) fn joined(list: Vec<Words>, between: &str) -> Words {
        let mut all = Words::default();
        for (index, words) in list.into_iter().enumerate() {
            all = if index == 0 { words } else { all.and(between).and(words) };
        }
        all
    }

    /// Text of a rule, in which `{Field}` stands for a value of a record.
    pub(crate) fn sentence(text: &str) -> Words {
        let mut words = Words::default();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((field, behind)) = after.split_once('}') else { break };
            words = words.and(before).and(Words::code(format!("{{{field}}}")));
            rest = behind;
        }
        words.and(rest)
    }

    /// Without marks for code and links.
    pub(crate) fn text(&self) -> String {
        let runs = self.0.iter().map(|run| match run {
            Run::Plain(text) | Run::Code(text) | Run::Link(text, _) => text.as_str(),
        });
        runs.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn markdown(&self) -> String {
        let mut out = String::new();
        for run in &self.0 {
            match run {
                Run::Plain(text) => out.push_str(&escaped(text)),
                Run::Code(text) => {
                    let fence = if text.contains('`') { "``" } else { "`" };
                    let _ = write!(out, "{fence}{text}{fence}");
                }
                Run::Link(text, target) => {
                    let _ = write!(out, "[{}]({target})", escaped(text));
                }
            }
        }
        out.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Letters that Markdown would take for markup.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let next_is_sign = letters.peek().is_some_and(char::is_ascii_punctuation);
        if matches!(letter, '*' | '<' | '`' | '$') || (letter == '\\' && next_is_sign) {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

impl Page {
    pub(crate) fn heading(&mut self, level: usize, words: impl Into<Words>) {
        self.blocks.push(Block::Heading(level, words.into()));
    }

    /// Adds another page below this one.
    pub(crate) fn append(&mut self, other: Page) {
        self.blocks.extend(other.blocks);
    }

    pub(crate) fn text(&mut self, words: impl Into<Words>) {
        self.blocks.push(Block::Text(words.into()));
    }

    pub(crate) fn items(&mut self, items: Vec<Words>) {
        if !items.is_empty() {
            self.blocks.push(Block::Items(items));
        }
    }

    /// A numbered list; each item has a page of its own below it.
    pub(crate) fn numbered(&mut self, items: Vec<(Words, Page)>) {
        self.blocks
            .push(Block::Numbered(items.into_iter().map(|(words, page)| (words, page.blocks)).collect()));
    }

    pub(crate) fn terms(&mut self, terms: Vec<(&str, Words)>) {
        self.blocks
            .push(Block::Terms(terms.into_iter().map(|(term, words)| (term.to_owned(), words)).collect()));
    }

    pub(crate) fn code(&mut self, language: &'static str, text: impl Into<String>) {
        self.blocks.push(Block::Code(language, text.into()));
    }

    pub(crate) fn table(&mut self, head: Vec<&'static str>, rows: Vec<Vec<Words>>) {
        self.blocks.push(Block::Table(head, rows));
    }

    /// For the terminal.
    pub(crate) fn to_text(&self) -> String {
        text_of(&self.blocks, WIDTH)
    }

    /// For docs/.
    pub(crate) fn to_markdown(&self) -> String {
        markdown_of(&self.blocks)
    }
}

fn text_of(blocks: &[Block], width: usize) -> String {
    let mut out = String::new();
    for block in blocks {
        if !out.is_empty() {
            out.push('\n');
        }
        match block {
            Block::Heading(level, words) => {
                let title = wrapped(&words.text(), width, "", "");
                let longest = title.lines().map(|line| line.chars().count()).max().unwrap_or(0);
                out.push_str(&title);
                if let Some(rule) = ["=", "-"].get(level - 1) {
                    let _ = writeln!(out, "{}", rule.repeat(longest));
                }
            }
            Block::Text(words) => out.push_str(&wrapped(&words.text(), width, "", "")),
            Block::Items(items) => {
                items.iter().for_each(|item| out.push_str(&wrapped(&item.text(), width, "- ", "  ")))
            }
            Block::Numbered(items) => {
                for (index, (words, below)) in items.iter().enumerate() {
                    if index > 0 {
                        out.push('\n');
                    }
                    out.push_str(&wrapped(&words.text(), width, &format!("{:>2}. ", index + 1), "    "));
                    out.push_str(&indented(&text_of(below, width - 4), "    "));
                }
            }
            Block::Terms(terms) => {
                let longest = terms.iter().map(|(term, _)| term.chars().count()).max().unwrap_or(0) + 2;
                for (term, words) in terms {
                    let first = format!("{:longest$}", format!("{term}:"));
                    out.push_str(&wrapped(&words.text(), width, &first, &" ".repeat(longest)));
                }
            }
            Block::Code(_, text) => out.push_str(&indented(text, "    ")),
            Block::Table(head, rows) => out.push_str(&text_table(head, rows)),
        }
    }
    out
}

fn indented(text: &str, by: &str) -> String {
    text.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("{by}{line}\n") }).collect()
}

/// The text in lines of at most `width` columns, each with its line end; longer words stay whole. `first` stands before
/// the first line and `rest`, which is as wide, before the others.
fn wrapped(text: &str, width: usize, first: &str, rest: &str) -> String {
    let room = width.saturating_sub(first.chars().count());
    let lines = filled(text.split_whitespace(), room, WideWords::Whole);
    let leads = std::iter::once(first).chain(std::iter::repeat(rest));
    leads.zip(&lines).map(|(lead, line)| format!("{}\n", format!("{lead}{line}").trim_end())).collect()
}

fn text_table(head: &[&str], rows: &[Vec<Words>]) -> String {
    let lines: Vec<Vec<String>> = std::iter::once(head.iter().map(|cell| (*cell).to_owned()).collect())
        .chain(rows.iter().map(|row| row.iter().map(Words::text).collect()))
        .collect();
    let columns = lines.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|at| lines.iter().filter_map(|l| l.get(at)).map(|c| c.chars().count()).max().unwrap_or(0))
        .collect();
    let mut out = String::new();
    for line in &lines {
        let cells = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        let _ = writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
    out
}

fn markdown_of(blocks: &[Block]) -> String {
    let mut out = String::new();
    for block in blocks {
        if !out.is_empty() {
            out.push('\n');
        }
        match block {
            Block::Heading(level, words) => {
                let _ = writeln!(out, "{} {}", "#".repeat(*level), words.markdown());
            }
            Block::Text(words) => {
                let _ = writeln!(out, "{}", words.markdown());
            }
            Block::Items(items) => items.iter().for_each(|item| {
                let _ = writeln!(out, "- {}", item.markdown());
            }),
            Block::Numbered(items) => {
                for (index, (words, below)) in items.iter().enumerate() {
                    if index > 0 {
                        out.push('\n');
                    }
                    let number = format!("{}. ", index + 1);
                    let _ = writeln!(out, "{number}{}", words.markdown());
                    if !below.is_empty() {
                        let _ = write!(out, "\n{}", indented(&markdown_of(below), &" ".repeat(number.len())));
                    }
                }
            }
            Block::Terms(terms) => terms.iter().for_each(|(term, words)| {
                let _ = writeln!(out, "- **{term}:** {}", words.markdown());
            }),
            Block::Code(language, text) => {
                let _ = writeln!(out, "```{language}\n{}\n```", text.trim_end());
            }
            Block::Table(head, rows) => {
                let _ = writeln!(out, "| {} |\n|{}", head.join(" | "), " --- |".repeat(head.len()));
                for row in rows {
                    let cells: Vec<String> =
                        row.iter().map(|cell| cell.markdown().replace('|', "\\|")).collect();
                    let _ = writeln!(out, "| {} |", cells.join(" | "));
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_reads_in_text_and_in_markdown() {
        let mut page = Page::default();
        page.heading(1, "Keys");
        page.text(
            Words::from("Look at ")
                .and(Words::code("C:\\*"))
                .and(" or * and ")
                .and(Words::link("that", "that.md")),
        );
        let mut below = Page::default();
        below.code("powershell", "Get-Item x\nGet-Item y");
        below.terms(vec![("undo", "not needed".into())]);
        page.numbered(vec![("Look".into(), below)]);
        page.table(vec!["a", "b"], vec![vec!["1".into(), "x|y".into()]]);
        assert_eq!(
            page.to_markdown(),
            "# Keys\n\nLook at `C:\\*` or \\* and [that](that.md)\n\n1. Look\n\n   ```powershell\n   Get-Item x\n   \
             Get-Item y\n   ```\n\n   - **undo:** not needed\n\n| a | b |\n| --- | --- |\n| 1 | x\\|y |\n"
        );
        assert_eq!(
            page.to_text(),
            "Keys\n====\n\nLook at C:\\* or * and that\n\n 1. Look\n        Get-Item x\n        Get-Item y\n\n    \
             undo: not needed\n\na  b\n1  x|y\n"
        );
    }
}
