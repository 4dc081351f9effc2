//! Records of one provider, event id and channel, and the detections that match them.

use rdpwhy_event::hash::HashMap;

use rdpwhy_event::{Class, Event, Marks, Shown, Sight};

use crate::detection::Detection;
use crate::record::Record;
use crate::residue::{Known, Questions, Residue};
use crate::test::Test;

/// Classes of one field that are told apart; crafted records could have as many as questions have answers.
const MAX_CLASSES: usize = 1 << 12;
/// Combinations of classes that are remembered.
const MAX_COMBINATIONS: usize = 1 << 12;

/// What the detections ask about records of one provider, event id and channel.
///
/// Most detections ask the same few fields for the same few values, such as the status of a refused sign-in. Each value
/// is asked once, and its answers are its class; what the records of some classes show is worked out once, too.
pub struct KindSight<'p> {
    detections: Vec<(u32, Residue<'p>)>,
    questions: Questions<'p>,
    /// Some detection takes the record as a whole.
    is_whole: bool,
    /// The classes of each field.
    classes: Vec<Classes>,
    /// What records of these classes show.
    shown: HashMap<Box<[Class]>, Option<Marks>>,
}

/// The classes of a field's values: the answers to all questions about it.
#[derive(Default)]
struct Classes {
    answers: Vec<Box<[bool]>>,
    numbers: HashMap<Box<[bool]>, Class>,
}

