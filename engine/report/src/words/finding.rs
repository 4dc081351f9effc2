//! Findings beside the causes, in words that all reports share.

use rdpwhy_diagnose::Diagnosis;
use rdpwhy_diagnose::diagnosis::{Lead, Notice};

/// What stands between the message of a warning and its advice.
const HELP: &str = "\n  help: ";

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
    findings.sort_by_key(|alike| urgency(alike[0]));
    findings
}

/// Message and advice of a warning.
pub(crate) fn parts(warning: &str) -> (&str, Option<&str>) {
    match warning.rsplit_once(HELP) {
        Some((message, help)) => (message, Some(help)),
        None => (warning, None),
    }
}

fn urgency(notice: &Notice) -> usize {
    let order = ["security", "warning"];
    order.iter().position(|severity| *severity == notice.severity).unwrap_or(order.len())
}

pub(crate) fn lift(lead: &Lead) -> String {
    if lead.near == lead.total || !lead.lift.is_finite() {
        return "none at other times".to_owned();
    }
    format!("{:.0} times more often than at other times", lead.lift)
}
