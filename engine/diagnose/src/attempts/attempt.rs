//! Connection attempts, rebuilt from the records that the ladder names.

use crate::world::address::{Address, Reach, user_key};
use crate::world::coverage::Coverage;
use crate::world::key::{Key, most};
use crate::world::timeline::{Machine, Timeline};
use rdpwhy_event::Guid;
use rdpwhy_rules::{Ending, Join, Ladder, LadderRecord, Pack, Role, Shared, Side, SignalId, StageId};
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// How an attempt came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Outcome {
    /// It broke.
    Failed,
    /// The user got a desktop.
    Succeeded,
    /// Nobody meant it to get further: a pre-connection, a probe, a closed prompt.
    Aborted,
    /// The logs do not say.
    Unknown,
}

/// A record of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Joined {
    /// Index of the event.
    pub event: u32,
    /// Index into the ladder's records.
    pub record: u16,
}

/// One client trying to reach one host, from its first record to its last.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    /// From where it was seen.
    pub side: Side,
    /// The machine that saw it.
    pub machine: Machine,
    /// The machine at the other end, if its logs saw it too.
    pub other: Option<Machine>,
    /// First record, in ticks on the common clock.
    pub start: i64,
    /// Last record, in ticks on the common clock.
    pub end: i64,
    /// The client's address.
    pub address: Option<Address>,
    /// The user.
    pub user: Option<String>,
    /// The session's number.
    pub session: Option<String>,
    /// The connection's name.
    pub connection: Option<String>,
    /// What the client was told to connect to.
    pub target: Option<String>,
    /// The address that the client went to.
    pub server: Option<Address>,
    /// The user's domain, or the machine that holds his account.
    pub domain: Option<String>,
    /// Why the client disconnected.
    pub code: Option<u32>,
    /// Its records, in time order.
    pub records: Vec<Joined>,
    /// The furthest stage that a record proves.
    pub reached: Option<StageId>,
    /// The stage at which a record shows it broken.
    pub failed: Option<StageId>,
    /// The last stage at which that record leaves it open.
    pub failed_last: Option<StageId>,
    /// When `reached` was shown; the start where nothing is.
    reached_at: i64,
    /// A record shows for sure that it broke there.
    decided: bool,
    /// When the stage of a logon was reached.
    logged_on: Option<i64>,
    /// How it ended, the most telling of its end records.
    pub ended: Option<Ending>,
    /// A session had begun and was cut.
    pub dropped: bool,
    /// Another connection took its session over.
    pub replaced: bool,
    /// How it came out.
    pub outcome: Outcome,
    /// The first and the last stage at which it may have broken.
    pub broke: Option<(StageId, StageId)>,
    /// Why it is no failure, for an aborted attempt.
    pub aborted: Option<Aborted>,
    activity: Option<Guid>,
    absorbed: bool,
}

/// Why an attempt was not meant to get further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Aborted {
    /// The client looked first and then came again.
    Preconnection,
    /// The user closed it before it was done.
    Closed,
    /// Nobody signed in at the logon screen.
    LogonScreen,
    /// A stranger looked and went away.
    Probe,
    /// The credentials were mistyped; the next try got in.
    Retried,
}

impl Attempt {
    /// An attempt of which nothing is known but when it was seen, and where.
    fn new(side: Side, machine: Machine, at: i64) -> Attempt {
        Attempt {
            side,
            machine,
            other: None,
            start: at,
            end: at,
            address: None,
            user: None,
            session: None,
            connection: None,
            target: None,
            server: None,
            domain: None,
            code: None,
            records: Vec::new(),
            reached: None,
            failed: None,
            failed_last: None,
            reached_at: at,
            decided: false,
            logged_on: None,
            ended: None,
            dropped: false,
            replaced: false,
            outcome: Outcome::Unknown,
            broke: None,
            aborted: None,
            activity: None,
            absorbed: false,
        }
    }

    /// The client's address without its port.
    pub(crate) fn source(&self) -> Option<&str> {
        self.address.as_ref().map(|address| address.host.as_str())
    }

    /// Where the client's network lies.
    pub(crate) fn reach(&self) -> Reach {
        self.address.as_ref().map_or(Reach::Unknown, Address::reach)
    }

    /// Both machines of the attempt, as far as known.
    pub(crate) fn involves(&self, machine: Machine) -> bool {
        self.machine == machine || self.other == Some(machine)
    }

    /// Whether the user was let down: it broke, or a session that had begun was cut.
    pub(crate) fn is_failure(&self) -> bool {
        self.outcome == Outcome::Failed || (self.outcome == Outcome::Succeeded && self.dropped)
    }

    /// Whether the user got a desktop and kept it.
    pub(crate) fn is_success(&self) -> bool {
        self.outcome == Outcome::Succeeded && !self.dropped
    }

    /// Whether a record proves that the user was logged on in a session.
    pub(crate) fn logged_on(&self) -> bool {
        self.logged_on.is_some()
    }

    /// Ticks from its first record to its last.
    pub(crate) fn length(&self) -> i64 {
        self.end - self.start
    }
}

