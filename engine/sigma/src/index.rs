//! Which detections can match a record, from its provider, event id and channel alone.

use std::collections::HashMap;
use std::sync::Arc;

use crate::detection::Detection;
use crate::pattern::{fold, folded_equal};
use crate::plan::Plan;
use crate::test::{Matcher, Test};

/// Alternatives of provider and event id that are told apart for one detection; beyond, the detection is tried more often.
pub(crate) const MAX_ALTERNATIVES: usize = 256;

/// Finds the detections that can match a record, without looking at those that cannot.
///
/// It may name a detection that does not match the record, but never leaves out one that does, as long as records
/// have one `EventID` (in decimal) and one `Provider_Name`: those that are asked for here. `Id` is what the caller
/// knows the detections by.
#[derive(Clone, Debug)]
pub struct Index<Id> {
    by_event_id: HashMap<u32, Providers<Id>>,
    /// Detections that name no event id.
    any_event_id: Providers<Id>,
}

#[derive(Clone, Debug)]
struct Providers<Id> {
    /// By folded name.
    by_name: HashMap<String, Vec<Entry<Id>>>,
    /// Detections that name no provider.
    any: Vec<Entry<Id>>,
}

#[derive(Clone, Debug)]
struct Entry<Id> {
    id: Id,
    /// Folded; empty: any.
    channels: Arc<[String]>,
}

impl<Id> Default for Providers<Id> {
    fn default() -> Self {
        Providers { by_name: HashMap::new(), any: Vec::new() }
    }
}

impl<Id: Copy + Ord> Index<Id> {
    /// An index over detections, each with what it is known by and the channels that it looks at (none: all).
    ///
    /// # Example
    /// ```
    /// use rdpwhy_sigma::{Detection, Index};
    /// use rdpwhy_yaml::{Faults, Reader, parse};
    ///
    /// let faults = Faults::new();
    /// let text = "key: {Provider_Name: Schannel, EventID: 36870}\ncondition: key\n";
    /// let documents = parse("rule.yml", text, &faults);
    /// let detection = Detection::read(&documents[0], Reader::new("rule.yml", &faults)).expect("the rule has no errors");
    ///
    /// let index = Index::new([(7, &detection, &["System".to_owned()][..])]);
    /// assert!(index.wants("Schannel", 36870, "System"));
    /// assert!(!index.wants("Schannel", 36871, "System"));
    /// let mut candidates = Vec::new();
    /// index.candidates("Schannel", 36870, "System", &mut candidates);
    /// assert_eq!(candidates, [7]);
    /// ```
    #[must_use]
    pub fn new<'d>(detections: impl IntoIterator<Item = (Id, &'d Detection, &'d [String])>) -> Self {
        let mut index = Index { by_event_id: HashMap::new(), any_event_id: Providers::default() };
        for (id, detection, channels) in detections {
            index.add(id, detection, channels);
        }
        index
    }

    fn add(&mut self, id: Id, detection: &Detection, channels: &[String]) {
        let channels: Arc<[String]> = channels.iter().map(|channel| fold(channel).into_owned()).collect();
        for cell in cells_of_plan(detection, detection.plan()) {
            let providers = match cell.event_id {
                Some(event_id) => self.by_event_id.entry(event_id).or_default(),
                None => &mut self.any_event_id,
            };
            let entries = match cell.provider {
                Some(provider) => providers.by_name.entry(provider).or_default(),
                None => &mut providers.any,
            };
            entries.push(Entry { id, channels: Arc::clone(&channels) });
        }
    }

    /// Whether any detection can match such a record.
    #[must_use]
    pub fn wants(&self, provider: &str, event_id: u32, channel: &str) -> bool {
        self.entries(provider, event_id).any(|entry| entry.is_in(channel))
    }

    /// Puts the detections that can match such a record into `out`, in their order, each once.
    pub fn candidates(&self, provider: &str, event_id: u32, channel: &str, out: &mut Vec<Id>) {
        out.clear();
        let fitting = self.entries(provider, event_id).filter(|entry| entry.is_in(channel));
        out.extend(fitting.map(|entry| entry.id));
        out.sort_unstable();
        out.dedup();
    }

    /// The detections that ask for this event id, in their order, each with the provider that it asks for (folded; `None`: any).
    #[must_use]
    pub fn of_event_id(&self, event_id: u32) -> Vec<(Id, Option<&str>)> {
        let Some(providers) = self.by_event_id.get(&event_id) else { return Vec::new() };
        let named = providers
            .by_name
            .iter()
            .flat_map(|(name, entries)| entries.iter().map(|entry| (entry.id, Some(name.as_str()))));
        let mut found: Vec<(Id, Option<&str>)> =
            named.chain(providers.any.iter().map(|entry| (entry.id, None))).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    fn entries(&self, provider: &str, event_id: u32) -> impl Iterator<Item = &Entry<Id>> {
        let of_id = self.by_event_id.get(&event_id);
        let tables = of_id.into_iter().chain([&self.any_event_id]);
        tables.flat_map(move |table| {
            let named = if table.by_name.is_empty() { None } else { table.by_name.get(&*fold(provider)) };
            named.into_iter().flatten().chain(&table.any)
        })
    }
}

