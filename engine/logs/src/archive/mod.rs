//! Archives to the logs in them.
//!
//! Nothing is written to disk. Entries are read as they unpack; only `.zip` and `.7z` archives within archives are
//! held in memory, because they are read from their end. What an entry is called is a label and nothing else.

pub(crate) mod label;
mod limits;
mod seven_zip;
mod tar;
mod zip;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Cursor, Read, Seek};

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};

pub use limits::ArchiveLimits;
pub(crate) use limits::LimitReached;

use crate::event_text::read_text;
use crate::foreign::Others;
use crate::format::{Format, HEAD, has_archive_name, has_log_name, has_text_name};
use crate::log_file::{LogReading, NoLog, Sharing, Workers, read_log};
use limits::Meter;
use rdpwhy_event::Warning;

/// Bytes of memory that unpacking a `.7z` or `.zst` may take for looking back.
const MAX_WINDOW: u64 = 128 << 20;
/// Entries of one sort that a warning names.
const NAMED: usize = 5;
/// Entries of one archive that get warnings of their own.
const MAX_WARNINGS: usize = 20;

/// Something that can be read from any place.
pub(crate) trait SeekRead: Read + Seek {}

impl<T: Read + Seek> SeekRead for T {}

/// The bytes of a file or of an entry.
enum Source<'s> {
    /// From any place.
    Anywhere(&'s mut dyn SeekRead),
    /// Once, from the first to the last.
    Once(&'s mut dyn Read),
}

/// An archive, or an entry of one, and where it is.
#[derive(Debug, Clone)]
struct Place {
    /// Its name in the report.
    name: String,
    /// What it is called itself, by which it is judged.
    file: String,
    /// Archives around it.
    depth: u32,
    /// Bytes that it is packed to, as far as they are its own.
    packed: u64,
}

/// An archive that was given, or found in a folder, and what was in it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ArchiveFile {
    /// Its name in the report. Logs in it have it before their own.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// SHA-256 of the whole file, lower-case hex.
    pub sha256: String,
    /// Logs in it, and in archives in it.
    pub logs: usize,
    /// Entries that are no logs.
    pub others: u64,
}

/// What an archive held.
#[derive(Debug, Default)]
pub(crate) struct ArchiveReading {
    pub(crate) logs: Vec<LogReading>,
    pub(crate) warnings: Vec<Warning>,
    /// Entries that should have been read and were not.
    pub(crate) unread: usize,
    /// Entries that are no logs.
    pub(crate) others: Others,
}

/// How to read an archive.
pub(crate) struct Asked<'a, 'w> {
    pub(crate) workers: &'a Workers<'w>,
    pub(crate) limits: ArchiveLimits,
    /// Names of the only logs to read; all if there are none.
    pub(crate) only: Option<&'a BTreeSet<String>>,
}

/// Reads the logs in an archive of so many bytes. `name` is what it is called in the report, `file` by itself.
pub(crate) fn read_archive(
    file: &mut dyn SeekRead,
    (name, file_name): (&str, &str),
    bytes: u64,
    asked: &Asked<'_, '_>,
) -> ArchiveReading {
    let meter = Meter::new(asked.limits, bytes);
    let mut walk = Walk {
        asked,
        meter: &meter,
        found: ArchiveReading::default(),
        names: BTreeMap::new(),
        strange: Vec::new(),
        encrypted: Vec::new(),
        unknown: BTreeMap::new(),
    };
    let place = Place { name: name.to_owned(), file: file_name.to_owned(), depth: 0, packed: bytes };
    walk.read(&place, Source::Anywhere(file));
    walk.finish(name)
}

/// A walk through an archive and the archives in it.
struct Walk<'a, 'w> {
    asked: &'a Asked<'a, 'w>,
    meter: &'a Meter,
    found: ArchiveReading,
    /// How often each name was met.
    names: BTreeMap<String, u64>,
    /// Entries whose paths lead out of the archive.
    strange: Vec<String>,
    encrypted: Vec<String>,
    /// Entries packed in ways that are not known here, by the way.
    unknown: BTreeMap<String, Vec<String>>,
}

