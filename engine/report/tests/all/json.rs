//! The JSON report against its published schema.

#![allow(clippy::unwrap_used, reason = "a test says by panicking that something is wrong")]

use crate::fixture;
use rdpwhy_diagnose::Diagnosis;
use rdpwhy_diagnose::diagnosis::{Aborted, Cause, Outcome, SeenFrom, State, Verdict};
use rdpwhy_report::{JsonOptions, json as report_json};
use rdpwhy_rules::{Cost, Risk, Severity, Side};
use serde_json::{Value, json};
use std::fs;

const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/report.schema.json");

/// The whole report.
fn full(diagnosis: &Diagnosis) -> String {
    report_json(diagnosis, &JsonOptions { full: true, case: Some("INC-4711".to_owned()) })
}

/// The report as it is by default.
fn short(diagnosis: &Diagnosis) -> String {
    report_json(diagnosis, &JsonOptions::default())
}

fn schema() -> Value {
    let text = fs::read_to_string(SCHEMA).expect("the schema is part of the project");
    serde_json::from_str(&text).expect("the schema is JSON")
}

/// The schema with every object closed: a property that it does not describe becomes an error.
fn closed(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(object) => {
            if object.contains_key("properties") {
                object.insert("additionalProperties".to_owned(), json!(false));
            }
            for (_, value) in object.iter_mut() {
                *value = closed(value.take());
            }
        }
        Value::Array(array) => array.iter_mut().for_each(|value| *value = closed(value.take())),
        _ => {}
    }
    schema
}

