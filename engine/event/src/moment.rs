//! A time as people type it, and the moment that it means.

use crate::FileTime;
use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// A time as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypedTime {
    /// With an offset: `2026-03-09T09:15:00+01:00`.
    Exact(FileTime),
    /// Date and time without an offset: `2026-03-09 09:15`. A date alone is its midnight.
    Local(DateTime),
    /// A time of day: `09:15`.
    OfDay(Time),
}

/// What a time without an offset or without a date refers to.
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: TimeZone,
    /// The day of the last record, in the zone; `None` where the logs have no records.
    last_day: Option<Date>,
}

impl TypedTime {
    /// Reads a time.
    ///
    /// # Errors
    /// The text is not a time; the message names the forms that are.
    pub fn parse(text: &str) -> Result<TypedTime, String> {
        let text = text.trim();
        if let Ok(exact) = text.parse::<FileTime>() {
            return Ok(TypedTime::Exact(exact));
        }
        // An offset without seconds.
        if let Ok(exact) = text.parse::<Timestamp>() {
            return Ok(TypedTime::Exact(FileTime::from(exact)));
        }
        // Jiff would pass over an offset here.
        let has_offset = text.get(10..).is_some_and(|time| time.contains(['+', '-', '[', 'Z', 'z']));
        if !has_offset && let Ok(local) = text.parse::<DateTime>() {
            return Ok(TypedTime::Local(local));
        }
        match text.parse::<Time>() {
            Ok(time) if text.contains(':') && text.len() <= "09:15:00.123456789".len() => {
                Ok(TypedTime::OfDay(time))
            }
            _ => Err("not a valid time: expected 2026-03-09T08:41:10Z, 2026-03-09T09:41+01:00, '2026-03-09 08:41' or 08:41 \
                      (in the zone of --tz, else UTC)"
                .to_owned()),
        }
    }

    /// Whether the day is that of the last record.
    #[must_use]
    pub fn has_no_date(self) -> bool {
        matches!(self, TypedTime::OfDay(_))
    }

    /// The moment that was meant.
    ///
    /// # Errors
    /// A time of day where no record gives the day, or a time beyond the calendar.
    pub fn moment(self, calendar: &Calendar) -> Result<FileTime, String> {
        let local = match self {
            TypedTime::Exact(moment) => return Ok(moment),
            TypedTime::Local(local) => local,
            TypedTime::OfDay(time) => {
                let day = calendar.last_day.ok_or("no record gives the day for a time without a date")?;
                day.to_datetime(time)
            }
        };
        let zoned = local.to_zoned(calendar.zone.clone()).map_err(|error| error.to_string())?;
        Ok(FileTime::from(zoned.timestamp()))
    }
}

impl Calendar {
    /// `zone` is the user's; `last` is the time of the last record.
    #[must_use]
    pub fn new(zone: Option<&TimeZone>, last: Option<FileTime>) -> Calendar {
        let zone = zone.cloned().unwrap_or(TimeZone::UTC);
        let last = last.and_then(FileTime::to_timestamp);
        let last_day = last.map(|last| last.to_zoned(zone.clone()).date());
        Calendar { zone, last_day }
    }

    /// The moments from which on and up to which failures count. A span given as times of day may begin on the day
    /// before: `--since 22:00 --until 02:00`.
    ///
    /// # Errors
    /// A moment that cannot be found, or a span that ends before it begins.
    pub fn span(
        &self,
        since: Option<TypedTime>,
        until: Option<TypedTime>,
    ) -> Result<(Option<FileTime>, Option<FileTime>), String> {
        let find = |typed: Option<TypedTime>| typed.map(|typed| typed.moment(self)).transpose();
        let (mut from, to) = (find(since)?, find(until)?);
        if let (Some(TypedTime::OfDay(begin)), Some(TypedTime::OfDay(end))) = (since, until)
            && begin > end
        {
            from = Some(TypedTime::OfDay(begin).moment(&self.day_before())?);
        }
        if from.zip(to).is_some_and(|(from, to)| from > to) {
            return Err("--since is later than --until".to_owned());
        }
        Ok((from, to))
    }

