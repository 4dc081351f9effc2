//! The report for ticket systems.

mod paper;

use crate::words::attempt::outcome;
use crate::words::clock::Clock;
use crate::words::figure::{count, factor, percent, several};
use crate::words::finding::{findings, lift, parts};
use crate::words::incident::{causes_of, failures, telling, told_earlier, undecided};
use crate::words::place::Places;
use crate::words::reason::{candidates, less_likely, reasons, sentence, worth_telling};
use crate::words::step::{NOTHING, READ_ONLY, is_command, price};
use crate::words::ticket;
use crate::words::visible::{prose, value};
use jiff::tz::TimeZone;
use paper::{Paper, code, plain, said};
use rdpwhy_diagnose::diagnosis::{
    Attempt, Cause, Counted, Coverage, Evidence, Incident, Notice, Record, Step,
};
use rdpwhy_diagnose::{Diagnosis, Verdict};

/// So many incidents are told at length unless all are asked for.
const INCIDENTS_TOLD: usize = 5;
/// So many records stand in the table for each reason unless all are asked for.
const RECORDS_TOLD: usize = 3;
/// So many changes, attempts, logs and warnings are told unless all are asked for.
const ROWS_TOLD: usize = 20;
/// So many addresses, users or machines are named.
const NAMED: usize = 5;
/// Clocks that differ by less, in seconds, are not told: nobody need reckon with it.
const CLOCK_TOLD: f64 = 1.0;

/// How the Markdown report shall look.
#[derive(Debug, Clone, Default)]
pub struct MarkdownOptions {
    /// Everything at full length: all records, attempts, logs.
    pub verbose: bool,
    /// The reader's own time zone, written beside UTC.
    pub time_zone: Option<TimeZone>,
}

/// The diagnosis for a ticket system: headings, tables and fenced commands in Markdown that GitHub, GitLab, Jira and
/// ServiceNow read alike; no HTML. Ends with a newline.
///
/// Whatever may come out of a log is escaped or stands between backticks: it makes no markup, link or mention.
pub fn markdown(diagnosis: &Diagnosis, options: &MarkdownOptions) -> String {
    let mut report = Report {
        diagnosis,
        verbose: options.verbose,
        clock: Clock::new(options.time_zone.clone()),
        places: Places::new(diagnosis),
        paper: Paper::default(),
    };
    report.verdict();
    report.incidents();
    report.collect();
    report.notices();
    report.background();
    report.older();
    report.leads();
    report.attempts();
    report.logs();
    report.warnings();
    report.imprint();
    report.paper.finish()
}

/// A report under construction.
struct Report<'a> {
    diagnosis: &'a Diagnosis,
    verbose: bool,
    clock: Clock,
    places: Places,
    paper: Paper,
}

impl<'a> Report<'a> {
    fn verdict(&mut self) {
        let diagnosis = self.diagnosis;
        let first = diagnosis.incidents.first().filter(|incident| incident.stands_out);
        let cause = first.and_then(|incident| causes_of(diagnosis, incident).first().copied());
        let quiet = ticket::quiet(diagnosis, &self.clock);
        let is_quiet = matches!(diagnosis.verdict, Verdict::Healthy | Verdict::NoEvidence);
        let title = match cause {
            Some(cause) => plain(&value(&cause.headline)),
            None if is_quiet => quiet.title.to_owned(),
            None => "No cause stands out".to_owned(),
        };
        self.paper.heading(2, &title);
        self.paper.items(self.facts());
        if is_quiet {
            quiet.texts.iter().for_each(|text| self.paper.paragraph(&plain(text)));
        }
    }

