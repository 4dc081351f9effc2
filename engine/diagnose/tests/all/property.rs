//! What must hold whatever the logs hold: others change nothing, order changes nothing, what is unknown claims nothing,
//! and the arithmetic adds up.

#![allow(clippy::unwrap_used, reason = "a test says by panicking that something is wrong")]

use crate::bench;
use crate::bench::{PACK, forged, judge, probabilities, read, reading, sort, ticket};
use crate::world::World;
use proptest::prelude::*;
use rdpwhy_diagnose::diagnosis::Diagnosis;
use rdpwhy_event::FileId;
use rdpwhy_logs::{Log, Reading};

/// Tickets that differ in what happens in them.
const TICKETS: [&str; 12] = [
    "tls-both",
    "nla-host",
    "authentication-both",
    "authorization-both",
    "arbitration-both",
    "logon-host",
    "session-both",
    "takeover",
    "preconnections",
    "exposed-key",
    "focus-none",
    "gateway",
];

fn json(diagnosis: &Diagnosis) -> String {
    serde_json::to_string_pretty(diagnosis).unwrap()
}

/// All that is said of attempts and causes.
fn said(diagnosis: &Diagnosis) -> String {
    format!(
        "{}{}{}",
        serde_json::to_string_pretty(&diagnosis.attempts).unwrap(),
        serde_json::to_string_pretty(&diagnosis.incidents).unwrap(),
        serde_json::to_string_pretty(&diagnosis.diagnoses).unwrap()
    )
}

/// The records of another ticket on machines of their own, beside those of the first.
fn beside(mut first: Reading, mut second: Reading) -> Reading {
    let rename = |name: &str| std::sync::Arc::<str>::from(format!("other-{name}"));
    for log in &mut second.logs {
        // File names stay as they are in the first, so that its records are named alike.
        log.name = format!("zz/{}", log.name);
        log.spans.iter_mut().for_each(|span| span.computer = rename(&span.computer));
    }
    let offset = first.logs.len() as u32;
    for event in &mut second.events {
        std::sync::Arc::make_mut(&mut event.heading).computer = rename(&event.computer.clone());
        event.file = FileId(event.file.0 + offset);
    }
    first.logs.extend(second.logs);
    first.events.extend(second.events);
    sort(&mut first.events);
    first
}

#[test]
fn records_of_an_unrelated_machine_change_no_attempt_and_no_probability() {
    for name in TICKETS {
        let own = reading(&ticket(name));
        let alone = judge(&own);
        // A quiet machine, so that nothing of it is an attempt.
        let mut quiet = reading(&ticket("still-open"));
        quiet.events.retain(|event| {
            !event.channel.contains("TerminalServices") && !event.channel.contains("RemoteDesktop")
        });
        let both = judge(&beside(own, quiet));
        assert_eq!(said(&both), said(&alone), "{name}");
    }
}

#[test]
fn attempts_on_another_host_change_no_attempt_of_this_one() {
    for name in TICKETS {
        let own = reading(&ticket(name));
        let alone = judge(&own);
        let both = judge(&beside(own, reading(&ticket("authorization-host"))));
        let here: Vec<_> =
            both.attempts.iter().filter(|attempt| !attempt.machine.starts_with("other-")).collect();
        let count = |diagnosis: &Diagnosis| diagnosis.attempts.len();
        assert_eq!(here.len(), count(&alone), "{name}");
        for (a, b) in here.iter().zip(&alone.attempts) {
            assert_eq!(
                (&a.started, &a.ended, &a.outcome, &a.stage, &a.stage_last),
                (&b.started, &b.ended, &b.outcome, &b.stage, &b.stage_last),
                "{name}"
            );
            assert_eq!(a.records.len(), b.records.len(), "{name}");
        }
    }
}

#[test]
fn threads_and_the_order_of_the_arguments_change_nothing() {
    for name in TICKETS {
        let mut paths = rdpwhy_testkit::files(&forged(&ticket(name)), ".evtx");
        let expected = json(&judge(&read(&paths, 1)));
        for threads in [2, 8] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            assert_eq!(
                pool.install(|| json(&judge(&read(&paths, threads)))),
                expected,
                "{name} with {threads} threads"
            );
        }
        paths.reverse();
        assert_eq!(json(&judge(&read(&paths, 2))), expected, "{name} reversed");
        let middle = paths.len() / 2;
        paths.rotate_left(middle);
        assert_eq!(json(&judge(&read(&paths, 2))), expected, "{name} rotated");
    }
}

