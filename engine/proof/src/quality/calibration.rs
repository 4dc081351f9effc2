//! Whether a probability of 80 % is right eight times out of ten, and what it would have to say instead.

/// How many bins the diagram has.
const BINS: usize = 10;

/// First causes that were said to be about equally likely.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Bin {
    /// How many.
    pub said: usize,
    /// How many of them were right.
    pub right: usize,
    /// Their probabilities together.
    pub promised: f64,
}

/// What was promised and what was kept.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Calibration {
    bins: [Bin; BINS],
    /// Every probability said, and whether it was right.
    claims: Vec<(f64, bool)>,
}

impl Calibration {
    pub(crate) fn add(&mut self, probability: f64, right: bool) {
        let index = ((probability * BINS as f64) as usize).min(BINS - 1);
        if let Some(bin) = self.bins.get_mut(index) {
            bin.said += 1;
            bin.right += usize::from(right);
            bin.promised += probability;
        }
        self.claims.push((probability, right));
    }

    /// The bins, the least probable first.
    #[must_use]
    pub fn bins(&self) -> &[Bin] {
        &self.bins
    }

    /// How many causes were said.
    #[must_use]
    pub fn claims(&self) -> usize {
        self.claims.len()
    }

    /// The expected calibration error: the distance between promised and kept, bin by bin, by their shares.
    #[must_use]
    pub fn error(&self) -> f64 {
        let total = self.claims.len().max(1) as f64;
        self.bins.iter().map(|bin| (bin.promised - bin.right as f64).abs() / total).sum()
    }

    /// What would have been kept, as a rising line: the points where it bends, each what was said and what it was worth.
    /// The most faithful rising line there is (pools of adjacent violators), with at least `least` claims in each point.
    #[must_use]
    pub fn line(&self, least: usize) -> Vec<(f64, f64)> {
        let mut claims = self.claims.clone();
        claims.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut pools: Vec<(f64, f64, f64)> = Vec::new();
        for chunk in claims.chunks(least.max(1)) {
            let said: f64 = chunk.iter().map(|claim| claim.0).sum();
            let right = chunk.iter().filter(|claim| claim.1).count() as f64;
            pools.push((said, right, chunk.len() as f64));
            while let [.., before, last] = pools.as_slice()
                && before.1 / before.2 >= last.1 / last.2
            {
                let joined = (before.0 + last.0, before.1 + last.1, before.2 + last.2);
                pools.truncate(pools.len() - 2);
                pools.push(joined);
            }
        }
        pools.iter().map(|(said, right, count)| (said / count, right / count)).collect()
    }

    /// The same claims as they would have been said along a line.
    #[must_use]
    pub fn along(&self, line: &[(f64, f64)]) -> Calibration {
        let mut mapped = Calibration::default();
        for (probability, right) in &self.claims {
            mapped.add(worth(*probability, line), *right);
        }
        mapped
    }
}

/// The value of a rising line at a place; level before its first and after its last point.
pub(crate) fn worth(place: f64, line: &[(f64, f64)]) -> f64 {
    let after = line.iter().position(|point| point.0 >= place);
    match (after, line.last()) {
        (None, None) => place,
        (None, Some(last)) => last.1,
        (Some(0), _) => line.first().map_or(place, |first| first.1),
        (Some(index), _) => {
            let (low, high) = (line[index - 1], line[index]);
            let width = high.0 - low.0;
            if width <= 0.0 { high.1 } else { low.1 + (high.1 - low.1) * (place - low.0) / width }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calibration(claims: &[(f64, bool)]) -> Calibration {
        let mut calibration = Calibration::default();
        for (probability, right) in claims {
            calibration.add(*probability, *right);
        }
        calibration
    }

    #[test]
    fn the_error_is_the_distance_between_promise_and_truth() {
        let claims = calibration(&[(1.0, true), (1.0, false), (0.25, false), (0.25, true)]);
        assert!((claims.error() - (1.0 + 0.5) / 4.0).abs() < 1e-12);
        assert_eq!(claims.bins()[9].said, 2);
        assert_eq!(calibration(&[]).error(), 0.0);
    }

    #[test]
    fn the_line_rises_and_takes_the_error_away_where_it_was_set() {
        let mut claims =
            vec![(0.9, true), (0.9, false), (0.5, true), (0.5, true), (0.2, false), (0.2, false)];
        claims.extend([(0.95, true), (0.95, true)]);
        let claims = calibration(&claims);
        let line = claims.line(2);
        assert!(line.windows(2).all(|pair| pair[0].1 <= pair[1].1), "{line:?}");
        assert!(claims.along(&line).error() < claims.error());
        assert_eq!(worth(0.3, &[]), 0.3);
        assert_eq!(worth(0.99, &[(0.1, 0.0), (0.5, 0.4)]), 0.4);
        assert!((worth(0.3, &[(0.1, 0.0), (0.5, 0.4)]) - 0.2).abs() < 1e-12);
    }
}
