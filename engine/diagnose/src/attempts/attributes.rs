//! What a record says of its connection.

use crate::attempts::ties::Told;
use crate::world::address::Address;
use crate::world::timeline::Timeline;
use rdpwhy_event::Guid;
use rdpwhy_rules::codes::CodeValue;
use rdpwhy_rules::ladder::Role;
use rdpwhy_rules::phrase::Shared;

/// What a record says of its connection.
pub(super) struct Attributes<'a> {
    pub(super) address: Option<&'a str>,
    pub(super) port: Option<u16>,
    pub(super) user: Option<&'a str>,
    pub(super) session: Option<&'a str>,
    pub(super) told: Told<'a>,
    pub(super) target: Option<&'a str>,
    pub(super) server: Option<&'a str>,
    pub(super) domain: Option<&'a str>,
    pub(super) code: Option<u32>,
    pub(super) activity: Option<Guid>,
}

impl<'a> Attributes<'a> {
    /// Reads them off an event. `is_person` tells the users that are persons from accounts of machines and services.
    pub(super) fn of(
        event: u32,
        timeline: &Timeline<'a>,
        is_person: impl FnOnce(&'a str) -> bool,
    ) -> Attributes<'a> {
        let role = |role| timeline.role(event, role);
        let key = |shared| timeline.keys.of_event(event, shared);
        let address = role(Role::Address);
        let user = role(Role::User).filter(|name| is_person(name));
        Attributes {
            address,
            // Most addresses are without one, and that takes no parsing to tell.
            port: address.filter(|text| text.contains(':')).and_then(|text| Address::parse(text).port),
            user,
            session: role(Role::Session),
            told: Told {
                address: key(Shared::Address),
                user: user.and_then(|_| key(Shared::User)),
                session: key(Shared::Session),
                connection: role(Role::Connection),
            },
            // A service name says `SERVICE/host`.
            target: role(Role::Target).map(|target| target.rsplit('/').next().unwrap_or(target)),
            server: role(Role::Server),
            // A full name says `DOMAIN\\user`.
            domain: role(Role::Domain)
                .or_else(|| role(Role::User)?.split_once('\\').map(|(domain, _)| domain)),
            code: role(Role::Code).and_then(CodeValue::parse_number),
            activity: timeline.events[event as usize].activity_id.filter(|id| id.0 != 0),
        }
    }
}
