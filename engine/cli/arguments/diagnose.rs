//! Arguments of `rdpwhy diagnose`.

use super::Cli;
use super::archive::ArchiveArguments;
use clap::{Args, CommandFactory, ValueEnum};
use jiff::tz::TimeZone;
use rdpwhy_event::FileTime;
use std::num::NonZeroUsize;
use std::path::PathBuf;

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

fn zone(name: &str) -> Result<TimeZone, String> {
    TimeZone::get(name)
        .map_err(|_| "this is no time zone; write it as Europe/Berlin or America/New_York".to_owned())
}
