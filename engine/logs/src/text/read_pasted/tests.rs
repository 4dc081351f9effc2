use super::*;

fn read(text: &[u8]) -> Result<LogReading, NoLog> {
    let all = |_: &str, _: u32, _: &str| true;
    read_pasted(text, "a.txt", &Workers::new(&all, false), &())
}

fn event(record_id: u64) -> String {
    format!(
        "<Event><System><Provider Name='P'/><EventID>7</EventID><TimeCreated SystemTime='2026-03-09T07:58:00Z'/><EventRecordID>{record_id}</EventRecordID>\
         <Channel>C</Channel><Computer>H</Computer></System></Event>"
    )
}

#[test]
fn a_paste_is_an_excerpt_and_says_so() {
    let text = format!("look:\n{}\n> again\n{}\n{}\n<Event><System>", event(1), event(1), event(9));
    let reading = read(text.as_bytes()).unwrap();
    assert!(reading.log.is_excerpt());
    assert_eq!((reading.log.records, reading.log.spans[0].gap_count), (2, 0));
    let codes: Vec<&str> = reading.warnings.iter().map(|warning| warning.code).collect();
    assert_eq!(codes, ["text::pasted", "text::cut-off"]);
    assert!(reading.warnings[0].message.contains("(XML)"), "{}", reading.warnings[0].message);
}

#[test]
fn every_encoding_of_windows_is_read() {
    let text = "Protokollname: System\nQuelle: Größe\nDatum: 09.03.2026 07:58:00\nEreignis-ID: 7\nComputer: H\nBeschreibung:\nx\n";
    let utf16: Vec<u8> =
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let western: Vec<u8> = text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
    for bytes in [text.as_bytes(), &utf16, &western] {
        let reading = read(bytes).unwrap();
        assert_eq!(&*reading.events[0].provider, "Größe");
        assert_eq!(reading.warnings.last().unwrap().code, "text::no-zone");
    }
}

#[test]
fn a_zone_makes_local_times_instants() {
    let all = |_: &str, _: u32, _: &str| true;
    let zone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
    let workers = Workers::new(&all, false).in_zone(Some(zone));
    let text = "Log Name: System\nSource: P\nDate: 3/9/2026 8:58:00 AM\nEvent ID: 7\nComputer: H\n";
    let reading = read_pasted(text.as_bytes(), "a.txt", &workers, &()).unwrap();
    assert_eq!(reading.events[0].time.to_string(), "2026-03-09T07:58:00.0000000Z");
    let codes: Vec<&str> = reading.warnings.iter().map(|warning| warning.code).collect();
    assert_eq!(codes, ["text::pasted", "text::date-order"]);
}

#[test]
fn a_text_without_records_is_no_log() {
    assert!(matches!(read(b"it does not work"), Err(NoLog::Unsupported(_))));
    assert!(matches!(read(b""), Err(NoLog::Unsupported(_))));
}
