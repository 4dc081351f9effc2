//! A diagnosis in the report's words.

use crate::attempts::attempt::{Aborted, Attempt, Outcome, span_ticks};
use crate::cases::incident::{Background, Incident};
use crate::diagnosis::result as view;
use crate::evidence::fact::{by_count, frequent};
use crate::evidence::scene::{Scene, Seen, State};
use crate::flow::{AROUND, RankedIncident, in_view, outside};
use crate::options::Options;
use crate::world::address::{Address, user_key};
mod leads;
use crate::ranking::rank::{Ranked, Weighed};
use crate::world::timeline::Machine;
use rdpwhy_event::FileTime;
use rdpwhy_logs::{Reading, RecordGap};
use rdpwhy_rules::{
    Anchor, Cause, Clause, CodeValue, Cost, End, Finding, Pack, Relation, Side, SignalId, StageId,
};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// At most so many records are listed for an attempt.
const RECORDS_OF_ATTEMPT: usize = 40;
/// So many records of a piece of evidence are handed on with their payload, …
const RECORDS_IN_FULL: usize = 3;
/// … of which at most so many fields, …
const FIELDS_OF_RECORD: usize = 24;
/// … each cut beyond so many characters: payloads can be large, and every cause has its own records.
const FIELD_LONGEST: usize = 300;
/// At most so many gaps of a log are listed.
const GAPS_LISTED: usize = 20;
/// At most so many values are listed in a count.
const LISTED: usize = 20;
/// From so many attempts on, those alike are told as one.
const TOLD_SINGLY: usize = 500;
/// Probabilities and ratios are rounded to this many digits, so that every machine prints the same.
const DIGITS: f64 = 1e6;
/// Without an earlier success, changes are told from this long before an incident on.
const UNKNOWN_PAST: Duration = Duration::from_secs(7 * 86_400);

/// Everything that the report's words are made of.
pub(crate) struct Assembly<'a> {
    pub(crate) scene: &'a Scene<'a>,
    pub(crate) reading: &'a Reading,
    pub(crate) options: &'a Options,
    pub(crate) ranked: &'a [RankedIncident],
    pub(crate) background: &'a Background,
}

