//! Pasted records in every form.

use proptest::prelude::*;

use super::*;
use crate::text::moment::When;
use crate::text::sketch::Section;
use rdpwhy_event::{MessageField, MessageText};

fn wording() -> Wording {
    let mut wording = Wording::default();
    wording.add_provider("Short", "Vendor-Short");
    let message = MessageText {
        channel: "Vendor/Operational".into(),
        root: None,
        fields: ["Address", "Code hex"].map(MessageField::parse).into(),
        texts: vec![
            "The client %1 was refused (code %2).".into(),
            "It was refused:\nAddress: %1\nDetails:\nCode: %2".into(),
            "Der Client %1 wurde abgewiesen (Code %2).".into(),
        ],
    };
    wording.add_message("Vendor-Short", 7, message);
    wording
}

fn xml(id: u32, record_id: u64) -> String {
    format!(
        "<Event xmlns='x'><System><Provider Name='Vendor-Short'/><EventID>{id}</EventID><TimeCreated SystemTime='2026-03-09T07:58:00Z'/>\
         <EventRecordID>{record_id}</EventRecordID><Channel>C</Channel><Computer>H</Computer></System><EventData/></Event>"
    )
}

fn sketches(text: &str) -> Vec<Sketch> {
    let paste = read(text, Some(&wording()));
    let sketch = |(_, record)| match record {
        Pasted::Sketch(sketch) => *sketch,
        Pasted::Xml(xml) => panic!("{xml}"),
    };
    paste.records.into_iter().map(sketch).collect()
}

const FORMS: &[(&str, &str)] = &[
    (
        "Event Viewer",
        "Log Name:      Vendor/Operational\r\nSource:        Vendor-Short\r\nDate:          3/9/2026 7:58:00 AM\r\nEvent ID:      7\r\n\
         Task Category: None\r\nLevel:         Error\r\nKeywords:      \r\nUser:          SYSTEM\r\nComputer:      H\r\nDescription:\r\n\
         The client 192.0.2.7 was refused (code 0xC000006D).\r\n",
    ),
    (
        "Event Viewer",
        "Protokollname: Vendor/Operational\nQuelle:        Short\nDatum:         09.03.2026 07:58:00\nEreignis-ID:   7\nAufgabenkategorie:Keine\n\
         Ebene:         Fehler\nSchlüsselwörter:\nBenutzer:      SYSTEM\nComputer:      H\nBeschreibung:\n\
         Der Client 192.0.2.7 wurde abgewiesen (Code -1073741715).\n",
    ),
    (
        "Event Viewer",
        "Event[0]:\n  Log Name: Vendor/Operational\n  Source: Vendor-Short\n  Date: 2026-03-09T07:58:00.000\n  Event ID: 7\n  Task: N/A\n  Level: Error\n  \
         Opcode: Info\n  Keyword: N/A\n  User: S-1-5-18\n  User Name: NT AUTHORITY\\SYSTEM\n  Computer: H\n  Description: \nIt was refused:\n\nAddress: 192.0.2.7\n\
         Details:\n\tCode:\t0xC000006D\n",
    ),
    (
        "Get-WinEvent",
        "\nTimeCreated      : 3/9/2026 7:58:00 AM\nProviderName     : Vendor-Short\nId               : 7\nMachineName      : H\nLevelDisplayName : Error\n\
         Message          : It was refused:\n                   \n                   Address: 192.0.2.7\n                   Details:\n                   Code: 0xc000006d\n\n\n",
    ),
    (
        "Event Viewer",
        "Level,Date and Time,Source,Event ID,Task Category,Computer\r\nError,3/9/2026 7:58:00 AM,Vendor-Short,7,None,H,\"The client 192.0.2.7 was\r\n refused (code 0xc000006d).\"\r\n",
    ),
    (
        "Splunk",
        "03/09/2026 07:58:00 AM\nLogName=Vendor/Operational\nEventCode=7\nComputerName=H\nSourceName=Vendor-Short\nType=Error\nMessage=The client 192.0.2.7 was refused (code 0xc000006d).\n",
    ),
    (
        "Get-WinEvent",
        "\"Id\",\"ProviderName\",\"MachineName\",\"LevelDisplayName\",\"TimeCreated\",\"Message\"\n\"7\",\"Vendor-Short\",\"H\",\"Error\",\"3/9/2026 7:58:00 AM\",\"The client 192.0.2.7 was refused (code 0xc000006d).\"\n",
    ),
];

