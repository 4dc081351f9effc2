//! How the instances of a payload's template become fields, without the XML between.

use std::sync::Arc;

use rdpwhy_event::{Event, FieldNames, Fields, MAX_FIELD_NAME, Names, Payload};

use crate::plan::field_plan::{Attribute, Content, Draft, FieldElement, POSITIONS};
use crate::plan::sighting::{SightId, Spot};
use crate::plan::source::{Source, is_scalar};
use crate::template::element::{Child, Element, Piece, local};
use crate::template::instance::Value;

/// Lists of names a plan remembers: as many as there are ways to leave elements out and repeat them.
const MAX_LISTS: usize = 64;
/// Sights whose spots a plan remembers; the events of a template are of one kind, or of a few.
const MAX_SIGHTS: usize = 64;

/// The element that a template's instance is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Within {
    Event,
    UserData,
}

/// How instances of a payload's template become fields.
#[derive(Debug)]
pub(crate) struct PayloadPlan {
    pub(crate) payload: Payload,
    names: Vec<Arc<str>>,
    parts: Vec<Part>,
    unseen: Vec<usize>,
    /// Lists of names met, and the list of shared names each is.
    lists: Vec<(Vec<u16>, FieldNames)>,
    /// Where the fields are that a sight asks about; `None` where that is not certain.
    spots: Vec<(SightId, Option<Vec<Spot>>)>,
}

#[derive(Debug)]
enum Part {
    Attribute(Attribute),
    Element(FieldElement),
}

impl PayloadPlan {
    /// The plan of a template whose instances are in this element.
    pub(crate) fn of(root: &Element, within: Within) -> Option<PayloadPlan> {
        let mut plan = PayloadPlan {
            payload: Payload::None,
            names: Vec::new(),
            parts: Vec::new(),
            unseen: Vec::new(),
            lists: Vec::new(),
            spots: Vec::new(),
        };
        match (within, root.local()) {
            (Within::UserData, _) => plan.add_root(root)?,
            (Within::Event, "EventData") => plan.add_event_data(root)?,
            (Within::Event, "UserData") => {
                plan.unseen
                    .extend(root.attributes.iter().flat_map(|(_, pieces)| pieces).filter_map(Piece::value));
                let [Child::Element(inner)] = &*root.children else { return None };
                plan.add_root(inner).filter(|()| inner.dependency.is_none())?;
            }
            _ => return None,
        }
        (plan.names.len() < usize::from(POSITIONS)).then_some(plan)
    }

    fn add_event_data(&mut self, root: &Element) -> Option<()> {
        self.payload = Payload::EventData;
        for (name, pieces) in &root.attributes {
            match local(name) {
                "Name" => self.add_attribute("EventData.Name".to_owned(), pieces)?,
                _ => self.unseen.extend(pieces.iter().filter_map(Piece::value)),
            }
        }
        for child in &root.children {
            let Child::Element(element) = child else { return None };
            let element = self.element(element, "", true)?;
            self.parts.push(Part::Element(element));
        }
        Some(())
    }

    fn add_root(&mut self, root: &Element) -> Option<()> {
        self.payload = Payload::UserData { root: root.local().into() };
        for (name, pieces) in root.attributes.iter().filter(|(name, _)| !name.starts_with("xmlns")) {
            self.add_attribute(local(name).to_owned(), pieces)?;
        }
        let declarations = root.attributes.iter().filter(|(name, _)| name.starts_with("xmlns"));
        self.unseen.extend(declarations.flat_map(|(_, pieces)| pieces).filter_map(Piece::value));
        for child in &root.children {
            let Child::Element(element) = child else { return None };
            let element = self.element(element, "", false)?;
            self.parts.push(Part::Element(element));
        }
        Some(())
    }

    fn add_attribute(&mut self, name: String, pieces: &[Piece]) -> Option<()> {
        if let Some(source) = Source::of(pieces)? {
            let name = self.name(name)?;
            self.parts.push(Part::Attribute(Attribute { name, source }));
        }
        Some(())
    }

    fn name(&mut self, name: String) -> Option<u16> {
        let number = u16::try_from(self.names.len()).ok().filter(|_| name.len() <= MAX_FIELD_NAME)?;
        self.names.push(name.into());
        Some(number)
    }

