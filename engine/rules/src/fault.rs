//! Faults of rule files: what is wrong, where, and what to write instead.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use annotate_snippets::{AnnotationKind, Level as Shown, Origin, Renderer, Snippet, normalize_untrusted_str};

use crate::yaml::Span;

/// Whether a rule set with this fault can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// It cannot.
    Error,
    /// It can, but not all of it counts.
    Warning,
}

/// One thing that is wrong in a rule file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Stable name of this kind of fault, such as `rule::unknown-key`.
    pub code: &'static str,
    /// Whether the rules can be used in spite of it.
    pub level: Level,
    /// One plain sentence without a full stop.
    pub message: String,
    /// The file as it was named when it was read.
    pub file: String,
    /// The place in the file; `None` for what concerns the file as a whole.
    pub span: Option<Span>,
    /// What is wrong with the text at `span`, in a few words; may be empty.
    pub label: String,
    /// What to write instead, or where to look.
    pub help: Option<String>,
}

impl Fault {
    /// A fault that makes the rule unusable.
    #[must_use]
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        let (message, file) = (message.into(), String::new());
        Fault { code, level: Level::Error, message, file, span: None, label: String::new(), help: None }
    }

    /// A fault that leaves the rule usable.
    #[must_use]
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Fault { level: Level::Warning, ..Fault::error(code, message) }
    }

    /// The same in a file.
    #[must_use]
    pub fn file(self, file: impl Into<String>) -> Self {
        Fault { file: file.into(), ..self }
    }

    /// The same at a place.
    #[must_use]
    pub fn span(self, span: Span) -> Self {
        Fault { span: Some(span), ..self }
    }

    /// The same with words at the place.
    #[must_use]
    pub fn label(self, label: impl Into<String>) -> Self {
        Fault { label: label.into(), ..self }
    }

    /// The same with a next step.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Fault { help: Some(help.into()), ..self }
    }

    /// On one line: `file:line:column: error[code]: message`.
    #[must_use]
    pub fn one_line(&self) -> String {
        let at = self.span.map_or_else(String::new, |span| format!("{}:{}:", span.line, span.column));
        let level = match self.level {
            Level::Error => "error",
            Level::Warning => "warning",
        };
        format!("{}:{at} {level}[{}]: {}", self.file, self.code, self.message)
    }
}

/// A collector of the faults of many files, with the text of the files to show the lines.
///
/// It collects through a shared reference, so that nested readers can report side by side.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    list: RefCell<Vec<Fault>>,
    texts: RefCell<BTreeMap<String, Rc<str>>>,
}

impl Faults {
    /// An empty collector.
    #[must_use]
    pub fn new() -> Self {
        Faults::default()
    }

    /// Adds a fault.
    pub fn push(&self, fault: Fault) {
        self.list.borrow_mut().push(fault);
    }

    /// Keeps the text of a file, to show the line at a fault; [`crate::yaml::parse`] does this.
    pub fn remember(&self, file: &str, text: &str) {
        self.texts.borrow_mut().insert(file.to_owned(), Rc::from(text));
    }

    /// All faults by file, place, level and code; faults without a place first.
    #[must_use]
    pub fn sorted(&self) -> Vec<Fault> {
        let mut list = self.list.borrow().clone();
        list.sort_by(|a, b| {
            let key =
                |fault: &Fault| (fault.span.map(|span| (span.start, span.end)), fault.level, fault.code);
            (&a.file, key(a), &a.message).cmp(&(&b.file, key(b), &b.message))
        });
        list
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.borrow().is_empty()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.borrow().len()
    }

    /// How many make a rule unusable.
    #[must_use]
    pub fn error_count(&self) -> usize {
        self.list.borrow().iter().filter(|fault| fault.level == Level::Error).count()
    }

    /// All faults with the lines they stand in, an empty line between them; `color` adds ANSI colours.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        let shown: Vec<String> = self.sorted().iter().map(|fault| self.render_one(fault, color)).collect();
        shown.join("\n\n")
    }

    /// One fault with the line it stands in, without a line end.
    #[must_use]
    pub fn render_one(&self, fault: &Fault, color: bool) -> String {
        let level = match fault.level {
            Level::Error => Shown::ERROR,
            Level::Warning => Shown::WARNING,
        };
        let texts = self.texts.borrow();
        let text = texts.get(&fault.file);
        let title = level.primary_title(normalize_untrusted_str(&fault.message)).id(fault.code);
        let path = normalize_untrusted_str(&fault.file);
        let mut group = match (text, fault.span) {
            (Some(text), Some(span)) => title.element(marked(text, span, &fault.label).path(path)),
            _ => title.element(Origin::path(path)),
        };
        if let Some(help) = &fault.help {
            group = group.element(Shown::HELP.message(normalize_untrusted_str(help)));
        }
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&[group])
    }
}

