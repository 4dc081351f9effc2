//! EVTX files, written in the way `wevtutil export-log` writes them.

mod chunk;
mod record;
mod template;
mod value;

use chunk::{Chunk, Refused};
pub use record::{Form, Node, Payload, Record};
pub use value::{Guid, Sid, Value};
pub(crate) use value::{hash128, parse_hex};

const FILE_HEADER_SIZE: usize = 4096;

/// Why a log could not be written; `index` is the place of the record in the slice given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// The record does not fit into an empty chunk.
    #[error("the record needs {size} bytes, but a chunk holds at most 65016 bytes of records")]
    RecordTooLarge {
        /// Place of the record.
        index: usize,
        /// Its size in bytes.
        size: usize,
    },
    /// A value is longer than its 16-bit size can say.
    #[error("a value of the record has {size} bytes, but at most 65535 can be stored")]
    ValueTooLong {
        /// Place of the record.
        index: usize,
        /// Size of the value in bytes.
        size: usize,
    },
    /// Record ids must ascend.
    #[error("record id {id} does not come after {previous}")]
    IdOrder {
        /// Place of the record.
        index: usize,
        /// Its id.
        id: u64,
        /// The id before it.
        previous: u64,
    },
    /// The file header counts chunks in 16 bits.
    #[error("the log would need more than 65535 chunks")]
    TooManyChunks {
        /// Place of the first record without room.
        index: usize,
    },
}

impl EncodeError {
    /// Place of the record at fault in the slice given to [`encode`].
    pub fn index(&self) -> usize {
        match self {
            EncodeError::RecordTooLarge { index, .. }
            | EncodeError::ValueTooLong { index, .. }
            | EncodeError::IdOrder { index, .. }
            | EncodeError::TooManyChunks { index } => *index,
        }
    }
}

/// Writes a log file with these records, in this order. Without records it holds one empty chunk.
///
/// # Errors
/// See [`EncodeError`]; each names the record.
pub fn encode(records: &[Record]) -> Result<Vec<u8>, EncodeError> {
    let mut chunks = Vec::new();
    let mut chunk = Chunk::new(1);
    let mut previous = None;
    for (index, record) in records.iter().enumerate() {
        if let Some(previous) = previous.filter(|p| record.id <= *p) {
            return Err(EncodeError::IdOrder { index, id: record.id, previous });
        }
        previous = Some(record.id);
        let refusal = match chunk.push(record) {
            Ok(()) => continue,
            Err(refusal) => refusal,
        };
        if chunk.is_empty() || matches!(refusal, Refused::ValueTooLong { .. }) {
            return Err(refused(refusal, index));
        }
        let next = Chunk::new(chunk.next_number());
        chunks.push(std::mem::replace(&mut chunk, next).finish());
        if chunks.len() >= usize::from(u16::MAX) {
            return Err(EncodeError::TooManyChunks { index });
        }
        chunk.push(record).map_err(|refusal| refused(refusal, index))?;
    }
    chunks.push(chunk.finish());
    let next_id = previous.map_or(1, |id| id.saturating_add(1));
    let mut file = file_header(chunks.len() as u16, next_id);
    chunks.iter().for_each(|chunk| file.extend(chunk));
    Ok(file)
}

/// What it means that even an empty chunk refuses the record.
fn refused(refusal: Refused, index: usize) -> EncodeError {
    match refusal {
        Refused::Full { end } => EncodeError::RecordTooLarge { index, size: end - 512 },
        Refused::ValueTooLong { size } => EncodeError::ValueTooLong { index, size },
    }
}

fn file_header(chunks: u16, next_id: u64) -> Vec<u8> {
    let mut header = Vec::with_capacity(FILE_HEADER_SIZE);
    header.extend(b"ElfFile\0");
    header.extend(0u64.to_le_bytes());
    header.extend(u64::from(chunks - 1).to_le_bytes());
    header.extend(next_id.to_le_bytes());
    header.extend(128u32.to_le_bytes());
    for n in [1, 3, FILE_HEADER_SIZE as u16, chunks] {
        header.extend(n.to_le_bytes());
    }
    header.resize(124, 0);
    let crc = crc32fast::hash(&header[..120]);
    header.extend(crc.to_le_bytes());
    header.resize(FILE_HEADER_SIZE, 0);
    header
}