/// A span in ticks.
pub(crate) fn span_ticks(span: Duration) -> i64 {
    i64::try_from(span.as_nanos() / 100).unwrap_or(i64::MAX / 4)
}

/// Groups the ladder's records into attempts, one side and one machine at a time.
///
/// Attempts come out by start, machine, side and first record. Outcomes are not yet decided: see [`decide`].
pub(crate) fn group(timeline: &Timeline<'_>, pack: &Pack) -> Vec<Attempt> {
    let mut grouping = Grouping::new(timeline, pack);
    let mut order: Vec<u32> = (0..u32::try_from(timeline.events.len()).unwrap_or(u32::MAX)).collect();
    order.sort_by_key(|&event| (timeline.time[event as usize], event));
    for event in order {
        grouping.take(event);
    }
    let mut attempts = grouping.attempts;
    for attempt in &mut attempts {
        attempt
            .records
            .sort_by_key(|joined| (timeline.time[joined.event as usize], joined.event, joined.record));
    }
    sort(&mut attempts);
    attempts
}

fn sort(attempts: &mut [Attempt]) {
    attempts.sort_by_key(|a| (a.start, a.machine, a.side, a.records.first().copied()));
}

/// How many earlier attempts of the same address, user or session are looked at for a record to join.
const LOOK_BACK: usize = 64;
/// A host serves others at a moment if somebody got in this long before it …
const SERVED_BEFORE: Duration = Duration::from_secs(3600);
/// … or this long after it.
const SERVED_AFTER: Duration = Duration::from_secs(86_400);
/// So many connections of one address within this are no person's.
const BURST: Duration = Duration::from_secs(300);
/// Whoever wants to get in waits longer than this for an answer.
const GLANCE: Duration = Duration::from_millis(100);
/// What cuts off all sessions of a machine does so within this.
const CUT_TOGETHER: Duration = Duration::from_secs(10);
/// A record may trail the end marker of its attempt by this much.
const TRAILING: Duration = Duration::from_secs(5);

struct Grouping<'t, 'a> {
    timeline: &'t Timeline<'a>,
    pack: &'t Pack,
    ladder: &'t Ladder,
    of_signal: HashMap<SignalId, Vec<u16>>,
    attempts: Vec<Attempt>,
    /// Of each attempt, what further records are held against.
    ties: Vec<Ties<'a>>,
    /// Names of users, and whether they are persons.
    persons: HashMap<&'a str, bool>,
    by_activity: HashMap<(Machine, Side, Guid), usize>,
    by_value: HashMap<(Machine, Side, Common<'a>), Vec<usize>>,
    recent: HashMap<(Machine, Side), Vec<usize>>,
}

/// What a record says of its connection.
struct Attributes<'a> {
    address: Option<&'a str>,
    port: Option<u16>,
    user: Option<&'a str>,
    session: Option<&'a str>,
    told: Told<'a>,
    target: Option<&'a str>,
    server: Option<&'a str>,
    domain: Option<&'a str>,
    code: Option<u32>,
    activity: Option<Guid>,
}

/// What records and attempts of one connection have in common, in the form in which it is compared.
#[derive(Debug, Clone, Copy, Default)]
struct Told<'a> {
    address: Option<Key>,
    user: Option<Key>,
    session: Option<Key>,
    connection: Option<&'a str>,
}

/// What decides whether further records join an attempt.
#[derive(Debug, Default)]
struct Ties<'a> {
    /// What it is known to have in common with others.
    told: Told<'a>,
    /// Which of the records it has that come once.
    once: Vec<u16>,
    /// Its records that tell who or from where, and joined it by nothing but time.
    guessed: Vec<u32>,
}

/// One of the values that connections have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Common<'a> {
    Address(Key),
    User(Key),
    Session(Key),
    Connection(&'a str),
}

impl Told<'_> {
    /// Both tell the same thing, and not the same.
    fn contradicts(&self, other: &Told<'_>) -> bool {
        fn differ<T: PartialEq>(a: Option<T>, b: Option<T>) -> bool {
            a.zip(b).is_some_and(|(a, b)| a != b)
        }
        differ(self.address, other.address)
            || differ(self.session, other.session)
            || differ(self.connection, other.connection)
            || differ(self.user, other.user)
    }
}

impl<'t, 'a> Grouping<'t, 'a> {
    fn new(timeline: &'t Timeline<'a>, pack: &'t Pack) -> Self {
        let ladder = pack.ladder();
        let mut of_signal: HashMap<SignalId, Vec<u16>> = HashMap::new();
        for (index, record) in ladder.records.iter().enumerate() {
            of_signal.entry(record.signal).or_default().push(u16::try_from(index).unwrap_or(u16::MAX));
        }
        Grouping {
            timeline,
            pack,
            ladder,
            of_signal,
            attempts: Vec::new(),
            ties: Vec::new(),
            persons: HashMap::new(),
            by_activity: HashMap::new(),
            by_value: HashMap::new(),
            recent: HashMap::new(),
        }
    }

