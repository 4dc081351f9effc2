//! The ladder of stages, with the rung on which the failures broke.

use rdpwhy_diagnose::Diagnosis;
use rdpwhy_diagnose::diagnosis::{Incident, Stage};

/// Where on the ladder an incident broke.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ladder<'d> {
    stages: &'d [Stage],
    first: usize,
    last: usize,
}

/// What is known of a rung.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rung {
    /// The connection got past it.
    Passed,
    /// The connection broke on it.
    Broke,
    /// The connection may have broken on it.
    Perhaps,
    /// The connection did not reach it.
    Ahead,
}

impl<'d> Ladder<'d> {
    /// Nothing where the diagnosis does not list the stages of the incident.
    pub(crate) fn of(diagnosis: &'d Diagnosis, incident: &Incident) -> Option<Ladder<'d>> {
        let stages = diagnosis.stages.as_slice();
        let place = |id: &str| stages.iter().position(|stage| stage.id == id);
        Some(Ladder { stages, first: place(&incident.stage)?, last: place(&incident.stage_last)? })
    }

    /// Whether nothing is known of the way: a row of question marks would only look like knowledge.
    pub(crate) fn is_unknown(&self) -> bool {
        self.first == 0 && self.last + 1 == self.stages.len() && self.last > 0
    }

    /// Whether it is known on which rung it broke.
    pub(crate) fn is_sure(&self) -> bool {
        self.first == self.last
    }

    /// The first rung on which it may have broken.
    pub(crate) fn first(&self) -> &'d Stage {
        &self.stages[self.first]
    }

    /// The last rung on which it may have broken.
    pub(crate) fn last(&self) -> &'d Stage {
        &self.stages[self.last]
    }

    /// The rungs from the bottom up.
    pub(crate) fn rungs(self) -> impl Iterator<Item = (&'d Stage, Rung)> {
        self.stages.iter().enumerate().map(move |(rung, stage)| (stage, self.rung(rung)))
    }

    fn rung(&self, rung: usize) -> Rung {
        match rung {
            _ if rung < self.first => Rung::Passed,
            _ if rung > self.last => Rung::Ahead,
            _ if self.is_sure() => Rung::Broke,
            _ => Rung::Perhaps,
        }
    }
}

impl Rung {
    /// Its sign.
    pub(crate) fn mark(self) -> char {
        match self {
            Rung::Passed => '✓',
            Rung::Broke => '✗',
            Rung::Perhaps => '?',
            Rung::Ahead => '·',
        }
    }

    /// Its sign in words.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Rung::Passed => "passed",
            Rung::Broke => "failed here",
            Rung::Perhaps => "failed here, perhaps",
            Rung::Ahead => "not reached",
        }
    }
}