impl Walk<'_, '_> {
    /// Reads whatever is at a place.
    fn read(&mut self, place: &Place, mut source: Source<'_>) {
        // Entries called like nothing that can be read may still be logs; their first bytes say so.
        let length = if place.depth == 0 || is_readable_name(&place.file) { HEAD } else { 8 };
        let mut head = Vec::new();
        let input: &mut dyn Read = match &mut source {
            Source::Anywhere(file) => file,
            Source::Once(stream) => stream,
        };
        if let Err(error) = input.take(length as u64).read_to_end(&mut head) {
            return self.fail(place, &error);
        }
        let format = Format::of(&place.file, &head);
        if format.is_archive() && place.depth >= self.meter.limits.depth {
            let what = format!("an archive within {} others; it is left out", place.depth);
            return self.limit(place, &LimitReached { what, option: "--max-archive-depth" });
        }
        match (format, source) {
            (Format::Zip | Format::SevenZip, Source::Anywhere(file)) => self.open(place, format, file),
            (Format::Zip | Format::SevenZip, Source::Once(stream)) => self.hold(place, format, head, stream),
            (Format::Foreign(_), _) if place.depth > 0 && !has_log_name(&place.file) => {
                self.found.others.add(&label::label(&place.file), || head);
            }
            (_, Source::Anywhere(file)) => self.stream(place, format, &mut Cursor::new(head).chain(file)),
            (_, Source::Once(stream)) => self.stream(place, format, &mut Cursor::new(head).chain(stream)),
        }
    }

    /// Reads an archive that is read from its end.
    fn open(&mut self, place: &Place, format: Format, file: &mut dyn SeekRead) {
        let opened = match file.rewind() {
            Ok(()) if format == Format::Zip => self.zip(place, file),
            Ok(()) => self.seven_zip(place, file),
            Err(error) => Err(error.to_string()),
        };
        if let Err(reason) = opened {
            self.broken(place, &reason);
        }
    }

    /// Holds such an archive in memory, if there is room.
    fn hold(&mut self, place: &Place, format: Format, mut bytes: Vec<u8>, rest: &mut dyn Read) {
        let meter = self.meter;
        let room = meter.room();
        if let Err(error) = rest.take(room.saturating_sub(bytes.len() as u64) + 1).read_to_end(&mut bytes) {
            return self.fail(place, &error);
        }
        let Some(_held) = meter.hold(bytes.len() as u64) else {
            let most = meter.limits.held;
            let what =
                format!("archives within archives take more than {most} bytes of memory; it is left out");
            return self.limit(place, &LimitReached { what, option: "--max-archive-memory" });
        };
        self.open(place, format, &mut Cursor::new(bytes));
    }

    /// Reads what is read from its beginning.
    fn stream(&mut self, place: &Place, format: Format, input: &mut dyn Read) {
        match format {
            Format::Gzip => self.unpacked(place, flate2::read::MultiGzDecoder::new(input)),
            Format::Zstd => self.unpacked(place, Zstd::new(input)),
            Format::Tar => {
                if let Err(error) = self.tar(place, input) {
                    self.fail(place, &error);
                }
            }
            Format::Log | Format::Xml | Format::Json => self.log(place, format, input),
            Format::Foreign(foreign) => {
                self.found.unread += 1;
                self.warn(foreign.warning(&place.name));
            }
            // These are opened, not streamed.
            Format::Zip | Format::SevenZip => {}
        }
    }

