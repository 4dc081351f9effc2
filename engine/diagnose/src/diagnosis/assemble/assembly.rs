//! Everything that a diagnosis is put together from.

use crate::cases::incident::Background;
use crate::evidence::scene::Scene;
use crate::options::Options;
use crate::ranking::ranked::RankedIncident;
use crate::world::machine::Machine;
use rdpwhy_logs::Reading;
use rdpwhy_rules::{Pack, StageId};

/// Everything that the report's words are made of.
pub(crate) struct Assembly<'a> {
    pub(crate) scene: &'a Scene<'a>,
    pub(crate) reading: &'a Reading,
    pub(crate) options: &'a Options,
    pub(crate) ranked: &'a [RankedIncident],
    pub(crate) background: &'a Background,
}

impl Assembly<'_> {
    /// The rules.
    pub(super) fn pack(&self) -> &Pack {
        self.scene.pack
    }

    /// The id of a stage.
    pub(super) fn stage(&self, stage: StageId) -> String {
        self.pack().ladder().stages[stage.index()].id.clone()
    }

    /// The name of a machine.
    pub(super) fn machine(&self, machine: Machine) -> String {
        self.scene.timeline.machines.name(machine).to_owned()
    }
}
