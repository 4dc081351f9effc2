//! A cause: its place in the ranking, the evidence that moved it, and the way out.

use crate::diagnosis::assemble::assembly::Assembly;
use crate::diagnosis::assemble::figure::round;
use crate::diagnosis::assemble::particular::Common;
use crate::diagnosis::result as view;
use crate::ranking::ranked::{CAUSES_OF_BRIEF, RankedIncident};
use crate::ranking::weighed::Ranked;
use rdpwhy_rules::Cause;

impl Assembly<'_> {
    /// The causes of an incident, each with whether anything speaks for it.
    pub(super) fn causes(&self, id: usize, ranked: &RankedIncident) -> Vec<(bool, view::Cause)> {
        let told = if ranked.brief { CAUSES_OF_BRIEF } else { usize::MAX };
        let causes = ranked.ranking.causes.iter().take(told);
        let common = (!ranked.brief).then(|| self.common(ranked));
        causes.map(|cause| (cause.is_supported(), self.cause(id, ranked, cause, common.as_ref()))).collect()
    }

    /// The cause; all of it where what the failures have in common is given.
    fn cause(
        &self,
        id: usize,
        incident: &RankedIncident,
        ranked: &Ranked,
        common: Option<&Common>,
    ) -> view::Cause {
        let pack = self.pack();
        let cause = pack.cause(ranked.cause);
        let others = &incident.ranking.causes;
        // What a cause brings about shows in its own right if something speaks for it.
        let shows = |other: &Ranked| other.supporting().next().is_some();
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
        let brief = view::Cause {
            cause: cause.id.clone(),
            title: cause.title.clone(),
            headline: cause.verdict.clone(),
            variant: None,
            says: None,
            incident: id,
            brief: true,
            probability: round(ranked.probability),
            prior: round(ranked.prior),
            prior_basis: cause.prior_basis.to_string(),
            side: cause.side,
            stage: cause.stages.first().map(|stage| self.stage(*stage)).unwrap_or_default(),
            mechanism: String::new(),
            evidence: Vec::new(),
            not_counted: Vec::new(),
            leads_to: effects.map(|effect| pack.cause(*effect).id.clone()).collect(),
            consequence_of: root.filter(|_| shows(ranked)).map(|root| pack.cause(root.cause).id.clone()),
            fix: Vec::new(),
            never: Vec::new(),
            confusers: Vec::new(),
            references: Vec::new(),
        };
        match common {
            Some(common) => self.explained(brief, cause, incident, ranked, common),
            None => brief,
        }
    }

    /// The cause with its evidence, steps and explanations.
    fn explained(
        &self,
        brief: view::Cause,
        cause: &Cause,
        incident: &RankedIncident,
        ranked: &Ranked,
        common: &Common,
    ) -> view::Cause {
        let particular = self.particular(cause, ranked);
        let known = self.known(cause, common, ranked);
        let headline = particular.and_then(|particular| particular.variant.verdict.clone());
        let (counted, other): (Vec<_>, Vec<_>) = ranked
            .weighed
            .iter()
            .map(|weighed| {
                let evidence = self.evidence(cause, weighed).map(|evidence| match incident.assumed {
                    true => of_one(evidence),
                    false => evidence,
                });
                (weighed.counted, evidence)
            })
            .partition(|(counted, _)| *counted);
        let strip =
            |list: Vec<(bool, Option<view::Evidence>)>| list.into_iter().filter_map(|(_, e)| e).collect();
        let confusers = cause.confusers.iter().map(|confuser| view::Confuser {
            cause: self.pack().cause(confuser.cause).id.clone(),
            tell: confuser.tell.clone(),
        });
        view::Cause {
            brief: false,
            headline: headline.unwrap_or_else(|| brief.headline.clone()),
            variant: particular.map(|particular| particular.variant.id.clone()),
            says: particular.map(|particular| self.says(particular)),
            mechanism: cause.mechanism.clone(),
            evidence: strip(counted),
            not_counted: strip(other),
            fix: self.fix(cause, particular, &known),
            never: cause.never.clone(),
            confusers: confusers.collect(),
            references: cause.references.iter().map(|of| self.pack().sources().cite(of)).collect(),
            ..brief
        }
    }
}

/// Records of a fault that no attempt is behind are no failures, however many they are.
fn of_one(evidence: view::Evidence) -> view::Evidence {
    view::Evidence { seen: evidence.seen.min(1), of: evidence.of.min(1), ..evidence }
}