/// The same records with each log cut in two after a part of its records.
fn cut_in_two(reading: &Reading, part: usize) -> Reading {
    let mut logs: Vec<Log> = Vec::new();
    let mut events = reading.events.clone();
    for (number, log) in reading.logs.iter().enumerate() {
        let [span] = &log.spans[..] else { panic!("one machine and one channel for each log") };
        let mut own: Vec<usize> =
            (0..events.len()).filter(|&index| reading.events[index].file.0 as usize == number).collect();
        own.sort_by_key(|&index| events[index].record_id);
        let place = own.len() * part / 10;
        if place == 0 {
            own.iter().for_each(|&index| events[index].file = FileId(logs.len() as u32));
            logs.push(log.clone());
            continue;
        }
        let (last_id, last) = (events[own[place - 1]].record_id, events[own[place - 1]].time);
        let (mut head, mut tail) = (log.clone(), log.clone());
        head.spans[0].last_record_id = last_id;
        head.spans[0].last = last;
        tail.spans[0].first_record_id = last_id + 1;
        // Between two records that are kept lie others that were not wanted; the tail begins with one of them.
        tail.spans[0].first =
            events.get(own.get(place).copied().unwrap_or(usize::MAX)).map_or(span.last, |event| event.time);
        tail.name = format!("{}-2", tail.name);
        for (index, at) in own.iter().enumerate() {
            events[*at].file = FileId(logs.len() as u32 + u32::from(index >= place));
        }
        logs.extend([head, tail]);
    }
    Reading { logs, events, ..reading.clone() }
}

#[test]
fn a_log_cut_into_files_is_the_same_log() {
    for name in TICKETS {
        let whole = reading(&ticket(name));
        let expected = judge(&whole);
        for part in [2, 5, 8] {
            let cut = judge(&cut_in_two(&whole, part));
            assert_eq!(cut.totals, expected.totals, "{name} cut after {part} tenths");
            for incident in 1..=expected.incidents.len() {
                assert_eq!(
                    probabilities(&cut, incident),
                    probabilities(&expected, incident),
                    "{name} cut after {part} tenths"
                );
            }
        }
    }
}

#[test]
fn two_machines_in_one_forwarded_log_are_two_machines() {
    for name in ["tls-both", "authorization-both", "session-both", "gateway"] {
        let apart = reading(&ticket(name));
        let expected = judge(&apart);
        // One file for each channel, whatever machine wrote it.
        let mut together = apart.clone();
        together.logs.clear();
        let mut number_of = std::collections::BTreeMap::new();
        for log in &apart.logs {
            let channel = log.spans[0].channel.to_string();
            let number = *number_of.entry(channel).or_insert(together.logs.len());
            match together.logs.get_mut(number) {
                Some(kept) => kept.spans.extend(log.spans.clone()),
                None => together.logs.push(log.clone()),
            }
        }
        for event in &mut together.events {
            event.file = FileId(number_of[&*event.channel] as u32);
        }
        let found = judge(&together);
        assert_eq!(found.totals, expected.totals, "{name}");
        assert_eq!(probabilities(&found, 1), probabilities(&expected, 1), "{name}");
    }
}

#[test]
fn probabilities_sum_to_one_and_the_evidence_adds_up_to_them() {
    for name in TICKETS {
        let diagnosis = bench::diagnosed(name);
        for incident in &diagnosis.incidents {
            let own: Vec<_> =
                diagnosis.diagnoses.iter().filter(|cause| cause.incident == incident.id).collect();
            let sum: f64 = own.iter().map(|cause| cause.probability).sum::<f64>() + incident.none;
            assert!((sum - 1.0).abs() < 1e-4, "{name}: {sum}");
            let weight = |prior: f64, ratios: &mut dyn Iterator<Item = f64>| {
                ratios.fold(prior, |weight, ratio| weight * ratio)
            };
            let weights: Vec<f64> = own
                .iter()
                .map(|cause| {
                    weight(cause.prior, &mut cause.evidence.iter().map(|evidence| evidence.likelihood_ratio))
                })
                .collect();
            let all: f64 = weights.iter().sum::<f64>() + incident.none_weight;
            for (cause, weight) in own.iter().zip(&weights) {
                let told = weight / all;
                assert!(
                    (told - cause.probability).abs() < 1e-3,
                    "{name}: {} {told} {}",
                    cause.cause,
                    cause.probability
                );
                assert!(cause.not_counted.iter().all(|evidence| evidence.likelihood_ratio == 1.0), "{name}");
            }
        }
    }
}

