//! What was read and asked, in words that all reports share.

use crate::words::clock::Clock;
use crate::words::figure::{count, several};
use crate::words::visible::value;
use rdpwhy_diagnose::diagnosis::{Clock as Clocks, Code, Coverage};
use rdpwhy_diagnose::{Diagnosis, Verdict};
use rdpwhy_event::FileTime;
use rdpwhy_rules::Severity;
use rdpwhy_rules::ladder::DomainWords;
use std::collections::BTreeMap;

/// Said where no log could be read.
pub(crate) const NO_RECORD: &str = "No log held a single readable record.";

/// Damaged places by log.
pub(crate) fn logs(diagnosis: &Diagnosis) -> BTreeMap<&str, usize> {
    diagnosis.coverage.iter().map(|row| (row.file.as_str(), row.damaged)).collect()
}

/// Recovered records, damaged places and gaps.
pub(crate) fn losses(diagnosis: &Diagnosis) -> Vec<String> {
    let damaged: usize = logs(diagnosis).values().sum();
    let gaps: usize = diagnosis.coverage.iter().map(|row| row.gaps).sum();
    let recovered: u64 = diagnosis.coverage.iter().map(|row| row.recovered).sum();
    let mut losses = Vec::new();
    if recovered > 0 {
        losses.push(format!("{} recovered", count(recovered)));
    }
    if damaged > 0 {
        losses.push(several(damaged, "damaged place"));
    }
    if gaps > 0 {
        losses.push(several(gaps, "gap") + " in the record ids");
    }
    losses
}

/// From the first record to the last of all logs.
pub(crate) fn span(diagnosis: &Diagnosis, clock: &Clock) -> Option<String> {
    let first = diagnosis.coverage.iter().filter_map(|row| row.first).min()?;
    let last = diagnosis.coverage.iter().filter_map(|row| row.last).max()?;
    Some(clock.span(first, last))
}

/// `14 failed · 212 succeeded, 1 of them was cut off later`.
pub(crate) fn outcomes(diagnosis: &Diagnosis) -> Option<String> {
    let totals = &diagnosis.totals;
    let cut = match totals.dropped {
        0 => String::new(),
        1 if totals.succeeded == 1 => " and was cut off later".to_owned(),
        1 => ", 1 of them was cut off later".to_owned(),
        all if all == totals.succeeded => ", all of them were cut off later".to_owned(),
        more => format!(", {} of them were cut off later", count(more as u64)),
    };
    let outcomes = [
        (totals.failed, "failed".to_owned()),
        (totals.succeeded, format!("succeeded{cut}")),
        (totals.aborted, diagnosis.words.aborted.clone()),
        (totals.unknown, "whose outcome the logs do not show".to_owned()),
    ];
    let outcomes = outcomes.into_iter().filter(|(number, _)| *number > 0);
    let outcomes: Vec<String> =
        outcomes.map(|(number, what)| format!("{} {what}", count(number as u64))).collect();
    if outcomes.is_empty() { None } else { Some(outcomes.join(" · ")) }
}

/// What the ticket says beyond its logs; codes with what they are called.
pub(crate) fn asked(diagnosis: &Diagnosis, clock: &Clock) -> Option<String> {
    let asked = &diagnosis.asked;
    let time = |time: Option<FileTime>| time.map(|time| clock.second(time));
    let word = |word: &Option<String>| word.as_deref().map(value);
    let code = |code: Option<Code>, name: &Option<String>| match (code?, word(name)) {
        (code, Some(name)) => Some(format!("{code} ({name})")),
        (code, None) => Some(code.to_string()),
    };
    let facts = [
        ("error", code(asked.error, &asked.error_name)),
        ("extended error", code(asked.extended, &asked.extended_name)),
        ("around", time(asked.at)),
        ("from", time(asked.since)),
        ("until", time(asked.until)),
        ("user", word(&asked.user)),
        ("source", word(&asked.source)),
        ("target", word(&asked.target)),
    ];
    let facts: Vec<String> =
        facts.into_iter().filter_map(|(name, fact)| fact.map(|fact| format!("{name} {fact}"))).collect();
    if facts.is_empty() { None } else { Some(facts.join(" · ")) }
}

/// How far two clocks are apart.
pub(crate) fn apart(clocks: &Clocks) -> String {
    let (way, by) = if clocks.ahead_seconds < 0.0 {
        ("behind", -clocks.ahead_seconds)
    } else {
        ("ahead of", clocks.ahead_seconds)
    };
    format!(
        "{} runs {by:.3} s {way} {}, measured over {} that both saw; attempts stand on the clock of {}",
        value(&clocks.client),
        value(&clocks.host),
        several(clocks.attempts, "attempt"),
        value(&clocks.host)
    )
}

/// Findings that must not be missed, however long the report is.
pub(crate) fn grave(diagnosis: &Diagnosis) -> Vec<String> {
    let mut machines_of: BTreeMap<String, usize> = BTreeMap::new();
    for notice in diagnosis.notices.iter().filter(|notice| notice.severity == Severity::Security) {
        *machines_of.entry(value(&notice.title)).or_default() += 1;
    }
    let titles = machines_of.into_iter();
    titles.map(|(title, on)| if on > 1 { format!("{title} ({on} times)") } else { title }).collect()
}

