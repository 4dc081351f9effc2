//! Every record both ways: by the decoder and straight from its values. Where the second gives an event at all,
//! it is the first one's, field by field.

use std::collections::BTreeMap;
use std::path::PathBuf;

use proptest::prelude::*;
use rdpwhy_forge::Ticket;
use rdpwhy_forge::evtx::{Form, Guid, Node, Payload, Record, Sid, Value, encode};
use rdpwhy_testkit::{files, forged, real_logs, some_tickets, tickets};

use rdpwhy_event::Event;

use crate::layout::chunk_header::{CHUNK_SIZE, ChunkHeader};
use crate::layout::file_header::FILE_HEADER;
use crate::layout::little_endian::u32_at;
use crate::layout::record_walk::RecordWalk;
use crate::record::seen_records::SeenRecords;
use crate::record::worker::Worker;

/// How many records there were, and how many were read without the decoder.
#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    records: usize,
    directly: usize,
}

impl Counts {
    fn add(&mut self, other: Counts) {
        self.records += other.records;
        self.directly += other.directly;
    }
}

fn everything(_: &str, _: u32, _: &str) -> bool {
    true
}

/// Reads all records of a chunk both ways with the same worker, as it comes from the chunks before.
fn compare(worker: &mut Worker<'_>, chunk: &[u8], name: &str) -> Counts {
    let header = ChunkHeader::of(chunk);
    let walk = RecordWalk::of(chunk, chunk.len(), &header, header.integrity(chunk));
    if !walk.unreadable.is_empty() {
        // All of it is left to the decoder.
        return Counts::default();
    }
    let all: Vec<usize> = (0..walk.records.len()).collect();
    let mut seen = SeenRecords::of(walk.records.len());
    worker.decode(chunk, &walk, &all, &mut seen);
    let decoded: BTreeMap<usize, Event> = std::mem::take(&mut seen.events).into_iter().collect();
    worker.trim();
    let mut counts = Counts { records: walk.records.len(), directly: 0 };
    for (position, record) in walk.records.iter().enumerate() {
        let Some((look, template)) = worker.look(chunk, record) else { continue };
        let Some(direct) = worker.read_directly(chunk, record, template, look) else { continue };
        counts.directly += 1;
        let decoded = decoded.get(&position);
        let same = decoded == direct.as_ref();
        assert!(same, "{name}: record {}\n{direct:#?}\nis not\n{decoded:#?}\n{:?}", record.id, seen.reasons);
    }
    counts
}

fn compare_log(worker: &mut Worker<'_>, bytes: &[u8], name: &str) -> Counts {
    let mut counts = Counts::default();
    for chunk in bytes.get(FILE_HEADER..).unwrap_or_default().as_chunks::<CHUNK_SIZE>().0 {
        if chunk.iter().any(|byte| *byte != 0) {
            counts.add(compare(worker, chunk, name));
        }
    }
    counts
}

/// Compares all records of some logs; nearly all of them must be read without the decoder.
fn compare_files(paths: &[PathBuf]) {
    let mut worker = Worker::new(&everything, None, false);
    let mut counts = Counts::default();
    for path in paths {
        counts.add(compare_log(&mut worker, &std::fs::read(path).unwrap(), &path.display().to_string()));
    }
    println!("{counts:?}");
    assert!(counts.records > 1000 && counts.directly * 10 > counts.records * 9, "{counts:?}");
}

#[test]
#[ignore = "needs real logs: RDPWHY_REAL_LOGS=DIR"]
fn every_record_of_real_logs() {
    compare_files(&files(&real_logs(), ".evtx"));
}

fn compare_tickets(tickets: &[PathBuf]) {
    // What is wrong with a ticket is another test's affair.
    let folders = tickets.iter().filter_map(|path| forged(&Ticket::load(path).ok()?).ok());
    compare_files(&folders.flat_map(|folder| files(&folder, ".evtx")).collect::<Vec<_>>());
}

#[test]
fn every_record_of_some_forged_tickets() {
    compare_tickets(&some_tickets());
}

#[test]
#[ignore = "long: all tickets"]
fn every_record_of_forged_tickets() {
    compare_tickets(&tickets());
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof!["[ -~]{0,40}", "(\\PC|[\t\r\n\u{1}\u{7f}\u{fffe}<>&\"']){0,12}", "[ -~]{0,20}é[ -~]{0,20}"]
}

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any_text().prop_map(Value::Text),
        any_text().prop_map(Value::Text),
        prop::collection::vec(any_text(), 0..4).prop_map(Value::Texts),
        any::<u8>().prop_map(Value::U8),
        any::<u16>().prop_map(Value::U16),
        any::<u32>().prop_map(Value::U32),
        any::<i32>().prop_map(Value::I32),
        any::<u64>().prop_map(Value::U64),
        any::<u32>().prop_map(Value::Hex32),
        any::<u64>().prop_map(|number| Value::Hex64(number >> (number % 64))),
        any::<bool>().prop_map(Value::Bool),
        any::<[u8; 16]>().prop_map(|bytes| Value::Guid(Guid(bytes))),
        "S-1-5-21(-[1-9][0-9]{0,8}){1,4}".prop_map(|text| Value::Sid(Sid::parse(&text).unwrap())),
        any::<u64>().prop_map(|time| Value::FileTime(time >> 5)),
        prop::collection::vec(any::<u8>(), 0..40).prop_map(Value::Binary),
    ]
}

