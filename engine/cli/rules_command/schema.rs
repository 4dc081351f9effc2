//! `rdpwhy rules schema`: JSON Schemas for completion and checks in editors.

use crate::arguments::SchemaKind;
use crate::failure::Failure;
use crate::generated::{self, Page};
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
pub(super) fn run(kind: Option<SchemaKind>, folder: Option<&Path>, force: bool) -> Result<String, Failure> {
    let wanted: Vec<_> = SCHEMAS.iter().filter(|(of, _, _)| kind.is_none_or(|kind| kind == *of)).collect();
    let Some(folder) = folder else {
        return match wanted.as_slice() {
            [(_, _, text)] => Ok((*text).to_owned()),
            _ => Err(Failure::new("several schemas cannot be printed at once").help(
                "name one (signal, cause, notice, step, check, ladder, codes, ticket), or write all of them to a folder with \
                 --output DIR",
            )),
        };
    };
    let page = |(_, name, schema): &&(_, &str, &str)| Page::new(folder.join(name), (*schema).to_owned());
    let pages: Vec<Page> = wanted.iter().map(page).collect();
    generated::write(&pages, force)?;
    Ok(pages.iter().map(|page| format!("{}\n", page.path.display())).collect())
}