/// What is left of a reading without the records of a channel (`None` for a time after or before which it ends).
fn without(reading: &Reading, channel: &str, keep: impl Fn(rdpwhy_event::FileTime) -> bool) -> Reading {
    let mut cut = reading.clone();
    cut.events.retain(|event| *event.channel != *channel || keep(event.time));
    for log in &mut cut.logs {
        for span in log.spans.iter_mut().filter(|span| *span.channel == *channel) {
            let kept: Vec<_> = reading
                .events
                .iter()
                .filter(|event| {
                    *event.channel == *channel && event.computer == span.computer && keep(event.time)
                })
                .map(|event| event.time)
                .collect();
            match (kept.iter().min(), kept.iter().max()) {
                (Some(first), Some(last)) => (span.first, span.last) = (*first, *last),
                _ => span.records = 0,
            }
        }
        log.spans.retain(|span| span.records > 0);
    }
    cut
}

/// Another cause is never sure only because something is missing.
fn no_other_cause(name: &str, what: &str, whole: &Diagnosis, cut: &Diagnosis) {
    let first = |diagnosis: &Diagnosis| {
        diagnosis.diagnoses.first().map(|cause| (cause.cause.clone(), cause.probability))
    };
    let Some((cause, probability)) = first(cut) else { return };
    let known = whole.diagnoses.iter().any(|own| own.cause == cause && own.probability > 0.05);
    assert!(
        probability <= 0.8 || known,
        "{name} {what}: {cause} {probability:.3}, whole: {:?}",
        first(whole)
    );
}

#[test]
fn a_channel_less_never_makes_another_cause_sure() {
    for name in TICKETS {
        let whole = reading(&ticket(name));
        let expected = judge(&whole);
        let mut channels: Vec<String> =
            whole.logs.iter().map(|log| log.spans[0].channel.to_string()).collect();
        channels.sort();
        channels.dedup();
        for channel in channels {
            no_other_cause(
                name,
                &format!("without {channel}"),
                &expected,
                &judge(&without(&whole, &channel, |_| false)),
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_log_cut_short_never_makes_another_cause_sure(which in 0..TICKETS.len(), log in 0..32_usize, at in 0.0..1.0_f64, head in any::<bool>()) {
        let name = TICKETS[which];
        let whole = reading(&ticket(name));
        let expected = judge(&whole);
        let span = &whole.logs[log % whole.logs.len()].spans[0];
        let times: Vec<_> = whole.events.iter().filter(|event| event.channel == span.channel).map(|event| event.time).collect();
        prop_assume!(!times.is_empty());
        let edge = times[((times.len() - 1) as f64 * at) as usize];
        let cut = without(&whole, &span.channel, |time| if head { time >= edge } else { time <= edge });
        no_other_cause(name, &format!("{} cut at {edge}", span.channel), &expected, &judge(&cut));
    }

    #[test]
    fn evidence_of_ratio_nearly_one_moves_nothing(smoke in -200.0..200.0_f64, failures in 1..6_u32) {
        let world = (0..failures).fold(World::new(-3600.0, 36_000.0), |world, n| world.failure(f64::from(n) * 600.0));
        let world = world.host(smoke, "smoke");
        let found = world.diagnose("signal: smoke, relation: within 5 minutes of a failure, strength: 1.0000001");
        let cause = &found.diagnoses[0];
        prop_assert!((cause.probability - cause.prior).abs() < 1e-5);
    }

    #[test]
    fn what_is_not_covered_is_neither_there_nor_missing(from in -40.0..60.0_f64, to in -40.0..60.0_f64, span in 1..30_u32) {
        let world = World::default().covering("host", "Door", -3600.0, 3600.0).covering("host", "House", from.min(to), from.max(to)).failure(0.0);
        let relation = format!("within {span} seconds of a failure");
        let (state, ..) = world.look(&format!("signal: smoke, relation: {relation}, strength: 10, if_absent: 5"));
        let covered = from.min(to) <= -f64::from(span) && from.max(to) >= 10.0 + f64::from(span);
        prop_assert_eq!(state, if covered { "absent" } else { "unknown" });
    }

    #[test]
    fn the_order_in_which_records_are_handed_over_changes_nothing(seed in 0..1000_u64) {
        // Readers hand over records by time; those of the same moment may come in any order of machine and channel.
        let base = (0..4_u32).fold(World::new(-3600.0, 36_000.0), |world, n| {
            let start = f64::from(n) * 600.0;
            world.failure(start).host(start, "smoke").host(start + 10.0, "rain").success(start + 300.0)
        });
        let relation = "signal: [smoke, rain], relation: 'during a failure, rarely at successes', strength: 10";
        let expected = base.look(relation);
        let noise = base.clone().record((seed % 2400) as f64, "other", "smoke", &[]).record((seed % 600) as f64, "other", "ring", &[]);
        prop_assert_eq!(noise.look(relation), expected);
    }
}

#[test]
fn the_rules_are_the_ones_built_in() {
    assert!(PACK.causes().len() > 20 && PACK.signals().len() > 300);
}
