//! Generated files: schemas, reference pages, manual pages.

use crate::failure::Failure;
use crate::terminal;
use std::path::PathBuf;

/// A file to be written.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) path: PathBuf,
    text: String,
    /// What a file starts with that was generated before and may be replaced.
    mark: Option<&'static str>,
}

impl Page {
    pub(crate) fn new(path: PathBuf, text: String) -> Page {
        Page { path, text, mark: None }
    }

    /// The same; a file that starts with the mark is an older version of it.
    #[must_use]
    pub(crate) fn marked(self, mark: &'static str) -> Page {
        Page { mark: Some(mark), ..self }
    }

    /// Whether writing it loses nothing of the user's.
    fn is_safe(&self) -> bool {
        match std::fs::read(&self.path) {
            Ok(old) => {
                old == self.text.as_bytes() || self.mark.is_some_and(|mark| old.starts_with(mark.as_bytes()))
            }
            Err(_) => !self.path.exists(),
        }
    }
}

/// Writes all pages, with the folders they are in; none if one of them would replace a file that is not its older version.
///
/// # Errors
/// The first file that is in the way, unless `force`, or that cannot be written.
pub(crate) fn write(pages: &[Page], force: bool) -> Result<(), Failure> {
    if let Some(page) = pages.iter().find(|page| !force && !page.is_safe()) {
        let failure =
            Failure::new(format!("`{}` already exists; nothing was written", terminal::name(&page.path)));
        return Err(failure.help("choose another folder, or replace such files with --force"));
    }
    for page in pages {
        if let Some(folder) = page.path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| Failure::cannot_write(folder, &error))?;
        }
        std::fs::write(&page.path, &page.text).map_err(|error| Failure::cannot_write(&page.path, &error))?;
    }
    Ok(())
}
