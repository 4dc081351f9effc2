//! Times as other programs and people write them.

use jiff::tz::TimeZone;

use rdpwhy_event::FileTime;

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/// Words for the first and the second half of the day.
const MORNING: &[&str] = &["am", "a.m.", "上午", "午前", "오전"];
const AFTERNOON: &[&str] = &["pm", "p.m.", "下午", "午後", "오후"];
/// Characters that a date with its time may have; with the weekday and the month in words they have about forty.
const MAX_DATE: usize = 80;

/// When a record was written, as far as its form says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// At this instant.
    At(FileTime),
    /// When clocks at the machine, or where it was looked at, showed what this instant is in UTC.
    Local(FileTime),
}

/// A time as programs write it: RFC 3339 or nearly so, or a number since 1970. Without an offset it is a local time.
pub(crate) fn written(text: &str) -> Option<When> {
    let text = text.trim();
    let instant = text.parse().ok().or_else(|| since_1970(text)).or_else(|| with_offset(text));
    instant.map(When::At).or_else(|| Some(When::Local(format!("{text}Z").parse().ok()?)))
}

/// RFC 3339 with a space before the offset, without the colon in it, or with `UTC` in its place.
fn with_offset(text: &str) -> Option<FileTime> {
    if let Some(start) = text.strip_suffix("UTC").or_else(|| text.strip_suffix("GMT")) {
        return format!("{}Z", start.trim_end()).parse().ok();
    }
    let (start, offset) = text.split_at_checked(text.len().checked_sub(5)?)?;
    let digits = offset.strip_prefix(['+', '-'])?;
    let (hours, minutes) = digits.split_at_checked(2)?;
    format!("{}{}{hours}:{minutes}", start.trim_end(), &offset[..1]).parse().ok()
}

/// A time as a number since 1970, which programs are often told to write: in seconds, milliseconds or microseconds,
/// whichever gives a year of these centuries; also as `/Date(1773043080291)/`.
fn since_1970(text: &str) -> Option<FileTime> {
    let number = text.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/")).unwrap_or(text);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let number: i64 = whole.parse().ok().filter(|number| *number > 0)?;
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (seconds, rest, unit) = match number {
        ..=99_999_999_999 => {
            let nanoseconds: i64 = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
            (number, nanoseconds, 1)
        }
        100_000_000_000..=99_999_999_999_999 => (number / 1_000, number % 1_000, 1_000_000),
        _ => (number / 1_000_000, number % 1_000_000, 1_000),
    };
    Some(FileTime::from_unix(seconds, u32::try_from(rest * unit).ok()?))
}

/// Whether the day or the month comes first in the dates of a text: `4/3/2026` does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DateOrder {
    day_first: bool,
    /// Some date decides it, or all read the same either way.
    pub(crate) is_certain: bool,
}

impl DateOrder {
    /// The order in these dates, which were all written with the same settings.
    ///
    /// Where no date decides, those with AM or PM have the month first, as in the United States, and others the day.
    pub(crate) fn of<'t>(texts: impl Iterator<Item = &'t str>) -> DateOrder {
        let (mut unclear, mut twelve_hours) = (false, false);
        for text in texts {
            let Some(date) = Written::of(text) else { continue };
            match date.numbers[..] {
                [first, second, _] if date.month.is_none() && first <= 31 => {
                    let has_dots = text.contains('.') && !text.contains('/');
                    if first > 12 || second > 12 || has_dots {
                        return DateOrder { day_first: second <= 12, is_certain: true };
                    }
                    unclear |= first != second;
                    twelve_hours |= date.half.is_some();
                }
                _ => {}
            }
        }
        DateOrder { day_first: !twelve_hours, is_certain: !unclear }
    }
}

/// A date and time as people write it.
struct Written {
    /// Of the date, in the order in which they are written.
    numbers: Vec<u64>,
    /// The month, where it is a word.
    month: Option<u64>,
    time: [u64; 3],
    /// 0 in the morning and 12 in the afternoon.
    half: Option<u64>,
}

impl Written {
    fn of(text: &str) -> Option<Written> {
        if text.len() > MAX_DATE {
            return None;
        }
        let lower = text.to_lowercase();
        let is_any = |words: &[&str]| words.iter().any(|word| contains_word(&lower, word));
        let half = if is_any(AFTERNOON) { Some(12) } else { is_any(MORNING).then_some(0) };
        let is_gap = |c: char| c.is_whitespace() || matches!(c, ',' | 't' | '\u{200e}' | '\u{200f}');
        let mut written = Written { numbers: Vec::new(), month: None, time: [0; 3], half };
        let mut has_time = false;
        for token in lower.split(is_gap).filter(|token| !token.is_empty()) {
            if token.contains(':') && !has_time {
                // Not 3:04 with 下午 written before it.
                let digits = token.trim_start_matches(|c: char| !c.is_ascii_digit());
                let parts = digits.split([':', '.']).map(leading_number).take(3);
                for (place, part) in written.time.iter_mut().zip(parts) {
                    *place = part?;
                }
                has_time = true;
                continue;
            }
            for part in token.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()) {
                let month = MONTHS.iter().position(|name| part.starts_with(name));
                match part.parse() {
                    Ok(number) => written.numbers.push(number),
                    Err(_) => written.month = written.month.or(month.map(|at| at as u64 + 1)),
                }
            }
        }
        has_time.then_some(written)
    }

    fn date(&self, order: DateOrder) -> Option<(u64, u64, u64)> {
        let year = |year: u64| if year < 100 { 2000 + year } else { year };
        match (self.month, &self.numbers[..]) {
            (Some(month), &[first, second]) if first > 31 => Some((first, month, second)),
            (Some(month), &[day, last]) => Some((year(last), month, day)),
            (None, &[first, month, day]) if first > 31 => Some((first, month, day)),
            (None, &[day, month, last]) if day > 12 || (order.day_first && month <= 12) => {
                Some((year(last), month, day))
            }
            (None, &[month, day, last]) => Some((year(last), month, day)),
            _ => None,
        }
    }
}

