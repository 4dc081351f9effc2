//! What was asked, and the answer in one word.

use crate::attempts::attempt::Attempt;
use crate::cases::focus::in_view;
use crate::diagnosis::assemble::assembly::Assembly;
use crate::diagnosis::result as view;
use crate::ranking::ranked::RankedIncident;
use crate::world::tick::{span_ticks, ticks};
use rdpwhy_rules::CodeValue;

impl Assembly<'_> {
    pub(super) fn asked(&self) -> view::Asked {
        let hex = |code: u32| format!("{code:#x}");
        view::Asked {
            since: self.options.since.map(|time| time.to_string()),
            until: self.options.until.map(|time| time.to_string()),
            at: self.options.at.map(|time| time.to_string()),
            error: self.options.error.map(hex),
            extended: self.options.extended.map(hex),
            error_name: self.options.error.and_then(|code| self.code_name(code)),
            extended_name: self.options.extended.and_then(|code| self.extended_name(code)),
            user: self.options.user.clone(),
            source: self.options.source.clone(),
        }
    }

    pub(super) fn verdict(&self) -> view::Verdict {
        let clear = self.ranked.iter().any(|ranked| self.stands_out(ranked));
        match (self.ranked.is_empty(), clear, !self.any_in_view()) {
            (false, true, _) => view::Verdict::Diagnosed,
            (false, false, _) => view::Verdict::Inconclusive,
            (true, _, false) => view::Verdict::Healthy,
            (true, _, true) => view::Verdict::NoEvidence,
        }
    }

    /// Whether any attempt lies where the ticket asks for one.
    fn any_in_view(&self) -> bool {
        let at = self.options.at.map(ticks);
        let near = |attempt: &Attempt| {
            let around = span_ticks(self.pack().ladder().thresholds.focus.around);
            at.is_none_or(|at| attempt.start - around <= at && at <= attempt.end + around)
        };
        self.scene.attempts.iter().any(|attempt| near(attempt) && in_view(attempt, self.options))
    }

    /// Whether the first cause is likely enough to be the verdict.
    pub(super) fn stands_out(&self, ranked: &RankedIncident) -> bool {
        let diagnosed = self.pack().ladder().ranking.diagnosed;
        ranked.ranking.causes.first().is_some_and(|first| first.probability >= diagnosed)
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
