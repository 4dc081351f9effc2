//! A failure that no record shows: what a ticket without a trace says, and a lasting fault explains.

use crate::attempts::attempt::{self, Aborted, Attempt};
use crate::attempts::hosts::{dials, listens};
use crate::cases::focus::focus;
use crate::cases::incident::Incident;
use crate::evidence::scene::Scene;
use crate::options::Options;
use crate::ranking::rank::{Caution, is_decided, rank_cautiously};
use crate::ranking::ranked::{RankedIncident, Standing, most_likely};
use crate::ranking::weighed::{Ranked, Ranking};
use crate::world::coverage::Coverage;
use crate::world::machine::Machine;
use crate::world::tick::{span_ticks, ticks};
use rdpwhy_logs::Reading;
use rdpwhy_rules::finding::Finding;
use rdpwhy_rules::phrase::{Anchor, Clause, Fact};
use rdpwhy_rules::{Evidence, Pack, Side, StageId};

/// Without any attempt in the logs, a lasting fault may still show; and where the ticket says that a connection failed, it
/// did, whatever the logs show, unless they show that very one working (`shown`).
///
/// Only states count then (something happened, and nothing ended it), and the ticket's codes; where the ticket names the
/// moment, also what happened around it.
pub(crate) fn assumed(
    scene: &Scene<'_>,
    reading: &Reading,
    options: &Options,
    shown: bool,
) -> Option<RankedIncident> {
    let ladder = scene.pack.ladder();
    let complaint = options.is_complaint() && !shown;
    let none = if complaint { ladder.belief.implied.complaint_none } else { ladder.ranking.none };
    let caution = Caution { none, most: ladder.belief.implied.most };
    let last = reading.logs.iter().flat_map(|log| log.spans.iter().map(|span| span.last)).max()?;
    let at = ticks(options.at.unwrap_or(last));
    let stages = (StageId::FIRST, ladder.last_stage());
    let admit = |evidence: &Evidence| counts(evidence, options);
    let machines = scene.timeline.machines.all();
    let ghost = |machine| {
        let side = side(scene, machine);
        let missing = complaint && side == Side::Host && is_missing(scene, options, machine);
        let stages = if missing { (stages.0, ladder.arrival()) } else { stages };
        let ghost = attempt::assumed(side, machine, at, stages);
        let mut ghost = ghost.of(options.user.as_deref(), options.source.as_deref());
        ghost.missing = missing;
        ghost
    };
    let ghosts: Vec<Attempt> = machines.map(ghost).collect();
    let ghost_scene =
        Scene::new(scene.timeline, scene.pack, &ghosts, scene.coverage, scene.offsets, scene.codes);
    most_likely(ghosts.iter().enumerate().filter_map(|(index, ghost)| {
        let machine = ghost.machine;
        let failures = vec![index];
        let (side, strangers, broke) = (ghost.side, false, ghost.broke.unwrap_or(stages));
        let incident = Incident { machine, side, failures, start: at, end: at, broke, strangers };
        let mut ranking = rank_cautiously(&ghost_scene, &incident, &admit, caution);
        // A code that somebody copied, without any record, is no more than that, unless it means one fault alone.
        let told = ranking.causes.first().is_some_and(|first| supporting(first).next().is_none());
        if told
            && !is_decided(&ghost_scene, &ranking)
            && ranking.causes[0].probability > ladder.belief.implied.code_most
        {
            let caution = Caution { most: ladder.belief.implied.code_most, ..caution };
            ranking = rank_cautiously(&ghost_scene, &incident, &admit, caution);
        }
        let lasts = is_decided(&ghost_scene, &ranking) && still_lasts(scene, machine, &ranking);
        let believed = lasts || (complaint && may_be_true(scene, machine, &ranking));
        let incident = Incident { failures: Vec::new(), ..incident };
        believed.then_some(RankedIncident {
            incident,
            ranking,
            assumed: true,
            standing: Standing::default(),
            brief: false,
        })
    }))
}

