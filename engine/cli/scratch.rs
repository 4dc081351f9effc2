//! Temporary files and folders that are gone when the program ends, also when it is interrupted.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use tempfile::{Builder, NamedTempFile, TempDir};

/// Exit status after an interrupt, as shells have it: 128 and the number of the signal.
#[cfg(any(unix, windows))]
const INTERRUPTED: i32 = 130;

/// Makes temporary files and folders.
///
/// They remove themselves when dropped. From the first one on, an interrupt (Ctrl-C, a closed terminal, a polite kill)
/// removes those that are left and ends the program.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    left: Arc<Mutex<Vec<PathBuf>>>,
    watched: OnceLock<()>,
}

impl Scratch {
    fn left(&self) -> MutexGuard<'_, Vec<PathBuf>> {
        self.watched.get_or_init(|| {
            remove_on_interrupt(Arc::clone(&self.left));
        });
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A folder for files of the user's, which nobody else may read.
    pub(crate) fn folder(&self) -> io::Result<TempDir> {
        // Held while the folder is made: an interrupt in between would miss it.
        let mut left = self.left();
        let folder = Builder::new().prefix("rdpwhy-").tempdir()?;
        left.push(folder.path().to_owned());
        Ok(folder)
    }

    /// A file in this folder, to be renamed when it is complete.
    pub(crate) fn file_in(&self, folder: &Path) -> io::Result<NamedTempFile> {
        let mut left = self.left();
        let mut builder = Builder::new();
        builder.prefix(".rdpwhy-").suffix(".tmp");
        // As any new file: what the user's mask allows.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let file = builder.tempfile_in(folder)?;
        left.push(file.path().to_owned());
        Ok(file)
    }
}

#[cfg(any(unix, windows))]
fn remove_on_interrupt(left: Arc<Mutex<Vec<PathBuf>>>) {
    // Without a handler an interrupt ends the program all the same; only the files stay.
    let _ = ctrlc::set_handler(move || {
        remove(&left.lock().unwrap_or_else(PoisonError::into_inner));
        std::process::exit(INTERRUPTED);
    });
}

/// A page in a browser has no interrupts, and its files are gone with it.
#[cfg(not(any(unix, windows)))]
fn remove_on_interrupt(_: Arc<Mutex<Vec<PathBuf>>>) {}

#[cfg(any(unix, windows))]
fn remove(paths: &[PathBuf]) {
    for path in paths {
        // What is gone already has been renamed or dropped.
        let _ = if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interrupt_removes_what_is_left() {
        let folder = tempfile::tempdir().expect("there is a temporary folder");
        let (file, inner) = (folder.path().join("file"), folder.path().join("inner"));
        std::fs::write(&file, "x").expect("the folder is writable");
        std::fs::create_dir(&inner).expect("the folder is writable");
        std::fs::write(inner.join("log"), "x").expect("the folder is writable");
        remove(&[file.clone(), inner.clone(), folder.path().join("gone")]);
        assert!(!file.exists() && !inner.exists());
    }
}
