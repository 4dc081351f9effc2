//! The command `rdpwhy`: arguments, progress and exit codes; nothing else.

mod archive_arguments;
mod arguments;
mod bar;
mod explain;
mod kind_argument;
mod page;
mod rule_files;
mod rules_command;
mod script;

use arguments::{Cli, Command, Diagnose, Format};
use clap::Parser;
use rdpwhy_diagnose::Options;
use rdpwhy_logs::{ReadOptions, Reading};
use rdpwhy_rules::Pack;
use std::io::{IsTerminal, Write};
use std::mem::ManuallyDrop;
use std::process::ExitCode;

/// The report is made and every input was read whole.
const WHOLE: u8 = 0;
/// The report is made, but some input could not be read, or not whole.
const PARTIAL: u8 = 1;
/// There is no report.
const NONE: u8 = 2;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match &cli.command {
        Some(Command::Diagnose(asked)) => run(asked),
        Some(Command::Explain(asked)) => explain::run(asked).and_then(printed),
        Some(Command::Script { command }) => script::run(command).and_then(printed),
        Some(Command::Rules { command }) => rules_command::run(command).and_then(printed),
        None => cli.diagnose.meant().and_then(|asked| run(&asked)),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(message) => {
            // Nothing can be done about an error stream that is closed.
            let _ = writeln!(std::io::stderr(), "{}", message.trim_end());
            ExitCode::from(NONE)
        }
    }
}

fn run(asked: &Diagnose) -> Result<u8, String> {
    let mut timings = Timings::new(asked.timings);
    let added = match &asked.rules {
        Some(folder) => rule_files::read(folder)?,
        None => Vec::new(),
    };
    let (pack, faults) = Pack::built_in(&added).map_err(|error| error.to_string())?;
    if !faults.is_empty() {
        warn(&faults.render(false));
    }
    if let Some(cause) = &asked.explain
        && pack.find_cause(cause).is_none()
    {
        let known: Vec<&str> = pack.causes().iter().map(|cause| cause.id.as_str()).collect();
        return Err(format!(
            "error: there is no cause `{cause}`\n = help: the causes are {}",
            known.join(", ")
        ));
    }
    // The program ends with the report. What is held until then goes as a whole, which costs nothing, and not piece by piece.
    let pack = ManuallyDrop::new(pack);
    timings.lap("rules");
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(asked.threads.map_or(0, std::num::NonZeroUsize::get))
        .build()
        .map_err(|error| format!("error: cannot start threads: {error}"))?;
    let reading = ManuallyDrop::new(read(asked, &pack)?);
    timings.lap("read");
    let diagnosis = pool.install(|| rdpwhy_diagnose::diagnose(&reading, &pack, &options(asked)));
    let diagnosis =
        if asked.redact { rdpwhy_diagnose::redact(&diagnosis, &reading, &pack) } else { diagnosis };
    timings.lap("diagnose");
    write(asked, &render(asked, &diagnosis))?;
    timings.lap("report");
    for warning in &reading.warnings {
        warn(&warning.to_string());
    }
    timings.print();
    Ok(if reading.partial() { PARTIAL } else { WHOLE })
}

fn read(asked: &Diagnose, pack: &Pack) -> Result<Reading, String> {
    let options = ReadOptions {
        threads: asked.threads,
        archive_limits: asked.archives.limits(),
        recover: asked.recover,
        max_events: Some(asked.max_events),
    };
    let bar = bar::Bar::new(asked.quiet);
    let reading = rdpwhy_logs::read(&asked.paths, pack, &options, &bar);
    bar.finish();
    reading.map_err(|error| error.to_string())
}

fn options(asked: &Diagnose) -> Options {
    Options {
        since: asked.since,
        until: asked.until,
        at: asked.at,
        error: asked.error,
        extended: asked.extended,
        user: asked.user.clone(),
        source: asked.source.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

fn render(asked: &Diagnose, diagnosis: &rdpwhy_diagnose::Diagnosis) -> String {
    match asked.format {
        Format::Json => rdpwhy_report::json(diagnosis),
        Format::Csv => rdpwhy_report::csv(diagnosis),
        Format::Jsonl => rdpwhy_report::jsonl(diagnosis),
        Format::Timesketch => rdpwhy_report::timesketch_csv(diagnosis),
        Format::Markdown => {
            let options =
                rdpwhy_report::MarkdownOptions { verbose: asked.verbose, time_zone: asked.tz.clone() };
            rdpwhy_report::markdown(diagnosis, &options)
        }
        Format::Mermaid => rdpwhy_report::mermaid(diagnosis),
        Format::Html => {
            let (time_zone, explain) = (asked.tz.clone(), asked.explain.clone());
            rdpwhy_report::html(diagnosis, &rdpwhy_report::HtmlOptions { time_zone, explain })
        }
        Format::Text => {
            let terminal = asked.output.is_none() && std::io::stdout().is_terminal();
            let options = rdpwhy_report::TextOptions {
                width: asked.width,
                verbose: asked.verbose,
                color: terminal && std::env::var_os("NO_COLOR").is_none(),
                time_zone: asked.tz.clone(),
                explain: asked.explain.clone(),
            };
            rdpwhy_report::text(diagnosis, &options)
        }
    }
}

/// Prints an answer; hands on its exit status.
fn printed((text, code): (String, u8)) -> Result<u8, String> {
    print(&text).map(|()| code)
}

fn print(text: &str) -> Result<(), String> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        // Whoever reads it has seen enough, as `| head` does.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(format!("error: cannot write the report: {error}"))
        }
        _ => Ok(()),
    }
}

fn write(asked: &Diagnose, report: &str) -> Result<(), String> {
    match &asked.output {
        Some(file) => std::fs::write(file, report).map_err(|error| {
            format!("error: cannot write {}: {error}\n = help: choose another place with -o", file.display())
        }),
        None => print(report),
    }
}

fn warn(message: &str) {
    // Nothing can be done about an error stream that is closed.
    let _ = writeln!(std::io::stderr(), "{}", message.trim_end());
}

/// How long each stage took.
struct Timings {
    wanted: bool,
    last: std::time::Instant,
    laps: Vec<(&'static str, std::time::Duration)>,
}

impl Timings {
    fn new(wanted: bool) -> Self {
        Timings { wanted, last: std::time::Instant::now(), laps: Vec::new() }
    }

    fn lap(&mut self, stage: &'static str) {
        self.laps.push((stage, self.last.elapsed()));
        self.last = std::time::Instant::now();
    }

    fn print(&self) {
        if self.wanted {
            for (stage, took) in &self.laps {
                warn(&format!("{stage:>10}  {:>9.3} ms", took.as_secs_f64() * 1000.0));
            }
        }
    }
}
