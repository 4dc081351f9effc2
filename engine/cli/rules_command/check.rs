//! `rdpwhy rules check`: every fault and every doubt about the rules, at once.

use super::{FAULTY, FINE};
use crate::arguments::RulesCheck;
use crate::failure::Failure;
use crate::rule_files;
use rdpwhy_rules::{BASIS_KINDS, Pack, RuleFile, lint};
use rdpwhy_yaml::{Fault, Faults, Level};
use std::collections::BTreeSet;
use std::path::Path;

/// Tickets beside the current folder.
pub(super) const SAMPLES: &str = "samples";

pub(super) fn run(asked: &RulesCheck) -> Result<(String, u8), Failure> {
    let base = super::base(asked.pack.as_deref())?;
    let added = asked.folder.as_deref().map_or(Ok(Vec::new()), rule_files::read)?;
    let proved = proved(asked)?;
    let (counted, faults) = match Pack::load(&base, &added) {
        Ok((pack, faults)) => (Some(pack), faults),
        Err(error) => (None, error.faults),
    };
    lint(&base, &added, proved.as_ref(), &faults);
    // Faults of the built-in rules are not the author's, unless what was added makes them unusable.
    let faults = if added.is_empty() { faults } else { own(&faults, &added, counted.is_some()) };
    let mut text = shown(&faults, asked.short);
    let errors = faults.error_count();
    let warnings = faults.len() - errors;
    if !added.is_empty() {
        text.push_str(&format!("{} of your rules, with {}: ", several(added.len(), "file"), of_base(asked)));
    } else if let Some(pack) = &counted {
        text.push_str(&format!(
            "{} signals, {} causes, {} notices, {} steps, {} live checks, {} tables of codes: ",
            pack.signals().len(),
            pack.causes().len(),
            pack.notices().len(),
            pack.steps().len(),
            pack.checks().len(),
            pack.codes().len()
        ));
    }
    let bases = counted.as_ref().filter(|_| added.is_empty()).map(bases).unwrap_or_default();
    text.push_str(&format!("{}, {}\n{bases}", several(errors, "error"), several(warnings, "warning")));
    Ok((text, if errors > 0 { FAULTY } else { FINE }))
}

/// What the added rules are checked with.
fn of_base(asked: &RulesCheck) -> &'static str {
    if asked.pack.is_some() { "those of the pack" } else { "the built-in ones" }
}

/// The faults of the added files; errors of others as well if the rules cannot be used because of them.
fn own(faults: &Faults, added: &[RuleFile], usable: bool) -> Faults {
    let is_own = |file: &str| added.iter().any(|added| added.path == file);
    let kept = Faults::new();
    added.iter().for_each(|file| kept.remember(&file.path, &file.text));
    let own_errors = !faults.errors_in(is_own).is_empty();
    for fault in faults.sorted() {
        let breaks = !usable && !own_errors && fault.level == Level::Error;
        if is_own(&fault.file) || breaks {
            kept.push(fault);
        }
    }
    kept
}

/// What the numbers of the rules are based on.
fn bases(pack: &Pack) -> String {
    let counts = BASIS_KINDS.iter().zip(pack.bases()).map(|(kind, count)| format!("{count} {kind}"));
    format!("numbers by basis: {}\n", counts.collect::<Vec<_>>().join(", "))
}

fn shown(faults: &Faults, short: bool) -> String {
    if faults.is_empty() {
        return String::new();
    }
    if short {
        return faults.sorted().iter().map(|fault: &Fault| fault.one_line() + "\n").collect();
    }
    faults.render(false) + "\n\n"
}

/// `1 error`, `2 errors`.
pub(super) fn several(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// The causes that tickets put first; `None` where there are no tickets. Those beside the rules count as well.
fn proved(asked: &RulesCheck) -> Result<Option<BTreeSet<String>>, Failure> {
    let told = match (&asked.tickets, &asked.pack) {
        (Some(tickets), _) => Some(tickets.as_path()),
        (None, Some(pack)) if !rdpwhy_proof::tickets(pack).map_err(Failure::new)?.is_empty() => {
            Some(pack.as_path())
        }
        // The rules of a checkout have their tickets beside them.
        (None, pack) => Some(Path::new(SAMPLES)).filter(|samples| samples.is_dir()).or(pack.as_deref()),
    };
    let mut paths = Vec::new();
    for folder in told.into_iter().chain(asked.folder.as_deref()) {
        paths.extend(rdpwhy_proof::tickets(folder).map_err(Failure::new)?);
    }
    if told.is_none() && paths.is_empty() {
        return Ok(None);
    }
    let mut proved = BTreeSet::new();
    for path in paths {
        // Tickets that cannot be read are for `rules test` to complain about.
        let Ok(ticket) = rdpwhy_forge::Ticket::load(&path) else { continue };
        proved.extend(ticket.expect.claim.first);
        proved.extend(ticket.expect.incidents.into_iter().filter_map(|claim| claim.first));
    }
    Ok(Some(proved))
}
