//! Attempts that look like failures and are none: pre-connections, mistyped passwords, probes.

use crate::attempts::attempt::{Aborted, Attempt, Outcome};
use crate::world::address::{Reach, user_key};
use crate::world::density::most;
use crate::world::machine::Machine;
use crate::world::tick::span_ticks;
use rdpwhy_event::hash::{HashMap, HashSet};
use rdpwhy_rules::Side;
use rdpwhy_rules::ladder::thresholds::Probing;
use rdpwhy_rules::ladder::{Ending, Ladder};

/// Attempts, each with the number of its source.
fn with<'a, 's>(
    attempts: &'a [Attempt],
    sources: &'s [Option<usize>],
) -> impl Iterator<Item = (&'a Attempt, Option<usize>)> + use<'a, 's> {
    attempts.iter().zip(sources.iter().copied())
}

/// A short connection before the real one, from the same address, is no failure.
pub(super) fn preconnections(attempts: &mut [Attempt], sources: &[Option<usize>], ladder: &Ladder) {
    let rule = ladder.preconnection;
    // The start of the next attempt that got further, from the last to the first: by address, and by machine for
    // records that do not tell the address.
    let mut by_source: HashMap<(Machine, usize), i64> = HashMap::default();
    let mut by_machine: HashMap<Machine, i64> = HashMap::default();
    let with_sources = attempts.iter_mut().zip(sources.iter().copied()).rev();
    for (attempt, source) in with_sources.filter(|(attempt, _)| attempt.side == Side::Host) {
        let cut = attempt.reached.is_none_or(|reached| reached < rule.below);
        let source = source.map(|source| (attempt.machine, source));
        if attempt.failed.is_some() || !cut {
            by_machine.insert(attempt.machine, attempt.start);
            by_source.extend(source.map(|source| (source, attempt.start)));
            continue;
        }
        let next = match &source {
            Some(source) => by_source.get(source),
            None => by_machine.get(&attempt.machine),
        };
        let soon = next.is_some_and(|next| next - attempt.end <= span_ticks(rule.within));
        // The client's own word that the connection broke makes it an attempt in its own right.
        let meant = attempt.other.is_some() && attempt.ended == Some(Ending::Fault);
        if soon && !meant && attempt.outcome == Outcome::Failed {
            (attempt.outcome, attempt.broke, attempt.aborted) =
                (Outcome::Aborted, None, Some(Aborted::Preconnection));
        }
    }
}

/// Whoever is refused and gets in soon after, from the same address and after few tries, has mistyped; so has whoever gets further
/// and fails there: what keeps him out is that.
pub(super) fn retries(attempts: &mut [Attempt], sources: &[Option<usize>], ladder: &Ladder) {
    let mut by_source: HashMap<(Machine, Side, Option<usize>), Vec<usize>> = HashMap::default();
    for (index, (attempt, source)) in with(attempts, sources).enumerate() {
        by_source.entry((attempt.machine, attempt.side, source)).or_default().push(index);
    }
    for list in by_source.values().filter(|list| list.len() > 1) {
        let mut refused: Vec<usize> = Vec::new();
        for &index in list {
            let attempt = &attempts[index];
            let (ended, counts) = match attempt.outcome {
                Outcome::Failed => (attempt.reached.is_some(), attempt.was_refused(ladder)),
                Outcome::Succeeded => (true, false),
                Outcome::Aborted | Outcome::Unknown => continue,
            };
            let mistyped = |tried: &usize| is_put_right(&attempts[*tried], attempt, ladder);
            if ended && refused.len() <= ladder.retry.tries && refused.iter().all(mistyped) {
                for tried in refused.drain(..) {
                    let attempt = &mut attempts[tried];
                    (attempt.outcome, attempt.broke, attempt.aborted) =
                        (Outcome::Aborted, None, Some(Aborted::Retried));
                }
            }
            if counts {
                refused.push(index);
            } else {
                refused.clear();
            }
        }
    }
}

/// Whether a later attempt of the same user, soon after, got past what the first was refused for.
fn is_put_right(tried: &Attempt, later: &Attempt, ladder: &Ladder) -> bool {
    let soon = later.start - tried.end <= span_ticks(ladder.retry.within);
    let users = tried.user.as_deref().zip(later.user.as_deref());
    let same = users.map(|(tried, later)| user_key(tried) == user_key(later));
    let past = match later.outcome {
        Outcome::Succeeded => same.unwrap_or(true),
        _ => {
            same == Some(true)
                && later.reached > tried.failed
                && later.failed.is_none_or(|at| Some(at) > tried.failed)
        }
    };
    soon && past
}

