//! Arguments of `rdpwhy script`.

use super::rule_folders::RuleFolders;
use clap::{Subcommand, ValueEnum};

#[derive(Debug, Subcommand)]
pub(crate) enum ScriptCommand {
    /// Live checks of what logs cannot show. The script is read-only and reports PASS, FAIL or UNKNOWN for each.
    Diagnose {
        /// The machine to run it on.
        #[arg(long, value_enum, default_value_t = Machine::Host)]
        side: Machine,
        #[command(flatten)]
        folders: RuleFolders,
    },
    /// Pack the logs that rdpwhy reads into one ZIP.
    Collect {
        /// The machine to run it on.
        #[arg(long, value_enum, default_value_t = Machine::Host)]
        side: Machine,
        #[command(flatten)]
        folders: RuleFolders,
    },
    /// The steps for a cause; the script asks before each one, and supports -WhatIf and -Undo.
    Fix {
        /// The ID of the cause, as in the report.
        cause: String,
        #[command(flatten)]
        folders: RuleFolders,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Machine {
    /// The machine that people connect to.
    Host,
    /// The machine that people connect from.
    Client,
    /// The machine in between.
    Gateway,
}
