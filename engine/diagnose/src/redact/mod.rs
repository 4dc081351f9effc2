//! A diagnosis without names: people, machines, domains, SIDs, addresses and places of files become pseudonyms.

mod blank;
mod fold;
mod forms;
mod gather;
mod leftover;
mod mask;
mod named;
mod pen;
#[cfg(test)]
mod tests;
mod vocabulary;

use crate::diagnosis::result::{Diagnosis, Warning};
use blank::Blank;
use forms::Forms;
use gather::Gather;
use leftover::Leftover;
use mask::Masks;
use pen::{Pen, go_over};
use rdpwhy_logs::Reading;
use rdpwhy_rules::Pack;
use vocabulary::Vocabulary;

/// A diagnosis with pseudonyms such as `USER-1` in place of names.
pub struct Redacted {
    /// The diagnosis.
    pub diagnosis: Diagnosis,
    leftover: Leftover,
}

/// The diagnosis with pseudonyms such as `USER-1` in place of the names that its records hold.
///
/// The same name has the same pseudonym throughout; numbers follow the first appearance in the diagnosis. Which fields
/// of records name whom is told by the rules; whatever stands in them is a name, and so is each of its pieces of four
/// letters or more. Addresses, SIDs, mail addresses, profile folders and the like are known by their form. Names go
/// wherever a record is quoted; texts of rules stay as they are, and so do names that belong to nobody, loopback addresses
/// and well-known SIDs.
///
/// # Example
/// ```
/// use rdpwhy_diagnose::{Options, diagnose, redact};
/// use rdpwhy_logs::{ReadOptions, Source, read};
/// use rdpwhy_rules::Pack;
///
/// let log = r#"<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>
///     <Provider Name="Schannel"/><EventID>36870</EventID><TimeCreated SystemTime="2026-03-09T08:41:10Z"/>
///     <EventRecordID>8812</EventRecordID><Channel>System</Channel><Computer>SRV-RDS01</Computer></System>
///     <EventData><Data Name="ErrorCode">0x8009030D</Data></EventData></Event>"#;
/// let (pack, _warnings) = Pack::built_in(&[])?;
/// let reading = read(&[Source::bytes("System.xml", log.as_bytes())], &pack, &ReadOptions::default(), &())?;
/// let diagnosis = diagnose(&reading, &pack, &Options::default());
/// let redacted = redact(&diagnosis, &reading, &pack);
/// assert_eq!(diagnosis.incidents[0].machine, "SRV-RDS01");
/// assert_eq!(redacted.diagnosis.incidents[0].machine, "HOST-1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn redact(diagnosis: &Diagnosis, reading: &Reading, pack: &Pack) -> Redacted {
    let forms = Forms::new(&pack.identities().endings);
    let vocabulary = Vocabulary::new(pack);
    let mut redacted = diagnosis.clone();
    let mut gather = Gather::new(named::named(diagnosis, reading, pack), &forms);
    go_over(&mut redacted, &mut gather);
    let (named, others) = gather.finish();
    let leftover = Leftover::new(&named, &others, &vocabulary);
    let mut masks = Masks::new(named, &forms, &vocabulary);
    // Warnings are about files, also those that hold no record and so are nowhere else in the diagnosis.
    let warnings = std::mem::take(&mut redacted.warnings);
    go_over(&mut redacted, &mut masks);
    reading
        .warnings
        .iter()
        .filter_map(|warning| warning.file.clone())
        .for_each(|mut file| masks.file(&mut file));
    redacted.warnings = warnings;
    redacted.warnings.iter_mut().for_each(|warning| masks.warning(warning));
    Redacted { diagnosis: redacted, leftover }
}

impl Redacted {
    /// The names that a report on the diagnosis still holds, in any format; `render` makes such a report.
    ///
    /// This is a net under the redaction and knows nothing of how it is done: it reads the finished report as its reader
    /// will, escapes resolved, and looks for every name. A name that the same report also has where all that records say is
    /// left out is a word of the report itself. Names of one or two letters, and numbers, are not looked for.
    pub fn names_left(&self, report: &str, render: impl FnOnce(&Diagnosis) -> String) -> Vec<&str> {
        let blank = || {
            let mut blank = self.diagnosis.clone();
            go_over(&mut blank, &mut Blank::default());
            render(&blank)
        };
        self.leftover.left(report, blank)
    }

    /// What was the matter with the inputs.
    pub fn input_warnings(&self) -> impl Iterator<Item = &rdpwhy_event::Warning> {
        self.diagnosis.warnings.iter().filter_map(|warning| match warning {
            Warning::Input(warning) => Some(warning),
            Warning::Basis(_) => None,
        })
    }
}
