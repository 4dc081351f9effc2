//! A log file to its records, batch by batch.

use std::io::Read;

use rayon::prelude::*;
use rdpwhy_evtx::{CHUNK_SIZE, Carver, ChunkReading, FILE_HEADER, Place, first_chunk, read_chunk};

use crate::evtx_file::log_builder::LogBuilder;
use crate::evtx_file::piece::Piece;
use crate::evtx_file::recover::recover;
use crate::gather::log_reading::{LogReading, NoLog};
use crate::gather::progress::Progress;
use crate::gather::workers::{Sharing, Workers};
use crate::input::fingerprint::Fingerprint;
use crate::input::unsupported::Unsupported;

/// Chunks read at first: among them is the first good one, or else it is no log.
pub(super) const FIRST_BATCH: usize = 64;
/// Chunks read at a time from then on. Two batches are in memory, one being read while the other is looked at;
/// they are small so that the processor's cache holds both.
const BATCH: usize = 16;

/// Reads a log from its first byte to its last, batch by batch.
///
/// # Errors
/// [`NoLog`] when it is something else, or cannot be read from the start. When reading fails later, what came
/// before is kept and the rest is a damage.
pub(crate) fn read_log(
    mut input: impl Read,
    name: &str,
    workers: &Workers<'_>,
    sharing: Sharing,
    progress: &dyn Progress,
) -> Result<LogReading, NoLog> {
    let mut current = Piece::first(&mut input, FILE_HEADER + FIRST_BATCH * CHUNK_SIZE)?;
    let Some(start) = first_chunk(&current.bytes) else {
        let no_log = NoLog::Unsupported(Unsupported::of(name, &current.bytes));
        let recovered = workers.recover.then(|| recover(current, input, name, workers, progress));
        return recovered.flatten().ok_or(no_log);
    };
    if start != FILE_HEADER {
        // To the end of the last chunk begun.
        let rest = CHUNK_SIZE - (current.bytes.len() - start) % CHUNK_SIZE;
        current.extend(&mut input, rest);
    }
    let mut builder = LogBuilder::new(name, &current.bytes, start);
    let mut carver = workers.recover.then(|| Carver::new(Some(start)));
    let mut batches =
        Batches { input, current, next: Piece::default(), skip: start, fingerprint: Fingerprint::default() };
    loop {
        let readings = batches.read(builder.next_place(), workers, sharing);
        let Piece { bytes, end } = &batches.current;
        if let Some(carver) = &mut carver {
            workers.with(|worker| carver.feed(worker, bytes, end.is_some()));
        }
        progress.read(bytes.len() as u64);
        builder.count_bytes(bytes.len());
        for mut reading in readings {
            workers.retention.admit(&mut reading.events);
            workers.retention.drop_old(&mut reading.carved);
            builder.push(reading);
        }
        builder.prune(&workers.retention);
        if end.is_some() {
            break;
        }
        batches.advance();
    }
    builder.add_carved(carver.into_iter().flat_map(|carver| carver.events));
    let error = batches.current.error();
    Ok(builder.finish(batches.fingerprint.finish(), error))
}

/// A log read batch by batch: while one is looked at, the next one is read.
struct Batches<R> {
    input: R,
    current: Piece,
    next: Piece,
    /// Bytes of the current batch before its first chunk.
    skip: usize,
    fingerprint: Fingerprint,
}

impl<R: Read> Batches<R> {
    /// Reads the chunks of the current batch, whose first one is at `place`, and the bytes of the next batch.
    fn read(&mut self, place: Place, workers: &Workers<'_>, sharing: Sharing) -> Vec<ChunkReading> {
        let Batches { input, current: Piece { bytes, end }, next, skip, fingerprint } = self;
        let mut readings = Vec::new();
        // The input stays on this thread: it may be what an archive unpacks to, which no other thread can take over.
        let mut fill = || {
            if end.is_none() {
                next.fill(input, BATCH * CHUNK_SIZE);
            }
        };
        match sharing {
            Sharing::AllThreads if rayon::current_num_threads() > 1 => rayon::in_place_scope(|scope| {
                // Other threads take what comes first, this one what comes last. Only one thread can hash, and that takes
                // longest: with two, this one does all else.
                scope.spawn(|_| fingerprint.update(bytes));
                scope.spawn(|_| readings = read_batch(&bytes[*skip..], place, workers, sharing));
                fill();
            }),
            _ => {
                fingerprint.update(bytes);
                readings = read_batch(&bytes[*skip..], place, workers, Sharing::OneThread);
                fill();
            }
        }
        readings
    }

    fn advance(&mut self) {
        std::mem::swap(&mut self.current, &mut self.next);
        self.skip = 0;
    }
}

fn read_batch(bytes: &[u8], first: Place, workers: &Workers<'_>, sharing: Sharing) -> Vec<ChunkReading> {
    let read = |(at, chunk): (usize, &[u8])| {
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        let place = Place {
            chunk: first.chunk.saturating_add(at),
            offset: first.offset + u64::from(at) * CHUNK_SIZE as u64,
        };
        workers.with(|worker| read_chunk(worker, chunk, place))
    };
    match sharing {
        Sharing::AllThreads => bytes.par_chunks(CHUNK_SIZE).enumerate().map(read).collect(),
        Sharing::OneThread => bytes.chunks(CHUNK_SIZE).enumerate().map(read).collect(),
    }
}

#[cfg(test)]
mod tests;
