//! How far a record shows an attempt to have got, and where it broke.

use crate::attempts::attempt::Attempt;
use rdpwhy_rules::StageId;
use rdpwhy_rules::ladder::{Ending, Join, LadderRecord};

/// Moves the attempt to where the record proves it to be.
pub(super) fn prove(attempt: &mut Attempt, record: &LadderRecord, now: i64, logon: StageId) {
    let in_session = attempt.logged_on.is_some();
    if let Some(stage) = record.reaches {
        if attempt.reached < Some(stage) {
            (attempt.reached, attempt.reached_at) = (Some(stage), now);
        }
        if stage >= logon && attempt.logged_on.is_none() {
            attempt.logged_on = Some(now);
        }
        // A retry within the same connection: what was refused first went through after all.
        if attempt.failed.is_some_and(|failed| stage > failed) {
            (attempt.failed, attempt.decided) = (None, false);
        }
    }
    if let Some((first, last)) = record.fails
        && !in_session
        && !overtaken(attempt, record, first)
    {
        // Later stages overrule earlier ones; of two ranges with the same start the narrower holds.
        let (first, last) = match (attempt.failed, attempt.failed_last) {
            _ if record.decides => (first, last),
            (Some(known), Some(known_last)) if attempt.decided => (known, known_last),
            (Some(known), Some(known_last)) if known > first => (known, known_last),
            (Some(known), Some(known_last)) if known == first => (known, known_last.min(last)),
            _ => (first, last),
        };
        (attempt.failed, attempt.failed_last) = (Some(first), Some(last));
        attempt.decided |= record.decides;
    }
    if let Some(ending) = record.ends {
        // The most telling end counts, but a user's own choice is not overruled by what the teardown then shows.
        if attempt.ended != Some(Ending::Choice) {
            attempt.ended = attempt.ended.max(Some(ending));
        }
        attempt.replaced |= ending == Ending::Replaced;
    }
    // Of a session whose beginning is older than the logs, the record that it was cut is the first.
    attempt.older |= record.drops && !in_session && attempt.logged_on.is_some();
    if record.drops && attempt.logged_on.is_some() && attempt.ended != Some(Ending::Choice) {
        attempt.dropped = true;
    }
}

/// A record of the whole machine, joined by nothing but time, does not break what has got further already.
fn overtaken(attempt: &Attempt, record: &LadderRecord, stage: StageId) -> bool {
    record.join == [Join::Time] && attempt.reached.is_some_and(|reached| reached >= stage)
}
