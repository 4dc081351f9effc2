//! The rule pack: all rules read, checked against each other and compiled.

use std::net::SocketAddr;

use rdpwhy_event::{Event, Marks, Sight, Wants, Wording};
use rdpwhy_sigma::{Index, KindSight, Record};
use rdpwhy_yaml::Faults;

use crate::basis::BASIS_KINDS;
use crate::id::{CauseId, SignalId, StepId};
use crate::kinds::cause::Cause;
use crate::kinds::check::Check;
use crate::kinds::code::{CodeTable, CodeValue, Decoded};
use crate::kinds::identities::Identities;
use crate::kinds::ladder::Ladder;
use crate::kinds::ladder::role::Role;
use crate::kinds::notice::Notice;
use crate::kinds::signal::Signal;
use crate::kinds::sources::Sources;
use crate::kinds::step::Step;

/// The rules as they run. Once loaded, a rule cannot be wrong.
#[derive(Debug)]
pub struct Pack {
    parts: Parts,
    index: Index<SignalId>,
}

/// What a pack holds: every list in the order of ids.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Parts {
    pub(crate) signals: Vec<Signal>,
    pub(crate) ladder: Ladder,
    pub(crate) causes: Vec<Cause>,
    pub(crate) notices: Vec<Notice>,
    pub(crate) steps: Vec<Step>,
    pub(crate) checks: Vec<Check>,
    pub(crate) codes: Vec<CodeTable>,
    pub(crate) identities: Identities,
    pub(crate) sources: Sources,
    pub(crate) wording: Wording,
    pub(crate) fingerprint: String,
}

/// Rules that cannot be used, with every fault of every file.
#[derive(Debug)]
pub struct PackError {
    /// All faults, warnings included.
    pub faults: Faults,
}

impl std::fmt::Display for PackError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.faults.render(false))
    }
}

impl std::error::Error for PackError {}

impl Pack {
    /// A pack of rules that are checked.
    pub(crate) fn new(parts: Parts) -> Pack {
        let id = |(at, signal)| (SignalId::at(at), signal);
        let signals = parts.signals.iter().enumerate().filter(|(_, signal)| signal.sought).map(id);
        let index =
            Index::new(signals.map(|(id, s): (_, &Signal)| (id, &s.detection, &*s.log_source.channels)));
        Pack { parts, index }
    }

    /// The signals that recognise the event, in order of their names.
    pub fn recognise(&self, event: &Event) -> Vec<SignalId> {
        let mut candidates = Vec::new();
        self.index.candidates(&event.provider, event.event_id, &event.channel, &mut candidates);
        candidates.retain(|id| self.parts.signals[id.index()].is_match(event as &dyn Record));
        candidates.sort_unstable();
        candidates
    }

    /// The signals that recognise the event, as marks. Where it was read with these rules it has them already.
    pub fn marks(&self, event: &Event) -> Marks {
        if !event.marks.numbers().is_empty() {
            return event.marks.clone();
        }
        let numbers: Vec<u32> = self.recognise(event).into_iter().map(SignalId::number).collect();
        Marks::new(&numbers)
    }

    /// All signals, by name.
    pub fn signals(&self) -> &[Signal] {
        &self.parts.signals
    }

