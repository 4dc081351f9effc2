//! The files that are to be read.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{self, Path, PathBuf};

use rdpwhy_event::Warning;
use rdpwhy_evtx::LOG_MAGIC;

use crate::input::format::{Format, HEAD, has_archive_name, has_log_name, has_paste_name, has_text_name};
use crate::input::label::label;
use crate::input::links::Links;
use crate::input::other_files::Others;
use crate::input::path_name::{below, file_name, parts, tail};
use crate::input::source::{NamedBytes, Source};

/// A file to read, and its name in the report.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Input {
    pub(crate) name: String,
    pub(crate) source: Source,
    pub(crate) bytes: u64,
    /// It was named, not found in a folder.
    pub(crate) argument: bool,
}

/// What the paths given come to.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    /// By name.
    pub(crate) files: Vec<Input>,
    pub(crate) warnings: Vec<Warning>,
    /// How many paths could not be read.
    pub(crate) unread: usize,
}

/// The files that [`read`](crate::read) opens for these paths, by canonical path: those named, and in folders the logs.
///
/// Paths that do not exist or cannot be read contribute nothing.
#[must_use]
pub fn files_to_read(paths: &[PathBuf]) -> Vec<PathBuf> {
    let sources: Vec<Source> = paths.iter().cloned().map(Source::Path).collect();
    let path = |file: Input| match file.source {
        Source::Path(path) => Some(path),
        Source::Bytes(_) => None,
    };
    find(&sources).files.into_iter().filter_map(path).collect()
}

/// Finds the logs in the files and folders given.
///
/// In folders these are the files ending in `.evtx`, in any case, and those that begin like a log; archives; and text
/// that begins like records. Each file counts once, however often and under whatever names it is reached. Links in folders are
/// not followed: they can lead anywhere, to what belongs to another case or to the whole disk. A link given as a path is.
pub(crate) fn find(sources: &[Source]) -> Inputs {
    let mut search = Search::default();
    for source in sources {
        match source {
            Source::Path(path) => search.add(path),
            Source::Bytes(named) => search.given.push(named.clone()),
        }
    }
    search.finish()
}

#[derive(Default)]
struct Search {
    /// By canonical path: the path parts that name it, of which `shown` at the end are shown at least.
    found: BTreeMap<PathBuf, Found>,
    /// The path under which a file was found first, by what the file system calls it.
    first: BTreeMap<(u64, u64), PathBuf>,
    folders: BTreeSet<PathBuf>,
    /// What was given as bytes.
    given: Vec<NamedBytes>,
    inputs: Inputs,
}

struct Found {
    shown: usize,
    bytes: u64,
    argument: bool,
}

/// What a folder held.
#[derive(Default)]
struct Folder {
    logs: usize,
    others: Others,
    links: Links,
}

impl Search {
    fn add(&mut self, path: &Path) {
        let name = shown(path);
        match canonical(path).and_then(|canonical| Ok((fs::metadata(&canonical)?, canonical))) {
            Ok((metadata, canonical)) if metadata.is_dir() => self.add_folder(&canonical, &name),
            Ok((metadata, canonical)) => self.add_file(canonical, 1, &metadata, true),
            Err(error) => self.fail(&name, &error),
        }
    }

    fn fail(&mut self, name: &str, error: &io::Error) {
        self.inputs.unread += 1;
        self.inputs.warnings.push(unreadable(name, error));
    }

    fn add_file(&mut self, path: PathBuf, shown: usize, metadata: &Metadata, argument: bool) {
        use std::collections::btree_map::Entry;
        let bytes = metadata.len();
        // Two names of one file are hard links.
        let path = match identity(metadata) {
            Some(identity) => self.first.entry(identity).or_insert(path).clone(),
            None => path,
        };
        match self.found.entry(path) {
            Entry::Vacant(entry) => {
                entry.insert(Found { shown, bytes, argument });
            }
            Entry::Occupied(mut entry) => {
                let found = entry.get_mut();
                found.shown = found.shown.max(shown);
                // A log reached twice inside one folder, through a link, is nobody's mistake.
                if found.argument || argument {
                    let name = tail(entry.key(), 1);
                    let message = "given more than once; it is read once";
                    self.inputs.warnings.push(Warning::new("input::given-twice", &name, message));
                }
            }
        }
    }

    fn add_folder(&mut self, root: &Path, name: &str) {
        let mut folder = Folder::default();
        let again = self.folders.contains(root);
        self.walk(root, root, &mut folder);
        self.inputs.warnings.extend(folder.links.warnings());
        if folder.logs == 0 && !again {
            let message = format!("no event logs in this folder{}", folder.others);
            let help = "Put exported logs there: wevtutil epl <channel> <file>.evtx";
            self.inputs.unread += 1;
            self.inputs.warnings.push(Warning::new("input::no-logs", name, message).help(help));
        }
    }

