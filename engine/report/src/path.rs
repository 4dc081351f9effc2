//! The way to the verdict: the questions that the logs answered, and the causes that each answer left behind.

use crate::words::figure::{factor, percent, several};
use crate::words::incident::{breaks, causes_of, failures};
use crate::words::place::Places;
use crate::words::reason::{candidates, less_likely, reasons, sentence};
use crate::words::ticket::{quiet_title, several_records};
use crate::words::visible::value;
use rdpwhy_diagnose::Diagnosis;
use rdpwhy_diagnose::diagnosis::{Cause, Evidence, EvidenceId, Incident};

/// This many pieces of evidence are questions on the way.
const QUESTIONS: usize = 4;
/// This many rivals are shown one by one.
const RIVALS: usize = 3;
/// This many causes that break elsewhere are named.
const ELSEWHERE_NAMED: usize = 3;
/// This many candidates are shown when none stands out.
const CANDIDATES: usize = 4;
/// This many logs are named that would tell more.
const LOGS_NAMED: usize = 3;

/// The way to the verdict on one incident.
pub(crate) struct Path {
    /// What is to be explained.
    pub(crate) start: String,
    /// The questions, in their order.
    pub(crate) forks: Vec<Fork>,
    /// Where it leads: one verdict, or all that stay open.
    pub(crate) ends: Vec<End>,
}

/// A question that the logs answered.
pub(crate) struct Fork {
    /// What was looked for.
    pub(crate) question: String,
    /// What was found.
    pub(crate) answer: String,
    /// What the answer leaves behind.
    pub(crate) left: Vec<Left>,
}

/// A cause, or several together, that an answer leaves behind.
pub(crate) struct Left {
    /// Which.
    pub(crate) title: String,
    /// Why.
    pub(crate) why: String,
}

/// An end of the way.
pub(crate) struct End {
    /// The verdict or candidate.
    pub(crate) title: String,
    /// What is beneath it.
    pub(crate) note: String,
    /// Whether this is the verdict.
    pub(crate) verdict: bool,
}

/// The way to the verdict on an incident.
pub(crate) fn path(diagnosis: &Diagnosis, incident: &Incident, places: &Places) -> Path {
    let causes = causes_of(diagnosis, incident);
    let (elsewhere, rivals): (Vec<&Cause>, Vec<&Cause>) =
        causes.iter().skip(1).partition(|cause| breaks_elsewhere(cause));
    let mut forks = vec![Fork {
        question: "Where does it break?".to_owned(),
        answer: breaks(diagnosis, incident),
        left: together(&elsewhere),
    }];
    let ends = match causes.first() {
        Some(first) if incident.stands_out => {
            forks.extend(questions(first, &rivals, incident));
            vec![verdict(first)]
        }
        _ => {
            let mut ends = open_ends(incident, &candidates(&causes));
            ends.extend(to_get(diagnosis, places));
            ends
        }
    };
    Path { start: start(diagnosis, incident, places), forks, ends }
}

/// The way where there is no incident.
pub(crate) fn short_path(diagnosis: &Diagnosis) -> Path {
    let records = diagnosis.coverage.iter().map(|row| row.records).sum();
    let seen = diagnosis.totals.succeeded + diagnosis.totals.aborted + diagnosis.totals.unknown;
    let answer = if seen == 0 {
        "no attempt".to_owned()
    } else {
        format!("{}, none failed", several(seen, "attempt"))
    };
    let fork = Fork { question: "Which attempts do the logs show?".to_owned(), answer, left: Vec::new() };
    let end = End { title: quiet_title(diagnosis), note: String::new(), verdict: true };
    Path { start: several_records(records), forks: vec![fork], ends: vec![end] }
}

fn start(diagnosis: &Diagnosis, incident: &Incident, places: &Places) -> String {
    format!("{} · {}", failures(diagnosis, incident), places.machine(&incident.machine))
}

fn breaks_elsewhere(cause: &Cause) -> bool {
    cause.evidence.iter().any(|evidence| evidence.id == EvidenceId::Stage && !evidence.for_it)
}

