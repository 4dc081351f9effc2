//! The arithmetic of one cause, so that a person can do it again.

use super::page::Tone;
use super::report::Report;
use crate::words::figure::{exact, percent, several};
use crate::words::incident::causes_of;
use crate::words::reason::{sentence, weight};
use crate::words::visible::value;
use rdpwhy_diagnose::diagnosis::{Cause, Evidence, Incident, State};

/// Causes with a smaller share of all weights are told together.
const SHARE_TOLD: f64 = 0.001;
/// Columns of a figure with its sign.
const FIGURE: usize = 20;
/// What is said of figures that rounding moved by more than this.
const ROUNDING: f64 = 0.000_5;

impl<'a> Report<'a> {
    pub(super) fn explain(&mut self, id: &str) {
        let diagnosis = self.diagnosis;
        let of_id = |cause: &&'a Cause| cause.cause == id;
        let causes: Vec<&'a Cause> = diagnosis.diagnoses.iter().filter(of_id).collect();
        if causes.is_empty() {
            self.unexplained(id);
        }
        for incident in &diagnosis.incidents {
            for cause in causes.iter().filter(|cause| cause.incident == incident.id) {
                self.sum(incident, cause);
            }
        }
    }

    fn unexplained(&mut self, id: &str) {
        self.page.blank();
        if self.diagnosis.diagnoses.is_empty() {
            let text = format!(
                "Nothing to explain about {}: no failure was found, so no cause was weighed.",
                value(id)
            );
            self.page.paragraph(0, &text, Tone::Plain);
            return;
        }
        self.page.paragraph(
            0,
            &format!("No cause is called {}. The causes weighed are:", value(id)),
            Tone::Strong,
        );
        let mut known: Vec<&str> =
            self.diagnosis.diagnoses.iter().map(|cause| cause.cause.as_str()).collect();
        known.sort_unstable();
        known.dedup();
        self.page.paragraph(2, &known.into_iter().map(value).collect::<Vec<_>>().join(", "), Tone::Plain);
    }

    fn sum(&mut self, incident: &Incident, cause: &Cause) {
        let title = format!(
            "How {} comes to {} in incident {}",
            value(&cause.cause),
            percent(cause.probability),
            incident.id
        );
        self.page.heading(&title);
        let text = "The weight of a cause is its prior, multiplied by what each piece of evidence makes of it. Its \
            probability is its share of the weights of all causes and of \"none of these\".";
        self.page.paragraph(2, text, Tone::Plain);
        self.page.blank();
        self.figure(
            "",
            &exact(cause.prior),
            &format!("prior: how common it is before any evidence ({})", value(&cause.prior_basis)),
        );
        for evidence in &cause.evidence {
            let text = format!(
                "{}: {} ({})",
                value(&evidence.id.to_string()),
                sentence(evidence),
                value(&evidence.basis)
            );
            self.figure("×", &exact(evidence.likelihood_ratio), &text);
        }
        self.figure("=", &exact(weight(cause)), "its weight");
        self.total(incident, cause);
        self.uncounted(cause);
    }

    fn total(&mut self, incident: &Incident, cause: &Cause) {
        let causes = causes_of(self.diagnosis, incident);
        let total = incident.none_weight + causes.iter().map(|cause| weight(cause)).sum::<f64>();
        let mut others: Vec<&Cause> = causes.into_iter().filter(|other| other.cause != cause.cause).collect();
        let told = others
            .iter()
            .take(self.limits.summands)
            .take_while(|other| weight(other) >= SHARE_TOLD * total)
            .count();
        let rest = others.split_off(told);
        self.page.blank();
        self.figure("", &exact(weight(cause)), &format!("{}, as above", value(&cause.cause)));
        self.figure("+", &exact(incident.none_weight), none_of_these(incident));
        for other in others {
            self.figure("+", &exact(weight(other)), &value(&other.cause));
        }
        if !rest.is_empty() {
            let sum: f64 = rest.iter().map(|other| weight(other)).sum();
            self.figure("+", &exact(sum), &several(rest.len(), "other cause"));
        }
        self.figure("=", &exact(total), "all weights");
        self.share(cause, total);
    }

    fn share(&mut self, cause: &Cause, total: f64) {
        let share = weight(cause) / total;
        self.page.blank();
        let text = format!(
            "probability = {} / {} = {} = {}",
            exact(weight(cause)),
            exact(total),
            exact(share),
            percent(cause.probability)
        );
        self.page.paragraph(2, &text, Tone::Strong);
        if (share - cause.probability).abs() > ROUNDING {
            let text = format!(
                "The diagnosis says {}: it calculates with more digits than it shows.",
                exact(cause.probability)
            );
            self.page.paragraph(2, &text, Tone::Plain);
        }
        if share < 1.0 {
            self.page.paragraph(2, &format!("odds = {} to 1", exact(share / (1.0 - share))), Tone::Plain);
        }
    }

    fn uncounted(&mut self, cause: &Cause) {
        if cause.not_counted.is_empty() {
            return;
        }
        self.page.blank();
        self.page.line("  ", "Did not count (× 1)", Tone::Strong);
        for state in [State::Present, State::Absent, State::Unknown] {
            for evidence in cause.not_counted.iter().filter(|evidence| evidence.state == state) {
                let why =
                    evidence.note.as_deref().map(|note| format!(" · {}", value(note))).unwrap_or_default();
                let text = format!("{}{}{why}", side(evidence), value(&evidence.id.to_string()));
                self.page.item(&format!("    {state:<9}"), Tone::Plain, &text, Tone::Plain);
            }
        }
    }

    fn figure(&mut self, sign: &str, figure: &str, text: &str) {
        let lead = format!("  {sign:<2}{figure:<width$}", width = FIGURE - 6);
        self.page.item(&format!("{lead}  "), Tone::Strong, text, Tone::Plain);
    }
}

/// Why "none of these" weighs what it weighs.
fn none_of_these(incident: &Incident) -> &'static str {
    if incident.none_weight > incident.none_prior {
        return "none of these: raised from its prior, since only symptoms speak for the first cause or no attempt is in \
            the logs";
    }
    "none of these: its prior, which no evidence moves"
}

fn side(evidence: &Evidence) -> &'static str {
    if evidence.for_it { "for: " } else { "against: " }
}
