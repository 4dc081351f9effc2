//! Incidents that are two: one cause up to a moment, another one from then on.

use crate::cases::incident::{self, Incident};
use crate::evidence::scene::Scene;
use crate::ranking::rank::{is_decided, rank};
use rdpwhy_rules::CauseId;

/// Failures whose own evidence names one cause up to a moment and another one from then on are two incidents.
pub(super) fn split(scene: &Scene<'_>, incident: Incident) -> Vec<Incident> {
    use rayon::prelude::*;
    let limits = &scene.pack.ladder().thresholds.incident;
    if incident.failures.len() < 2 || incident.failures.len() > limits.split_at_most {
        return vec![incident];
    }
    let own: Vec<Option<CauseId>> = incident
        .failures
        .par_iter()
        .map(|&index| {
            let alone = incident::part(&incident, vec![index], scene.attempts);
            let ranking = rank(scene, &alone, &|_| true);
            let first = ranking.causes.first()?;
            (first.probability >= limits.sure && is_decided(scene, &ranking)).then_some(first.cause)
        })
        .collect();
    let Some(turn) = turning_point(&own) else { return vec![incident] };
    let related = |a: CauseId, b: CauseId| {
        scene.pack.cause(a).leads_to.contains(&b) || scene.pack.cause(b).leads_to.contains(&a)
    };
    let (before, after) = incident.failures.split_at(turn);
    if let (Some(first), Some(second)) =
        (own[..turn].iter().flatten().next(), own[turn..].iter().flatten().next())
        && related(*first, *second)
    {
        return vec![incident];
    }
    let part = |list: &[usize]| incident::part(&incident, list.to_vec(), scene.attempts);
    vec![part(before), part(after)]
}

/// Where one cause gives way to one other for good.
fn turning_point(own: &[Option<CauseId>]) -> Option<usize> {
    let first = own.iter().flatten().next()?;
    let turn = own.iter().position(|cause| cause.is_some_and(|cause| cause != *first))?;
    let second = own[turn]?;
    own[turn..].iter().flatten().all(|cause| *cause == second).then_some(turn)
}
