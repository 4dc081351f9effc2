//! Makes logs of other logs, by their chunks under a proper header.
//!
//! - `repeat_chunks FROM TO MB` repeats them until the log has so many megabytes. Each copy goes on where the one before
//!   ended: record ids and times of its records are moved, so that no moment holds more records than in `FROM`.
//! - `repeat_chunks --append FROM TO` adds them to a log, or begins it. The records of `FROM` have to be the next ones.
//! - `repeat_chunks --split FROM FOLDER COUNT` makes a log of each of the first `COUNT`.
//!
//! Only numbers, times and checksums change: values, templates and their order are those of the log they come from.

use std::error::Error;
use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

const HEADER: usize = 4096;
const CHUNK: usize = 65_536;
const CHUNK_HEADER: usize = 512;
const RECORD_HEADER: usize = 24;
/// Chunk flag: no checksums are stored.
const NO_CHECKSUMS: u32 = 4;
/// A second, so that the first record of a copy is later than the last of the one before.
const PAUSE: u64 = 10_000_000;
/// Values of the template that all events share: position, type, and what they are.
const SYSTEM_TIME: (usize, u8) = (6, 0x11);
const RECORD_ID: (usize, u8) = (10, 0x0A);

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["--append", from, to] => append(from, to),
        ["--split", from, folder, count] => split(from, Path::new(folder), count.parse()?),
        [from, to, megabytes] => repeat(from, to, megabytes.parse::<usize>()? * 1_000_000 / CHUNK),
        _ => Err("usage: repeat_chunks FROM TO MB, --append FROM TO, or --split FROM FOLDER COUNT".into()),
    }
}

fn repeat(from: &str, to: &str, count: usize) -> Result<(), Box<dyn Error>> {
    let bytes = fs::read(from)?;
    let chunks = chunks(&bytes);
    if chunks.is_empty() || count == 0 {
        return Err("there is no chunk to repeat".into());
    }
    let step = Shift::behind(&chunks);
    let mut out = BufWriter::new(File::create(to)?);
    out.write_all(&[0; HEADER])?;
    let (mut number, mut next_id) = (1, 1);
    for (place, chunk) in chunks.iter().cycle().take(count).enumerate() {
        let copy = moved(chunk, step.times((place / chunks.len()) as u64), number);
        number = u64_at(&copy, 16) + 1;
        next_id = next_id.max(u64_at(&copy, 32) + 1);
        out.write_all(&copy)?;
    }
    out.seek(SeekFrom::Start(0))?;
    out.write_all(&header(&bytes[..HEADER], count, next_id))?;
    Ok(out.flush()?)
}

fn append(from: &str, to: &str) -> Result<(), Box<dyn Error>> {
    let bytes = fs::read(from)?;
    let more = chunks(&bytes);
    let (Some(first), Some(last)) = (more.first(), more.last()) else { return Ok(()) };
    let mut log = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(to)?;
    let length = usize::try_from(log.metadata()?.len())?;
    let (mut held, mut number) = (0, 1);
    if length > 0 {
        held = (length - HEADER) / CHUNK;
        let mut before = [0; 40];
        log.seek(SeekFrom::Start((length - CHUNK) as u64))?;
        log.read_exact(&mut before)?;
        if u64_at(first, 24) <= u64_at(&before, 32) {
            return Err(format!("the records of {from} do not follow those of {to}").into());
        }
        number = u64_at(&before, 16) + 1;
    }
    log.seek(SeekFrom::Start(0))?;
    log.write_all(&header(&bytes[..HEADER], held + more.len(), u64_at(last, 32) + 1))?;
    log.seek(SeekFrom::End(0))?;
    let mut out = BufWriter::new(log);
    for chunk in more {
        let next = moved(chunk, Shift::default(), number);
        number = u64_at(&next, 16) + 1;
        out.write_all(&next)?;
    }
    Ok(out.flush()?)
}

fn split(from: &str, folder: &Path, count: usize) -> Result<(), Box<dyn Error>> {
    let bytes = fs::read(from)?;
    let stem = Path::new(from).file_stem().unwrap_or_default().to_string_lossy();
    fs::create_dir_all(folder)?;
    for (number, chunk) in chunks(&bytes).iter().take(count).enumerate() {
        let log = [&header(&bytes[..HEADER], 1, u64_at(chunk, 32) + 1), *chunk].concat();
        fs::write(folder.join(format!("{stem}-{number:05}.evtx")), log)?;
    }
    Ok(())
}

/// The chunks of a log that hold records.
fn chunks(log: &[u8]) -> Vec<&[u8]> {
    let behind = log.get(HEADER..).unwrap_or_default();
    let holds_records = |chunk: &&[u8]| chunk.starts_with(b"ElfChnk\0") && u64_at(chunk, 32) != u64::MAX;
    behind.chunks_exact(CHUNK).filter(holds_records).collect()
}

