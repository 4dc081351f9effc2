//! The attempts, the logs they were rebuilt from, and what made the report.

use super::paper::{code, plain};
use super::report::Report;
use crate::outline::Section;
use crate::words::attempt::outcome;
use crate::words::figure::{count, several};
use crate::words::ticket::NO_RECORD;
use crate::words::visible::value;
use rdpwhy_diagnose::diagnosis::{Attempt, Coverage};

impl Report<'_> {
    pub(super) fn attempts(&mut self) {
        let diagnosis = self.diagnosis;
        self.heading(Section::Attempts);
        let told = self.limits.attempts;
        let rows: Vec<Vec<String>> =
            diagnosis.attempts.iter().take(told).map(|attempt| self.attempt(attempt)).collect();
        self.paper.table(&["Time (UTC)", "Outcome", "Machine", "From", "User", "Code", "Incident"], &rows);
        self.untold(diagnosis.attempts.len(), told, "attempt");
    }

    fn attempt(&self, attempt: &Attempt) -> Vec<String> {
        let many = if attempt.count > 1 {
            format!(" · {} alike", count(attempt.count as u64))
        } else {
            String::new()
        };
        let named = |fact: &Option<String>| code(&value(fact.as_deref().unwrap_or_default()));
        vec![
            self.clock.span(attempt.started, attempt.ended),
            format!("{}{many}", plain(&outcome(attempt, &self.diagnosis.words))),
            code(&self.places.machine(&attempt.machine)),
            named(&attempt.source),
            named(&attempt.user),
            attempt.code.map(|code| self::code(&code.to_string())).unwrap_or_default(),
            attempt.incident.map(|incident| incident.to_string()).unwrap_or_default(),
        ]
    }

    pub(super) fn searched(&mut self) {
        let diagnosis = self.diagnosis;
        self.heading(Section::Searched);
        if diagnosis.coverage.is_empty() {
            self.paper.paragraph(NO_RECORD);
            return;
        }
        let told = self.limits.logs;
        let rows: Vec<Vec<String>> = diagnosis.coverage.iter().take(told).map(|row| self.log(row)).collect();
        self.paper.table(&["Log", "Channel", "Machine", "Records", "Span (UTC)", "Losses", "SHA-256"], &rows);
        self.untold(diagnosis.coverage.len(), told, "row");
        let archives = diagnosis.archives.iter().take(self.limits.archives).map(|archive| {
            let (name, hash) = (code(&value(&archive.name)), code(&archive.sha256));
            format!("archive {name} · {} · SHA-256 {hash}", several(archive.logs, "log"))
        });
        self.paper.items(archives.collect::<Vec<_>>());
    }

    fn log(&self, row: &Coverage) -> Vec<String> {
        let span = match (row.first, row.last) {
            (Some(first), Some(last)) => self.clock.span(first, last),
            _ => String::new(),
        };
        let mut losses = Vec::new();
        if row.damaged > 0 {
            losses.push(several(row.damaged, "damaged place"));
        }
        if row.gaps > 0 {
            losses.push(several(row.gaps, "gap"));
        }
        vec![
            code(&value(&row.file)),
            code(&value(&row.channel)),
            code(&value(&row.computer)),
            count(row.records),
            span,
            losses.join(", "),
            code(&row.sha256),
        ]
    }

    pub(super) fn imprint(&mut self) {
        let tool = &self.diagnosis.tool;
        let text = format!("{} {} · rules {}", plain(&tool.name), plain(&tool.version), code(&tool.rules));
        self.paper.paragraph(&text);
    }
}
