//! Instants as Windows stores them.

use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;

const TICKS_PER_SECOND: u64 = 10_000_000;
const SECONDS_PER_DAY: u64 = 86_400;
/// Seconds from 1601-01-01 to 1970-01-01.
const UNIX_EPOCH: i64 = 11_644_473_600;
/// Days from 0000-03-01, where the calendar arithmetic begins, to 1601-01-01.
const EPOCH_DAYS: u64 = 584_694;
/// Days of 400 Gregorian years.
const ERA_DAYS: u64 = 146_097;

/// An instant: 100 ns ticks since 1601-01-01 UTC, the resolution and epoch that event logs use.
///
/// `Display` writes RFC 3339 in UTC with exactly seven fraction digits; `FromStr` reads RFC 3339 with any
/// number of fraction digits (what is finer than a tick is dropped) and any offset.
///
/// # Example
/// ```
/// use rdpwhy_event::FileTime;
/// let time: FileTime = "2026-01-02T05:04:05.12+02:00".parse()?;
/// assert_eq!(time.to_string(), "2026-01-02T03:04:05.1200000Z");
/// # Ok::<(), rdpwhy_event::FileTimeError>(())
/// ```
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FileTime(pub u64);

/// A text that is no RFC 3339 instant from 1601 on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a time like 2026-01-02T03:04:05.1234567Z")]
pub struct FileTimeError(String);

impl FileTime {
    /// The ticks from `other` to `self`, negative when `self` is the earlier one; saturates.
    #[inline]
    pub fn ticks_since(self, other: FileTime) -> i64 {
        let ticks = i128::from(self.0) - i128::from(other.0);
        i64::try_from(ticks).unwrap_or(if ticks < 0 { i64::MIN } else { i64::MAX })
    }

    /// The instant `seconds` and `nanoseconds` after 1970-01-01 UTC; saturates.
    pub fn from_unix(seconds: i64, nanoseconds: u32) -> FileTime {
        let ticks = (i128::from(seconds) + i128::from(UNIX_EPOCH)) * i128::from(TICKS_PER_SECOND)
            + i128::from(nanoseconds / 100);
        FileTime(u64::try_from(ticks).unwrap_or(if ticks < 0 { 0 } else { u64::MAX }))
    }

    /// The same instant for calendar work, if `jiff` can represent it (until the year 9999).
    pub fn to_timestamp(self) -> Option<Timestamp> {
        let seconds = i64::try_from(self.0 / TICKS_PER_SECOND).ok()? - UNIX_EPOCH;
        let nanoseconds = i32::try_from(self.0 % TICKS_PER_SECOND * 100).ok()?;
        Timestamp::new(seconds, nanoseconds).ok()
    }

    /// Whole minutes since 1601-01-01 UTC; saturates.
    #[inline]
    pub fn minute(self) -> u32 {
        u32::try_from(self.0 / (60 * TICKS_PER_SECOND)).unwrap_or(u32::MAX)
    }

    /// Year, month, day, hour, minute, second and ticks in UTC.
    pub fn parts(self) -> [u64; 7] {
        let seconds = self.0 / TICKS_PER_SECOND;
        let (year, month, day) = date(seconds / SECONDS_PER_DAY);
        let of_day = seconds % SECONDS_PER_DAY;
        [year, month, day, of_day / 3600, of_day / 60 % 60, of_day % 60, self.0 % TICKS_PER_SECOND]
    }

    /// The start of a minute counted like [`FileTime::minute`].
    #[inline]
    pub fn from_minute(minute: u32) -> FileTime {
        FileTime(u64::from(minute) * 60 * TICKS_PER_SECOND)
    }
}

impl From<Timestamp> for FileTime {
    /// Rounds down to a tick; instants before 1601 become its first.
    fn from(timestamp: Timestamp) -> FileTime {
        let ticks =
            timestamp.as_nanosecond().div_euclid(100) + i128::from(UNIX_EPOCH) * i128::from(TICKS_PER_SECOND);
        FileTime(u64::try_from(ticks).unwrap_or(if ticks < 0 { 0 } else { u64::MAX }))
    }
}

impl Add<Duration> for FileTime {
    type Output = FileTime;

    /// Saturates.
    #[inline]
    fn add(self, duration: Duration) -> FileTime {
        FileTime(self.0.saturating_add(ticks(duration)))
    }
}

impl Sub<Duration> for FileTime {
    type Output = FileTime;

    /// Saturates.
    #[inline]
    fn sub(self, duration: Duration) -> FileTime {
        FileTime(self.0.saturating_sub(ticks(duration)))
    }
}

fn ticks(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos() / 100).unwrap_or(u64::MAX)
}

impl fmt::Display for FileTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [year, month, day, hour, minute, second, fraction] = self.parts();
        let text =
            format_args!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{fraction:07}Z")
                .to_string();
        f.pad(&text)
    }
}

