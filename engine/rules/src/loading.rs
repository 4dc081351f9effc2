//! Rule files to a pack. Every fault of every file is reported, none stops the others.

use rdpwhy_event::Wording;
use rdpwhy_yaml::{Fault, Faults, Level, Node, Reader};
use std::collections::BTreeMap;

use crate::embedded;
use crate::file::RuleFile;
use crate::files::{Files, Source};
use crate::id::{CauseId, FamilyId, SignalId, StageId, StepId};
use crate::kind::Kind;
use crate::kinds::logsources::LogSources;
use crate::kinds::signal::{Origin, Signal};
use crate::kinds::sources::Sources;
use crate::kinds::step::Step;
use crate::kinds::{cause, check, code, identities, ladder, messages, notice, signal, step};
use crate::names::Names;
use crate::pack::{Pack, PackError, Parts};

impl Pack {
    /// Reads the rules built into the program and those added to them, which replace what has the same kind and id.
    ///
    /// A file's folder tells its kind: `signals/`, `causes/`, `notices/`, `steps/`, `checks/`; `ladder.yml`, `logsources.yml`,
    /// `identities.yml` and `messages.yml` stand by themselves. Added files outside such folders are read as Sigma rules written elsewhere.
    ///
    /// # Errors
    /// All faults of all files at once. Warnings alone are handed back with the pack.
    pub fn load(base: &[RuleFile], added: &[RuleFile]) -> Result<(Pack, Faults), PackError> {
        load(base.iter().chain(added).map(Source::from))
    }

    /// As [`Pack::load`] of [`embedded`](crate::embedded), but without reading the YAML of the built-in rules: the build did that,
    /// and compiled them as they are without others.
    ///
    /// # Errors
    /// Those of [`Pack::load`].
    pub fn built_in(added: &[RuleFile]) -> Result<(Pack, Faults), PackError> {
        if added.is_empty()
            && let Some(parts) = compiled()
        {
            return Ok((Pack::new(parts), Faults::new()));
        }
        load(embedded::files().iter().map(Source::from).chain(added.iter().map(Source::from)))
    }

    /// As [`Pack::built_in`], but without those of the added files that have errors: a warning names each with its first one.
    ///
    /// # Errors
    /// Those of [`Pack::load`] that are in no added file.
    pub fn built_in_leniently(added: &[RuleFile]) -> Result<(Pack, Faults), PackError> {
        leniently(added, Pack::built_in)
    }

    /// As [`Pack::load`], but without those of the added files that have errors: a warning names each with its first one.
    ///
    /// # Errors
    /// Those of [`Pack::load`] that are in no added file.
    pub fn load_leniently(base: &[RuleFile], added: &[RuleFile]) -> Result<(Pack, Faults), PackError> {
        leniently(added, |kept| Pack::load(base, kept))
    }
}

/// Loads as many of the added files as have no error.
fn leniently(
    added: &[RuleFile],
    load: impl Fn(&[RuleFile]) -> Result<(Pack, Faults), PackError>,
) -> Result<(Pack, Faults), PackError> {
    let mut left_out: BTreeMap<String, Fault> = BTreeMap::new();
    loop {
        let kept = added.iter().filter(|file| !left_out.contains_key(&file.path));
        let kept: Vec<RuleFile> = kept.cloned().collect();
        let faults = match load(&kept) {
            Ok((pack, faults)) => {
                left_out.into_values().for_each(|fault| faults.push(fault));
                return Ok((pack, faults));
            }
            Err(error) => error.faults,
        };
        // What names a rule that is left out is wrong itself, so there can be more than one round.
        let found = faults.errors_in(|file| added.iter().any(|added| added.path == file));
        let before = left_out.len();
        for fault in found {
            left_out.entry(fault.file.clone()).or_insert_with(|| set_aside(fault));
        }
        if left_out.len() == before {
            return Err(PackError { faults });
        }
    }
}

/// What a pack of the built-in rules alone holds; `None` where they have a fault to report.
fn compiled() -> Option<Parts> {
    let stored = embedded::compiled();
    (!stored.is_empty()).then(|| postcard::from_bytes(stored).expect("the build wrote this pack"))
}

fn load<'a>(sources: impl Iterator<Item = Source<'a>>) -> Result<(Pack, Faults), PackError> {
    let faults = Faults::new();
    let files = Files::new(sources);
    let parts = read(&files, &faults);
    if !faults.is_empty() {
        // To show the lines of the faults.
        files.all().for_each(|(_, file)| faults.remember(file.path, file.text));
    }
    match parts {
        Some(parts) if faults.error_count() == 0 => Ok((Pack::new(parts), faults)),
        _ => Err(PackError { faults }),
    }
}

/// What a pack holds of these files, as far as they are right.
pub(crate) fn read<'a>(files: &'a Files<'a>, faults: &'a Faults) -> Option<Parts> {
    Loading { files, faults }.parts()
}