#[test]
fn reports_are_as_the_schema_says_and_it_describes_every_field() {
    let open = jsonschema::validator_for(&schema()).unwrap();
    let closed = jsonschema::validator_for(&closed(schema())).unwrap();
    for (name, diagnosis) in fixture::all() {
        for (text, validator) in
            [full(&diagnosis), short(&diagnosis)].iter().flat_map(|text| [(text, &open), (text, &closed)])
        {
            let report: Value = serde_json::from_str(text).unwrap();
            let errors: Vec<String> = validator
                .iter_errors(&report)
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{name}: {errors:#?}");
        }
    }
}

#[test]
fn every_field_of_the_schema_has_a_description() {
    fn undescribed(path: &str, schema: &Value, found: &mut Vec<String>) {
        let Value::Object(object) = schema else { return };
        if let Some(Value::Object(properties)) = object.get("properties") {
            for (name, property) in properties {
                if property.get("description").is_none() {
                    found.push(format!("{path}/{name}"));
                }
            }
        }
        for (name, value) in object {
            undescribed(&format!("{path}/{name}"), value, found);
        }
    }
    let mut found = Vec::new();
    undescribed("", &schema(), &mut found);
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn the_schema_refuses_what_is_no_report() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let report: Value = serde_json::from_str(&full(&fixture::key_inaccessible())).unwrap();
    let spoil: [fn(&mut Value); 6] = [
        |report| report["verdict"] = json!("maybe"),
        |report| report["diagnoses"][0]["probability"] = json!(1.2),
        |report| report["attempts"][0]["started"] = json!("2026-03-09 07:58:31"),
        |report| report["coverage"][0]["sha256"] = json!("9f86"),
        |report| report["schema_version"] = json!(2),
        |report| {
            report.as_object_mut().unwrap().remove("notices");
        },
    ];
    for (number, spoil) in spoil.into_iter().enumerate() {
        let mut spoilt = report.clone();
        spoil(&mut spoilt);
        assert!(!validator.is_valid(&spoilt), "{number}");
    }
    // Later versions may add fields anywhere.
    let mut richer = report;
    richer["incidents"][0]["weather"] = json!("fine");
    assert!(validator.is_valid(&richer));
}

#[test]
fn json_is_indented_ends_with_a_newline_and_hides_nothing() {
    let diagnosis = fixture::hostile();
    let told = full(&diagnosis);
    assert!(told.starts_with("{\n  \"schema_version\": 1,\n") && told.ends_with("}\n"));
    assert!(!told.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202e}'));
    let back: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(back["warnings"][0], json!(diagnosis.warnings[0]));
}

/// The words of these values.
fn displayed<T: ToString>(values: &[T]) -> Value {
    values.iter().map(T::to_string).collect()
}

#[test]
fn the_schema_lists_the_words_of_every_enum() {
    let schema = schema();
    let aborted =
        [Aborted::Preconnection, Aborted::Closed, Aborted::LogonScreen, Aborted::Probe, Aborted::Retried];
    let sides = [Side::Host, Side::Client, Side::Gateway].map(SeenFrom::One);
    let seen_from = [&sides[..], &[SeenFrom::Both]].concat();
    let outcomes = [Outcome::Failed, Outcome::Succeeded, Outcome::Aborted, Outcome::Unknown];
    let verdicts = [Verdict::Diagnosed, Verdict::Inconclusive, Verdict::Healthy, Verdict::NoEvidence];
    for (place, words) in [
        ("/properties/verdict", displayed(&verdicts)),
        ("/properties/notices/items/properties/severity", displayed(Severity::WORDS)),
        ("/$defs/evidence/properties/state", displayed(&[State::Present, State::Absent, State::Unknown])),
        ("/$defs/step/properties/cost", displayed(Cost::WORDS)),
        ("/$defs/step/properties/risk", displayed(Risk::WORDS)),
        ("/$defs/incident/properties/side", displayed(Side::WORDS)),
        ("/$defs/attempt/properties/side", displayed(&seen_from)),
        ("/$defs/attempt/properties/outcome", displayed(&outcomes)),
        ("/$defs/attempt/properties/aborted", displayed(&aborted)),
    ] {
        assert_eq!(schema.pointer(&format!("{place}/enum")), Some(&words), "{place}");
    }
}

#[test]
fn the_whole_report_has_every_field_of_the_diagnosis() {
    for (name, diagnosis) in fixture::all() {
        let plain = serde_json::to_value(&diagnosis).unwrap();
        let mut report: Value = serde_json::from_str(&full(&diagnosis)).unwrap();
        let object = report.as_object_mut().unwrap();
        assert_eq!(object.remove("case"), Some(json!("INC-4711")));
        assert!(
            object
                .remove("summary")
                .is_some_and(|summary| summary.as_str().is_some_and(|text| text.ends_with('.')))
        );
        assert_eq!(report, plain, "{name}");
    }
}

#[test]
fn unlikely_causes_come_without_evidence_and_steps() {
    let mut diagnosis = fixture::key_inaccessible();
    let unlikely = diagnosis.diagnoses[0].clone();
    for number in 0..6 {
        let cause = format!("unlikely-{number}");
        diagnosis.diagnoses.push(Cause { cause, probability: 0.001, ..unlikely.clone() });
    }
    let report: Value = serde_json::from_str(&short(&diagnosis)).unwrap();
    let causes = report["diagnoses"].as_array().unwrap();
    assert_eq!(causes.len(), diagnosis.diagnoses.len());
    assert!(!causes[0]["evidence"].as_array().unwrap().is_empty() && causes[0].get("brief").is_none());
    let last = causes.last().unwrap();
    assert_eq!((&last["brief"], &last["evidence"], &last["fix"]), (&json!(true), &json!([]), &json!([])));
    assert!(causes.iter().all(|cause| cause.get("not_counted").is_none()));
    let whole: Value = serde_json::from_str(&full(&diagnosis)).unwrap();
    assert!(whole["diagnoses"].as_array().unwrap().last().unwrap().get("brief").is_none());
}

/// Guesses of strangers come by the thousand: they are summed up, and none is lost.
#[test]
fn failures_that_were_put_aside_are_summed_up() {
    let mut diagnosis = fixture::key_inaccessible();
    let one = diagnosis.attempts[0].clone();
    for number in 0..1000 {
        let mut guess = one.clone();
        (guess.incident, guess.count) = (None, 1 + number % 2);
        guess.source = Some(format!("203.0.113.{}", number % 250));
        diagnosis.attempts.push(guess);
    }
    let count = |text: &str| -> (usize, u64) {
        let report: Value = serde_json::from_str(text).unwrap();
        let attempts = report["attempts"].as_array().unwrap().clone();
        (attempts.len(), attempts.iter().map(|attempt| attempt["count"].as_u64().unwrap()).sum())
    };
    let (whole, told) = (count(&full(&diagnosis)), count(&short(&diagnosis)));
    assert_eq!(told.1, whole.1, "every attempt is counted");
    assert!(whole.0 > 1000 && told.0 < 130, "{whole:?} {told:?}");
    assert!(short(&diagnosis).len() < full(&diagnosis).len() / 4);
}
