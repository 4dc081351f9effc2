//! A diagnosis without names: people, machines, domains, SIDs, addresses and places of files become pseudonyms.

mod mask;
mod named;

use crate::diagnosis::result::{Cause, Counted, Diagnosis, Evidence, Incident, Record, Warning};
use mask::Masks;
use rdpwhy_logs::Reading;
use rdpwhy_rules::Pack;

/// The diagnosis with pseudonyms such as `USER-1` in place of the names that its records hold.
///
/// The same name has the same pseudonym throughout; numbers follow the first appearance in the diagnosis. Which fields
/// of records name whom is told by the rules; addresses, SIDs, mail addresses and profile folders are known by their
/// form. Texts of rules stay as they are, and so do names that belong to nobody, loopback addresses and well-known SIDs.
pub fn redact(diagnosis: &Diagnosis, reading: &Reading, pack: &Pack) -> Diagnosis {
    let mut masks = Masks::new(named::named(diagnosis, reading, pack), pack);
    let mut redacted = diagnosis.clone();
    whole(&mut redacted, &mut masks);
    // Warnings are about files, also those that hold no record and so are nowhere else in the diagnosis.
    reading
        .warnings
        .iter()
        .filter_map(|warning| warning.file.clone())
        .for_each(|mut file| masks.file(&mut file));
    redacted.warnings.iter_mut().for_each(|warning| self::warning(warning, &mut masks));
    redacted
}

fn whole(diagnosis: &mut Diagnosis, masks: &mut Masks) {
    diagnosis.incidents.iter_mut().for_each(|incident| self::incident(incident, masks));
    for attempt in &mut diagnosis.attempts {
        masks.name(&mut attempt.machine);
        let named = [&mut attempt.other_machine, &mut attempt.source, &mut attempt.user, &mut attempt.target];
        named.into_iter().flatten().for_each(|name| masks.name(name));
        records(&mut attempt.records, masks);
    }
    diagnosis.diagnoses.iter_mut().for_each(|cause| self::cause(cause, masks));
    for row in &mut diagnosis.coverage {
        masks.file(&mut row.file);
        masks.name(&mut row.computer);
    }
    diagnosis.archives.iter_mut().for_each(|archive| masks.file(&mut archive.name));
    if let Some(background) = &mut diagnosis.background {
        counted(&mut background.sources, masks);
    }
    if let Some(older) = &mut diagnosis.older {
        counted(&mut older.sources, masks);
    }
    for clock in &mut diagnosis.clocks {
        masks.name(&mut clock.client);
        masks.name(&mut clock.host);
    }
    for notice in &mut diagnosis.notices {
        masks.name(&mut notice.machine);
        masks.text(&mut notice.text);
        records(&mut notice.records, masks);
    }
    diagnosis.leads.iter_mut().for_each(|lead| masks.name(&mut lead.machine));
    let asked = &mut diagnosis.asked;
    [&mut asked.user, &mut asked.source, &mut asked.target]
        .into_iter()
        .flatten()
        .for_each(|name| masks.name(name));
}

fn incident(incident: &mut Incident, masks: &mut Masks) {
    masks.name(&mut incident.machine);
    counted(&mut incident.sources, masks);
    counted(&mut incident.users, masks);
    incident.changes.iter_mut().for_each(|change| record(&mut change.record, masks));
    for good in [&mut incident.last_good, &mut incident.recovered].into_iter().flatten() {
        [&mut good.source, &mut good.user].into_iter().flatten().for_each(|name| masks.name(name));
    }
}

fn counted(list: &mut [Counted], masks: &mut Masks) {
    list.iter_mut().for_each(|entry| masks.name(&mut entry.value));
}

fn cause(cause: &mut Cause, masks: &mut Masks) {
    cause
        .evidence
        .iter_mut()
        .chain(&mut cause.not_counted)
        .for_each(|evidence| self::evidence(evidence, masks));
}

fn evidence(evidence: &mut Evidence, masks: &mut Masks) {
    masks.text(&mut evidence.because);
    if let Some(note) = &mut evidence.note {
        masks.text(note);
    }
    evidence.telling.iter_mut().for_each(|field| masks.name(&mut field.value));
    records(&mut evidence.records, masks);
}

fn records(records: &mut [Record], masks: &mut Masks) {
    records.iter_mut().for_each(|record| self::record(record, masks));
}

fn record(record: &mut Record, masks: &mut Masks) {
    masks.file(&mut record.file);
    masks.name(&mut record.computer);
    record.fields.iter_mut().for_each(|field| masks.name(&mut field.value));
}

/// A warning can name files and people in every part but its code.
fn warning(warning: &mut Warning, masks: &mut Masks) {
    match warning {
        Warning::Input(warning) => {
            let place = [warning.file.as_mut(), warning.place.as_mut()];
            let parts = place.into_iter().chain([Some(&mut warning.message), warning.help.as_mut()]);
            parts.flatten().for_each(|part| masks.warning(part));
        }
        Warning::Basis(text) => masks.warning(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rdpwhy_rules::embedded;

    #[test]
    fn names_in_a_warning_become_pseudonyms_and_its_code_stays() {
        let (pack, _) = Pack::load(&embedded(), &[]).unwrap();
        let mut masks = Masks::new(named::Named::new(), &pack);
        masks.file(&mut "anna/odd.evtx".to_owned());
        // `::c` would be an address.
        let told = rdpwhy_event::Warning::new("evtx::chunk-checksum", "anna/odd.evtx", "10.0.0.4 is lost")
            .at("chunk 7")
            .help("get anna/odd.evtx again");
        let mut told = Warning::Input(told);
        warning(&mut told, &mut masks);
        assert_eq!(
            told.to_string(),
            "FOLDER-1/LOG-1.evtx: chunk 7: ADDRESS-1 is lost [evtx::chunk-checksum]\n  help: get FOLDER-1/LOG-1.evtx again"
        );
    }
}
