//! How sure it is that an attempt let its user down: what records beside it, and other attempts, say of its end.
//!
//! The records of an attempt decide most of them ([`crate::attempts::outcome::decide`]). Where they leave it open, or show a session that just
//! ended, the ladder's witnesses are heard: each makes a failure so many times more likely, and from a certain probability on the
//! attempt counts as failed. Witnesses that belong to no attempt open a case of their own where no log shows who connected.

use crate::attempts::attempt::{Aborted, Attempt, Outcome};
use crate::attempts::keys::keys_of;
use crate::world::address::{Address, machine_key, user_key};
use crate::world::key::KeysOf;
use crate::world::machine::Machine;
use crate::world::numbers::Numbers;
use crate::world::tick::span_ticks;
use crate::world::timeline::Timeline;
use rdpwhy_event::hash::HashMap;
use rdpwhy_rules::ladder::{Belief, Ending, Ladder, Witness};
use rdpwhy_rules::phrase::Shared;
use rdpwhy_rules::{Side, StageId};
use std::collections::{BTreeMap, BTreeSet};

/// What a witness says of an attempt: the attempt, and which of the ladder's witnesses it is.
type Statement = (usize, usize);

/// Hears the witnesses. Returns the events that speak of an attempt, in order.
pub(crate) fn hear(attempts: &mut [Attempt], timeline: &Timeline<'_>, ladder: &Ladder) -> Vec<u32> {
    let belief = &ladder.belief;
    let (statements, used) = statements(attempts, timeline, ladder);
    let cut: BTreeMap<usize, i64> = statements.iter().map(|(&(index, _), &time)| (index, time)).collect();
    let mut odds: BTreeMap<usize, f64> = BTreeMap::new();
    for &(index, witness) in statements.keys() {
        *odds.entry(index).or_insert(1.0) *= belief.witnesses[witness].times;
    }
    let users = users(attempts);
    let told = back_at_once(attempts, &users, belief).chain(ended_together(attempts, &users, belief));
    for (index, times) in told.chain(ended_alike(attempts, &users, belief)) {
        *odds.entry(index).or_insert(1.0) *= times;
    }
    for (index, times) in odds {
        let prior = if attempts[index].is_success() { belief.session } else { belief.unknown };
        let odds = prior / (1.0 - prior) * times;
        let probability = odds / (1.0 + odds);
        attempts[index].doubted = probability >= belief.doubt;
        if probability < belief.failed {
            continue;
        }
        let said = statements.range((index, 0)..(index + 1, 0));
        let breaks = said.map(|((_, witness), _)| belief.witnesses[*witness].breaks);
        // Whoever was still in then is out by then.
        if let Some(time) = cut.get(&index).filter(|_| is_unfinished(&attempts[index])) {
            attempts[index].end = attempts[index].end.max(*time);
        }
        let_down(&mut attempts[index], narrowest(breaks), ladder);
    }
    used
}

/// Which witness speaks of which attempt, each once, with the time of its first record, and the events that do.
fn statements(
    attempts: &[Attempt],
    timeline: &Timeline<'_>,
    ladder: &Ladder,
) -> (BTreeMap<Statement, i64>, Vec<u32>) {
    let keys = keys_of(attempts, &timeline.keys);
    let mut by_machine: BTreeMap<(Machine, Side), Own> = BTreeMap::new();
    for (index, attempt) in attempts.iter().enumerate() {
        by_machine.entry((attempt.machine, attempt.side)).or_default().push(index, attempt);
    }
    let (mut statements, mut used) = (BTreeMap::new(), Vec::new());
    for (number, witness) in ladder.belief.witnesses.iter().enumerate() {
        for &event in &timeline.seen[witness.signal.index()] {
            let machine = timeline.machine[event as usize];
            let Some(own) = by_machine.get(&(machine, witness.side)) else { continue };
            let Some(index) = spoken_of(own, event, witness, (attempts, &keys), timeline) else { continue };
            used.push(event);
            if is_open(&attempts[index], ladder) {
                statements.entry((index, number)).or_insert(timeline.time[event as usize]);
            }
        }
    }
    used.sort_unstable();
    used.dedup();
    (statements, used)
}

