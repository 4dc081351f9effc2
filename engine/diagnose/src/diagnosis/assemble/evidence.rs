//! A piece of evidence: what it is, what it weighed and which records show it.

use crate::diagnosis::assemble::assembly::Assembly;
use crate::diagnosis::assemble::figure::round;
use crate::diagnosis::assemble::sentence::plain;
use crate::diagnosis::result as view;
use crate::evidence::seen::{Seen, State};
use crate::ranking::rank::Weighed;
use rdpwhy_rules::{Cause, Finding};

impl Assembly<'_> {
    pub(super) fn evidence(&self, cause: &Cause, weighed: &Weighed) -> Option<view::Evidence> {
        let seen = &weighed.seen;
        let ratio = if weighed.counted { round(weighed.log_ratio.exp()) } else { 1.0 };
        let Some(evidence) = weighed.evidence.map(|index| &cause.evidence[index]) else {
            return weighed.counted.then(|| self.stage_evidence(cause, seen, ratio));
        };
        let because = match (seen.state, evidence.if_absent) {
            (State::Absent, Some(_)) => {
                format!("Missing, although the logs cover it: {}", plain(&evidence.because))
            }
            _ => self.fill(&evidence.because, seen),
        };
        let because = match seen.successes {
            Some((also, of)) => {
                format!("{because} ({} of {} failures, {also} of {of} successes)", seen.count, seen.of)
            }
            None => because,
        };
        let note = match seen.state {
            State::Unknown => Some(seen.why.clone().unwrap_or_else(|| "unknown".to_owned())),
            State::Absent if !weighed.counted => Some("not seen".to_owned()),
            State::Present if !weighed.counted => Some(match &evidence.group {
                Some(group) => format!("stronger evidence of the group `{group}` counts instead"),
                None => "says nothing by itself".to_owned(),
            }),
            _ => None,
        };
        Some(view::Evidence {
            id: evidence.id.clone(),
            signal: self.name(&evidence.finding),
            because,
            likelihood_ratio: ratio,
            for_it: if weighed.counted { weighed.log_ratio > 0.0 } else { evidence.supports },
            state: word(seen.state).to_owned(),
            seen: seen.count,
            of: seen.of,
            group: evidence.group.clone(),
            recovered: seen.recovered,
            note,
            record_count: seen.total,
            records: if weighed.counted { self.proof(&seen.events) } else { self.records(&seen.events) },
        })
    }

    fn stage_evidence(&self, cause: &Cause, seen: &Seen, ratio: f64) -> view::Evidence {
        let stages: Vec<String> = cause.stages.iter().map(|stage| self.stage(*stage)).collect();
        view::Evidence {
            id: "stage".to_owned(),
            signal: "stage".to_owned(),
            because: format!("The failures broke elsewhere: this cause breaks at {}", stages.join(", ")),
            likelihood_ratio: ratio,
            for_it: false,
            state: word(State::Present).to_owned(),
            seen: seen.count,
            of: seen.of,
            group: None,
            recovered: false,
            note: None,
            record_count: 0,
            records: Vec::new(),
        }
    }

    fn name(&self, finding: &Finding) -> String {
        match finding {
            Finding::Signal { signals, .. } | Finding::Absent { signals, .. } => signals
                .iter()
                .map(|signal| self.pack().signal(*signal).name.clone())
                .collect::<Vec<_>>()
                .join(", "),
            Finding::Attempts(fact) => fact.phrase.clone(),
            Finding::Code(_) => "code".to_owned(),
            Finding::Extended(_) => "extended".to_owned(),
        }
    }
}

fn word(state: State) -> &'static str {
    match state {
        State::Present => "present",
        State::Absent => "absent",
        State::Unknown => "unknown",
    }
}