    /// What was read, asked and found, in a line each.
    fn facts(&self) -> Vec<String> {
        let diagnosis = self.diagnosis;
        let zone = self.clock.zone_name().map(|name| format!(", in brackets {}", plain(&name)));
        let span = ticket::span(diagnosis, &self.clock)
            .map(|span| format!("{span} (times are UTC{})", zone.unwrap_or_default()));
        let clocks = diagnosis.clocks.iter().filter(|clock| clock.ahead_seconds.abs() >= CLOCK_TOLD);
        let mut facts = vec![("Searched", Some(self.searched())), ("Span", span)];
        facts.push(("Attempts", ticket::outcomes(diagnosis)));
        facts.push(("Asked", ticket::asked(diagnosis, &self.clock).map(|asked| said(&asked))));
        facts.extend(clocks.map(|clock| ("Clock", Some(said(&ticket::apart(clock))))));
        facts.extend(ticket::grave(diagnosis).iter().map(|title| ("Security", Some(said(title)))));
        facts.into_iter().filter_map(|(what, fact)| Some(format!("**{what}:** {}", fact?))).collect()
    }

    fn searched(&self) -> String {
        let records: u64 = self.diagnosis.coverage.iter().map(|row| row.records).sum();
        let mut facts = vec![several(ticket::logs(self.diagnosis).len(), "log")];
        facts.push(ticket::several_records(records));
        facts.extend(ticket::losses(self.diagnosis));
        facts.extend(self.places.machines().iter().take(NAMED).map(|machine| code(machine)));
        facts.join(" · ")
    }

    fn incidents(&mut self) {
        let diagnosis = self.diagnosis;
        let told = if self.verbose { diagnosis.incidents.len() } else { INCIDENTS_TOLD };
        for incident in diagnosis.incidents.iter().take(told) {
            self.incident(incident);
        }
        let untold = diagnosis.incidents.len().saturating_sub(told);
        if untold > 0 {
            self.paper.paragraph(&format!("{} more; -v tells them all.", several(untold, "incident")));
        }
    }

    fn incident(&mut self, incident: &'a Incident) {
        let causes = causes_of(self.diagnosis, incident);
        self.headline(incident, &causes);
        self.scene(incident);
        let Some(first) = causes.first() else { return };
        if incident.stands_out {
            self.paper.paragraph(&plain(&prose(&first.mechanism)));
            self.evidence(first);
            self.changes(incident);
            self.steps_of(incident, first);
            self.never(first);
            self.considered(incident, first, &causes);
            return;
        }
        self.changes(incident);
        let candidates = candidates(&causes);
        for cause in &candidates {
            self.evidence(cause);
        }
        self.considered(incident, first, &causes);
        let likely: Vec<&Cause> =
            candidates.into_iter().filter(|cause| cause.probability >= incident.none).collect();
        self.checks(&likely);
    }

    fn headline(&mut self, incident: &Incident, causes: &[&Cause]) {
        let number = match self.diagnosis.incidents.len() {
            1 => String::new(),
            all => format!("Incident {} of {all}: ", incident.id),
        };
        let first = causes.first().filter(|_| incident.stands_out);
        let title = match first {
            Some(first) => format!("{} · {}", percent(first.probability), plain(&value(&first.headline))),
            None => undecided(self.diagnosis, incident, causes).0.to_owned(),
        };
        self.paper.heading(3, &format!("{number}{title}"));
        if let Some(first) = first {
            let text = format!("{} · the fault lies with: {}", code(&first.cause), plain(&first.side));
            self.paper.paragraph(&text);
        } else {
            let text =
                format!("Probability that none of the known causes is at work: {}", percent(incident.none));
            self.paper.paragraph(&text);
        }
    }

