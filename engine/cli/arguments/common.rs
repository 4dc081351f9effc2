//! What `diagnose` and `batch` have in common.

use clap::Args;
use std::path::PathBuf;

/// Rules to add, and what to say on the way.
#[derive(Debug, Default, Args)]
pub(crate) struct CommonArguments {
    /// Add the rules in this folder, or replace built-in ones of the same kind and ID. Sigma rules load as signals.
    #[arg(long, value_name = "DIR")]
    pub(crate) rules: Option<PathBuf>,
    /// Leave out the added rules that have errors, and name them, instead of stopping.
    #[arg(long, requires = "rules")]
    pub(crate) rules_lenient: bool,
    /// Show no progress.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}
