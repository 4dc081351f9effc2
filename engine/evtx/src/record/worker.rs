//! What one thread needs to read records, kept from chunk to chunk.

use std::sync::Arc;

use evtx::ParserSettings;
use rdpwhy_event::{Event, Names, Wants};

use crate::plan::field_plan::Draft;
use crate::record::kind::{Kind, Kinds};
use crate::record::templates::Templates;
use crate::record::watch::Watch;
use crate::template::instance::Value;

/// What one thread needs to read chunks, kept from chunk to chunk.
pub struct Worker<'w> {
    pub(crate) watch: Option<&'w Watch>,
    pub(crate) kinds: Kinds<'w>,
    pub(super) templates: Templates,
    pub(super) names: Names,
    pub(super) settings: Arc<ParserSettings>,
    /// A chunk's copy for the decoder.
    pub(super) copy: Vec<u8>,
    /// Look for old records in free space, too.
    pub(crate) recover: bool,
    /// Values of the instance at hand, and of the one in it.
    pub(super) values: Vec<Value>,
    pub(super) inner: Vec<Value>,
    pub(super) draft: Draft,
    pub(super) text: Vec<u8>,
}

impl<'w> Worker<'w> {
    /// A worker that reads the records that `wants` asks for.
    ///
    /// `watch` names records to be listed one by one. With `recover`, old records are recovered from the free space of
    /// chunks, too.
    pub fn new(wants: &'w dyn Wants, watch: Option<&'w Watch>, recover: bool) -> Worker<'w> {
        let settings = Arc::new(ParserSettings::new().indent(false));
        Worker {
            watch,
            kinds: Kinds::new(wants),
            templates: Templates::default(),
            names: Names::default(),
            settings,
            copy: Vec::new(),
            recover,
            values: Vec::new(),
            inner: Vec::new(),
            draft: Draft::default(),
            text: Vec::new(),
        }
    }

    /// The names met so far, shared among events.
    pub fn names(&mut self) -> &mut Names {
        &mut self.names
    }

    /// Marks an event read elsewhere: its kind, and whether to keep the event.
    pub fn sort_in(&mut self, event: &mut Event) -> (Arc<Kind>, bool) {
        let id = self.kinds.id_of(&event.computer, &event.channel, &event.provider, event.event_id);
        (Arc::clone(self.kinds.kind(id)), self.kinds.mark(id, event))
    }

    /// Forgets what was learned so far when there is too much of it. Call it before each chunk, or group of records.
    pub fn trim(&mut self) {
        self.templates.trim();
        if self.kinds.trim() {
            self.templates = Templates::default();
        }
    }
}
