//! Where the report goes. Nothing of the user's is destroyed on the way.

use crate::failure::Failure;
use crate::scratch::Scratch;
use crate::terminal::{self, Style};
use std::fs::{self, File, Metadata, Permissions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Names of standard output.
const STANDARD: [&str; 4] = ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];

/// Where the report goes.
#[derive(Debug)]
pub(crate) enum Output {
    Standard,
    /// A pipe or a device, which is written to as it is.
    Stream(PathBuf),
    File(Target),
}

/// A file that appears, or is replaced, once the report is complete.
#[derive(Debug)]
pub(crate) struct Target {
    path: PathBuf,
    folder: PathBuf,
    /// Of the file to be replaced; `None` where there must not be one.
    replaces: Option<Permissions>,
}

impl Output {
    /// Where `asked` leads. `inputs` are all files that will be read; they are looked up only where a file exists there.
    ///
    /// # Errors
    /// A report cannot be written there: it is a folder, an input, an existing file (unless `force`), or a place without
    /// permission.
    pub(crate) fn new(
        asked: Option<&Path>,
        force: bool,
        inputs: impl FnOnce() -> Vec<PathBuf>,
    ) -> Result<Output, Failure> {
        let Some(path) = asked.filter(|path| STANDARD.iter().all(|name| *path != Path::new(name))) else {
            return Ok(Output::Standard);
        };
        if path.is_dir() || path.to_string_lossy().ends_with(std::path::is_separator) {
            return Err(refused(path, "is a folder", "name a file in it, such as FOLDER/report.html"));
        }
        let Ok(link) = fs::symlink_metadata(path) else {
            return Target::new(path.to_owned(), None).map(Output::File);
        };
        match fs::metadata(path) {
            Err(error) if link.is_symlink() && error.kind() == io::ErrorKind::NotFound => {
                Err(refused(path, "is a link to a file that does not exist", "choose another name with -o"))
            }
            Err(error) => Err(Failure::cannot_write(path, &error)),
            Ok(existing) if existing.is_file() => {
                replaceable(path, &existing, force, inputs)?;
                // What a link leads to is replaced, not the link. Other paths stay as they are: some drives of Windows resolve none.
                let resolved = if link.is_symlink() { fs::canonicalize(path) } else { Ok(path.to_owned()) };
                let path = resolved.map_err(|error| Failure::cannot_write(path, &error))?;
                Target::new(path, Some(existing.permissions())).map(Output::File)
            }
            Ok(existing) if takes_a_stream(&existing) => Ok(Output::Stream(path.to_owned())),
            Ok(_) => Err(refused(path, "is a disk or a socket", "name a file")),
        }
    }

    pub(crate) fn is_standard(&self) -> bool {
        matches!(self, Output::Standard)
    }

    /// Writes the report: all of it or, into a file, none.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn write(&self, report: &str, style: Style, scratch: &Scratch) -> Result<(), Failure> {
        match self {
            Output::Standard => terminal::print(report, style).map_err(standard_failed),
            other => other.write_bytes(report.as_bytes(), scratch),
        }
    }

    /// Writes bytes as they are: all of them or, into a file, none.
    ///
    /// # Errors
    /// They cannot be written.
    pub(crate) fn write_bytes(&self, bytes: &[u8], scratch: &Scratch) -> Result<(), Failure> {
        match self {
            Output::Standard => io::stdout().lock().write_all(bytes).map_err(standard_failed),
            Output::Stream(path) => File::options()
                .write(true)
                .open(path)
                .and_then(|mut stream| stream.write_all(bytes))
                .map_err(|error| Failure::cannot_write(path, &error)),
            Output::File(target) => target.write(bytes, scratch),
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "as map_err hands it over")]
fn standard_failed(error: io::Error) -> Failure {
    Failure::cannot_write(Path::new("standard output"), &error)
}

impl Target {
    /// # Errors
    /// The folder is not there, or takes no new file.
    fn new(path: PathBuf, replaces: Option<Permissions>) -> Result<Target, Failure> {
        let folder = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        if !folder.is_dir() {
            let message = format!("cannot write `{}`: its folder does not exist", terminal::name(&path));
            return Err(Failure::new(message).help("create the folder, or choose another place with -o"));
        }
        // Found out now, not after minutes of work.
        tempfile::Builder::new()
            .prefix(".rdpwhy-")
            .suffix(".tmp")
            .tempfile_in(&folder)
            .map_err(|error| Failure::cannot_write(&path, &error).help("choose another place with -o"))?;
        Ok(Target { path, folder, replaces })
    }

    fn write(&self, report: &[u8], scratch: &Scratch) -> Result<(), Failure> {
        let cannot =
            |error: io::Error| Failure::cannot_write(&self.path, &error).help("choose another place with -o");
        let mut file = scratch.file_in(&self.folder).map_err(cannot)?;
        file.write_all(report).map_err(cannot)?;
        if let Some(permissions) = &self.replaces {
            file.as_file().set_permissions(permissions.clone()).map_err(cannot)?;
        }
        // Some disks report that they are full only now.
        file.as_file().sync_all().map_err(cannot)?;
        if self.replaces.is_some() {
            return file.persist(&self.path).map(|_| ()).map_err(|failed| cannot(failed.error));
        }
        match file.persist_noclobber(&self.path) {
            Ok(_) => Ok(()),
            Err(failed) if failed.error.kind() == io::ErrorKind::AlreadyExists => Err(exists(&self.path)),
            // Some file systems cannot rename without replacing.
            Err(failed) if !self.path.exists() => {
                failed.file.persist(&self.path).map(|_| ()).map_err(|failed| cannot(failed.error))
            }
            Err(failed) => Err(cannot(failed.error)),
        }
    }
}

/// Whether the file may be replaced.
fn replaceable(
    path: &Path,
    existing: &Metadata,
    force: bool,
    inputs: impl FnOnce() -> Vec<PathBuf>,
) -> Result<(), Failure> {
    let own = identity(path);
    if own.is_some() && inputs().iter().any(|input| identity(input) == own) {
        return Err(refused(
            path,
            "is one of the inputs, which are never overwritten",
            "choose another name with -o",
        ));
    }
    if !force {
        return Err(exists(path));
    }
    if existing.permissions().readonly() {
        return Err(refused(path, "is write-protected", "choose another name with -o"));
    }
    Ok(())
}

fn exists(path: &Path) -> Failure {
    refused(path, "already exists", "choose another name with -o, or replace the file with --force")
}

fn refused(path: &Path, why: &str, help: &str) -> Failure {
    Failure::new(format!("cannot write the report: `{}` {why}", terminal::name(path))).help(help)
}

/// What two paths to one file have in common, also through links.
#[cfg(unix)]
fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).ok().map(|metadata| (metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<PathBuf> {
    fs::canonicalize(path).ok()
}

#[cfg(unix)]
fn takes_a_stream(existing: &Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    let kind = existing.file_type();
    kind.is_fifo() || kind.is_char_device()
}

#[cfg(not(unix))]
fn takes_a_stream(_: &Metadata) -> bool {
    true
}
