//! What is left to test of a detection once a record's provider, event id and channel are known.

use crate::detection::Detection;
use crate::plan::Plan;
use crate::test::{Matcher, Test, fits};

/// What all records have in common that are to be tested.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known<'k> {
    pub(crate) provider: &'k str,
    /// In decimal.
    pub(crate) event_id: &'k str,
    pub(crate) channel: &'k str,
}

/// The fields that residues look at, each with the questions asked about its values.
#[derive(Clone, Debug, Default)]
pub(crate) struct Questions<'d> {
    pub(crate) fields: Vec<&'d str>,
    /// Those of each field; they differ from each other.
    pub(crate) atoms: Vec<Vec<Atom<'d>>>,
}

/// A question about the values of one field, which the values that it has answer alone.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Atom<'d> {
    /// Whether any value fits one of the matchers.
    Fits(&'d [Matcher]),
    /// Whether any value is not empty.
    Filled,
    /// Whether there is a value.
    Exists,
}

/// A detection as far as it depends on a record's values.
#[derive(Clone, Debug)]
pub(crate) enum Residue<'d> {
    /// The same for all records.
    Settled(bool),
    All(Vec<Residue<'d>>),
    Any(Vec<Residue<'d>>),
    Not(Box<Residue<'d>>),
    /// The answer to this question about this field, both by number.
    Atom(usize, usize),
    /// A test that takes the record as a whole.
    Whole(&'d Test),
}

impl Atom<'_> {
    /// What one value answers. A field answers yes where any of its values does.
    pub(crate) fn holds(&self, value: &str) -> bool {
        match self {
            Atom::Fits(matchers) => fits(matchers, value),
            Atom::Filled => !value.is_empty(),
            Atom::Exists => true,
        }
    }

    fn is_same(&self, other: &Atom<'_>) -> bool {
        match (self, other) {
            (Atom::Fits(own), Atom::Fits(other)) => {
                own.len() == other.len() && own.iter().zip(*other).all(|(own, other)| own.is_same(other))
            }
            (Atom::Filled, Atom::Filled) | (Atom::Exists, Atom::Exists) => true,
            _ => false,
        }
    }
}

impl Residue<'_> {
    /// Whether it holds, by the answers to questions and to tests of the whole record.
    pub(crate) fn holds(&self, atom: &impl Fn(usize, usize) -> bool, whole: &impl Fn(&Test) -> bool) -> bool {
        match self {
            Residue::Settled(holds) => *holds,
            Residue::All(parts) => parts.iter().all(|part| part.holds(atom, whole)),
            Residue::Any(parts) => parts.iter().any(|part| part.holds(atom, whole)),
            Residue::Not(part) => !part.holds(atom, whole),
            Residue::Atom(field, number) => atom(*field, *number),
            Residue::Whole(test) => whole(test),
        }
    }

    /// Whether a record's fields one by one do not suffice.
    pub(crate) fn is_whole(&self) -> bool {
        match self {
            Residue::Settled(_) | Residue::Atom(..) => false,
            Residue::All(parts) | Residue::Any(parts) => parts.iter().any(Residue::is_whole),
            Residue::Not(part) => part.is_whole(),
            Residue::Whole(_) => true,
        }
    }
}

impl Known<'_> {
    /// The answer to a question about a field; `None`: it depends on the record.
    fn answer(&self, field: &str, atom: Atom<'_>) -> Option<bool> {
        match field {
            "EventID" => Some(atom.holds(self.event_id)),
            "Provider_Name" => Some(atom.holds(self.provider)),
            // Records may have another field of that name.
            "Channel" => atom.holds(self.channel).then_some(true),
            _ => None,
        }
    }
}

impl Detection {
    /// What is left of the detection. Adds what it asks to `questions`.
    pub(crate) fn residue<'d>(&'d self, known: Known<'_>, questions: &mut Questions<'d>) -> Residue<'d> {
        Reduction { detection: self, known, questions }.plan(self.plan())
    }
}

struct Reduction<'r, 'd> {
    detection: &'d Detection,
    known: Known<'r>,
    questions: &'r mut Questions<'d>,
}

impl<'d> Reduction<'_, 'd> {
    fn plan(&mut self, plan: &'d Plan) -> Residue<'d> {
        match plan {
            Plan::All(parts) => all(parts.iter().map(|part| self.plan(part))),
            Plan::Any(parts) => any(parts.iter().map(|part| self.plan(part))),
            Plan::Not(part) => not(self.plan(part)),
            Plan::Selection(index) => self.test(self.detection.selection(*index)),
        }
    }

    fn test(&mut self, test: &'d Test) -> Residue<'d> {
        match test {
            Test::All(tests) => all(tests.iter().map(|test| self.test(test))),
            Test::Any(tests) => any(tests.iter().map(|test| self.test(test))),
            Test::Not(test) => not(self.test(test)),
            Test::Field(field, matchers) => self.atom(field, Atom::Fits(matchers)),
            Test::Null(field) => not(self.atom(field, Atom::Filled)),
            Test::Exists(field) => self.atom(field, Atom::Exists),
            Test::Keyword(_) | Test::SameAs { .. } => Residue::Whole(test),
        }
    }

    fn atom(&mut self, field: &'d str, atom: Atom<'d>) -> Residue<'d> {
        if let Some(answer) = self.known.answer(field, atom) {
            return Residue::Settled(answer);
        }
        let Questions { fields, atoms } = &mut *self.questions;
        let place = fields.iter().position(|known| *known == field).unwrap_or_else(|| {
            fields.push(field);
            atoms.push(Vec::new());
            fields.len() - 1
        });
        let asked = &mut atoms[place];
        let number = asked.iter().position(|known| known.is_same(&atom)).unwrap_or_else(|| {
            asked.push(atom);
            asked.len() - 1
        });
        Residue::Atom(place, number)
    }
}

fn not(part: Residue<'_>) -> Residue<'_> {
    match part {
        Residue::Settled(holds) => Residue::Settled(!holds),
        Residue::Not(part) => *part,
        part => Residue::Not(Box::new(part)),
    }
}

fn all<'d>(parts: impl Iterator<Item = Residue<'d>>) -> Residue<'d> {
    join(parts, true, Residue::All)
}

fn any<'d>(parts: impl Iterator<Item = Residue<'d>>) -> Residue<'d> {
    join(parts, false, Residue::Any)
}

/// Joins parts of which those that come to `neutral` say nothing, and one that comes to the opposite says it all.
fn join<'d>(
    parts: impl Iterator<Item = Residue<'d>>,
    neutral: bool,
    joined: fn(Vec<Residue<'d>>) -> Residue<'d>,
) -> Residue<'d> {
    let mut open = Vec::new();
    for part in parts {
        match part {
            Residue::Settled(holds) if holds != neutral => return Residue::Settled(holds),
            Residue::Settled(_) => {}
            part => open.push(part),
        }
    }
    match open.len() {
        0 => Residue::Settled(neutral),
        1 => open.remove(0),
        _ => joined(open),
    }
}