/// The causes that break at other stages, as one entry.
fn together(causes: &[&Cause]) -> Vec<Left> {
    if causes.is_empty() {
        return Vec::new();
    }
    let named: Vec<String> = causes.iter().take(ELSEWHERE_NAMED).map(|cause| value(&cause.cause)).collect();
    let dots = if causes.len() > ELSEWHERE_NAMED { " …" } else { "" };
    let title = format!(
        "{} that break{} elsewhere",
        several(causes.len(), "cause"),
        if causes.len() == 1 { "s" } else { "" }
    );
    vec![Left { title, why: format!("{}{dots}", named.join(", ")) }]
}

/// The strongest evidence for the verdict, each with the rivals that do not have it.
fn questions(first: &Cause, rivals: &[&Cause], incident: &Incident) -> Vec<Fork> {
    let asked: Vec<&Evidence> = reasons(first, true).into_iter().take(QUESTIONS).collect();
    let supported =
        |cause: &&&Cause| cause.probability > 0.0 && cause.evidence.iter().any(|evidence| evidence.for_it);
    let (told, silent): (Vec<&Cause>, Vec<&Cause>) = rivals.iter().partition(supported);
    let mut forks: Vec<Fork> = asked
        .iter()
        .map(|evidence| Fork {
            question: sentence(evidence),
            answer: format!("yes: {} for the verdict", factor(evidence.likelihood_ratio)),
            left: Vec::new(),
        })
        .collect();
    for rival in told.iter().take(RIVALS) {
        let lacks = |evidence: &&Evidence| !has(rival, &evidence.signal);
        let place = asked.iter().position(lacks).unwrap_or(asked.len().saturating_sub(1));
        if let Some(fork) = forks.get_mut(place) {
            let title = format!("{} · {}", value(&rival.headline), percent(rival.probability));
            fork.left.push(Left { title, why: less_likely(first, rival) });
        }
    }
    if let Some(last) = forks.last_mut() {
        last.left.extend(rest(told.len().saturating_sub(RIVALS), silent.len(), incident));
    }
    forks
}

/// Whether evidence of this signal speaks for the cause.
fn has(cause: &Cause, signal: &str) -> bool {
    cause.evidence.iter().any(|evidence| evidence.for_it && evidence.signal == signal)
}

/// What else is left behind, by its number.
fn rest(fainter: usize, silent: usize, incident: &Incident) -> Vec<Left> {
    let mut left = Vec::new();
    if fainter > 0 {
        left.push(Left {
            title: several(fainter, "more cause"),
            why: "there is less evidence for them".to_owned(),
        });
    }
    if silent > 0 {
        let title = several(silent, "other known cause");
        left.push(Left { title, why: "there is little or no evidence for them in these logs".to_owned() });
    }
    left.push(Left { title: format!("None of these · {}", percent(incident.none)), why: String::new() });
    left
}

fn verdict(cause: &Cause) -> End {
    End {
        title: format!("{} · {}", percent(cause.probability), value(&cause.headline)),
        note: value(&cause.cause),
        verdict: true,
    }
}

fn open_ends(incident: &Incident, candidates: &[&Cause]) -> Vec<End> {
    let told = candidates.iter().take(CANDIDATES);
    let mut ends: Vec<End> = told
        .map(|cause| End {
            title: format!("{} · {}", percent(cause.probability), value(&cause.headline)),
            note: reasons(cause, true).first().map(|reason| for_it(reason)).unwrap_or_default(),
            verdict: false,
        })
        .collect();
    ends.push(End {
        title: format!("{} · none of these", percent(incident.none)),
        note: "no cause stands out".to_owned(),
        verdict: false,
    });
    ends
}

/// The logs that would tell most, where nothing stands out.
fn to_get(diagnosis: &Diagnosis, places: &Places) -> Option<End> {
    let wanted = diagnosis.collect.iter().take(LOGS_NAMED);
    let named: Vec<String> = wanted
        .map(|log| format!("{} on the {}", places.channel(&log.channel), diagnosis.words.side(log.on)))
        .collect();
    (!named.is_empty()).then(|| End {
        title: "Logs worth adding".to_owned(),
        note: named.join(", "),
        verdict: false,
    })
}

fn for_it(reason: &Evidence) -> String {
    format!("{} {}", factor(reason.likelihood_ratio), sentence(reason))
}
