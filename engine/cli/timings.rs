//! How long each stage took.

use crate::terminal;
use std::time::{Duration, Instant};

#[derive(Debug)]
pub(crate) struct Timings {
    started: Instant,
    last: Instant,
    laps: Vec<(&'static str, Duration)>,
}

impl Timings {
    pub(crate) fn start() -> Timings {
        let now = Instant::now();
        Timings { started: now, last: now, laps: Vec::new() }
    }

    /// Ends a stage.
    pub(crate) fn lap(&mut self, stage: &'static str) {
        self.laps.push((stage, self.last.elapsed()));
        self.last = Instant::now();
    }

    /// Ends stages that others took the time of.
    pub(crate) fn laps(&mut self, ended: impl IntoIterator<Item = (&'static str, Instant)>) {
        for (stage, at) in ended {
            self.laps.push((stage, at.saturating_duration_since(self.last)));
            self.last = at;
        }
    }

    /// Prints each stage.
    pub(crate) fn print(&self) {
        for (stage, took) in &self.laps {
            terminal::say(&format!("{stage:>10}  {:>9.3} ms", took.as_secs_f64() * 1000.0));
        }
    }

    /// The time since the start, such as `0.4 s` or `2 min 5 s`.
    pub(crate) fn total(&self) -> String {
        written(self.started.elapsed())
    }
}

fn written(took: Duration) -> String {
    match took.as_secs() {
        seconds if seconds < 60 => format!("{:.1} s", took.as_secs_f64()),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_as_exact_as_they_matter() {
        assert_eq!(written(Duration::from_millis(440)), "0.4 s");
        assert_eq!(written(Duration::from_secs(125)), "2 min 5 s");
    }
}
