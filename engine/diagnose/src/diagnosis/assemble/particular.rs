//! What a cause looks like in this incident: its variant, and commands with the names that are known.

use crate::diagnosis::assemble::assembly::Assembly;
use crate::diagnosis::result::{self as view, Sentence};
use crate::evidence::seen::{Seen, State};
use crate::ranking::ranked::RankedIncident;
use crate::ranking::weighed::Ranked;
use rdpwhy_rules::placeholder::{self, is_safe, placeholders};
use rdpwhy_rules::{Cause, Cost, Fix, Side, SignalId, Step, Variant};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// Names for placeholders of commands.
pub(super) type Known<'p> = BTreeMap<&'p str, String>;

/// What all failures of an incident have in common, as far as they tell it.
pub(super) struct Common {
    user: Option<String>,
    source: Option<String>,
    /// The host's name, or the one that clients were told.
    host: Option<String>,
}

/// A variant that shows, and the record by which it does.
#[derive(Clone, Copy)]
pub(super) struct Particular<'p> {
    pub(super) variant: &'p Variant,
    event: u32,
}

impl Assembly<'_> {
    /// The first variant of the cause that the records of its evidence show.
    pub(super) fn particular<'p>(&'p self, cause: &'p Cause, ranked: &Ranked) -> Option<Particular<'p>> {
        cause.variants.iter().find_map(|variant| {
            let event = self.records_of(ranked, &variant.signals).find(|&event| self.fits(variant, event))?;
            Some(Particular { variant, event })
        })
    }

    /// The records among the evidence seen that one of these signals recognizes.
    fn records_of<'r>(
        &'r self,
        ranked: &'r Ranked,
        signals: &'r [SignalId],
    ) -> impl Iterator<Item = u32> + 'r {
        let seen = ranked.weighed.iter().filter(|w| w.rule().is_some() && w.seen.state == State::Present);
        seen.flat_map(|weighed| weighed.seen.events.iter().copied())
            .filter(|&event| self.scene.timeline.signals(event).any(|signal| signals.contains(&signal)))
    }

    /// Whether the record has the values that the variant asks for. `A|B` is either field.
    fn fits(&self, variant: &Variant, event: u32) -> bool {
        let event = &self.scene.timeline.events[event as usize];
        variant.fields.iter().all(|(names, values)| {
            let found = names.split('|').filter_map(|name| event.field(name.trim()));
            let mut found = found.map(str::trim);
            found.any(|found| values.iter().any(|value| value.eq_ignore_ascii_case(found)))
        })
    }

    /// What the variant says, with the values of its record.
    pub(super) fn says(&self, particular: Particular<'_>) -> Sentence {
        let seen = Seen {
            state: State::Present,
            count: 1,
            of: 1,
            events: vec![particular.event],
            ..Seen::nothing()
        };
        self.fill(&particular.variant.says, &seen)
    }

    /// The steps in working order: read-only ones first, what weakens security last, whatever the rule's order.
    pub(super) fn fix(
        &self,
        cause: &Cause,
        particular: Option<Particular<'_>>,
        known: &Known<'_>,
    ) -> Vec<view::Step> {
        let variant = particular.map(|particular| particular.variant);
        let first: &[Fix] = variant.map_or(&[], |variant| &variant.first);
        let is_first = |fix: &Fix| first.iter().any(|other| other.step == fix.step);
        let is_out = |fix: &Fix| variant.is_some_and(|variant| variant.without.contains(&fix.step));
        let rest = cause.fix.iter().filter(|fix| !is_first(fix) && !is_out(fix));
        let mut steps: Vec<(&Step, &Fix)> =
            first.iter().chain(rest).map(|fix| (self.pack().step(fix.step), fix)).collect();
        steps.sort_by_key(|(step, _)| match step.cost {
            Cost::ReadOnly => 0,
            Cost::Weakens => 2,
            _ => 1,
        });
        steps.into_iter().map(|(step, fix)| step_view(step, fix, known)).collect()
    }

    /// What all failures of the incident have in common.
    pub(super) fn common(&self, ranked: &RankedIncident) -> Common {
        let incident = &ranked.incident;
        let failures = incident.failures.iter().map(|&index| &self.scene.attempts[index]);
        let seen_from_host = failures.clone().next().is_none_or(|first| first.side == Side::Host);
        let host = if seen_from_host {
            Some(self.machine(incident.machine))
        } else {
            only(failures.clone().filter_map(|attempt| attempt.target.as_deref()))
        };
        Common {
            user: only(failures.clone().filter_map(|attempt| attempt.user.as_deref())),
            source: only(failures.filter_map(|attempt| attempt.source())),
            host,
        }
    }

    /// What placeholders of commands stand for in this incident.
    pub(super) fn known<'p>(&self, cause: &'p Cause, common: &Common, ranked: &Ranked) -> Known<'p> {
        let mut known = Known::new();
        if let Some(user) = &common.user {
            let (domain, account) = user.split_once('\\').unwrap_or(("", user));
            let account = account.split('@').next().unwrap_or_default().to_owned();
            put(&mut known, placeholder::DOMAIN, domain.to_owned());
            // An account is part of paths in commands, so it is one plain name or nothing.
            if !account.contains('\\') {
                put(&mut known, placeholder::ACCOUNT, account);
            }
            put(&mut known, placeholder::USER, user.clone());
        }
        if let Some(source) = &common.source {
            put(&mut known, placeholder::CLIENTADDRESS, source.clone());
        }
        common.host.iter().for_each(|name| host(&mut known, name));
        for fill in &cause.fill {
            let mut events = self.records_of(ranked, &fill.signals);
            let value =
                events.find_map(|event| self.scene.timeline.events[event as usize].field(&fill.field));
            put(&mut known, &fill.name, value.unwrap_or_default().trim().to_owned());
        }
        known
    }
}

