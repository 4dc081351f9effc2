//! One ticket: forged, diagnosed, judged.

use rdpwhy_diagnose::diagnosis::{Cause, Diagnosis};
use rdpwhy_diagnose::{Options, diagnose};
use rdpwhy_event::FileTime;
use rdpwhy_forge::{Claim, Expect, ForgeError, Shapes, Ticket, forge};
use rdpwhy_logs::{ReadError, ReadOptions};
use rdpwhy_rules::Pack;
use std::io;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A ticket with its diagnosis and what is wrong with it.
#[derive(Debug)]
pub struct Judged {
    /// The name of the ticket's folder.
    pub name: String,
    /// What it expects.
    pub expect: Expect,
    /// What came out.
    pub diagnosis: Diagnosis,
    /// Where the two differ, a sentence each; empty if the ticket passes.
    pub complaints: Vec<String>,
    /// What was said where the ticket names the right cause.
    pub said: Vec<Said>,
}

/// What was said of a question whose answer the ticket knows.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// The right cause.
    pub right: String,
    /// How likely the first cause was said to be, right or wrong; 0 if none was named.
    pub probability: f64,
    /// The place of the right cause, from 1; `None` if it was not named at all.
    pub place: Option<usize>,
}

/// A ticket that could not be judged.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    /// A folder or file that cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A ticket that cannot be forged.
    #[error(transparent)]
    Ticket(#[from] ForgeError),
    /// Forged logs that cannot be read.
    #[error("{path}: {source}")]
    Logs {
        /// The ticket.
        path: PathBuf,
        /// Why.
        source: ReadError,
    },
}

fn file(path: &Path) -> impl FnOnce(io::Error) -> ProofError {
    let path = path.to_owned();
    move |source| ProofError::File { path, source }
}

/// All tickets (`ticket.yml`) below a folder, by path.
///
/// # Errors
/// A folder that cannot be read.
pub fn tickets(folder: &Path) -> Result<Vec<PathBuf>, ProofError> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).map_err(file(&folder))? {
            let path = entry.map_err(file(&folder))?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.file_name().is_some_and(|name| name == "ticket.yml") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Forges the ticket's logs into a folder.
///
/// # Errors
/// What cannot be forged or written.
pub fn forge_into(ticket: &Ticket, shapes: &Shapes, folder: &Path) -> Result<(), ProofError> {
    for log in forge(ticket, shapes)? {
        let path = folder.join(&log.path);
        let parent = path.parent().unwrap_or(folder);
        std::fs::create_dir_all(parent).map_err(file(parent))?;
        std::fs::write(&path, &log.bytes).map_err(file(&path))?;
    }
    Ok(())
}

/// The options that the ticket names.
#[must_use]
pub fn options(expect: &Expect) -> Options {
    let asked = &expect.options;
    // Both sides write times alike, so what one prints the other reads.
    let time = |text: Option<String>| text.and_then(|text| text.parse::<FileTime>().ok());
    Options {
        since: time(asked.since.map(|time| time.to_string())),
        until: time(asked.until.map(|time| time.to_string())),
        at: time(asked.at.map(|time| time.to_string())),
        error: asked.error,
        extended: asked.extended,
        user: asked.user.clone(),
        source: asked.source.clone(),
        target: asked.target.clone(),
        whole_values: false,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

/// Diagnoses the logs of a ticket and holds the diagnosis against what it expects.
///
/// # Errors
/// A ticket that cannot be forged, or logs that cannot be written or read.
pub fn judge(path: &Path, pack: &Pack, shapes: &Shapes) -> Result<Judged, ProofError> {
    let ticket = Ticket::load(path)?;
    let folder = tempfile::tempdir().map_err(file(path))?;
    forge_into(&ticket, shapes, folder.path())?;
    judge_logs(path, ticket, folder.path(), pack)
}

/// The same for a ticket whose logs are forged already, into a folder.
///
/// # Errors
/// Logs that cannot be read.
pub fn judge_logs(path: &Path, ticket: Ticket, logs: &Path, pack: &Pack) -> Result<Judged, ProofError> {
    let diagnosis = diagnosed(path, logs, &ticket.expect, pack)?;
    let name = path.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned();
    let mut complaints = complaints(&ticket.expect, &diagnosis);
    complaints.extend(loud(&name, &diagnosis, pack));
    let said = said(&ticket.expect, &diagnosis);
    Ok(Judged { name, expect: ticket.expect, diagnosis, complaints, said })
}

/// Judges all of them, side by side; the results are in the order of the paths.
pub fn judge_all(paths: &[PathBuf], pack: &Pack, shapes: &Shapes) -> Vec<Result<Judged, ProofError>> {
    side_by_side(paths, |path| judge(path, pack, shapes))
}

/// Does the same for all paths, on all processors; the results are in the order of the paths.
pub fn side_by_side<T: Send>(paths: &[PathBuf], work: impl Fn(&Path) -> T + Sync) -> Vec<T> {
    each(paths, |path| work(path))
}

/// Does the same for all, on all processors; the results are in their order.
pub(crate) fn each<I: Sync, T: Send>(items: &[I], work: impl Fn(&I) -> T + Sync) -> Vec<T> {
    // Plain threads: tasks of a pool that wait for another pool's would take up further tickets on the same stack.
    let threads = std::thread::available_parallelism().map_or(1, NonZeroUsize::get).min(items.len());
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut own = Vec::new();
        while let Some((index, item)) =
            Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|at| Some((at, items.get(at)?)))
        {
            own.push((index, work(item)));
        }
        own
    };
    let mut done: Vec<(usize, T)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a worker does not panic")).collect()
    });
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, one)| one).collect()
}

