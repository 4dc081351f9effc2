//! Whether a finding holds for an incident: present, absent under coverage, or unknown and why.

use crate::attempts::attempt::Attempt;
use crate::cases::incident::Incident;
use crate::evidence::candidates::{Candidates, Found, standing};
use crate::evidence::covered::{Needed, Watch};
use crate::evidence::inquiry::Inquiry;
use crate::evidence::scene::AnyTime;
use crate::evidence::seen::{Seen, State};
use crate::evidence::votes::{Counted, Votes, ratio};
use crate::evidence::window::{any_machine, quantifier};
use crate::world::machine::Machine;
use crate::world::tick::span_ticks;
use rdpwhy_rules::finding::Finding;
use rdpwhy_rules::ladder::Role;
use rdpwhy_rules::phrase::{Anchor, Clause, Quantifier, Relation};
use rdpwhy_rules::{Side, SignalId};
use std::collections::BTreeSet;
use std::sync::Arc;

impl Inquiry<'_> {
    /// Whether the finding holds for the incident.
    pub(crate) fn look(&self, finding: &Finding) -> Seen {
        let seen = match finding {
            Finding::Signal { signals, relation } => self.signal(signals, relation, false),
            Finding::Absent { signals, relation } => self.signal(signals, relation, true),
            Finding::Attempts(fact) => self.fact(fact, self.incident),
            Finding::Code(codes) => self.code(codes, self.incident),
            Finding::Extended(codes) => self.extended(codes),
        };
        Seen { recovered: seen.recovered || self.is_old(), ..seen }
    }

    fn signal(&self, signals: &[SignalId], relation: &Relation<SignalId>, absent: bool) -> Seen {
        match quantifier(&relation.anchor) {
            Some(quantifier) => {
                let tally = self.per_failure(signals, relation, absent);
                let seen = tally.decide(quantifier, || self.not_covered(signals));
                self.lift(seen, signals, relation, self.incident, absent)
            }
            None => self.per_incident(signals, relation, self.incident, absent),
        }
    }

    /// What each failure says. Most relations ask for what no log holds or what was never written: of those only coverage
    /// has to be known, which many of them share.
    fn per_failure(&self, signals: &[SignalId], relation: &Relation<SignalId>, absent: bool) -> Votes {
        let failures = &self.incident.failures;
        let needed = Needed::new(self, signals, relation, absent);
        let joined = self.joins_on_host(signals);
        let mut tally = Votes::default();
        if signals.iter().all(|signal| self.timeline.seen[signal.index()].is_empty()) {
            let missing = if needed.is_hopeless() { 0 } else { self.missing(&needed, joined && !absent) };
            tally.unknown = failures.len() - missing;
            if absent {
                tally.vote_all(missing);
            } else {
                tally.against = missing;
            }
            return tally;
        }
        let mut candidates = Candidates::new(self, signals, relation, failures, self.ends(relation));
        let (mut found, mut held) = (Found::default(), None);
        for (place, &index) in failures.iter().enumerate() {
            // Once there is proof enough, records are only counted.
            match candidates.count(index, tally.counted()) {
                Some(Counted { all: 0, .. }) => found = Found::default(),
                Some(_) if absent => {
                    tally.against += 1;
                    continue;
                }
                Some(count) if tally.is_full() => {
                    tally.vote_more(&count);
                    continue;
                }
                _ => candidates.of(index, &mut found),
            }
            let mut covered = || !found.doubt && held.get_or_insert_with(|| self.held(&needed)).at(place);
            match (found.events.is_empty(), absent) {
                (false, true) => tally.against += 1,
                (false, false) => self.vote(&mut tally, &found.events),
                (true, _) if !covered() => tally.unknown += 1,
                (true, true) => tally.vote_all(1),
                // Without a connection its records are not missing.
                (true, false) if joined && !self.arrived(&self.attempts[index]) => tally.unknown += 1,
                (true, false) => tally.against += 1,
            }
        }
        tally
    }

    /// At how many failures it is missing although the logs would hold it; `joined`: at those that arrived.
    fn missing(&self, needed: &Needed, joined: bool) -> usize {
        let held = self.held(needed);
        if !joined {
            return held.count();
        }
        let failures = self.incident.failures.iter().enumerate();
        failures.filter(|(place, index)| held.at(*place) && self.arrived(&self.attempts[**index])).count()
    }

    /// Whether nothing but a connection makes a host write these.
    fn joins_on_host(&self, signals: &[SignalId]) -> bool {
        let records = &self.pack.ladder().records;
        let of_host = |signal: &SignalId| records.iter().any(|r| r.signal == *signal && r.side == Side::Host);
        signals.iter().all(of_host)
    }

    /// Whether the attempt got as far as its host, for all that is known.
    fn arrived(&self, attempt: &Attempt) -> bool {
        attempt.side != Side::Client || attempt.reached >= Some(self.pack.ladder().arrival())
    }

    /// Applies `rarely at successes`: what accompanies successes as well tells nothing.
    fn lift(
        &self,
        seen: Seen,
        signals: &[SignalId],
        relation: &Relation<SignalId>,
        incident: &Incident,
        absent: bool,
    ) -> Seen {
        let asked = relation.clauses.iter().any(|clause| matches!(clause, Clause::RarelyAtSuccesses));
        if !asked || seen.state != State::Present || absent {
            return seen;
        }
        let limits = &self.pack.ladder().thresholds.evidence;
        // Only what the logs would show there can be compared.
        let needed = Needed::new(self, signals, relation, false);
        let mut watch = Watch::new(self, &needed);
        let own = self.of_machine(incident.machine).iter().map(|&index| index as usize);
        let successes: Vec<usize> = own
            .filter(|&index| {
                let attempt = &self.attempts[index];
                attempt.is_success()
                    && attempt.machine == incident.machine
                    && !self.is_recovered(attempt)
                    && watch.covers(self.stay(index))
            })
            .collect();
        if successes.len() < limits.least_successes {
            let why = format!("only {} successes to compare with", successes.len());
            return Seen { state: State::Unknown, share: 0.0, why: Some(why), ..seen };
        }
        let ends = self.scene.ends(&successes, relation);
        let mut candidates = Candidates::new(self, signals, relation, &successes, &ends);
        let mut found = Found::default();
        let shows = |&&index: &&usize| {
            candidates.of(index, &mut found);
            !found.events.is_empty()
        };
        let also = successes.iter().filter(shows).count();
        let at_successes = ratio(also, successes.len());
        let at_failures = ratio(seen.count, seen.of);
        let seen = Seen { successes: Some((also, successes.len())), ..seen };
        if at_successes <= at_failures * limits.rarely {
            return seen;
        }
        Seen { state: State::Absent, share: 0.0, ..seen }
    }

    fn per_incident(
        &self,
        signals: &[SignalId],
        relation: &Relation<SignalId>,
        incident: &Incident,
        absent: bool,
    ) -> Seen {
        let (from, to) = match relation.anchor {
            Anchor::BeforeFirst { within } => {
                (within.map_or(i64::MIN, |span| incident.start - span_ticks(span)), incident.start)
            }
            Anchor::AfterLast { within } => {
                (incident.end, within.map_or(i64::MAX, |span| incident.end + span_ticks(span)))
            }
            Anchor::Around { within } => {
                (incident.start - span_ticks(within), incident.end + span_ticks(within))
            }
            _ => (i64::MIN, i64::MAX),
        };
        let machines = self.ends_or_all(relation);
        let state = relation.clauses.iter().any(|clause| matches!(clause, Clause::WithNo(_)));
        let look = || self.found(signals, relation, machines, (from, to), incident.start);
        let (events, doubt) = match relation.anchor {
            // Of thousands of machines most have none of these records, and that takes no memory to know.
            _ if !self.holds_any(signals, relation, machines) => AnyTime::default(),
            Anchor::AnyTime if !state => self.once(relation, machines, look),
            _ => look(),
        };
        let span = match relation.anchor {
            Anchor::BeforeFirst { within: None } => (to, to),
            Anchor::AfterLast { within: None } => (from, from),
            Anchor::BeforeFirst { .. } | Anchor::AfterLast { .. } => (from, to),
            // What lies beside the failures may show it, and need not.
            _ => (incident.start, incident.end),
        };
        let ends: Vec<Machine> = machines.iter().copied().collect();
        let covered = || !doubt && self.scene.held(signals, relation, &ends, span, absent);
        let mut tally = Votes::default();
        match (events.is_empty(), absent) {
            (false, true) => tally.against += 1,
            (false, false) => self.vote(&mut tally, &events),
            (true, _) if !covered() => tally.unknown += 1,
            (true, true) => self.vote(&mut tally, &[]),
            (true, false) => tally.against += 1,
        }
        tally.decide(Quantifier::Every, || self.not_covered(signals))
    }

    /// The records of these machines that stand in the relation, and whether others might.
    fn found(
        &self,
        signals: &[SignalId],
        relation: &Relation<SignalId>,
        machines: &BTreeSet<Machine>,
        (from, to): (i64, i64),
        until: i64,
    ) -> AnyTime {
        let any = any_machine(relation);
        let (mut events, mut doubt): (Vec<u32>, bool) = (Vec::new(), false);
        for signal in signals {
            let spans: Vec<&[u32]> = if any {
                vec![self.timeline.between(*signal, from, to)]
            } else {
                machines.iter().map(|&machine| self.timeline.on(*signal, machine, from, to)).collect()
            };
            let lasting = |event: &&u32| self.lasts(**event, relation, until);
            for &event in spans.into_iter().flatten().filter(lasting) {
                match standing(self, relation, event) {
                    Some(true) => events.push(event),
                    Some(false) => doubt = true,
                    None => {}
                }
            }
        }
        self.in_order(&mut events);
        if !self.is_enough(&events, relation) {
            events.clear();
        }
        (Arc::new(events), doubt)
    }

    /// Whether any of the signals is on these machines at any time.
    fn holds_any(
        &self,
        signals: &[SignalId],
        relation: &Relation<SignalId>,
        machines: &BTreeSet<Machine>,
    ) -> bool {
        let on =
            |signal: SignalId, machine| !self.timeline.on(signal, machine, i64::MIN, i64::MAX).is_empty();
        let any = any_machine(relation);
        let is_held = |signal: SignalId| any || machines.iter().any(|&machine| on(signal, machine));
        signals.iter().any(|&signal| !self.timeline.seen[signal.index()].is_empty() && is_held(signal))
    }

    /// Looks once for each relation and set of machines.
    fn once(
        &self,
        relation: &Relation<SignalId>,
        machines: &BTreeSet<Machine>,
        look: impl FnOnce() -> AnyTime,
    ) -> AnyTime {
        // Rules stay where they are as long as the scene does.
        let key = (std::ptr::from_ref(relation) as usize, machines.iter().copied().collect::<Vec<_>>());
        self.any_time.of(key, look)
    }

    /// Whether the state that the record began was not ended before `until`.
    fn lasts(&self, event: u32, relation: &Relation<SignalId>, until: i64) -> bool {
        let machine = self.timeline.machine[event as usize];
        let from = self.timeline.time[event as usize];
        let ended = |signal: &SignalId| !self.timeline.on(*signal, machine, from + 1, until).is_empty();
        relation.clauses.iter().all(|clause| match clause {
            Clause::WithNo(signals) => !signals.iter().any(ended),
            _ => true,
        })
    }

    /// No log holds the extended code: only the ticket can tell it.
    fn extended(&self, codes: &[u32]) -> Seen {
        let mut tally = Votes::default();
        match self.codes.extended {
            Some(code) if codes.contains(&code) => self.vote(&mut tally, &[]),
            Some(_) => tally.against += 1,
            None => tally.unknown += 1,
        }
        let client = &self.pack.ladder().words.client;
        tally
            .decide(Quantifier::Every, || format!("the extended code of the {client}'s message is not known"))
    }

    fn code(&self, codes: &[u32], incident: &Incident) -> Seen {
        let mut tally = Votes::default();
        for &index in &incident.failures {
            let attempt = &self.attempts[index];
            // What the client's log recorded is surer than what a person copied.
            match attempt.code.or(self.codes.error) {
                Some(code) if codes.contains(&code) => {
                    let own = attempt.records.iter().map(|joined| joined.event);
                    let telling: Vec<u32> =
                        own.filter(|&event| self.timeline.role(event, Role::Code).is_some()).collect();
                    self.vote(&mut tally, &telling);
                }
                Some(_) => tally.against += 1,
                None => tally.unknown += 1,
            }
        }
        let client = &self.pack.ladder().words.client;
        tally.decide(Quantifier::Some, || format!("the code of the {client}'s message is not known"))
    }
}