fn any_name() -> impl Strategy<Value = String> {
    prop_oneof!["[A-Z][A-Za-z0-9]{0,8}", "[A-Z][A-Za-z0-9]{0,8}", any_text()]
}

fn any_node() -> impl Strategy<Value = Node> {
    let attributes = prop::collection::vec(("[A-Z][a-z]{0,5}", any_value()), 0..2);
    let literals = prop::collection::vec((prop_oneof!["xmlns", "[A-Z][a-z]{0,3}"], any_text()), 0..2);
    let leaf = ("[A-Z][A-Za-z]{0,8}", literals, attributes, prop::option::of(any_value())).prop_map(
        |(name, literals, attributes, text)| Node { name, literals, attributes, text, children: Vec::new() },
    );
    leaf.prop_recursive(3, 12, 4, |inner| {
        ("[A-Z][A-Za-z]{0,8}", prop::collection::vec(inner, 1..4)).prop_map(|(name, children)| Node {
            name,
            literals: Vec::new(),
            attributes: Vec::new(),
            text: None,
            children,
        })
    })
}

fn any_payload() -> impl Strategy<Value = Payload> {
    let fields = prop::collection::vec((any_name(), any_value()), 0..8);
    let binary = || prop::option::of(prop::collection::vec(any::<u8>(), 0..20));
    prop_oneof![
        Just(Payload::None),
        (prop::option::of(any_name()), fields, binary()).prop_map(|(name, fields, binary)| Payload::Named {
            name,
            fields,
            binary
        }),
        (prop::collection::vec(any_text(), 0..5), binary())
            .prop_map(|(texts, binary)| Payload::Classic { texts, binary }),
        any_node().prop_map(Payload::User),
    ]
}

fn any_record() -> impl Strategy<Value = Record> {
    let form = prop_oneof![Just(Form::Manifest), Just(Form::Legacy), Just(Form::Short)];
    let texts = (any_name(), prop::option::of(any_name()), any_name(), any_name());
    let numbers = (any::<u16>(), prop::option::of(any::<u16>()), any::<u8>(), any::<u8>(), any::<u16>());
    let others = (any::<u64>(), prop::option::of(any::<[u8; 16]>()), any::<u32>(), any::<bool>());
    (form, texts, numbers, others, any_payload()).prop_map(|(form, texts, numbers, others, payload)| Record {
        id: 0,
        time: others.0 >> 6,
        form,
        provider: texts.0,
        guid: None,
        source_name: texts.1,
        event_id: numbers.0,
        qualifiers: numbers.1,
        version: numbers.2,
        level: numbers.3,
        task: numbers.4,
        opcode: numbers.3,
        keywords: others.0,
        activity: others.1.map(Guid),
        process: others.2,
        thread: others.2 / 3,
        channel: texts.2,
        computer: texts.3,
        user: others.3.then(|| Sid::parse("S-1-5-20").unwrap()),
        payload,
    })
}

fn log(records: Vec<Record>) -> Vec<u8> {
    let number = |(id, record)| Record { id, ..record };
    encode(&(1..).zip(records).map(number).collect::<Vec<_>>()).unwrap()
}

/// Single bytes changed, and words where offsets and sizes are.
fn damage(chunk: &mut [u8], changes: &[(prop::sample::Index, u32, bool)]) {
    let used = u32_at(chunk, 48) as usize;
    let used = used.clamp(512 + 8, CHUNK_SIZE) - 512 - 4;
    for (at, value, is_word) in changes {
        let at = 512 + at.index(used);
        if *is_word {
            chunk[at..at + 4].copy_from_slice(&(value % 70_000).to_le_bytes());
        } else {
            chunk[at] = value.to_le_bytes()[0];
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn every_record_of_generated_logs(records in prop::collection::vec(any_record(), 1..12)) {
        compare_log(&mut Worker::new(&everything, None, false), &log(records), "generated");
    }

    #[test]
    fn every_record_of_damaged_chunks(
        records in prop::collection::vec(any_record(), 1..12),
        changes in prop::collection::vec(
            prop::collection::vec((any::<prop::sample::Index>(), any::<u32>(), any::<bool>()), 1..6), 1..8,
        ),
    ) {
        let bytes = log(records);
        let sound = &bytes[FILE_HEADER..FILE_HEADER + CHUNK_SIZE];
        let mut worker = Worker::new(&everything, None, false);
        for changes in changes {
            let mut chunk = sound.to_vec();
            damage(&mut chunk, &changes);
            compare(&mut worker, &chunk, "damaged");
        }
    }
}
