//! The rule pack: all rules read, checked against each other and compiled.

use crate::cause::{Cause, Notice, Step};
use crate::check::{self, Check};
use crate::code::{self, CodeTable};
use crate::embedded::{self, Embedded};
use crate::fault::{Fault, Faults};
use crate::fingerprint::fingerprint;
use crate::identity::{self, Identities};
use crate::index::SignalIndex;
use crate::kind::Kind;
use crate::ladder::{Ladder, Role};
use crate::load::{self, Names, RuleFile};
use crate::message;
use crate::record::Record;
use crate::sight::KindSight;
use crate::signal::{self, LogSources, Origin, Signal};
use crate::yaml::{self, Node};
use crate::{CauseId, SignalId, StepId};
use rdpwhy_event::{Event, Marks, Sight, Wants, Wording};
use std::collections::BTreeMap;
use std::net::SocketAddr;

/// The rules as they run. Once loaded, a rule cannot be wrong.
#[derive(Debug)]
pub struct Pack {
    signals: Vec<Signal>,
    homes: Vec<String>,
    index: SignalIndex<SignalId>,
    ladder: Ladder,
    causes: Vec<Cause>,
    notices: Vec<Notice>,
    steps: Vec<Step>,
    checks: Vec<Check>,
    codes: Vec<CodeTable>,
    identities: Identities,
    wording: Wording,
    fingerprint: String,
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
    /// Reads the rules built into the program and those added to them, which replace what has the same kind and id.
    ///
    /// A file's folder tells its kind: `signals/`, `causes/`, `notices/`, `steps/`, `checks/`; `ladder.yml`, `logsources.yml`,
    /// `identities.yml` and `messages.yml` stand by themselves. Added files outside such folders are read as Sigma rules written elsewhere.
    ///
    /// # Errors
    /// All faults of all files at once. Warnings alone are handed back with the pack.
    pub fn load(base: &[RuleFile], added: &[RuleFile]) -> Result<(Pack, Faults), PackError> {
        Pack::of(base.iter().chain(added).map(Source::from))
    }

    /// As [`Pack::load`] of [`embedded`](crate::embedded), but without reading the YAML of the built-in rules: the build did that.
    ///
    /// # Errors
    /// Those of [`Pack::load`].
    pub fn built_in(added: &[RuleFile]) -> Result<(Pack, Faults), PackError> {
        Pack::of(embedded::files().iter().map(Source::from).chain(added.iter().map(Source::from)))
    }

    fn of<'a>(sources: impl Iterator<Item = Source<'a>>) -> Result<(Pack, Faults), PackError> {
        let faults = Faults::new();
        let loading = Loading::new(sources, &faults);
        let pack = loading.pack();
        if !faults.is_empty() {
            loading.remember_texts();
        }
        if faults.error_count() > 0 { Err(PackError { faults }) } else { Ok((pack, faults)) }
    }

    /// The signals that recognise the event, in order of their names.
    pub fn recognise(&self, event: &Event) -> Vec<SignalId> {
        let mut candidates = Vec::new();
        self.index.candidates(&event.provider, event.event_id, &event.channel, &mut candidates);
        candidates.retain(|id| self.signals[id.index()].is_match(event as &dyn Record));
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
        &self.signals
    }

    /// A signal with the channel that its records stand in.
    pub fn signal(&self, id: SignalId) -> SignalView<'_> {
        SignalView {
            name: &self.signals[id.index()].name,
            signal: &self.signals[id.index()],
            home: &self.homes[id.index()],
        }
    }

    /// How records join into attempts.
    pub fn ladder(&self) -> &Ladder {
        &self.ladder
    }

    /// All causes, by id.
    pub fn causes(&self) -> &[Cause] {
        &self.causes
    }

    /// A cause.
    pub fn cause(&self, id: CauseId) -> &Cause {
        &self.causes[id.index()]
    }

    /// The cause of that name.
    pub fn find_cause(&self, id: &str) -> Option<&Cause> {
        self.causes.iter().find(|cause| cause.id == id)
    }

    /// All notices, by id.
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// A step.
    pub fn step(&self, id: StepId) -> &Step {
        &self.steps[id.index()]
    }

    /// All steps, by id.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// All live checks, by id.
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }

    /// Which values of records name people, machines and domains.
    pub fn identities(&self) -> &Identities {
        &self.identities
    }

    /// All tables of codes, by id.
    pub fn codes(&self) -> &[CodeTable] {
        &self.codes
    }

    /// The first 16 digits of the SHA-256 over all rule texts.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }
}

/// A signal with what is worked out about it.
#[derive(Debug, Clone, Copy)]
pub struct SignalView<'a> {
    /// Its name.
    pub name: &'a String,
    /// The rule.
    pub signal: &'a Signal,
    home: &'a str,
}

