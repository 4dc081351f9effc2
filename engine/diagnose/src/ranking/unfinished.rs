//! Attempts whose end the logs do not show, taken for failures.

use crate::attempts::attempt::{Attempt, Outcome};
use crate::cases::focus::{focus, in_view};
use crate::cases::gather::gather;
use crate::evidence::scene::Scene;
use crate::options::Options;
use crate::ranking::rank::{is_decided, rank};
use crate::ranking::ranked::{RankedIncident, Standing};
use rdpwhy_rules::StageId;

/// Attempts whose end the logs do not show, where nothing else failed: if the ticket says that a connection failed, or
/// the evidence of a cause is decisive, they are taken for the failures.
pub(crate) fn unfinished(scene: &Scene<'_>, options: &Options) -> Option<RankedIncident> {
    let mut attempts: Vec<Attempt> = scene.attempts.to_vec();
    let open = |attempt: &Attempt| {
        attempt.outcome == Outcome::Unknown
            && in_view(attempt, options)
            && focus(attempt, options, &scene.timeline.machines) != Some(false)
    };
    let last = scene.pack.ladder().last_stage();
    for attempt in attempts.iter_mut().filter(|attempt| open(attempt)) {
        let next = attempt.reached.map_or(StageId::FIRST, |reached| scene.pack.ladder().next_stage(reached));
        (attempt.outcome, attempt.broke) = (Outcome::Failed, Some((next, last)));
    }
    let all = |_: &Attempt| true;
    // Failures of others stay aside here, too.
    let about = |attempt: &Attempt| focus(attempt, options, &scene.timeline.machines).filter(|about| !about);
    let (incidents, _) = gather(&attempts, scene.pack.ladder(), &all, &about);
    let scene = Scene::new(scene.timeline, scene.pack, &attempts, scene.coverage, scene.offsets, scene.codes);
    let told = scene.codes.error.is_some();
    let ranked = incidents.into_iter().map(|incident| {
        let ranking = rank(&scene, &incident, &|_| true);
        RankedIncident { incident, ranking, assumed: false, standing: Standing::default(), brief: false }
    });
    let diagnosed = scene.pack.ladder().ranking.diagnosed;
    let convincing = ranked.filter(|ranked| {
        let clear = ranked.ranking.causes.first().is_some_and(|first| first.probability >= diagnosed);
        told || (clear && is_decided(&scene, &ranked.ranking))
    });
    convincing.last()
}
