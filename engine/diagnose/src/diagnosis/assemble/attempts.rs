//! The attempts: each of them where they are few, those alike as one where they are many.

use crate::attempts::attempt::{Attempt, Outcome};
use crate::diagnosis::assemble::assembly::Assembly;
use crate::diagnosis::assemble::figure::{counted, frequent, time};
use crate::diagnosis::result as view;
use crate::world::address::user_key;
use rdpwhy_event::hash::HashMap;
use rdpwhy_rules::Side;

/// At most so many records are listed for an attempt.
const RECORDS_OF_ATTEMPT: usize = 40;
/// The same where there are many attempts.
const RECORDS_OF_MANY: usize = 8;
/// From so many attempts on, those alike are told as one.
const TOLD_SINGLY: usize = 500;

impl Assembly<'_> {
    pub(super) fn totals(&self) -> view::Totals {
        let mut totals = view::Totals::default();
        for attempt in self.scene.attempts {
            totals.dropped += usize::from(attempt.outcome == Outcome::Succeeded && attempt.dropped);
            match attempt.outcome {
                Outcome::Failed => totals.failed += 1,
                Outcome::Succeeded => totals.succeeded += 1,
                Outcome::Aborted => totals.aborted += 1,
                Outcome::Unknown => totals.unknown += 1,
            }
        }
        totals
    }

    pub(super) fn attempts(&self) -> Vec<view::Attempt> {
        let mut incident_of: Vec<Option<usize>> = vec![None; self.scene.attempts.len()];
        for (number, ranked) in self.ranked.iter().enumerate() {
            ranked.incident.failures.iter().for_each(|&index| incident_of[index] = Some(number + 1));
        }
        let singly = self.scene.attempts.len() <= TOLD_SINGLY;
        let mut groups: HashMap<_, usize> = HashMap::default();
        let mut told: Vec<view::Attempt> = Vec::new();
        for (attempt, incident) in self.scene.attempts.iter().zip(incident_of) {
            // Whoever guesses tries many names: those of failures do not keep attempts apart.
            let user =
                attempt.user.as_deref().filter(|_| attempt.outcome == Outcome::Succeeded).map(user_key);
            let way = (attempt.outcome, attempt.broke, attempt.reached, attempt.aborted);
            let key = (attempt.side, attempt.machine, attempt.source(), user, way, incident);
            match groups.get(&key) {
                Some(&group) if !singly => add(&mut told[group], attempt),
                _ => {
                    groups.insert(key, told.len());
                    told.push(self.attempt(attempt, incident));
                }
            }
        }
        told
    }

    fn attempt(&self, attempt: &Attempt, incident: Option<usize>) -> view::Attempt {
        let reached = attempt.reached.map(|stage| self.stage(stage));
        let mut events: Vec<u32> = attempt.records.iter().map(|joined| joined.event).collect();
        events.dedup();
        let record_count = events.len();
        let singly = self.scene.attempts.len() <= TOLD_SINGLY;
        events.truncate(if singly { RECORDS_OF_ATTEMPT } else { RECORDS_OF_MANY });
        let side = if attempt.side == Side::Host && attempt.other.is_some() {
            view::SeenFrom::Both
        } else {
            view::SeenFrom::One(attempt.side)
        };
        view::Attempt {
            started: time(attempt.start),
            ended: time(attempt.end),
            side,
            machine: self.machine(attempt.machine),
            other_machine: attempt.other.map(|machine| self.machine(machine)),
            source: attempt.address.as_ref().map(ToString::to_string),
            user: attempt.user.as_deref().map(str::to_owned),
            target: attempt.target.as_deref().map(str::to_owned),
            outcome: attempt.outcome,
            aborted: attempt.aborted,
            stage: attempt.broke.map(|broke| self.stage(broke.0)).or_else(|| reached.clone()),
            stage_last: attempt.broke.filter(|broke| broke.0 != broke.1).map(|broke| self.stage(broke.1)),
            reached,
            dropped: attempt.dropped,
            replaced: attempt.replaced,
            code: attempt.code.map(view::Code),
            code_name: attempt.code.and_then(|code| self.code_name(code)),
            incident,
            count: 1,
            record_count,
            records: self.records(&events),
        }
    }

    pub(super) fn background(&self) -> Option<view::Background> {
        let failures: Vec<&Attempt> =
            self.background.failures.iter().map(|&index| &self.scene.attempts[index]).collect();
        let started = failures.iter().map(|attempt| attempt.start).min()?;
        let ended = failures.iter().map(|attempt| attempt.end).max()?;
        let sources = frequent(failures.iter().filter_map(|a| a.source()));
        Some(view::Background {
            failures: failures.len(),
            source_count: sources.len(),
            sources: counted(sources),
            started: time(started),
            ended: time(ended),
        })
    }
}

/// One more attempt that is told with those alike.
fn add(told: &mut view::Attempt, attempt: &Attempt) {
    told.count += 1;
    told.ended = told.ended.max(time(attempt.end));
    if let Some(source) = attempt.source()
        && told.source.as_deref() != Some(source)
    {
        told.source = Some(source.to_owned());
    }
    let user = attempt.user.as_deref();
    let differs = |told: &str| user != Some(told) && user.map(user_key) != Some(user_key(told));
    if told.user.as_deref().is_some_and(differs) {
        told.user = None;
    }
}
