//! A walk through an archive, and the archives in it, to the logs in them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Cursor, Read};

use rdpwhy_event::Warning;

use crate::archive::limits::{ArchiveLimits, Meter};
use crate::archive::place::Place;
use crate::archive::source::{SeekRead, Source};
use crate::archive::zstd::Zstd;
use crate::evtx_file::read_log::read_log;
use crate::gather::log_reading::{LogReading, NoLog};
use crate::gather::workers::{Sharing, Workers};
use crate::input::format::{Format, HEAD, has_archive_name, has_log_name, has_paste_name, has_text_name};
use crate::input::label::{label, leads_out};
use crate::input::limit_reached::LimitReached;
use crate::input::other_files::Others;
use crate::text::read_pasted::read_pasted;
use crate::text::read_text::read_text;

/// Entries of one sort that a warning names.
const NAMED: usize = 5;
/// Entries of one archive that get warnings of their own.
const MAX_WARNINGS: usize = 20;

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

/// Reads the logs in an archive of this many bytes. `name` is what it is called in the report, `file` by itself.
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
pub(super) struct Walk<'a, 'w> {
    asked: &'a Asked<'a, 'w>,
    pub(super) meter: &'a Meter,
    pub(super) found: ArchiveReading,
    /// How often each name was met.
    names: BTreeMap<String, u64>,
    /// Entries whose paths lead out of the archive.
    strange: Vec<String>,
    pub(super) encrypted: Vec<String>,
    /// Entries packed in ways that are not known here, by the way.
    unknown: BTreeMap<String, Vec<String>>,
}

impl Walk<'_, '_> {
    /// Reads whatever is at a place.
    fn read(&mut self, place: &Place, mut source: Source<'_>) {
        // Entries called like nothing that can be read may still be logs; their first bytes say so.
        let is_known = is_readable_name(&place.file) || has_paste_name(&place.file);
        let length = if place.depth == 0 || is_known { HEAD } else { 8 };
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
            (Format::Unsupported(_), _) if place.depth > 0 && !has_log_name(&place.file) => {
                self.found.others.add(&label(&place.file), || head);
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
            Format::Log | Format::Xml | Format::Json | Format::Text => self.log(place, format, input),
            Format::Unsupported(unsupported) => {
                self.found.unread += 1;
                self.warn(unsupported.warning(&place.name));
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
    pub(super) fn entry(&mut self, archive: &Place, path: &str, packed: u64, input: &mut dyn Read) {
        let place = self.entry_place(archive, path, packed);
        if leads_out(path) {
            self.strange.push(place.name.clone());
        }
        self.read(&place, Source::Once(&mut self.meter.metered(input, packed)));
    }

    pub(super) fn entry_place(&self, archive: &Place, path: &str, packed: u64) -> Place {
        let name = format!("{}/{}", archive.name, label(path));
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
        let reading = match format {
            Format::Log => read_log(input, &name, workers, Sharing::AllThreads, &()),
            Format::Text => read_pasted(input, &name, workers, &()),
            _ => read_text(input, &name, format, workers, Sharing::AllThreads, &()).map_err(NoLog::Io),
        };
        match reading {
            Ok(reading) => self.found.logs.push(reading),
            // A text beside the logs need not have any records.
            Err(NoLog::Unsupported(_)) if format == Format::Text => {
                self.found.others.add(&label(&place.file), Vec::new)
            }
            Err(NoLog::Unsupported(unsupported)) => {
                self.found.unread += 1;
                self.warn(unsupported.warning(&name));
            }
            Err(NoLog::Io(error)) => self.fail(&Place { name, ..place.clone() }, &error),
        }
    }

    /// An entry that is no log, and not looked into.
    pub(super) fn other(&mut self, path: &str) {
        self.found.others.add(&label(path), Vec::new);
    }

    /// An entry that cannot be read without a password.
    pub(super) fn encrypted(&mut self, archive: &Place, path: &str) {
        if is_readable_name(path) {
            self.found.unread += 1;
            self.encrypted.push(self.entry_place(archive, path, 0).name);
        } else {
            self.other(path);
        }
    }

    /// An entry packed in a way that is not known here.
    pub(super) fn unknown(&mut self, archive: &Place, path: &str, method: &str) {
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

    pub(super) fn broken(&mut self, place: &Place, reason: &str) {
        if place.depth > 0 && !is_readable_name(&place.file) {
            return self.other(&place.file);
        }
        let message = format!("it cannot be unpacked ({reason})");
        let help = "The copy may have broken off: copy or pack it again, or unpack what can be unpacked and give the folder";
        self.found.unread += 1;
        self.warn(Warning::new("archive::broken", &place.name, message).help(help));
    }

    pub(super) fn limit(&mut self, place: &Place, limit: &LimitReached) {
        self.found.unread += 1;
        self.warn(Warning::new("archive::limit", &place.name, limit.to_string()).help(limit.help()));
    }

    /// Entries beyond the limit, of an archive that says how many there are, or of one that goes on.
    pub(super) fn too_many(&mut self, archive: &Place, left_out: Option<u64>) {
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
    let named = names.iter().take(NAMED).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

fn is_readable_name(path: &str) -> bool {
    has_log_name(path) || has_archive_name(path) || has_text_name(path)
}
