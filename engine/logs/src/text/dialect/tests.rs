//! One record in every dialect, and what only some of them write.

use proptest::prelude::*;

use super::*;
use crate::input::format::Format;
use crate::text::message;
use crate::text::moment::DateOrder;
use rdpwhy_event::{Event, MessageField, MessageText};

fn wording() -> Wording {
    let mut wording = Wording::default();
    let message = MessageText {
        channel: "Security".into(),
        root: None,
        fields: ["TargetUserName", "Status hex", "LogonType"].map(MessageField::parse).into(),
        texts: vec!["It failed.\nAccount Name: %1\nStatus: %2\nLogon Type: %3".into()],
    };
    wording.add_message("Vendor-Auditing", 4625, message);
    wording
}

fn json(text: &str) -> Json {
    serde_json::from_str(text).unwrap()
}

/// The event in a JSON text and the name of its dialect.
fn event(text: &str) -> (Event, &'static str) {
    let (json, wording) = (json(text), wording());
    let Some((Found::Sketch(mut sketch), name)) = read(&json, Some(&wording)) else {
        panic!("no record: {text}")
    };
    sketch.settle_time(DateOrder::of(sketch.shown_time.as_deref().into_iter()));
    message::complete(&mut sketch, Some(&wording));
    (sketch.into_event(&mut Names::default(), |local| local).unwrap(), name)
}

