//! Makes logs of other logs, by their chunks under a proper header.
//!
//! `repeat_chunks FROM TO MB` repeats them until the log has so many megabytes; `repeat_chunks --split FROM FOLDER COUNT`
//! makes a log of each of the first `COUNT`. Each chunk stays as it was written, so records, templates and their order are
//! those of the log it comes from.

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

const HEADER: usize = 4096;
const CHUNK: usize = 65_536;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["--split", from, folder, count] => split(from, Path::new(folder), count.parse()?),
        [from, to, megabytes] => repeat(from, to, megabytes.parse::<usize>()? * 1_000_000 / CHUNK),
        _ => Err("usage: repeat_chunks FROM TO MB, or repeat_chunks --split FROM FOLDER COUNT".into()),
    }
}

fn repeat(from: &str, to: &str, count: usize) -> Result<(), Box<dyn Error>> {
    let bytes = fs::read(from)?;
    let chunks = chunks(&bytes);
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

fn split(from: &str, folder: &Path, count: usize) -> Result<(), Box<dyn Error>> {
    let bytes = fs::read(from)?;
    let stem = Path::new(from).file_stem().unwrap_or_default().to_string_lossy();
    fs::create_dir_all(folder)?;
    for (number, chunk) in chunks(&bytes).iter().take(count).enumerate() {
        let log = [&header(&bytes[..HEADER], 1), *chunk].concat();
        fs::write(folder.join(format!("{stem}-{number:05}.evtx")), log)?;
    }
    Ok(())
}

fn chunks(log: &[u8]) -> Vec<&[u8]> {
    let behind = log.get(HEADER..).unwrap_or_default();
    behind.chunks_exact(CHUNK).filter(|chunk| chunk.starts_with(b"ElfChnk\0")).collect()
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
