//! A diagnosis of a sample with a text of the fuzzer in everything that records, files and tickets say.

use rdpwhy_diagnose::diagnosis::{Cause, Counted, Diagnosis, Evidence, Incident, Record};
use rdpwhy_diagnose::{Options, diagnose};
use rdpwhy_logs::{ReadOptions, read};
use rdpwhy_rules::Pack;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::OnceLock;

static PLAIN: OnceLock<Diagnosis> = OnceLock::new();

/// The diagnosis of two samples, which have several incidents, notices and changes.
fn sample() -> Diagnosis {
    let logs = ["key-inaccessible", "password-attack"]
        .map(|sample| Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../samples/{sample}/logs")));
    let pack = Pack::built_in(&[]).expect("the built-in rules are sound").0;
    let options = ReadOptions { threads: NonZeroUsize::new(1), ..ReadOptions::default() };
    let reading = read(&logs, &pack, &options, &()).expect("the samples are there");
    let mut diagnosis = diagnose(&reading, &pack, &Options::default());
    // Few of each thing: a report of all of them would take long.
    diagnosis.attempts.truncate(6);
    let mut places = std::collections::BTreeMap::<usize, usize>::new();
    diagnosis.diagnoses.retain(|cause| {
        let place = places.entry(cause.incident).or_default();
        *place += 1;
        *place <= 2
    });
    diagnosis.diagnoses.iter_mut().flat_map(|cause| &mut cause.evidence).for_each(|one| one.records.truncate(1));
    diagnosis.diagnoses.iter_mut().for_each(|cause| cause.not_counted.clear());
    diagnosis.notices.iter_mut().for_each(|notice| notice.records.truncate(1));
    assert!(diagnosis.incidents.len() > 1 && !diagnosis.notices.is_empty());
    diagnosis
}

/// The diagnosis with this text wherever somebody else than the rules has the word; never with an empty one.
pub fn diagnosis(text: &str) -> Diagnosis {
    let text = if text.trim().is_empty() { "x" } else { text };
    let mut diagnosis = PLAIN.get_or_init(sample).clone();
    let word = |place: &mut String| text.clone_into(place);
    let maybe = |place: &mut Option<String>| {
        if let Some(place) = place {
            text.clone_into(place);
        }
    };
    diagnosis.asked.user = Some(text.to_owned());
    for attempt in &mut diagnosis.attempts {
        word(&mut attempt.machine);
        [&mut attempt.other_machine, &mut attempt.source, &mut attempt.user, &mut attempt.target]
            .into_iter()
            .for_each(maybe);
        attempt.records.iter_mut().for_each(|one| record(one, text));
    }
    diagnosis.incidents.iter_mut().for_each(|one| incident(one, text));
    diagnosis.diagnoses.iter_mut().for_each(|one| cause(one, text));
    for notice in &mut diagnosis.notices {
        word(&mut notice.machine);
        notice.text = notice.text.with_values(|value| text.clone_into(value));
        notice.records.iter_mut().for_each(|one| record(one, text));
    }
    for row in &mut diagnosis.coverage {
        [&mut row.channel, &mut row.computer, &mut row.file].into_iter().for_each(word);
    }
    for lead in &mut diagnosis.leads {
        [&mut lead.machine, &mut lead.channel, &mut lead.provider].into_iter().for_each(word);
    }
    diagnosis
}

fn record(record: &mut Record, text: &str) {
    for place in [&mut record.file, &mut record.channel, &mut record.computer, &mut record.provider] {
        text.clone_into(place);
    }
    for field in &mut record.fields {
        text.clone_into(&mut field.name);
        text.clone_into(&mut field.value);
    }
}

fn counted(list: &mut [Counted], text: &str) {
    list.iter_mut().for_each(|one| text.clone_into(&mut one.value));
}

fn incident(incident: &mut Incident, text: &str) {
    text.clone_into(&mut incident.machine);
    counted(&mut incident.sources, text);
    counted(&mut incident.users, text);
    incident.changes.iter_mut().for_each(|change| record(&mut change.record, text));
}

fn cause(cause: &mut Cause, text: &str) {
    let one = |evidence: &mut Evidence| {
        evidence.because = evidence.because.with_values(|value| text.clone_into(value));
        evidence.telling.iter_mut().for_each(|field| text.clone_into(&mut field.value));
        evidence.records.iter_mut().for_each(|one| record(one, text));
    };
    cause.evidence.iter_mut().for_each(one);
}
