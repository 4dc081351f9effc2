//! Every place of a diagnosis where names can stand.

use crate::diagnosis::result::{
    Attempt, Cause, Counted, Diagnosis, Evidence, Field, Incident, Notice, Record, Sentence, Warning,
};

/// What is done to each place, by what stands there.
pub(super) trait Pen {
    /// What a record or the ticket says.
    fn value(&mut self, value: &mut String);

    /// A sentence with such values.
    fn sentence(&mut self, sentence: &mut Sentence);

    /// What logs are built of: names of channels, providers and fields. They hold names only in logs made for that.
    fn words(&mut self, words: &mut String);

    /// A field of a record.
    fn field(&mut self, field: &mut Field);

    /// The name of a log.
    fn file(&mut self, file: &mut String);

    /// A warning can name files and people in every part but its code.
    fn warning(&mut self, warning: &mut Warning);
}

/// Takes the pen through the diagnosis; to the warnings last, which tell of the logs in it.
pub(super) fn go_over(diagnosis: &mut Diagnosis, pen: &mut impl Pen) {
    diagnosis.incidents.iter_mut().for_each(|incident| self::incident(incident, pen));
    diagnosis.attempts.iter_mut().for_each(|attempt| self::attempt(attempt, pen));
    diagnosis.diagnoses.iter_mut().for_each(|cause| self::cause(cause, pen));
    for row in &mut diagnosis.coverage {
        pen.file(&mut row.file);
        pen.words(&mut row.channel);
        pen.value(&mut row.computer);
    }
    diagnosis.archives.iter_mut().for_each(|archive| pen.file(&mut archive.name));
    if let Some(background) = &mut diagnosis.background {
        counted(&mut background.sources, pen);
    }
    if let Some(older) = &mut diagnosis.older {
        counted(&mut older.sources, pen);
    }
    for clock in &mut diagnosis.clocks {
        pen.value(&mut clock.client);
        pen.value(&mut clock.host);
    }
    for condition in &mut diagnosis.conditions {
        pen.value(&mut condition.machine);
        records(&mut condition.records, pen);
    }
    diagnosis.notices.iter_mut().for_each(|notice| self::notice(notice, pen));
    for lead in &mut diagnosis.leads {
        pen.value(&mut lead.machine);
        pen.words(&mut lead.channel);
        pen.words(&mut lead.provider);
    }
    let asked = &mut diagnosis.asked;
    let asked = [&mut asked.user, &mut asked.source, &mut asked.target];
    asked.into_iter().flatten().for_each(|name| pen.value(name));
    diagnosis.warnings.iter_mut().for_each(|warning| pen.warning(warning));
}

fn attempt(attempt: &mut Attempt, pen: &mut impl Pen) {
    pen.value(&mut attempt.machine);
    let named = [&mut attempt.other_machine, &mut attempt.source, &mut attempt.user, &mut attempt.target];
    named.into_iter().flatten().for_each(|name| pen.value(name));
    records(&mut attempt.records, pen);
}

fn incident(incident: &mut Incident, pen: &mut impl Pen) {
    pen.value(&mut incident.machine);
    counted(&mut incident.sources, pen);
    counted(&mut incident.users, pen);
    incident.changes.iter_mut().for_each(|change| record(&mut change.record, pen));
    for good in [&mut incident.last_good, &mut incident.recovered].into_iter().flatten() {
        [&mut good.source, &mut good.user].into_iter().flatten().for_each(|name| pen.value(name));
    }
}

fn notice(notice: &mut Notice, pen: &mut impl Pen) {
    pen.value(&mut notice.machine);
    pen.sentence(&mut notice.text);
    records(&mut notice.records, pen);
}

fn counted(list: &mut [Counted], pen: &mut impl Pen) {
    list.iter_mut().for_each(|entry| pen.value(&mut entry.value));
}

fn cause(cause: &mut Cause, pen: &mut impl Pen) {
    let evidence = cause.evidence.iter_mut().chain(&mut cause.not_counted);
    evidence.for_each(|evidence| self::evidence(evidence, pen));
    cause.says.iter_mut().for_each(|says| pen.sentence(says));
    for step in &mut cause.fix {
        [&mut step.run, &mut step.undo_run].into_iter().flatten().for_each(|run| pen.sentence(run));
    }
}

fn evidence(evidence: &mut Evidence, pen: &mut impl Pen) {
    pen.sentence(&mut evidence.because);
    evidence.telling.iter_mut().for_each(|field| pen.field(field));
    records(&mut evidence.records, pen);
}

fn records(records: &mut [Record], pen: &mut impl Pen) {
    records.iter_mut().for_each(|record| self::record(record, pen));
}

fn record(record: &mut Record, pen: &mut impl Pen) {
    pen.file(&mut record.file);
    pen.words(&mut record.channel);
    pen.value(&mut record.computer);
    pen.words(&mut record.provider);
    record.fields.iter_mut().for_each(|field| pen.field(field));
}
