//! The records that the ladder names, grouped into attempts.

use crate::attempts::attempt::{Attempt, Joined, sort};
use crate::attempts::attributes::Attributes;
use crate::attempts::progress::prove;
use crate::attempts::ties::{Common, Ties, Told};
use crate::world::address::Address;
use crate::world::key::Key;
use crate::world::machine::Machine;
use crate::world::tick::span_ticks;
use crate::world::timeline::Timeline;
use rdpwhy_event::hash::{HashMap, HashSet};
use rdpwhy_event::{Guid, Names};
use rdpwhy_rules::ladder::{Join, Ladder, LadderRecord};
use rdpwhy_rules::phrase::Shared;
use rdpwhy_rules::{Pack, Side};

/// How many earlier attempts of the same address, user or session are looked at for a record to join.
const LOOK_BACK: usize = 64;

/// Groups the ladder's records into attempts, one side and one machine at a time.
///
/// Attempts come out by start, machine, side and first record. Outcomes are not yet decided: see [`decide`](super::outcome::decide).
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

/// The addresses of all records that begin an attempt.
fn comers(timeline: &Timeline<'_>, ladder: &Ladder) -> HashSet<(Machine, Side, Key)> {
    let mut comers = HashSet::default();
    for record in ladder.records.iter().filter(|record| record.opens) {
        for &event in &timeline.seen[record.signal.index()] {
            let address = timeline.keys.of_event(event, Shared::Address);
            comers.extend(address.map(|key| (timeline.machine[event as usize], record.side, key)));
        }
    }
    comers
}

struct Grouping<'t, 'a> {
    timeline: &'t Timeline<'a>,
    ladder: &'t Ladder,
    /// The ladder's records of each signal.
    of_signal: Vec<Vec<u16>>,
    attempts: Vec<Attempt>,
    /// Of each attempt, what further records are held against.
    ties: Vec<Ties<'a>>,
    names: Names,
    /// Addresses without a port as records write them.
    addresses: HashMap<&'a str, Address>,
    /// Names of users, and whether they are persons.
    persons: HashMap<&'a str, bool>,
    by_activity: HashMap<(Machine, Side, Guid), usize>,
    by_value: HashMap<(Machine, Side, Common<'a>), Vec<usize>>,
    recent: HashMap<(Machine, Side), Vec<usize>>,
    /// Addresses from which a connection comes at any time, by the records that begin one.
    comers: HashSet<(Machine, Side, Key)>,
}

impl<'t, 'a> Grouping<'t, 'a> {
    fn new(timeline: &'t Timeline<'a>, pack: &'t Pack) -> Self {
        let ladder = pack.ladder();
        let mut of_signal: Vec<Vec<u16>> = vec![Vec::new(); pack.signals().len()];
        for (index, record) in ladder.records.iter().enumerate() {
            of_signal[record.signal.index()].push(u16::try_from(index).unwrap_or(u16::MAX));
        }
        Grouping {
            timeline,
            ladder,
            of_signal,
            attempts: Vec::new(),
            ties: Vec::new(),
            persons: HashMap::default(),
            names: Names::default(),
            addresses: HashMap::default(),
            by_activity: HashMap::default(),
            by_value: HashMap::default(),
            recent: HashMap::default(),
            comers: comers(timeline, ladder),
        }
    }

    /// One event may be several of the ladder's records; they join the same attempt.
    fn take(&mut self, event: u32) {
        let signals = self.timeline.signals(event);
        let records = signals.flat_map(|signal| &self.of_signal[signal.index()]);
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

    /// Whether an attempt on the machine comes from the same address at any time, or came from the same user before.
    fn knows(&self, event: u32, record: &LadderRecord, told: &Told<'a>) -> bool {
        let machine = self.timeline.machine[event as usize];
        let earlier = |common| self.by_value.contains_key(&(machine, record.side, common));
        match (told.address, told.user) {
            (Some(address), _) => {
                self.comers.contains(&(machine, record.side, address)) || earlier(Common::Address(address))
            }
            (None, Some(user)) => earlier(Common::User(user)),
            (None, None) => false,
        }
    }

    fn attributes(&mut self, event: u32) -> Attributes<'a> {
        Attributes::of(event, self.timeline, |name| self.is_person(name))
    }

    /// Whether a user's name is that of a person.
    fn is_person(&mut self, name: &'a str) -> bool {
        let ladder = self.ladder;
        *self.persons.entry(name).or_insert_with(|| ladder.is_person(name))
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
        // First what rules most of them out. What is joined anew may be older than what has begun since.
        let from = if join == Join::Time { attempt.start } else { attempt.end };
        let lasting = record.requires.is_some();
        let is_late = !lasting && now - from > span_ticks(record.within);
        if join != Join::Activity && (is_late || attempt.start > now) {
            return false;
        }
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
        // Somebody signed in already: whoever does so again is not the same connection.
        let signs_in = record.opens
            && record.ends.is_none()
            && record.reaches.is_some_and(|stage| stage >= self.ladder.logon());
        let again = span_ticks(self.ladder.thresholds.join.again);
        if signs_in && attempt.logged_on.is_some_and(|at| now - at > again) {
            return false;
        }
        let trailing = span_ticks(self.ladder.thresholds.join.trailing);
        if attempt.ended.is_some() && now > attempt.end + trailing {
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
            attempt.address = Some(shared_address(address, &mut self.addresses, &mut self.names));
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
            attempt.user = Some(self.names.shared(user));
        }
        if let (Some(session), Some(key)) = (attributes.session, attributes.told.session)
            && known.session != Some(key)
            && record.requires.is_none()
        {
            known.session = Some(key);
            file(Common::Session(key));
            attempt.session = Some(self.names.shared(session));
        }
        if known.connection.is_none()
            && let Some(connection) = attributes.told.connection
        {
            known.connection = Some(connection);
            file(Common::Connection(connection));
            attempt.connection = Some(self.names.shared(connection));
        }
        if attempt.activity.is_none()
            && record.join.contains(&Join::Activity)
            && let Some(activity) = attributes.activity
        {
            attempt.activity = Some(activity);
            self.by_activity.entry((machine, side, activity)).or_insert(found);
        }
        attempt.target =
            attempt.target.take().or_else(|| attributes.target.map(|target| self.names.shared(target)));
        attempt.server = attempt.server.take().or_else(|| Some(Box::new(Address::parse(attributes.server?))));
        // The account of the logon itself, not of what else bears its name.
        if attributes.user.is_some() {
            attempt.domain =
                attempt.domain.take().or_else(|| attributes.domain.map(|domain| self.names.shared(domain)));
        }
        attempt.code = attributes.code.or(attempt.code);
    }
}

/// The address, its text shared with those that are the same.
fn shared_address<'a>(text: &'a str, known: &mut HashMap<&'a str, Address>, names: &mut Names) -> Address {
    let read = |names: &mut Names| {
        let mut address = Address::parse(text);
        address.host = names.shared(&address.host);
        address
    };
    // With a port nearly every one is another.
    if text.contains(':') { read(names) } else { known.entry(text).or_insert_with(|| read(names)).clone() }
}
