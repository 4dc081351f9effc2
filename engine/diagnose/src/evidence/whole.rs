//! Facts about an incident as a whole: what its failures have in common, and who gets in beside them.

use crate::attempts::attempt::{Attempt, Outcome};
use crate::cases::incident::Incident;
use crate::evidence::inquiry::Inquiry;
use crate::evidence::seen::{Seen, State};
use crate::evidence::window::meanwhile;
use crate::world::address::{Address, Reach, machine_key, user_key};
use crate::world::density::{most, most_different};
use crate::world::key::Key;
use crate::world::machine::Machine;
use crate::world::tick::span_ticks;
use rdpwhy_rules::Side;
use rdpwhy_rules::finding::AttemptFact;
use rdpwhy_rules::ladder::thresholds::Facts;
use rdpwhy_rules::phrase::{Fact, Shared};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::time::Duration;

impl Inquiry<'_> {
    /// A fact about the incident as a whole.
    pub(super) fn whole(&self, fact: &AttemptFact, incident: &Incident) -> Seen {
        let holds = self.holds(&fact.fact, incident);
        let state = match holds {
            Some(true) => State::Present,
            Some(false) => State::Absent,
            None => State::Unknown,
        };
        let share = if holds.is_some() { 1.0 } else { 0.0 };
        let why = holds.is_none().then(|| "the attempts do not show it".to_owned());
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

    /// Whether it holds; `None` where the attempts do not show it.
    fn holds(&self, fact: &Fact, incident: &Incident) -> Option<bool> {
        match fact {
            Fact::EverySourceFails => self.every_source_fails(incident),
            Fact::EveryNetworkFails => self.every_network_fails(incident),
            Fact::RefusedBesideStrangers => {
                Some(!incident.strangers && self.refused_beside_strangers(incident))
            }
            Fact::SameSourceFailsElsewhere => Some(self.fails_elsewhere(incident)),
            Fact::ClientGetsInElsewhere => self.client_gets_in_elsewhere(incident),
            Fact::LocalSucceeds => Some(self.accounts(incident).any(|local| local)),
            Fact::DomainSucceeds => Some(self.accounts(incident).any(|local| !local)),
            Fact::OnlyOneSourceFails => {
                self.only_one(incident, self.sources().iter().copied(), |a| a.source().map(Cow::from))
            }
            Fact::OnlyOneUserFails => {
                self.only_one(incident, self.users().iter().map(String::as_str), user_of)
            }
            Fact::SomeSucceeds => Some(self.successes(incident).next().is_some()),
            Fact::NoneSucceeds => {
                self.judges_success(incident).then(|| self.successes(incident).next().is_none())
            }
            Fact::SameSourceSucceeds => {
                let sources = self.sources();
                let same = |a: &Attempt| a.source().is_some_and(|source| sources.contains(source));
                (!sources.is_empty()).then(|| self.some_success(incident, same)).flatten()
            }
            Fact::SameUserSucceedsElsewhere => {
                let (sources, users) = (self.sources(), self.users());
                let elsewhere = |a: &Attempt| {
                    a.source().is_some_and(|source| !sources.contains(source))
                        && user_of(a).is_some_and(|user| users.contains(&*user))
                };
                (!users.is_empty()).then(|| self.some_success(incident, elsewhere)).flatten()
            }
            Fact::EarlierSucceeded => self.before(incident, |_| true),
            Fact::SameSourceSucceededBefore => {
                let sources = self.sources();
                self.before(incident, |a| a.source().is_some_and(|source| sources.contains(source)))
            }
            Fact::SameUserSucceededBefore => {
                let users = self.users();
                self.before(incident, |a| user_of(a).is_some_and(|user| users.contains(&*user)))
            }
            Fact::Alternate => Some(self.alternate(incident)),
            Fact::LastedAlike => self.lasted_alike(incident),
            Fact::AttemptRate { count, within, refused } => {
                Some(self.rate(incident, *count, *within, *refused))
            }
            Fact::Crowd { count, of, within } => Some(self.crowd(incident, *count, *of, *within)),
            Fact::ClockSet(least) => Some(self.clock_set(incident, *least)),
            Fact::ClocksDiffer(least) => self.clocks_differ(*least),
            _ => None,
        }
    }

    fn limits(&self) -> &Facts {
        &self.pack.ladder().thresholds.facts
    }

    /// The failed attempts, by start.
    pub(super) fn failures(&self, incident: &Incident) -> Vec<&Attempt> {
        incident.failures.iter().map(|&index| &self.attempts[index]).collect()
    }

    fn successes(&self, incident: &Incident) -> impl Iterator<Item = &Attempt> {
        let (from, to) = meanwhile(incident, &self.pack.ladder().thresholds.evidence);
        self.succeeded_on(incident.machine, from, to).filter(|a| a.is_success())
    }

    /// Successes near the incident: who gets in an hour earlier or later by another way tells about the way.
    fn successes_around(&self, incident: &Incident) -> impl Iterator<Item = &Attempt> {
        let near = span_ticks(self.limits().nearby);
        let found = self.succeeded_on(incident.machine, incident.start - near, incident.end + near);
        found.filter(|a| a.is_success())
    }

    /// Whether a success at the time of the incident would show in the logs.
    fn judges_success(&self, incident: &Incident) -> bool {
        let ladder = self.pack.ladder();
        let mut milestones = ladder.milestones.iter().filter(|milestone| milestone.stage >= ladder.logon());
        milestones.any(|milestone| {
            self.coverage.shows(self.pack, &milestone.any, incident.machine, (incident.start, incident.end))
        })
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
        let sources = self.sources();
        let near = span_ticks(self.limits().elsewhere);
        let mut found = self.succeeded_on(incident.machine, incident.start - near, incident.end + near);
        Some(found.any(|a| {
            a.machine == incident.machine
                && a.other.is_some_and(|client| clients.contains(&client))
                && a.source().is_some_and(|source| !sources.contains(source))
        }))
    }

    /// Of the successes meanwhile whose account's home is known: whether it is the host itself.
    fn accounts(&self, incident: &Incident) -> impl Iterator<Item = bool> {
        let machines = &self.timeline.machines;
        self.successes_around(incident).filter_map(move |attempt| {
            let domain = attempt.domain.as_deref().filter(|domain| !domain.trim().is_empty())?;
            Some(machines.labelled(&machine_key(domain)).contains(&incident.machine))
        })
    }

    /// Those that nobody answered do not count: they last as long as the client waits.
    fn lasted_alike(&self, incident: &Incident) -> Option<bool> {
        let arrival = self.pack.ladder().arrival();
        let answered = |a: &Attempt| a.side != Side::Client || a.reached >= Some(arrival);
        let mut failures = self.failures(incident);
        failures.retain(|attempt| answered(attempt) && !attempt.records.is_empty());
        lasted_alike(&failures, self.limits())
    }

    fn every_source_fails(&self, incident: &Incident) -> Option<bool> {
        if !self.judges_success(incident) {
            return None;
        }
        let sources = self.sources();
        Some(sources.len() >= 2 && self.successes(incident).next().is_none())
    }

    /// Clients of one network may all fail by what is wrong with it.
    fn every_network_fails(&self, incident: &Incident) -> Option<bool> {
        if !self.every_source_fails(incident)? {
            return Some(false);
        }
        // Two tell that there is more than one.
        let mut networks = self.sources().iter().filter_map(|source| Address::parse(source).network());
        let first = networks.next();
        Some(networks.any(|other| first.as_ref() != Some(&other)))
    }

    fn refused_beside_strangers(&self, incident: &Incident) -> bool {
        let ladder = self.pack.ladder();
        let refused = |a: &Attempt| a.was_refused(ladder);
        let failures = self.failures(incident);
        if failures.iter().filter(|a| refused(a)).count() * 2 < failures.len() {
            return false;
        }
        let own = self.sources();
        let others: BTreeSet<&str> = self
            .around(incident, self.limits().nearby)
            .filter(|a| refused(a) && a.outcome != Outcome::Succeeded && a.reach() == Reach::Public)
            .filter_map(Attempt::source)
            .filter(|source| !own.contains(*source))
            .collect();
        others.len() >= ladder.strangers.sources
    }

    fn fails_elsewhere(&self, incident: &Incident) -> bool {
        let own = self.sources();
        let near = span_ticks(self.limits().elsewhere);
        let (from, to) = (incident.start - near, incident.end + near);
        let mut near = own.iter().flat_map(|source| self.of_source_between(source, from, to));
        near.any(|a| {
            a.is_failure() && a.side != Side::Client && !a.involves(incident.machine) && !self.is_recovered(a)
        })
    }

    /// Whether all failures have one value in common while others get in; `failing` are their values, each once.
    fn only_one<'v>(
        &self,
        incident: &Incident,
        mut failing: impl Iterator<Item = &'v str>,
        of: impl Fn(&Attempt) -> Option<Cow<'_, str>>,
    ) -> Option<bool> {
        let only = failing.next()?;
        if failing.next().is_some() {
            return Some(false);
        }
        let others = self.successes_around(incident).filter_map(&of).any(|other| other != only);
        if others { Some(true) } else { self.judges_success(incident).then_some(false) }
    }

    fn some_success(&self, incident: &Incident, wanted: impl Fn(&Attempt) -> bool) -> Option<bool> {
        let found = self.successes_around(incident).any(wanted);
        if found { Some(true) } else { self.judges_success(incident).then_some(false) }
    }

    fn before(&self, incident: &Incident, wanted: impl Fn(&Attempt) -> bool) -> Option<bool> {
        let found = self.succeeded_on(incident.machine, i64::MIN, incident.start - 1).any(wanted);
        // Not having seen a success before is no proof that there was none: logs begin somewhere.
        if found { Some(true) } else { None }
    }

    fn alternate(&self, incident: &Incident) -> bool {
        let sources = self.sources();
        let outcomes: Vec<bool> = self
            .meanwhile(incident)
            .filter(|attempt| attempt.source().is_some_and(|source| sources.contains(source)))
            .filter(|attempt| attempt.is_success() || attempt.is_failure())
            .map(Attempt::is_success)
            .collect();
        outcomes.windows(2).filter(|pair| pair[0] != pair[1]).count() >= self.limits().least_turns
    }

    fn rate(&self, incident: &Incident, count: u32, within: Duration, refused: bool) -> bool {
        let ladder = self.pack.ladder();
        let counted = self.around(incident, within).filter(|attempt| !refused || attempt.was_refused(ladder));
        let starts: Vec<i64> = counted.map(|attempt| attempt.start).collect();
        most(&starts, Some(span_ticks(within))) >= count as usize
    }

    fn crowd(&self, incident: &Incident, count: u32, of: Shared, within: Duration) -> bool {
        let span = span_ticks(within);
        let near = self.of_machine_between(incident.machine, incident.start - span, incident.end + span);
        let key = |&index: &u32| {
            let (index, attempt) = (index as usize, &self.attempts[index as usize]);
            let counts = attempt.outcome != Outcome::Succeeded && !self.is_recovered(attempt);
            Some((attempt.start, self.key(index, of).filter(|_| counts)?))
        };
        let keys: Vec<(i64, Key)> = near.iter().filter_map(key).collect();
        most_different(&keys, Some(span_ticks(within))) >= count as usize
    }

    /// Whether a clock of the incident's machines was set by so much, from a while before its first failure on.
    fn clock_set(&self, incident: &Incident, least: Duration) -> bool {
        let machines = self.machines();
        let steps = self.timeline.steps.iter().filter(|step| machines.contains(&step.machine));
        let mut large = steps.filter(|step| step.by().abs() >= span_ticks(least));
        large.any(|step| {
            let at = self.timeline.time[step.event as usize];
            incident.start - span_ticks(self.limits().clock_matters) <= at && at <= incident.end
        })
    }

    fn clocks_differ(&self, least: Duration) -> Option<bool> {
        let machines = self.machines();
        let mut known = self
            .offsets
            .iter()
            .filter(|offset| machines.contains(&offset.client) || machines.contains(&offset.host));
        let first = known.next()?;
        Some(std::iter::once(first).chain(known).any(|offset| offset.ahead.abs() >= span_ticks(least)))
    }
}

/// The user, as names are compared.
fn user_of(attempt: &Attempt) -> Option<Cow<'_, str>> {
    attempt.user.as_deref().map(|user| user_key(user).into())
}

fn lasted_alike(failures: &[&Attempt], limits: &Facts) -> Option<bool> {
    if failures.len() < limits.least_alike || failures.iter().any(|attempt| attempt.older) {
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
    let tolerance = (median as f64 * limits.alike) as i64;
    Some(median > 0 && lengths.iter().all(|length| (length - median).abs() <= tolerance))
}
