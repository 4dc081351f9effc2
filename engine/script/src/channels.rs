//! Which logs of a machine the rules read.

use rdpwhy_rules::finding::Finding;
use rdpwhy_rules::phrase::{Clause, Relation};
use rdpwhy_rules::{Pack, Side, SignalId};
use std::collections::{BTreeMap, BTreeSet};

/// The channels to collect on a side, in the order of the alphabet.
///
/// Those of the records that make up attempts on that side, those that causes ask to collect there, and those of evidence
/// of which no rule says on which side it is written.
pub(crate) fn channels(pack: &Pack, side: Side) -> Vec<String> {
    let mut sides: BTreeMap<String, BTreeSet<Side>> = BTreeMap::new();
    let known: BTreeSet<&str> =
        pack.signals().iter().flat_map(|signal| &signal.log_source.channels).map(String::as_str).collect();
    for record in &pack.ladder().records {
        for channel in of(pack, record.signal) {
            sides.entry(channel.to_owned()).or_default().insert(record.side);
        }
    }
    for cause in pack.causes() {
        for wanted in cause.collect.iter().filter(|wanted| known.contains(wanted.channel.as_str())) {
            let named = [Side::Host, Side::Client, Side::Gateway];
            let named = named.into_iter().filter(|side| wanted.on.contains(side.as_str()));
            sides.entry(wanted.channel.clone()).or_default().extend(named);
        }
    }
    for signal in cited(pack) {
        for channel in of(pack, signal) {
            let both = [Side::Host, Side::Client];
            sides.entry(channel.to_owned()).or_insert_with(|| both.into_iter().collect());
        }
    }
    sides.into_iter().filter(|(_, on)| on.contains(&side)).map(|(channel, _)| channel).collect()
}

fn of(pack: &Pack, signal: SignalId) -> impl Iterator<Item = &str> {
    pack.signal(signal).signal.log_source.channels.iter().map(String::as_str)
}

/// The signals that evidence names.
fn cited(pack: &Pack) -> BTreeSet<SignalId> {
    let mut cited = BTreeSet::new();
    for evidence in pack.causes().iter().flat_map(|cause| &cause.evidence) {
        if let Finding::Signal { signals, relation } | Finding::Absent { signals, relation } =
            &evidence.finding
        {
            cited.extend(signals.iter().copied());
            in_between(relation, &mut cited);
        }
    }
    cited
}

fn in_between(relation: &Relation<SignalId>, cited: &mut BTreeSet<SignalId>) {
    for clause in &relation.clauses {
        match clause {
            Clause::WithNo(signals) => cited.extend(signals.iter().copied()),
            Clause::Neighbour { signal, .. } => {
                cited.insert(*signal);
            }
            _ => {}
        }
    }
}
