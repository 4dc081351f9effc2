//! How good the diagnoses of many composed tickets are, in figures.

mod calibration;
mod page;

pub use calibration::{Bin, Calibration};
pub use page::page;

use crate::Outcome;
use std::collections::BTreeMap;

/// Sums of outcomes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Quality {
    /// How many tickets.
    pub tickets: usize,
    /// Tickets with a fault of the catalogue.
    pub known: Known,
    /// Tickets with a fault of the catalogue of which a record is in their logs.
    pub visible: Known,
    /// Tickets with a fault that is in no catalogue.
    pub outside: Others,
    /// Tickets in which nothing is wrong.
    pub healthy: Others,
    /// The mean of the squared distance from the truth: see [`brier`](Quality::brier).
    squares: f64,
    /// What the first causes said promise and keep.
    pub calibration: Calibration,
    /// The visible ones by cause: how many, first, among the first three.
    pub causes: BTreeMap<String, Known>,
}

/// Counts of tickets whose cause is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Known {
    /// How many.
    pub tickets: usize,
    /// The cause is first.
    pub first: usize,
    /// It is among the first three.
    pub three: usize,
    /// The verdict is that all is well.
    pub all_clear: usize,
    /// No cause is named, and the verdict is not that all is well.
    pub silent: usize,
    /// Another cause is said to be more than 90 % likely.
    pub sure_and_wrong: usize,
}

/// Counts of tickets that no cause explains.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Others {
    /// How many.
    pub tickets: usize,
    /// The verdict is that all is well.
    pub all_clear: usize,
    /// Some cause is said to be more than half likely.
    pub claimed: usize,
    /// Some cause is said to be more than 90 % likely.
    pub sure: usize,
}

/// More than this is a claim.
const CLAIM: f64 = 0.5;
/// More than this is said to be sure.
const SURE: f64 = 0.9;
/// The cause at work should be among this many.
const TOP: usize = 3;

impl Quality {
    /// Sums up.
    #[must_use]
    pub fn of<'a>(outcomes: impl Iterator<Item = &'a Outcome>) -> Quality {
        let mut quality = Quality::default();
        for outcome in outcomes {
            quality.add(outcome);
        }
        quality
    }

    fn add(&mut self, outcome: &Outcome) {
        self.tickets += 1;
        let probability = outcome.first().map_or(0.0, |(_, probability)| probability);
        if outcome.first().is_some() {
            self.calibration.add(probability, outcome.right());
        }
        if let Some(cause) = &outcome.composed.cause {
            let named = outcome.said.iter().find(|(said, _)| outcome.names(said));
            self.squares += (1.0 - named.map_or(0.0, |(_, probability)| *probability)).powi(2);
            self.known.add(outcome, probability);
            if outcome.composed.visible {
                self.visible.add(outcome, probability);
                self.causes.entry(cause.clone()).or_default().add(outcome, probability);
            }
            return;
        }
        self.squares += probability.powi(2);
        let others = if outcome.composed.fault.is_some() { &mut self.outside } else { &mut self.healthy };
        others.tickets += 1;
        others.all_clear += usize::from(outcome.verdict == ALL_CLEAR);
        others.claimed += usize::from(probability > CLAIM);
        others.sure += usize::from(probability > SURE);
    }

    /// The Brier score: where a cause of the catalogue is at work, the square of what its probability lacks to 1, and
    /// 1 if it is not named; elsewhere the square of the first cause's probability. 0 is perfect.
    #[must_use]
    pub fn brier(&self) -> f64 {
        if self.tickets == 0 { 0.0 } else { self.squares / self.tickets as f64 }
    }
}

/// The verdict that all is well.
const ALL_CLEAR: &str = "healthy";

impl Known {
    fn add(&mut self, outcome: &Outcome, probability: f64) {
        self.tickets += 1;
        self.first += usize::from(outcome.right());
        self.three += usize::from(outcome.place().is_some_and(|place| place <= TOP));
        let all_clear = outcome.verdict == ALL_CLEAR;
        self.all_clear += usize::from(all_clear);
        self.silent += usize::from(!all_clear && outcome.first().is_none());
        self.sure_and_wrong += usize::from(!outcome.right() && probability > SURE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rdpwhy_forge::Composed;

    fn outcome(cause: Option<&str>, verdict: &str, said: &[(&str, f64)]) -> Outcome {
        Outcome {
            name: "t".to_owned(),
            composed: Composed {
                name: "t".to_owned(),
                text: String::new(),
                fault: Some("f".to_owned()),
                cause: cause.map(str::to_owned),
                also: Vec::new(),
                view: String::new(),
                herrings: Vec::new(),
                visible: true,
                complaint: false,
            },
            verdict: verdict.to_owned(),
            said: said.iter().map(|(cause, p)| ((*cause).to_owned(), *p)).collect(),
            set: true,
        }
    }

    #[test]
    fn silence_and_wrong_claims_cost_as_much_as_they_should() {
        let outcomes = [
            outcome(Some("a"), "diagnosed", &[("a", 0.8), ("b", 0.1)]),
            outcome(Some("a"), "healthy", &[]),
            outcome(Some("a"), "diagnosed", &[("b", 0.95), ("a", 0.04)]),
            outcome(None, "diagnosed", &[("b", 0.6)]),
        ];
        let quality = Quality::of(outcomes.iter());
        let expected = Known { tickets: 3, first: 1, three: 2, all_clear: 1, silent: 0, sure_and_wrong: 1 };
        assert_eq!(quality.visible, expected);
        assert_eq!(quality.outside, Others { tickets: 1, all_clear: 0, claimed: 1, sure: 0 });
        let squares = 0.04 + 1.0 + 0.96 * 0.96 + 0.36;
        assert!((quality.brier() - squares / 4.0).abs() < 1e-12);
        assert_eq!(quality.calibration.claims(), 3);
    }
}
