//! `rdpwhy rules schema`: JSON Schemas for completion and checks in editors.

use super::cannot_write;
use crate::arguments::SchemaKind;
use std::path::Path;

const SCHEMAS: [(SchemaKind, &str, &str); 8] = [
    (SchemaKind::Signal, "signal.schema.json", include_str!("../../../docs/schema/signal.schema.json")),
    (SchemaKind::Cause, "cause.schema.json", include_str!("../../../docs/schema/cause.schema.json")),
    (SchemaKind::Notice, "notice.schema.json", include_str!("../../../docs/schema/notice.schema.json")),
    (SchemaKind::Step, "step.schema.json", include_str!("../../../docs/schema/step.schema.json")),
    (SchemaKind::Check, "check.schema.json", include_str!("../../../docs/schema/check.schema.json")),
    (SchemaKind::Ladder, "ladder.schema.json", include_str!("../../../docs/schema/ladder.schema.json")),
    (SchemaKind::Codes, "codes.schema.json", include_str!("../../../docs/schema/codes.schema.json")),
    (SchemaKind::Ticket, "ticket.schema.json", include_str!("../../../docs/schema/ticket.schema.json")),
];

/// The schema of a kind; without one, all are written to the folder.
pub(super) fn run(kind: Option<SchemaKind>, folder: Option<&Path>) -> Result<String, String> {
    let wanted: Vec<_> = SCHEMAS.iter().filter(|(of, _, _)| kind.is_none_or(|kind| kind == *of)).collect();
    let Some(folder) = folder else {
        return match wanted.as_slice() {
            [(_, _, text)] => Ok((*text).to_owned()),
            _ => Err("error: several schemas do not go into one output\n = help: name one (signal, cause, notice, step, check, ladder, \
                      codes, ticket), or write all of them to a folder with --output DIR"
                .to_owned()),
        };
    };
    std::fs::create_dir_all(folder).map_err(|error| cannot_write(folder, &error))?;
    let mut text = String::new();
    for (_, name, schema) in wanted {
        let path = folder.join(name);
        std::fs::write(&path, schema).map_err(|error| cannot_write(&path, &error))?;
        text.push_str(&format!("{}\n", path.display()));
    }
    Ok(text)
}
