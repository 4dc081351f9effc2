//! Our signals are Sigma rules and mean the same to another reader of Sigma (`rsigma`), and so do Sigma rules written
//! elsewhere that are added to ours.
//!
//! Both sides see the same events: ours as [`Event`], the peer's as the flat JSON that [`peer::flat`] makes of it. The
//! channels of a `service` are looked up once, by us, for both: what a service stands for is no part of Sigma.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test that cannot go on fails, and says what it did"
)]

mod departures;
mod foreign;
mod logs;
mod made;
mod peer;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::LazyLock;

use crate::stock::foreign;
use peer::Peer;
use rdpwhy_event::Event;
use rdpwhy_rules::{Pack, RuleFile, Signal, embedded};
use rdpwhy_testkit::{some_tickets, tickets};

/// Differences shown when a comparison fails; the first ones say enough.
const SHOWN: usize = 40;

/// Events of one provider and id that are compared per sample: some hold thousands, made by one pattern.
const ALIKE: usize = 40;

/// Read once for all tests.
static PAIRS: LazyLock<Pairs> = LazyLock::new(Pairs::new);

/// A rule as both sides read it.
struct Pair {
    ours: Signal,
    theirs: Peer,
}

/// All rules, and which of them can stand in a channel.
struct Pairs {
    pairs: Vec<Pair>,
    by_channel: BTreeMap<String, Vec<usize>>,
    any_channel: Vec<usize>,
}

#[derive(Default)]
struct Outcome {
    events: usize,
    compared: usize,
    matches: Vec<usize>,
    /// How often both agree only once addresses and numbers are in the peer's spelling.
    respelled: usize,
    differences: Vec<String>,
}

fn load(added: &[RuleFile]) -> Pack {
    let (pack, faults) = Pack::load(&embedded(), added).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(faults.render(false), "");
    pack
}

impl Pairs {
    fn new() -> Pairs {
        let foreign = foreign();
        let texts: BTreeMap<String, String> = embedded()
            .into_iter()
            .chain(foreign.iter().cloned())
            .map(|file| (file.path, file.text))
            .collect();
        let pack = load(&foreign);
        let mut pairs = Pairs { pairs: Vec::new(), by_channel: BTreeMap::new(), any_channel: Vec::new() };
        for (index, signal) in pack.signals().iter().enumerate() {
            for channel in &signal.log_source.channels {
                pairs.by_channel.entry(channel.to_lowercase()).or_default().push(index);
            }
            if signal.log_source.channels.is_empty() {
                pairs.any_channel.push(index);
            }
            pairs
                .pairs
                .push(Pair { ours: signal.clone(), theirs: Peer::read(&texts[&signal.file]).unwrap() });
        }
        pairs
    }

    fn of_channel(&self, channel: &str) -> impl Iterator<Item = usize> {
        let named = self.by_channel.get(&channel.to_lowercase()).into_iter().flatten();
        named.chain(&self.any_channel).copied()
    }

    fn outcome(&self) -> Outcome {
        Outcome { matches: vec![0; self.pairs.len()], ..Outcome::default() }
    }

    /// Holds each rule that can stand in the event's channel against the event, on both sides.
    fn compare(&self, event: &Event, origin: &str, outcome: &mut Outcome) {
        outcome.events += 1;
        let flat = peer::flat(event);
        for index in self.of_channel(&event.channel) {
            let pair = &self.pairs[index];
            let (ours, theirs) = (pair.ours.is_match(event), pair.theirs.is_match(&flat));
            outcome.compared += 1;
            outcome.matches[index] += usize::from(ours);
            if ours != theirs && pair.theirs.is_match(&pair.theirs.respelled(&flat)) == ours {
                outcome.respelled += 1;
            } else if ours != theirs {
                let name = &pair.ours.name;
                outcome.differences.push(format!("{name}: ours {ours}, theirs {theirs}, {origin}: {flat}"));
            }
        }
    }

