//! From what was read to ranked causes: each stage called in its order.

use crate::address::{machine_key, user_key};
use crate::assemble::Assembly;
use crate::attempt::{self, Attempt, Outcome, span_ticks};
use crate::belief;
use crate::coverage::{Coverage, ticks};
use crate::diagnosis as view;
use crate::evidence::{Codes, Scene};
use crate::incident::{self, Incident};
use crate::pairing::{self, ClockOffset};
use crate::rank::{self, Caution};
use crate::timeline::{Machine, Timeline};
use rdpwhy_event::FileTime;
use rdpwhy_logs::Reading;
use rdpwhy_rules::{Anchor, CauseId, Clause, Evidence, Finding, Pack, Side, StageId};
use std::time::Duration;

/// What the ticket says beyond its logs.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Only failures from here on.
    pub since: Option<FileTime>,
    /// Only failures up to here.
    pub until: Option<FileTime>,
    /// The time in the ticket.
    pub at: Option<FileTime>,
    /// The code of the client's dialog.
    pub error: Option<u32>,
    /// Its extended code.
    pub extended: Option<u32>,
    /// Only this user's failures.
    pub user: Option<String>,
    /// Only failures from this address or client.
    pub source: Option<String>,
    /// Version of the program, for the report.
    pub version: String,
}

impl Options {
    /// Whether the ticket says that something failed: a moment, a person, a place or a code.
    pub(crate) fn is_complaint(&self) -> bool {
        let named = self.user.is_some() || self.source.is_some();
        named || self.at.is_some() || self.error.is_some() || self.extended.is_some()
    }
}

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
    let heard = belief::hear(&mut attempts, &timeline, pack.ladder());
    if let Some(code) = options.error {
        attempt::blame(&mut attempts, code, pack.ladder());
    }
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
    if ranked.is_empty() && !options.at.is_some_and(|at| outside(&scene, ticks(at))) {
        let shown = shown_working(&attempts, options);
        ranked.extend(implied(&scene, options, &heard).or_else(|| assumed(&scene, reading, options, shown)));
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
    let time = |at: FileTime| crate::coverage::ticks(at);
    options.since.is_none_or(|since| attempt.end >= time(since))
        && options.until.is_none_or(|until| attempt.start <= time(until))
}

/// Whether the ticket is about this attempt; `None` where it does not say, or where the records do not.
fn focus(attempt: &Attempt, options: &Options) -> Option<bool> {
    let same_user = |user: &String| attempt.user.as_deref().map(|own| user_key(own) == user_key(user));
    let same_source = |source: &String| {
        let wanted = crate::address::Address::parse(source).host;
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
    let Some(at) = options.at.map(crate::coverage::ticks) else { return incidents };
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
        counted
            .any(|w| !w.seen.recovered && w.rule().is_some_and(|index| cause.evidence[index].ratio >= strong))
    })
}

/// Whether the logs show that very user, source or moment working that the ticket complains of.
fn shown_working(attempts: &[Attempt], options: &Options) -> bool {
    if options.error.is_some() || options.extended.is_some() {
        return false;
    }
    let around = span_ticks(AROUND);
    let near = |attempt: &Attempt| {
        let at = options.at.map(ticks);
        at.is_none_or(|at| attempt.start - around <= at && at <= attempt.end + around)
    };
    let named = options.user.is_some() || options.source.is_some();
    let about = |attempt: &Attempt| match focus(attempt, options) {
        Some(about) => about,
        None => !named,
    };
    attempts.iter().any(|attempt| attempt.is_success() && near(attempt) && about(attempt))
}

/// Records speak of a fault, and no log shows who connected: what they point at.
fn implied(scene: &Scene<'_>, options: &Options, heard: &[u32]) -> Option<RankedIncident> {
    let belief = &scene.pack.ladder().belief;
    let around = span_ticks(AROUND);
    let asked = |attempt: &Attempt| {
        let at = options.at.map(ticks);
        at.is_none_or(|at| attempt.start - around <= at && at <= attempt.end + around)
            && in_view(attempt, options)
    };
    let implied = belief::implied(scene.timeline, scene.coverage, scene.pack, heard);
    let implied: Vec<(Attempt, f64)> = implied.into_iter().filter(|(attempt, _)| asked(attempt)).collect();
    let attempts: Vec<Attempt> = implied.iter().map(|(attempt, _)| attempt.clone()).collect();
    let extended =
        Scene::new(scene.timeline, scene.pack, &attempts, scene.coverage, scene.offsets, scene.codes);
    let everything = |_: &Attempt| true;
    let (incidents, _) = incident::gather(&attempts, scene.pack.ladder(), &everything, &|_| None);
    let ranked = incidents.into_iter().map(|incident| {
        let most = incident.failures.iter().map(|&index| implied[index].1).fold(0.0, f64::max);
        let caution = Caution { none: belief.implied.none, most };
        let ranking = rank::rank_cautiously(&extended, &incident, &|_| true, caution);
        let incident = Incident { failures: Vec::new(), ..incident };
        RankedIncident { incident, ranking, assumed: true }
    });
    most_likely(ranked)
}

