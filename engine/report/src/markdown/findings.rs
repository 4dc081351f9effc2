//! Findings beside the causes: what to get, notices, failures put aside, leads, and what could not be read.

use super::list::counted;
use super::paper::{code, plain, said};
use super::report::Report;
use crate::outline::Section;
use crate::words::figure::{count, several};
use crate::words::finding::{findings, lasted, lift};
use crate::words::list::telling;
use crate::words::ticket;
use crate::words::visible::{prose, value};
use rdpwhy_diagnose::diagnosis::Notice;

impl Report<'_> {
    pub(super) fn collect(&mut self) {
        let diagnosis = self.diagnosis;
        self.heading(Section::Collect);
        let told = self.limits.wanted;
        let items = diagnosis.collect.iter().take(told).map(|wanted| {
            let (channel, on) = (code(&value(&wanted.channel)), self.diagnosis.words.side(wanted.on));
            format!("{channel} on the {on} · {}", plain(&prose(&wanted.why)))
        });
        self.paper.items(items.collect::<Vec<_>>());
        let commands: Vec<&str> =
            diagnosis.collect.iter().take(told).map(|wanted| wanted.command.trim_end()).collect();
        let commands = commands.join("\n");
        if !commands.trim().is_empty() {
            self.paper.commands(&commands);
        }
    }

    pub(super) fn notices(&mut self) {
        self.heading(Section::Notices);
        let items: Vec<String> = findings(self.diagnosis).iter().map(|alike| self.finding(alike)).collect();
        self.paper.items(items);
    }

    pub(super) fn conditions(&mut self) {
        let diagnosis = self.diagnosis;
        self.heading(Section::Conditions);
        let told = self.limits.conditions;
        let items = diagnosis.conditions.iter().take(told).map(|condition| {
            let mut facts = vec![
                code(&self.places.machine(&condition.machine)),
                said(&value(&condition.title)),
                lasted(condition, &self.clock),
            ];
            facts.extend(condition.records.first().map(|record| self.record(record)));
            facts.join(" · ")
        });
        self.paper.items(items.collect::<Vec<_>>());
        self.untold(diagnosis.conditions.len(), told, "span");
    }

    fn finding(&self, alike: &[&Notice]) -> String {
        let first = alike[0];
        let title = format!("**{}:** {}", first.severity, said(&value(&first.title)));
        let told = self.limits.machines_of_notice.min(alike.len());
        let mut facts = vec![title];
        for notice in &alike[..told] {
            facts.push(format!(
                "{}: {}",
                code(&self.places.machine(&notice.machine)),
                said(&value(&notice.text))
            ));
            facts.extend(
                notice.records.iter().take(self.limits.records_of_notice).map(|record| self.record(record)),
            );
            if notice.count > 1 {
                facts.push(ticket::several_records(notice.count as u64));
            }
        }
        if alike.len() > told {
            facts.push(format!("… and on {}", several(alike.len() - told, "more machine")));
        }
        if !first.so.trim().is_empty() {
            facts.push(plain(&prose(&first.so)));
        }
        facts.join(" · ")
    }

    pub(super) fn background(&mut self) {
        let Some(background) = &self.diagnosis.background else { return };
        self.heading(Section::Background);
        let span = self.clock.span(background.started, background.ended);
        let from = counted(&background.sources, background.source_count, self.limits.people_aside);
        let from = from.map(|text| format!(" · from {text}")).unwrap_or_default();
        let failures = several(background.failures, "failed attempt");
        self.paper.paragraph(&format!("{failures} from unrelated sources or users · {span}{from}"));
    }

    pub(super) fn older(&mut self) {
        let Some(older) = &self.diagnosis.older else { return };
        self.heading(Section::Older);
        let span = self.clock.span(older.first, older.last);
        let from = counted(&older.sources, older.source_count, self.limits.people_aside);
        let from = from.map(|text| format!(" · from {text}")).unwrap_or_default();
        self.paper.paragraph(&format!("{} · {span}{from}", several(older.records, "older record")));
        self.paper.items(older.shown.iter().take(self.limits.people_aside).map(telling).collect::<Vec<_>>());
    }

    pub(super) fn leads(&mut self) {
        let diagnosis = self.diagnosis;
        self.heading(Section::Leads);
        let told = self.limits.leads;
        let items = diagnosis.leads.iter().take(told).map(|lead| {
            format!(
                "event {} of {} in {} on {} · {} of {} fell into minutes with failures, {}",
                lead.event_id,
                code(&value(&lead.provider)),
                code(&value(&lead.channel)),
                code(&value(&lead.machine)),
                count(lead.near),
                count(lead.total),
                lift(lead)
            )
        });
        self.paper.items(items.collect::<Vec<_>>());
    }

    pub(super) fn warnings(&mut self) {
        let diagnosis = self.diagnosis;
        self.heading(Section::Warnings);
        let told = self.limits.warnings;
        let items = diagnosis.warnings.iter().take(told).map(|warning| {
            let help = warning.help().map(|help| format!(" · help: {}", said(&value(help))));
            format!("{}{}", said(&value(&warning.matter())), help.unwrap_or_default())
        });
        self.paper.items(items.collect::<Vec<_>>());
        self.untold(diagnosis.warnings.len(), told, "warning");
    }
}
