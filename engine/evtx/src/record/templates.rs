//! What is known of the templates met so far.

use rdpwhy_event::hash::HashMap;

use crate::plan::event_plan::{EventPlan, PayloadPlace};
use crate::plan::payload_plan::{PayloadPlan, Within};
use crate::record::kind::Kinds;
use crate::record::quick_look::QuickLook;
use crate::template::definition::{self, Comparison, Normalized};
use crate::template::element::Element;
use crate::template::instance::{Value, is_left_out};

/// Templates known at most before [`Templates::trim`] forgets them all. Real logs have some hundreds.
const MAX_KNOWN: usize = 1 << 13;
/// Bytes of definitions known at most.
const MAX_BYTES: usize = 16 << 20;

/// Templates among those used last.
const RECENT: usize = 32;
/// Definitions lie behind records, which begin at multiples of this.
const ALIGNED: usize = 8;

/// Definitions of one GUID known at most; real ones have one.
const MAX_ALIKE: usize = 16;

/// The number of a template in [`Templates`].
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(crate) struct TemplateId(usize);

/// A template, and what was worked out about it when it was first needed.
#[derive(Debug)]
pub(crate) struct Template {
    normalized: Normalized,
    /// `None` where it holds what is not known.
    element: Option<Element>,
    quick_look: Option<Option<QuickLook>>,
    event: Option<Option<EventPlan>>,
    in_event: Option<Option<PayloadPlan>>,
    in_user_data: Option<Option<PayloadPlan>>,
}

/// The templates a worker has met, and where they are in the chunk at hand.
#[derive(Debug, Default)]
pub(crate) struct Templates {
    templates: Vec<Template>,
    bytes: usize,
    /// Two definitions can have one GUID in crafted logs, and rarely in real ones.
    by_guid: HashMap<[u8; 16], Vec<TemplateId>>,
    /// By the offset of the definition; `None` where it is not certain.
    in_chunk: HashMap<usize, Option<TemplateId>>,
    /// Those used last: a look here is cheaper than one into the map, and most records follow others of their template.
    recent: [Option<(usize, Option<TemplateId>)>; RECENT],
    scratch: Normalized,
}

impl Templates {
    /// Begins a chunk, and forgets everything when there is too much of it.
    pub(crate) fn trim(&mut self) {
        self.in_chunk.clear();
        self.recent = Default::default();
        if self.templates.len() > MAX_KNOWN || self.bytes > MAX_BYTES {
            *self = Templates::default();
        }
    }

    /// The template defined at an offset of the chunk at hand.
    pub(crate) fn at(&mut self, chunk: &[u8], offset: usize) -> Option<TemplateId> {
        let place = (offset / ALIGNED) % RECENT;
        if let Some((known, id)) = self.recent[place]
            && known == offset
        {
            return id;
        }
        let known = self.in_chunk.get(&offset).copied();
        let id = known.unwrap_or_else(|| {
            let id = self.find(chunk, offset);
            self.in_chunk.insert(offset, id);
            id
        });
        self.recent[place] = Some((offset, id));
        id
    }

    fn find(&mut self, chunk: &[u8], offset: usize) -> Option<TemplateId> {
        let alike = self.by_guid.entry(definition::guid(chunk, offset)?).or_default();
        // Forgotten, not refused: what a record gives must not depend on the chunks read before it.
        if alike.len() >= MAX_ALIKE {
            alike.clear();
        }
        for &id in alike.iter() {
            let mut comparison = Comparison(&self.templates[id.0].normalized.0);
            let same = definition::normalize(chunk, offset, &mut comparison).is_some();
            if same && comparison.0.is_empty() {
                return Some(id);
            }
        }
        self.scratch.0.clear();
        definition::normalize(chunk, offset, &mut self.scratch)?;
        let normalized = Normalized(self.scratch.0.clone());
        let id = TemplateId(self.templates.len());
        self.bytes += normalized.0.len();
        alike.push(id);
        self.templates.push(Template {
            element: Element::of(&normalized),
            normalized,
            quick_look: None,
            event: None,
            in_event: None,
            in_user_data: None,
        });
        Some(id)
    }

    /// The plan of an event's payload: of the template of its own, or else the event's. `Some(None)`: it has no payload;
    /// `None`: it is not certain.
    pub(crate) fn payload(
        &mut self,
        event: TemplateId,
        inner: Option<(TemplateId, Within)>,
        values: &[Value],
    ) -> Option<Option<&mut PayloadPlan>> {
        if let Some((inner, within)) = inner {
            return self.get(inner).payload(within).map(Some);
        }
        match &mut self.get(event).event()?.payload {
            PayloadPlace::Here(plan, dependency) if !is_left_out(*dependency, values) => Some(Some(plan)),
            _ => Some(None),
        }
    }

    pub(crate) fn get(&mut self, id: TemplateId) -> &mut Template {
        &mut self.templates[id.0]
    }
}

impl Template {
    pub(crate) fn quick_look(&mut self, kinds: &mut Kinds<'_>) -> Option<&mut QuickLook> {
        let element = self.element.as_ref();
        self.quick_look.get_or_insert_with(|| QuickLook::of(element?, kinds)).as_mut()
    }

    pub(crate) fn event(&mut self) -> Option<&mut EventPlan> {
        let element = self.element.as_ref();
        self.event.get_or_insert_with(|| EventPlan::of(element?)).as_mut()
    }

    pub(crate) fn payload(&mut self, within: Within) -> Option<&mut PayloadPlan> {
        let element = self.element.as_ref();
        let plan = match within {
            Within::Event => &mut self.in_event,
            Within::UserData => &mut self.in_user_data,
        };
        plan.get_or_insert_with(|| PayloadPlan::of(element?, within)).as_mut()
    }
}
