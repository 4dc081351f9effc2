//! Records that speak of the failures of an incident without being part of them: what a cause has to explain.

use crate::attempts::attempt::Attempt;
use crate::cases::incident::Incident;
use crate::evidence::scene::Scene;
use crate::evidence::seen::Seen;
use crate::evidence::votes::Votes;
use crate::world::tick::span_ticks;
use rdpwhy_rules::{Quantifier, Witness};

/// A witness of the ladder, and at how many of the failures it was heard.
#[derive(Debug, Clone)]
pub(crate) struct Telling {
    /// What was seen of it.
    pub(crate) seen: Seen,
}

/// The witnesses that were heard at any failure of the incident, in the ladder's order.
pub(crate) fn telling(scene: &Scene<'_>, incident: &Incident) -> Vec<Telling> {
    let witnesses = scene.pack.ladder().belief.witnesses.iter();
    let seen = witnesses.filter(|witness| !scene.timeline.seen[witness.signal.index()].is_empty());
    seen.filter_map(|witness| heard(scene, incident, witness)).collect()
}

fn heard(scene: &Scene<'_>, incident: &Incident, witness: &Witness) -> Option<Telling> {
    let mut votes = Votes::default();
    for &index in &incident.failures {
        let attempt = &scene.attempts[index];
        match record_of(scene, attempt, witness) {
            Some(event) => scene.vote(&mut votes, &[event]),
            None => votes.against += 1,
        }
    }
    let heard = votes.for_it > 0;
    let seen = votes.decide(Quantifier::Some, String::new);
    heard.then_some(Telling { seen })
}

/// The first record of the witness at the beginning or at the end of the attempt.
fn record_of(scene: &Scene<'_>, attempt: &Attempt, witness: &Witness) -> Option<u32> {
    let within = span_ticks(witness.within);
    let at_start = (attempt.start, (attempt.started_work() + within).min(attempt.end + within));
    let at_end = ((attempt.end - within).max(attempt.start), attempt.end + within);
    let find = |(from, to): (i64, i64)| {
        scene.timeline.on(witness.signal, attempt.machine, from, to).first().copied()
    };
    find(at_start).or_else(|| find(at_end))
}