    /// Walks a folder, but follows no links. `at` is canonical, and so is everything in it.
    fn walk(&mut self, root: &Path, at: &Path, folder: &mut Folder) {
        self.folders.insert(at.to_path_buf());
        let entries = match fs::read_dir(at).and_then(|entries| entries.collect::<io::Result<Vec<_>>>()) {
            Ok(entries) => entries,
            Err(error) => return self.fail(&below(root, at), &error),
        };
        let mut paths: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            match fs::symlink_metadata(&path) {
                Ok(metadata) if metadata.is_symlink() => folder.links.add(root, &path),
                Ok(metadata) if metadata.is_dir() => self.walk(root, &path, folder),
                Ok(metadata) if metadata.is_file() && looks_like_log(&path) => {
                    folder.logs += 1;
                    let shown = path.strip_prefix(root).map_or(1, |rest| rest.components().count());
                    self.add_file(path, shown, &metadata, false);
                }
                Ok(metadata) => {
                    let head = || if metadata.is_file() { begin(&path, HEAD) } else { Vec::new() };
                    folder.others.add(&label(&file_name(&path)), head);
                }
                Err(error) if has_log_name(&file_name(&path)) => {
                    folder.logs += 1;
                    self.fail(&below(root, &path), &error);
                }
                Err(_) => folder.others.add(&label(&file_name(&path)), Vec::new),
            }
        }
    }

    fn finish(mut self) -> Inputs {
        let mut names = names(&self.found);
        // Bytes of one name come in the order of their contents, whatever the order they were given in.
        self.given.sort();
        names.extend(self.given.iter().map(|named| label(&named.name)));
        let on_disk = self
            .found
            .into_iter()
            .map(|(path, Found { bytes, argument, .. })| (Source::Path(path), bytes, argument));
        let in_memory = self.given.into_iter().map(|named| {
            let bytes = named.bytes.len() as u64;
            (Source::Bytes(named), bytes, true)
        });
        let files = on_disk.chain(in_memory).zip(numbered(names));
        let mut files: Vec<Input> =
            files.map(|((source, bytes, argument), name)| Input { name, source, bytes, argument }).collect();
        files.sort();
        self.inputs.files = files;
        self.inputs
    }
}

/// What the file system calls a file, whatever its names.
#[cfg(unix)]
fn identity(metadata: &Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn identity(_: &Metadata) -> Option<(u64, u64)> {
    None
}

/// The names of the files: as much of the end of the path as is shown in any case, and more where names collide.
fn names(found: &BTreeMap<PathBuf, Found>) -> Vec<String> {
    let mut shown: Vec<usize> = found.values().map(|found| found.shown).collect();
    loop {
        let names: Vec<String> = found.keys().zip(&shown).map(|(path, shown)| tail(path, *shown)).collect();
        let mut holders: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, name) in names.iter().enumerate() {
            holders.entry(name).or_default().push(at);
        }
        let mut grown = false;
        for (path, at) in holders
            .values()
            .filter(|holders| holders.len() > 1)
            .flatten()
            .map(|&at| (found.keys().nth(at), at))
        {
            let parts = path.map_or(0, |path| parts(path).count());
            grown |= shown[at] < parts;
            shown[at] = (shown[at] + 1).min(parts);
        }
        if !grown {
            return names;
        }
    }
}

/// Tells apart what is left: file names that are no Unicode can look alike.
fn numbered(names: Vec<String>) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let number = |name: String| {
        let count = seen.entry(name.clone()).or_default();
        *count += 1;
        if *count == 1 { name } else { format!("{name} ({count})") }
    };
    names.into_iter().map(number).collect()
}

/// A path given, as far as it names the thing: without what leads to it.
fn shown(path: &Path) -> String {
    match tail(path, 1) {
        name if name.is_empty() => path.to_string_lossy().into_owned(),
        name => name,
    }
}

/// Whether a file of a folder is read: a log, an archive, or text that begins like records.
#[must_use]
pub fn looks_like_log(path: &Path) -> bool {
    let name = file_name(path);
    if has_log_name(&name) || has_archive_name(&name) {
        return true;
    }
    if has_text_name(&name) || has_paste_name(&name) {
        matches!(
            Format::of(&name, &begin(path, HEAD)),
            Format::Xml | Format::Json | Format::Text | Format::Log
        )
    } else {
        begin(path, LOG_MAGIC.len()) == *LOG_MAGIC
    }
}

/// The path that names the file for good.
fn canonical(path: &Path) -> io::Result<PathBuf> {
    match fs::canonicalize(path) {
        // Some drives of Windows, such as RAM disks, cannot say where a path leads and can be read all the same.
        Err(_) if cfg!(windows) && fs::metadata(path).is_ok() => path::absolute(path),
        canonical => canonical,
    }
}

/// The first bytes of a file; none where it cannot be read.
fn begin(path: &Path, length: usize) -> Vec<u8> {
    let mut first = Vec::new();
    let read = File::open(path).and_then(|file| file.take(length as u64).read_to_end(&mut first));
    read.map(|_| first).unwrap_or_default()
}

/// The warning about a path that cannot be opened.
pub(crate) fn unreadable(name: &str, error: &io::Error) -> Warning {
    match error.kind() {
        io::ErrorKind::NotFound => Warning::new("input::not-found", name, "there is no such file or folder")
            .help("Check the path; names with blanks need quotes"),
        io::ErrorKind::PermissionDenied => {
            // Whoever points this at the logs of a running Windows needs another way.
            let help = if cfg!(windows) {
                "Export a copy, as administrator: wevtutil epl <channel> <file>.evtx; or run this as a user who may read it"
            } else {
                "Copy it to a folder of your own, or run this as a user who may read it"
            };
            Warning::new("input::no-permission", name, "no permission to read it").help(help)
        }
        // Windows' numbers for what another program holds open.
        _ if cfg!(windows) && matches!(error.raw_os_error(), Some(32 | 33)) => {
            Warning::new("input::in-use", name, "another program has it open")
                .help("The logs of a running Windows are always open: export a copy with wevtutil epl <channel> <file>.evtx")
        }
        _ => Warning::new("input::unreadable", name, format!("it cannot be read ({error})"))
            .help("Copy it to a local disk and try again"),
    }
}