/// The same record as each program writes it, with all that the event has.
const SAME: &[(&str, &str)] = &[
    (
        "Winlogbeat",
        r#"{"@timestamp":"2026-03-09T07:58:00.291Z","log":{"level":"information"},"winlog":{"channel":"Security","computer_name":"H",
            "provider_name":"Vendor-Auditing","event_id":"4625","record_id":11,"event_data":{"TargetUserName":"anna","Status":"0xc000006d","LogonType":"10"}}}"#,
    ),
    (
        "Winlogbeat",
        r#"{"@timestamp":"2026-03-09T07:58:00.291Z","log_name":"Security","source_name":"Vendor-Auditing","computer_name":"H","record_number":"11",
            "event_id":4625,"level":"Information","event_data":{"TargetUserName":"anna","Status":"0xc000006d","LogonType":"10"}}"#,
    ),
    (
        "Wazuh",
        r#"{"timestamp":"2026-03-09T07:58:01.000+0000","agent":{"name":"H"},"data":{"win":{"system":{"providerName":"Vendor-Auditing","eventID":"4625",
            "level":"4","systemTime":"2026-03-09T07:58:00.2910000Z","eventRecordID":"11","channel":"Security","computer":"H"},
            "eventdata":{"targetUserName":"anna","status":"0xc000006d","logonType":"10"}}}}"#,
    ),
    (
        "Wazuh",
        r#"{"win":{"system":{"providerName":"Vendor-Auditing","eventID":"4625","level":"4","systemTime":"2026-03-09T07:58:00.291Z","eventRecordID":"11",
            "channel":"Security","computer":"H","message":"\"It failed.\r\nAccount Name:\t\tanna\r\nStatus:\t0xC000006D\r\nLogon Type: 10\""}}}"#,
    ),
    (
        "EvtxECmd",
        r##"{"PayloadData1":"x","Computer":"H","Payload":"{\"EventData\":{\"Data\":[{\"@Name\":\"TargetUserName\",\"#text\":\"anna\"},{\"@Name\":\"Status\",\"#text\":\"0xc000006d\"},{\"@Name\":\"LogonType\",\"#text\":\"10\"}]}}",
            "Channel":"Security","Provider":"Vendor-Auditing","EventId":4625,"EventRecordId":"11","Level":"Info","TimeCreated":"2026-03-09T07:58:00.2910000+00:00"}"##,
    ),
    (
        "Velociraptor",
        r#"{"System":{"Provider":{"Name":"Vendor-Auditing"},"EventID":{"Value":4625},"Level":4,"TimeCreated":{"SystemTime":1773043080.291},
            "EventRecordID":11,"Channel":"Security","Computer":"H"},"EventData":{"TargetUserName":"anna","Status":"0xc000006d","LogonType":10}}"#,
    ),
    (
        "ArcSight",
        r#"{"System":{"EventId":"4625","ProviderName":"Vendor-Auditing","Level":"Informational","TimeCreated":"1773043080291","EventRecordID":"11",
            "Channel":"Security","Computer":"H"},"EventData":{"TargetUserName":"anna","Status":"0xc000006d","LogonType":"10"}}"#,
    ),
    (
        "Fluent Bit",
        r#"{"ProviderName":"Vendor-Auditing","EventID":4625,"Level":4,"TimeCreated":"2026-03-09 07:58:00.291 +0000","EventRecordID":11,"Channel":"Security",
            "Computer":"H","StringInserts":["anna","0xc000006d","10","new"]}"#,
    ),
    (
        "Get-WinEvent",
        r#"{"Id":4625,"Level":4,"RecordId":11,"ProviderName":"Vendor-Auditing","LogName":"Security","MachineName":"H","UserId":null,
            "TimeCreated":"/Date(1773043080291)/","Properties":[{"Value":"anna"},{"Value":-1073741715},{"Value":10}],"Message":"Es schlug fehl."}"#,
    ),
    (
        "Get-WinEvent",
        r#"{"Id":4625,"LevelDisplayName":"Information","RecordId":11,"ProviderName":"Vendor-Auditing","LogName":"Security","MachineName":"H",
            "TimeCreated":"2026-03-09T08:58:00.291+01:00","Properties":["System.Diagnostics.Eventing.Reader.EventProperty"],
            "Message":"It failed.\r\n\r\nAccount Name:\tanna\r\nStatus:\t0xC000006D\r\nLogon Type:\t10"}"#,
    ),
    (
        "Sentinel",
        r#"{"TenantId":"x","TimeGenerated":"2026-03-09T07:58:00.291","Computer":"H","EventSourceName":"Vendor-Auditing","Channel":"Security","Level":"4",
            "EventID":4625,"Account":"C\\anna","TargetUserName":"anna","Status":"0xc000006d","LogonType":10,"EventRecordId":"11"}"#,
    ),
    (
        "Sentinel",
        r#"{"TimeGenerated":"2026-03-09T07:58:00.291Z","Computer":"H","Provider":"Vendor-Auditing","Channel":"Security","EventLevel":4,"EventID":4625,
            "EventRecordId":"11","EventData":{"TargetUserName":"anna","Status":"0xc000006d","LogonType":"10"}}"#,
    ),
    (
        "Graylog",
        r#"{"timestamp":"2026-03-09T07:58:00.291Z","winlogbeat_winlog_event_id":"4625","winlogbeat_winlog_provider_name":"Vendor-Auditing",
            "winlogbeat_winlog_channel":"Security","winlogbeat_winlog_computer_name":"H","winlogbeat_winlog_record_id":11,"winlogbeat_log_level":"information",
            "winlogbeat_winlog_event_data_TargetUserName":"anna","winlogbeat_winlog_event_data_Status":"0xc000006d","winlogbeat_winlog_event_data_LogonType":"10"}"#,
    ),
    (
        "GELF",
        r#"{"version":"1.1","host":"H","timestamp":1773043080.291,"_EventID":4625,"_SourceName":"Vendor-Auditing","_Channel":"Security","_RecordNumber":11,
            "_EventType":"INFO","_TargetUserName":"anna","_Status":"0xc000006d","_LogonType":"10"}"#,
    ),
    (
        "NXLog",
        r#"{"EventTime":"2026-03-09 07:58:00.291","Hostname":"H","EventType":"INFO","EventID":4625,"SourceName":"Vendor-Auditing","RecordNumber":11,
            "Channel":"Security","TargetUserName":"anna","Status":"0xc000006d","LogonType":"10","Message":"long"}"#,
    ),
    (
        "NXLog",
        r#"{"EventTime":"2026-03-09 07:58:00.291","Hostname":"H","EventType":"INFO","EventID":4625,"SourceName":"Vendor-Auditing","RecordNumber":11,
            "Channel":"Security","Message":"It failed.\r\n\r\nAccount Name: anna\r\nStatus: 0xC000006D\r\nLogon Type: 10"}"#,
    ),
    (
        "Promtail",
        r#"{"source":"Vendor-Auditing","channel":"Security","computer":"H","event_id":4625,"level":4,"levelText":"Information","taskText":"Logon",
            "timeCreated":"2026-03-09T07:58:00.291000000Z","eventRecordID":11,
            "event_data":"<Data Name='TargetUserName'>anna</Data><Data Name='Status'>0xc000006d</Data><Data Name='LogonType'>10</Data>"}"#,
    ),
    (
        "Splunk",
        r#"{"preview":false,"result":{"_raw":"03/09/2026 07:58:00.291 AM\nLogName=Security\nEventCode=4625\nComputerName=H\nSourceName=Vendor-Auditing\nType=Information\nRecordNumber=11\nMessage=It failed.\n\nAccount Name:\tanna\nStatus:\t0xC000006D\nLogon Type:\t10"}}"#,
    ),
];

#[test]
fn the_same_record_is_the_same_event_in_every_dialect() {
    let (expected, _) = event(SAME[0].1);
    assert_eq!((expected.event_id, expected.record_id, expected.level), (4625, 11, Some(4)));
    assert_eq!(expected.time.to_string(), "2026-03-09T07:58:00.2910000Z");
    for (name, text) in SAME {
        let (mut event, dialect) = event(text);
        assert_eq!(dialect, *name, "{text}");
        assert_eq!(
            Format::of("a.json", text.as_bytes()),
            Format::Json,
            "{name}: not taken for records: {text}"
        );
        // Splunk's times end at the second.
        if *name == "Splunk" {
            event.time = expected.time;
        }
        assert_eq!(event, expected, "{name}: {text}");
    }
}

