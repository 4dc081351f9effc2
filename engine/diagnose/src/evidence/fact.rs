//! Facts about the attempts of an incident.

use crate::attempts::attempt::{Attempt, Outcome};
use crate::cases::incident::Incident;
use crate::evidence::outlier;
use crate::evidence::scene::Scene;
use crate::evidence::seen::{Seen, State};
use crate::evidence::votes::Votes;
use crate::evidence::window::meanwhile;
use crate::world::address::{Address, Reach, machine_key, user_key};
use crate::world::density::{most, most_different};
use crate::world::key::Key;
use crate::world::machine::Machine;
use crate::world::tick::span_ticks;
use rdpwhy_rules::{AttemptFact, Fact, Quantifier, Shared, Side, StageId};
use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

/// Lengths are alike if they differ from their median by at most this part of it.
const ALIKE: f64 = 0.1;
/// Fewer failures than this are not called alike.
const LEAST_ALIKE: usize = 5;
/// Whoever gets in this long before or after an incident is compared with those who fail in it.
const NEARBY: Duration = Duration::from_secs(3600);
/// A source that fails on two hosts does so within this.
const DAY: Duration = Duration::from_secs(86_400);
/// A clock that was set matters to failures this long.
const CLOCK_MATTERS: Duration = Duration::from_secs(7 * 86_400);
/// So many changes between success and failure are taking turns.
const LEAST_TURNS: usize = 3;