    /// One event may be several of the ladder's records; they join the same attempt.
    fn take(&mut self, event: u32) {
        let signals = self.timeline.signals(event);
        let records = signals.filter_map(|signal| self.of_signal.get(&signal)).flatten();
        let mut records: Vec<u16> = records.copied().collect();
        records.sort_unstable();
        let Some(&first) = records.first() else { return };
        let attributes = self.attributes(event);
        let mut home: Option<usize> = None;
        let mut misplaced = Vec::new();
        for index in records {
            let record = &self.ladder.records[usize::from(index)];
            let found = match home {
                Some(home) if record.requires.is_none() => Some(home),
                _ => {
                    let found = self.find(event, index, record, &attributes);
                    misplaced
                        .extend(found.and_then(|(found, join)| self.weigh(found, join, event, &attributes)));
                    found.map(|(found, _)| found)
                }
            };
            let opens = record.opens || (record.opens_known && self.knows(event, record, &attributes.told));
            let found = found.or_else(|| opens.then(|| self.open(event, record, &attributes)));
            if let Some(found) = found {
                home = Some(found);
                self.join(found, event, index, &attributes);
            }
        }
        debug_assert!(usize::from(first) < self.ladder.records.len());
        misplaced.into_iter().flatten().for_each(|event| self.take(event));
    }

    /// Notes a record that joins an attempt by time alone. Where one of the same connection, by its id, shows that such a
    /// record was of another one, hands back those that were, to be joined anew.
    fn weigh(
        &mut self,
        found: usize,
        join: Join,
        event: u32,
        attributes: &Attributes<'a>,
    ) -> Option<Vec<u32>> {
        let (ties, told) = (&mut self.ties[found], &attributes.told);
        match join {
            Join::Time if told.address.is_some() || told.user.is_some() => ties.guessed.push(event),
            Join::Activity if !ties.guessed.is_empty() && ties.told.contradicts(told) => {
                return Some(self.part(found));
            }
            _ => {}
        }
        None
    }

    /// Takes the records out of an attempt that joined it by time alone.
    fn part(&mut self, found: usize) -> Vec<u32> {
        let Ties { guessed, .. } = std::mem::take(&mut self.ties[found]);
        let Attempt { side, machine, start, activity, .. } = self.attempts[found];
        let whole = Attempt { activity, ..Attempt::new(side, machine, start) };
        let records = std::mem::replace(&mut self.attempts[found], whole).records;
        for Joined { event, record } in records.into_iter().filter(|joined| !guessed.contains(&joined.event))
        {
            let attributes = self.attributes(event);
            self.join(found, event, record, &attributes);
        }
        guessed
    }

    /// Whether an earlier attempt on the machine came from the same address or user.
    fn knows(&self, event: u32, record: &LadderRecord, told: &Told<'a>) -> bool {
        let machine = self.timeline.machine[event as usize];
        let common = match told.address {
            Some(address) => Some(Common::Address(address)),
            None => told.user.map(Common::User),
        };
        common.is_some_and(|common| self.by_value.contains_key(&(machine, record.side, common)))
    }

