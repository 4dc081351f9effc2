//! A small world to ask about relations in time: a house with a door, its own rules, and records made by hand.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use rdpwhy_diagnose::diagnosis::{Diagnosis, EvidenceId};
use rdpwhy_diagnose::{Options, diagnose};
use rdpwhy_event::{Event, FileId, FileTime, Guid, Names};
use rdpwhy_logs::{Log, Reading, Span, Tally, parse_event_xml};
use rdpwhy_rules::{Pack, RuleFile};
use std::collections::BTreeMap;

const LADDER: &str = r#"
stages:
  - { id: door, title: at the door, role: arrival }
  - { id: hall, title: in the hall }
  - { id: room, title: in the room, role: logon }
  - { id: desk, title: at the desk, role: session }
basis: judgement
ranking: { none: 0.5, stage_mismatch: 20, unexplained: 1, effect: 0.5, symptoms: 1000000, specific_code: 1, unseen: 5, diagnosed: 0.5, strengths: { decisive: 100, strong: 20, moderate: 5, weak: 2 } }
roles:
  address: [Address]
  user: [User]
  session: [Session]
  target: [Target]
no_value: [""]
machine_accounts: []
window: 2 minutes
patience: 1 minute
incident_gap: 36 hours
clock_offset: 24 hours
preconnection: { below: door, within: 2 minutes }
retry: { within: 1 second, tries: 1 }
refused: [hall]
abandoned: { at: [room] }
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
conditions: []
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
  - { signal: leave, side: host, join: [activity], ends: choice }
  - { signal: dial, side: client, opens: true, once: true, join: [activity] }
  - { signal: busy, side: client, join: [activity], fails: hall, ends: fault }
"#;

/// Signals by name, event id and service.
const SIGNALS: [(&str, u32, &str); 10] = [
    ("ring", 1, "door"),
    ("refuse", 2, "door"),
    ("enter", 3, "door"),
    ("leave", 4, "door"),
    ("dial", 5, "phone"),
    ("busy", 6, "phone"),
    ("smoke", 11, "house"),
    ("rain", 12, "house"),
    ("sun", 13, "house"),
    ("letter", 14, "post"),
];

/// The rules of the house, with one cause that rests on this evidence alone.
pub(crate) fn pack(evidence: &str) -> Pack {
    let file = |path: &str, text: String| RuleFile { path: path.to_owned(), text };
    let mut files = vec![
        file("rules/ladder.yml", LADDER.to_owned()),
        file("rules/logsources.yml", "door: [Door]\nhouse: [House]\nphone: [Phone]\npost: [Post]\n".to_owned()),
        file("rules/steps/wait.yml", "id: wait\ndo: Wait\nwhere: outside\nchanges: nothing\ncost: read-only\nrisk: none\nundo: none\nverify: none\n".to_owned()),
        file(
            "rules/causes/fire.yml",
            format!(
                "id: fire\ntitle: it burns\nside: host\nstages: [hall, room, desk]\nprior: 0.5\nbasis: judgement\nmechanism: fire\nevidence:\n  - {{ because: it was seen, {evidence} }}\nfix:\n  - {{ step: wait, helps: 0 }}\n"
            ),
        ),
    ];
    for (name, id, service) in SIGNALS {
        files.push(file(
            &format!("rules/signals/{name}.yml"),
            format!(
                "title: {name}\nname: {name}\nstatus: test\ndescription: {name}\nlogsource:\n  product: windows\n  service: {service}\n\
                 detection:\n  record:\n    Provider_Name: House\n    EventID: {id}\n  condition: record\nlevel: low\n"
            ),
        ));
    }
    Pack::load(&files, &[]).unwrap_or_else(|error| panic!("{error}")).0
}

/// Records and the spans that logs cover; times are seconds from an arbitrary moment.
#[derive(Clone, Default)]
pub(crate) struct World {
    events: Vec<Event>,
    covered: Vec<(String, String, f64, f64)>,
    attempts: u32,
}

fn at(seconds: f64) -> FileTime {
    FileTime((134_000_000_000_000_000_i64 + (seconds * 1e7).round() as i64) as u64)
}

// Each test program uses a part of this.
#[allow(dead_code)]
impl World {
    /// The host's logs of the house and the door cover this span.
    pub(crate) fn new(from: f64, to: f64) -> World {
        World::default().covering("host", "House", from, to).covering("host", "Door", from, to)
    }

    /// A log covers this span.
    pub(crate) fn covering(mut self, machine: &str, channel: &str, from: f64, to: f64) -> World {
        self.covered.push((machine.to_owned(), channel.to_owned(), from, to));
        self
    }

    /// One record of a signal.
    pub(crate) fn record(
        mut self,
        seconds: f64,
        machine: &str,
        signal: &str,
        fields: &[(&str, &str)],
    ) -> World {
        self.push(seconds, machine, signal, fields, None);
        self
    }

    /// One record of the host without fields.
    pub(crate) fn host(self, seconds: f64, signal: &str) -> World {
        self.record(seconds, "host", signal, &[])
    }

    /// A failure from `start` to `start + 10`.
    pub(crate) fn failure(self, start: f64) -> World {
        self.failure_of(start, "10.0.0.1", "anna")
    }

    /// A failure of this address and user from `start` to `start + 10`.
    pub(crate) fn failure_of(mut self, start: f64, address: &str, user: &str) -> World {
        let id = self.next();
        self.push(start, "host", "ring", &[("Address", address), ("User", user), ("Session", "7")], Some(id));
        self.push(start + 10.0, "host", "refuse", &[], Some(id));
        self
    }

    /// A success from `start` to `start + 10`.
    pub(crate) fn success(self, start: f64) -> World {
        self.success_of(start, "10.0.0.1", "anna")
    }

