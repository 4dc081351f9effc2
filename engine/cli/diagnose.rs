//! `rdpwhy diagnose`: from the paths given to the report.

use crate::arguments::{CommonArguments, Complaint, Diagnose, Format};
use crate::bar::Bar;
use crate::failure::Failure;
use crate::inputs::{Inputs, Readable};
use crate::output::Output;
use crate::rule_files;
use crate::scratch::Scratch;
use crate::terminal::{self, Style};
use crate::timings::Timings;
use rdpwhy_diagnose::{Diagnosis, Options, Redacted};
use rdpwhy_event::{Calendar, Warning};
use rdpwhy_logs::{ReadError, ReadOptions, Reading};
use rdpwhy_rules::{Pack, PackError, RuleFile};
use std::collections::BTreeSet;
use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// The report is made and every input was read whole.
const WHOLE: u8 = 0;
/// The report is made, but some input could not be read, or not whole.
const PARTIAL: u8 = 1;

/// Makes the report; hands back the exit status.
///
/// # Errors
/// Why there is no report.
pub(crate) fn run(asked: &Diagnose) -> Result<u8, Failure> {
    let mut timings = Timings::start();
    if asked.report.brief && !matches!(asked.report.format(), Format::Markdown | Format::Text) {
        return Err(Failure::new("--brief is for Markdown; this format has no short form")
            .help("--format markdown --brief, or leave --brief out"));
    }
    let inputs = Inputs::new(&asked.paths)?;
    let output = Output::new(asked.report.output.as_deref(), asked.report.force, || files(asked, &inputs))?;
    // The program ends with the report. What is held until then goes as a whole, which costs nothing, and not piece by piece.
    let pack = ManuallyDrop::new(load(asked)?);
    timings.lap("rules");
    let bar = Bar::new(asked.common.quiet, inputs.title());
    let scratch = Scratch::default();
    let readable = inputs.spooled(&scratch, asked.archives.limits().bytes)?;
    let reading = read(asked, &readable, &pack, &bar);
    // Not before the diagnosis: whatever ends the run early clears the line.
    let reading = ManuallyDrop::new(reading.inspect_err(|_| bar.finish())?);
    timings.laps(bar.all_read().map(|at| ("read", at)));
    timings.lap("combine");
    bar.phase("diagnosing");
    let stages = Mutex::new(Vec::new());
    let ended = |stage| stages.lock().unwrap_or_else(PoisonError::into_inner).push((stage, Instant::now()));
    let diagnosis = diagnose(asked, &reading, &pack, &ended);
    timings.laps(stages.into_inner().unwrap_or_else(PoisonError::into_inner));
    bar.finish();
    let (diagnosis, several) = diagnosis?;
    timings.lap("cases");
    let style = style(asked, &output);
    let format = asked.report.format();
    let terminal = output.is_standard().then(terminal::columns).flatten();
    let redacted = asked.report.redact.then(|| rdpwhy_diagnose::redact(&diagnosis, &reading, &pack));
    let report = match &redacted {
        Some(redacted) => nameless(redacted, |diagnosis| render(asked, diagnosis, format, terminal, style))?,
        None => render(asked, &diagnosis, format, terminal, style),
    };
    output.write(&report, style, &scratch)?;
    timings.lap("report");
    match &redacted {
        Some(redacted) => redacted.input_warnings().for_each(terminal::warn),
        None => reading.warnings.iter().for_each(terminal::warn),
    }
    several.iter().for_each(terminal::warn);
    if asked.timings {
        timings.print();
    }
    if terminal::is_watched() && !asked.common.quiet {
        terminal::say(&finished(asked, &output, &timings));
    }
    Ok(if reading.partial() { PARTIAL } else { WHOLE })
}

/// A diagnosis with what it was made of.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) pack: Pack,
    pub(crate) reading: Reading,
    pub(crate) diagnosis: Diagnosis,
    /// The inputs look like several cases.
    pub(crate) several: bool,
}

/// Makes the diagnosis, without progress and without a report.
///
/// # Errors
/// Why there is none.
pub(crate) fn make(asked: &Diagnose) -> Result<Made, Failure> {
    let inputs = Inputs::new(&asked.paths)?;
    let pack = load(asked)?;
    let bar = Bar::new(true, inputs.title());
    let readable = inputs.spooled(&Scratch::default(), asked.archives.limits().bytes)?;
    let reading = read(asked, &readable, &pack, &bar)?;
    let (diagnosis, several) = diagnose(asked, &reading, &pack, &|_| {})?;
    Ok(Made { pack, reading, diagnosis, several: several.is_some() })
}

/// A report in this format, as a file has it.
pub(crate) fn page(asked: &Diagnose, diagnosis: &Diagnosis, format: Format) -> String {
    render(asked, diagnosis, format, None, Style::Plain)
}

/// All files that are read for a diagnosis, as far as their paths can be read.
pub(crate) fn inputs(asked: &Diagnose) -> Vec<PathBuf> {
    Inputs::new(&asked.paths).map_or(Vec::new(), |inputs| files(asked, &inputs))
}

