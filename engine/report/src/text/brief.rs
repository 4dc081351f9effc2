//! The report on one screen: the verdict, a paragraph for the ticket, the shortest proof, and what to do.

use super::page::Tone;
use super::report::Report;
use crate::outline::TEXT_WHOLE;
use crate::words::figure::{factor, percent, several};
use crate::words::finding::{findings, lasted};
use crate::words::incident::{answer, causes_of};
use crate::words::reason::{candidates, less_likely, reasons, sentence, worth_telling};
use crate::words::step::{checks, cost, price, risk};
use crate::words::summary::{Summary, proofs, remedy, summary, telling};
use crate::words::ticket::{logs, losses, several_records, span};
use crate::words::visible::{prose, value};
use rdpwhy_diagnose::diagnosis::{Cause, Evidence, Incident, Step};
use rdpwhy_rules::{Cost, Severity};

/// Lines of a screen.
pub(super) const SCREEN: usize = 40;

/// How much of each thing is shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    /// Pieces of evidence.
    proofs: usize,
    /// Values of a record that the paragraph for the ticket has already.
    values_again: bool,
    /// Steps that only look and are named before the one that is likely to help.
    looks: usize,
    /// Checks where no cause stands out.
    checks: usize,
    /// Other causes.
    others: usize,
    /// Other incidents.
    incidents: usize,
    /// Logs that are asked for where no cause stands out.
    logs: usize,
    warnings: usize,
    /// What was noticed beside the cause.
    noticed: bool,
}

impl Room {
    /// From the most that is shown to the least: what a reader misses least goes first.
    pub(super) fn narrowing() -> impl Iterator<Item = Room> {
        let full = Room {
            proofs: 3,
            values_again: true,
            looks: 2,
            checks: 3,
            others: 3,
            incidents: 4,
            logs: 2,
            warnings: 2,
            noticed: true,
        };
        let cuts: [fn(&mut Room); 8] = [
            |room| room.values_again = false,
            |room| (room.warnings, room.incidents) = (1, 2),
            |room| (room.looks, room.checks) = (1, 2),
            |room| (room.proofs, room.logs) = (2, 1),
            |room| (room.others, room.noticed) = (1, false),
            |room| (room.proofs, room.incidents) = (1, 1),
            |room| (room.looks, room.checks) = (0, 1),
            |room| room.others = 0,
        ];
        let narrower = cuts.into_iter().scan(full, |room, cut| {
            cut(room);
            Some(*room)
        });
        std::iter::once(full).chain(narrower)
    }
}

/// Columns of a number in front of an item.
const INDENT: usize = 7;

impl<'a> Report<'a> {
    pub(super) fn one_screen(&mut self, case: Option<&str>, room: &Room) {
        let summary = summary(self.diagnosis, &self.clock, &self.places);
        self.answer(&summary, case);
        if let Some(incident) = self.diagnosis.incidents.first() {
            let causes = causes_of(self.diagnosis, incident);
            let told = if room.values_again { "" } else { &summary.text() };
            self.short_proof(incident, &causes, room, told);
            self.short_steps(incident, &causes, room);
            self.also_possible(incident, &causes, room.others);
        }
        self.other_incidents(room.incidents);
        self.page.blank();
        self.gist_of_codes();
        self.would_settle(room.logs);
        if room.noticed {
            self.still_lasts();
            self.also_noticed();
        }
        self.first_warnings(room.warnings);
        self.foot();
    }

    /// The verdict in words and number, and the paragraph for the ticket.
    fn answer(&mut self, summary: &Summary, case: Option<&str>) {
        if let Some(case) = case {
            self.page.line("", &format!("Case {}", value(case)), Tone::Strong);
        }
        let lead = summary.certainty.as_ref().map(|certainty| format!("{certainty}: ")).unwrap_or_default();
        self.page.item("", Tone::Strong, &format!("{lead}{}", summary.title), Tone::Strong);
        let decided = self.diagnosis.incidents.first().filter(|incident| incident.stands_out);
        if let Some(first) = decided.and_then(|incident| causes_of(self.diagnosis, incident).first().copied())
        {
            let facts =
                format!("{} · fault: {}", value(&first.cause), self.diagnosis.words.fault(first.side));
            self.page.paragraph(0, &facts, Tone::Faint);
        }
        self.page.blank();
        self.page.paragraph(0, &summary.sentences.join(" "), Tone::Plain);
    }

