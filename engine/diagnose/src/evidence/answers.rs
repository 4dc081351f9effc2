//! What was found of the evidence of all causes: each question is looked at once, however many causes ask it. Whether a
//! piece of evidence may be looked at depends on its question alone.

use crate::evidence::inquiry::Inquiry;
use crate::evidence::seen::Seen;
use rdpwhy_event::hash::HashMap;
use rdpwhy_rules::{Evidence, Finding, Pack, Relation, SignalId};

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
}

/// The answers for one incident.
pub(crate) struct Answers<'q> {
    questions: &'q Questions,
    /// `None` where nobody may ask.
    seen: Vec<Option<Seen>>,
}

impl<'q> Answers<'q> {
    /// Looks at all questions that the admitted evidence asks.
    pub(crate) fn new(inquiry: &Inquiry<'q>, admit: &(dyn Fn(&Evidence) -> bool + Sync)) -> Self {
        use rayon::prelude::*;
        let questions = inquiry.scene.questions();
        let answer = |&(cause, place): &(usize, usize)| {
            let evidence = &inquiry.scene.pack.causes()[cause].evidence[place];
            admit(evidence).then(|| inquiry.look(&evidence.finding))
        };
        Answers { questions, seen: questions.first.par_iter().map(answer).collect() }
    }

    /// What was found of the evidence of that cause, by its place.
    pub(crate) fn of(&self, cause: usize) -> impl Iterator<Item = (usize, &Seen)> {
        let questions = self.questions.of[cause].iter().enumerate();
        questions.filter_map(|(place, question)| Some((place, self.seen[*question].as_ref()?)))
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