    /// Machine, stage, number and time of the failures, and who had them.
    fn scene(&mut self, incident: &Incident) {
        let mut facts = vec![format!("**Machine:** {}", code(&self.places.machine(&incident.machine)))];
        if incident.assumed {
            facts.push("**Failures:** no attempt is in these logs; they show a fault that lasts".to_owned());
        } else {
            let span = self.clock.span(&incident.started, &incident.ended);
            facts.push(format!("**Failures:** {} · {span}", failures(self.diagnosis, incident)));
        }
        facts.extend(self.breaks(incident).map(|text| format!("**Breaks:** {text}")));
        for (what, list, all) in [
            ("From", &incident.sources, incident.source_count),
            ("Users", &incident.users, incident.user_count),
        ] {
            facts.extend(counted(list, all).map(|text| format!("**{what}:** {text}")));
        }
        if incident.strangers {
            facts.push("Only strangers fail: addresses from outside that never got in.".to_owned());
        }
        if !incident.assumed {
            let good = incident.last_good.as_ref().map(|good| {
                let source = good.source.as_deref().map(|source| format!(" from {}", code(&value(source))));
                let user = good.user.as_deref().map(|user| format!(" as {}", code(&value(user))));
                let time = self.clock.second(&good.time);
                format!("{time}{}{}", source.unwrap_or_default(), user.unwrap_or_default())
            });
            let none = match self.diagnosis.older {
                Some(_) => "none before in the records that were looked at one by one",
                None => "none before in these logs",
            };
            facts.push(format!("**Last good:** {}", good.as_deref().unwrap_or(none)));
        }
        self.paper.items(facts);
    }

    /// The ladder, with the rung on which the failures broke.
    fn breaks(&self, incident: &Incident) -> Option<String> {
        let stages = &self.diagnosis.stages;
        let place = |id: &str| stages.iter().position(|stage| stage.id == id);
        let (first, last) = (place(&incident.stage)?, place(&incident.stage_last)?);
        if first == 0 && last + 1 == stages.len() && last > 0 {
            return Some("the logs do not say at which stage".to_owned());
        }
        let where_ = if first == last {
            format!("at {}, before {}", stages[first].id, stages[first].title)
        } else {
            format!("somewhere from {} to {}", stages[first].id, stages[last].id)
        };
        let marks = stages.iter().enumerate().map(|(rung, stage)| {
            let mark = match rung {
                _ if rung < first => '✓',
                _ if rung > last => '·',
                _ if first == last => '✗',
                _ => '?',
            };
            format!("{mark} {}", stage.id)
        });
        let marks: Vec<String> = marks.collect();
        Some(format!("{} ({})", plain(&where_), plain(&marks.join(" → "))))
    }

    /// Each reason with its weight and the records that prove it.
    fn evidence(&mut self, cause: &Cause) {
        self.paper.heading(4, &format!("Evidence for {}", code(&cause.cause)));
        let mut rows = Vec::new();
        for reason in reasons(cause, true).into_iter().chain(reasons(cause, false)) {
            self.reason(reason, &mut rows);
        }
        if rows.is_empty() {
            self.paper.paragraph("Nothing in these logs speaks for or against it; only how common it is.");
            return;
        }
        self.paper.table(&["Weight", "Finding", "Time (UTC)", "Log", "Record", "Event", "Machine"], &rows);
        self.paper.paragraph(
            "× so many times likelier by this, ÷ so many times less likely; the numbers multiply.",
        );
    }

    fn reason(&mut self, reason: &Evidence, rows: &mut Vec<Vec<String>>) {
        let told = if self.verbose { reason.records.len() } else { RECORDS_TOLD.min(reason.records.len()) };
        let untold = reason.record_count.saturating_sub(told);
        let more = if told > 0 && untold > 0 {
            format!(" · and {}", several(untold, "more record"))
        } else {
            String::new()
        };
        let mut head = vec![factor(reason.likelihood_ratio), format!("{}{more}", said(&sentence(reason)))];
        if told == 0 {
            head.resize(7, String::new());
            rows.push(head);
            return;
        }
        for record in &reason.records[..told] {
            let mut row = std::mem::replace(&mut head, vec![String::new(), String::new()]);
            row.extend(self.cells(record));
            rows.push(row);
        }
    }

    /// Time, log, record id, event id and machine of a record.
    fn cells(&self, record: &Record) -> [String; 5] {
        [
            self.clock.moment(&record.time),
            code(&value(&record.file)),
            record.record_id.to_string(),
            format!("{}{}", record.event_id, if record.recovered { ", recovered" } else { "" }),
            code(&value(&record.computer)),
        ]
    }

