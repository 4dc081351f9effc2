//! The detection of a Sigma rule, read and then held against records.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use rdpwhy_event::{Event, Names};
use rdpwhy_logs::parse_event_xml;
use rdpwhy_rules::fault::Faults;
use rdpwhy_rules::signal::{LogSources, Origin, read};

static RECORDS: OnceLock<Vec<Event>> = OnceLock::new();

fuzz_target!(|detection: &str| {
    let text = format!("title: X\nlogsource: {{ product: windows }}\ndetection:\n{detection}\n");
    let faults = Faults::new();
    for signal in read("x.yml", &text, &LogSources::default(), Origin::Foreign, &faults) {
        for record in RECORDS.get_or_init(records) {
            assert_eq!(signal.is_match(record), signal.matches(record).is_some());
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
