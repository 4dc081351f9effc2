//! A failure that no record shows: what a ticket without a trace says, and a lasting fault explains.

use crate::attempts::attempt;
use crate::cases::incident::Incident;
use crate::evidence::scene::Scene;
use crate::options::Options;
use crate::ranking::rank::{is_decided, rank};
use crate::ranking::ranked::RankedIncident;
use crate::world::tick::ticks;
use rdpwhy_logs::Reading;
use rdpwhy_rules::{Anchor, Clause, Evidence, Finding, StageId};

/// Without any attempt in the logs, a lasting fault may still show: the ticket itself says that a connection failed.
///
/// Only states count then (something happened, and nothing ended it); machines without one yield nothing.
pub(crate) fn assumed(scene: &Scene<'_>, reading: &Reading, options: &Options) -> Option<RankedIncident> {
    let lasting = |evidence: &Evidence| match &evidence.finding {
        Finding::Signal { relation, .. } => {
            matches!(relation.anchor, Anchor::Before(_))
                && relation.clauses.iter().any(|c| matches!(c, Clause::WithNo(_)))
        }
        Finding::Code(_) | Finding::Extended(_) => true,
        _ => false,
    };
    let told = options.error.is_some() || options.extended.is_some();
    let last = reading.logs.iter().flat_map(|log| log.spans.iter().map(|span| span.last)).max()?;
    let at = ticks(options.at.unwrap_or(last));
    let mut best: Option<RankedIncident> = None;
    for machine in scene.timeline.machines.all() {
        let ghost = attempt::assumed(machine, at, (StageId::FIRST, scene.pack.ladder().last_stage()));
        let attempts = [ghost];
        let ghost_scene =
            Scene::new(scene.timeline, scene.pack, &attempts, scene.coverage, scene.offsets, scene.codes);
        let incident = Incident {
            machine,
            failures: vec![0],
            start: at,
            end: at,
            broke: (StageId::FIRST, scene.pack.ladder().last_stage()),
            strangers: false,
        };
        let ranking = rank(&ghost_scene, &incident, &lasting);
        let Some(first) = ranking.causes.first() else { continue };
        // The code alone names a cause only where it names one clearly.
        let clear = first.probability >= scene.pack.ladder().ranking.diagnosed;
        let decided = (told && clear) || is_decided(&ghost_scene, &ranking);
        let better = best.as_ref().is_none_or(|best| first.probability > best.ranking.causes[0].probability);
        if decided && better {
            let incident = Incident { failures: Vec::new(), ..incident };
            best = Some(RankedIncident { incident, ranking, assumed: true });
        }
    }
    best
}
