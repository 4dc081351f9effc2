//! The machines whose records the logs hold, each with all its names.

use crate::world::address::machine_key;
use crate::world::identity::{Alias, Known, Rename, groups};
use std::collections::{BTreeMap, HashMap};

/// Index of a machine in [`Machines`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Machine(pub u32);

/// The machines whose records the logs hold, by name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Machines {
    names: Vec<String>,
    aliases: Vec<Vec<Alias>>,
    by_key: BTreeMap<String, Machine>,
    /// By the first label of each of their names, in the order of all.
    by_label: HashMap<String, Vec<Machine>>,
}

impl Machines {
    /// The machines of these names; the same full name in another case is the same machine. A renamed machine goes by the
    /// name that it had last.
    pub(crate) fn new(known: &Known, renames: &[Rename]) -> Machines {
        let mut groups = groups(known, renames);
        groups.sort_by_key(|group| group.name.to_lowercase());
        let mut machines = Machines::default();
        for (number, group) in (0..).zip(groups) {
            let machine = Machine(number);
            let names = std::iter::once(&group.name).chain(group.aliases.iter().map(|alias| &alias.name));
            for name in names {
                machines.by_key.insert(name.to_lowercase(), machine);
                let labelled = machines.by_label.entry(machine_key(name)).or_default();
                if labelled.last() != Some(&machine) {
                    labelled.push(machine);
                }
            }
            machines.names.push(group.name);
            machines.aliases.push(group.aliases);
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

    /// The name as logs write it, the last one where it had several.
    pub(crate) fn name(&self, machine: Machine) -> &str {
        &self.names[machine.0 as usize]
    }

    /// Its other names, by name.
    pub(crate) fn aliases(&self, machine: Machine) -> &[Alias] {
        &self.aliases[machine.0 as usize]
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
