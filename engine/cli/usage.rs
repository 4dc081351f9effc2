//! The command line as meant, and what to say where it cannot be.

use crate::arguments::{Cli, Diagnose};
use crate::failure::Failure;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue};
use clap::{CommandFactory, Parser};
use rdpwhy_report::visible;
use std::ffi::OsString;
use std::path::Path;

/// What the command line asks for.
#[derive(Debug)]
pub(crate) enum Usage {
    Run(Box<Cli>),
    /// Help or the version, and whether it was asked for.
    Help(clap::Error, bool),
}

/// Reads the command line; the first argument is the program.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn parse(arguments: Vec<OsString>) -> Result<Usage, Failure> {
    if let Some(failure) = arguments.get(1).and_then(|word| mistyped(Path::new(word))) {
        return Err(failure);
    }
    match Cli::try_parse_from(arguments) {
        Ok(cli) => Ok(Usage::Run(Box::new(cli))),
        Err(error) if error.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            Ok(Usage::Help(error, false))
        }
        Err(error) if !error.use_stderr() => Ok(Usage::Help(error, true)),
        Err(error) => Err(explained(error)),
    }
}

/// What was meant by a command that follows options, where it is taken for a path: `rdpwhy -q diagnose LOGS`.
///
/// # Errors
/// Another command follows options, or a command is mistyped.
pub(crate) fn meant(mut asked: Diagnose) -> Result<Diagnose, Failure> {
    let Some(first) = asked.paths.first().filter(|path| !path.exists()) else { return Ok(asked) };
    if let Some(failure) = mistyped(first) {
        return Err(failure);
    }
    let names = commands();
    match names.iter().find(|name| first.as_path() == Path::new(name)).map(String::as_str) {
        Some("diagnose") if asked.paths.len() > 1 => {
            asked.paths.remove(0);
            Ok(asked)
        }
        Some(command) => Err(Failure::new(format!("`{command}` follows an option"))
            .help(format!("put the options behind it: rdpwhy {command} …"))),
        None => Ok(asked),
    }
}

/// What to say about a word that is almost a command, and not a file or folder.
fn mistyped(word: &Path) -> Option<Failure> {
    let text = word.to_str()?;
    let names = commands();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let near = rdpwhy_yaml::nearest(text, &names)?;
    let is_name = names.contains(&text) || text.starts_with('-');
    (!is_name && std::fs::symlink_metadata(word).is_err()).then(|| {
        let shown = visible(text);
        Failure::new(format!("unrecognized command `{shown}`; did you mean `{near}`?"))
            .help(format!("if `{shown}` is a path, there is no such file or folder"))
    })
}

fn commands() -> Vec<String> {
    let names =
        Cli::command().get_subcommands().map(|command| command.get_name().to_owned()).collect::<Vec<_>>();
    names.into_iter().chain(["help".to_owned()]).collect()
}

/// Clap's error in the form of all errors, with what was typed made visible.
pub(crate) fn explained(mut error: clap::Error) -> Failure {
    let context: Vec<(ContextKind, ContextValue)> =
        error.context().map(|(kind, value)| (kind, shown(value))).collect();
    for (kind, value) in context {
        error.insert(kind, value);
    }
    let text = error.render().to_string();
    let is_closing = |line: &str| line.starts_with("For more information") || line.starts_with("Usage:");
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let said = lines.iter().take_while(|line| !is_closing(line) && !line.starts_with("  tip: "));
    let message = said.map(|line| line.trim_end()).collect::<Vec<_>>().join("\n");
    let failure = Failure::new(message.strip_prefix("error: ").unwrap_or(&message));
    let tips: Vec<&str> = lines.iter().filter_map(|line| line.strip_prefix("  tip: ")).collect();
    match tips.as_slice() {
        [] => failure.help("for the options, try --help"),
        tips => failure.help(tips.join("\n        ")),
    }
}

fn shown(value: &ContextValue) -> ContextValue {
    let styled = |text: &StyledStr| StyledStr::from(visible(&text.to_string()));
    match value {
        ContextValue::String(text) => ContextValue::String(visible(text)),
        ContextValue::Strings(texts) => {
            ContextValue::Strings(texts.iter().map(|text| visible(text)).collect())
        }
        // Usage has lines of its own, and nothing that was typed.
        ContextValue::StyledStr(text) if text.to_string().starts_with("Usage:") => value.clone(),
        ContextValue::StyledStr(text) => ContextValue::StyledStr(styled(text)),
        ContextValue::StyledStrs(texts) => ContextValue::StyledStrs(texts.iter().map(styled).collect()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(arguments: &[&str]) -> String {
        let arguments =
            std::iter::once("rdpwhy").chain(arguments.iter().copied()).map(OsString::from).collect();
        match parse(arguments) {
            Ok(Usage::Run(cli)) => match meant(cli.diagnose) {
                Ok(asked) => panic!("{asked:?}"),
                Err(failure) => failure.to_string(),
            },
            Ok(Usage::Help(..)) => panic!("help"),
            Err(failure) => failure.to_string(),
        }
    }

    #[test]
    fn usage_errors_have_the_form_of_all_errors() {
        for (arguments, expected) in [
            (
                ["--formt", "json"].as_slice(),
                "error: unexpected argument '--formt' found\n  help: a similar argument exists: '--format'",
            ),
            (
                &["LOGS", "--error", "nine"],
                "error: invalid value 'nine' for '--error <CODE>': not a valid code: expected decimal (2308, -2146893042) or hex (0x904)\n  \
                 help: for the options, try --help",
            ),
            (
                &["explian", "0x904"],
                "error: unrecognized command `explian`; did you mean `explain`?\n  \
                 help: if `explian` is a path, there is no such file or folder",
            ),
            (
                &["-q", "diagnos", "LOGS"],
                "error: unrecognized command `diagnos`; did you mean `diagnose`?\n  \
                 help: if `diagnos` is a path, there is no such file or folder",
            ),
            (
                &["-q", "explain", "0x904"],
                "error: `explain` follows an option\n  help: put the options behind it: rdpwhy explain …",
            ),
        ] {
            assert_eq!(said(arguments), expected);
        }
    }

    #[test]
    fn hostile_arguments_are_shown_inert_and_on_one_line() {
        let hostile = "--\u{1b}]0;x\u{7}\nerror: y";
        for arguments in [[hostile].as_slice(), &["LOGS", "--format", hostile], &["LOGS", "--at", hostile]] {
            let said = said(arguments);
            assert!(said.contains("\\u{1b}]0;x\\u{7}\\nerror: y"), "{said}");
            assert!(!said.contains(['\u{1b}', '\u{7}']) && !said.contains("\nerror"), "{said}");
        }
    }
}