    /// A signal with the channel that its records stand in.
    pub fn signal(&self, id: SignalId) -> SignalView<'_> {
        let signal = &self.parts.signals[id.index()];
        SignalView { name: &signal.name, signal }
    }

    /// How records join into attempts.
    pub fn ladder(&self) -> &Ladder {
        &self.parts.ladder
    }

    /// All causes, by id.
    pub fn causes(&self) -> &[Cause] {
        &self.parts.causes
    }

    /// A cause.
    pub fn cause(&self, id: CauseId) -> &Cause {
        &self.parts.causes[id.index()]
    }

    /// The cause of that name.
    pub fn find_cause(&self, id: &str) -> Option<&Cause> {
        self.parts.causes.iter().find(|cause| cause.id == id)
    }

    /// The probability of a cause before any evidence: its share of what "none of these" leaves to all causes.
    #[must_use]
    pub fn prior(&self, cause: &Cause) -> f64 {
        let total: f64 = self.causes().iter().map(|cause| cause.prior).sum();
        cause.prior / total * (1.0 - self.ladder().ranking.none)
    }

    /// How many numbers of causes and of the ladder rest on what, by [`Basis::kind`](crate::Basis::kind).
    #[must_use]
    pub fn bases(&self) -> [usize; BASIS_KINDS.len()] {
        let mut counts = self.ladder().numbers;
        for cause in self.causes() {
            counts[cause.prior_basis.kind()] += 1;
            for piece in &cause.evidence {
                counts[piece.basis.kind()] += 1 + usize::from(piece.if_absent.is_some());
            }
            let first = cause.variants.iter().flat_map(|variant| &variant.first);
            for fix in cause.fix.iter().chain(first).filter(|fix| fix.helps > 0.0) {
                counts[fix.basis.kind()] += 1;
            }
        }
        counts
    }

    /// The documents, logs and reports that rules refer to.
    pub fn sources(&self) -> &Sources {
        &self.parts.sources
    }

    /// All notices, by id.
    pub fn notices(&self) -> &[Notice] {
        &self.parts.notices
    }

    /// A step.
    pub fn step(&self, id: StepId) -> &Step {
        &self.parts.steps[id.index()]
    }

    /// All steps, by id.
    pub fn steps(&self) -> &[Step] {
        &self.parts.steps
    }

    /// All live checks, by id.
    pub fn checks(&self) -> &[Check] {
        &self.parts.checks
    }

    /// Which values of records name people, machines and domains.
    pub fn identities(&self) -> &Identities {
        &self.parts.identities
    }

    /// All tables of codes, by id.
    pub fn codes(&self) -> &[CodeTable] {
        &self.parts.codes
    }

    /// What the value of a record's field stands for, if it is a known code.
    ///
    /// Values such as `Name(0x7)` hold their code in the last pair of parentheses.
    #[must_use]
    pub fn decode(&self, provider: &str, event_id: u32, field: &str, value: &str) -> Option<Decoded<'_>> {
        let code = CodeValue::parse(value)
            .or_else(|| CodeValue::parse(value.rsplit_once('(')?.1.strip_suffix(')')?))?;
        let holds = |table: &&CodeTable| {
            table
                .fields
                .iter()
                .any(|of| of.provider == provider && of.event_id == event_id && of.field == field)
        };
        let entry = self.codes().iter().filter(holds).find_map(|table| table.find(&code))?;
        Some(Decoded { name: entry.name.as_deref(), means: &entry.means })
    }

    /// The signals that look at records with this event id, in order of their names, each with the provider that it asks for (in
    /// lower case; `None`: any). Signals that name no event id are not among them.
    #[must_use]
    pub fn signals_of_event(&self, event_id: u32) -> Vec<(SignalId, Option<&str>)> {
        self.index.of_event_id(event_id)
    }

    /// The tables of the two codes that the client's dialog shows.
    #[must_use]
    pub fn dialog(&self) -> Option<(&CodeTable, &CodeTable)> {
        self.codes().iter().find_map(|table| {
            let second = table.paired_with.as_ref()?;
            Some((table, self.codes().iter().find(|other| other.id == *second)?))
        })
    }

    /// The first 16 digits of the SHA-256 over all rule texts.
    pub fn fingerprint(&self) -> &str {
        &self.parts.fingerprint
    }
}

/// A signal with what is worked out about it.
#[derive(Debug, Clone, Copy)]
pub struct SignalView<'a> {
    /// Its name.
    pub name: &'a String,
    /// The rule.
    pub signal: &'a Signal,
}

impl<'a> SignalView<'a> {
    /// The channel that its records usually stand in: the first of its log source. Empty if it has none.
    pub fn home_channel(&self) -> &'a str {
        self.signal.log_source.channels.first().map_or("", String::as_str)
    }
}

impl Wants for Pack {
    fn wants(&self, provider: &str, event_id: u32, channel: &str) -> bool {
        self.index.wants(provider, event_id, channel)
    }

    /// The marks are the numbers of the signals that recognise the event, in order.
    fn sight(&self, provider: &str, event_id: u32, channel: &str) -> Box<dyn Sight + '_> {
        let mut candidates = Vec::new();
        self.index.candidates(provider, event_id, channel, &mut candidates);
        let detections =
            candidates.into_iter().map(|id| (id.number(), &self.parts.signals[id.index()].detection));
        Box::new(KindSight::new(detections, (provider, event_id, channel)))
    }

    /// The client's address, without a port.
    fn source(&self, event: &Event) -> Option<String> {
        let fields = self.parts.ladder.fields(Role::Address, &event.marks);
        let mut values = fields.filter_map(|field| event.field(&field.field)).map(str::trim);
        let text = values.find(|value| !self.parts.ladder.is_no_value(value))?;
        Some(text.parse::<SocketAddr>().map_or_else(|_| text.to_owned(), |socket| socket.ip().to_string()))
    }

    fn wording(&self) -> Option<&Wording> {
        Some(&self.parts.wording)
    }
}
