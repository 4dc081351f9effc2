//! Links in folders, which are told and not followed.

use crate::input::format::has_log_name;
use crate::input::path_name::{below, file_name};
use rdpwhy_event::Warning;
use std::fs;
use std::path::Path;

/// This many links of a folder are named one by one.
const NAMED: usize = 5;

/// The links in a folder and those below it.
#[derive(Default)]
pub(super) struct Links {
    warnings: Vec<Warning>,
    /// Those that are not named.
    more: usize,
    /// What the first of these is called.
    next: Option<String>,
}

impl Links {
    /// Takes a link, unless it leads to a file that is not called like a log.
    pub(super) fn add(&mut self, root: &Path, path: &Path) {
        let is_other = fs::metadata(path).is_ok_and(|leads_to| !leads_to.is_dir());
        if is_other && !has_log_name(&file_name(path)) {
            return;
        }
        let name = below(root, path);
        if self.warnings.len() >= NAMED {
            self.more += 1;
            self.next.get_or_insert(name);
            return;
        }
        let target = match fs::read_link(path) {
            Ok(target) => format!("to `{}`", target.display()),
            Err(_) => "the target is not known".to_owned(),
        };
        let message = format!("a link, which is not followed; it leads {target}");
        self.warnings.push(Warning::new("input::link", &name, message).help(
            "If that belongs to the case, give the link or what it leads to as an argument of its own",
        ));
    }

    /// What to say of them.
    pub(super) fn warnings(self) -> Vec<Warning> {
        let mut warnings = self.warnings;
        if let Some(next) = self.next {
            let message = match self.more {
                1 => "one more link, which is not followed".to_owned(),
                more => format!("the first of {more} more links, which are not followed"),
            };
            warnings.push(Warning::new("input::link", &next, message));
        }
        warnings
    }
}
