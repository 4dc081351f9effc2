//! Progress on standard error: cases done, failed, left.

use crate::terminal;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Between two lines where nobody watches.
const LINES: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    quiet: bool,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    all: usize,
    done: usize,
    failed: usize,
    said: Instant,
    /// What to say at the end.
    notes: Vec<String>,
}

impl Progress {
    /// `done` of `all` cases are done already.
    pub(crate) fn new(quiet: bool, all: usize, done: usize) -> Progress {
        let watched = terminal::is_watched() && !quiet;
        let target = if watched { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(all as u64), target);
        let style =
            ProgressStyle::with_template("{bar:20} {msg}  {eta} left").expect("the template is a fixed text");
        bar.set_style(style);
        bar.set_position(done as u64);
        // The time left is that of the cases that are still to do.
        bar.reset_eta();
        if done > 0 && !quiet {
            terminal::say(&format!("{done} of {all} cases are done already"));
        }
        Progress {
            bar,
            quiet,
            state: Mutex::new(State { all, done, failed: 0, said: Instant::now(), notes: Vec::new() }),
        }
    }

    /// One more is done.
    pub(crate) fn done(&self, failed: bool) {
        let mut state = self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        state.done += 1;
        state.failed += usize::from(failed);
        self.bar.inc(1);
        self.bar.set_message(state.words());
        if !terminal::is_watched() && !self.quiet && state.said.elapsed() >= LINES {
            state.said = Instant::now();
            terminal::say(&state.words());
        }
    }

    /// Says something, but not into the bar.
    pub(crate) fn note(&self, words: String) {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner).notes.push(words);
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
        let mut notes =
            std::mem::take(&mut self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner).notes);
        notes.sort();
        notes.iter().filter(|_| !self.quiet).for_each(|note| terminal::say(note));
    }
}

impl State {
    fn words(&self) -> String {
        format!("{} done, {} failed, {} left", self.done, self.failed, self.all - self.done)
    }
}