    fn attributes(&mut self, event: u32) -> Attributes<'a> {
        let (timeline, pack) = (self.timeline, self.pack);
        let role = |role| timeline.role(pack, event, role);
        let key = |shared| timeline.keys.of_event(event, shared);
        let address = role(Role::Address);
        let user = role(Role::User).filter(|name| self.is_person(name));
        Attributes {
            address,
            // Most addresses are without one, and that takes no parsing to tell.
            port: address.filter(|text| text.contains(':')).and_then(|text| Address::parse(text).port),
            user,
            session: role(Role::Session),
            told: Told {
                address: key(Shared::Address),
                user: user.and_then(|_| key(Shared::User)),
                session: key(Shared::Session),
                connection: role(Role::Connection),
            },
            // A service name says `SERVICE/host`.
            target: role(Role::Target).map(|target| target.rsplit('/').next().unwrap_or(target)),
            server: role(Role::Server),
            // A full name says `DOMAIN\\user`.
            domain: role(Role::Domain)
                .or_else(|| role(Role::User)?.split_once('\\').map(|(domain, _)| domain)),
            code: role(Role::Code).and_then(parse_code),
            activity: self.timeline.events[event as usize].activity_id.filter(|id| id.0 != 0),
        }
    }

    /// Whether a user's name is that of a person.
    fn is_person(&mut self, name: &'a str) -> bool {
        let accounts = &self.ladder.machine_accounts;
        *self.persons.entry(name).or_insert_with(|| {
            !accounts.iter().any(|account| match account.strip_prefix('*') {
                Some(tail) => name.to_lowercase().ends_with(&tail.to_lowercase()),
                None => name.eq_ignore_ascii_case(account),
            })
        })
    }

    /// The attempt that a record belongs to, and what tells so.
    fn find(
        &self,
        event: u32,
        index: u16,
        record: &LadderRecord,
        attributes: &Attributes<'a>,
    ) -> Option<(usize, Join)> {
        let by = |join: &Join| Some((self.find_by(*join, event, index, record, attributes)?, *join));
        record.join.iter().find_map(by)
    }

    fn find_by(
        &self,
        join: Join,
        event: u32,
        index: u16,
        record: &LadderRecord,
        attributes: &Attributes<'a>,
    ) -> Option<usize> {
        let machine = self.timeline.machine[event as usize];
        let side = record.side;
        let fits = |&&candidate: &&usize| self.fits(candidate, join, event, index, record, attributes);
        let value = |common| {
            let list = self.by_value.get(&(machine, side, common))?;
            let latest = || list.iter().rev().take(LOOK_BACK).filter(fits);
            // A refusal that is told twice belongs to the connection that was refused, not to the next one.
            let refused = |&&candidate: &&usize| self.attempts[candidate].failed.is_some();
            let twice = if record.fails.is_some() { latest().find(refused) } else { None };
            twice.or_else(|| latest().next()).copied()
        };
        let Told { address, user, session, connection } = attributes.told;
        match join {
            Join::Activity => {
                let found = self.by_activity.get(&(machine, side, attributes.activity?)).copied()?;
                self.fits(found, join, event, index, record, attributes).then_some(found)
            }
            Join::Address => value(Common::Address(address?)),
            Join::User => value(Common::User(user?)),
            Join::Session => value(Common::Session(session?)),
            Join::Connection => value(Common::Connection(connection?)),
            Join::Time => self.recent.get(&(machine, side))?.iter().rev().take(LOOK_BACK).find(fits).copied(),
        }
    }

    /// Whether a record may belong to that attempt: in time, in its stage, and without contradiction.
    fn fits(
        &self,
        candidate: usize,
        join: Join,
        event: u32,
        index: u16,
        record: &LadderRecord,
        attributes: &Attributes<'a>,
    ) -> bool {
        let attempt = &self.attempts[candidate];
        let now = self.timeline.time[event as usize];
        if record.once && self.ties[candidate].once.contains(&index) {
            return false;
        }
        if let Some(required) = record.requires
            && attempt.reached.is_none_or(|reached| reached < required)
        {
            return false;
        }
        if join == Join::Activity {
            return true;
        }
        // What is joined anew may be older than what has begun since.
        if attempt.start > now {
            return false;
        }
        let lasting = record.requires.is_some();
        let from = if join == Join::Time { attempt.start } else { attempt.end };
        let ended = attempt.ended.is_some() && now > attempt.end + span_ticks(TRAILING);
        if (!lasting && now - from > span_ticks(record.within)) || ended {
            return false;
        }
        let meaningful = record.join.contains(&Join::Activity);
        let other_id = meaningful
            && attempt
                .activity
                .is_some_and(|id| attributes.activity.is_some_and(|of_record| of_record != id));
        let port = attempt.address.as_ref().and_then(|address| address.port);
        let other_port = port.zip(attributes.port).is_some_and(|(a, b)| a != b);
        !other_id && !other_port && !self.ties[candidate].told.contradicts(&attributes.told)
    }

    fn open(&mut self, event: u32, record: &LadderRecord, attributes: &Attributes<'a>) -> usize {
        let machine = self.timeline.machine[event as usize];
        let now = self.timeline.time[event as usize];
        let index = self.attempts.len();
        let activity = if record.join.contains(&Join::Activity) { attributes.activity } else { None };
        self.attempts.push(Attempt { activity, ..Attempt::new(record.side, machine, now) });
        self.ties.push(Ties::default());
        if let Some(activity) = activity {
            self.by_activity.insert((machine, record.side, activity), index);
        }
        self.recent.entry((machine, record.side)).or_default().push(index);
        index
    }

    fn join(&mut self, found: usize, event: u32, index: u16, attributes: &Attributes<'a>) {
        let record = &self.ladder.records[usize::from(index)];
        let now = self.timeline.time[event as usize];
        let logon = self.ladder.logon();
        let attempt = &mut self.attempts[found];
        attempt.records.push(Joined { event, record: index });
        if record.once {
            self.ties[found].once.push(index);
        }
        attempt.end = attempt.end.max(now);
        prove(attempt, record, now, logon);
        self.learn(found, record, attributes);
    }

    /// Takes over what the record tells and the attempt did not yet know.
    fn learn(&mut self, found: usize, record: &LadderRecord, attributes: &Attributes<'a>) {
        let (machine, side) = (self.attempts[found].machine, record.side);
        let attempt = &mut self.attempts[found];
        let known = &mut self.ties[found].told;
        let mut file = |common| self.by_value.entry((machine, side, common)).or_default().push(found);
        if attempt.address.is_none()
            && let Some(address) = attributes.address
        {
            known.address = attributes.told.address;
            known.address.into_iter().for_each(|key| file(Common::Address(key)));
            attempt.address = Some(Address::parse(address));
        } else if let Some(address) = &mut attempt.address
            && address.port.is_none()
            && known.address == attributes.told.address
        {
            address.port = attributes.port;
        }
        if attempt.user.is_none()
            && let Some(user) = attributes.user
        {
            known.user = attributes.told.user;
            known.user.into_iter().for_each(|key| file(Common::User(key)));
            attempt.user = Some(user.to_owned());
        }
        if let (Some(session), Some(key)) = (attributes.session, attributes.told.session)
            && known.session != Some(key)
            && record.requires.is_none()
        {
            known.session = Some(key);
            file(Common::Session(key));
            attempt.session = Some(session.to_owned());
        }
        if known.connection.is_none()
            && let Some(connection) = attributes.told.connection
        {
            known.connection = Some(connection);
            file(Common::Connection(connection));
            attempt.connection = Some(connection.to_owned());
        }
        if attempt.activity.is_none()
            && record.join.contains(&Join::Activity)
            && let Some(activity) = attributes.activity
        {
            attempt.activity = Some(activity);
            self.by_activity.entry((machine, side, activity)).or_insert(found);
        }
        attempt.target = attempt.target.take().or_else(|| attributes.target.map(str::to_owned));
        attempt.server = attempt.server.take().or_else(|| attributes.server.map(Address::parse));
        // The account of the logon itself, not of what else bears its name.
        if attributes.user.is_some() {
            attempt.domain = attempt.domain.take().or_else(|| attributes.domain.map(str::to_owned));
        }
        attempt.code = attributes.code.or(attempt.code);
    }
}