impl Assembly<'_> {
    /// All of it.
    pub(crate) fn finish(&self) -> view::Diagnosis {
        let mut diagnoses: Vec<view::Cause> = Vec::new();
        for (index, ranked) in self.ranked.iter().enumerate() {
            diagnoses.extend(self.causes(index + 1, ranked));
        }
        diagnoses.sort_by(|a, b| {
            b.probability
                .total_cmp(&a.probability)
                .then(a.incident.cmp(&b.incident))
                .then_with(|| a.cause.cmp(&b.cause))
        });
        let mut warnings: Vec<String> = self.reading.warnings.iter().map(ToString::to_string).collect();
        let open = |index: &usize| self.scene.attempts[*index].outcome == Outcome::Unknown;
        if self.ranked.iter().any(|ranked| ranked.incident.failures.iter().any(open)) {
            warnings.push(
                "the logs do not show how some attempts ended; they are taken for failures because of the ticket or the \
                 evidence"
                    .to_owned(),
            );
        }
        if let Some(at) = self.options.at.filter(|at| outside(self.scene, crate::world::coverage::ticks(*at)))
        {
            warnings.push(format!(
                "these logs hold nothing from around {at}: get those that reach back to it, if there are any"
            ));
        }
        if self.ranked.iter().any(|ranked| ranked.assumed) {
            warnings.push(
                "no connection attempt is in these logs; the diagnosis rests on a lasting fault that they show".to_owned(),
            );
        }
        view::Diagnosis {
            schema_version: 1,
            tool: self.tool(),
            asked: self.asked(),
            verdict: self.verdict(),
            stages: self.stages(),
            incidents: self
                .ranked
                .iter()
                .enumerate()
                .map(|(index, ranked)| self.incident(index + 1, ranked))
                .collect(),
            diagnoses,
            attempts: self.attempts(),
            totals: self.totals(),
            background: self.background(),
            older: self.older(),
            clocks: self.clocks(),
            coverage: self.coverage(),
            archives: self.reading.archives.clone(),
            collect: self.collect(),
            notices: self.notices(),
            leads: leads::leads(
                self.reading,
                self.scene,
                &self.ranked.iter().map(|r| &r.incident).collect::<Vec<_>>(),
            ),
            warnings,
        }
    }

    fn pack(&self) -> &Pack {
        self.scene.pack
    }

    fn tool(&self) -> view::Tool {
        view::Tool {
            name: "rdpwhy".to_owned(),
            version: self.options.version.clone(),
            rules: self.pack().fingerprint().to_owned(),
            signals: self.pack().signals().len(),
            causes: self.pack().causes().len(),
        }
    }

    fn asked(&self) -> view::Asked {
        let hex = |code: u32| format!("{code:#x}");
        view::Asked {
            since: self.options.since.map(|time| time.to_string()),
            until: self.options.until.map(|time| time.to_string()),
            at: self.options.at.map(|time| time.to_string()),
            error: self.options.error.map(hex),
            extended: self.options.extended.map(hex),
            error_name: self.options.error.and_then(|code| self.code_name(code)),
            extended_name: self.options.extended.and_then(|code| self.extended_name(code)),
            user: self.options.user.clone(),
            source: self.options.source.clone(),
        }
    }

    fn verdict(&self) -> view::Verdict {
        let clear = self.ranked.iter().any(|ranked| self.stands_out(ranked));
        match (self.ranked.is_empty(), clear, !self.any_in_view()) {
            (false, true, _) => view::Verdict::Diagnosed,
            (false, false, _) => view::Verdict::Inconclusive,
            (true, _, false) => view::Verdict::Healthy,
            (true, _, true) => view::Verdict::NoEvidence,
        }
    }

    /// Whether any attempt lies where the ticket asks for one.
    fn any_in_view(&self) -> bool {
        let at = self.options.at.map(crate::world::coverage::ticks);
        let near = |attempt: &Attempt| {
            let around = span_ticks(AROUND);
            at.is_none_or(|at| attempt.start - around <= at && at <= attempt.end + around)
        };
        self.scene.attempts.iter().any(|attempt| near(attempt) && in_view(attempt, self.options))
    }

    /// Whether the first cause is likely enough to be the verdict.
    fn stands_out(&self, ranked: &RankedIncident) -> bool {
        let diagnosed = self.pack().ladder().ranking.diagnosed;
        ranked.ranking.causes.first().is_some_and(|first| first.probability >= diagnosed)
    }

    fn stages(&self) -> Vec<view::Stage> {
        let stages = self.pack().ladder().stages.iter();
        stages.map(|stage| view::Stage { id: stage.id.clone(), title: stage.title.clone() }).collect()
    }

    fn stage(&self, stage: StageId) -> String {
        self.pack().ladder().stages[stage.index()].id.clone()
    }

    fn machine(&self, machine: Machine) -> String {
        self.scene.timeline.machines.name(machine).to_owned()
    }

    fn incident(&self, id: usize, ranked: &RankedIncident) -> view::Incident {
        let incident = &ranked.incident;
        let failures: Vec<&Attempt> =
            incident.failures.iter().map(|&index| &self.scene.attempts[index]).collect();
        let sources = frequent(failures.iter().filter_map(|a| a.source().map(str::to_owned)));
        let users = frequent(failures.iter().filter_map(|a| a.user.clone()));
        view::Incident {
            id,
            machine: self.machine(incident.machine),
            side: failures.first().map_or("host", |first| first.side.as_str()).to_owned(),
            started: time(incident.start),
            ended: time(incident.end),
            failures: failures.len(),
            stage: self.stage(incident.broke.0),
            stage_last: self.stage(incident.broke.1),
            source_count: sources.len(),
            sources: counted(sources),
            user_count: users.len(),
            users: counted(users),
            strangers: incident.strangers,
            assumed: ranked.assumed,
            none: round(ranked.ranking.none),
            none_prior: round(ranked.ranking.none_prior),
            changes: self.changes(incident, &failures),
            stands_out: self.stands_out(ranked),
            last_good: self.last_good(incident, &failures),
        }
    }

    /// What changed on the machines between the last success before the incident (or a week before it) and its start.
    fn changes(&self, incident: &Incident, failures: &[&Attempt]) -> Vec<view::Change> {
        let good = self.good_before(incident);
        let last = self.same_good(&good, failures).or_else(|| good.last().copied());
        let from = last.map_or(incident.start - span_ticks(UNKNOWN_PAST), |attempt| attempt.start);
        let machines = self.scene.machines(incident);
        let timeline = self.scene.timeline;
        let mut found: Vec<(i64, u32, SignalId)> = Vec::new();
        for signal in &self.pack().ladder().changes {
            let seen = timeline.between(*signal, from, incident.start).iter();
            let own = seen.filter(|event| machines.contains(&timeline.machine[**event as usize]));
            found.extend(own.map(|&event| (timeline.time[event as usize], event, *signal)));
        }
        found.sort_unstable();
        found.dedup_by_key(|(_, event, _)| *event);
        // The latest are the likeliest to matter.
        let skipped = found.len().saturating_sub(LISTED);
        let told = found.into_iter().skip(skipped).map(|(_, event, signal)| view::Change {
            title: self.pack().signal(signal).signal.title.clone(),
            signal: self.pack().signal(signal).name.clone(),
            record: self.record(event),
        });
        told.collect()
    }

    /// Successes on the incident's machine before it, by start.
    fn good_before(&self, incident: &Incident) -> Vec<&Attempt> {
        let earlier = self.scene.attempts.iter().take_while(|attempt| attempt.start < incident.start);
        earlier.filter(|attempt| attempt.is_success() && attempt.involves(incident.machine)).collect()
    }

    /// The last of the successes that shares a source or a user with the failures.
    fn same_good<'g>(&self, good: &[&'g Attempt], failures: &[&Attempt]) -> Option<&'g Attempt> {
        let sources: BTreeSet<&str> = failures.iter().filter_map(|a| a.source()).collect();
        let users: BTreeSet<String> =
            failures.iter().filter_map(|a| a.user.as_deref().map(user_key)).collect();
        let same = |a: &&&Attempt| {
            a.source().is_some_and(|source| sources.contains(source))
                || a.user.as_deref().is_some_and(|user| users.contains(&user_key(user)))
        };
        good.iter().rev().find(same).copied()
    }

    fn last_good(&self, incident: &Incident, failures: &[&Attempt]) -> Option<view::LastGood> {
        let good = self.good_before(incident);
        let own = self.same_good(&good, failures);
        let last = own.or_else(|| good.last().copied())?;
        Some(view::LastGood {
            time: time(last.start),
            source: last.source().map(str::to_owned),
            user: last.user.clone(),
            same: own.is_some(),
        })
    }

    fn causes(&self, id: usize, ranked: &RankedIncident) -> Vec<view::Cause> {
        ranked.ranking.causes.iter().map(|cause| self.cause(id, ranked, cause)).collect()
    }

    fn cause(&self, id: usize, incident: &RankedIncident, ranked: &Ranked) -> view::Cause {
        let pack = self.pack();
        let cause = pack.cause(ranked.cause);
        let others = &incident.ranking.causes;
        // What a cause brings about shows in its own right if something speaks for it.
        let shows = |other: &Ranked| other.weighed.iter().any(|w| w.counted && w.log_ratio > 0.0);
        let effects = cause.leads_to.iter().filter(|effect| {
            others.iter().any(|other| {
                other.cause == **effect && other.probability < ranked.probability && shows(other)
            })
        });
        let root = others.iter().find(|other| {
            other.probability > ranked.probability
                && shows(other)
                && pack.cause(other.cause).leads_to.contains(&ranked.cause)
        });
        let (counted, other): (Vec<_>, Vec<_>) = ranked
            .weighed
            .iter()
            .map(|weighed| (weighed.counted, self.evidence(cause, weighed)))
            .partition(|(counted, _)| *counted);
        let strip =
            |list: Vec<(bool, Option<view::Evidence>)>| list.into_iter().filter_map(|(_, e)| e).collect();
        view::Cause {
            cause: cause.id.clone(),
            title: cause.title.clone(),
            headline: cause.verdict.clone(),
            incident: id,
            probability: round(ranked.probability),
            prior: round(ranked.prior),
            side: cause.side.clone(),
            stage: cause.stages.first().map(|stage| self.stage(*stage)).unwrap_or_default(),
            mechanism: cause.mechanism.clone(),
            evidence: strip(counted),
            not_counted: strip(other),
            leads_to: effects.map(|effect| pack.cause(*effect).id.clone()).collect(),
            consequence_of: root.filter(|_| shows(ranked)).map(|root| pack.cause(root.cause).id.clone()),
            fix: self.fix(cause),
            never: cause.never.clone(),
            confusers: cause
                .confusers
                .iter()
                .map(|confuser| view::Confuser {
                    cause: pack.cause(confuser.cause).id.clone(),
                    tell: confuser.tell.clone(),
                })
                .collect(),
            references: cause.references.clone(),
        }
    }

    /// The steps in working order; what weakens security comes last, whatever the rule's order.
    fn fix(&self, cause: &Cause) -> Vec<view::Step> {
        let pack = self.pack();
        let mut steps: Vec<_> = cause.fix.iter().map(|fix| (pack.step(fix.step), fix.helps)).collect();
        steps.sort_by_key(|(step, _)| step.cost == Cost::Weakens);
        steps
            .into_iter()
            .map(|(step, helps)| view::Step {
                step: step.id.clone(),
                do_: step.do_.clone(),
                where_: step.where_.clone(),
                run: step.run.clone(),
                changes: step.changes.clone(),
                cost: step.cost.as_str().to_owned(),
                risk: step.risk.clone(),
                side_effects: step.side_effects.clone(),
                undo: step.undo.clone(),
                verify: step.verify.clone(),
                helps,
            })
            .collect()
    }

    fn evidence(&self, cause: &Cause, weighed: &Weighed) -> Option<view::Evidence> {
        let seen = &weighed.seen;
        let ratio = if weighed.counted { round(weighed.log_ratio.exp()) } else { 1.0 };
        let Some(evidence) = weighed.evidence.map(|index| &cause.evidence[index]) else {
            return weighed.counted.then(|| self.stage_evidence(cause, seen, ratio));
        };
        let because = match (seen.state, evidence.if_absent) {
            (State::Absent, Some(_)) => {
                format!("Missing, although the logs cover it: {}", plain(&evidence.because))
            }
            _ => self.fill(&evidence.because, seen),
        };
        let because = match seen.successes {
            Some((also, of)) => {
                format!("{because} ({} of {} failures, {also} of {of} successes)", seen.count, seen.of)
            }
            None => because,
        };
        let note = match seen.state {
            State::Unknown => Some(seen.why.clone().unwrap_or_else(|| "unknown".to_owned())),
            State::Absent if !weighed.counted => Some("not seen".to_owned()),
            State::Present if !weighed.counted => Some(match &evidence.group {
                Some(group) => format!("stronger evidence of the group `{group}` counts instead"),
                None => "says nothing by itself".to_owned(),
            }),
            _ => None,
        };
        Some(view::Evidence {
            id: evidence.id.clone(),
            signal: self.name(&evidence.finding),
            because,
            likelihood_ratio: ratio,
            for_it: if weighed.counted { weighed.log_ratio > 0.0 } else { evidence.supports },
            state: word(seen.state).to_owned(),
            seen: seen.count,
            of: seen.of,
            group: evidence.group.clone(),
            recovered: seen.recovered,
            note,
            record_count: seen.total,
            records: if weighed.counted { self.proof(&seen.events) } else { self.records(&seen.events) },
        })
    }

    fn stage_evidence(&self, cause: &Cause, seen: &Seen, ratio: f64) -> view::Evidence {
        let stages: Vec<String> = cause.stages.iter().map(|stage| self.stage(*stage)).collect();
        view::Evidence {
            id: "stage".to_owned(),
            signal: "stage".to_owned(),
            because: format!("The failures broke elsewhere: this cause breaks at {}", stages.join(", ")),
            likelihood_ratio: ratio,
            for_it: false,
            state: word(State::Present).to_owned(),
            seen: seen.count,
            of: seen.of,
            group: None,
            recovered: false,
            note: None,
            record_count: 0,
            records: Vec::new(),
        }
    }

    fn name(&self, finding: &Finding) -> String {
        match finding {
            Finding::Signal { signals, .. } | Finding::Absent { signals, .. } => signals
                .iter()
                .map(|signal| self.pack().signal(*signal).name.clone())
                .collect::<Vec<_>>()
                .join(", "),
            Finding::Attempts(fact) => fact.phrase.clone(),
            Finding::Code(_) => "code".to_owned(),
            Finding::Extended(_) => "extended".to_owned(),
        }
    }

    /// Fills `{Field}`, `{count}` and `{failures}` of a sentence.
    fn fill(&self, sentence: &str, seen: &Seen) -> String {
        let mut filled = String::with_capacity(sentence.len());
        let mut rest = sentence;
        while let Some(open) = rest.find('{') {
            filled.push_str(&rest[..open]);
            let Some(close) = rest[open..].find('}') else { break };
            let name = &rest[open + 1..open + close];
            let in_brackets = filled.matches('(').count() > filled.matches(')').count();
            filled.push_str(&self.filling(name, seen, in_brackets));
            rest = &rest[open + close + 1..];
        }
        filled.push_str(rest);
        // A field that the record lacks leaves nothing behind.
        filled.replace(" ()", "")
    }

    /// The value of a field of the first record that has one; a code with what it is called.
    fn filling(&self, name: &str, seen: &Seen, in_brackets: bool) -> String {
        match name {
            "count" => seen.total.max(seen.count).to_string(),
            "failures" => seen.of.to_string(),
            _ => {
                let events = seen.events.iter().map(|&event| &self.scene.timeline.events[event as usize]);
                let mut values = events.filter_map(|event| Some((event, event.field(name)?.trim())));
                let Some((event, value)) = values.find(|(_, value)| !value.is_empty()) else {
                    return String::new();
                };
                match self.pack().decode(&event.provider, event.event_id, name, value) {
                    Some(code) if in_brackets => format!("{value}, {}", code.label()),
                    Some(code) => format!("{value} ({})", code.label()),
                    None => value.to_owned(),
                }
            }
        }
    }

    fn records(&self, events: &[u32]) -> Vec<view::Record> {
        events.iter().map(|&event| self.record(event)).collect()
    }

    /// The records, the first of them with their payload.
    fn proof(&self, events: &[u32]) -> Vec<view::Record> {
        let mut records = self.records(events);
        for (record, &event) in records.iter_mut().zip(events).take(RECORDS_IN_FULL) {
            let fields = self.scene.timeline.events[event as usize].fields.iter().take(FIELDS_OF_RECORD);
            record.fields = fields
                .map(|field| view::Field { name: cut(field.name), value: cut(field.value.trim()) })
                .collect();
        }
        records
    }

    fn record(&self, event: u32) -> view::Record {
        let event = &self.scene.timeline.events[event as usize];
        view::Record {
            file: self.reading.logs[event.file.0 as usize].name.clone(),
            channel: event.channel.to_string(),
            computer: event.computer.to_string(),
            provider: event.provider.to_string(),
            event_id: event.event_id,
            record_id: event.record_id,
            recovered: event.recovered,
            time: event.time.to_string(),
            fields: Vec::new(),
        }
    }

    fn totals(&self) -> view::Totals {
        let mut totals = view::Totals::default();
        for attempt in self.scene.attempts {
            totals.dropped += usize::from(attempt.outcome == Outcome::Succeeded && attempt.dropped);
            match attempt.outcome {
                Outcome::Failed => totals.failed += 1,
                Outcome::Succeeded => totals.succeeded += 1,
                Outcome::Aborted => totals.aborted += 1,
                Outcome::Unknown => totals.unknown += 1,
            }
        }
        totals
    }

    fn attempts(&self) -> Vec<view::Attempt> {
        let mut incident_of: BTreeMap<usize, usize> = BTreeMap::new();
        for (number, ranked) in self.ranked.iter().enumerate() {
            incident_of.extend(ranked.incident.failures.iter().map(|&index| (index, number + 1)));
        }
        let singly = self.scene.attempts.len() <= TOLD_SINGLY;
        let mut groups: BTreeMap<String, usize> = BTreeMap::new();
        let mut told: Vec<view::Attempt> = Vec::new();
        for (index, attempt) in self.scene.attempts.iter().enumerate() {
            let incident = incident_of.get(&index).copied();
            // Whoever guesses tries many names: those of failures do not keep attempts apart.
            let user =
                attempt.user.as_deref().filter(|_| attempt.outcome == Outcome::Succeeded).map(user_key);
            let key = format!(
                "{:?}|{:?}|{:?}|{:?}|{:?}|{:?}|{:?}|{:?}|{:?}",
                attempt.side,
                attempt.machine,
                attempt.source(),
                user,
                attempt.outcome,
                attempt.broke,
                attempt.reached,
                attempt.aborted,
                incident
            );
            match groups.get(&key) {
                Some(&group) if !singly => {
                    told[group].count += 1;
                    told[group].ended = told[group].ended.clone().max(time(attempt.end));
                    if let Some(source) = attempt.source() {
                        told[group].source = Some(source.to_owned());
                    }
                    if told[group].user.as_deref().map(user_key) != attempt.user.as_deref().map(user_key) {
                        told[group].user = None;
                    }
                }
                _ => {
                    groups.insert(key, told.len());
                    told.push(self.attempt(attempt, incident));
                }
            }
        }
        told
    }

    fn attempt(&self, attempt: &Attempt, incident: Option<usize>) -> view::Attempt {
        let reached = attempt.reached.map(|stage| self.stage(stage));
        let mut events: Vec<u32> = attempt.records.iter().map(|joined| joined.event).collect();
        events.dedup();
        events.truncate(RECORDS_OF_ATTEMPT);
        let side = if attempt.side == Side::Host && attempt.other.is_some() {
            "both"
        } else {
            attempt.side.as_str()
        };
        view::Attempt {
            started: time(attempt.start),
            ended: time(attempt.end),
            side: side.to_owned(),
            machine: self.machine(attempt.machine),
            other_machine: attempt.other.map(|machine| self.machine(machine)),
            source: attempt.address.as_ref().map(ToString::to_string),
            user: attempt.user.clone(),
            target: attempt.target.clone(),
            outcome: outcome(attempt.outcome).to_owned(),
            aborted: attempt.aborted.map(|why| aborted(why).to_owned()),
            stage: attempt.broke.map(|broke| self.stage(broke.0)).or_else(|| reached.clone()),
            stage_last: attempt.broke.filter(|broke| broke.0 != broke.1).map(|broke| self.stage(broke.1)),
            reached,
            dropped: attempt.dropped,
            replaced: attempt.replaced,
            code: attempt.code.map(|code| format!("{code:#x}")),
            code_name: attempt.code.and_then(|code| self.code_name(code)),
            incident,
            count: 1,
            records: self.records(&events),
        }
    }

    /// What a code of the client's dialog is called.
    fn code_name(&self, code: u32) -> Option<String> {
        let (table, _) = self.pack().dialog()?;
        table.find(&CodeValue::Number(code))?.name.clone()
    }

    /// What an extended code of the client's dialog is called.
    fn extended_name(&self, code: u32) -> Option<String> {
        let (_, table) = self.pack().dialog()?;
        table.find(&CodeValue::Number(code))?.name.clone()
    }

    fn background(&self) -> Option<view::Background> {
        let failures: Vec<&Attempt> =
            self.background.failures.iter().map(|&index| &self.scene.attempts[index]).collect();
        let started = failures.iter().map(|attempt| attempt.start).min()?;
        let ended = failures.iter().map(|attempt| attempt.end).max()?;
        let sources = frequent(failures.iter().filter_map(|a| a.source().map(str::to_owned)));
        Some(view::Background {
            failures: failures.len(),
            source_count: sources.len(),
            sources: counted(sources),
            started: time(started),
            ended: time(ended),
        })
    }

    /// What was summed up by the reading, for there was too much of it.
    fn older(&self) -> Option<view::Older> {
        let sums = self.reading.older.as_ref()?;
        let first = sums.iter().map(|sum| sum.first).min()?;
        let last = sums.iter().map(|sum| sum.last).max()?;
        let (mut shown, mut sources): (BTreeMap<String, usize>, BTreeMap<String, usize>) = Default::default();
        for sum in sums {
            let events = usize::try_from(sum.events).unwrap_or(usize::MAX);
            for signal in SignalId::of_marks(&sum.marks) {
                *shown.entry(self.pack().signal(signal).signal.title.clone()).or_default() += events;
            }
            if let Some(source) = &sum.source {
                *sources.entry(Address::parse(source).host).or_default() += events;
            }
        }
        Some(view::Older {
            records: usize::try_from(sums.iter().map(|sum| sum.events).sum::<u64>()).unwrap_or(usize::MAX),
            shown: counted(by_count(shown)),
            source_count: sources.len(),
            sources: counted(by_count(sources)),
            first: first.to_string(),
            last: last.to_string(),
        })
    }

    fn clocks(&self) -> Vec<view::Clock> {
        self.scene
            .offsets
            .iter()
            .map(|offset| {
                #[expect(clippy::cast_precision_loss, reason = "an offset is at most a day")]
                let seconds = offset.ahead as f64 / 1e7;
                view::Clock {
                    client: self.machine(offset.client),
                    host: self.machine(offset.host),
                    ahead_seconds: (seconds * 1000.0).round() / 1000.0,
                    attempts: offset.attempts,
                }
            })
            .collect()
    }

    fn coverage(&self) -> Vec<view::Coverage> {
        let mut rows: Vec<view::Coverage> = Vec::new();
        for log in &self.reading.logs {
            let first = rows.len();
            for span in &log.spans {
                rows.push(view::Coverage {
                    channel: span.channel.to_string(),
                    computer: span.computer.to_string(),
                    file: log.name.clone(),
                    sha256: log.sha256.clone(),
                    bytes: log.bytes,
                    records: span.records,
                    recovered: 0,
                    damaged: log.damages.len(),
                    gaps: usize::try_from(span.gap_count).unwrap_or(usize::MAX),
                    missing: span.gaps.iter().take(GAPS_LISTED).map(missing).collect(),
                    first: Some(span.first.to_string()),
                    last: Some(span.last.to_string()),
                });
            }
            let recovered = log.recovered;
            if let Some(row) = rows.get_mut(first) {
                row.recovered = recovered;
            }
            if log.spans.is_empty() {
                rows.push(view::Coverage {
                    channel: String::new(),
                    computer: String::new(),
                    file: log.name.clone(),
                    sha256: log.sha256.clone(),
                    bytes: log.bytes,
                    records: 0,
                    recovered,
                    damaged: log.damages.len(),
                    gaps: 0,
                    missing: Vec::new(),
                    first: None,
                    last: None,
                });
            }
        }
        rows
    }

    /// Logs that could change the ranking: evidence left unknown for want of a channel, by what it could add.
    fn collect(&self) -> Vec<view::Collect> {
        let mut wanted: BTreeMap<(String, String), (f64, BTreeSet<String>)> = BTreeMap::new();
        for ranked in self.ranked {
            for cause in &ranked.ranking.causes {
                let weight = cause.probability.max(cause.prior).min(1.0 - cause.probability / 2.0);
                let rule = self.pack().cause(cause.cause);
                for weighed in cause.weighed.iter().filter(|weighed| weighed.seen.state == State::Unknown) {
                    let Some(evidence) = weighed.evidence.map(|index| &rule.evidence[index]) else {
                        continue;
                    };
                    let (Finding::Signal { signals, relation } | Finding::Absent { signals, relation }) =
                        &evidence.finding
                    else {
                        continue;
                    };
                    for channel in self.uncovered(signals, &ranked.incident) {
                        let on = self.side_of(&channel, relation, &ranked.incident);
                        let entry = wanted.entry((channel, on)).or_default();
                        entry.0 += weight * evidence.ratio.ln();
                        entry.1.insert(rule.id.clone());
                    }
                }
            }
        }
        if self.ranked.is_empty() {
            self.basic_logs(&mut wanted);
        }
        let mut list: Vec<view::Collect> = wanted
            .into_iter()
            .map(|((channel, on), (value, causes))| view::Collect {
                why: self.why(&channel),
                command: format!(
                    "wevtutil epl \"{channel}\" \"{}.evtx\" /ow:true",
                    channel.replace('/', "%4")
                ),
                channel,
                on,
                causes: causes.into_iter().collect(),
                value: round(value),
            })
            .collect();
        list.sort_by(|a, b| {
            b.value.total_cmp(&a.value).then_with(|| a.channel.cmp(&b.channel)).then_with(|| a.on.cmp(&b.on))
        });
        list
    }

    /// Without failures: the channels that attempts are rebuilt from and that no log holds, by how many of the
    /// ladder's records stand in them.
    fn basic_logs(&self, wanted: &mut BTreeMap<(String, String), (f64, BTreeSet<String>)>) {
        for record in &self.pack().ladder().records {
            let channel = self.pack().signal(record.signal).home_channel();
            let held =
                self.scene.timeline.machines.all().any(|machine| self.scene.coverage.holds(machine, channel));
            if !held && record.side != Side::Gateway {
                wanted.entry((channel.to_owned(), record.side.as_str().to_owned())).or_default().0 += 1.0;
            }
        }
    }

    fn uncovered(&self, signals: &[SignalId], incident: &Incident) -> BTreeSet<String> {
        let machines = self.scene.machines(incident);
        let covered = |channel: &str| {
            machines
                .iter()
                .any(|machine| self.scene.coverage.covers(*machine, channel, incident.start, incident.end))
        };
        let channels = signals.iter().map(|signal| self.pack().signal(*signal).home_channel());
        channels.filter(|channel| !covered(channel)).map(str::to_owned).collect()
    }

    /// On which machine a missing channel would be found.
    fn side_of(&self, channel: &str, relation: &Relation<SignalId>, incident: &Incident) -> String {
        for clause in &relation.clauses {
            match clause {
                Clause::On(End::Client) => return Side::Client.as_str().to_owned(),
                Clause::On(End::Host) => return Side::Host.as_str().to_owned(),
                _ => {}
            }
        }
        let ladder = self.pack().ladder();
        let of_ladder =
            ladder.records.iter().find(|record| self.pack().signal(record.signal).home_channel() == channel);
        let own = incident.failures.first().map_or(Side::Host, |&index| self.scene.attempts[index].side);
        let held = self.scene.coverage.holds(incident.machine, channel);
        match of_ladder {
            Some(record) => record.side.as_str().to_owned(),
            None if own == Side::Client && held => Side::Client.as_str().to_owned(),
            None => Side::Host.as_str().to_owned(),
        }
    }

    /// What the causes say about why to get a channel; the likeliest cause first.
    fn why(&self, channel: &str) -> String {
        for ranked in self.ranked {
            for cause in &ranked.ranking.causes {
                let rule = self.pack().cause(cause.cause);
                if let Some(collect) =
                    rule.collect.iter().find(|collect| collect.channel.eq_ignore_ascii_case(channel))
                {
                    return collect.why.clone();
                }
            }
        }
        let why = if self.ranked.is_empty() {
            "connection attempts leave their records there"
        } else {
            "it would settle evidence that is unknown now"
        };
        why.to_owned()
    }

    fn notices(&self) -> Vec<view::Notice> {
        let mut list = Vec::new();
        for notice in self.pack().notices() {
            for machine in self.scene.timeline.machines.all() {
                for incident in self.scopes(&notice.when, machine) {
                    let seen: Vec<Seen> =
                        notice.when.iter().map(|finding| self.scene.look(finding, &incident)).collect();
                    if seen.is_empty() || seen.iter().any(|seen| seen.state != State::Present) {
                        continue;
                    }
                    let telling = seen.iter().find(|seen| !seen.events.is_empty()).unwrap_or(&seen[0]);
                    // A machine at the other end of an attempt has its own say.
                    let of_machine = |event: &u32| self.scene.timeline.machine[*event as usize] == machine;
                    if !telling.events.is_empty() && !telling.events.iter().any(of_machine) {
                        continue;
                    }
                    list.push(view::Notice {
                        id: notice.id.clone(),
                        title: notice.title.clone(),
                        severity: notice.severity.clone(),
                        machine: self.machine(machine),
                        text: self.fill(&notice.text, telling),
                        so: notice.so.clone(),
                        count: telling.total.max(telling.count),
                        records: self.records(&telling.events),
                    });
                    break;
                }
            }
        }
        let rank = |severity: &str| ["security", "warning", "info"].iter().position(|word| *word == severity);
        list.sort_by(|a, b| {
            (rank(&a.severity), &a.id, &a.machine).cmp(&(rank(&b.severity), &b.id, &b.machine))
        });
        list
    }

    /// Where a notice is looked for: near the failures if it speaks of them, else in all that the machine holds.
    fn scopes(&self, when: &[Finding], machine: Machine) -> Vec<Incident> {
        let near_failures = when.iter().any(|finding| match finding {
            Finding::Signal { relation, .. } | Finding::Absent { relation, .. } => {
                relation.anchor != Anchor::AnyTime
            }
            Finding::Attempts(_) | Finding::Code(_) | Finding::Extended(_) => false,
        });
        if near_failures {
            let own = self.ranked.iter().map(|ranked| &ranked.incident);
            return own.filter(|incident| incident.machine == machine).cloned().collect();
        }
        let Some((start, end)) = self.scene.coverage.extent(machine) else { return Vec::new() };
        let attempts = self.scene.attempts;
        let failures = (0..attempts.len()).filter(|&index| attempts[index].machine == machine).collect();
        vec![Incident {
            machine,
            failures,
            start,
            end,
            broke: (StageId::FIRST, self.pack().ladder().last_stage()),
            strangers: false,
        }]
    }
}

