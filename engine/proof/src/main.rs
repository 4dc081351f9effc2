//! `rdpwhy-proof`: diagnoses composed tickets by the thousand and says how good the diagnoses are.

use clap::Parser;
use rdpwhy_forge::{Repertoire, Shapes};
use rdpwhy_proof::{Outcome, Score, judge_all, page, sweep, tickets};
use rdpwhy_rules::Pack;
use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Composes tickets at random, diagnoses them, and prints the page of figures (docs/quality.md).
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The same seed gives the same tickets.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many.
    #[arg(long, default_value_t = 4000)]
    count: u64,
    /// Folder with public reports as tickets.
    #[arg(long, default_value = "samples/reports")]
    reports: PathBuf,
    /// Folder with what tickets are composed of; the built-in one if not given.
    #[arg(long, value_name = "DIR")]
    repertoire: Option<PathBuf>,
    /// Write one line for each ticket to this file: name, fault, cause, view, verdict, what was said.
    #[arg(long, value_name = "FILE")]
    list: Option<PathBuf>,
    /// Write the page to this file instead of printing it.
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let (pack, _) =
        Pack::load(&rdpwhy_rules::embedded(), &[]).map_err(|_| "the built-in rules are not sound")?;
    let shapes = Shapes::embedded()?;
    let repertoire = arguments.repertoire.as_deref().map_or_else(Repertoire::embedded, Repertoire::load)?;
    let outcomes = sweep(&repertoire, &pack, &shapes, arguments.seed, arguments.count)?;
    if let Some(path) = &arguments.list {
        let lines: Vec<String> = outcomes.iter().map(|outcome| line(outcome) + "\n").collect();
        std::fs::write(path, lines.concat())?;
    }
    let judged = judge_all(&tickets(&arguments.reports)?, &pack, &shapes);
    let judged = judged.into_iter().collect::<Result<Vec<_>, _>>()?;
    let command = format!("rdpwhy-proof --seed {} --count {}", arguments.seed, arguments.count);
    let text = page(&outcomes, &Score::of(&judged, std::iter::empty()), &command);
    match &arguments.write {
        Some(path) => std::fs::write(path, text)?,
        None => std::io::stdout().write_all(text.as_bytes())?,
    }
    Ok(())
}

/// All that is known of a ticket, parted by tabs.
fn line(outcome: &Outcome) -> String {
    let composed = &outcome.composed;
    let said: Vec<String> =
        outcome.said.iter().take(4).map(|(cause, probability)| format!("{cause} {probability:.3}")).collect();
    let word = |is: bool, word: &'static str| if is { word } else { "-" };
    [
        &outcome.name,
        composed.fault.as_deref().unwrap_or("-"),
        composed.cause.as_deref().unwrap_or("-"),
        &composed.view,
        word(composed.visible, "visible"),
        word(composed.complaint, "complaint"),
        word(outcome.set, "set"),
        &outcome.verdict,
        &said.join(", "),
        &composed.herrings.join(" "),
        &composed.also.join(" "),
    ]
    .join("\t")
}
