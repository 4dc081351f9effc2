//! An incident in words that all reports share: what failed where, since when, for whom.

use crate::words::clock::Clock;
use crate::words::figure::{percent, several};
use crate::words::ladder::Ladder;
use crate::words::place::Places;
use crate::words::reason::candidates;
use crate::words::visible::{prose, value};
use rdpwhy_diagnose::Diagnosis;
use rdpwhy_diagnose::diagnosis::{Cause, Family, Good, Incident};
use rdpwhy_rules::ladder::DomainWords;

/// The answer where no cause is likely enough.
pub(crate) const NONE_STANDS_OUT: &str = "No cause stands out";
/// Added where there is room for it.
pub(crate) const NOBODY_ELSE: &str = " Nobody else's failure is in these logs.";

/// This many incidents of one case are named.
const SAME_CASE: usize = 8;

/// The causes of the incident, the likeliest first.
pub(crate) fn causes_of<'d>(diagnosis: &'d Diagnosis, incident: &Incident) -> Vec<&'d Cause> {
    diagnosis.diagnoses.iter().filter(|cause| cause.incident == incident.id).collect()
}

/// The earlier incident whose verdict is this cause, so that its steps are in the report already.
pub(crate) fn told_earlier(diagnosis: &Diagnosis, incident: &Incident, cause: &Cause) -> Option<usize> {
    let earlier = diagnosis.incidents.iter().take_while(|other| other.id != incident.id);
    let mut same = earlier.filter(|other| {
        let causes = causes_of(diagnosis, other);
        other.stands_out && causes.first().is_some_and(|first| first.cause == cause.cause)
    });
    same.next().map(|other| other.id)
}

/// The answer on an incident in a line of a list.
pub(crate) fn answer(incident: &Incident, causes: &[&Cause]) -> String {
    match causes.first() {
        Some(first) if incident.stands_out => {
            format!("{} · {}", percent(first.probability), value(&first.headline))
        }
        _ => open_title(incident),
    }
}

/// Where no cause stands out: that, or what the likeliest causes have in common.
pub(crate) fn open_title(incident: &Incident) -> String {
    match &incident.family {
        Some(family) => format!("{} · {}", percent(family.probability), value(&family.title)),
        None => NONE_STANDS_OUT.to_owned(),
    }
}

/// Heads what changed before an incident.
pub(crate) fn changed(incident: &Incident) -> &'static str {
    match incident.last_good {
        Some(_) => "Changed since the last good attempt",
        None => "Changed in the week before",
    }
}

/// Title and reason of an incident in which nothing stands out.
pub(crate) fn undecided(diagnosis: &Diagnosis, incident: &Incident, causes: &[&Cause]) -> (String, String) {
    if let Some(family) = &incident.family {
        return (open_title(incident), undivided(family, causes));
    }
    match candidates(causes).first() {
        Some(first) => (NONE_STANDS_OUT.to_owned(), too_little(incident, first)),
        None => (
            "These logs contain no evidence for any known cause".to_owned(),
            nothing_known(diagnosis, incident),
        ),
    }
}

/// Which causes of a family it may be.
fn undivided(family: &Family, causes: &[&Cause]) -> String {
    let own = causes.iter().filter(|cause| family.causes.contains(&cause.cause));
    let told: Vec<String> =
        own.map(|cause| format!("{} ({})", value(&cause.cause), percent(cause.probability))).collect();
    format!("These logs do not show which of these it is: {}.", told.join(", "))
}

/// Why nothing stands out, in a sentence; `first` is the likeliest cause that has evidence.
fn too_little(incident: &Incident, first: &Cause) -> String {
    let own = percent(first.probability);
    if incident.none >= first.probability {
        return format!(
            "Most likely none of the known causes applies ({}); the first one with evidence in these logs reaches {own}.",
            percent(incident.none),
        );
    }
    format!("The most likely cause with evidence in these logs reaches {own}: not enough for a verdict.")
}

/// What helps where no cause has anything on its side.
fn nothing_known(diagnosis: &Diagnosis, incident: &Incident) -> String {
    let wanted = if diagnosis.collect.is_empty() {
        format!("{} for the time of the failures", diagnosis.words.get_more_logs)
    } else {
        "The most useful logs to add are listed under \"Not in these logs\"".to_owned()
    };
    let shown = if incident.assumed {
        "They show no failure, and nothing that explains one"
    } else {
        "They show that it failed and not why"
    };
    format!("{shown}. {wanted}.")
}

/// Machine, number and stage of the failures.
pub(crate) fn scene(diagnosis: &Diagnosis, incident: &Incident, places: &Places) -> String {
    let machine = places.machine(&incident.machine);
    if incident.assumed {
        return format!("{machine} · {} · {}", rests_on(diagnosis), breaks(diagnosis, incident));
    }
    format!("{machine} · {} · {}", failures(diagnosis, incident), breaks(diagnosis, incident))
}

