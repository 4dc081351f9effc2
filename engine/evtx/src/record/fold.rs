//! A chunk's copy for the decoder, in which it meets the chosen records and little else.

use std::ops::Range;

use crate::layout::chunk_header::{CHUNK_HEADER, CHUNK_MAGIC};
use crate::layout::record::{RECORD_HEADER, RECORD_MAGIC, Record};

/// The header id of what stands for records that nobody wants decoded.
pub(super) const FOLDED: u64 = u64::MAX - 1;

/// Copies a chunk so that the decoder meets the chosen records and little else.
///
/// The chosen records get their position as id, so that each one can be recognized whatever its ID was.
/// Each run of others becomes one record without content; nothing but the header of its first record changes, because
/// other records point at templates and names stored in it. What follows a chosen record and is none is taken
/// into it, behind the end of its content, for the same reason. The string and template tables are left out: they are
/// shortcuts that the decoder does without, and a damaged one could cost the chunk.
pub(super) fn fold(chunk: &[u8], records: &[Record], chosen: &[usize], copy: &mut Vec<u8>) {
    copy.clear();
    copy.extend_from_slice(chunk);
    copy[..8].copy_from_slice(CHUNK_MAGIC);
    copy[128..CHUNK_HEADER].fill(0);
    let mut end = CHUNK_HEADER;
    let mut last: Option<usize> = None;
    for &position in chosen {
        let record = &records[position];
        let run = end..record.offset;
        match last {
            Some(last) if !run.is_empty() && records[last + 1].offset != end => {
                put_size(copy, records[last].offset, records[last].size + run.len());
            }
            _ => put_folded(copy, run),
        }
        put_header(copy, record.offset, record.size, position as u64);
        end = record.end();
        last = Some(position);
    }
    let limit =
        |copy: &mut [u8], at: usize, value: u32| copy[at..at + 4].copy_from_slice(&value.to_le_bytes());
    copy[24..32].fill(0);
    copy[32..40].fill(0xff);
    limit(copy, 44, u32::MAX);
    limit(copy, 48, u32::try_from(end).unwrap_or(u32::MAX));
}

/// Makes one record without content of the bytes in `run`, which is empty or begins with a record.
fn put_folded(copy: &mut [u8], run: Range<usize>) {
    const SMALLEST: usize = RECORD_HEADER + 1 + 4;
    if run.len() >= SMALLEST {
        put_header(copy, run.start, run.len(), FOLDED);
        copy[run.start + RECORD_HEADER] = 0;
    }
}

fn put_size(copy: &mut [u8], record: usize, size: usize) {
    copy[record + 4..record + 8].copy_from_slice(&u32::try_from(size).unwrap_or(u32::MAX).to_le_bytes());
}

/// Writes a record header; the time is one that any calendar holds, since the decoder drops records with others.
fn put_header(copy: &mut [u8], at: usize, size: usize, id: u64) {
    put_size(copy, at, size);
    let header = &mut copy[at..at + RECORD_HEADER];
    header[..4].copy_from_slice(RECORD_MAGIC);
    header[8..16].copy_from_slice(&id.to_le_bytes());
    header[16..].fill(0);
}
