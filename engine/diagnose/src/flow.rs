//! From what was read to ranked causes: each stage called in its order.

use crate::attempts::attempt::{self, Attempt, Outcome, span_ticks};
use crate::attempts::pairing::{self, ClockOffset};
use crate::cases::incident::{self, Incident};
use crate::diagnosis::assemble::Assembly;
use crate::diagnosis::result as view;
use crate::evidence::scene::{Codes, Scene};
use crate::options::Options;
use crate::ranking::rank::{self};
use crate::world::address::{machine_key, user_key};
use crate::world::coverage::Coverage;
use crate::world::timeline::{Machine, Timeline};
use rdpwhy_event::FileTime;
use rdpwhy_logs::Reading;
use rdpwhy_rules::{Anchor, CauseId, Clause, Evidence, Finding, Pack, Side, StageId};
use std::time::Duration;

/// The ticket's time points at failures at most this far away.
pub(crate) const AROUND: Duration = Duration::from_secs(900);
/// Larger incidents are not looked through for a turning point.
const SPLIT_AT_MOST: usize = 300;
/// A failure's own cause must be this probable to divide an incident.
const SURE: f64 = 0.8;
/// A dropped user who returns within this did not mean to leave.
const CAME_BACK: Duration = Duration::from_secs(900);

/// Diagnoses what was read.
pub fn diagnose(reading: &Reading, pack: &Pack, options: &Options) -> view::Diagnosis {
    let mut timeline = Timeline::new(reading, pack);
    let mut attempts = attempt::group(&timeline, pack);
    let offsets = pairing::offsets(&attempts, &timeline.machines, pack.ladder());
    align(&mut timeline, &mut attempts, &offsets);
    let coverage = Coverage::new(reading, &timeline);
    let pairs = pairing::pairs(&attempts, &offsets, &timeline.machines, pack.ladder());
    attempt::merge(&mut attempts, &pairs, &timeline);
    let is_host = |machine| listens(machine, pack, &coverage);
    pairing::name_hosts(&mut attempts, &timeline.machines, &is_host);
    let in_focus = |attempt: &Attempt| focus(attempt, options) == Some(true);
    attempt::decide(&mut attempts, &timeline, &coverage, pack, &in_focus);
    conflicts(&mut attempts, pack, options);

    let codes = Codes { error: options.error, extended: options.extended };
    let scene = Scene::new(&timeline, pack, &attempts, &coverage, &offsets, codes);
    let (incidents, background) =
        incident::gather(&attempts, pack.ladder(), &|attempt| in_view(attempt, options), &|attempt| {
            focus(attempt, options)
        });
    let incidents = asked_for(incidents, options, &scene);
    let mut ranked = rank_all(&scene, incidents);
    if ranked.is_empty() {
        ranked.extend(unfinished(&scene, options));
    }
    let told = options.error.is_some() || options.extended.is_some();
    if ranked.is_empty() && (told || attempts.iter().all(|attempt| attempt.outcome == Outcome::Unknown)) {
        ranked.extend(assumed(&scene, reading, options));
    }
    Assembly { scene: &scene, reading, options, ranked: &ranked, background: &background }.finish()
}

/// Puts the clients' clocks onto their hosts'.
fn align(timeline: &mut Timeline<'_>, attempts: &mut [Attempt], offsets: &[ClockOffset]) {
    let mut shift = vec![0; timeline.shift.len()];
    for offset in offsets {
        shift[offset.client.0 as usize] = -offset.ahead;
    }
    if shift.iter().any(|by| *by != 0) {
        timeline.move_clocks(shift);
        attempt::move_clocks(attempts, &timeline.shift);
        attempts.sort_by_key(|a| (a.start, a.machine, a.side, a.records.first().copied()));
    }
}

/// Whether the machine's logs are of the kind that see connections arrive.
fn listens(machine: Machine, pack: &Pack, coverage: &Coverage) -> bool {
    let openers = pack.ladder().records.iter().filter(|record| record.side == Side::Host && record.opens);
    let mut lasting = openers.filter(|record| record.once);
    lasting.any(|record| coverage.holds(machine, pack.signal(record.signal).home_channel()))
}

/// Whether the attempt lies in the span of time asked for.
pub(crate) fn in_view(attempt: &Attempt, options: &Options) -> bool {
    let time = |at: FileTime| crate::world::coverage::ticks(at);
    options.since.is_none_or(|since| attempt.end >= time(since))
        && options.until.is_none_or(|until| attempt.start <= time(until))
}

