//! `rdpwhy rules schema`: JSON Schemas for completion and checks in editors.

use super::cannot_write;
use crate::kind_argument::SchemaKind;
use clap::ValueEnum;
use std::path::Path;

const TICKET: &str = include_str!("../../../docs/schema/ticket.schema.json");

/// The schema of a kind; without one, all are written to the folder.
pub(super) fn run(kind: Option<SchemaKind>, folder: Option<&Path>) -> Result<String, String> {
    let all = SchemaKind::value_variants().iter();
    let wanted: Vec<_> = all.filter(|of| kind.is_none_or(|kind| kind == **of)).collect();
    let Some(folder) = folder else {
        return match wanted.as_slice() {
            [of] => Ok(text(**of)),
            _ => Err("error: several schemas do not go into one output\n = help: name one (signal, cause, notice, step, check, ladder, \
                      codes, ticket), or write all of them to a folder with --output DIR"
                .to_owned()),
        };
    };
    std::fs::create_dir_all(folder).map_err(|error| cannot_write(folder, &error))?;
    let mut written = String::new();
    for of in wanted {
        let path = folder.join(format!("{}.schema.json", word(*of)));
        std::fs::write(&path, text(*of)).map_err(|error| cannot_write(&path, &error))?;
        written.push_str(&format!("{}\n", path.display()));
    }
    Ok(written)
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