/// A record of the whole machine, joined by nothing but time, does not break what has got further already.
fn overtaken(attempt: &Attempt, record: &LadderRecord, stage: StageId) -> bool {
    record.join == [Join::Time] && attempt.reached.is_some_and(|reached| reached >= stage)
}

/// Moves the attempt to where the record proves it to be.
fn prove(attempt: &mut Attempt, record: &LadderRecord, now: i64, logon: StageId) {
    let in_session = attempt.logged_on.is_some();
    if let Some(stage) = record.reaches {
        if attempt.reached < Some(stage) {
            (attempt.reached, attempt.reached_at) = (Some(stage), now);
        }
        if stage >= logon && attempt.logged_on.is_none() {
            attempt.logged_on = Some(now);
        }
        // A retry within the same connection: what was refused first went through after all.
        if attempt.failed.is_some_and(|failed| stage > failed) {
            (attempt.failed, attempt.decided) = (None, false);
        }
    }
    if let Some((first, last)) = record.fails
        && !in_session
        && !overtaken(attempt, record, first)
    {
        // Later stages overrule earlier ones; of two ranges with the same start the narrower holds.
        let (first, last) = match (attempt.failed, attempt.failed_last) {
            _ if record.decides => (first, last),
            (Some(known), Some(known_last)) if attempt.decided => (known, known_last),
            (Some(known), Some(known_last)) if known > first => (known, known_last),
            (Some(known), Some(known_last)) if known == first => (known, known_last.min(last)),
            _ => (first, last),
        };
        (attempt.failed, attempt.failed_last) = (Some(first), Some(last));
        attempt.decided |= record.decides;
    }
    if let Some(ending) = record.ends {
        // The most telling end counts, but a user's own choice is not overruled by what the teardown then shows.
        if attempt.ended != Some(Ending::Choice) {
            attempt.ended = attempt.ended.max(Some(ending));
        }
        attempt.replaced |= ending == Ending::Replaced;
    }
    if record.drops && in_session && attempt.ended != Some(Ending::Choice) {
        attempt.dropped = true;
    }
}

/// Decimal or `0x` hex.
pub(crate) fn parse_code(text: &str) -> Option<u32> {
    let text = text.trim();
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => text.parse::<i64>().ok().and_then(|n| u32::try_from(n & 0xffff_ffff).ok()),
    }
}

/// Decides how each attempt came out and where the failed ones broke.
///
/// `focus` tells the attempts that the ticket is about, if it says so.
pub(crate) fn decide(
    attempts: &mut Vec<Attempt>,
    timeline: &Timeline<'_>,
    coverage: &Coverage,
    pack: &Pack,
    focus: &dyn Fn(&Attempt) -> bool,
) {
    attempts.retain(|attempt| !attempt.absorbed);
    sort(attempts);
    cut_short(attempts, timeline, pack.ladder());
    for attempt in attempts.iter_mut() {
        let (outcome, broke, aborted) = first_view(attempt, timeline, coverage, pack);
        (attempt.outcome, attempt.broke, attempt.aborted) = (outcome, broke, aborted);
    }
    preconnections(attempts, pack.ladder());
    retries(attempts, pack.ladder());
    probes(attempts, pack.ladder(), focus);
}

/// Sessions that end, without a word of why, at the moment of a record that cuts off every session of its machine.
fn cut_short(attempts: &mut [Attempt], timeline: &Timeline<'_>, ladder: &Ladder) {
    let span = span_ticks(CUT_TOGETHER);
    for attempt in attempts.iter_mut().filter(|a| a.logged_on() && a.ended == Some(Ending::Other)) {
        let cut = ladder.cuts.iter().any(|signal| {
            let near = timeline.between(*signal, attempt.end - span, attempt.end + span);
            near.iter().any(|&event| timeline.machine[event as usize] == attempt.machine)
        });
        attempt.dropped |= cut && attempt.side == Side::Host;
    }
}

