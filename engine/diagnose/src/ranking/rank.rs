//! Causes weighed by Bayes' rule, with the arithmetic kept.
//!
//! The score of a cause is the logarithm of its prior plus the logarithms of the likelihood ratios of its evidence,
//! of each group of correlated evidence only the strongest; scores are normalised over all causes and "none of these".

use crate::cases::incident::Incident;
use crate::evidence::answers::Answers;
use crate::evidence::inquiry::Inquiry;
use crate::evidence::scene::Scene;
use crate::evidence::seen::{Seen, State};
use crate::evidence::witnesses::{self, Telling};
use crate::ranking::effects;
use crate::ranking::weighed::{Piece, Ranked, Ranking, Weighed};
use rdpwhy_rules::finding::Finding;
use rdpwhy_rules::phrase::{Anchor, Fact};
use rdpwhy_rules::{Cause, CauseId, Evidence, StageId};
use std::collections::{BTreeMap, BTreeSet};

/// Ranks all causes for the incident. `admit` tells which evidence may be looked at.
pub(crate) fn rank(
    scene: &Scene<'_>,
    incident: &Incident,
    admit: &(dyn Fn(&Evidence) -> bool + Sync),
) -> Ranking {
    let none = scene.pack.ladder().ranking.none;
    rank_cautiously(scene, incident, admit, Caution { none, most: 1.0 })
}

/// How little may be claimed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Caution {
    /// Prior of "none of these".
    pub(crate) none: f64,
    /// No cause is more likely than this; what is left goes to "none of these".
    pub(crate) most: f64,
}

/// The same, with "none of these" weighed as caution asks.
pub(crate) fn rank_cautiously(
    scene: &Scene<'_>,
    incident: &Incident,
    admit: &(dyn Fn(&Evidence) -> bool + Sync),
    caution: Caution,
) -> Ranking {
    use rayon::prelude::*;
    let pack = scene.pack;
    let none_prior = caution.none;
    let inquiry = Inquiry::new(scene, incident);
    let told = witnesses::telling(scene, incident);
    let answers = Answers::new(&inquiry, admit);
    let mut causes: Vec<Ranked> = (0..pack.causes().len())
        .into_par_iter()
        .map(|index| {
            let cause = &pack.causes()[index];
            // Caution takes from all causes alike.
            let prior = pack.prior(cause) * (1.0 - none_prior) / (1.0 - pack.ladder().ranking.none);
            let weighed = weigh(&inquiry, cause, answers.of(index), &told);
            // Summed in the order of the rule, so that the same input gives the same bits.
            let score = weighed.iter().filter(|w| w.counted).fold(prior.ln(), |sum, w| sum + w.log_ratio);
            let guess = symptoms_alone(&inquiry, cause, &weighed).is_some();
            Ranked { cause: CauseId::at(index), probability: 0.0, prior, score, guess, weighed }
        })
        .collect();
    effects::credit(scene, &mut causes);
    let best = causes.iter().map(|ranked| ranked.score).fold(f64::NEG_INFINITY, f64::max);
    // So much that the best cause alone does not pass the cap, and that one with nothing but symptoms is never likelier than not.
    let cap = best + (1.0 / caution.most - 1.0).ln();
    let on_symptoms = causes.iter().filter(|ranked| ranked.guess && ranked.is_supported());
    let guesses = on_symptoms.map(|ranked| ranked.score).fold(f64::NEG_INFINITY, f64::max);
    let none_score = none_prior.ln().max(cap).max(guesses);
    let highest = none_score.max(best);
    let sum =
        causes.iter().fold((none_score - highest).exp(), |sum, ranked| sum + (ranked.score - highest).exp());
    for ranked in &mut causes {
        ranked.probability = (ranked.score - highest).exp() / sum;
    }
    causes.sort_by(|a, b| {
        let supported = b.is_supported().cmp(&a.is_supported());
        let score = b.score.total_cmp(&a.score);
        supported.then(score).then_with(|| pack.cause(a.cause).id.cmp(&pack.cause(b.cause).id))
    });
    Ranking {
        causes,
        none: (none_score - highest).exp() / sum,
        none_prior,
        none_weight: none_score.exp(),
        most: caution.most,
    }
}

