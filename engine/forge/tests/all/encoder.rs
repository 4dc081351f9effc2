//! What the encoder writes is what the evtx crate reads, with every checksum validated.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use evtx::{EvtxParser, ParserSettings};
use proptest::prelude::*;
use rdpwhy_forge::evtx::{EncodeError, Form, Guid, Node, Payload, Record, Sid, Value, encode};
use serde_json::Value as Json;

fn record(id: u64, payload: Payload) -> Record {
    Record {
        id,
        time: 133_500_000_000_000_000 + id * 10_000_000 + 1,
        form: Form::Manifest,
        provider: "Provider-Name".into(),
        guid: Guid::parse("{1F678132-5938-4686-9FDC-C8FF68F15C85}"),
        source_name: None,
        event_id: 131,
        qualifiers: None,
        version: 0,
        level: 4,
        task: 4,
        opcode: 15,
        keywords: 0x4000_0000_0000_0000,
        activity: Guid::parse("F4201234-0000-5000-8000-000000000001"),
        process: 332,
        thread: 1416,
        channel: "Channel/Operational".into(),
        computer: "SRV-RDS01.contoso.local".into(),
        user: Sid::parse("S-1-5-20"),
        payload,
    }
}

fn named(fields: &[(&str, Value)]) -> Payload {
    let fields = fields.iter().map(|(n, v)| ((*n).to_owned(), v.clone())).collect();
    Payload::Named { name: None, fields, binary: None }
}

fn read(bytes: Vec<u8>) -> Vec<(u64, Json)> {
    let settings = ParserSettings::default().validate_checksums(true).num_threads(1);
    let mut parser = EvtxParser::from_buffer(bytes).unwrap().with_configuration(settings);
    let records: Result<Vec<_>, _> = parser.records_json_value().collect();
    records.unwrap().into_iter().map(|r| (r.event_record_id, r.data)).collect()
}

fn read_one(record: Record) -> Json {
    let mut all = read(encode(&[record]).unwrap());
    assert_eq!(all.len(), 1);
    all.remove(0).1["Event"].take()
}

#[test]
fn an_empty_log_is_readable() {
    assert_eq!(read(encode(&[]).unwrap()), []);
}

#[test]
fn system_values_come_back_in_the_manifest_form() {
    let event = read_one(record(8812, Payload::None));
    let system = &event["System"];
    assert_eq!(system["EventID"], 131);
    assert_eq!(system["EventRecordID"], 8812);
    assert_eq!(system["Channel"], "Channel/Operational");
    assert_eq!(system["Computer"], "SRV-RDS01.contoso.local");
    assert_eq!(system["Keywords"], "0x4000000000000000");
    assert_eq!(system["Security"]["#attributes"]["UserID"], "S-1-5-20");
    assert_eq!(system["Provider"]["#attributes"]["Name"], "Provider-Name");
    let activity = system["Correlation"]["#attributes"]["ActivityID"].as_str().unwrap();
    assert_eq!(activity, "{f4201234-0000-5000-8000-000000000001}");
    assert_eq!(system["Execution"]["#attributes"]["ThreadID"], 1416);
}

#[test]
fn a_classic_record_carries_its_source_name_and_strings_by_position() {
    let payload = Payload::Classic {
        texts: vec!["SRV".into(), String::new(), "<&>\"ä".into()],
        binary: Some(vec![0x0A, 0x0B]),
    };
    let mut classic = record(1, payload);
    classic.form = Form::Legacy;
    classic.source_name = Some("TermService & <Co>".into());
    classic.qualifiers = Some(49152);
    let event = read_one(classic);
    let provider = &event["System"]["Provider"]["#attributes"];
    assert_eq!(provider["EventSourceName"], "TermService & <Co>");
    assert_eq!(event["System"]["EventID"]["#attributes"]["Qualifiers"], 49152);
    let texts = &event["EventData"]["Data"]["#text"];
    assert_eq!(texts, &serde_json::json!(["SRV", "", "<&>\"ä"]), "{event}");
    assert_eq!(event["EventData"]["Binary"], "0A0B");
}

#[test]
fn a_short_classic_record_leaves_out_what_such_sources_leave_out() {
    let mut short = record(1, Payload::Classic { texts: vec![], binary: None });
    short.form = Form::Short;
    let event = read_one(short);
    assert_eq!(event["System"].get("Execution"), None, "{event}");
    assert_eq!(event["System"]["EventID"], 131);
}

#[test]
fn user_data_keeps_root_namespace_attributes_and_nesting() {
    let leaf = |name: &str, value| Node {
        name: name.into(),
        literals: vec![],
        attributes: vec![],
        text: Some(value),
        children: vec![],
    };
    let inner =
        Node { attributes: vec![("value".into(), Value::Hex32(0x8009_0016))], ..leaf("Result", Value::Null) };
    let inner = Node { text: None, ..inner };
    let root = Node {
        name: "EventXML".into(),
        literals: vec![("xmlns".into(), "Event_NS".into())],
        attributes: vec![],
        text: None,
        children: vec![
            leaf("User", Value::Text("CONTOSO\\anna".into())),
            leaf("SessionID", Value::U32(3)),
            inner,
        ],
    };
    let event = read_one(record(1, Payload::User(root)));
    let xml = &event["UserData"]["EventXML"];
    assert_eq!(xml["#attributes"]["xmlns"], "Event_NS");
    assert_eq!(xml["User"], "CONTOSO\\anna");
    assert_eq!(xml["SessionID"], 3);
    assert_eq!(xml["Result"]["#attributes"]["value"], "0x80090016", "{event}");
}

