//! Logs changed in every way that disks, copies and attackers change them: nothing panics, no byte is read as two
//! records, and every record that the decoder still reads by itself is read.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test")]

use std::collections::BTreeSet;
use std::fs;

use evtx::{EvtxParser, ParserSettings};
use rdpwhy_event::{FileTime, Names};
use rdpwhy_forge::Ticket;
use rdpwhy_logs::{ReadOptions, Reading, Span, Tally, parse_event_xml, read};
use rdpwhy_testkit::{files, forged, real_logs, workspace};

const FILE_HEADER: usize = 4096;
const CHUNK: usize = 65_536;
const MUTATIONS: u64 = 200;
/// A record has at least its size, twice, its id and its time.
const SMALLEST_RECORD: usize = 28;
/// Peak of the whole test process, in KiB.
const LARGEST: u64 = 1 << 20;

/// Numbers that look random and are the same on every run (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap()
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.byte()).collect()
    }
}

/// The bytes of a log.
type Bytes = Vec<u8>;

/// A way to damage a log.
type Mutation = (&'static str, fn(&mut Bytes, &mut Numbers));

const WAYS: [Mutation; 13] = [
    ("cut", |bytes, numbers| bytes.truncate(numbers.below(bytes.len()))),
    ("bits flipped", |bytes, numbers| {
        for _ in 0..=numbers.below(60) {
            let at = numbers.below(bytes.len());
            bytes[at] ^= 1 << numbers.below(8);
        }
    }),
    ("pages zeroed", |bytes, numbers| {
        for _ in 0..=numbers.below(4) {
            let at = numbers.below(bytes.len() / 4096) * 4096;
            bytes[at..at + 4096].fill(0);
        }
    }),
    ("sectors overwritten", |bytes, numbers| {
        for _ in 0..=numbers.below(4) {
            let at = numbers.below(bytes.len() / 512) * 512;
            let noise = numbers.bytes(512);
            bytes[at..at + 512].copy_from_slice(&noise);
        }
    }),
    ("chunks swapped", |bytes, numbers| {
        let chunks = (bytes.len() - FILE_HEADER) / CHUNK;
        let (one, other) = (numbers.below(chunks), numbers.below(chunks));
        for at in 0..CHUNK {
            bytes.swap(FILE_HEADER + one * CHUNK + at, FILE_HEADER + other * CHUNK + at);
        }
    }),
    ("chunk written twice", |bytes, numbers| {
        let at = FILE_HEADER + numbers.below((bytes.len() - FILE_HEADER) / CHUNK) * CHUNK;
        let copy = bytes[at..at + CHUNK].to_vec();
        bytes.extend(copy);
    }),
    ("random tail", |bytes, numbers| {
        let tail = 1 + numbers.below(3 * CHUNK);
        bytes.truncate(bytes.len().saturating_sub(numbers.below(tail)).max(FILE_HEADER));
        bytes.extend(numbers.bytes(tail));
    }),
    ("file header overwritten", |bytes, numbers| {
        let noise = numbers.bytes(120);
        bytes[8..128].copy_from_slice(&noise);
    }),
    ("chunk headers overwritten", |bytes, numbers| {
        for at in (FILE_HEADER..bytes.len() - 512).step_by(CHUNK) {
            if numbers.below(3) == 0 {
                let from = at + [0, 8, 24, 40, 128][numbers.below(5)];
                let count = 1 + numbers.below(100);
                let noise = numbers.bytes(count);
                bytes[from..from + count].copy_from_slice(&noise);
            }
        }
    }),
    ("header words changed", |bytes, numbers| {
        for at in (FILE_HEADER..bytes.len() - 512).step_by(CHUNK) {
            let word = at + 8 + 4 * numbers.below(126);
            let value = u32::try_from(numbers.below(70_000)).unwrap();
            bytes[word..word + 4].copy_from_slice(&value.to_le_bytes());
        }
    }),
    ("sizes changed", |bytes, numbers| {
        let sizes: Vec<usize> =
            (0..bytes.len() - 8).step_by(8).filter(|&at| bytes[at..].starts_with(b"**\0\0")).collect();
        for _ in 0..=numbers.below(20) {
            let Some(&at) = sizes.get(numbers.below(sizes.len())) else { return };
            let value = [0, 24, 28, 300, 65_000, 4_000_000_000_u32][numbers.below(6)];
            bytes[at + 4..at + 8].copy_from_slice(&value.to_le_bytes());
        }
    }),
    ("bytes lost", |bytes, numbers| {
        let at = numbers.below(bytes.len());
        let count = numbers.below((bytes.len() - at).min(10_000));
        bytes.drain(at..at + count);
    }),
    ("bytes put in", |bytes, numbers| {
        let (at, count) = (numbers.below(bytes.len()), numbers.below(10_000));
        let noise = numbers.bytes(count);
        bytes.splice(at..at, noise);
    }),
];

/// What two readers have to agree on.
type Key = (u64, FileTime, String, u32);

fn read_bytes(bytes: &[u8], wanted: bool, recover: bool) -> Option<Reading> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.evtx");
    fs::write(&path, bytes).unwrap();
    let options = ReadOptions { recover, whole_values: true, ..ReadOptions::default() };
    read(&[path], &|_: &str, _: u32, _: &str| wanted, &options, &()).ok()
}