fn weigh<'a>(
    inquiry: &Inquiry<'_>,
    cause: &Cause,
    answers: impl Iterator<Item = (usize, &'a Seen)>,
    told: &[Telling],
) -> Vec<Weighed> {
    let scene = inquiry.scene;
    let mut weighed = vec![stage(inquiry, cause)];
    // Whoever never came to the host left nothing there: that it is missing says nothing of why.
    let failures = &inquiry.incident.failures;
    let nobody = !failures.is_empty() && failures.iter().all(|&index| scene.attempts[index].missing);
    for (index, seen) in answers {
        let most = if seen.recovered { weakest(scene).ln() } else { f64::INFINITY };
        let evidence = &cause.evidence[index];
        let moot = nobody && seen.state == State::Absent && is_beside_attempt(evidence);
        let log_ratio = if moot { 0.0 } else { log_ratio(evidence, seen).clamp(-most, most) };
        let (piece, seen) = (Piece::Rule(index), seen.clone());
        weighed.push(Weighed { piece, seen, log_ratio, counted: log_ratio != 0.0 });
    }
    if let Some(unexplained) = unexplained(scene, cause, &weighed, told) {
        weighed.insert(1, unexplained);
    }
    count_groups_once(cause, &mut weighed);
    weighed.extend(bound(inquiry, cause, &weighed));
    weighed
}

/// Whether it asks for what an attempt leaves while it goes on.
fn is_beside_attempt(evidence: &Evidence) -> bool {
    let Finding::Signal { relation, .. } = &evidence.finding else { return false };
    matches!(relation.anchor, Anchor::During(_) | Anchor::Within { .. })
}

/// A cause that does not break where the failures broke is less likely, in proportion to them.
fn stage(inquiry: &Inquiry<'_>, cause: &Cause) -> Weighed {
    let ladder = inquiry.scene.pack.ladder();
    let is_off =
        |(from, to): (StageId, StageId)| !cause.stages.iter().any(|stage| from <= *stage && *stage <= to);
    let off: usize =
        inquiry.breaks().iter().filter(|(broke, _)| is_off(*broke)).map(|(_, count)| count).sum();
    let of = inquiry.incident.failures.len();
    #[expect(clippy::cast_precision_loss, reason = "counts of attempts are far below 2^52")]
    let share = if of == 0 { 0.0 } else { off as f64 / of as f64 };
    let state = if off > 0 { State::Present } else { State::Absent };
    let seen = Seen { state, count: off, of, share, ..Seen::nothing() };
    let log_ratio = if off > 0 { -ladder.ranking.stage_mismatch.ln() * share } else { 0.0 };
    Weighed { piece: Piece::Stage, seen, log_ratio, counted: off > 0 }
}

/// A cause that does not say why a record stands beside the failures is less likely by it. Of several such records the one
/// that speaks of the most failures counts: they mostly have one reason.
fn unexplained(scene: &Scene<'_>, cause: &Cause, weighed: &[Weighed], told: &[Telling]) -> Option<Weighed> {
    // What speaks against the cause and was seen has its say already; what was not seen says nothing.
    let is_seen =
        |index: usize| weighed.iter().any(|w| w.rule() == Some(index) && w.seen.state == State::Present);
    let own = |signal, end| {
        cause.speaks_of(signal, end).any(|index| cause.evidence[index].supports || is_seen(index))
    };
    // A record of what a cause brings about is one that it explains, if the cause itself shows.
    let shows = weighed.iter().any(|w| w.log_ratio > 0.0);
    let of_effect = |signal, end| {
        let mut effects = cause.leads_to.iter().map(|effect| scene.pack.cause(*effect));
        effects.any(|effect| effect.speaks_of(signal, end).any(|index| effect.evidence[index].supports))
    };
    let explains = |telling: &Telling| {
        let mut signals = telling.seen.events.iter().flat_map(|&event| scene.timeline.signals(event));
        signals.any(|signal| own(signal, telling.end) || (shows && of_effect(signal, telling.end)))
    };
    let weight = |telling: &Telling| telling.unexplained.ln() * telling.seen.share;
    let most =
        told.iter().filter(|telling| !explains(telling)).max_by(|a, b| weight(a).total_cmp(&weight(b)))?;
    let bound = if most.seen.recovered { weakest(scene).ln() } else { f64::INFINITY };
    let log_ratio = -weight(most).min(bound);
    Some(Weighed { piece: Piece::Unexplained, seen: most.seen.clone(), log_ratio, counted: log_ratio != 0.0 })
}

/// What has to be taken back where nothing but symptoms speaks for the cause: a timeout, a cut or a generic code fits many.
fn bound(inquiry: &Inquiry<'_>, cause: &Cause, weighed: &[Weighed]) -> Option<Weighed> {
    let (symptoms, of) = symptoms_alone(inquiry, cause, weighed)?;
    let excess = symptoms - inquiry.scene.pack.ladder().ranking.symptoms.ln();
    (excess > 0.0).then(|| Weighed {
        piece: Piece::Bounded,
        seen: Seen { state: State::Present, count: of, of, share: 1.0, ..Seen::nothing() },
        log_ratio: -excess,
        counted: true,
    })
}

