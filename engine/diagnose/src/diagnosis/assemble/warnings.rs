//! Warnings: what could not be read, and what the diagnosis rests on beside the records.

use crate::attempts::attempt::{Attempt, Outcome};
use crate::cases::focus::{focus, outside};
use crate::diagnosis::assemble::assembly::Assembly;
use crate::diagnosis::assemble::figure::frequent;
use crate::diagnosis::result::{Sentence, Warning};
use crate::options::Options;
use crate::world::address::user_key;
use crate::world::identity::Why;
use crate::world::tick::ticks;
use rdpwhy_rules::ladder::Role;

/// So many names are offered for one that no attempt has.
const NAMED: usize = 5;

impl Assembly<'_> {
    /// What could not be read, and what the diagnosis rests on beside the records.
    pub(super) fn warnings(&self) -> Vec<Warning> {
        let of_inputs = self.reading.warnings.iter().cloned().map(Warning::Input);
        of_inputs.chain(self.basis().into_iter().map(Warning::Basis)).collect()
    }

    /// What the diagnosis rests on beside the records.
    fn basis(&self) -> Vec<Sentence> {
        let mut warnings: Vec<Sentence> = Vec::new();
        let open = |index: &usize| self.scene.attempts[*index].outcome == Outcome::Unknown;
        if self.ranked.iter().any(|ranked| ranked.incident.failures.iter().any(open)) {
            warnings.push(
                "the logs do not show how some attempts ended; they are taken for failures because of the ticket or the \
                 evidence"
                    .into(),
            );
        }
        if let Some(at) = self.options.at.filter(|at| {
            outside(
                &self.scene.timeline.machines,
                self.scene.coverage,
                ticks(*at),
                &self.pack().ladder().thresholds.focus,
            )
        }) {
            warnings.push(format!(
                "these logs contain nothing from around {at}: add logs that reach back to it, if there are any"
            ).into());
        }
        warnings.extend(self.unmatched());
        if self.ranked.iter().any(|ranked| ranked.assumed) {
            let what = &self.pack().ladder().words.attempt;
            let text = if self.scene.attempts.is_empty() {
                format!("no {what} is in these logs; the diagnosis rests on records that point to a fault")
            } else if self.scene.attempts.iter().any(|attempt| attempt.is_failure() || attempt.dropped) {
                format!(
                    "part of the diagnosis rests on other records and on the ticket, not on a failed {what}"
                )
            } else {
                format!(
                    "none of the {what}s in these logs failed; the diagnosis rests on other records and on the ticket"
                )
            };
            warnings.push(text.into());
        }
        warnings.extend(self.shortened().map(Sentence::from));
        warnings.extend(self.other_names());
        warnings
    }

    /// How many incidents are kept without their evidence.
    fn shortened(&self) -> Option<String> {
        let brief = self.ranked.iter().filter(|ranked| ranked.brief).count();
        let all = self.ranked.len();
        (brief > 0).then(|| {
            format!(
                "there are {all} incidents; the first {} are explained with all evidence, the other {brief} are kept with their first \
                 causes only: narrow the case with --user, --source, --target, --since or --until to explain those",
                all - brief
            )
        })
    }

    /// Which names were taken to be one machine's, and why.
    fn other_names(&self) -> Vec<Sentence> {
        let machines = &self.scene.timeline.machines;
        let of = |machine| machines.aliases(machine).iter().map(move |alias| (machine, alias));
        let said = machines.all().flat_map(of).map(|(machine, alias)| {
            let why = match alias.why {
                Why::Domain => "one name is the other without its domain",
                Why::Renamed(_) => "a record says that it was renamed",
            };
            let mut said = Sentence::default();
            said.quote(&alias.name);
            said.say(" and ");
            said.quote(machines.name(machine));
            said.say(&format!(" are taken to be one machine: {why}"));
            said
        });
        said.collect()
    }

    /// Whom and what the ticket names and no attempt in these logs has, with what they have instead.
    fn unmatched(&self) -> Vec<Sentence> {
        let machines = &self.scene.timeline.machines;
        if self.scene.attempts.iter().any(|attempt| focus(attempt, self.options, machines) == Some(true)) {
            return Vec::new();
        }
        let Options { user, source, target, .. } = self.options;
        // Records that no attempt has may name the user.
        let user = user.as_deref().filter(|asked| !self.names(asked));
        let user = user.map(|asked| self.nobody("user", asked, |attempt| attempt.user.as_deref()));
        let source = source.as_deref().map(|asked| self.nobody("source", asked, Attempt::source));
        let target = target.as_deref().map(|asked| {
            self.nobody("target", asked, |attempt| {
                attempt.target.as_deref().or(Some(machines.name(attempt.machine)))
            })
        });
        user.into_iter().chain(source).chain(target).collect()
    }

    /// Whether any record names that user.
    fn names(&self, user: &str) -> bool {
        let (timeline, wanted) = (self.scene.timeline, user_key(user));
        let count = u32::try_from(timeline.events.len()).unwrap_or(u32::MAX);
        (0..count).any(|event| timeline.role(event, Role::User).is_some_and(|own| user_key(own) == wanted))
    }

    /// No attempt has what is asked for; `of` is what an attempt has in its place.
    fn nobody<'s>(
        &'s self,
        what: &str,
        asked: &str,
        of: impl Fn(&'s Attempt) -> Option<&'s str>,
    ) -> Sentence {
        let seen = frequent(self.scene.attempts.iter().filter_map(of));
        let mut said = Sentence::default();
        said.say(&format!("no attempt in these logs has the {what} `"));
        said.quote(asked);
        said.say("`; most frequent in them: ");
        if seen.is_empty() {
            said.say("none is named");
        }
        for (place, (value, _)) in seen.iter().take(NAMED).enumerate() {
            said.say(if place > 0 { ", " } else { "" });
            said.quote(value);
        }
        said
    }
}
