//! A rule file of any kind, added to the rules of the program.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use rdpwhy_yaml::Faults;
use rdpwhy_rules::{Pack, RuleFile, lint};

/// Few rules; loading all of ours for each input would be slow.
static BASE: OnceLock<Vec<RuleFile>> = OnceLock::new();

const PLACES: [&str; 8] = [
    "rules/signals/x.yml",
    "rules/causes/x.yml",
    "rules/notices/x.yml",
    "rules/steps/x.yml",
    "rules/codes/x.yml",
    "rules/ladder.yml",
    "rules/logsources.yml",
    "x.yml",
];

fuzz_target!(|input: (u8, &str)| {
    let (place, text) = input;
    let base = BASE.get_or_init(base);
    let path = PLACES[usize::from(place) % PLACES.len()].to_owned();
    let added = [RuleFile { path, text: text.to_owned() }];
    match Pack::load(base, &added) {
        Ok(_) => {
            let faults = Faults::new();
            lint(base, &added, None, &faults);
            let _ = faults.render(false);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});

/// A ladder with the signals it names, and one file of most kinds.
fn base() -> Vec<RuleFile> {
    let file = |path: &str, text: &str| RuleFile { path: path.to_owned(), text: text.to_owned() };
    let mut files = vec![
        file("rules/ladder.yml", LADDER),
        file("rules/logsources.yml", "door: [Door]\n"),
        file("rules/steps/wait.yml", STEP),
        file("rules/causes/fire.yml", CAUSE),
    ];
    for (id, name) in ["ring", "refuse", "enter", "dial", "smoke"].iter().enumerate() {
        let text = format!(
            "title: {name}\nname: {name}\nstatus: test\ndescription: {name}\nlogsource:\n  product: windows\n  \
             service: door\ndetection:\n  record:\n    Provider_Name: House\n    EventID: {id}\n  condition: \
             record\nlevel: low\n"
        );
        files.push(file(&format!("rules/signals/{name}.yml"), &text));
    }
    Pack::load(&files, &[]).unwrap_or_else(|error| panic!("{error}"));
    files
}

const STEP: &str = "id: wait\ndo: Wait\nwhere: outside\nchanges: nothing\ncost: read-only\nrisk: none\nundo: none\n\
                    verify: none\n";

const CAUSE: &str = "id: fire\ntitle: it burns\nside: host\nstages: [hall, desk]\nprior: 0.5\nbasis: judgement\nmechanism: fire\nevidence:\n  \
                     - { signal: smoke, relation: during a failure, strength: strong, because: it was seen }\nfix:\n  \
                     - { step: wait, helps: 0 }\n";

const LADDER: &str = r#"
stages:
  - { id: door, title: at the door, role: arrival }
  - { id: hall, title: in the hall, role: logon }
  - { id: desk, title: at the desk, role: session }
basis: judgement
ranking: { none: 0.5, stage_mismatch: 20, unexplained: 1, effect: 0.5, symptoms: 1000000, specific_code: 1, unseen: 5, diagnosed: 0.5, strengths: { decisive: 100, strong: 20, moderate: 5, weak: 2 } }
roles:
  address: [Address]
no_value: [""]
machine_accounts: []
window: 2 minutes
patience: 1 minute
incident_gap: 36 hours
clock_offset: 24 hours
preconnection: { below: door, within: 2 minutes }
retry: { within: 1 second, tries: 1 }
refused: [hall]
abandoned: { at: [desk] }
short_session: 1 minute
strangers: { sources: 3 }
probe: { below: door, attempts: 3 }
belief:
  failed: 1
  doubt: 1
  session: 0
  unknown: 0
  reconnect: { within: 1 second, times: 1 }
  together: { within: 1 second, times: 1 }
  together_users: 2
  alike: { within: 1 second, times: 1 }
  alike_sessions: 3
  alike_below: 1 second
  witnesses: []
  implied: { none: 0.5, most: 1, code_most: 1, code_causes: 100, complaint_none: 0.5, complaint_times: 1, complaint_within: 3 minutes, records: 0 }
  visible: [{ side: host, any: [ring] }, { side: client, any: [dial] }]
  healthy: [{ side: host, any: [ring] }, { side: client, any: [dial] }]
  refusals: []
  losses: [ring]
  life: { down: [ring], up: [ring] }
thresholds:
  focus: { around: 15 minutes }
  conflict: { takeover: 5 seconds, came_back: 15 minutes, extended: [] }
  join: { trailing: 5 seconds, again: 10 seconds, cut_together: 10 seconds }
  probe: { served_before: 1 hour, served_after: 1 day, burst_within: 5 minutes, glance: 100 ms, even: 0.75, spread: 0.1 }
  pairing: { slack: 5 seconds, lone: 15 minutes, around: 30 minutes, chance: 0.05, lone_chance: 0.5 }
  clock: { step: 30 seconds, returns: 0.1, untold: 1 day }
  identity: { overlap: 15 minutes }
  incident: { split_at_most: 300, sure: 0.8, unknown_past: 7 days }
  evidence: { before: 1 second, after: 2 seconds, meanwhile: 10 minutes, least_successes: 3, rarely: 0.25 }
  facts: { alike: 0.1, least_alike: 5, nearby: 1 hour, elsewhere: 1 day, clock_matters: 7 days, least_turns: 3 }
  outlier: { attempts: 20, frequent: 0.1, traits: 2, at_most: 3 }
  lead: { around: 1 minute, session_end: 10 minutes, records: 3, lift: 8 }
  fleet: { cases: 5, others: 5, lift: 3, chance: 0.01, tickets: 3, together: 6 hours }
milestones:
  - { side: host, stage: desk, any: [enter] }
records:
  - { signal: ring, side: host, opens: true, once: true, join: [activity], reaches: door }
  - { signal: refuse, side: host, join: [activity], fails: hall, ends: fault }
  - { signal: enter, side: host, join: [activity], reaches: desk }
  - { signal: dial, side: client, opens: true, once: true, join: [activity] }
"#;
