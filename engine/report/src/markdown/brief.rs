//! The report as short as a comment in a ticket: the answer, the proof, and what to do.

use super::paper::{plain, said};
use super::report::Report;
use crate::outline::TEXT_WHOLE;
use crate::words::figure::{factor, percent, several};
use crate::words::incident::{answer, causes_of};
use crate::words::reason::{candidates, reasons, sentence};
use crate::words::step::{DO_NOT, LOOK_FIRST, checks, cost, price, risk};
use crate::words::summary::{proofs, remedy, summary, telling};
use crate::words::ticket::{logs, losses, several_records, span};
use crate::words::visible::{prose, value};
use rdpwhy_diagnose::diagnosis::{Cause, Evidence, Incident, Step};
use rdpwhy_rules::Cost;

/// Pieces of evidence that are shown.
const PROOFS: usize = 3;
/// Causes side by side where none stands out.
const CANDIDATES: usize = 3;
/// Checks where none stands out.
const CHECKS: usize = 3;
/// Other incidents that are named.
const INCIDENTS: usize = 4;
/// Logs that are asked for.
const LOGS: usize = 2;

impl Report<'_> {
    pub(super) fn comment(&mut self) {
        let summary = summary(self.diagnosis, &self.clock, &self.places);
        let case = self.case.as_deref().map(|case| format!("Case {}: ", value(case))).unwrap_or_default();
        let lead = summary.certainty.as_ref().map(|certainty| format!("{certainty}: ")).unwrap_or_default();
        self.paper.heading(3, &said(&format!("{case}{lead}{}", summary.title)));
        let sentences: Vec<String> = summary.sentences.iter().map(|sentence| cited(sentence)).collect();
        self.paper.paragraph(&sentences.join(" "));
        let first = self.diagnosis.incidents.first();
        if let Some(incident) = first {
            let causes = causes_of(self.diagnosis, incident);
            match causes.first().filter(|_| incident.stands_out) {
                Some(cause) => self.proven(cause),
                None => self.open(incident, &causes),
            }
        }
        self.others();
        self.gist();
    }

    /// The proof, the steps up to the one that is likely to help, and what not to do.
    fn proven(&mut self, cause: &Cause) {
        let proofs = proofs(cause);
        if !proofs.is_empty() {
            self.paper.heading(4, "Proof");
            let items: Vec<String> = proofs.iter().take(PROOFS).map(|one| self.proof(one)).collect();
            self.paper.items(items);
        }
        let best = remedy(&cause.fix);
        let until = best.and_then(|best| cause.fix.iter().position(|step| step.step == best.step));
        let Some((best, until)) = best.zip(until) else { return };
        self.paper.heading(4, "What to do");
        let looks = cause.fix[..until].iter().filter(|step| step.cost == Cost::ReadOnly);
        let items: Vec<String> = looks.chain(std::iter::once(best)).map(step).collect();
        self.paper.items(items);
        if let Some(run) = best.run.as_deref().filter(|run| !run.trim().is_empty()) {
            self.paper.commands(run);
        }
        if !cause.never.is_empty() {
            self.paper.heading(4, DO_NOT);
            self.paper.items(cause.never.iter().map(|advice| plain(&prose(advice))).collect::<Vec<_>>());
        }
    }

    /// The likeliest causes side by side, and what to look at first.
    fn open(&mut self, incident: &Incident, causes: &[&Cause]) {
        let candidates: Vec<&Cause> = candidates(causes).into_iter().take(CANDIDATES).collect();
        if candidates.is_empty() {
            return;
        }
        self.paper.heading(4, "Possible");
        let mut items: Vec<String> = candidates
            .iter()
            .map(|cause| {
                let why = reasons(cause, true).first().map(|one| format!(": {}", sentence(one)));
                let title = format!("{} · {}", percent(cause.probability), value(&cause.headline));
                said(&format!("{title}{}", why.unwrap_or_default()))
            })
            .collect();
        items.push(format!("{} · none of the known causes", percent(incident.none)));
        self.paper.items(items);
        let checks = checks(causes, &TEXT_WHOLE);
        if !checks.is_empty() {
            self.paper.heading(4, LOOK_FIRST);
            self.paper.items(checks.into_iter().take(CHECKS).map(step).collect::<Vec<_>>());
        }
    }

    fn proof(&self, evidence: &Evidence) -> String {
        let mut facts = vec![format!("{} {}", factor(evidence.likelihood_ratio), sentence(evidence))];
        if let Some(record) = evidence.records.first() {
            facts.push(self.clock.of_record(record));
            facts.push(self.places.name(record, ""));
        }
        if evidence.record_count > 1 {
            facts.push(several_records(evidence.record_count as u64));
        }
        facts.extend(telling(evidence));
        cited(&facts.join(" · "))
    }

    fn others(&mut self) {
        let others = self.diagnosis.incidents.get(1..).unwrap_or_default();
        if others.is_empty() {
            return;
        }
        self.paper.heading(4, "Other incidents");
        let line = |incident: &Incident| {
            let causes = causes_of(self.diagnosis, incident);
            let machine = self.places.machine(&incident.machine);
            let span = self.clock.span(incident.started, incident.ended);
            said(&format!("{} · {machine} · {span}", answer(incident, &causes)))
        };
        let mut items: Vec<String> = others.iter().take(INCIDENTS).map(line).collect();
        if others.len() > INCIDENTS {
            items.push(format!("… and {}", several(others.len() - INCIDENTS, "more incident")));
        }
        self.paper.items(items);
    }

    /// The logs that would tell more, and what was read by what.
    fn gist(&mut self) {
        let records: u64 = self.diagnosis.coverage.iter().map(|row| row.records).sum();
        let mut searched = vec![several(logs(self.diagnosis).len(), "log"), several_records(records)];
        searched.extend(losses(self.diagnosis));
        searched.extend(span(self.diagnosis, &self.clock).map(|span| format!("{span} UTC")));
        let wanted = self.diagnosis.collect.iter().take(LOGS).map(|wanted| {
            let channel = self.places.channel(&wanted.channel);
            format!(
                "**Get:** {}",
                said(&format!(
                    "{channel} of the {} · {}",
                    self.diagnosis.words.side(wanted.on),
                    prose(&wanted.why)
                ))
            )
        });
        let mut items: Vec<String> = wanted.collect();
        items.push(format!("**Searched:** {}", said(&searched.join(" · "))));
        let tool = &self.diagnosis.tool;
        items.push(plain(&format!("{} {}, rules {}", tool.name, tool.version, tool.rules)));
        self.paper.items(items);
    }
}

fn step(step: &Step) -> String {
    let price = if step.cost == Cost::ReadOnly {
        format!("{} · {}", risk(step), cost(step.cost))
    } else {
        price(step)
    };
    plain(&format!("{} ({price})", prose(&step.do_).trim_end_matches('.')))
}

/// A sentence that names records: `System #22896 (event 1058)` would become a link to a ticket of that number.
fn cited(text: &str) -> String {
    let mut pieces = text.split(" #");
    let mut told = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let behind = piece.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let is_record = behind.len() < piece.len() && behind.starts_with(" (event ");
        told.push_str(if is_record { " record " } else { " #" });
        told.push_str(piece);
    }
    said(&told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_no_references() {
        assert_eq!(cited("in System #22896 (event 1058)."), "in System record 22896 (event 1058).");
        assert_eq!(cited("a #12 b"), "`a #12 b`");
        assert_eq!(cited("#"), "\\#");
    }
}
