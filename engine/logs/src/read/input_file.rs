//! A file to read, whatever it is, to the logs in it.

use std::collections::BTreeSet;
use std::io::{self, Read, Seek, SeekFrom};

use rdpwhy_event::Warning;

use crate::archive::archive_file::ArchiveFile;
use crate::archive::limits::ArchiveLimits;
use crate::archive::walk::{Asked, read_archive};
use crate::evtx_file::read_log::read_log;
use crate::gather::log_reading::{LogReading, NoLog};
use crate::gather::progress::Progress;
use crate::gather::workers::{Sharing, Workers};
use crate::input::fingerprint::Fingerprint;
use crate::input::format::{Format, HEAD, is_text};
use crate::input::other_files::Others;
use crate::input::search::{Input, unreadable};
use crate::input::source::{Opened, Source};
use crate::input::unsupported::Unsupported;
use crate::text::read_pasted::read_pasted;
use crate::text::read_text::read_text;

/// A file to read, and what it is.
#[derive(Debug)]
pub(crate) struct InputFile {
    pub(crate) input: Input,
    format: io::Result<Format>,
    limits: ArchiveLimits,
}

/// What was in a file.
#[derive(Debug, Default)]
pub(crate) struct FileReading {
    pub(crate) logs: Vec<LogReading>,
    pub(crate) archive: Option<ArchiveFile>,
    pub(crate) warnings: Vec<Warning>,
    /// How much of it should have been read and was not: the file, or entries of an archive.
    pub(crate) unread: usize,
}

impl InputFile {
    /// Looks what a file is.
    pub(crate) fn new(input: Input, limits: ArchiveLimits) -> InputFile {
        let mut head = Vec::new();
        let opened = input.source.open();
        let format = opened.and_then(|file| file.take(HEAD as u64).read_to_end(&mut head)).map(|_| {
            match Format::of(&input.source.file_name(), &head) {
                // A log without a good header has chunks all the same.
                Format::Unsupported(unsupported) if unsupported != Unsupported::EMPTY && is_text(&head) => {
                    Format::Text
                }
                Format::Unsupported(unsupported) if unsupported != Unsupported::EMPTY => Format::Log,
                format => format,
            }
        });
        InputFile { input, format, limits }
    }

    pub(crate) fn is_archive(&self) -> bool {
        self.format.as_ref().is_ok_and(|format| format.is_archive())
    }

    /// Reads the file; of an archive, only the logs called so if any names are given.
    pub(crate) fn read(
        &self,
        workers: &Workers<'_>,
        sharing: Sharing,
        progress: &dyn Progress,
        only: Option<&BTreeSet<String>>,
    ) -> FileReading {
        let read = || {
            let format = self.format.as_ref().map_err(again)?;
            let file = self.input.source.open()?;
            let name = &self.input.name;
            let log = match format {
                Format::Unsupported(unsupported) => return Err(NoLog::Unsupported(*unsupported)),
                Format::Log => read_log(file, name, workers, sharing, progress)?,
                Format::Text => read_pasted(file, name, workers, progress)?,
                Format::Xml | Format::Json => read_text(file, name, *format, workers, sharing, progress)?,
                _ => return Ok(self.read_archive(file, workers, progress, only)),
            };
            Ok(FileReading { logs: vec![log], ..FileReading::default() })
        };
        let is_paste = matches!(self.format, Ok(Format::Text));
        read().unwrap_or_else(|why: NoLog| {
            let warning = match why {
                // A text in a folder need not have any.
                NoLog::Unsupported(_) if is_paste && !self.input.argument => return FileReading::default(),
                NoLog::Unsupported(unsupported) => unsupported.warning(&self.input.name),
                NoLog::Io(error) => unreadable(&self.input.name, &error),
            };
            FileReading { warnings: vec![warning], unread: 1, ..FileReading::default() }
        })
    }

    fn read_archive(
        &self,
        file: Opened,
        workers: &Workers<'_>,
        progress: &dyn Progress,
        only: Option<&BTreeSet<String>>,
    ) -> FileReading {
        let Input { name, source, bytes, argument } = &self.input;
        let asked = Asked { workers, limits: self.limits, only };
        let unpack = || {
            let mut file = Watched { file, progress };
            read_archive(&mut file, (name, &source.file_name()), *bytes, &asked)
        };
        // Its own hash is of the file as it is, and no part of what is read again.
        let (mut found, sha256) = match only {
            None => rayon::join(unpack, || sha256(source)),
            Some(_) => (unpack(), Ok(String::new())),
        };
        if found.logs.is_empty() && found.warnings.is_empty() && only.is_none() {
            found.unread += usize::from(*argument);
            found.warnings.push(no_logs(name, &found.others));
        }
        let archive = match sha256 {
            Ok(sha256) => Some(ArchiveFile {
                name: name.clone(),
                bytes: *bytes,
                sha256,
                logs: found.logs.len(),
                others: found.others.count,
            }),
            Err(error) => {
                found.warnings.push(unreadable(name, &error));
                found.unread += 1;
                None
            }
        };
        FileReading { logs: found.logs, archive, warnings: found.warnings, unread: found.unread }
    }
}

/// The same error once more, with the number of the system, which tells what another program holds open.
fn again(error: &io::Error) -> io::Error {
    let anew = || io::Error::new(error.kind(), error.to_string());
    error.raw_os_error().map_or_else(anew, io::Error::from_raw_os_error)
}

/// The warning about an archive, or a file in one, that holds no logs.
fn no_logs(name: &str, others: &Others) -> Warning {
    let message = format!("no event logs in this archive{others}");
    let help = "Put exported logs into it: wevtutil epl <channel> <file>.evtx";
    Warning::new("input::no-logs", name, message).help(help)
}

/// SHA-256 of a file, lower-case hex.
fn sha256(source: &Source) -> io::Result<String> {
    let mut file = source.open()?;
    let mut fingerprint = Fingerprint::default();
    let mut buffer = vec![0; 1 << 18];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(fingerprint.finish()),
            read => fingerprint.update(&buffer[..read]),
        }
    }
}

/// A file that reports how far it has been read.
struct Watched<'p> {
    file: Opened,
    progress: &'p dyn Progress,
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.progress.read(read as u64);
        Ok(read)
    }
}

impl Seek for Watched<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_keeps_the_number_of_the_system() {
        assert_eq!(again(&io::Error::from_raw_os_error(32)).raw_os_error(), Some(32));
        let own = io::Error::new(io::ErrorKind::InvalidData, "broken");
        assert_eq!((again(&own).kind(), again(&own).to_string()), (own.kind(), "broken".to_owned()));
    }
}
