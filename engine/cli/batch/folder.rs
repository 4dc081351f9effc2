//! The folder of results: what is in it stays whole, whenever the run ends.
//!
//! Results of single cases are in a hidden folder, each with its key. They are written under a temporary name and renamed.

use crate::arguments::{Batch, Format};
use crate::failure::Failure;
use crate::terminal;
use rdpwhy_batch::{Case, Rows, hex};
use serde::{Deserialize, Serialize};
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The folder with what a later run needs to resume.
const STATE: &str = ".rdpwhy-batch";
/// The folder with the reports.
pub(crate) const REPORTS: &str = "reports";

/// The folder of results, locked.
#[derive(Debug)]
pub(crate) struct Folder {
    root: PathBuf,
    _lock: File,
}

/// The result of a case.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Stored {
    /// What it depends on; empty where it is to be tried again.
    pub(crate) key: String,
    pub(crate) rows: Rows,
}

impl Folder {
    /// Opens the folder, or makes it.
    ///
    /// # Errors
    /// It has other files or other results (unless `--force`), has to do with the inputs, is in use, or cannot be written to.
    pub(crate) fn open(asked: &Batch, cases: &[Case]) -> Result<Folder, Failure> {
        let root = asked.output.clone();
        let cannot = |error: io::Error| Failure::cannot_write(&root, &error);
        refuse_inputs(&root, cases)?;
        let state = root.join(STATE);
        if !asked.force && !state.is_dir() && root.exists() {
            let is_empty = fs::read_dir(&root).map_err(cannot)?.next().is_none();
            if !is_empty {
                return Err(Failure::new(format!("`{}` is not empty", terminal::name(&root)))
                    .help("choose a new folder with -o, or write into this one with --force"));
            }
        }
        fs::create_dir_all(state.join("results")).map_err(cannot)?;
        fs::create_dir_all(root.join(REPORTS)).map_err(cannot)?;
        let lock = File::create(state.join("lock")).map_err(cannot)?;
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) => {
                let message = format!("another rdpwhy batch is writing to `{}`", terminal::name(&root));
                return Err(Failure::new(message).help("wait for it, or choose another folder with -o"));
            }
            // Some network disks know no locks.
            Err(TryLockError::Error(_)) | Ok(()) => {}
        }
        // Half-made results of a run that was killed.
        let work = state.join("work");
        // Where one is still being written, it stays until the next run.
        let _ = fs::remove_dir_all(&work);
        fs::create_dir_all(&work).map_err(cannot)?;
        let folder = Folder { root, _lock: lock };
        folder.claim(asked)?;
        Ok(folder)
    }

    /// Notes what the results are about; refuses results about something else.
    fn claim(&self, asked: &Batch) -> Result<(), Failure> {
        let path = self.root.join(STATE).join("inputs");
        // Several paths are a case each: `TICKETS/*` is about the same tickets when one more has arrived.
        let of_several = asked.paths.len() > 1;
        let about = |path: &PathBuf| match path.parent() {
            Some(parent) if of_several => whole(&parent.join("*")),
            _ => whole(path),
        };
        let mut inputs: Vec<PathBuf> =
            asked.paths.iter().map(about).chain(asked.cases.iter().map(|path| whole(path))).collect();
        inputs.sort();
        inputs.dedup();
        let lines: Vec<u8> = inputs
            .into_iter()
            .flat_map(|path| [path.into_os_string().into_encoded_bytes(), vec![0]])
            .flatten()
            .collect();
        let about = hex(&lines);
        match fs::read_to_string(&path) {
            Ok(old) if old.trim() != about && !asked.force => {
                let message = format!("`{}` has the results of other inputs", terminal::name(&self.root));
                Err(Failure::new(message).help("choose another folder with -o, or replace them with --force"))
            }
            _ => self.write(&path, about.as_bytes()),
        }
    }

    /// A folder of its own for the work on a case.
    ///
    /// No earlier run has it: what such a run has started may still be writing.
    pub(crate) fn work(&self, case: &Case) -> Result<PathBuf, Failure> {
        let run = std::process::id().to_string();
        let path = self.root.join(STATE).join("work").join(run).join(&case.stem);
        fs::create_dir_all(&path).map_err(|error| Failure::cannot_write(&path, &error))?;
        Ok(path)
    }

    /// Whether the case has a result with this key, and its reports are there.
    pub(crate) fn has(&self, case: &Case, key: &str, formats: &[Format]) -> bool {
        let Ok(stored) = self.load(case) else { return false };
        let is_there = |format: &Format| self.root.join(report(case, *format)).is_file();
        stored.key == key && (stored.rows.case.error.is_some() || formats.iter().all(is_there))
    }

    /// The result of a case.
    pub(crate) fn load(&self, case: &Case) -> Result<Stored, Failure> {
        let path = self.result(case);
        let bytes = fs::read(&path).map_err(|error| Failure::cannot_read(&path, &error))?;
        serde_json::from_slice(&bytes).map_err(|error| {
            Failure::new(format!("cannot read `{}`: {error}", terminal::name(&path)))
                .help("delete the file; the next run makes it again")
        })
    }

    /// Keeps the result of a case.
    pub(crate) fn store(&self, case: &Case, stored: &Stored) -> Result<(), Failure> {
        let text = serde_json::to_vec(stored).map_err(Failure::new)?;
        self.write(&self.result(case), &text)
    }

    fn result(&self, case: &Case) -> PathBuf {
        self.root.join(STATE).join("results").join(format!("{}.json", case.stem))
    }

    /// Moves a finished report to its place; hands back its path below the folder.
    pub(crate) fn publish(&self, case: &Case, format: Format, from: &Path) -> Result<String, Failure> {
        let name = report(case, format);
        let to = self.root.join(&name);
        fs::rename(from, &to).map_err(|error| Failure::cannot_write(&to, &error))?;
        Ok(name)
    }

    /// A file of results that is not visible yet.
    pub(crate) fn begin(&self, name: &str) -> Result<Growing, Failure> {
        let to = self.root.join(name);
        let from = self.root.join(STATE).join("work").join(name);
        let file = File::create(&from).map_err(|error| Failure::cannot_write(&from, &error))?;
        Ok(Growing { file: io::BufWriter::new(file), from, to })
    }

    fn write(&self, to: &Path, bytes: &[u8]) -> Result<(), Failure> {
        let name = to.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let from = self.root.join(STATE).join("work").join(format!("{name}.new"));
        let written = fs::write(&from, bytes).and_then(|()| fs::rename(&from, to));
        written.map_err(|error| Failure::cannot_write(to, &error))
    }
}

