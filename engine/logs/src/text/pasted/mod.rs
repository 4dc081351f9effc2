//! Records in text that people pasted: the XML of an event, what Event Viewer and PowerShell show of one, tables.
//!
//! Text is taken as it comes, from an e-mail, a ticket or a chat: XML is cut out of whatever is around it, and the rest
//! is searched for the forms in which Windows shows a record. Each form is read as far as it goes; what it cannot
//! carry is unknown.

mod columns;
mod cut;
mod details;
mod friendly;
mod labels;
mod listing;
mod mail;
mod markup;

use std::ops::Range;

use crate::text::event_lines;
use crate::text::message;
use crate::text::moment::DateOrder;
use crate::text::sketch::Sketch;
use rdpwhy_event::Wording;

/// The record in a piece of text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Pasted {
    /// An `<Event>` element.
    Xml(String),
    /// What a form without XML gives.
    Sketch(Box<Sketch>),
}

/// What was found in a text.
#[derive(Debug, Default)]
pub(crate) struct Paste {
    /// In the order of the text, with the line they begin on, from 1.
    pub(crate) records: Vec<(u64, Pasted)>,
    /// `<Event>` elements that do not end.
    pub(crate) broken: u64,
    /// The dates do not show whether the day or the month comes first.
    pub(crate) unclear_dates: bool,
    /// The forms and dialects in it, each once.
    pub(crate) forms: Vec<&'static str>,
}

/// Finds the records in a text.
pub(crate) fn read(text: &str, wording: Option<&Wording>) -> Paste {
    let text = mail::body(text);
    let text = markup::plain(&text);
    let mut paste = Paste::default();
    if let Some((form, sketches)) = columns::read(&text, wording) {
        paste.add(form, 1, sketches);
    } else {
        paste.read_text(&text, wording);
    }
    paste.settle(wording);
    paste
}

impl Paste {
    fn read_text(&mut self, text: &str, wording: Option<&Wording>) {
        let elements = cut::elements(text);
        self.broken = elements.broken;
        let mut lines = Lines { text, at: 0, line: 1 };
        let mut start = 0;
        for element in elements.whole {
            let xml = &text[element.clone()];
            self.read_forms(text, start..element.start, Some(xml), &mut lines, wording);
            self.name("XML");
            self.records.push((lines.at(element.start), Pasted::Xml(xml.to_owned())));
            start = element.end;
        }
        self.read_forms(text, start..text.len(), None, &mut lines, wording);
    }

    /// Reads text between elements. `next` is the element behind it: details that end there are the same record.
    fn read_forms(
        &mut self,
        text: &str,
        part: Range<usize>,
        next: Option<&str>,
        lines: &mut Lines<'_>,
        wording: Option<&Wording>,
    ) {
        let line = lines.at(part.start);
        let part = &text[part];
        if part.trim().is_empty() {
            return;
        }
        let mut details = details::read(part);
        let shown_again = |sketch: &mut Sketch| {
            let id = sketch.event_id.map(|id| format!(">{id}<"));
            next.is_some_and(|xml| id.is_some_and(|id| xml.contains(&id)))
        };
        details.pop_if(shown_again);
        self.add("Event Viewer", line, details);
        self.add("Get-WinEvent", line, listing::read(part, wording));
        self.add("Event Viewer", line, friendly::read(part));
        self.add("Splunk", line, event_lines::read(part));
    }

    fn add(&mut self, form: &'static str, line: u64, sketches: Vec<Sketch>) {
        if !sketches.is_empty() {
            self.name(form);
        }
        self.records.extend(sketches.into_iter().map(|sketch| (line, Pasted::Sketch(Box::new(sketch)))));
    }

    fn name(&mut self, form: &'static str) {
        if !self.forms.contains(&form) {
            self.forms.push(form);
        }
    }

    /// Reads the dates, all by the same settings, and the messages.
    fn settle(&mut self, wording: Option<&Wording>) {
        let sketches = || {
            self.records.iter().filter_map(|(_, record)| match record {
                Pasted::Sketch(sketch) => Some(sketch),
                Pasted::Xml(_) => None,
            })
        };
        let order = DateOrder::of(sketches().filter_map(|sketch| sketch.shown_time.as_deref()));
        self.unclear_dates = !order.is_certain;
        for (_, record) in &mut self.records {
            if let Pasted::Sketch(sketch) = record {
                sketch.settle_time(order);
                message::complete(sketch, wording);
            }
        }
    }
}

/// Counts lines on the way through a text.
struct Lines<'t> {
    text: &'t str,
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of a place that is not before the last one asked for.
    fn at(&mut self, place: usize) -> u64 {
        let passed = self.text.as_bytes().get(self.at..place).unwrap_or_default();
        self.line += memchr::memchr_iter(b'\n', passed).count() as u64;
        self.at = self.at.max(place);
        self.line
    }
}

#[cfg(test)]
mod tests;