/// What can be said when nothing failed, or nothing is known.
pub(crate) struct Quiet {
    /// The answer.
    pub(crate) title: String,
    /// What it means and what would help.
    pub(crate) texts: Vec<String>,
}

/// The answer where no attempt failed, or none is in the logs.
pub(crate) fn quiet(diagnosis: &Diagnosis, clock: &Clock) -> Quiet {
    let (mut texts, advice) = match diagnosis.verdict {
        Verdict::Healthy => healthy(diagnosis),
        _ if is_seen(diagnosis) => not_shown(diagnosis),
        _ => nothing_seen(&diagnosis.words),
    };
    texts.extend(outside(diagnosis, clock));
    texts.push(advice);
    Quiet { title: quiet_title(diagnosis), texts }
}

/// The answer where no attempt failed, or none is in the logs, in a few words.
pub(crate) fn quiet_title(diagnosis: &Diagnosis) -> String {
    let words = &diagnosis.words;
    match (diagnosis.verdict, &diagnosis.background) {
        (Verdict::Healthy, _) if diagnosis.totals.succeeded == 0 => {
            "No attempt with a known failure".to_owned()
        }
        (Verdict::Healthy, None) => "No attempt failed in these logs".to_owned(),
        (Verdict::Healthy, Some(_)) => "None of the failures in these logs is one of your users'".to_owned(),
        (_, _) if is_seen(diagnosis) => {
            format!("These logs do not show whether {} failed", a(&words.connection))
        }
        _ => format!("These logs contain no {}", words.attempt),
    }
}

fn is_seen(diagnosis: &Diagnosis) -> bool {
    let totals = &diagnosis.totals;
    totals.failed + totals.succeeded + totals.aborted + totals.unknown > 0
}

fn healthy(diagnosis: &Diagnosis) -> (Vec<String>, String) {
    let totals = &diagnosis.totals;
    let mut texts = Vec::new();
    if totals.succeeded > 0 {
        texts.push(format!(
            "{} {}, the end of every attempt is known, and these logs would show a failure over the whole time.",
            several(totals.succeeded, &diagnosis.words.connection),
            diagnosis.words.succeeded
        ));
    }
    if let Some(background) = &diagnosis.background {
        texts.push(format!(
            "Not counted: {} from unrelated sources or users.",
            several(background.failures, "failed attempt")
        ));
    }
    if totals.aborted > 0 {
        texts.push(diagnosis.words.aborted_do_not_count.clone());
    }
    let DomainWords { unseen_failure, get_more_logs, .. } = &diagnosis.words;
    let advice = format!("{unseen_failure} {get_more_logs} for the time of the failure.");
    (texts, advice)
}

/// Attempts were seen, and nothing can be said of all of them.
fn not_shown(diagnosis: &Diagnosis) -> (Vec<String>, String) {
    let totals = &diagnosis.totals;
    let unknown = totals.unknown > 0;
    let why = if unknown {
        "the end of some of them is not in these logs"
    } else if diagnosis.conditions.iter().any(|condition| condition.closes) {
        "for part of the time nobody could have got in, and whoever tried then may have left no trace"
    } else {
        "the log in which a failure would be visible is missing or does not cover the whole time"
    };
    let seen = totals.failed + totals.succeeded + totals.aborted + totals.unknown;
    let text = format!(
        "{} seen, and none is known to have failed; but {why}, so these logs do not show that all is well.",
        several(seen, "attempt")
    );
    (vec![text], "The logs that would show it are listed under \"Not in these logs\".".to_owned())
}

fn nothing_seen(words: &DomainWords) -> (Vec<String>, String) {
    let text =
        "So they cannot say why one failed: no record of an attempt and no lasting fault is among them.";
    let advice = format!(
        "What would settle it: {} that cover the time of the failure, exported whole rather than filtered. \
         Then run this again on all of them together.",
        words.logs_of_attempts
    );
    (vec![text.to_owned()], advice)
}

/// Says so when the ticket's time is in none of the logs.
fn outside(diagnosis: &Diagnosis, clock: &Clock) -> Option<String> {
    let at = diagnosis.asked.at?;
    let within = diagnosis.coverage.iter().any(|row| covers(row, at));
    let text = || format!("None of these logs covers the time of the ticket, {}.", clock.second(at));
    (!within).then(text)
}

fn covers(row: &Coverage, at: FileTime) -> bool {
    row.first.is_some_and(|first| first <= at) && row.last.is_some_and(|last| at <= last)
}

/// The noun with its article.
fn a(noun: &str) -> String {
    let vowel = noun.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {noun}", if vowel { "an" } else { "a" })
}

/// `1 record`, `1,204 records`.
pub(crate) fn several_records(number: u64) -> String {
    if number == 1 { "1 record".to_owned() } else { format!("{} records", count(number)) }
}
