//! Where the peer departs from the Sigma specification. No signal needs what stands here; the test says when the peer
//! has caught up.

use rdpwhy_event::Names;
use rdpwhy_logs::parse_event_xml;
use rdpwhy_sigma::Detection;
use rdpwhy_yaml::{Faults, Reader, parse};

use super::peer::{Peer, flat};

/// What the specification says, a selection, a value of the field `F`, and whether they fit.
const DEPARTURES: [(&str, &str, &str, bool); 8] = [
    ("`startswith`: the value is expected at the beginning", "{F|startswith: 'adm_??_'}", "adm_xy_bob", true),
    (
        "`endswith`: the value is expected at the end",
        r"{F|endswith: '\update?.exe'}",
        r"C:\update1.exe",
        true,
    ),
    ("`*` replaces any number of any characters", "{F: 'a*b'}", "a&#10;b", true),
    ("`'|all'`: keywords that all stand in the event", "{'|all': [hid, byp]}", "hidden bypass", true),
    ("a list of values is linked with OR", "{G: [null, '']}", "x", true),
    ("`windash`: dash and slash are interchangeable", "{F|windash|contains: ' /f'}", "x -f", true),
    ("`windash`: for options; within a word a dash is none", "{F|windash|contains: 'a-b'}", "a/b", false),
    ("`base64offset`: surroundings do not matter", "{F|base64offset|contains: foo}", "eGZvb2Jhcg==", true),
];

#[test]
fn the_peer_departs_from_the_specification_where_we_do_not() {
    for (said, selection, value, expected) in DEPARTURES {
        let rule = format!(
            "title: T\nlogsource: {{product: windows, service: s}}\ndetection:\n  s: {selection}\n  condition: s\n"
        );
        let xml = format!(
            "<Event><System><Provider Name='P'/><EventID>1</EventID></System>\
             <EventData><Data Name='F'>{value}</Data></EventData></Event>"
        );
        let (event, _) = parse_event_xml(&xml, &mut Names::default()).unwrap();
        let faults = Faults::new();
        let rule_node = &parse("rule.yml", &rule, &faults)[0];
        let detection = rule_node.get("detection").unwrap();
        let ours = Detection::read(detection, Reader::new("rule.yml", &faults)).unwrap();
        assert_eq!(ours.is_match(&event), expected, "ours: {said}");
        let theirs = Peer::read(&rule).unwrap().is_match(&flat(&event));
        assert_ne!(theirs, expected, "the peer has caught up: {said}");
    }
}
