//! The names that records hold, and what they are names of.

use super::fold::fold;
use super::forms::{self, Forms};
use crate::diagnosis::result::{Diagnosis, SeenFrom};
use crate::world::address::{Address, machine_key};
use rdpwhy_event::Event;
use rdpwhy_logs::Reading;
use rdpwhy_rules::ladder::{Role, RoleField};
use rdpwhy_rules::{Identities, Pack, Side};
use std::collections::{BTreeMap, BTreeSet};

/// A piece of a name with at least so many letters is a name, too.
const PIECE_SHORTEST: usize = 4;
/// What parts of names stand between.
const SEPARATORS: &[char] = &[
    '\\', '/', '@', '.', ':', ',', ';', '=', '+', '<', '>', '"', '\'', '|', '(', ')', '[', ']', '$', ' ',
    '\t',
];
/// What the ladder calls names: its roles that tell who and where.
const NAMING_ROLES: [Role; 5] = [Role::Address, Role::User, Role::Target, Role::Server, Role::Domain];

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

/// A name, as [`fold`] has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) kind: Kind,
    /// What tells whether two names are one's.
    pub(super) key: String,
    /// Only a piece of one.
    pub(super) piece: bool,
}

/// All names, folded.
pub(super) type Named = BTreeMap<String, Name>;

/// The names that the fields of all records hold, and those that the diagnosis tells.
pub(super) fn named(diagnosis: &Diagnosis, reading: &Reading, pack: &Pack) -> Naming {
    let mut naming = Naming {
        keep: pack.identities().keep.iter().map(|keep| fold(keep)).collect(),
        none: pack.ladder().no_value.iter().map(|none| fold(none)).collect(),
        named: Named::new(),
    };
    naming.parts(diagnosis);
    let machines: BTreeSet<&str> = reading.events.iter().map(|event| &*event.computer).collect();
    machines.into_iter().for_each(|name| naming.machine(name, Kind::Machine));
    let spans = reading.logs.iter().flat_map(|log| &log.spans);
    spans.for_each(|span| naming.machine(&span.computer, Kind::Machine));
    let Identities { users, machines, domains, .. } = pack.identities();
    // Machines first: a domain that has the name of a machine is that machine.
    values(reading, machines, pack).into_iter().for_each(|name| naming.machine(name, Kind::Machine));
    values(reading, domains, pack).into_iter().for_each(|name| naming.domain(name));
    values(reading, users, pack).into_iter().for_each(|name| naming.user(name));
    for role in NAMING_ROLES {
        let fields = &pack.ladder().roles[role as usize];
        values(reading, fields, pack).into_iter().for_each(|name| naming.of_role(role, name));
    }
    diagnosis.asked.user.iter().for_each(|user| naming.user(user));
    let machines = [&diagnosis.asked.source, &diagnosis.asked.target];
    machines.into_iter().flatten().for_each(|name| naming.machine(name, Kind::Machine));
    naming
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

/// Gathers names.
pub(super) struct Naming {
    keep: Vec<String>,
    none: Vec<String>,
    named: Named,
}

impl Naming {
    /// Names that a text tells by its form.
    pub(super) fn told(&mut self, text: &str, forms: &Forms) {
        for (naming, name) in forms.names(text) {
            match naming {
                forms::Naming::User => self.user(name),
                forms::Naming::Machine => self.machine(name, Kind::Machine),
            }
        }
    }

    /// All of them, and their pieces.
    pub(super) fn finish(mut self) -> Named {
        let whole: Vec<(String, Name)> =
            self.named.iter().map(|(text, name)| (text.clone(), name.clone())).collect();
        for (text, name) in whole {
            for piece in pieces(&text) {
                if !self.is_nobody(piece) {
                    let piece = piece.to_owned();
                    self.named.entry(piece).or_insert_with(|| Name { piece: true, ..name.clone() });
                }
            }
        }
        self.named
    }

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

    fn of_role(&mut self, role: Role, name: &str) {
        match role {
            Role::User => self.user(name),
            Role::Domain => self.domain(name),
            _ => self.machine(name, Kind::Machine),
        }
    }

    /// `TERMSRV/srv.contoso.local`, `\\SRV`, `SRV$`, `srv:3389`: the first label names the machine, the rest its domain.
    pub(super) fn machine(&mut self, name: &str, kind: Kind) {
        let name = name.trim();
        if Address::parse(name).is_ip() {
            return;
        }
        let (before, last) = match name.rfind(['/', '\\']) {
            Some(place) => (&name[..place], &name[place + 1..]),
            None => ("", name),
        };
        let before = before.split(['/', '\\']).filter(|part| !part.is_empty());
        before.for_each(|part| self.host(part, Kind::Machine));
        self.host(last, kind);
    }

    fn host(&mut self, name: &str, kind: Kind) {
        let name = name.trim().trim_end_matches('$');
        let name = match name.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => name,
        };
        if self.is_nobody(name) {
            return;
        }
        if let Some((_, domain)) = name.split_once('.') {
            self.domain(domain);
        }
        let key = machine_key(name);
        self.add(&key, kind, &key);
    }

    fn domain(&mut self, name: &str) {
        let name = name.trim().trim_end_matches('.');
        if self.is_nobody(name) {
            return;
        }
        let key = machine_key(name);
        self.add(name, Kind::Domain, &key);
        self.add(&key, Kind::Domain, &key);
    }

    /// `DOMAIN\user`, `user@domain`, `user`; `SRV$` is a machine.
    fn user(&mut self, name: &str) {
        let name = name.trim();
        if self.is_nobody(name) {
            return;
        }
        let (domain, name) = match (name.rsplit_once('\\'), name.split_once('@')) {
            (Some((domain, user)), _) => (Some(domain), user),
            (None, Some((user, domain))) => (Some(domain), user),
            (None, None) => (None, name),
        };
        if let Some(domain) = domain {
            self.domain(domain);
        }
        if name.len() > 1 && name.ends_with('$') {
            self.machine(name, Kind::Machine);
        } else if !self.is_nobody(name) {
            self.add(name, Kind::User, name);
        }
    }

    /// The name, and what is left of it without quotes, brackets and the like around it.
    fn add(&mut self, name: &str, kind: Kind, key: &str) {
        let (name, key) = (fold(name), fold(key));
        let bare = |text: &str| text.trim_matches(|letter: char| !letter.is_alphanumeric()).to_owned();
        let core = bare(&name);
        let key = if core.is_empty() { key } else { bare(&key) };
        for name in [name, core] {
            if !name.trim().is_empty() && !self.is_nobody(&name) {
                let key = key.clone();
                self.named.entry(name).or_insert_with(|| Name { kind, key, piece: false });
            }
        }
    }

    /// No name, a name that belongs to nobody, or something that is known by its form.
    fn is_nobody(&self, name: &str) -> bool {
        let name = fold(name.trim());
        let numbers = |text: &str| !text.is_empty() && text.split('-').all(is_number);
        name.is_empty()
            || Address::parse(&name).is_ip()
            || name.strip_prefix("s-1-").is_some_and(numbers)
            || name.strip_prefix("%%").is_some_and(is_number)
            || self.none.contains(&name)
            || self.keep.iter().any(|keep| is_like(&name, keep))
    }
}

