use proptest::prelude::*;

use super::*;
use crate::text::window::{BLOCK, MAX_RECORD};

fn read(bytes: &[u8], format: Format) -> LogReading {
    let all = |_: &str, _: u32, _: &str| true;
    let first = read_text(bytes, "log", format, &Workers::new(&all, false), Sharing::OneThread, &()).unwrap();
    let second =
        read_text(bytes, "log", format, &Workers::new(&all, false), Sharing::AllThreads, &()).unwrap();
    assert_eq!((&first.log, &first.events, &first.warnings), (&second.log, &second.events, &second.warnings));
    first
}

fn event(id: u64) -> String {
    format!(
        "<Event xmlns='x'><System><Provider Name='P'/><EventID>7</EventID><TimeCreated SystemTime='2026-03-09T07:58:00Z'/>\
         <EventRecordID>{id}</EventRecordID><Channel>C</Channel><Computer>H</Computer></System><EventData>\
         <Data Name='A'>größer</Data></EventData></Event>"
    )
}

fn dumped(id: u64) -> String {
    format!(
        r##"{{"Event":{{"System":{{"EventID":7,"TimeCreated":{{"#attributes":{{"SystemTime":"2026-03-09T07:58:00Z"}}}},"EventRecordID":{id}}},"EventData":{{"A":"{{\""}}}}}}"##
    )
}

fn ids(reading: &LogReading) -> Vec<u64> {
    reading.events.iter().map(|event| event.record_id).collect()
}

#[test]
fn many_blocks_in_every_encoding_give_every_record() {
    let count = 12_000;
    let text: String = (1..=count).map(event).collect::<Vec<_>>().join("\r\n");
    let text = format!("<?xml version=\"1.0\"?>\r\n<Events>{text}</Events>");
    assert!(text.len() > 2 * BLOCK);
    let units = || std::iter::once(0xfeff).chain(text.encode_utf16());
    for bytes in [
        text.clone().into_bytes(),
        units().flat_map(u16::to_le_bytes).collect(),
        units().flat_map(u16::to_be_bytes).collect(),
    ] {
        let reading = read(&bytes, Format::Xml);
        assert_eq!(ids(&reading), (1..=count).collect::<Vec<_>>());
        assert_eq!(reading.events[9].field("A"), Some("größer"));
        assert_eq!((reading.log.whole, reading.log.bytes), (true, bytes.len() as u64));
        assert_eq!((reading.log.spans[0].gap_count, reading.log.spans[0].records), (0, count));
    }
}

#[test]
fn broken_records_cost_themselves_and_are_located() {
    let text = format!("{}\n<Event><System>\n{}\n</Event>\n{}", event(1), event(2), event(3));
    let reading = read(text.as_bytes(), Format::Xml);
    assert_eq!((ids(&reading), reading.log.damages[0].records_lost), (vec![1, 2, 3], Some(2)));
    let text = format!("{}\n{}\n<Event xmlns='x'><System>", event(1), event(2).replace("</System>", ""));
    let reading = read(text.as_bytes(), Format::Xml);
    assert_eq!((ids(&reading), reading.log.whole), (vec![1], false));
    let warning = reading.warnings[0].to_string();
    let place = format!("log: line 2, byte {}: ", event(1).len() + 1);
    assert!(warning.starts_with(&format!("{place}2 records could not be read; the first: ")), "{warning}");

    let text = format!("{}\n{{\"Event\":{{\"Sys\n{}\nwhat is this\n{}", dumped(1), dumped(2), dumped(3));
    let reading = read(text.as_bytes(), Format::Json);
    assert_eq!(ids(&reading), [1, 2, 3]);
    let warning = reading.warnings[0].to_string();
    assert!(warning.contains("line 2") && warning.contains("2 records could not be read"), "{warning}");
}

#[test]
fn an_element_called_event_is_a_value_of_its_record() {
    let with_event = |id| event(id).replace("<Data Name='A'>größer</Data>", "<Event>4</Event>");
    let text = format!("<Events>{}\n{}{}</Events>", event(1), with_event(2), event(3));
    let reading = read(text.as_bytes(), Format::Xml);
    assert_eq!((ids(&reading), reading.log.whole), (vec![1, 2, 3], true));
    assert_eq!(reading.events[1].field("Event"), Some("4"));
}

#[test]
fn a_record_over_the_limit_costs_itself() {
    let large = format!("<Event><System/>{}</Event>", "a".repeat(MAX_RECORD));
    let reading = read(format!("{large}\n{}", event(2)).as_bytes(), Format::Xml);
    assert_eq!((ids(&reading), reading.log.damages[0].records_lost), (vec![2], Some(1)));
}

#[test]
fn json_stands_on_lines_in_lists_or_spread_out() {
    let spread = |id: u64| {
        let json: serde_json::Value = serde_json::from_str(&dumped(id)).unwrap();
        serde_json::to_string_pretty(&json).unwrap()
    };
    for text in [
        format!("{}\r\n{}\r\n", dumped(1), dumped(2)),
        format!("[{},{}]", dumped(1), dumped(2)),
        format!("[\n{},\n{}\n]\n", dumped(1), dumped(2)),
        format!("Record 1\n{}\nRecord 2\n{}\n", spread(1), spread(2)),
    ] {
        let reading = read(text.as_bytes(), Format::Json);
        assert_eq!((ids(&reading), reading.log.whole), (vec![1, 2], true), "{text}");
    }
}

#[test]
fn a_record_without_end_is_let_go() {
    let text = format!("{}<Event>{}", event(1), "x".repeat(3 * MAX_RECORD));
    let reading = read(text.as_bytes(), Format::Xml);
    assert_eq!((ids(&reading), reading.log.damages.len()), (vec![1], 1));
    let text = format!("{}\n{{\"a\":\"{}\n{}", dumped(1), "x".repeat(3 * MAX_RECORD), dumped(2));
    assert_eq!(ids(&read(text.as_bytes(), Format::Json)), [1, 2]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn changed_bytes_never_panic_and_cost_only_what_is_near(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        is_json: bool,
    ) {
        let (form, format): (fn(u64) -> String, _) =
            if is_json { (dumped, Format::Json) } else { (event, Format::Xml) };
        let mut bytes: Vec<u8> = (1..=40).map(form).collect::<Vec<_>>().join("\n").into_bytes();
        for (at, byte) in &changes {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        // A change can take the record before or behind with it.
        prop_assert!(read(&bytes, format).log.records >= 40 - 3 * changes.len() as u64);
    }

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes, Format::Xml);
        let _ = read(&bytes, Format::Json);
    }
}