/// The attempts of one side on one machine, by start.
#[derive(Default)]
struct Own {
    attempts: Vec<usize>,
    /// When all attempts up to each had ended: none of them is near what comes long after.
    ended: Vec<i64>,
    /// How many of the attempts may still go on.
    unfinished: Vec<u32>,
}

impl Own {
    fn push(&mut self, index: usize, attempt: &Attempt) {
        let before = self.ended.last().copied().unwrap_or(i64::MIN);
        self.attempts.push(index);
        self.ended.push(before.max(attempt.end).max(attempt.started_work()));
        let before = self.unfinished.last().copied().unwrap_or(0);
        self.unfinished.push(before + u32::from(is_unfinished(attempt)));
    }
}

/// Whose each attempt is, by number: the user's at a host; at a client, where nobody else sits, that of the host it connects to.
fn users(attempts: &[Attempt]) -> Vec<Option<usize>> {
    let mut users = Numbers::new(user_key);
    let mut targets = Numbers::new(|target| machine_key(&Address::parse(target).host));
    let number = attempts.iter().map(|attempt| match attempt.side {
        Side::Host => attempt.user.as_deref().map(|user| users.of(user)),
        Side::Client => attempt.target.as_deref().map(|target| targets.of(target)),
        Side::Gateway => None,
    });
    number.collect()
}

/// The attempt that the record speaks of: the one whose beginning or end is nearest.
fn spoken_of(
    own: &Own,
    event: u32,
    witness: &Witness,
    (attempts, keys): (&[Attempt], &[KeysOf]),
    timeline: &Timeline<'_>,
) -> Option<usize> {
    let time = timeline.time[event as usize];
    let within = span_ticks(witness.within);
    let differs = |index: usize, shared| {
        let (record, own) = (timeline.keys.of_event(event, shared), keys[index].get(shared));
        record.zip(own).is_some_and(|(record, own)| record != own)
    };
    let distance = |attempt: &Attempt| {
        let from_start = time - attempt.started_work();
        let near_start = (attempt.start <= time && from_start <= within).then_some(from_start.max(0));
        let from_end = (time - attempt.end).abs();
        let near_end = (from_end <= within && time >= attempt.start).then_some(from_end);
        let still_in = (witness.during && is_unfinished(attempt)).then_some(from_end);
        near_start.into_iter().chain(near_end).chain(still_in).min()
    };
    // Attempts are by start: none that begins after the record can be meant.
    let last = own.attempts.partition_point(|&index| attempts[index].start <= time);
    let mut nearest: Option<(i64, usize)> = None;
    for place in (0..last).rev().take(LOOKED) {
        // All that began before had ended by then: none of them is nearer, and of equals the later one counts.
        let least = time - own.ended[place];
        // A session whose end is not shown may still go on, however long ago its last record was.
        let too_old = least > within && !(witness.during && own.unfinished[place] > 0);
        if too_old || nearest.is_some_and(|(distance, _)| least >= distance) {
            break;
        }
        let index = own.attempts[place];
        let Some(distance) = distance(&attempts[index]) else { continue };
        let nearer = nearest.is_none_or(|(known, _)| distance < known);
        if nearer && !differs(index, Shared::User) && !differs(index, Shared::Session) {
            nearest = Some((distance, index));
        }
    }
    nearest.map(|(_, index)| index)
}

/// At most so many attempts that began before a record are looked at, the latest.
const LOOKED: usize = 256;

/// Whether its own records leave it open how the attempt ended. Windows signs off whom it can give no desktop, as if he had chosen it.
fn is_open(attempt: &Attempt, ladder: &Ladder) -> bool {
    let thrown_out = attempt.is_brief(ladder) && attempt.reached < Some(ladder.session());
    let chosen = matches!(attempt.ended, Some(Ending::Choice | Ending::Policy)) && !thrown_out;
    let left = matches!(attempt.aborted, Some(Aborted::LogonScreen));
    !chosen && (attempt.is_success() || attempt.outcome == Outcome::Unknown || left)
}

/// A session whose end the logs do not show.
fn is_unfinished(attempt: &Attempt) -> bool {
    attempt.is_success() && attempt.ended.is_none()
}

