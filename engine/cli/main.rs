//! The command `rdpwhy`: arguments, progress and exit codes; nothing else.

mod arguments;
mod bar;
mod batch;
mod diagnose;
mod explain;
mod failure;
mod generated;
mod inputs;
mod manual;
mod output;
mod page;
mod report_wrong;
mod rule_files;
mod rules_command;
mod scratch;
mod script;
mod terminal;
mod timings;
mod usage;

use arguments::{Cli, Command};
use failure::Failure;
use std::panic::{PanicHookInfo, catch_unwind, set_hook};
use std::path::Path;
use std::process::ExitCode;
use terminal::Style;
use usage::Usage;

/// The answer is printed.
const DONE: u8 = 0;
/// There is no report.
const NONE: u8 = 2;

fn main() -> ExitCode {
    set_hook(Box::new(|fault| terminal::say(&internal(fault).to_string())));
    let done = catch_unwind(|| match usage::parse(std::env::args_os().collect()) {
        Ok(Usage::Run(cli)) => run(*cli),
        Ok(Usage::Help(text, asked_for)) => {
            // Nothing can be done about a stream that is closed.
            let _ = text.print();
            Ok(if asked_for { DONE } else { NONE })
        }
        Err(failure) => Err(failure),
    });
    match done {
        Ok(Ok(code)) => ExitCode::from(code),
        Ok(Err(failure)) => {
            terminal::say(&failure.to_string());
            ExitCode::from(NONE)
        }
        // The hook has said what happened.
        Err(_) => ExitCode::from(NONE),
    }
}

fn run(cli: Cli) -> Result<u8, Failure> {
    match cli.command {
        Some(Command::Diagnose(asked)) => diagnose::run(&asked),
        Some(Command::Batch(asked)) => batch::run(&asked),
        Some(Command::BatchCase(asked)) => batch::run_case(&asked),
        Some(Command::ReportWrong(asked)) => report_wrong::run(&asked),
        Some(Command::Explain(asked)) => explain::run(&asked).and_then(printed),
        Some(Command::Script { command }) => script::run(&command).and_then(printed),
        Some(Command::Rules { command }) => rules_command::run(&command).and_then(printed),
        Some(Command::Completions { shell }) => printed((manual::completions(shell)?, DONE)),
        Some(Command::Man { folder, force }) => printed((manual::write_pages(&folder, force)?, DONE)),
        None => usage::meant(cli.diagnose).and_then(|asked| diagnose::run(&asked)),
    }
}

/// Prints an answer; hands on its exit status.
fn printed((text, code): (String, u8)) -> Result<u8, Failure> {
    terminal::print(&text, Style::Plain)
        .map(|()| code)
        .map_err(|error| Failure::cannot_write(Path::new("standard output"), &error))
}

/// A fault of the program's own.
fn internal(fault: &PanicHookInfo<'_>) -> Failure {
    let place = fault.location().map(ToString::to_string).unwrap_or_default();
    let what = fault.payload_as_str().unwrap_or("unknown");
    Failure::new(format!("internal error at {place}: {}", rdpwhy_report::visible(what))).help(
        "this is a bug in rdpwhy; please report it with this message and what kind of log it was reading",
    )
}