/// All files that are read: logs, archives and rules.
fn files(asked: &Diagnose, inputs: &Inputs) -> Vec<PathBuf> {
    let mut files = inputs.files();
    // A folder that cannot be read is reported when its rules are loaded.
    let folders = asked.common.folders.named();
    files.extend(folders.filter_map(|folder| rule_files::find(folder).ok()).flatten());
    files
}

/// The rules, in which everything that the arguments name must exist.
fn load(asked: &Diagnose) -> Result<Pack, Failure> {
    let pack = load_rules(&asked.common)?;
    if let Some(cause) = &asked.report.explain
        && pack.find_cause(cause).is_none()
    {
        let known: Vec<&str> = pack.causes().iter().map(|cause| cause.id.as_str()).collect();
        return Err(Failure::unknown_cause(cause, &known));
    }
    Ok(pack)
}

/// The rules that count: those of a pack or the built-in ones, and those that are added.
///
/// # Errors
/// A folder cannot be read, or its rules have errors and these are not to be left out.
pub(crate) fn load_rules(asked: &CommonArguments) -> Result<Pack, Failure> {
    let base = asked.folders.pack.as_deref().map(rule_files::read).transpose()?;
    let added = asked.folders.rules.as_deref().map_or(Ok(Vec::new()), rule_files::read)?;
    let lenient = asked.rules_lenient;
    let loaded = match (&base, lenient) {
        (Some(base), true) => Pack::load_leniently(base, &added),
        (Some(base), false) => Pack::load(base, &added),
        (None, true) => Pack::built_in_leniently(&added),
        (None, false) => Pack::built_in(&added),
    };
    let failure =
        |error: PackError| if lenient { Failure::of_rules(&error) } else { unusable(&error, &added) };
    let (pack, faults) = loaded.map_err(failure)?;
    if !faults.is_empty() {
        terminal::say(&faults.render_counted(false));
    }
    Ok(pack)
}

/// The faults of rules, with the way on where added files alone have them.
fn unusable(error: &PackError, added: &[RuleFile]) -> Failure {
    let is_added = |file: &str| added.iter().any(|added| added.path == file);
    let faulty: BTreeSet<String> =
        error.faults.errors_in(is_added).into_iter().map(|fault| fault.file).collect();
    let failure = Failure::of_rules(&error.faults.render_counted(false));
    if error.faults.errors_in(|file| !is_added(file)).is_empty() && !faulty.is_empty() {
        let files =
            if faulty.len() == 1 { "the file".to_owned() } else { format!("the {} files", faulty.len()) };
        return failure
            .help(format!("--rules-lenient leaves out {files} with errors and goes on with the others"));
    }
    failure
}

fn read(asked: &Diagnose, inputs: &Readable, pack: &Pack, bar: &Bar) -> Result<Reading, Failure> {
    let options = ReadOptions {
        threads: asked.reading.threads,
        archive_limits: asked.archives.limits(),
        recover: asked.reading.recover,
        max_events: Some(asked.reading.max_events),
        zone: asked.report.tz.clone(),
        whole_values: asked.report.full,
    };
    rdpwhy_logs::read(&inputs.paths, pack, &options, bar).map_err(|error| match error {
        ReadError::NoLogs(warnings) => {
            Failure::new(ReadError::NoLogs(warnings.iter().map(terminal::flat).collect()))
        }
        other => Failure::new(other),
    })
}

