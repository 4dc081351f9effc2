//! What the phrases about time mean: just inside and just outside, equal times, other machines, wrong order, absence
//! with and without coverage.

#![allow(clippy::unwrap_used, reason = "a test says by panicking that something is wrong")]

use crate::world::World;

const HOUR: f64 = 3600.0;

/// A house whose logs cover an hour around a failure from 0 to 10.
fn one_failure() -> World {
    World::new(-HOUR, HOUR).failure(0.0)
}

fn state(world: World, relation: &str) -> String {
    world.look(&format!("signal: smoke, relation: '{relation}', strength: 10")).0
}

#[test]
fn a_record_counts_inside_its_window_and_not_outside() {
    for (relation, inside, outside) in [
        ("during a failure", vec![-1.0, 0.0, 5.0, 10.0, 12.0], vec![-1.1, 12.1]),
        ("within 5 seconds after the start of a failure", vec![0.0, 5.0], vec![-0.1, 5.1]),
        ("within 5 seconds before the start of a failure", vec![-5.0, 0.0], vec![-5.1, 0.1]),
        ("within 5 seconds of the start of a failure", vec![-5.0, 5.0], vec![-5.1, 5.1]),
        ("within 5 seconds after the end of a failure", vec![10.0, 15.0], vec![9.9, 15.1]),
        ("within 5 seconds before the end of a failure", vec![5.0, 10.0], vec![4.9, 10.1]),
        ("within 5 seconds of the end of a failure", vec![5.0, 15.0], vec![4.9, 15.1]),
        ("within 5 seconds of a failure", vec![-5.0, 7.0, 15.0], vec![-5.1, 15.1]),
        ("within 5 seconds after a failure", vec![10.0, 15.0], vec![9.0, 15.1]),
        ("within 5 seconds before a failure", vec![-5.0, 0.0], vec![-5.1, 0.1]),
        ("before a failure", vec![-3000.0, 0.0], vec![0.1]),
        ("before the first failure", vec![-3000.0, 0.0], vec![0.1]),
        ("within 1 minute before the first failure", vec![-60.0, 0.0], vec![-60.1, 0.1]),
        ("after the last failure", vec![10.0, 3000.0], vec![9.9]),
        ("within 1 minute after the last failure", vec![10.0, 70.0], vec![9.9, 70.1]),
        ("at any time", vec![-3000.0, 5.0, 3000.0], vec![]),
    ] {
        for at in inside {
            assert_eq!(state(one_failure().host(at, "smoke"), relation), "present", "{relation}: at {at}");
        }
        for at in outside {
            assert_eq!(state(one_failure().host(at, "smoke"), relation), "absent", "{relation}: at {at}");
        }
    }
}

#[test]
fn records_of_machines_that_took_no_part_do_not_count() {
    let elsewhere = || one_failure().record(2.0, "other", "smoke", &[]);
    assert_eq!(state(elsewhere(), "during a failure"), "absent");
    assert_eq!(state(elsewhere(), "at any time"), "absent");
    assert_eq!(state(elsewhere(), "during a failure, on any machine"), "present");
    assert_eq!(state(elsewhere(), "at any time, on any machine"), "present");
    assert_eq!(state(one_failure().host(2.0, "smoke"), "during a failure, on the host"), "present");
    assert_ne!(state(one_failure().host(2.0, "smoke"), "during a failure, on the client"), "present");
}

#[test]
fn both_ends_of_a_shared_attempt_count() {
    let shared = || {
        let world = World::new(-HOUR, HOUR)
            .covering("caller", "House", -HOUR, HOUR)
            .covering("caller", "Phone", -HOUR, HOUR);
        world.failure(0.2).call(0.0).failure(600.2).call(600.0)
    };
    let at_caller = shared().record(1.0, "caller", "smoke", &[]).record(601.0, "caller", "smoke", &[]);
    assert_eq!(state(at_caller.clone(), "during a failure"), "present");
    assert_eq!(state(at_caller.clone(), "during a failure, on the client"), "present");
    assert_eq!(state(at_caller, "during a failure, on the host"), "absent");
}