/// The diagnosis of a ticket that is in no file.
pub(crate) fn judge_forged(ticket: &Ticket, pack: &Pack, shapes: &Shapes) -> Result<Diagnosis, ProofError> {
    let folder = tempfile::tempdir().map_err(file(Path::new("a folder for logs")))?;
    forge_into(ticket, shapes, folder.path())?;
    diagnosed(folder.path(), folder.path(), &ticket.expect, pack)
}

/// The diagnosis of the logs in a folder; `named` is its name in errors.
fn diagnosed(named: &Path, logs: &Path, expect: &Expect, pack: &Pack) -> Result<Diagnosis, ProofError> {
    let reading = rdpwhy_logs::read(
        &[logs.to_owned()],
        pack,
        &ReadOptions { threads: Some(NonZeroUsize::MIN), ..ReadOptions::default() },
        &(),
    )
    .map_err(|source| ProofError::Logs { path: named.to_owned(), source })?;
    Ok(diagnose(&reading, pack, &options(expect)))
}

/// The causes of each claim of a ticket: of the whole, and of each incident.
fn claims<'a>(expect: &'a Expect, diagnosis: &'a Diagnosis) -> Vec<(&'a Claim, Vec<&'a Cause>)> {
    let mut claims = vec![(&expect.claim, diagnosis.diagnoses.iter().collect())];
    for (index, claim) in expect.incidents.iter().enumerate() {
        claims
            .push((claim, diagnosis.diagnoses.iter().filter(|cause| cause.incident == index + 1).collect()));
    }
    claims
}

fn said(expect: &Expect, diagnosis: &Diagnosis) -> Vec<Said> {
    let answered = claims(expect, diagnosis).into_iter().filter_map(|(claim, causes)| {
        let right = claim.first.clone()?;
        let probability = causes.first().map_or(0.0, |first| first.probability);
        let place = causes.iter().position(|cause| cause.cause == right).map(|index| index + 1);
        Some(Said { right, probability, place })
    });
    answered.collect()
}

