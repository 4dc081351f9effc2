//! An incident: where its failures broke, for whom, and what had changed before it.

use crate::attempts::attempt::Attempt;
use crate::cases::incident::Incident;
use crate::diagnosis::assemble::assembly::Assembly;
use crate::diagnosis::assemble::figure::{LISTED, counted, frequent, round, time};
use crate::diagnosis::result as view;
use crate::evidence::inquiry::Inquiry;
use crate::ranking::family::Shared;
use crate::ranking::ranked::RankedIncident;
use crate::world::tick::span_ticks;
use rdpwhy_rules::SignalId;

impl Assembly<'_> {
    pub(super) fn incident(&self, id: usize, ranked: &RankedIncident) -> view::Incident {
        let incident = &ranked.incident;
        let failures: Vec<&Attempt> =
            incident.failures.iter().map(|&index| &self.scene.attempts[index]).collect();
        let sources = frequent(failures.iter().filter_map(|a| a.source()));
        let users = frequent(failures.iter().filter_map(|a| a.user.as_deref()));
        let inquiry = Inquiry::new(self.scene, incident);
        view::Incident {
            id,
            case: ranked.standing.case + 1,
            follows: ranked.standing.follows.map(|place| place + 1),
            machine: self.machine(incident.machine),
            side: failures.first().map_or(incident.side, |first| first.side),
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
            brief: ranked.brief,
            none: round(ranked.ranking.none),
            none_prior: round(ranked.ranking.none_prior),
            none_weight: round(ranked.ranking.none_weight),
            changes: if ranked.brief { Vec::new() } else { self.changes(&inquiry) },
            stands_out: self.stands_out(ranked),
            family: self.family(ranked).map(|family| self.family_view(&family)),
            last_good: self.last_good(&inquiry),
            recovered: ranked.standing.recovery.map(|index| success(&self.scene.attempts[index], true)),
        }
    }

    fn family_view(&self, shared: &Shared) -> view::Family {
        let family = &self.pack().ladder().families[shared.family.index()];
        view::Family {
            id: family.id.clone(),
            title: family.title.clone(),
            probability: round(shared.probability),
            causes: shared.causes.iter().map(|cause| self.pack().cause(*cause).id.clone()).collect(),
        }
    }

    /// What changed on the machines between the last success before the incident (or a week before it) and its start.
    fn changes(&self, inquiry: &Inquiry<'_>) -> Vec<view::Change> {
        let incident = inquiry.incident;
        let good = self.good_before(incident);
        let last = same_good(&good, inquiry).or_else(|| good.last().copied());
        let from = last.map_or(
            incident.start - span_ticks(self.pack().ladder().thresholds.incident.unknown_past),
            |attempt| attempt.start,
        );
        let machines = inquiry.machines();
        let timeline = self.scene.timeline;
        let mut found: Vec<(i64, u32, SignalId)> = Vec::new();
        for signal in &self.pack().ladder().changes {
            let own =
                machines.iter().flat_map(|&machine| timeline.on(*signal, machine, from, incident.start));
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
        let earlier = self.scene.of_machine(incident.machine).iter();
        let earlier = earlier.map(|&index| &self.scene.attempts[index as usize]);
        earlier.take_while(|a| a.start < incident.start).filter(|a| a.is_success()).collect()
    }

    fn last_good(&self, inquiry: &Inquiry<'_>) -> Option<view::Good> {
        let good = self.good_before(inquiry.incident);
        let own = same_good(&good, inquiry);
        let last = own.or_else(|| good.last().copied())?;
        Some(success(last, own.is_some()))
    }
}

/// The last of the successes that shares a source or a user with the failures.
fn same_good<'g>(good: &[&'g Attempt], inquiry: &Inquiry<'_>) -> Option<&'g Attempt> {
    good.iter().rev().find(|attempt| inquiry.is_of_same(attempt)).copied()
}

fn success(attempt: &Attempt, same: bool) -> view::Good {
    view::Good {
        time: time(attempt.start),
        source: attempt.source().map(str::to_owned),
        user: attempt.user.as_deref().map(str::to_owned),
        same,
    }
}