    fn day_before(&self) -> Calendar {
        let last_day = self.last_day.and_then(|day| day.checked_sub(1.day()).ok());
        Calendar { zone: self.zone.clone(), last_day }
    }
}

/// Reads a time zone: an IANA name, or an offset such as `+02:00`.
///
/// # Errors
/// The text is neither.
pub fn zone(text: &str) -> Result<TimeZone, String> {
    DateTimeParser::new().parse_time_zone(text).map_err(|_| {
        "not a valid time zone: expected a name such as Europe/Berlin or America/New_York, or an offset such as +02:00"
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, zone_name: &str, last: &str) -> String {
        let zone = zone(zone_name).expect("the zone is known");
        let calendar = Calendar::new(Some(&zone), last.parse().ok());
        let typed = TypedTime::parse(text).expect("a time");
        typed.moment(&calendar).map_or_else(|error| error, |moment| moment.to_string()[..19].to_owned())
    }

    #[test]
    fn times_are_read_in_every_form_in_the_zone_that_was_given() {
        let last = "2026-03-09T23:30:00Z";
        for (text, zone, expected) in [
            ("2026-03-09T08:15:00Z", "Europe/Berlin", "2026-03-09T08:15:00"),
            ("2026-03-09T09:15:00+01:00", "UTC", "2026-03-09T08:15:00"),
            ("2026-03-09T09:15+01:00", "UTC", "2026-03-09T08:15:00"),
            ("2026-03-09 08:15:00", "UTC", "2026-03-09T08:15:00"),
            ("2026-03-09 08:15", "UTC", "2026-03-09T08:15:00"),
            ("2026-03-09T09:15", "Europe/Berlin", "2026-03-09T08:15:00"),
            ("2026-07-09 09:15", "Europe/Berlin", "2026-07-09T07:15:00"),
            ("2026-03-09 09:15", "+02:00", "2026-03-09T07:15:00"),
            ("2026-03-09", "UTC", "2026-03-09T00:00:00"),
            ("08:15", "UTC", "2026-03-09T08:15:00"),
            ("08:15:30", "UTC", "2026-03-09T08:15:30"),
            // In Berlin the last record is of the tenth.
            ("09:15", "Europe/Berlin", "2026-03-10T08:15:00"),
        ] {
            assert_eq!(found(text, zone, last), expected, "{text} in {zone}");
        }
        assert!(found("09:15", "UTC", "").contains("no record"));
    }

    #[test]
    fn what_is_not_a_time_or_zone_is_refused_with_the_forms() {
        for text in
            ["", "yesterday", "9", "0915", "25:00", "2026-13-01", "2026-03-09T09:15[Europe/Berlin]", "09:15Z"]
        {
            let said = TypedTime::parse(text).expect_err(text);
            assert!(said.contains("expected"), "{text}: {said}");
        }
        assert!(zone("Mars/Olympus").is_err() && zone("+2").is_err() && zone("").is_err());
    }

    #[test]
    fn a_span_of_times_of_day_may_begin_the_day_before() {
        let calendar = Calendar::new(None, "2026-03-09T23:30:00Z".parse().ok());
        let typed = |text| TypedTime::parse(text).ok();
        let (from, to) = calendar.span(typed("22:00"), typed("02:00")).expect("a span");
        assert_eq!(from.map(|from| from.to_string()).as_deref(), Some("2026-03-08T22:00:00.0000000Z"));
        assert_eq!(to.map(|to| to.to_string()).as_deref(), Some("2026-03-09T02:00:00.0000000Z"));
        assert!(calendar.span(typed("2026-03-09 10:00"), typed("09:00")).is_err());
        assert_eq!(calendar.span(None, None), Ok((None, None)));
    }
}
