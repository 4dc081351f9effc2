//! What was found of a finding.

/// Whether a finding holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It is there.
    Present,
    /// It is missing although the logs would hold it.
    Absent,
    /// The logs cannot tell.
    Unknown,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Seen {
    /// Whether it holds.
    pub state: State,
    /// At how many failures (1 of 1 for findings about the whole incident).
    pub count: usize,
    /// Of how many that could show it.
    pub of: usize,
    /// How much of it counts, from 0 to 1.
    pub share: f64,
    /// The telling events, at most [`KEPT`](super::votes::KEPT), in time order; the first stands for all in sentences.
    pub events: Vec<u32>,
    /// How many telling events there are.
    pub total: usize,
    /// Where it was compared with successes: at how many of how many it is seen as well.
    pub successes: Option<(usize, usize)>,
    /// Why it is unknown.
    pub why: Option<String>,
    /// It rests on recovered records alone: old ones that no log holds any more.
    pub recovered: bool,
}

impl Seen {
    /// Nothing was looked at.
    pub(crate) fn nothing() -> Seen {
        Seen {
            state: State::Unknown,
            count: 0,
            of: 0,
            share: 0.0,
            events: Vec::new(),
            total: 0,
            successes: None,
            why: None,
            recovered: false,
        }
    }
}