#[test]
fn absence_needs_a_log_that_would_hold_the_record() {
    let look = |world: World, relation: &str| {
        world.look(&format!("absent: smoke, relation: '{relation}', strength: 10")).0
    };
    let missing = |world: World, relation: &str| {
        world.look(&format!("signal: smoke, relation: '{relation}', strength: 10, if_absent: 5"))
    };
    let covered = |from: f64, to: f64| {
        World::default()
            .covering("host", "Door", -HOUR, HOUR)
            .covering("host", "House", from, to)
            .failure(0.0)
    };
    for (relation, from, to) in [
        ("during a failure", 0.0, 10.0),
        ("within 5 seconds after the start of a failure", 0.0, 5.0),
        ("within 30 seconds after the end of a failure", 10.0, 40.0),
        ("within 30 seconds of the end of a failure", -20.0, 40.0),
        ("within 30 seconds before a failure", -30.0, 0.0),
        ("within 30 seconds of a failure", -30.0, 40.0),
        ("within 30 seconds before the first failure", -30.0, 0.0),
        ("within 30 seconds after the last failure", 10.0, 40.0),
    ] {
        assert_eq!(look(covered(from, to), relation), "present", "{relation}: covered exactly");
        assert_eq!(missing(covered(from, to), relation).0, "absent", "{relation}: covered exactly");
        assert!((missing(covered(from, to), relation).3 - 0.2).abs() < 1e-6, "{relation}: absence counts");
        assert_eq!(look(covered(from + 0.1, to), relation), "unknown", "{relation}: the log begins too late");
        assert_eq!(look(covered(from, to - 0.1), relation), "unknown", "{relation}: the log ends too early");
        assert_eq!(
            missing(covered(from, to - 0.1), relation).0,
            "unknown",
            "{relation}: the log ends too early"
        );
        assert_eq!(
            missing(covered(from, to - 0.1), relation).3,
            1.0,
            "{relation}: the unknown counts nothing"
        );
    }
    let without = World::default().covering("host", "Door", -HOUR, HOUR).failure(0.0);
    assert_eq!(look(without, "during a failure"), "unknown");
    assert_eq!(look(one_failure().host(5.0, "smoke"), "during a failure"), "absent");
}

#[test]
fn absence_on_any_machine_is_never_known() {
    // The record may stand on a machine whose log was not collected, however many others were.
    let evidence = "absent: smoke, relation: 'during a failure, on any machine', strength: 10";
    assert_eq!(one_failure().look(evidence).0, "unknown");
    assert_eq!(one_failure().covering("other", "House", -HOUR, HOUR).look(evidence).0, "unknown");
    assert_eq!(one_failure().record(1.0, "other", "smoke", &[]).look(evidence).0, "absent");
}

#[test]
fn quantifiers_ask_for_one_for_half_and_for_all() {
    let of_four = |seen: usize| {
        let mut world = World::new(-HOUR, 5.0 * HOUR);
        for number in 0..4 {
            let start = f64::from(number) * HOUR;
            world = world.failure(start);
            if (number as usize) < seen {
                world = world.host(start + 1.0, "smoke");
            }
        }
        world
    };
    for (quantifier, seen, state, ratio) in [
        ("a failure", 0, "absent", 1.0),
        ("a failure", 1, "present", 10f64.powf(0.25)),
        ("a failure", 4, "present", 10.0),
        ("most failures", 1, "absent", 1.0),
        ("most failures", 2, "present", 10.0),
        ("every failure", 3, "absent", 1.0),
        ("every failure", 4, "present", 10.0),
    ] {
        let found =
            of_four(seen).look(&format!("signal: smoke, relation: during {quantifier}, strength: 10"));
        assert_eq!((found.0.as_str(), found.1, found.2), (state, seen, 4), "{seen} of 4, {quantifier}");
        assert!((found.3 - ratio).abs() < 1e-5, "{seen} of 4, {quantifier}: {}", found.3);
    }
}

