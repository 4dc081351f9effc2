//! `rdpwhy batch`: many cases, each diagnosed by a process of its own, to rows, reports and one page about all of them.

mod case_list;
mod child;
mod finish;
mod folder;
mod found;
mod key;
mod progress;

pub(crate) use child::run as run_case;

use crate::arguments::Batch;
use crate::diagnose::load_rules;
use crate::failure::Failure;
use crate::terminal;
use crate::timings::Timings;
use folder::{Folder, Stored};
use progress::Progress;
use rdpwhy_batch::{Case, named_apart};
use rdpwhy_rules::Pack;
use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Every case was diagnosed.
const ALL: u8 = 0;
/// The results are written, but some case could not be diagnosed.
const SOME: u8 = 1;

/// Diagnoses the cases that are not done yet, and writes the results of all; hands back the exit status.
///
/// # Errors
/// Nothing is done: no cases, faulty options or rules, or a folder that cannot or must not be written to.
pub(crate) fn run(asked: &Batch) -> Result<u8, Failure> {
    let timings = Timings::start();
    let pack = load_rules(&asked.common)?;
    let mut cases = found::cases(asked, &pack)?;
    case_list::add(asked, &mut cases)?;
    cases.retain(|case| !folder::is_output(case, &asked.output));
    if cases.is_empty() {
        return Err(none(asked));
    }
    let cases = named_apart(cases);
    let folder = Folder::open(asked, &cases)?;
    let done = diagnose_all(asked, &pack, &cases, &folder)?;
    let ended = finish::write(&folder, &cases, &pack)?;
    if !asked.common.quiet {
        terminal::say(&format!(
            "{}; {done} diagnosed now, {} failed; see {} ({})",
            count(cases.len(), "case"),
            ended.failed,
            terminal::name(&asked.output.join("index.html")),
            timings.total()
        ));
    }
    Ok(if ended.failed > 0 { SOME } else { ALL })
}

/// Diagnoses all cases that have no result yet; hands back how many.
fn diagnose_all(asked: &Batch, pack: &Pack, cases: &[Case], folder: &Folder) -> Result<usize, Failure> {
    let keys: Vec<String> = cases.iter().map(|case| key::of(asked, pack, case)).collect();
    let open: Vec<usize> =
        (0..cases.len()).filter(|at| !folder.has(&cases[*at], &keys[*at], &asked.formats)).collect();
    let progress = Progress::new(asked.common.quiet, cases.len(), cases.len() - open.len());
    let (next, fault) = (AtomicUsize::new(0), Mutex::new(None));
    let work = || {
        while let Some(&at) = open.get(next.fetch_add(1, Ordering::Relaxed)) {
            let stored = child::diagnose(asked, &cases[at], folder).and_then(|outcome| {
                if outcome.several {
                    progress.note(several(&cases[at]));
                }
                let failed = outcome.rows.case.error.is_some();
                // What time or memory ended is tried again by the next run.
                let key = if outcome.is_final { keys[at].clone() } else { String::new() };
                folder.store(&cases[at], &Stored { key, rows: outcome.rows }).map(|()| failed)
            });
            match stored {
                Ok(failed) => progress.done(failed),
                Err(failure) => {
                    // A full disk, say, which fails all cases: the first one is said, and the run ends.
                    next.store(open.len(), Ordering::Relaxed);
                    fault.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get_or_insert(failure);
                }
            }
        }
    };
    let workers = asked.reading.threads.or_else(|| std::thread::available_parallelism().ok());
    std::thread::scope(|scope| {
        for _ in 0..workers.map_or(1, NonZeroUsize::get).min(open.len()) {
            scope.spawn(work);
        }
    });
    progress.finish();
    match fault.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
        Some(failure) => Err(failure),
        None => Ok(open.len()),
    }
}

/// A folder that was given beside others can be a folder of cases itself.
fn several(case: &Case) -> String {
    let path = case.paths.first().map(|path| terminal::name(path)).unwrap_or_default();
    format!(
        "note: `{path}` looks like several cases and was analyzed as one; to diagnose each by itself: rdpwhy batch {path} -o RESULTS"
    )
}

fn none(asked: &Batch) -> Failure {
    let failure = Failure::new("no cases found");
    match asked.paths.first() {
        Some(path) => failure.help(format!(
            "each subfolder or archive in `{}` would be a case; for the logs of one case, use: rdpwhy diagnose {}",
            terminal::name(path),
            terminal::name(path)
        )),
        None => failure.help("the list of --cases has no rows"),
    }
}

fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
