//! Instants and spans in units of 100 ns, as tickets write them.

use std::fmt;

use jiff::Timestamp;

/// 100 ns units from 1601-01-01 to 1970-01-01, both UTC.
const UNIX_EPOCH: i128 = 116_444_736_000_000_000;
const TICKS_PER_SECOND: i128 = 10_000_000;

/// A point in time: 100 ns units since 1601-01-01 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(pub i64);

/// A signed length of time in units of 100 ns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(pub i64);

impl Instant {
    /// Reads `2026-03-09T08:10:00.1234567Z`; any offset from UTC is fine. Finer than 100 ns is cut off.
    pub fn parse(text: &str) -> Option<Instant> {
        let timestamp: Timestamp = text.parse().ok()?;
        let ticks = timestamp.as_nanosecond().div_euclid(100) + UNIX_EPOCH;
        i64::try_from(ticks).ok().filter(|ticks| *ticks >= 0).map(Instant)
    }

    /// The same point in time for the rest of the world.
    pub fn timestamp(self) -> Timestamp {
        let nanoseconds = (i128::from(self.0) - UNIX_EPOCH) * 100;
        Timestamp::from_nanosecond(nanoseconds).unwrap_or(Timestamp::MAX)
    }

    /// This much later, or earlier when negative.
    pub fn plus(self, span: Span) -> Instant {
        Instant(self.0.saturating_add(span.0).max(0))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.7}", self.timestamp())
    }
}

impl Span {
    /// Reads `+2m`, `-7d`, `1h30m`, `+0.25s`, `90ms`, `1.5us`; `0` alone is zero. `None` for anything else.
    pub fn parse(text: &str) -> Option<Span> {
        let (negative, mut rest) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        if rest == "0" {
            return Some(Span(0));
        }
        let mut total: i128 = 0;
        while !rest.is_empty() || total == 0 {
            let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
            let (number, after) = rest.split_at(digits);
            let letters = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
            let (unit, next) = after.split_at(letters);
            total += scaled(number, unit_ticks(unit)?)?;
            rest = next;
            if rest.is_empty() {
                break;
            }
        }
        let ticks = i64::try_from(total).ok()?;
        Some(Span(if negative { -ticks } else { ticks }))
    }
}

fn unit_ticks(unit: &str) -> Option<i128> {
    Some(match unit {
        "us" => TICKS_PER_SECOND / 1_000_000,
        "ms" => TICKS_PER_SECOND / 1_000,
        "s" => TICKS_PER_SECOND,
        "m" => 60 * TICKS_PER_SECOND,
        "h" => 3_600 * TICKS_PER_SECOND,
        "d" => 86_400 * TICKS_PER_SECOND,
        "w" => 7 * 86_400 * TICKS_PER_SECOND,
        _ => return None,
    })
}

/// `number` times `ticks`, exact for up to nine decimals.
fn scaled(number: &str, ticks: i128) -> Option<i128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    if whole.is_empty() || fraction.is_empty() || fraction.len() > 9 || whole.len() > 12 {
        return None;
    }
    let denominator = 10i128.pow(fraction.len() as u32);
    let numerator = whole.parse::<i128>().ok()? * denominator + fraction.parse::<i128>().ok()?;
    Some(numerator * ticks / denominator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_to_the_tick() {
        let cases: [(&str, Option<i64>); 14] = [
            ("+2m", Some(1_200_000_000)),
            ("-7d", Some(-6_048_000_000_000)),
            ("1h30m", Some(54_000_000_000)),
            ("+0.25s", Some(2_500_000)),
            ("0.0000001s", Some(1)),
            ("90ms", Some(900_000)),
            ("0", Some(0)),
            ("0s", Some(0)),
            ("1.5us", Some(15)),
            ("", None),
            ("+", None),
            ("5", None),
            ("2x", None),
            ("1.2.3s", None),
        ];
        for (text, ticks) in cases {
            assert_eq!(Span::parse(text), ticks.map(Span), "{text}");
        }
    }

    #[test]
    fn instants_keep_100_ns_both_ways() {
        let instant = Instant::parse("2026-03-09T08:10:00.1234567Z").unwrap();
        assert_eq!(instant.to_string(), "2026-03-09T08:10:00.1234567Z");
        assert_eq!(Instant::parse("1601-01-01T00:00:00Z"), Some(Instant(0)));
        assert_eq!(Instant::parse("1600-12-31T23:59:59Z"), None);
    }
}