/// The line of `span` with a mark under the part of the span that lies in it.
fn marked<'a>(text: &'a str, span: Span, label: &'a str) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let start = floor_boundary(text, span.start);
    let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
    let line = text[line_start..line_end].trim_end();
    let from = start - line_start;
    let to =
        floor_boundary(line, (span.end.max(start) - line_start).min(line.len())).max(from.min(line.len()));
    let mark = AnnotationKind::Primary.span(from.min(line.len())..to);
    let mark = if label.is_empty() { mark } else { mark.label(normalize_untrusted_str(label)) };
    Snippet::source(line).line_start(span.line.max(1)).annotation(mark)
}

fn floor_boundary(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// What to write instead of `written`: the nearest legal text where one is near, and all of them.
#[must_use]
pub fn offer(written: &str, legal: &[&str]) -> String {
    let all = match legal {
        [] => "nothing is legal here".to_owned(),
        [only] => format!("only `{only}` is legal here"),
        _ => format!("legal are {}", listed(legal)),
    };
    suggest(written, legal, &all)
}

/// `all`, a sentence without a full stop, behind the nearest of the legal texts where one is near.
#[must_use]
pub fn suggest(written: &str, legal: &[&str], all: &str) -> String {
    let Some(name) = nearest(written, legal) else { return all.to_owned() };
    let mut letters = all.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("did you mean `{name}`? {first}{}", letters.as_str())
}

/// The names as a text goes: `` `a`, `b` and `c` ``.
#[must_use]
pub fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

/// The legal text nearest to `written`, where at most a third of its letters differ; the first of equals.
#[must_use]
pub fn nearest<'l>(written: &str, legal: &[&'l str]) -> Option<&'l str> {
    let written = written.to_lowercase();
    let near = legal.iter().filter_map(|name| {
        let limit = written.chars().count().max(name.chars().count()) / 3;
        let distance = distance(&written, &name.to_lowercase());
        (distance <= limit).then_some((distance, *name))
    });
    near.min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}

/// How many letters must be put in, left out, changed or swapped with the next to make `b` of `a`.
fn distance(a: &str, b: &str) -> usize {
    const MAX_COMPARED: usize = 64;
    let a: Vec<char> = a.chars().take(MAX_COMPARED).collect();
    let b: Vec<char> = b.chars().take(MAX_COMPARED).collect();
    let mut rows = vec![(0..=b.len()).collect::<Vec<usize>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = change.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml;

    #[test]
    fn one_line_and_whole_file() {
        let faults = Faults::new();
        yaml::parse("b.yml", "ü: 1\nü: 2\n", &faults);
        faults.push(
            Fault::warning("rule::file-name", "the file name is not the id").file("a.yml").help("rename it"),
        );
        let lines: Vec<String> = faults.sorted().iter().map(Fault::one_line).collect();
        insta::assert_snapshot!(lines.join("\n"), @r"
        a.yml: warning[rule::file-name]: the file name is not the id
        b.yml:2:1: error[yaml::duplicate-key]: the key `ü` is given twice
        ");
        insta::assert_snapshot!(faults.render(false), @r"
        warning[rule::file-name]: the file name is not the id
        --> a.yml
         = help: rename it

        error[yaml::duplicate-key]: the key `ü` is given twice
         --> b.yml:2:1
          |
        2 | ü: 2
          | ^ the second time
          |
          = help: it already stands in line 1
        ");
        assert!(faults.render(true).contains("\u{1b}["));
        assert_eq!(faults.error_count(), 1);
    }

    #[test]
    fn near_texts_are_suggested() {
        assert_eq!(nearest("containz", &["contains", "cidr"]), Some("contains"));
        assert_eq!(nearest("Startwith", &["startswith", "endswith"]), Some("startswith"));
        assert_eq!(nearest("zzz", &["contains", "cidr"]), None);
        assert_eq!(nearest("", &[""]), Some(""));
        assert_eq!(distance("abcd", "abdc"), 1);
    }
}
