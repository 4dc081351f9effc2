//! Where attempts break, which records belong to which, and how far clocks are apart, on the tickets of
//! `samples/attempts`. How many attempts came out how is in the tickets themselves.

#![allow(clippy::unwrap_used, reason = "a test says by panicking that something is wrong")]

use crate::bench::{diagnosed, failures};
use rdpwhy_diagnose::diagnosis::{Aborted, Attempt, Diagnosis, Outcome, SeenFrom};
use rdpwhy_event::FileTime;
use rdpwhy_rules::Side;

/// First and last stage at which the failures of a ticket may have broken, from each point of view.
#[test]
fn attempts_break_at_their_stage_from_every_point_of_view() {
    for (name, stage, last, side) in [
        ("name-client", "name", "name", "client"),
        ("name-both", "name", "name", "client"),
        ("route-client", "route", "route", "client"),
        ("route-both", "route", "route", "client"),
        ("tcp-host", "tcp", "tcp", "host"),
        ("tcp-client", "tcp", "tcp", "client"),
        ("tcp-both", "tcp", "tcp", "client"),
        ("tls-host", "tls", "authentication", "host"),
        ("tls-client", "tls", "tls", "client"),
        ("tls-both", "tls", "tls", "both"),
        ("nla-host", "nla", "nla", "host"),
        ("nla-client", "nla", "nla", "client"),
        ("nla-both", "nla", "nla", "both"),
        ("authentication-host", "authentication", "authentication", "host"),
        ("authentication-client", "authentication", "authentication", "client"),
        ("authentication-both", "authentication", "authentication", "both"),
        ("authorization-host", "authorization", "authorization", "host"),
        ("authorization-client", "authorization", "authorization", "client"),
        ("authorization-both", "authorization", "authorization", "both"),
        ("arbitration-host", "arbitration", "arbitration", "host"),
        ("arbitration-client", "arbitration", "logon", "client"),
        ("arbitration-both", "arbitration", "arbitration", "both"),
        ("logon-host", "logon", "session", "host"),
        ("logon-client", "arbitration", "logon", "client"),
        ("logon-both", "logon", "session", "both"),
        ("session-host", "session", "session", "host"),
        ("session-client", "session", "session", "client"),
        ("session-both", "session", "session", "both"),
    ] {
        let diagnosis = diagnosed(name);
        let broken = failures(&diagnosis);
        assert_eq!(broken.len(), 4, "{name}");
        for attempt in broken {
            let found = attempt.stage_last.as_ref().or(attempt.stage.as_ref());
            assert_eq!(
                (attempt.stage.as_deref(), found.map(String::as_str)),
                (Some(stage), Some(last)),
                "{name}"
            );
            assert_eq!(attempt.side.to_string(), side, "{name}");
        }
        assert_eq!(diagnosis.incidents.len(), 1, "{name}");
    }
}

#[test]
fn clocks_seven_minutes_apart_are_found_and_told() {
    let both = ["tls", "nla", "authentication", "authorization", "arbitration", "logon", "session"];
    for stage in both {
        let diagnosis = diagnosed(&format!("{stage}-both"));
        let [clock] = &diagnosis.clocks[..] else { panic!("{stage}: {:?}", diagnosis.clocks) };
        assert!((clock.ahead_seconds - 420.0).abs() < 5.0, "{stage}: {clock:?}");
        assert_eq!(
            (clock.client.as_str(), clock.host.as_str()),
            ("PC-0815.contoso.local", "SRV-RDS01.contoso.local")
        );
        // Four failures and the success of the day before.
        assert_eq!(clock.attempts, 5, "{stage}");
        let shared = diagnosis.attempts.iter().filter(|attempt| attempt.side == SeenFrom::Both).count();
        assert_eq!(shared, 5, "{stage}");
        assert!(
            diagnosis.attempts.iter().all(|attempt| attempt.side != SeenFrom::One(Side::Client)),
            "{stage}"
        );
    }
}

fn of<'d>(diagnosis: &'d Diagnosis, source: &str, outcome: Outcome) -> &'d Attempt {
    let wanted = |attempt: &&Attempt| {
        attempt.outcome == outcome
            && attempt.source.as_deref().is_some_and(|own| own.split(':').next() == Some(source))
    };
    diagnosis.attempts.iter().find(wanted).unwrap_or_else(|| panic!("no attempt from {source} {outcome}"))
}

