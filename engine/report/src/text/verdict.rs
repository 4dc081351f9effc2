//! The answer in plain words: what is wrong where, since when, for whom; and what can be said when nothing is found.

use super::Report;
use super::considered::candidates;
use super::figure::{percent, several};
use super::page::Tone;
use crate::visible::{prose, value};
use rdpwhy_diagnose::diagnosis::{Cause, Counted, Coverage, Incident, LastGood};

/// So many addresses or users are named unless all are asked for.
const NAMED: usize = 3;
/// So many incidents are in the list at the top unless all are asked for.
const INCIDENTS_LISTED: usize = 20;
/// Text of a verdict stands behind its percentage.
pub(super) const INDENT: usize = 7;

impl<'a> Report<'a> {
    /// All incidents in a line or two each.
    pub(super) fn overview(&mut self) {
        let diagnosis = self.diagnosis;
        self.page.heading(&format!("{} separate incidents", diagnosis.incidents.len()));
        let told = if self.options.verbose { usize::MAX } else { INCIDENTS_LISTED };
        for incident in diagnosis.incidents.iter().take(told) {
            let causes = self.causes_of(incident);
            let answer = match causes.first() {
                Some(first) if incident.stands_out => {
                    format!("{} · {}", percent(first.probability), value(&first.headline))
                }
                _ => "No cause stands out".to_owned(),
            };
            self.page.item(&format!("  {:>2}  ", incident.id), Tone::Plain, &answer, Tone::Strong);
            let span = self.clock.span(&incident.started, &incident.ended);
            let facts =
                format!("{} · {} · {span}", self.places.machine(&incident.machine), self.failures(incident));
            self.page.paragraph(6, &facts, Tone::Plain);
        }
        self.more(diagnosis.incidents.len(), told, "more incident");
    }

