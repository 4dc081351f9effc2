//! The JSON Schema of the rows.

use crate::row::{AttemptRow, CaseRow, IncidentRow, SharedRow};
use schemars::{SchemaGenerator, generate::SchemaSettings, json_schema};

/// The schema of all rows (JSON Schema, draft 2020-12), with a line end: a definition for each file, `$defs/CaseRow` for
/// `cases.jsonl` and so on. A row of any file fits the whole.
#[must_use]
pub fn schema() -> String {
    let mut generator = SchemaGenerator::new(SchemaSettings::draft2020_12());
    let rows = [
        generator.subschema_for::<CaseRow>(),
        generator.subschema_for::<IncidentRow>(),
        generator.subschema_for::<AttemptRow>(),
        generator.subschema_for::<SharedRow>(),
    ];
    let mut schema = json_schema!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:rdpwhy:batch:1",
        "title": "Rows of rdpwhy batch",
        "description": "One JSON object a line: cases.jsonl has CaseRow, incidents.jsonl IncidentRow, attempts.jsonl AttemptRow, shared.jsonl SharedRow. Keys may be added; those here keep their names and meaning.",
        "anyOf": rows,
    });
    schema.insert("$defs".to_owned(), generator.take_definitions(true).into());
    let text = serde_json::to_string_pretty(&schema).expect("a schema is JSON");
    format!("{text}\n")
}
