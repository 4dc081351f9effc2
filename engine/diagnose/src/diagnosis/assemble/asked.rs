//! What was asked, and the answer in one word.

use crate::cases::focus::{in_view, is_near};
use crate::diagnosis::assemble::assembly::Assembly;
use crate::diagnosis::assemble::health;
use crate::diagnosis::result as view;
use crate::ranking::family::{Shared, shared};
use crate::ranking::ranked::RankedIncident;
use rdpwhy_rules::codes::CodeValue;

impl Assembly<'_> {
    pub(super) fn asked(&self) -> view::Asked {
        view::Asked {
            since: self.options.since,
            until: self.options.until,
            at: self.options.at,
            error: self.options.error.map(view::Code),
            extended: self.options.extended.map(view::Code),
            error_name: self.options.error.and_then(|code| self.code_name(code)),
            extended_name: self.options.extended.and_then(|code| self.extended_name(code)),
            meanings: self.meanings(),
            pair: self.pair(),
            user: self.options.user.clone(),
            source: self.options.source.clone(),
            target: self.options.target.clone(),
        }
    }

    /// What the rules say about the codes of the ticket.
    fn meanings(&self) -> Vec<view::Meaning> {
        let Some((errors, extended)) = self.pack().dialog() else { return Vec::new() };
        let codes = [(errors, self.options.error), (extended, self.options.extended)];
        let known = codes.into_iter().filter_map(|(table, code)| {
            let code = code?;
            let entry = table.find(&CodeValue::Number(code))?;
            Some(view::Meaning {
                code: view::Code(code),
                name: entry.name.clone(),
                means: entry.means.clone(),
                does_not_mean: entry.not.clone(),
                causes: entry.causes.iter().map(|cause| self.pack().cause(*cause).id.clone()).collect(),
            })
        });
        known.collect()
    }

    fn pair(&self) -> Option<view::Pair> {
        let (errors, _) = self.pack().dialog()?;
        let value = CodeValue::Number(self.options.error?);
        let with = CodeValue::Number(self.options.extended?);
        let pair = errors.pairs.iter().find(|pair| pair.value == value && pair.with == with)?;
        Some(view::Pair { title: pair.title.clone(), says: pair.says.clone() })
    }

    pub(super) fn verdict(&self) -> view::Verdict {
        let clear = self.ranked.iter().any(|ranked| self.stands_out(ranked) || self.family(ranked).is_some());
        match (self.ranked.is_empty(), clear, !self.any_in_view()) {
            (false, true, _) => view::Verdict::Diagnosed,
            (false, false, _) => view::Verdict::Inconclusive,
            (true, _, false) if health::is_earned(self.scene, self.options) => view::Verdict::Healthy,
            (true, _, false) => view::Verdict::Inconclusive,
            (true, _, true) => view::Verdict::NoEvidence,
        }
    }

    /// Whether any attempt lies where the ticket asks for one.
    fn any_in_view(&self) -> bool {
        let limits = &self.pack().ladder().thresholds.focus;
        let mut attempts = self.scene.attempts.iter();
        attempts.any(|attempt| is_near(attempt, self.options, limits) && in_view(attempt, self.options))
    }

    /// Whether the first cause is likely enough to be the verdict.
    pub(super) fn stands_out(&self, ranked: &RankedIncident) -> bool {
        let diagnosed = self.pack().ladder().ranking.diagnosed;
        ranked
            .ranking
            .causes
            .first()
            .is_some_and(|first| first.probability >= diagnosed && first.is_supported())
    }

    /// The family that is the verdict where no cause is.
    pub(super) fn family(&self, ranked: &RankedIncident) -> Option<Shared> {
        // What no attempt is behind is capped, for one cause as for several, unless it lasts and nobody needs to complain of it.
        let sure = !ranked.assumed || ranked.ranking.none_prior <= self.pack().ladder().ranking.none;
        shared(self.pack(), &ranked.ranking).filter(|_| sure)
    }

    /// What a code of the client's dialog is called.
    pub(super) fn code_name(&self, code: u32) -> Option<String> {
        let (table, _) = self.pack().dialog()?;
        table.find(&CodeValue::Number(code))?.name.clone()
    }

    /// What an extended code of the client's dialog is called.
    fn extended_name(&self, code: u32) -> Option<String> {
        let (_, table) = self.pack().dialog()?;
        table.find(&CodeValue::Number(code))?.name.clone()
    }
}