#[test]
fn many_failures_are_counted_as_few_are() {
    // Groups of four failures, five minutes apart: a plain one, and ones beside records of nobody, of themselves, and of others.
    let world = |groups: u32| {
        (0..groups).fold(World::new(-HOUR, 40.0 * HOUR), |world, group| {
            let start = |number: u32| f64::from(4 * group + number) * 300.0;
            world
                .failure(start(0))
                .failure(start(1))
                .host(start(1) + 1.0, "smoke")
                .record(start(1) + 2.0, "host", "smoke", &[("Address", "10.0.0.1")])
                .failure_of(start(2), "10.0.0.2", "bernd")
                .record(start(2) + 1.0, "host", "letter", &[("Address", "10.0.0.1")])
                .failure(start(3))
                .host(start(3) - 30.0, "smoke")
                .record(start(3) + 12.0, "other", "smoke", &[])
        })
    };
    // Few enough that each is looked at, and so many that most are only counted.
    let [few, more, many, most] = [4, 5, 20, 25].map(world);
    for signals in
        ["ring", "refuse", "smoke", "letter", "[smoke, refuse]", "[refuse, ring, letter]", "[letter, smoke]"]
    {
        for relation in [
            "during a failure",
            "during every failure, on the host",
            "during a failure, with the same address",
            "during a failure, with the same address, with the same user",
            "during a failure, on any machine",
            "during a failure, at least 2 times",
            "during a failure, with no letter in between",
            "before a failure",
            "within 5 seconds after the start of a failure",
            "within 5 seconds after the start of a failure, with the same address",
            "within 1 minute before the start of a failure, on any machine",
            "within 10 minutes of a failure, at least 2 times",
            "within 10 minutes of a failure, at least 40 times",
        ] {
            for kind in ["signal", "absent"] {
                let evidence = format!("{kind}: {signals}, relation: '{relation}', strength: 10");
                // What lies before and behind all of them is in neither difference.
                let [few, more, many, most] = [&few, &more, &many, &most].map(|world| world.look(&evidence));
                let seen = (5 * (more.1 - few.1), 5 * (more.2 - few.2));
                assert_eq!((most.1 - many.1, most.2 - many.2), seen, "{evidence}");
            }
        }
    }
}

#[test]
fn a_state_lasts_until_something_ends_it() {
    let relation = "before a failure, with no sun or letter in between";
    let world = |events: &[(f64, &str)]| {
        events.iter().fold(one_failure(), |world, (at, signal)| world.host(*at, signal))
    };
    assert_eq!(state(world(&[(-100.0, "smoke")]), relation), "present");
    assert_eq!(state(world(&[(-100.0, "smoke"), (-50.0, "sun")]), relation), "absent");
    assert_eq!(state(world(&[(-100.0, "smoke"), (-50.0, "sun"), (-20.0, "smoke")]), relation), "present");
    assert_eq!(state(world(&[(-50.0, "sun"), (-20.0, "smoke")]), relation), "present");
    assert_eq!(state(world(&[(-20.0, "smoke"), (0.0, "sun")]), relation), "absent");
    assert_eq!(state(world(&[(-20.0, "smoke"), (0.1, "sun")]), relation), "present");
    // What is written at the same moment does not end it: nobody knows which came first.
    assert_eq!(state(world(&[(-20.0, "smoke"), (-20.0, "sun")]), relation), "present");
    let elsewhere = world(&[(-100.0, "smoke")]).record(-50.0, "other", "sun", &[]);
    assert_eq!(state(elsewhere, relation), "present");
    // However often it was ended before.
    let often = (0..200).fold(one_failure(), |world, n| world.host(-2000.0 - f64::from(n), "smoke"));
    assert_eq!(state(often.clone().host(-1999.5, "sun"), relation), "absent");
    assert_eq!(state(often.host(-1999.5, "sun").host(-1999.0, "smoke"), relation), "present");
}

#[test]
fn a_state_of_a_log_that_was_not_collected_is_not_known_to_last() {
    // `letter` stands in a log of its own: without it nobody knows whether something ended the state.
    let relation = "before a failure, with no letter in between";
    let smoke = one_failure().host(-100.0, "smoke");
    assert_eq!(state(smoke.clone().covering("host", "Post", -HOUR, HOUR), relation), "present");
    assert_eq!(state(smoke.covering("host", "Post", -HOUR, HOUR).host(-10.0, "letter"), relation), "absent");
}

#[test]
fn neighbours_follow_and_precede() {
    let after = "before a failure, followed by rain within 10 seconds";
    let not_after = "before a failure, not followed by rain within 10 seconds";
    let before = "before a failure, preceded by rain within 10 seconds";
    let not_before = "before a failure, not preceded by rain within 10 seconds";
    let world = |rain: f64| one_failure().host(-100.0, "smoke").host(rain, "rain");
    for (rain, follows, precedes) in [
        (-90.0, true, false),
        (-89.9, false, false),
        (-100.0, true, true),
        (-110.0, false, true),
        (-110.1, false, false),
    ] {
        let word = |holds: bool| if holds { "present" } else { "absent" };
        assert_eq!(state(world(rain), after), word(follows), "{after}: {rain}");
        assert_eq!(state(world(rain), not_after), word(!follows), "{not_after}: {rain}");
        assert_eq!(state(world(rain), before), word(precedes), "{before}: {rain}");
        assert_eq!(state(world(rain), not_before), word(!precedes), "{not_before}: {rain}");
    }
    let elsewhere = one_failure().host(-100.0, "smoke").record(-95.0, "other", "rain", &[]);
    assert_eq!(state(elsewhere, after), "absent");
}

