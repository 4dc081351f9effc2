//! What a case can be compared by: the facts that the rules name, as far as its logs tell them.

use crate::row::Fact;
use rdpwhy_diagnose::Diagnosis;
use rdpwhy_diagnose::diagnosis::{Attempt, SeenFrom};
use rdpwhy_logs::Reading;
use rdpwhy_rules::ladder::{CaseAttribute, CaseFact, CaseFactSource};
use rdpwhy_rules::{Pack, Side, SignalId};
use std::collections::{BTreeMap, BTreeSet};

/// Values of one kind that a case keeps, the first in alphabetical order: attacks come from thousands of addresses.
const VALUES: usize = 200;
/// Letters of a value that are kept.
const LONGEST: usize = 200;

/// The facts of a case by kind and value, and the kinds that its logs could show.
pub(crate) fn facts(diagnosis: &Diagnosis, reading: &Reading, pack: &Pack) -> (Vec<Fact>, Vec<String>) {
    let (mut facts, mut comparable) = (Vec::new(), BTreeSet::new());
    for fact in &pack.ladder().case_facts {
        let values = match &fact.source {
            CaseFactSource::Attribute(attribute) => of_attempts(fact, *attribute, diagnosis),
            CaseFactSource::Records { signals, fields } => {
                if is_covered(signals, reading, pack) {
                    comparable.insert(fact.kind.clone());
                }
                of_records(fact, signals, fields, reading, pack)
            }
        };
        if !values.is_empty() {
            comparable.insert(fact.kind.clone());
        }
        let row = |(value, time)| Fact { kind: fact.kind.clone(), value, time };
        facts.extend(values.into_iter().take(VALUES).map(row));
    }
    facts.sort();
    (facts, comparable.into_iter().collect())
}

/// Values with the time of the first record that shows them.
type Values = BTreeMap<String, Option<String>>;

fn of_attempts(fact: &CaseFact, attribute: CaseAttribute, diagnosis: &Diagnosis) -> Values {
    let of_attempt = |attempt: &'_ Attempt| -> Vec<String> {
        let is_gateway = attempt.side == SeenFrom::One(Side::Gateway);
        let told = match attribute {
            CaseAttribute::Machine => [Some(&attempt.machine), attempt.other_machine.as_ref()],
            CaseAttribute::Gateway => [is_gateway.then_some(&attempt.machine), None],
            CaseAttribute::Source => [attempt.source.as_ref(), None],
            CaseAttribute::Target => [attempt.target.as_ref(), None],
        };
        told.into_iter().flatten().cloned().collect()
    };
    let mut texts: BTreeSet<String> = diagnosis.attempts.iter().flat_map(of_attempt).collect();
    if attribute == CaseAttribute::Machine {
        texts.extend(diagnosis.coverage.iter().map(|row| row.computer.clone()));
    }
    let value = |text: &String| Some((shown(fact.value(text)?).to_lowercase(), None));
    texts.iter().filter_map(value).collect()
}

fn of_records(
    fact: &CaseFact,
    signals: &[SignalId],
    fields: &[String],
    reading: &Reading,
    pack: &Pack,
) -> Values {
    let mut values = Values::new();
    for event in &reading.events {
        let marks = pack.marks(event);
        let Some(signal) = SignalId::of_marks(&marks).find(|signal| signals.contains(signal)) else {
            continue;
        };
        let title = pack.signal(signal).signal.title.as_str();
        let text = fields.iter().find_map(|field| event.field(field));
        let text = if fields.is_empty() { Some(title) } else { text };
        if let Some(value) = text.and_then(|text| fact.value(text)) {
            // Events are in the order of time: the first one stays.
            values.entry(shown(value)).or_insert_with(|| Some(event.time.to_string()));
        }
    }
    values
}

/// Whether a log was read that would hold such records. What is missing in an excerpt means nothing.
fn is_covered(signals: &[SignalId], reading: &Reading, pack: &Pack) -> bool {
    let channels: BTreeSet<String> = signals
        .iter()
        .flat_map(|signal| &pack.signal(*signal).signal.log_source.channels)
        .map(|channel| channel.to_lowercase())
        .collect();
    let logs = reading.logs.iter().filter(|log| !log.is_excerpt());
    logs.flat_map(|log| &log.spans).any(|span| channels.contains(&span.channel.to_lowercase()))
}

fn shown(value: &str) -> String {
    value.chars().take(LONGEST).collect()
}
