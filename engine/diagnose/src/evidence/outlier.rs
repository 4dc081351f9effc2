//! Outliers: an attempt unlike all the others.

use crate::attempts::attempt::{Aborted, Attempt, Outcome};
use crate::world::address::user_key;
use crate::world::numbers::Numbers;
use rdpwhy_event::hash::HashMap;
use rdpwhy_rules::StageId;
use rdpwhy_rules::ladder::thresholds::Outlier;

/// The traits by which attempts are compared; networks and users by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Traits {
    network: Option<usize>,
    user: Option<usize>,
    reached: Option<StageId>,
    outcome: Outcome,
    aborted: Option<Aborted>,
    code: Option<u32>,
    /// Length in powers of two of a tenth of a second.
    length: u32,
}

impl Traits {
    fn of<'a>(attempt: &'a Attempt, networks: &mut Numbers<'a>, users: &mut Numbers<'a>) -> Traits {
        let tenths = u64::try_from(attempt.length()).unwrap_or(0) / 1_000_000;
        Traits {
            network: attempt.source().map(|source| networks.of(source)),
            user: attempt.user.as_deref().map(|user| users.of(user)),
            reached: attempt.reached,
            outcome: attempt.outcome,
            aborted: attempt.aborted,
            code: attempt.code,
            length: u64::BITS - tenths.leading_zeros(),
        }
    }

    fn differences(&self, other: &Traits) -> usize {
        [
            self.network != other.network,
            self.user != other.user,
            self.reached != other.reached,
            self.outcome != other.outcome || self.aborted != other.aborted,
            self.code != other.code,
            self.length.abs_diff(other.length) > 1,
        ]
        .into_iter()
        .filter(|differs| *differs)
        .count()
    }
}

/// The first three numbers of an IPv4 address, the first four groups of an IPv6 one.
fn network(source: &str) -> String {
    let (separator, parts) = if source.contains(':') { (':', 4) } else { ('.', 3) };
    source.split(separator).take(parts).collect::<Vec<_>>().join(&separator.to_string())
}

/// Places of the odd ones among the attempts; none if they are many or the attempts few.
pub(crate) fn outliers(attempts: &[&Attempt], limits: &Outlier) -> Vec<usize> {
    if attempts.len() < limits.attempts {
        return Vec::new();
    }
    let (mut networks, mut users) = (Numbers::new(network), Numbers::new(user_key));
    let traits: Vec<Traits> =
        attempts.iter().map(|attempt| Traits::of(attempt, &mut networks, &mut users)).collect();
    let mut counts: HashMap<&Traits, usize> = HashMap::default();
    for of_one in &traits {
        *counts.entry(of_one).or_default() += 1;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts of attempts are far below 2^52")]
    let frequent: Vec<&Traits> = counts
        .iter()
        .filter(|(_, count)| **count as f64 >= attempts.len() as f64 * limits.frequent)
        .map(|(t, _)| *t)
        .collect();
    let odd: Vec<usize> = (0..traits.len())
        .filter(|&index| counts[&traits[index]] == 1)
        .filter(|&index| frequent.iter().all(|usual| usual.differences(&traits[index]) >= limits.traits))
        .collect();
    if frequent.is_empty() || odd.len() > limits.at_most { Vec::new() } else { odd }
}
