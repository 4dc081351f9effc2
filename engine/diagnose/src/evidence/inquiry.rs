//! One incident with what was found out about it: causes and notices ask much the same.

use crate::attempts::attempt::Attempt;
use crate::cases::incident::Incident;
use crate::evidence::covered::{Needed, Watch};
use crate::evidence::scene::Scene;
use crate::evidence::window::wanted_end;
use crate::memo::Memo;
use crate::world::address::user_key;
use crate::world::machine::Machine;
use rdpwhy_event::hash::HashSet;
use rdpwhy_rules::phrase::{End, Relation};
use rdpwhy_rules::{SignalId, StageId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

/// An incident that is asked about, with the answers that serve more than one question.
pub(crate) struct Inquiry<'s> {
    /// Where evidence is looked for.
    pub(crate) scene: &'s Scene<'s>,
    /// What is asked about.
    pub(crate) incident: &'s Incident,
    /// The machines of the failures: hosts, clients, both.
    ends: [OnceLock<BTreeSet<Machine>>; 3],
    machines: OnceLock<BTreeSet<Machine>>,
    sources: OnceLock<HashSet<&'s str>>,
    users: OnceLock<HashSet<String>>,
    breaks: OnceLock<Vec<((StageId, StageId), usize)>>,
    recovered: OnceLock<bool>,
    covered: Memo<Needed, Arc<Held>>,
}

/// At which failures the logs would hold what is missing.
#[derive(Debug, Default)]
pub(super) struct Held {
    places: Vec<bool>,
    count: usize,
}

impl Held {
    /// At the failure of that place in the incident.
    pub(super) fn at(&self, place: usize) -> bool {
        self.places[place]
    }

    /// At how many.
    pub(super) fn count(&self) -> usize {
        self.count
    }
}

impl<'s> std::ops::Deref for Inquiry<'s> {
    type Target = Scene<'s>;

    fn deref(&self) -> &Scene<'s> {
        self.scene
    }
}

impl<'s> Inquiry<'s> {
    /// Nothing has been found out yet.
    pub(crate) fn new(scene: &'s Scene<'s>, incident: &'s Incident) -> Inquiry<'s> {
        Inquiry {
            scene,
            incident,
            ends: Default::default(),
            machines: OnceLock::new(),
            sources: OnceLock::new(),
            users: OnceLock::new(),
            breaks: OnceLock::new(),
            recovered: OnceLock::new(),
            covered: Memo::default(),
        }
    }

    /// The machines of the failures at the end that the relation names, or at both.
    pub(super) fn ends(&self, relation: &Relation<SignalId>) -> &BTreeSet<Machine> {
        let place = match wanted_end(relation) {
            Some(End::Host) => 0,
            Some(End::Client) => 1,
            None => 2,
        };
        self.ends[place].get_or_init(|| self.scene.ends(&self.incident.failures, relation))
    }

    /// The machines of the incident at the end that the relation names, or all of them.
    pub(super) fn ends_or_all(&self, relation: &Relation<SignalId>) -> &BTreeSet<Machine> {
        match wanted_end(relation) {
            Some(_) => self.ends(relation),
            None => self.machines(),
        }
    }

    /// The machines of the incident.
    pub(crate) fn machines(&self) -> &BTreeSet<Machine> {
        self.machines.get_or_init(|| self.scene.machines(self.incident))
    }

    /// Where the failures came from.
    pub(crate) fn sources(&self) -> &HashSet<&'s str> {
        let attempts = self.scene.attempts;
        let failures = self.incident.failures.iter();
        self.sources.get_or_init(|| failures.filter_map(|&index| attempts[index].source()).collect())
    }

    /// Who failed, as names are compared.
    pub(crate) fn users(&self) -> &HashSet<String> {
        let attempts = self.scene.attempts;
        let written = || -> HashSet<&str> {
            self.incident.failures.iter().filter_map(|&index| attempts[index].user.as_deref()).collect()
        };
        self.users.get_or_init(|| written().into_iter().map(user_key).collect())
    }

    /// Whether the attempt came from a source or a user of the failures.
    pub(crate) fn is_of_same(&self, attempt: &Attempt) -> bool {
        attempt.source().is_some_and(|source| self.sources().contains(source))
            || attempt.user.as_deref().is_some_and(|user| self.users().contains(&user_key(user)))
    }

    /// The stages at which failures broke, each with how many.
    pub(crate) fn breaks(&self) -> &[((StageId, StageId), usize)] {
        self.breaks.get_or_init(|| {
            let mut counts: BTreeMap<(StageId, StageId), usize> = BTreeMap::new();
            for broke in self.incident.failures.iter().filter_map(|&index| self.scene.attempts[index].broke) {
                *counts.entry(broke).or_default() += 1;
            }
            counts.into_iter().collect()
        })
    }

    /// Nothing but recovered records tells of the failures.
    pub(super) fn is_old(&self) -> bool {
        let failures = &self.incident.failures;
        *self.recovered.get_or_init(|| {
            let recovered = |&index: &usize| self.scene.is_recovered(&self.scene.attempts[index]);
            !failures.is_empty() && failures.iter().all(recovered)
        })
    }

    /// At which failures the logs would hold what is missing.
    pub(super) fn held(&self, needed: &Needed) -> Arc<Held> {
        let look = || {
            let mut watch = Watch::new(self.scene, needed);
            let failures = self.incident.failures.iter();
            let places: Vec<bool> = failures.map(|&index| watch.covers(self.scene.stay(index))).collect();
            let count = places.iter().filter(|held| **held).count();
            Arc::new(Held { places, count })
        };
        self.covered.of_ref(needed, look)
    }
}