fn complaints(expect: &Expect, diagnosis: &Diagnosis) -> Vec<String> {
    let mut list = Vec::new();
    let verdict = diagnosis.verdict.to_string();
    if let Some(expected) = expect.verdict.as_ref().filter(|expected| **expected != verdict) {
        list.push(format!("verdict {verdict}, expected {expected}"));
    }
    let family = diagnosis.incidents.first().and_then(|first| first.family.as_ref()).map(|family| &family.id);
    if expect.family.as_ref().is_some_and(|expected| family != Some(expected)) {
        list.push(format!("family {family:?}, expected {:?}", expect.family));
    }
    if !expect.incidents.is_empty() && expect.incidents.len() != diagnosis.incidents.len() {
        list.push(format!("{} incidents, expected {}", diagnosis.incidents.len(), expect.incidents.len()));
    }
    for (expected, causes) in claims(expect, diagnosis) {
        claim(expected, &causes, &mut list);
    }
    let raised: Vec<&str> = diagnosis.notices.iter().map(|notice| notice.id.as_str()).collect();
    for notice in expect.notices.iter().filter(|notice| !raised.contains(&notice.as_str())) {
        list.push(format!("notice {notice} is missing (there are {raised:?})"));
    }
    for notice in expect.no_notices.iter().filter(|notice| raised.contains(&notice.as_str())) {
        list.push(format!("notice {notice} should not be there"));
    }
    let totals = &diagnosis.totals;
    for (what, expected, found) in [
        ("failed", expect.attempts.failed, totals.failed),
        ("succeeded", expect.attempts.succeeded, totals.succeeded),
        ("aborted", expect.attempts.aborted, totals.aborted),
        ("unknown", expect.attempts.unknown, totals.unknown),
    ] {
        if let Some(expected) = expected.filter(|expected| *expected != found as u64) {
            list.push(format!("{found} attempts {what}, expected {expected}"));
        }
    }
    for channel in &expect.collect {
        if !diagnosis.collect.iter().any(|collect| collect.channel == *channel) {
            list.push(format!("does not ask for {channel}"));
        }
    }
    list
}

/// The causes that promise to stay quiet on this ticket, and do not.
fn loud(ticket: &str, diagnosis: &Diagnosis, pack: &Pack) -> Vec<String> {
    let promised = pack.causes().iter().filter(|cause| cause.quiet_on.iter().any(|name| name == ticket));
    let loud = promised.filter_map(|cause| {
        let said = diagnosis.diagnoses.iter().filter(|said| said.cause == cause.id);
        let most = said.map(|said| said.probability).fold(0.0, f64::max);
        (most > QUIET).then(|| format!("{} {most:.2} should be quiet (its `quiet_on`)", cause.id))
    });
    loud.collect()
}

fn claim(claim: &Claim, causes: &[&Cause], list: &mut Vec<String>) {
    let first = causes.first();
    let show = |cause: &Cause| format!("{} {:.2}", cause.cause, cause.probability);
    if let Some(expected) = &claim.first
        && first.is_none_or(|first| first.cause != *expected)
    {
        let top: Vec<String> = causes.iter().take(3).map(|cause| show(cause)).collect();
        list.push(format!("first is {top:?}, expected {expected}"));
    }
    let probability = first.map_or(0.0, |first| first.probability);
    if let Some(least) = claim.min_probability.filter(|least| probability < *least) {
        list.push(format!("first has {probability:.3}, expected at least {least}"));
    }
    if let Some(most) = claim.max_probability.filter(|most| probability > *most) {
        list.push(format!("first has {probability:.3}, expected at most {most}"));
    }
    for expected in &claim.top3 {
        if !causes.iter().take(3).any(|cause| cause.cause == *expected) {
            list.push(format!("{expected} is not among the first three"));
        }
    }
    for quiet in &claim.quiet {
        if let Some(loud) = causes.iter().find(|cause| cause.cause == *quiet && cause.probability > QUIET) {
            list.push(format!("{} should be quiet", show(loud)));
        }
    }
}

/// A cause is quiet up to this probability.
pub(crate) const QUIET: f64 = 0.1;

impl Judged {
    /// The causes that the ticket wants quiet, and whether they are.
    pub(crate) fn quiet(&self) -> Vec<(&str, bool)> {
        let mut list = Vec::new();
        for (claim, causes) in claims(&self.expect, &self.diagnosis) {
            for quiet in &claim.quiet {
                let loud = causes.iter().any(|cause| cause.cause == *quiet && cause.probability > QUIET);
                list.push((quiet.as_str(), !loud));
            }
        }
        list
    }
}
