//! What records that speak of a fault point at, where no log shows who connected.

use crate::attempts::attempt::Attempt;
use crate::attempts::implied;
use crate::cases::focus::{in_view, is_near};
use crate::cases::gather::gather;
use crate::cases::incident::Incident;
use crate::evidence::scene::Scene;
use crate::options::Options;
use crate::ranking::rank::{Caution, rank_cautiously};
use crate::ranking::ranked::{RankedIncident, Standing, most_likely};
use rdpwhy_rules::Ladder;

/// How sure a cause may be that rests on a record which may be about something else: surer where a user complained of that
/// very time.
fn believed(most: f64, options: &Options, ladder: &Ladder) -> f64 {
    if options.at.is_none() || most >= 1.0 {
        return most;
    }
    let odds = most / (1.0 - most) * ladder.belief.implied.complaint_times;
    (odds / (1.0 + odds)).min(ladder.belief.implied.most.max(most))
}

/// The likeliest of what such records point at; `heard` are those that belong to an attempt and speak of nothing else.
pub(crate) fn pointed_at(scene: &Scene<'_>, options: &Options, heard: &[u32]) -> Option<RankedIncident> {
    let ladder = scene.pack.ladder();
    let asked =
        |attempt: &Attempt| is_near(attempt, options, &ladder.thresholds.focus) && in_view(attempt, options);
    let implied = implied::implied(scene.timeline, scene.coverage, scene.pack, heard);
    let implied: Vec<(Attempt, f64)> = implied.into_iter().filter(|(attempt, _)| asked(attempt)).collect();
    let attempts: Vec<Attempt> = implied.iter().map(|(attempt, _)| attempt.clone()).collect();
    let implying =
        Scene::new(scene.timeline, scene.pack, &attempts, scene.coverage, scene.offsets, scene.codes);
    let (incidents, _) = gather(&attempts, ladder, &|_| true, &|_| None);
    most_likely(incidents.into_iter().map(|incident| {
        let most = incident.failures.iter().map(|&index| implied[index].1).fold(0.0, f64::max);
        let caution = Caution { none: ladder.belief.implied.none, most: believed(most, options, ladder) };
        let ranking = rank_cautiously(&implying, &incident, &|_| true, caution);
        let incident = Incident { failures: Vec::new(), ..incident };
        RankedIncident { incident, ranking, assumed: true, standing: Standing::default(), brief: false }
    }))
}
