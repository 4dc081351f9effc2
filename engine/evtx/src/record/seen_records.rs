//! What was seen of a chunk's records.

use std::collections::BTreeMap;

use rdpwhy_event::Event;

use crate::record::quick_look::Look;

/// What was seen of a chunk's records, by position, and why some could not be decoded.
pub(crate) struct SeenRecords {
    pub(crate) looks: Vec<Option<Look>>,
    /// Those to keep.
    pub(crate) events: Vec<(usize, Event)>,
    pub(crate) reasons: BTreeMap<usize, String>,
}

impl SeenRecords {
    /// Room for the looks at this many records.
    pub(crate) fn of(records: usize) -> SeenRecords {
        SeenRecords { looks: vec![None; records], events: Vec::new(), reasons: BTreeMap::new() }
    }
}
