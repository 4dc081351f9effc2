//! What could not be read of a log file, and between which times it lies.

use std::io;

use rdpwhy_event::{FileTime, Warning};
use rdpwhy_evtx::{ChunkReading, Content, Damage, FILE_HEADER, FileHeader, Place, RecordCount};

use crate::input::limit_reached::LimitReached;

/// Damages of one log that get a warning of their own.
const MAX_WARNINGS: usize = 5;

/// The damages of a log, in file order.
#[derive(Debug, Default)]
pub(super) struct LogDamages {
    damages: Vec<Damage>,
    last_time: Option<FileTime>,
    /// Places of damages that lack the time of a record before them or behind them, and what is known.
    open: Vec<(usize, Option<FileTime>)>,
    /// Chunks without records, since the last one with records.
    without: Vec<(Place, Content)>,
    limit: Option<LimitReached>,
}

impl LogDamages {
    /// Notes a chunk without records.
    pub(super) fn push_without(&mut self, place: Place, content: Content) {
        self.without.push((place, content));
    }

    /// Notes the damages of a chunk with records.
    pub(super) fn push(&mut self, reading: &mut ChunkReading) {
        let without = std::mem::take(&mut self.without);
        self.note_without(&without);
        let before = self.last_time;
        let mut damages = std::mem::take(&mut reading.damages);
        if let Some((first, last)) = reading.times {
            for (at, before) in self.open.drain(..) {
                self.damages[at].between = before.map(|before| (before, first));
            }
            self.last_time = Some(last);
            // What concerns the chunk as a whole lies around its records.
            for damage in damages.iter_mut().filter(|damage| damage.offset == reading.place.offset) {
                damage.between = Some((before.unwrap_or(first), last));
            }
        }
        damages.into_iter().for_each(|damage| self.note(damage));
    }

    /// Chunks without records where there should be some: one damage for each run of a sort.
    fn note_without(&mut self, chunks: &[(Place, Content)]) {
        for run in chunks.chunk_by(|(_, a), (_, b)| a == b) {
            let (place, content) = run[0];
            let (code, why) = match content {
                Content::Strange => {
                    ("evtx::chunk-magic", "no chunk of a log: neither it nor a record begins there")
                }
                Content::Nothing | Content::Records => {
                    ("evtx::chunk-empty", "empty, though the log goes on behind it")
                }
            };
            let what = match run.len() {
                1 => why.to_owned(),
                count => format!("{why}; the same for {} more chunks", count - 1),
            };
            let Place { chunk, offset } = place;
            self.note(Damage { chunk, offset, code, what, records_lost: None, between: None });
        }
    }

    /// Notes the chunks without records at the end. They are unused as a rule; but not where the header counts them, and
    /// what is strange in a log without an intact header is damage.
    fn note_end_without(&mut self, header: Option<&FileHeader>) {
        let counted = header.map_or(u32::MAX, |header| u32::from(header.chunks));
        let without = std::mem::take(&mut self.without);
        let strange: Vec<_> = without
            .into_iter()
            .filter(|(place, content)| *content == Content::Strange && place.chunk < counted)
            .collect();
        self.note_without(&strange);
    }

    fn note(&mut self, damage: Damage) {
        if damage.between.is_none() {
            self.open.push((self.damages.len(), self.last_time));
        }
        self.damages.push(damage);
    }

    /// Notes how the file of this many bytes and chunks ended: before its header says, or because it could not be read on.
    pub(super) fn end(
        &mut self,
        header: Option<&FileHeader>,
        chunks: u32,
        bytes: u64,
        error: Option<io::Error>,
    ) {
        self.note_end_without(header);
        let counted = header.map_or(0, |header| u32::from(header.chunks));
        let (code, what) = if let Some(error) = error {
            self.limit = LimitReached::of(&error).cloned();
            let code = if self.limit.is_some() { "archive::limit" } else { "evtx::read-error" };
            (code, format!("reading failed ({error}); what follows was not read"))
        } else if counted > chunks && chunks < u32::from(u16::MAX) {
            let missing = counted - chunks;
            (
                "evtx::truncated",
                format!("the file ends {missing} chunks before the {counted} that its header counts"),
            )
        } else if bytes < FILE_HEADER as u64 {
            ("evtx::truncated", "the file ends inside its header".to_owned())
        } else {
            return;
        };
        self.damages.push(Damage {
            chunk: chunks,
            offset: bytes,
            code,
            what,
            records_lost: None,
            between: None,
        });
    }

    /// The warnings about them.
    pub(super) fn warnings(&self, name: &str) -> Vec<Warning> {
        let help = "Records near this place may be missing. Export the log again on the machine it comes from: \
                    wevtutil epl <channel> <file>.evtx";
        let warn = |damage: &Damage| {
            let mut message = damage.what.clone();
            if let Some((before, after)) = damage.between.filter(|_| damage.records_lost != Some(0)) {
                message += &format!(", between {before} and {after}");
            }
            let place = format!("chunk {} at offset {:#x}", damage.chunk, damage.offset);
            let warning = Warning::new(damage.code, name, message).at(place);
            if let (Some(limit), "archive::limit") = (&self.limit, damage.code) {
                return warning.help(limit.help());
            }
            if damage.records_lost == Some(0) { warning } else { warning.help(help) }
        };
        let mut warnings: Vec<Warning> = self.damages.iter().take(MAX_WARNINGS).map(warn).collect();
        if let Some(rest) = self.damages.get(MAX_WARNINGS..).filter(|rest| !rest.is_empty()) {
            let lost = rest.iter().filter_map(|damage| damage.records_lost).sum();
            let message =
                format!("{} more damaged places, with at least {} lost", rest.len(), RecordCount(lost));
            warnings.push(Warning::new("evtx::more-damage", name, message).help(help));
        }
        warnings
    }

    /// All of them, in file order.
    pub(super) fn finish(self) -> Vec<Damage> {
        self.damages
    }
}
