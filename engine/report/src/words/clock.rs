//! Times as the report writes them: UTC, and beside it the reader's own zone if asked for.

use jiff::tz::TimeZone;
use rdpwhy_diagnose::diagnosis::Record;
use rdpwhy_event::FileTime;

/// Writes the times of a report.
pub(crate) struct Clock {
    zone: Option<TimeZone>,
}

impl Clock {
    pub(crate) fn new(zone: Option<TimeZone>) -> Clock {
        Clock { zone }
    }

    /// The name of the reader's zone, if there is one to tell.
    pub(crate) fn zone_name(&self) -> Option<String> {
        let zone = self.zone.as_ref()?;
        Some(zone.iana_name().map_or_else(|| "local time".to_owned(), str::to_owned))
    }

    /// `2026-03-09 08:41:10.123`, with `(09:41:10 +01:00)` behind it if a zone is asked for.
    ///
    /// What is beyond the calendar (after the year 9999) is shown as records have it.
    pub(crate) fn moment(&self, time: FileTime) -> String {
        self.written(time, "%Y-%m-%d %H:%M:%S%.3f")
    }

    /// When the record was written by its own clock, and behind it the corrected time where that is another.
    pub(crate) fn of_record(&self, record: &Record) -> String {
        let own = self.moment(record.time);
        match record.corrected {
            Some(corrected) => format!("{own} (corrected: {})", self.moment(corrected)),
            None => own,
        }
    }

    /// The same to the second, where a finer time says nothing.
    pub(crate) fn second(&self, time: FileTime) -> String {
        self.written(time, "%Y-%m-%d %H:%M:%S")
    }

    /// From … to, the date only once if it is the same.
    pub(crate) fn span(&self, from: FileTime, to: FileTime) -> String {
        let (first, last) = (self.second(from), self.second(to));
        if first == last {
            return first;
        }
        match (first.split_once(' '), last.split_once(' ')) {
            (Some((a, _)), Some((b, rest))) if a == b => format!("{first} … {rest}"),
            _ => format!("{first} … {last}"),
        }
    }

    fn written(&self, time: FileTime, format: &str) -> String {
        let Some(instant) = time.to_timestamp() else { return time.to_string() };
        let utc = instant.strftime(format).to_string();
        let Some(zone) = &self.zone else { return utc };
        let local = instant.to_zoned(zone.clone());
        let day = if local.date() == instant.to_zoned(TimeZone::UTC).date() { "" } else { "%Y-%m-%d " };
        format!("{utc} ({})", local.strftime(&format!("{day}%H:%M:%S %:z")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_utc_and_the_zone_stands_beside() {
        let at = |text: &str| text.parse::<FileTime>().unwrap();
        let utc = Clock::new(None);
        assert_eq!(utc.moment(at("2026-03-09T08:41:10.1239999Z")), "2026-03-09 08:41:10.123");
        assert_eq!(
            utc.span(at("2026-03-09T08:41:10Z"), at("2026-03-09T09:00:00Z")),
            "2026-03-09 08:41:10 … 09:00:00"
        );
        assert_eq!(
            utc.span(at("2026-03-09T08:41:10Z"), at("2026-03-10T09:00:00Z")),
            "2026-03-09 08:41:10 … 2026-03-10 09:00:00"
        );
        assert_eq!(utc.moment(FileTime(u64::MAX)), "60056-05-28T05:36:10.9551615Z");
        let zone = Clock::new(Some(TimeZone::fixed(jiff::tz::offset(2))));
        assert_eq!(
            zone.moment(at("2026-03-09T08:41:10.1230000Z")),
            "2026-03-09 08:41:10.123 (10:41:10 +02:00)"
        );
        assert_eq!(
            zone.second(at("2026-03-09T23:41:10Z")),
            "2026-03-09 23:41:10 (2026-03-10 01:41:10 +02:00)"
        );
    }
}
