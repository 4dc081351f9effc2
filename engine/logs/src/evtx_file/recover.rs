//! Chunks found in a file that is no log.

use std::io::Read;

use rdpwhy_event::Warning;
use rdpwhy_evtx::{CHUNK_SIZE, Carver, RecordCount};

use crate::evtx_file::piece::Piece;
use crate::gather::log::{Log, LogForm};
use crate::gather::log_reading::LogReading;
use crate::gather::progress::Progress;
use crate::gather::tally::TallyBuilder;
use crate::gather::workers::Workers;
use crate::input::fingerprint::Fingerprint;

/// Bytes looked through at a time.
const PIECE: usize = 64 * CHUNK_SIZE;

/// Looks for chunks in a file that is no log and begins with `piece`; `None` when there are none.
pub(super) fn recover(
    mut piece: Piece,
    mut input: impl Read,
    name: &str,
    workers: &Workers<'_>,
    progress: &dyn Progress,
) -> Option<LogReading> {
    let mut carver = Carver::new(None);
    let mut fingerprint = Fingerprint::default();
    let mut bytes = 0;
    loop {
        bytes += piece.bytes.len() as u64;
        progress.read(piece.bytes.len() as u64);
        fingerprint.update(&piece.bytes);
        workers.with(|worker| carver.feed(worker, &piece.bytes, piece.end.is_some()));
        if piece.end.is_some() {
            break;
        }
        piece.fill(&mut input, PIECE);
    }
    if carver.records == 0 {
        return None;
    }
    let message = format!("no event log, but {} of one were found in it", RecordCount(carver.records));
    let help = "They are told as recovered, count for little by themselves, and prove no absence";
    let mut warnings = vec![Warning::new("recover::no-log", name, message).help(help)];
    if let Some(error) = piece.error() {
        let message = format!("reading failed ({error}); what follows was not read");
        warnings.push(Warning::new("evtx::read-error", name, message));
    }
    let log = Log {
        name: name.to_owned(),
        form: LogForm::Evtx,
        bytes,
        sha256: fingerprint.finish(),
        records: 0,
        recovered: 0,
        dirty: false,
        wrapped: false,
        spans: Vec::new(),
        whole: false,
        damages: Vec::new(),
    };
    let (events, tally) = (Vec::new(), TallyBuilder::default());
    Some(LogReading { log, events, carved: carver.events, tally, warnings, watched: Vec::new() })
}