impl<'a> SignalView<'a> {
    /// The channel that its records usually stand in: the first of its log source. Empty if it has none.
    pub fn home_channel(&self) -> &'a str {
        self.home
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
        let signals = candidates.into_iter().map(|id| (id, &self.signals[id.index()]));
        Box::new(KindSight::new(signals, (provider, event_id, channel)))
    }

    /// The client's address, without a port.
    fn source(&self, event: &Event) -> Option<String> {
        let fields = self.ladder.fields(Role::Address, &event.marks);
        let mut values = fields.filter_map(|field| event.field(&field.field)).map(str::trim);
        let text = values.find(|value| !self.ladder.is_no_value(value))?;
        Some(text.parse::<SocketAddr>().map_or_else(|_| text.to_owned(), |socket| socket.ip().to_string()))
    }

    fn wording(&self) -> Option<&Wording> {
        Some(&self.wording)
    }
}

/// A rule file to load.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source<'a> {
    kind: Kind,
    name: &'a str,
    pub(crate) path: &'a str,
    pub(crate) text: &'a str,
    built_in: Option<&'static Embedded>,
}

impl<'a> From<&'a RuleFile> for Source<'a> {
    fn from(file: &'a RuleFile) -> Self {
        let kind = Kind::of(&file.path);
        Source { kind, name: kind.name(&file.path), path: &file.path, text: &file.text, built_in: None }
    }
}

impl From<&'static Embedded> for Source<'_> {
    fn from(file: &'static Embedded) -> Self {
        Source { kind: file.kind, name: file.name, path: file.path, text: file.text, built_in: Some(file) }
    }
}

impl Source<'_> {
    /// The documents of the file, read by the build or here.
    fn documents(self, faults: &Faults) -> Vec<Node> {
        self.built_in
            .and_then(Embedded::documents)
            .unwrap_or_else(|| yaml::parse(self.path, self.text, faults))
    }
}

/// The rule files that count, by kind and name.
pub(crate) struct Loading<'a> {
    files: BTreeMap<(Kind, &'a str), Source<'a>>,
    faults: &'a Faults,
}

impl<'a> Loading<'a> {
    /// Of files of the same kind and name the last one counts.
    pub(crate) fn new<'s: 'a>(sources: impl Iterator<Item = Source<'s>>, faults: &'a Faults) -> Self {
        Loading { files: sources.map(|file| ((file.kind, file.name), file)).collect(), faults }
    }

    /// All of them.
    pub(crate) fn all(&self) -> impl Iterator<Item = (Kind, Source<'a>)> {
        self.files.iter().map(|((kind, _), file)| (*kind, *file))
    }

    fn of(&self, kind: Kind) -> impl Iterator<Item = (&'a str, Source<'a>)> {
        self.files
            .range((kind, "")..)
            .take_while(move |((of, _), _)| *of == kind)
            .map(|((_, name), file)| (*name, *file))
    }

    fn pack(&self) -> Pack {
        let signals = self.signals();
        let signal_ids: BTreeMap<String, SignalId> =
            signals.iter().enumerate().map(|(i, signal)| (signal.name.clone(), SignalId::at(i))).collect();
        let cause_ids = self
            .of(Kind::Cause)
            .enumerate()
            .map(|(i, (name, _))| (name.to_owned(), CauseId::at(i)))
            .collect();
        let steps: Vec<Step> = self
            .of(Kind::Step)
            .filter_map(|(_, file)| load::step(file.path, &self.root(file)?, self.faults))
            .collect();
        let step_ids = steps.iter().enumerate().map(|(i, step)| (step.id.clone(), StepId::at(i))).collect();
        let ladder_file = self.of(Kind::Ladder).next().map(|(_, file)| file);
        let ladder_root = ladder_file.and_then(|file| self.root(file));
        let (Some(ladder_file), Some(ladder_root)) = (ladder_file, ladder_root) else {
            self.faults.push(Fault::error(
                "ladder::missing",
                "there is no ladder.yml, so no attempt can be rebuilt",
            ));
            return Pack::empty();
        };
        let (stages, ranking) = load::stages_and_strengths(&ladder_root, self.faults, ladder_file.path);
        let names = Names {
            signals: &signal_ids,
            causes: &cause_ids,
            steps: &step_ids,
            stages: &stages,
            strengths: &ranking.strengths,
        };
        let causes: Vec<Cause> = self
            .of(Kind::Cause)
            .filter_map(|(_, file)| load::cause(file.path, &self.root(file)?, &names, self.faults))
            .collect();
        let notices = self
            .of(Kind::Notice)
            .filter_map(|(_, file)| load::notice(file.path, &self.root(file)?, &names, self.faults))
            .collect();
        let checks = self
            .of(Kind::Check)
            .filter_map(|(_, file)| check::check(file.path, &self.root(file)?, &cause_ids, self.faults))
            .collect();
        let identities = self
            .of(Kind::Identities)
            .next()
            .and_then(|(_, file)| {
                Some(identity::identities(file.path, &self.root(file)?, &signal_ids, self.faults))
            })
            .unwrap_or_default();
        let code_files: Vec<_> =
            self.of(Kind::Codes).filter_map(|(_, file)| Some((file.path, self.root(file)?))).collect();
        let codes = code::tables(&code_files, &cause_ids, self.faults);
        let ladder = load::ladder(
            ladder_file.path,
            &ladder_root,
            &names,
            stages.clone(),
            ranking.clone(),
            self.faults,
        );
        let homes =
            signals.iter().map(|s| s.log_source.channels.first().cloned().unwrap_or_default()).collect();
        let index = SignalIndex::new(signals.iter().enumerate().map(|(i, signal)| (SignalId::at(i), signal)));
        Pack {
            signals,
            homes,
            index,
            ladder,
            causes,
            notices,
            steps,
            checks,
            codes,
            identities,
            wording: self.wording(),
            fingerprint: self.fingerprint(),
        }
    }

