//! A span of time laid out from left to right.

use jiff::Timestamp;
use rdpwhy_event::FileTime;

/// At most so many marks on the axis.
const TICKS: i64 = 7;
/// Distances of marks on the axis, in milliseconds: from a second to ten years.
const STEPS: [i64; 20] = [
    SECOND,
    5 * SECOND,
    15 * SECOND,
    30 * SECOND,
    MINUTE,
    5 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    14 * DAY,
    30 * DAY,
    90 * DAY,
    365 * DAY,
    3650 * DAY,
];
const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A span of time, in milliseconds of Unix time, on a line of a certain length.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    from: i64,
    to: i64,
    length: f64,
}

impl Scale {
    /// From the first of the times to the last, with a margin; nothing where there is no time.
    pub(super) fn over(times: impl IntoIterator<Item = i64>, length: f64) -> Option<Scale> {
        let (from, to) =
            times.into_iter().fold((i64::MAX, i64::MIN), |(from, to), time| (from.min(time), to.max(time)));
        (from <= to).then(|| {
            let margin = ((to - from) / 20).max(15 * SECOND);
            Scale { from: from - margin, to: to + margin, length }
        })
    }

    /// Where the time stands, taken onto the line.
    pub(super) fn place(&self, time: i64) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of a span of years fit")]
        let share = (time.clamp(self.from, self.to) - self.from) as f64 / (self.to - self.from) as f64;
        share * self.length
    }

    pub(super) fn holds(&self, time: i64) -> bool {
        (self.from..=self.to).contains(&time)
    }

    /// Whether the time lies before the line.
    pub(super) fn is_after(&self, time: i64) -> bool {
        time < self.from
    }

    /// Places on the line with their times, as fine as there is room.
    pub(super) fn ticks(&self) -> Vec<(f64, String)> {
        let span = self.to - self.from;
        let step = STEPS.into_iter().find(|step| span / step < TICKS).unwrap_or(span / TICKS + 1);
        let first = self.from.div_euclid(step) * step + step;
        let mut day = String::new();
        let mut ticks = Vec::new();
        let mut time = first;
        while time < self.to {
            ticks.push((self.place(time), label(time, step, &mut day)));
            time += step;
        }
        ticks
    }
}

/// The time as milliseconds of Unix time; nothing where it lies beyond the calendar.
pub(super) fn millis(time: FileTime) -> Option<i64> {
    time.to_timestamp().map(Timestamp::as_millisecond)
}

/// `08:30`, with its day where that is another than before.
fn label(time: i64, step: i64, day: &mut String) -> String {
    let Ok(instant) = Timestamp::from_millisecond(time) else { return String::new() };
    let today = instant.strftime("%Y-%m-%d").to_string();
    if step >= DAY {
        return today;
    }
    let clock = instant.strftime(if step < MINUTE { "%H:%M:%S" } else { "%H:%M" }).to_string();
    if *day == today {
        return clock;
    }
    today.clone_into(day);
    format!("{today} {clock}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_few_round_and_tell_the_day_once() {
        let at = |time: &str| millis(time.parse().unwrap()).unwrap();
        let labels = |from, to| -> Vec<String> {
            let scale = Scale::over([at(from), at(to)], 800.0).unwrap();
            scale.ticks().into_iter().map(|(_, label)| label).collect()
        };
        assert_eq!(
            labels("2026-03-09T07:58:00Z", "2026-03-09T08:28:00Z"),
            ["2026-03-09 08:00", "08:05", "08:10", "08:15", "08:20", "08:25"]
        );
        assert_eq!(labels("2026-03-09T07:58:00Z", "2026-03-09T07:58:00Z").len(), 5);
        assert_eq!(
            labels("2026-03-01T00:00:00Z", "2026-03-09T00:00:00Z"),
            ["2026-03-02", "2026-03-04", "2026-03-06", "2026-03-08"]
        );
        assert!(labels("1601-01-01T00:00:00Z", "9998-12-31T00:00:00Z").len() <= 8);
        assert_eq!(millis(FileTime(u64::MAX)), None);
        assert!(Scale::over([], 1.0).is_none());
    }
}
