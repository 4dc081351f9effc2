//! `rdpwhy rules schema`: JSON Schemas for completion and checks in editors.

use crate::arguments::SchemaKind;
use crate::failure::Failure;
use crate::generated::{self, Page};
use clap::ValueEnum;
use std::path::Path;

const TICKET: &str = include_str!("../../../docs/schema/ticket.schema.json");

/// The schema of a kind; without one, all are written to the folder.
pub(super) fn run(kind: Option<SchemaKind>, folder: Option<&Path>, force: bool) -> Result<String, Failure> {
    let all = SchemaKind::value_variants().iter();
    let wanted: Vec<SchemaKind> = all.copied().filter(|of| kind.is_none_or(|kind| kind == *of)).collect();
    let Some(folder) = folder else {
        return match wanted.as_slice() {
            [of] => Ok(text(*of)),
            _ => Err(Failure::new("several schemas cannot be printed at once").help(
                "name one (signal, cause, notice, step, check, ladder, codes, ticket), or write all of them to a folder with \
                 --output DIR",
            )),
        };
    };
    let page = |of: &SchemaKind| Page::new(folder.join(format!("{}.schema.json", word(*of))), text(*of));
    let pages: Vec<Page> = wanted.iter().map(page).collect();
    generated::write(&pages, force)?;
    Ok(pages.iter().map(|page| format!("{}\n", page.path.display())).collect())
}

fn text(kind: SchemaKind) -> String {
    match kind {
        SchemaKind::Rules(kind) => rdpwhy_rules::schema(kind).unwrap_or_default(),
        SchemaKind::Ticket => TICKET.to_owned(),
    }
}

fn word(kind: SchemaKind) -> &'static str {
    match kind {
        SchemaKind::Rules(kind) => kind.word(),
        SchemaKind::Ticket => "ticket",
    }
}
