//! The names that records hold, and what they are names of.

use crate::diagnosis::result::{Diagnosis, SeenFrom};
use crate::world::address::machine_key;
use rdpwhy_event::Event;
use rdpwhy_logs::Reading;
use rdpwhy_rules::{Identities, Pack, RoleField, Side};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// What a name is a name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Host,
    Client,
    Gateway,
    Machine,
    User,
    Domain,
}

impl Kind {
    /// What its pseudonyms begin with.
    pub(super) fn word(self) -> &'static str {
        match self {
            Kind::Host => "HOST",
            Kind::Client => "CLIENT",
            Kind::Gateway => "GATEWAY",
            Kind::Machine => "MACHINE",
            Kind::User => "USER",
            Kind::Domain => "DOMAIN",
        }
    }
}

/// All names, lower case, with their kind and the lower-case name that tells whether two are one.
pub(super) type Named = BTreeMap<String, (Kind, String)>;

pub(super) fn named(diagnosis: &Diagnosis, reading: &Reading, pack: &Pack) -> Named {
    let mut naming = Naming { keep: pack.identities(), none: &pack.ladder().no_value, named: Named::new() };
    naming.parts(diagnosis);
    let machines: BTreeSet<&str> = reading.events.iter().map(|event| &*event.computer).collect();
    machines.into_iter().for_each(|name| naming.machine(name, Kind::Machine));
    let identities = pack.identities();
    // Machines first: a domain that has the name of a machine is that machine.
    for name in values(reading, &identities.machines, pack) {
        naming.machine(name, Kind::Machine);
    }
    values(reading, &identities.domains, pack).into_iter().for_each(|name| naming.domain(name));
    values(reading, &identities.users, pack).into_iter().for_each(|name| naming.user(name));
    diagnosis.asked.user.iter().for_each(|user| naming.user(user));
    diagnosis.asked.target.iter().for_each(|target| naming.machine(target, Kind::Machine));
    naming.named
}

/// What the fields hold in all records.
fn values<'e>(reading: &'e Reading, fields: &[RoleField], pack: &Pack) -> BTreeSet<&'e str> {
    let of = |event: &'e Event| fields.iter().filter_map(move |field| value(event, field, pack));
    reading.events.iter().flat_map(of).collect()
}

fn value<'e>(event: &'e Event, field: &RoleField, pack: &Pack) -> Option<&'e str> {
    let value = event.field(&field.field)?;
    field.is_meant(&pack.marks(event)).then_some(value)
}

struct Naming<'p> {
    keep: &'p Identities,
    none: &'p [String],
    named: Named,
}

impl Naming<'_> {
    /// Machines whose part in the attempts is known.
    fn parts(&mut self, diagnosis: &Diagnosis) {
        let kind = |side: Side| match side {
            Side::Host => Kind::Host,
            Side::Client => Kind::Client,
            Side::Gateway => Kind::Gateway,
        };
        for incident in &diagnosis.incidents {
            self.machine(&incident.machine, kind(incident.side));
        }
        for attempt in &diagnosis.attempts {
            let own = match attempt.side {
                SeenFrom::One(side) => kind(side),
                SeenFrom::Both => Kind::Host,
            };
            self.machine(&attempt.machine, own);
            if let Some(other) = &attempt.other_machine {
                self.machine(other, Kind::Client);
            }
        }
    }

    /// `TERMSRV/srv.contoso.local`, `\\SRV`, `SRV$`, `srv:3389`: the first label names the machine, the rest its domain.
    fn machine(&mut self, name: &str, kind: Kind) {
        let name = name.rsplit(['/', '\\']).next().unwrap_or(name).trim().trim_end_matches('$');
        let name = match name.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => name,
        };
        if self.is_nobody(name) {
            return;
        }
        let key = machine_key(name);
        if let Some((_, domain)) = name.split_once('.') {
            self.domain(domain);
        }
        self.add(&key, kind, &key);
    }

    fn domain(&mut self, name: &str) {
        let name = name.trim().trim_end_matches('.');
        if self.is_nobody(name) {
            return;
        }
        let key = machine_key(name);
        self.add(&name.to_lowercase(), Kind::Domain, &key);
        self.add(&key, Kind::Domain, &key);
    }

    /// `DOMAIN\user`, `user@domain`, `user`; `SRV$` is a machine.
    fn user(&mut self, name: &str) {
        let name = name.trim();
        let (domain, name) = match (name.rsplit_once('\\'), name.split_once('@')) {
            (Some((domain, user)), _) => (Some(domain), user),
            (None, Some((user, domain))) => (Some(domain), user),
            (None, None) => (None, name),
        };
        if let Some(domain) = domain {
            self.domain(domain);
        }
        if name.ends_with('$') {
            self.machine(name, Kind::Machine);
        } else if !self.is_nobody(name) {
            let key = name.to_lowercase();
            self.add(&key, Kind::User, &key);
        }
    }

    fn add(&mut self, name: &str, kind: Kind, key: &str) {
        if !name.is_empty() {
            self.named.entry(name.to_owned()).or_insert_with(|| (kind, key.to_owned()));
        }
    }

    /// No name, a name that belongs to nobody, or something that is known by its form.
    fn is_nobody(&self, name: &str) -> bool {
        let bare = name.trim_start_matches('[').trim_end_matches(']');
        name.is_empty()
            || bare.parse::<IpAddr>().is_ok()
            || name.starts_with("S-1-")
            || name.starts_with("%%")
            || self.none.iter().any(|none| none.eq_ignore_ascii_case(name))
            || self.keep.keep.iter().any(|keep| is_like(&name.to_lowercase(), &keep.to_lowercase()))
    }
}

/// Whether a name fits a pattern with at most one `*`.
fn is_like(name: &str, pattern: &str) -> bool {
    match pattern.split_once('*') {
        Some((start, end)) => {
            name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end)
        }
        None => name == pattern,
    }
}