    /// Plans an element below one whose field is called `outer`; `is_data` directly in `EventData`.
    fn element(&mut self, element: &Element, outer: &str, is_data: bool) -> Option<FieldElement> {
        let mut given = "";
        let mut attributes = Vec::new();
        for (name, pieces) in &element.attributes {
            match pieces.as_slice() {
                _ if name.starts_with("xmlns") => {
                    self.unseen.extend(pieces.iter().filter_map(Piece::value));
                }
                pieces if is_data && local(name) == "Name" => match pieces {
                    [Piece::Literal(text)] if given.is_empty() && *name == "Name" => given = text,
                    _ => return None,
                },
                pieces => attributes.push((local(name), Source::of(pieces)?)),
            }
        }
        let is_unnamed = given.is_empty() && is_data && element.local() == "Data";
        let own = if given.is_empty() { element.local() } else { given };
        let full = if outer.is_empty() { own.to_owned() } else { format!("{outer}.{own}") };
        let content = self.content(element, &full, is_unnamed)?;
        let mut planned = Vec::new();
        for (name, source) in attributes {
            if let Some(source) = source {
                let name = self.name(format!("{full}.{name}")).filter(|_| !is_unnamed)?;
                planned.push(Attribute { name, source });
            }
        }
        let name = if is_unnamed { None } else { Some(self.name(full)?) };
        Some(FieldElement { dependency: element.dependency, name, attributes: planned, content })
    }

    fn content(&mut self, element: &Element, full: &str, is_unnamed: bool) -> Option<Content> {
        if let [Child::Piece(Piece::Value(value))] = &*element.children {
            return Some(Content::Value(*value));
        }
        let elements = element.children.iter().filter(|child| matches!(child, Child::Element(_))).count();
        if elements == 0 {
            let pieces = element.children.iter().filter_map(|child| match child {
                Child::Piece(piece) => Some(piece.clone()),
                Child::Element(_) => None,
            });
            return Some(Content::Pieces(pieces.collect()));
        }
        if elements < element.children.len() || is_unnamed {
            return None;
        }
        let mut inner = Vec::new();
        for child in &element.children {
            if let Child::Element(child) = child {
                inner.push(self.element(child, full, false)?);
            }
        }
        Some(Content::Elements(inner))
    }

    /// The fields of an instance.
    pub(crate) fn fields(
        &mut self,
        chunk: &[u8],
        values: &[Value],
        draft: &mut Draft,
        names: &mut Names,
    ) -> Option<Fields> {
        draft.text.clear();
        draft.ends.clear();
        draft.names.clear();
        draft.unnamed = 0;
        if self.unseen.iter().any(|value| !is_scalar(values.get(*value))) {
            return None;
        }
        for part in &self.parts {
            match part {
                Part::Attribute(attribute) => {
                    attribute.put(chunk, values, draft)?;
                }
                Part::Element(element) => {
                    element.put(chunk, values, draft)?;
                }
            }
        }
        Fields::new(self.list(&draft.names, names), &draft.text, &draft.ends)
    }

    /// Where the fields are that a sight asks about; `None` where that is not certain.
    pub(crate) fn spots(&mut self, sight: SightId, fields: &[&str]) -> Option<&[Spot]> {
        let known = match self.spots.iter().position(|(known, _)| *known == sight) {
            Some(known) => known,
            None => {
                let spots = fields.iter().map(|field| self.spot(field)).collect();
                if self.spots.len() == MAX_SIGHTS {
                    self.spots.clear();
                }
                self.spots.push((sight, spots));
                self.spots.len() - 1
            }
        };
        self.spots[known].1.as_deref()
    }

    fn spot(&self, field: &str) -> Option<Spot> {
        // Names of unnamed elements depend on how many there are.
        if field.starts_with("Data") {
            return None;
        }
        let mut numbers = (0u16..).zip(&self.names).filter(|(_, name)| ***name == *field);
        match (numbers.next(), numbers.next()) {
            (None, _) => (!Event::is_system_name(field)).then_some(Spot::Nowhere),
            (Some((number, _)), None) => self.parts.iter().find_map(|part| match part {
                Part::Element(FieldElement {
                    dependency,
                    name: Some(name),
                    attributes,
                    content: Content::Value(value),
                }) if *name == number && attributes.is_empty() => {
                    Some(Spot::Value { value: *value, dependency: *dependency })
                }
                _ => None,
            }),
            _ => None,
        }
    }

    fn list(&mut self, numbers: &[u16], names: &mut Names) -> FieldNames {
        if let Some((_, list)) = self.lists.iter().find(|(known, _)| known == numbers) {
            return Arc::clone(list);
        }
        let name = |&number: &u16| match number.checked_sub(POSITIONS) {
            Some(position) => names.data(usize::from(position)),
            None => Arc::clone(&self.names[usize::from(number)]),
        };
        let shared: Vec<Arc<str>> = numbers.iter().map(name).collect();
        let list = names.list(shared);
        if self.lists.len() < MAX_LISTS {
            self.lists.push((numbers.to_vec(), Arc::clone(&list)));
        }
        list
    }
}