fn keys(reading: &Reading) -> BTreeSet<Key> {
    let key = |event: &rdpwhy_event::Event| {
        (event.record_id, event.time, event.provider.to_string(), event.event_id)
    };
    reading.events.iter().map(key).collect()
}

/// What the decoder gives by itself for the same bytes.
fn plainly(bytes: Bytes) -> BTreeSet<Key> {
    let settings = ParserSettings::new().indent(false);
    let Ok(parser) = EvtxParser::from_buffer(bytes) else { return BTreeSet::new() };
    let mut names = Names::default();
    let mut keys = BTreeSet::new();
    for record in parser.with_configuration(settings).records().filter_map(Result::ok) {
        let Ok((event, parsed)) = parse_event_xml(&record.data, &mut names) else { continue };
        let time = parsed.time.unwrap_or(record.timestamp.into());
        if event.provider.is_empty() && event.event_id == 0 {
            continue;
        }
        let id = parsed.record_id.unwrap_or(record.event_record_id);
        keys.insert((id, time, event.provider.to_string(), event.event_id));
    }
    keys
}

fn mutate(sound: &[u8], seed: u64) -> (&'static str, Bytes) {
    let mut numbers = Numbers(seed);
    let (way, change) = WAYS[usize::try_from(seed).unwrap() % WAYS.len()];
    let mut bytes = sound.to_vec();
    change(&mut bytes, &mut numbers);
    (way, bytes)
}

/// What became of the mutations of a log.
#[derive(Default)]
struct Totals {
    /// Records that the decoder gave.
    theirs: usize,
    /// Records that the reader gave.
    ours: usize,
    /// Records that only the decoder gave.
    missing: usize,
}

/// Reads every mutation of a log both ways.
fn survive(sound: &[u8], name: &str, mutations: u64) -> Totals {
    let mut totals = Totals::default();
    for seed in 0..mutations {
        let (way, bytes) = mutate(sound, seed);
        let reading = read_bytes(&bytes, true, false);
        let quick = read_bytes(&bytes, false, true);
        let found = reading.as_ref().map_or(0, |reading| reading.events.len());
        assert!(found <= bytes.len() / SMALLEST_RECORD, "{name}, mutation {seed} ({way}): {found} records");
        let ours = reading.as_ref().map(keys).unwrap_or_default();
        let theirs = plainly(bytes);
        let missing: Vec<&Key> = theirs.difference(&ours).collect();
        if !missing.is_empty() {
            println!("{name}, mutation {seed} ({way}) lacks {missing:?}");
        }
        // What the quick look counts is what a full reading finds, and recovery changes nothing in it.
        assert_eq!(reading.and_then(counted), quick.and_then(counted), "{name}, mutation {seed} ({way})");
        totals.theirs += theirs.len();
        totals.ours += ours.len();
        totals.missing += missing.len();
    }
    assert!(peak().is_none_or(|peak| peak < LARGEST), "{name}: {:?} KiB of memory", peak());
    println!("{name}: {} records read by the decoder, {} by the reader", totals.theirs, totals.ours);
    totals
}

