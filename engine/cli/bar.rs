//! Progress on standard error, on long work only: what is done, to what, and while reading bytes, rate and time left.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rdpwhy_logs::Progress;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Shows nothing before this: short work needs no bar.
const DELAY: Duration = Duration::from_millis(500);
/// Between two frames of a phase without bytes.
const TICK: Duration = Duration::from_millis(120);

#[derive(Debug)]
pub(crate) struct Bar {
    bar: ProgressBar,
    started: Instant,
    /// What the inputs are called.
    title: String,
    all_read: OnceLock<Instant>,
}

impl Bar {
    /// `title` is what the inputs are called, made visible.
    pub(crate) fn new(quiet: bool, title: String) -> Bar {
        let bar = ProgressBar::new(0);
        bar.set_draw_target(ProgressDrawTarget::hidden());
        let template = "reading {msg}  {bar:20} {bytes} of {total_bytes}  {bytes_per_sec}  {eta} left";
        bar.set_style(ProgressStyle::with_template(template).expect("the template is a fixed text"));
        bar.set_message(title.clone());
        if quiet {
            bar.finish_and_clear();
        }
        Bar { bar, started: Instant::now(), title, all_read: OnceLock::new() }
    }

    /// Goes on with work that has no bytes to count, such as `diagnosing`.
    pub(crate) fn phase(&self, phase: &str) {
        if self.bar.is_finished() {
            return;
        }
        let style = ProgressStyle::with_template("{spinner} {msg}").expect("the template is a fixed text");
        self.bar.set_style(style);
        self.bar.set_message(format!("{phase} {}", self.title));
        self.show_if_long();
        if !self.bar.is_hidden() {
            self.bar.enable_steady_tick(TICK);
        }
    }

    /// When everything had been read.
    pub(crate) fn all_read(&self) -> Option<Instant> {
        self.all_read.get().copied()
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn show_if_long(&self) {
        if self.bar.is_hidden() && !self.bar.is_finished() && self.started.elapsed() > DELAY {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}

impl Progress for Bar {
    fn found(&self, files: usize, bytes: u64) {
        if files > 1 {
            self.bar.set_message(format!("{} ({files} files)", self.title));
        }
        self.bar.set_length(bytes);
    }

    fn read(&self, bytes: u64) {
        self.bar.inc(bytes);
        self.show_if_long();
    }

    fn combining(&self) {
        self.all_read.get_or_init(Instant::now);
    }
}
