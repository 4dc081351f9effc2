//! When and where an attempt was, and nothing else of it: a small part of it, because evidence is looked for at each of many
//! attempts again and again.

use crate::attempts::attempt::Attempt;
use crate::world::machine::Machine;
use rdpwhy_rules::Side;
use rdpwhy_rules::phrase::End;

/// When and where an attempt was.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stay {
    /// First record, in ticks on the common clock.
    pub(crate) start: i64,
    /// Last record, in ticks on the common clock.
    pub(crate) end: i64,
    /// When it ended, at the end that saw it first.
    pub(crate) first_end: i64,
    machine: Machine,
    other: Option<Machine>,
    side: Side,
}

impl Stay {
    /// That of an attempt.
    pub(crate) fn of(attempt: &Attempt) -> Stay {
        let Attempt { start, end, machine, other, side, .. } = *attempt;
        Stay { start, end, first_end: attempt.first_end(), machine, other, side }
    }

    /// The machine at that end.
    pub(crate) fn at(&self, end: End) -> Option<Machine> {
        match (self.side, end) {
            (Side::Host, End::Host) | (Side::Client, End::Client) => Some(self.machine),
            (Side::Host, End::Client) | (Side::Client, End::Host) => self.other,
            (Side::Gateway, End::Host) => self.other,
            (Side::Gateway, End::Client) => None,
        }
    }

    /// The machine at that end, or both machines.
    pub(super) fn machines(&self, end: Option<End>) -> [Option<Machine>; 2] {
        match end {
            Some(end) => [self.at(end), None],
            None => [Some(self.machine), self.other.filter(|other| *other != self.machine)],
        }
    }
}
