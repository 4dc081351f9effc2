//! Notices: what the logs show beside the causes.

use crate::cases::incident::Incident;
use crate::diagnosis::assemble::assembly::Assembly;
use crate::diagnosis::result as view;
use crate::evidence::seen::{Seen, State};
use crate::world::machine::Machine;
use rdpwhy_rules::{Anchor, Finding, StageId};
use std::cmp::Reverse;
use std::collections::BTreeMap;

impl Assembly<'_> {
    pub(super) fn notices(&self) -> Vec<view::Notice> {
        let mut list = Vec::new();
        let mut incidents: BTreeMap<Machine, Vec<&Incident>> = BTreeMap::new();
        for ranked in self.ranked {
            incidents.entry(ranked.incident.machine).or_default().push(&ranked.incident);
        }
        for notice in self.pack().notices() {
            for machine in self.scene.timeline.machines.all() {
                for incident in self.scopes(&notice.when, machine, &incidents) {
                    let seen: Vec<Seen> =
                        notice.when.iter().map(|finding| self.scene.look(finding, &incident)).collect();
                    if seen.is_empty() || seen.iter().any(|seen| seen.state != State::Present) {
                        continue;
                    }
                    let telling = seen.iter().find(|seen| !seen.events.is_empty()).unwrap_or(&seen[0]);
                    // A machine at the other end of an attempt has its own say.
                    let of_machine = |event: &u32| self.scene.timeline.machine[*event as usize] == machine;
                    if !telling.events.is_empty() && !telling.events.iter().any(of_machine) {
                        continue;
                    }
                    list.push(view::Notice {
                        id: notice.id.clone(),
                        title: notice.title.clone(),
                        severity: notice.severity,
                        machine: self.machine(machine),
                        text: self.fill(&notice.text, telling),
                        so: notice.so.clone(),
                        count: telling.total.max(telling.count),
                        records: self.records(&telling.events),
                    });
                    break;
                }
            }
        }
        list.sort_by(|a, b| {
            (Reverse(a.severity), &a.id, &a.machine).cmp(&(Reverse(b.severity), &b.id, &b.machine))
        });
        list
    }

    /// Where a notice is looked for: near the failures if it speaks of them, else in all that the machine holds.
    fn scopes(
        &self,
        when: &[Finding],
        machine: Machine,
        incidents: &BTreeMap<Machine, Vec<&Incident>>,
    ) -> Vec<Incident> {
        let near_failures = when.iter().any(|finding| match finding {
            Finding::Signal { relation, .. } | Finding::Absent { relation, .. } => {
                relation.anchor != Anchor::AnyTime
            }
            Finding::Attempts(_) | Finding::Code(_) | Finding::Extended(_) => false,
        });
        if near_failures {
            return incidents
                .get(&machine)
                .into_iter()
                .flatten()
                .map(|incident| (*incident).clone())
                .collect();
        }
        let Some((start, end)) = self.scene.coverage.extent(machine) else { return Vec::new() };
        let own = self.scene.of_machine(machine).iter().map(|&index| index as usize);
        let failures = own.filter(|&index| self.scene.attempts[index].machine == machine).collect();
        vec![Incident {
            machine,
            failures,
            start,
            end,
            broke: (StageId::FIRST, self.pack().ladder().last_stage()),
            strangers: false,
        }]
    }
}