    /// `2026-… · file, record 8812 (event 36870)`.
    fn record(&self, record: &Record) -> String {
        let [time, file, id, event, machine] = self.cells(record);
        format!("{time} · {file}, record {id} (event {event}) on {machine}")
    }

    fn changes(&mut self, incident: &Incident) {
        if incident.changes.is_empty() {
            return;
        }
        self.paper.heading(
            4,
            match incident.last_good {
                Some(_) => "Changed since the last good attempt",
                None => "Changed in the week before",
            },
        );
        let told = if self.verbose { incident.changes.len() } else { ROWS_TOLD.min(incident.changes.len()) };
        let changes = &incident.changes[incident.changes.len() - told..];
        let items: Vec<String> = changes
            .iter()
            .map(|change| format!("{} · {}", said(&value(&change.title)), self.record(&change.record)))
            .collect();
        self.paper.items(items);
    }

    fn steps_of(&mut self, incident: &Incident, cause: &Cause) {
        if let Some(earlier) = told_earlier(self.diagnosis, incident, cause) {
            self.paper.heading(4, "What to do");
            self.paper.paragraph(&format!("The same as for incident {earlier}: the cause is the same."));
            return;
        }
        self.fix(&cause.fix.iter().collect::<Vec<_>>(), "What to do, in this order");
    }

    fn fix(&mut self, steps: &[&Step], title: &str) {
        if steps.is_empty() {
            return;
        }
        self.paper.heading(4, title);
        for (number, step) in steps.iter().enumerate() {
            self.paper.heading(5, &format!("{}. {}", number + 1, plain(&prose(&step.do_))));
            self.paper.paragraph(&format!(
                "{} · where: {}",
                plain(&price(step)),
                plain(&prose(&step.where_))
            ));
            if let Some(run) = step.run.as_deref().filter(|run| !run.trim().is_empty()) {
                self.paper.commands(run);
            }
            self.consequences(step);
        }
    }

    /// What a step changes, how it is taken back, and how to see that it worked.
    fn consequences(&mut self, step: &Step) {
        let mut facts = Vec::new();
        let looks = step.cost == READ_ONLY;
        if !looks {
            facts.push(("Changes", step.changes.as_str()));
            if step.side_effects.trim() != NOTHING {
                facts.push(("Users notice", step.side_effects.as_str()));
            }
            facts.push(("Undo", step.undo.as_str()));
        }
        facts.push((if looks { "Expect" } else { "Check" }, step.verify.as_str()));
        let told = facts.into_iter().filter(|(_, text)| !text.trim().is_empty()).map(|(what, text)| {
            let text = if is_command(text) { code(&prose(text)) } else { plain(&prose(text)) };
            format!("**{what}:** {text}")
        });
        self.paper.items(told.collect::<Vec<_>>());
    }

    /// Steps that only look, of the likeliest causes: safe whatever the cause is.
    fn checks(&mut self, causes: &[&Cause]) {
        let mut checks: Vec<&Step> = Vec::new();
        for step in causes.iter().flat_map(|cause| &cause.fix) {
            if step.cost == READ_ONLY && checks.iter().all(|other| other.step != step.step) {
                checks.push(step);
            }
        }
        self.fix(&checks, "Look first: these checks change nothing");
    }

    fn never(&mut self, cause: &Cause) {
        if cause.never.is_empty() {
            return;
        }
        self.paper.heading(4, "Do not");
        self.paper.items(cause.never.iter().map(|advice| plain(&prose(advice))).collect::<Vec<_>>());
    }

