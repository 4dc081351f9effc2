use super::*;
use crate::row::Fact;

/// A fleet of 60 hosts whose failures begin after an update on some of them; `failing` says which hosts fail.
fn fleet(updated: impl Fn(usize) -> bool, failing: impl Fn(usize) -> bool) -> Vec<CaseRow> {
    (0..60).map(|host| case(host, updated(host), failing(host))).collect()
}

fn case(host: usize, updated: bool, fails: bool) -> CaseRow {
    let onset = format!("2026-03-{:02}T0{}:15:00.0000000Z", 10 + host % 5, host % 7);
    let fact = |kind: &str, value: &str, time: Option<&str>| Fact {
        kind: kind.to_owned(),
        value: value.to_owned(),
        time: time.map(str::to_owned),
    };
    let mut facts = vec![
        fact("host", &format!("srv-{host:02}.corp.example"), None),
        fact("domain", "corp.example", None),
        fact("network", &format!("10.0.{}", host % 4), None),
        fact("update", "KB5000001", Some("2026-02-10T03:00:00.0000000Z")),
    ];
    if updated {
        facts.push(fact("update", "KB5099999", Some("2026-03-09T22:00:00.0000000Z")));
    }
    CaseRow {
        case: format!("host-{host:02}"),
        verdict: Some(if fails { "diagnosed" } else { "healthy" }.to_owned()),
        cause: fails.then(|| "windows-update-regression".to_owned()),
        first_failure: fails.then(|| onset.clone()),
        onset: fails.then_some(onset),
        logs_from: Some("2026-02-01T00:00:00.0000000Z".to_owned()),
        logs_to: Some("2026-03-20T00:00:00.0000000Z".to_owned()),
        facts,
        comparable: ["host", "domain", "network", "update"].map(str::to_owned).to_vec(),
        ..CaseRow::default()
    }
}

fn pack() -> Pack {
    Pack::built_in(&[]).expect("the built-in rules are right").0
}

#[test]
fn the_update_that_failing_hosts_share_is_found() {
    let cases = fleet(|host| host % 4 == 1, |host| host % 4 == 1 && host != 57);
    let found = shared(&cases, &pack());
    let [update, rest @ ..] = found.as_slice() else { panic!("nothing is found") };
    assert_eq!((update.kind.as_str(), update.value.as_str()), ("update", "KB5099999"), "{found:#?}");
    assert_eq!((update.failing_with, update.with, update.failing_without, update.without), (14, 15, 0, 45));
    assert!(update.lift.is_none() && update.chance < 1e-6);
    assert!(
        update.says.starts_with(
            "14 of 15 cases with Windows update KB5099999 fail with windows-update-regression; 0 of 45 without it do."
        ),
        "{}",
        update.says
    );
    // Hosts with the update are those of one network, too: the same cases, so one finding.
    assert_eq!(update.also, ["network 10.0.1"]);
    assert!(rest.is_empty(), "{rest:#?}");
    let mut turned = cases;
    turned.reverse();
    assert_eq!(shared(&turned, &pack()), found);
}

#[test]
fn nothing_is_claimed_where_nothing_is_shared() {
    // Failing has nothing to do with the update, the network, or the day.
    for seed in 0..20_usize {
        let mixed = |host: usize, salt: usize| (host * 7919 + seed * 104_729 + salt * 1_299_709) % 1009;
        let cases = fleet(|host| mixed(host, 1) % 4 == 0, |host| mixed(host, 2) % 5 == 0);
        let found = shared(&cases, &pack());
        assert!(found.is_empty(), "{seed}: {found:#?}");
    }
}

#[test]
fn few_cases_unknown_facts_and_later_facts_prove_nothing() {
    let is_shared = |cases: &[CaseRow]| shared(cases, &pack()).iter().any(|row| row.value == "KB5099999");
    assert!(!is_shared(&fleet(|host| host < 4, |host| host < 4)));
    let mut cases = fleet(|host| host < 14, |host| host < 14);
    assert!(is_shared(&cases));
    for case in &mut cases {
        for fact in case.facts.iter_mut().filter(|fact| fact.value == "KB5099999") {
            fact.time = Some("2026-03-19T00:00:00.0000000Z".to_owned());
        }
    }
    assert!(!is_shared(&cases), "the update came after the failures");
    let mut cases = fleet(|host| host < 14, |host| host < 14);
    for case in cases.iter_mut().skip(14) {
        case.comparable.clear();
    }
    assert!(!is_shared(&cases), "the logs of the others could not show updates");
}

#[test]
fn failures_that_began_together_are_found() {
    let mut cases = fleet(|_| false, |host| host < 12);
    for (minute, case) in cases.iter_mut().take(12).enumerate() {
        let onset = format!("2026-03-11T08:{minute:02}:00.0000000Z");
        (case.first_failure, case.onset) = (Some(onset.clone()), Some(onset));
    }
    let found = shared(&cases, &pack());
    let onset = found.iter().find(|row| row.kind == ONSET).expect("it is found");
    assert_eq!(
        onset.says,
        "12 of 12 cases with windows-update-regression whose beginning is known began to fail within 6 hours of \
         2026-03-11 08:00 UTC."
    );
}