/// The end of a connection at which the machine stands, as far as its logs tell: a host unless they are a client's alone.
fn side(scene: &Scene<'_>, machine: Machine) -> Side {
    let client = dials(machine, scene.pack, scene.coverage) && !listens(machine, scene.pack, scene.coverage);
    if client { Side::Client } else { Side::Host }
}

/// Whether nothing arrived at the host around the moment that the ticket names that can be what it is about, and the host's log
/// would hold it. Whoever was in a session then may complain of that.
fn is_missing(scene: &Scene<'_>, options: &Options, machine: Machine) -> bool {
    let around = span_ticks(scene.pack.ladder().thresholds.focus.around);
    options.at.map(ticks).is_some_and(|at| {
        let (from, to) = (at - around, at + around);
        let maybe = |attempt: &Attempt| {
            let named = focus(attempt, options, &scene.timeline.machines);
            let (then, near) = (attempt.touches((at, at)), attempt.touches((from, to)));
            match attempt.aborted {
                // The first half of a connection that came about, and a look from elsewhere.
                Some(Aborted::Preconnection) => false,
                Some(Aborted::Probe) if attempt.address.is_some() => false,
                _ if named == Some(false) => false,
                // Whoever got in nearby is not who complains, unless the ticket names him.
                _ => {
                    if attempt.is_success() && named.is_none() {
                        then
                    } else {
                        near
                    }
                }
            }
        };
        let mut own = scene.of_machine(machine).iter().map(|&index| &scene.attempts[index as usize]);
        scene.would_hold_arrivals(machine, (from, to)) && !own.any(maybe)
    })
}

/// Evidence that needs no attempt.
fn counts(evidence: &Evidence, options: &Options) -> bool {
    match &evidence.finding {
        Finding::Signal { relation, .. } => {
            let state = matches!(relation.anchor, Anchor::Before(_))
                && relation.clauses.iter().any(|clause| matches!(clause, Clause::WithNo(_)));
            state || options.at.is_some()
        }
        Finding::Code(_) | Finding::Extended(_) => true,
        Finding::Attempts(attempts) => attempts.fact == Fact::NobodyCame,
        Finding::Absent { .. } => false,
    }
}

/// Whether the first cause is the verdict, and what speaks for it was written after the machine last served anybody: a success
/// after the fault began shows that it broke nothing, or that it is over.
fn still_lasts(scene: &Scene<'_>, machine: Machine, ranking: &Ranking) -> bool {
    let own = scene.of_machine(machine).iter().map(|&index| &scene.attempts[index as usize]);
    let got_in = own.filter(|attempt| attempt.is_success()).map(|attempt| attempt.start).max();
    ranking.causes.first().is_some_and(|first| {
        let later = |last: i64| supporting(first).any(|event| scene.timeline.time[event as usize] > last);
        first.probability >= scene.pack.ladder().ranking.diagnosed && got_in.is_none_or(later)
    })
}

/// Whether a record, the ticket's code or these logs say anything of a connection of the machine: logs that cannot show one say
/// nothing, whoever complains, and a code that fits many causes says no more.
fn may_be_true(scene: &Scene<'_>, machine: Machine, ranking: &Ranking) -> bool {
    let first = ranking.answer();
    let recorded = first.is_some_and(|first| supporting(first).next().is_some());
    let told = (1..=scene.pack.ladder().belief.implied.code_causes)
        .contains(&ranking.causes.iter().filter(|cause| cause.is_supported()).count());
    let shown = |see: fn(Machine, &Pack, &Coverage) -> bool| see(machine, scene.pack, scene.coverage);
    recorded || told || !scene.attempts.is_empty() || shown(listens) || shown(dials)
}

/// The records that speak for a cause.
fn supporting(cause: &Ranked) -> impl Iterator<Item = u32> + '_ {
    cause.supporting().flat_map(|weighed| weighed.seen.events.iter().copied())
}
