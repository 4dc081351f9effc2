//! From records to the diagnosis: each stage called in its order, its results put into the report's words.

use crate::address::{machine_key, user_key};
use crate::attempt::{self, Aborted, Attempt, Outcome, span_ticks};
use crate::coverage::Coverage;
use crate::diagnosis as view;
use crate::evidence::{Codes, Scene, Seen, State};
use crate::fact::frequent;
use crate::incident::{self, Background, Incident};
use crate::lead;
use crate::pairing::{self, ClockOffset};
use crate::rank::{self, Ranked, Weighed};
use crate::timeline::{Machine, Timeline};
use rdpwhy_logs::{FileTime, Reading, RecordGap};
use rdpwhy_rules::{
    Anchor, Cause, CauseId, Clause, CodeValue, Cost, End, Evidence, Finding, Pack, Relation, Side, SignalId,
    StageId,
};
use std::collections::{BTreeMap, BTreeSet};
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

/// At most so many records are listed for an attempt.
const RECORDS_OF_ATTEMPT: usize = 40;
/// So many records of a piece of evidence are handed on with their payload, …
const RECORDS_IN_FULL: usize = 3;
/// … of which at most so many fields, …
const FIELDS_OF_RECORD: usize = 24;
/// … each cut beyond so many characters: payloads can be large, and every cause has its own records.
const FIELD_LONGEST: usize = 300;
/// At most so many gaps of a log are listed.
const GAPS_LISTED: usize = 20;
/// At most so many values are listed in a count.
const LISTED: usize = 20;
/// From so many attempts on, those alike are told as one.
const TOLD_SINGLY: usize = 500;
/// The ticket's time points at failures at most this far away.
const AROUND: Duration = Duration::from_secs(900);
/// Probabilities and ratios are rounded to this many digits, so that every machine prints the same.
const DIGITS: f64 = 1e6;
/// Without an earlier success, changes are told from this long before an incident on.
const UNKNOWN_PAST: Duration = Duration::from_secs(7 * 86_400);
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
    let incidents = asked_for(incidents, options);
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
fn in_view(attempt: &Attempt, options: &Options) -> bool {
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

/// The incidents that the ticket's time points at, if it names one; all of them otherwise.
fn asked_for(incidents: Vec<Incident>, options: &Options) -> Vec<Incident> {
    let Some(at) = options.at.map(crate::coverage::ticks) else { return incidents };
    let around = span_ticks(AROUND);
    let near = |incident: &Incident| incident.start - around <= at && at <= incident.end + around;
    if incidents.iter().any(near) { incidents.into_iter().filter(near).collect() } else { incidents }
}

/// An incident with its ranking.
struct RankedIncident {
    incident: Incident,
    ranking: rank::Ranking,
    assumed: bool,
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
    let mut ranked: Vec<RankedIncident> = Vec::new();
    for incident in incidents.into_iter().flat_map(|incident| split(scene, incident)) {
        let ranking = rank::rank(scene, &incident, &|_| true);
        let diagnosed = scene.pack.ladder().ranking.diagnosed;
        let gap = span_ticks(scene.pack.ladder().incident_gap);
        let clear = |ranking: &rank::Ranking| {
            ranking.causes.first().filter(|first| first.probability >= diagnosed).map(|first| first.cause)
        };
        let twin = ranked.iter().position(|other| {
            other.incident.machine == incident.machine
                && incident.start - other.incident.end <= gap
                && clear(&other.ranking).is_some()
                && clear(&other.ranking) == clear(&ranking)
        });
        match twin {
            Some(twin) => {
                let joined = incident::join(&ranked[twin].incident, &incident);
                let ranking = rank::rank(scene, &joined, &|_| true);
                ranked[twin] = RankedIncident { incident: joined, ranking, assumed: false };
            }
            None => ranked.push(RankedIncident { incident, ranking, assumed: false }),
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
    let at = crate::coverage::ticks(options.at.unwrap_or(last));
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

/// Everything that the report's words are made of.
struct Assembly<'a> {
    scene: &'a Scene<'a>,
    reading: &'a Reading,
    options: &'a Options,
    ranked: &'a [RankedIncident],
    background: &'a Background,
}

impl Assembly<'_> {
    fn finish(&self) -> view::Diagnosis {
        let mut diagnoses: Vec<view::Cause> = Vec::new();
        for (index, ranked) in self.ranked.iter().enumerate() {
            diagnoses.extend(self.causes(index + 1, ranked));
        }
        diagnoses.sort_by(|a, b| {
            b.probability
                .total_cmp(&a.probability)
                .then(a.incident.cmp(&b.incident))
                .then_with(|| a.cause.cmp(&b.cause))
        });
        let mut warnings: Vec<String> = self.reading.warnings.iter().map(ToString::to_string).collect();
        let open = |index: &usize| self.scene.attempts[*index].outcome == Outcome::Unknown;
        if self.ranked.iter().any(|ranked| ranked.incident.failures.iter().any(open)) {
            warnings.push(
                "the logs do not show how some attempts ended; they are taken for failures because of the ticket or the \
                 evidence"
                    .to_owned(),
            );
        }
        if self.ranked.iter().any(|ranked| ranked.assumed) {
            warnings.push(
                "no connection attempt is in these logs; the diagnosis rests on a lasting fault that they show".to_owned(),
            );
        }
        view::Diagnosis {
            schema_version: 1,
            tool: self.tool(),
            asked: self.asked(),
            verdict: self.verdict(),
            stages: self.stages(),
            incidents: self
                .ranked
                .iter()
                .enumerate()
                .map(|(index, ranked)| self.incident(index + 1, ranked))
                .collect(),
            diagnoses,
            attempts: self.attempts(),
            totals: self.totals(),
            background: self.background(),
            clocks: self.clocks(),
            coverage: self.coverage(),
            archives: self.reading.archives.clone(),
            collect: self.collect(),
            notices: self.notices(),
            leads: lead::leads(
                self.reading,
                self.scene,
                &self.ranked.iter().map(|r| &r.incident).collect::<Vec<_>>(),
            ),
            warnings,
        }
    }

    fn pack(&self) -> &Pack {
        self.scene.pack
    }

    fn tool(&self) -> view::Tool {
        view::Tool {
            name: "rdpwhy".to_owned(),
            version: self.options.version.clone(),
            rules: self.pack().fingerprint().to_owned(),
            signals: self.pack().signals().len(),
            causes: self.pack().causes().len(),
        }
    }

    fn asked(&self) -> view::Asked {
        let hex = |code: u32| format!("{code:#x}");
        view::Asked {
            since: self.options.since.map(|time| time.to_string()),
            until: self.options.until.map(|time| time.to_string()),
            at: self.options.at.map(|time| time.to_string()),
            error: self.options.error.map(hex),
            extended: self.options.extended.map(hex),
            error_name: self.options.error.and_then(|code| self.code_name(code)),
            extended_name: self.options.extended.and_then(|code| self.extended_name(code)),
            user: self.options.user.clone(),
            source: self.options.source.clone(),
        }
    }

    fn verdict(&self) -> view::Verdict {
        let clear = self.ranked.iter().any(|ranked| self.stands_out(ranked));
        match (self.ranked.is_empty(), clear, !self.any_in_view()) {
            (false, true, _) => view::Verdict::Diagnosed,
            (false, false, _) => view::Verdict::Inconclusive,
            (true, _, false) => view::Verdict::Healthy,
            (true, _, true) => view::Verdict::NoEvidence,
        }
    }

    /// Whether any attempt lies where the ticket asks for one.
    fn any_in_view(&self) -> bool {
        let at = self.options.at.map(crate::coverage::ticks);
        let near = |attempt: &Attempt| {
            let around = span_ticks(AROUND);
            at.is_none_or(|at| attempt.start - around <= at && at <= attempt.end + around)
        };
        self.scene.attempts.iter().any(|attempt| near(attempt) && in_view(attempt, self.options))
    }

    /// Whether the first cause is likely enough to be the verdict.
    fn stands_out(&self, ranked: &RankedIncident) -> bool {
        let diagnosed = self.pack().ladder().ranking.diagnosed;
        ranked.ranking.causes.first().is_some_and(|first| first.probability >= diagnosed)
    }

    fn stages(&self) -> Vec<view::Stage> {
        let stages = self.pack().ladder().stages.iter();
        stages.map(|stage| view::Stage { id: stage.id.clone(), title: stage.title.clone() }).collect()
    }

    fn stage(&self, stage: StageId) -> String {
        self.pack().ladder().stages[stage.index()].id.clone()
    }

    fn machine(&self, machine: Machine) -> String {
        self.scene.timeline.machines.name(machine).to_owned()
    }

    fn incident(&self, id: usize, ranked: &RankedIncident) -> view::Incident {
        let incident = &ranked.incident;
        let failures: Vec<&Attempt> =
            incident.failures.iter().map(|&index| &self.scene.attempts[index]).collect();
        let sources = frequent(failures.iter().filter_map(|a| a.source().map(str::to_owned)));
        let users = frequent(failures.iter().filter_map(|a| a.user.clone()));
        view::Incident {
            id,
            machine: self.machine(incident.machine),
            side: failures.first().map_or("host", |first| first.side.as_str()).to_owned(),
            started: time(incident.start),
            ended: time(incident.end),
            failures: failures.len(),
            stage: self.stage(incident.broke.0),
            stage_last: self.stage(incident.broke.1),
            source_count: sources.len(),
            sources: counted(sources),
            user_count: users.len(),
            users: counted(users),
            strangers: incident.strangers,
            assumed: ranked.assumed,
            none: round(ranked.ranking.none),
            none_prior: round(ranked.ranking.none_prior),
            changes: self.changes(incident, &failures),
            stands_out: self.stands_out(ranked),
            last_good: self.last_good(incident, &failures),
        }
    }

    /// What changed on the machines between the last success before the incident (or a week before it) and its start.
    fn changes(&self, incident: &Incident, failures: &[&Attempt]) -> Vec<view::Change> {
        let good = self.good_before(incident);
        let last = self.same_good(&good, failures).or_else(|| good.last().copied());
        let from = last.map_or(incident.start - span_ticks(UNKNOWN_PAST), |attempt| attempt.start);
        let machines = self.scene.machines(incident);
        let timeline = self.scene.timeline;
        let mut found: Vec<(i64, u32, SignalId)> = Vec::new();
        for signal in &self.pack().ladder().changes {
            let seen = timeline.between(*signal, from, incident.start).iter();
            let own = seen.filter(|event| machines.contains(&timeline.machine[**event as usize]));
            found.extend(own.map(|&event| (timeline.time[event as usize], event, *signal)));
        }
        found.sort_unstable();
        found.dedup_by_key(|(_, event, _)| *event);
        // The latest are the likeliest to matter.
        let skipped = found.len().saturating_sub(LISTED);
        let told = found.into_iter().skip(skipped).map(|(_, event, signal)| view::Change {
            title: self.pack().signal(signal).signal.title.clone(),
            signal: self.pack().signal(signal).name.clone(),
            record: self.record(event),
        });
        told.collect()
    }

    /// Successes on the incident's machine before it, by start.
    fn good_before(&self, incident: &Incident) -> Vec<&Attempt> {
        let earlier = self.scene.attempts.iter().take_while(|attempt| attempt.start < incident.start);
        earlier.filter(|attempt| attempt.is_success() && attempt.involves(incident.machine)).collect()
    }

    /// The last of the successes that shares a source or a user with the failures.
    fn same_good<'g>(&self, good: &[&'g Attempt], failures: &[&Attempt]) -> Option<&'g Attempt> {
        let sources: BTreeSet<&str> = failures.iter().filter_map(|a| a.source()).collect();
        let users: BTreeSet<String> =
            failures.iter().filter_map(|a| a.user.as_deref().map(user_key)).collect();
        let same = |a: &&&Attempt| {
            a.source().is_some_and(|source| sources.contains(source))
                || a.user.as_deref().is_some_and(|user| users.contains(&user_key(user)))
        };
        good.iter().rev().find(same).copied()
    }

    fn last_good(&self, incident: &Incident, failures: &[&Attempt]) -> Option<view::LastGood> {
        let good = self.good_before(incident);
        let own = self.same_good(&good, failures);
        let last = own.or_else(|| good.last().copied())?;
        Some(view::LastGood {
            time: time(last.start),
            source: last.source().map(str::to_owned),
            user: last.user.clone(),
            same: own.is_some(),
        })
    }

    fn causes(&self, id: usize, ranked: &RankedIncident) -> Vec<view::Cause> {
        ranked.ranking.causes.iter().map(|cause| self.cause(id, ranked, cause)).collect()
    }

    fn cause(&self, id: usize, incident: &RankedIncident, ranked: &Ranked) -> view::Cause {
        let pack = self.pack();
        let cause = pack.cause(ranked.cause);
        let others = &incident.ranking.causes;
        // What a cause brings about shows in its own right if something speaks for it.
        let shows = |other: &Ranked| other.weighed.iter().any(|w| w.counted && w.log_ratio > 0.0);
        let effects = cause.leads_to.iter().filter(|effect| {
            others.iter().any(|other| {
                other.cause == **effect && other.probability < ranked.probability && shows(other)
            })
        });
        let root = others.iter().find(|other| {
            other.probability > ranked.probability
                && shows(other)
                && pack.cause(other.cause).leads_to.contains(&ranked.cause)
        });
        let (counted, other): (Vec<_>, Vec<_>) = ranked
            .weighed
            .iter()
            .map(|weighed| (weighed.counted, self.evidence(cause, weighed)))
            .partition(|(counted, _)| *counted);
        let strip =
            |list: Vec<(bool, Option<view::Evidence>)>| list.into_iter().filter_map(|(_, e)| e).collect();
        view::Cause {
            cause: cause.id.clone(),
            title: cause.title.clone(),
            headline: cause.verdict.clone(),
            incident: id,
            probability: round(ranked.probability),
            prior: round(ranked.prior),
            side: cause.side.clone(),
            stage: cause.stages.first().map(|stage| self.stage(*stage)).unwrap_or_default(),
            mechanism: cause.mechanism.clone(),
            evidence: strip(counted),
            not_counted: strip(other),
            leads_to: effects.map(|effect| pack.cause(*effect).id.clone()).collect(),
            consequence_of: root.filter(|_| shows(ranked)).map(|root| pack.cause(root.cause).id.clone()),
            fix: self.fix(cause),
            never: cause.never.clone(),
            confusers: cause
                .confusers
                .iter()
                .map(|confuser| view::Confuser {
                    cause: pack.cause(confuser.cause).id.clone(),
                    tell: confuser.tell.clone(),
                })
                .collect(),
            references: cause.references.clone(),
        }
    }

    /// The steps in working order; what weakens security comes last, whatever the rule's order.
    fn fix(&self, cause: &Cause) -> Vec<view::Step> {
        let pack = self.pack();
        let mut steps: Vec<_> = cause.fix.iter().map(|fix| (pack.step(fix.step), fix.helps)).collect();
        steps.sort_by_key(|(step, _)| step.cost == Cost::Weakens);
        steps
            .into_iter()
            .map(|(step, helps)| view::Step {
                step: step.id.clone(),
                do_: step.do_.clone(),
                where_: step.where_.clone(),
                run: step.run.clone(),
                changes: step.changes.clone(),
                cost: step.cost.as_str().to_owned(),
                risk: step.risk.clone(),
                side_effects: step.side_effects.clone(),
                undo: step.undo.clone(),
                verify: step.verify.clone(),
                helps,
            })
            .collect()
    }

    fn evidence(&self, cause: &Cause, weighed: &Weighed) -> Option<view::Evidence> {
        let seen = &weighed.seen;
        let ratio = if weighed.counted { round(weighed.log_ratio.exp()) } else { 1.0 };
        let Some(evidence) = weighed.evidence.map(|index| &cause.evidence[index]) else {
            return weighed.counted.then(|| self.stage_evidence(cause, seen, ratio));
        };
        let because = match (seen.state, evidence.if_absent) {
            (State::Absent, Some(_)) => {
                format!("Missing, although the logs cover it: {}", plain(&evidence.because))
            }
            _ => self.fill(&evidence.because, seen),
        };
        let because = match seen.successes {
            Some((also, of)) => {
                format!("{because} ({} of {} failures, {also} of {of} successes)", seen.count, seen.of)
            }
            None => because,
        };
        let note = match seen.state {
            State::Unknown => Some(seen.why.clone().unwrap_or_else(|| "unknown".to_owned())),
            State::Absent if !weighed.counted => Some("not seen".to_owned()),
            State::Present if !weighed.counted => Some(match &evidence.group {
                Some(group) => format!("stronger evidence of the group `{group}` counts instead"),
                None => "says nothing by itself".to_owned(),
            }),
            _ => None,
        };
        Some(view::Evidence {
            id: evidence.id.clone(),
            signal: self.name(&evidence.finding),
            because,
            likelihood_ratio: ratio,
            for_it: if weighed.counted { weighed.log_ratio > 0.0 } else { evidence.supports },
            state: word(seen.state).to_owned(),
            seen: seen.count,
            of: seen.of,
            group: evidence.group.clone(),
            recovered: seen.recovered,
            note,
            record_count: seen.total,
            records: if weighed.counted { self.proof(&seen.events) } else { self.records(&seen.events) },
        })
    }

    fn stage_evidence(&self, cause: &Cause, seen: &Seen, ratio: f64) -> view::Evidence {
        let stages: Vec<String> = cause.stages.iter().map(|stage| self.stage(*stage)).collect();
        view::Evidence {
            id: "stage".to_owned(),
            signal: "stage".to_owned(),
            because: format!("The failures broke elsewhere: this cause breaks at {}", stages.join(", ")),
            likelihood_ratio: ratio,
            for_it: false,
            state: word(State::Present).to_owned(),
            seen: seen.count,
            of: seen.of,
            group: None,
            recovered: false,
            note: None,
            record_count: 0,
            records: Vec::new(),
        }
    }

    fn name(&self, finding: &Finding) -> String {
        match finding {
            Finding::Signal { signals, .. } | Finding::Absent { signals, .. } => signals
                .iter()
                .map(|signal| self.pack().signal(*signal).name.clone())
                .collect::<Vec<_>>()
                .join(", "),
            Finding::Attempts(fact) => fact.phrase.clone(),
            Finding::Code(_) => "code".to_owned(),
            Finding::Extended(_) => "extended".to_owned(),
        }
    }

    /// Fills `{Field}`, `{count}` and `{failures}` of a sentence.
    fn fill(&self, sentence: &str, seen: &Seen) -> String {
        let mut filled = String::with_capacity(sentence.len());
        let mut rest = sentence;
        while let Some(open) = rest.find('{') {
            filled.push_str(&rest[..open]);
            let Some(close) = rest[open..].find('}') else { break };
            let name = &rest[open + 1..open + close];
            let in_brackets = filled.matches('(').count() > filled.matches(')').count();
            filled.push_str(&self.filling(name, seen, in_brackets));
            rest = &rest[open + close + 1..];
        }
        filled.push_str(rest);
        // A field that the record lacks leaves nothing behind.
        filled.replace(" ()", "")
    }

    /// The value of a field of the first record that has one; a code with what it is called.
    fn filling(&self, name: &str, seen: &Seen, in_brackets: bool) -> String {
        match name {
            "count" => seen.total.max(seen.count).to_string(),
            "failures" => seen.of.to_string(),
            _ => {
                let events = seen.events.iter().map(|&event| &self.scene.timeline.events[event as usize]);
                let mut values = events.filter_map(|event| Some((event, event.field(name)?.trim())));
                let Some((event, value)) = values.find(|(_, value)| !value.is_empty()) else {
                    return String::new();
                };
                match self.pack().decode(&event.provider, event.event_id, name, value) {
                    Some(code) if in_brackets => format!("{value}, {}", code.label()),
                    Some(code) => format!("{value} ({})", code.label()),
                    None => value.to_owned(),
                }
            }
        }
    }

    fn records(&self, events: &[u32]) -> Vec<view::Record> {
        events.iter().map(|&event| self.record(event)).collect()
    }

    /// The records, the first of them with their payload.
    fn proof(&self, events: &[u32]) -> Vec<view::Record> {
        let mut records = self.records(events);
        for (record, &event) in records.iter_mut().zip(events).take(RECORDS_IN_FULL) {
            let fields = self.scene.timeline.events[event as usize].fields.iter().take(FIELDS_OF_RECORD);
            record.fields = fields
                .map(|field| view::Field { name: cut(field.name), value: cut(field.value.trim()) })
                .collect();
        }
        records
    }

    fn record(&self, event: u32) -> view::Record {
        let event = &self.scene.timeline.events[event as usize];
        view::Record {
            file: self.reading.logs[event.file.0 as usize].name.clone(),
            channel: event.channel.to_string(),
            computer: event.computer.to_string(),
            provider: event.provider.to_string(),
            event_id: event.event_id,
            record_id: event.record_id,
            recovered: event.recovered,
            time: event.time.to_string(),
            fields: Vec::new(),
        }
    }

    fn totals(&self) -> view::Totals {
        let mut totals = view::Totals::default();
        for attempt in self.scene.attempts {
            totals.dropped += usize::from(attempt.outcome == Outcome::Succeeded && attempt.dropped);
            match attempt.outcome {
                Outcome::Failed => totals.failed += 1,
                Outcome::Succeeded => totals.succeeded += 1,
                Outcome::Aborted => totals.aborted += 1,
                Outcome::Unknown => totals.unknown += 1,
            }
        }
        totals
    }

    fn attempts(&self) -> Vec<view::Attempt> {
        let mut incident_of: BTreeMap<usize, usize> = BTreeMap::new();
        for (number, ranked) in self.ranked.iter().enumerate() {
            incident_of.extend(ranked.incident.failures.iter().map(|&index| (index, number + 1)));
        }
        let singly = self.scene.attempts.len() <= TOLD_SINGLY;
        let mut groups: BTreeMap<String, usize> = BTreeMap::new();
        let mut told: Vec<view::Attempt> = Vec::new();
        for (index, attempt) in self.scene.attempts.iter().enumerate() {
            let incident = incident_of.get(&index).copied();
            // Whoever guesses tries many names: those of failures do not keep attempts apart.
            let user =
                attempt.user.as_deref().filter(|_| attempt.outcome == Outcome::Succeeded).map(user_key);
            let key = format!(
                "{:?}|{:?}|{:?}|{:?}|{:?}|{:?}|{:?}|{:?}|{:?}",
                attempt.side,
                attempt.machine,
                attempt.source(),
                user,
                attempt.outcome,
                attempt.broke,
                attempt.reached,
                attempt.aborted,
                incident
            );
            match groups.get(&key) {
                Some(&group) if !singly => {
                    told[group].count += 1;
                    told[group].ended = told[group].ended.clone().max(time(attempt.end));
                    if let Some(source) = attempt.source() {
                        told[group].source = Some(source.to_owned());
                    }
                    if told[group].user.as_deref().map(user_key) != attempt.user.as_deref().map(user_key) {
                        told[group].user = None;
                    }
                }
                _ => {
                    groups.insert(key, told.len());
                    told.push(self.attempt(attempt, incident));
                }
            }
        }
        told
    }

    fn attempt(&self, attempt: &Attempt, incident: Option<usize>) -> view::Attempt {
        let reached = attempt.reached.map(|stage| self.stage(stage));
        let mut events: Vec<u32> = attempt.records.iter().map(|joined| joined.event).collect();
        events.dedup();
        events.truncate(RECORDS_OF_ATTEMPT);
        let side = if attempt.side == Side::Host && attempt.other.is_some() {
            "both"
        } else {
            attempt.side.as_str()
        };
        view::Attempt {
            started: time(attempt.start),
            ended: time(attempt.end),
            side: side.to_owned(),
            machine: self.machine(attempt.machine),
            other_machine: attempt.other.map(|machine| self.machine(machine)),
            source: attempt.address.as_ref().map(ToString::to_string),
            user: attempt.user.clone(),
            target: attempt.target.clone(),
            outcome: outcome(attempt.outcome).to_owned(),
            aborted: attempt.aborted.map(|why| aborted(why).to_owned()),
            stage: attempt.broke.map(|broke| self.stage(broke.0)).or_else(|| reached.clone()),
            stage_last: attempt.broke.filter(|broke| broke.0 != broke.1).map(|broke| self.stage(broke.1)),
            reached,
            dropped: attempt.dropped,
            replaced: attempt.replaced,
            code: attempt.code.map(|code| format!("{code:#x}")),
            code_name: attempt.code.and_then(|code| self.code_name(code)),
            incident,
            count: 1,
            records: self.records(&events),
        }
    }

    /// What a code of the client's dialog is called.
    fn code_name(&self, code: u32) -> Option<String> {
        let (table, _) = self.pack().dialog()?;
        table.find(&CodeValue::Number(code))?.name.clone()
    }

    /// What an extended code of the client's dialog is called.
    fn extended_name(&self, code: u32) -> Option<String> {
        let (_, table) = self.pack().dialog()?;
        table.find(&CodeValue::Number(code))?.name.clone()
    }

    fn background(&self) -> Option<view::Background> {
        let failures: Vec<&Attempt> =
            self.background.failures.iter().map(|&index| &self.scene.attempts[index]).collect();
        let started = failures.iter().map(|attempt| attempt.start).min()?;
        let ended = failures.iter().map(|attempt| attempt.end).max()?;
        let sources = frequent(failures.iter().filter_map(|a| a.source().map(str::to_owned)));
        Some(view::Background {
            failures: failures.len(),
            source_count: sources.len(),
            sources: counted(sources),
            started: time(started),
            ended: time(ended),
        })
    }

    fn clocks(&self) -> Vec<view::Clock> {
        self.scene
            .offsets
            .iter()
            .map(|offset| {
                #[expect(clippy::cast_precision_loss, reason = "an offset is at most a day")]
                let seconds = offset.ahead as f64 / 1e7;
                view::Clock {
                    client: self.machine(offset.client),
                    host: self.machine(offset.host),
                    ahead_seconds: (seconds * 1000.0).round() / 1000.0,
                    attempts: offset.attempts,
                }
            })
            .collect()
    }

    fn coverage(&self) -> Vec<view::Coverage> {
        let mut rows: Vec<view::Coverage> = Vec::new();
        for log in &self.reading.logs {
            let first = rows.len();
            for span in &log.spans {
                rows.push(view::Coverage {
                    channel: span.channel.to_string(),
                    computer: span.computer.to_string(),
                    file: log.name.clone(),
                    sha256: log.sha256.clone(),
                    bytes: log.bytes,
                    records: span.records,
                    recovered: 0,
                    damaged: log.damages.len(),
                    gaps: usize::try_from(span.gap_count).unwrap_or(usize::MAX),
                    missing: span.gaps.iter().take(GAPS_LISTED).map(missing).collect(),
                    first: Some(span.first.to_string()),
                    last: Some(span.last.to_string()),
                });
            }
            let recovered = log.recovered;
            if let Some(row) = rows.get_mut(first) {
                row.recovered = recovered;
            }
            if log.spans.is_empty() {
                rows.push(view::Coverage {
                    channel: String::new(),
                    computer: String::new(),
                    file: log.name.clone(),
                    sha256: log.sha256.clone(),
                    bytes: log.bytes,
                    records: 0,
                    recovered,
                    damaged: log.damages.len(),
                    gaps: 0,
                    missing: Vec::new(),
                    first: None,
                    last: None,
                });
            }
        }
        rows
    }

    /// Logs that could change the ranking: evidence left unknown for want of a channel, by what it could add.
    fn collect(&self) -> Vec<view::Collect> {
        let mut wanted: BTreeMap<(String, String), (f64, BTreeSet<String>)> = BTreeMap::new();
        for ranked in self.ranked {
            for cause in &ranked.ranking.causes {
                let weight = cause.probability.max(cause.prior).min(1.0 - cause.probability / 2.0);
                let rule = self.pack().cause(cause.cause);
                for weighed in cause.weighed.iter().filter(|weighed| weighed.seen.state == State::Unknown) {
                    let Some(evidence) = weighed.evidence.map(|index| &rule.evidence[index]) else {
                        continue;
                    };
                    let (Finding::Signal { signals, relation } | Finding::Absent { signals, relation }) =
                        &evidence.finding
                    else {
                        continue;
                    };
                    for channel in self.uncovered(signals, &ranked.incident) {
                        let on = self.side_of(&channel, relation, &ranked.incident);
                        let entry = wanted.entry((channel, on)).or_default();
                        entry.0 += weight * evidence.ratio.ln();
                        entry.1.insert(rule.id.clone());
                    }
                }
            }
        }
        if self.ranked.is_empty() {
            self.basic_logs(&mut wanted);
        }
        let mut list: Vec<view::Collect> = wanted
            .into_iter()
            .map(|((channel, on), (value, causes))| view::Collect {
                why: self.why(&channel),
                command: format!(
                    "wevtutil epl \"{channel}\" \"{}.evtx\" /ow:true",
                    channel.replace('/', "%4")
                ),
                channel,
                on,
                causes: causes.into_iter().collect(),
                value: round(value),
            })
            .collect();
        list.sort_by(|a, b| {
            b.value.total_cmp(&a.value).then_with(|| a.channel.cmp(&b.channel)).then_with(|| a.on.cmp(&b.on))
        });
        list
    }

    /// Without failures: the channels that attempts are rebuilt from and that no log holds, by how many of the
    /// ladder's records stand in them.
    fn basic_logs(&self, wanted: &mut BTreeMap<(String, String), (f64, BTreeSet<String>)>) {
        for record in &self.pack().ladder().records {
            let channel = self.pack().signal(record.signal).home_channel();
            let held =
                self.scene.timeline.machines.all().any(|machine| self.scene.coverage.holds(machine, channel));
            if !held && record.side != Side::Gateway {
                wanted.entry((channel.to_owned(), record.side.as_str().to_owned())).or_default().0 += 1.0;
            }
        }
    }

    fn uncovered(&self, signals: &[SignalId], incident: &Incident) -> BTreeSet<String> {
        let machines = self.scene.machines(incident);
        let covered = |channel: &str| {
            machines
                .iter()
                .any(|machine| self.scene.coverage.covers(*machine, channel, incident.start, incident.end))
        };
        let channels = signals.iter().map(|signal| self.pack().signal(*signal).home_channel());
        channels.filter(|channel| !covered(channel)).map(str::to_owned).collect()
    }

    /// On which machine a missing channel would be found.
    fn side_of(&self, channel: &str, relation: &Relation<SignalId>, incident: &Incident) -> String {
        for clause in &relation.clauses {
            match clause {
                Clause::On(End::Client) => return Side::Client.as_str().to_owned(),
                Clause::On(End::Host) => return Side::Host.as_str().to_owned(),
                _ => {}
            }
        }
        let ladder = self.pack().ladder();
        let of_ladder =
            ladder.records.iter().find(|record| self.pack().signal(record.signal).home_channel() == channel);
        let own = incident.failures.first().map_or(Side::Host, |&index| self.scene.attempts[index].side);
        let held = self.scene.coverage.holds(incident.machine, channel);
        match of_ladder {
            Some(record) => record.side.as_str().to_owned(),
            None if own == Side::Client && held => Side::Client.as_str().to_owned(),
            None => Side::Host.as_str().to_owned(),
        }
    }

    /// What the causes say about why to get a channel; the likeliest cause first.
    fn why(&self, channel: &str) -> String {
        for ranked in self.ranked {
            for cause in &ranked.ranking.causes {
                let rule = self.pack().cause(cause.cause);
                if let Some(collect) =
                    rule.collect.iter().find(|collect| collect.channel.eq_ignore_ascii_case(channel))
                {
                    return collect.why.clone();
                }
            }
        }
        let why = if self.ranked.is_empty() {
            "connection attempts leave their records there"
        } else {
            "it would settle evidence that is unknown now"
        };
        why.to_owned()
    }

    fn notices(&self) -> Vec<view::Notice> {
        let mut list = Vec::new();
        for notice in self.pack().notices() {
            for machine in self.scene.timeline.machines.all() {
                for incident in self.scopes(&notice.when, machine) {
                    let seen: Vec<Seen> =
                        notice.when.iter().map(|finding| self.scene.look(finding, &incident)).collect();
                    if seen.is_empty() || seen.iter().any(|seen| seen.state != State::Present) {
                        continue;
                    }
                    let telling = seen.iter().find(|seen| !seen.events.is_empty()).unwrap_or(&seen[0]);
                    // A machine at the other end of an attempt has its own say.
                    let of_machine = |event: &u32| self.scene.timeline.machine[*event as usize] == machine;
                    if !telling.events.is_empty() && !telling.events.iter().any(of_machine) {
                        continue;
                    }
                    list.push(view::Notice {
                        id: notice.id.clone(),
                        title: notice.title.clone(),
                        severity: notice.severity.clone(),
                        machine: self.machine(machine),
                        text: self.fill(&notice.text, telling),
                        so: notice.so.clone(),
                        count: telling.total.max(telling.count),
                        records: self.records(&telling.events),
                    });
                    break;
                }
            }
        }
        let rank = |severity: &str| ["security", "warning", "info"].iter().position(|word| *word == severity);
        list.sort_by(|a, b| {
            (rank(&a.severity), &a.id, &a.machine).cmp(&(rank(&b.severity), &b.id, &b.machine))
        });
        list
    }

    /// Where a notice is looked for: near the failures if it speaks of them, else in all that the machine holds.
    fn scopes(&self, when: &[Finding], machine: Machine) -> Vec<Incident> {
        let near_failures = when.iter().any(|finding| match finding {
            Finding::Signal { relation, .. } | Finding::Absent { relation, .. } => {
                relation.anchor != Anchor::AnyTime
            }
            Finding::Attempts(_) | Finding::Code(_) | Finding::Extended(_) => false,
        });
        if near_failures {
            let own = self.ranked.iter().map(|ranked| &ranked.incident);
            return own.filter(|incident| incident.machine == machine).cloned().collect();
        }
        let Some((start, end)) = self.scene.coverage.extent(machine) else { return Vec::new() };
        let attempts = self.scene.attempts;
        let failures = (0..attempts.len()).filter(|&index| attempts[index].machine == machine).collect();
        vec![Incident {
            machine,
            failures,
            start,
            end,
            broke: (StageId::FIRST, self.pack().ladder().last_stage()),
            strangers: false,
        }]
    }
}

