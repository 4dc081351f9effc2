//! The command line, each flag defined once; its doc comment is its help.

use crate::archive_arguments::ArchiveArguments;
use crate::kind_argument::{NewKind, RuleKind, SchemaKind};
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use jiff::tz::TimeZone;
use rdpwhy_event::FileTime;
use rdpwhy_rules::CodeValue;
use std::num::NonZeroUsize;
use std::path::PathBuf;

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

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// Codes, decimal or hex, such as 0x904, 2308, -1073741715 or %%2313.
    #[arg(required = true, num_args = 1..=2, value_name = "CODE", value_parser = any_code, allow_negative_numbers = true)]
    pub(crate) codes: Vec<TypedCode>,
    /// Look into this table only.
    #[arg(long, value_name = "ID")]
    pub(crate) table: Option<String>,
    /// How to write the answer.
    #[arg(long, value_enum, default_value_t = Output::Text)]
    pub(crate) format: Output,
    /// Add the rules of this folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) rules: Option<PathBuf>,
}

/// A code as typed.
#[derive(Debug, Clone)]
pub(crate) struct TypedCode {
    pub(crate) value: CodeValue,
    /// Typed in decimal: it may also be the number of a message.
    pub(crate) decimal: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// For the terminal.
    Text,
    /// For programs.
    Json,
}

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

#[derive(Debug, Args)]
pub(crate) struct Diagnose {
    /// Logs (.evtx, or exported as XML or JSON), folders and archives of them (.zip, .7z, .tar, .gz, .zst): all inputs
    /// are one ticket.
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// How to write the report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Write the report to this file instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Add the rules of this folder, or replace built-in ones of the same kind and id. Sigma rules load as signals.
    #[arg(long, value_name = "DIR")]
    pub(crate) rules: Option<PathBuf>,
    /// Only failures from this time on, such as 2026-03-09T08:00:00Z.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) since: Option<FileTime>,
    /// Only failures up to this time.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) until: Option<FileTime>,
    /// The time in the ticket: the failures around it are the ones to explain.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) at: Option<FileTime>,
    /// The error code of the client's message, decimal or hex, such as 0x904.
    #[arg(long, value_name = "CODE", value_parser = code)]
    pub(crate) error: Option<u32>,
    /// The extended error code of the client's message, such as 0x7.
    #[arg(long, value_name = "CODE", value_parser = code)]
    pub(crate) extended: Option<u32>,
    /// Whose failures the ticket is about, with or without domain.
    #[arg(long, value_name = "NAME")]
    pub(crate) user: Option<String>,
    /// From which client address the ticket's failures came.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) source: Option<String>,
    /// Put pseudonyms such as USER-1 in place of people, machines, domains, SIDs, addresses and names of files.
    #[arg(long)]
    pub(crate) redact: bool,
    /// Show how the probability of this cause comes about.
    #[arg(long, value_name = "CAUSE")]
    pub(crate) explain: Option<String>,
    /// Show everything: all evidence, whole commands, all attempts.
    #[arg(short, long)]
    pub(crate) verbose: bool,
    /// Show times in this zone as well, such as Europe/Berlin.
    #[arg(long, value_name = "ZONE", value_parser = zone)]
    pub(crate) tz: Option<TimeZone>,
    /// Columns of the text report.
    #[arg(long, value_name = "COLUMNS", default_value_t = 80, value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(60..=160))]
    pub(crate) width: usize,
    /// Look for records that no log holds any more, too: in free space, in displaced chunks, and in files that are no log.
    ///
    /// A log that was used before still holds old records behind its new ones, also when it was cleared; and a piece of
    /// memory or of a disk may hold chunks of logs (name such a file itself: in folders only logs are read). They are
    /// marked as recovered, count as weak evidence at most when nothing else tells the same, and prove no absence.
    #[arg(long)]
    pub(crate) recover: bool,
    /// Threads to use; all cores if not given. The report does not depend on it.
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
    /// No progress on standard error.
    #[arg(short, long)]
    pub(crate) quiet: bool,
    /// Say on standard error how long each stage took.
    #[arg(long)]
    pub(crate) timings: bool,
    /// Records that matter to hold at most, the newest; older ones are counted only. Each takes about 600 bytes.
    #[arg(long, value_name = "N", default_value_t = NonZeroUsize::new(rdpwhy_logs::MAX_EVENTS).expect("more than none"))]
    pub(crate) max_events: NonZeroUsize,
    #[command(flatten)]
    pub(crate) archives: ArchiveArguments,
}

impl Diagnose {
    /// What was meant by a command that stands behind options, where it is taken for a path:
    /// `rdpwhy -q diagnose LOGS`.
    pub(crate) fn meant(mut self) -> Result<Diagnose, String> {
        let is_command = |word: &&str| Cli::command().get_subcommands().any(|own| own.get_name() == *word);
        let first = self.paths.first().filter(|path| !path.exists()).and_then(|path| path.to_str());
        match first.filter(is_command) {
            Some("diagnose") if self.paths.len() > 1 => {
                self.paths.remove(0);
                Ok(self)
            }
            Some(command) => Err(format!(
                "error: `{command}` stands behind an option\n = help: put the options behind it: rdpwhy {command} …"
            )),
            None => Ok(self),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For the terminal.
    Text,
    /// For programs; docs/report.schema.json describes it.
    Json,
    /// For ticket systems.
    Markdown,
    /// The timeline for spreadsheets.
    Csv,
    /// The timeline as JSON Lines, for search engines and Timesketch.
    Jsonl,
    /// The timeline as CSV with Timesketch's columns.
    Timesketch,
    /// One file for a browser; printed, a checklist.
    Html,
    /// The way to the verdict as a flowchart.
    Mermaid,
}

fn time(text: &str) -> Result<FileTime, String> {
    let spelled = [text.to_owned(), format!("{text}Z"), format!("{text}T00:00:00Z")];
    let spelled = spelled.iter().map(|text| text.replacen(' ', "T", 1));
    spelled.filter_map(|text| text.parse().ok()).next().ok_or_else(|| {
        "this is no time; write it as 2026-03-09T08:41:10Z, or with an offset as 2026-03-09T09:41:10+01:00 (UTC if none is given)".to_owned()
    })
}

fn code(text: &str) -> Result<u32, String> {
    let parsed = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => text.parse().ok(),
    };
    parsed.ok_or_else(|| "this is no code; write it in decimal (2308) or in hex (0x904)".to_owned())
}

fn any_code(text: &str) -> Result<TypedCode, String> {
    let decimal = text.bytes().all(|letter| letter.is_ascii_digit());
    let value = CodeValue::parse(text).ok_or_else(|| {
        "this is no code; write it in decimal (2308, -1073741715), in hex (0x904) or as %%2313".to_owned()
    })?;
    Ok(TypedCode { value, decimal })
}

fn zone(name: &str) -> Result<TimeZone, String> {
    TimeZone::get(name)
        .map_err(|_| "this is no time zone; write it as Europe/Berlin or America/New_York".to_owned())
}
