//! Which incidents are one case, and the order in which a person should read them.
//!
//! Incidents are one case because they share a signature (the likeliest cause, the stage, the machine or the evidence),
//! not because they are close in time: a fault that comes back every Monday, or that one update brought to three hosts,
//! is one thing to mend.

use crate::attempts::attempt::Attempt;
use crate::cases::focus::{focus, is_near};
use crate::evidence::inquiry::Inquiry;
use crate::evidence::scene::Scene;
use crate::options::Options;
use crate::ranking::ranked::RankedIncident;
use crate::ranking::weighed::Ranked;
use crate::world::machine::Machine;
use rdpwhy_rules::{CauseId, StageId};
use std::cmp::Reverse;
use std::collections::HashMap;

/// Groups incidents into cases and puts them into the order in which a person should read them: what the ticket is about,
/// then what has a clear cause, still goes on and is likeliest; strangers' failures and consequences last. The incidents
/// of a case stand together, by start.
pub(crate) fn in_reading_order(
    scene: &Scene<'_>,
    options: &Options,
    mut ranked: Vec<RankedIncident>,
) -> Vec<RankedIncident> {
    let cases = grouped(scene, &ranked);
    for incident in &mut ranked {
        incident.standing.recovery = recovery(scene, incident);
    }
    let causes = causes_of_others(scene, &ranked);
    let mut order = cases;
    order.sort_by_cached_key(|case| {
        let any = |is: &dyn Fn(usize) -> bool| case.iter().any(|&index| is(index));
        let best = case.iter().map(|&index| first_probability(&ranked[index])).fold(0.0, f64::max);
        Reverse((
            any(&|index| is_asked_for(scene, options, &ranked[index])),
            any(&|index| has_code(scene, options, &ranked[index])),
            any(&|index| !ranked[index].incident.strangers),
            any(&|index| causes[index].is_none()),
            best >= scene.pack.ladder().ranking.diagnosed,
            any(&|index| ranked[index].standing.recovery.is_none()),
            best.to_bits(),
            Reverse(case[0]),
        ))
    });
    let places: HashMap<usize, usize> =
        order.iter().flatten().enumerate().map(|(place, &index)| (index, place)).collect();
    for (number, case) in order.iter().enumerate() {
        for &index in case {
            let standing = &mut ranked[index].standing;
            standing.case = number;
            standing.follows = causes[index].map(|cause| places[&cause]);
        }
    }
    let mut placed: Vec<(usize, RankedIncident)> =
        ranked.into_iter().enumerate().map(|(index, incident)| (places[&index], incident)).collect();
    placed.sort_by_key(|(place, _)| *place);
    placed.into_iter().map(|(_, incident)| incident).collect()
}

/// Indices of the incidents of each case, by start.
fn grouped(scene: &Scene<'_>, ranked: &[RankedIncident]) -> Vec<Vec<usize>> {
    let diagnosed = scene.pack.ladder().ranking.diagnosed;
    let mut cases: Vec<Vec<usize>> = Vec::new();
    let mut on_machine: HashMap<(CauseId, Machine), Vec<usize>> = HashMap::new();
    let mut by_evidence: HashMap<(CauseId, usize), Vec<usize>> = HashMap::new();
    for (index, incident) in ranked.iter().enumerate() {
        let Some(first) = incident.ranking.answer() else {
            cases.push(vec![index]);
            continue;
        };
        let here = (first.cause, incident.incident.machine);
        let clear = first.probability >= diagnosed;
        let signature = strongest(first).filter(|_| clear).map(|evidence| (first.cause, evidence));
        let near = on_machine.get(&here).into_iter().flatten();
        let alike = signature.and_then(|signature| by_evidence.get(&signature)).into_iter().flatten();
        let same = |&case: &usize| {
            let home = &ranked[cases[case][0]].incident;
            home.strangers == incident.incident.strangers && overlap(home.broke, incident.incident.broke)
        };
        let found = near.chain(alike).copied().find(same);
        let case = found.unwrap_or(cases.len());
        if found.is_none() {
            cases.push(Vec::new());
        }
        cases[case].push(index);
        file(on_machine.entry(here).or_default(), case);
        if let Some(signature) = signature {
            file(by_evidence.entry(signature).or_default(), case);
        }
    }
    for case in &mut cases {
        case.sort_by_key(|&index| (ranked[index].incident.start, index));
    }
    cases
}

