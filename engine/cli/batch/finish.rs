//! The results of all cases together.

use super::folder::Folder;
use crate::failure::Failure;
use rdpwhy_batch::{Case, CaseRow};
use rdpwhy_rules::Pack;

/// How the cases came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ended {
    pub(crate) failed: usize,
}

/// Writes the rows of all cases, in their order, and the page about them.
///
/// # Errors
/// A result cannot be read, or a file cannot be written.
pub(crate) fn write(folder: &Folder, cases: &[Case], pack: &Pack) -> Result<Ended, Failure> {
    let mut incidents = folder.begin("incidents.jsonl")?;
    let mut attempts = folder.begin("attempts.jsonl")?;
    let mut all: Vec<CaseRow> = Vec::with_capacity(cases.len());
    for case in cases {
        // One at a time: the attempts of thousands of cases may not fit into memory.
        let rows = folder.load(case)?.rows;
        rows.incidents.iter().try_for_each(|row| incidents.line(row))?;
        rows.attempts.iter().try_for_each(|row| attempts.line(row))?;
        all.push(rows.case);
    }
    let found = rdpwhy_batch::shared(&all, pack);
    let mut table = folder.begin("cases.jsonl")?;
    all.iter().try_for_each(|row| table.line(row))?;
    let mut shared = folder.begin("shared.jsonl")?;
    found.iter().try_for_each(|row| shared.line(row))?;
    let mut page = folder.begin("index.html")?;
    page.text(&rdpwhy_batch::index(&all, &found, env!("CARGO_PKG_VERSION"), pack))?;
    for file in [incidents, attempts, table, shared, page] {
        file.finish()?;
    }
    Ok(Ended { failed: all.iter().filter(|row| row.error.is_some()).count() })
}
