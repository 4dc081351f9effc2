//! Incidents with their causes.

use crate::cases::incident::{self, Incident};
use crate::evidence::scene::Scene;
use crate::ranking::rank::rank;
use crate::ranking::split::split;
use crate::ranking::weighed::Ranking;
use crate::world::machine::Machine;
use crate::world::tick::span_ticks;
use rdpwhy_rules::CauseId;
use std::collections::BTreeMap;

/// Incidents that are kept with everything that was weighed. Of those beyond it, in reading order, only the header and the
/// first causes are kept: evidence takes most of the memory and of a report, and nobody reads it a hundred times.
pub const INCIDENTS_IN_FULL: usize = 50;

/// Causes that are kept of each of the others, beside those that belong to one of these. All causes of an incident take 8 kB,
/// and an attacker or an enterprise has a hundred thousand machines on which connections fail.
pub(crate) const CAUSES_OF_BRIEF: usize = 3;

/// What is known of an incident beside the others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Number of its case, from 0, in reading order.
    pub(crate) case: usize,
    /// The first attempt after it that went well, of one of its sources or users.
    pub(crate) recovery: Option<usize>,
    /// The place of the incident whose cause brought this one about.
    pub(crate) follows: Option<usize>,
}

/// An incident with its ranking.
pub(crate) struct RankedIncident {
    /// The failures.
    pub(crate) incident: Incident,
    /// The causes.
    pub(crate) ranking: Ranking,
    /// No attempt is in the logs; the ticket alone tells of it.
    pub(crate) assumed: bool,
    /// What is known of it beside the others.
    pub(crate) standing: Standing,
    /// Only the first causes are kept, and of those only what counted, without the records.
    pub(crate) brief: bool,
}

/// Ranks each incident. Neighbouring incidents of one machine with the same clear cause are one.
pub(crate) fn rank_all(scene: &Scene<'_>, incidents: Vec<Incident>) -> Vec<RankedIncident> {
    let diagnosed = scene.pack.ladder().ranking.diagnosed;
    let gap = span_ticks(scene.pack.ladder().incident_gap);
    let mut ranked: Vec<RankedIncident> = Vec::new();
    // The clear cause of each, and whether others were joined to it.
    let mut found: Vec<(Option<CauseId>, bool)> = Vec::new();
    let mut of_machine: BTreeMap<Machine, Vec<usize>> = BTreeMap::new();
    let brief = incidents.len() > INCIDENTS_IN_FULL;
    for incident in incidents.into_iter().flat_map(|incident| split(scene, incident)) {
        let ranking = ranking(scene, &incident, brief);
        let first = ranking.causes.first().filter(|first| first.probability >= diagnosed);
        let clear = first.map(|first| first.cause);
        let own = of_machine.entry(incident.machine).or_default();
        let twin = own.iter().copied().find(|&other| {
            let cause: Option<CauseId> = found[other].0;
            let near = incident.start - ranked[other].incident.end <= gap;
            near && cause.is_some() && cause == clear
        });
        match twin {
            Some(twin) => {
                ranked[twin].incident = incident::join(&ranked[twin].incident, &incident);
                found[twin].1 = true;
            }
            None => {
                own.push(ranked.len());
                ranked.push(RankedIncident {
                    incident,
                    ranking,
                    assumed: false,
                    standing: Standing::default(),
                    brief,
                });
                found.push((clear, false));
            }
        }
    }
    // Once, when they are whole: an attack that sessions of users interrupt joins many.
    for (ranked, (_, joined)) in ranked.iter_mut().zip(found) {
        if joined {
            ranked.ranking = ranking(scene, &ranked.incident, brief);
        }
    }
    ranked
}

/// The ranking of an incident; of a brief one only the first causes.
fn ranking(scene: &Scene<'_>, incident: &Incident, brief: bool) -> Ranking {
    let mut ranking = rank(scene, incident, &|_| true);
    if brief {
        ranking.shorten(scene.pack, CAUSES_OF_BRIEF);
    }
    ranking
}

/// Ranks the first incidents once more, where all were shortened, and keeps everything that is weighed.
pub(crate) fn in_full(scene: &Scene<'_>, ranked: &mut [RankedIncident]) {
    for first in ranked.iter_mut().take(INCIDENTS_IN_FULL).filter(|ranked| ranked.brief) {
        first.ranking = ranking(scene, &first.incident, false);
        first.brief = false;
    }
}

/// The one whose first cause is the most likely; of equals the first.
pub(crate) fn most_likely(ranked: impl Iterator<Item = RankedIncident>) -> Option<RankedIncident> {
    let first = |ranked: &RankedIncident| {
        let first = ranked.ranking.answer();
        first.map_or(0.0, |first| first.probability)
    };
    ranked.fold(None, |best, next| match best {
        Some(best) if first(&best) >= first(&next) => Some(best),
        _ => Some(next),
    })
}