/// What symptoms add to the score and how many they are, if nothing else speaks for the cause.
fn symptoms_alone(inquiry: &Inquiry<'_>, cause: &Cause, weighed: &[Weighed]) -> Option<(f64, usize)> {
    let ladder = inquiry.scene.pack.ladder();
    // Where nothing answered the client, whatever stands between it and the host leaves the host's log silent.
    let unanswered = inquiry.incident.broke.1 <= ladder.arrival();
    let is_symptom = |evidence: &Evidence| match &evidence.finding {
        // A rule that gives so much to a code means that few other faults have it.
        Finding::Code(_) | Finding::Extended(_) => evidence.ratio < ladder.ranking.specific_code,
        Finding::Attempts(attempts) if unanswered && attempts.fact == Fact::HostNeverSaw => true,
        finding => finding.is_symptom(&ladder.symptoms),
    };
    let mut supporting = weighed.iter().filter(|w| w.counted && w.log_ratio > 0.0);
    supporting.try_fold((0.0, 0), |(sum, count), weighed| {
        let symptom = weighed.rule().is_some_and(|index| is_symptom(&cause.evidence[index]));
        symptom.then_some((sum + weighed.log_ratio, count + 1))
    })
}

/// The least of the strengths that rules name: what recovered records alone count at most.
fn weakest(scene: &Scene<'_>) -> f64 {
    let strengths = scene.pack.ladder().ranking.strengths.iter().map(|(_, ratio)| *ratio);
    strengths.fold(f64::INFINITY, f64::min).max(1.0)
}

/// What a finding adds to the score of its cause.
fn log_ratio(evidence: &Evidence, seen: &Seen) -> f64 {
    let sign = if evidence.supports { 1.0 } else { -1.0 };
    match (seen.state, evidence.if_absent) {
        (State::Present, _) => sign * evidence.ratio.ln() * seen.share,
        (State::Absent, Some(ratio)) => -sign * ratio.ln() * seen.share,
        (State::Absent, None) | (State::Unknown, _) => 0.0,
    }
}

/// Of each group the strongest for and the strongest against count; the first of equals. What is missing does not count
/// where another of its group was seen.
fn count_groups_once(cause: &Cause, weighed: &mut [Weighed]) {
    let groups: Vec<Option<(&str, bool)>> = weighed.iter().map(|w| group_of(cause, w)).collect();
    let seen: BTreeSet<(&str, bool)> = weighed
        .iter()
        .zip(&groups)
        .filter(|(w, _)| w.seen.state == State::Present && w.log_ratio != 0.0)
        .filter_map(|(_, group)| *group)
        .collect();
    for (weighed, group) in weighed.iter_mut().zip(groups) {
        weighed.counted &=
            weighed.seen.state != State::Absent || group.is_none_or(|group| !seen.contains(&group));
    }
    let mut strongest: BTreeMap<(&str, bool), usize> = BTreeMap::new();
    for index in 0..weighed.len() {
        let Some(evidence) = weighed[index].rule() else { continue };
        let Some(group) = cause.evidence[evidence].group.as_deref() else { continue };
        let log_ratio = weighed[index].log_ratio;
        if !weighed[index].counted {
            continue;
        }
        match strongest.entry((group, log_ratio > 0.0)) {
            std::collections::btree_map::Entry::Vacant(entry) => {
                entry.insert(index);
            }
            std::collections::btree_map::Entry::Occupied(mut entry) => {
                let loser = if log_ratio.abs() > weighed[*entry.get()].log_ratio.abs() {
                    entry.insert(index)
                } else {
                    index
                };
                weighed[loser].counted = false;
            }
        }
    }
}

/// The group of a piece of evidence, and whether it is one for the cause.
fn group_of<'c>(cause: &'c Cause, weighed: &Weighed) -> Option<(&'c str, bool)> {
    let evidence = &cause.evidence[weighed.rule()?];
    Some((evidence.group.as_deref()?, evidence.supports))
}

/// Whether something decisive speaks for the first cause.
pub(crate) fn is_decided(scene: &Scene<'_>, ranking: &Ranking) -> bool {
    let strong = scene.pack.ladder().ranking.strengths.iter().map(|(_, ratio)| *ratio).fold(0.0, f64::max);
    ranking.causes.first().is_some_and(|first| {
        let cause = scene.pack.cause(first.cause);
        let mut counted = first.supporting();
        counted
            .any(|w| !w.seen.recovered && w.rule().is_some_and(|index| cause.evidence[index].ratio >= strong))
    })
}
