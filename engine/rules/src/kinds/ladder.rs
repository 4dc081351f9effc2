//! The ladder: stages, how records join into attempts, what they prove.

pub(crate) mod limit;
pub(crate) mod record;
pub(crate) mod role;
pub(crate) mod stage;

use std::time::Duration;

use rdpwhy_event::Marks;
use rdpwhy_yaml::{Fault, MapReader, Node, Reader};

use crate::field::{span, texts};
use crate::id::{SignalId, StageId};
use crate::names::Names;
use crate::shape::{Name, Text, TimeSpan, shape};
use crate::side::Side;
use limit::{
    Preconnection, PreconnectionShape, Probe, ProbeShape, Retry, RetryShape, Strangers, StrangersShape,
    preconnection, probe, retry, strangers,
};
use record::{
    ClockRecord, ClockShape, LadderRecord, Milestone, MilestoneShape, RecordShape, clock, milestone, record,
};
use role::{Role, RoleField, RolesShape};
use stage::{Ranking, RankingShape, Stage, StageName, StageShape};

const MINUTE: Duration = Duration::from_secs(60);
const TWO_MINUTES: Duration = Duration::from_secs(120);
const DAY: Duration = Duration::from_secs(86_400);

/// Everything about attempts that is knowledge of the domain.
#[derive(Debug, Clone)]
pub struct Ladder {
    /// In the order in which a connection climbs them.
    pub stages: Vec<Stage>,
    /// Numbers of the ranking.
    pub ranking: Ranking,
    /// Which field tells which attribute, by [`Role`] as index.
    pub roles: Vec<Vec<RoleField>>,
    /// Values that mean "not known".
    pub no_value: Vec<String>,
    /// Accounts that are no person; a leading `*` stands for anything.
    pub machine_accounts: Vec<String>,
    /// A record without a connection id joins an attempt at most this much older.
    pub window: Duration,
    /// After this long without a further record an attempt has ended.
    pub patience: Duration,
    /// Records that tell of a clock that was set.
    pub clocks: Vec<ClockRecord>,
    /// Records of a machine that cut off every session at that moment.
    pub cuts: Vec<SignalId>,
    /// Changes worth telling between the last success and the first failure.
    pub changes: Vec<SignalId>,
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
    /// What is only a slip of the keyboard.
    pub retry: Retry,
    /// What is only a probe.
    pub probe: Probe,
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

    /// Whether such a value means that nothing is known.
    pub fn is_no_value(&self, value: &str) -> bool {
        self.no_value.iter().any(|none| none.eq_ignore_ascii_case(value))
    }

    /// The last rung.
    pub fn last_stage(&self) -> StageId {
        StageId::at(self.stages.len().saturating_sub(1))
    }

    /// The rung above, or the last one.
    pub fn next_stage(&self, stage: StageId) -> StageId {
        StageId::at(stage.index() + 1).min(self.last_stage())
    }

    /// The first stage at which the user is in a session: the one below the last.
    pub fn logon(&self) -> StageId {
        StageId::at(self.stages.len().saturating_sub(2))
    }

    /// The stage that a connection has passed when the host first hears of it.
    pub fn arrival(&self) -> StageId {
        let arriving = self.records.iter().filter(|record| record.side == Side::Host && record.opens);
        arriving.filter_map(|record| record.reaches).min().unwrap_or(StageId::FIRST)
    }
}

/// The ladder of a file, whose stages and ranking are read already; reports every fault of the rest.
pub(crate) fn load(
    root: &Node,
    reader: Reader<'_>,
    names: &Names,
    (stages, ranking): (Vec<Stage>, Ranking),
) -> Ladder {
    let mut map = reader.map(root);
    map.optional("stages");
    map.optional("ranking");
    let window = span(&mut map, "window", TWO_MINUTES);
    let ladder = Ladder {
        ranking,
        roles: role::load(&mut map, names),
        no_value: texts(&mut map, "no_value"),
        machine_accounts: texts(&mut map, "machine_accounts"),
        window,
        patience: span(&mut map, "patience", MINUTE),
        clocks: map.list("clocks").iter().filter_map(|node| clock(node, reader, names)).collect(),
        cuts: names.signals(map.list("cuts"), reader),
        changes: names.signals(map.list("changes"), reader),
        incident_gap: span(&mut map, "incident_gap", DAY),
        clock_offset: span(&mut map, "clock_offset", DAY),
        preconnection: preconnection(&mut map, names),
        refused: names.stages(map.list("refused"), reader),
        abandoned: abandoned(&mut map, names),
        short_session: span(&mut map, "short_session", MINUTE),
        strangers: strangers(&mut map),
        retry: retry(&mut map),
        probe: probe(&mut map, names),
        milestones: map.list("milestones").iter().filter_map(|node| milestone(node, reader, names)).collect(),
        records: map.list("records").iter().filter_map(|node| record(node, reader, names, window)).collect(),
        stages,
    };
    if ladder.stages.len() < 2 {
        reader.report(map.span(), Fault::error("ladder::stages", "a ladder has at least two stages"));
    }
    map.finish();
    ladder
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
        /// In the order in which a connection climbs them.
        #[schemars(length(min = 2))]
        stages: Vec<StageShape>,
        /// Numbers of the ranking.
        ranking: RankingShape,
        /// Which field tells which attribute; the first one that is there counts.
        roles: RolesShape,
        /// Values that mean "not known".
        no_value: Option<Vec<String>>,
        /// Accounts that are no person; * stands for anything.
        machine_accounts: Option<Vec<Text>>,
        /// A record without a connection id joins an attempt at most this much older.
        window: Option<TimeSpan>,
        /// After this long without a further record an attempt has ended.
        patience: Option<TimeSpan>,
        /// A longer pause between failures starts another incident.
        incident_gap: Option<TimeSpan>,
        /// Clocks of two machines are searched for an offset up to this.
        clock_offset: Option<TimeSpan>,
        /// A session shorter than this, without proof of a desktop, failed at its logon.
        short_session: Option<TimeSpan>,
        /// Records of a clock that was set.
        clocks: Option<Vec<ClockShape>>,
        /// Changes worth telling between the last success and the first failure.
        changes: Option<Vec<Name>>,
        /// Records of a machine that cut off every session at that moment.
        cuts: Option<Vec<Name>>,
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
        /// Of these one is always written when the stage is passed.
        milestones: Option<Vec<MilestoneShape>>,
        /// The records that make attempts.
        records: Vec<RecordShape>,
    }
}

shape! {
    /// The logon screen that nobody used.
    struct AbandonedShape {
        at: Vec<StageName>,
    }
}