fn time(ticks: i64) -> String {
    FileTime(u64::try_from(ticks).unwrap_or(0)).to_string()
}

fn round(number: f64) -> f64 {
    // Six digits after the point for probabilities, six significant ones for large ratios.
    (number * DIGITS).round() / DIGITS
}

fn counted(list: Vec<(String, usize)>) -> Vec<view::Counted> {
    list.into_iter().take(LISTED).map(|(value, count)| view::Counted { value, count }).collect()
}

/// The text, with `…` for what stands beyond the length of a field.
fn cut(text: &str) -> String {
    match text.char_indices().nth(FIELD_LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn missing(gap: &RecordGap) -> view::Missing {
    view::Missing {
        records: gap.before_id.saturating_sub(gap.after_id).saturating_sub(1),
        after: gap.after.to_string(),
        before: gap.before.to_string(),
    }
}

fn plain(sentence: &str) -> String {
    let mut text = String::with_capacity(sentence.len());
    let mut depth = 0_usize;
    for letter in sentence.chars() {
        match letter {
            '{' => depth += 1,
            '}' => {
                depth = depth.saturating_sub(1);
                text.push('…');
            }
            _ if depth == 0 => text.push(letter),
            _ => {}
        }
    }
    text
}

fn word(state: State) -> &'static str {
    match state {
        State::Present => "present",
        State::Absent => "absent",
        State::Unknown => "unknown",
    }
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Failed => "failed",
        Outcome::Succeeded => "succeeded",
        Outcome::Aborted => "aborted",
        Outcome::Unknown => "unknown",
    }
}

fn aborted(why: Aborted) -> &'static str {
    match why {
        Aborted::Preconnection => "preconnection",
        Aborted::Closed => "closed",
        Aborted::LogonScreen => "logon-screen",
        Aborted::Probe => "probe",
        Aborted::Retried => "retried",
    }
}