    /// A success of this address and user from `start` to `start + 10`.
    pub(crate) fn success_of(mut self, start: f64, address: &str, user: &str) -> World {
        let id = self.next();
        self.push(start, "host", "ring", &[("Address", address), ("User", user)], Some(id));
        self.push(start + 5.0, "host", "enter", &[], Some(id));
        self.push(start + 10.0, "host", "leave", &[], Some(id));
        self
    }

    /// An attempt that the caller alone saw fail, from `start` to `start + 10`.
    pub(crate) fn call(mut self, start: f64) -> World {
        let id = self.next();
        self.push(start, "caller", "dial", &[("Target", "host")], Some(id));
        self.push(start + 10.0, "caller", "busy", &[], Some(id));
        self
    }

    /// What was recorded in this span was recovered: no log holds it.
    pub(crate) fn recovered(mut self, from: f64, to: f64) -> World {
        for event in self.events.iter_mut().filter(|event| (at(from)..=at(to)).contains(&event.time)) {
            event.recovered = true;
        }
        self
    }

    fn next(&mut self) -> Guid {
        self.attempts += 1;
        Guid(u128::from(self.attempts))
    }

    fn push(
        &mut self,
        seconds: f64,
        machine: &str,
        signal: &str,
        fields: &[(&str, &str)],
        activity: Option<Guid>,
    ) {
        let (_, id, service) =
            SIGNALS.iter().find(|(name, ..)| *name == signal).expect("a signal of the house");
        let channel = service[..1].to_uppercase() + &service[1..];
        let activity = activity.map(|id| format!("<Correlation ActivityID='{{{id}}}'/>")).unwrap_or_default();
        let data: String =
            fields.iter().map(|(name, value)| format!("<Data Name='{name}'>{value}</Data>")).collect();
        let xml = format!(
            "<Event><System><Provider Name='House'/><EventID>{id}</EventID>{activity}<Channel>{channel}</Channel>\
             <Computer>{machine}</Computer></System><EventData>{data}</EventData></Event>"
        );
        let (event, _) = parse_event_xml(&xml, &mut Names::default()).expect("an event");
        self.events.push(Event { time: at(seconds), ..event });
    }

    /// What a reader of these logs would hand on: one log for each channel of each machine.
    pub(crate) fn reading(&self) -> Reading {
        let mut spans: BTreeMap<(String, String), (FileTime, FileTime)> = BTreeMap::new();
        let mut widen = |machine: &str, channel: &str, first: FileTime, last: FileTime| {
            let span = spans.entry((machine.to_owned(), channel.to_owned())).or_insert((first, last));
            *span = (span.0.min(first), span.1.max(last));
        };
        for event in self.events.iter().filter(|event| !event.recovered) {
            widen(&event.computer, &event.channel, event.time, event.time);
        }
        for (machine, channel, from, to) in &self.covered {
            widen(machine, channel, at(*from), at(*to));
        }
        let logs: Vec<Log> = spans
            .iter()
            .map(|((machine, channel), (first, last))| log(machine, channel, *first, *last))
            .collect();
        let mut events = self.events.clone();
        events.sort_by(|a, b| (a.time, &a.computer, &a.channel).cmp(&(b.time, &b.computer, &b.channel)));
        let mut next: BTreeMap<String, u64> = BTreeMap::new();
        for event in &mut events {
            let name = format!("{}/{}", event.computer, event.channel);
            let number = next.entry(name.clone()).or_insert(0);
            *number += 1;
            event.record_id = *number;
            event.file = FileId(logs.iter().position(|log| log.name == name).unwrap() as u32);
        }
        Reading {
            logs,
            archives: Vec::new(),
            events,
            events_from: None,
            older: None,
            tally: Tally::default(),
            warnings: Vec::new(),
            unread: 0,
        }
    }

    /// The diagnosis under the house's rules with this evidence.
    pub(crate) fn diagnose(&self, evidence: &str) -> Diagnosis {
        diagnose(&self.reading(), &pack(evidence), &Options::default())
    }

    /// The signals of those pieces of evidence that counted.
    pub(crate) fn counted(&self, evidence: &str) -> Vec<String> {
        let diagnosis = self.diagnose(evidence);
        let counted =
            diagnosis.diagnoses[0].evidence.iter().filter(|evidence| evidence.id != EvidenceId::Stage);
        counted.map(|evidence| evidence.signal.clone()).collect()
    }

    /// State, count of failures that show it, of how many, and the likelihood ratio of the evidence.
    pub(crate) fn look(&self, evidence: &str) -> (String, usize, usize, f64) {
        let diagnosis = self.diagnose(evidence);
        assert_eq!(diagnosis.incidents.len(), 1, "{:?}", diagnosis.totals);
        let cause = &diagnosis.diagnoses[0];
        let mut all = cause
            .evidence
            .iter()
            .chain(&cause.not_counted)
            .filter(|evidence| evidence.id != EvidenceId::Stage);
        let found = all.next().expect("the one piece of evidence");
        (found.state.to_string(), found.seen, found.of, found.likelihood_ratio)
    }
}

fn log(machine: &str, channel: &str, first: FileTime, last: FileTime) -> Log {
    let span = Span {
        channel: channel.into(),
        computer: machine.into(),
        records: 1,
        first,
        last,
        first_record_id: 1,
        last_record_id: 1,
        gaps: Vec::new(),
        gap_count: 0,
        steps_back: Vec::new(),
        out_of_order: 0,
    };
    Log {
        recovered: 0,
        name: format!("{machine}/{channel}"),
        form: rdpwhy_logs::LogForm::Evtx,
        bytes: 0,
        sha256: String::new(),
        records: 1,
        damages: Vec::new(),
        dirty: false,
        wrapped: false,
        spans: vec![span],
        whole: true,
    }
}