/// What the attempt's own records and the coverage say.
fn first_view(
    attempt: &Attempt,
    timeline: &Timeline<'_>,
    coverage: &Coverage,
    pack: &Pack,
) -> (Outcome, Option<(StageId, StageId)>, Option<Aborted>) {
    let ladder = pack.ladder();
    let last = ladder.last_stage();
    let upper = missing_milestone(attempt, coverage, pack);
    if attempt.logged_on.is_some() {
        if attempt.dropped {
            let outcome = if is_brief(attempt, ladder) { Outcome::Failed } else { Outcome::Succeeded };
            // Before the desktop is there, nobody can tell a logon that broke from a session that did.
            let shown = outcome == Outcome::Succeeded || attempt.reached == Some(last);
            return (outcome, Some((if shown { last } else { ladder.logon() }, last)), None);
        }
        if broke_at_logon(attempt, upper, ladder) {
            return (Outcome::Failed, Some((ladder.logon(), last)), None);
        }
        return (Outcome::Succeeded, None, None);
    }
    let next = attempt.reached.map_or(StageId::FIRST, |reached| ladder.next_stage(reached));
    if let Some(failed) = attempt.failed {
        return (Outcome::Failed, Some((failed, attempt.failed_last.unwrap_or(failed).max(failed))), None);
    }
    if attempt.ended == Some(Ending::Choice) {
        return (Outcome::Aborted, None, Some(Aborted::Closed));
    }
    let nobody = attempt.user.is_none() && attempt.ended.is_some_and(|ended| ended != Ending::Fault);
    if nobody && attempt.reached.is_some_and(|reached| ladder.abandoned.contains(&reached)) {
        return (Outcome::Aborted, None, Some(Aborted::LogonScreen));
    }
    if attempt.ended == Some(Ending::Fault) {
        return (Outcome::Failed, Some((next, upper.unwrap_or(last).max(next))), None);
    }
    match upper {
        Some(upper) if !still_going(attempt, timeline, coverage, ladder) => {
            (Outcome::Failed, Some((next, upper.max(next))), None)
        }
        _ => (Outcome::Unknown, None, None),
    }
}

/// The lowest stage above the one reached whose proof is missing although the logs would hold it.
fn missing_milestone(attempt: &Attempt, coverage: &Coverage, pack: &Pack) -> Option<StageId> {
    let ladder = pack.ladder();
    let milestones = ladder.milestones.iter().filter(|milestone| {
        let machine = if milestone.side == attempt.side { Some(attempt.machine) } else { attempt.other };
        let above = attempt.reached.is_none_or(|reached| milestone.stage > reached);
        let covered = |signal: &SignalId| {
            machine.is_some_and(|machine| {
                coverage.covers(machine, pack.signal(*signal).home_channel(), attempt.reached_at, attempt.end)
            })
        };
        above && milestone.any.iter().any(covered)
    });
    milestones.map(|milestone| milestone.stage).min()
}

fn is_brief(attempt: &Attempt, ladder: &Ladder) -> bool {
    attempt.logged_on.is_some_and(|at| attempt.end - at < span_ticks(ladder.short_session))
}

fn broke_at_logon(attempt: &Attempt, upper: Option<StageId>, ladder: &Ladder) -> bool {
    let brief = is_brief(attempt, ladder);
    let closed = matches!(attempt.ended, Some(Ending::Choice | Ending::Policy | Ending::Replaced));
    let ended = attempt.ended.is_some() && !closed;
    let shown = attempt.reached == Some(ladder.last_stage());
    ended && brief && !shown && upper == Some(ladder.last_stage())
}

/// Whether the logs stop before the attempt could have shown its end.
fn still_going(attempt: &Attempt, timeline: &Timeline<'_>, coverage: &Coverage, ladder: &Ladder) -> bool {
    if attempt.ended.is_some() {
        return false;
    }
    let last = attempt.records.last().map(|joined| &timeline.events[joined.event as usize].channel);
    let held = last.and_then(|channel| coverage.last(attempt.machine, channel));
    let until = attempt.end + span_ticks(ladder.patience);
    let whole = last.is_some_and(|channel| coverage.covers(attempt.machine, channel, attempt.end, until));
    held.is_none_or(|held| held < until) || !whole
}

