//! `rdpwhy report-wrong`: a bundle without names that shows what a diagnosis was made from, to be attached to a report that it was
//! wrong.

use crate::arguments::ReportWrong;
use crate::diagnose::{self, Made};
use crate::failure::Failure;
use crate::output::Output;
use crate::scratch::Scratch;
use crate::terminal;
use rdpwhy_diagnose::{Diagnosis, Redacted};
use rdpwhy_event::Wants;
use rdpwhy_report::{JsonOptions, MarkdownOptions};
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;

/// Where the bundle goes unless told otherwise.
const NAME: &str = "rdpwhy-wrong.zip";
/// What `--expected` takes beside the causes: nothing was wrong.
const NOTHING: &str = "none";
/// The status of a bundle that is written.
const DONE: u8 = 0;

/// A file of the bundle.
type File = (&'static str, String);

/// Writes the bundle; hands back the exit status.
///
/// # Errors
/// There is no diagnosis, a name would be left in the bundle, or it cannot be written.
pub(crate) fn run(asked: &ReportWrong) -> Result<u8, Failure> {
    let path = asked.diagnose.report.output.as_deref().unwrap_or(Path::new(NAME));
    let output = Output::new(Some(path), asked.diagnose.report.force, || diagnose::inputs(&asked.diagnose))?;
    if output.is_standard() {
        return Err(Failure::new("the bundle is a ZIP archive; name a file with -o"));
    }
    let made = diagnose::make(&asked.diagnose)?;
    check(asked, &made)?;
    let files = bundle(asked, &made)?;
    output.write_bytes(&packed(&files).map_err(Failure::new)?, &Scratch::default())?;
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    terminal::say(&format!(
        "wrote {} ({}). Names are replaced; read it before you send it.",
        terminal::name(path),
        names.join(", ")
    ));
    Ok(DONE)
}

/// # Errors
/// The expected cause is not among the rules.
fn check(asked: &ReportWrong, made: &Made) -> Result<(), Failure> {
    let known = |cause: &&String| *cause == NOTHING || made.pack.find_cause(cause).is_some();
    match asked.expected.as_ref() {
        Some(cause) if !known(&cause) => {
            let mut all: Vec<&str> = made.pack.causes().iter().map(|cause| cause.id.as_str()).collect();
            all.push(NOTHING);
            Err(Failure::unknown_cause(cause, &all))
        }
        _ => Ok(()),
    }
}

/// # Errors
/// A name is left.
fn bundle(asked: &ReportWrong, made: &Made) -> Result<Vec<File>, Failure> {
    let redacted = rdpwhy_diagnose::redact(&made.diagnosis, &made.reading, &made.pack);
    let options = JsonOptions { full: true, case: None };
    let report = diagnose::nameless(&redacted, |diagnosis| rdpwhy_report::json(diagnosis, &options))?;
    let options = MarkdownOptions { verbose: true, brief: false, case: None, time_zone: None };
    let page = diagnose::nameless(&redacted, |diagnosis| rdpwhy_report::markdown(diagnosis, &options))?;
    Ok(vec![
        ("README.txt", readme()),
        ("about.json", about(asked, made, &redacted)?),
        ("report.md", page),
        ("report.json", report),
        ("records.csv", records(made)),
        ("signals.csv", signals(made)),
    ])
}

fn readme() -> String {
    "What rdpwhy made of some logs, for whoever looks into a wrong diagnosis.\n\n\
     about.json   versions, the expected cause, and which options were given\n\
     report.md    the report, with pseudonyms in place of names\n\
     report.json  the same as JSON, with the evidence of all causes\n\
     records.csv  how many records there were of each kind that the rules read\n\
     signals.csv  how many records each rule recognized\n\n\
     The logs themselves are not in it. Read the files before you send them.\n"
        .to_owned()
}

/// # Errors
/// The comment contains names from the logs.
fn about(asked: &ReportWrong, made: &Made, redacted: &Redacted) -> Result<String, Failure> {
    let comment = asked.comment.as_deref().unwrap_or_default();
    let left = redacted.names_left(comment, |_: &Diagnosis| String::new());
    if !left.is_empty() {
        let names = left.join("`, `");
        return Err(Failure::new(format!(
            "the comment contains names from the logs: `{}`",
            rdpwhy_report::visible(&names)
        ))
        .help("describe them instead: the host, the user, the gateway"));
    }
    let complaint = &asked.diagnose.complaint;
    let tool = &made.diagnosis.tool;
    let found: Vec<&str> =
        made.diagnosis.diagnoses.iter().map(|cause| cause.cause.as_str()).take(3).collect();
    let about = json!({
        "version": tool.version,
        "rules": tool.rules,
        "first_causes": found,
        "expected": asked.expected,
        "comment": asked.comment,
        "error": complaint.error,
        "extended": complaint.extended,
        "given": {
            "at": complaint.at.is_some(),
            "since": complaint.since.is_some(),
            "until": complaint.until.is_some(),
            "user": complaint.user.is_some(),
            "source": complaint.source.is_some(),
            "target": complaint.target.is_some(),
            "rules": asked.diagnose.common.folders.named().next().is_some(),
            "recover": asked.diagnose.reading.recover,
        },
    });
    Ok(format!("{about:#}\n"))
}

/// How many records there are of each kind that the rules read. The names of other providers and channels can say
/// whose machine it is, so these are only counted.
fn records(made: &Made) -> String {
    let (mut kinds, mut others) = (BTreeMap::new(), 0);
    for count in &made.reading.tally.counts {
        if made.pack.wants(&count.provider, count.event_id, &count.channel) {
            *kinds.entry((&count.channel, &count.provider, count.event_id)).or_insert(0) += count.total;
        } else {
            others += count.total;
        }
    }
    let line = |((channel, provider, event), total): ((_, _, _), u64)| {
        format!("\"{channel}\",\"{provider}\",{event},{total}\n")
    };
    let lines: String = kinds.into_iter().map(line).collect();
    format!("channel,provider,event_id,records\n{lines}(others),,,{others}\n")
}

/// How many records each signal recognizes.
fn signals(made: &Made) -> String {
    let mut seen: BTreeMap<&str, u64> = BTreeMap::new();
    for event in &made.reading.events {
        for signal in made.pack.recognise(event) {
            *seen.entry(made.pack.signal(signal).name.as_str()).or_default() += 1;
        }
    }
    let lines: String = seen.iter().map(|(id, count)| format!("{id},{count}\n")).collect();
    format!("signal,records\n{lines}")
}

/// The files as a ZIP archive. Its entries have no time: the same logs give the same bundle.
fn packed(files: &[File]) -> zip::result::ZipResult<Vec<u8>> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        archive
            .start_file(*name, SimpleFileOptions::default().last_modified_time(zip::DateTime::default()))?;
        archive.write_all(text.as_bytes())?;
    }
    Ok(archive.finish()?.into_inner())
}
