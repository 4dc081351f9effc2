//! Findings beside the causes, in words that all reports share.

use super::clock::Clock;
use rdpwhy_diagnose::Diagnosis;
use rdpwhy_diagnose::diagnosis::{Condition, Lead, Notice};
use std::cmp::Reverse;

/// The notices, the gravest first. The same finding on several machines is one entry, with what was seen on each.
pub(crate) fn findings(diagnosis: &Diagnosis) -> Vec<Vec<&Notice>> {
    let mut findings: Vec<Vec<&Notice>> = Vec::new();
    for notice in &diagnosis.notices {
        match findings
            .iter_mut()
            .find(|alike| alike[0].id == notice.id && alike[0].severity == notice.severity)
        {
            Some(alike) => alike.push(notice),
            None => findings.push(vec![notice]),
        }
    }
    findings.sort_by_key(|alike| Reverse(alike[0].severity));
    findings
}

/// From when to when a state lasted.
pub(crate) fn lasted(condition: &Condition, clock: &Clock) -> String {
    match condition.until {
        Some(until) => clock.span(condition.from, until),
        None => format!(
            "since {}, and still when these logs end ({})",
            clock.second(condition.from),
            clock.second(condition.last)
        ),
    }
}

pub(crate) fn lift(lead: &Lead) -> String {
    if lead.near == lead.total || !lead.lift.is_finite() {
        return "none at other times".to_owned();
    }
    format!("{:.0} times more often than at other times", lead.lift)
}
