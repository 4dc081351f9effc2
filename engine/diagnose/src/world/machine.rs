//! The machines whose records the logs hold.

use crate::world::address::machine_key;
use rdpwhy_logs::Reading;
use std::collections::{BTreeMap, HashMap};

/// Index of a machine in [`Machines`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Machine(pub u32);

/// The machines whose records the logs hold, by name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Machines {
    names: Vec<String>,
    by_key: BTreeMap<String, Machine>,
    /// By the first label of the name, in the order of all.
    by_label: HashMap<String, Vec<Machine>>,
}

impl Machines {
    /// Machines of all logs; the same full name in another case is the same machine.
    pub(crate) fn new(reading: &Reading) -> Machines {
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        let of_spans =
            reading.logs.iter().flat_map(|log| log.spans.iter().map(|span| span.computer.to_string()));
        for name in of_spans.chain(reading.events.iter().map(|event| event.computer.to_string())) {
            let kept = names.entry(name.to_lowercase()).or_insert_with(|| name.clone());
            if name < *kept {
                *kept = name;
            }
        }
        let mut machines = Machines::default();
        for (key, name) in names {
            let machine = Machine(u32::try_from(machines.names.len()).unwrap_or(u32::MAX));
            machines.by_label.entry(machine_key(&name)).or_default().push(machine);
            machines.names.push(name);
            machines.by_key.insert(key, machine);
        }
        machines
    }

    /// The machine of that name.
    pub(crate) fn find(&self, name: &str) -> Option<Machine> {
        match self.by_key.get(name) {
            Some(machine) => Some(*machine),
            None => self.by_key.get(&name.to_lowercase()).copied(),
        }
    }

    /// The name as logs write it.
    pub(crate) fn name(&self, machine: Machine) -> &str {
        &self.names[machine.0 as usize]
    }

    /// The machines that a user may mean by that name, as [`machine_key`] has it.
    pub(crate) fn labelled(&self, key: &str) -> &[Machine] {
        self.by_label.get(key).map_or(&[], Vec::as_slice)
    }

    /// All machines, by name.
    pub(crate) fn all(&self) -> impl Iterator<Item = Machine> + use<> {
        (0..u32::try_from(self.names.len()).unwrap_or(u32::MAX)).map(Machine)
    }
}
