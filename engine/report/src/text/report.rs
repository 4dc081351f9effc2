//! A text report under construction: what all of its sections write on.

use super::TextOptions;
use super::page::{Page, Tone};
use crate::outline::{Format, Limits, Section, TEXT, TEXT_WHOLE};
use crate::words::clock::Clock;
use crate::words::figure::several;
use crate::words::place::Places;
use rdpwhy_diagnose::Diagnosis;
use rdpwhy_diagnose::diagnosis::Record;

/// Narrower pages are not made.
const NARROWEST: usize = 60;
/// Wider lines are hard to read.
const WIDEST: usize = 160;

/// A report under construction.
pub(super) struct Report<'a> {
    pub(super) diagnosis: &'a Diagnosis,
    /// Everything at full length.
    pub(super) whole: bool,
    pub(super) limits: Limits,
    pub(super) clock: Clock,
    pub(super) places: Places,
    pub(super) page: Page,
}

impl<'a> Report<'a> {
    pub(super) fn new(diagnosis: &'a Diagnosis, options: &TextOptions) -> Self {
        Report {
            diagnosis,
            whole: options.verbose,
            limits: if options.verbose { TEXT_WHOLE } else { TEXT },
            clock: Clock::new(options.time_zone.clone()),
            places: Places::new(diagnosis),
            page: Page::new(options.width.clamp(NARROWEST, WIDEST), options.color),
        }
    }

    pub(super) fn format(&self) -> Format {
        if self.whole { Format::WholeText } else { Format::Text }
    }

    pub(super) fn heading(&mut self, section: Section) {
        self.page.heading(section.title(self.format()));
    }

    /// `2026-03-09 07:58:31.402  System #8815 (event 36870)`.
    pub(super) fn record(&mut self, record: &Record) -> String {
        format!("{} · {}", self.clock.of_record(record), self.places.record(record, ""))
    }

    /// Says that a list goes on. `what` is the noun with its "more": `more channel`.
    pub(super) fn more(&mut self, all: usize, told: usize, what: &str) {
        if all > told {
            let text = format!("… and {} (-v shows all)", several(all - told, what));
            self.page.paragraph(4, &text, Tone::Faint);
        }
    }
}
