//! How an attempt went, in words that all reports share.

use crate::words::figure::{count, several};
use crate::words::place::Places;
use crate::words::visible::value;
use rdpwhy_diagnose::diagnosis::{Attempt, Outcome};
use rdpwhy_rules::ladder::DomainWords;

/// How it went, on which machines, from where, as whom.
pub(crate) fn course(attempt: &Attempt, places: &Places) -> String {
    let mut facts = vec![outcome(attempt, places.words()), places.machine(&attempt.machine)];
    if attempt.count > 1 {
        facts.insert(0, format!("{} alike", several(attempt.count, "attempt")));
    }
    facts.extend(attempt.other_machine.as_deref().map(|other| places.machine(other)));
    let named = [("from", &attempt.source), ("as", &attempt.user), ("to", &attempt.target)];
    facts.extend(
        named.iter().filter_map(|(word, fact)| fact.as_deref().map(|fact| format!("{word} {}", value(fact)))),
    );
    facts.extend(code(attempt));
    facts.extend(attempt.incident.map(|incident| format!("incident {}", count(incident as u64))));
    facts.join(" · ")
}

/// `code 0x904, SSL_ERR_…`.
fn code(attempt: &Attempt) -> Option<String> {
    let code = format!("code {}", attempt.code?);
    Some(match &attempt.code_name {
        Some(name) => format!("{code}, {}", value(name)),
        None => code,
    })
}

/// `failed at tls`, `succeeded, cut off later`; what counts as failed though a session began is told as such.
pub(crate) fn outcome(attempt: &Attempt, words: &DomainWords) -> String {
    let mut text = attempt.outcome.to_string();
    if let Some(kind) = attempt.aborted {
        text.push_str(&format!(" ({kind})"));
    }
    match (attempt.outcome, &attempt.stage, &attempt.stage_last) {
        (Outcome::Failed, Some(first), Some(last)) if first != last => {
            text.push_str(&format!(" between {} and {}", value(first), value(last)));
        }
        (Outcome::Failed, Some(stage), _) => text.push_str(&format!(" at {}", value(stage))),
        (Outcome::Succeeded, ..) | (_, None, _) => {}
        (_, Some(stage), _) => text.push_str(&format!(" after {}", value(stage))),
    }
    if attempt.replaced {
        text.push_str(&format!(", taken over by another {}", words.connection));
    } else if attempt.dropped {
        text.push_str(&match attempt.outcome {
            Outcome::Failed => format!(", its {} was cut off", words.session),
            _ => ", cut off later".to_owned(),
        });
    }
    text
}
