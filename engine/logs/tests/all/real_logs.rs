//! The quick look against the plain decoder, on logs that Windows wrote. Ignored unless they are asked for: the logs are no part of the project.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test")]

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use evtx::{EvtxParser, ParserSettings};
use rdpwhy_event::{Event, Names, Wants};
use rdpwhy_logs::{ReadOptions, Reading, parse_event_xml, read};
use rdpwhy_testkit::{files, real_logs};

/// All logs that are not empty.
fn logs() -> Vec<PathBuf> {
    let mut found = files(&real_logs(), ".evtx");
    found.retain(|path| path.metadata().unwrap().len() > 0);
    found
}

/// Values as the decoder gives them, however long.
fn whole() -> ReadOptions {
    ReadOptions { whole_values: true, ..ReadOptions::default() }
}

fn read_with(path: &Path, wants: &dyn Wants) -> Reading {
    read(&[path.to_path_buf()], wants, &whole(), &()).unwrap()
}

/// Every record as the decoder gives it by itself, in order of time, computer, channel and record id.
fn plainly(path: &Path) -> Vec<Event> {
    let settings = ParserSettings::new().indent(false);
    let mut parser = EvtxParser::from_path(path).unwrap().with_configuration(settings);
    let mut names = Names::default();
    let mut events = Vec::new();
    for record in parser.records().filter_map(Result::ok) {
        let Ok((mut event, parsed)) = parse_event_xml(&record.data, &mut names) else { continue };
        if event.provider.is_empty() && event.event_id == 0 {
            continue;
        }
        event.header_id = record.event_record_id;
        event.record_id = parsed.record_id.unwrap_or(record.event_record_id);
        event.time = parsed.time.unwrap_or(record.timestamp.into());
        events.push(event);
    }
    sort(&mut events);
    events
}

/// The same order for both, and without what only the reader knows.
fn sort(events: &mut [Event]) {
    events.iter_mut().for_each(|event| event.chunk = 0);
    events.sort_by(|a, b| {
        let key = |e: &Event| {
            (e.time, e.computer.clone(), e.channel.clone(), e.record_id, e.header_id, format!("{e:?}"))
        };
        key(a).cmp(&key(b))
    });
}

type Key = (String, String, String, u32);

fn counted(events: &[Event]) -> BTreeMap<Key, u64> {
    let mut counts = BTreeMap::new();
    for event in events {
        let key = (
            event.computer.to_string(),
            event.channel.to_string(),
            event.provider.to_string(),
            event.event_id,
        );
        *counts.entry(key).or_default() += 1;
    }
    counts
}

fn tallied(reading: &Reading) -> BTreeMap<Key, u64> {
    let counts = reading.tally.counts.iter();
    counts
        .map(|c| {
            ((c.computer.to_string(), c.channel.to_string(), c.provider.to_string(), c.event_id), c.total)
        })
        .collect()
}

#[test]
#[ignore = "needs real logs: RDPWHY_REAL_LOGS=DIR"]
fn everything_wanted_gives_what_the_decoder_gives() {
    for path in logs() {
        let plain = plainly(&path);
        let mut reading = read_with(&path, &|_: &str, _: u32, _: &str| true);
        sort(&mut reading.events);
        compare(&path, &reading.events, &plain);
        assert_eq!(tallied(&reading), counted(&reading.events), "{}", path.display());
    }
}

fn compare(path: &Path, read: &[Event], plain: &[Event]) {
    let missing = plain.iter().filter(|event| !read.contains(event)).count();
    let extra: Vec<_> = read.iter().filter(|event| !plain.contains(event)).collect();
    assert_eq!(
        missing,
        0,
        "{}: of {}, {} extra: {:?}",
        path.display(),
        plain.len(),
        extra.len(),
        extra.first()
    );
    if !extra.is_empty() {
        println!("{}: {} records more than the decoder by itself", path.display(), extra.len());
    }
}

/// Nothing is decoded but what the quick look is not sure of, so the tally is its work.
#[test]
#[ignore = "needs real logs: RDPWHY_REAL_LOGS=DIR"]
fn the_quick_look_sees_what_the_decoder_sees() {
    for path in logs() {
        let all = read_with(&path, &|_: &str, _: u32, _: &str| true);
        let none = read_with(&path, &|_: &str, _: u32, _: &str| false);
        assert!(none.events.is_empty());
        assert_eq!(none.tally, all.tally, "{}", path.display());
        let spans = |reading: &Reading| reading.logs[0].spans.clone();
        assert_eq!(spans(&none), spans(&all), "{}", path.display());
    }
}

