//! The records that attempts have of their own, counted in one pass: mostly nothing but them stands in a relation to an attempt
//! while it lasts.

use crate::attempts::attempt::Joined;
use crate::evidence::list::{List, boundary};
use crate::evidence::scene::Scene;
use crate::evidence::votes::Counted;
use crate::world::machine::Machine;
use rdpwhy_event::hash::HashMap;
use rdpwhy_rules::SignalId;

/// How many records of its own each of some attempts has that stand in a relation to it.
#[derive(Debug, Default)]
pub(super) struct Own {
    /// Each such record behind its attempt, in order.
    owned: Vec<(u32, u32)>,
    /// Where the last look was: attempts are asked about in their order.
    place: usize,
    /// Attempts of which a record may stand in the relation, in order.
    unsure: Vec<u32>,
    /// Records that belong to no attempt, by machine: where there is one, each has to be looked at.
    strays: HashMap<Machine, List<'static>>,
}

impl Own {
    /// Finds those of these attempts that show one of the signals. `stands` tells whether such a record of an attempt stands in
    /// the relation to it, or may.
    pub(super) fn new(
        scene: &Scene<'_>,
        signals: &[SignalId],
        attempts: &[usize],
        stands: impl Fn(u32, usize) -> Option<bool>,
    ) -> Own {
        let mut own = Own::default();
        let mut put = |event: u32, index: usize| {
            let owner = u32::try_from(index).unwrap_or(u32::MAX);
            match stands(event, index) {
                Some(true) => own.owned.push((owner, event)),
                Some(false) => own.unsure.push(owner),
                None => {}
            }
        };
        let timeline = scene.timeline;
        let shown: usize = signals.iter().map(|signal| timeline.seen[signal.index()].len()).sum();
        // The shorter way: by the records of the signals, or by those of the attempts.
        if shown <= attempts.len() {
            for (place, signal) in signals.iter().enumerate() {
                for &event in &timeline.seen[signal.index()] {
                    let shows = |earlier: &[SignalId]| timeline.signals(event).any(|s| earlier.contains(&s));
                    match scene.owner(event) {
                        Some(owner) if place == 0 || !shows(&signals[..place]) => put(event, owner),
                        _ => {}
                    }
                }
            }
        } else {
            for &index in attempts {
                for event in once(&scene.attempts[index].records) {
                    if timeline.signals(event).any(|signal| signals.contains(&signal)) {
                        put(event, index);
                    }
                }
            }
        }
        own.owned.sort_unstable();
        own.unsure.sort_unstable();
        own
    }

    /// Notes those of a machine's records that belong to no attempt.
    pub(super) fn add_strays(&mut self, scene: &Scene<'_>, machine: Machine, events: &[u32]) {
        for &event in events.iter().filter(|event| scene.owner(**event).is_none()) {
            self.strays.entry(machine).or_default().push(event);
        }
    }

    /// All strays are noted.
    pub(super) fn settle(&mut self, time: &[i64]) {
        self.strays.values_mut().for_each(|list| list.sort(time));
    }

    /// How many records of its own stand in the relation to the attempt, at these machines and in that span, and how many of
    /// them are later than `counted`; `None` where others may do so as well, or one of its own may or may not.
    pub(super) fn count(
        &mut self,
        (index, counted): (usize, Option<u32>),
        machines: [Option<Machine>; 2],
        time: &[i64],
        (from, to): (i64, i64),
    ) -> Option<Counted> {
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        if !self.unsure.is_empty() && self.unsure.binary_search(&index).is_ok() {
            return None;
        }
        if !self.strays.is_empty() {
            for machine in machines.into_iter().flatten() {
                let near = self.strays.get_mut(&machine).map(|list| list.between(time, from, to));
                if near.is_some_and(|near| !near.is_empty()) {
                    return None;
                }
            }
        }
        self.place = boundary(&self.owned, self.place, |(owner, _)| owner < index);
        let mut count = Counted::default();
        for &(_, event) in self.owned[self.place..].iter().take_while(|(owner, _)| *owner == index) {
            count.add(&[event], counted);
        }
        Some(count)
    }
}

/// The events of an attempt's records, each once: one may be several of the ladder's records.
fn once(records: &[Joined]) -> impl Iterator<Item = u32> {
    let mut last = None;
    let events = records.iter().map(|joined| joined.event);
    events.filter(move |event| last.replace(*event) != Some(*event))
}
