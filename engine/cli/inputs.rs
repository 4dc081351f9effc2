//! The paths to read: which of them can be, and standard input as one of them.

use crate::failure::Failure;
use crate::scratch::Scratch;
use crate::terminal;
use std::fs::{self, File, FileType};
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What reports call standard input.
const STANDARD_INPUT: &str = "standard input";
/// Where Unix keeps it.
const DEVICE: &str = "/dev/stdin";

/// The paths given, before anything is read.
#[derive(Debug)]
pub(crate) struct Inputs {
    paths: Vec<PathBuf>,
    /// Standard input is one of them.
    piped: bool,
}

/// The paths to read. What came from standard input is a file among them, and gone when this is dropped.
#[derive(Debug)]
pub(crate) struct Readable {
    pub(crate) paths: Vec<PathBuf>,
    _spooled: Option<TempDir>,
}

impl Inputs {
    /// Takes the paths as given: `-` is standard input, and on Windows wildcards are expanded.
    ///
    /// Paths that do not exist stay: the reader reports them and reads the others.
    ///
    /// # Errors
    /// A pipe or device, from which reading may never end, or a wildcard without a match.
    pub(crate) fn new(given: &[PathBuf]) -> Result<Inputs, Failure> {
        let mut inputs = Inputs { paths: Vec::new(), piped: false };
        for path in given {
            if path == Path::new("-") || path == Path::new(DEVICE) {
                inputs.piped = true;
                continue;
            }
            match fs::metadata(path) {
                Ok(metadata) if !metadata.is_file() && !metadata.is_dir() => {
                    return Err(special(path, metadata.file_type()));
                }
                Err(_) if cfg!(windows) && has_wildcard(path) => inputs.paths.extend(expand(path)?),
                _ => inputs.paths.push(path.clone()),
            }
        }
        if inputs.piped && io::stdin().is_terminal() {
            let failure = Failure::new("standard input is a terminal; there is nothing to read");
            return Err(failure.help("pipe a log or an archive into it: … | rdpwhy -"));
        }
        Ok(inputs)
    }

    /// All files that will be read.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let mut files = rdpwhy_logs::files_to_read(&self.paths);
        files.extend(self.piped.then(|| PathBuf::from(DEVICE)));
        files
    }

    /// What to call the inputs while they are read.
    pub(crate) fn title(&self) -> String {
        match (self.paths.as_slice(), self.piped) {
            ([], _) => STANDARD_INPUT.to_owned(),
            ([only], false) => terminal::name(only.file_name().map_or(only, Path::new)),
            (several, piped) => format!("{} inputs", several.len() + usize::from(piped)),
        }
    }

    /// Copies standard input to a temporary file of at most `limit` bytes, if it is one of the inputs.
    ///
    /// # Errors
    /// It cannot be read or stored, or is longer.
    pub(crate) fn spooled(mut self, scratch: &Scratch, limit: u64) -> Result<Readable, Failure> {
        if !self.piped {
            return Ok(Readable { paths: self.paths, _spooled: None });
        }
        let cannot = |error: io::Error| Failure::cannot_read(Path::new(STANDARD_INPUT), &error);
        let folder = scratch.folder().map_err(cannot)?;
        let path = folder.path().join(STANDARD_INPUT);
        let copy = File::create_new(&path)
            .and_then(|mut file| io::copy(&mut io::stdin().lock().take(limit.saturating_add(1)), &mut file));
        if copy.map_err(cannot)? > limit {
            return Err(Failure::new(format!("standard input is longer than {limit} bytes"))
                .help("raise the limit with --max-archive-bytes, or name the file"));
        }
        self.paths.push(path);
        Ok(Readable { paths: self.paths, _spooled: Some(folder) })
    }
}

fn special(path: &Path, kind: FileType) -> Failure {
    let message = format!("`{}` is {}, not a file or a folder", terminal::name(path), kind_name(kind));
    Failure::new(message).help("to read what a program writes, use standard input: … | rdpwhy -")
}

#[cfg(unix)]
fn kind_name(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_fifo() {
        "a pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn kind_name(_: FileType) -> &'static str {
    "a device"
}

fn has_wildcard(path: &Path) -> bool {
    path.to_string_lossy().contains(['*', '?', '['])
}

/// The files and folders that a pattern such as `host\*.evtx` matches, by name; upper and lower case are the same.
fn expand(pattern: &Path) -> Result<Vec<PathBuf>, Failure> {
    let shown = terminal::name(pattern);
    let options = glob::MatchOptions { case_sensitive: false, ..glob::MatchOptions::default() };
    let matches = glob::glob_with(&pattern.to_string_lossy(), options)
        .map_err(|error| Failure::new(format!("`{shown}` is not a valid pattern: {}", error.msg)))?;
    let found: Vec<PathBuf> = matches.filter_map(Result::ok).collect();
    if found.is_empty() {
        return Err(Failure::new(format!("no file or folder matches `{shown}`"))
            .help("check the path and the pattern; `*` does not match across folders"));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_match_in_any_case_and_must_match_something() {
        let folder = tempfile::tempdir().expect("there is a temporary folder");
        for name in ["b.evtx", "A.EVTX", "c.txt"] {
            std::fs::write(folder.path().join(name), "").expect("the folder is writable");
        }
        let pattern = folder.path().join("*.evtx");
        assert!(has_wildcard(&pattern) && !has_wildcard(folder.path()));
        let found = expand(&pattern).expect("two match");
        assert_eq!(found, [folder.path().join("A.EVTX"), folder.path().join("b.evtx")]);
        let none = expand(&folder.path().join("*.zip")).expect_err("none match");
        assert!(none.to_string().contains("no file or folder matches"), "{none}");
    }
}
