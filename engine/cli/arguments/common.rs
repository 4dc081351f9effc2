//! What `diagnose` and `batch` have in common.

use super::rule_folders::RuleFolders;
use clap::Args;

/// Which rules count, and what to say on the way.
#[derive(Debug, Default, Args)]
pub(crate) struct CommonArguments {
    #[command(flatten)]
    pub(crate) folders: RuleFolders,
    /// Leave out the added rules that have errors, and name them, instead of stopping.
    #[arg(long, requires = "rules")]
    pub(crate) rules_lenient: bool,
    /// Show no progress.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}