/// Whether what speaks for the first cause was written after that moment.
fn rests_on_later(scene: &Scene<'_>, ranking: &rank::Ranking, moment: i64) -> bool {
    let Some(first) = ranking.causes.first() else { return false };
    let mut records =
        first.weighed.iter().filter(|w| w.counted && w.log_ratio > 0.0).flat_map(|w| &w.seen.events);
    records.any(|&event| scene.timeline.time[event as usize] > moment)
}

/// The one whose first cause is the most likely; of equals the first.
fn most_likely(ranked: impl Iterator<Item = RankedIncident>) -> Option<RankedIncident> {
    let first = |ranked: &RankedIncident| {
        ranked
            .ranking
            .causes
            .first()
            .filter(|first| first.is_supported())
            .map_or(0.0, |first| first.probability)
    };
    ranked.fold(None, |best, next| match best {
        Some(best) if first(&best) >= first(&next) => Some(best),
        _ => Some(next),
    })
}

/// Without any attempt in the logs, a lasting fault may still show; and where the ticket says that a connection failed, it
/// did, whatever the logs show.
///
/// Only states count then (something happened, and nothing ended it), and the ticket's codes; where the ticket names the
/// moment, also what happened around it.
fn assumed(scene: &Scene<'_>, reading: &Reading, options: &Options, shown: bool) -> Option<RankedIncident> {
    let lasting = |evidence: &Evidence| match &evidence.finding {
        Finding::Signal { relation, .. } => {
            options.at.is_some()
                || matches!(relation.anchor, Anchor::Before(_))
                    && relation.clauses.iter().any(|c| matches!(c, Clause::WithNo(_)))
        }
        Finding::Code(_) | Finding::Extended(_) => true,
        _ => false,
    };
    let complaint = options.is_complaint() && !shown;
    let belief = &scene.pack.ladder().belief;
    let none = if complaint { belief.implied.complaint_none } else { scene.pack.ladder().ranking.none };
    let caution = Caution { none, most: belief.implied.most };
    let last = reading.logs.iter().flat_map(|log| log.spans.iter().map(|span| span.last)).max()?;
    let at = ticks(options.at.unwrap_or(last));
    let stages = (StageId::FIRST, scene.pack.ladder().last_stage());
    let ranked = scene.timeline.machines.all().filter_map(|machine| {
        let ghosts = [attempt::assumed(Side::Host, machine, at, stages)];
        let ghost_scene =
            Scene::new(scene.timeline, scene.pack, &ghosts, scene.coverage, scene.offsets, scene.codes);
        let incident =
            Incident { machine, failures: vec![0], start: at, end: at, broke: stages, strangers: false };
        let ranking = rank::rank_cautiously(&ghost_scene, &incident, &lasting, caution);
        let clear = ranking
            .causes
            .first()
            .is_some_and(|first| first.probability >= scene.pack.ladder().ranking.diagnosed);
        // Whoever got in after it began shows that it broke nothing, or that it is over.
        let got_in =
            scene.attempts.iter().filter(|a| a.is_success() && a.involves(machine)).map(|a| a.start).max();
        let clear = clear && got_in.is_none_or(|last| rests_on_later(scene, &ranking, last));
        // The code alone names a cause only where it names one clearly.
        let records = |first: &rank::Ranked| {
            first.weighed.iter().any(|w| w.counted && w.log_ratio > 0.0 && !w.seen.events.is_empty())
        };
        let supported = ranking.causes.first().is_some_and(records);
        // Logs that cannot show a connection say nothing of one, whoever complains.
        let shows = supported || !scene.attempts.is_empty() || listens(machine, scene.pack, scene.coverage);
        let decided = (complaint && shows) || (clear && is_decided(&ghost_scene, &ranking));
        let incident = Incident { failures: Vec::new(), ..incident };
        decided.then_some(RankedIncident { incident, ranking, assumed: true })
    });
    most_likely(ranked)
}
