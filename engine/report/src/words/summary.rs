//! The answer in a few sentences, to be pasted into a ticket.

use crate::words::clock::Clock;
use crate::words::figure::percent;
use crate::words::incident::{breaks, causes_of, failures, open_title};
use crate::words::place::Places;
use crate::words::reason::{candidates, reasons};
use crate::words::step::{WORTH_WHOLE, cost, most_helpful, risk};
use crate::words::ticket::{grave, quiet};
use crate::words::visible::{prose, value};
use rdpwhy_diagnose::Diagnosis;
use rdpwhy_diagnose::diagnosis::{Cause, Collect, Evidence, Incident, Step};
use rdpwhy_rules::Cost;

/// From here on a cause is almost certain, …
const ALMOST_CERTAIN: f64 = 0.95;
/// … and from here on very likely.
const VERY_LIKELY: f64 = 0.85;
/// Reasons that a summary names.
const REASONS: usize = 2;
/// Evidence that makes a cause this many times likelier is worth a place in a summary.
const TELLING: f64 = 5.0;
/// Candidates that a summary names where no cause stands out.
const CANDIDATES: usize = 3;
/// Letters of the values of a record in a summary.
const VALUES_LONGEST: usize = 160;

/// The answer in a few sentences.
pub(crate) struct Summary {
    /// `Almost certain (>99 %)`; nothing where there is no number.
    pub(crate) certainty: Option<String>,
    /// The answer in a line.
    pub(crate) title: String,
    /// What, where and since when; because of which records; what to do first and what it costs.
    pub(crate) sentences: Vec<String>,
}

impl Summary {
    /// The answer in a sentence, with how sure it is.
    pub(crate) fn lead(&self) -> String {
        let certainty = self.certainty.iter().map(|certainty| format!("{certainty}: "));
        format!("{}{}", certainty.collect::<String>(), sentence(&self.title))
    }

    /// All of it as one paragraph.
    pub(crate) fn text(&self) -> String {
        std::iter::once(self.lead()).chain(self.sentences.iter().cloned()).collect::<Vec<_>>().join(" ")
    }
}

/// The answer in a few sentences, to be pasted into a ticket: the `summary` of the JSON report.
pub fn summary_text(diagnosis: &Diagnosis) -> String {
    summary(diagnosis, &Clock::new(None), &Places::new(diagnosis)).text()
}

/// The answer of the whole diagnosis: that on the first incident, with what else must not be missed.
pub(crate) fn summary(diagnosis: &Diagnosis, clock: &Clock, places: &Places) -> Summary {
    let mut summary = match diagnosis.incidents.first() {
        Some(incident) => of_incident(diagnosis, incident, clock, places),
        None => {
            let quiet = quiet(diagnosis, clock);
            // A summary stands alone: it does not send its reader to another part of the report.
            let alone = |text: &String| !text.contains("listed under");
            let sentences = quiet.texts.into_iter().filter(alone).collect();
            Summary { certainty: None, title: quiet.title, sentences }
        }
    };
    let others = diagnosis.incidents.len().saturating_sub(1);
    if others > 0 {
        let (these, are) = if others == 1 { ("incident", "is") } else { ("incidents", "are") };
        summary.sentences.push(format!("{others} more {these} {are} in the report."));
    }
    let grave = grave(diagnosis);
    if !grave.is_empty() {
        summary.sentences.push(format!("Security: {}.", grave.join("; ")));
    }
    summary
}

fn of_incident(diagnosis: &Diagnosis, incident: &Incident, clock: &Clock, places: &Places) -> Summary {
    let causes = causes_of(diagnosis, incident);
    let mut sentences = vec![scene(diagnosis, incident, clock, places)];
    sentences.extend(course(incident, clock));
    let first = causes.first().copied();
    let (certainty, title) = match (first, &incident.family) {
        (Some(first), _) if incident.stands_out => {
            (Some(certainty(first.probability)), value(&first.headline))
        }
        (_, Some(family)) => (Some(certainty(family.probability)), value(&family.title)),
        _ => (None, open_title(incident)),
    };
    if !incident.stands_out {
        sentences.extend(possible(incident, &causes));
    }
    if let Some(first) = first {
        sentences.extend(because(first, clock, places));
    }
    match first.filter(|_| incident.stands_out).and_then(|cause| remedy(&cause.fix)) {
        Some(step) => sentences.push(first_step(step)),
        None => sentences.extend(diagnosis.collect.first().map(|wanted| settles(wanted, places))),
    }
    Summary { certainty, title, sentences }
}

/// How sure a verdict is, in words and in a number.
pub(crate) fn certainty(probability: f64) -> String {
    let words = match probability {
        p if p >= ALMOST_CERTAIN => "Almost certain",
        p if p >= VERY_LIKELY => "Very likely",
        _ => "Likely",
    };
    format!("{words} ({})", percent(probability))
}