impl<Id> Entry<Id> {
    /// Whether records of this channel can be meant. A channel that is not known, as in pasted records, may be any.
    fn is_in(&self, channel: &str) -> bool {
        self.channels.is_empty()
            || channel.is_empty()
            || self.channels.iter().any(|own| folded_equal(own, channel))
    }
}

/// Records with this event id and provider (folded); `None`: any.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Cell {
    event_id: Option<u32>,
    provider: Option<String>,
}

/// The cells that hold every record the plan fits.
fn cells_of_plan(detection: &Detection, plan: &Plan) -> Vec<Cell> {
    match plan {
        Plan::All(parts) => intersection(parts.iter().map(|part| cells_of_plan(detection, part))),
        Plan::Any(parts) => union(parts.iter().flat_map(|part| cells_of_plan(detection, part)).collect()),
        Plan::Not(_) => vec![Cell::default()],
        Plan::Selection(index) => cells_of_test(detection.selection(*index)),
    }
}

fn cells_of_test(test: &Test) -> Vec<Cell> {
    match test {
        Test::All(tests) => intersection(tests.iter().map(cells_of_test)),
        Test::Any(tests) => union(tests.iter().flat_map(cells_of_test).collect()),
        Test::Field(field, matchers) => match field.as_str() {
            "EventID" => union(matchers.iter().map(event_id_cell).collect()),
            "Provider_Name" => union(matchers.iter().map(provider_cell).collect()),
            _ => vec![Cell::default()],
        },
        _ => vec![Cell::default()],
    }
}

fn event_id_cell(matcher: &Matcher) -> Cell {
    let Matcher::Text(text) = matcher else { return Cell::default() };
    let event_id = text.folded_equality().and_then(|text| {
        // `007` is no event id's text; whatever it may fit, it is not this number.
        text.parse::<u32>().ok().filter(|event_id| event_id.to_string() == *text)
    });
    Cell { event_id, provider: None }
}

fn provider_cell(matcher: &Matcher) -> Cell {
    let Matcher::Text(text) = matcher else { return Cell::default() };
    Cell { event_id: None, provider: text.folded_equality().map(|text| text.into_owned()) }
}

fn union(mut cells: Vec<Cell>) -> Vec<Cell> {
    cells.sort_unstable();
    cells.dedup();
    // A cell of anything holds the others.
    if cells.len() > MAX_ALTERNATIVES || cells.first() == Some(&Cell::default()) {
        return vec![Cell::default()];
    }
    cells
}

fn intersection(parts: impl Iterator<Item = Vec<Cell>>) -> Vec<Cell> {
    parts.fold(vec![Cell::default()], |cells, part| {
        if cells.len() * part.len() > MAX_ALTERNATIVES * 4 {
            // Either side alone holds the intersection.
            return if cells.len() <= part.len() { cells } else { part };
        }
        let both = cells.iter().flat_map(|a| part.iter().filter_map(|b| a.intersect(b)));
        union(both.collect())
    })
}

