//! A cause: its place in the ranking, the evidence that moved it, and the way out.

use crate::diagnosis::assemble::assembly::Assembly;
use crate::diagnosis::assemble::figure::round;
use crate::diagnosis::result as view;
use crate::ranking::ranked::RankedIncident;
use crate::ranking::weighed::Ranked;
use rdpwhy_rules::{Cause, Cost};

/// Causes that are kept of an incident of which little is kept.
const CAUSES_OF_BRIEF: usize = 3;

impl Assembly<'_> {
    /// The causes of an incident, each with whether anything speaks for it.
    pub(super) fn causes(&self, id: usize, ranked: &RankedIncident) -> Vec<(bool, view::Cause)> {
        let told = if ranked.brief { CAUSES_OF_BRIEF } else { usize::MAX };
        let causes = ranked.ranking.causes.iter().take(told);
        causes.map(|cause| (cause.is_supported(), self.cause(id, ranked, cause))).collect()
    }

    fn cause(&self, id: usize, incident: &RankedIncident, ranked: &Ranked) -> view::Cause {
        let pack = self.pack();
        let cause = pack.cause(ranked.cause);
        let others = &incident.ranking.causes;
        // What a cause brings about shows in its own right if something speaks for it.
        let shows = |other: &Ranked| other.weighed.iter().any(|w| w.counted && w.log_ratio > 0.0);
        let effects = cause.leads_to.iter().filter(|effect| {
            others.iter().any(|other| {
                other.cause == **effect && other.probability < ranked.probability && shows(other)
            })
        });
        let root = others.iter().find(|other| {
            other.probability > ranked.probability
                && shows(other)
                && pack.cause(other.cause).leads_to.contains(&ranked.cause)
        });
        let (counted, other): (Vec<_>, Vec<_>) = ranked
            .weighed
            .iter()
            .map(|weighed| (weighed.counted, self.evidence(cause, weighed)))
            .partition(|(counted, _)| *counted);
        let strip =
            |list: Vec<(bool, Option<view::Evidence>)>| list.into_iter().filter_map(|(_, e)| e).collect();
        view::Cause {
            cause: cause.id.clone(),
            title: cause.title.clone(),
            headline: cause.verdict.clone(),
            incident: id,
            brief: incident.brief,
            probability: round(ranked.probability),
            prior: round(ranked.prior),
            side: cause.side,
            stage: cause.stages.first().map(|stage| self.stage(*stage)).unwrap_or_default(),
            mechanism: if incident.brief { String::new() } else { cause.mechanism.clone() },
            evidence: if incident.brief { Vec::new() } else { strip(counted) },
            not_counted: strip(other),
            leads_to: effects.map(|effect| pack.cause(*effect).id.clone()).collect(),
            consequence_of: root.filter(|_| shows(ranked)).map(|root| pack.cause(root.cause).id.clone()),
            fix: if incident.brief { Vec::new() } else { self.fix(cause) },
            never: if incident.brief { Vec::new() } else { cause.never.clone() },
            confusers: cause
                .confusers
                .iter()
                .filter(|_| !incident.brief)
                .map(|confuser| view::Confuser {
                    cause: pack.cause(confuser.cause).id.clone(),
                    tell: confuser.tell.clone(),
                })
                .collect(),
            references: if incident.brief { Vec::new() } else { cause.references.clone() },
        }
    }

    /// The steps in working order; what weakens security comes last, whatever the rule's order.
    fn fix(&self, cause: &Cause) -> Vec<view::Step> {
        let pack = self.pack();
        let mut steps: Vec<_> = cause.fix.iter().map(|fix| (pack.step(fix.step), fix.helps)).collect();
        steps.sort_by_key(|(step, _)| step.cost == Cost::Weakens);
        steps
            .into_iter()
            .map(|(step, helps)| view::Step {
                step: step.id.clone(),
                do_: step.do_.clone(),
                where_: step.where_.clone(),
                run: step.run.clone(),
                changes: step.changes.clone(),
                cost: step.cost,
                risk: step.risk,
                side_effects: step.side_effects.clone(),
                undo: step.undo.clone(),
                verify: step.verify.clone(),
                helps,
            })
            .collect()
    }
}
