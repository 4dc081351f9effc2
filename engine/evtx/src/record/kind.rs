//! What a record is: who wrote which event where.

use std::sync::Arc;

use rdpwhy_event::{Event, Heading, Names, Payload, Wants};

use crate::plan::sighting::{SightId, Sighting};
use crate::plan::system_plan::System;
use rdpwhy_event::hash::HashMap;

/// Kinds and texts known at most before [`Kinds::trim`] forgets them all. Real logs have some thousands.
const MAX_KNOWN: usize = 1 << 16;

/// Kinds among those met last.
const RECENT: usize = 256;

/// Computer, channel, provider and event id.
type Key = (Text, Text, Text, u32);

/// Records of one provider, event id, channel and computer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind {
    /// The computer.
    pub computer: Arc<str>,
    /// The channel.
    pub channel: Arc<str>,
    /// The provider.
    pub provider: Arc<str>,
    /// The event ID.
    pub event_id: u32,
}

/// The number of a text in [`Kinds`].
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Text(u32);

/// The number of a kind in [`Kinds`].
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct KindId(usize);

/// The kinds a worker has met, and whether each is wanted: asked once per kind, not once per record.
pub(crate) struct Kinds<'w> {
    wants: &'w dyn Wants,
    texts: HashMap<Arc<str>, Text>,
    by_text: Vec<Arc<str>>,
    ids: HashMap<Key, KindId>,
    /// The kinds met last, by event id: a look here is cheaper than one into the map.
    recent: Vec<Option<(Key, KindId)>>,
    kinds: Vec<(Arc<Kind>, Option<SightId>)>,
    /// How to look at the wanted kinds: whatever the computer.
    sights: Vec<Sighting<'w>>,
    /// Which sight is that of a channel, provider and event id; `None`: they are not wanted.
    sight_ids: HashMap<(Text, Text, u32), Option<SightId>>,
    /// The heading last made of a kind, by its number.
    headings: Vec<Option<(KindId, Arc<Heading>)>>,
}

impl<'w> Kinds<'w> {
    pub(crate) fn new(wants: &'w dyn Wants) -> Kinds<'w> {
        let (texts, by_text, ids, kinds) = Default::default();
        let (sights, sight_ids) = Default::default();
        let (recent, headings) = (vec![None; RECENT], vec![None; RECENT]);
        Kinds { wants, texts, by_text, ids, recent, kinds, sights, sight_ids, headings }
    }

    /// Forgets everything when there is too much of it; whether it did. Only between chunks: it makes all numbers
    /// void.
    pub(crate) fn trim(&mut self) -> bool {
        let too_much = self.kinds.len() > MAX_KNOWN || self.by_text.len() > MAX_KNOWN;
        if too_much {
            *self = Kinds::new(self.wants);
        }
        too_much
    }

    pub(crate) fn text(&mut self, text: &str) -> Text {
        if let Some(&known) = self.texts.get(text) {
            return known;
        }
        // A chunk holds far fewer texts than that, and `trim` runs before each.
        let number = Text(u32::try_from(self.by_text.len()).unwrap_or(u32::MAX));
        let shared: Arc<str> = text.into();
        self.texts.insert(Arc::clone(&shared), number);
        self.by_text.push(shared);
        number
    }

    pub(crate) fn id(&mut self, computer: Text, channel: Text, provider: Text, event_id: u32) -> KindId {
        let key = (computer, channel, provider, event_id);
        let place = (event_id.wrapping_add(provider.0) % RECENT as u32) as usize;
        match self.recent[place] {
            Some((recent, id)) if recent == key => id,
            _ => {
                let id = self.find(key);
                self.recent[place] = Some((key, id));
                id
            }
        }
    }

    fn find(&mut self, key: Key) -> KindId {
        if let Some(&known) = self.ids.get(&key) {
            return known;
        }
        let (computer, channel, provider, event_id) = key;
        let shared = |text: Text| Arc::clone(&self.by_text[text.0 as usize]);
        let kind = Kind {
            computer: shared(computer),
            channel: shared(channel),
            provider: shared(provider),
            event_id,
        };
        let sight = *self.sight_ids.entry((channel, provider, event_id)).or_insert_with(|| {
            let Kind { channel, provider, .. } = &kind;
            self.wants.wants(provider, event_id, channel).then(|| {
                self.sights.push(Sighting::new(self.wants.sight(provider, event_id, channel)));
                SightId(self.sights.len() - 1)
            })
        });
        let id = KindId(self.kinds.len());
        self.kinds.push((Arc::new(kind), sight));
        self.ids.insert(key, id);
        id
    }

    /// The number of a kind given in words.
    pub(crate) fn id_of(&mut self, computer: &str, channel: &str, provider: &str, event_id: u32) -> KindId {
        let (computer, channel, provider) = (self.text(computer), self.text(channel), self.text(provider));
        self.id(computer, channel, provider, event_id)
    }

    pub(crate) fn wanted(&self, id: KindId) -> bool {
        self.kinds[id.0].1.is_some()
    }

    /// How to look at records of this kind, if they are wanted.
    pub(crate) fn sighting(&mut self, id: KindId) -> Option<(SightId, &mut Sighting<'w>)> {
        let sight = self.kinds[id.0].1?;
        Some((sight, &mut self.sights[sight.0]))
    }

    /// Marks an event of this kind with what it shows; whether it shows anything.
    pub(crate) fn mark(&mut self, id: KindId, event: &mut Event) -> bool {
        let marks = self.sighting(id).and_then(|(_, sighting)| sighting.marks(event));
        let is_kept = marks.is_some();
        event.marks = marks.unwrap_or_default();
        is_kept
    }

    /// The heading of an event of this kind; events of one kind mostly have the same.
    pub(crate) fn heading(
        &mut self,
        id: KindId,
        system: System,
        payload: Payload,
        names: &mut Names,
    ) -> Arc<Heading> {
        let known = &mut self.headings[id.0 % RECENT];
        if let Some((kind, heading)) = known
            && *kind == id
            && system.is_in(heading)
            && payload == heading.payload
        {
            return Arc::clone(heading);
        }
        let kind = &self.kinds[id.0].0;
        let heading = names.heading(Heading {
            provider: Arc::clone(&kind.provider),
            event_source: system.event_source,
            event_id: kind.event_id,
            qualifiers: system.qualifiers,
            version: system.version,
            level: system.level,
            task: system.task,
            opcode: system.opcode,
            keywords: system.keywords,
            channel: Arc::clone(&kind.channel),
            computer: Arc::clone(&kind.computer),
            user_sid: system.user_sid,
            payload,
        });
        *known = Some((id, Arc::clone(&heading)));
        heading
    }

    pub(crate) fn kind(&self, id: KindId) -> &Arc<Kind> {
        &self.kinds[id.0].0
    }
}