impl serde::Serialize for FileTime {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Year, month and day of a day counted from 1601-01-01.
///
/// # Source
/// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
fn date(day: u64) -> (u64, u64, u64) {
    let day = day + EPOCH_DAYS;
    let (era, of_era) = (day / ERA_DAYS, day % ERA_DAYS);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let march_month = (5 * of_year + 2) / 153;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    (era * 400 + year + u64::from(month <= 2), month, of_year - (153 * march_month + 2) / 5 + 1)
}

/// The day counted from 1601-01-01, the inverse of [`date`]; `None` before it or for no real date.
fn day_number(year: u64, month: u64, day: u64) -> Option<u64> {
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let march_year = if month <= 2 { year.checked_sub(1)? } else { year };
    let (era, of_era) = (march_year / 400, march_year % 400);
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    let number =
        (era * ERA_DAYS + of_era * 365 + of_era / 4 - of_era / 100 + of_year).checked_sub(EPOCH_DAYS)?;
    (date(number) == (year, month, day)).then_some(number)
}

impl FromStr for FileTime {
    type Err = FileTimeError;

    fn from_str(text: &str) -> Result<FileTime, FileTimeError> {
        parse(text.as_bytes()).ok_or_else(|| FileTimeError(text.chars().take(60).collect()))
    }
}

/// Reads RFC 3339. Written out because every decoded record has one.
fn parse(text: &[u8]) -> Option<FileTime> {
    let (
        &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T' | b't' | b' ', h1, h2, b':', n1, n2, b':', s1, s2],
        rest,
    ) = text.split_first_chunk::<19>()?
    else {
        return None;
    };
    let day = day_number(number(&[y1, y2, y3, y4])?, number(&[m1, m2])?, number(&[d1, d2])?)?;
    let (hour, minute, second) = (number(&[h1, h2])?, number(&[n1, n2])?, number(&[s1, s2])?);
    // 60 is a leap second: it counts as the first of the next minute.
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let (fraction, rest) = fraction(rest)?;
    let seconds = day * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second;
    let seconds = i64::try_from(seconds).ok()?.checked_sub(offset_seconds(rest)?)?;
    Some(FileTime(u64::try_from(seconds).ok()? * TICKS_PER_SECOND + fraction))
}

fn number(digits: &[u8]) -> Option<u64> {
    digits
        .iter()
        .try_fold(0, |value, digit| digit.is_ascii_digit().then(|| value * 10 + u64::from(digit - b'0')))
}

/// The ticks of an optional fraction, and what follows it.
fn fraction(text: &[u8]) -> Option<(u64, &[u8])> {
    let Some(digits) = text.strip_prefix(b".") else {
        return Some((0, text));
    };
    let count = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = digits.split_at(count);
    let ticks =
        (0..7).fold(0, |ticks, at| ticks * 10 + digits.get(at).map_or(0, |digit| u64::from(digit - b'0')));
    (count > 0).then_some((ticks, rest))
}

/// What local time is ahead of UTC.
fn offset_seconds(text: &[u8]) -> Option<i64> {
    match *text {
        [b'Z' | b'z'] => Some(0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (number(&[h1, h2])?, number(&[m1, m2])?);
            let seconds = i64::try_from(hours * 3600 + minutes * 60).ok()?;
            (hours < 24 && minutes < 60).then_some(if sign == b'+' { seconds } else { -seconds })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn text_has_seven_digits_and_z() {
        let time = FileTime(116_444_736_000_000_001);
        assert_eq!(time.to_string(), "1970-01-01T00:00:00.0000001Z");
        assert_eq!(FileTime(0).to_string(), "1601-01-01T00:00:00.0000000Z");
    }

    #[test]
    fn any_fraction_and_offset_is_read() {
        for (text, utc) in [
            ("2026-03-01T00:00:00Z", "2026-03-01T00:00:00.0000000Z"),
            ("2026-03-01T00:00:00.123456789Z", "2026-03-01T00:00:00.1234567Z"),
            ("2024-02-29T23:30:00.5-01:00", "2024-03-01T00:30:00.5000000Z"),
            ("2026-03-01t00:00:00.1z", "2026-03-01T00:00:00.1000000Z"),
            ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.0000000Z"),
        ] {
            assert_eq!(text.parse::<FileTime>().unwrap().to_string(), utc, "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused_with_an_example() {
        for text in [
            "",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:00:00",
            "2026-01-01T00:00:00.Z",
            "1600-01-01T00:00:00Z",
            "0000-00-00T00:00:00.0000000Z",
        ] {
            let error = text.parse::<FileTime>().unwrap_err().to_string();
            assert_eq!(error, format!("`{text}` is not a time like 2026-01-02T03:04:05.1234567Z"));
        }
    }

    #[test]
    fn arithmetic_saturates() {
        assert_eq!(FileTime(5) - Duration::from_secs(1), FileTime(0));
        assert_eq!(FileTime(u64::MAX) + Duration::from_secs(1), FileTime(u64::MAX));
        assert_eq!(FileTime(5).ticks_since(FileTime(7)), -2);
        assert_eq!(FileTime(0).ticks_since(FileTime(u64::MAX)), i64::MIN);
    }

    proptest! {
        #[test]
        fn printed_times_read_back_and_agree_with_jiff(ticks in 0u64..2_650_466_800_000_000_000) {
            let time = FileTime(ticks);
            prop_assert_eq!(time.to_string().parse::<FileTime>().unwrap(), time);
            let timestamp = time.to_timestamp().unwrap();
            prop_assert_eq!(FileTime::from(timestamp), time);
            prop_assert_eq!(format!("{timestamp:.7}"), time.to_string());
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,40}", ticks: u64) {
            let _ = text.parse::<FileTime>();
            let _ = FileTime(ticks).to_string();
            let _ = FileTime(ticks).to_timestamp();
        }
    }
}