    fn considered(&mut self, incident: &Incident, first: &Cause, causes: &[&Cause]) {
        self.paper.heading(4, "Also considered");
        let skipped = usize::from(incident.stands_out);
        let (worth, rest): (Vec<&Cause>, Vec<&Cause>) =
            causes.iter().skip(skipped).copied().partition(|cause| worth_telling(cause));
        let mut rows: Vec<Vec<String>> = worth
            .iter()
            .map(|cause| {
                let why = if std::ptr::eq(*cause, first) { String::new() } else { less_likely(first, cause) };
                let title = format!("{} {}", plain(&value(&cause.headline)), code(&cause.cause));
                vec![percent(cause.probability), title, said(&why)]
            })
            .collect();
        rows.push(vec![percent(incident.none), "none of these".to_owned(), String::new()]);
        if !rest.is_empty() {
            let share: f64 = rest.iter().map(|cause| cause.probability).sum();
            let text = several(rest.len(), "other known cause");
            let why = "below 1 %, or with nothing in these logs on their side".to_owned();
            rows.push(vec![percent(share), text, why]);
        }
        self.paper.table(&["Probability", "Cause", "Why less likely"], &rows);
    }

    fn collect(&mut self) {
        let diagnosis = self.diagnosis;
        if diagnosis.collect.is_empty() {
            return;
        }
        self.paper.heading(3, "Not in these logs");
        let told = if self.verbose { usize::MAX } else { NAMED };
        let items = diagnosis.collect.iter().take(told).map(|wanted| {
            let (channel, on) = (code(&value(&wanted.channel)), plain(&value(&wanted.on)));
            format!("{channel} on the {on} · {}", plain(&prose(&wanted.why)))
        });
        self.paper.items(items.collect::<Vec<_>>());
        let commands: Vec<&str> =
            diagnosis.collect.iter().take(told).map(|wanted| wanted.command.trim_end()).collect();
        let commands = commands.join("\n");
        if !commands.trim().is_empty() {
            self.paper.commands(&commands);
        }
    }

    fn notices(&mut self) {
        let findings = findings(self.diagnosis);
        if findings.is_empty() {
            return;
        }
        self.paper.heading(3, "Notices");
        let items: Vec<String> = findings.iter().map(|alike| self.finding(alike)).collect();
        self.paper.items(items);
    }

    fn finding(&self, alike: &[&Notice]) -> String {
        let first = alike[0];
        let title = format!("**{}:** {}", plain(&value(&first.severity)), said(&value(&first.title)));
        let told = if self.verbose { alike.len() } else { NAMED.min(alike.len()) };
        let mut facts = vec![title];
        for notice in &alike[..told] {
            facts.push(format!(
                "{}: {}",
                code(&self.places.machine(&notice.machine)),
                said(&value(&notice.text))
            ));
            facts.extend(notice.records.first().map(|record| self.record(record)));
            if notice.count > 1 {
                facts.push(ticket::several_records(notice.count as u64));
            }
        }
        if alike.len() > told {
            facts.push(format!("… and on {}", several(alike.len() - told, "more machine")));
        }
        if !first.so.trim().is_empty() {
            facts.push(plain(&prose(&first.so)));
        }
        facts.join(" · ")
    }

    fn background(&mut self) {
        let Some(background) = &self.diagnosis.background else { return };
        self.paper.heading(3, "Put aside");
        let span = self.clock.span(&background.started, &background.ended);
        let from = counted(&background.sources, background.source_count);
        let from = from.map(|text| format!(" · from {text}")).unwrap_or_default();
        let failures = several(background.failures, "failed attempt");
        self.paper.paragraph(&format!(
            "{failures} of strangers or of others than the ticket is about · {span}{from}"
        ));
    }

    fn older(&mut self) {
        let Some(older) = &self.diagnosis.older else { return };
        self.paper.heading(3, "Too many to look at one by one");
        let span = self.clock.span(&older.first, &older.last);
        let from = counted(&older.sources, older.source_count);
        let from = from.map(|text| format!(" · from {text}")).unwrap_or_default();
        self.paper.paragraph(&format!("{} · {span}{from}", several(older.records, "older record")));
        self.paper.items(older.shown.iter().take(NAMED).map(telling).collect::<Vec<_>>());
    }

