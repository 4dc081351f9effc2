//! Whether a finding holds for an incident: present, absent under coverage, or unknown and why.

use crate::attempts::attempt::{Attempt, Outcome, span_ticks};
use crate::attempts::pairing::ClockOffset;
use crate::cases::incident::Incident;
use crate::evidence::candidates::{Candidates, Found, standing};
use crate::memo::Memo;
use crate::world::coverage::Coverage;
use crate::world::key::{most, most_different};
use crate::world::timeline::{Machine, Timeline};
use rdpwhy_event::Event;
use rdpwhy_rules::{
    Anchor, Clause, Direction, Distinct, Edge, End, Finding, Pack, Quantifier, Relation, Role, Shared, Side,
    SignalId,
};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

/// Everything that evidence is looked for in.
pub(crate) struct Scene<'a> {
    /// Events and signals on the common clock.
    pub timeline: &'a Timeline<'a>,
    /// The rules.
    pub pack: &'a Pack,
    /// All attempts, by start.
    pub attempts: &'a [Attempt],
    /// What the logs hold.
    pub coverage: &'a Coverage,
    /// What shared attempts say about the clocks.
    pub offsets: &'a [ClockOffset],
    /// The codes of the client's dialog, if the ticket has them.
    pub codes: Codes,
    /// The attempt of each event that belongs to one; `u32::MAX` for the others.
    owners: Vec<u32>,
    /// Attempts that succeeded, by start.
    succeeded: Vec<u32>,
    /// What stands at any time, by relation and machines: the same for every incident.
    any_time: Memo<(usize, Vec<Machine>), AnyTime>,
    /// Start of the first success of each machine.
    first_success: HashMap<Machine, i64>,
}

/// Records that stand in a relation, and whether there are others of which the logs do not tell whether they do.
type AnyTime = (Arc<Vec<u32>>, bool);

/// The codes of the client's dialog.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Codes {
    /// The error code.
    pub(crate) error: Option<u32>,
    /// The extended error code.
    pub(crate) extended: Option<u32>,
}

/// Whether a finding holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum State {
    /// It is there.
    Present,
    /// It is missing although the logs would hold it.
    Absent,
    /// The logs cannot tell.
    Unknown,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Seen {
    /// Whether it holds.
    pub state: State,
    /// At how many failures (1 of 1 for findings about the whole incident).
    pub count: usize,
    /// Of how many that could show it.
    pub of: usize,
    /// How much of it counts, from 0 to 1.
    pub share: f64,
    /// The telling events, at most [`KEPT`], in time order; the first stands for all in sentences.
    pub events: Vec<u32>,
    /// How many telling events there are.
    pub total: usize,
    /// Where it was compared with successes: at how many of how many it is seen as well.
    pub successes: Option<(usize, usize)>,
    /// Why it is unknown.
    pub why: Option<String>,
    /// It rests on recovered records alone: old ones that no log holds any more.
    pub recovered: bool,
}

/// At most so many records stand as proof of one piece of evidence.
pub(crate) const KEPT: usize = 20;
/// A record counts as part of an attempt from this long before its first record …
const BEFORE: Duration = Duration::from_secs(1);
/// … to this long after its last.
const AFTER: Duration = Duration::from_secs(2);
/// An incident of a single failure is watched for successes this much longer: what others did before it belongs to its past.
const MEANWHILE: Duration = Duration::from_secs(600);
/// Lift is not claimed from fewer successes than this.
const LEAST_SUCCESSES: usize = 3;
/// Lift asks that the share at successes be at most this part of the share at failures.
const LIFT: f64 = 0.25;

impl<'a> Scene<'a> {
    /// Sets the scene.
    pub(crate) fn new(
        timeline: &'a Timeline<'a>,
        pack: &'a Pack,
        attempts: &'a [Attempt],
        coverage: &'a Coverage,
        offsets: &'a [ClockOffset],
        codes: Codes,
    ) -> Self {
        let mut owners = vec![u32::MAX; timeline.events.len()];
        let mut succeeded = Vec::new();
        for (index, attempt) in (0..).zip(attempts) {
            for joined in &attempt.records {
                owners[joined.event as usize] = index;
            }
            // A success that only recovered records tell of is not set against failures.
            if attempt.outcome == Outcome::Succeeded && !is_recovered(attempt, timeline.events) {
                succeeded.push(index);
            }
        }
        let mut first_success = HashMap::new();
        for attempt in succeeded.iter().map(|&index: &u32| &attempts[index as usize]) {
            for machine in std::iter::once(attempt.machine).chain(attempt.other) {
                first_success.entry(machine).or_insert(attempt.start);
            }
        }
        let any_time = Memo::default();
        Scene {
            timeline,
            pack,
            attempts,
            coverage,
            offsets,
            codes,
            owners,
            succeeded,
            any_time,
            first_success,
        }
    }

