use proptest::prelude::*;

use super::*;

fn parse(xml: &str) -> Event {
    parse_event_xml(xml, &mut Names::default()).unwrap().0
}

fn fields(event: &Event) -> Vec<(&str, &str)> {
    event.fields.iter().map(|field| (field.name, field.value)).collect()
}

const SYSTEM: &str = "<System><Provider Name='P' EventSourceName='S'/><EventID Qualifiers='32768'>7</EventID>\
    <Version>1</Version><Level>4</Level><Task>12544</Task><Opcode>0</Opcode><Keywords>0x8020000000000000</Keywords>\
    <TimeCreated SystemTime='2026-01-02T03:04:05.1234567Z'/><EventRecordID>42</EventRecordID>\
    <Correlation ActivityID='{a82c9492-4371-b077-cc01-72fa50baecb1}'/><Execution ProcessID='4' ThreadID='8'/>\
    <Channel>C/O</Channel><Computer>H</Computer><Security UserID='S-1-5-18'/></System>";

fn with_payload(payload: &str) -> Event {
    parse(&format!("<Event xmlns='x'>{SYSTEM}{payload}</Event>"))
}

#[test]
fn system_is_read() {
    let event = with_payload("");
    assert_eq!((&*event.provider, event.event_source.as_deref()), ("P", Some("S")));
    assert_eq!((event.event_id, event.qualifiers, event.record_id), (7, Some(32768), 42));
    assert_eq!(
        (event.version, event.level, event.task, event.opcode),
        (Some(1), Some(4), Some(12544), Some(0))
    );
    assert_eq!(
        (event.keywords, event.process_id, event.thread_id),
        (Some(0x8020_0000_0000_0000), Some(4), Some(8))
    );
    assert_eq!(
        (&*event.channel, &*event.computer, event.user_sid.as_deref()),
        ("C/O", "H", Some("S-1-5-18"))
    );
    assert_eq!(event.time.to_string(), "2026-01-02T03:04:05.1234567Z");
    assert_eq!(event.payload, Payload::None);
    let value = |name| event.values(name).collect::<Vec<_>>();
    assert_eq!(value("Keywords"), ["0x8020000000000000"]);
    assert_eq!(value("ActivityID"), ["A82C9492-4371-B077-CC01-72FA50BAECB1"]);
    assert_eq!(event.field("Provider_Name"), Some("P"));
}

#[test]
fn event_data_names_positions_and_binary() {
    let event = with_payload(
        "<EventData Name='E'><Data Name='A'>x &lt; y </Data><Data>p</Data><Data Name='B'></Data><Data/>\
         <Data Name='EventID'>own</Data><Binary>0A</Binary></EventData>",
    );
    assert_eq!(event.payload, Payload::EventData);
    let expected = [
        ("EventData.Name", "E"),
        ("A", "x < y "),
        ("Data[0]", "p"),
        ("B", ""),
        ("Data[1]", ""),
        ("EventID", "own"),
        ("Binary", "0A"),
    ];
    assert_eq!(fields(&event), expected);
    assert_eq!(event.values("Data").collect::<Vec<_>>(), ["p", ""]);
    assert_eq!(event.values("EventID").collect::<Vec<_>>(), ["own"], "the payload wins");
}

#[test]
fn user_data_below_any_root() {
    let event = with_payload(
        "<UserData><n:EventXML xmlns:n='e'><n:User>a</n:User><Param2/><Chain Ref='1'><Cert Name='c'/><Hash>\
         h<!-- --></Hash></Chain></n:EventXML></UserData>",
    );
    assert_eq!(event.payload, Payload::UserData { root: "EventXML".into() });
    let expected =
        [("User", "a"), ("Param2", ""), ("Chain.Ref", "1"), ("Chain.Cert.Name", "c"), ("Chain.Hash", "h")];
    assert_eq!(fields(&event), expected);
}

#[test]
fn line_ends_blanks_and_references_stay() {
    let event = with_payload("<EventData><Data Name='A'> a\r\n&#9;&amp;&#x41;&other; </Data></EventData>");
    assert_eq!(event.field("A"), Some(" a\r\n\t&A&other; "));
}

#[test]
fn what_is_no_event_is_named() {
    let error = |xml: &str| parse_event_xml(xml, &mut Names::default()).unwrap_err().to_string();
    assert_eq!(error("<Events/>"), "not an <Event> element");
    assert_eq!(error("<Event><System/></Event>"), "it has no EventID");
    assert_eq!(error("<Event>"), "its XML cannot be read: it breaks off");
    assert!(error("<Event><a></b></Event>").starts_with("its XML cannot be read: "));
}

#[test]
fn deep_nesting_keeps_names_short() {
    let tag = "abcdefghij".repeat(10);
    let deep = format!("{}v{}", format!("<{tag}>").repeat(200), format!("</{tag}>").repeat(200));
    let event = with_payload(&format!("<UserData><R>{deep}</R></UserData>"));
    let field = event.fields.iter().next().unwrap();
    assert!(field.name.len() <= MAX_FIELD_NAME);
    assert_eq!(field.value, "v");
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "(<|>|/|&|;|'|=| |Event|System|EventData|UserData|Data|Name|\\PC){0,60}") {
        let _ = parse_event_xml(&text, &mut Names::default());
        let _ = parse_event_xml(&format!("<Event>{SYSTEM}<EventData>{text}"), &mut Names::default());
        let _ = parse_event_xml(&format!("<Event>{SYSTEM}<EventData>{text}</EventData></Event>"), &mut Names::default());
    }
}
