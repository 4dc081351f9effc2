//! Arguments that say which rules count.

use clap::Args;
use std::path::PathBuf;

/// Which rules count.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct RuleFolders {
    /// Add the rules in this folder, or replace built-in ones of the same kind and ID. Sigma rules load as signals.
    #[arg(long, value_name = "DIR")]
    pub(crate) rules: Option<PathBuf>,
    /// Use the rules in this folder instead of the built-in ones: a pack of its own, with a ladder.
    #[arg(long, value_name = "DIR")]
    pub(crate) pack: Option<PathBuf>,
}

impl RuleFolders {
    /// The folders that are named.
    pub(crate) fn named(&self) -> impl Iterator<Item = &PathBuf> {
        self.pack.iter().chain(&self.rules)
    }
}
