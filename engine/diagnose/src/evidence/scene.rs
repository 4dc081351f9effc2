//! Everything that evidence is looked for in.

use crate::attempts::attempt::{Attempt, Outcome};
use crate::attempts::keys::keys_of;
use crate::attempts::offset::ClockOffset;
use crate::cases::incident::Incident;
use crate::evidence::places::Places;
use crate::evidence::questions::Questions;
use crate::evidence::spell::{Spell, spells};
use crate::evidence::stay::Stay;
use crate::evidence::votes::Votes;
use crate::evidence::watchers::Watchers;
use crate::evidence::window::{meanwhile, wanted_end};
use crate::memo::Memo;
use crate::world::coverage::Coverage;
use crate::world::key::{Key, KeysOf};
use crate::world::machine::Machine;
use crate::world::tick::span_ticks;
use crate::world::timeline::Timeline;
use rdpwhy_event::Event;
use rdpwhy_event::hash::HashMap;
use rdpwhy_rules::phrase::{End, Relation, Shared};
use rdpwhy_rules::{Pack, SignalId};
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// Everything that evidence is looked for in.
pub(crate) struct Scene<'a> {
    /// Events and signals on the common clock.
    pub timeline: &'a Timeline<'a>,
    /// The rules.
    pub pack: &'a Pack,
    /// All attempts, by start.
    pub attempts: &'a [Attempt],
    /// What the logs hold.
    pub coverage: &'a Coverage,
    /// What shared attempts say about the clocks.
    pub offsets: &'a [ClockOffset],
    /// The codes of the client's dialog, if the ticket has them.
    pub codes: Codes,
    /// What each attempt has in common with records.
    keys: Vec<KeysOf>,
    /// When and where each attempt was.
    stays: Vec<Stay>,
    /// The attempt of each event that belongs to one; `u32::MAX` for the others.
    owners: Vec<u32>,
    /// The attempts of each machine, at whichever end, by start.
    of_machine: HashMap<Machine, Vec<u32>>,
    /// Those of a source, by start.
    of_source: HashMap<&'a str, Vec<u32>>,
    /// What stands at any time, by relation and machines: the same for every incident.
    pub(super) any_time: Memo<(usize, Vec<Machine>), AnyTime>,
    /// What the evidence of all causes asks.
    questions: OnceLock<Questions>,
    /// The successes of each machine, at whichever end, by start.
    succeeded_on: HashMap<Machine, Vec<u32>>,
    /// The machines that would have seen a connection arrive, once somebody asks.
    pub(super) watchers: OnceLock<Watchers>,
    /// The states that last, once somebody asks.
    spells: OnceLock<Vec<Spell>>,
    /// Where the names of hosts led, once somebody asks.
    places: OnceLock<Places>,
}

/// Records that stand in a relation, and whether there are others of which the logs do not tell whether they do.
pub(super) type AnyTime = (Arc<Vec<u32>>, bool);

/// The codes of the client's dialog.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Codes {
    /// The error code.
    pub(crate) error: Option<u32>,
    /// The extended error code.
    pub(crate) extended: Option<u32>,
}

impl<'a> Scene<'a> {
    /// Sets the scene.
    pub(crate) fn new(
        timeline: &'a Timeline<'a>,
        pack: &'a Pack,
        attempts: &'a [Attempt],
        coverage: &'a Coverage,
        offsets: &'a [ClockOffset],
        codes: Codes,
    ) -> Self {
        let mut owners = vec![u32::MAX; timeline.events.len()];
        let mut succeeded = Vec::new();
        for (index, attempt) in (0..).zip(attempts) {
            for joined in &attempt.records {
                owners[joined.event as usize] = index;
            }
            // A success that only recovered records tell of is not set against failures.
            if attempt.outcome == Outcome::Succeeded && !is_recovered(attempt, timeline.events) {
                succeeded.push(index);
            }
        }
        let mut of_source: HashMap<&str, Vec<u32>> = HashMap::default();
        for (index, attempt) in (0..).zip(attempts) {
            if let Some(source) = attempt.source() {
                of_source.entry(source).or_default().push(index);
            }
        }
        let of_machine = by_machine(0..u32::try_from(attempts.len()).unwrap_or(u32::MAX), attempts);
        let succeeded_on = by_machine(succeeded.into_iter(), attempts);
        let any_time = Memo::default();
        Scene {
            timeline,
            pack,
            attempts,
            coverage,
            offsets,
            codes,
            keys: keys_of(attempts, &timeline.keys),
            stays: attempts.iter().map(Stay::of).collect(),
            owners,
            of_machine,
            of_source,
            succeeded_on,
            any_time,
            questions: OnceLock::new(),
            watchers: OnceLock::new(),
            spells: OnceLock::new(),
            places: OnceLock::new(),
        }
    }

