//! The records that a relation may mean, filed so that those of one attempt are found without looking at all of them.

use crate::attempts::attempt::Attempt;
use crate::evidence::scene::Scene;
use crate::evidence::window::{any_machine, wanted_end, window};
use crate::world::key::Key;
use crate::world::machine::Machine;
use crate::world::tick::span_ticks;
use rdpwhy_rules::{Anchor, Clause, Relation, Shared, SignalId};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

/// At most so many records of one signal are told for one attempt.
const TOLD: usize = 20;

/// Where they are counted, at most so many, the latest: in an attack thousands lie around each failure …
const COUNTED: usize = 256;
/// … or so many times as many as the rule asks for.
const COUNTED_TIMES: usize = 8;

/// So many records are looked at for one attempt, the latest. Whether there are others among the older ones is not known
/// then: an attack would have each failure look at all records before it.
const LOOKED: usize = 2000;

/// A record, and whether all that the relation asks of it is known to hold.
type Candidate = (u32, bool);

/// Records by the value that they have to share with the attempt; by none where the relation asks for none.
type Filed = HashMap<Option<Key>, Vec<Candidate>>;

/// Records of the signals of one relation.
pub(crate) struct Candidates<'s> {
    scene: &'s Scene<'s>,
    signals: &'s [SignalId],
    relation: &'s Relation<SignalId>,
    /// For each signal, by machine and by the value that they have to share with the attempt, in time order.
    filed: Vec<BTreeMap<Machine, Filed>>,
    /// No log has any of the signals.
    nowhere: bool,
    /// When a state was ended, by machine, in time order.
    endings: HashMap<Machine, Vec<i64>>,
}

/// What stands in a relation to an attempt.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The records, in time order.
    pub events: Vec<u32>,
    /// There are others of which the logs do not tell whether they do.
    pub doubt: bool,
}

impl<'s> Candidates<'s> {
    /// Files what may stand in the relation to any of the attempts.
    pub(crate) fn new(
        scene: &'s Scene<'s>,
        signals: &'s [SignalId],
        relation: &'s Relation<SignalId>,
        attempts: &[usize],
    ) -> Self {
        let nowhere = signals.iter().all(|signal| scene.timeline.seen[signal.index()].is_empty());
        let limits = &scene.pack.ladder().thresholds.evidence;
        let windows =
            || attempts.iter().map(|&index| window(&relation.anchor, &scene.attempts[index], limits));
        let from = windows().map(|window| window.0).min().unwrap_or(i64::MAX);
        let to = windows().map(|window| window.1).max().unwrap_or(i64::MIN);
        let mut candidates = Candidates {
            scene,
            signals,
            relation,
            filed: vec![BTreeMap::new(); signals.len()],
            nowhere,
            endings: HashMap::new(),
        };
        if nowhere {
            return candidates;
        }
        // In the logs of many machines few records are those of these attempts.
        let machines = (!any_machine(relation)).then(|| scene.ends(attempts, relation));
        for (place, signal) in signals.iter().enumerate() {
            let spans: Vec<&[u32]> = match &machines {
                Some(machines) => machines.iter().map(|m| scene.timeline.on(*signal, *m, from, to)).collect(),
                None => vec![scene.timeline.between(*signal, from, to)],
            };
            for &event in spans.into_iter().flatten() {
                let Some(key) = candidates.key(event) else { continue };
                let Some(sure) = standing(scene, relation, event) else { continue };
                let machine = scene.timeline.machine[event as usize];
                candidates.filed[place]
                    .entry(machine)
                    .or_default()
                    .entry(key)
                    .or_default()
                    .push((event, sure));
            }
        }
        candidates.note_endings(machines.as_ref(), to);
        candidates
    }

    /// No log has any of the signals.
    pub(crate) fn is_nowhere(&self) -> bool {
        self.nowhere
    }

