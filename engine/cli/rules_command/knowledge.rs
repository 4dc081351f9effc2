//! What the rules rest on: the pages of all sources and of all records that signals recognize.

use crate::page::{Page, Words};
use rdpwhy_rules::{Basis, Pack, Signal, Source};
use std::collections::BTreeMap;

/// The page of all sources.
pub(super) fn sources(pack: &Pack) -> Page {
    let mut page = Page::default();
    page.heading(1, "Sources");
    page.text(
        "Every document, public log and report that the rules refer to, by the ID that they use. Addresses are those of the \
         publisher where one is known. `rdpwhy rules show ID` says which rules use a source.",
    );
    let row = |source: &Source| {
        let title = match source.url.as_deref().filter(|url| url.starts_with("https://")) {
            Some(url) => Words::link(source.title.as_str(), url),
            None => source.title.as_str().into(),
        };
        vec![
            Words::code(source.id.as_str()),
            title,
            source.publisher.as_str().into(),
            source.date.as_deref().unwrap_or("").into(),
            source.note.as_deref().unwrap_or("").into(),
        ]
    };
    page.table(vec!["ID", "Title", "Publisher", "Date", "Note"], pack.sources().iter().map(row).collect());
    page
}

/// The page of all records that signals recognize, by channel: when each is written, and where it has been seen.
pub(super) fn signals(pack: &Pack) -> Page {
    let mut page = Page::default();
    page.heading(1, "Records that the rules recognize");
    page.text(
        "One signal recognizes one kind of record. For each: what the log shows, when Windows writes it and when not, and \
         where such a record has been seen. \"Not seen\" means that the rule rests on documents alone; evidence from such a record \
         weighs little.",
    );
    let mut channels: BTreeMap<&str, Vec<&Signal>> = BTreeMap::new();
    for signal in pack.signals() {
        channels
            .entry(signal.log_source.channels.first().map_or("any log", String::as_str))
            .or_default()
            .push(signal);
    }
    for (channel, signals) in channels {
        page.heading(2, channel);
        page.table(
            vec!["Signal", "What the log shows", "Notes", "Seen"],
            signals.into_iter().map(|s| row(pack, s)).collect(),
        );
    }
    page
}

fn row(pack: &Pack, signal: &Signal) -> Vec<Words> {
    let seen: Vec<String> = signal.seen.iter().map(|of| pack.sources().cite(of)).collect();
    let seen = match (seen.is_empty(), signal.status.as_deref()) {
        (false, _) => seen.join("; "),
        (true, Some("experimental")) => "Not seen.".to_owned(),
        (true, _) => String::new(),
    };
    vec![
        Words::code(signal.name.as_str()),
        signal.title.as_str().into(),
        signal.description.as_deref().unwrap_or("").into(),
        seen.into(),
    ]
}

/// The rules that refer to a source.
pub(super) fn users(pack: &Pack, id: &str) -> Vec<String> {
    let is_it = |reference: &String| pack.sources().find(reference).is_some_and(|source| source.id == id);
    let mut users = Vec::new();
    for cause in pack.causes() {
        let bases =
            cause.evidence.iter().map(|piece| &piece.basis).chain(cause.fix.iter().map(|fix| &fix.basis));
        let mut based = bases.filter_map(|basis| match basis {
            Basis::Source(sources) => Some(sources),
            _ => None,
        });
        if cause.references.iter().any(is_it) || based.any(|sources| sources.iter().any(is_it)) {
            users.push(cause.id.clone());
        }
    }
    let of = |list: &[String]| list.iter().any(is_it);
    users.extend(pack.signals().iter().filter(|s| of(&s.references) || of(&s.seen)).map(|s| s.name.clone()));
    users.extend(pack.steps().iter().filter(|step| of(&step.sources)).map(|step| step.id.clone()));
    users.extend(pack.checks().iter().filter(|check| of(&check.sources)).map(|check| check.id.clone()));
    users.extend(pack.codes().iter().filter(|table| of(&table.references)).map(|table| table.id.clone()));
    users
}