/// What failed where, when and how far it got.
fn scene(diagnosis: &Diagnosis, incident: &Incident, clock: &Clock, places: &Places) -> String {
    let machine = places.machine(&incident.machine);
    let breaks = breaks(diagnosis, incident);
    if incident.assumed {
        let rest = if incident.stands_out { "; other records point to this" } else { "" };
        let none = if diagnosis.totals.failed + diagnosis.totals.dropped > 0 {
            "none of the failures in these logs is what the ticket names"
        } else {
            "no failed attempt is in these logs"
        };
        return format!("{machine}: {none}{rest}.");
    }
    let failures = failures(diagnosis, incident);
    let when = format!("{} UTC", clock.span(incident.started, incident.ended));
    let whose = match (incident.user_count, incident.users.first()) {
        (1, Some(user)) => format!(" (user {})", value(&user.value)),
        (0, _) => String::new(),
        (several, _) => format!(" ({several} users)"),
    };
    format!("{machine}: {failures}{whose}, {when}; {breaks}.")
}

/// When it last worked, and whether it works again.
fn course(incident: &Incident, clock: &Clock) -> Vec<String> {
    if incident.assumed {
        return Vec::new();
    }
    let last =
        incident.last_good.as_ref().map(|good| format!("It last worked at {}.", clock.second(good.time)));
    let again =
        incident.recovered.as_ref().map(|good| format!("It worked again at {}.", clock.second(good.time)));
    last.into_iter().chain(again).collect()
}

/// The likeliest causes, where none stands out.
fn possible(incident: &Incident, causes: &[&Cause]) -> Option<String> {
    let family = incident.family.as_ref();
    let named: Vec<String> = candidates(causes)
        .into_iter()
        .filter(|cause| family.is_none_or(|family| family.causes.contains(&cause.cause)))
        .take(CANDIDATES)
        .map(|cause| format!("{} ({})", value(&cause.headline), percent(cause.probability)))
        .collect();
    (!named.is_empty()).then(|| format!("Possible causes: {}.", named.join("; ")))
}

/// The records that tell it, with their telling values.
fn because(cause: &Cause, clock: &Clock, places: &Places) -> Option<String> {
    let mut shown = proofs(cause);
    // The strongest, then what somebody did: those are the records that a reader wants to see.
    if let Some(rest) = shown.get_mut(1..) {
        rest.sort_by_key(|evidence| evidence.telling.is_empty());
    }
    let proofs: Vec<String> =
        shown.into_iter().take(REASONS).map(|evidence| proof(evidence, clock, places)).collect();
    (!proofs.is_empty()).then(|| format!("Evidence: {}.", proofs.join("; ")))
}

/// The weightiest evidence for the cause that records show; the rest where no record does.
pub(crate) fn proofs(cause: &Cause) -> Vec<&Evidence> {
    let reasons = reasons(cause, true);
    let shown = |evidence: &&Evidence| !evidence.records.is_empty();
    let telling: Vec<&Evidence> = reasons
        .iter()
        .copied()
        .filter(|evidence| shown(evidence) && evidence.likelihood_ratio >= TELLING)
        .collect();
    if telling.is_empty() { reasons.into_iter().filter(shown).take(1).collect() } else { telling }
}

fn proof(evidence: &Evidence, clock: &Clock, places: &Places) -> String {
    let said = value(&evidence.because);
    let said = said.trim_end_matches('.');
    let Some(record) = evidence.records.first() else { return said.to_owned() };
    let values = fitting(&telling(evidence));
    let values = if values.is_empty() { String::new() } else { format!(": {values}") };
    format!("{said} [{}, {}{values}]", clock.second(record.time), places.name(record, ""))
}

/// As many of the values as fit; the first is cut where it is too long.
fn fitting(values: &[String]) -> String {
    let mut told = String::new();
    for value in values {
        if told.is_empty() {
            told = short(value);
        } else if told.chars().count() + value.chars().count() < VALUES_LONGEST {
            told = format!("{told}, {value}");
        }
    }
    told
}

fn short(text: &str) -> String {
    match text.char_indices().nth(VALUES_LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// `CommandLine: icacls …`: the values of the first record that show what happened, unless the sentence has them already.
pub(crate) fn telling(evidence: &Evidence) -> Vec<String> {
    let new = evidence.telling.iter().filter(|field| !evidence.because.contains(&field.value));
    new.map(|field| format!("{}: {}", value(&field.name), value(&field.value))).collect()
}

/// The first change that is likely to help, the least harmful of those.
pub(crate) fn remedy(steps: &[Step]) -> Option<&Step> {
    let least = most_helpful(steps) * WORTH_WHOLE;
    let changes = || steps.iter().filter(|step| step.cost != Cost::ReadOnly);
    changes().find(|step| step.helps >= least).or_else(|| changes().next()).or_else(|| steps.first())
}

fn first_step(step: &Step) -> String {
    format!("Fix: {} ({}; {}).", prose(&step.do_).trim_end_matches('.'), risk(step), cost(step.cost))
}

/// The log that would decide it.
pub(crate) fn settles(wanted: &Collect, places: &Places) -> String {
    format!(
        "What would settle it: {} of the {} ({}).",
        places.channel(&wanted.channel),
        places.words().side(wanted.on),
        prose(&wanted.why).trim_end_matches('.')
    )
}

fn sentence(text: &str) -> String {
    format!("{}.", text.trim_end_matches('.'))
}
