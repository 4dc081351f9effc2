//! A Markdown report under construction: what all of its sections write on.

use super::MarkdownOptions;
use super::paper::{Paper, code};
use crate::outline::{Format, Limits, MARKDOWN, MARKDOWN_WHOLE, Section};
use crate::words::clock::Clock;
use crate::words::figure::several;
use crate::words::place::Places;
use crate::words::visible::value;
use rdpwhy_diagnose::Diagnosis;
use rdpwhy_diagnose::diagnosis::Record;

/// A report under construction.
pub(super) struct Report<'a> {
    pub(super) diagnosis: &'a Diagnosis,
    pub(super) limits: Limits,
    pub(super) clock: Clock,
    pub(super) places: Places,
    pub(super) paper: Paper,
    /// The number of the ticket.
    pub(super) case: Option<String>,
}

impl<'a> Report<'a> {
    pub(super) fn new(diagnosis: &'a Diagnosis, options: &MarkdownOptions) -> Self {
        Report {
            diagnosis,
            limits: if options.verbose { MARKDOWN_WHOLE } else { MARKDOWN },
            clock: Clock::new(options.time_zone.clone()),
            places: Places::new(diagnosis),
            paper: Paper::default(),
            case: None,
        }
    }

    pub(super) fn heading(&mut self, section: Section) {
        self.paper.heading(3, section.title(Format::Markdown));
    }

    /// Time, log, record id, event id and machine of a record.
    pub(super) fn cells(&self, record: &Record) -> [String; 5] {
        [
            self.clock.of_record(record),
            code(&value(&record.file)),
            record.record_id.to_string(),
            format!("{}{}", record.event_id, if record.recovered { ", recovered" } else { "" }),
            code(&value(&record.computer)),
        ]
    }

    /// `2026-… · file, record 8812 (event 36870)`.
    pub(super) fn record(&self, record: &Record) -> String {
        let [time, file, id, event, machine] = self.cells(record);
        format!("{time} · {file}, record {id} (event {event}) on {machine}")
    }

    pub(super) fn untold(&mut self, all: usize, told: usize, what: &str) {
        if all > told {
            self.paper
                .paragraph(&format!("… and {}; -v shows all.", several(all - told, &format!("more {what}"))));
        }
    }
}
