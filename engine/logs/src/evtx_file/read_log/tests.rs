use proptest::prelude::*;
use rdpwhy_forge::evtx::{Form, Payload, Record, Value, encode};

use super::*;

fn log() -> Vec<u8> {
    let record = |id: u64| Record {
        form: if id.is_multiple_of(2) { Form::Manifest } else { Form::Legacy },
        provider: "P".into(),
        channel: "C".into(),
        computer: "H".into(),
        payload: Payload::Named {
            name: None,
            fields: vec![("A".into(), Value::U32(7)), ("B".into(), Value::Text("x".repeat(60)))],
            binary: Some(vec![1, 2]),
        },
        ..crate::made::record(id, 133_500_000_000_000_000 + id * 10_000_000)
    };
    encode(&(1..=400).map(record).collect::<Vec<_>>()).unwrap()
}

fn read(bytes: &[u8]) -> Option<LogReading> {
    let all = |_: &str, _: u32, _: &str| true;
    let none = |_: &str, _: u32, _: &str| false;
    // Both ways through the reader.
    let _ = read_log(bytes, "log", &Workers::new(&none, false), Sharing::OneThread, &());
    read_log(bytes, "log", &Workers::new(&all, true), Sharing::AllThreads, &()).ok()
}

#[test]
fn a_sound_log_is_whole() {
    let reading = read(&log()).unwrap();
    assert_eq!((reading.events.len(), reading.log.records, reading.log.whole), (400, 400, true));
    assert!(reading.warnings.is_empty(), "{:?}", reading.warnings);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn changed_bytes_never_panic_and_cost_only_what_is_near(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40),
    ) {
        let mut bytes = log();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = read(&bytes);
    }

    #[test]
    fn changed_structure_never_panics(
        changes in prop::collection::vec((0usize..3, 0usize..1600, any::<u32>()), 1..12),
    ) {
        let mut bytes = log();
        // The headers, templates and first records, where most offsets and sizes are.
        for (chunk, at, word) in changes {
            let at = FILE_HEADER + chunk * CHUNK_SIZE + at * 4;
            if let Some(place) = bytes.get_mut(at..at + 4) {
                place.copy_from_slice(&(word % 70_000).to_le_bytes());
            }
        }
        let _ = read(&bytes);
    }

    #[test]
    fn any_length_is_read_as_far_as_it_goes(length in any::<prop::sample::Index>()) {
        let bytes = log();
        let length = length.index(bytes.len());
        if let Some(reading) = read(&bytes[..length]) {
            prop_assert_eq!(reading.log.bytes, length as u64);
            prop_assert!(!reading.log.whole || reading.events.len() == 400);
        }
    }

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let _ = read(&bytes);
        let mut chunk = log()[..FILE_HEADER + 512].to_vec();
        chunk.extend(&bytes);
        chunk.resize(FILE_HEADER + CHUNK_SIZE, 0x2a);
        let _ = read(&chunk);
    }
}
