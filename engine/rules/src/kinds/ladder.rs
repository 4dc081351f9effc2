//! The ladder: stages, how records join into attempts, what they prove.

pub(crate) mod belief;
pub(crate) mod case_fact;
pub(crate) mod condition;
pub(crate) mod limit;
pub(crate) mod record;
pub(crate) mod role;
pub(crate) mod stage;
pub mod thresholds;
pub(crate) mod words;

use std::time::Duration;

use rdpwhy_event::Marks;
use rdpwhy_yaml::{Fault, MapReader, Node, Reader};

use crate::basis::{self, BASIS_KINDS, Basis, BasisShape};
use crate::field::texts;
use crate::id::{SignalId, StageId};
use crate::names::Names;
use crate::shape::{Name, Text, TimeSpan, shape};
use belief::{Belief, BeliefShape, belief};
use case_fact::{CaseFact, CaseFactShape, case_fact};
use condition::{Condition, ConditionShape, condition};
use limit::{
    Preconnection, PreconnectionShape, Probe, ProbeShape, Retry, RetryShape, Strangers, StrangersShape,
    preconnection, probe, retry, strangers,
};
use record::{
    ChangedRecord, ChangedShape, LadderRecord, Milestone, MilestoneShape, RecordShape, changed, milestone,
    record,
};
use role::{Role, RoleField, RolesShape};
use stage::{Basics, Family, FamilyShape, Ranking, RankingShape, Stage, StageName, StageRole, StageShape};
use thresholds::{Thresholds, ThresholdsShape, required};
use words::{DomainWords, DomainWordsShape, domain_words};

/// Everything about attempts that is knowledge of the domain.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Ladder {
    /// What reports call the things of this domain.
    pub words: DomainWords,
    /// In the order in which a connection climbs them.
    pub stages: Vec<Stage>,
    /// What its numbers rest on, where a path under `bases` does not say otherwise.
    pub basis: Basis,
    /// What numbers rest on that are something else: paths such as `ranking.calibration`.
    pub bases: Vec<(String, Basis)>,
    /// How many numbers of this file rest on what, by [`Basis::kind`].
    pub numbers: [usize; BASIS_KINDS.len()],
    /// Numbers of the ranking.
    pub ranking: Ranking,
    /// Which field tells which attribute, by [`Role`] as index.
    pub roles: Vec<Vec<RoleField>>,
    /// Causes that share a mechanism and differ in detail.
    pub families: Vec<Family>,
    /// Values that mean "not known".
    pub no_value: Vec<String>,
    /// Accounts that are no person; a leading `*` stands for anything.
    pub machine_accounts: Vec<String>,
    /// A record without a connection id joins an attempt at most this much older.
    pub window: Duration,
    /// After this long without a further record an attempt has ended.
    pub patience: Duration,
    /// Records that tell of a clock that was set.
    pub clocks: Vec<ChangedRecord>,
    /// Records that tell of a machine's new name.
    pub renames: Vec<ChangedRecord>,
    /// Records of a machine that cut off every session at that moment.
    pub cuts: Vec<SignalId>,
    /// Records at the start of a machine that tell that it had gone down without a word.
    pub crashes: Vec<SignalId>,
    /// Records that show that something went wrong, and not what.
    pub symptoms: Vec<SignalId>,
    /// Changes worth telling between the last success and the first failure.
    pub changes: Vec<SignalId>,
    /// What cases are compared by, in the order of the file.
    pub case_facts: Vec<CaseFact>,
    /// What people call the folders of one case, one for each machine or side.
    pub case_parts: Vec<String>,
    /// A longer pause between failures starts another incident.
    pub incident_gap: Duration,
    /// Clocks of two machines are searched for an offset up to this.
    pub clock_offset: Duration,
    /// The short connection before the real one.
    pub preconnection: Preconnection,
    /// An attempt that broke at one of these had its credentials refused.
    pub refused: Vec<StageId>,
    /// The logon screen that nobody used: the stages at which it ends.
    pub abandoned: Vec<StageId>,
    /// A session shorter than this, without proof of a desktop, failed at its logon.
    pub short_session: Duration,
    /// Public sources that never get in.
    pub strangers: Strangers,
    /// How sure it is that an attempt let its user down.
    pub belief: Belief,
    /// States of a machine that last, in the order of the file.
    pub conditions: Vec<Condition>,
    /// What is only a slip of the keyboard.
    pub retry: Retry,
    /// What is only a probe.
    pub probe: Probe,
    /// Where judgment sets a limit.
    pub thresholds: Thresholds,
    /// Records that are always written when a stage is passed.
    pub milestones: Vec<Milestone>,
    /// The records that make attempts, in the order of the file.
    pub records: Vec<LadderRecord>,
}

