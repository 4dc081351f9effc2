//! Arguments of `rdpwhy batch`.

use super::archive::ArchiveArguments;
use super::diagnose::{Diagnose, ReadingArguments};
use super::format::Format;
use super::moment::{TypedTime, zone};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Batch {
    /// Folders of cases: each subfolder or archive in them is a case. An archive or a log named here is one case.
    #[arg(required_unless_present = "cases", value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// A list of cases with their options: CSV with a header line, or JSON Lines. docs/batch.md describes the columns.
    #[arg(long, value_name = "FILE")]
    pub(crate) cases: Option<PathBuf>,
    /// The folder for the results. The same command on the same folder resumes: what is done is not done again.
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: PathBuf,
    /// Write into a folder that has other files or other results, and replace files of the same name.
    #[arg(long)]
    pub(crate) force: bool,
    /// The formats of the reports, one report per case and format, separated by commas.
    #[arg(long, value_enum, value_name = "FORMATS", value_delimiter = ',', default_value = "html")]
    pub(crate) formats: Vec<Format>,
    /// Give up on a case after this many seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) timeout: u64,
    /// Give up on a case that takes more memory than this, such as 2G (Linux only).
    #[arg(long, value_name = "BYTES", default_value = "4G", value_parser = super::archive::bytes)]
    pub(crate) max_memory: u64,
    /// Add the rules in this folder, as for `diagnose`.
    #[arg(long, value_name = "DIR")]
    pub(crate) rules: Option<PathBuf>,
    /// Leave out the added rules that have errors, and name them, instead of stopping.
    #[arg(long, requires = "rules")]
    pub(crate) rules_lenient: bool,
    /// Show no progress.
    #[arg(short, long)]
    pub(crate) quiet: bool,
    /// Only failures from this time on, in all cases.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) since: Option<String>,
    /// Only failures up to this time, in all cases.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) until: Option<String>,
    /// The zone of times without an offset; reports also show times in it.
    #[arg(long, value_name = "ZONE", value_parser = zone_name)]
    pub(crate) tz: Option<String>,
    /// JSON reports with the evidence and steps of all causes; full text reports.
    #[arg(long)]
    pub(crate) full: bool,
    #[command(flatten)]
    pub(crate) reading: ReadingArguments,
    #[command(flatten)]
    pub(crate) archives: ArchiveArguments,
}

/// What `rdpwhy batch` starts for each case, so that a case can be given up without harm to the others.
#[derive(Debug, Args)]
pub(crate) struct BatchCase {
    /// Where rows and reports go.
    #[arg(long, value_name = "DIR")]
    pub(crate) folder: PathBuf,
    #[arg(long, value_enum, value_delimiter = ',')]
    pub(crate) formats: Vec<Format>,
    #[command(flatten)]
    pub(crate) diagnose: Diagnose,
}

fn time(text: &str) -> Result<String, String> {
    TypedTime::parse(text).map(|_| text.to_owned())
}

fn zone_name(text: &str) -> Result<String, String> {
    zone(text).map(|_| text.to_owned())
}
