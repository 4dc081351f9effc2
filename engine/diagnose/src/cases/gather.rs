//! Failed attempts gathered into incidents, the way a person would describe them.

use crate::attempts::attempt::{Attempt, Outcome};
use crate::attempts::keys::sources;
use crate::cases::incident::{Background, Incident};
use crate::world::address::{Reach, user_key};
use crate::world::density::most;
use crate::world::machine::Machine;
use crate::world::numbers::Numbers;
use crate::world::tick::span_ticks;
use rdpwhy_event::hash::{HashMap, HashSet};
use rdpwhy_rules::ladder::Ladder;
use rdpwhy_rules::{Side, StageId};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// What `strangers.hourly` counts by.
const HOUR: Duration = Duration::from_secs(3600);

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
            None if strangers.include(index, &attempts[index]) => outside.push(index),
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

/// Machines that serve others, or at which strangers do no more than guess, and that are troubled no more than any host on
/// the internet.
fn quiet(attempts: &[Attempt], strangers: &[usize], ladder: &Ladder) -> BTreeSet<Machine> {
    let mut of_machine: BTreeMap<Machine, Vec<&Attempt>> = BTreeMap::new();
    for &index in strangers {
        of_machine.entry(attempts[index].machine).or_default().push(&attempts[index]);
    }
    let got_in = attempts.iter().filter(|a| a.side == Side::Host && a.outcome == Outcome::Succeeded);
    let serving: BTreeSet<Machine> = got_in.map(|attempt| attempt.machine).collect();
    let calm = |own: &[&Attempt]| {
        let starts: Vec<i64> = own.iter().map(|attempt| attempt.start).collect();
        most(&starts, Some(span_ticks(HOUR))) < ladder.strangers.hourly
    };
    of_machine
        .into_iter()
        .filter(|(machine, own)| calm(own) && (serving.contains(machine) || guesses(own, ladder)))
        .map(|(machine, _)| machine)
        .collect()
}

/// Whether all that these strangers did was to look and to try credentials, more often than anybody mistypes his own.
fn guesses(strangers: &[&Attempt], ladder: &Ladder) -> bool {
    let looked = |attempt: &&Attempt| attempt.failed.is_none() && attempt.user.is_none();
    let (refused, others): (Vec<&Attempt>, Vec<&Attempt>) =
        strangers.iter().copied().partition(|attempt| attempt.was_refused(ladder));
    refused.len() > ladder.strangers.mistypes && others.iter().all(looked)
}

/// Public addresses that never get in, on hosts that see many of them.
struct Strangers {
    /// The source of each attempt, by number.
    of: Vec<Option<usize>>,
    sources: HashSet<(Machine, usize)>,
    /// Those hosts.
    exposed: BTreeSet<Machine>,
}

impl Strangers {
    /// On an exposed host a silent failure without an address is taken for one more stranger's.
    fn include(&self, index: usize, attempt: &Attempt) -> bool {
        match self.of[index] {
            Some(source) => self.sources.contains(&(attempt.machine, source)),
            None => {
                let silent = attempt.failed.is_none() && attempt.user.is_none() && attempt.other.is_none();
                silent && self.exposed.contains(&attempt.machine)
            }
        }
    }
}

fn strangers(attempts: &[Attempt], ladder: &Ladder) -> Strangers {
    let of = sources(attempts);
    let mut got_in: HashMap<(Machine, usize), bool> = HashMap::default();
    let public = |(attempt, _): &(&Attempt, _)| attempt.reach() == Reach::Public && attempt.other.is_none();
    for (attempt, source) in attempts.iter().zip(&of).filter(public) {
        if let Some(source) = *source {
            *got_in.entry((attempt.machine, source)).or_default() |= attempt.outcome == Outcome::Succeeded;
        }
    }
    let mut outside: BTreeMap<Machine, usize> = BTreeMap::new();
    for ((machine, _), got_in) in &got_in {
        *outside.entry(*machine).or_default() += usize::from(!got_in);
    }
    outside.retain(|_, count| *count >= ladder.strangers.sources);
    let exposed: BTreeSet<Machine> = outside.into_keys().collect();
    let never = got_in.into_iter().filter(|((machine, _), got_in)| !got_in && exposed.contains(machine));
    let known = known(attempts, &of, ladder);
    let sources = never.map(|(from, _)| from).filter(|from| !known.contains(from)).collect();
    Strangers { of, sources, exposed }
}

/// Public sources that tried no user but those who work on the host, and few times: nobody mistypes a password for hours.
fn known(attempts: &[Attempt], sources: &[Option<usize>], ladder: &Ladder) -> HashSet<(Machine, usize)> {
    let mut numbers = Numbers::new(user_key);
    let users: Vec<Option<usize>> =
        attempts.iter().map(|attempt| Some(numbers.of(attempt.user.as_deref()?))).collect();
    let key = |index: usize| Some((attempts[index].machine, users[index]?));
    let workers: HashSet<(Machine, usize)> =
        (0..attempts.len()).filter(|&index| attempts[index].is_success()).filter_map(key).collect();
    let mut tries: HashMap<(Machine, usize), (usize, bool)> = HashMap::default();
    let failed = |a: &Attempt| a.is_failure() && a.reach() == Reach::Public;
    for (index, attempt) in attempts.iter().enumerate().filter(|(_, attempt)| failed(attempt)) {
        let Some(source) = sources[index] else { continue };
        let (count, others) = tries.entry((attempt.machine, source)).or_default();
        *count += 1;
        *others |= key(index).is_none_or(|user| !workers.contains(&user));
    }
    let few = tries.into_iter().filter(|(_, (count, others))| *count <= ladder.strangers.mistypes && !others);
    few.map(|(from, _)| from).collect()
}

fn cluster(attempts: &[Attempt], failures: &[usize], ladder: &Ladder, strangers: bool) -> Vec<Incident> {
    let gap = span_ticks(ladder.incident_gap);
    let mut incidents: Vec<Incident> = Vec::new();
    let mut of_machine: BTreeMap<Machine, Vec<usize>> = BTreeMap::new();
    for &index in failures {
        let attempt = &attempts[index];
        let broke = attempt.broke.unwrap_or((StageId::FIRST, ladder.last_stage()));
        let own = of_machine.entry(attempt.machine).or_default();
        let home = own.iter().rev().copied().find(|&home| {
            let incident: &Incident = &incidents[home];
            let overlap = incident.broke.0.max(broke.0) <= incident.broke.1.min(broke.1);
            attempt.start - incident.end <= gap && overlap
        });
        match home {
            Some(home) => {
                let incident = &mut incidents[home];
                incident.failures.push(index);
                incident.end = incident.end.max(attempt.end);
                incident.broke = (incident.broke.0.max(broke.0), incident.broke.1.min(broke.1));
            }
            None => {
                own.push(incidents.len());
                incidents.push(Incident {
                    machine: attempt.machine,
                    side: attempt.side,
                    failures: vec![index],
                    start: attempt.start,
                    end: attempt.end,
                    broke,
                    strangers,
                });
            }
        }
    }
    incidents
}
