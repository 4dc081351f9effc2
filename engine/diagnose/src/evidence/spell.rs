//! Spans in which a machine was in a state that lasts, such as off or not listening: found by scanning time, whether or not
//! anybody tried to connect.

use crate::world::coverage::Coverage;
use crate::world::machine::Machine;
use crate::world::tick::span_ticks;
use crate::world::timeline::Timeline;
use rdpwhy_rules::ladder::Condition;
use rdpwhy_rules::{Pack, SignalId};

/// A span in which a condition of the ladder held.
#[derive(Debug, Clone)]
pub(crate) struct Spell {
    /// Which condition, by its place in the ladder.
    pub(crate) condition: usize,
    /// The machine.
    pub(crate) machine: Machine,
    /// Since when, in ticks of the common clock.
    pub(crate) from: i64,
    /// Until when; `None` if it outlasts the logs.
    pub(crate) until: Option<i64>,
    /// Until when the logs would show its end.
    pub(crate) shown: i64,
    /// The records that say so, in time order, with that of the end.
    pub(crate) records: Vec<u32>,
    /// It is longer than its condition says: what is over sooner is told only to whoever complains of that very time.
    pub(crate) lasts: bool,
}

impl Spell {
    /// Its last known moment.
    pub(crate) fn end(&self) -> i64 {
        self.until.unwrap_or(self.shown)
    }

    /// Whether it holds at some moment of a span.
    pub(crate) fn touches(&self, (from, to): (i64, i64)) -> bool {
        self.from <= to && self.end() >= from
    }
}

/// What a record says of a condition.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Says {
    Begins,
    Ends,
    Refutes,
}

/// All spells by machine, then by condition, then by time.
pub(super) fn spells(timeline: &Timeline<'_>, pack: &Pack, coverage: &Coverage) -> Vec<Spell> {
    let conditions = pack.ladder().conditions.iter().enumerate();
    let shown = |condition: &Condition, machine| shown(condition, machine, pack, coverage);
    let mut all: Vec<Spell> = conditions
        .flat_map(|(number, condition)| of_condition(number, condition, timeline, &shown))
        .collect();
    all.sort_by_key(|spell| (spell.machine, spell.condition, spell.from));
    all
}

/// Those of a machine.
pub(crate) fn on_machine(spells: &[Spell], machine: Machine) -> &[Spell] {
    let start = spells.partition_point(|spell| spell.machine < machine);
    let end = spells.partition_point(|spell| spell.machine <= machine);
    &spells[start..end]
}

fn of_condition(
    number: usize,
    condition: &Condition,
    timeline: &Timeline<'_>,
    shown: &dyn Fn(&Condition, Machine) -> Option<i64>,
) -> Vec<Spell> {
    let seen = |signals: &[SignalId]| -> Vec<u32> {
        signals.iter().flat_map(|signal| timeline.seen[signal.index()].iter().copied()).collect()
    };
    let begins = seen(&condition.from);
    if begins.is_empty() {
        return Vec::new();
    }
    let said = |says: Says, events: Vec<u32>| {
        events
            .into_iter()
            .map(move |event| (timeline.machine[event as usize], timeline.time[event as usize], event, says))
    };
    let mut course: Vec<(Machine, i64, u32, Says)> = said(Says::Begins, begins).collect();
    course.extend(said(Says::Ends, seen(&condition.until)));
    course.extend(said(Says::Refutes, seen(&condition.refuted_by)));
    course.sort_unstable();
    let of_machine = course.chunk_by(|a, b| a.0 == b.0);
    of_machine.flat_map(|course| of_machine_spells(number, condition, course, shown)).collect()
}

fn of_machine_spells(
    number: usize,
    condition: &Condition,
    course: &[(Machine, i64, u32, Says)],
    shown: &dyn Fn(&Condition, Machine) -> Option<i64>,
) -> Vec<Spell> {
    let mut spells: Vec<Spell> = Vec::new();
    let mut open: Option<Spell> = None;
    for &(machine, time, event, says) in course {
        match (says, &mut open) {
            (Says::Begins, Some(spell)) => spell.records.push(event),
            (Says::Begins, None) => {
                let shown = shown(condition, machine).unwrap_or(time);
                open = Some(Spell {
                    condition: number,
                    machine,
                    from: time,
                    until: None,
                    shown: shown.max(time),
                    records: vec![event],
                    lasts: false,
                });
            }
            (Says::Ends, Some(spell)) => {
                spell.until = Some(time);
                spell.records.push(event);
                spells.extend(open.take());
            }
            (Says::Refutes, _) => open = None,
            (Says::Ends, None) => {}
        }
    }
    spells.extend(open);
    for spell in &mut spells {
        spell.lasts = spell.end() - spell.from > span_ticks(condition.longer);
    }
    spells
}

/// Until when the machine's logs would show the end of a condition.
fn shown(condition: &Condition, machine: Machine, pack: &Pack, coverage: &Coverage) -> Option<i64> {
    let channels = condition.until.iter().map(|signal| pack.signal(*signal).home_channel());
    channels.filter_map(|channel| coverage.last(machine, channel)).max()
}
