//! Whether records are as many, and as different, as a relation asks.

use crate::evidence::scene::Scene;
use crate::world::density::{most, most_different};
use crate::world::tick::span_ticks;
use rdpwhy_rules::{Clause, Distinct, Relation, Shared, SignalId};
use std::time::Duration;

impl Scene<'_> {
    /// Applies `at least …`: all of the records, or none if they are too few.
    pub(crate) fn enough(&self, found: Vec<u32>, relation: &Relation<SignalId>) -> Vec<u32> {
        for clause in &relation.clauses {
            if let Clause::AtLeast { count, different, within } = clause
                && !self.at_least(&found, *count as usize, different.as_ref(), *within)
            {
                return Vec::new();
            }
        }
        found
    }

    fn at_least(
        &self,
        found: &[u32],
        count: usize,
        different: Option<&Distinct>,
        within: Option<Duration>,
    ) -> bool {
        let time = |event: u32| self.timeline.time[event as usize];
        let within = within.map(span_ticks);
        let shared = |shared: Shared| {
            let key = |&event: &u32| Some((time(event), self.timeline.keys.of_event(event, shared)?));
            most_different(&found.iter().filter_map(key).collect::<Vec<_>>(), within)
        };
        let different = match different {
            None => most(&found.iter().map(|&event| time(event)).collect::<Vec<_>>(), within),
            Some(Distinct::Addresses) => shared(Shared::Address),
            Some(Distinct::Users) => shared(Shared::User),
            Some(Distinct::Field(field)) => {
                let key =
                    |&event: &u32| Some((time(event), self.timeline.events[event as usize].field(field)?));
                most_different(&found.iter().filter_map(key).collect::<Vec<_>>(), within)
            }
        };
        different >= count
    }
}
