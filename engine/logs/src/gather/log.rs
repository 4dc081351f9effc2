//! What a log file held.

use rdpwhy_evtx::{Damage, Span};

/// A log file and what was read of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// Its name in the report: the file's name, in folders the path below the folder given, with as many parent
    /// folders before it as it takes to distinguish two logs.
    ///
    /// Of a log in an archive it is the archive's name and, behind a `/`, the path in it, made harmless.
    pub name: String,
    /// How its records are stored.
    pub form: LogForm,
    /// The file's size in bytes.
    pub bytes: u64,
    /// SHA-256 of the whole file, lower-case hex.
    pub sha256: String,
    /// Records read, wanted or not.
    pub records: u64,
    /// Of the wanted records, those recovered from it that no log contains any more. They are in no span.
    pub recovered: u64,
    /// What could not be read, in file order.
    pub damages: Vec<Damage>,
    /// Copied while Windows had it open: the header's counts are old.
    pub dirty: bool,
    /// The log had reached its size and begun to overwrite its oldest records.
    pub wrapped: bool,
    /// Channels and computers in it, by channel, then computer.
    pub spans: Vec<Span>,
    /// Everything in it was read.
    pub whole: bool,
}

/// How the records of a log are stored, the most exact form first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LogForm {
    /// Windows' own binary form, with checksums.
    Evtx,
    /// XML, as Event Viewer and `wevtutil qe` export it.
    Xml,
    /// JSON, as other programs hand it on. Times may be rounded.
    Json,
    /// Text with records in it that somebody chose.
    Text,
}

impl Log {
    /// Whether it was read whole and has no record: nothing was written to its channel, or what was has been cleared.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records == 0 && self.whole && self.damages.is_empty()
    }

    /// The channel that the file's name stands for, as Windows names its files: `A-B%4Operational.evtx` holds `A-B/Operational`.
    #[must_use]
    pub fn channel_of_name(&self) -> Option<String> {
        let file = self.name.rsplit(['/', '\\']).next()?;
        let (stem, ending) = file.rsplit_once('.')?;
        let channel = stem.replace("%4", "/");
        (ending.eq_ignore_ascii_case("evtx") && !channel.is_empty()).then_some(channel)
    }

    /// The records were chosen by somebody, or nothing tells which ones are missing between them: what is not in it may
    /// have happened all the same.
    pub fn is_excerpt(&self) -> bool {
        let has_ids = || self.spans.iter().all(|span| span.first_record_id > 0);
        match self.form {
            LogForm::Evtx | LogForm::Xml => false,
            LogForm::Json => !has_ids(),
            LogForm::Text => true,
        }
    }
}