impl Cell {
    fn intersect(&self, other: &Cell) -> Option<Cell> {
        let event_id = meet(self.event_id.as_ref(), other.event_id.as_ref())?;
        let provider = meet(self.provider.as_ref(), other.provider.as_ref())?;
        Some(Cell { event_id: event_id.copied(), provider: provider.cloned() })
    }
}

/// What both ask for, `Some(None)` where neither asks, `None` where they exclude each other.
fn meet<'a, T: PartialEq>(a: Option<&'a T>, b: Option<&'a T>) -> Option<Option<&'a T>> {
    match (a, b) {
        (Some(a), Some(b)) => (a == b).then_some(Some(a)),
        (one, other) => Some(one.or(other)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::record::Record;
    use crate::strategy::{any_detection, any_record, detection};

    fn channels() -> [String; 2] {
        ["B".to_owned(), "aa".to_owned()]
    }

    fn index<'d>(detections: &'d [Detection], channels: &'d [String]) -> Index<usize> {
        Index::new(detections.iter().enumerate().map(|(id, detection)| (id, detection, channels)))
    }

    #[test]
    fn candidates_are_few() {
        let detections = [
            "s: {Provider_Name: P, EventID: [1, 2]}\ncondition: s",
            "s: {EventID: 2}\nt: {F: x}\ncondition: s and not t",
            "s: {Provider_Name: p}\nt: {EventID: 3}\ncondition: s or t",
            "s: {F: x}\ncondition: s",
            "s: [{EventID: 1, Provider_Name: Q}, {EventID: 4}]\ncondition: s",
            "s: {EventID: 1}\nt: {EventID: 2}\ncondition: s and t",
        ]
        .map(detection);
        let channels = channels();
        let index = index(&detections, &channels);
        let candidates = |provider: &str, event_id| {
            let mut out = Vec::new();
            index.candidates(provider, event_id, "b", &mut out);
            out
        };
        assert_eq!(candidates("P", 1), [0, 2, 3]);
        assert_eq!(candidates("q", 1), [3, 4]);
        assert_eq!(candidates("q", 2), [1, 3]);
        assert_eq!(candidates("p", 3), [2, 3]);
        assert_eq!(candidates("x", 4), [3, 4]);
        assert_eq!(candidates("x", 5), [3]);
        assert!(index.wants("x", 5, "AA"));
        assert!(!index.wants("x", 5, "other"));
        assert_eq!(index.of_event_id(1), [(0, Some("p")), (4, Some("q"))]);
        assert_eq!(index.of_event_id(2), [(0, Some("p")), (1, None)]);
        assert_eq!(index.of_event_id(5), []);
        let exact = Index::new([(0, &detections[0], &channels[..])]);
        assert!(!exact.wants("P", 3, "B"));
        assert!(exact.wants("P", 1, ""), "a pasted record may not say where it was");
        assert!(!exact.wants("Q", 1, "B"));
    }

    proptest! {
        #[test]
        fn no_match_is_lost(detections in prop::collection::vec(any_detection(), 1..4), mut record in any_record()) {
            let detections: Vec<Detection> = detections.iter().map(|text| detection(text)).collect();
            let channels = channels();
            let index = index(&detections, &channels);
            // One event id in decimal, one provider and one channel, as records have them.
            let event_id = record.0.get("EventID").and_then(|ids| ids[0].parse::<u32>().ok()).unwrap_or(0);
            record.0.insert("EventID".to_owned(), vec![event_id.to_string()]);
            for name in ["Provider_Name", "Channel"] {
                record.0.entry(name.to_owned()).or_insert_with(|| vec!["b".to_owned()]).truncate(1);
            }
            let (provider, channel) = (&record.0["Provider_Name"][0], &record.0["Channel"][0]);
            let mut candidates = Vec::new();
            index.candidates(provider, event_id, channel, &mut candidates);
            for (id, detection) in detections.iter().enumerate() {
                let is_in_channel = channels.iter().any(|own| folded_equal(&fold(own), record.channel()));
                if is_in_channel && detection.is_match(&record) {
                    prop_assert!(candidates.contains(&id));
                    prop_assert!(index.wants(provider, event_id, channel));
                }
            }
        }
    }
}