    /// Whether the finding holds for the incident.
    pub(crate) fn look(&self, finding: &Finding, incident: &Incident) -> Seen {
        let seen = match finding {
            Finding::Signal { signals, relation } => self.signal(signals, relation, incident, false),
            Finding::Absent { signals, relation } => self.signal(signals, relation, incident, true),
            Finding::Attempts(fact) => self.fact(fact, incident),
            Finding::Code(codes) => self.code(codes, incident),
            Finding::Extended(codes) => self.extended(codes),
        };
        let nothing_else = || incident.failures.iter().all(|&index| self.is_recovered(&self.attempts[index]));
        Seen { recovered: seen.recovered || (!incident.failures.is_empty() && nothing_else()), ..seen }
    }

    /// Nothing but recovered records tells of the attempt.
    pub(crate) fn is_recovered(&self, attempt: &Attempt) -> bool {
        is_recovered(attempt, self.timeline.events)
    }

    /// Counts a failure as spoken for by these records.
    pub(crate) fn vote(&self, tally: &mut Votes, events: &[u32]) {
        let recovered = |&event: &u32| self.timeline.events[event as usize].recovered;
        tally.vote(events);
        tally.live |= events.is_empty() || !events.iter().all(recovered);
    }

    fn signal(
        &self,
        signals: &[SignalId],
        relation: &Relation<SignalId>,
        incident: &Incident,
        absent: bool,
    ) -> Seen {
        match quantifier(&relation.anchor) {
            Some(quantifier) => self.per_failure(signals, relation, incident, quantifier, absent),
            None => self.per_incident(signals, relation, incident, absent),
        }
    }

    fn per_failure(
        &self,
        signals: &[SignalId],
        relation: &Relation<SignalId>,
        incident: &Incident,
        quantifier: Quantifier,
        absent: bool,
    ) -> Seen {
        let mut tally = Votes::default();
        let candidates = Candidates::new(self, signals, relation, &incident.failures);
        let mut failures = &incident.failures[..];
        if candidates.is_nowhere() && self.is_held_nowhere(signals) {
            // Of each of them the logs say the same: nothing.
            tally.unknown = failures.len();
            failures = &[];
        }
        for &index in failures {
            let Found { events, doubt } = candidates.of(index);
            let covered = || !doubt && self.covered(signals, relation, &self.attempts[index], absent);
            match (events.is_empty(), absent) {
                (false, true) => tally.against += 1,
                (false, false) => self.vote(&mut tally, &events),
                (true, _) if !covered() => tally.unknown += 1,
                (true, true) => self.vote(&mut tally, &[]),
                (true, false) => tally.against += 1,
            }
        }
        let seen = tally.decide(quantifier, || self.not_covered(signals));
        self.lift(seen, signals, relation, incident, absent)
    }

    /// Applies `rarely at successes`: what accompanies successes as well tells nothing.
    fn lift(
        &self,
        seen: Seen,
        signals: &[SignalId],
        relation: &Relation<SignalId>,
        incident: &Incident,
        absent: bool,
    ) -> Seen {
        let asked = relation.clauses.iter().any(|clause| matches!(clause, Clause::RarelyAtSuccesses));
        if !asked || seen.state != State::Present || absent {
            return seen;
        }
        // Only what the logs would show there can be compared.
        let successes: Vec<usize> = (0..self.attempts.len())
            .filter(|&index| {
                let attempt = &self.attempts[index];
                attempt.is_success()
                    && attempt.machine == incident.machine
                    && !self.is_recovered(attempt)
                    && self.covered(signals, relation, attempt, false)
            })
            .collect();
        if successes.len() < LEAST_SUCCESSES {
            let why = format!("only {} successes to compare with", successes.len());
            return Seen { state: State::Unknown, share: 0.0, why: Some(why), ..seen };
        }
        let candidates = Candidates::new(self, signals, relation, &successes);
        let also = successes.iter().filter(|&&index| !candidates.of(index).events.is_empty()).count();
        let at_successes = ratio(also, successes.len());
        let at_failures = ratio(seen.count, seen.of);
        let seen = Seen { successes: Some((also, successes.len())), ..seen };
        if at_successes <= at_failures * LIFT {
            return seen;
        }
        Seen { state: State::Absent, share: 0.0, ..seen }
    }