fn time(ticks: i64) -> String {
    FileTime(u64::try_from(ticks).unwrap_or(0)).to_string()
}

fn round(number: f64) -> f64 {
    // Six digits after the point for probabilities, six significant ones for large ratios.
    (number * DIGITS).round() / DIGITS
}

fn counted(list: Vec<(String, usize)>) -> Vec<view::Counted> {
    list.into_iter().take(LISTED).map(|(value, count)| view::Counted { value, count }).collect()
}

/// The text, with `…` for what stands beyond the length of a field.
fn cut(text: &str) -> String {
    match text.char_indices().nth(FIELD_LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn missing(gap: &RecordGap) -> view::Missing {
    view::Missing {
        records: gap.before_id.saturating_sub(gap.after_id).saturating_sub(1),
        after: gap.after.to_string(),
        before: gap.before.to_string(),
    }
}

fn plain(sentence: &str) -> String {
    let mut text = String::with_capacity(sentence.len());
    let mut depth = 0_usize;
    for letter in sentence.chars() {
        match letter {
            '{' => depth += 1,
            '}' => {
                depth = depth.saturating_sub(1);
                text.push('…');
            }
            _ if depth == 0 => text.push(letter),
            _ => {}
        }
    }
    text
}

fn word(state: State) -> &'static str {
    match state {
        State::Present => "present",
        State::Absent => "absent",
        State::Unknown => "unknown",
    }
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Failed => "failed",
        Outcome::Succeeded => "succeeded",
        Outcome::Aborted => "aborted",
        Outcome::Unknown => "unknown",
    }
}

fn aborted(why: Aborted) -> &'static str {
    match why {
        Aborted::Preconnection => "preconnection",
        Aborted::Closed => "closed",
        Aborted::LogonScreen => "logon-screen",
        Aborted::Probe => "probe",
        Aborted::Retried => "retried",
    }
}