#[test]
fn neighbours_may_have_to_share_a_field() {
    let relation = "before a failure, followed by rain within 10 seconds with the same Session";
    let world = |session: &[(&str, &str)]| {
        one_failure()
            .record(-100.0, "host", "smoke", &[("Session", "3")])
            .record(-99.0, "host", "rain", session)
    };
    assert_eq!(state(world(&[("Session", "3")]), relation), "present");
    assert_eq!(state(world(&[("Session", "4")]), relation), "absent");
    assert_eq!(state(world(&[]), relation), "absent");
}

#[test]
fn a_missing_follower_is_not_claimed_beyond_the_end_of_the_log() {
    let relation = "during a failure, not followed by rain within 1 hour";
    assert_eq!(state(one_failure().host(5.0, "smoke"), relation), "unknown");
    assert_eq!(state(World::new(-HOUR, 2.0 * HOUR).failure(0.0).host(5.0, "smoke"), relation), "present");
}

#[test]
fn records_may_have_to_be_of_the_attempt() {
    for (clause, field, own, other) in [
        ("with the same address", "Address", "10.0.0.1", "10.0.0.2"),
        ("with the same user", "User", "HOUSE\\Anna", "bernd"),
        ("with the same session", "Session", "7", "8"),
    ] {
        let relation = format!("during a failure, {clause}");
        assert_eq!(
            state(one_failure().record(1.0, "host", "smoke", &[(field, own)]), &relation),
            "present",
            "{clause}"
        );
        assert_eq!(
            state(one_failure().record(1.0, "host", "smoke", &[(field, other)]), &relation),
            "absent",
            "{clause}"
        );
        assert_eq!(
            state(one_failure().host(1.0, "smoke"), &relation),
            "absent",
            "{clause}: a record that does not tell"
        );
    }
}

#[test]
fn enough_of_them_are_counted_in_a_window() {
    let smoke = |times: &[f64]| times.iter().fold(one_failure(), |world, at| world.host(*at, "smoke"));
    let relation = "before a failure, at least 3 times";
    assert_eq!(state(smoke(&[-300.0, -200.0]), relation), "absent");
    assert_eq!(state(smoke(&[-300.0, -200.0, -100.0]), relation), "present");
    let relation = "before a failure, at least 3 times within 10 seconds";
    assert_eq!(state(smoke(&[-100.0, -95.0, -90.0]), relation), "present");
    assert_eq!(state(smoke(&[-100.0, -95.0, -89.9]), relation), "absent");
    assert_eq!(state(smoke(&[-300.0, -100.0, -100.0, -100.0]), relation), "present");
    let named = |users: &[&str]| {
        users.iter().enumerate().fold(one_failure(), |world, (n, user)| {
            world.record(-100.0 + n as f64, "host", "smoke", &[("User", user)])
        })
    };
    let relation = "before a failure, at least 2 different users";
    assert_eq!(state(named(&["anna", "ANNA", "HOUSE\\anna"]), relation), "absent");
    assert_eq!(state(named(&["anna", "bernd"]), relation), "present");
    let relation = "before a failure, at least 3 different User";
    assert_eq!(state(named(&["anna", "bernd"]), relation), "absent");
    assert_eq!(state(named(&["anna", "ANNA", "bernd"]), relation), "present");
}

#[test]
fn lift_compares_with_successes() {
    let relation = "during most failures, rarely at successes";
    let world = |successes: u32, with_smoke: u32| {
        let mut world = World::new(-10.0 * HOUR, 10.0 * HOUR);
        for number in 0..successes {
            let start = -9.0 * HOUR + f64::from(number) * 600.0;
            world = world.success(start);
            if number < with_smoke {
                world = world.host(start + 1.0, "smoke");
            }
        }
        (0..4).fold(world, |world, n| {
            world.failure(f64::from(n) * 600.0).host(f64::from(n) * 600.0 + 1.0, "smoke")
        })
    };
    assert_eq!(state(world(2, 0), relation), "unknown");
    assert_eq!(state(world(3, 0), relation), "present");
    assert_eq!(state(world(8, 2), relation), "present");
    assert_eq!(state(world(8, 3), relation), "absent");
    // Successes that the log does not reach back to are none to compare with.
    let mut short = World::default().covering("host", "Door", -10.0 * HOUR, 10.0 * HOUR).covering(
        "host",
        "House",
        -60.0,
        10.0 * HOUR,
    );
    for number in 0..5 {
        short = short.success(-9.0 * HOUR + f64::from(number) * 600.0);
    }
    assert_eq!(state(short.failure(0.0).host(1.0, "smoke"), relation), "unknown");
}