/// Letters count only between others than letters; words of other scripts are written without spaces.
fn contains_word(text: &str, word: &str) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    text.match_indices(word).any(|(at, _)| {
        !word.is_ascii()
            || (!is_letter(text[..at].chars().next_back())
                && !is_letter(text[at + word.len()..].chars().next()))
    })
}

fn leading_number(text: &str) -> Option<u64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    text[..digits].parse().ok()
}

/// A local date and time such as `4/13/2015 2:59:59 PM`, `18-Jan-23 1:31:35` or `29.04.2026 09:43:59`.
pub(crate) fn local(text: &str, order: DateOrder) -> Option<When> {
    if let Some(when) = written(text) {
        return Some(when);
    }
    let written = Written::of(text)?;
    let (year, month, day) = written.date(order)?;
    let [hour, minute, second] = written.time;
    let hour = match written.half {
        Some(half) => hour % 12 + half,
        None => hour,
    };
    let text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z");
    text.parse().ok().map(When::Local)
}

/// The instant at which clocks in `zone` showed what `local` is in UTC; `local` itself without a zone.
pub(crate) fn instant(local: FileTime, zone: Option<&TimeZone>) -> FileTime {
    let shown = || {
        let shown = TimeZone::UTC.to_datetime(local.to_timestamp()?);
        zone?.to_timestamp(shown).ok().map(FileTime::from)
    };
    shown().unwrap_or(local)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Option<String> {
        local(text, DateOrder::of([text].into_iter())).map(|when| match when {
            When::At(time) => format!("at {time}"),
            When::Local(time) => time.to_string()[..19].to_owned(),
        })
    }

    #[test]
    fn programs_write_times_in_many_ways() {
        for (text, time) in [
            ("2026-03-09T07:58:00.2911230Z", "at 2026-03-09T07:58:00.2911230Z"),
            ("2026-03-09T08:58:00.291+0100", "at 2026-03-09T07:58:00.2910000Z"),
            ("2026-03-09 07:58:00 +0000", "at 2026-03-09T07:58:00.0000000Z"),
            ("2026-03-09 07:58:00 UTC", "at 2026-03-09T07:58:00.0000000Z"),
            ("1773043080", "at 2026-03-09T07:58:00.0000000Z"),
            ("1773043080.291123", "at 2026-03-09T07:58:00.2911230Z"),
            ("1773043080291", "at 2026-03-09T07:58:00.2910000Z"),
            ("1773043080291123", "at 2026-03-09T07:58:00.2911230Z"),
            ("/Date(1773043080291)/", "at 2026-03-09T07:58:00.2910000Z"),
            ("2026-03-09 07:58:00.2911230", "2026-03-09T07:58:00"),
        ] {
            assert_eq!(read(text).as_deref(), Some(time), "{text}");
        }
    }

    #[test]
    fn people_write_dates_in_the_order_of_their_country() {
        for (text, time) in [
            ("4/13/2015 2:59:59 PM", "2015-04-13T14:59:59"),
            ("5/4/2017 10:49:19 AM", "2017-05-04T10:49:19"),
            ("1/25/2023 12:00:01 AM", "2023-01-25T00:00:01"),
            ("18-Jan-23 1:31:35", "2023-01-18T01:31:35"),
            ("29.04.2026 09:43:59", "2026-04-29T09:43:59"),
            ("03.04.2026 09:43:59", "2026-04-03T09:43:59"),
            ("25/01/2023 20:56:39", "2023-01-25T20:56:39"),
            ("03/01/2023 20:56:39", "2023-01-03T20:56:39"),
            ("2025/06/02 14:20:21", "2025-06-02T14:20:21"),
            ("2022/12/26 下午 4:33:23", "2022-12-26T16:33:23"),
            ("Wednesday, January 25, 2023 8:56:39 PM", "2023-01-25T20:56:39"),
            ("\u{200e}1/\u{200e}25/\u{200e}2023 8:56:39 PM", "2023-01-25T20:56:39"),
        ] {
            assert_eq!(read(text).as_deref(), Some(time), "{text}");
        }
        for text in ["", "25 January", "13/13/2023 1:00:00", "1/2/2023", "1/2/2023 25:00:00", "a:b"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn one_date_decides_for_all() {
        let order = DateOrder::of(["3/4/2023 1:00:00", "13/4/2023 1:00:00"].into_iter());
        assert_eq!(order, DateOrder { day_first: true, is_certain: true });
        assert!(!DateOrder::of(["3/4/2023 1:00:00 PM"].into_iter()).is_certain);
        assert!(DateOrder::of(["4/4/2023 1:00:00 PM"].into_iter()).is_certain);
    }

    #[test]
    fn a_zone_gives_the_instant() {
        let local: FileTime = "2026-07-01T12:00:00Z".parse().unwrap();
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        assert_eq!(instant(local, Some(&zone)).to_string(), "2026-07-01T10:00:00.0000000Z");
        assert_eq!(instant(local, None), local);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "(\\PC|[0-9]|[:/. -]|am|pm|jan){0,40}") {
            let _ = read(&text);
        }
    }
}
