//! Notices: what the logs show beside the causes.

use crate::cases::incident::Incident;
use crate::diagnosis::assemble::assembly::Assembly;
use crate::diagnosis::result as view;
use crate::evidence::inquiry::Inquiry;
use crate::evidence::seen::{Seen, State};
use crate::world::machine::Machine;
use rdpwhy_rules::finding::Finding;
use rdpwhy_rules::phrase::Anchor;
use rdpwhy_rules::{Notice, Side, StageId};
use std::cmp::Reverse;
use std::collections::BTreeMap;

impl Assembly<'_> {
    pub(super) fn notices(&self) -> Vec<view::Notice> {
        let mut list = Vec::new();
        let mut incidents: BTreeMap<Machine, Vec<&Incident>> = BTreeMap::new();
        for ranked in self.ranked {
            incidents.entry(ranked.incident.machine).or_default().push(&ranked.incident);
        }
        for machine in self.scene.timeline.machines.all() {
            let near = incidents.get(&machine).into_iter().flatten();
            let near: Vec<Inquiry<'_>> = near.map(|incident| Inquiry::new(self.scene, incident)).collect();
            let whole = self.whole(machine);
            let whole: Vec<Inquiry<'_>> =
                whole.iter().map(|incident| Inquiry::new(self.scene, incident)).collect();
            for notice in self.pack().notices() {
                let scopes = if speaks_of_failures(&notice.when) { &near } else { &whole };
                list.extend(scopes.iter().find_map(|scope| self.notice(notice, scope, machine)));
            }
        }
        list.sort_by(|a, b| {
            (Reverse(a.severity), &a.id, &a.machine).cmp(&(Reverse(b.severity), &b.id, &b.machine))
        });
        list
    }

    /// The notice, if all of its findings hold there.
    fn notice(&self, notice: &Notice, scope: &Inquiry<'_>, machine: Machine) -> Option<view::Notice> {
        let mut seen: Vec<Seen> = Vec::with_capacity(notice.when.len());
        for finding in &notice.when {
            seen.push(scope.look(finding));
            seen.last().filter(|seen| seen.state == State::Present)?;
        }
        let telling = seen.iter().find(|seen| !seen.events.is_empty()).or(seen.first())?;
        // A machine at the other end of an attempt has its own say.
        let of_machine = |event: &u32| self.scene.timeline.machine[*event as usize] == machine;
        if !telling.events.is_empty() && !telling.events.iter().any(of_machine) {
            return None;
        }
        Some(view::Notice {
            id: notice.id.clone(),
            title: notice.title.clone(),
            severity: notice.severity,
            machine: self.machine(machine),
            text: self.fill(&notice.text, telling),
            so: notice.so.clone(),
            count: telling.total.max(telling.count),
            records: self.records(&telling.events),
        })
    }

    /// All that the machine holds, as one incident.
    fn whole(&self, machine: Machine) -> Option<Incident> {
        let (start, end) = self.scene.coverage.extent(machine)?;
        let own = self.scene.of_machine(machine).iter().map(|&index| index as usize);
        let failures = own.filter(|&index| self.scene.attempts[index].machine == machine).collect();
        let broke = (StageId::FIRST, self.pack().ladder().last_stage());
        Some(Incident { machine, side: Side::Host, failures, start, end, broke, strangers: false })
    }
}

/// Whether a notice is looked for near the failures, and not in all that the machine holds.
fn speaks_of_failures(when: &[Finding]) -> bool {
    when.iter().any(|finding| match finding {
        Finding::Signal { relation, .. } | Finding::Absent { relation, .. } => {
            relation.anchor != Anchor::AnyTime
        }
        Finding::Attempts(_) | Finding::Code(_) | Finding::Extended(_) => false,
    })
}
