//! What recovered records count for: little by themselves, and nothing where something is missing.

#![allow(clippy::unwrap_used, reason = "a test says by panicking that something is wrong")]

use crate::world::World;

const HOUR: f64 = 3600.0;
const SMOKE: &str = "signal: smoke, relation: during a failure, strength: decisive";

/// Two failures a minute apart in logs that cover an hour around them.
fn failures() -> World {
    World::new(-HOUR, HOUR).failure(0.0).failure(60.0)
}

fn ratio(world: &World) -> f64 {
    let (state, _, _, ratio) = world.look(SMOKE);
    assert_eq!(state, "present");
    ratio
}

#[test]
fn evidence_of_recovered_records_alone_is_weak_and_says_so() {
    let world = failures().host(2.0, "smoke").host(62.0, "smoke");
    assert_eq!(ratio(&world), 100.0);
    let recovered = world.clone().recovered(2.0, 2.0).recovered(62.0, 62.0);
    assert_eq!(ratio(&recovered), 2.0);
    let evidence = &recovered.diagnose(SMOKE).diagnoses[0].evidence[0];
    assert!(evidence.recovered && evidence.records.iter().all(|record| record.recovered));
}

#[test]
fn one_record_that_a_log_holds_is_enough() {
    let world = failures().host(2.0, "smoke").host(62.0, "smoke").recovered(2.0, 2.0);
    assert_eq!(ratio(&world), 100.0);
    let evidence = &world.diagnose(SMOKE).diagnoses[0].evidence[0];
    let marks: Vec<bool> = evidence.records.iter().map(|record| record.recovered).collect();
    assert_eq!((evidence.recovered, marks), (false, vec![true, false]));
}

#[test]
fn what_is_said_of_recovered_failures_alone_is_weak() {
    let fact = "attempts: broke at hall, strength: decisive";
    let world = World::new(2.0 * HOUR, 3.0 * HOUR).failure(0.0).failure(60.0);
    let ratio = |world: &World| world.look(fact).3;
    assert_eq!((ratio(&world), ratio(&world.clone().recovered(-HOUR, HOUR))), (100.0, 2.0));
    // Of two failures, one is in a log.
    assert_eq!(ratio(&world.recovered(50.0, HOUR)), 100.0);
}

#[test]
fn nothing_is_missing_where_only_recovered_records_are() {
    let absent = "absent: smoke, relation: during a failure, strength: 10";
    // The host's log of the house begins long after the failures.
    let world = World::default().covering("host", "House", 2.0 * HOUR, 3.0 * HOUR).failure(0.0).failure(60.0);
    let with_records = world.clone().host(-HOUR, "smoke").host(HOUR, "smoke");
    assert_eq!(with_records.look(absent).0, "present", "covered by what the log holds");
    assert_eq!(with_records.recovered(-HOUR, -HOUR).look(absent).0, "unknown");
}

#[test]
fn a_recovered_success_is_not_set_against_failures() {
    let facts = "attempts: some attempt succeeds meanwhile, strength: 10";
    let world = failures().success_of(30.0, "10.0.0.9", "carl");
    assert_eq!(world.look(facts).0, "present");
    assert_ne!(world.recovered(30.0, 40.0).look(facts).0, "present");
}