    /// Reads what a single packed stream unpacks to.
    fn unpacked(&mut self, place: &Place, stream: impl Read) {
        let file = match place.file.rsplit_once('.') {
            Some((stem, tgz)) if tgz.eq_ignore_ascii_case("tgz") || tgz.eq_ignore_ascii_case("tzst") => {
                format!("{stem}.tar")
            }
            Some((stem, _)) => stem.to_owned(),
            // A name without an ending says nothing: called an archive, it is judged by its first bytes.
            None => format!("{}.tar", place.file),
        };
        let inner = Place { file, depth: place.depth + 1, ..place.clone() };
        self.read(&inner, Source::Once(&mut self.meter.metered(stream, place.packed)));
    }

    /// Reads an entry of an archive; `packed` are the bytes that it is packed to.
    fn entry(&mut self, archive: &Place, path: &str, packed: u64, input: &mut dyn Read) {
        let place = self.entry_place(archive, path, packed);
        if label::leads_out(path) {
            self.strange.push(place.name.clone());
        }
        self.read(&place, Source::Once(&mut self.meter.metered(input, packed)));
    }

    fn entry_place(&self, archive: &Place, path: &str, packed: u64) -> Place {
        let name = format!("{}/{}", archive.name, label::label(path));
        let file = path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned();
        Place { name, file, depth: archive.depth + 1, packed }
    }

    fn log(&mut self, place: &Place, format: Format, input: &mut dyn Read) {
        let count = self.names.entry(place.name.clone()).or_default();
        *count += 1;
        let name = if *count == 1 { place.name.clone() } else { format!("{} ({count})", place.name) };
        if self.asked.only.is_some_and(|only| !only.contains(&name)) {
            return;
        }
        let workers = self.asked.workers;
        let reading = if format == Format::Log {
            read_log(input, &name, workers, Sharing::AllThreads, &())
        } else {
            read_text(input, &name, format, workers, Sharing::AllThreads, &()).map_err(NoLog::Io)
        };
        match reading {
            Ok(reading) => self.found.logs.push(reading),
            Err(NoLog::Foreign(foreign)) => {
                self.found.unread += 1;
                self.warn(foreign.warning(&name));
            }
            Err(NoLog::Io(error)) => self.fail(&Place { name, ..place.clone() }, &error),
        }
    }

    /// An entry that is no log, and not looked into.
    fn other(&mut self, path: &str) {
        self.found.others.add(&label::label(path), Vec::new);
    }

    /// An entry that cannot be read without a password.
    fn encrypted(&mut self, archive: &Place, path: &str) {
        if is_readable_name(path) {
            self.found.unread += 1;
            self.encrypted.push(self.entry_place(archive, path, 0).name);
        } else {
            self.other(path);
        }
    }

    /// An entry packed in a way that is not known here.
    fn unknown(&mut self, archive: &Place, path: &str, method: &str) {
        if is_readable_name(path) {
            self.found.unread += 1;
            let name = self.entry_place(archive, path, 0).name;
            self.unknown.entry(method.to_owned()).or_default().push(name);
        } else {
            self.other(path);
        }
    }

    /// An entry whose data cannot be read.
    fn fail(&mut self, place: &Place, error: &io::Error) {
        match LimitReached::of(error) {
            Some(limit) => self.limit(place, limit),
            None => self.broken(place, &error.to_string()),
        }
    }

    fn broken(&mut self, place: &Place, reason: &str) {
        if place.depth > 0 && !is_readable_name(&place.file) {
            return self.other(&place.file);
        }
        let message = format!("it cannot be unpacked ({reason})");
        let help = "The copy may have broken off: copy or pack it again, or unpack what can be unpacked and give the folder";
        self.found.unread += 1;
        self.warn(Warning::new("archive::broken", &place.name, message).help(help));
    }

    fn limit(&mut self, place: &Place, limit: &LimitReached) {
        self.found.unread += 1;
        self.warn(Warning::new("archive::limit", &place.name, limit.to_string()).help(limit.help()));
    }

