//! A ticket: machines, what happened on them and when, and the diagnosis it must get.

use std::fs;
use std::path::Path;

use jiff::Timestamp;

use crate::ForgeError;
use crate::node::{self, Fields, Kind, Node, unknown};
use crate::place::Place;
use crate::time::{Instant, Span};

/// A ticket as written; its events become records when it is forged.
#[derive(Clone, Debug)]
pub struct Ticket {
    /// What a person would call it. Also seeds everything that is made up, such as GUIDs and jitter.
    pub title: String,
    /// Two or three sentences for people.
    pub story: String,
    /// Origin of relative times.
    pub start: Instant,
    /// The machines whose logs were collected, in the order written.
    pub machines: Vec<Machine>,
    /// The diagnosis that the logs must get.
    pub expect: Expect,
    pub(crate) collected: Vec<(Node, Vec<Node>)>,
    pub(crate) logs: Vec<LogSetting>,
    pub(crate) events: Vec<Node>,
}

/// A machine of a ticket.
#[derive(Clone, Debug)]
pub struct Machine {
    /// Its name within the ticket, and the folder of its logs.
    pub id: String,
    /// Its name in its records.
    pub computer: String,
    /// How far its clock is ahead from each of these true times on; ascending.
    clock: Vec<(Instant, Span)>,
}

/// What a ticket says about some channels of one machine.
#[derive(Clone, Debug)]
pub(crate) struct LogSetting {
    pub(crate) on: Node,
    pub(crate) channels: Vec<Node>,
    /// Quiet background over this span.
    pub(crate) background: Option<(Instant, Instant)>,
    pub(crate) every: Span,
    pub(crate) first_record_id: Option<u64>,
    pub(crate) keep_from: Option<Instant>,
    pub(crate) keep_until: Option<Instant>,
}

/// The diagnosis that a ticket's logs must get. Everything is optional; empty lists claim nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expect {
    /// With what options the command is to be run.
    pub options: Options,
    /// `diagnosed`, `inconclusive`, `healthy` or `no_evidence`.
    pub verdict: Option<String>,
    /// What must be said of the causes, of all incidents together.
    pub claim: Claim,
    /// The family that must be the verdict on the first incident, because no cause is.
    pub family: Option<String>,
    /// What must be said incident by incident, in order; empty if it does not matter.
    pub incidents: Vec<Claim>,
    /// Ids of notices that must be there.
    pub notices: Vec<String>,
    /// Ids of notices that must not be there.
    pub no_notices: Vec<String>,
    /// How many attempts must be found.
    pub attempts: Attempts,
    /// Channels that the advice must name.
    pub collect: Vec<String>,
}

/// What must be said of causes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Claim {
    /// The cause that must be first.
    pub first: Option<String>,
    /// Causes that must be among the first three.
    pub top3: Vec<String>,
    /// Lower bound of the first cause's probability.
    pub min_probability: Option<f64>,
    /// Upper bound of the first cause's probability.
    pub max_probability: Option<f64>,
    /// Causes that must stay below 10 %.
    pub quiet: Vec<String>,
}

/// How many attempts of each outcome must be found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attempts {
    /// Failed ones.
    pub failed: Option<u64>,
    /// Succeeded ones.
    pub succeeded: Option<u64>,
    /// Those given up by the client, such as preflights.
    pub aborted: Option<u64>,
    /// Those whose end is not known.
    pub unknown: Option<u64>,
}

/// Options of the command; times are resolved against the ticket's start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Nothing before this counts.
    pub since: Option<Timestamp>,
    /// Nothing after this counts.
    pub until: Option<Timestamp>,
    /// When the complaint happened.
    pub at: Option<Timestamp>,
    /// The error code on the user's screen.
    pub error: Option<u32>,
    /// The extended error code on the user's screen.
    pub extended: Option<u32>,
    /// Whose complaint it is.
    pub user: Option<String>,
    /// From where that person connects.
    pub source: Option<String>,
    /// To which host.
    pub target: Option<String>,
}

impl Ticket {
    /// Reads a ticket, and the tickets it is based on.
    ///
    /// # Errors
    /// A file that cannot be read, or the place of the first fault.
    pub fn load(path: &Path) -> Result<Ticket, ForgeError> {
        Ticket::of(&load_node(path, 0)?)
    }

    /// Reads a ticket from text; `file` is its name in errors. `base` needs [`Ticket::load`].
    ///
    /// # Errors
    /// The place of the first fault.
    pub fn parse(text: &str, file: &str) -> Result<Ticket, ForgeError> {
        let node = node::parse(text, file)?;
        match node.get("base") {
            Some(base) => Err(base.fault("a ticket without a folder cannot have a base")),
            None => Ticket::of(&node),
        }
    }

