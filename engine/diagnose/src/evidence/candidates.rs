//! The records that a relation may mean, filed so that those of one attempt are found without looking at all of them.

use crate::attempts::attempt::Attempt;
use crate::evidence::list::List;
use crate::evidence::own::Own;
use crate::evidence::scene::Scene;
use crate::evidence::votes::{Counted, KEPT};
use crate::evidence::window::{Window, any_machine, wanted_end};
use crate::world::key::Key;
use crate::world::machine::Machine;
use crate::world::tick::span_ticks;
use rdpwhy_event::hash::{HashMap, HashSet};
use rdpwhy_rules::SignalId;
use rdpwhy_rules::phrase::{Anchor, Clause, Relation, Shared};
use std::collections::{BTreeMap, BTreeSet};
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

/// Records of one signal on one machine.
enum Filed<'s> {
    /// All of them.
    All(List<'s>),
    /// By the value that they have to share with the attempt.
    ByKey(HashMap<Key, List<'s>>),
}

/// Records of the signals of one relation.
pub(crate) struct Candidates<'s> {
    scene: &'s Scene<'s>,
    signals: &'s [SignalId],
    relation: &'s Relation<SignalId>,
    /// What the records have to share with the attempt, if anything; if several, the first.
    key: Option<Shared>,
    /// For each signal, by machine.
    filed: Vec<BTreeMap<Machine, Filed<'s>>>,
    /// Records of which the logs do not tell whether they are what the relation asks for.
    unsure: HashSet<u32>,
    /// When a state was ended, by machine, in time order.
    endings: HashMap<Machine, Vec<i64>>,
    /// At most so many records of a signal are told.
    most: usize,
    /// So many of them at least, if the relation counts them.
    least: usize,
    /// Whether those of one signal can be counted without a look at each.
    countable: bool,
    /// Where only the attempt's own records count and others are rare.
    own: Option<Own>,
    window: Window,
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
    /// Files what may stand in the relation to any of the attempts, at these machines (on all, if the relation says so).
    pub(crate) fn new(
        scene: &'s Scene<'s>,
        signals: &'s [SignalId],
        relation: &'s Relation<SignalId>,
        attempts: &[usize],
        machines: &BTreeSet<Machine>,
    ) -> Self {
        let mut candidates = Candidates {
            scene,
            signals,
            relation,
            key: shared(relation).next(),
            filed: signals.iter().map(|_| BTreeMap::new()).collect(),
            unsure: HashSet::default(),
            endings: HashMap::default(),
            most: most_told(relation),
            least: least(relation),
            countable: false,
            own: None,
            window: Window::new(&relation.anchor, &scene.pack.ladder().thresholds.evidence),
        };
        let (mut from, mut to, mut widest) = (i64::MAX, i64::MIN, 0);
        for &index in attempts {
            let own = candidates.window.of(scene.stay(index));
            (from, to) = (from.min(own.0), to.max(own.1));
            widest = own.1.saturating_sub(own.0).max(widest);
        }
        // In the logs of many machines few records are those of these attempts.
        let machines = (!any_machine(relation)).then_some(machines);
        for (place, signal) in signals.iter().enumerate() {
            match machines {
                Some(machines) => machines
                    .iter()
                    .for_each(|m| candidates.file(place, scene.timeline.on(*signal, *m, from, to))),
                None => candidates.file(place, scene.timeline.between(*signal, from, to)),
            }
        }
        candidates.note_endings(machines, to);
        candidates.countable =
            candidates.least == 0 && candidates.unsure.is_empty() && shared(relation).nth(1).is_none();
        if let (Anchor::During(_), Some(machines)) = (&relation.anchor, machines)
            && candidates.least == 0
            && candidates.unsure.is_empty()
            // Until there is proof enough, each is looked at anyway.
            && attempts.len() > KEPT
        {
            candidates.own = candidates.own(attempts, machines, (from, to), widest);
        }
        candidates
    }

    /// Which records of their own the attempts have, unless some window may hold more records than are looked at.
    fn own(
        &self,
        attempts: &[usize],
        machines: &BTreeSet<Machine>,
        (from, to): (i64, i64),
        widest: i64,
    ) -> Option<Own> {
        let time = &self.scene.timeline.time;
        let mut own = Own::new(self.scene, self.signals, attempts, |event, index| self.stands(event, index));
        for &machine in machines {
            for signal in self.signals {
                let events = self.scene.timeline.on(*signal, machine, from, to);
                let span = |run: &[u32]| time[run[LOOKED] as usize] - time[run[0] as usize];
                if events.windows(LOOKED + 1).any(|run| span(run) <= widest) {
                    return None;
                }
                own.add_strays(self.scene, machine, events);
            }
        }
        own.settle(time);
        Some(own)
    }

    /// Files records of a signal, which are in time order: all of one machine, or of any.
    fn file(&mut self, place: usize, events: &'s [u32]) {
        let machine_of = |event: u32| self.scene.timeline.machine[event as usize];
        let Some(&first) = events.first() else { return };
        if self.key.is_none() && !any_machine(self.relation) && !is_choosy(self.relation) {
            self.filed[place].insert(machine_of(first), Filed::All(List::new(events)));
            return;
        }
        for &event in events {
            let key = self.key.map(|shared| self.scene.timeline.keys.of_event(event, shared));
            // A record that has to tell something and does not.
            if key == Some(None) {
                continue;
            }
            let Some(sure) = standing(self.scene, self.relation, event) else { continue };
            if !sure {
                self.unsure.insert(event);
            }
            let filed = self.filed[place].entry(self.scene.timeline.machine[event as usize]);
            match key.flatten() {
                None => filed.or_insert_with(|| Filed::All(List::default())).push(None, event),
                Some(key) => {
                    filed.or_insert_with(|| Filed::ByKey(HashMap::default())).push(Some(key), event);
                }
            }
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

    /// Puts the records that stand in the relation to the attempt in place of what was found before.
    pub(crate) fn of(&mut self, index: usize, found: &mut Found) {
        found.events.clear();
        found.doubt = false;
        let span = self.window.of(self.scene.stay(index));
        match self.key.map(|shared| self.scene.key(index, shared)) {
            // The attempt does not tell what they have to share.
            Some(None) => {}
            key => self.take_filed(found, index, key.flatten(), span),
        }
        // The latest came first.
        found.events.reverse();
        if matches!(self.relation.anchor, Anchor::During(_)) {
            self.take_own(found, index);
        }
        self.scene.in_order(&mut found.events);
        if !self.scene.is_enough(&found.events, self.relation) {
            found.events.clear();
        }
    }

    /// How many records stand in the relation to the attempt, and how many of them are later than `counted`, where that takes
    /// no look at them; nothing is in doubt then.
    pub(super) fn count(&mut self, index: usize, counted: Option<u32>) -> Option<Counted> {
        let scene = self.scene;
        let span = self.window.of(scene.stay(index));
        if matches!(self.relation.anchor, Anchor::During(_)) {
            let machines = self.machines(index);
            return self.own.as_mut()?.count((index, counted), machines, &scene.timeline.time, span);
        }
        let key = match self.key.map(|shared| scene.key(index, shared)) {
            Some(None) => return Some(Counted::default()),
            key => key.flatten(),
        };
        let (mut all, mut count, mut signals, mut last) = (0, Counted::default(), 0, None);
        self.each_filed(index, key, span, |candidates, place, list| {
            if !list.is_empty() {
                all += list.len();
                count.add(&list[list.len().saturating_sub(candidates.most)..], counted);
                signals += usize::from(last.replace(place) != Some(place));
            }
        });
        let too_few = all < self.least && all <= LOOKED && self.unsure.is_empty();
        match all {
            0 => Some(Counted::default()),
            _ if too_few => Some(Counted::default()),
            // A record may show several signals.
            _ => (self.countable && signals == 1).then_some(count),
        }
    }

    /// Takes from what is filed under the machines of the attempt, and under the key where one is asked for.
    fn take_filed(&mut self, found: &mut Found, index: usize, key: Option<Key>, span: (i64, i64)) {
        self.each_filed(index, key, span, |candidates, _, list| candidates.take(found, list, index));
    }

    /// Hands on what is filed under the machines of the attempt and that key and lies in the span: for each signal, by its
    /// place, and each machine.
    fn each_filed(
        &mut self,
        index: usize,
        key: Option<Key>,
        (from, to): (i64, i64),
        mut each: impl FnMut(&Self, usize, &[u32]),
    ) {
        let mut filed = std::mem::take(&mut self.filed);
        let start = self.scene.stay(index).start;
        for (place, by_machine) in filed.iter_mut().enumerate() {
            let mut hand_on = |machine: Machine, filed: &mut Filed<'s>| {
                let from = self.state_since(machine, start).max(from);
                if let Some(list) = filed.list(key) {
                    each(self, place, list.between(&self.scene.timeline.time, from, to));
                }
            };
            if any_machine(self.relation) {
                by_machine.iter_mut().for_each(|(machine, filed)| hand_on(*machine, filed));
                continue;
            }
            for machine in self.machines(index).into_iter().flatten() {
                if let Some(filed) = by_machine.get_mut(&machine) {
                    hand_on(machine, filed);
                }
            }
        }
        self.filed = filed;
    }

    /// The latest first: a state is held by its last record, and one proof is enough unless they are counted.
    fn take(&self, found: &mut Found, list: &[u32], index: usize) {
        let during = matches!(self.relation.anchor, Anchor::During(_));
        let mut taken = 0;
        found.doubt |= list.len() > LOOKED;
        for &event in list.iter().rev().take(LOOKED) {
            if (during && self.scene.is_of_other(event, index)) || !self.shares_rest(event, index) {
                continue;
            }
            if !self.unsure.is_empty() && self.unsure.contains(&event) {
                found.doubt = true;
                continue;
            }
            found.events.push(event);
            taken += 1;
            if taken >= self.most {
                break;
            }
        }
    }

    /// The attempt's own records count as well, whenever they were written.
    fn take_own(&self, found: &mut Found, index: usize) {
        let timeline = self.scene.timeline;
        for event in self.scene.attempts[index].records.iter().map(|joined| joined.event) {
            if !timeline.signals(event).any(|signal| self.signals.contains(&signal)) {
                continue;
            }
            match self.stands(event, index) {
                Some(true) => found.events.push(event),
                Some(false) => found.doubt = true,
                None => {}
            }
        }
    }

    /// Whether a record of the attempt's own, which shows one of the signals, stands in the relation; `None` where it does not.
    fn stands(&self, event: u32, index: usize) -> Option<bool> {
        let attempt = &self.scene.attempts[index];
        let machine = self.scene.timeline.machine[event as usize];
        let first = self.key.is_none_or(|shared| shares(self.scene, event, index, shared));
        let lasts = || self.scene.timeline.time[event as usize] >= self.state_since(machine, attempt.start);
        let fits = first && lasts() && self.in_scope(attempt, machine) && self.shares_rest(event, index);
        if fits { standing(self.scene, self.relation, event) } else { None }
    }

    /// Whether the further attributes are those of the attempt; the first one is what the records are filed by.
    fn shares_rest(&self, event: u32, index: usize) -> bool {
        self.key.is_none()
            || shared(self.relation).skip(1).all(|shared| shares(self.scene, event, index, shared))
    }

    fn in_scope(&self, attempt: &Attempt, machine: Machine) -> bool {
        any_machine(self.relation)
            || wanted_end(self.relation).map_or_else(
                || attempt.involves(machine),
                |end| self.scene.end(attempt, end) == Some(machine),
            )
    }

    /// The machines of the attempt whose records count.
    fn machines(&self, index: usize) -> [Option<Machine>; 2] {
        self.scene.stay(index).machines(wanted_end(self.relation))
    }

    /// What was written before this moment was ended before `at`.
    fn state_since(&self, machine: Machine, at: i64) -> i64 {
        if self.endings.is_empty() {
            return i64::MIN;
        }
        let Some(times) = self.endings.get(&machine) else { return i64::MIN };
        let before = times.partition_point(|time| *time <= at);
        if before == 0 { i64::MIN } else { times[before - 1] }
    }
}

impl<'s> Filed<'s> {
    /// One more record, later than those before.
    fn push(&mut self, key: Option<Key>, event: u32) {
        match (self, key) {
            (Filed::ByKey(lists), Some(key)) => lists.entry(key).or_default().push(event),
            (Filed::All(list), _) => list.push(event),
            (Filed::ByKey(_), None) => {}
        }
    }

    /// The records that share that value; all of them where nothing has to be shared.
    fn list(&mut self, key: Option<Key>) -> Option<&mut List<'s>> {
        match self {
            Filed::All(list) => Some(list),
            Filed::ByKey(lists) => lists.get_mut(&key?),
        }
    }
}

/// At most so many records of one signal are told of one attempt.
fn most_told(relation: &Relation<SignalId>) -> usize {
    let counted = relation.clauses.iter().filter_map(|clause| match clause {
        Clause::AtLeast { count, .. } => Some((*count as usize).saturating_mul(COUNTED_TIMES).max(COUNTED)),
        _ => None,
    });
    counted.max().unwrap_or(TOLD)
}

/// So many records at least, if the relation counts them.
fn least(relation: &Relation<SignalId>) -> usize {
    let counted = relation.clauses.iter().filter_map(|clause| match clause {
        Clause::AtLeast { count, .. } => Some((*count as usize).max(1)),
        _ => None,
    });
    counted.max().unwrap_or(0)
}

/// Whether the relation asks something of the record itself.
fn is_choosy(relation: &Relation<SignalId>) -> bool {
    relation.clauses.iter().any(|clause| matches!(clause, Clause::Neighbour { .. } | Clause::EarlierSuccess))
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

fn shares(scene: &Scene<'_>, event: u32, index: usize, shared: Shared) -> bool {
    let own = scene.key(index, shared);
    own.is_some() && scene.timeline.keys.of_event(event, shared) == own
}