    /// The value that the record has to share with the attempt; `None` where it has to and tells none.
    fn key(&self, event: u32) -> Option<Option<Key>> {
        match shared(self.relation).next() {
            Some(shared) => self.scene.timeline.keys.of_event(event, shared).map(Some),
            None => Some(None),
        }
    }

    /// Notes when states were ended on these machines, or on any.
    fn note_endings(&mut self, machines: Option<&BTreeSet<Machine>>, to: i64) {
        let timeline = self.scene.timeline;
        for clause in &self.relation.clauses {
            let Clause::WithNo(signals) = clause else { continue };
            let spans = signals.iter().flat_map(|signal| match machines {
                Some(machines) => machines.iter().map(|m| timeline.on(*signal, *m, i64::MIN, to)).collect(),
                None => vec![timeline.between(*signal, i64::MIN, to)],
            });
            for &event in spans.flatten() {
                self.endings
                    .entry(timeline.machine[event as usize])
                    .or_default()
                    .push(timeline.time[event as usize]);
            }
        }
        self.endings.values_mut().for_each(|times| times.sort_unstable());
    }

    /// The records that stand in the relation to the attempt.
    pub(crate) fn of(&self, index: usize) -> Found {
        let mut found = Found::default();
        if self.nowhere {
            return found;
        }
        let attempt = &self.scene.attempts[index];
        let (from, to) =
            window(&self.relation.anchor, attempt, &self.scene.pack.ladder().thresholds.evidence);
        let wanted = shared(self.relation).next();
        let keys = &self.scene.timeline.keys;
        let key = wanted.map_or(Some(None), |shared| attempt.key(keys, shared).map(Some));
        if let Some(key) = key {
            for by_machine in &self.filed {
                for machine in self.machines(attempt, by_machine) {
                    let Some(list) = by_machine.get(&machine).and_then(|by_key| by_key.get(&key)) else {
                        continue;
                    };
                    self.take(
                        &mut found,
                        list,
                        index,
                        self.state_since(machine, attempt.start).max(from),
                        to,
                    );
                }
            }
        }
        if matches!(self.relation.anchor, Anchor::During(_)) {
            self.take_own(&mut found, index);
        }
        self.scene.in_order(&mut found.events);
        found.events = self.scene.enough(found.events, self.relation);
        found
    }

    /// The latest first: a state is held by its last record, and one proof is enough unless they are counted.
    fn take(&self, found: &mut Found, list: &[Candidate], index: usize, from: i64, to: i64) {
        let attempt = &self.scene.attempts[index];
        let during = matches!(self.relation.anchor, Anchor::During(_));
        let counted = self.relation.clauses.iter().filter_map(|clause| match clause {
            Clause::AtLeast { count, .. } => {
                Some((*count as usize).saturating_mul(COUNTED_TIMES).max(COUNTED))
            }
            _ => None,
        });
        let most = counted.max().unwrap_or(TOLD);
        let time = |candidate: &Candidate| self.scene.timeline.time[candidate.0 as usize];
        let first = list.partition_point(|candidate| time(candidate) < from);
        let last = list.partition_point(|candidate| time(candidate) <= to).max(first);
        let mut taken = 0;
        let near = list[first..last].iter().rev();
        found.doubt |= last - first > LOOKED;
        for &(event, sure) in near.take(LOOKED) {
            if (during && self.scene.is_of_other(event, index)) || !self.shares_rest(event, attempt) {
                continue;
            }
            if !sure {
                found.doubt = true;
                continue;
            }
            found.events.push(event);
            taken += 1;
            if taken >= most {
                break;
            }
        }
    }

    /// The attempt's own records count as well, whenever they were written.
    fn take_own(&self, found: &mut Found, index: usize) {
        let attempt = &self.scene.attempts[index];
        let timeline = self.scene.timeline;
        for event in attempt.records.iter().map(|joined| joined.event) {
            let machine = timeline.machine[event as usize];
            let meant = timeline.signals(event).any(|signal| self.signals.contains(&signal));
            let first =
                shared(self.relation).next().is_none_or(|shared| shares(self.scene, event, attempt, shared));
            let lasts = timeline.time[event as usize] >= self.state_since(machine, attempt.start);
            if !meant
                || !first
                || !lasts
                || !self.in_scope(attempt, machine)
                || !self.shares_rest(event, attempt)
            {
                continue;
            }
            match standing(self.scene, self.relation, event) {
                Some(true) => found.events.push(event),
                Some(false) => found.doubt = true,
                None => {}
            }
        }
    }

