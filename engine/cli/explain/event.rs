//! Events: which signals look at records with an event ID, and what uses those.

use super::question::is_called;
use rdpwhy_rules::{Pack, SignalId};
use std::collections::BTreeMap;

/// An event ID with what is known about its records.
pub(super) struct Event<'p> {
    pub(super) id: u32,
    /// The provider as it was asked for.
    pub(super) provider: Option<String>,
    /// By where its records are, in order.
    pub(super) origins: Vec<Origin<'p>>,
    /// Where nothing is known of that provider: what else has this ID, which the answer is then about.
    pub(super) others: Vec<String>,
    /// The answer is about those.
    pub(super) elsewhere: bool,
}

/// Records of one provider, or of one channel.
pub(super) struct Origin<'p> {
    /// Channel, with the provider where the channel is shared.
    pub(super) title: String,
    pub(super) signals: Vec<SignalId>,
    /// The message that Windows shows for it, in English, where it is known.
    pub(super) message: Option<&'p str>,
}

impl<'p> Event<'p> {
    pub(super) fn new(pack: &'p Pack, id: u32, asked: Option<&str>) -> Event<'p> {
        let event = Event::of(pack, id, asked);
        // `TermService 7031`: what stands before the ID may be a service that the record is about.
        let is_service = asked.is_some_and(|asked| !is_provider(pack, asked));
        if is_service && !event.is_known() && !event.others.is_empty() {
            let Event { provider, others, .. } = event;
            return Event { provider, others, elsewhere: true, ..Event::of(pack, id, None) };
        }
        event
    }

    fn of(pack: &'p Pack, id: u32, asked: Option<&str>) -> Event<'p> {
        let mut groups: BTreeMap<String, Origin<'p>> = BTreeMap::new();
        let mut others = Vec::new();
        for (signal, provider) in pack.signals_of_event(id) {
            let view = pack.signal(signal);
            let title = title(pack, view.home_channel(), provider);
            let channels = &view.signal.log_source.channels;
            if asked.is_some_and(|asked| !is_called(asked, provider, channels)) {
                others.push(title);
                continue;
            }
            let group = groups.entry(title.clone()).or_insert_with(|| Origin {
                title,
                signals: Vec::new(),
                message: provider.and_then(|provider| message(pack, provider, id)),
            });
            group.signals.push(signal);
        }
        others.sort_unstable();
        others.dedup();
        Event {
            id,
            provider: asked.map(rdpwhy_report::visible),
            origins: groups.into_values().collect(),
            others,
            elsewhere: false,
        }
    }

    pub(super) fn is_known(&self) -> bool {
        !self.origins.is_empty() && !self.elsewhere
    }
}

/// Whether the word is part of the name of a provider or channel that any rule or table of codes knows.
fn is_provider(pack: &Pack, word: &str) -> bool {
    let mut channels = pack.signals().iter().map(|signal| &signal.log_source.channels);
    let mut fields = pack.codes().iter().flat_map(|table| &table.fields);
    channels.any(|channels| is_called(word, None, channels))
        || fields.any(|field| is_called(word, Some(&field.provider), &[]))
}

/// `System, provider Schannel`; a channel of one provider says it all.
fn title(pack: &Pack, channel: &str, provider: Option<&str>) -> String {
    let own = |provider: &str| channel.to_lowercase().starts_with(provider);
    match provider {
        Some(provider) if channel.is_empty() => format!("provider {}", spelled(pack, provider)),
        Some(provider) if !own(provider) => format!("{channel}, provider {}", spelled(pack, provider)),
        _ => channel.to_owned(),
    }
}

/// A provider's name, which rules are compared by in lower case, as the tables of codes or else as names are written.
fn spelled(pack: &Pack, provider: &str) -> String {
    let mut fields = pack.codes().iter().flat_map(|table| &table.fields);
    if let Some(field) = fields.find(|field| field.provider.to_lowercase() == provider) {
        return field.provider.clone();
    }
    let mut starts = true;
    let mut letter = |letter: char| {
        let upper = std::mem::replace(&mut starts, !letter.is_alphanumeric());
        if upper { letter.to_ascii_uppercase() } else { letter }
    };
    provider.chars().map(&mut letter).collect()
}

/// The first line of the message, where it has no values.
fn message<'p>(pack: &'p Pack, provider: &str, id: u32) -> Option<&'p str> {
    let wording = rdpwhy_event::Wants::wording(pack)?;
    let text = wording.messages(provider, id).first()?.texts.first()?;
    let line = text.lines().next()?.trim().trim_end_matches(':');
    (!line.is_empty() && !line.contains('%')).then_some(line)
}
