//! Whether the logs of a machine would hold a connection that reached it.

use crate::evidence::scene::Scene;
use crate::evidence::watchers::Watchers;
use crate::world::machine::Machine;
use rdpwhy_rules::Side;
use rdpwhy_rules::ladder::LadderRecord;

impl Scene<'_> {
    /// Whether the machine's log would hold a connection that reached it in that span, and whether it was off or asleep. A log
    /// that never held one does not show that it would.
    pub(crate) fn would_hold_arrivals(&self, machine: Machine, span: (i64, i64)) -> bool {
        let held = |signal| !self.timeline.on(signal, machine, i64::MIN, i64::MAX).is_empty();
        let ever = self.arriving().any(|record| held(record.signal));
        ever && self.watches_listener(machine, span) && self.knows_life(machine, span)
    }

    /// Whether the logs would show that the machine was off or asleep in that span.
    pub(super) fn knows_life(&self, machine: Machine, span: (i64, i64)) -> bool {
        let life = &self.pack.ladder().belief.life;
        self.coverage.shows(self.pack, life.down.iter().chain(&life.up), machine, span)
    }

    /// Whether the machine's log would hold a connection that reached it in that span.
    pub(super) fn watches_listener(&self, machine: Machine, (from, to): (i64, i64)) -> bool {
        self.arrival_channels().any(|channel| self.coverage.covers(machine, channel, from, to))
    }

    pub(super) fn watchers(&self) -> &Watchers {
        self.watchers.get_or_init(|| Watchers::new(self.coverage, self.arrival_channels()))
    }

    fn arrival_channels(&self) -> impl Iterator<Item = &str> {
        self.arriving().map(|record| self.pack.signal(record.signal).home_channel())
    }

    /// The kinds of record that a connection leaves when it reaches a host.
    fn arriving(&self) -> impl Iterator<Item = &LadderRecord> {
        let ladder = self.pack.ladder();
        let openers = ladder.records.iter().filter(|r| r.side == Side::Host && r.opens && r.once);
        openers.filter(|record| record.reaches == Some(ladder.arrival()))
    }
}
