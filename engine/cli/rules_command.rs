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

use crate::arguments::RulesCommand;
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
        RulesCommand::List { kind, rules } => fine(listing::run(*kind, &load(rules.as_deref())?)),
        RulesCommand::Show { id, markdown, rules } => {
            let page = show::page(
                &rdpwhy_report::visible(id),
                &load(rules.as_deref())?,
                &all_files(rules.as_deref())?,
            )?;
            fine(if *markdown { page.to_markdown() } else { page.to_text() })
        }
        RulesCommand::Test(asked) => tests::run(asked),
        RulesCommand::Schema { kind, output, force } => fine(schema::run(*kind, output.as_deref(), *force)?),
        RulesCommand::New { kind, id, folder } => fine(scaffold::run(kind.0, id, folder)?),
        RulesCommand::Docs { folder, rules, force } => {
            fine(reference::run(folder, &load(rules.as_deref())?, *force)?)
        }
    }
}

/// The built-in rules, with those of a folder.
pub(crate) fn load(folder: Option<&Path>) -> Result<Pack, Failure> {
    let added = folder.map_or(Ok(Vec::new()), rule_files::read)?;
    let (pack, _) = Pack::built_in(&added).map_err(|faults| Failure::of_rules(&faults))?;
    Ok(pack)
}

/// The files of the built-in rules, followed by those of a folder.
fn all_files(folder: Option<&Path>) -> Result<Vec<RuleFile>, Failure> {
    let mut files = rdpwhy_rules::embedded();
    files.extend(folder.map_or(Ok(Vec::new()), rule_files::read)?);
    Ok(files)
}
