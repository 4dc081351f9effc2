//! The client's and the host's view of one attempt, made one.

use crate::attempts::attempt::Attempt;
use crate::world::timeline::Timeline;
use rdpwhy_rules::ladder::Ending;

/// Joins the client's and the host's view of the same attempt into one, seen from the host.
///
/// `pairs` holds (client attempt, host attempt).
pub(crate) fn merge(attempts: &mut [Attempt], pairs: &[(usize, usize)], timeline: &Timeline<'_>) {
    for &(client, host) in pairs {
        let from = attempts[client].clone();
        attempts[client].absorbed = true;
        let into = &mut attempts[host];
        into.other = Some(from.machine);
        // It starts when the host first sees it: evidence on the host lies around that moment.
        into.first_end = Some(into.end.min(from.end));
        into.end = into.end.max(from.end);
        into.records.extend(&from.records);
        into.records
            .sort_by_key(|joined| (timeline.time[joined.event as usize], joined.event, joined.record));
        into.target = into.target.take().or(from.target);
        into.server = into.server.take().or(from.server);
        into.user = into.user.take().or(from.user);
        into.code = into.code.or(from.code);
        into.reached = into.reached.max(from.reached);
        into.dropped |= from.dropped && (into.logged_on.is_some() || from.logged_on.is_some());
        into.logged_on = into.logged_on.or(from.logged_on);
        into.ended = if from.ended == Some(Ending::Choice) { from.ended } else { into.ended.max(from.ended) };
        if into.failed.is_none() && from.failed > into.reached {
            (into.failed, into.failed_last) = (from.failed, from.failed_last);
        }
    }
}
