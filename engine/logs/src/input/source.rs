//! What there is to read: a path, or bytes with a name.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::input::path_name;

/// Something to read: a path, or bytes with a name.
///
/// ```
/// use rdpwhy_logs::Source;
///
/// let on_disk = Source::from("case.zip");
/// let in_memory = Source::bytes("host/System.evtx", vec![0; 4096]);
/// # assert_ne!(on_disk, in_memory);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// A file, a folder, or an archive.
    Path(PathBuf),
    /// The content of a file or of an archive.
    Bytes(NamedBytes),
}

impl Source {
    /// Bytes that are read like a file of this name. The name may have folders before it; it is shown in reports, and its
    /// ending says what a text or a damaged log is meant to be. It is never used as a path.
    #[must_use]
    pub fn bytes(name: impl Into<String>, bytes: impl Into<Arc<[u8]>>) -> Source {
        Source::Bytes(NamedBytes { name: name.into(), bytes: bytes.into() })
    }

    /// Its own name, without the folders before it.
    pub(crate) fn file_name(&self) -> String {
        match self {
            Source::Path(path) => path_name::file_name(path),
            Source::Bytes(NamedBytes { name, .. }) => {
                name.rsplit(['/', '\\']).next().unwrap_or(name).to_owned()
            }
        }
    }

    /// Opens it at its first byte.
    ///
    /// # Errors
    /// As of a file that cannot be opened.
    pub(crate) fn open(&self) -> io::Result<Opened> {
        match self {
            Source::Path(path) => File::open(path).map(Opened::File),
            Source::Bytes(named) => Ok(Opened::Bytes(Cursor::new(Arc::clone(&named.bytes)))),
        }
    }
}

impl From<PathBuf> for Source {
    fn from(path: PathBuf) -> Source {
        Source::Path(path)
    }
}

impl From<&Path> for Source {
    fn from(path: &Path) -> Source {
        Source::Path(path.to_path_buf())
    }
}

impl From<&str> for Source {
    fn from(path: &str) -> Source {
        Source::Path(PathBuf::from(path))
    }
}

/// The content of a file and what it is called. Copies share the bytes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NamedBytes {
    pub(crate) name: String,
    pub(crate) bytes: Arc<[u8]>,
}

impl std::fmt::Debug for NamedBytes {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} ({} bytes)", self.name, self.bytes.len())
    }
}

/// A source that is being read.
pub(crate) enum Opened {
    File(File),
    Bytes(Cursor<Arc<[u8]>>),
}

impl Read for Opened {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Opened::File(file) => file.read(buffer),
            Opened::Bytes(bytes) => bytes.read(buffer),
        }
    }
}

impl Seek for Opened {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Opened::File(file) => file.seek(to),
            Opened::Bytes(bytes) => bytes.seek(to),
        }
    }
}
