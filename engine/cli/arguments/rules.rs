//! Arguments of `rdpwhy rules`.

use super::rule_folders::RuleFolders;
use super::{NewKind, RuleKind, SchemaKind};
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// Report every fault in the rules, and what is valid but has no effect. With a folder: in its files only. Exit status: 0 no errors; 2 errors.
    Check(RulesCheck),
    /// List causes, notices, steps, live checks, signals, tables of codes and sources.
    List {
        /// List only this kind.
        #[arg(value_enum)]
        kind: Option<RuleKind>,
        #[command(flatten)]
        folders: RuleFolders,
    },
    /// Show a rule. For a cause: what happened, the evidence, the fix steps, their risk, and how to verify them.
    Show {
        /// The ID or name of the rule.
        id: String,
        /// As Markdown.
        #[arg(long)]
        markdown: bool,
        #[command(flatten)]
        folders: RuleFolders,
    },
    /// Diagnose tickets and compare the results with what they expect. Exit status: 0 all as expected; 1 some not; 2 nothing tested.
    Test(RulesTest),
    /// Print the JSON Schema of a kind of file, for completion in editors.
    Schema {
        /// The kind of file.
        #[arg(value_enum)]
        kind: Option<SchemaKind>,
        /// Write to this folder instead; without a kind, all of them.
        #[arg(short, long, value_name = "DIR")]
        output: Option<PathBuf>,
        /// Replace files that exist.
        #[arg(long, requires = "output")]
        force: bool,
    },
    /// Create a rule from a template, a cause with a ticket; never overwrites.
    New {
        /// The kind of rule.
        #[arg(value_enum)]
        kind: NewKind,
        /// The ID of the rule in kebab case, such as account-locked-out.
        id: String,
        /// The folder of your rules; the file goes into its subfolder, such as causes/ID.yml.
        #[arg(value_name = "DIR", default_value = ".")]
        folder: PathBuf,
    },
    /// Write the reference pages of all causes and codes to a folder, as Markdown.
    Docs {
        /// The folder.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        #[command(flatten)]
        folders: RuleFolders,
        /// Replace files that are not generated pages.
        #[arg(long)]
        force: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct RulesCheck {
    /// Rules to check together with the built-in ones, which they replace where kind and ID are the same.
    #[arg(value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
    /// Check the rules in this folder instead of the built-in ones: a pack of its own, with a ladder.
    #[arg(long, value_name = "DIR")]
    pub(crate) pack: Option<PathBuf>,
    /// Tickets that prove causes; samples/ if it exists.
    #[arg(long, value_name = "DIR")]
    pub(crate) tickets: Option<PathBuf>,
    /// One line for each fault.
    #[arg(long)]
    pub(crate) short: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RulesTest {
    /// Folder of tickets; by default the folder given with --rules or --pack, or samples/.
    #[arg(value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) folders: RuleFolders,
    /// Folder with shapes.yml and scenes.yml, from which logs are made; the built-in ones by default.
    #[arg(long, value_name = "DIR")]
    pub(crate) shapes: Option<PathBuf>,
    /// Also write the logs of each ticket to a folder of its own below this one.
    #[arg(long, value_name = "DIR")]
    pub(crate) logs: Option<PathBuf>,
    /// List every ticket.
    #[arg(short, long)]
    pub(crate) verbose: bool,
}
