//! A ranking: causes with all that was weighed for and against them.

use crate::evidence::seen::Seen;
use rdpwhy_rules::{CauseId, Pack};

/// What a cause is weighed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Evidence of the rule, by its index.
    Rule(usize),
    /// Whether the cause breaks where the failures broke: asked of every cause.
    Stage,
    /// Records that speak of the failures and that the cause does not explain: asked of every cause.
    Unexplained,
    /// Nothing but symptoms speaks for the cause: what they weigh together is bounded.
    Bounded,
    /// What speaks for a cause that this one brings about.
    Effect(CauseId),
    /// How much more often such answers are right than the estimates say.
    Calibrated,
}

/// One piece of evidence as weighed.
#[derive(Debug, Clone)]
pub(crate) struct Weighed {
    /// What was weighed.
    pub piece: Piece,
    /// What was found.
    pub seen: Seen,
    /// What it adds to the score, in natural logarithms; 0 when unknown or when not counted.
    pub log_ratio: f64,
    /// False when stronger evidence of the same group stands for it.
    pub counted: bool,
}

impl Weighed {
    /// Index into the cause's evidence, for evidence of the rule.
    pub(crate) fn rule(&self) -> Option<usize> {
        match self.piece {
            Piece::Rule(index) => Some(index),
            Piece::Stage | Piece::Unexplained | Piece::Bounded | Piece::Effect(_) | Piece::Calibrated => None,
        }
    }
}

/// A cause with its place in the ranking.
#[derive(Debug, Clone)]
pub(crate) struct Ranked {
    /// The cause.
    pub cause: CauseId,
    /// Its probability among all causes and "none of these".
    pub probability: f64,
    /// Its share of the prior.
    pub prior: f64,
    /// Logarithm of the prior plus all that counted.
    pub score: f64,
    /// Nothing but symptoms speaks for it.
    pub guess: bool,
    /// All evidence, in the order of the rule, the stage first.
    pub weighed: Vec<Weighed>,
}

impl Ranked {
    /// What counted for it.
    pub(crate) fn supporting(&self) -> impl Iterator<Item = &Weighed> {
        self.weighed.iter().filter(|weighed| weighed.counted && weighed.log_ratio > 0.0)
    }

    /// Whether what was seen makes it more likely than it was before. What is merely common is never the first answer.
    pub(crate) fn is_supported(&self) -> bool {
        self.weighed.iter().filter(|weighed| weighed.counted).map(|weighed| weighed.log_ratio).sum::<f64>()
            > 0.0
    }

    /// Whether a report that tells of the other cause may name this one beside it.
    fn is_told_beside(&self, other: CauseId, pack: &Pack) -> bool {
        let (own, told) = (pack.cause(self.cause), pack.cause(other));
        let related = own.leads_to.contains(&other) || told.leads_to.contains(&self.cause);
        let family = own.family.is_some() && own.family == told.family;
        (related || family) && self.supporting().next().is_some()
    }
}

/// The ranking of one incident.
#[derive(Debug, Clone)]
pub(crate) struct Ranking {
    /// By probability falling, then by id.
    pub causes: Vec<Ranked>,
    /// Probability of "none of these".
    pub none: f64,
    /// Prior of "none of these".
    pub none_prior: f64,
    /// What "none of these" weighs: its prior, or what caution raised it to.
    pub none_weight: f64,
    /// No cause may be said to be more likely than this.
    pub most: f64,
}

impl Ranking {
    /// The first cause, if what was seen speaks for it.
    pub(crate) fn answer(&self) -> Option<&Ranked> {
        self.causes.first().filter(|first| first.is_supported())
    }

    /// Keeps the first causes, and those that have to do with them: of the same family, or bringing one another about. Of
    /// each what counted, without its records and reasons. Which cause is the answer, and what is said of it beside the
    /// others, stays the same.
    pub(crate) fn shorten(&mut self, pack: &Pack, first: usize) {
        let told: Vec<CauseId> = self.causes.iter().take(first).map(|cause| cause.cause).collect();
        let mut place = 0;
        self.causes.retain(|cause| {
            place += 1;
            place <= first || told.iter().any(|told| cause.is_told_beside(*told, pack))
        });
        self.causes.shrink_to_fit();
        for cause in &mut self.causes {
            cause.weighed.retain(|weighed| weighed.counted);
            for weighed in &mut cause.weighed {
                weighed.seen.events = Vec::new();
                weighed.seen.why = None;
            }
            cause.weighed.shrink_to_fit();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Piece, Ranked, Ranking, Weighed};
    use crate::evidence::seen::{Seen, State};
    use rdpwhy_rules::{CauseId, Pack};

    /// All causes of the rules in their order; what was seen weighs so much for each.
    fn all(pack: &Pack, log_ratio: f64) -> Ranking {
        let seen = Seen { state: State::Present, events: vec![7], ..Seen::nothing() };
        let known = Weighed { piece: Piece::Rule(0), seen: seen.clone(), log_ratio, counted: true };
        let other = Weighed { piece: Piece::Rule(1), seen, log_ratio: 0.0, counted: false };
        let cause = |index| Ranked {
            cause: CauseId::at(index),
            probability: 0.001,
            prior: 0.001,
            score: 0.0,
            guess: false,
            weighed: vec![known.clone(), other.clone()],
        };
        let causes = (0..pack.causes().len()).map(cause).collect();
        Ranking { causes, none: 0.5, none_prior: 0.5, none_weight: 0.5, most: 1.0 }
    }

    #[test]
    fn of_many_causes_that_nothing_speaks_for_the_first_few_are_kept() {
        let pack = Pack::built_in(&[]).unwrap().0;
        let mut ranking = all(&pack, -1.0);
        ranking.shorten(&pack, 3);
        let kept: Vec<CauseId> = ranking.causes.iter().map(|cause| cause.cause).collect();
        assert_eq!(kept, [0, 1, 2].map(CauseId::at));
        assert!(ranking.causes.capacity() <= 4, "{}", ranking.causes.capacity());
        for cause in ranking.causes {
            assert_eq!(cause.weighed.len(), 1);
            assert!(cause.weighed[0].seen.events.is_empty());
        }
    }

    #[test]
    fn causes_that_a_report_names_beside_the_first_are_kept_with_them() {
        let pack = Pack::built_in(&[]).unwrap().0;
        for first in 0..pack.causes().len() {
            let mut ranking = all(&pack, 1.0);
            ranking.causes.swap(0, first);
            let own = CauseId::at(first);
            ranking.shorten(&pack, 1);
            let beside = |other: CauseId| {
                let [a, b] = [own, other].map(|cause| pack.cause(cause));
                a.leads_to.contains(&other)
                    || b.leads_to.contains(&own)
                    || a.family.is_some() && a.family == b.family
            };
            let mut kept: Vec<CauseId> = ranking.causes.iter().map(|cause| cause.cause).collect();
            assert_eq!(kept[0], own);
            kept.sort_unstable();
            let wanted = (0..pack.causes().len()).map(CauseId::at);
            let wanted: Vec<CauseId> = wanted.filter(|&other| other == own || beside(other)).collect();
            assert_eq!(kept, wanted);
        }
    }
}