impl Ladder {
    /// The fields that tell a role in records with these marks, those that count most first.
    pub fn fields<'l, 'm>(
        &'l self,
        role: Role,
        marks: &'m Marks,
    ) -> impl Iterator<Item = &'l RoleField> + use<'l, 'm> {
        self.roles[role as usize].iter().filter(|field| field.is_meant(marks))
    }

    /// What the number at a path such as `ranking.calibration` rests on.
    #[must_use]
    pub fn basis_of(&self, path: &str) -> &Basis {
        self.bases.iter().find(|(of, _)| of == path).map_or(&self.basis, |(_, basis)| basis)
    }

    /// Whether a user's name is that of a person, and not of a machine or a service.
    #[must_use]
    pub fn is_person(&self, name: &str) -> bool {
        !self.machine_accounts.iter().any(|account| match account.strip_prefix('*') {
            Some(tail) => name.to_lowercase().ends_with(&tail.to_lowercase()),
            None => name.eq_ignore_ascii_case(account),
        })
    }

    /// Whether such a value means that nothing is known.
    pub fn is_no_value(&self, value: &str) -> bool {
        self.no_value.iter().any(|none| none.eq_ignore_ascii_case(value))
    }

    /// The last rung: where an attempt may have broken at the latest.
    pub fn last_stage(&self) -> StageId {
        StageId::at(self.stages.len().saturating_sub(1))
    }

    /// The stage at which the desktop is there.
    pub fn session(&self) -> StageId {
        self.stage(StageRole::Session)
    }

    /// The rung above, or the last one.
    pub fn next_stage(&self, stage: StageId) -> StageId {
        StageId::at(stage.index() + 1).min(self.last_stage())
    }

    /// The first stage at which the user is in a session.
    pub fn logon(&self) -> StageId {
        self.stage(StageRole::Logon)
    }

    /// The stage that a connection has passed when the host first hears of it.
    pub fn arrival(&self) -> StageId {
        self.stage(StageRole::Arrival)
    }

    fn stage(&self, role: StageRole) -> StageId {
        let index = self.stages.iter().position(|stage| stage.role == Some(role));
        StageId::at(index.expect("a ladder without it is refused"))
    }
}

