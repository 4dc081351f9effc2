//! Sessions that another connection took over although their user had not left.

use crate::attempts::attempt::{Attempt, Outcome};
use crate::world::address::user_key;
use crate::world::tick::span_ticks;
use rdpwhy_rules::Pack;

/// A user whose session was taken over and who came back soon did not mean to leave: a failure, not a move. So is what the
/// ticket complains of.
pub(crate) fn conflicts(
    attempts: &mut [Attempt],
    pack: &Pack,
    extended: Option<u32>,
    complained_of: &dyn Fn(&Attempt) -> bool,
) {
    let ladder = pack.ladder();
    let (session, last) = (ladder.session(), ladder.last_stage());
    let limits = &ladder.thresholds.conflict;
    let replaced: Vec<usize> = (0..attempts.len())
        .filter(|&index| attempts[index].replaced && attempts[index].outcome == Outcome::Succeeded)
        .filter(|&index| {
            let own = &attempts[index];
            let same_user = |other: &Attempt| match (&own.user, &other.user) {
                (Some(a), Some(b)) => user_key(a) == user_key(b),
                _ => true,
            };
            // Attempts are by start.
            let until = |last: i64| attempts.partition_point(|other| other.start <= last);
            let others = |from: usize, to: usize| {
                let others = attempts.iter().enumerate().take(to).skip(from);
                others.filter(|(at, other)| *at != index && other.machine == own.machine)
            };
            let taken_from_elsewhere = || {
                others(0, until(own.end + span_ticks(limits.takeover))).any(|(_, other)| {
                    other.end >= own.end
                        && other.source().is_some()
                        && other.source() != own.source()
                        && same_user(other)
                })
            };
            let mut soon = others(until(own.end), until(own.end + span_ticks(limits.came_back)));
            let back = soon.any(|(_, other)| other.source().is_some() && other.source() == own.source());
            let told = extended.is_some_and(|code| limits.extended.contains(&code));
            told || complained_of(own) || (back && taken_from_elsewhere())
        })
        .collect();
    for index in replaced {
        let attempt = &mut attempts[index];
        attempt.dropped = true;
        attempt.broke = Some((session, last));
    }
}
