//! The XML of one event.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rdpwhy_event::Names;
use rdpwhy_logs::parse_event_xml;

fuzz_target!(|xml: &str| {
    let Ok((event, _)) = parse_event_xml(xml, &mut Names::default()) else { return };
    // Names and values are the document's own: expansion is bounded by it.
    let longest = 8 * xml.len() + 4096;
    for field in event.fields.iter() {
        assert!(field.value.len() <= longest);
    }
    let _ = event.values("Data").count();
});
