//! What was found of the evidence of all causes: each question is looked at once, however many causes ask it. Whether a
//! piece of evidence may be looked at depends on its question alone.

use crate::evidence::inquiry::Inquiry;
use crate::evidence::questions::Questions;
use crate::evidence::seen::Seen;
use rdpwhy_rules::Evidence;

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
        Answers { questions, seen: questions.first().par_iter().map(answer).collect() }
    }

    /// What was found of the evidence of that cause, by its place.
    pub(crate) fn of(&self, cause: usize) -> impl Iterator<Item = (usize, &Seen)> {
        let questions = self.questions.of(cause).iter().enumerate();
        questions.filter_map(|(place, question)| Some((place, self.seen[*question].as_ref()?)))
    }
}
