//! Composed tickets by the thousand: composed, forged, diagnosed.

use crate::ticket::{ProofError, each, judge_forged};
use rdpwhy_forge::{Composed, Repertoire, Shapes, Ticket, compose};
use rdpwhy_rules::Pack;
use std::collections::BTreeMap;

/// A composed ticket and what was said of it.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Seed and number.
    pub name: String,
    /// What the composer knows of it, without its text.
    pub composed: Composed,
    /// The verdict.
    pub verdict: String,
    /// The causes said, in the order of the report, with their probabilities.
    pub said: Vec<(String, f64)>,
    /// Whether it belongs to the half on which numbers may be set; the other half is reported.
    pub set: bool,
}

impl Outcome {
    /// The first cause said.
    #[must_use]
    pub fn first(&self) -> Option<(&str, f64)> {
        self.said.first().map(|(cause, probability)| (cause.as_str(), *probability))
    }

    /// Whether a cause is the one at work, or as right a name for it.
    #[must_use]
    pub fn names(&self, cause: &str) -> bool {
        let (composed, right) = (&self.composed, self.composed.cause.as_deref());
        right == Some(cause) || (right.is_some() && composed.also.iter().any(|also| also == cause))
    }

    /// Whether the first cause said is right.
    #[must_use]
    pub fn right(&self) -> bool {
        self.first().is_some_and(|(cause, _)| self.names(cause))
    }

    /// The place of the first right cause, from 1.
    #[must_use]
    pub fn place(&self) -> Option<usize> {
        self.said.iter().position(|(said, _)| self.names(said)).map(|index| index + 1)
    }
}

/// Composes `count` tickets of a seed and diagnoses them, on all processors; in the order of their numbers.
///
/// # Errors
/// The first ticket that cannot be composed, forged or read.
pub fn sweep(
    repertoire: &Repertoire,
    pack: &Pack,
    shapes: &Shapes,
    seed: u64,
    count: u64,
) -> Result<Vec<Outcome>, ProofError> {
    let halves = halves(repertoire);
    let numbers: Vec<u64> = (0..count).collect();
    let one = |number: &u64| -> Result<Outcome, ProofError> {
        let mut composed = compose(repertoire, shapes, seed, *number)?;
        let ticket = Ticket::parse(&composed.text, &composed.name)?;
        let diagnosis = judge_forged(&ticket, pack, shapes)?;
        composed.text.clear();
        Ok(Outcome {
            name: composed.name.clone(),
            set: composed
                .fault
                .as_ref()
                .map_or(number.is_multiple_of(2), |fault| halves.get(fault) == Some(&true)),
            composed,
            verdict: diagnosis.verdict.to_string(),
            said: diagnosis.diagnoses.iter().map(|cause| (cause.cause.clone(), cause.probability)).collect(),
        })
    };
    each(&numbers, one).into_iter().collect()
}

/// Every other description of each cause belongs to the half that is set, so that no description is in both.
fn halves(repertoire: &Repertoire) -> BTreeMap<String, bool> {
    let mut seen: BTreeMap<Option<&str>, usize> = BTreeMap::new();
    let mut halves = BTreeMap::new();
    for (name, cause) in repertoire.faults() {
        let count = seen.entry(cause).or_default();
        halves.insert(name.to_owned(), count.is_multiple_of(2));
        *count += 1;
    }
    halves
}
