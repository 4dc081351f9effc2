//! Chance that always falls the same for the same seed.

use crate::time::Span;

/// A stream of made-up numbers (SplitMix64), and beside it, for a while, one for choices that shall fall alike again.
pub(crate) struct Chance {
    state: u64,
    choices: Option<u64>,
}

/// The next number of a stream.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// A number as a share of all there are: from 0 up to, not including, 1.
fn share(number: u64) -> f64 {
    (number >> 11) as f64 / (1u64 << 53) as f64
}

impl Chance {
    /// The stream of one ticket: neighbours in seed or number have nothing in common.
    pub(crate) fn new(seed: u64, number: u64) -> Chance {
        let mut state = seed;
        let first = next(&mut state);
        Chance { state: first ^ number.wrapping_mul(0xD134_2543_DE82_EF95), choices: None }
    }

    /// A seed for [`alike`](Chance::alike).
    pub(crate) fn seed(&mut self) -> u64 {
        next(&mut self.state)
    }

    /// Does something whose choices fall as they did the last time with this seed; numbers and lengths do not.
    pub(crate) fn alike<T>(&mut self, seed: u64, work: impl FnOnce(&mut Chance) -> T) -> T {
        let before = self.choices.replace(seed);
        let done = work(self);
        self.choices = before;
        done
    }

    /// From 0 up to, not including, 1.
    pub(crate) fn share(&mut self) -> f64 {
        share(next(&mut self.state))
    }

    /// Below `limit`; 0 if that is 0. A choice.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        let number = next(self.choices.as_mut().unwrap_or(&mut self.state));
        (share(number) * limit as f64) as usize
    }

    pub(crate) fn happens(&mut self, probability: f64) -> bool {
        self.share() < probability
    }

    /// From `low` to `high`, both included.
    pub(crate) fn number(&mut self, low: i64, high: i64) -> i64 {
        let width = high.saturating_sub(low).max(0) as usize;
        low.saturating_add((self.share() * (width as f64 + 1.0)) as i64)
    }

    /// From `low` to `high`; where both are longer than nothing, short ones are as likely as long ones, whatever the
    /// unit: 10 s to 1 min as likely as 10 h to 60 h.
    pub(crate) fn span(&mut self, low: Span, high: Span) -> Span {
        let share = self.share();
        if low.0 > 0 && high.0 > low.0 {
            let ratio = high.0 as f64 / low.0 as f64;
            return Span((low.0 as f64 * ratio.powf(share)) as i64);
        }
        Span(low.0.saturating_add((share * high.0.saturating_sub(low.0) as f64) as i64))
    }

    /// One of the weights' places, the heavier the more likely.
    pub(crate) fn weighted(&mut self, weights: &[f64]) -> Option<usize> {
        let mut left = self.share() * weights.iter().sum::<f64>();
        for (place, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return Some(place);
            }
        }
        weights.len().checked_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers_and_another_does_not() {
        let numbers = |seed, number| {
            let mut chance = Chance::new(seed, number);
            (0..4).map(|_| chance.number(1, 1000)).collect::<Vec<_>>()
        };
        assert_eq!(numbers(1, 2), numbers(1, 2));
        assert_ne!(numbers(1, 2), numbers(1, 3));
        assert_ne!(numbers(1, 2), numbers(2, 2));
    }

    #[test]
    fn choices_fall_alike_for_the_same_seed_and_numbers_do_not() {
        let mut chance = Chance::new(1, 1);
        let seed = chance.seed();
        let mut draw = || {
            chance.alike(seed, |chance| (chance.below(1000), chance.below(1000), chance.number(0, 1_000_000)))
        };
        let (one, other) = (draw(), draw());
        assert_eq!((one.0, one.1), (other.0, other.1));
        assert_ne!(one.2, other.2);
    }

    #[test]
    fn numbers_and_spans_stay_within_their_bounds() {
        let mut chance = Chance::new(7, 7);
        for _ in 0..1000 {
            assert!((3..=5).contains(&chance.number(3, 5)));
            let span = chance.span(Span(10), Span(1_000_000));
            assert!((10..=1_000_000).contains(&span.0));
        }
        assert_eq!(chance.weighted(&[]), None);
        assert_eq!(chance.weighted(&[0.0, 1.0]), Some(1));
    }
}
