//! What is printed: one page with the steps to tick off, and room to sign.

use super::page::Page;
use crate::words::figure::{percent, several};
use crate::words::incident::{causes_of, open_title, told_earlier};
use crate::words::reason::likely;
use crate::words::step::checks;
use crate::words::visible::{prose, value};
use maud::{Markup, html};
use rdpwhy_diagnose::diagnosis::{Incident, Step};
use std::collections::BTreeSet;

/// So many lines of text fit on a page of A4 or Letter.
const ROOM: usize = 22;
/// So many letters fit into a line.
const LETTERS: usize = 80;
/// Longer titles are cut.
const TITLE_LONGEST: usize = 150;
/// So many logs to get are listed where there are no steps.
const LOGS: usize = 6;

impl Page<'_> {
    /// The page as it is printed; on the screen it is not seen.
    pub(super) fn checklist(&self) -> Markup {
        let (lines, left_out) = self.lines();
        html! {
            aside.checklist aria-label="Checklist" {
                p.list-title { "Checklist" }
                @for line in &lines {
                    @match line {
                        Line::Cause(text) => p.cause { (text) },
                        Line::Step(text) => p.tick { span.box {} span { (text) } },
                    }
                }
                @if left_out > 0 { p { "… and " (several(left_out, "more step")) " in the report" } }
                div.signature { p { "Name" } p { "Date" } p { "Signature" } }
            }
        }
    }

    /// Headlines and steps, as many as fit, and how many steps do not. A step that several incidents need stands once.
    fn lines(&self) -> (Vec<Line>, usize) {
        let mut lines = Vec::new();
        let (mut room, mut left_out) = (ROOM, 0);
        let mut told = BTreeSet::new();
        for incident in &self.diagnosis.incidents {
            let (headline, mut steps) = self.to_do(incident);
            steps.retain(|step| told.insert(step.step.as_str()));
            // A headline without a step below it would be lost.
            if steps.is_empty() || room < height(&headline) + height(&steps[0].do_) {
                left_out += steps.len();
                continue;
            }
            room -= height(&headline);
            lines.push(Line::Cause(headline));
            for step in steps {
                let text = short(&prose(&step.do_));
                if height(&text) > room {
                    left_out += 1;
                    continue;
                }
                room -= height(&text);
                lines.push(Line::Step(text));
            }
        }
        if lines.is_empty() {
            lines.extend(self.logs_to_get());
        }
        (lines, left_out)
    }

    /// The steps of an incident, unless an earlier one has the same.
    fn to_do(&self, incident: &Incident) -> (String, Vec<&Step>) {
        let causes = causes_of(self.diagnosis, incident);
        match causes.first() {
            Some(first) if incident.stands_out => {
                let headline = format!("{} · {}", value(&first.headline), percent(first.probability));
                let told = told_earlier(self.diagnosis, incident, first).is_some();
                (short(&headline), if told { Vec::new() } else { first.fix.iter().collect() })
            }
            _ => (
                format!("{}: look first", open_title(incident)),
                checks(&likely(incident, &causes), &self.limits),
            ),
        }
    }

    fn logs_to_get(&self) -> Vec<Line> {
        let wanted = self.diagnosis.collect.iter().take(LOGS);
        let wanted = wanted.map(|log| {
            Line::Step(short(&format!("Get {} of the {}", self.places.channel(&log.channel), log.on)))
        });
        wanted.collect()
    }
}

/// A line of the list.
enum Line {
    Cause(String),
    Step(String),
}

/// How many lines the text takes.
fn height(text: &str) -> usize {
    1 + text.chars().count().min(TITLE_LONGEST) / LETTERS
}

fn short(text: &str) -> String {
    match text.char_indices().nth(TITLE_LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
