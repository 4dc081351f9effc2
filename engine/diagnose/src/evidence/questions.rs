//! What the evidence of all causes asks: many causes ask the same.

use rdpwhy_event::hash::HashMap;
use rdpwhy_rules::finding::Finding;
use rdpwhy_rules::phrase::Relation;
use rdpwhy_rules::{Pack, SignalId};

/// What a finding asks; equal questions have equal answers.
#[derive(PartialEq, Eq, Hash)]
enum Question<'p> {
    Records { signals: &'p [SignalId], relation: &'p Relation<SignalId>, absent: bool },
    Fact(&'p str),
    Code(&'p [u32]),
    Extended(&'p [u32]),
}

/// The evidence of all causes as questions that differ from each other, by number.
#[derive(Debug)]
pub(crate) struct Questions {
    /// The first evidence that asks it: cause and place.
    first: Vec<(usize, usize)>,
    /// The question of each piece of evidence of each cause.
    of: Vec<Vec<usize>>,
}

impl Questions {
    /// Those of the rules.
    pub(crate) fn new(pack: &Pack) -> Self {
        let (mut first, mut numbers) = (Vec::new(), HashMap::default());
        let mut of = Vec::with_capacity(pack.causes().len());
        for (cause, rule) in pack.causes().iter().enumerate() {
            let numbered = rule.evidence.iter().enumerate().map(|(place, evidence)| {
                *numbers.entry(question(&evidence.finding)).or_insert_with(|| {
                    first.push((cause, place));
                    first.len() - 1
                })
            });
            of.push(numbered.collect());
        }
        Questions { first, of }
    }

    /// The first evidence that asks each: cause and place.
    pub(super) fn first(&self) -> &[(usize, usize)] {
        &self.first
    }

    /// The number of the question of each piece of evidence of that cause.
    pub(super) fn of(&self, cause: usize) -> &[usize] {
        &self.of[cause]
    }
}

fn question(finding: &Finding) -> Question<'_> {
    match finding {
        Finding::Signal { signals, relation } => Question::Records { signals, relation, absent: false },
        Finding::Absent { signals, relation } => Question::Records { signals, relation, absent: true },
        Finding::Attempts(fact) => Question::Fact(&fact.phrase),
        Finding::Code(codes) => Question::Code(codes),
        Finding::Extended(codes) => Question::Extended(codes),
    }
}
