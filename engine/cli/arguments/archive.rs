//! What unpacking may cost, as arguments.

use clap::Args;
use rdpwhy_logs::ArchiveLimits;

#[derive(Debug, Args)]
#[command(next_help_heading = "Archives")]
pub(crate) struct ArchiveArguments {
    /// Maximum depth of archives within archives; a .tar.gz counts as two.
    #[arg(long, hide_short_help = true, value_name = "N", default_value_t = ArchiveLimits::default().depth)]
    pub(crate) max_archive_depth: u32,
    /// Maximum ratio of unpacked to packed bytes: of an entry beyond its first 64 MiB, in total beyond 256 MiB.
    #[arg(long, hide_short_help = true, value_name = "N", default_value_t = ArchiveLimits::default().ratio)]
    pub(crate) max_archive_ratio: u64,
    /// Maximum size of an unpacked archive or of standard input, such as 100G.
    #[arg(long, hide_short_help = true, value_name = "BYTES", default_value = "64G", value_parser = bytes)]
    pub(crate) max_archive_bytes: u64,
    /// Maximum number of entries per archive.
    #[arg(long, hide_short_help = true, value_name = "N", default_value_t = ArchiveLimits::default().entries)]
    pub(crate) max_archive_entries: u64,
    /// Maximum memory for .zip and .7z archives within archives.
    #[arg(long, hide_short_help = true, value_name = "BYTES", default_value = "128M", value_parser = bytes)]
    pub(crate) max_archive_memory: u64,
}

impl ArchiveArguments {
    pub(crate) fn limits(&self) -> ArchiveLimits {
        ArchiveLimits {
            depth: self.max_archive_depth,
            ratio: self.max_archive_ratio,
            bytes: self.max_archive_bytes,
            entries: self.max_archive_entries,
            held: self.max_archive_memory,
        }
    }
}

/// A number of bytes, with K, M, G or T for powers of 1024.
pub(super) fn bytes(text: &str) -> Result<u64, String> {
    let unit = text.chars().last().and_then(|last| "KMGT".find(last.to_ascii_uppercase()));
    let digits = if unit.is_some() { &text[..text.len() - 1] } else { text };
    let power = unit.map_or(0, |unit| 10 * (unit + 1));
    let value = digits.parse::<u64>().ok().and_then(|number| number.checked_mul(1 << power));
    value.ok_or_else(|| "not a valid size: expected a number such as 500M or 64G".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units_and_the_defaults_are_those_of_the_reader() {
        assert_eq!(
            (bytes("7"), bytes("2k"), bytes("64G")),
            (Ok(7), Ok(2048), Ok(ArchiveLimits::default().bytes))
        );
        assert_eq!(bytes("128M"), Ok(ArchiveLimits::default().held));
        for text in ["", "G", "-1", "9999999999T", "1 G", "größer"] {
            assert!(bytes(text).is_err(), "{text}");
        }
    }
}