/// Strangers who only look at a host that serves others are no failures.
pub(super) fn probes(
    attempts: &mut [Attempt],
    sources: &[Option<usize>],
    ladder: &Ladder,
    focus: &dyn Fn(&Attempt) -> bool,
) {
    let mut served: HashMap<Machine, Vec<i64>> = HashMap::default();
    let mut tries: HashMap<(Machine, Option<usize>), Tries> = HashMap::default();
    for (attempt, source) in with(attempts, sources).filter(|(attempt, _)| attempt.side == Side::Host) {
        let got_in = attempt.outcome == Outcome::Succeeded; // dropped later or not
        if got_in {
            served.entry(attempt.machine).or_default().push(attempt.start);
        }
        let entry = tries.entry((attempt.machine, source)).or_default();
        entry.count += 1;
        entry.known |= got_in || attempt.failed.is_some();
        entry.public |= attempt.reach() == Reach::Public;
    }
    let mut outside: HashMap<Machine, usize> = HashMap::default();
    for ((machine, _), tries) in tries.iter().filter(|(_, tries)| !tries.known) {
        *outside.entry(*machine).or_default() += usize::from(tries.public);
    }
    let few = |attempt: &Attempt, source: Option<usize>| {
        let Tries { count, known, .. } = tries.get(&(attempt.machine, source)).copied().unwrap_or_default();
        // On a host that many strangers look at, one who looks often is one more of them. Without an address nobody can
        // tell who it was; at a time when the host serves others it is taken for a look.
        let exposed = outside.get(&attempt.machine).is_some_and(|count| *count >= ladder.strangers.sources);
        let looks = matches!(attempt.reach(), Reach::Public | Reach::Unknown)
            && (exposed || count < ladder.probe.attempts || attempt.address.is_none());
        !known && looks
    };
    let limits = &ladder.thresholds.probe;
    let serves = |attempt: &Attempt| {
        let exposed = outside.get(&attempt.machine).is_some_and(|count| *count >= ladder.strangers.sources);
        let (from, to) = (
            attempt.start - span_ticks(limits.served_before),
            attempt.start + span_ticks(limits.served_after),
        );
        served.get(&attempt.machine).is_some_and(|good| {
            let next = good.partition_point(|at| *at < from);
            exposed || good.get(next).is_some_and(|at| *at <= to)
        })
    };
    let watching = programs(attempts, sources, ladder, &serves);
    let watched = |a: &Attempt, source: Option<usize>| {
        source.is_some_and(|source| watching.contains(&(a.machine, source)))
    };
    let open =
        |a: &Attempt| a.side == Side::Host && a.outcome == Outcome::Failed && !focus(a) && a.other.is_none();
    let looked: Vec<usize> = with(attempts, sources)
        .enumerate()
        .filter(|(_, (a, _))| open(a) && a.reached.is_none_or(|reached| reached < ladder.probe.below))
        .filter(|&(_, (a, source))| {
            let silent = a.failed.is_none() && a.ended != Some(Ending::Fault);
            watched(a, source) || (silent && few(a, source) && serves(a))
        })
        .map(|(index, _)| index)
        .collect();
    for index in looked {
        let attempt = &mut attempts[index];
        (attempt.outcome, attempt.broke, attempt.aborted) = (Outcome::Aborted, None, Some(Aborted::Probe));
    }
}

/// How often somebody connected to a machine.
#[derive(Debug, Clone, Copy, Default)]
struct Tries {
    count: usize,
    /// It once got in, or a record tells where it broke.
    known: bool,
    /// From the internet.
    public: bool,
}

/// Sources whose connections are so many and so even, or so fast, that no person makes them, and so short that they
/// wait for no answer. Most of them leave no fault behind. Those that look while others are served (`serves`) look at
/// other times, too.
fn programs(
    attempts: &[Attempt],
    sources: &[Option<usize>],
    ladder: &Ladder,
    serves: &dyn Fn(&Attempt) -> bool,
) -> HashSet<(Machine, usize)> {
    let mut by_source: HashMap<(Machine, usize), Vec<&Attempt>> = HashMap::default();
    for (attempt, source) in
        with(attempts, sources).filter(|(a, _)| a.side == Side::Host && a.other.is_none())
    {
        if let Some(source) = source {
            by_source.entry((attempt.machine, source)).or_default().push(attempt);
        }
    }
    let limits = &ladder.thresholds.probe;
    let is_program = |tries: &[&Attempt]| {
        let most_of = |count: usize| count * 2 > tries.len();
        let starts: Vec<i64> = tries.iter().map(|attempt| attempt.start).collect();
        let looks = |a: &&&Attempt| a.reached.is_none_or(|reached| reached < ladder.probe.below);
        let many = (starts.len() >= ladder.probe.regular && are_even(&starts, limits))
            || most(&starts, Some(span_ticks(limits.burst_within))) >= ladder.probe.burst;
        many && tries.iter().all(|a| looks(&a))
            && most_of(tries.iter().filter(|a| a.length() <= span_ticks(limits.glance)).count())
            && most_of(tries.iter().filter(|a| a.failed.is_none()).count())
            && tries.iter().any(|a| serves(a))
    };
    by_source.into_iter().filter(|(_, tries)| is_program(tries)).map(|(key, _)| key).collect()
}

/// Most of the spaces between moments in order are nearly the middle one.
#[expect(clippy::cast_precision_loss, reason = "spans are far below 2^52 ticks")]
fn are_even(moments: &[i64], limits: &Probing) -> bool {
    let mut spaces: Vec<i64> = moments.windows(2).map(|pair| pair[1] - pair[0]).collect();
    spaces.sort_unstable();
    let middle = spaces[spaces.len() / 2];
    let spread = middle as f64 * limits.spread;
    let even = spaces.iter().filter(|space| (**space - middle).abs() as f64 <= spread).count();
    middle > 0 && even as f64 >= spaces.len() as f64 * limits.even
}