#[test]
fn every_form_of_a_record_is_read_as_far_as_it_goes() {
    for (form, text) in FORMS {
        let read = sketches(text);
        let [sketch] = &read[..] else { panic!("one record, not {read:?}: {text}") };
        assert_eq!((sketch.event_id, sketch.level), (Some(7), Some(2)), "{text}");
        assert_eq!(
            (sketch.provider.as_str(), sketch.channel.as_str()),
            ("Vendor-Short", "Vendor/Operational"),
            "{text}"
        );
        assert_eq!(sketch.computer, "H", "{text}");
        let Some(When::Local(time)) = sketch.time else { panic!("a local time: {text}") };
        let time = time.to_string();
        // Without a date that decides, the month comes first only with AM and PM.
        assert_eq!(&time[..19], "2026-03-09T07:58:00", "{text}");
        let fields: Vec<_> =
            sketch.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(fields, [("Address", "192.0.2.7"), ("Code", "0xc000006d")], "{text}");
        assert_eq!(super::read(text, None).forms, [*form], "{text}");
        // Twice the record is two records.
        let twice = if text.contains(",7,") || text.contains("\"7\"") {
            continue;
        } else {
            sketches(&format!("{text}\n{text}"))
        };
        assert_eq!(twice.len(), 2, "{text}");
        assert_eq!((&twice[0], &twice[1]), (sketch, sketch), "{text}");
    }
}

#[test]
fn xml_is_taken_out_of_any_text_and_its_details_count_once() {
    let details = FORMS[0].1;
    let (first, second) = (xml(7, 1), xml(8, 2));
    let text =
        format!("Hello,\n{details}Event Xml:\n{first}\nand\n{details}\n{second} that is all <Event><System>");
    let paste = read(&text, Some(&wording()));
    let kinds: Vec<_> = paste
        .records
        .iter()
        .map(|(_, record)| match record {
            Pasted::Xml(xml) => xml.clone(),
            Pasted::Sketch(sketch) => sketch.provider.clone(),
        })
        .collect();
    assert_eq!(kinds, [first, "Vendor-Short".to_owned(), second]);
    assert_eq!((paste.broken, paste.records[0].0), (1, 14));
}

#[test]
fn the_xml_view_escapes_and_mail_are_undone() {
    let event = xml(7, 1);
    let folded = event.replace("<Event", "- <Event").replace("<System", "\n- <System");
    let escaped = event.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let encoded = event.replace('=', "=3D").replace("<Computer>", "<Comp=\r\nuter>");
    for text in [
        folded,
        format!("<html><p>{escaped}</p>"),
        format!("> hello\n> {event}\n"),
        format!("From: a\nMIME-Version: 1.0\nContent-Transfer-Encoding: quoted-printable\n\n{encoded}\n"),
    ] {
        let paste = read(&text, None);
        let [(_, Pasted::Xml(xml))] = &paste.records[..] else { panic!("one record: {text}") };
        let parsed = rdpwhy_evtx::parse_event_xml(xml, &mut rdpwhy_event::Names::default());
        assert_eq!(parsed.unwrap().0.event_id, 7, "{text}");
    }
}

#[test]
fn the_friendly_view_is_read() {
    let text = "- System \n\n  - Provider \n\n   [ Name]  Vendor-Short \n   [ EventSourceName]  Short \n\n  - EventID 7 \n\n   [ Qualifiers]  49152 \n\n   Version 0 \n   \
                Level 2 \n   Keywords 0x80000000000000 \n\n  - TimeCreated \n\n   [ SystemTime]  2026-03-09T07:58:00.000000000Z \n\n   EventRecordID 9 \n   Channel C \n   \
                Computer H \n\n- EventData \n\n  IPString 192.0.2.7 \n  \\Device\\Termdd \n";
    let read = sketches(text);
    let [sketch] = &read[..] else { panic!("one record, not {read:?}") };
    assert_eq!((sketch.event_id, sketch.qualifiers, sketch.record_id), (Some(7), Some(49152), Some(9)));
    assert_eq!((sketch.event_source.as_deref(), sketch.level), (Some("Short"), Some(2)));
    assert!(matches!(sketch.time, Some(When::At(_))));
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(sketch.fields, [field("IPString", "192.0.2.7"), field("Data[0]", r"\Device\Termdd")]);
    let text = text.replace("- EventData", "- UserData\n\n  - EventXML\n   [ xmlns]  Event_NS\n");
    assert_eq!(sketches(&text)[0].payload, Section::UserData("EventXML".into()));
}

#[test]
fn text_without_records_gives_none() {
    for text in [
        "",
        "It does not work.",
        "Event ID: 7",
        "a,b,c\n1,2,3",
        "Source: x\nEvent ID: 7\n",
        "Level,Date and Time\n",
    ] {
        let paste = read(text, Some(&wording()));
        assert!(paste.records.is_empty() && paste.broken == 0, "{text}: {paste:?}");
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in "(\\PC|\r|\n|\t|<Event>|<System|</Event>|&lt;Event|- |> |Log Name: |Event ID: |Source: |Date: |Description:|System|EventData|\\[ Name\\] |Id : |Message : |LogName=|=3D|From: |--){0,40}") {
        let _ = read(&text, Some(&wording()));
    }

    #[test]
    fn cut_and_shuffled_forms_never_panic(at: prop::sample::Index, form in 0..FORMS.len(), other in 0..FORMS.len()) {
        let (text, other) = (FORMS[form].1, FORMS[other].1);
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let (start, end) = text.split_at(places[at.index(places.len())]);
        let _ = read(&format!("{start}{other}{end}"), Some(&wording()));
    }
}
