//! Many tickets summed up.

use crate::Judged;
use std::collections::BTreeMap;

/// How the tickets came out.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// How many tickets there are.
    pub tickets: usize,
    /// How many of them got all they expect.
    pub passed: usize,
    /// How many questions have an answer that the tickets know: a ticket with two incidents asks two.
    pub questions: usize,
    /// How often the right cause stood first.
    pub right_first: usize,
    /// How often it stood among the first three.
    pub right_in_three: usize,
    /// The same by how probable the first cause was said to be, the least probable first.
    pub bands: Vec<Band>,
    /// The same by cause.
    pub causes: BTreeMap<String, CauseScore>,
}

/// Answers of about the same probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// From this probability on.
    pub from: f64,
    /// Up to this, which belongs to the next band (to this one in the last).
    pub to: f64,
    /// How many answers.
    pub said: usize,
    /// How many of them were right.
    pub right: usize,
    /// Their probabilities together: as many should be right.
    pub promised: f64,
}

/// One cause on the tickets that speak of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CauseScore {
    /// How many questions have it as their answer.
    pub asked: usize,
    /// How often it then stood first.
    pub found: usize,
    /// The lowest probability with which it did.
    pub lowest: Option<f64>,
    /// How often it must stay quiet.
    pub hushed: usize,
    /// How often it did.
    pub quiet: usize,
}

/// The borders between bands.
const BORDERS: [f64; 6] = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0];
/// The right cause should be among this many.
const TOP: usize = 3;

impl Score {
    /// Sums up; `causes` are those that shall be there even if no ticket speaks of them.
    #[must_use]
    pub fn of<'a>(judged: &[Judged], causes: impl Iterator<Item = &'a str>) -> Score {
        let bands = BORDERS.windows(2).map(|pair| Band {
            from: pair[0],
            to: pair[1],
            said: 0,
            right: 0,
            promised: 0.0,
        });
        let mut score = Score {
            tickets: judged.len(),
            passed: judged.iter().filter(|judged| judged.complaints.is_empty()).count(),
            questions: 0,
            right_first: 0,
            right_in_three: 0,
            bands: bands.collect(),
            causes: causes.map(|cause| (cause.to_owned(), CauseScore::default())).collect(),
        };
        for judged in judged {
            score.add(judged);
        }
        score
    }

    fn add(&mut self, judged: &Judged) {
        for said in &judged.said {
            let right = said.place == Some(1);
            self.questions += 1;
            self.right_first += usize::from(right);
            self.right_in_three += usize::from(said.place.is_some_and(|place| place <= TOP));
            let last = self.bands.len() - 1;
            let index = self.bands.iter().position(|band| said.probability < band.to).unwrap_or(last);
            let band = &mut self.bands[index];
            band.said += 1;
            band.right += usize::from(right);
            band.promised += said.probability;
            let cause = self.causes.entry(said.right.clone()).or_default();
            cause.asked += 1;
            cause.found += usize::from(right);
            if right {
                cause.lowest =
                    Some(cause.lowest.map_or(said.probability, |lowest| lowest.min(said.probability)));
            }
        }
        for (cause, quiet) in judged.quiet() {
            let cause = self.causes.entry(cause.to_owned()).or_default();
            cause.hushed += 1;
            cause.quiet += usize::from(quiet);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Said;

    fn judged(right: &str, probability: f64, place: Option<usize>) -> Judged {
        Judged {
            name: right.to_owned(),
            expect: rdpwhy_forge::Expect::default(),
            diagnosis: nothing(),
            complaints: Vec::new(),
            said: vec![Said { right: right.to_owned(), probability, place }],
        }
    }

    fn nothing() -> rdpwhy_diagnose::Diagnosis {
        let (pack, _) =
            rdpwhy_rules::Pack::load(&rdpwhy_rules::embedded(), &[]).expect("the built-in rules are sound");
        let reading = rdpwhy_logs::Reading {
            events_from: None,
            older: None,
            logs: Vec::new(),
            archives: Vec::new(),
            events: Vec::new(),
            tally: rdpwhy_logs::Tally::default(),
            warnings: Vec::new(),
            unread: 0,
        };
        rdpwhy_diagnose::diagnose(&reading, &pack, &rdpwhy_diagnose::Options::default())
    }

    #[test]
    fn answers_fall_into_bands_by_what_was_said() {
        let judged = [
            judged("a", 1.0, Some(1)),
            judged("a", 0.8, Some(2)),
            judged("b", 0.79, Some(1)),
            judged("b", 0.0, None),
        ];
        let score = Score::of(&judged, ["a", "b", "c"].into_iter());
        assert_eq!((score.questions, score.right_first, score.right_in_three), (4, 2, 3));
        let bands: Vec<(usize, usize)> = score.bands.iter().map(|band| (band.said, band.right)).collect();
        assert_eq!(bands, [(1, 0), (0, 0), (0, 0), (1, 1), (2, 1)]);
        assert_eq!(score.causes["a"].lowest, Some(1.0));
        assert_eq!(score.causes["c"], CauseScore::default());
    }
}
