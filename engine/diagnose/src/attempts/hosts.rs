//! Which machines people connect to, and which they connect from, by what their logs hold.

use crate::world::coverage::Coverage;
use crate::world::machine::Machine;
use rdpwhy_rules::{Pack, Side};

/// Whether the machine's logs are of the kind that see connections arrive.
pub(crate) fn listens(machine: Machine, pack: &Pack, coverage: &Coverage) -> bool {
    sees(machine, Side::Host, pack, coverage)
}

/// Whether the machine's logs are of the kind that see its own client connect.
pub(crate) fn dials(machine: Machine, pack: &Pack, coverage: &Coverage) -> bool {
    sees(machine, Side::Client, pack, coverage)
}

fn sees(machine: Machine, side: Side, pack: &Pack, coverage: &Coverage) -> bool {
    let openers = pack.ladder().records.iter().filter(|record| record.side == side && record.opens);
    let mut lasting = openers.filter(|record| record.once);
    lasting.any(|record| coverage.holds(machine, pack.signal(record.signal).home_channel()))
}
