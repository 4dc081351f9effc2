//! One case in a process of its own: whatever becomes of it, the others go on.

use super::folder::Folder;
use crate::arguments::{Batch, BatchCase, Format};
use crate::diagnose;
use crate::failure::Failure;
use clap::ValueEnum;
use rdpwhy_batch::{Case, Rows, Source};
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// Where the process leaves its rows.
const ROWS: &str = "rows.json";
/// Is there if the case looks like several.
const SEVERAL: &str = "several";
/// Where its messages go.
const MESSAGES: &str = "messages.txt";
/// Between two looks at a process: at first, and at most.
const LOOKS: (Duration, Duration) = (Duration::from_millis(2), Duration::from_millis(25));
/// Exit status where there is no report.
const NO_REPORT: i32 = 2;
/// Between two looks at whether the parent is still there.
#[cfg(unix)]
const PARENT: Duration = Duration::from_secs(1);

/// Why a process ended.
enum Ended {
    Itself(ExitStatus),
    TooLong,
    TooLarge,
}

/// The options of a case, as `rdpwhy diagnose` takes them. Those that concern all cases first: those of a case overrule them.
pub(super) fn options(asked: &Batch, case: &Case) -> Vec<OsString> {
    let word = |name: &str, value: &dyn std::fmt::Display| OsString::from(format!("--{name}={value}"));
    let limits = asked.archives.limits();
    let formats: Vec<String> = asked.formats.iter().map(|format| name(*format)).collect();
    let mut options = vec![
        word("formats", &formats.join(",")),
        word("max-events", &asked.reading.max_events),
        word("max-archive-depth", &limits.depth),
        word("max-archive-ratio", &limits.ratio),
        word("max-archive-bytes", &limits.bytes),
        word("max-archive-entries", &limits.entries),
        word("max-archive-memory", &limits.held),
    ];
    let typed = [("since", &asked.since), ("until", &asked.until), ("tz", &asked.tz)];
    let is_own = |name: &str| {
        let start = format!("--{name}=");
        case.options.iter().any(|option| option.to_string_lossy().starts_with(&start))
    };
    for (name, value) in typed {
        options.extend(value.iter().filter(|_| !is_own(name)).map(|value| word(name, value)));
    }
    for (flag, is_set) in [("--recover", asked.reading.recover), ("--full", asked.full)] {
        options.extend(is_set.then(|| OsString::from(flag)));
    }
    if let Some(pack) = &asked.common.folders.pack {
        options.extend([OsString::from("--pack"), pack.clone().into_os_string()]);
    }
    if let Some(rules) = &asked.common.folders.rules {
        options.extend([OsString::from("--rules"), rules.clone().into_os_string()]);
        options.extend(asked.common.rules_lenient.then(|| OsString::from("--rules-lenient")));
    }
    options.extend(case.options.iter().cloned());
    options
}

/// What became of a case.
#[derive(Debug)]
pub(super) struct Outcome {
    /// Its rows, with the error where it failed.
    pub(super) rows: Rows,
    /// They would be the same again.
    pub(super) is_final: bool,
    /// It looks like several cases.
    pub(super) several: bool,
}

/// Diagnoses a case. What fails is a row with the error.
///
/// # Errors
/// The folder of results cannot be written to, or no process can be started.
pub(super) fn diagnose(asked: &Batch, case: &Case, folder: &Folder) -> Result<Outcome, Failure> {
    let work = folder.work(case)?;
    let messages = work.join(MESSAGES);
    let stderr = File::create(&messages).map_err(|error| Failure::cannot_write(&messages, &error))?;
    let program = std::env::current_exe().map_err(|error| Failure::new(format!("cannot start: {error}")))?;
    let mut child = Command::new(program)
        .arg("batch-case")
        .arg("--folder")
        .arg(&work)
        .arg(OsString::from(format!("--parent={}", std::process::id())))
        .args(["--threads=1", "--quiet"])
        .arg(OsString::from(format!("--case={}", case.name)))
        .args(options(asked, case))
        .arg("--")
        .args(&case.paths)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(stderr)
        .spawn()
        .map_err(|error| Failure::new(format!("cannot start a process for a case: {error}")))?;
    let ended = wait(&mut child, asked);
    let _ = child.wait();
    let (mut rows, is_final) = match &ended {
        Ended::TooLong => {
            let error = format!("took longer than {} s (--timeout)", asked.timeout);
            (rdpwhy_batch::failed(&case.name, &error), false)
        }
        Ended::TooLarge => {
            let error = format!("took more than {} MB of memory (--max-memory)", asked.max_memory >> 20);
            (rdpwhy_batch::failed(&case.name, &error), false)
        }
        Ended::Itself(status) => left(case, &work, *status),
    };
    if rows.case.error.is_none() {
        for format in &asked.formats {
            let report = folder.publish(case, *format, &work.join(format.ending()))?;
            rows.case.reports.insert(name(*format), report);
        }
    }
    let several = work.join(SEVERAL).exists();
    // What is left behind is cleared by the next run.
    let _ = fs::remove_dir_all(&work);
    Ok(Outcome { rows, is_final, several })
}

