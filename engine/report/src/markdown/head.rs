//! The answer in a line, and what was read, asked and found.

use super::paper::{code, plain, said};
use super::report::Report;
use crate::words::figure::several;
use crate::words::incident::{causes_of, open_title};
use crate::words::summary::summary;
use crate::words::ticket;
use crate::words::visible::{prose, value};
use rdpwhy_diagnose::Diagnosis;

impl Report<'_> {
    /// The answer in a line, and what was read, asked and found.
    pub(super) fn head(&mut self) {
        let title = answer(self.diagnosis);
        self.paper.heading(2, &title);
        let summary = summary(self.diagnosis, &self.clock, &self.places);
        self.paper.paragraph(&plain(&summary.text()));
        self.paper.items(self.facts());
        self.ticket_codes();
    }

    /// What can be said when nothing failed, or nothing is known.
    pub(super) fn quiet(&mut self) {
        let quiet = ticket::quiet(self.diagnosis, &self.clock);
        quiet.texts.iter().for_each(|text| self.paper.paragraph(&plain(text)));
    }

    /// Everything that is known about the codes of the ticket.
    fn ticket_codes(&mut self) {
        let asked = &self.diagnosis.asked;
        if asked.meanings.is_empty() {
            return;
        }
        self.paper.heading(4, "The code in the ticket");
        let mut items = Vec::new();
        for code in &asked.meanings {
            let name = code.name.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
            let not = code.does_not_mean.as_ref().map(|not| format!(". It does not mean: {}", prose(not)));
            items.push(plain(&format!(
                "{}{name}: {}{}",
                code.code,
                prose(&code.means),
                not.unwrap_or_default()
            )));
        }
        if let Some(pair) = &asked.pair {
            items.push(plain(&format!("Together: {}", prose(&pair.title))));
            items.extend(pair.says.iter().map(|says| plain(&prose(says))));
        }
        self.paper.items(items);
    }

    /// What was read, asked and found, in a line each.
    fn facts(&self) -> Vec<String> {
        let diagnosis = self.diagnosis;
        let zone = self.clock.zone_name().map(|name| format!(", in brackets {}", plain(&name)));
        let span = ticket::span(diagnosis, &self.clock)
            .map(|span| format!("{span} (times are UTC{})", zone.unwrap_or_default()));
        let clocks =
            diagnosis.clocks.iter().filter(|clock| clock.ahead_seconds.abs() >= self.limits.clock_seconds);
        let case = self.case.as_deref().map(|case| said(&value(case)));
        let mut facts = vec![("Case", case), ("Searched", Some(self.what_was_read())), ("Span", span)];
        facts.push(("Attempts", ticket::outcomes(diagnosis)));
        facts.push(("Asked", ticket::asked(diagnosis, &self.clock).map(|asked| said(&asked))));
        facts.extend(
            clocks.take(self.limits.clocks).map(|clock| ("Clock", Some(said(&ticket::apart(clock))))),
        );
        facts.extend(ticket::grave(diagnosis).iter().map(|title| ("Security", Some(said(title)))));
        facts.into_iter().filter_map(|(what, fact)| Some(format!("**{what}:** {}", fact?))).collect()
    }

    fn what_was_read(&self) -> String {
        let records: u64 = self.diagnosis.coverage.iter().map(|row| row.records).sum();
        let mut facts = vec![several(ticket::logs(self.diagnosis).len(), "log")];
        facts.push(ticket::several_records(records));
        facts.extend(ticket::losses(self.diagnosis));
        facts.extend(self.places.machines().iter().take(self.limits.machines).map(|machine| code(machine)));
        facts.join(" · ")
    }
}

/// The headline of the first incident's cause, if one stands out.
fn answer(diagnosis: &Diagnosis) -> String {
    let Some(first) = diagnosis.incidents.first() else { return ticket::quiet_title(diagnosis) };
    match causes_of(diagnosis, first).first() {
        Some(cause) if first.stands_out => plain(&value(&cause.headline)),
        _ => plain(&open_title(first)),
    }
}