#[test]
fn a_takeover_ends_the_old_connection_and_not_the_new_one() {
    let diagnosis = diagnosed("takeover");
    let (old, new) =
        (of(&diagnosis, "10.0.0.99", Outcome::Succeeded), of(&diagnosis, "10.0.0.5", Outcome::Succeeded));
    assert!(old.replaced && !new.replaced);
    assert!(old.ended.to_string().starts_with("2026-03-09T08:30:0"), "{}", old.ended);
    assert!(new.ended.to_string().starts_with("2026-03-09T09:30:0"), "{}", new.ended);
    // LSM 40 and 24 of the takeover carry the newcomer's id and belong to the old connection all the same.
    let told = |attempt: &Attempt, event: u32, minute: &str| {
        let mut records = attempt.records.iter();
        records.any(|record| {
            record.channel.contains("LocalSessionManager")
                && record.event_id == event
                && record.time.to_string().contains(minute)
        })
    };
    for event in [40, 24] {
        assert!(told(old, event, "T08:30:"), "{event} is missing on the old connection");
        assert!(!told(new, event, "T08:30:"), "{event} is on the new connection");
    }
    assert!(told(new, 24, "T09:30:"));
}

#[test]
fn a_session_over_days_is_one_attempt_for_each_connection() {
    let diagnosis = diagnosed("reconnect");
    let minute = |time: FileTime| time.to_string()[..16].to_owned();
    let kept: Vec<(String, String)> = diagnosis
        .attempts
        .iter()
        .filter(|attempt| attempt.outcome == Outcome::Succeeded)
        .map(|attempt| (minute(attempt.started), minute(attempt.ended)))
        .collect();
    let expected = [
        ("2026-03-07T08:00", "2026-03-07T12:00"),
        ("2026-03-08T08:00", "2026-03-08T12:00"),
        ("2026-03-09T08:00", "2026-03-09T12:00"),
    ];
    assert_eq!(kept, expected.map(|(from, to)| (from.to_owned(), to.to_owned())));
}

#[test]
fn preconnections_and_screens_left_are_told_apart() {
    let count = |diagnosis: &Diagnosis, why: Aborted| {
        diagnosis.attempts.iter().filter(|attempt| attempt.aborted == Some(why)).count()
    };
    let screens = diagnosed("logon-screen");
    assert_eq!(count(&screens, Aborted::LogonScreen), 1);
    let short = diagnosed("preconnections");
    assert_eq!(count(&short, Aborted::Preconnection), 1);
    let failed: Vec<&str> =
        failures(&short).iter().filter_map(|attempt| attempt.source.as_deref()?.split(':').next()).collect();
    assert_eq!(failed, ["10.0.0.6", "10.0.0.7", "10.0.0.9"]);
}

#[test]
fn old_hosts_tell_who_failed_through_another_record() {
    let diagnosis = diagnosed("windows-7");
    for attempt in failures(&diagnosis) {
        assert_eq!(attempt.source.as_deref(), Some("10.0.0.7"));
    }
    let users = diagnosed("windows-7-crowd");
    for (user, source) in [("anna", "10.0.0.5"), ("bernd", "10.0.0.17")] {
        let own = users.attempts.iter().find(|attempt| attempt.user.as_deref() == Some(user)).unwrap();
        assert_eq!(own.source.as_deref(), Some(source), "{user}");
    }
}

#[test]
fn thousands_of_attempts_are_one_incident_told_in_groups() {
    let diagnosis = diagnosed("thousands");
    assert_eq!(diagnosis.incidents.len(), 1);
    assert!(diagnosis.attempts.len() < 2000);
    assert_eq!(diagnosis.attempts.iter().map(|attempt| attempt.count).sum::<usize>(), 2000);
}

#[test]
fn strangers_are_put_aside_when_the_owner_fails() {
    for (name, strangers) in [("exposed", 500), ("exposed-key", 360)] {
        let diagnosis = diagnosed(name);
        let background = diagnosis.background.as_ref().unwrap_or_else(|| panic!("{name}: no background"));
        assert_eq!((background.failures, background.source_count), (strangers, 12), "{name}");
        assert!(!diagnosis.incidents[0].strangers, "{name}");
        assert_eq!(diagnosis.incidents[0].failures, 6, "{name}");
    }
}

#[test]
fn a_clock_is_not_read_off_strangers() {
    let diagnosis = diagnosed("client-and-strangers");
    assert!(diagnosis.clocks.is_empty(), "{:?}", diagnosis.clocks);
    assert!(diagnosis.attempts.iter().all(|attempt| attempt.side != SeenFrom::Both));
}