    /// All states that last, by machine, then by condition, then by time.
    pub(crate) fn spells(&self) -> &[Spell] {
        self.spells.get_or_init(|| spells(self.timeline, self.pack, self.coverage))
    }

    /// Nothing but recovered records tells of the attempt.
    pub(crate) fn is_recovered(&self, attempt: &Attempt) -> bool {
        is_recovered(attempt, self.timeline.events)
    }

    /// Counts a failure as spoken for by these records.
    pub(super) fn vote(&self, tally: &mut Votes, events: &[u32]) {
        let recovered = |&event: &u32| self.timeline.events[event as usize].recovered;
        tally.vote(events, tally.is_live() || events.is_empty() || !events.iter().all(recovered));
    }

    /// Attempts that succeeded, that the machine took part in and that began in that span, by start.
    pub(crate) fn succeeded_on(
        &self,
        machine: Machine,
        from: i64,
        to: i64,
    ) -> impl Iterator<Item = &'a Attempt> + use<'a, '_> {
        self.span(self.succeeded_on.get(&machine), from, to)
    }

    /// Attempts that the machine took part in and that began in that span, by start.
    pub(crate) fn on_machine(
        &self,
        machine: Machine,
        from: i64,
        to: i64,
    ) -> impl Iterator<Item = &'a Attempt> + use<'a, '_> {
        self.span(self.of_machine.get(&machine), from, to)
    }

    /// Attempts from that source that began in that span, by start.
    pub(crate) fn of_source_between(
        &self,
        source: &str,
        from: i64,
        to: i64,
    ) -> impl Iterator<Item = &'a Attempt> + use<'a, '_> {
        self.span(self.of_source.get(source), from, to)
    }

    /// Indices of all attempts that the machine took part in, by start.
    pub(crate) fn of_machine(&self, machine: Machine) -> &[u32] {
        self.of_machine.get(&machine).map_or(&[], Vec::as_slice)
    }

    /// Indices of those of them that began in that span, by start.
    pub(crate) fn of_machine_between(&self, machine: Machine, from: i64, to: i64) -> &[u32] {
        let own = self.of_machine(machine);
        let start = |index: u32| self.attempts[index as usize].start;
        let first = own.partition_point(|index| start(*index) < from);
        &own[first..first + own[first..].partition_point(|index| start(*index) <= to)]
    }

    /// Indices of those of them that began after that moment, by start.
    pub(crate) fn of_machine_after(&self, machine: Machine, after: i64) -> &[u32] {
        let own = self.of_machine(machine);
        &own[own.partition_point(|index| self.attempts[*index as usize].start <= after)..]
    }

    /// Those of these attempts, which are by start, that began in that span.
    fn span<'s>(
        &'s self,
        list: Option<&'s Vec<u32>>,
        from: i64,
        to: i64,
    ) -> impl Iterator<Item = &'a Attempt> + use<'a, 's> {
        let list = list.map_or(&[][..], Vec::as_slice);
        let attempts = self.attempts;
        let start = move |index: u32| attempts[index as usize].start;
        let first = list.partition_point(|index| start(*index) < from);
        let found = list[first..].iter().take_while(move |index| start(**index) <= to);
        found.map(move |index| &attempts[*index as usize])
    }

    /// Whether the record is one of another attempt.
    pub(crate) fn is_of_other(&self, event: u32, index: usize) -> bool {
        self.owner(event).is_some_and(|owner| owner != index)
    }

    /// The attempt that the record is one of.
    pub(super) fn owner(&self, event: u32) -> Option<usize> {
        let owner = self.owners[event as usize];
        (owner != u32::MAX).then_some(owner as usize)
    }

    pub(crate) fn in_order(&self, events: &mut Vec<u32>) {
        if events.len() > 1 {
            events.sort_unstable_by_key(|&event| (self.timeline.time[event as usize], event));
            events.dedup();
        }
    }

    /// The machine at that end of the attempt.
    pub(crate) fn end(&self, attempt: &Attempt, end: End) -> Option<Machine> {
        Stay::of(attempt).at(end)
    }

    /// When and where the attempt of this index was.
    pub(super) fn stay(&self, index: usize) -> &Stay {
        &self.stays[index]
    }

    pub(crate) fn earlier_success(&self, event: u32) -> bool {
        let machine = self.timeline.machine[event as usize];
        let first = self.succeeded_on(machine, i64::MIN, i64::MAX).next();
        first.is_some_and(|first| first.start < self.timeline.time[event as usize])
    }

    /// The machines of an incident's failures.
    pub(crate) fn machines(&self, incident: &Incident) -> BTreeSet<Machine> {
        let others = incident.failures.iter().filter_map(|&index| self.attempts[index].other);
        std::iter::once(incident.machine).chain(others).collect()
    }

    /// The machines of these attempts at the end that the relation names, or at both.
    pub(super) fn ends(&self, attempts: &[usize], relation: &Relation<SignalId>) -> BTreeSet<Machine> {
        let of = || attempts.iter().map(|&index| &self.attempts[index]);
        match wanted_end(relation) {
            Some(end) => of().filter_map(|attempt| self.end(attempt, end)).collect(),
            None => of().flat_map(|attempt| std::iter::once(attempt.machine).chain(attempt.other)).collect(),
        }
    }

    /// Where the names of hosts led.
    pub(super) fn places(&self) -> &Places {
        self.places.get_or_init(|| Places::new(self.attempts, &self.timeline.machines))
    }

    /// What the evidence of all causes asks.
    pub(crate) fn questions(&self) -> &Questions {
        self.questions.get_or_init(|| Questions::new(self.pack))
    }

    /// What the attempt has in common with records, where any record tells the same.
    pub(crate) fn key(&self, index: usize, shared: Shared) -> Option<Key> {
        self.keys[index].get(shared)
    }

    /// Attempts of the same machine while the incident lasted, by start. Like the other ways to look at attempts beside
    /// those of the incident, it leaves out what only recovered records tell of.
    pub(crate) fn meanwhile(&self, incident: &Incident) -> impl Iterator<Item = &'a Attempt> + use<'a, '_> {
        let (from, to) = meanwhile(incident, &self.pack.ladder().thresholds.evidence);
        self.starting(incident, from, to)
    }

    /// Attempts of the same machine from one span before the incident to one after it, by start.
    pub(crate) fn around(
        &self,
        incident: &Incident,
        span: Duration,
    ) -> impl Iterator<Item = &'a Attempt> + use<'a, '_> {
        self.starting(incident, incident.start - span_ticks(span), incident.end + span_ticks(span))
    }

    pub(crate) fn starting(
        &self,
        incident: &Incident,
        from: i64,
        to: i64,
    ) -> impl Iterator<Item = &'a Attempt> + use<'a, '_> {
        let events = self.timeline.events;
        self.on_machine(incident.machine, from, to).filter(move |attempt| !is_recovered(attempt, events))
    }
}

/// These attempts, which are by start, filed under both of their machines.
fn by_machine(indices: impl Iterator<Item = u32>, attempts: &[Attempt]) -> HashMap<Machine, Vec<u32>> {
    let mut filed: HashMap<Machine, Vec<u32>> = HashMap::default();
    for index in indices {
        let attempt = &attempts[index as usize];
        let other = attempt.other.filter(|other| *other != attempt.machine);
        for machine in std::iter::once(attempt.machine).chain(other) {
            filed.entry(machine).or_default().push(index);
        }
    }
    filed
}

/// An attempt that no log shows, because the ticket alone tells of it, is not recovered.
fn is_recovered(attempt: &Attempt, events: &[Event]) -> bool {
    let mut records = attempt.records.iter().map(|joined| &events[joined.event as usize]).peekable();
    records.peek().is_some() && records.all(|event| event.recovered)
}