/// The diagnosis, and the warning that the inputs look like several cases, which is in it as well.
fn diagnose(
    asked: &Diagnose,
    reading: &Reading,
    pack: &Pack,
    ended: &(dyn Fn(&'static str) + Sync),
) -> Result<(Diagnosis, Option<Warning>), Failure> {
    let options = options(asked, reading)?;
    let diagnose = || rdpwhy_diagnose::diagnose_in_stages(reading, pack, &options, ended);
    let mut diagnosis = rdpwhy_logs::with_threads(asked.reading.threads, diagnose).map_err(Failure::new)?;
    let several = rdpwhy_batch::several_cases(&diagnosis, reading, pack);
    diagnosis.warnings.extend(several.clone().map(rdpwhy_diagnose::diagnosis::Warning::Input));
    Ok((diagnosis, several))
}

/// The report without names.
///
/// # Errors
/// A name is left in it. It is not told which: what stands on the terminal may be handed on, too.
pub(crate) fn nameless(
    redacted: &Redacted,
    render: impl Fn(&Diagnosis) -> String,
) -> Result<String, Failure> {
    let report = render(&redacted.diagnosis);
    let left = redacted.names_left(&report, render).len();
    if left > 0 {
        let names = if left == 1 { "a name is".to_owned() } else { format!("{left} names are") };
        return Err(Failure::new(format!("no report is written: {names} left in it in spite of --redact"))
            .help("this is a fault of rdpwhy; please report it, and make the report without --redact for yourself"));
    }
    Ok(report)
}

/// The complaint as the diagnosis takes it. Times without a date are of the day of the last record.
fn options(asked: &Diagnose, reading: &Reading) -> Result<Options, Failure> {
    let Complaint { error, extended, at, since, until, user, source, target } = &asked.complaint;
    let last = reading.logs.iter().flat_map(|log| &log.spans).map(|span| span.last).max();
    let calendar = Calendar::new(asked.report.tz.as_ref(), last);
    let (from, to) = calendar.span(*since, *until).map_err(Failure::new)?;
    let moment = at.map(|at| at.moment(&calendar)).transpose().map_err(Failure::new)?;
    for (flag, typed, found) in [("--at", at, moment), ("--since", since, from), ("--until", until, to)] {
        if let (Some(typed), Some(found)) = (typed, found)
            && typed.has_no_date()
        {
            let shown = &found.to_string()[..19].replace('T', " ");
            terminal::say(&format!("note: {flag} is {shown} UTC, by the day of the last record"));
        }
    }
    Ok(Options {
        since: from,
        until: to,
        at: moment,
        error: *error,
        extended: *extended,
        user: user.clone(),
        source: source.clone(),
        target: target.clone(),
        whole_values: asked.report.full,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    })
}

fn style(asked: &Diagnose, output: &Output) -> Style {
    use std::io::IsTerminal;
    let terminal = output.is_standard() && std::io::stdout().is_terminal();
    let is_text = asked.report.format() == Format::Text;
    if is_text && asked.report.color.applies(terminal, |name| std::env::var_os(name)) {
        Style::Colored
    } else {
        Style::Plain
    }
}

/// The report; `terminal` is how many columns the terminal has that it goes to, if it goes to one.
fn render(
    asked: &Diagnose,
    diagnosis: &Diagnosis,
    format: Format,
    terminal: Option<usize>,
    style: Style,
) -> String {
    let (time_zone, explain) = (asked.report.tz.clone(), asked.report.explain.clone());
    let (verbose, full, case) = (asked.report.verbose, asked.report.full, asked.report.case.clone());
    match format {
        Format::Json => {
            rdpwhy_report::json(diagnosis, &rdpwhy_report::JsonOptions { full: full || verbose, case })
        }
        Format::Csv => rdpwhy_report::csv(diagnosis, case.as_deref()),
        Format::Jsonl => rdpwhy_report::jsonl(diagnosis, case.as_deref()),
        Format::Ecs => rdpwhy_report::ecs_jsonl(diagnosis, case.as_deref()),
        Format::Timesketch => rdpwhy_report::timesketch_csv(diagnosis, case.as_deref()),
        Format::Markdown => {
            let brief = asked.report.brief;
            let options = rdpwhy_report::MarkdownOptions { verbose, brief, case, time_zone };
            rdpwhy_report::markdown(diagnosis, &options)
        }
        Format::Mermaid => rdpwhy_report::mermaid(diagnosis, case.as_deref()),
        Format::Html => {
            rdpwhy_report::html(diagnosis, &rdpwhy_report::HtmlOptions { case, time_zone, explain })
        }
        Format::Text => {
            let width = asked.report.columns(terminal);
            let color = style == Style::Colored;
            rdpwhy_report::text(
                diagnosis,
                &rdpwhy_report::TextOptions { width, verbose, brief: !full, case, color, time_zone, explain },
            )
        }
    }
}

/// The last line for whoever watches.
fn finished(asked: &Diagnose, output: &Output, timings: &Timings) -> String {
    match &asked.report.output {
        Some(path) if !output.is_standard() => {
            format!("wrote {} in {}", terminal::name(path), timings.total())
        }
        _ => format!("finished in {}", timings.total()),
    }
}

#[cfg(test)]
mod tests {

    use super::*;
    use std::path::Path;

    #[test]
    fn no_report_is_written_in_which_a_name_is_left() {
        let logs = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/key-inaccessible/logs");
        let pack = load_rules(&CommonArguments::default()).unwrap();
        let reading = rdpwhy_logs::read(&[logs], &pack, &ReadOptions::default(), &()).unwrap();
        let diagnosis = rdpwhy_diagnose::diagnose(&reading, &pack, &Options::default());
        let mut redacted = rdpwhy_diagnose::redact(&diagnosis, &reading, &pack);
        let render = |diagnosis: &Diagnosis| {
            rdpwhy_report::json(diagnosis, &rdpwhy_report::JsonOptions { full: false, case: None })
        };
        assert!(nameless(&redacted, render).is_ok());
        // As if the redaction had missed the machine of the incident.
        redacted.diagnosis.incidents[0].machine = diagnosis.incidents[0].machine.clone();
        let refused = nameless(&redacted, render).unwrap_err().to_string();
        assert!(refused.contains("no report is written") && refused.contains("--redact"), "{refused}");
        assert!(!refused.to_lowercase().contains("srv-rds01"), "{refused}");
    }
}