    /// Entries beyond the limit, of an archive that says how many there are, or of one that goes on.
    fn too_many(&mut self, archive: &Place, left_out: Option<u64>) {
        let most = self.meter.limits.entries;
        let rest = left_out.map_or("the rest".to_owned(), |count| format!("{count} of them"));
        let what = format!("more than {most} entries; {rest} are left out");
        self.limit(archive, &LimitReached { what, option: "--max-archive-entries" });
    }

    fn warn(&mut self, warning: Warning) {
        self.found.warnings.push(warning);
    }

    fn finish(mut self, name: &str) -> ArchiveReading {
        if let Some(rest) = self.found.warnings.get(MAX_WARNINGS..).filter(|rest| !rest.is_empty()) {
            let message = format!("{} more of its entries could not be read", rest.len());
            self.found.warnings.truncate(MAX_WARNINGS);
            self.warn(Warning::new("archive::more", name, message));
        }
        if !self.encrypted.is_empty() {
            let message = format!("encrypted, so it cannot be read: {}", listed(&self.encrypted));
            let help = "Unpack it with its password and give the folder, or send it without one";
            self.warn(Warning::new("archive::encrypted", name, message).help(help));
        }
        for (method, names) in std::mem::take(&mut self.unknown) {
            let message =
                format!("packed with {method}, which this program does not read: {}", listed(&names));
            let help = "Unpack it and give the folder, or pack it with the defaults of Explorer or 7-Zip";
            self.warn(Warning::new("archive::method", name, message).help(help));
        }
        if !self.strange.is_empty() {
            let message = format!(
                "entries with paths that would lead out of the archive: {}; they were read here and written nowhere",
                listed(&self.strange)
            );
            let help = "No honest program packs like this; do not unpack it";
            self.warn(Warning::new("archive::path", name, message).help(help));
        }
        self.found
    }
}

/// The first names, and how many more there are.
fn listed(names: &[String]) -> String {
    let named = names.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

fn is_readable_name(path: &str) -> bool {
    has_log_name(path) || has_archive_name(path) || has_text_name(path)
}

/// The warning about an archive, or a file in one, that holds no logs.
pub(crate) fn no_logs(name: &str, others: &Others) -> Warning {
    let message = format!("no event logs in this archive{others}");
    let help = "Put exported logs into it: wevtutil epl <channel> <file>.evtx";
    Warning::new("input::no-logs", name, message).help(help)
}

/// Zstandard frames, one after the other.
struct Zstd<'r> {
    input: &'r mut dyn Read,
    decoder: ruzstd::decoding::FrameDecoder,
    /// Within a frame.
    open: bool,
}

impl<'r> Zstd<'r> {
    fn new(input: &'r mut dyn Read) -> Zstd<'r> {
        let mut decoder = ruzstd::decoding::FrameDecoder::new();
        decoder.set_max_window_size(MAX_WINDOW);
        Zstd { input, decoder, open: false }
    }

    /// Begins the next frame; whether there is one.
    fn next_frame(&mut self) -> io::Result<bool> {
        let mut first = [0];
        loop {
            if self.input.read(&mut first)? == 0 {
                return Ok(false);
            }
            match self.decoder.reset((&first[..]).chain(&mut *self.input)) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    io::copy(&mut (&mut *self.input).take(u64::from(length)), &mut io::sink())?;
                }
                Err(error) => return Err(io::Error::other(error)),
            }
        }
    }
}

impl Read for Zstd<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        use ruzstd::decoding::BlockDecodingStrategy::UptoBlocks;
        loop {
            if self.decoder.can_collect() > 0 {
                return self.decoder.read(buffer);
            }
            if self.open && self.decoder.is_finished() {
                self.open = false;
            }
            if !self.open {
                self.open = self.next_frame()?;
                if !self.open {
                    return Ok(0);
                }
            }
            if !self.decoder.is_finished() {
                self.decoder.decode_blocks(&mut *self.input, UptoBlocks(1)).map_err(io::Error::other)?;
            }
        }
    }
}