/// Sessions that ended without a word of why, and whose user was back at once.
fn back_at_once(
    attempts: &[Attempt],
    users: &[Option<usize>],
    belief: &Belief,
) -> impl Iterator<Item = (usize, f64)> + use<> {
    let within = span_ticks(belief.reconnect_within);
    let mut last: HashMap<(Machine, Side, usize), usize> = HashMap::default();
    let mut back = Vec::new();
    for (index, attempt) in attempts.iter().enumerate() {
        let Some(who) = users[index] else { continue };
        if let Some(before) = last.insert((attempt.machine, attempt.side, who), index) {
            let gap = attempt.start - attempts[before].end;
            if ended_unsaid(&attempts[before]) && (0..=within).contains(&gap) {
                back.push((before, belief.reconnect));
            }
        }
    }
    back.into_iter()
}

/// Sessions of several users that ended in the same seconds without a word of why.
fn ended_together(
    attempts: &[Attempt],
    users: &[Option<usize>],
    belief: &Belief,
) -> impl Iterator<Item = (usize, f64)> + use<> {
    let within = span_ticks(belief.together_within);
    let mut ends: BTreeMap<Machine, Vec<(i64, usize)>> = BTreeMap::new();
    for (index, attempt) in attempts.iter().enumerate().filter(|(_, a)| ended_unsaid(a)) {
        ends.entry(attempt.machine).or_default().push((attempt.end, index));
    }
    let mut together = Vec::new();
    for list in ends.values_mut() {
        list.sort_unstable();
        for group in list.chunk_by(|a, b| b.0 - a.0 <= within) {
            let users = group.iter().filter_map(|(_, index)| users[*index]);
            if users.collect::<BTreeSet<_>>().len() >= belief.together_users {
                together.extend(group.iter().map(|(_, index)| (*index, belief.together)));
            }
        }
    }
    together.into_iter()
}

/// Consecutive sessions of one user that ended after the same time without a word of why: people do not do that.
fn ended_alike(
    attempts: &[Attempt],
    users: &[Option<usize>],
    belief: &Belief,
) -> impl Iterator<Item = (usize, f64)> + use<> {
    let (within, below) = (span_ticks(belief.alike_within), span_ticks(belief.alike_below));
    let mut of_user: BTreeMap<(Machine, Side, usize), Vec<usize>> = BTreeMap::new();
    for (index, attempt) in attempts.iter().enumerate().filter(|(_, attempt)| attempt.logged_on()) {
        if let Some(who) = users[index] {
            of_user.entry((attempt.machine, attempt.side, who)).or_default().push(index);
        }
    }
    let short = |&index: &usize| {
        let attempt = &attempts[index];
        ended_unsaid(attempt) && !attempt.older && attempt.length() <= below
    };
    let length = |index: usize| attempts[index].length();
    let mut alike = Vec::new();
    for list in of_user.into_values() {
        let runs = list.chunk_by(|a, b| short(a) && short(b) && (length(*a) - length(*b)).abs() <= within);
        let runs = runs.filter(|run| run.len() >= belief.alike_sessions && run.iter().all(short));
        alike.extend(runs.flatten().map(|&index| (index, belief.alike)));
    }
    alike.into_iter()
}

/// A session that ended, and no record says why.
fn ended_unsaid(attempt: &Attempt) -> bool {
    attempt.side != Side::Gateway && attempt.is_success() && attempt.ended == Some(Ending::Other)
}

/// The stages that all of them leave open; the first of them where they have none in common.
fn narrowest(breaks: impl Iterator<Item = (StageId, StageId)>) -> Option<(StageId, StageId)> {
    breaks.reduce(|kept, next| {
        let common = (kept.0.max(next.0), kept.1.min(next.1));
        if common.0 <= common.1 { common } else { kept }
    })
}

/// Counts the attempt as failed; a session that had begun as cut.
fn let_down(attempt: &mut Attempt, breaks: Option<(StageId, StageId)>, ladder: &Ladder) {
    let last = ladder.last_stage();
    if attempt.is_success() {
        attempt.dropped = true;
        attempt.broke = Some(breaks.unwrap_or((last, last)));
        return;
    }
    let next = attempt.reached.map_or(StageId::FIRST, |reached| ladder.next_stage(reached));
    let (first, upper) = breaks.unwrap_or((next, last));
    let first = first.max(next);
    (attempt.outcome, attempt.aborted) = (Outcome::Failed, None);
    attempt.broke = Some((first, upper.max(first)));
}