    /// Whether the further attributes are those of the attempt; the first one is what the records are filed by.
    fn shares_rest(&self, event: u32, attempt: &Attempt) -> bool {
        shared(self.relation).skip(1).all(|shared| shares(self.scene, event, attempt, shared))
    }

    fn in_scope(&self, attempt: &Attempt, machine: Machine) -> bool {
        any_machine(self.relation)
            || wanted_end(self.relation).map_or_else(
                || attempt.involves(machine),
                |end| self.scene.end(attempt, end) == Some(machine),
            )
    }

    fn machines(&self, attempt: &Attempt, filed: &BTreeMap<Machine, Filed>) -> Vec<Machine> {
        if any_machine(self.relation) {
            return filed.keys().copied().collect();
        }
        match wanted_end(self.relation) {
            Some(end) => self.scene.end(attempt, end).into_iter().collect(),
            None => std::iter::once(attempt.machine)
                .chain(attempt.other.filter(|other| *other != attempt.machine))
                .collect(),
        }
    }

    /// What was written before this moment was ended before `at`.
    fn state_since(&self, machine: Machine, at: i64) -> i64 {
        let Some(times) = self.endings.get(&machine) else { return i64::MIN };
        let before = times.partition_point(|time| *time <= at);
        if before == 0 { i64::MIN } else { times[before - 1] }
    }
}

/// Whether all that the relation asks of the record itself is known to hold; `None` where something does not.
pub(crate) fn standing(scene: &Scene<'_>, relation: &Relation<SignalId>, event: u32) -> Option<bool> {
    let mut sure = true;
    for clause in &relation.clauses {
        match clause {
            Clause::Neighbour { present, after, signal, within, same } => {
                match neighbour(scene, event, *after, *signal, *within, same.as_deref()) {
                    Some(there) if there != *present => return None,
                    Some(_) => {}
                    None => sure = false,
                }
            }
            Clause::EarlierSuccess if !scene.earlier_success(event) => return None,
            _ => {}
        }
    }
    Some(sure)
}

/// Whether the record has such a neighbour; `None` where the logs do not cover its place.
fn neighbour(
    scene: &Scene<'_>,
    event: u32,
    after: bool,
    signal: SignalId,
    within: Duration,
    same: Option<&str>,
) -> Option<bool> {
    let timeline = scene.timeline;
    let (at, span) = (timeline.time[event as usize], span_ticks(within));
    let (from, to) = if after { (at, at + span) } else { (at - span, at) };
    let machine = timeline.machine[event as usize];
    let record = &timeline.events[event as usize];
    let found = timeline.on(signal, machine, from, to).iter().any(|&other| {
        let neighbour = &timeline.events[other as usize];
        other != event
            && same.is_none_or(|field| {
                record.field(field).is_some() && record.field(field) == neighbour.field(field)
            })
    });
    let covered = || scene.coverage.covers(machine, scene.pack.signal(signal).home_channel(), from, to);
    if found || covered() { Some(found) } else { None }
}

fn shared(relation: &Relation<SignalId>) -> impl Iterator<Item = Shared> + '_ {
    relation
        .clauses
        .iter()
        .filter_map(|clause| if let Clause::Same(shared) = clause { Some(*shared) } else { None })
}

fn shares(scene: &Scene<'_>, event: u32, attempt: &Attempt, shared: Shared) -> bool {
    let keys = &scene.timeline.keys;
    let own = attempt.key(keys, shared);
    own.is_some() && keys.of_event(event, shared) == own
}
