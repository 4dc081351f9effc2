//! Causes that share a mechanism: where none of them stands out and all together do, the family is the verdict.

use crate::ranking::weighed::Ranking;
use rdpwhy_rules::{CauseId, FamilyId, Pack};

/// What several causes of a family share.
pub(crate) struct Shared {
    pub(crate) family: FamilyId,
    /// Of its causes together.
    pub(crate) probability: f64,
    /// Its causes that something speaks for, the likeliest first.
    pub(crate) causes: Vec<CauseId>,
}

/// The family of the first cause, where that cause is too unlikely for a verdict and its family is not. Only causes that
/// something speaks for count, and symptoms alone make no verdict of several causes, either.
pub(crate) fn shared(pack: &Pack, ranking: &Ranking) -> Option<Shared> {
    let diagnosed = pack.ladder().ranking.diagnosed;
    let first = ranking.answer()?;
    let family = pack.cause(first.cause).family?;
    let members: Vec<_> = ranking
        .causes
        .iter()
        .filter(|ranked| pack.cause(ranked.cause).family == Some(family) && ranked.is_supported())
        .collect();
    let probability: f64 = members.iter().map(|member| member.probability).sum();
    let known = members.iter().any(|member| !member.guess);
    let is_verdict = known && first.probability < diagnosed && probability >= diagnosed;
    let causes = members.iter().map(|member| member.cause).collect();
    is_verdict.then_some(Shared { family, probability, causes })
}