/// Whether the ticket is about this attempt; `None` where it does not say, or where the records do not.
fn focus(attempt: &Attempt, options: &Options) -> Option<bool> {
    let same_user = |user: &String| attempt.user.as_deref().map(|own| user_key(own) == user_key(user));
    let same_source = |source: &String| {
        let wanted = crate::world::address::Address::parse(source).host;
        attempt.source().map(|own| own == wanted || machine_key(own) == machine_key(&wanted))
    };
    let told = [options.user.as_ref().and_then(same_user), options.source.as_ref().and_then(same_source)];
    if told.contains(&Some(false)) {
        return Some(false);
    }
    told.contains(&Some(true)).then_some(true)
}

/// A user whose session was taken over and who came back soon did not mean to leave: a failure, not a move.
fn conflicts(attempts: &mut [Attempt], pack: &Pack, options: &Options) {
    let ladder = pack.ladder();
    let session = ladder.last_stage();
    let replaced: Vec<usize> = (0..attempts.len())
        .filter(|&index| attempts[index].replaced && attempts[index].outcome == Outcome::Succeeded)
        .filter(|&index| {
            let own = &attempts[index];
            let until = own.end + span_ticks(CAME_BACK);
            let same_user = |other: &Attempt| match (&own.user, &other.user) {
                (Some(a), Some(b)) => user_key(a) == user_key(b),
                _ => true,
            };
            let later = attempts
                .iter()
                .enumerate()
                .filter(|(at, other)| *at != index && other.machine == own.machine);
            let taken_from_elsewhere = later.clone().any(|(_, other)| {
                other.start <= own.end + span_ticks(Duration::from_secs(5))
                    && other.end >= own.end
                    && other.source().is_some()
                    && other.source() != own.source()
                    && same_user(other)
            });
            let back = later.clone().any(|(_, other)| {
                other.start > own.end
                    && other.start <= until
                    && other.source().is_some()
                    && other.source() == own.source()
            });
            (taken_from_elsewhere && back) || options.extended == Some(5)
        })
        .collect();
    for index in replaced {
        let attempt = &mut attempts[index];
        attempt.dropped = true;
        attempt.broke = Some((session, session));
    }
}

/// The incidents that the ticket's time points at, if it names one. Where none is near it, all of them; but none where the
/// logs hold nothing of that time: other failures are not the ones that the ticket is about.
fn asked_for(incidents: Vec<Incident>, options: &Options, scene: &Scene<'_>) -> Vec<Incident> {
    let Some(at) = options.at.map(crate::world::coverage::ticks) else { return incidents };
    if outside(scene, at) {
        return Vec::new();
    }
    let around = span_ticks(AROUND);
    let near = |incident: &Incident| incident.start - around <= at && at <= incident.end + around;
    if incidents.iter().any(near) { incidents.into_iter().filter(near).collect() } else { incidents }
}

/// Whether no log holds anything from around that moment.
pub(crate) fn outside(scene: &Scene<'_>, at: i64) -> bool {
    let around = span_ticks(AROUND);
    let mut extents = scene.timeline.machines.all().filter_map(|machine| scene.coverage.extent(machine));
    !extents.any(|(first, last)| first - around <= at && at <= last + around)
}

/// An incident with its ranking.
pub(crate) struct RankedIncident {
    /// The failures.
    pub(crate) incident: Incident,
    /// The causes.
    pub(crate) ranking: rank::Ranking,
    /// No attempt is in the logs; the ticket alone tells of it.
    pub(crate) assumed: bool,
}