#[test]
fn onset_asks_for_a_success_before_the_record() {
    let relation = "before the first failure, while earlier attempts succeeded";
    assert_eq!(state(one_failure().host(-100.0, "smoke"), relation), "absent");
    assert_eq!(state(one_failure().success(-200.0).host(-100.0, "smoke"), relation), "present");
    assert_eq!(state(one_failure().success(-80.0).host(-100.0, "smoke"), relation), "absent");
}

#[test]
fn equal_times_have_no_order() {
    // A record at the very moment of the start is both before it and after it.
    let at_start = || one_failure().host(0.0, "smoke");
    assert_eq!(state(at_start(), "within 5 seconds before the start of a failure"), "present");
    assert_eq!(state(at_start(), "within 5 seconds after the start of a failure"), "present");
}

#[test]
fn facts_about_attempts() {
    let fact = |world: &World, phrase: &str| world.look(&format!("attempts: {phrase}, strength: 10")).0;
    let one = World::new(-HOUR, HOUR).failure_of(0.0, "10.0.0.1", "anna");
    let two = one.clone().failure_of(20.0, "10.0.0.2", "bernd");
    let mixed = two.clone().success_of(40.0, "10.0.0.3", "clara").failure_of(60.0, "10.0.0.2", "bernd");
    for (phrase, of_one, of_two, of_mixed) in [
        ("every source fails alike", "absent", "present", "absent"),
        ("only one source fails", "absent", "absent", "absent"),
        ("some attempt succeeds meanwhile", "absent", "absent", "present"),
        ("no attempt succeeds meanwhile", "present", "present", "absent"),
        ("the source is private", "present", "present", "present"),
        ("the source is public", "absent", "absent", "absent"),
        ("broke at hall", "present", "present", "present"),
        ("broke at room or desk", "absent", "absent", "absent"),
        ("reached door", "present", "present", "present"),
        ("did not reach hall", "present", "present", "present"),
        ("lasted less than 11 seconds", "present", "present", "present"),
        ("lasted more than 11 seconds", "absent", "absent", "absent"),
        ("at least 2 attempts within 30 seconds", "absent", "present", "present"),
        ("at least 2 refused attempts within 30 seconds", "absent", "present", "present"),
        ("at least 2 different addresses within 20 seconds", "absent", "present", "present"),
        ("at least 2 different addresses within 19 seconds", "absent", "absent", "absent"),
        ("earlier attempts succeeded", "unknown", "unknown", "unknown"),
    ] {
        assert_eq!(fact(&one, phrase), of_one, "one: {phrase}");
        assert_eq!(fact(&two, phrase), of_two, "two: {phrase}");
        assert_eq!(fact(&mixed, phrase), of_mixed, "mixed: {phrase}");
    }
    let alone =
        World::new(-HOUR, HOUR).failure_of(0.0, "10.0.0.1", "anna").success_of(40.0, "10.0.0.3", "clara");
    assert_eq!(fact(&alone, "only one source fails"), "present");
    assert_eq!(fact(&alone, "only one user fails"), "present");
    assert_eq!(
        fact(&alone.clone().success_of(-60.0, "10.0.0.1", "anna"), "the same source succeeded before"),
        "present"
    );
    assert_eq!(
        fact(&alone.clone().success_of(80.0, "10.0.0.1", "anna"), "the same source succeeds meanwhile"),
        "present"
    );
    assert_eq!(
        fact(
            &alone.clone().success_of(80.0, "10.0.0.9", "anna"),
            "the same user succeeds from another source"
        ),
        "present"
    );
    let turns =
        World::new(-HOUR, HOUR).failure(0.0).success(100.0).failure(200.0).success(300.0).failure(400.0);
    assert_eq!(fact(&turns, "successes and failures alternate"), "present");
    assert_eq!(fact(&two, "successes and failures alternate"), "absent");
}

#[test]
fn what_is_missing_does_not_count_where_another_of_its_group_was_seen() {
    let evidence = "signal: smoke, relation: during a failure, strength: 10, group: signs }\n  \
                    - { because: it rained, signal: rain, relation: during a failure, strength: 5, if_absent: 5, group: signs";
    assert_eq!(one_failure().host(5.0, "smoke").counted(evidence), ["smoke"]);
    assert_eq!(one_failure().counted(evidence), ["rain"], "where nothing of the group was seen, it counts");
}
