//! Which attempts and incidents the ticket is about.

use crate::attempts::attempt::Attempt;
use crate::cases::incident::Incident;
use crate::options::Options;
use crate::world::address::{Address, machine_key, user_key};
use crate::world::coverage::Coverage;
use crate::world::machine::Machines;
use crate::world::tick::{span_ticks, ticks};
use rdpwhy_event::FileTime;
use rdpwhy_rules::Side;
use rdpwhy_rules::ladder::Ladder;
use rdpwhy_rules::ladder::thresholds::Focus;
use std::sync::Arc;

/// Whether the attempt lies in the span of time asked for.
pub(crate) fn in_view(attempt: &Attempt, options: &Options) -> bool {
    let time = |at: FileTime| ticks(at);
    options.since.is_none_or(|since| attempt.end >= time(since))
        && options.until.is_none_or(|until| attempt.start <= time(until))
}

/// Whether the ticket is about this attempt; `None` where it does not say, or where the records do not.
pub(crate) fn focus(attempt: &Attempt, options: &Options, machines: &Machines) -> Option<bool> {
    let same_user = |user: &String| attempt.user.as_deref().map(|own| user_key(own) == user_key(user));
    let same_source = |source: &String| {
        let wanted = Address::parse(source).host;
        attempt.source().map(|own| *own == *wanted || machine_key(own) == machine_key(&wanted))
    };
    let same_target = |target: &String| goes_to(attempt, target, machines);
    let told = [
        options.user.as_ref().and_then(same_user),
        options.source.as_ref().and_then(same_source),
        options.target.as_ref().and_then(same_target),
    ];
    if told.contains(&Some(false)) {
        return Some(false);
    }
    told.contains(&Some(true)).then_some(true)
}

/// Whether the attempt was one to that host, by any of its names or by the address that the client went to; `None` where it
/// is known by nothing that can be compared with what the ticket says.
fn goes_to(attempt: &Attempt, target: &str, machines: &Machines) -> Option<bool> {
    let wanted = Address::parse(target).host;
    let meant = machines.labelled(&machine_key(&wanted));
    let host = if attempt.side == Side::Host { Some(attempt.machine) } else { attempt.other };
    if host.is_some_and(|host| meant.contains(&host)) {
        return Some(true);
    }
    let own = attempt.target.as_deref().map(|own| Address::parse(own).host);
    let places = own.into_iter().chain(attempt.server.as_ref().map(|server| server.host.clone()));
    let places: Vec<Arc<str>> = places.collect();
    if places.iter().any(|place| *place == wanted || machine_key(place) == machine_key(&wanted)) {
        return Some(true);
    }
    // Another machine of these logs is another host; a name that no log has may be an alias of any.
    let other = !meant.is_empty() && host.is_some();
    (other || (!places.is_empty() && host.is_none())).then_some(false)
}

/// The incidents that the ticket's time points at, if it names one. Where none is near it, all of them; but none where the
/// logs hold nothing of that time: other failures are not the ones that the ticket is about.
pub(crate) fn asked_for(
    incidents: Vec<Incident>,
    options: &Options,
    limits: &Focus,
    machines: &Machines,
    coverage: &Coverage,
) -> Vec<Incident> {
    let Some(at) = options.at.map(ticks) else { return incidents };
    if outside(machines, coverage, at, limits) {
        return Vec::new();
    }
    let around = span_ticks(limits.around);
    let near = |incident: &Incident| incident.start - around <= at && at <= incident.end + around;
    if incidents.iter().any(near) { incidents.into_iter().filter(near).collect() } else { incidents }
}

/// Whether no log holds anything from around that moment.
pub(crate) fn outside(machines: &Machines, coverage: &Coverage, at: i64, limits: &Focus) -> bool {
    let around = span_ticks(limits.around);
    let mut extents = machines.all().filter_map(|machine| coverage.extent(machine));
    !extents.any(|(first, last)| first - around <= at && at <= last + around)
}

/// Whether the logs show that very user, source or moment working that the ticket complains of: where it names a moment, somebody
/// in a session that had begun by then. Who got in later shows that it works again.
pub(crate) fn shown_working(
    attempts: &[Attempt],
    options: &Options,
    machines: &Machines,
    ladder: &Ladder,
) -> bool {
    if options.error.is_some() || options.extended.is_some() {
        return false;
    }
    let named = options.names_someone();
    let about = |attempt: &Attempt| focus(attempt, options, machines).unwrap_or(!named);
    // A session that ended around the moment of the complaint may be what is complained of.
    let limits = &ladder.thresholds.focus;
    let ended = |attempt: &Attempt| attempt.ended.is_some() && ended_then(attempt, options, machines, limits);
    // Where the ticket names nobody, whoever got in at the host need not be who complains.
    let whose = |attempt: &Attempt| named || attempt.side == Side::Client || attempt.other.is_some();
    let patience = span_ticks(ladder.belief.implied.complaint_within);
    let at = options.at.map(ticks);
    let then = |attempt: &Attempt| at.is_none_or(|at| attempt.touches((at - patience, at + patience)));
    let works =
        |attempt: &&Attempt| attempt.is_success() && whose(attempt) && then(attempt) && !ended(attempt);
    attempts.iter().filter(works).any(about)
}

/// Whether the ticket names the moment at which the attempt ended, and nobody else's.
pub(crate) fn ended_then(attempt: &Attempt, options: &Options, machines: &Machines, limits: &Focus) -> bool {
    let around = span_ticks(limits.around);
    let then = options.at.is_some_and(|at| (ticks(at) - attempt.end).abs() <= around);
    then && focus(attempt, options, machines) != Some(false)
}

/// Whether the attempt is around the moment of the ticket, if it names one.
pub(crate) fn is_near(attempt: &Attempt, options: &Options, limits: &Focus) -> bool {
    let around = span_ticks(limits.around);
    let at = options.at.map(ticks);
    at.is_none_or(|at| attempt.touches((at - around, at + around)))
}
