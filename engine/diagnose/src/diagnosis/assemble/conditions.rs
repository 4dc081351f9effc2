//! States that lasted, with their spans.

use crate::diagnosis::assemble::assembly::Assembly;
use crate::diagnosis::assemble::figure::time;
use crate::diagnosis::result as view;
use crate::evidence::spell::Spell;
use std::cmp::Reverse;

/// So many records of a condition are handed on: the first ones, and that of its end.
const RECORDS_OF_CONDITION: usize = 5;

impl Assembly<'_> {
    /// What outlasts the logs first, of that what keeps people out; then what an incident falls into, then the latest.
    pub(super) fn conditions(&self) -> Vec<view::Condition> {
        let mut spells: Vec<&Spell> = self.scene.spells().iter().filter(|spell| spell.lasts).collect();
        let touched = |spell: &Spell| {
            let mut incidents = self.ranked.iter().map(|ranked| &ranked.incident);
            incidents.any(|incident| {
                incident.machine == spell.machine && spell.touches((incident.start, incident.end))
            })
        };
        spells.sort_by_cached_key(|spell| {
            let condition = &self.pack().ladder().conditions[spell.condition];
            let harmless = !condition.closes && condition.breaks.is_none();
            (
                spell.until.is_some(),
                harmless,
                !touched(spell),
                Reverse(spell.from),
                spell.machine,
                spell.condition,
            )
        });
        spells.into_iter().map(|spell| self.condition(spell)).collect()
    }

    fn condition(&self, spell: &Spell) -> view::Condition {
        let condition = &self.pack().ladder().conditions[spell.condition];
        let mut told: Vec<u32> = spell.records.iter().copied().take(RECORDS_OF_CONDITION).collect();
        if let (Some(kept), Some(&last)) = (told.last_mut(), spell.records.last()) {
            *kept = last;
        }
        view::Condition {
            id: condition.id.clone(),
            title: condition.title.clone(),
            machine: self.machine(spell.machine),
            from: time(spell.from),
            until: spell.until.map(time),
            last: time(spell.end()),
            closes: condition.closes,
            count: spell.records.len(),
            records: self.records(&told),
        }
    }
}