/// The header of a clean log of so many chunks, the oldest first.
fn header(like: &[u8], chunks: usize, next_id: u64) -> Vec<u8> {
    let mut header = like.to_vec();
    header[8..16].fill(0);
    header[16..24].copy_from_slice(&(chunks as u64 - 1).to_le_bytes());
    header[24..32].copy_from_slice(&next_id.to_le_bytes());
    header[42..44].copy_from_slice(&u16::try_from(chunks).unwrap_or(u16::MAX).to_le_bytes());
    header[120..124].fill(0);
    let checksum = evtx::checksum_ieee(&header[..120]);
    header[124..128].copy_from_slice(&checksum.to_le_bytes());
    header
}

/// How far records are moved.
#[derive(Clone, Copy, Default)]
struct Shift {
    ids: u64,
    /// Of 100 ns.
    ticks: u64,
}

impl Shift {
    /// What puts the records of these chunks behind themselves.
    fn behind(chunks: &[&[u8]]) -> Shift {
        let mut times: Vec<u64> = Vec::new();
        for chunk in chunks {
            // Zero where a record does not say when it was written; its XML does.
            times
                .extend(records(chunk).into_iter().map(|at| u64_at(chunk, at + 16)).filter(|time| *time > 0));
        }
        let span = |values: &mut dyn Iterator<Item = u64>| {
            let (least, most) = values.fold((u64::MAX, 0), |(least, most), n| (n.min(least), n.max(most)));
            most.saturating_sub(least)
        };
        let mut ids = chunks.iter().flat_map(|chunk| [u64_at(chunk, 24), u64_at(chunk, 32)]);
        Shift { ids: span(&mut ids) + 1, ticks: span(&mut times.into_iter()) + PAUSE }
    }

    fn times(self, count: u64) -> Shift {
        Shift { ids: self.ids * count, ticks: self.ticks * count }
    }
}

/// The chunk with its records moved; the first of them becomes the `number`-th of its log, from 1.
fn moved(chunk: &[u8], shift: Shift, number: u64) -> Vec<u8> {
    let mut copy = chunk.to_vec();
    for at in records(chunk) {
        add(&mut copy, at + 8, shift.ids);
        if u64_at(chunk, at + 16) > 0 {
            add(&mut copy, at + 16, shift.ticks);
        }
        for (place, ticks_or_ids) in [(SYSTEM_TIME, shift.ticks), (RECORD_ID, shift.ids)] {
            if let Some(value) = value_at(chunk, at, place) {
                add(&mut copy, value, ticks_or_ids);
            }
        }
    }
    let last_number = number + (u64_at(chunk, 16) - u64_at(chunk, 8));
    copy[8..16].copy_from_slice(&number.to_le_bytes());
    copy[16..24].copy_from_slice(&last_number.to_le_bytes());
    add(&mut copy, 24, shift.ids);
    add(&mut copy, 32, shift.ids);
    if u32_at(chunk, 120) & NO_CHECKSUMS == 0 {
        let free_space = (u32_at(chunk, 48) as usize).clamp(CHUNK_HEADER, CHUNK);
        let of_records = evtx::checksum_ieee(&copy[CHUNK_HEADER..free_space]);
        copy[52..56].copy_from_slice(&of_records.to_le_bytes());
        let of_header = evtx::checksum_ieee(&[&copy[..120], &copy[128..CHUNK_HEADER]].concat());
        copy[124..128].copy_from_slice(&of_header.to_le_bytes());
    }
    copy
}

/// Where the records of a chunk begin.
fn records(chunk: &[u8]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut at = CHUNK_HEADER;
    while chunk.get(at..at + RECORD_HEADER).is_some_and(|header| header.starts_with(b"\x2a\x2a\0\0")) {
        found.push(at);
        if u64_at(chunk, at + 8) == u64_at(chunk, 32) {
            break;
        }
        at += (u32_at(chunk, at + 4) as usize).max(RECORD_HEADER);
    }
    found
}

/// Where the value of 8 bytes at this position of the record's template stands, if it has this type. A record
/// without such a template keeps what its XML says of it.
fn value_at(chunk: &[u8], record: usize, (position, kind): (usize, u8)) -> Option<usize> {
    let instance = record + RECORD_HEADER + 4;
    if chunk.get(instance) != Some(&0x0C) {
        return None;
    }
    let mut at = instance + 10;
    if u32_at(chunk, instance + 6) as usize == at {
        // The definition of the template stands here: next, GUID, size, and so many bytes.
        at += 24 + u32_at(chunk, at + 20) as usize;
    }
    let count = u32_at(chunk, at) as usize;
    let descriptors = chunk.get(at + 4..at + 4 + 4 * count)?;
    let size = |descriptor: &[u8]| usize::from(u16::from_le_bytes([descriptor[0], descriptor[1]]));
    let descriptor = descriptors.chunks_exact(4).nth(position)?;
    let before: usize = descriptors.chunks_exact(4).take(position).map(size).sum();
    (descriptor[2] == kind && size(descriptor) == 8).then_some(at + 4 + 4 * count + before)
}

fn add(bytes: &mut [u8], at: usize, more: u64) {
    let sum = u64_at(bytes, at).wrapping_add(more);
    if let Some(place) = bytes.get_mut(at..at + 8) {
        place.copy_from_slice(&sum.to_le_bytes());
    }
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |bytes| u64::from_le_bytes(*bytes))
}
