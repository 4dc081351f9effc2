//! Arguments of `rdpwhy report-wrong`.

use super::diagnose::Diagnose;
use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct ReportWrong {
    /// The cause as it turned out: its ID, or `none` if nothing was wrong.
    #[arg(long, value_name = "CAUSE")]
    pub(crate) expected: Option<String>,
    /// What you know about it. It goes into the bundle as you write it.
    #[arg(long, value_name = "TEXT")]
    pub(crate) comment: Option<String>,
    #[command(flatten)]
    pub(crate) diagnose: Diagnose,
}
