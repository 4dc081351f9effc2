//! The events with what the rules recognize in them: their signals, and where they tell who, from where and to what.

use crate::world::roles::Roles;
use rdpwhy_event::{Event, Marks};
use rdpwhy_rules::ladder::{Ladder, Role};
use rdpwhy_rules::{Pack, SignalId};

/// Events, and what each of them is a sign of.
pub(crate) struct Recognized<'a> {
    /// The events as read.
    pub(super) events: &'a [Event],
    /// The signals of each event, by number.
    marks: Vec<Marks>,
    /// Where the events tell who, from where and to what.
    roles: Roles<'a>,
    ladder: &'a Ladder,
}

impl<'a> Recognized<'a> {
    /// Recognizes the signals in the events.
    pub(crate) fn new(events: &'a [Event], pack: &'a Pack) -> Recognized<'a> {
        use rayon::prelude::*;
        let marks: Vec<Marks> = events.par_iter().map(|event| pack.marks(event)).collect();
        Recognized { events, roles: Roles::new(events, &marks, pack.ladder()), marks, ladder: pack.ladder() }
    }

    /// The signals of an event.
    pub(crate) fn signals(&self, event: u32) -> impl Iterator<Item = SignalId> + '_ {
        SignalId::of_marks(&self.marks[event as usize])
    }

    /// The event's value for a role, if it tells one.
    pub(crate) fn role(&self, event: u32, role: Role) -> Option<&'a str> {
        let values = self.roles.values(event, &self.events[event as usize], role);
        values.map(str::trim).find(|value| !self.ladder.is_no_value(value))
    }
}
