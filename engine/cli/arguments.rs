//! The command line, each flag defined once; its doc comment is its help.

mod archive;
mod batch;
mod color;
mod common;
mod diagnose;
mod explain;
mod format;
mod kind;
mod report_wrong;
mod rule_folders;
mod rules;
mod script;

pub(crate) use batch::{Batch, BatchCase};
pub(crate) use common::CommonArguments;
pub(crate) use diagnose::{Complaint, Diagnose};
pub(crate) use explain::{Explain, Output};
pub(crate) use format::Format;
pub(crate) use kind::{NewKind, RuleKind, SchemaKind};
pub(crate) use report_wrong::ReportWrong;
pub(crate) use rule_folders::RuleFolders;
pub(crate) use rules::{RulesCheck, RulesCommand, RulesTest};
pub(crate) use script::{Machine, ScriptCommand};

use clap::{Parser, Subcommand};
use std::path::PathBuf;

/// Finds out why a Remote Desktop connection failed, from exported Windows event logs.
#[derive(Debug, Parser)]
#[command(
    name = "rdpwhy",
    version,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    arg_required_else_help = true,
    after_help = "Exit status: 0 the report was made and every input was read completely; 1 the report was made, but some input \
                  could not be read, or not completely (the report says which); 2 no report."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) diagnose: Diagnose,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Diagnose the logs of a ticket (`rdpwhy PATH…` for short).
    #[command(arg_required_else_help = true)]
    Diagnose(Box<Diagnose>),
    /// Diagnose many cases: a row, an incident table and a report for each, and what failing cases share.
    ///
    /// Exit status: 0 all cases were diagnosed; 1 some case could not be (its row has the error); 2 nothing was done.
    #[command(arg_required_else_help = true)]
    Batch(Box<Batch>),
    /// Diagnose one case of a batch.
    #[command(hide = true)]
    BatchCase(Box<BatchCase>),
    /// Pack a report without names, to be attached when you report that a diagnosis was wrong.
    ///
    /// The bundle contains the report and its evidence with pseudonyms in place of names, how many records of each kind there were, and
    /// which rules recognized them. The logs themselves are not in it. Nothing is sent.
    #[command(arg_required_else_help = true)]
    ReportWrong(Box<ReportWrong>),
    /// Explain what a code means, what it does not mean, and which causes it points to.
    ///
    /// One code is looked up in all tables; two codes are the error code and the extended error code in the client's
    /// message. Exit status: 0 all codes are known; 1 some code is not; 2 no answer.
    Explain(Explain),
    /// Print a PowerShell script: live checks, collecting logs, or the steps for a cause. Nothing is run.
    Script {
        #[command(subcommand)]
        command: ScriptCommand,
    },
    /// Tools for rule authors.
    Rules {
        #[command(subcommand)]
        command: RulesCommand,
    },
    /// Print a script that completes commands and options in a shell.
    Completions { shell: clap_complete::Shell },
    /// Write the manual pages to a folder.
    #[command(hide = true)]
    Man {
        /// The folder.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// Replace files that are not generated pages.
        #[arg(long)]
        force: bool,
    },
}