/// What an answer rests on that no failed attempt is behind.
fn rests_on(diagnosis: &Diagnosis) -> String {
    let totals = &diagnosis.totals;
    if totals.failed + totals.dropped > 0 {
        return "none of the failures in these logs is what the ticket names; this is what other records and the ticket point to"
            .to_owned();
    }
    if totals.succeeded + totals.aborted + totals.unknown > 0 {
        return "none of the attempts in these logs failed; this is what other records and the ticket point to"
            .to_owned();
    }
    format!("no {} in these logs; this is what their records point to", diagnosis.words.attempt)
}

/// `3 failed attempts`, `2 sessions cut off`, or both.
pub(crate) fn failures(diagnosis: &Diagnosis, incident: &Incident) -> String {
    if incident.assumed {
        return "no attempt in these logs".to_owned();
    }
    let own = diagnosis.attempts.iter().filter(|attempt| attempt.incident == Some(incident.id));
    let cut: usize = own.filter(|attempt| attempt.dropped).map(|attempt| attempt.count).sum();
    let sessions = format!("{} cut off", several(cut, &diagnosis.words.session));
    match incident.failures.saturating_sub(cut) {
        0 => sessions,
        failed if cut == 0 => several(failed, "failed attempt"),
        failed => format!("{} · {sessions}", several(failed, "failed attempt")),
    }
}

/// Where it breaks, as far as the logs tell.
pub(crate) fn breaks(diagnosis: &Diagnosis, incident: &Incident) -> String {
    if incident.stage == incident.stage_last {
        return stage(diagnosis, &incident.stage);
    }
    if Ladder::of(diagnosis, incident).is_some_and(|ladder| ladder.is_unknown()) {
        return "the logs do not show at which stage it fails".to_owned();
    }
    let (first, last) = (value(&incident.stage), value(&incident.stage_last));
    format!("fails between {first} and {last}; the logs do not show where")
}

/// A stage with what is not reached if it breaks there.
fn stage(diagnosis: &Diagnosis, id: &str) -> String {
    match diagnosis.stages.iter().find(|stage| stage.id == id) {
        Some(stage) => format!("fails at {} ({})", value(id), prose(&stage.title)),
        None => format!("fails at {}", value(id)),
    }
}

/// The last success before the incident; nothing where no attempt is in the logs.
pub(crate) fn last_good(diagnosis: &Diagnosis, incident: &Incident, clock: &Clock) -> Option<String> {
    if incident.assumed {
        return None;
    }
    Some(match &incident.last_good {
        Some(last) => format!("last good: {}", good(last, clock, &diagnosis.words)),
        None if diagnosis.older.is_some() => {
            "no attempt succeeded before it in the records that were looked at one by one".to_owned()
        }
        None if diagnosis.totals.succeeded > diagnosis.totals.dropped => {
            let others = several(diagnosis.totals.succeeded - diagnosis.totals.dropped, "successful attempt");
            format!(
                "no attempt on this machine succeeded before it; {others} came later or on other machines"
            )
        }
        None => "no attempt succeeded before it in these logs".to_owned(),
    })
}

/// What came after the incident, and how it relates to the others, a sentence each.
pub(crate) fn course(diagnosis: &Diagnosis, incident: &Incident, clock: &Clock) -> Vec<String> {
    let mut told = Vec::new();
    if let Some(good) = &incident.recovered {
        told.push(format!("works again: {}", self::good(good, clock, &diagnosis.words)));
    }
    if let Some(cause) = incident.follows {
        told.push(format!("a consequence of incident {cause}"));
    }
    let same = diagnosis.incidents.iter().filter(|other| other.case == incident.case);
    let others: Vec<String> = same
        .filter(|other| other.id != incident.id)
        .take(SAME_CASE)
        .map(|other| other.id.to_string())
        .collect();
    match others.len() {
        0 => {}
        1 => told.push(format!("the same case as incident {}", others[0])),
        SAME_CASE => told.push(format!("the same case as incidents {}, and others", others.join(", "))),
        _ => told.push(format!("the same case as incidents {}", others.join(", "))),
    }
    told
}

fn good(good: &Good, clock: &Clock, words: &DomainWords) -> String {
    let source = good.source.as_deref().map(|source| format!(" from {}", value(source))).unwrap_or_default();
    let user = good.user.as_deref().map(|user| format!(" as {}", value(user))).unwrap_or_default();
    let whose = match (good.same, &good.source, &good.user) {
        (true, ..) => String::new(),
        (false, None, None) if words.unnamed_success.is_empty() => String::new(),
        (false, None, None) => format!(" ({})", words.unnamed_success),
        (false, ..) => " (neither an address nor a user of the failures)".to_owned(),
    };
    format!("{}{source}{user}{whose}", clock.second(good.time))
}