/// Rule files on the way to a pack.
struct Loading<'a> {
    files: &'a Files<'a>,
    faults: &'a Faults,
}

impl<'a> Loading<'a> {
    /// Everything that a pack holds; `None` without a ladder.
    fn parts(&self) -> Option<Parts> {
        let signals = self.signals();
        let steps: Vec<Step> = self.each(Kind::Step, step::load);
        let Some((reader, root)) = self.roots(Kind::Ladder).next() else {
            let message = "there is no ladder.yml, so no attempt can be rebuilt";
            self.faults.push(Fault::error("ladder::missing", message));
            return None;
        };
        let basics = ladder::stage::load(&root, reader);
        let family_ids = basics.families.iter().enumerate();
        let stage_ids =
            basics.stages.iter().enumerate().map(|(at, stage)| (stage.id.clone(), StageId::at(at)));
        let names = Names {
            signals: numbered(signals.iter().map(|signal| &*signal.name), SignalId::at),
            causes: numbered(self.files.of(Kind::Cause).map(|(name, _)| name), CauseId::at),
            steps: numbered(steps.iter().map(|step| &*step.id), StepId::at),
            stages: stage_ids.collect(),
            families: family_ids.map(|(at, family)| (family.id.clone(), FamilyId::at(at))).collect(),
            strengths: basics.ranking.strengths.clone(),
            ..Names::default()
        };
        let codes: Vec<(Reader<'_>, Node)> = self.roots(Kind::Codes).collect();
        let identities = self.roots(Kind::Identities).next();
        let mut sources = Sources::default();
        self.roots(Kind::Sources).for_each(|(reader, root)| sources.add(&root, reader));
        let mut wording = Wording::default();
        self.roots(Kind::Messages).for_each(|(reader, root)| messages::load(&root, reader, &mut wording));
        let mut parts = Parts {
            causes: self.each(Kind::Cause, |root, reader| cause::load(root, reader, &names)),
            notices: self.each(Kind::Notice, |root, reader| notice::load(root, reader, &names)),
            checks: self.each(Kind::Check, |root, reader| check::load(root, reader, &names)),
            identities: identities
                .map(|(reader, root)| identities::load(&root, reader, &names))
                .unwrap_or_default(),
            codes: code::load(&codes, &names),
            ladder: ladder::load(&root, reader, &names, basics),
            signals,
            steps,
            sources,
            wording,
            fingerprint: self.files.fingerprint(),
        };
        // Collections of thousands cost next to nothing as long as no rule asks for what they recognise.
        for signal in names.named.take() {
            parts.signals[signal.index()].sought = true;
        }
        Some(parts)
    }

    /// What `load` makes of the files of one kind.
    fn each<T>(&self, kind: Kind, load: impl Fn(&Node, Reader<'a>) -> Option<T>) -> Vec<T> {
        self.roots(kind).filter_map(|(reader, root)| load(&root, reader)).collect()
    }

    /// The one document of each file of a kind.
    fn roots(&self, kind: Kind) -> impl Iterator<Item = (Reader<'a>, Node)> {
        self.files.of(kind).filter_map(|(_, file)| Some((file.reader(self.faults), self.root(file)?)))
    }

    fn root(&self, file: Source<'_>) -> Option<Node> {
        let documents = file.documents(self.faults);
        if documents.len() > 1 {
            let fault = Fault::error("rule::several-rules", "a file contains one rule").label("a second one");
            self.faults.push(fault.file(file.path).span(documents[1].span));
        }
        documents.into_iter().next()
    }

    /// Signals by name; an added one replaces a built-in one of its name.
    fn signals(&self) -> Vec<Signal> {
        let mut sources = LogSources::default();
        for (_, file) in self.files.of(Kind::LogSources) {
            sources = LogSources::of(&file.documents(self.faults), file.reader(self.faults));
        }
        let mut signals: BTreeMap<String, Signal> = BTreeMap::new();
        for (kind, origin) in [(Kind::Signal, Origin::Pack), (Kind::Foreign, Origin::Foreign)] {
            for (_, file) in self.files.of(kind) {
                let documents = file.documents(self.faults);
                for signal in signal::load(&documents, file.reader(self.faults), &sources, origin) {
                    signals.insert(signal.name.clone(), signal);
                }
            }
        }
        signals.into_values().collect()
    }
}

/// The warning about a file that is left out because of this error.
fn set_aside(error: Fault) -> Fault {
    // The path stands in the message as well: equal messages are counted, and each file is to be named.
    let line = error.span.map_or(0, |span| span.line);
    let message =
        format!("line {line} of `{}` has an error, so the rule is left out: {}", error.file, error.message);
    Fault { code: "rule::left-out", level: Level::Warning, message, help: None, ..error }
}

/// The numbers of names, in their order.
fn numbered<'n, Id>(names: impl Iterator<Item = &'n str>, at: fn(usize) -> Id) -> BTreeMap<String, Id> {
    names.enumerate().map(|(index, name)| (name.to_owned(), at(index))).collect()
}
