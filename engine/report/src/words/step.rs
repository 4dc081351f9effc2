//! Fix and check steps, in words that all reports share.

use crate::outline::Limits;
use crate::words::figure::percent;
use rdpwhy_diagnose::diagnosis::{Cause, Step};
use rdpwhy_rules::{Cost, Risk};

/// A change that helps less often than this part of the cases in which the best one helps is only named.
pub(crate) const WORTH_WHOLE: f64 = 0.5;
/// A path with this many backslashes is part of a command: prose names shorter ones.
const DEEP_PATH: usize = 4;

/// Heads the checks where no cause stands out.
pub(crate) const LOOK_FIRST: &str = "Look first: these checks change nothing";
/// Heads what not to do.
pub(crate) const DO_NOT: &str = "Do not";

/// Said where an earlier incident has the same steps.
pub(crate) fn same_steps(earlier: usize) -> String {
    format!("The same as for incident {earlier}: the cause is the same.")
}

/// The checks of these causes, each once: safe whatever the cause is.
pub(crate) fn checks<'d>(causes: &[&'d Cause], limits: &Limits) -> Vec<&'d Step> {
    let mut checks: Vec<&Step> = Vec::new();
    for step in causes.iter().take(limits.causes_checked).flat_map(|cause| &cause.fix) {
        if step.cost == Cost::ReadOnly && checks.iter().all(|other| other.step != step.step) {
            checks.push(step);
        }
    }
    checks.truncate(limits.checks);
    checks
}

/// How often the best of the steps helps.
pub(crate) fn most_helpful(steps: &[Step]) -> f64 {
    steps.iter().fold(0.0, |most, step| step.helps.max(most))
}

/// Risk, cost and prospects of a step.
pub(crate) fn price(step: &Step) -> String {
    let mut facts = vec![risk(step), cost(step.cost)];
    if step.helps > 0.0 {
        facts.push(helps(step.helps));
    }
    facts.join(" · ")
}

pub(crate) fn risk(step: &Step) -> String {
    match step.risk {
        Risk::None => "no risk".to_owned(),
        risk => format!("{risk} risk"),
    }
}

/// Whether the text is to be copied, so that breaking it would spoil it, rather than read.
pub(crate) fn is_command(text: &str) -> bool {
    let is_path = |word: &str| word.matches('\\').count() >= DEEP_PATH;
    // What explains a command in brackets would be run with it.
    let remark = text.rsplit_once(" (").filter(|_| text.ends_with(')')).map(|(_, remark)| remark);
    if remark.is_some_and(|remark| remark.contains(' ') && !remark.contains(['$', '\\', '-'])) {
        return false;
    }
    text.contains(['$', '|'])
        || (text.contains('"') && text.contains('\\'))
        || text.split_whitespace().any(is_path)
}

pub(crate) fn cost(cost: Cost) -> String {
    cost_words(cost).report.to_owned()
}

/// How careful one has to be with a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Care {
    /// It can do no harm.
    Harmless,
    /// Others may notice it.
    Careful,
    /// It is a last resort.
    Dangerous,
}

/// How careful one has to be with a step.
pub(crate) fn care(step: &Step) -> Care {
    match (step.risk, step.cost) {
        (Risk::High, _) | (_, Cost::Weakens) => Care::Dangerous,
        (Risk::Medium, _) | (_, Cost::Restart | Cost::Disconnects) => Care::Careful,
        _ => Care::Harmless,
    }
}

/// What a step costs, in plain words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CostWords {
    /// In a report, where the reader decides whether to take the step.
    pub report: &'static str,
    /// On the page of a rule.
    pub page: &'static str,
}

/// What a step costs, in plain words.
pub fn cost_words(cost: Cost) -> CostWords {
    let (report, page) = match cost {
        Cost::ReadOnly => ("read-only", "read-only"),
        Cost::Unnoticed => ("nobody notices", "nobody notices"),
        Cost::Reversible => ("reversible", "reversible: one setting, no outage"),
        Cost::Disconnects => ("disconnects users for seconds", "disconnects current users for seconds"),
        Cost::Restart => {
            ("needs a restart or a maintenance window", "needs a restart or a maintenance window")
        }
        Cost::Weakens => (
            "weakens security or may break other services: last resort",
            "weakens security or may break other services: last resort",
        ),
    };
    CostWords { report, page }
}

/// In how many cases a step helps, in a report.
fn helps(share: f64) -> String {
    format!("fixes about {} of such cases (estimate)", percent(share))
}

/// In how many cases a step helps, on the page of a rule: to a tenth of a percent, as the rule has it.
pub fn helps_on_page(share: f64) -> String {
    format!("fixes about {} % of such cases (estimate)", (share * 1000.0).round() / 10.0)
}
