//! What speaks for a cause and against it, in words that all reports share.

use crate::words::figure::{factor, several};
use crate::words::visible::{prose, value};
use rdpwhy_diagnose::diagnosis::{Cause, Evidence, EvidenceId, Incident, State};

/// Said under evidence: what its figures are.
pub(crate) const ESTIMATES: &str = "Figures are the authors' estimates unless marked.";
/// Said where no reason counts for a cause.
pub(crate) const NOTHING_FOR: &str =
    "There is no evidence for it in these logs; only how common it is counts.";
/// Said where no reason counts against a cause.
pub(crate) const NOTHING_AGAINST: &str = "No evidence against it in these logs.";
/// Said of a cause that is brought about by another one.
pub(crate) const CONSEQUENCE: &str = " (a consequence here)";
/// Heads the differences between candidates.
pub(crate) const TELLS: &str = "How to distinguish them";
/// Heads the causes that are not the verdict.
pub(crate) const CONSIDERED: &str = "Also considered";

/// Causes below this probability are told by their number only.
const WORTH_TELLING: f64 = 0.01;

/// What counted, without the factor that only puts the estimates right.
fn evidence_of(cause: &Cause) -> impl Iterator<Item = &Evidence> {
    cause.evidence.iter().filter(|evidence| evidence.id != EvidenceId::Calibration)
}

/// What counted for or against the cause, the weightiest first.
pub(crate) fn reasons(cause: &Cause, for_it: bool) -> Vec<&Evidence> {
    let mut reasons: Vec<&Evidence> =
        evidence_of(cause).filter(|evidence| evidence.for_it == for_it).collect();
    let weight = |evidence: &Evidence| evidence.likelihood_ratio.max(f64::MIN_POSITIVE).ln().abs();
    reasons.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
    reasons
}

/// The sentence, and at how many of the failures where that is not plain.
pub(crate) fn sentence(evidence: &Evidence) -> String {
    let because = match (value(&evidence.because), evidence.recovered) {
        (because, false) => because,
        (because, true) => format!("{} (recovered records only)", because.trim_end_matches('.')),
    };
    if evidence.of > 1 && evidence.state == State::Present {
        format!("{} · {} of {} failures", because.trim_end_matches('.'), evidence.seen, evidence.of)
    } else {
        because
    }
}

/// Those likely enough to be told for which something in these logs speaks, and not only how common they are.
pub(crate) fn candidates<'c>(causes: &[&'c Cause]) -> Vec<&'c Cause> {
    causes.iter().filter(|cause| worth_telling(cause)).copied().collect()
}

/// The candidates that are more likely than "none of these". Checks for the others would be guesses.
pub(crate) fn likely<'c>(incident: &Incident, causes: &[&'c Cause]) -> Vec<&'c Cause> {
    candidates(causes).into_iter().filter(|cause| cause.probability >= incident.none).collect()
}

/// The cause that stands out, or else the likeliest one, if it is more likely than "none of these".
pub(crate) fn meant<'c>(incident: &Incident, causes: &[&'c Cause]) -> Option<&'c Cause> {
    if incident.stands_out { causes.first().copied() } else { likely(incident, causes).first().copied() }
}

/// How many pieces of evidence for and against the cause cannot be judged.
pub(crate) fn open(cause: &Cause) -> Option<String> {
    let open = cause.not_counted.iter().filter(|evidence| evidence.state == State::Unknown).count();
    (open > 0).then(|| format!("{} of evidence cannot be judged from these logs", several(open, "piece")))
}

/// What tells these causes apart, pair by pair.
pub(crate) fn tells(candidates: &[&Cause], among: usize) -> Vec<String> {
    let rival = |id: &str| candidates.iter().any(|other| other.cause == id);
    let pairs = candidates.iter().take(among).flat_map(|cause| {
        let confusers = cause.confusers.iter().filter(|confuser| rival(&confuser.cause));
        confusers.map(|confuser| {
            format!(
                "{} rather than {}: {}",
                value(&confuser.cause),
                value(&cause.cause),
                prose(&confuser.tell)
            )
        })
    });
    pairs.collect()
}

pub(crate) fn worth_telling(cause: &Cause) -> bool {
    cause.probability >= WORTH_TELLING && cause.evidence.iter().any(|evidence| evidence.for_it)
}

/// One short reason why the cause is less likely than the first; where something speaks against it, after what speaks for it.
pub(crate) fn less_likely(first: &Cause, cause: &Cause) -> String {
    if let Some(root) = &cause.consequence_of {
        return format!("brought about by {}", value(root));
    }
    let tell = first.confusers.iter().find(|confuser| confuser.cause == cause.cause);
    let against = reasons(cause, false);
    let support = reasons(cause, true);
    let ratio = |reason: &Evidence| factor(reason.likelihood_ratio);
    match (against.first(), support.first(), tell) {
        (Some(against), Some(support), _) => {
            let (for_it, against_it) = (sentence(support), sentence(against));
            format!("for it {}: {for_it}; against it {}: {against_it}", ratio(support), ratio(against))
        }
        (Some(reason), None, _) => format!("against it {}: {}", ratio(reason), sentence(reason)),
        (None, Some(_), Some(tell)) => format!("would show: {}", prose(&tell.tell)),
        (None, Some(reason), None) => {
            format!("there is less evidence for it: {} at most, {}", ratio(reason), sentence(reason))
        }
        (None, None, _) => "there is no evidence for it in these logs".to_owned(),
    }
}

/// Prior times the ratios of all that counted, in the order of the rule.
pub(crate) fn weight(cause: &Cause) -> f64 {
    cause.evidence.iter().fold(cause.prior, |weight, evidence| weight * evidence.likelihood_ratio)
}

/// What a ratio rests on, where it is more than an estimate.
pub(crate) fn marked(evidence: &Evidence) -> Option<String> {
    (evidence.basis != "estimate").then(|| value(&evidence.basis))
}
