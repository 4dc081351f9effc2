//! Arguments of `rdpwhy explain`.

use super::rule_folders::RuleFolders;
use clap::{Args, ValueEnum};
use std::convert::Infallible;

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// Codes, names, events, or the text of an error message; several arguments form one question.
    ///
    /// Codes can be decimal, hex or the number of a message: 0x904, 2308, -1073741715, %%2313, or a pair such as 0x904/0x7. Names
    /// are those of codes, such as STATUS_LOGON_FAILURE. Events are an event ID with or without its provider, such as "event 1149"
    /// or "Schannel 36870". Words are searched for, such as "access denied" or the text of a dialog; `-` reads the text from
    /// standard input.
    #[arg(required = true, num_args = 1.., value_name = "QUESTION", allow_negative_numbers = true)]
    pub(crate) question: Vec<String>,
    /// Look codes and names up in this table only.
    #[arg(long, value_name = "ID", value_parser = shown)]
    pub(crate) table: Option<String>,
    /// The format of the answer.
    #[arg(long, value_enum, default_value_t = Output::Text)]
    pub(crate) format: Output,
    #[command(flatten)]
    pub(crate) folders: RuleFolders,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// For the terminal.
    Text,
    /// For programs.
    Json,
}

/// A name as messages show it; no table has hidden characters in its name.
fn shown(text: &str) -> Result<String, Infallible> {
    Ok(rdpwhy_report::visible(text))
}