    fn per_incident(
        &self,
        signals: &[SignalId],
        relation: &Relation<SignalId>,
        incident: &Incident,
        absent: bool,
    ) -> Seen {
        let (from, to) = match relation.anchor {
            Anchor::BeforeFirst { within } => {
                (within.map_or(i64::MIN, |span| incident.start - span_ticks(span)), incident.start)
            }
            Anchor::AfterLast { within } => {
                (incident.end, within.map_or(i64::MAX, |span| incident.end + span_ticks(span)))
            }
            _ => (i64::MIN, i64::MAX),
        };
        let machines = self.ends(incident, relation);
        let state = relation.clauses.iter().any(|clause| matches!(clause, Clause::WithNo(_)));
        let look = || self.found(signals, relation, &machines, (from, to), incident.start);
        let (events, doubt) = match relation.anchor {
            Anchor::AnyTime if !state => self.once(relation, &machines, look),
            _ => look(),
        };
        let span = match relation.anchor {
            Anchor::BeforeFirst { within: None } => (to, to),
            Anchor::AfterLast { within: None } => (from, from),
            Anchor::BeforeFirst { .. } | Anchor::AfterLast { .. } => (from, to),
            _ => (incident.start, incident.end),
        };
        let ends: Vec<Machine> = machines.into_iter().collect();
        let covered = || !doubt && self.held(signals, relation, &ends, span, absent);
        let mut tally = Votes::default();
        match (events.is_empty(), absent) {
            (false, true) => tally.against += 1,
            (false, false) => self.vote(&mut tally, &events),
            (true, _) if !covered() => tally.unknown += 1,
            (true, true) => self.vote(&mut tally, &[]),
            (true, false) => tally.against += 1,
        }
        tally.decide(Quantifier::Every, || self.not_covered(signals))
    }

    /// The records of these machines that stand in the relation, and whether others might.
    fn found(
        &self,
        signals: &[SignalId],
        relation: &Relation<SignalId>,
        machines: &BTreeSet<Machine>,
        (from, to): (i64, i64),
        until: i64,
    ) -> AnyTime {
        let any = any_machine(relation);
        let (mut events, mut doubt): (Vec<u32>, bool) = (Vec::new(), false);
        for signal in signals {
            for &event in self.timeline.between(*signal, from, to) {
                let machine = self.timeline.machine[event as usize];
                if !(any || machines.contains(&machine)) || !self.lasts(event, relation, until) {
                    continue;
                }
                match standing(self, relation, event) {
                    Some(true) => events.push(event),
                    Some(false) => doubt = true,
                    None => {}
                }
            }
        }
        self.in_order(&mut events);
        (Arc::new(self.enough(events, relation)), doubt)
    }

    /// Looks once for each relation and set of machines.
    fn once(
        &self,
        relation: &Relation<SignalId>,
        machines: &BTreeSet<Machine>,
        look: impl FnOnce() -> AnyTime,
    ) -> AnyTime {
        // Rules stay where they are as long as the scene does.
        let key = (std::ptr::from_ref(relation) as usize, machines.iter().copied().collect::<Vec<_>>());
        self.any_time.of(key, look)
    }

