//! How each attempt came out, and where the failed ones broke.

use crate::attempts::attempt::{Aborted, Attempt, Outcome, sort};
use crate::attempts::keys::sources;
use crate::attempts::noise::{preconnections, probes, retries};
use crate::world::coverage::Coverage;
use crate::world::tick::span_ticks;
use crate::world::timeline::Timeline;
use rdpwhy_rules::ladder::{Ending, Ladder};
use rdpwhy_rules::{Pack, Side, SignalId, StageId};

/// Decides how each attempt came out and where the failed ones broke.
///
/// `focus` tells the attempts that the ticket is about, if it says so.
pub(crate) fn decide(
    attempts: &mut Vec<Attempt>,
    timeline: &Timeline<'_>,
    coverage: &Coverage,
    pack: &Pack,
    focus: &dyn Fn(&Attempt) -> bool,
) {
    attempts.retain(|attempt| !attempt.absorbed);
    sort(attempts);
    cut_short(attempts, timeline, pack.ladder());
    cut_by_crash(attempts, timeline, pack.ladder());
    for attempt in attempts.iter_mut() {
        let (outcome, broke, aborted) = first_view(attempt, timeline, coverage, pack);
        (attempt.outcome, attempt.broke, attempt.aborted) = (outcome, broke, aborted);
    }
    let sources = sources(attempts);
    preconnections(attempts, &sources, pack.ladder());
    retries(attempts, &sources, pack.ladder());
    probes(attempts, &sources, pack.ladder(), focus);
}

/// Sessions that end, without a word of why, at the moment of a record that cuts off every session of its machine.
fn cut_short(attempts: &mut [Attempt], timeline: &Timeline<'_>, ladder: &Ladder) {
    let span = span_ticks(ladder.thresholds.join.cut_together);
    for attempt in attempts.iter_mut().filter(|a| a.logged_on() && a.ended == Some(Ending::Other)) {
        let cut = ladder.cuts.iter().any(|signal| {
            !timeline.on(*signal, attempt.machine, attempt.end - span, attempt.end + span).is_empty()
        });
        attempt.dropped |= cut && attempt.side == Side::Host;
    }
}

/// Sessions that nothing had ended when their machine went down without a word. When that was no record tells: it is the next
/// start at the latest.
fn cut_by_crash(attempts: &mut [Attempt], timeline: &Timeline<'_>, ladder: &Ladder) {
    let shutting = ladder.conditions.iter().filter(|c| c.closes && c.side == Side::Host);
    let shut: Vec<SignalId> = shutting.flat_map(|condition| condition.from.iter().copied()).collect();
    let open = |a: &&mut Attempt| a.side == Side::Host && a.logged_on() && a.ended.is_none() && !a.replaced;
    for attempt in attempts.iter_mut().filter(open) {
        let first = |signals: &[SignalId]| {
            let later = |signal| timeline.on(signal, attempt.machine, attempt.end, i64::MAX).first().copied();
            signals
                .iter()
                .filter_map(|&signal| later(signal))
                .map(|event| timeline.time[event as usize])
                .min()
        };
        // Whatever took the machine away in order before had ended the session, seen or not.
        let crash = first(&ladder.crashes);
        if let Some(at) = crash.filter(|at| first(&shut).is_none_or(|other| other >= *at)) {
            (attempt.dropped, attempt.end) = (true, at);
        }
    }
}

