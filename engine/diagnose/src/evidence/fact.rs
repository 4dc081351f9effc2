//! Facts about the attempts of an incident, one by one.

use crate::attempts::attempt::{Attempt, Outcome};
use crate::cases::incident::Incident;
use crate::evidence::inquiry::Inquiry;
use crate::evidence::outlier;
use crate::evidence::seen::Seen;
use crate::evidence::votes::Votes;
use crate::world::address::{Address, Reach, machine_key};
use crate::world::coverage::Channel;
use crate::world::machine::Machine;
use crate::world::tick::span_ticks;
use rdpwhy_event::hash::HashMap;
use rdpwhy_rules::finding::AttemptFact;
use rdpwhy_rules::phrase::{End, Fact, Quantifier};
use rdpwhy_rules::{Side, SignalId, StageId};
use std::time::Duration;

impl Inquiry<'_> {
    /// Whether the fact holds for the incident.
    pub(crate) fn fact(&self, fact: &AttemptFact, incident: &Incident) -> Seen {
        match &fact.fact {
            Fact::BrokeAt(_) => self.each(incident, |a| a.broke.map(|broke| fact.stages.contains(&broke.0))),
            Fact::Reached(_) => self
                .each(incident, |a| Some(a.reached.is_some_and(|r| Some(r) >= fact.stages.first().copied()))),
            Fact::NotReached(_) => self.each(incident, |a| not_reached(a, fact.stages.first().copied())),
            // A machine that connects to itself needs no tunnel.
            Fact::SourceLoopback => {
                self.each(incident, |a| reach(a, Reach::Loopback).map(|is| is && a.other != Some(a.machine)))
            }
            Fact::SourcePublic => self.each(incident, |a| reach(a, Reach::Public)),
            Fact::SourcePrivate => self.each(incident, |a| reach(a, Reach::Private)),
            Fact::TargetIsAddress => {
                self.each(incident, |a| a.target.as_deref().map(|t| Address::parse(t).is_ip()))
            }
            Fact::TargetIsLoopback => self.each(incident, |a| {
                a.target.as_deref().map(|t| is_loopback(t) && a.other != Some(a.machine))
            }),
            Fact::DroppedAfterLogon => self.each(incident, |a| Some(a.dropped)),
            Fact::Replaced => self.each(incident, |a| Some(a.replaced)),
            Fact::Lasted { least, most } => {
                // What no record shows has no length.
                self.each(incident, |a| (!a.older && !a.records.is_empty()).then(|| lasted(a, *least, *most)))
            }
            Fact::HostNeverSaw => self.each(incident, |a| self.never_seen(a)),
            Fact::NobodyCame => self.each(incident, |a| Some(a.missing)),
            Fact::SourceIsServer => self.each(incident, source_is_server),
            Fact::WrongHost => self.each(incident, |a| self.wrong_host(a)),
            Fact::AnotherAddress => self.each(incident, |a| self.places().leads_elsewhere(a)),
            Fact::HostDown => {
                let log = self.log_of_life();
                self.each(incident, |a| self.was_down(self.end(a, End::Host)?, &[a.start], &log))
            }
            Fact::ClientDown => {
                let log = self.log_of_life();
                self.each(incident, |a| self.was_down(self.end(a, End::Client)?, &[a.start, a.end], &log))
            }
            Fact::GotInAfterRefusals { count, within } => self.got_in(incident, *count as usize, *within),
            Fact::OddOneOut => self.odd_one_out(incident),
            _ => self.whole(fact, incident),
        }
    }

    /// A fact that each failure has or has not; `None` where it cannot be told.
    fn each(&self, incident: &Incident, has: impl Fn(&Attempt) -> Option<bool>) -> Seen {
        let mut votes = Votes::default();
        for &index in &incident.failures {
            let attempt = &self.attempts[index];
            match has(attempt) {
                Some(true) => self.vote(&mut votes, self.first_record(attempt).as_slice()),
                Some(false) => votes.against += 1,
                None => votes.unknown += 1,
            }
        }
        votes.decide(Quantifier::Some, || "the attempts do not show it".to_owned())
    }

    /// The first record of the machine that saw the attempt, if it has any there.
    fn first_record(&self, attempt: &Attempt) -> Option<u32> {
        let mut records = attempt.records.iter().map(|joined| joined.event);
        let own = records.clone().find(|&event| self.timeline.machine[event as usize] == attempt.machine);
        own.or_else(|| records.next())
    }

    /// Attempts that differ from every frequent kind of attempt in several ways: whoever asks why all fail alike should
    /// look at the one that does not.
    fn odd_one_out(&self, incident: &Incident) -> Seen {
        let mut votes = Votes::default();
        for index in outlier::outliers(&self.failures(incident), &self.pack.ladder().thresholds.outlier) {
            let attempt = &self.attempts[incident.failures[index]];
            self.vote(&mut votes, self.first_record(attempt).as_slice());
        }
        if votes.for_it == 0 {
            votes.against = 1;
        }
        votes.decide(Quantifier::Some, || "the attempts do not show it".to_owned())
    }

    /// Successes of a source that had been refused so often just before, and had not got in before that.
    fn got_in(&self, incident: &Incident, count: usize, within: Duration) -> Seen {
        let ladder = self.pack.ladder();
        let mut tries: HashMap<&str, (Vec<i64>, bool)> = HashMap::default();
        let mut votes = Votes::default();
        let own = self.starting(incident, incident.start, incident.end);
        for attempt in own.filter(|a| a.reach() != Reach::Loopback) {
            let Some(source) = attempt.source() else { continue };
            let (refused, known) = tries.entry(source).or_default();
            if attempt.outcome == Outcome::Succeeded {
                let recent =
                    refused.len() - refused.partition_point(|at| *at < attempt.start - span_ticks(within));
                if recent >= count && !*known {
                    let records: Vec<u32> = attempt.records.iter().map(|joined| joined.event).collect();
                    self.vote(&mut votes, &records);
                }
                *known = true;
            } else if attempt.was_refused(ladder) {
                refused.push(attempt.start);
            }
        }
        if votes.for_it == 0 {
            votes.against = 1;
        }
        votes.decide(Quantifier::Some, || "the attempts do not show it".to_owned())
    }

    /// Whether the client named another machine of these logs than the one that it reached.
    fn wrong_host(&self, attempt: &Attempt) -> Option<bool> {
        attempt.other?;
        let key = machine_key(&Address::parse(attempt.target.as_deref()?).host);
        let machines = &self.timeline.machines;
        let named = *machines.labelled(&key).first()?;
        Some(attempt.side == Side::Host && named != attempt.machine)
    }

    /// The channels that would show that a machine went down.
    fn log_of_life(&self) -> Vec<Channel> {
        self.coverage.numbers(self.pack, &self.pack.ladder().belief.life.down)
    }

    /// Whether the machine was off or asleep at one of these moments; `None` where its log of that does not cover them.
    fn was_down(&self, machine: Machine, moments: &[i64], log: &[Channel]) -> Option<bool> {
        let life = &self.pack.ladder().belief.life;
        let last = |signals: &[SignalId], at: i64| {
            let of = |signal: &SignalId| self.timeline.on(*signal, machine, i64::MIN, at).last().copied();
            signals.iter().filter_map(of).map(|event| self.timeline.time[event as usize]).max()
        };
        let mut covered = true;
        for &at in moments {
            let covers = self.coverage.any_covers(machine, log, (at, at));
            if covers && last(&life.down, at) > last(&life.up, at) {
                return Some(true);
            }
            covered &= covers;
        }
        covered.then_some(false)
    }

    /// Whether a client's attempt is missing in the log of a host that it may have meant.
    fn never_seen(&self, attempt: &Attempt) -> Option<bool> {
        if attempt.side != Side::Client {
            return Some(false);
        }
        let span = (attempt.start, attempt.end);
        let machines = &self.timeline.machines;
        let target = attempt.target.as_deref().map(|target| machine_key(&Address::parse(target).host));
        let named = target.as_deref().map_or(&[][..], |key| machines.labelled(key));
        // Two tell that there is more than one.
        let watching = |of: &mut dyn Iterator<Item = Machine>| -> Vec<Machine> {
            of.filter(|&machine| machine != attempt.machine && self.watches_listener(machine, span))
                .take(2)
                .collect()
        };
        let mut hosts = watching(&mut named.iter().copied());
        if hosts.is_empty() {
            hosts = self.watchers().but(attempt.machine, attempt.start, attempt.end);
        }
        let [host] = hosts[..] else { return None };
        // A host that was off or asleep has no trace either: without its records of starts and stops nobody knows.
        // A connection that arrived at that very moment may be this one, even if nothing proves that.
        (self.knows_life(host, span) && !self.arrived_then(host, attempt)).then_some(true)
    }

    /// Whether a connection of which no client's log is here arrived at the machine while the client tried.
    fn arrived_then(&self, host: Machine, attempt: &Attempt) -> bool {
        let slack = span_ticks(self.pack.ladder().thresholds.pairing.slack);
        let mut near = self.on_machine(host, attempt.start - slack, attempt.end + slack);
        near.any(|a| a.side == Side::Host && a.other.is_none())
    }
}

fn not_reached(attempt: &Attempt, stage: Option<StageId>) -> Option<bool> {
    let stage = stage?;
    if attempt.reached.is_some_and(|reached| reached >= stage) {
        return Some(false);
    }
    attempt.broke.and_then(|broke| (broke.1 <= stage).then_some(true))
}

fn reach(attempt: &Attempt, reach: Reach) -> Option<bool> {
    attempt.address.as_ref().map(|address| address.reach() == reach)
}

fn source_is_server(attempt: &Attempt) -> Option<bool> {
    let (source, server) = (attempt.address.as_ref()?, attempt.server.as_ref()?);
    Some(source.host == server.host && server.reach() != Reach::Loopback)
}

fn is_loopback(target: &str) -> bool {
    Address::parse(target).is_loopback()
}

fn lasted(attempt: &Attempt, least: Option<Duration>, most: Option<Duration>) -> bool {
    let length = attempt.length();
    least.is_none_or(|least| length >= span_ticks(least)) && most.is_none_or(|most| length < span_ticks(most))
}
