//! Whether records are as many, and as different, as a relation asks.

use crate::evidence::scene::Scene;
use crate::world::density::{most, most_different};
use crate::world::tick::span_ticks;
use rdpwhy_rules::SignalId;
use rdpwhy_rules::phrase::{Clause, Distinct, Relation, Shared};
use std::time::Duration;

impl Scene<'_> {
    /// Whether the records are as many as `at least …` asks.
    pub(crate) fn is_enough(&self, found: &[u32], relation: &Relation<SignalId>) -> bool {
        relation.clauses.iter().all(|clause| match clause {
            Clause::AtLeast { count, different, within } => {
                self.at_least(found, *count as usize, different.as_ref(), *within)
            }
            _ => true,
        })
    }

    fn at_least(
        &self,
        found: &[u32],
        count: usize,
        different: Option<&Distinct>,
        within: Option<Duration>,
    ) -> bool {
        if found.len() < count {
            return false;
        }
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
