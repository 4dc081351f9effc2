//! What records that speak of a fault point at, where no log shows who connected.

use crate::attempts::attempt::Attempt;
use crate::attempts::implied::{Implied, implied};
use crate::cases::focus::{focus, in_view, is_near};
use crate::cases::gather::gather;
use crate::cases::incident::Incident;
use crate::evidence::scene::Scene;
use crate::options::Options;
use crate::ranking::rank::{Caution, rank_cautiously};
use crate::ranking::ranked::{RankedIncident, Standing, most_likely};
use crate::world::tick::{span_ticks, ticks};
use rdpwhy_rules::ladder::Ladder;

/// How sure a cause may be that rests on records which may be about something else (at `moments`): surer where a user complained
/// of that very time.
fn believed(most: f64, moments: &[i64], options: &Options, ladder: &Ladder) -> f64 {
    let within = span_ticks(ladder.belief.implied.complaint_within);
    let told =
        options.at.map(ticks).is_some_and(|at| moments.iter().any(|moment| (moment - at).abs() <= within));
    if !told || most >= 1.0 {
        return most;
    }
    let odds = most / (1.0 - most) * ladder.belief.implied.complaint_times;
    (odds / (1.0 + odds)).min(ladder.belief.implied.most.max(most))
}

/// The likeliest of what such records point at; `heard` are those that belong to an attempt and speak of nothing else.
pub(crate) fn pointed_at(scene: &Scene<'_>, options: &Options, heard: &[u32]) -> Option<RankedIncident> {
    let limits = &scene.pack.ladder().thresholds.focus;
    let implied = implied(scene, heard, options.at.map(ticks)).into_iter();
    // A fault that lasts is near every later moment.
    let asked = |implied: &Implied| {
        let later = options.at.map(ticks).is_some_and(|at| at >= implied.attempt.start);
        (is_near(&implied.attempt, options, limits) || (implied.lasts && later))
            && in_view(&implied.attempt, options)
            && focus(&implied.attempt, options, &scene.timeline.machines) != Some(false)
    };
    most_likely(ranked(scene, options, &implied.filter(asked).collect::<Vec<_>>()).into_iter())
}

/// What such records point at, or else what is `assumed`: a suspicion steps back where another fault is the verdict.
pub(crate) fn surer(
    pointed_at: Option<RankedIncident>,
    assumed: impl FnOnce() -> Option<RankedIncident>,
    ladder: &Ladder,
) -> Option<RankedIncident> {
    match pointed_at {
        Some(suspected) if !is_verdict(&suspected, ladder) => {
            // The suspected cause itself is kept as unsure as its records are.
            let cause = |found: &RankedIncident| found.ranking.answer().map(|first| first.cause);
            let is_better =
                |found: &RankedIncident| is_verdict(found, ladder) && cause(found) != cause(&suspected);
            Some(assumed().filter(is_better).unwrap_or(suspected))
        }
        Some(found) => Some(found),
        None => assumed(),
    }
}

/// What keeps everybody out of a machine until its logs end, where failures are known and all of them are of an earlier time.
pub(crate) fn lasting(
    scene: &Scene<'_>,
    options: &Options,
    known: &[RankedIncident],
) -> Option<RankedIncident> {
    let implied = implied(scene, &[], None).into_iter();
    let later =
        |start: i64| known.iter().any(|known| !known.incident.strangers && known.incident.end >= start);
    let lasting = implied.filter(|implied| {
        let attempt = &implied.attempt;
        implied.lasts && in_view(attempt, options) && !later(attempt.start)
    });
    let found = most_likely(ranked(scene, options, &lasting.collect::<Vec<_>>()).into_iter())?;
    is_verdict(&found, scene.pack.ladder()).then_some(found)
}

/// Whether the first cause is likely enough to be the verdict.
fn is_verdict(found: &RankedIncident, ladder: &Ladder) -> bool {
    found.ranking.answer().is_some_and(|first| first.probability >= ladder.ranking.diagnosed)
}

/// Each case that they make.
fn ranked(scene: &Scene<'_>, options: &Options, implied: &[Implied]) -> Vec<RankedIncident> {
    let ladder = scene.pack.ladder();
    let attempts: Vec<Attempt> = implied.iter().map(|implied| implied.attempt.clone()).collect();
    let implying =
        Scene::new(scene.timeline, scene.pack, &attempts, scene.coverage, scene.offsets, scene.codes);
    let (incidents, _) = gather(&attempts, ladder, &|_| true, &|_| None);
    let ranked = incidents.into_iter().map(|incident| {
        let most = incident.failures.iter().map(|&index| implied[index].most).fold(0.0, f64::max);
        let moments: Vec<i64> = incident.failures.iter().map(|&index| implied[index].attempt.start).collect();
        // What keeps everybody out for as long as the logs go on needs nobody's complaint.
        let lasts = incident.failures.iter().any(|&index| implied[index].lasts);
        let none = if lasts { ladder.ranking.none } else { ladder.belief.implied.none };
        let caution = Caution { none, most: believed(most, &moments, options, ladder) };
        let ranking = rank_cautiously(&implying, &incident, &|_| true, caution);
        let incident = Incident { failures: Vec::new(), ..incident };
        RankedIncident { incident, ranking, assumed: true, standing: Standing::default(), brief: false }
    });
    ranked.collect()
}