    /// `told` is a text that the reader has read already.
    fn short_proof(&mut self, incident: &Incident, causes: &[&'a Cause], room: &Room, told: &str) {
        let Some(first) = causes.first().filter(|_| incident.stands_out || incident.family.is_some()) else {
            return self.short_candidates(incident, causes, room.others);
        };
        let proofs = proofs(first);
        if proofs.is_empty() {
            return;
        }
        self.page.heading("Proof (× = how many times more likely this makes the cause)");
        let mut told = told.to_owned();
        for evidence in proofs.iter().take(room.proofs) {
            self.page.item(
                &lead(&factor(evidence.likelihood_ratio)),
                Tone::Strong,
                &sentence(evidence),
                Tone::Plain,
            );
            self.place(evidence, &mut told);
        }
        let against = reasons(first, false);
        if let Some(against) = against.first() {
            let lead = lead(&factor(against.likelihood_ratio));
            self.page.item(&lead, Tone::Careful, &format!("Against: {}", sentence(against)), Tone::Plain);
        }
    }

    /// Where a piece of evidence is recorded, with the values that show what happened.
    fn place(&mut self, evidence: &Evidence, told: &mut String) {
        let Some(record) = evidence.records.first() else { return };
        let all = evidence.record_count;
        let count = if all > 1 { format!(" · {}", several_records(all as u64)) } else { String::new() };
        let text = format!("{} · {}{count}", self.clock.of_record(record), self.places.name(record, ""));
        self.page.paragraph(INDENT, &text, Tone::Faint);
        let values = telling(evidence);
        if values.iter().any(|value| !told.contains(value)) {
            let values = values.join(" · ");
            self.page.paragraph(INDENT, &values, Tone::Plain);
            told.push_str(&values);
        }
    }

    /// The values that show what happened.
    pub(super) fn telling_values(&mut self, indent: usize, evidence: &Evidence) {
        let values = telling(evidence);
        if !values.is_empty() {
            self.page.paragraph(indent, &values.join(" · "), Tone::Plain);
        }
    }

    /// Where no cause stands out: what speaks most for each of the likeliest.
    fn short_candidates(&mut self, incident: &Incident, causes: &[&'a Cause], others: usize) {
        let candidates = candidates(causes);
        if candidates.is_empty() {
            return;
        }
        self.page.heading("Possible");
        for cause in candidates.into_iter().take(others.max(1)) {
            let title = format!("{} · {}", value(&cause.headline), value(&cause.cause));
            self.page.item(&lead(&percent(cause.probability)), Tone::Strong, &title, Tone::Plain);
            if let Some(reason) = reasons(cause, true).first() {
                let text = format!("{} {}", factor(reason.likelihood_ratio), sentence(reason));
                self.page.paragraph(INDENT, &text, Tone::Faint);
            }
        }
        self.page.item(&lead(&percent(incident.none)), Tone::Plain, "none of the known causes", Tone::Plain);
    }

    fn short_steps(&mut self, incident: &Incident, causes: &[&'a Cause], room: &Room) {
        let Some(first) = causes.first().filter(|_| incident.stands_out) else {
            return self.short_checks(causes, room.checks);
        };
        if first.fix.is_empty() {
            return;
        }
        self.page.heading("Do");
        let best = remedy(&first.fix);
        let until =
            best.and_then(|best| first.fix.iter().position(|step| step.step == best.step)).unwrap_or(0);
        let looks = first.fix.iter().take(until).filter(|step| step.cost == Cost::ReadOnly);
        for step in looks.take(room.looks) {
            self.short_step(&first.fix, step, &format!("{} · {}", risk(step), cost(step.cost)));
        }
        if let Some(best) = best {
            self.short_step(&first.fix, best, &price(best));
        }
        if let Some(advice) = first.never.first() {
            self.page.item(&lead("!"), Tone::Bad, &first_sentence(&prose(advice)), Tone::Plain);
        }
    }

    /// A step by its number in the whole list.
    fn short_step(&mut self, steps: &[Step], step: &Step, price: &str) {
        let number = steps.iter().position(|other| other.step == step.step).map_or(0, |place| place + 1);
        let text = format!("{} · {price}", prose(&step.do_).trim_end_matches('.'));
        self.page.item(&lead(&number.to_string()), Tone::Strong, &text, Tone::Plain);
    }

    fn short_checks(&mut self, causes: &[&'a Cause], told: usize) {
        let checks = checks(causes, &TEXT_WHOLE);
        if checks.is_empty() {
            return;
        }
        self.page.heading("Look first (changes nothing)");
        for (index, step) in checks.into_iter().take(told).enumerate() {
            let text = format!("{} · {}", prose(&step.do_).trim_end_matches('.'), prose(&step.where_));
            self.page.item(&lead(&(index + 1).to_string()), Tone::Strong, &text, Tone::Plain);
        }
    }

    fn also_possible(&mut self, incident: &Incident, causes: &[&'a Cause], told: usize) {
        let Some((first, others)) = causes.split_first().filter(|_| incident.stands_out) else { return };
        let worth: Vec<&&Cause> = others.iter().filter(|cause| worth_telling(cause)).collect();
        if worth.is_empty() || told == 0 {
            return;
        }
        self.page.heading("Also possible");
        for cause in worth.iter().take(told) {
            let text = format!("{} · {}", value(&cause.headline), less_likely(first, cause));
            self.page.item(&lead(&percent(cause.probability)), Tone::Plain, &text, Tone::Plain);
        }
    }

    fn would_settle(&mut self, logs: usize) {
        let diagnosis = self.diagnosis;
        let decided = diagnosis.incidents.first().is_some_and(|incident| incident.stands_out);
        let told = if decided { 1 } else { logs };
        for wanted in diagnosis.collect.iter().take(told) {
            let text = format!(
                "{} of the {} · {}",
                self.places.channel(&wanted.channel),
                self.diagnosis.words.side(wanted.on),
                prose(&wanted.why)
            );
            self.page.item("Get      ", Tone::Strong, &text, Tone::Plain);
        }
    }

    fn other_incidents(&mut self, told: usize) {
        let incidents = &self.diagnosis.incidents;
        if incidents.len() < 2 {
            return;
        }
        self.page.heading("Other incidents");
        for incident in incidents.iter().skip(1).take(told) {
            let causes = causes_of(self.diagnosis, incident);
            let text = format!(
                "{} · {} · {}",
                answer(incident, &causes),
                self.places.machine(&incident.machine),
                self.clock.span(incident.started, incident.ended)
            );
            self.page.item(&lead(&incident.id.to_string()), Tone::Plain, &text, Tone::Plain);
        }
        let untold = incidents.len().saturating_sub(told + 1);
        if untold > 0 {
            self.page.paragraph(
                INDENT,
                &format!("… and {} (--full lists more)", several(untold, "incident")),
                Tone::Faint,
            );
        }
    }

    /// What still lasts when the logs end, in a line.
    fn still_lasts(&mut self) {
        let open = self.diagnosis.conditions.iter().filter(|condition| condition.until.is_none());
        if let Some(condition) = open.into_iter().next() {
            let machine = self.places.machine(&condition.machine);
            let text =
                format!("{} · {machine} · {}", value(&condition.title), lasted(condition, &self.clock));
            self.page.item("Lasts    ", Tone::Strong, &text, Tone::Plain);
        }
    }

    fn also_noticed(&mut self) {
        let findings = findings(self.diagnosis);
        // The paragraph for the ticket has those that concern security.
        let others = findings.iter().filter(|alike| alike[0].severity != Severity::Security);
        let titles: Vec<String> = others.map(|alike| value(&alike[0].title)).collect();
        if !titles.is_empty() {
            self.page.item("Noticed  ", Tone::Strong, &titles.join(" · "), Tone::Plain);
        }
    }

    fn first_warnings(&mut self, told: usize) {
        let warnings = &self.diagnosis.warnings;
        if warnings.is_empty() {
            return;
        }
        for warning in warnings.iter().take(told) {
            self.page.item("Warning  ", Tone::Careful, &value(&warning.matter()), Tone::Plain);
        }
        if warnings.len() > told {
            let text = format!("… and {} (--full shows all)", several(warnings.len() - told, "warning"));
            self.page.paragraph(9, &text, Tone::Faint);
        }
    }

    fn foot(&mut self) {
        let records: u64 = self.diagnosis.coverage.iter().map(|row| row.records).sum();
        let mut facts = vec![several(logs(self.diagnosis).len(), "log"), several_records(records)];
        facts.extend(losses(self.diagnosis));
        facts.extend(span(self.diagnosis, &self.clock).map(|span| format!("{span} UTC")));
        self.page.item("Searched ", Tone::Strong, &facts.join(" · "), Tone::Plain);
        if let Some(older) = &self.diagnosis.older {
            let text = format!("{} · Too many to look at one by one", several(older.records, "older record"));
            self.page.item("Older    ", Tone::Strong, &text, Tone::Plain);
        }
        let more = "--full · -o report.html (browser) · --format markdown (ticket)";
        self.page.item("More     ", Tone::Strong, more, Tone::Plain);
        self.page.item("Made by  ", Tone::Strong, &self.maker(), Tone::Faint);
    }
}

fn first_sentence(text: &str) -> String {
    match text.find(". ") {
        Some(end) => text[..=end].to_owned(),
        None => text.to_owned(),
    }
}

fn lead(what: &str) -> String {
    format!("{what:>width$}  ", width = INDENT - 2)
}