fn file(cases: &mut Vec<usize>, case: usize) {
    if !cases.contains(&case) {
        cases.push(case);
    }
}

fn overlap(a: (StageId, StageId), b: (StageId, StageId)) -> bool {
    a.0.max(b.0) <= a.1.min(b.1)
}

fn first_probability(incident: &RankedIncident) -> f64 {
    incident.ranking.answer().map_or(0.0, |first| first.probability)
}

/// Index of the evidence that weighs most for the cause; the first of equals.
fn strongest(cause: &Ranked) -> Option<usize> {
    let own = cause.supporting().filter_map(|weighed| Some((weighed.rule()?, weighed.log_ratio)));
    let best = own.reduce(|best, next| if next.1 > best.1 { next } else { best });
    best.map(|(index, _)| index)
}

/// Whether one of the failures is provably of whom the ticket names, and of the moment if it names one.
fn is_asked_for(scene: &Scene<'_>, options: &Options, incident: &RankedIncident) -> bool {
    let (limits, machines) = (&scene.pack.ladder().thresholds.focus, &scene.timeline.machines);
    let mut failures = incident.incident.failures.iter().map(|&index| &scene.attempts[index]);
    failures
        .any(|attempt| focus(attempt, options, machines) == Some(true) && is_near(attempt, options, limits))
}

/// Whether one of the failures ended with the code of the ticket.
fn has_code(scene: &Scene<'_>, options: &Options, incident: &RankedIncident) -> bool {
    let failures = &incident.incident.failures;
    options.error.is_some() && failures.iter().any(|&index| scene.attempts[index].code == options.error)
}

/// The first attempt after the incident that went well: of one of its sources or users, or of anybody where it has neither.
fn recovery(scene: &Scene<'_>, incident: &RankedIncident) -> Option<usize> {
    let incident = &incident.incident;
    incident.failures.first()?;
    let inquiry = Inquiry::new(scene, incident);
    let anybody = inquiry.sources().is_empty() && inquiry.users().is_empty();
    let own = |attempt: &Attempt| anybody || inquiry.is_of_same(attempt);
    let mut later =
        scene.of_machine_after(incident.machine, incident.end).iter().map(|&index| index as usize);
    later.find(|&index| scene.attempts[index].is_success() && own(&scene.attempts[index]))
}

/// For each incident the one whose clear cause brings this one's about, on one of the same machines and begun no later.
fn causes_of_others(scene: &Scene<'_>, ranked: &[RankedIncident]) -> Vec<Option<usize>> {
    let diagnosed = scene.pack.ladder().ranking.diagnosed;
    // By what they bring about and where, so that not every incident is compared with every other.
    let mut bringers: HashMap<(CauseId, Machine), Vec<usize>> = HashMap::new();
    for (index, incident) in ranked.iter().enumerate() {
        let Some(first) = incident.ranking.answer().filter(|first| first.probability >= diagnosed) else {
            continue;
        };
        let machines = scene.machines(&incident.incident);
        for effect in &scene.pack.cause(first.cause).leads_to {
            for machine in &machines {
                bringers.entry((*effect, *machine)).or_default().push(index);
            }
        }
    }
    let of = |(index, own): (usize, &RankedIncident)| {
        let effect = own.ranking.answer()?.cause;
        let brought = |machine: Machine| {
            let mut candidates = bringers.get(&(effect, machine)).into_iter().flatten().copied();
            candidates.find(|&at| at != index && ranked[at].incident.start <= own.incident.start)
        };
        scene.machines(&own.incident).into_iter().filter_map(brought).min()
    };
    ranked.iter().enumerate().map(of).collect()
}