#[test]
#[ignore = "needs real logs: RDPWHY_REAL_LOGS=DIR"]
fn a_few_wanted_kinds_give_the_same_events_as_filtering_all() {
    let wanted = [
        |_: &str, id: u32, _: &str| id == 4625 || id == 4624,
        |provider: &str, _: u32, _: &str| {
            provider.contains("RemoteDesktop") || provider.contains("TerminalServices")
        },
        |_: &str, id: u32, channel: &str| channel == "System" && id > 7000,
    ];
    for path in logs() {
        let all = read_with(&path, &|_: &str, _: u32, _: &str| true);
        for wants in wanted {
            let some = read_with(&path, &wants);
            let expected: Vec<&Event> =
                all.events.iter().filter(|e| wants(&e.provider, e.event_id, &e.channel)).collect();
            assert_eq!(some.events.iter().collect::<Vec<_>>(), expected, "{}", path.display());
            assert_eq!(some.tally, all.tally, "{}", path.display());
        }
    }
}

#[test]
#[ignore = "needs real logs: RDPWHY_REAL_LOGS=DIR"]
fn threads_and_order_of_arguments_change_nothing() {
    let mut paths = logs();
    let read_in = |paths: &[PathBuf], threads| {
        let options = ReadOptions { threads: NonZeroUsize::new(threads), ..ReadOptions::default() };
        read(paths, &|_: &str, id: u32, _: &str| id > 3000, &options, &()).unwrap()
    };
    let once = read_in(&paths, 1);
    paths.reverse();
    let again = read_in(&paths, 4);
    assert!(once == again, "1 and 4 threads differ");
}

/// What an event tells in any form: without its place, and with what cannot stand in XML as the decoder shows it.
fn told(event: &Event) -> String {
    let event = Event { file: rdpwhy_event::FileId(0), chunk: 0, header_id: 0, ..event.clone() };
    let mut fields: Vec<(String, String)> =
        event.fields.iter().map(|field| (field.name.to_owned(), field.value.to_owned())).collect();
    // JSON puts elements that share a name in another order.
    fields.sort();
    let plain =
        |text: String| text.replace(|c: char| c.is_control() && !matches!(c, '\r' | '\n' | '\t'), "_");
    let fields: Vec<(String, String)> =
        fields.into_iter().map(|(name, value)| (name, plain(value))).collect();
    let Event { record_id, time, heading, process_id, thread_id, activity_id, .. } = event;
    format!("{record_id} {time} {heading:?} {process_id:?} {thread_id:?} {activity_id:?} {fields:?}")
}

#[test]
#[ignore = "needs real logs: RDPWHY_REAL_LOGS=DIR"]
fn exports_as_text_give_the_same_events() {
    let settings = || ParserSettings::new().indent(false);
    let scratch = tempfile::tempdir().unwrap();
    for path in logs() {
        let parser = || EvtxParser::from_path(&path).unwrap().with_configuration(settings());
        // A record without a time has the one in its header, which no text keeps.
        let is_whole = |text: &String| text.contains("SystemTime");
        let (mut first, mut second) = (parser(), parser());
        let xml = first.records().filter_map(Result::ok).map(|record| record.data);
        let json = second.records_json().filter_map(Result::ok).map(|record| record.data);
        let texts: [(&str, Vec<String>); 2] =
            [("a.xml", xml.filter(is_whole).collect()), ("a.jsonl", json.filter(is_whole).collect())];
        let mut names = Names::default();
        let expected = texts[0].1.iter().filter_map(|xml| parse_event_xml(xml, &mut names).ok());
        let mut expected: Vec<String> =
            expected.filter(|(_, parsed)| parsed.time.is_some()).map(|(event, _)| told(&event)).collect();
        expected.sort();
        if expected.is_empty() {
            continue;
        }
        for (form, records) in texts {
            let file = scratch.path().join(form);
            std::fs::write(&file, records.join("\n")).unwrap();
            let reading = read_with(&file, &|_: &str, _: u32, _: &str| true);
            let mut read: Vec<String> = reading.events.iter().map(told).collect();
            read.sort();
            let odd = expected.iter().zip(&read).find(|(expected, read)| expected != read);
            assert!(expected == read, "{} as {form}: {odd:#?}", path.display());
        }
    }
}