#[test]
fn typed_fields_render_as_real_ones_do() {
    let event = read_one(record(
        1,
        named(&[
            ("Hex", Value::Hex32(0x8007_0040)),
            ("Dec", Value::U32(2_147_942_487)),
            ("Long", Value::Hex64(0x3E7)),
            ("Yes", Value::Bool(true)),
            ("Bytes", Value::Binary(vec![1, 0, 0, 0])),
            ("Empty", Value::Text(String::new())),
        ]),
    ));
    let data = &event["EventData"];
    assert_eq!(data["Hex"], "0x80070040");
    assert_eq!(data["Dec"], 2_147_942_487u64);
    assert_eq!(data["Long"], "0x3e7");
    assert_eq!(data["Yes"], true);
    assert_eq!(data["Bytes"], "01000000");
    assert!(data["Empty"].is_null() || data["Empty"] == "", "{data}");
}

#[test]
fn records_fill_chunk_after_chunk_without_a_gap() {
    // Every size of a text around a chunk's end: one of them ends exactly where a chunk may end.
    for length in 0..12 {
        let text = "x".repeat(5000 + length * 2);
        let records: Vec<Record> =
            (100..160).map(|id| record(id, named(&[("T", Value::Text(text.clone()))]))).collect();
        let back = read(encode(&records).unwrap());
        let ids: Vec<u64> = back.iter().map(|(id, _)| *id).collect();
        assert_eq!(ids, (100..160).collect::<Vec<_>>(), "texts of {} characters", text.len());
        assert!(back.iter().all(|(_, e)| e["Event"]["EventData"]["T"] == text.as_str()));
    }
}

#[test]
fn texts_of_32_kb_come_back() {
    let text = "ß".repeat(16_384);
    let event = read_one(record(1, named(&[("T", Value::Text(text.clone()))])));
    assert_eq!(event["EventData"]["T"], text.as_str());
}

#[test]
fn the_largest_record_fits_and_a_larger_one_is_an_error_that_names_it() {
    let sized = |n| record(2, named(&[("T", Value::Text("x".repeat(n)))]));
    let fits = |n| encode(&[record(1, Payload::None), sized(n)]);
    let (mut low, mut high) = (10_000, 32_767);
    while high - low > 1 {
        let middle = usize::midpoint(low, high);
        if fits(middle).is_ok() { low = middle } else { high = middle }
    }
    assert_eq!(read(fits(low).unwrap()).len(), 2);
    let error = fits(high).unwrap_err();
    assert!(matches!(error, EncodeError::RecordTooLarge { index: 1, .. }), "{error}");
    let error = fits(40_000).unwrap_err();
    assert_eq!(error, EncodeError::ValueTooLong { index: 1, size: 80_000 });
}

#[test]
fn ids_that_do_not_ascend_are_refused() {
    let error = encode(&[record(5, Payload::None), record(5, Payload::None)]).unwrap_err();
    assert_eq!(error.to_string(), "record id 5 does not come after 5");
}

proptest! {
    #[test]
    fn named_fields_come_back_as_written(texts in prop::collection::vec("[^\u{0}-\u{8}\u{b}\u{c}\u{e}-\u{1f}\r\u{fffe}\u{ffff}]{0,200}", 0..6)) {
        let fields: Vec<(String, Value)> =
            texts.iter().enumerate().map(|(i, t)| (format!("F{i}"), Value::Text(t.clone()))).collect();
        let event = read_one(record(1, Payload::Named { name: None, fields, binary: None }));
        for (i, text) in texts.iter().enumerate() {
            let back = event["EventData"][format!("F{i}")].as_str().unwrap_or("").to_owned();
            prop_assert_eq!(&back, text);
        }
    }

    #[test]
    fn many_records_of_any_size_come_back(lengths in prop::collection::vec(0usize..9000, 1..40)) {
        let records: Vec<Record> = lengths
            .iter()
            .enumerate()
            .map(|(i, n)| record(i as u64 + 7, named(&[("T", Value::Text("é".repeat(*n)))])))
            .collect();
        let back = read(encode(&records).unwrap());
        prop_assert_eq!(back.len(), lengths.len());
        for ((id, event), (i, n)) in back.iter().zip(lengths.iter().enumerate()) {
            prop_assert_eq!(*id, i as u64 + 7);
            prop_assert_eq!(event["Event"]["EventData"]["T"].as_str().unwrap_or("").chars().count(), *n);
        }
    }
}
