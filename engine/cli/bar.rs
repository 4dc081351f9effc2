//! Progress on standard error: bytes, rate and time left, on long work only.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rdpwhy_logs::Progress;
use std::time::Duration;

/// Shows nothing before this: short work needs no bar.
const DELAY: Duration = Duration::from_millis(500);

pub(crate) struct Bar {
    bar: ProgressBar,
    started: std::time::Instant,
}

impl Bar {
    pub(crate) fn new(quiet: bool) -> Bar {
        let bar = ProgressBar::new(0);
        bar.set_draw_target(ProgressDrawTarget::hidden());
        let style =
            ProgressStyle::with_template("{bar:30} {bytes} of {total_bytes}  {bytes_per_sec}  {eta} left");
        bar.set_style(style.expect("the template is a fixed text"));
        if quiet {
            bar.finish_and_clear();
        }
        Bar { bar, started: std::time::Instant::now() }
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn found(&self, _files: usize, bytes: u64) {
        self.bar.set_length(bytes);
    }

    fn read(&self, bytes: u64) {
        self.bar.inc(bytes);
        if self.bar.is_hidden() && !self.bar.is_finished() && self.started.elapsed() > DELAY {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}
