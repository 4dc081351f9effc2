//! The verdict on an incident: what is wrong where, since when, for whom.

use super::list::counted;
use super::paper::{code, plain, said};
use super::report::Report;
use crate::words::figure::{percent, sure};
use crate::words::incident::{course, failures, undecided};
use crate::words::ladder::Ladder;
use crate::words::visible::{prose, value};
use rdpwhy_diagnose::diagnosis::{Cause, Incident};

impl Report<'_> {
    pub(super) fn verdict(&mut self, incident: &Incident, causes: &[&Cause]) {
        self.headline(incident, causes);
        self.scene(incident);
    }

    fn headline(&mut self, incident: &Incident, causes: &[&Cause]) {
        let number = match self.diagnosis.incidents.len() {
            1 => String::new(),
            all => format!("Incident {} of {all}: ", incident.id),
        };
        let first = causes.first().filter(|_| incident.stands_out);
        let title = match first {
            Some(first) => format!("{} · {}", percent(first.probability), plain(&value(&first.headline))),
            None => plain(&undecided(self.diagnosis, incident, causes).0),
        };
        self.paper.heading(3, &format!("{number}{title}"));
        if let Some(first) = first {
            let text = format!(
                "{} · fault: {}{}",
                code(&first.cause),
                self.diagnosis.words.fault(first.side),
                sure(first.probability)
            );
            self.paper.paragraph(&text);
            if let Some(says) = &first.says {
                self.paper.paragraph(&said(&value(says)));
            }
        } else {
            let text =
                format!("Probability that none of the known causes applies: {}", percent(incident.none));
            self.paper.paragraph(&text);
        }
    }

    /// Machine, stage, number and time of the failures, and who had them.
    fn scene(&mut self, incident: &Incident) {
        let mut facts = vec![format!("**Machine:** {}", code(&self.places.machine(&incident.machine)))];
        if incident.assumed {
            facts.push("**Failures:** no attempt is in these logs; they show a fault that lasts".to_owned());
        } else {
            let span = self.clock.span(incident.started, incident.ended);
            facts.push(format!("**Failures:** {} · {span}", failures(self.diagnosis, incident)));
        }
        facts.extend(self.breaks(incident).map(|text| format!("**Stage:** {text}")));
        for (what, list, all) in [
            ("From", &incident.sources, incident.source_count),
            ("Users", &incident.users, incident.user_count),
        ] {
            facts.extend(counted(list, all, self.limits.people).map(|text| format!("**{what}:** {text}")));
        }
        if incident.strangers {
            facts.push(self.diagnosis.words.only_strangers.clone());
        }
        facts.extend(self.last_good(incident).map(|good| format!("**Last good:** {good}")));
        facts.extend(course(self.diagnosis, incident, &self.clock).iter().map(|text| plain(text)));
        self.paper.items(facts);
    }

    /// The ladder, with the rung on which the failures broke.
    fn breaks(&self, incident: &Incident) -> Option<String> {
        let ladder = Ladder::of(self.diagnosis, incident)?;
        if ladder.is_unknown() {
            return Some("the logs do not say at which stage".to_owned());
        }
        let (first, last) = (ladder.first(), ladder.last());
        let where_ = if ladder.is_sure() {
            format!("{} ({})", first.id, first.title)
        } else {
            format!("somewhere from {} to {}", first.id, last.id)
        };
        let marks: Vec<String> =
            ladder.rungs().map(|(stage, rung)| format!("{} {}", rung.mark(), stage.id)).collect();
        Some(format!("{} ({})", plain(&where_), plain(&marks.join(" → "))))
    }

    /// The last success before the incident; nothing where no attempt is in the logs.
    fn last_good(&self, incident: &Incident) -> Option<String> {
        if incident.assumed {
            return None;
        }
        Some(match (&incident.last_good, &self.diagnosis.older) {
            (Some(good), _) => {
                let source = good.source.as_deref().map(|source| format!(" from {}", code(&value(source))));
                let user = good.user.as_deref().map(|user| format!(" as {}", code(&value(user))));
                let time = self.clock.second(good.time);
                format!("{time}{}{}", source.unwrap_or_default(), user.unwrap_or_default())
            }
            (None, Some(_)) => "none before in the records that were looked at one by one".to_owned(),
            (None, None) => "none before in these logs".to_owned(),
        })
    }

    pub(super) fn mechanism(&mut self, cause: &Cause) {
        self.paper.paragraph(&plain(&prose(&cause.mechanism)));
    }
}
