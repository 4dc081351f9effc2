//! The other reader of Sigma, and what it is shown.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

use rdpwhy_event::Event;
use rsigma_eval::{CompiledRule, JsonEvent, compile_rule, evaluate_rule};
use rsigma_parser::{
    Detection, DetectionItem, Modifier, Severity, SigmaRule, lint_yaml_str, parse_sigma_yaml,
};
use serde_json::{Map, Value, json};

/// A rule as the peer reads it.
pub(crate) struct Peer {
    pub(crate) rule: SigmaRule,
    compiled: CompiledRule,
}

impl Peer {
    /// Reads the one rule of a file.
    pub(crate) fn read(text: &str) -> Result<Peer, String> {
        let collection = parse_sigma_yaml(text).map_err(|error| error.to_string())?;
        let mut collection = collection.into_result().map_err(|errors| errors.join("; "))?;
        if collection.rules.len() != 1 || collection.len() != 1 {
            return Err(format!("{} rules in one file", collection.len()));
        }
        let rule = collection.rules.remove(0);
        let compiled = compile_rule(&rule).map_err(|error| error.to_string())?;
        Ok(Peer { rule, compiled })
    }

    /// Whether the rule's condition fits; its log source is not looked at.
    pub(crate) fn is_match(&self, flat: &Value) -> bool {
        evaluate_rule(&self.compiled, &JsonEvent::borrow(flat)).is_some()
    }

    /// The flat event with the values that the rule compares as addresses or numbers in the one spelling the peer knows.
    ///
    /// Windows writes addresses with ports and IPv4 ones as IPv6, and numbers in hexadecimal. Sigma leaves open how a
    /// value is read; we read all of these, the peer leaves them to the pipeline before it.
    pub(crate) fn respelled(&self, flat: &Value) -> Value {
        let mut flat = flat.clone();
        for item in items(&self.rule).into_iter().filter(|item| item.field.modifiers.iter().any(compares)) {
            let name = item.field.name.as_deref().unwrap_or_default();
            match flat.get_mut(name) {
                Some(Value::Array(values)) => values.iter_mut().for_each(respell),
                Some(value) => respell(value),
                None => {}
            }
        }
        flat
    }
}

/// All fields of a rule with what they are compared with.
pub(crate) fn items(rule: &SigmaRule) -> Vec<&DetectionItem> {
    fn of(detection: &Detection) -> Vec<&DetectionItem> {
        match detection {
            Detection::AllOf(items) => items.iter().collect(),
            Detection::AnyOf(parts) | Detection::And(parts) => parts.iter().flat_map(of).collect(),
            _ => Vec::new(),
        }
    }
    rule.detection.named.values().flat_map(of).collect()
}

fn compares(modifier: &Modifier) -> bool {
    matches!(modifier, Modifier::Cidr | Modifier::Gt | Modifier::Gte | Modifier::Lt | Modifier::Lte)
}

fn respell(value: &mut Value) {
    let Some(text) = value.as_str().map(str::trim) else { return };
    let address = text.parse::<IpAddr>().or_else(|_| text.parse::<SocketAddr>().map(|socket| socket.ip()));
    let number = text.strip_prefix("0x").and_then(|digits| i64::from_str_radix(digits, 16).ok());
    *value = match (address, number) {
        (Ok(address), _) => json!(address.to_canonical().to_string()),
        (_, Some(number)) => json!(number),
        _ => json!(text),
    };
}

/// What the peer's linter says against the specification.
pub(crate) fn spec_violations(text: &str) -> Vec<String> {
    let lints = lint_yaml_str(text);
    let errors = lints.into_iter().filter(|lint| matches!(lint.severity, Severity::Error));
    errors.map(|lint| format!("{}: {}", lint.path, lint.message)).collect()
}

/// The event as one flat map, the way pipelines hand Windows events to Sigma rules.
///
/// The values of `System` stand under Sigma's names, numbers as numbers, keywords as in the XML; the payload's fields
/// by name, several of one name as a list. Unnamed data stands under `Data` as a list, and each value of it under
/// `Data[0]`, `Data[1]`…: in Sigma 2 brackets are letters of a field's name like any other. A payload's field hides
/// the `System` value of its name, but for the three that [`rdpwhy_sigma::Record`] says.
pub(crate) fn flat(event: &Event) -> Value {
    let mut map = system(event);
    let mut payload: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let has_data = event.fields.iter().any(|field| field.name == "Data");
    for field in event.fields.iter() {
        payload.entry(field.name).or_default().push(field.value);
        if field.name.starts_with("Data[") && !has_data {
            payload.entry("Data").or_default().push(field.value);
        }
    }
    for (name, mut values) in payload {
        match name {
            "EventID" | "Provider_Name" => continue,
            "Channel" => values.insert(0, &event.channel),
            _ => {}
        }
        let value = if let [value] = values[..] { json!(value) } else { json!(values) };
        map.insert(name.to_owned(), value);
    }
    Value::Object(map)
}

fn system(event: &Event) -> Map<String, Value> {
    let values = [
        ("EventID", json!(event.event_id)),
        ("Provider_Name", json!(&*event.provider)),
        ("EventSourceName", json!(event.event_source.as_deref())),
        ("Channel", json!(&*event.channel)),
        ("Computer", json!(&*event.computer)),
        ("EventRecordID", json!(event.record_id)),
        ("Qualifiers", json!(event.qualifiers)),
        ("Version", json!(event.version)),
        ("Level", json!(event.level)),
        ("Task", json!(event.task)),
        ("Opcode", json!(event.opcode)),
        ("Keywords", json!(event.keywords.map(|keywords| format!("{keywords:#x}")))),
        ("Execution_ProcessID", json!(event.process_id)),
        ("Execution_ThreadID", json!(event.thread_id)),
        ("Security_UserID", json!(event.user_sid.as_deref())),
        ("ActivityID", json!(event.activity_id.map(|id| id.to_string()))),
    ];
    values
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
