//! A ranking: causes with all that was weighed for and against them.

use crate::evidence::seen::Seen;
use rdpwhy_rules::CauseId;

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

    /// Keeps what counted, without its records and reasons.
    pub(crate) fn shorten(&mut self) {
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