/// The value, if there is no other.
fn only<'v>(mut values: impl Iterator<Item = &'v str>) -> Option<String> {
    let first = values.next()?;
    values.all(|other| other == first).then(|| first.to_owned())
}

/// The host's names.
fn host(known: &mut Known<'_>, name: &str) {
    // A target may name a port as well.
    let name = match name.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') && port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => name,
    };
    put(known, placeholder::HOST, name.to_owned());
    if name.parse::<IpAddr>().is_err() {
        let short = name.split('.').next().unwrap_or_default();
        put(known, placeholder::SHORTNAME, short.to_owned());
        if name.contains('.') {
            put(known, placeholder::FQDN, name.to_owned());
        }
    }
}

/// Keeps a name that may safely stand in a command.
fn put<'p>(known: &mut Known<'p>, name: &'p str, value: String) {
    if is_safe(&value) {
        known.entry(name).or_insert(value);
    }
}

/// The command with what is known in place of its placeholders; the others stay open.
fn filled(command: &str, known: &Known<'_>) -> Sentence {
    let mut text = Sentence::default();
    let mut done = 0;
    for open in placeholders(command).into_iter().filter(|open| open.quoted) {
        let Some(value) = known.get(open.name) else { continue };
        text.say(&command[done..open.range.start]);
        text.quote(value);
        done = open.range.end;
    }
    text.say(&command[done..]);
    text
}

fn step_view(step: &Step, fix: &Fix, known: &Known<'_>) -> view::Step {
    let fill = |command: &Option<String>| command.as_deref().map(|command| filled(command, known));
    view::Step {
        step: step.id.clone(),
        do_: step.do_.clone(),
        where_: step.where_.clone(),
        run: fill(&step.run),
        changes: step.changes.clone(),
        cost: step.cost,
        risk: step.risk,
        side_effects: step.side_effects.clone(),
        undo: step.undo.clone(),
        undo_run: fill(&step.undo_run),
        verify: step.verify.clone(),
        helps: fix.helps,
        basis: if fix.helps > 0.0 { fix.basis.to_string() } else { String::new() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_names_are_filled_in_and_others_stay_open() {
        let mut known = Known::new();
        host(&mut known, "SRV-RDS01.contoso.local:3390");
        put(&mut known, placeholder::ACCOUNT, "anna'; Remove-Item C:".to_owned());
        let text =
            filled("mstsc '/v:<HOST>'\nping '<SHORTNAME>' <HOST>\nnet user '<ACCOUNT>' '<RULE>'", &known);
        assert_eq!(
            text.as_str(),
            "mstsc '/v:SRV-RDS01.contoso.local'\nping 'SRV-RDS01' <HOST>\nnet user '<ACCOUNT>' '<RULE>'"
        );
        assert_eq!(text.values().collect::<Vec<_>>(), ["SRV-RDS01.contoso.local", "SRV-RDS01"]);
    }
}
