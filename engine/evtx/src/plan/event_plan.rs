//! How the instances of an event's template become events, without the XML between.
//!
//! A plan is what [`parse_event_xml`](crate::parse_event_xml) would make of the template's XML, worked out once: which
//! element is which field, and which of the instance's values it holds. Templates that leave any doubt have no
//! plan, and instances whose values do are refused; the `evtx` crate decodes those.

use rdpwhy_event::Names;

use crate::plan::payload_plan::{PayloadPlan, Within};
use crate::plan::source::is_scalar;
use crate::plan::system_plan::{System, SystemPlan};
use crate::template::element::{Child, Element, Piece};
use crate::template::instance::Value;

/// How instances of an event's own template become events.
#[derive(Debug)]
pub(crate) struct EventPlan {
    system: SystemPlan,
    pub(crate) payload: PayloadPlace,
    /// Values that are rendered where nobody looks.
    unseen: Vec<usize>,
}

/// Where an event's payload is.
#[derive(Debug)]
pub(crate) enum PayloadPlace {
    Nowhere,
    /// In the template itself.
    Here(PayloadPlan, Option<usize>),
    /// In the value of this number, which fills in a template of its own.
    Value {
        value: usize,
        within: Within,
        dependency: Option<usize>,
    },
}

impl EventPlan {
    /// The plan of the template of an `Event`.
    pub(crate) fn of(event: &Element) -> Option<EventPlan> {
        if event.name != "Event" {
            return None;
        }
        let mut system = None;
        let mut payload = PayloadPlace::Nowhere;
        for child in &event.children {
            match child {
                Child::Element(element) if element.local() == "System" && system.is_none() => {
                    system = Some(SystemPlan::of(element)?);
                }
                Child::Element(element) => payload.put(PayloadPlace::of(element)?)?,
                Child::Piece(Piece::Value(value)) => payload.put(PayloadPlace::Value {
                    value: *value,
                    within: Within::Event,
                    dependency: None,
                })?,
                Child::Piece(Piece::Literal(_)) => return None,
            }
        }
        let attributes = event.attributes.iter().flat_map(|(_, pieces)| pieces);
        let unseen = attributes.filter_map(Piece::value).collect();
        Some(EventPlan { system: system?, payload, unseen })
    }

    /// Reads what the plan knows of `System` from an instance.
    pub(crate) fn system(
        &self,
        chunk: &[u8],
        values: &[Value],
        text: &mut Vec<u8>,
        names: &mut Names,
    ) -> Option<System> {
        let system = self.system.read(chunk, values, text, names)?;
        self.unseen.iter().all(|value| is_scalar(values.get(*value))).then_some(system)
    }
}

impl PayloadPlace {
    fn of(element: &Element) -> Option<PayloadPlace> {
        match (element.local(), &*element.children) {
            ("UserData", &[Child::Piece(Piece::Value(value))]) => {
                Some(PayloadPlace::Value { value, within: Within::UserData, dependency: element.dependency })
            }
            ("UserData" | "EventData", _) => {
                Some(PayloadPlace::Here(PayloadPlan::of(element, Within::Event)?, element.dependency))
            }
            _ => None,
        }
    }

    /// Puts the place of the payload, which an event has once at most.
    fn put(&mut self, place: PayloadPlace) -> Option<()> {
        let is_first = matches!(self, PayloadPlace::Nowhere);
        *self = place;
        is_first.then_some(())
    }
}
