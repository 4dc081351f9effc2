//! The faults of many files, in order, with the lines that they point at.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use annotate_snippets::{AnnotationKind, Level as Shown, Origin, Renderer, Snippet, normalize_untrusted_str};

use crate::fault::{Fault, Level};
use crate::span::Span;

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

    /// Keeps the text of a file, to show the line at a fault; [`crate::parse`] does this.
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

    /// The errors in those files for which `is_meant` says so, in order.
    #[must_use]
    pub fn errors_in(&self, is_meant: impl Fn(&str) -> bool) -> Vec<Fault> {
        let mut errors = self.sorted();
        errors.retain(|fault| fault.level == Level::Error && is_meant(&fault.file));
        errors
    }

    /// All faults with the lines they are in, an empty line between them; `color` adds ANSI colours.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        let shown: Vec<String> = self.sorted().iter().map(|fault| self.render_one(fault, color)).collect();
        shown.join("\n\n")
    }

    /// As [`Faults::render`], but of equal warnings only the first, with the number of the others.
    #[must_use]
    pub fn render_counted(&self, color: bool) -> String {
        let sorted = self.sorted();
        let key = |fault: &Fault| (fault.code, fault.message.clone());
        let mut counts: BTreeMap<(&str, String), usize> = BTreeMap::new();
        for fault in sorted.iter().filter(|fault| fault.level == Level::Warning) {
            *counts.entry(key(fault)).or_default() += 1;
        }
        let mut shown = Vec::new();
        for fault in &sorted {
            let count = if fault.level == Level::Error { Some(1) } else { counts.remove(&key(fault)) };
            match count {
                Some(1) => shown.push(self.render_one(fault, color)),
                Some(count) => shown.push(self.render_one(&repeated(fault, count - 1), color)),
                None => {}
            }
        }
        shown.join("\n\n")
    }

    /// One fault with the line it is in, without a line end.
    #[must_use]
    pub(crate) fn render_one(&self, fault: &Fault, color: bool) -> String {
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

/// The fault with the number of its like.
fn repeated(fault: &Fault, more: usize) -> Fault {
    let more = if more == 1 { "once more".to_owned() } else { format!("{more} more times") };
    Fault { message: format!("{} (and {more})", fault.message), ..fault.clone() }
}

/// The line of `span` with a mark under the part of the span that is in it.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    #[test]
    fn one_line_and_whole_file() {
        let faults = Faults::new();
        parse("b.yml", "ü: 1\nü: 2\n", &faults);
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
          = help: it is already in line 1
        ");
        for file in ["c.yml", "d.yml", "e.yml"] {
            faults.push(Fault::warning("rule::file-name", "the file name is not the id").file(file));
        }
        assert_eq!(faults.render_counted(false).matches("--> ").count(), 2);
        assert!(faults.render_counted(false).contains("the file name is not the id (and 3 more times)"));
        assert!(faults.render(true).contains("\u{1b}["));
        assert_eq!(faults.error_count(), 1);
    }
}
