//! Makes a large log of a small one, by repeating its chunks under a proper header: `repeat_chunks FROM TO MB`.
//!
//! Each chunk stays as it was written, so records, templates and their order are those of the log it comes from.

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Write};

const HEADER: usize = 4096;
const CHUNK: usize = 65_536;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [from, to, megabytes] = arguments.as_slice() else {
        return Err("usage: repeat_chunks FROM TO MB".into());
    };
    let bytes = fs::read(from)?;
    let chunks: Vec<&[u8]> = bytes
        .get(HEADER..)
        .unwrap_or_default()
        .chunks_exact(CHUNK)
        .filter(|chunk| chunk.starts_with(b"ElfChnk\0"))
        .collect();
    let count = megabytes.parse::<usize>()? * 1_000_000 / CHUNK;
    if chunks.is_empty() || count == 0 {
        return Err("there is no chunk to repeat".into());
    }
    let mut out = BufWriter::new(File::create(to)?);
    out.write_all(&header(&bytes[..HEADER], count))?;
    for chunk in chunks.iter().cycle().take(count) {
        out.write_all(chunk)?;
    }
    Ok(out.flush()?)
}

/// The header of a clean log of so many chunks, the oldest first.
fn header(like: &[u8], chunks: usize) -> Vec<u8> {
    let mut header = like.to_vec();
    header[8..16].fill(0);
    header[16..24].copy_from_slice(&(chunks as u64 - 1).to_le_bytes());
    header[42..44].copy_from_slice(&u16::try_from(chunks).unwrap_or(u16::MAX).to_le_bytes());
    header[120..124].fill(0);
    let checksum = evtx::checksum_ieee(&header[..120]);
    header[124..128].copy_from_slice(&checksum.to_le_bytes());
    header
}
