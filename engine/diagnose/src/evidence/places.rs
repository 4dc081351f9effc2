//! Where the names of hosts led: the addresses at which somebody got in.

use crate::attempts::attempt::Attempt;
use crate::evidence::stay::Stay;
use crate::world::address::{Address, machine_key};
use crate::world::machine::Machines;
use rdpwhy_event::hash::HashMap;
use rdpwhy_rules::phrase::End;
use std::sync::Arc;

/// The addresses of each name, as [`machine_key`] has it.
#[derive(Debug, Default)]
pub(super) struct Places(HashMap<String, Addresses>);

/// The addresses at which somebody got in at one host.
#[derive(Debug, Default)]
struct Addresses {
    /// When somebody last did, by address.
    last: HashMap<Arc<str>, i64>,
    /// The address that was the last of all, and the last of the others; whoever asks about one of them needs the other.
    latest: [Option<(i64, Arc<str>)>; 2],
}

impl Places {
    /// From all attempts that went well: by the name that the client was told, and by the names of the host that it reached.
    pub(super) fn new(attempts: &[Attempt], machines: &Machines) -> Places {
        let mut places = Places::default();
        for attempt in attempts.iter().filter(|attempt| attempt.is_success()) {
            let Some(server) = &attempt.server else { continue };
            let told = attempt.target.as_deref().map(|target| machine_key(&Address::parse(target).host));
            let own = Stay::of(attempt).at(End::Host).map(|host| machine_key(machines.name(host)));
            let own = own.filter(|own| told.as_ref() != Some(own));
            for name in told.into_iter().chain(own) {
                places.0.entry(name).or_default().add(&server.host, attempt.start);
            }
        }
        places
    }

    /// Whether the host of the name that the attempt was told was reached elsewhere than at the address that the attempt went to:
    /// always, or ever since. `None` where it was told an address, or nobody got in at a host of that name.
    pub(super) fn leads_elsewhere(&self, attempt: &Attempt) -> Option<bool> {
        let (target, server) = (Address::parse(attempt.target.as_deref()?), attempt.server.as_ref()?);
        if target.is_ip() {
            return None;
        }
        let known = self.0.get(&machine_key(&target.host))?;
        let Some(last) = known.last.get(&server.host) else { return Some(true) };
        let other = known.latest.iter().flatten().find(|(_, address)| *address != server.host);
        Some(*last < attempt.start && other.is_some_and(|(at, _)| *at > attempt.start))
    }
}

impl Addresses {
    /// Attempts come by start, so each is the latest so far.
    fn add(&mut self, address: &Arc<str>, at: i64) {
        self.last.insert(address.clone(), at);
        let [first, second] = &mut self.latest;
        if first.as_ref().is_some_and(|(_, known)| known != address) {
            *second = first.take();
        }
        *first = Some((at, address.clone()));
    }
}
