//! Failed attempts gathered into incidents, the way a person would tell it.

use crate::attempts::attempt::{Attempt, Outcome, span_ticks};
use crate::world::address::Reach;
use crate::world::key::most;
use crate::world::timeline::Machine;
use rdpwhy_rules::{Ladder, Side, StageId};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Failures that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Incident {
    /// The machine that saw them.
    pub machine: Machine,
    /// Indices of its failed attempts, by start.
    pub failures: Vec<usize>,
    /// First start, in ticks on the common clock.
    pub start: i64,
    /// Last end, in ticks on the common clock.
    pub end: i64,
    /// The stages at which all of them may have broken.
    pub broke: (StageId, StageId),
    /// Strangers' failures, told only because there are no others.
    pub strangers: bool,
}

/// Failures that were put aside because the ticket is about others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Background {
    /// Indices of the failed attempts, by start.
    pub failures: Vec<usize>,
}

/// Gathers the failures in view. Strangers' failures become incidents only on machines where nobody else failed.
///
/// `in_view` says whether the attempt lies in the span of time asked for; `focus` whether the ticket is about it, and
/// `None` where it does not say.
pub(crate) fn gather(
    attempts: &[Attempt],
    ladder: &Ladder,
    in_view: &dyn Fn(&Attempt) -> bool,
    focus: &dyn Fn(&Attempt) -> Option<bool>,
) -> (Vec<Incident>, Background) {
    let strangers = strangers(attempts, ladder);
    let failed =
        (0..attempts.len()).filter(|&index| attempts[index].is_failure() && in_view(&attempts[index]));
    let (mut own, mut others, mut outside) = (Vec::new(), Vec::new(), Vec::new());
    for index in failed {
        match focus(&attempts[index]) {
            Some(true) => own.push(index),
            Some(false) => others.push(index),
            None if is_stranger(&attempts[index], &strangers) => outside.push(index),
            None => own.push(index),
        }
    }
    let busy: BTreeSet<Machine> = own.iter().map(|&index| attempts[index].machine).collect();
    let (aside, alone): (Vec<usize>, Vec<usize>) =
        outside.into_iter().partition(|&index| busy.contains(&attempts[index].machine) || !others.is_empty());
    let quiet = quiet(attempts, &alone, ladder);
    let (calm, alone): (Vec<usize>, Vec<usize>) =
        alone.into_iter().partition(|&index| quiet.contains(&attempts[index].machine));
    let aside = aside.into_iter().chain(calm);
    let mut incidents = cluster(attempts, &own, ladder, false);
    incidents.extend(cluster(attempts, &alone, ladder, true));
    incidents.sort_by_key(|incident| (incident.start, incident.machine, incident.broke));
    others.extend(aside);
    others.sort_unstable();
    (incidents, Background { failures: others })
}

/// Machines that serve others, and that strangers trouble no more than any host on the internet.
fn quiet(attempts: &[Attempt], strangers: &[usize], ladder: &Ladder) -> BTreeSet<Machine> {
    let mut starts: BTreeMap<Machine, Vec<i64>> = BTreeMap::new();
    for &index in strangers {
        starts.entry(attempts[index].machine).or_default().push(attempts[index].start);
    }
    let serves = |machine: Machine| {
        attempts
            .iter()
            .any(|a| a.machine == machine && a.side == Side::Host && a.outcome == Outcome::Succeeded)
    };
    let hour = span_ticks(Duration::from_secs(3600));
    let calm = |starts: &[i64]| most(starts, Some(hour)) < ladder.strangers.hourly;
    starts
        .into_iter()
        .filter(|(machine, starts)| calm(starts) && serves(*machine))
        .map(|(machine, _)| machine)
        .collect()
}

