//! Moments and spans in ticks of 100 ns: cheap to compare and to add.

use rdpwhy_event::FileTime;
use std::time::Duration;

/// A time as signed ticks.
pub(crate) fn ticks(time: FileTime) -> i64 {
    i64::try_from(time.0).unwrap_or(i64::MAX / 4)
}

/// A span in ticks.
pub(crate) fn span_ticks(span: Duration) -> i64 {
    i64::try_from(span.as_nanos() / 100).unwrap_or(i64::MAX / 4)
}