impl<'p> KindSight<'p> {
    /// The view of `detections`, which look at that channel, on records of that kind.
    ///
    /// Each detection comes with the number that stands for it among the marks of an event.
    pub fn new(
        detections: impl Iterator<Item = (u32, &'p Detection)>,
        (provider, event_id, channel): (&str, u32, &str),
    ) -> KindSight<'p> {
        let known = Known { provider, event_id: &event_id.to_string(), channel };
        let mut questions = Questions::default();
        let residue =
            |(number, detection): (u32, &'p Detection)| (number, detection.residue(known, &mut questions));
        let detections: Vec<(u32, Residue<'p>)> = detections
            .map(residue)
            .filter(|(_, residue)| !matches!(residue, Residue::Settled(false)))
            .collect();
        let is_whole = detections.iter().any(|(_, residue)| residue.is_whole());
        let classes = questions.fields.iter().map(|_| Classes::default()).collect();
        KindSight { detections, questions, is_whole, classes, shown: HashMap::default() }
    }

    /// The answers of a field's values to all questions about it.
    fn answers(&self, field: usize, each: impl FnOnce(&mut dyn FnMut(&str) -> bool)) -> Vec<bool> {
        let atoms = &self.questions.atoms[field];
        let mut answers = vec![false; atoms.len()];
        each(&mut |value| {
            for (answer, atom) in answers.iter_mut().zip(atoms) {
                *answer = *answer || atom.holds(value);
            }
            false
        });
        answers
    }

    /// The detections that hold by these answers.
    fn holding(&self, atom: impl Fn(usize, usize) -> bool, whole: impl Fn(&Test) -> bool) -> Option<Marks> {
        let holding = self.detections.iter().filter(|(_, residue)| residue.holds(&atom, &whole));
        let numbers: Vec<u32> = holding.map(|(number, _)| *number).collect();
        (!numbers.is_empty()).then(|| Marks::new(&numbers))
    }
}

impl Sight for KindSight<'_> {
    fn fields(&self) -> &[&str] {
        &self.questions.fields
    }

    fn class(&mut self, field: usize, value: Option<&str>) -> Option<Class> {
        let answers = self.answers(field, |visit| {
            value.map(visit);
        });
        let classes = &mut self.classes[field];
        if let Some(known) = classes.numbers.get(&*answers) {
            return Some(*known);
        }
        let number =
            u32::try_from(classes.answers.len()).ok().filter(|_| classes.answers.len() < MAX_CLASSES)?;
        let answers: Box<[bool]> = answers.into();
        classes.answers.push(answers.clone());
        classes.numbers.insert(answers, Class(number));
        Some(Class(number))
    }

    fn shown(&mut self, classes: &[Class]) -> Shown {
        if self.is_whole {
            return Shown::Unsure;
        }
        if let Some(known) = self.shown.get(classes) {
            return Shown::Marks(known.clone());
        }
        let answer = |field: usize, atom: usize| self.classes[field].answers[classes[field].0 as usize][atom];
        let marks = self.holding(answer, |_| false);
        if self.shown.len() == MAX_COMBINATIONS {
            self.shown.clear();
        }
        self.shown.insert(classes.into(), marks.clone());
        Shown::Marks(marks)
    }

    fn marks(&mut self, event: &Event) -> Option<Marks> {
        let fields = self.questions.fields.iter().enumerate();
        let answers: Vec<Vec<bool>> = fields
            .map(|(field, name)| {
                self.answers(field, |visit| {
                    event.each_value(name, visit);
                })
            })
            .collect();
        self.holding(|field, atom| answers[field][atom], |test| test.holds(event))
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use proptest::prelude::*;
    use rdpwhy_event::Names;
    use rdpwhy_logs::parse_event_xml;

    use super::*;
    use crate::strategy::{any_detection, detection};

    const KEYWORDS: &str = "s: ['a', '1']\nt: {F|fieldref: G}\ncondition: s or t";

    fn event(provider: &str, event_id: u32, fields: &[(&str, String)]) -> Event {
        let mut data = String::new();
        for (name, value) in fields {
            write!(data, "<Data Name='{name}'>{value}</Data>").unwrap();
        }
        let xml = format!(
            "<Event><System><Provider Name='{provider}'/><EventID>{event_id}</EventID><Channel>b</Channel>\
             </System><EventData>{data}</EventData></Event>"
        );
        parse_event_xml(&xml, &mut Names::default()).unwrap().0
    }

    proptest! {
        #[test]
        fn an_event_shows_the_detections_that_match_it(
            mut detections in prop::collection::vec(any_detection(), 1..5),
            keywords in any::<bool>(),
            provider in "[ab1]",
            event_id in 0u32..12,
            records in prop::collection::vec(prop::collection::vec(
                (prop::sample::select(vec!["F", "G", "Channel", "EventID"]), "[aAb1]{0,2}|[0-9]{1,2}|Ä"), 0..4), 1..5),
        ) {
            detections.extend(keywords.then(|| KEYWORDS.to_owned()));
            let detections: Vec<Detection> = detections.iter().map(|text| detection(text)).collect();
            let numbered = || (0_u32..).zip(&detections);
            let mut sight = KindSight::new(numbered(), (&provider, event_id, "b"));
            for fields in &records {
                let event = event(&provider, event_id, fields);
                let expected = numbered().filter(|(_, detection)| detection.is_match(&event));
                let expected: Vec<u32> = expected.map(|(number, _)| number).collect();
                let found = |marks: &Option<Marks>| -> Vec<u32> {
                    marks.iter().flat_map(|marks| marks.numbers().to_vec()).collect()
                };
                prop_assert_eq!(&found(&sight.marks(&event)), &expected);
                // By the classes of its values, where each field has one at most and `System` none.
                let names: Vec<String> = sight.fields().iter().map(|name| (*name).to_owned()).collect();
                let mut classes = Vec::new();
                for (number, name) in names.iter().enumerate() {
                    let mut values = fields.iter().filter(|(own, _)| own == name).map(|(_, value)| value.as_str());
                    let (value, is_one) = (values.next(), values.next().is_none() && name != "Channel");
                    classes.extend(sight.class(number, value).filter(|_| is_one));
                }
                if classes.len() == names.len() {
                    match sight.shown(&classes) {
                        Shown::Marks(marks) => prop_assert_eq!(&found(&marks), &expected),
                        Shown::Unsure => prop_assert!(sight.is_whole),
                    }
                }
            }
        }
    }
}
