//! A span of time laid out from left to right.

use jiff::Timestamp;
use rdpwhy_event::FileTime;

/// At most this many marks on the axis.
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

/// Room for a break of the axis.
const BREAK: f64 = 26.0;
/// At most this many breaks: the axis keeps room for the times themselves.
const BREAKS: usize = 4;
/// The narrowest part of a broken axis: a day and a time fit below it.
const NARROWEST: f64 = 86.0;
/// Room for a label of the axis.
const LABEL: f64 = 110.0;
/// A shorter time without anything is no reason to break the axis.
const SHORTEST_GAP: i64 = 10 * MINUTE;

/// Spans of time, in milliseconds of Unix time, on a line of a certain length; where there is more than one, the line is
/// broken between them.
#[derive(Debug, Clone)]
pub(super) struct Scale {
    parts: Vec<Part>,
}

/// A span of time on a part of the line.
#[derive(Debug, Clone, Copy)]
struct Part {
    from: i64,
    to: i64,
    /// The first moment that matters: the margin is before it.
    first: i64,
    left: f64,
    length: f64,
}

impl Part {
    fn place(&self, time: i64) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of a span of years fit")]
        let share = (time.clamp(self.from, self.to) - self.from) as f64 / (self.to - self.from) as f64;
        self.left + share * self.length
    }

    /// Marks of the axis, as fine as there is room.
    fn ticks(&self) -> Vec<(f64, i64, i64)> {
        let span = self.to - self.from;
        #[expect(clippy::cast_possible_truncation, reason = "a line is some hundred units long")]
        let most = ((self.length / LABEL) as i64).clamp(1, TICKS);
        if most < 3 {
            // There is room for the first moment only.
            return vec![(self.place(self.first), self.first, MINUTE)];
        }
        let step = STEPS.into_iter().find(|step| span / step < most).unwrap_or(span / most + 1);
        let mut time = self.from.div_euclid(step) * step + step;
        let mut ticks = Vec::new();
        while time < self.to {
            ticks.push((self.place(time), time, step));
            time += step;
        }
        ticks
    }
}

impl Scale {
    /// From the first of the times to the last, with a margin; nothing where there is no time.
    pub(super) fn over(times: impl IntoIterator<Item = i64>, length: f64) -> Option<Scale> {
        let (from, to) =
            times.into_iter().fold((i64::MAX, i64::MIN), |(from, to), time| (from.min(time), to.max(time)));
        (from <= to).then(|| Scale { parts: laid_out(&[(from, to)], length) })
    }

    /// The same, but broken where there is none of the times for longer than half of what matters most.
    pub(super) fn broken(
        times: impl IntoIterator<Item = i64>,
        matters: (i64, i64),
        length: f64,
    ) -> Option<Scale> {
        let mut times: Vec<i64> = times.into_iter().chain([matters.0, matters.1]).collect();
        times.sort_unstable();
        times.dedup();
        let least = ((matters.1 - matters.0) / 2).max(SHORTEST_GAP);
        let mut gaps: Vec<usize> = (1..times.len()).filter(|at| times[*at] - times[at - 1] > least).collect();
        gaps.sort_by_key(|at| std::cmp::Reverse(times[*at] - times[at - 1]));
        gaps.truncate(BREAKS);
        gaps.sort_unstable();
        if gaps.is_empty() {
            return Scale::over(times, length);
        }
        let starts = std::iter::once(0).chain(gaps.iter().copied());
        let ends = gaps.iter().copied().chain(std::iter::once(times.len()));
        let spans: Vec<(i64, i64)> =
            starts.zip(ends).map(|(start, end)| (times[start], times[end - 1])).collect();
        Some(Scale { parts: laid_out(&spans, length) })
    }

    /// Where the time is, taken onto the line.
    pub(super) fn place(&self, time: i64) -> f64 {
        let part = self.parts.iter().find(|part| time <= part.to).or(self.parts.last());
        part.map_or(0.0, |part| part.place(time))
    }

    pub(super) fn holds(&self, time: i64) -> bool {
        self.parts.iter().any(|part| (part.from..=part.to).contains(&time))
    }

    /// Whether the time is before the line.
    pub(super) fn is_after(&self, time: i64) -> bool {
        self.parts.first().is_some_and(|part| time < part.from)
    }

    /// Whether the time is behind the line.
    pub(super) fn is_before(&self, time: i64) -> bool {
        self.parts.last().is_some_and(|part| time > part.to)
    }

    /// The middles of the breaks.
    pub(super) fn breaks(&self) -> impl Iterator<Item = f64> {
        self.parts.iter().skip(1).map(|part| part.left - BREAK / 2.0)
    }

