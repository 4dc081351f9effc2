//! The first printed page: the case, the steps to tick off with their risks and ways back, room to sign, and what it was
//! made from.

use super::page::Page;
use super::steps::first_price;
use crate::words::figure::{percent, several};
use crate::words::incident::{causes_of, open_title, told_earlier};
use crate::words::reason::likely;
use crate::words::step::{checks, price};
use crate::words::ticket::{logs, outcomes, several_records, span};
use crate::words::visible::{prose, value};
use maud::{Markup, html};
use rdpwhy_diagnose::diagnosis::{Incident, Step};
use rdpwhy_rules::Cost;
use std::collections::{BTreeMap, BTreeSet};

/// This many lines of headlines and steps fit on a page of A4 or Letter beside the rest.
const ROOM: usize = 34;
/// This many letters fit into a line.
const LETTERS: usize = 92;
/// Longer titles are cut.
const TITLE_LONGEST: usize = 170;
/// Longer ways back are cut; the report has them whole.
const UNDO_LONGEST: usize = 120;
/// This many logs to get are listed where there are no steps.
const WANTED: usize = 6;
/// This many logs are listed with their hashes; the report has them all.
const HASHES: usize = 8;
/// This many machines are named.
const MACHINES: usize = 6;

impl Page<'_> {
    /// The page as it is printed; on the screen it is not seen.
    pub(super) fn checklist(&self) -> Markup {
        let (lines, left_out) = self.lines();
        html! {
            aside.checklist aria-label="Checklist" {
                p.list-title { "Checklist" @if let Some(case) = self.case { " · case " (value(case)) } }
                (self.of_what())
                @for line in &lines {
                    @match line {
                        Line::Cause(text) => p.cause { (text) },
                        Line::Look(text) => div.tick { span.box {} p { (text) } },
                        Line::Step(text, facts) => div.tick {
                            span.box {}
                            div { p { (text) } p.facts-of { (facts) } }
                        },
                    }
                }
                @if left_out > 0 { p.facts-of { "… and " (several(left_out, "more step")) " in the report" } }
                div.signature { p { "Name" } p { "Date" } p { "Signature" } }
                (self.made_from())
            }
        }
    }

    /// Which machines, which time, and how many attempts.
    fn of_what(&self) -> Markup {
        let machines = self.places.machines();
        let mut named: Vec<String> = machines.iter().take(MACHINES).cloned().collect();
        if machines.len() > MACHINES {
            named.push(several(machines.len() - MACHINES, "more machine"));
        }
        let records = self.diagnosis.coverage.iter().map(|row| row.records).sum();
        let searched =
            format!("{} · {}", several(logs(self.diagnosis).len(), "log"), several_records(records));
        html! {
            dl.facts {
                @if let Some(case) = self.case { div { dt { "Case" } dd { (value(case)) } } }
                @if !named.is_empty() { div { dt { "Machines" } dd { (named.join(" · ")) } } }
                @if let Some(span) = span(self.diagnosis, &self.clock) { div { dt { "Span" } dd { (span) " UTC" } } }
                @if let Some(outcomes) = outcomes(self.diagnosis) { div { dt { "Attempts" } dd { (outcomes) } } }
                div { dt { "Searched" } dd { (searched) } }
            }
        }
    }

    /// The program, its rules, and the hashes of the logs.
    fn made_from(&self) -> Markup {
        let tool = &self.diagnosis.tool;
        let rows = self.diagnosis.coverage.iter();
        let hashes: BTreeMap<&str, &str> = rows.map(|row| (row.file.as_str(), row.sha256.as_str())).collect();
        html! {
            div.made-from {
                p { (value(&tool.name)) " " (value(&tool.version)) " · rules " (value(&tool.rules)) " · SHA-256 of the logs:" }
                @for (file, hash) in hashes.iter().take(HASHES) { p { code { (value(hash)) } " " (ending(&value(file))) } }
                @if hashes.len() > HASHES { p { "… and " (several(hashes.len() - HASHES, "more log")) " under “What was searched”" } }
            }
        }
    }

    /// Headlines and steps, as many as fit, and how many steps do not. A step that several incidents need appears once.
    fn lines(&self) -> (Vec<Line>, usize) {
        let mut lines = Vec::new();
        let (mut room, mut left_out) = (ROOM, 0);
        let mut told = BTreeSet::new();
        for incident in &self.diagnosis.incidents {
            let (headline, mut steps) = self.to_do(incident);
            steps.retain(|step| told.insert(step.step.as_str()));
            let mut steps = steps.into_iter().map(line).peekable();
            // A headline without a step below it would be lost.
            if steps.peek().is_none_or(|step| room < lines_of(&headline) + step.height()) {
                left_out += steps.count();
                continue;
            }
            room -= lines_of(&headline);
            lines.push(Line::Cause(headline));
            for step in steps {
                if step.height() > room {
                    left_out += 1;
                    continue;
                }
                room -= step.height();
                lines.push(step);
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
                (short(&headline, TITLE_LONGEST), if told { Vec::new() } else { first.fix.iter().collect() })
            }
            _ => (
                format!("{}: look first", open_title(incident)),
                checks(&likely(incident, &causes), &self.limits),
            ),
        }
    }

    fn logs_to_get(&self) -> Vec<Line> {
        let wanted = self.diagnosis.collect.iter().take(WANTED);
        let wanted = wanted.map(|log| {
            let text = format!(
                "Get {} of the {}",
                self.places.channel(&log.channel),
                self.diagnosis.words.side(log.on)
            );
            Line::Look(short(&text, TITLE_LONGEST))
        });
        wanted.collect()
    }
}

/// A line of the list.
enum Line {
    Cause(String),
    /// What to do that changes nothing.
    Look(String),
    /// A change, with its risk and the way back.
    Step(String, String),
}

impl Line {
    fn height(&self) -> usize {
        match self {
            Line::Cause(text) | Line::Look(text) => lines_of(text),
            Line::Step(text, facts) => lines_of(text) + lines_of(facts),
        }
    }
}

fn line(step: &Step) -> Line {
    let text = short(&prose(&step.do_), TITLE_LONGEST);
    if step.cost == Cost::ReadOnly {
        return Line::Look(format!("{} ({})", text.trim_end_matches('.'), first_price(step)));
    }
    let undo = short(&prose(&step.undo), UNDO_LONGEST);
    let undo = if undo.is_empty() { "none".to_owned() } else { undo };
    Line::Step(text, format!("{} · Undo: {undo}", price(step)))
}

/// How many lines the text takes.
fn lines_of(text: &str) -> usize {
    1 + text.chars().count() / LETTERS
}

fn short(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The end of a long path, which tells more than its start.
fn ending(path: &str) -> String {
    /// Letters beside a hash.
    const LONGEST: usize = 60;
    let all = path.chars().count();
    if all <= LONGEST {
        return path.to_owned();
    }
    format!("…{}", path.chars().skip(all - LONGEST).collect::<String>())
}