/// A short connection before the real one, from the same address, is no failure.
fn preconnections(attempts: &mut [Attempt], ladder: &Ladder) {
    let rule = ladder.preconnection;
    // The start of the next attempt that got further, from the last to the first: by address, and by machine for
    // records that do not tell the address.
    let mut by_source: HashMap<(Machine, String), i64> = HashMap::new();
    let mut by_machine: HashMap<Machine, i64> = HashMap::new();
    for attempt in attempts.iter_mut().rev().filter(|attempt| attempt.side == Side::Host) {
        let cut = attempt.reached.is_none_or(|reached| reached < rule.below);
        let source = attempt.source().map(|source| (attempt.machine, source.to_owned()));
        if attempt.failed.is_some() || !cut {
            by_machine.insert(attempt.machine, attempt.start);
            by_source.extend(source.map(|source| (source, attempt.start)));
            continue;
        }
        let next = match &source {
            Some(source) => by_source.get(source),
            None => by_machine.get(&attempt.machine),
        };
        let soon = next.is_some_and(|next| next - attempt.end <= span_ticks(rule.within));
        // The client's own word that the connection broke makes it an attempt in its own right.
        let meant = attempt.other.is_some() && attempt.ended == Some(Ending::Fault);
        if soon && !meant && attempt.outcome == Outcome::Failed {
            (attempt.outcome, attempt.broke, attempt.aborted) =
                (Outcome::Aborted, None, Some(Aborted::Preconnection));
        }
    }
}

/// Whoever is refused and gets in soon after, from the same address and after few tries, has mistyped.
fn retries(attempts: &mut [Attempt], ladder: &Ladder) {
    let rule = ladder.retry;
    let mut by_source: HashMap<(Machine, Side, String), Vec<usize>> = HashMap::new();
    for (index, attempt) in attempts.iter().enumerate() {
        let source = attempt.source().unwrap_or_default().to_owned();
        by_source.entry((attempt.machine, attempt.side, source)).or_default().push(index);
    }
    for list in by_source.values().filter(|list| list.len() > 1) {
        let mut refused: Vec<usize> = Vec::new();
        for &index in list {
            let attempt = &attempts[index];
            match attempt.outcome {
                Outcome::Failed if attempt.failed.is_some_and(|stage| ladder.refused.contains(&stage)) => {
                    refused.push(index)
                }
                Outcome::Failed => refused.clear(),
                Outcome::Succeeded => {
                    let start = attempt.start;
                    let same_user = |tried: &usize| match (&attempts[*tried].user, &attempts[index].user) {
                        (Some(tried), Some(got_in)) => user_key(tried) == user_key(got_in),
                        _ => true,
                    };
                    let soon = |tried: &usize| start - attempts[*tried].end <= span_ticks(rule.within);
                    if refused.len() <= rule.tries
                        && refused.iter().all(|tried| soon(tried) && same_user(tried))
                    {
                        for tried in refused.drain(..) {
                            let attempt = &mut attempts[tried];
                            (attempt.outcome, attempt.broke, attempt.aborted) =
                                (Outcome::Aborted, None, Some(Aborted::Retried));
                        }
                    }
                    refused.clear();
                }
                Outcome::Aborted | Outcome::Unknown => {}
            }
        }
    }
}

/// Strangers who only look at a host that serves others are no failures.
fn probes(attempts: &mut [Attempt], ladder: &Ladder, focus: &dyn Fn(&Attempt) -> bool) {
    let mut served: HashMap<Machine, Vec<i64>> = HashMap::new();
    let mut tries: HashMap<(Machine, String), (usize, bool)> = HashMap::new();
    for attempt in attempts.iter().filter(|attempt| attempt.side == Side::Host) {
        let got_in = attempt.outcome == Outcome::Succeeded; // dropped later or not
        if got_in {
            served.entry(attempt.machine).or_default().push(attempt.start);
        }
        let source = attempt.source().unwrap_or_default().to_owned();
        let entry = tries.entry((attempt.machine, source)).or_default();
        entry.0 += 1;
        entry.1 |= got_in || attempt.failed.is_some();
    }
    let mut outside: HashMap<Machine, usize> = HashMap::new();
    for (machine, source) in tries.iter().filter(|(_, (_, known))| !known).map(|(key, _)| key) {
        *outside.entry(*machine).or_default() += usize::from(Address::parse(source).reach() == Reach::Public);
    }
    let few = |attempt: &Attempt, tries: &HashMap<(Machine, String), (usize, bool)>| {
        let key = (attempt.machine, attempt.source().unwrap_or_default().to_owned());
        let (count, known) = tries.get(&key).copied().unwrap_or_default();
        // On a host that many strangers look at, one who looks often is one more of them. Without an address nobody can
        // tell who it was; at a time when the host serves others it is taken for a look.
        let exposed = outside.get(&attempt.machine).is_some_and(|count| *count >= ladder.strangers.sources);
        let looks = matches!(attempt.reach(), Reach::Public | Reach::Unknown)
            && (exposed || count < ladder.probe.attempts || attempt.address.is_none());
        !known && looks
    };
    let serves = |attempt: &Attempt| {
        let exposed = outside.get(&attempt.machine).is_some_and(|count| *count >= ladder.strangers.sources);
        let (from, to) =
            (attempt.start - span_ticks(SERVED_BEFORE), attempt.start + span_ticks(SERVED_AFTER));
        served.get(&attempt.machine).is_some_and(|good| {
            let next = good.partition_point(|at| *at < from);
            exposed || good.get(next).is_some_and(|at| *at <= to)
        })
    };
    let watching = programs(attempts, ladder, &serves);
    let watched =
        |a: &Attempt| a.source().is_some_and(|source| watching.contains(&(a.machine, source.to_owned())));
    let open =
        |a: &Attempt| a.side == Side::Host && a.outcome == Outcome::Failed && !focus(a) && a.other.is_none();
    let looked: Vec<usize> = attempts
        .iter()
        .enumerate()
        .filter(|(_, a)| open(a) && a.reached.is_none_or(|reached| reached < ladder.probe.below))
        .filter(|(_, a)| {
            let silent = a.failed.is_none() && a.ended != Some(Ending::Fault);
            watched(a) || (silent && few(a, &tries) && serves(a))
        })
        .map(|(index, _)| index)
        .collect();
    for index in looked {
        let attempt = &mut attempts[index];
        (attempt.outcome, attempt.broke, attempt.aborted) = (Outcome::Aborted, None, Some(Aborted::Probe));
    }
}

