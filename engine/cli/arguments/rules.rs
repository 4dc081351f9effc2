//! Arguments of `rdpwhy rules`.

use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// Name every fault of the rules, and what is legal but useless. Exit status: 0 no errors; 2 errors.
    Check(RulesCheck),
    /// List causes, notices, steps, signals and tables of codes.
    List {
        /// Only these.
        #[arg(value_enum)]
        kind: Option<RuleKind>,
        /// Add the rules of this folder.
        #[arg(long, value_name = "DIR")]
        rules: Option<PathBuf>,
    },
    /// Show a rule. A cause: what happened, how do we know, what do I do, what does it risk, how do I know it worked.
    Show {
        /// Its id or name.
        id: String,
        /// As Markdown.
        #[arg(long)]
        markdown: bool,
        /// Add the rules of this folder.
        #[arg(long, value_name = "DIR")]
        rules: Option<PathBuf>,
    },
    /// Diagnose tickets and compare with what they expect. Exit status: 0 all as expected; 1 some not; 2 nothing tested.
    Test(RulesTest),
    /// Print the JSON Schema of a kind of file, for completion in editors.
    Schema {
        /// Of which.
        #[arg(value_enum)]
        kind: Option<SchemaKind>,
        /// Write to this folder instead; without a kind, all of them.
        #[arg(short, long, value_name = "DIR")]
        output: Option<PathBuf>,
    },
    /// Begin a new rule, with a ticket beside it; refuses to overwrite.
    New {
        /// What to begin.
        #[arg(value_enum)]
        kind: NewKind,
        /// Its id: a state of the world in kebab case, such as account-locked-out.
        id: String,
        /// Where to: causes/ID.yml and tickets/ID/ticket.yml are made there.
        #[arg(value_name = "DIR", default_value = ".")]
        folder: PathBuf,
    },
    /// Write the reference pages of all causes and codes to a folder, as Markdown.
    Docs {
        /// The folder.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// Add the rules of this folder.
        #[arg(long, value_name = "DIR")]
        rules: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct RulesCheck {
    /// Rules to check together with the built-in ones, which they replace where kind and id are the same.
    #[arg(value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
    /// Tickets that prove causes; samples/ if it is there.
    #[arg(long, value_name = "DIR")]
    pub(crate) tickets: Option<PathBuf>,
    /// One line for each fault.
    #[arg(long)]
    pub(crate) short: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RulesTest {
    /// Folder of tickets; samples/ if not given.
    #[arg(value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
    /// Add the rules of this folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) rules: Option<PathBuf>,
    /// Folder with shapes.yml and scenes.yml, from which logs are made; the built-in ones if not given.
    #[arg(long, value_name = "DIR")]
    pub(crate) shapes: Option<PathBuf>,
    /// List every ticket.
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RuleKind {
    /// Known root causes.
    Cause,
    /// Findings beside the causes.
    Notice,
    /// Fix and check steps.
    Step,
    /// Live checks.
    Check,
    /// Named patterns over records.
    Signal,
    /// Tables of codes.
    Code,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum NewKind {
    /// A root cause.
    Cause,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaKind {
    /// rules/signals/*.yml
    Signal,
    /// rules/causes/*.yml
    Cause,
    /// rules/notices/*.yml
    Notice,
    /// rules/steps/*.yml
    Step,
    /// rules/checks/*.yml
    Check,
    /// rules/ladder.yml
    Ladder,
    /// rules/codes/*.yml
    Codes,
    /// ticket.yml
    Ticket,
}