/// The pieces that would tell the name: between dots, hyphens, spaces and the like. Numbers tell nobody's.
fn pieces(name: &str) -> BTreeSet<&str> {
    let runs = name.split(|letter: char| !letter.is_alphanumeric());
    let parts =
        name.split(SEPARATORS).map(|part| part.trim_matches(|letter: char| !letter.is_alphanumeric()));
    runs.chain(parts)
        .filter(|piece| piece.chars().count() >= PIECE_SHORTEST && !piece.chars().all(char::is_numeric))
        .collect()
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a name fits a pattern with at most one `*`, which stands for a number.
fn is_like(name: &str, pattern: &str) -> bool {
    match pattern.split_once('*') {
        Some((start, end)) => {
            name.strip_prefix(start).and_then(|rest| rest.strip_suffix(end)).is_some_and(is_number)
        }
        None => name == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_belong_to_nobody_only_as_a_whole() {
        assert!(is_like("dwm-12", "dwm-*") && is_like("system", "system"));
        assert!(!is_like("dwm-anna", "dwm-*") && !is_like("dwm-", "dwm-*") && !is_like("systems", "system"));
    }

    #[test]
    fn pieces_of_names() {
        assert_eq!(
            Vec::from_iter(pieces("srv-rds01.contoso.local")),
            ["contoso", "local", "rds01", "srv-rds01"]
        );
        assert_eq!(Vec::from_iter(pieces("<bob> 2026")), Vec::<&str>::new());
    }
}
