//! The names of the Elastic Common Schema.

use super::row::{Kind, Row};
use serde_json::{Value, json};

/// The version of the schema whose names these are.
const VERSION: &str = "8.11";

/// The columns of a row; names with points stand for objects within objects, as Elasticsearch reads them.
pub(crate) fn columns(row: &Row, case: Option<&str>) -> Vec<(&'static str, Value)> {
    let is_record = matches!(row.kind(), Kind::Evidence | Kind::Notice | Kind::Change);
    let mut columns = vec![
        ("@timestamp", Value::from(row.time().to_string())),
        ("ecs.version", VERSION.into()),
        ("message", row.text().into()),
        ("event.kind", if is_record { "signal" } else { "event" }.into()),
        ("event.module", "rdpwhy".into()),
        ("event.dataset", format!("rdpwhy.{}", row.kind().word()).into()),
        ("tags", row.tags().into()),
        ("labels.case", case.into()),
    ];
    if row.kind() == Kind::Attempt {
        columns.push(("event.category", json!(["authentication", "session"])));
    }
    columns.extend(row.columns().into_iter().filter_map(|(name, value)| renamed(name, value)));
    columns
}

/// What the schema calls a column, and how it writes it; nothing where its name is given already.
fn renamed(name: &'static str, value: Value) -> Option<(&'static str, Value)> {
    let text = |value: Value| match value {
        Value::Null | Value::String(_) => value,
        other => other.to_string().into(),
    };
    Some(match name {
        "kind" => return None,
        "ended" => ("event.end", value),
        "machine" => ("host.name", value),
        // A name is no address for the field `source.ip`.
        "source" => ("source.address", value),
        "user" => ("user.name", value),
        "target" => ("destination.address", value),
        "outcome" => ("event.outcome", outcome(&value)),
        "file" => ("log.file.path", value),
        "channel" => ("winlog.channel", value),
        "provider" => ("event.provider", value),
        "event_id" => ("event.code", text(value)),
        "record_id" => ("winlog.record_id", text(value)),
        "incident" => ("rdpwhy.incident", value),
        "cause" => ("rdpwhy.cause", value),
        "probability" => ("rdpwhy.probability", value),
        "finding" => ("rule.name", value),
        "likelihood_ratio" => ("rdpwhy.likelihood_ratio", value),
        "stage" => ("rdpwhy.stage", value),
        "code" => ("error.code", value),
        "count" => ("rdpwhy.count", value),
        other => (other, value),
    })
}

/// The schema knows three words.
fn outcome(value: &Value) -> Value {
    match value.as_str() {
        Some("failed") => "failure".into(),
        Some("succeeded") => "success".into(),
        Some(_) => "unknown".into(),
        None => Value::Null,
    }
}
