//! The detection of a Sigma rule, read and then held against records.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use rdpwhy_event::{Event, Names};
use rdpwhy_logs::parse_event_xml;
use rdpwhy_sigma::Detection;
use rdpwhy_yaml::{Faults, Reader, parse};

static RECORDS: OnceLock<Vec<Event>> = OnceLock::new();

fuzz_target!(|detection: &str| {
    let faults = Faults::new();
    let documents = parse("x.yml", detection, &faults);
    let detections = documents.iter().filter_map(|node| Detection::read(node, Reader::new("x.yml", &faults)));
    for detection in detections {
        for record in RECORDS.get_or_init(records) {
            assert_eq!(detection.is_match(record), detection.matches(record).is_some());
        }
    }
    assert!(faults.is_empty() || !faults.render(false).is_empty());
});

fn records() -> Vec<Event> {
    let payloads = [
        String::new(),
        "<EventData><Data>one</Data><Data>two</Data></EventData>".into(),
        "<EventData><Data Name='Reason'>2308</Data><Data Name='Address'>192.0.2.7</Data></EventData>".into(),
        format!("<EventData><Data Name='Text'>{}</Data></EventData>", "aB".repeat(2000)),
        "<UserData><EventXML xmlns='x'><User>CONTOSO\\anna</User><Empty/></EventXML></UserData>".into(),
    ];
    let xml = |payload: &String| {
        format!(
            "<Event><System><Provider Name='P'/><EventID>7</EventID><Channel>C</Channel>\
             <Computer>H</Computer></System>{payload}</Event>"
        )
    };
    let mut names = Names::default();
    payloads
        .iter()
        .map(|payload| parse_event_xml(&xml(payload), &mut names).expect("it is sound").0)
        .collect()
}
