//! `rdpwhy rules`: tools for those who write rules.

pub(crate) mod cause_page;
mod check;
pub(crate) mod code_page;
pub(crate) mod knowledge;
mod listing;
mod reference;
mod scaffold;
mod schema;
pub(crate) mod show;
mod tests;

use crate::arguments::{RuleFolders, RulesCommand};
use crate::failure::Failure;
use crate::rule_files;
use rdpwhy_rules::{Pack, RuleFile};
use std::path::Path;

/// Everything is as it should be.
const FINE: u8 = 0;
/// A ticket does not get what it expects.
const FAILED: u8 = 1;
/// The rules have errors.
const FAULTY: u8 = 2;

/// What to print, and the exit status.
///
/// # Errors
/// Why there is nothing to print, and what to do.
pub(crate) fn run(asked: &RulesCommand) -> Result<(String, u8), Failure> {
    let fine = |text| Ok((text, FINE));
    match asked {
        RulesCommand::Check(asked) => check::run(asked),
        RulesCommand::List { kind, folders } => fine(listing::run(*kind, &load(folders)?)),
        RulesCommand::Show { id, markdown, folders } => {
            let page = show::page(&rdpwhy_report::visible(id), &load(folders)?, &all_files(folders)?)?;
            fine(if *markdown { page.to_markdown() } else { page.to_text() })
        }
        RulesCommand::Test(asked) => tests::run(asked),
        RulesCommand::Schema { kind, output, force } => fine(schema::run(*kind, output.as_deref(), *force)?),
        RulesCommand::New { kind, id, folder } => fine(scaffold::run(kind.0, id, folder)?),
        RulesCommand::Docs { folder, folders, force } => {
            fine(reference::run(folder, &load(folders)?, *force)?)
        }
    }
}

/// The rules that count.
///
/// # Errors
/// A folder cannot be read, or the rules have errors.
pub(crate) fn load(folders: &RuleFolders) -> Result<Pack, Failure> {
    let added = folders.rules.as_deref().map_or(Ok(Vec::new()), rule_files::read)?;
    let loaded = match &folders.pack {
        Some(pack) => Pack::load(&rule_files::read(pack)?, &added),
        None => Pack::built_in(&added),
    };
    let (pack, _) = loaded.map_err(|faults| Failure::of_rules(&faults))?;
    Ok(pack)
}

/// The files of a pack, without one the built-in rules.
fn base(pack: Option<&Path>) -> Result<Vec<RuleFile>, Failure> {
    pack.map_or_else(|| Ok(rdpwhy_rules::embedded()), rule_files::read)
}

/// The files of the rules that count: those of the pack, followed by those that are added.
fn all_files(folders: &RuleFolders) -> Result<Vec<RuleFile>, Failure> {
    let mut files = base(folders.pack.as_deref())?;
    files.extend(folders.rules.as_deref().map_or(Ok(Vec::new()), rule_files::read)?);
    Ok(files)
}
