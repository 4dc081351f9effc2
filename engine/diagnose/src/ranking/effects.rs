//! Causes that bring about others: what speaks for an effect speaks for its cause, too.
//!
//! A host without free ports reaches no domain controller. The records of the second fault are evidence of the first,
//! as far as the first leads to the second; without this an effect, which often leaves more records, would outrank its
//! cause.

use crate::evidence::scene::Scene;
use crate::evidence::seen::{Seen, State};
use crate::ranking::weighed::{Piece, Ranked, Weighed};
use rdpwhy_rules::finding::Finding;
use std::collections::BTreeSet;

/// Credits causes of which something more than symptoms shows with what speaks for their effects. `causes` are in the
/// order of the pack.
pub(super) fn credit(scene: &Scene<'_>, causes: &mut [Ranked]) {
    let share = scene.pack.ladder().ranking.effect;
    let credits: Vec<Option<Weighed>> =
        causes.iter().map(|cause| earned(scene, causes, cause, share)).collect();
    for (cause, credit) in causes.iter_mut().zip(credits) {
        let Some(credit) = credit else { continue };
        cause.score += credit.log_ratio;
        cause.weighed.push(credit);
    }
}

/// What the most telling effect of a cause adds: of several one counts, for they mostly show the same.
fn earned(scene: &Scene<'_>, causes: &[Ranked], cause: &Ranked, share: f64) -> Option<Weighed> {
    if cause.guess || !cause.is_supported() {
        return None;
    }
    let own = records(scene, cause);
    let effects = scene.pack.cause(cause.cause).leads_to.iter();
    let credits = effects.filter_map(|effect| credit_of(scene, &causes[effect.index()], &own, share));
    credits.reduce(|best, next| if next.log_ratio > best.log_ratio { next } else { best })
}

/// What the records that speak for an effect, and are not the cause's own, add to the cause: it brings the effect about
/// in a share of the cases.
fn credit_of(scene: &Scene<'_>, effect: &Ranked, own: &BTreeSet<u32>, share: f64) -> Option<Weighed> {
    let supporting = supporting(scene, effect)
        .filter(|weighed| weighed.seen.events.iter().all(|event| !own.contains(event)));
    let mut sum = 0.0;
    let mut seen = Seen::nothing();
    for weighed in supporting {
        sum += weighed.log_ratio;
        seen.events.extend(&weighed.seen.events);
        seen.count = seen.count.max(weighed.seen.count);
        seen.of = seen.of.max(weighed.seen.of);
        seen.recovered |= weighed.seen.recovered;
    }
    if sum <= 0.0 {
        return None;
    }
    scene.in_order(&mut seen.events);
    let log_ratio = (share * sum.exp() + 1.0 - share).ln();
    let seen = Seen { state: State::Present, total: seen.events.len(), share: 1.0, ..seen };
    Some(Weighed { piece: Piece::Effect(effect.cause), seen, log_ratio, counted: true })
}

/// The evidence for a cause that rests on records.
fn supporting<'r>(scene: &'r Scene<'_>, ranked: &'r Ranked) -> impl Iterator<Item = &'r Weighed> {
    let cause = scene.pack.cause(ranked.cause);
    let on_records = |weighed: &&Weighed| {
        let evidence = weighed.rule().map(|index| &cause.evidence[index]);
        evidence.is_some_and(|evidence| matches!(evidence.finding, Finding::Signal { .. }))
    };
    ranked.supporting().filter(on_records)
}

fn records(scene: &Scene<'_>, ranked: &Ranked) -> BTreeSet<u32> {
    supporting(scene, ranked).flat_map(|weighed| weighed.seen.events.iter().copied()).collect()
}
