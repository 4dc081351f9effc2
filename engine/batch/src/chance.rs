//! How often chance alone would produce what is seen.

/// Sums of logarithms: `of[n]` is ln n!.
pub(crate) struct LogFactorials(Vec<f64>);

impl LogFactorials {
    pub(crate) fn up_to(most: usize) -> LogFactorials {
        let mut of = vec![0.0; most + 1];
        for n in 1..=most {
            #[expect(clippy::cast_precision_loss, reason = "counts of cases are far below 2^52")]
            let next = (n as f64).ln();
            of[n] = of[n - 1] + next;
        }
        LogFactorials(of)
    }

    /// ln of n over k.
    fn choose(&self, n: usize, k: usize) -> f64 {
        self.0[n] - self.0[k] - self.0[n - k]
    }

    /// The probability that at least `hit` of the `with` cases are among the `failing` ones of `all`, if what they share has
    /// nothing to do with failing (Fisher's exact test, one-sided).
    pub(crate) fn at_least(&self, hit: usize, with: usize, failing: usize, all: usize) -> f64 {
        let most = with.min(failing);
        let exactly = |k: usize| {
            let rest = all - failing;
            if with - k > rest {
                return 0.0;
            }
            (self.choose(failing, k) + self.choose(rest, with - k) - self.choose(all, with)).exp()
        };
        (hit..=most).map(exactly).sum::<f64>().min(1.0)
    }

    /// A bound for the probability that at least `together` of `all` moments, each anywhere in a span, fall into one window
    /// that is `share` of it.
    pub(crate) fn window(&self, together: usize, all: usize, share: f64) -> f64 {
        if together < 2 || share >= 1.0 {
            return 1.0;
        }
        #[expect(clippy::cast_precision_loss, reason = "counts of cases are far below 2^52")]
        let (first, others) = ((all as f64).ln(), (together - 1) as f64);
        (first + self.choose(all - 1, together - 1) + others * share.ln()).exp().min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_are_those_of_the_textbook() {
        let of = LogFactorials::up_to(300);
        // The lady who tasted tea: all four of four right.
        assert!((of.at_least(4, 4, 4, 8) - 1.0 / 70.0).abs() < 1e-12);
        assert!((of.at_least(3, 4, 4, 8) - 17.0 / 70.0).abs() < 1e-12);
        assert!((of.at_least(0, 4, 4, 8) - 1.0).abs() < 1e-12);
        assert!(of.at_least(12, 14, 12, 244) < 1e-12);
        assert!((of.window(2, 2, 0.1) - 0.2).abs() < 1e-12);
        assert!(of.window(1, 5, 0.1) >= 1.0 && of.window(5, 5, 1.0) >= 1.0);
    }
}