impl Scene<'_> {
    /// Whether the fact holds for the incident.
    pub(crate) fn fact(&self, fact: &AttemptFact, incident: &Incident) -> Seen {
        match &fact.fact {
            Fact::BrokeAt(_) => self.each(incident, |a| a.broke.map(|broke| fact.stages.contains(&broke.0))),
            Fact::Reached(_) => self
                .each(incident, |a| Some(a.reached.is_some_and(|r| Some(r) >= fact.stages.first().copied()))),
            Fact::NotReached(_) => self.each(incident, |a| not_reached(a, fact.stages.first().copied())),
            Fact::SourceLoopback => self.each(incident, |a| reach(a, Reach::Loopback)),
            Fact::SourcePublic => self.each(incident, |a| reach(a, Reach::Public)),
            Fact::SourcePrivate => self.each(incident, |a| reach(a, Reach::Private)),
            Fact::TargetIsAddress => {
                self.each(incident, |a| a.target.as_deref().map(|t| Address::parse(t).is_ip()))
            }
            Fact::TargetIsLoopback => self.each(incident, |a| a.target.as_deref().map(is_loopback)),
            Fact::DroppedAfterLogon => self.each(incident, |a| Some(a.dropped)),
            Fact::Replaced => self.each(incident, |a| Some(a.replaced)),
            Fact::Lasted { least, most } => self.each(incident, |a| Some(lasted(a, *least, *most))),
            Fact::HostNeverSaw => self.each(incident, |a| self.never_seen(a)),
            Fact::SourceIsServer => self.each(incident, source_is_server),
            Fact::WrongHost => self.each(incident, |a| self.wrong_host(a)),
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
                Some(true) => {
                    let first = attempt.records.first().map(|joined| joined.event);
                    self.vote(&mut votes, &first.into_iter().collect::<Vec<_>>());
                }
                Some(false) => votes.against += 1,
                None => votes.unknown += 1,
            }
        }
        votes.decide(Quantifier::Some, || "the attempts do not tell".to_owned())
    }

    /// Attempts that differ from every frequent kind of attempt in several ways: whoever asks why all fail alike should
    /// look at the one that does not.
    fn odd_one_out(&self, incident: &Incident) -> Seen {
        let mut votes = Votes::default();
        for index in outlier::outliers(&self.failures(incident)) {
            let attempt = &self.attempts[incident.failures[index]];
            let first = attempt.records.first().map(|joined| joined.event);
            self.vote(&mut votes, &first.into_iter().collect::<Vec<_>>());
        }
        if votes.for_it == 0 {
            votes.against = 1;
        }
        votes.decide(Quantifier::Some, || "the attempts do not tell".to_owned())
    }

    /// Successes of a source that had been refused so often just before, and had not got in before that.
    fn got_in(&self, incident: &Incident, count: usize, within: Duration) -> Seen {
        let ladder = self.pack.ladder();
        let mut tries: HashMap<&str, (Vec<i64>, bool)> = HashMap::new();
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
            } else if attempt.failed.is_some_and(|failed| ladder.refused.contains(&failed)) {
                refused.push(attempt.start);
            }
        }
        if votes.for_it == 0 {
            votes.against = 1;
        }
        votes.decide(Quantifier::Some, || "the attempts do not tell".to_owned())
    }

    /// Whether the client named another machine of these logs than the one that it reached.
    fn wrong_host(&self, attempt: &Attempt) -> Option<bool> {
        attempt.other?;
        let key = machine_key(&Address::parse(attempt.target.as_deref()?).host);
        let machines = &self.timeline.machines;
        let named = machines.all().find(|machine| machine_key(machines.name(*machine)) == key)?;
        Some(attempt.side == Side::Host && named != attempt.machine)
    }

    /// Whether a client of the failures gets in when it comes from another address.
    fn client_gets_in_elsewhere(&self, incident: &Incident) -> Option<bool> {
        let clients: BTreeSet<Machine> = self
            .failures(incident)
            .into_iter()
            .filter(|a| a.side == Side::Host)
            .filter_map(|a| a.other)
            .collect();
        if clients.is_empty() {
            return None;
        }
        let sources = self.values(incident, |a| a.source().map(str::to_owned));
        let near = span_ticks(DAY);
        let mut found = self.succeeded(incident.start - near, incident.end + near);
        Some(found.any(|a| {
            a.machine == incident.machine
                && a.other.is_some_and(|client| clients.contains(&client))
                && a.source().is_some_and(|source| !sources.contains(source))
        }))
    }

    /// Of the successes meanwhile whose account's home is known: whether it is the host itself.
    fn accounts(&self, incident: &Incident) -> impl Iterator<Item = bool> {
        let host = machine_key(self.timeline.machines.name(incident.machine));
        self.successes_around(incident).filter_map(move |attempt| {
            let domain = attempt.domain.as_deref().filter(|domain| !domain.trim().is_empty())?;
            Some(machine_key(domain) == host)
        })
    }

    /// A fact about the incident as a whole.
    fn whole(&self, fact: &AttemptFact, incident: &Incident) -> Seen {
        let holds = match &fact.fact {
            Fact::EverySourceFails => self.every_source_fails(incident),
            Fact::RefusedBesideStrangers => {
                Some(!incident.strangers && self.refused_beside_strangers(incident))
            }
            Fact::SameSourceFailsElsewhere => Some(self.fails_elsewhere(incident)),
            Fact::ClientGetsInElsewhere => self.client_gets_in_elsewhere(incident),
            Fact::LocalSucceeds => Some(self.accounts(incident).any(|local| local)),
            Fact::DomainSucceeds => Some(self.accounts(incident).any(|local| !local)),
            Fact::OnlyOneSourceFails => self.only_one(incident, |a| a.source().map(str::to_owned)),
            Fact::OnlyOneUserFails => self.only_one(incident, |a| a.user.as_deref().map(user_key)),
            Fact::SomeSucceeds => Some(self.successes(incident).next().is_some()),
            Fact::NoneSucceeds => {
                self.judges_success(incident).then(|| self.successes(incident).next().is_none())
            }
            Fact::SameSourceSucceeds => {
                self.some_success(incident, |a| a.source().map(str::to_owned), |_, _| true)
            }
            Fact::SameUserSucceedsElsewhere => {
                let sources = self.values(incident, |a| a.source().map(str::to_owned));
                let elsewhere =
                    |a: &Attempt, _: &str| a.source().is_some_and(|source| !sources.contains(source));
                self.some_success(incident, |a| a.user.as_deref().map(user_key), elsewhere)
            }
            Fact::EarlierSucceeded => self.before(incident, |_| true),
            Fact::SameSourceSucceededBefore => {
                let sources = self.values(incident, |a| a.source().map(str::to_owned));
                self.before(incident, |a| a.source().is_some_and(|source| sources.contains(source)))
            }
            Fact::SameUserSucceededBefore => {
                let users = self.values(incident, |a| a.user.as_deref().map(user_key));
                self.before(incident, |a| {
                    a.user.as_deref().map(user_key).is_some_and(|user| users.contains(&user))
                })
            }
            Fact::Alternate => Some(self.alternate(incident)),
            Fact::LastedAlike => lasted_alike(&self.failures(incident)),
            Fact::AttemptRate { count, within, refused } => {
                Some(self.rate(incident, *count, *within, *refused))
            }
            Fact::Crowd { count, of, within } => Some(self.crowd(incident, *count, *of, *within)),
            Fact::ClockSet(least) => Some(self.clock_set(incident, *least)),
            Fact::ClocksDiffer(least) => self.clocks_differ(incident, *least),
            _ => None,
        };
        let state = match holds {
            Some(true) => State::Present,
            Some(false) => State::Absent,
            None => State::Unknown,
        };
        let share = if holds.is_some() { 1.0 } else { 0.0 };
        let why = holds.is_none().then(|| "the attempts do not tell".to_owned());
        let count = usize::from(holds == Some(true));
        Seen {
            state,
            count,
            of: usize::from(holds.is_some()),
            share,
            events: Vec::new(),
            total: 0,
            successes: None,
            why,
            recovered: false,
        }
    }

    fn failures(&self, incident: &Incident) -> Vec<&Attempt> {
        incident.failures.iter().map(|&index| &self.attempts[index]).collect()
    }

    fn values(&self, incident: &Incident, of: impl Fn(&Attempt) -> Option<String>) -> BTreeSet<String> {
        self.failures(incident).into_iter().filter_map(of).collect()
    }

    fn successes(&self, incident: &Incident) -> impl Iterator<Item = &Attempt> {
        let (from, to) = meanwhile(incident);
        self.succeeded(from, to).filter(|a| a.is_success() && a.involves(incident.machine))
    }

    /// Successes near the incident: who gets in an hour earlier or later by another way tells about the way.
    fn successes_around(&self, incident: &Incident) -> impl Iterator<Item = &Attempt> {
        let near = span_ticks(NEARBY);
        let found = self.succeeded(incident.start - near, incident.end + near);
        found.filter(|a| a.is_success() && a.involves(incident.machine))
    }

    /// Whether a success at the time of the incident would show in the logs.
    fn judges_success(&self, incident: &Incident) -> bool {
        let ladder = self.pack.ladder();
        let mut milestones = ladder.milestones.iter().filter(|milestone| milestone.stage >= ladder.logon());
        milestones.any(|milestone| {
            milestone.any.iter().any(|signal| {
                let channel = self.pack.signal(*signal).home_channel();
                self.coverage.covers(incident.machine, channel, incident.start, incident.end)
            })
        })
    }

    fn every_source_fails(&self, incident: &Incident) -> Option<bool> {
        if !self.judges_success(incident) {
            return None;
        }
        let sources = self.values(incident, |a| a.source().map(str::to_owned));
        Some(sources.len() >= 2 && self.successes(incident).next().is_none())
    }

    fn refused_beside_strangers(&self, incident: &Incident) -> bool {
        let ladder = self.pack.ladder();
        let refused = |a: &Attempt| a.failed.is_some_and(|failed| ladder.refused.contains(&failed));
        let failures = self.failures(incident);
        if failures.iter().filter(|a| refused(a)).count() * 2 < failures.len() {
            return false;
        }
        let own = self.values(incident, |a| a.source().map(str::to_owned));
        let others: BTreeSet<&str> = self
            .around(incident, NEARBY)
            .filter(|a| refused(a) && a.outcome != Outcome::Succeeded && a.reach() == Reach::Public)
            .filter_map(Attempt::source)
            .filter(|source| !own.contains(*source))
            .collect();
        others.len() >= ladder.strangers.sources
    }

    fn fails_elsewhere(&self, incident: &Incident) -> bool {
        let own = self.values(incident, |a| a.source().map(str::to_owned));
        let (from, to) = (incident.start - span_ticks(DAY), incident.end + span_ticks(DAY));
        let first = self.attempts.partition_point(|attempt| attempt.start < from);
        let near = self.attempts[first..].iter().take_while(|attempt| attempt.start <= to);
        near.filter(|a| !self.is_recovered(a))
            .filter(|a| a.is_failure() && a.side != Side::Client && !a.involves(incident.machine))
            .filter_map(Attempt::source)
            .any(|source| own.contains(source))
    }

    fn only_one(&self, incident: &Incident, of: impl Fn(&Attempt) -> Option<String>) -> Option<bool> {
        let failing: BTreeSet<String> = self.failures(incident).into_iter().filter_map(&of).collect();
        let [only] = failing.iter().collect::<Vec<_>>()[..] else {
            return if failing.is_empty() { None } else { Some(false) };
        };
        let others = self.successes_around(incident).filter_map(&of).any(|other| other != *only);
        if others { Some(true) } else { self.judges_success(incident).then_some(false) }
    }

    fn some_success(
        &self,
        incident: &Incident,
        of: impl Fn(&Attempt) -> Option<String>,
        also: impl Fn(&Attempt, &str) -> bool,
    ) -> Option<bool> {
        let failing: BTreeSet<String> = self.failures(incident).into_iter().filter_map(&of).collect();
        if failing.is_empty() {
            return None;
        }
        let found = self.successes_around(incident).any(|attempt| {
            of(attempt).is_some_and(|value| failing.contains(&value) && also(attempt, &value))
        });
        if found { Some(true) } else { self.judges_success(incident).then_some(false) }
    }

    fn before(&self, incident: &Incident, wanted: impl Fn(&Attempt) -> bool) -> Option<bool> {
        let mut earlier = self.succeeded(i64::MIN, incident.start - 1);
        let found = earlier.any(|a| a.involves(incident.machine) && wanted(a));
        // Not having seen a success before is no proof that there was none: logs begin somewhere.
        if found { Some(true) } else { None }
    }

    fn alternate(&self, incident: &Incident) -> bool {
        let sources = self.values(incident, |a| a.source().map(str::to_owned));
        let outcomes: Vec<bool> = self
            .meanwhile(incident)
            .filter(|attempt| attempt.source().is_some_and(|source| sources.contains(source)))
            .filter(|attempt| attempt.is_success() || attempt.is_failure())
            .map(Attempt::is_success)
            .collect();
        outcomes.windows(2).filter(|pair| pair[0] != pair[1]).count() >= LEAST_TURNS
    }

    fn rate(&self, incident: &Incident, count: u32, within: Duration, refused: bool) -> bool {
        let ladder = self.pack.ladder();
        let counted = self.around(incident, within).filter(|attempt| {
            !refused || attempt.failed.is_some_and(|failed| ladder.refused.contains(&failed))
        });
        let starts: Vec<i64> = counted.map(|attempt| attempt.start).collect();
        most(&starts, Some(span_ticks(within))) >= count as usize
    }

    fn crowd(&self, incident: &Incident, count: u32, of: Shared, within: Duration) -> bool {
        let tried = self.around(incident, within).filter(|attempt| attempt.outcome != Outcome::Succeeded);
        let keys = &self.timeline.keys;
        let keys: Vec<(i64, Key)> =
            tried.filter_map(|attempt| Some((attempt.start, attempt.key(keys, of)?))).collect();
        most_different(&keys, Some(span_ticks(within))) >= count as usize
    }

    /// Whether a clock of the incident's machines was set by so much, from a while before its first failure on.
    fn clock_set(&self, incident: &Incident, least: Duration) -> bool {
        let machines = self.machines(incident);
        let steps = self.timeline.steps.iter().filter(|step| machines.contains(&step.machine));
        let mut large = steps.filter(|step| step.by().abs() >= span_ticks(least));
        large.any(|step| {
            let at = self.timeline.time[step.event as usize];
            incident.start - span_ticks(CLOCK_MATTERS) <= at && at <= incident.end
        })
    }

    fn clocks_differ(&self, incident: &Incident, least: Duration) -> Option<bool> {
        let machines = self.machines(incident);
        let mut known = self
            .offsets
            .iter()
            .filter(|offset| machines.contains(&offset.client) || machines.contains(&offset.host));
        let first = known.next()?;
        Some(std::iter::once(first).chain(known).any(|offset| offset.ahead.abs() >= span_ticks(least)))
    }

    /// Whether a client's attempt is missing in the log of a host that it may have meant.
    fn never_seen(&self, attempt: &Attempt) -> Option<bool> {
        if attempt.side != Side::Client {
            return Some(false);
        }
        let mut hosts: Vec<Machine> =
            self.timeline.machines.all().filter(|machine| *machine != attempt.machine).collect();
        hosts.retain(|machine| self.watches_listener(*machine, attempt));
        if let Some(target) = &attempt.target {
            let address = Address::parse(target);
            let named: Vec<Machine> = hosts
                .iter()
                .copied()
                .filter(|machine| {
                    machine_key(self.timeline.machines.name(*machine)) == machine_key(&address.host)
                })
                .collect();
            if !named.is_empty() {
                hosts = named;
            }
        }
        let [host] = hosts[..] else { return None };
        // A host that was off or asleep has no trace either: without its records of starts and stops nobody knows.
        self.knows_life(host, attempt).then_some(true)
    }

    /// Whether the logs would show that the machine was off or asleep at the attempt.
    fn knows_life(&self, machine: Machine, attempt: &Attempt) -> bool {
        let signals = self.pack.ladder().belief.life.iter();
        let mut channels = signals.map(|signal| self.pack.signal(*signal).home_channel());
        channels.any(|channel| self.coverage.covers(machine, channel, attempt.start, attempt.end))
    }

    /// Whether the machine's log would hold a connection that reached it during the attempt.
    fn watches_listener(&self, machine: Machine, attempt: &Attempt) -> bool {
        let ladder = self.pack.ladder();
        let mut openers = ladder.records.iter().filter(|r| r.side == Side::Host && r.opens && r.once);
        openers.any(|record| {
            let arrives = record.reaches == Some(ladder.arrival());
            let channel = self.pack.signal(record.signal).home_channel();
            arrives && self.coverage.covers(machine, channel, attempt.start, attempt.end)
        })
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
    let address = Address::parse(target);
    address.reach() == Reach::Loopback || address.host == "localhost"
}

fn lasted(attempt: &Attempt, least: Option<Duration>, most: Option<Duration>) -> bool {
    let length = attempt.length();
    least.is_none_or(|least| length >= span_ticks(least)) && most.is_none_or(|most| length < span_ticks(most))
}

fn lasted_alike(failures: &[&Attempt]) -> Option<bool> {
    if failures.len() < LEAST_ALIKE {
        return None;
    }
    let mut lengths: Vec<i64> = failures.iter().map(|attempt| attempt.length()).collect();
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "spans of attempts are short"
    )]
    let tolerance = (median as f64 * ALIKE) as i64;
    Some(median > 0 && lengths.iter().all(|length| (length - median).abs() <= tolerance))
}