    /// Places on the line with their times: the day, where it is another than before, and the time of day.
    pub(super) fn ticks(&self) -> Vec<(f64, Tick)> {
        let mut day = String::new();
        let all = self.parts.iter().flat_map(Part::ticks);
        all.map(|(place, time, step)| (place, label(time, step, &mut day))).collect()
    }
}

/// Room for the marks at both ends.
fn margin(from: i64, to: i64) -> i64 {
    ((to - from) / 20).max(15 * SECOND)
}

/// The spans side by side: each has some room, and the rest is shared out by how long they last.
fn laid_out(spans: &[(i64, i64)], length: f64) -> Vec<Part> {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of a span of years fit")]
    let lasts = |&(from, to): &(i64, i64)| (to - from + 2 * margin(from, to)) as f64;
    #[expect(clippy::cast_precision_loss, reason = "there are few parts")]
    let count = spans.len() as f64;
    let spare = length - count * NARROWEST - (count - 1.0) * BREAK;
    let all: f64 = spans.iter().map(lasts).sum();
    let mut left = 0.0;
    let part = |span: &(i64, i64)| {
        let length = NARROWEST + spare * lasts(span) / all;
        let &(first, last) = span;
        let margin = margin(first, last);
        let part = Part { from: first - margin, to: last + margin, first, left, length };
        left += length + BREAK;
        part
    };
    spans.iter().map(part).collect()
}

/// What is below a place of the axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tick {
    /// `2026-03-09`; nothing where the place before has the same.
    pub(super) day: String,
    /// `08:30`; nothing where only days matter.
    pub(super) clock: String,
}

/// The time as milliseconds of Unix time; nothing where it is beyond the calendar.
pub(super) fn millis(time: FileTime) -> Option<i64> {
    time.to_timestamp().map(Timestamp::as_millisecond)
}

fn label(time: i64, step: i64, day: &mut String) -> Tick {
    let Ok(instant) = Timestamp::from_millisecond(time) else {
        return Tick { day: String::new(), clock: String::new() };
    };
    let today = instant.strftime("%Y-%m-%d").to_string();
    if step >= DAY {
        return Tick { day: today, clock: String::new() };
    }
    let clock = instant.strftime(if step < MINUTE { "%H:%M:%S" } else { "%H:%M" }).to_string();
    if *day == today {
        return Tick { day: String::new(), clock };
    }
    today.clone_into(day);
    Tick { day: today, clock }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: &str) -> i64 {
        millis(time.parse().unwrap()).unwrap()
    }

    fn labels(scale: &Scale) -> Vec<String> {
        let text = |(_, tick): (f64, Tick)| format!("{} {}", tick.day, tick.clock).trim().to_owned();
        scale.ticks().into_iter().map(text).collect()
    }

    #[test]
    fn ticks_are_few_round_and_tell_the_day_once() {
        let labels = |from, to| -> Vec<String> { labels(&Scale::over([at(from), at(to)], 800.0).unwrap()) };
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

    #[test]
    fn long_times_without_anything_are_left_out() {
        let good = at("2026-03-07T09:31:41Z");
        let change = at("2026-03-08T22:04:13Z");
        let failures = (at("2026-03-09T07:58:00Z"), at("2026-03-09T08:25:26Z"));
        let seen = at("2026-03-09T07:50:02Z");
        let between = (0..5).map(|number| failures.0 + number * 5 * MINUTE);
        let scale = Scale::broken([good, change, seen].into_iter().chain(between), failures, 820.0).unwrap();
        assert_eq!(scale.breaks().count(), 2);
        assert!(scale.holds(good) && scale.holds(change) && !scale.holds(at("2026-03-08T00:00:00Z")));
        assert!(scale.is_after(at("2026-03-01T00:00:00Z")) && scale.is_before(at("2026-03-10T00:00:00Z")));
        let places = [good, change, seen, failures.0, failures.1];
        let places = places.map(|time| scale.place(time));
        assert!(places.is_sorted_by(|one, other| one + 5.0 < *other), "{places:?}");
        assert!(places.iter().all(|place| (0.0..=820.0).contains(place)), "{places:?}");
        let labels = labels(&scale);
        assert_eq!(labels[..2], ["2026-03-07 09:31", "2026-03-08 22:04"], "{labels:?}");
        // However many there are, some of the line is left for each.
        let many = (0..100).map(|number| good + number * 40 * MINUTE);
        let scale = Scale::broken(many, (good, good + 1), 820.0).unwrap();
        assert_eq!(scale.breaks().count(), BREAKS);
        assert!((scale.place(i64::MAX) - 820.0).abs() < 0.1);
    }
}