    /// Attempts that succeeded and began in that span, by start.
    pub(crate) fn succeeded(&self, from: i64, to: i64) -> impl Iterator<Item = &'a Attempt> + use<'a, '_> {
        let attempts = self.attempts;
        let start = move |index: u32| attempts[index as usize].start;
        let first = self.succeeded.partition_point(|index| start(*index) < from);
        let found = self.succeeded[first..].iter().take_while(move |index| start(**index) <= to);
        found.map(move |index| &attempts[*index as usize])
    }

    /// Whether the record is one of another attempt.
    pub(crate) fn is_of_other(&self, event: u32, index: usize) -> bool {
        let owner = self.owners[event as usize];
        owner != u32::MAX && owner as usize != index
    }

    pub(crate) fn in_order(&self, events: &mut Vec<u32>) {
        events.sort_unstable_by_key(|&event| (self.timeline.time[event as usize], event));
        events.dedup();
    }

    /// The machine at that end of the attempt.
    pub(crate) fn end(&self, attempt: &Attempt, end: End) -> Option<Machine> {
        match (attempt.side, end) {
            (Side::Host, End::Host) | (Side::Client, End::Client) => Some(attempt.machine),
            (Side::Host, End::Client) | (Side::Client, End::Host) => attempt.other,
            (Side::Gateway, End::Host) => attempt.other,
            (Side::Gateway, End::Client) => None,
        }
    }

    /// Whether the state that the record began was not ended before `until`.
    fn lasts(&self, event: u32, relation: &Relation<SignalId>, until: i64) -> bool {
        let machine = self.timeline.machine[event as usize];
        let from = self.timeline.time[event as usize];
        let ended = |signal: &SignalId| {
            self.timeline.between(*signal, from, until).iter().any(|&other| {
                self.timeline.machine[other as usize] == machine && self.timeline.time[other as usize] > from
            })
        };
        relation.clauses.iter().all(|clause| match clause {
            Clause::WithNo(signals) => !signals.iter().any(ended),
            _ => true,
        })
    }

    pub(crate) fn earlier_success(&self, event: u32) -> bool {
        let first = self.first_success.get(&self.timeline.machine[event as usize]);
        first.is_some_and(|first| *first < self.timeline.time[event as usize])
    }

    /// Applies `at least …`: all of the records, or none if they are too few.
    pub(crate) fn enough(&self, found: Vec<u32>, relation: &Relation<SignalId>) -> Vec<u32> {
        for clause in &relation.clauses {
            if let Clause::AtLeast { count, different, within } = clause
                && !self.at_least(&found, *count as usize, different.as_ref(), *within)
            {
                return Vec::new();
            }
        }
        found
    }

    fn at_least(
        &self,
        found: &[u32],
        count: usize,
        different: Option<&Distinct>,
        within: Option<Duration>,
    ) -> bool {
        let time = |event: u32| self.timeline.time[event as usize];
        let within = within.map(span_ticks);
        let shared = |shared: Shared| {
            let key = |&event: &u32| Some((time(event), self.timeline.keys.of_event(event, shared)?));
            most_different(&found.iter().filter_map(key).collect::<Vec<_>>(), within)
        };
        let different = match different {
            None => most(&found.iter().map(|&event| time(event)).collect::<Vec<_>>(), within),
            Some(Distinct::Addresses) => shared(Shared::Address),
            Some(Distinct::Users) => shared(Shared::User),
            Some(Distinct::Field(field)) => {
                let key =
                    |&event: &u32| Some((time(event), self.timeline.events[event as usize].field(field)?));
                most_different(&found.iter().filter_map(key).collect::<Vec<_>>(), within)
            }
        };
        different >= count
    }

    /// Whether the logs would hold the signals at the attempt: all of them (`all`), or at least one.
    fn covered(
        &self,
        signals: &[SignalId],
        relation: &Relation<SignalId>,
        attempt: &Attempt,
        all: bool,
    ) -> bool {
        let span = match relation.anchor {
            Anchor::Within { .. } => window(&relation.anchor, attempt),
            Anchor::Before(_) => (attempt.start, attempt.start),
            _ => (attempt.start, attempt.end),
        };
        let ends = match wanted_end(relation) {
            Some(end) => [self.end(attempt, end), None],
            None => [Some(attempt.machine), attempt.other.filter(|other| *other != attempt.machine)],
        };
        let ends: Vec<Machine> = ends.into_iter().flatten().collect();
        self.held(signals, relation, &ends, span, all)
    }

    /// Whether the logs of these machines would hold the signals in that span: all of them (`all`), or at least one.
    ///
    /// A machine whose channel was not collected does not matter as long as the other's was. What may stand on any
    /// machine is never known to be missing: the logs of the one that would have it may not be here.
    fn held(
        &self,
        signals: &[SignalId],
        relation: &Relation<SignalId>,
        ends: &[Machine],
        (from, to): (i64, i64),
        all: bool,
    ) -> bool {
        if any_machine(relation) {
            return false;
        }
        let held = |signal: &SignalId| {
            let channel = self.pack.signal(*signal).home_channel();
            let covers = |machine: Machine| self.coverage.covers(machine, channel, from, to);
            let mut holding =
                ends.iter().copied().filter(|machine| self.coverage.holds(*machine, channel)).peekable();
            holding.peek().is_some() && holding.all(covers)
        };
        if all { signals.iter().all(held) } else { signals.iter().any(held) }
    }

    /// No machine has a log that would hold any of the signals.
    fn is_held_nowhere(&self, signals: &[SignalId]) -> bool {
        let mut machines = self.timeline.machines.all();
        !machines.any(|machine| {
            signals
                .iter()
                .any(|signal| self.coverage.holds(machine, self.pack.signal(*signal).home_channel()))
        })
    }

    fn not_covered(&self, signals: &[SignalId]) -> String {
        let channels: BTreeSet<&str> =
            signals.iter().map(|signal| self.pack.signal(*signal).home_channel()).collect();
        let list = channels.into_iter().collect::<Vec<_>>().join(" and ");
        format!("not in these logs: {list} does not cover it")
    }

    /// The machines of an incident's failures.
    pub(crate) fn machines(&self, incident: &Incident) -> BTreeSet<Machine> {
        let others = incident.failures.iter().filter_map(|&index| self.attempts[index].other);
        std::iter::once(incident.machine).chain(others).collect()
    }

    /// The machines of an incident's failures at the end that the relation names, or at both.
    fn ends(&self, incident: &Incident, relation: &Relation<SignalId>) -> BTreeSet<Machine> {
        match wanted_end(relation) {
            Some(end) => {
                incident.failures.iter().filter_map(|&index| self.end(&self.attempts[index], end)).collect()
            }
            None => self.machines(incident),
        }
    }

    /// No log holds the extended code: only the ticket can tell it.
    fn extended(&self, codes: &[u32]) -> Seen {
        let mut tally = Votes::default();
        match self.codes.extended {
            Some(code) if codes.contains(&code) => self.vote(&mut tally, &[]),
            Some(_) => tally.against += 1,
            None => tally.unknown += 1,
        }
        tally
            .decide(Quantifier::Every, || "the extended code of the client's message is not known".to_owned())
    }

    fn code(&self, codes: &[u32], incident: &Incident) -> Seen {
        let mut tally = Votes::default();
        for &index in &incident.failures {
            let attempt = &self.attempts[index];
            // What the client's log recorded is surer than what a person copied.
            match attempt.code.or(self.codes.error) {
                Some(code) if codes.contains(&code) => {
                    let own = attempt.records.iter().map(|joined| joined.event);
                    let telling: Vec<u32> = own
                        .filter(|&event| self.timeline.role(self.pack, event, Role::Code).is_some())
                        .collect();
                    self.vote(&mut tally, &telling);
                }
                Some(_) => tally.against += 1,
                None => tally.unknown += 1,
            }
        }
        tally.decide(Quantifier::Some, || "the code of the client's message is not known".to_owned())
    }

    /// Attempts of the same machine while the incident lasted, by start. Like the other ways to look at attempts beside
    /// those of the incident, it leaves out what only recovered records tell of.
    pub(crate) fn meanwhile(&self, incident: &Incident) -> impl Iterator<Item = &'a Attempt> + use<'a> {
        let (from, to) = meanwhile(incident);
        self.starting(incident, from, to)
    }

    /// Attempts of the same machine from one span before the incident to one after it, by start.
    pub(crate) fn around(
        &self,
        incident: &Incident,
        span: Duration,
    ) -> impl Iterator<Item = &'a Attempt> + use<'a> {
        self.starting(incident, incident.start - span_ticks(span), incident.end + span_ticks(span))
    }

    pub(crate) fn starting(
        &self,
        incident: &Incident,
        from: i64,
        to: i64,
    ) -> impl Iterator<Item = &'a Attempt> + use<'a> {
        let machine = incident.machine;
        let attempts = self.attempts;
        let events = self.timeline.events;
        let is_live = move |a: &&Attempt| !is_recovered(a, events);
        let first = attempts.partition_point(move |attempt| attempt.start < from);
        let starting = attempts[first..].iter().take_while(move |a| a.start <= to);
        starting.filter(move |a| a.involves(machine)).filter(is_live)
    }
}