/// A file that takes its place when it is complete.
#[derive(Debug)]
pub(crate) struct Growing {
    file: io::BufWriter<File>,
    from: PathBuf,
    to: PathBuf,
}

impl Growing {
    pub(crate) fn line(&mut self, row: &impl Serialize) -> Result<(), Failure> {
        let mut text = rdpwhy_report::safe_json(&serde_json::to_string(row).map_err(Failure::new)?);
        text.push('\n');
        self.text(&text)
    }

    pub(crate) fn text(&mut self, text: &str) -> Result<(), Failure> {
        self.file.write_all(text.as_bytes()).map_err(|error| Failure::cannot_write(&self.to, &error))
    }

    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        let done = self.file.flush().and_then(|()| self.file.get_ref().sync_all());
        done.and_then(|()| fs::rename(&self.from, &self.to))
            .map_err(|error| Failure::cannot_write(&self.to, &error))
    }
}

/// Where the report of a case is, below the folder of results.
fn report(case: &Case, format: Format) -> String {
    format!("{REPORTS}/{}.{}", case.stem, format.ending())
}

/// Whether the case is nothing but the results of an earlier run.
pub(crate) fn is_output(case: &Case, output: &Path) -> bool {
    output.join(STATE).is_dir() && case.paths.iter().all(|path| whole(path) == whole(output))
}

/// Results must not end up among the evidence, nor the evidence among the results.
fn refuse_inputs(root: &Path, cases: &[Case]) -> Result<(), Failure> {
    let root_path = whole(root);
    for path in cases.iter().flat_map(|case| &case.paths) {
        let input = whole(path);
        if root_path.starts_with(&input) || input.starts_with(&root_path) {
            let message = format!(
                "results in `{}` would mix with the input `{}`",
                terminal::name(root),
                terminal::name(path)
            );
            return Err(Failure::new(message).help("choose another folder with -o"));
        }
    }
    Ok(())
}

/// The path without links, also where its last parts do not exist yet.
fn whole(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let known = absolute.ancestors().find_map(|part| Some((part, fs::canonicalize(part).ok()?)));
    match known {
        Some((part, known)) => match absolute.strip_prefix(part) {
            Ok(rest) if !rest.as_os_str().is_empty() => known.join(rest),
            _ => known,
        },
        None => absolute,
    }
}
