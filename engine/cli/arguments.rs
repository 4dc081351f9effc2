//! The command line, each flag defined once; its doc comment is its help.

mod archive;
mod diagnose;
mod explain;
mod rules;
mod script;

pub(crate) use diagnose::{Diagnose, Format};
pub(crate) use explain::{Explain, Output, TypedCode};
pub(crate) use rules::{RuleKind, RulesCheck, RulesCommand, RulesTest, SchemaKind};
pub(crate) use script::{Machine, ScriptCommand};

use clap::{Parser, Subcommand};

/// Tells why a Remote Desktop connection failed, from exported Windows event logs.
#[derive(Debug, Parser)]
#[command(
    name = "rdpwhy",
    version,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Exit status: 0 the report is made and every input was read whole; 1 the report is made, but some input \
                  could not be read, or not whole (the report says which); 2 there is no report."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) diagnose: Diagnose,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Diagnose the logs of a ticket (`rdpwhy PATH…` is short for it).
    Diagnose(Box<Diagnose>),
    /// Say what a code means, what it does not mean, and which causes it points to.
    ///
    /// One code is looked up in all tables; two codes are the error code and the extended error code of the client's
    /// dialog. Exit status: 0 all codes are known; 1 some code is not; 2 there is no answer.
    Explain(Explain),
    /// Print a PowerShell script: live checks, collecting logs, or the steps of a cause. Nothing is run.
    Script {
        #[command(subcommand)]
        command: ScriptCommand,
    },
    /// Tools for those who write rules.
    Rules {
        #[command(subcommand)]
        command: RulesCommand,
    },
}
