//! The stages, with the one at which it broke.

use super::page::{Page, heading};
use crate::words::ladder::{Ladder, Rung};
use crate::words::visible::{prose, value};
use maud::{Markup, html};
use rdpwhy_diagnose::diagnosis::Incident;

impl Page<'_> {
    /// The stages, with the one at which it broke.
    pub(super) fn ladder(&self, incident: &Incident) -> Markup {
        let Some(ladder) = Ladder::of(self.diagnosis, incident).filter(|ladder| !ladder.is_unknown()) else {
            return html! {};
        };
        html! {
            (heading(incident, "stages", "How far it got"))
            ol.ladder {
                @for (stage, rung) in ladder.rungs() {
                    li class=(class(rung)) {
                        span.mark aria-hidden="true" { (rung.mark()) }
                        span.stage { (value(&stage.id)) }
                        span.state { (rung.word()) }
                        span.soft.means { (prose(&stage.title)) }
                    }
                }
            }
            @if !ladder.is_sure() { p.note { "The " (self.diagnosis.words.connection) " failed at one of the stages marked with a question mark." } }
        }
    }
}

fn class(rung: Rung) -> &'static str {
    match rung {
        Rung::Passed => "passed",
        Rung::Broke => "broke",
        Rung::Perhaps => "maybe",
        Rung::Ahead => "ahead",
    }
}