/// The ladder of a file, whose stages and ranking are read already; reports every fault of the rest.
pub(crate) fn load(root: &Node, reader: Reader<'_>, names: &Names, basics: Basics) -> Ladder {
    let mut map = reader.map(root);
    map.optional("stages");
    map.optional("families");
    map.optional("ranking");
    let Basics { stages, families, ranking } = basics;
    let general = general_basis(&mut map);
    let bases = bases(&mut map, root);
    let window = required(&mut map, "window");
    let belief = belief(&mut map, ranking.unexplained, names);
    let most = belief.implied.most;
    let ladder = Ladder {
        words: domain_words(&mut map),
        numbers: numbers(root, &general, &bases),
        basis: general,
        bases,
        ranking,
        roles: role::load(&mut map, names),
        no_value: texts(&mut map, "no_value"),
        machine_accounts: texts(&mut map, "machine_accounts"),
        window,
        patience: required(&mut map, "patience"),
        clocks: map.list("clocks").iter().filter_map(|node| changed(node, reader, names)).collect(),
        renames: map.list("renames").iter().filter_map(|node| changed(node, reader, names)).collect(),
        cuts: names.signals(map.list("cuts"), reader),
        crashes: names.signals(map.list("crashes"), reader),
        symptoms: names.signals(map.list("symptoms"), reader),
        changes: names.signals(map.list("changes"), reader),
        case_facts: map.list("case_facts").iter().filter_map(|node| case_fact(node, reader, names)).collect(),
        case_parts: texts(&mut map, "case_parts"),
        incident_gap: required(&mut map, "incident_gap"),
        clock_offset: required(&mut map, "clock_offset"),
        preconnection: preconnection(&mut map, names),
        refused: names.stages(map.list("refused"), reader),
        abandoned: abandoned(&mut map, names),
        short_session: required(&mut map, "short_session"),
        strangers: strangers(&mut map),
        conditions: map
            .list("conditions")
            .iter()
            .filter_map(|node| condition(node, reader, most, names))
            .collect(),
        belief,
        retry: retry(&mut map),
        probe: probe(&mut map, names),
        thresholds: required(&mut map, "thresholds"),
        milestones: map.list("milestones").iter().filter_map(|node| milestone(node, reader, names)).collect(),
        records: map.list("records").iter().filter_map(|node| record(node, reader, names, window)).collect(),
        families,
        stages,
    };
    check_stages(&ladder.stages, &map);
    map.finish();
    ladder
}

/// Of each role there is one stage, and they are climbed in their order.
fn check_stages(stages: &[Stage], map: &MapReader<'_>) {
    let (reader, place) = (map.reader(), map.key_span("stages").unwrap_or(map.span()));
    if stages.len() < 2 {
        reader.report(place, Fault::error("ladder::stages", "a ladder has at least two stages"));
    }
    for &(word, role) in StageRole::CHOICES {
        let count = stages.iter().filter(|stage| stage.role == Some(role)).count();
        if count != 1 {
            let fault = Fault::error("ladder::role", format!("{count} stages have the role `{word}`"));
            reader.report(place, fault.help(format!("give `role: {word}` to one stage")));
        }
    }
    if !stages.iter().filter_map(|stage| stage.role).is_sorted() {
        let fault = Fault::error("ladder::role", "the roles of the stages are not in their order");
        reader.report(place, fault.help("the order is arrival, logon, session"));
    }
}

fn general_basis(map: &mut MapReader<'_>) -> Basis {
    let reader = map.reader();
    map.required("basis").and_then(|node| basis::read(node, reader)).unwrap_or(Basis::Judgement)
}

/// What single numbers rest on: `{ of: PATH, … }`, with the path of a key in this file.
fn bases(map: &mut MapReader<'_>, root: &Node) -> Vec<(String, Basis)> {
    let reader = map.reader();
    let one = |node: &Node| {
        let mut inner = reader.map(node);
        let of = inner.required("of")?;
        let path = reader.text(of)?;
        let found = path.split('.').try_fold(root, |node, key| node.get(key));
        if found.is_none() {
            let fault = Fault::error("basis::path", format!("there is no `{path}` in this file"));
            reader.report(of.span, fault.help("a path names keys from the top, such as ranking.calibration"));
        }
        let basis = basis::of(&mut inner);
        inner.finish();
        Some((path.to_owned(), basis?))
    };
    map.list("bases").iter().filter_map(one).collect()
}

/// How many numbers rest on what, by the kind of basis.
fn numbers(root: &Node, general: &Basis, bases: &[(String, Basis)]) -> [usize; BASIS_KINDS.len()] {
    let mut counts = [0; BASIS_KINDS.len()];
    counts[general.kind()] = basis::numbers_in(root);
    for (path, basis) in bases {
        let Some(node) = path.split('.').try_fold(root, |node, key| node.get(key)) else { continue };
        let own = basis::numbers_in(node);
        counts[general.kind()] = counts[general.kind()].saturating_sub(own);
        counts[basis.kind()] += own;
    }
    counts
}