    fn root(&self, file: Source<'_>) -> Option<Node> {
        let documents = file.documents(self.faults);
        if documents.len() > 1 {
            let fault = Fault::error("rule::several-rules", "a file holds one rule").label("a second one");
            self.faults.push(fault.file(file.path).span(documents[1].span));
        }
        documents.into_iter().next()
    }

    /// The texts of messages.
    fn wording(&self) -> Wording {
        let mut wording = Wording::default();
        for (_, file) in self.of(Kind::Messages) {
            if let Some(root) = self.root(file) {
                message::messages(file.path, &root, &mut wording, self.faults);
            }
        }
        wording
    }

    /// Signals by name; an added one replaces a built-in one of its name.
    fn signals(&self) -> Vec<Signal> {
        let mut sources = LogSources::default();
        for (_, file) in self.of(Kind::LogSources) {
            sources = LogSources::of(file.path, &file.documents(self.faults), self.faults);
        }
        let mut signals: BTreeMap<String, Signal> = BTreeMap::new();
        for (kind, origin) in [(Kind::Signal, Origin::Pack), (Kind::Foreign, Origin::Foreign)] {
            for (_, file) in self.of(kind) {
                let documents = file.documents(self.faults);
                for signal in signal::of_documents(file.path, &documents, &sources, origin, self.faults) {
                    signals.insert(signal.name.clone(), signal);
                }
            }
        }
        signals.into_values().collect()
    }

    fn fingerprint(&self) -> String {
        if self.files.len() == embedded::files().len()
            && self.files.values().all(|file| file.built_in.is_some())
        {
            return embedded::FINGERPRINT.to_owned();
        }
        fingerprint(self.files.iter().map(|((kind, name), file)| (*kind, *name, file.text)))
    }

    /// Keeps all texts to show the lines of faults.
    fn remember_texts(&self) {
        self.files.values().for_each(|file| self.faults.remember(file.path, file.text));
    }
}

impl Pack {
    fn empty() -> Pack {
        use crate::StageId;
        use crate::ladder::{Preconnection, Probe, Ranking, Retry, Strangers};
        use std::time::Duration;
        Pack {
            signals: Vec::new(),
            homes: Vec::new(),
            index: SignalIndex::new(std::iter::empty()),
            ladder: Ladder {
                stages: Vec::new(),
                ranking: Ranking { none: 1.0, stage_mismatch: 1.0, diagnosed: 1.0, strengths: Vec::new() },
                roles: Vec::new(),
                no_value: Vec::new(),
                machine_accounts: Vec::new(),
                window: Duration::ZERO,
                patience: Duration::ZERO,
                clocks: Vec::new(),
                cuts: Vec::new(),
                changes: Vec::new(),
                incident_gap: Duration::ZERO,
                clock_offset: Duration::ZERO,
                preconnection: Preconnection { below: StageId::FIRST, within: Duration::ZERO },
                refused: Vec::new(),
                abandoned: Vec::new(),
                short_session: Duration::ZERO,
                strangers: Strangers { sources: 0, hourly: 0 },
                retry: Retry { within: Duration::ZERO, tries: 0 },
                probe: Probe { below: StageId::FIRST, attempts: 0, regular: 0, burst: 0 },
                milestones: Vec::new(),
                records: Vec::new(),
            },
            causes: Vec::new(),
            notices: Vec::new(),
            steps: Vec::new(),
            checks: Vec::new(),
            codes: Vec::new(),
            identities: Identities::default(),
            wording: Wording::default(),
            fingerprint: String::new(),
        }
    }
}