    fn of(node: &Node) -> Result<Ticket, ForgeError> {
        let fields = Fields::of(node)?;
        let start = fields.required("start")?.read("a time such as 2026-03-09T07:58:00Z", Instant::parse)?;
        let machines = machines(fields.required("machines")?, start)?;
        let items = |name| fields.optional(name).map_or(Ok(&[][..]), Node::items);
        let ticket = Ticket {
            title: fields.required("title")?.text()?.to_owned(),
            story: fields.text("story")?.unwrap_or_default(),
            start,
            collected: collected(fields.optional("collected"))?,
            logs: items("logs")?.iter().map(|log| LogSetting::of(log, start)).collect::<Result<_, _>>()?,
            events: items("events")?.to_vec(),
            expect: fields.optional("expect").map_or(Ok(Expect::default()), |e| Expect::of(e, start))?,
            machines,
        };
        fields.finish()?;
        for node in ticket.collected.iter().map(|(on, _)| on).chain(ticket.logs.iter().map(|log| &log.on)) {
            ticket.machine(node.text()?, &node.place)?;
        }
        Ok(ticket)
    }

    /// The machine of this id.
    pub(crate) fn machine(&self, id: &str, place: &Place) -> Result<usize, ForgeError> {
        let ids = || self.machines.iter().map(|m| m.id.as_str());
        ids().position(|m| m == id).ok_or_else(|| place.fault(unknown("machine", id, ids())))
    }
}

/// Tickets based on tickets based on tickets: this many at most.
const LONGEST_BASE: usize = 8;