/// What a process that ended by itself left behind.
fn left(case: &Case, work: &Path, status: ExitStatus) -> (Rows, bool) {
    let rows = fs::read(work.join(ROWS)).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    match (status.code(), rows) {
        (Some(0 | 1), Some(rows)) => (rows, true),
        (code, _) => {
            let messages = fs::read(work.join(MESSAGES)).unwrap_or_default();
            let said = error(&String::from_utf8_lossy(&messages));
            let said = said.unwrap_or_else(|| format!("the process ended early ({status})"));
            (rdpwhy_batch::failed(&case.name, &said), code == Some(NO_REPORT))
        }
    }
}

/// The error among messages, on one line and without help.
fn error(messages: &str) -> Option<String> {
    messages.split_once("error: ").map(|(_, error)| rdpwhy_batch::one_line(error))
}

fn wait(child: &mut Child, asked: &Batch) -> Ended {
    let (started, limit) = (Instant::now(), Duration::from_secs(asked.timeout));
    let (mut pause, longest) = LOOKS;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ended::Itself(status),
            Ok(None) if started.elapsed() > limit => break kill(child, Ended::TooLong),
            Ok(None) if memory(child).is_some_and(|used| used > asked.max_memory) => {
                break kill(child, Ended::TooLarge);
            }
            Ok(None) => std::thread::sleep(pause),
            Err(_) => break kill(child, Ended::TooLong),
        }
        pause = (pause * 2).min(longest);
    }
}

fn kill(child: &mut Child, ended: Ended) -> Ended {
    // It may have ended in between.
    let _ = child.kill();
    ended
}

/// Bytes of memory that the process has, where the system says so.
fn memory(child: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches(" kB").parse::<u64>().ok().map(|kilobytes| kilobytes << 10)
}

fn name(format: Format) -> String {
    format.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

/// The other end: diagnoses one case and leaves rows and reports in a folder.
///
/// # Errors
/// Why there is no report.
pub(crate) fn run(asked: &BatchCase) -> Result<u8, Failure> {
    if let Some(parent) = asked.parent {
        end_with(parent);
    }
    let made = diagnose::make(&asked.diagnose)?;
    let case = asked.diagnose.report.case.clone().unwrap_or_default();
    let write = |name: &str, text: &str| {
        let path = asked.folder.join(name);
        fs::write(&path, text).map_err(|error| Failure::cannot_write(&path, &error))
    };
    for format in &asked.formats {
        write(format.ending(), &diagnose::page(&asked.diagnose, &made.diagnosis, *format))?;
    }
    let source = Source { case: &case, diagnosis: &made.diagnosis, reading: &made.reading, pack: &made.pack };
    let rows = rdpwhy_batch::rows(source);
    if made.several {
        write(SEVERAL, "")?;
    }
    write(ROWS, &serde_json::to_string(&rows).map_err(Failure::new)?)?;
    Ok(u8::from(!rows.case.complete))
}

/// Ends this process soon after the one that waits for it: a case that takes too long would go on without anybody to end it.
#[cfg(unix)]
fn end_with(parent: u32) {
    std::thread::spawn(move || {
        while std::os::unix::process::parent_id() == parent {
            std::thread::sleep(PARENT);
        }
        std::process::exit(NO_REPORT);
    });
}

#[cfg(not(unix))]
fn end_with(_: u32) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_line_without_help() {
        let said = "note: x\nerror: no event log to read\na.zip: not a log [x]\n  help: y\n";
        assert_eq!(error(said).as_deref(), Some("no event log to read; a.zip: not a log [x]"));
        assert_eq!(error("all is well"), None);
    }
}