/// What coverage rests on, where there is any.
fn counted(reading: Reading) -> Option<(Tally, Vec<Span>)> {
    let spans = reading.logs.into_iter().flat_map(|log| log.spans).collect::<Vec<_>>();
    (!spans.is_empty()).then_some((reading.tally, spans))
}

/// The most memory this process had, in KiB, where the system tells.
fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

/// The largest log of a sample.
fn forged_log() -> (String, Bytes) {
    let folder = forged(&Ticket::load(&workspace().join("samples/key-inaccessible/ticket.yml")).unwrap());
    let logs = files(&folder.unwrap(), ".evtx");
    let path = logs.iter().max_by_key(|path| path.metadata().unwrap().len()).unwrap();
    (path.display().to_string(), fs::read(path).unwrap())
}

fn mutations_of_a_forged_log(mutations: u64) -> Totals {
    let (name, bytes) = forged_log();
    let totals = survive(&bytes, &name, mutations);
    assert!(totals.theirs > 1000 && totals.ours >= totals.theirs, "{}, {}", totals.theirs, totals.ours);
    totals
}

#[test]
fn some_mutations_of_a_forged_log() {
    assert_eq!(mutations_of_a_forged_log(MUTATIONS).missing, 0);
}

#[test]
#[ignore = "long: many mutations"]
fn many_mutations_of_a_forged_log() {
    // Where bits are flipped in a template, the decoder now and then gives a record that the reader counts as lost.
    let totals = mutations_of_a_forged_log(MUTATIONS * 10);
    assert!(totals.missing * 10_000 <= totals.theirs, "{} of {}", totals.missing, totals.theirs);
}

#[test]
#[ignore = "needs real logs: RDPWHY_REAL_LOGS=DIR"]
fn mutations_of_real_logs() {
    let logs = [
        // Full and damaged already, and so the slowest.
        ("rdp/2-vss_0-Microsoft-Windows-RemoteDesktopServices-RdpCoreTS%4Operational.evtx", MUTATIONS / 8),
        ("rdp/DE_RDP_Tunneling_TerminalServices-RemoteConnectionManagerOperational_1149.evtx", MUTATIONS),
        ("evtx-crate/post-Security.evtx", MUTATIONS),
    ];
    for (log, mutations) in logs {
        assert_eq!(survive(&fs::read(real_logs().join(log)).unwrap(), log, mutations).missing, 0, "{log}");
    }
}

/// What one chunk gives must not depend on those read before it, or the number of threads would show. Without
/// checksums nothing tells that their templates are changed.
#[test]
fn chunks_give_the_same_in_any_order() {
    let (_, log) = forged_log();
    let mut numbers = Numbers(7);
    let mut chunks: Vec<Bytes> = Vec::new();
    for _ in 0..300 {
        let mut chunk = log[FILE_HEADER..FILE_HEADER + CHUNK].to_vec();
        chunk[120] |= 4;
        for _ in 0..60 {
            let at = 512 + 4 * numbers.below(16_000);
            let value = [0, 1, u32::MAX, 512, 550, 0x0c, 0x21, 65_535][numbers.below(8)];
            chunk[at..at + 4].copy_from_slice(&value.to_le_bytes());
        }
        chunks.push(chunk);
    }
    let read_all = |chunks: &[Bytes]| {
        read_bytes(&[&log[..FILE_HEADER], &chunks.concat()].concat(), false, false).unwrap().tally
    };
    let forwards = read_all(&chunks);
    chunks.reverse();
    assert_eq!(forwards, read_all(&chunks));
}
