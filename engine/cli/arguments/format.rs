//! The form of a report.

use clap::ValueEnum;
use std::path::Path;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For the terminal.
    Text,
    /// For programs; docs/report.schema.json describes it.
    Json,
    /// For ticket systems.
    #[value(alias = "md")]
    Markdown,
    /// The timeline for spreadsheets.
    Csv,
    /// The timeline as JSON Lines, for search engines and Timesketch.
    Jsonl,
    /// The timeline as JSON Lines with the names of the Elastic Common Schema.
    Ecs,
    /// The timeline as CSV with Timesketch's columns.
    Timesketch,
    /// One file for a browser; prints as a checklist and the whole report.
    Html,
    /// The path to the verdict as a flowchart.
    Mermaid,
}

impl Format {
    /// The ending of files of this format.
    pub(crate) fn ending(self) -> &'static str {
        match self {
            Format::Text => "txt",
            Format::Json => "json",
            Format::Markdown => "md",
            Format::Csv => "csv",
            Format::Jsonl => "jsonl",
            Format::Ecs => "ecs.jsonl",
            Format::Timesketch => "timesketch.csv",
            Format::Html => "html",
            Format::Mermaid => "mmd",
        }
    }

    /// The format that a file of this name usually has; text where the ending says nothing.
    pub(crate) fn of_file(path: &Path) -> Format {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
        match ending.as_deref() {
            Some("html" | "htm") => Format::Html,
            Some("json") => Format::Json,
            Some("md" | "markdown") => Format::Markdown,
            Some("csv") => Format::Csv,
            Some("jsonl" | "ndjson") => Format::Jsonl,
            Some("mmd" | "mermaid") => Format::Mermaid,
            _ => Format::Text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_gives_the_format() {
        for (name, format) in [
            ("r.html", Format::Html),
            ("r.HTM", Format::Html),
            ("a.b/r.json", Format::Json),
            ("r.md", Format::Markdown),
            ("r.csv", Format::Csv),
            ("r.jsonl", Format::Jsonl),
            ("r.mmd", Format::Mermaid),
            ("r.txt", Format::Text),
            ("r.html.txt", Format::Text),
            ("report", Format::Text),
            ("json", Format::Text),
        ] {
            assert_eq!(Format::of_file(Path::new(name)), format, "{name}");
        }
    }
}
