//! What it takes to read what was written for people: the wording of messages, and the zone of local times.

use jiff::tz::TimeZone;

use crate::gather::workers::Workers;
use crate::text::moment;
use rdpwhy_event::{FileTime, Wording};

/// The wording of messages and the zone of local times, as far as they are known.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Locale<'a> {
    pub(crate) wording: Option<&'a Wording>,
    pub(crate) zone: Option<&'a TimeZone>,
}

impl<'a> Locale<'a> {
    pub(crate) fn of(workers: &'a Workers<'_>) -> Locale<'a> {
        Locale { wording: workers.wording(), zone: workers.zone() }
    }

    /// The instant of a local time; without a zone, as if it were in UTC.
    pub(crate) fn instant(self, local: FileTime) -> FileTime {
        moment::instant(local, self.zone)
    }
}
