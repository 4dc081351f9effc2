//! Logs worth adding: those that could change the ranking.

use crate::cases::incident::Incident;
use crate::diagnosis::assemble::assembly::Assembly;
use crate::diagnosis::assemble::figure::round;
use crate::diagnosis::result as view;
use crate::evidence::seen::State;
use crate::world::machine::Machine;
use rdpwhy_rules::finding::Finding;
use rdpwhy_rules::phrase::{Clause, End, Relation};
use rdpwhy_rules::{Collect, Side, SignalId};
use std::collections::{BTreeMap, BTreeSet};

impl Assembly<'_> {
    /// Logs that could change the ranking: evidence left unknown because a channel is missing, by what it could add.
    pub(super) fn collect(&self) -> Vec<view::Collect> {
        let mut wanted: BTreeMap<(String, Side), (f64, BTreeSet<String>)> = BTreeMap::new();
        let sent = self.sent_empty();
        for ranked in self.ranked {
            let machines = self.scene.machines(&ranked.incident);
            for cause in &ranked.ranking.causes {
                // How much there is to learn about it: most where it is as likely as not, little where the case is settled.
                let weight = cause.probability * (1.0 - cause.probability);
                let rule = self.pack().cause(cause.cause);
                for weighed in cause.weighed.iter().filter(|weighed| weighed.seen.state == State::Unknown) {
                    let Some(evidence) = weighed.rule().map(|index| &rule.evidence[index]) else {
                        continue;
                    };
                    let (Finding::Signal { signals, relation } | Finding::Absent { signals, relation }) =
                        &evidence.finding
                    else {
                        continue;
                    };
                    let uncovered = self.uncovered(signals, &ranked.incident, &machines);
                    for channel in
                        uncovered.into_iter().filter(|channel| !sent.contains(&channel.to_lowercase()))
                    {
                        let asked =
                            rule.collect.iter().find(|asked| asked.channel.eq_ignore_ascii_case(&channel));
                        let on = asked.and_then(|asked| Side::of(&asked.on)).filter(|_| !names_end(relation));
                        let on = on.unwrap_or_else(|| self.side_of(&channel, relation, &ranked.incident));
                        let entry = wanted.entry((channel, on)).or_default();
                        entry.0 += weight * evidence.ratio.ln();
                        entry.1.insert(rule.id.clone());
                    }
                }
            }
        }
        if self.ranked.is_empty() {
            self.basic_logs(&mut wanted);
            wanted.retain(|(channel, _), _| !sent.contains(&channel.to_lowercase()));
        }
        let mut list: Vec<view::Collect> = wanted
            .into_iter()
            .map(|((channel, on), (value, causes))| view::Collect {
                why: self.why(&channel, on),
                command: format!(
                    "wevtutil epl \"{channel}\" \"{}.evtx\" /ow:true",
                    channel.replace('/', "%4")
                ),
                channel,
                on,
                causes: causes.into_iter().collect(),
                value: round(value),
            })
            .collect();
        list.sort_by(|a, b| {
            b.value
                .total_cmp(&a.value)
                .then_with(|| a.channel.cmp(&b.channel))
                .then_with(|| a.on.as_str().cmp(b.on.as_str()))
        });
        list
    }

    /// Without failures: the channels that attempts are rebuilt from and that no log holds, by how many of the
    /// ladder's records stand in them.
    fn basic_logs(&self, wanted: &mut BTreeMap<(String, Side), (f64, BTreeSet<String>)>) {
        for record in &self.pack().ladder().records {
            let channel = self.pack().signal(record.signal).home_channel();
            if !self.scene.coverage.holds_anywhere(channel) && record.side != Side::Gateway {
                wanted.entry((channel.to_owned(), record.side)).or_default().0 += 1.0;
            }
        }
    }

    /// The channels, in lower case, whose logs were sent and have no record: asking for them again brings nothing.
    fn sent_empty(&self) -> BTreeSet<String> {
        let empty = self.reading.logs.iter().filter(|log| log.is_empty());
        empty.filter_map(|log| log.channel_of_name()).map(|channel| channel.to_lowercase()).collect()
    }

    fn uncovered(
        &self,
        signals: &[SignalId],
        incident: &Incident,
        machines: &BTreeSet<Machine>,
    ) -> BTreeSet<String> {
        let covered = |channel: &str| {
            machines
                .iter()
                .any(|machine| self.scene.coverage.covers(*machine, channel, incident.start, incident.end))
        };
        let channels = signals.iter().map(|signal| self.pack().signal(*signal).home_channel());
        channels.filter(|channel| !covered(channel)).map(str::to_owned).collect()
    }

    /// On which machine a missing channel would be found.
    fn side_of(&self, channel: &str, relation: &Relation<SignalId>, incident: &Incident) -> Side {
        for clause in &relation.clauses {
            match clause {
                Clause::On(End::Client) => return Side::Client,
                Clause::On(End::Host) => return Side::Host,
                _ => {}
            }
        }
        let ladder = self.pack().ladder();
        let of_ladder =
            ladder.records.iter().find(|record| self.pack().signal(record.signal).home_channel() == channel);
        let own = incident.failures.first().map_or(Side::Host, |&index| self.scene.attempts[index].side);
        let held = self.scene.coverage.holds(incident.machine, channel);
        match of_ladder {
            Some(record) => record.side,
            None if own == Side::Client && held => Side::Client,
            None => Side::Host,
        }
    }

    /// What the causes say about why to get a channel; the likeliest cause first.
    fn why(&self, channel: &str, on: Side) -> String {
        for ranked in self.ranked {
            for cause in &ranked.ranking.causes {
                let rule = self.pack().cause(cause.cause);
                let is_it = |collect: &&Collect| {
                    collect.channel.eq_ignore_ascii_case(channel)
                        && Side::of(&collect.on).is_none_or(|side| side == on)
                };
                if let Some(collect) = rule.collect.iter().find(is_it) {
                    return collect.why.clone();
                }
            }
        }
        if self.ranked.is_empty() {
            return format!("{}s leave their records there", self.pack().ladder().words.attempt);
        }
        "it would settle evidence that is unknown now".to_owned()
    }
}

/// Whether the relation says at which end of a connection its records are written.
fn names_end(relation: &Relation<SignalId>) -> bool {
    relation.clauses.iter().any(|clause| matches!(clause, Clause::On(_)))
}
