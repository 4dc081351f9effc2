//! A fact counts once: a code of the client and a signal of the record that holds it belong to one group of a cause.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails, and says what it did")]

use rdpwhy_event::{Event, Names};
use rdpwhy_logs::parse_event_xml;
use rdpwhy_rules::finding::Finding;
use rdpwhy_rules::{Cause, Evidence, Pack, SignalId, embedded};

/// The client's record of an end for that reason.
fn ended(code: u32) -> Event {
    let xml = format!(
        "<Event><System><Provider Name=\"Microsoft-Windows-TerminalServices-ClientActiveXCore\"/><EventID>1026</EventID>\
         <EventRecordID>7</EventRecordID><Channel>Microsoft-Windows-TerminalServices-RDPClient/Operational</Channel>\
         <Computer>PC-1</Computer><TimeCreated SystemTime=\"2026-01-02T03:04:05Z\"/></System>\
         <EventData><Data Name=\"Name\">Disconnect Reason</Data><Data Name=\"Value\">{code}</Data></EventData></Event>"
    );
    parse_event_xml(&xml, &mut Names::default()).unwrap().0
}

/// The pieces of evidence that a record of that code is, beside the code itself, and which another group lets count again.
fn counted_again<'c>(pack: &Pack, cause: &'c Cause, told: &Evidence, code: u32) -> Vec<&'c str> {
    // What any code has says nothing of this one.
    let any = pack.recognise(&ended(u32::MAX));
    let signals: Vec<SignalId> =
        pack.recognise(&ended(code)).into_iter().filter(|signal| !any.contains(signal)).collect();
    let is_of_record = |piece: &&Evidence| match &piece.finding {
        Finding::Signal { signals: asked, .. } => asked.iter().any(|asked| signals.contains(asked)),
        _ => false,
    };
    let apart = |piece: &&Evidence| {
        piece.supports == told.supports && (piece.group.is_none() || piece.group != told.group)
    };
    cause.evidence.iter().filter(is_of_record).filter(apart).map(|piece| &*piece.id).collect()
}

#[test]
fn a_code_of_the_client_counts_once() {
    let (pack, _) = Pack::load(&embedded(), &[]).unwrap();
    assert!(!pack.recognise(&ended(6919)).is_empty(), "no signal knows the record");
    let (mut twice, mut looked_at) = (Vec::new(), 0);
    for cause in pack.causes() {
        for told in &cause.evidence {
            let Finding::Code(codes) = &told.finding else { continue };
            for &code in codes {
                looked_at += 1;
                let again = counted_again(&pack, cause, told, code);
                twice.extend(
                    again
                        .into_iter()
                        .map(|again| format!("{}: {} and {again}, {code:#x}", cause.id, told.id)),
                );
            }
        }
    }
    assert!(looked_at > 100, "only {looked_at} codes");
    assert!(twice.is_empty(), "one record counts twice; give both the same `group`: {twice:#?}");
}