/// Sources whose connections are so many and so even, or so fast, that no person makes them, and so short that they
/// wait for no answer. Most of them leave no fault behind. Those that look while others are served (`serves`) look at
/// other times, too.
fn programs(
    attempts: &[Attempt],
    ladder: &Ladder,
    serves: &dyn Fn(&Attempt) -> bool,
) -> HashSet<(Machine, String)> {
    let mut by_source: HashMap<(Machine, String), Vec<&Attempt>> = HashMap::new();
    for attempt in attempts.iter().filter(|a| a.side == Side::Host && a.other.is_none()) {
        if let Some(source) = attempt.source() {
            by_source.entry((attempt.machine, source.to_owned())).or_default().push(attempt);
        }
    }
    let is_program = |tries: &[&Attempt]| {
        let most_of = |count: usize| count * 2 > tries.len();
        let starts: Vec<i64> = tries.iter().map(|attempt| attempt.start).collect();
        let looks = |a: &&&Attempt| a.reached.is_none_or(|reached| reached < ladder.probe.below);
        let many = (starts.len() >= ladder.probe.regular && are_even(&starts))
            || most(&starts, Some(span_ticks(BURST))) >= ladder.probe.burst;
        many && tries.iter().all(|a| looks(&a))
            && most_of(tries.iter().filter(|a| a.length() <= span_ticks(GLANCE)).count())
            && most_of(tries.iter().filter(|a| a.failed.is_none()).count())
            && tries.iter().any(|a| serves(a))
    };
    by_source.into_iter().filter(|(_, tries)| is_program(tries)).map(|(key, _)| key).collect()
}

/// Three in four of the spaces between moments in order are the middle one, within a tenth.
fn are_even(moments: &[i64]) -> bool {
    let mut spaces: Vec<i64> = moments.windows(2).map(|pair| pair[1] - pair[0]).collect();
    spaces.sort_unstable();
    let middle = spaces[spaces.len() / 2];
    let even = spaces.iter().filter(|space| (**space - middle).abs() <= middle / 10).count();
    middle > 0 && even * 4 >= spaces.len() * 3
}

/// Joins the client's and the host's view of the same attempt into one, seen from the host.
///
/// `pairs` holds (client attempt, host attempt).
pub(crate) fn merge(attempts: &mut [Attempt], pairs: &[(usize, usize)], timeline: &Timeline<'_>) {
    for &(client, host) in pairs {
        let from = attempts[client].clone();
        attempts[client].absorbed = true;
        let into = &mut attempts[host];
        into.other = Some(from.machine);
        // It starts when the host first sees it: evidence on the host lies around that moment.
        into.end = into.end.max(from.end);
        into.records.extend(&from.records);
        into.records
            .sort_by_key(|joined| (timeline.time[joined.event as usize], joined.event, joined.record));
        into.target = into.target.take().or(from.target);
        into.server = into.server.take().or(from.server);
        into.user = into.user.take().or(from.user);
        into.code = into.code.or(from.code);
        into.reached = into.reached.max(from.reached);
        into.dropped |= from.dropped && (into.logged_on.is_some() || from.logged_on.is_some());
        into.logged_on = into.logged_on.or(from.logged_on);
        into.ended = if from.ended == Some(Ending::Choice) { from.ended } else { into.ended.max(from.ended) };
        if into.failed.is_none() && from.failed > into.reached {
            (into.failed, into.failed_last) = (from.failed, from.failed_last);
        }
    }
}

/// Moves the attempts of each machine by its shift of the clock.
pub(crate) fn move_clocks(attempts: &mut [Attempt], shift: &[i64]) {
    for attempt in attempts {
        let by = shift[attempt.machine.0 as usize];
        attempt.start += by;
        attempt.end += by;
        attempt.reached_at += by;
        attempt.logged_on = attempt.logged_on.map(|at| at + by);
    }
}

/// A failed attempt that no record shows, at that moment: what a ticket without a trace says.
pub(crate) fn assumed(machine: Machine, at: i64, broke: (StageId, StageId)) -> Attempt {
    Attempt { outcome: Outcome::Failed, broke: Some(broke), ..Attempt::new(Side::Host, machine, at) }
}