    fn report(&self, what: &str, outcome: &Outcome) {
        let fired = outcome.matches.iter().filter(|count| **count > 0).count();
        let total: usize = outcome.matches.iter().sum();
        let Outcome { events, compared, respelled, differences, .. } = outcome;
        let rules = self.pairs.len();
        eprintln!(
            "{what}: {rules} rules ({fired} fired), {events} events, {compared} compared, {total} matches, \
             {respelled} after respelling"
        );
        let mut shown = String::new();
        for difference in differences.iter().take(SHOWN) {
            writeln!(shown, "{difference}").unwrap();
        }
        assert!(differences.is_empty(), "{} differences in {what}:\n{shown}", differences.len());
    }
}

#[test]
fn every_signal_is_a_valid_sigma_rule() {
    let mut faults = String::new();
    let own: Vec<RuleFile> = embedded().into_iter().filter(|file| file.path.contains("signals/")).collect();
    assert!(own.len() > 300, "the signals are missing");
    for file in own.iter().chain(&foreign()) {
        if let Err(error) = Peer::read(&file.text) {
            writeln!(faults, "{}: {error}", file.path).unwrap();
        }
        for fault in peer::spec_violations(&file.text) {
            writeln!(faults, "{}: {fault}", file.path).unwrap();
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

/// Sigma's regular expressions have `.`, anchors, repetition, classes, groups and alternatives, and nothing else that
/// every engine reads alike: `|re|i`, not `(?i)`; `[0-9]`, not `\d`.
#[test]
fn regular_expressions_of_signals_are_those_of_the_specification() {
    for pair in PAIRS.pairs.iter().filter(|pair| !pair.ours.file.starts_with("foreign/")) {
        for pattern in made::patterns(&pair.theirs.rule) {
            let mut chars = pattern.chars();
            let mut escaped =
                std::iter::from_fn(|| chars.find(|char| *char == '\\').and_then(|_| chars.next()));
            let letter = escaped.find(char::is_ascii_alphanumeric);
            assert!(letter.is_none() && !pattern.contains("(?"), "{}: {pattern}", pair.ours.name);
        }
    }
}

fn compare_tickets(tickets: &[PathBuf]) {
    let pairs = &*PAIRS;
    let mut outcome = pairs.outcome();
    let mut kinds: BTreeMap<(String, String, u32), usize> = BTreeMap::new();
    for (origin, event) in logs::of_tickets(tickets) {
        let count = kinds.entry((origin.clone(), event.provider.to_string(), event.event_id)).or_default();
        *count += 1;
        if *count <= ALIKE {
            pairs.compare(&event, &origin, &mut outcome);
        }
    }
    assert!(outcome.events > 1000, "the samples are missing");
    pairs.report("samples", &outcome);
}

#[test]
fn the_peer_recognises_the_same_records_in_some_of_the_samples() {
    compare_tickets(&some_tickets());
}

#[test]
#[ignore = "long: all tickets"]
fn the_peer_recognises_the_same_records_in_the_samples() {
    compare_tickets(&tickets());
}

#[test]
#[ignore = "needs real logs: RDPWHY_REAL_LOGS=DIR"]
fn the_peer_recognises_the_same_records_in_real_logs() {
    let pairs = &*PAIRS;
    let mut outcome = pairs.outcome();
    for event in logs::real() {
        pairs.compare(&event, "real", &mut outcome);
    }
    pairs.report("real logs", &outcome);
}

/// How often records are made for a rule that none has fitted yet.
const RUNS: u64 = 8;

#[test]
fn the_peer_recognises_the_same_made_records() {
    let pairs = &*PAIRS;
    let mut outcome = pairs.outcome();
    for (index, pair) in pairs.pairs.iter().enumerate() {
        // Made at random, so that one run may miss a rule that asks for much.
        for run in 0..RUNS {
            for event in made::records(&pair.theirs.rule, &pair.ours, index as u64 + run * 10_000) {
                pairs.compare(&event, "made", &mut outcome);
            }
            if outcome.matches[index] > 0 {
                break;
            }
        }
    }
    let silent: Vec<&str> = outcome
        .matches
        .iter()
        .zip(&pairs.pairs)
        .filter(|(count, _)| **count == 0)
        .map(|(_, pair)| pair.ours.name.as_str())
        .collect();
    assert!(silent.is_empty(), "no made record fits {silent:?}");
    pairs.report("made records", &outcome);
}
