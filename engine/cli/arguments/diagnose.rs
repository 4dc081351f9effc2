//! Arguments of `rdpwhy diagnose`.

use super::archive::ArchiveArguments;
use super::color::ColorChoice;
use super::common::CommonArguments;
use super::format::Format;
use clap::Args;
use jiff::tz::TimeZone;
use rdpwhy_event::{TypedTime, zone};
use rdpwhy_rules::codes::CodeValue;
use std::num::NonZeroUsize;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Diagnose {
    /// Logs (.evtx, or exported as XML or JSON), folders, and archives (.zip, .7z, .tar, .gz, .zst); `-` is standard input.
    ///
    /// All inputs are analyzed together as one case.
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) common: CommonArguments,
    /// Print timings to standard error.
    #[arg(long, hide_short_help = true)]
    pub(crate) timings: bool,
    #[command(flatten)]
    pub(crate) complaint: Complaint,
    #[command(flatten)]
    pub(crate) report: ReportArguments,
    #[command(flatten)]
    pub(crate) reading: ReadingArguments,
    #[command(flatten)]
    pub(crate) archives: ArchiveArguments,
}

/// What the ticket says.
#[derive(Debug, Args)]
#[command(next_help_heading = "Ticket")]
pub(crate) struct Complaint {
    /// The error code in the client's message, decimal or hex, such as 0x904 or -2146893042.
    #[arg(long, value_name = "CODE", value_parser = code, allow_negative_numbers = true)]
    pub(crate) error: Option<u32>,
    /// The extended error code in the client's message, such as 0x7.
    #[arg(long, value_name = "CODE", value_parser = code, allow_negative_numbers = true)]
    pub(crate) extended: Option<u32>,
    /// The time in the ticket: the failures around it are the ones to explain.
    ///
    /// A full time (2026-03-09T08:41:10Z), a local time ('2026-03-09 09:15', in the zone of --tz, else UTC), or a time
    /// of day (09:15, on the day of the last record). --since and --until take the same forms.
    #[arg(long, value_name = "TIME", value_parser = TypedTime::parse)]
    pub(crate) at: Option<TypedTime>,
    /// Only failures from this time on.
    #[arg(long, value_name = "TIME", value_parser = TypedTime::parse)]
    pub(crate) since: Option<TypedTime>,
    /// Only failures up to this time.
    #[arg(long, value_name = "TIME", value_parser = TypedTime::parse)]
    pub(crate) until: Option<TypedTime>,
    /// Only failures of this user, with or without domain.
    #[arg(long, value_name = "NAME")]
    pub(crate) user: Option<String>,
    /// Only failures from this client address.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) source: Option<String>,
    /// Only failures of connections to this host, by name or address.
    #[arg(long, value_name = "HOST")]
    pub(crate) target: Option<String>,
}

/// What the report looks like, and where it goes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Report")]
pub(crate) struct ReportArguments {
    /// The format of the report; without it, the ending of --output decides, else text.
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Write the report to this file; `-` is standard output.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Replace the file if it exists. A file that is read is never replaced.
    #[arg(long)]
    pub(crate) force: bool,
    /// The full text report instead of one screen; JSON with the evidence and steps of all causes, and with long values whole.
    #[arg(long)]
    pub(crate) full: bool,
    /// Markdown as short as a comment in a ticket: the answer, the proof and what to do.
    #[arg(long, conflicts_with_all = ["full", "verbose"])]
    pub(crate) brief: bool,
    /// Show all evidence, all commands and all attempts.
    #[arg(short, long)]
    pub(crate) verbose: bool,
    /// The number or name of the ticket, shown in the report.
    #[arg(long, value_name = "TEXT")]
    pub(crate) case: Option<String>,
    /// Show how the probability of this cause is calculated.
    #[arg(long, value_name = "CAUSE")]
    pub(crate) explain: Option<String>,
    /// Replace people, machines, domains, SIDs, addresses and file names with pseudonyms such as USER-1.
    #[arg(long)]
    pub(crate) redact: bool,
    /// Also show times in this zone, such as Europe/Berlin or +02:00; times without an offset are in it.
    #[arg(long, value_name = "ZONE", value_parser = zone)]
    pub(crate) tz: Option<TimeZone>,
    /// When the text report has colors.
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    pub(crate) color: ColorChoice,
    /// Columns of the text report, 60 to 160; those of the terminal up to 120, else 80.
    #[arg(long, value_name = "COLUMNS", value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(60..=160))]
    width: Option<usize>,
}

/// How the logs are read.
#[derive(Debug, Args)]
#[command(next_help_heading = "Reading")]
pub(crate) struct ReadingArguments {
    /// Also recover deleted records: from free space, displaced chunks, and files that are not logs.
    ///
    /// A log that was cleared or reused still contains old records behind its new ones, and an image of memory or of a disk
    /// may contain chunks of logs (name such a file itself: in folders only logs are read). Recovered records are
    /// marked, count as weak evidence unless another record confirms them, and never prove an absence.
    #[arg(long)]
    pub(crate) recover: bool,
    /// Maximum number of relevant records to keep, the newest; older ones are only counted. Each takes about 600 bytes.
    #[arg(long, value_name = "N", hide_short_help = true, default_value_t = NonZeroUsize::new(rdpwhy_logs::MAX_EVENTS).expect("more than none"))]
    pub(crate) max_events: NonZeroUsize,
    /// Number of threads; all cores by default. The report does not depend on it.
    #[arg(long, value_name = "N", hide_short_help = true)]
    pub(crate) threads: Option<NonZeroUsize>,
}

/// Columns that a report may have.
const NARROWEST: usize = 60;
/// Longer lines are hard to read, however wide the terminal is.
const WIDEST: usize = 120;
/// Columns where there is no terminal.
const USUAL: usize = 80;

impl ReportArguments {
    /// The format asked for.
    pub(crate) fn format(&self) -> Format {
        let by_ending = || self.output.as_deref().map_or(Format::Text, Format::of_file);
        self.format.unwrap_or_else(by_ending)
    }

    /// Columns to write; `terminal` is how many the terminal has, if the report goes to one.
    pub(crate) fn columns(&self, terminal: Option<usize>) -> usize {
        self.width.unwrap_or_else(|| terminal.map_or(USUAL, |columns| columns.clamp(NARROWEST, WIDEST)))
    }
}

fn code(text: &str) -> Result<u32, String> {
    CodeValue::parse_number(text)
        .ok_or_else(|| "not a valid code: expected decimal (2308, -2146893042) or hex (0x904)".to_owned())
}
