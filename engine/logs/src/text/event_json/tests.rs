use super::*;

fn parse(text: &str) -> JsonEvent {
    parse_event_json(text.as_bytes(), &mut Names::default(), Locale::default()).unwrap()
}

fn fields(event: &Event) -> Vec<(&str, &str)> {
    event.fields.iter().map(|field| (field.name, field.value)).collect()
}

#[test]
fn a_dumped_record_is_what_its_xml_is() {
    let json = r##"{"Event":{"#attributes":{"xmlns":"x"},"System":{"Provider":{"#attributes":{"Name":"P","EventSourceName":"S"}},
        "EventID":{"#attributes":{"Qualifiers":32768},"#text":7},"Version":1,"Level":2,"Task":3,"Opcode":4,"Keywords":"0x80",
        "TimeCreated":{"#attributes":{"SystemTime":"2026-03-09T07:58:00.1234567Z"}},"EventRecordID":9,
        "Correlation":{"#attributes":{"ActivityID":"{499d6b4b-ab9d-481b-2cee-0e8923850000}"}},
        "Execution":{"#attributes":{"ProcessID":5,"ThreadID":6}},"Channel":"C","Computer":"H",
        "Security":{"#attributes":{"UserID":"S-1-5-18"}}},
        "EventData":{"#attributes":{"Name":"N"},"Z":1,"A":true,"Data":{"#text":["a",""]},"Binary":"00"}}}"##;
    let xml = "<Event><System><Provider Name='P' EventSourceName='S'/><EventID Qualifiers='32768'>7</EventID>\
        <Version>1</Version><Level>2</Level><Task>3</Task><Opcode>4</Opcode><Keywords>0x80</Keywords>\
        <TimeCreated SystemTime='2026-03-09T07:58:00.1234567Z'/><EventRecordID>9</EventRecordID>\
        <Correlation ActivityID='{499D6B4B-AB9D-481B-2CEE-0E8923850000}'/><Execution ProcessID='5' ThreadID='6'/>\
        <Channel>C</Channel><Computer>H</Computer><Security UserID='S-1-5-18'/></System>\
        <EventData Name='N'><Data Name='Z'>1</Data><Data Name='A'>true</Data><Data>a</Data><Data></Data>\
        <Binary>00</Binary></EventData></Event>";
    let expected = rdpwhy_evtx::parse_event_xml(xml, &mut Names::default()).unwrap().0;
    assert_eq!(parse(json).event, Event { header_id: 9, ..expected });
}

#[test]
fn user_data_has_its_root_and_names_joined_with_dots() {
    let system =
        r##""System":{"EventID":7,"TimeCreated":{"#attributes":{"SystemTime":"2026-03-09T07:58:00Z"}}}"##;
    let json = format!(
        r##"{{"Event":{{{system},"UserData":{{"EventXML":{{"#attributes":{{"xmlns":"x","k":"v"}},"User":"anna","In":{{"Deep":1,"Deep_1":2,"A_1":3}}}}}}}}}}"##
    );
    let event = parse(&json).event;
    assert_eq!(event.payload, Payload::UserData { root: "EventXML".into() });
    assert_eq!(
        fields(&event),
        [("k", "v"), ("User", "anna"), ("In.Deep", "1"), ("In.Deep", "2"), ("In.A_1", "3")]
    );
}

#[test]
fn winlogbeat_nested_or_with_dots_in_its_keys() {
    let nested = r#"{"@timestamp":"2026-03-09T07:58:00.291Z","log":{"level":"error"},"winlog":{"channel":"System","computer_name":"H",
        "provider_name":"P","event_id":"36870","record_id":"22897","process":{"pid":612,"thread":{"id":9}},
        "keywords":["Audit Failure"],"event_data":{"param1":"x","Named":"y"}}}"#;
    let flat = r#"{"_source":{"@timestamp":"2026-03-09T07:58:00.291Z","log.level":"error","winlog.channel":"System",
        "winlog.computer_name":"H","winlog.provider_name":"P","winlog.event_id":36870,"winlog.record_id":22897,
        "winlog.process.pid":612,"winlog.process.thread.id":9,"winlog.keywords":"Audit Failure",
        "winlog.event_data.param1":"x","winlog.event_data.Named":"y"}}"#;
    let event = parse(nested).event;
    assert_eq!((event.event_id, event.record_id, event.level), (36870, 22897, Some(2)));
    assert_eq!((event.process_id, event.thread_id), (Some(612), Some(9)));
    assert_eq!(event.keywords, Some(0x8010_0000_0000_0000));
    assert_eq!(fields(&event), [("param1", "x"), ("Data[0]", "x"), ("Named", "y")]);
    assert_eq!(event.time.to_string(), "2026-03-09T07:58:00.2910000Z");
    assert_eq!(parse(flat).event, event);
}

#[test]
fn nxlog_side_by_side_and_its_time_without_a_zone() {
    let json = r#"{"EventTime":"2026-03-09 07:58:00","Hostname":"H","Keywords":-9214364837600034816,"EventType":"AUDIT_FAILURE",
        "EventID":4625,"SourceName":"P","RecordNumber":11,"ExecutionProcessID":5,"ExecutionThreadID":6,"Channel":"Security",
        "TargetUserName":"anna","Message":"long"}"#;
    let parsed = parse(json);
    assert!(parsed.zoneless);
    let event = parsed.event;
    assert_eq!(event.time.to_string(), "2026-03-09T07:58:00.0000000Z");
    assert_eq!((event.keywords, event.level), (Some(0x8020_0000_0000_0000), Some(0)));
    assert_eq!(fields(&event), [("TargetUserName", "anna")]);
    assert_eq!((&*event.computer, &*event.channel, event.record_id), ("H", "Security", 11));
}

#[test]
fn times_are_numbers_of_any_unit_as_well() {
    for (number, time) in [
        ("1773043080", "2026-03-09T07:58:00.0000000Z"),
        ("1773043080291", "2026-03-09T07:58:00.2910000Z"),
        ("1773043080291123", "2026-03-09T07:58:00.2911230Z"),
    ] {
        let parsed = parse(&format!(r#"{{"EventTime":{number},"EventID":1,"SourceName":"P"}}"#));
        assert_eq!((parsed.event.time.to_string().as_str(), parsed.zoneless), (time, false));
    }
}

#[test]
fn what_is_no_record_says_so() {
    let error =
        |text: &str| parse_event_json(text.as_bytes(), &mut Names::default(), Locale::default()).unwrap_err();
    assert_eq!(error(r#"{"a":1}"#), "it is not a record of a known form");
    assert_eq!(error(r#"{"Event":{"System":{"EventID":1}}}"#), "it has no time that can be read");
    assert!(error(r#"{"a":"#).contains("EOF"));
    assert!(error(&"[".repeat(100_000)).contains("recursion"));
}