/// Failures whose own evidence names one cause up to a moment and another one from then on are two incidents.
fn split(scene: &Scene<'_>, incident: Incident) -> Vec<Incident> {
    use rayon::prelude::*;
    if incident.failures.len() < 2 || incident.failures.len() > SPLIT_AT_MOST {
        return vec![incident];
    }
    let own: Vec<Option<CauseId>> = incident
        .failures
        .par_iter()
        .map(|&index| {
            let alone = incident::part(&incident, vec![index], scene.attempts);
            let ranking = rank::rank(scene, &alone, &|_| true);
            let first = ranking.causes.first()?;
            (first.probability >= SURE && is_decided(scene, &ranking)).then_some(first.cause)
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

/// Ranks each incident. Neighbouring incidents of one machine with the same clear cause are one.
fn rank_all(scene: &Scene<'_>, incidents: Vec<Incident>) -> Vec<RankedIncident> {
    let diagnosed = scene.pack.ladder().ranking.diagnosed;
    let gap = span_ticks(scene.pack.ladder().incident_gap);
    let mut ranked: Vec<RankedIncident> = Vec::new();
    // The clear cause of each, and whether others were joined to it.
    let mut found: Vec<(Option<CauseId>, bool)> = Vec::new();
    for incident in incidents.into_iter().flat_map(|incident| split(scene, incident)) {
        let ranking = rank::rank(scene, &incident, &|_| true);
        let first = ranking.causes.first().filter(|first| first.probability >= diagnosed);
        let clear = first.map(|first| first.cause);
        let twin = ranked.iter().zip(&found).position(|(other, (cause, _))| {
            other.incident.machine == incident.machine
                && incident.start - other.incident.end <= gap
                && cause.is_some()
                && *cause == clear
        });
        match twin {
            Some(twin) => {
                ranked[twin].incident = incident::join(&ranked[twin].incident, &incident);
                found[twin].1 = true;
            }
            None => {
                ranked.push(RankedIncident { incident, ranking, assumed: false });
                found.push((clear, false));
            }
        }
    }
    // Once, when they are whole: an attack that sessions of users interrupt joins many.
    for (ranked, (_, joined)) in ranked.iter_mut().zip(found) {
        if joined {
            ranked.ranking = rank::rank(scene, &ranked.incident, &|_| true);
        }
    }
    ranked
}

/// Attempts whose end the logs do not show, where nothing else failed: if the ticket says that a connection failed, or
/// the evidence of a cause is decisive, they are taken for the failures.
fn unfinished(scene: &Scene<'_>, options: &Options) -> Option<RankedIncident> {
    let mut attempts: Vec<Attempt> = scene.attempts.to_vec();
    let open = |attempt: &Attempt| {
        attempt.outcome == Outcome::Unknown
            && in_view(attempt, options)
            && focus(attempt, options) != Some(false)
    };
    let last = scene.pack.ladder().last_stage();
    for attempt in attempts.iter_mut().filter(|attempt| open(attempt)) {
        let next = attempt.reached.map_or(StageId::FIRST, |reached| scene.pack.ladder().next_stage(reached));
        (attempt.outcome, attempt.broke) = (Outcome::Failed, Some((next, last)));
    }
    let all = |_: &Attempt| true;
    let (incidents, _) = incident::gather(&attempts, scene.pack.ladder(), &all, &|_| None);
    let scene = Scene::new(scene.timeline, scene.pack, &attempts, scene.coverage, scene.offsets, scene.codes);
    let told = scene.codes.error.is_some();
    let ranked = incidents.into_iter().map(|incident| {
        let ranking = rank::rank(&scene, &incident, &|_| true);
        RankedIncident { incident, ranking, assumed: false }
    });
    let diagnosed = scene.pack.ladder().ranking.diagnosed;
    let mut convincing: Vec<RankedIncident> = ranked
        .filter(|ranked| {
            let clear = ranked.ranking.causes.first().is_some_and(|first| first.probability >= diagnosed);
            told || (clear && is_decided(&scene, &ranked.ranking))
        })
        .collect();
    convincing.pop()
}

/// Whether something decisive speaks for the first cause.
fn is_decided(scene: &Scene<'_>, ranking: &rank::Ranking) -> bool {
    let strong = scene.pack.ladder().ranking.strengths.iter().map(|(_, ratio)| *ratio).fold(0.0, f64::max);
    ranking.causes.first().is_some_and(|first| {
        let cause = scene.pack.cause(first.cause);
        let mut counted = first.weighed.iter().filter(|w| w.counted && w.log_ratio > 0.0);
        counted.any(|w| {
            !w.seen.recovered && w.evidence.is_some_and(|index| cause.evidence[index].ratio >= strong)
        })
    })
}

/// Without any attempt in the logs, a lasting fault may still show: the ticket itself says that a connection failed.
///
/// Only states count then (something happened, and nothing ended it); machines without one yield nothing.
fn assumed(scene: &Scene<'_>, reading: &Reading, options: &Options) -> Option<RankedIncident> {
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
    let at = crate::world::coverage::ticks(options.at.unwrap_or(last));
    let mut best: Option<RankedIncident> = None;
    for machine in scene.timeline.machines.all() {
        let ghost = ghost(machine, at, scene.pack);
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
        let ranking = rank::rank(&ghost_scene, &incident, &lasting);
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

fn ghost(machine: Machine, at: i64, pack: &Pack) -> Attempt {
    attempt::assumed(machine, at, (StageId::FIRST, pack.ladder().last_stage()))
}