/// The ticket's node with the keys of its base where it has none of its own.
fn load_node(path: &Path, depth: usize) -> Result<Node, ForgeError> {
    let file = |source| ForgeError::File { path: path.to_owned(), source };
    let text = fs::read_to_string(path).map_err(file)?;
    let node = node::parse(&text, &path.display().to_string())?;
    let Some(base) = node.get("base") else { return Ok(node) };
    if depth == LONGEST_BASE {
        return Err(base.fault("the base of this ticket leads through too many tickets, perhaps in a circle"));
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    let base = load_node(&folder.join(base.text()?), depth + 1)?;
    overlay(&base, &node)
}

/// `base` with the keys of `ticket` instead of its own, and `add_events` and `add_logs` after its events and logs.
fn overlay(base: &Node, ticket: &Node) -> Result<Node, ForgeError> {
    let mut entries = base.map()?.to_vec();
    for (key, value) in ticket.map()? {
        let name = key.name.strip_prefix("add_").filter(|n| matches!(*n, "events" | "logs"));
        let target = name.unwrap_or(&key.name);
        match entries.iter_mut().find(|(k, _)| k.name == target) {
            _ if target == "base" => {}
            Some((_, old)) if name.is_some() => {
                let items = [old.items()?, value.items()?].concat();
                *old = Node { place: value.place.clone(), kind: Kind::List(items) };
            }
            Some((_, old)) => *old = value.clone(),
            None => {
                let key = node::Key { name: target.to_owned(), ..key.clone() };
                entries.push((key, value.clone()));
            }
        }
    }
    Ok(Node { place: ticket.place.clone(), kind: Kind::Map(entries) })
}

/// Reads `+2m` from the start, or a time of its own.
pub(crate) fn instant(node: &Node, start: Instant) -> Result<Instant, ForgeError> {
    node.read("a time such as 2026-03-09T08:10:00Z, or one from the start such as +2m", |text| {
        if text.starts_with(['+', '-']) {
            return Span::parse(text).map(|span| start.plus(span));
        }
        Instant::parse(text)
    })
}

pub(crate) fn span(node: &Node) -> Result<Span, ForgeError> {
    node.read("a length of time such as 3m or 0.25s", Span::parse)
}

fn machines(node: &Node, start: Instant) -> Result<Vec<Machine>, ForgeError> {
    let machines: Vec<Machine> = node
        .map()?
        .iter()
        .map(|(key, value)| {
            let fields = Fields::of(value)?;
            let machine = Machine {
                id: key.name.clone(),
                computer: fields.required("computer")?.text()?.to_owned(),
                clock: clock(fields.optional("clock"), start)?,
            };
            fields.finish()?;
            Ok(machine)
        })
        .collect::<Result<_, ForgeError>>()?;
    match machines.is_empty() {
        true => Err(node.fault("a ticket needs at least one machine")),
        false => Ok(machines),
    }
}

/// `clock: +7m`, or `clock: [{ at: -1d, ahead: +7m }]` for clocks that were set.
fn clock(node: Option<&Node>, start: Instant) -> Result<Vec<(Instant, Span)>, ForgeError> {
    let Some(node) = node else { return Ok(Vec::new()) };
    if matches!(node.kind, Kind::Scalar(_)) {
        return Ok(vec![(Instant(0), span(node)?)]);
    }
    let steps: Vec<(Instant, Span)> = node
        .items()?
        .iter()
        .map(|step| {
            let fields = Fields::of(step)?;
            let step = (instant(fields.required("at")?, start)?, span(fields.required("ahead")?)?);
            fields.finish()?;
            Ok(step)
        })
        .collect::<Result<_, ForgeError>>()?;
    match steps.is_sorted() {
        true => Ok(steps),
        false => Err(node.fault("the steps of a clock must be in the order of time")),
    }
}

impl Machine {
    /// What the machine's clock shows at a true time.
    pub(crate) fn shows(&self, time: Instant) -> Instant {
        let ahead = self.clock.iter().rev().find(|(from, _)| *from <= time);
        ahead.map_or(time, |(_, ahead)| time.plus(*ahead))
    }
}

/// Which channels of which machines were collected. A machine not named had all of them collected.
fn collected(node: Option<&Node>) -> Result<Vec<(Node, Vec<Node>)>, ForgeError> {
    let Some(node) = node else { return Ok(Vec::new()) };
    let machine = |(key, channels): &(node::Key, Node)| {
        let on = Node { place: key.place.clone(), kind: Kind::Scalar(key.name.clone()) };
        Ok((on, channels.items()?.to_vec()))
    };
    node.map()?.iter().map(machine).collect()
}

impl LogSetting {
    fn of(node: &Node, start: Instant) -> Result<LogSetting, ForgeError> {
        let fields = Fields::of(node)?;
        let time = |name| fields.optional(name).map(|n| instant(n, start)).transpose();
        let background = match (time("from")?, time("until")?) {
            (Some(from), Some(until)) if from <= until => Some((from, until)),
            (Some(_), Some(_)) => return Err(node.fault("`from` must not be later than `until`")),
            (None, None) => None,
            _ => return Err(node.fault("`from` and `until` must be given together")),
        };
        let every = fields.optional("every").map(span).transpose()?.unwrap_or(DEFAULT_BACKGROUND);
        if every.0 <= 0 {
            return Err(node.fault("`every` must be longer than nothing"));
        }
        let first_id = fields.optional("first_record_id");
        let setting = LogSetting {
            on: fields.required("on")?.clone(),
            channels: fields.required("channels")?.items()?.to_vec(),
            background,
            every,
            first_record_id: first_id.map(|n| n.read("a record id", node::number)).transpose()?,
            keep_from: time("keep_from")?,
            keep_until: time("keep_until")?,
        };
        fields.finish()?;
        Ok(setting)
    }
}

/// One harmless record per this time.
const DEFAULT_BACKGROUND: Span = Span(6 * 3_600 * 10_000_000);

impl Expect {
    fn of(node: &Node, start: Instant) -> Result<Expect, ForgeError> {
        let fields = Fields::of(node)?;
        let incidents = fields.optional("incidents").map_or(Ok(&[][..]), Node::items)?;
        let expect = Expect {
            options: fields.optional("options").map_or(Ok(Options::default()), |o| Options::of(o, start))?,
            verdict: fields.text("verdict")?,
            claim: Claim::of(&fields)?,
            family: fields.text("family")?,
            incidents: incidents
                .iter()
                .map(|incident| {
                    let fields = Fields::of(incident)?;
                    let claim = Claim::of(&fields)?;
                    fields.finish()?;
                    Ok(claim)
                })
                .collect::<Result<_, ForgeError>>()?,
            notices: fields.texts("notices")?,
            no_notices: fields.texts("no_notices")?,
            attempts: fields.optional("attempts").map_or(Ok(Attempts::default()), Attempts::of)?,
            collect: fields.texts("collect")?,
        };
        fields.finish()?;
        let verdicts = ["diagnosed", "inconclusive", "healthy", "no_evidence"];
        match expect.verdict.as_deref().filter(|v| !verdicts.contains(v)) {
            Some(v) => {
                Err(node.get("verdict").unwrap_or(node).fault(unknown("verdict", v, verdicts.into_iter())))
            }
            None => Ok(expect),
        }
    }
}

impl Claim {
    fn of(fields: &Fields<'_>) -> Result<Claim, ForgeError> {
        let share = |name| {
            let read = |text: &str| text.parse().ok().filter(|p| (0.0..=1.0).contains(p));
            fields.optional(name).map(|n| n.read("a number from 0 to 1", read)).transpose()
        };
        Ok(Claim {
            first: fields.text("first")?,
            top3: fields.texts("top3")?,
            min_probability: share("min_probability")?,
            max_probability: share("max_probability")?,
            quiet: fields.texts("quiet")?,
        })
    }
}

impl Attempts {
    fn of(node: &Node) -> Result<Attempts, ForgeError> {
        let fields = Fields::of(node)?;
        let count = |name| fields.optional(name).map(|n| n.read("a number", node::number)).transpose();
        let attempts = Attempts {
            failed: count("failed")?,
            succeeded: count("succeeded")?,
            aborted: count("aborted")?,
            unknown: count("unknown")?,
        };
        fields.finish()?;
        Ok(attempts)
    }
}

impl Options {
    fn of(node: &Node, start: Instant) -> Result<Options, ForgeError> {
        let fields = Fields::of(node)?;
        let time =
            |name| fields.optional(name).map(|n| instant(n, start).map(Instant::timestamp)).transpose();
        let code = |name| {
            let read = |text: &str| node::number(text).and_then(|n| u32::try_from(n).ok());
            fields.optional(name).map(|n| n.read("a code such as 0x904", read)).transpose()
        };
        let options = Options {
            since: time("since")?,
            until: time("until")?,
            at: time("at")?,
            error: code("error")?,
            extended: code("extended")?,
            user: fields.text("user")?,
            source: fields.text("source")?,
            target: fields.text("target")?,
        };
        fields.finish()?;
        Ok(options)
    }
}
