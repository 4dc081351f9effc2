//! Records that speak of the failures of an incident without being part of them: what a cause has to explain.

use crate::attempts::attempt::Attempt;
use crate::cases::incident::Incident;
use crate::evidence::scene::Scene;
use crate::evidence::seen::Seen;
use crate::evidence::votes::Votes;
use crate::world::tick::span_ticks;
use rdpwhy_rules::Side;
use rdpwhy_rules::ladder::Witness;
use rdpwhy_rules::phrase::{End, Quantifier};

/// A witness of the ladder, and at how many of the failures it was heard.
#[derive(Debug, Clone)]
pub(crate) struct Telling {
    /// What was seen of it.
    pub(crate) seen: Seen,
    /// At which end.
    pub(crate) end: End,
    /// A cause that does not explain it is so many times less likely.
    pub(crate) unexplained: f64,
}

/// The end of a connection that a side's records are written at. A gateway's are about what the client asks for.
fn end(side: Side) -> End {
    match side {
        Side::Host => End::Host,
        Side::Client | Side::Gateway => End::Client,
    }
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
    heard.then_some(Telling { seen, end: end(witness.side), unexplained: witness.unexplained })
}

/// The first record of the witness at the beginning or at the end of the attempt, or in all of it if the ladder says so.
fn record_of(scene: &Scene<'_>, attempt: &Attempt, witness: &Witness) -> Option<u32> {
    let within = span_ticks(witness.within);
    let at_start = (attempt.start, (attempt.started_work() + within).min(attempt.end + within));
    let at_end = ((attempt.first_end() - within).max(attempt.start), attempt.end + within);
    let machine = match witness.side {
        Side::Gateway => attempt.machine,
        side => scene.end(attempt, end(side))?,
    };
    let find = |(from, to): (i64, i64)| scene.timeline.on(witness.signal, machine, from, to).first().copied();
    let whole = witness.during.then_some((attempt.start, attempt.end + within));
    whole.and_then(find).or_else(|| find(at_start)).or_else(|| find(at_end))
}
