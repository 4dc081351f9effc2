//! A diagnosis in the report's words.

mod asked;
pub(crate) mod assembly;
mod attempts;
mod cause;
mod collect;
mod conditions;
mod coverage;
mod evidence;
mod figure;
mod health;
mod incident;
mod leads;
mod notices;
mod particular;
mod record;
mod sentence;
mod warnings;

use crate::diagnosis::result as view;
use assembly::Assembly;

impl Assembly<'_> {
    /// All of it.
    pub(crate) fn finish(&self) -> view::Diagnosis {
        let mut diagnoses: Vec<(bool, view::Cause)> = Vec::new();
        for (index, ranked) in self.ranked.iter().enumerate() {
            diagnoses.extend(self.causes(index + 1, ranked));
        }
        let diagnoses = in_reading_order(diagnoses);
        view::Diagnosis {
            schema_version: 1,
            tool: self.tool(),
            asked: self.asked(),
            verdict: self.verdict(),
            words: self.pack().ladder().words.clone(),
            stages: self.stages(),
            incidents: self
                .ranked
                .iter()
                .enumerate()
                .map(|(index, ranked)| self.incident(index + 1, ranked))
                .collect(),
            diagnoses,
            attempts: self.attempts(),
            totals: self.totals(),
            background: self.background(),
            older: self.older(),
            clocks: self.clocks(),
            coverage: self.coverage(),
            archives: self.reading.archives.clone(),
            collect: self.collect(),
            conditions: self.conditions(),
            notices: self.notices(),
            leads: leads::leads(
                self.reading,
                self.scene,
                &self.ranked.iter().map(|r| &r.incident).collect::<Vec<_>>(),
            ),
            warnings: self.warnings(),
        }
    }

    fn tool(&self) -> view::Tool {
        view::Tool {
            name: "rdpwhy".to_owned(),
            version: self.options.version.clone(),
            rules: self.pack().fingerprint().to_owned(),
            signals: self.pack().signals().len(),
            causes: self.pack().causes().len(),
        }
    }

    fn stages(&self) -> Vec<view::Stage> {
        let stages = self.pack().ladder().stages.iter();
        stages.map(|stage| view::Stage { id: stage.id.clone(), title: stage.title.clone() }).collect()
    }
}

/// Causes as a person should read them: the answer on each incident, then what else is possible. What nothing speaks for
/// comes last, however common it is.
fn in_reading_order(causes: Vec<(bool, view::Cause)>) -> Vec<view::Cause> {
    let mut answered = 0;
    let (answers, mut others): (Vec<_>, Vec<_>) = causes.into_iter().partition(|(supported, cause)| {
        let is_answer = cause.incident > answered && *supported;
        answered = answered.max(cause.incident);
        is_answer
    });
    others.sort_by(|(one, a), (other, b)| {
        other
            .cmp(one)
            .then(b.probability.total_cmp(&a.probability))
            .then(a.incident.cmp(&b.incident))
            .then_with(|| a.cause.cmp(&b.cause))
    });
    answers.into_iter().chain(others).map(|(_, cause)| cause).collect()
}