/// From when to when an incident lasts. A single failure spans no time in which others could get in.
pub(crate) fn meanwhile(incident: &Incident) -> (i64, i64) {
    let longer = if incident.failures.len() == 1 { span_ticks(MEANWHILE) } else { 0 };
    (incident.start, incident.end + longer)
}

/// Counts what failures say.
#[derive(Debug, Default)]
pub(crate) struct Votes {
    pub(crate) for_it: usize,
    pub(crate) against: usize,
    pub(crate) unknown: usize,
    /// Something else than recovered records spoke for it.
    live: bool,
    events: Vec<u32>,
    total: usize,
}

impl Votes {
    fn vote(&mut self, events: &[u32]) {
        self.for_it += 1;
        self.total += events.len();
        let room = KEPT.saturating_sub(self.events.len());
        // One record of each failure first; all of them when there is room.
        self.events.extend(events.iter().take(if self.for_it > 4 { room.min(1) } else { room.min(5) }));
    }

    pub(crate) fn decide(mut self, quantifier: Quantifier, why: impl FnOnce() -> String) -> Seen {
        let of = self.for_it + self.against;
        self.events.sort_unstable();
        self.events.dedup();
        let unknown = of == 0;
        let holds = match quantifier {
            Quantifier::Some => self.for_it > 0,
            Quantifier::Most => self.for_it > 0 && self.for_it * 2 >= of,
            Quantifier::Every => self.for_it > 0 && self.against == 0,
        };
        let state = match (unknown, holds) {
            (true, _) => State::Unknown,
            (false, true) => State::Present,
            (false, false) => State::Absent,
        };
        let all = of + self.unknown;
        let share = match (state, quantifier) {
            (State::Unknown, _) => 0.0,
            (State::Present, Quantifier::Some) => ratio(self.for_it, of),
            (State::Present, _) => 1.0,
            // Absence speaks only for the failures that the logs cover.
            (State::Absent, _) => ratio(self.against, all),
        };
        let why = unknown.then(why);
        Seen {
            state,
            count: self.for_it,
            of,
            share,
            events: self.events,
            total: self.total,
            successes: None,
            why,
            recovered: state == State::Present && !self.live,
        }
    }
}