#[test]
fn every_dialect_is_tried() {
    for dialect in DIALECTS {
        assert!(SAME.iter().any(|(name, _)| *name == dialect.name), "{}", dialect.name);
    }
}

#[test]
fn values_whose_element_ends_before_it_begins_are_left_out() {
    let data = "</EventData> and <EventData><Data Name='a'>b</Data>";
    let record = serde_json::json!({
        "Source": "P", "EventLog": "Application", "EventID": 7, "Computer": "H", "TimeGenerated": "2026-03-09T07:58:00Z",
        "RenderedDescription": "x", "EventData": data,
    });
    assert_eq!(event(&record.to_string()).0.fields.iter().count(), 0);
}

#[test]
fn records_are_found_in_what_is_wrapped_around_them() {
    let inner = SAME[0].1;
    for wrapped in [format!(r#"{{"_index":"x","_source":{inner}}}"#), format!(r#"{{"result":{inner}}}"#)] {
        assert_eq!(event(&wrapped).0, event(inner).0);
    }
    let raw = r#"{"result":{"_raw":"<Event><System/></Event>"}}"#;
    assert!(matches!(read(&json(raw), None), Some((Found::Xml("<Event><System/></Event>"), "Splunk"))));
    for other in [r#"{"a":1}"#, "[]", "null", r#"{"EventID":1}"#, r#"{"data":{"EventID":1}}"#] {
        assert!(read(&json(other), None).is_none(), "{other}");
    }
}

#[test]
fn values_without_names_keep_their_places() {
    let text = r#"{"win":{"system":{"providerName":"P","eventID":"56","systemTime":"2026-03-09T07:58:00Z","channel":"System","computer":"H"},
        "eventdata":{"data":"\\Device\\Termdd, 192.0.2.7","binary":"00","param1":"x","updateTitle":"y"}}}"#;
    let (event, _) = event(text);
    let fields: Vec<_> =
        event.fields.iter().map(|field| (field.name.to_owned(), field.value.to_owned())).collect();
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        fields,
        [
            field("Binary", "00"),
            field("param1", "x"),
            field("Data[0]", "x"),
            field("updateTitle", "y"),
            field("Data[0]", r"\Device\Termdd"),
            field("Data[1]", "192.0.2.7")
        ]
    );
}

#[test]
fn user_data_has_its_root() {
    for text in [
        r#"{"System":{"EventId":"1149","ProviderName":"P","TimeCreated":"1773043080291"},"EventData":{},"UserData":{"EventXML":{"@_xmlns_":"Event_NS","Param1":"anna"}}}"#,
        r#"{"EventId":1149,"Provider":"P","Channel":"C","TimeCreated":"2026-03-09T07:58:00Z","Payload":"{\"UserData\":{\"EventXML\":{\"@xmlns\":\"x\",\"Param1\":\"anna\"}}}"}"#,
        r#"{"winlog":{"event_id":1149,"channel":"C","user_data":{"xml_name":"EventXML","Param1":"anna"}},"@timestamp":"2026-03-09T07:58:00Z"}"#,
    ] {
        let (event, _) = event(text);
        assert_eq!(event.payload, rdpwhy_event::Payload::UserData { root: "EventXML".into() }, "{text}");
        assert_eq!(
            event.fields.iter().map(|field| (field.name, field.value)).collect::<Vec<_>>(),
            [("Param1", "anna")]
        );
    }
    let event_table = r#"{"TimeGenerated":"2026-03-09T07:58:00Z","Source":"P","EventLog":"System","EventID":7036,"Computer":"H",
        "EventData":"<DataItem><EventData xmlns=\"x\"><Data Name=\"param1\">a &amp; b</Data></EventData></DataItem>"}"#;
    assert_eq!(event(event_table).0.field("param1"), Some("a & b"));
}

proptest! {
    #[test]
    fn no_json_panics(at: prop::sample::Index, sample: prop::sample::Index, with in "\\PC{0,6}|\\[\\]|\\{\\}|null|-1") {
        let text = SAME[sample.index(SAME.len())].1;
        let places: Vec<usize> = text.match_indices('"').map(|(at, _)| at).collect();
        let at = places[at.index(places.len())];
        for changed in [format!("{}{with}{}", &text[..at], &text[at..]), format!("{}{with}{}", &text[..=at], &text[at + 1..])] {
            if let Ok(json) = serde_json::from_str::<Json>(&changed)
                && let Some((Found::Sketch(mut sketch), _)) = read(&json, Some(&wording()))
            {
                message::complete(&mut sketch, Some(&wording()));
                let _ = sketch.into_event(&mut Names::default(), |local| local);
            }
        }
    }
}
