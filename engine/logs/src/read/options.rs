//! How to read.

use std::num::NonZeroUsize;

use crate::archive::limits::ArchiveLimits;
use jiff::tz::TimeZone;

/// How to read.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// Threads to use; by default as many as there are processors. The result is the same.
    pub threads: Option<NonZeroUsize>,
    /// What unpacking archives may cost.
    pub archive_limits: ArchiveLimits,
    /// Look for records that no log contains any more, too: in the free space of chunks, in chunks that are not where a
    /// log has its chunks, and in files that are no log. They are marked as [`Event::recovered`](rdpwhy_event::Event::recovered), and are in no
    /// [`Span`](crate::Span) and no [`Tally`](crate::Tally).
    pub recover: bool,
    /// Events held at most, the newest, and the rest of the minute of the oldest of them; [`MAX_EVENTS`] by default.
    pub max_events: Option<NonZeroUsize>,
    /// Hold values of any length whole. By default they are cut with `…` behind 1 KiB, or less in events of very many values.
    pub whole_values: bool,
    /// The zone of times that come without one, as pasted text and some forwarders give them; by default they are taken as
    /// UTC, and a warning says so.
    pub zone: Option<TimeZone>,
}

/// Events held at most unless more are asked for: with all that a diagnosis makes of them, some 600 MB.
pub const MAX_EVENTS: usize = 1_000_000;
