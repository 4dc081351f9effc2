//! Arguments of `rdpwhy script`.

use clap::{Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum ScriptCommand {
    /// Live checks that logs cannot show. The script changes nothing and says PASS, FAIL or UNKNOWN for each.
    Diagnose {
        /// The machine it is for.
        #[arg(long, value_enum, default_value_t = Machine::Host)]
        side: Machine,
        /// Add the rules of this folder.
        #[arg(long, value_name = "DIR")]
        rules: Option<PathBuf>,
    },
    /// Pack the logs that rdpwhy reads into one ZIP.
    Collect {
        /// The machine it is for.
        #[arg(long, value_enum, default_value_t = Machine::Host)]
        side: Machine,
        /// Add the rules of this folder.
        #[arg(long, value_name = "DIR")]
        rules: Option<PathBuf>,
    },
    /// The steps of a cause; the script asks before each, and knows -WhatIf and -Undo.
    Fix {
        /// Its id, as the report names it.
        cause: String,
        /// Add the rules of this folder.
        #[arg(long, value_name = "DIR")]
        rules: Option<PathBuf>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Machine {
    /// The machine that people connect to.
    Host,
    /// The machine that connects.
    Client,
    /// The machine in between.
    Gateway,
}