fn abandoned(map: &mut MapReader<'_>, names: &Names) -> Vec<StageId> {
    let reader = map.reader();
    let Some(node) = map.required("abandoned") else { return Vec::new() };
    let mut inner = reader.map(node);
    let stages = names.stages(inner.list("at"), reader);
    inner.finish();
    stages
}

shape! {
    /// How records join into attempts: rules/ladder.yml.
    #[schemars(title = "Ladder")]
    pub(crate) struct LadderFile {
        /// What reports call the things of this domain; each key has a general default.
        words: Option<DomainWordsShape>,
        /// In the order in which a connection climbs them.
        #[schemars(length(min = 2))]
        stages: Vec<StageShape>,
        /// Causes that share a mechanism and differ in detail.
        families: Option<Vec<FamilyShape>>,
        /// What the numbers of this file rest on, where `bases` does not say otherwise.
        basis: BasisShape,
        /// Numbers that rest on something else.
        bases: Option<Vec<BasisOfShape>>,
        /// Numbers of the ranking.
        ranking: RankingShape,
        /// Which field tells which attribute; the first one that is there counts.
        roles: RolesShape,
        /// Values that mean "not known".
        no_value: Option<Vec<String>>,
        /// Accounts that are no person; * stands for anything.
        machine_accounts: Option<Vec<Text>>,
        /// A record without a connection id joins an attempt at most this much older.
        window: TimeSpan,
        /// After this long without a further record an attempt has ended.
        patience: TimeSpan,
        /// A longer pause between failures starts another incident.
        incident_gap: TimeSpan,
        /// Clocks of two machines are searched for an offset up to this.
        clock_offset: TimeSpan,
        /// A session shorter than this, without proof of a desktop, failed at its logon.
        short_session: TimeSpan,
        /// Records of a clock that was set.
        clocks: Option<Vec<ChangedShape>>,
        /// Records of a machine's new name.
        renames: Option<Vec<ChangedShape>>,
        /// Changes worth telling between the last success and the first failure.
        changes: Option<Vec<Name>>,
        /// What cases are compared by.
        case_facts: Option<Vec<CaseFactShape>>,
        /// What people call the folders of one case, one for each machine or side.
        case_parts: Option<Vec<Text>>,
        /// Records of a machine that cut off every session at that moment.
        cuts: Option<Vec<Name>>,
        /// Records at the start of a machine that tell that it had gone down without a word.
        crashes: Option<Vec<Name>>,
        /// Records that show that something went wrong, and not what.
        symptoms: Option<Vec<Name>>,
        /// How sure it is that an attempt let its user down.
        belief: BeliefShape,
        /// States of a machine that last.
        conditions: Option<Vec<ConditionShape>>,
        /// Refused credentials, at most so many in a row, after which the same address and user soon got in.
        retry: Option<RetryShape>,
        /// The short connection before the real one.
        preconnection: PreconnectionShape,
        /// A connection that broke here had its credentials refused.
        refused: Option<Vec<StageName>>,
        /// The logon screen that nobody used.
        abandoned: AbandonedShape,
        /// Public addresses that never get in.
        strangers: StrangersShape,
        /// A connection that is only a look.
        probe: ProbeShape,
        /// Where judgment sets a limit.
        thresholds: ThresholdsShape,
        /// Of these one is always written when the stage is passed.
        milestones: Option<Vec<MilestoneShape>>,
        /// The records that make attempts.
        records: Vec<RecordShape>,
    }
}

shape! {
    /// What one number rests on.
    struct BasisOfShape {
        /// The path of its key from the top of the file, such as ranking.calibration.
        of: Text,
        /// Counted in real records: how many of how many.
        counted: Option<Text>,
        /// In which logs it was counted.
        on: Option<Text>,
        /// Measured on composed tickets; where the result is.
        measured: Option<Text>,
        /// An estimate, documented here: IDs of rules/sources.yml.
        source: Option<crate::shape::OneOrMany<Text>>,
    }
}

shape! {
    /// The logon screen that nobody used.
    struct AbandonedShape {
        at: Vec<StageName>,
    }
}
