//! When "nothing failed" may be said: it is a claim like any other.

use crate::attempts::attempt::{Aborted, Attempt, Outcome};
use crate::cases::focus::in_view;
use crate::evidence::scene::Scene;
use crate::evidence::spell::on_machine;
use crate::options::Options;
use crate::world::machine::Machine;
use crate::world::tick::{span_ticks, ticks};
use rdpwhy_rules::ladder::Ending;
use rdpwhy_rules::{Side, SignalId};
use std::collections::BTreeMap;

/// Whether the end of every attempt in view is known, somebody got in where anybody tried, and the logs of each machine that
/// saw an attempt would show a failure over the whole span.
pub(crate) fn is_earned(scene: &Scene<'_>, options: &Options) -> bool {
    let seen: Vec<&Attempt> = scene.attempts.iter().filter(|attempt| in_view(attempt, options)).collect();
    let open = seen
        .iter()
        .any(|attempt| attempt.outcome == Outcome::Unknown || attempt.doubted || is_nobodys(attempt));
    let worked = seen.iter().any(|attempt| attempt.is_success());
    let left = seen.iter().any(|attempt| is_persons(attempt));
    // Where nobody but strangers came, nothing shows that anybody could get in.
    let strangers = seen.iter().any(|attempt| attempt.is_failure());
    let shown = is_visible(scene, options, &seen)
        && refusals_would_show(scene, &seen)
        && losses_would_show(scene, &seen);
    !open && (worked || !(left || strangers)) && shown
}

/// A silent connection of which no record says who made it: it may have been a user's.
fn is_nobodys(attempt: &Attempt) -> bool {
    attempt.aborted == Some(Aborted::Probe) && attempt.address.is_none()
}

/// Whether the log that has refused sign-ins covers every attempt that a person gave up: at a logon screen nothing else shows
/// whether the password was refused.
fn refusals_would_show(scene: &Scene<'_>, seen: &[&Attempt]) -> bool {
    let left = seen
        .iter()
        .filter(|attempt| attempt.side == Side::Host && attempt.aborted == Some(Aborted::LogonScreen));
    let refusals = &scene.pack.ladder().belief.refusals;
    left.into_iter().all(|attempt| {
        scene.coverage.shows(scene.pack, refusals, attempt.machine, (attempt.start, attempt.end))
    })
}

/// Whether the log that has lost connections covers the end of every session of which no record says why it ended.
fn losses_would_show(scene: &Scene<'_>, seen: &[&Attempt]) -> bool {
    let losses = &scene.pack.ladder().belief.losses;
    let unsaid = seen.iter().filter(|attempt| {
        attempt.side == Side::Host && attempt.is_success() && attempt.ended == Some(Ending::Other)
    });
    unsaid.into_iter().all(|attempt| {
        scene.coverage.shows(scene.pack, losses, attempt.machine, (attempt.start, attempt.start))
    })
}

/// An attempt that a person gave up: it has not shown that connections work.
fn is_persons(attempt: &Attempt) -> bool {
    matches!(attempt.aborted, Some(Aborted::Closed | Aborted::LogonScreen | Aborted::Retried))
}

/// The same span from the first moment to the last that the machine's logs hold and the ticket asks about: nobody could come
/// before its first attempt or after its last one either, where it was down.
fn whole(scene: &Scene<'_>, options: &Options, machine: Machine, (from, to): (i64, i64)) -> (i64, i64) {
    let (first, last) = scene.coverage.extent(machine).unwrap_or((from, to));
    let around = span_ticks(scene.pack.ladder().thresholds.focus.around);
    let at = options.at.map(ticks);
    let since = at.map(|at| at - around).max(options.since.map(ticks));
    let until = at.map(|at| at + around).into_iter().chain(options.until.map(ticks)).min();
    let (from, to) = (first.min(from), last.max(to));
    (since.map_or(from, |since| from.max(since)), until.map_or(to, |until| to.min(until)))
}

/// Whether a failure would be visible from the first attempt to the last, at each machine that saw any, and each of its hosts could
/// be reached all the time.
fn is_visible(scene: &Scene<'_>, options: &Options, seen: &[&Attempt]) -> bool {
    let mut spans: BTreeMap<(Machine, Side), (i64, i64)> = BTreeMap::new();
    for attempt in seen {
        let span = spans.entry((attempt.machine, attempt.side)).or_insert((attempt.start, attempt.end));
        *span = (span.0.min(attempt.start), span.1.max(attempt.end));
    }
    let conditions = &scene.pack.ladder().conditions;
    let was_shut = |machine: Machine, side: Side, span: (i64, i64)| {
        on_machine(scene.spells(), machine).iter().any(|spell| {
            let condition = &conditions[spell.condition];
            spell.lasts && condition.closes && condition.side == side && spell.touches(span)
        })
    };
    // The log of connections may be silent for the last moments of the last session.
    let patience = span_ticks(scene.pack.ladder().patience);
    spans.iter().all(|(&(machine, side), &(from, to))| {
        let span = (from, (to - patience).max(from));
        let mut kinds = scene.pack.ladder().belief.healthy.iter().filter(|kind| kind.side == side).peekable();
        let held = |any: &[SignalId]| scene.coverage.shows(scene.pack, any, machine, span);
        let shown = kinds.peek().is_some() && kinds.all(|kind| held(&kind.any));
        shown && !was_shut(machine, side, whole(scene, options, machine, span))
    })
}
