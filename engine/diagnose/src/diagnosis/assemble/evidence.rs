//! A piece of evidence: what it is, what it weighed and which records show it.

use crate::diagnosis::assemble::assembly::Assembly;
use crate::diagnosis::assemble::figure::round;
use crate::diagnosis::assemble::record::cut;
use crate::diagnosis::assemble::sentence::{is_zero, plain};
use crate::diagnosis::result as view;
use crate::evidence::seen::{Seen, State};
use crate::ranking::weighed::{Piece, Weighed};
use rdpwhy_rules::finding::Finding;
use rdpwhy_rules::{Cause, CauseId};

/// At most so many values of a record are told beside a piece of evidence.
const TELLING: usize = 4;

impl Assembly<'_> {
    pub(super) fn evidence(&self, cause: &Cause, weighed: &Weighed) -> Option<view::Evidence> {
        let seen = &weighed.seen;
        let ratio = if weighed.counted { round(weighed.log_ratio.exp()) } else { 1.0 };
        let evidence = match weighed.piece {
            Piece::Rule(index) => &cause.evidence[index],
            Piece::Stage => return weighed.counted.then(|| self.stage_evidence(cause, seen, ratio)),
            Piece::Unexplained => return weighed.counted.then(|| self.unexplained_evidence(seen, ratio)),
            Piece::Effect(effect) => return Some(self.effect_evidence(effect, seen, ratio)),
            Piece::Calibrated => return Some(self.calibration(seen, ratio)),
            Piece::Bounded => return Some(self.bounded_evidence(seen, ratio)),
        };
        let mut because: view::Sentence = match (seen.state, evidence.if_absent) {
            (State::Absent, Some(_)) => {
                format!("Missing, although the logs cover it: {}", plain(&evidence.because)).into()
            }
            _ => self.fill(&evidence.because, seen),
        };
        if let Some((also, of)) = seen.successes {
            because.say(&format!(" ({} of {} failures, {also} of {of} successes)", seen.count, seen.of));
        }
        let note = match seen.state {
            State::Unknown => Some(seen.why.clone().unwrap_or_else(|| "unknown".to_owned())),
            State::Absent if !weighed.counted => Some("not seen".to_owned()),
            State::Present if !weighed.counted => Some(match &evidence.group {
                Some(group) => format!("stronger evidence of the group `{group}` counts instead"),
                None => "says nothing by itself".to_owned(),
            }),
            _ => None,
        };
        Some(view::Evidence {
            id: view::EvidenceId::Rule(evidence.id.clone()),
            signal: self.name(&evidence.finding),
            because,
            likelihood_ratio: ratio,
            basis: evidence.basis.to_string(),
            for_it: if weighed.counted { weighed.log_ratio > 0.0 } else { evidence.supports },
            state: seen.state,
            seen: seen.count,
            of: seen.of,
            group: evidence.group.clone(),
            recovered: seen.recovered,
            note,
            telling: self.telling(&evidence.finding, seen),
            record_count: seen.total,
            records: if weighed.counted { self.proof(&seen.events) } else { self.records(&seen.events) },
        })
    }

    fn stage_evidence(&self, cause: &Cause, seen: &Seen, ratio: f64) -> view::Evidence {
        let stages: Vec<String> = cause.stages.iter().map(|stage| self.stage(*stage)).collect();
        let what = &self.pack().ladder().words.connection;
        let because =
            format!("The {what}s failed at another stage: this cause fails at {}", stages.join(", "));
        let seen = Seen { events: Vec::new(), total: 0, ..seen.clone() };
        self.against(view::EvidenceId::Stage, "stage", because, &seen, ratio)
    }

    /// What speaks for a cause that this one brings about.
    fn effect_evidence(&self, effect: CauseId, seen: &Seen, ratio: f64) -> view::Evidence {
        let effect = self.pack().cause(effect);
        let because = format!("It brings about another fault that these logs show: {}", effect.verdict);
        let evidence = self.against(view::EvidenceId::Effect, &effect.id, because, seen, ratio);
        view::Evidence { for_it: true, ..evidence }
    }

    /// How much more often such answers are right than the estimates say.
    fn calibration(&self, seen: &Seen, ratio: f64) -> view::Evidence {
        let because = "Calibration: on composed tickets, answers as sure as this are right more often than the \
                       estimates say";
        let evidence =
            self.against(view::EvidenceId::Calibration, "calibration", because.into(), seen, ratio);
        let basis = self.pack().ladder().basis_of("ranking.calibration").to_string();
        view::Evidence { for_it: true, basis, ..evidence }
    }

    /// Nothing but symptoms speaks for the cause.
    fn bounded_evidence(&self, seen: &Seen, ratio: f64) -> view::Evidence {
        let most = self.pack().ladder().ranking.symptoms;
        let because =
            format!("Only symptoms, and no record of what went wrong: together they count at most ×{most}");
        self.against(view::EvidenceId::SymptomsOnly, "symptoms only", because, seen, ratio)
    }

    /// A record beside the failures of which the cause does not say why it is there.
    fn unexplained_evidence(&self, seen: &Seen, ratio: f64) -> view::Evidence {
        let event = seen.events.first().copied();
        let signals = event.into_iter().flat_map(|event| self.scene.timeline.signals(event));
        let signal = signals.min().map(|signal| self.pack().signal(signal));
        let (name, title) =
            signal.map_or(("", ""), |signal| (signal.name.as_str(), signal.signal.title.as_str()));
        let because = format!("This cause does not explain a record beside the failures: {title}");
        self.against(view::EvidenceId::Unexplained, name, because, seen, ratio)
    }

    /// What speaks against a cause without its rule saying so.
    fn against(
        &self,
        id: view::EvidenceId,
        signal: &str,
        because: String,
        seen: &Seen,
        ratio: f64,
    ) -> view::Evidence {
        view::Evidence {
            id,
            signal: signal.to_owned(),
            because: because.into(),
            likelihood_ratio: ratio,
            basis: self.pack().ladder().basis.to_string(),
            for_it: false,
            state: State::Present,
            seen: seen.count,
            of: seen.of,
            group: None,
            recovered: seen.recovered,
            note: None,
            telling: Vec::new(),
            record_count: seen.total,
            records: self.proof(&seen.events),
        }
    }

    /// The values of the first record that its signals call worth showing; codes with what they are called.
    fn telling(&self, finding: &Finding, seen: &Seen) -> Vec<view::Field> {
        let (Finding::Signal { signals, .. }, Some(first)) = (finding, seen.events.first()) else {
            return Vec::new();
        };
        let event = &self.scene.timeline.events[*first as usize];
        let recognised: Vec<_> = self.scene.timeline.signals(*first).collect();
        let own = signals.iter().filter(|signal| recognised.contains(signal));
        let mut fields: Vec<view::Field> = Vec::new();
        for name in own.flat_map(|signal| &self.pack().signal(*signal).signal.fields) {
            let Some(value) = event.field(name).map(str::trim) else { continue };
            if value.is_empty() || value == "-" || fields.iter().any(|field| field.name == *name) {
                continue;
            }
            let code = self.pack().decode(&event.provider, event.event_id, name, value);
            // A second code that is zero adds nothing to the first.
            if code.is_some() && is_zero(value) && !fields.is_empty() {
                continue;
            }
            let value = cut(value);
            let value = code.map_or(value.clone(), |code| format!("{value} ({})", code.label()));
            fields.push(view::Field { name: name.clone(), value });
        }
        fields.truncate(TELLING);
        fields
    }

    fn name(&self, finding: &Finding) -> String {
        match finding {
            Finding::Signal { signals, .. } | Finding::Absent { signals, .. } => signals
                .iter()
                .map(|signal| self.pack().signal(*signal).name.clone())
                .collect::<Vec<_>>()
                .join(", "),
            Finding::Attempts(fact) => fact.phrase.clone(),
            Finding::Code(_) => "code".to_owned(),
            Finding::Extended(_) => "extended".to_owned(),
        }
    }
}
