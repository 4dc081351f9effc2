//! Arguments of `rdpwhy batch`.

use super::archive::ArchiveArguments;
use super::common::CommonArguments;
use super::diagnose::{Diagnose, ReadingArguments};
use super::format::Format;
use clap::Args;
use rdpwhy_event::{TypedTime, zone};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Batch {
    /// A folder of cases, or several paths that are a case each.
    ///
    /// In one folder, each subfolder and archive is a case, unless the folder itself is one: it has logs and nothing else, or
    /// its subfolders are called host, client and the like. Of several paths, as the shell makes them of TICKETS/*, each is a case.
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
    #[command(flatten)]
    pub(crate) common: CommonArguments,
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
    /// The process that waits for it: once that is gone, nobody needs the answer. The page in a browser has none.
    #[arg(long, value_name = "PID")]
    pub(crate) parent: Option<u32>,
    #[command(flatten)]
    pub(crate) diagnose: Diagnose,
}

fn time(text: &str) -> Result<String, String> {
    TypedTime::parse(text).map(|_| text.to_owned())
}

fn zone_name(text: &str) -> Result<String, String> {
    zone(text).map(|_| text.to_owned())
}