/// On an exposed host a silent failure without an address is taken for one more stranger's.
fn is_stranger(attempt: &Attempt, strangers: &BTreeSet<(Machine, String)>) -> bool {
    match attempt.source() {
        Some(source) => strangers.contains(&(attempt.machine, source.to_owned())),
        None => {
            let exposed = strangers.iter().any(|(machine, _)| *machine == attempt.machine);
            exposed && attempt.failed.is_none() && attempt.user.is_none() && attempt.other.is_none()
        }
    }
}

/// Public addresses that never get in, on hosts that see many of them.
fn strangers(attempts: &[Attempt], ladder: &Ladder) -> BTreeSet<(Machine, String)> {
    let mut got_in: BTreeMap<(Machine, String), bool> = BTreeMap::new();
    for attempt in
        attempts.iter().filter(|attempt| attempt.reach() == Reach::Public && attempt.other.is_none())
    {
        if let Some(source) = attempt.source() {
            *got_in.entry((attempt.machine, source.to_owned())).or_default() |=
                attempt.outcome == Outcome::Succeeded;
        }
    }
    let mut outside: BTreeMap<Machine, usize> = BTreeMap::new();
    for ((machine, _), got_in) in &got_in {
        *outside.entry(*machine).or_default() += usize::from(!got_in);
    }
    let exposed =
        |machine: &Machine| outside.get(machine).is_some_and(|count| *count >= ladder.strangers.sources);
    got_in
        .into_iter()
        .filter(|((machine, _), got_in)| !got_in && exposed(machine))
        .map(|(key, _)| key)
        .collect()
}

fn cluster(attempts: &[Attempt], failures: &[usize], ladder: &Ladder, strangers: bool) -> Vec<Incident> {
    let gap = span_ticks(ladder.incident_gap);
    let mut incidents: Vec<Incident> = Vec::new();
    for &index in failures {
        let attempt = &attempts[index];
        let broke = attempt.broke.unwrap_or((StageId::FIRST, ladder.last_stage()));
        let home = incidents.iter_mut().rev().find(|incident| {
            let overlap = incident.broke.0.max(broke.0) <= incident.broke.1.min(broke.1);
            incident.machine == attempt.machine && attempt.start - incident.end <= gap && overlap
        });
        match home {
            Some(incident) => {
                incident.failures.push(index);
                incident.end = incident.end.max(attempt.end);
                incident.broke = (incident.broke.0.max(broke.0), incident.broke.1.min(broke.1));
            }
            None => incidents.push(Incident {
                machine: attempt.machine,
                failures: vec![index],
                start: attempt.start,
                end: attempt.end,
                broke,
                strangers,
            }),
        }
    }
    incidents
}

/// Some of the failures of an incident as one of their own.
pub(crate) fn part(whole: &Incident, failures: Vec<usize>, attempts: &[Attempt]) -> Incident {
    let of = || failures.iter().map(|&index| &attempts[index]);
    let broke =
        of().filter_map(|attempt| attempt.broke).fold(None, |kept: Option<(StageId, StageId)>, broke| {
            match kept {
                None => Some(broke),
                Some(kept) => Some((kept.0.max(broke.0), kept.1.min(broke.1))),
            }
        });
    let start = of().map(|attempt| attempt.start).min().unwrap_or(whole.start);
    let end = of().map(|attempt| attempt.end).max().unwrap_or(whole.end);
    Incident {
        machine: whole.machine,
        start,
        end,
        broke: broke.unwrap_or(whole.broke),
        strangers: whole.strangers,
        failures,
    }
}

/// One incident out of two of the same machine.
pub(crate) fn join(first: &Incident, second: &Incident) -> Incident {
    let mut failures: Vec<usize> = first.failures.iter().chain(&second.failures).copied().collect();
    failures.sort_unstable();
    failures.dedup();
    Incident {
        machine: first.machine,
        failures,
        start: first.start.min(second.start),
        end: first.end.max(second.end),
        broke: (first.broke.0.min(second.broke.0), first.broke.1.max(second.broke.1)),
        strangers: first.strangers && second.strangers,
    }
}
