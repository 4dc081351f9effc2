//! Detections and records for tests.

use std::collections::BTreeMap;

use proptest::prelude::*;

use rdpwhy_yaml::{Faults, Reader, parse};

use crate::detection::Detection;
use crate::record::Record;

/// A record for tests: fields in name order.
#[derive(Debug)]
pub(crate) struct Fields(pub(crate) BTreeMap<String, Vec<String>>);

impl Fields {
    pub(crate) fn new(fields: &[(&str, &str)]) -> Self {
        let mut map: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in fields {
            map.entry((*name).to_owned()).or_default().push((*value).to_owned());
        }
        Fields(map)
    }
}

impl Record for Fields {
    fn each_value(&self, field: &str, visit: &mut dyn FnMut(&str) -> bool) -> bool {
        self.0.get(field).is_some_and(|values| values.iter().any(|value| visit(value)))
    }

    fn any_value(&self, visit: &mut dyn FnMut(&str) -> bool) -> bool {
        self.0.values().flatten().any(|value| visit(value))
    }

    fn channel(&self) -> &str {
        self.0.get("Channel").map_or("", |values| &values[0])
    }
}

/// The detection of this text, which has no fault.
pub(crate) fn detection(text: &str) -> Detection {
    let faults = Faults::new();
    let documents = parse("rule.yml", text, &faults);
    let detection = Detection::read(&documents[0], Reader::new("rule.yml", &faults));
    assert!(faults.is_empty(), "{}", faults.render(false));
    detection.expect("a detection without faults compiles")
}

/// The text of a detection with selections `sa`, `sb`, `_h` over few names and values, so that matches are common.
pub(crate) fn any_detection() -> impl Strategy<Value = String> {
    let value =
        prop_oneof!["[ab1?*]{0,3}", "[0-9]{1,2}", Just("ä".to_owned())].prop_map(|text| format!("'{text}'"));
    let values = prop_oneof![
        value.clone(),
        Just("null".to_owned()),
        prop::collection::vec(value, 1..3).prop_map(|values| format!("[{}]", values.join(", "))),
    ];
    let field = prop_oneof![Just("EventID"), Just("Provider_Name"), Just("Channel"), Just("F")];
    let modifier = prop_oneof![
        6 => Just(""),
        1 => Just("|contains"),
        1 => Just("|startswith"),
        1 => Just("|endswith"),
        1 => Just("|contains|all"),
        1 => Just("|neq"),
    ];
    let item = (field, modifier, values).prop_map(|(field, modifier, values)| {
        let values =
            if values == "null" && !matches!(modifier, "" | "|neq") { "a".to_owned() } else { values };
        (format!("{field}{modifier}"), values)
    });
    let number = (prop_oneof![Just("EventID|gt"), Just("F|lte")], 0_u32..20)
        .prop_map(|(key, limit): (&str, u32)| (key.to_owned(), limit.to_string()));
    let items = prop::collection::vec(prop_oneof![6 => item, 1 => number], 1..3).prop_map(|items| {
        let unique: BTreeMap<String, String> = items.into_iter().collect();
        let lines: Vec<String> = unique.iter().map(|(key, values)| format!("{key}: {values}")).collect();
        format!("{{{}}}", lines.join(", "))
    });
    let selection = prop_oneof![
        4 => items.clone(),
        1 => prop::collection::vec(items, 1..3).prop_map(|maps| format!("[{}]", maps.join(", "))),
        1 => "[ab]{1,2}".prop_map(|word| format!("['{word}']")),
    ];
    let conditions = prop::sample::select(vec![
        "sa",
        "sa and sb",
        "sa or sb and not _h",
        "not sa",
        "1 of s*",
        "all of them",
        "1 of them and not (sa and _h)",
        "not (sa or not sb)",
    ]);
    (selection.clone(), selection.clone(), selection, conditions)
        .prop_map(|(a, b, h, condition)| format!("sa: {a}\nsb: {b}\n_h: {h}\ncondition: {condition}\n"))
}

/// A record over the same names and values.
pub(crate) fn any_record() -> impl Strategy<Value = Fields> {
    let value = prop_oneof!["[aAb1]{0,3}", "[0-9]{1,2}", Just("Ä".to_owned())];
    let field = prop::sample::select(vec!["EventID", "Provider_Name", "Channel", "F"]);
    prop::collection::vec((field, value), 0..5).prop_map(|fields| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Fields::new(&fields)
    })
}
