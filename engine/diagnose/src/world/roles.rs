//! Where records tell who, from where and to what: worked out once for all that have the same fields and signals.

use rdpwhy_event::hash::HashMap;
use rdpwhy_event::{Event, Marks};
use rdpwhy_rules::ladder::{Ladder, Role};
use std::sync::Arc;

/// For each event, where it has the values of each role.
#[derive(Debug)]
pub(crate) struct Roles<'a> {
    layouts: Vec<Layout<'a>>,
    of_event: Vec<u32>,
}

/// Where records of the same fields and signals have the values of each role, in the order in which they count.
type Layout<'a> = [Vec<Spot<'a>>; Role::ALL.len()];

#[derive(Debug, Clone, Copy)]
enum Spot<'a> {
    /// At this place of the payload.
    Payload(usize),
    /// Under this name, if anywhere.
    Named(&'a str),
}

impl<'a> Roles<'a> {
    /// Finds the values of all roles.
    pub(crate) fn new(events: &[Event], marks: &[Marks], ladder: &'a Ladder) -> Roles<'a> {
        let mut known = HashMap::default();
        let mut roles = Roles { layouts: Vec::new(), of_event: Vec::with_capacity(events.len()) };
        for (event, marks) in events.iter().zip(marks) {
            // Equal ones are mostly shared; where they are not, the same is worked out once more.
            let key = (Arc::as_ptr(event.fields.names()), marks.numbers().as_ptr());
            let layout = *known.entry(key).or_insert_with(|| {
                roles.layouts.push(layout(event, marks, ladder));
                u32::try_from(roles.layouts.len() - 1).unwrap_or(u32::MAX)
            });
            roles.of_event.push(layout);
        }
        roles
    }

    /// The values that the event has for a role, those that count most first.
    pub(crate) fn values<'e>(
        &self,
        number: u32,
        event: &'e Event,
        role: Role,
    ) -> impl Iterator<Item = &'e str> + use<'_, 'e, 'a> {
        let layout = &self.layouts[self.of_event[number as usize] as usize];
        layout[role as usize].iter().filter_map(|spot| match spot {
            Spot::Payload(place) => Some(event.fields.value(*place)),
            Spot::Named(name) => event.field(name),
        })
    }
}

fn layout<'a>(event: &Event, marks: &Marks, ladder: &'a Ladder) -> Layout<'a> {
    let names = event.fields.names();
    Role::ALL.map(|(_, role)| {
        let fields = ladder.fields(role, marks);
        let spots = fields.filter_map(|field| match names.places(&field.field).next() {
            Some(place) => Some(Spot::Payload(place)),
            None => Event::is_system_name(&field.field).then_some(Spot::Named(&field.field)),
        });
        spots.collect()
    })
}