/// An attempt that no log shows, because the ticket alone tells of it, is not recovered.
fn is_recovered(attempt: &Attempt, events: &[Event]) -> bool {
    let mut records = attempt.records.iter().map(|joined| &events[joined.event as usize]).peekable();
    records.peek().is_some() && records.all(|event| event.recovered)
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts of attempts are far below 2^52")]
    let ratio = part as f64 / whole as f64;
    ratio
}

pub(crate) fn any_machine(relation: &Relation<SignalId>) -> bool {
    relation.clauses.iter().any(|clause| matches!(clause, Clause::AnyMachine))
}

pub(crate) fn wanted_end(relation: &Relation<SignalId>) -> Option<End> {
    relation.clauses.iter().find_map(|clause| if let Clause::On(end) = clause { Some(*end) } else { None })
}

fn quantifier(anchor: &Anchor) -> Option<Quantifier> {
    match anchor {
        Anchor::During(quantifier) | Anchor::Before(quantifier) | Anchor::Within { of: quantifier, .. } => {
            Some(*quantifier)
        }
        Anchor::BeforeFirst { .. } | Anchor::AfterLast { .. } | Anchor::AnyTime => None,
    }
}

/// From when to when a record must lie to stand in the relation to the attempt, in ticks.
pub(crate) fn window(anchor: &Anchor, attempt: &Attempt) -> (i64, i64) {
    match anchor {
        Anchor::During(_) => (attempt.start - span_ticks(BEFORE), attempt.end + span_ticks(AFTER)),
        Anchor::Before(_) => (i64::MIN, attempt.start),
        Anchor::Within { span, direction, edge, .. } => {
            let span = span_ticks(*span);
            let (first, last) = match edge {
                Edge::Start => (attempt.start, attempt.start),
                Edge::End => (attempt.end, attempt.end),
                Edge::Whole => (attempt.start, attempt.end),
            };
            match direction {
                Direction::Before => (first - span, first),
                Direction::After => (last, last + span),
                Direction::Around => (first - span, last + span),
            }
        }
        Anchor::BeforeFirst { .. } | Anchor::AfterLast { .. } | Anchor::AnyTime => (i64::MIN, i64::MAX),
    }
}