/// What the attempt's own records and the coverage say.
fn first_view(
    attempt: &Attempt,
    timeline: &Timeline<'_>,
    coverage: &Coverage,
    pack: &Pack,
) -> (Outcome, Option<(StageId, StageId)>, Option<Aborted>) {
    let ladder = pack.ladder();
    let (session, last) = (ladder.session(), ladder.last_stage());
    let upper = || missing_milestone(attempt, coverage, pack);
    if attempt.logged_on.is_some() {
        if attempt.dropped {
            let outcome = if attempt.is_brief(ladder) { Outcome::Failed } else { Outcome::Succeeded };
            // Before the desktop is there, nobody can tell a logon that broke from a session that did.
            let shown = outcome == Outcome::Succeeded || attempt.reached == Some(session);
            return (outcome, Some((if shown { session } else { ladder.logon() }, last)), None);
        }
        if broke_at_logon(attempt, &upper, ladder) {
            return (Outcome::Failed, Some((ladder.logon(), last)), None);
        }
        return (Outcome::Succeeded, None, None);
    }
    let next = attempt.reached.map_or(StageId::FIRST, |reached| ladder.next_stage(reached));
    if let Some(failed) = attempt.failed {
        return (Outcome::Failed, Some((failed, attempt.failed_last.unwrap_or(failed).max(failed))), None);
    }
    if attempt.ended == Some(Ending::Choice) {
        return (Outcome::Aborted, None, Some(Aborted::Closed));
    }
    let nobody = attempt.user.is_none() && attempt.ended.is_some_and(|ended| ended != Ending::Fault);
    if nobody && attempt.reached.is_some_and(|reached| ladder.abandoned.contains(&reached)) {
        return (Outcome::Aborted, None, Some(Aborted::LogonScreen));
    }
    if attempt.ended == Some(Ending::Fault) {
        return (Outcome::Failed, Some((next, upper().unwrap_or(last).max(next))), None);
    }
    match upper() {
        Some(upper) if !still_going(attempt, timeline, coverage, ladder) => {
            (Outcome::Failed, Some((next, upper.max(next))), None)
        }
        _ => (Outcome::Unknown, None, None),
    }
}

/// The lowest stage above the one reached whose proof is missing although the logs would hold it.
fn missing_milestone(attempt: &Attempt, coverage: &Coverage, pack: &Pack) -> Option<StageId> {
    let ladder = pack.ladder();
    let milestones = ladder.milestones.iter().filter(|milestone| {
        let machine = if milestone.side == attempt.side { Some(attempt.machine) } else { attempt.other };
        let above = attempt.reached.is_none_or(|reached| milestone.stage > reached);
        let span = (attempt.reached_at, attempt.end);
        above && machine.is_some_and(|machine| coverage.shows(pack, &milestone.any, machine, span))
    });
    milestones.map(|milestone| milestone.stage).min()
}

fn broke_at_logon(attempt: &Attempt, upper: &dyn Fn() -> Option<StageId>, ladder: &Ladder) -> bool {
    let brief = attempt.is_brief(ladder);
    let closed = matches!(attempt.ended, Some(Ending::Choice | Ending::Policy | Ending::Replaced));
    let ended = attempt.ended.is_some() && !closed;
    let shown = attempt.reached == Some(ladder.session());
    ended && brief && !shown && upper() == Some(ladder.session())
}

/// Whether the logs stop before the attempt could have shown its end.
fn still_going(attempt: &Attempt, timeline: &Timeline<'_>, coverage: &Coverage, ladder: &Ladder) -> bool {
    if attempt.ended.is_some() {
        return false;
    }
    let last = attempt.records.last().map(|joined| &timeline.events[joined.event as usize].channel);
    let held = last.and_then(|channel| coverage.last(attempt.machine, channel));
    let until = attempt.end + span_ticks(ladder.patience);
    let whole = last.is_some_and(|channel| coverage.covers(attempt.machine, channel, attempt.end, until));
    held.is_none_or(|held| held < until) || !whole
}

/// The client's own log has the code of the dialog that the ticket quotes: those attempts failed, however they look.
pub(crate) fn blame(attempts: &mut [Attempt], code: u32, ladder: &Ladder) {
    let last = ladder.last_stage();
    for attempt in attempts.iter_mut().filter(|attempt| attempt.code == Some(code) && !attempt.is_failure()) {
        if attempt.outcome == Outcome::Succeeded {
            (attempt.dropped, attempt.broke) = (true, Some((last, last)));
            continue;
        }
        let next = attempt.reached.map_or(StageId::FIRST, |reached| ladder.next_stage(reached));
        (attempt.outcome, attempt.aborted, attempt.broke) = (Outcome::Failed, None, Some((next, last)));
    }
}