    fn leads(&mut self) {
        let diagnosis = self.diagnosis;
        if diagnosis.leads.is_empty() {
            return;
        }
        self.paper.heading(3, "Leads: records that keep company with the failures");
        let told = if self.verbose { usize::MAX } else { NAMED };
        let items = diagnosis.leads.iter().take(told).map(|lead| {
            format!(
                "event {} of {} in {} on {} · {} of {} fell into minutes with failures, {}",
                lead.event_id,
                code(&value(&lead.provider)),
                code(&value(&lead.channel)),
                code(&value(&lead.machine)),
                count(lead.near),
                count(lead.total),
                lift(lead)
            )
        });
        self.paper.items(items.collect::<Vec<_>>());
    }

    fn attempts(&mut self) {
        let diagnosis = self.diagnosis;
        if diagnosis.attempts.is_empty() {
            return;
        }
        self.paper.heading(3, "Attempts");
        let told = if self.verbose { usize::MAX } else { ROWS_TOLD };
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
            self.clock.span(&attempt.started, &attempt.ended),
            format!("{}{many}", plain(&outcome(attempt))),
            code(&self.places.machine(&attempt.machine)),
            named(&attempt.source),
            named(&attempt.user),
            named(&attempt.code),
            attempt.incident.map(|incident| incident.to_string()).unwrap_or_default(),
        ]
    }

    fn logs(&mut self) {
        let diagnosis = self.diagnosis;
        self.paper.heading(3, "What was searched");
        if diagnosis.coverage.is_empty() {
            self.paper.paragraph("No log held a single readable record.");
            return;
        }
        let told = if self.verbose { usize::MAX } else { ROWS_TOLD };
        let rows: Vec<Vec<String>> = diagnosis.coverage.iter().take(told).map(|row| self.log(row)).collect();
        self.paper.table(&["Log", "Channel", "Machine", "Records", "Span (UTC)", "Losses", "SHA-256"], &rows);
        self.untold(diagnosis.coverage.len(), told, "row");
        let archives = diagnosis.archives.iter().take(told).map(|archive| {
            let (name, hash) = (code(&value(&archive.name)), code(&archive.sha256));
            format!("archive {name} · {} · SHA-256 {hash}", several(archive.logs, "log"))
        });
        self.paper.items(archives.collect::<Vec<_>>());
    }

    fn log(&self, row: &Coverage) -> Vec<String> {
        let span = match (&row.first, &row.last) {
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

    fn warnings(&mut self) {
        let diagnosis = self.diagnosis;
        if diagnosis.warnings.is_empty() {
            return;
        }
        self.paper.heading(3, "Warnings");
        let told = if self.verbose { usize::MAX } else { ROWS_TOLD };
        let items = diagnosis.warnings.iter().take(told).map(|warning| {
            let (message, help) = parts(warning);
            let help = help.map(|help| format!(" · help: {}", said(&value(help))));
            format!("{}{}", said(&value(message)), help.unwrap_or_default())
        });
        self.paper.items(items.collect::<Vec<_>>());
        self.untold(diagnosis.warnings.len(), told, "warning");
    }

    fn untold(&mut self, all: usize, told: usize, what: &str) {
        if all > told {
            self.paper
                .paragraph(&format!("… and {}; -v shows all.", several(all - told, &format!("more {what}"))));
        }
    }

    fn imprint(&mut self) {
        let tool = &self.diagnosis.tool;
        let text = format!("{} {} · rules {}", plain(&tool.name), plain(&tool.version), code(&tool.rules));
        self.paper.paragraph(&text);
    }
}

/// The values with their numbers, the most frequent first.
fn counted(list: &[Counted], all: usize) -> Option<String> {
    let mut named: Vec<String> = list
        .iter()
        .take(NAMED)
        .map(|entry| format!("{} ({})", code(&value(&entry.value)), count(entry.count as u64)))
        .collect();
    if named.is_empty() {
        return None;
    }
    if all > named.len() {
        named.push(format!("… {all} in all"));
    }
    Some(named.join(", "))
}