    pub(super) fn verdict(&mut self, incident: &Incident, causes: &[&'a Cause]) {
        self.page.blank();
        if self.diagnosis.incidents.len() > 1 {
            let title = format!("Incident {} of {}", incident.id, self.diagnosis.incidents.len());
            self.page.heading(&title);
        }
        self.headline(incident, causes);
        self.scene(incident);
        self.people(incident);
        self.last_good(incident);
    }

    fn headline(&mut self, incident: &Incident, causes: &[&'a Cause]) {
        if let Some(first) = causes.first().filter(|_| incident.stands_out) {
            let lead = format!("{:<INDENT$}", percent(first.probability));
            self.page.item(&lead, Tone::Strong, &value(&first.headline), Tone::Strong);
            let facts = format!("{} · the fault lies with: {}", value(&first.cause), value(&first.side));
            self.page.paragraph(INDENT, &facts, Tone::Faint);
            return;
        }
        let (title, text) = match candidates(causes).first() {
            Some(first) => ("No cause stands out", undecided(incident, first)),
            None => ("Nothing in these logs speaks for any known cause", self.nothing_known()),
        };
        self.page.item("  ?    ", Tone::Careful, title, Tone::Strong);
        self.page.paragraph(INDENT, &text, Tone::Plain);
    }

    /// What helps where no cause has anything on its side.
    fn nothing_known(&self) -> String {
        let wanted = if self.diagnosis.collect.is_empty() {
            "Get the logs of the other end, the client's or the host's, for the time of the failures"
        } else {
            "The logs that would tell most are listed under \"Not in these logs\""
        };
        format!("They show that it failed and not why. {wanted}.")
    }

    /// Machine, stage, number and time of the failures.
    fn scene(&mut self, incident: &Incident) {
        let machine = self.places.machine(&incident.machine);
        let text = if incident.assumed {
            format!(
                "{machine} · no connection attempt is in these logs; they show a fault that lasts, and it would break one · {}",
                self.breaks(incident)
            )
        } else {
            format!("{machine} · {} · {}", self.failures(incident), self.breaks(incident))
        };
        self.page.paragraph(INDENT, &text, Tone::Plain);
        if !incident.assumed {
            let span = self.clock.span(&incident.started, &incident.ended);
            self.page.paragraph(INDENT, &span, Tone::Plain);
        }
        if incident.strangers {
            let text = "Only strangers fail: addresses from outside that never got in. Nobody else's failure is in these logs.";
            self.page.paragraph(INDENT, text, Tone::Careful);
        }
    }

    /// `3 failed attempts`, `2 sessions cut off`, or both.
    fn failures(&self, incident: &Incident) -> String {
        if incident.assumed {
            return "no attempt in these logs".to_owned();
        }
        let own = self.diagnosis.attempts.iter().filter(|attempt| attempt.incident == Some(incident.id));
        let cut: usize = own.filter(|attempt| attempt.dropped).map(|attempt| attempt.count).sum();
        let sessions = format!("{} cut off", several(cut, "session"));
        match incident.failures.saturating_sub(cut) {
            0 => sessions,
            failed if cut == 0 => several(failed, "failed attempt"),
            failed => format!("{} · {sessions}", several(failed, "failed attempt")),
        }
    }

    fn breaks(&self, incident: &Incident) -> String {
        if incident.stage == incident.stage_last {
            return self.stage(&incident.stage);
        }
        let known = self.diagnosis.stages.as_slice();
        let all = known.first().is_some_and(|stage| stage.id == incident.stage)
            && known.last().is_some_and(|stage| stage.id == incident.stage_last);
        if all {
            return "the logs do not say at which stage it breaks".to_owned();
        }
        let (first, last) = (value(&incident.stage), value(&incident.stage_last));
        format!("breaks between {first} and {last}, the logs do not say where")
    }

    /// A stage with what is not reached if it breaks there.
    fn stage(&self, id: &str) -> String {
        match self.diagnosis.stages.iter().find(|stage| stage.id == id) {
            Some(stage) => format!("breaks at {}, before {}", value(id), prose(&stage.title)),
            None => format!("breaks at {}", value(id)),
        }
    }

    fn people(&mut self, incident: &Incident) {
        let sources = self.counted("from", "address", "addresses", &incident.sources, incident.source_count);
        let users = self.counted("user", "user", "users", &incident.users, incident.user_count);
        let facts: Vec<String> = [sources, users].into_iter().flatten().collect();
        if !facts.is_empty() {
            self.page.paragraph(INDENT, &facts.join(" · "), Tone::Plain);
        }
    }

    /// `from 10.0.0.4`, or `3 addresses: 10.0.0.4 (8), 10.0.0.5 (4), …`.
    pub(super) fn counted(
        &self,
        alone: &str,
        one: &str,
        many: &str,
        list: &[Counted],
        all: usize,
    ) -> Option<String> {
        let first = list.first()?;
        if all <= 1 {
            return Some(format!("{alone} {}", value(&first.value)));
        }
        let told = if self.options.verbose { list.len() } else { NAMED };
        let mut named: Vec<String> = list
            .iter()
            .take(told)
            .map(|entry| format!("{} ({})", value(&entry.value), entry.count))
            .collect();
        if all > named.len() {
            named.push("…".to_owned());
        }
        let noun = if all == 1 { one } else { many };
        Some(format!("{all} {noun}: {}", named.join(", ")))
    }

    fn last_good(&mut self, incident: &Incident) {
        if incident.assumed {
            return;
        }
        let text = match &incident.last_good {
            Some(good) => format!("last good: {}", self.good(good)),
            None => "no attempt succeeded before it in these logs".to_owned(),
        };
        self.page.paragraph(INDENT, &text, Tone::Plain);
    }

    fn good(&self, good: &LastGood) -> String {
        let source =
            good.source.as_deref().map(|source| format!(" from {}", value(source))).unwrap_or_default();
        let user = good.user.as_deref().map(|user| format!(" as {}", value(user))).unwrap_or_default();
        let whose = match (good.same, &good.source, &good.user) {
            (true, ..) => "",
            (false, None, None) => " (the logs do not say whose)",
            (false, ..) => " (neither an address nor a user of the failures)",
        };
        format!("{}{source}{user}{whose}", self.clock.second(&good.time))
    }

    pub(super) fn mechanism(&mut self, cause: &Cause) {
        if !cause.mechanism.trim().is_empty() {
            self.page.blank();
            self.page.paragraph(INDENT, &prose(&cause.mechanism), Tone::Plain);
        }
    }

    pub(super) fn healthy(&mut self) {
        let totals = &self.diagnosis.totals;
        self.page.blank();
        let nothing = totals.succeeded == 0;
        let title = if nothing {
            "No attempt is seen to fail, and none to succeed"
        } else {
            "No attempt failed in these logs"
        };
        self.page.item("ok     ", Tone::Good, title, Tone::Strong);
        if totals.aborted > 0 {
            let text = "Tests of the port and closed logon screens are not meant to get further: they are no failures.";
            self.page.paragraph(INDENT, text, Tone::Plain);
        }
        self.outside();
        let advice = "If somebody could not connect all the same, either the attempt left no trace in these logs (it never \
            reached this machine, or its channel was not exported), or it lies outside their span. Get the logs of the \
            other end, the client's or the host's, for the time of the failure.";
        self.page.paragraph(INDENT, advice, Tone::Plain);
    }

    pub(super) fn no_evidence(&mut self) {
        self.page.blank();
        self.page.item("  ?    ", Tone::Careful, "These logs hold no connection attempt", Tone::Strong);
        let text = "So they cannot say why one failed. They were read as listed under \"What was searched\"; no record of \
            an attempt and no lasting fault is among them.";
        self.page.paragraph(INDENT, text, Tone::Plain);
        self.outside();
        let advice = "What would settle it: the logs of the host and of the client that cover the time of the failure, \
            exported whole rather than filtered. Then run this again on all of them together.";
        self.page.paragraph(INDENT, advice, Tone::Plain);
    }

    /// Says so when the ticket's time is in none of the logs.
    pub(super) fn outside(&mut self) {
        let Some(at) = self.diagnosis.asked.at.as_deref() else { return };
        if self.diagnosis.coverage.iter().any(|row| covers(row, at)) {
            return;
        }
        let text = format!(
            "The time of the ticket, {}, lies in the span of none of these logs.",
            self.clock.second(at)
        );
        self.page.paragraph(INDENT, &text, Tone::Careful);
    }
}

/// Times of a diagnosis are written alike, so their texts sort as they do.
fn covers(row: &Coverage, at: &str) -> bool {
    row.first.as_deref().is_some_and(|first| first <= at)
        && row.last.as_deref().is_some_and(|last| at <= last)
}

/// Why nothing stands out, in a sentence; `first` is the likeliest cause that has evidence.
fn undecided(incident: &Incident, first: &Cause) -> String {
    let own = percent(first.probability);
    if incident.none >= first.probability {
        return format!(
            "Likeliest is that none of the known causes is at work ({}); the first that these logs speak for reaches {own}.",
            percent(incident.none),
        );
    }
    format!("The likeliest that these logs speak for reaches {own}: too little for a verdict.")
}
