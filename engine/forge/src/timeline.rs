//! A ticket's events and background, played out into records in time.

use std::collections::BTreeMap;

use crate::ForgeError;
use crate::draft::Draft;
use crate::evtx::{Record, hash128};
use crate::node::{Kind, Node, number, unknown};
use crate::pattern::{Names, Piece, pieces};
use crate::place::Place;
use crate::scope::{Scope, sid};
use crate::shapes::{RECORD_KEYS, STEP_KEYS, Scene, Shapes};
use crate::ticket::{LogSetting, Ticket, instant, span};
use crate::time::{Instant, Span};

/// A record with its machine and true time.
pub(crate) struct Planned {
    pub(crate) machine: usize,
    pub(crate) time: Instant,
    pub(crate) place: Place,
    pub(crate) record: Record,
}

/// One repetition of one event.
struct Instance<'t> {
    event: &'t Node,
    index: usize,
    repetition: u64,
    time: Instant,
}

impl Instance<'_> {
    /// The name of its activity, if the ticket gives one; each repetition has its own.
    fn activity(&self) -> Result<Option<String>, ForgeError> {
        let Some(node) = self.event.get("activity") else { return Ok(None) };
        let name = node.text()?;
        Ok(Some(match self.event.get("repeat") {
            Some(_) => format!("{name} {}", self.repetition),
            None => name.to_owned(),
        }))
    }
}

const EVENT_KEYS: [&str; 9] =
    ["at", "on", "shape", "scene", "repeat", "every", "jitter", "activity", "channel"];
const SHAPE_OVERRIDES: [&str; 6] = ["channel", "level", "version", "keywords", "data", "pid"];
/// Gaps within scenes shorter than this vary a little from one playing to the next.
const VARIED_BELOW: i64 = 10_000_000;
const MOST_REPETITIONS: u64 = 200_000;

pub(crate) struct Player<'t> {
    pub(crate) ticket: &'t Ticket,
    pub(crate) shapes: &'t Shapes,
    pub(crate) planned: Vec<Planned>,
}

impl<'t> Player<'t> {
    /// Plays everything the ticket says.
    pub(crate) fn play(ticket: &'t Ticket, shapes: &'t Shapes) -> Result<Vec<Planned>, ForgeError> {
        let mut player = Player { ticket, shapes, planned: Vec::new() };
        for setting in &ticket.logs {
            player.background(setting)?;
        }
        let mut instances = Vec::new();
        for (index, event) in ticket.events.iter().enumerate() {
            player.instances(event, index, &mut instances)?;
        }
        instances.sort_by_key(|i| (i.time, i.index, i.repetition));
        // Events of one named activity are one connection: they share its number, and what is made from it.
        let mut named = BTreeMap::new();
        for (number, instance) in instances.iter().enumerate() {
            let number = match instance.activity()? {
                Some(activity) => *named.entry(activity).or_insert(number),
                None => number,
            };
            player.instance(instance, number as u64)?;
        }
        Ok(player.planned)
    }

    /// A number that is always the same for the same ticket and `what`.
    fn made_up(&self, what: &str) -> u128 {
        hash128(format!("{}\n{what}", self.ticket.title).as_bytes())
    }

    /// A span from `-most` to `+most`.
    fn jitter(&self, what: &str, most: Span) -> Span {
        let steps = most.0.unsigned_abs() as u128 * 2 + 1;
        Span((self.made_up(what) % steps) as i64 - most.0.abs())
    }

    fn background(&mut self, setting: &LogSetting) -> Result<(), ForgeError> {
        let channels = self.shapes.channel_list(&setting.channels)?;
        let Some((from, until)) = setting.background else { return Ok(()) };
        let machine = self.ticket.machine(setting.on.text()?, &setting.on.place)?;
        for channel in channels {
            let names = self.shapes.background(&channel, &setting.on.place)?;
            let mut times = vec![from];
            let mut next = from.plus(setting.every);
            while next < until {
                let what = format!("background {machine} {channel} {}", next.0);
                times.push(next.plus(self.jitter(&what, Span(setting.every.0 / 3))).min(until));
                next = next.plus(setting.every);
            }
            times.push(until);
            for (n, time) in times.into_iter().enumerate() {
                let shape = self.shapes.shape(&names[n % names.len()], &setting.on.place)?;
                let values = BTreeMap::from([("activity".to_owned(), format!("background {n}"))]);
                let scope = Scope { values, parent: None, machine: &self.ticket.machines[machine] };
                self.record(shape, None, machine, time, &scope, &setting.on.place)?;
            }
        }
        Ok(())
    }

    /// The repetitions of an event.
    fn instances(
        &self,
        event: &'t Node,
        index: usize,
        out: &mut Vec<Instance<'t>>,
    ) -> Result<(), ForgeError> {
        let needed =
            |key: &str| event.get(key).ok_or_else(|| event.fault(format!("`{key}` is missing here")));
        let at = instant(needed("at")?, self.ticket.start)?;
        let repeat = event.get("repeat").map_or(Ok(1), |n| n.read("a number", number))?;
        if repeat > MOST_REPETITIONS {
            return Err(event.fault(format!("at most {MOST_REPETITIONS} repetitions")));
        }
        let every = match event.get("every") {
            Some(node) => span(node)?,
            None if repeat > 1 => return Err(event.fault("`repeat` needs `every`")),
            None => Span(0),
        };
        let jitter = event.get("jitter").map_or(Ok(Span(0)), span)?;
        for repetition in 0..repeat {
            let moved = self.jitter(&format!("jitter {index} {repetition}"), jitter);
            let gaps = Span(every.0.saturating_mul(repetition as i64));
            // The first stays where the ticket says.
            let moved = if repetition == 0 { Span(0) } else { moved };
            out.push(Instance { event, index, repetition, time: at.plus(gaps).plus(moved) });
        }
        Ok(())
    }

    fn instance(&mut self, instance: &Instance<'t>, number: u64) -> Result<(), ForgeError> {
        let event = instance.event;
        let on = event.get("on").ok_or_else(|| event.fault("`on` is missing here"))?;
        let machine = self.ticket.machine(on.text()?, &on.place)?;
        let root = Scope {
            values: self.builtins(instance, number),
            parent: None,
            machine: &self.ticket.machines[machine],
        };
        let mut scope = Scope { values: BTreeMap::new(), parent: Some(&root), machine: root.machine };
        if let Some(name) = instance.activity()? {
            scope.values.insert("activity".to_owned(), name);
        }
        match (event.get("shape"), event.get("scene")) {
            (Some(_), Some(scene)) => Err(scene.fault("an event has a `shape` or a `scene`, not both")),
            (Some(shape), None) => {
                let node = self.shapes.shape(shape.text()?, &shape.place)?;
                let mut legal = self.shapes.shape_parameters(shape.text()?, &shape.place)?;
                legal.extend(SHAPE_OVERRIDES.map(|name| (name.to_owned(), None)));
                self.parameters(event, instance.repetition, &legal, &root, &mut scope)?;
                self.record(node, Some(event), machine, instance.time, &scope, &event.place)
            }
            (None, Some(name)) => {
                let scene = self.shapes.scene(name.text()?, &name.place)?;
                let legal = self.shapes.scene_parameters(scene, 0)?;
                self.parameters(event, instance.repetition, &legal, &root, &mut scope)?;
                let seed = format!("{}/{}", instance.index, instance.repetition);
                self.scene(scene, machine, instance.time, &scope, &event.place, &seed).map(|_| ())
            }
            (None, None) => {
                // A record spelled out has the activity that it names, or none.
                if instance.activity()?.is_none() {
                    scope.values.insert("activity".to_owned(), "none".to_owned());
                }
                self.spelled_out(event, machine, instance.time, &scope)
            }
        }
    }

    fn builtins(&self, instance: &Instance<'_>, number: u64) -> BTreeMap<String, String> {
        let port = |n: u64| (49_700 + (number * 2 + n) * 3 % 15_000).to_string();
        let logon = 0x10_0000 + self.made_up(&format!("logon {number}")) % 0xEF_0000;
        [
            ("port", port(0)),
            ("port2", port(1)),
            ("n", (instance.repetition + 1).to_string()),
            ("connection", (number * 2 + 1).to_string()),
            ("connection2", (number * 2).to_string()),
            ("logon_id", format!("{logon:#x}")),
            ("activity", format!("#{}/{}", instance.index, instance.repetition)),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }

    /// Puts an event's parameters into `scope`; of a list, the one whose turn it is.
    fn parameters(
        &self,
        event: &Node,
        repetition: u64,
        legal: &Names,
        root: &Scope<'_>,
        scope: &mut Scope<'_>,
    ) -> Result<(), ForgeError> {
        for (key, node) in event.map()? {
            let name = key.name.as_str();
            if EVENT_KEYS.contains(&name) && name != "channel" {
                continue;
            }
            if !legal.contains_key(name) {
                let names = legal.keys().map(String::as_str).chain(EVENT_KEYS);
                return Err(key.place.fault(unknown("parameter", name, names)));
            }
            let chosen = match &node.kind {
                Kind::List(items) if !items.is_empty() => &items[repetition as usize % items.len()],
                Kind::Map(_) => continue,
                _ => node,
            };
            scope.values.insert(name.to_owned(), root.fill(chosen)?);
        }
        Ok(())
    }

    /// Plays a scene and returns when its last step was.
    fn scene(
        &mut self,
        scene: &Scene,
        machine: usize,
        start: Instant,
        outer: &Scope<'_>,
        place: &Place,
        seed: &str,
    ) -> Result<Instant, ForgeError> {
        let mut local = Scope { values: BTreeMap::new(), parent: Some(outer), machine: outer.machine };
        for (name, default) in &scene.params {
            if local.look_up(name).is_none() && !matches!(default.kind, Kind::Null) {
                let value = local.fill(default)?;
                local.values.insert(name.clone(), value);
            }
        }
        let mut cursor = start;
        for (i, step) in scene.steps.iter().enumerate() {
            let seed = format!("{seed}.{i}");
            let Some(on) = self.step_machine(step, machine, &local)? else { continue };
            let time = match (step.get("at"), step.get("after")) {
                (Some(at), _) => start.plus(filled_span(at, &local)?),
                (None, Some(after)) => cursor.plus(self.varied(filled_span(after, &local)?, &seed)),
                (None, None) => cursor,
            };
            let end = self.step(step, on, time, &local, place, &seed)?;
            if step.get("at").is_none() {
                cursor = end;
            }
        }
        Ok(cursor)
    }

    /// Where a step is played; `None` if it is not.
    fn step_machine(
        &self,
        step: &Node,
        machine: usize,
        scope: &Scope<'_>,
    ) -> Result<Option<usize>, ForgeError> {
        if let Some(condition) = step.get("if")
            && matches!(scope.fill(condition)?.as_str(), "" | "no" | "false" | "0")
        {
            return Ok(None);
        }
        match step.get("on") {
            None => Ok(Some(machine)),
            Some(node) => match scope.fill(node)?.as_str() {
                "" => Ok(None),
                id => self.ticket.machine(id, &node.place).map(Some),
            },
        }
    }

    /// Plays one step, as often as it says, and returns when its last record was.
    fn step(
        &mut self,
        step: &Node,
        machine: usize,
        start: Instant,
        scope: &Scope<'_>,
        place: &Place,
        seed: &str,
    ) -> Result<Instant, ForgeError> {
        let mut inner =
            Scope { values: BTreeMap::new(), parent: Some(scope), machine: &self.ticket.machines[machine] };
        for (key, node) in step.map()? {
            if !STEP_KEYS.contains(&key.name.as_str()) || key.name == "activity" {
                inner.values.insert(key.name.clone(), scope.fill(node)?);
            }
        }
        let repeat = match step.get("repeat") {
            Some(node) => {
                let text = scope.fill(node)?;
                number(&text)
                    .ok_or_else(|| node.fault(format!("a number was expected here, not `{text}`")))?
            }
            None => 1,
        };
        let every = step.get("every").map_or(Ok(Span(0)), |node| filled_span(node, scope))?;
        let mut end = start;
        for n in 0..repeat.min(MOST_REPETITIONS) {
            let time = start.plus(Span(every.0.saturating_mul(n as i64)));
            end = time;
            if let Some(name) = step.get("shape") {
                let shape = self.shapes.shape(name.text()?, &name.place)?;
                self.record(shape, None, machine, time, &inner, place)?;
            } else if let Some(name) = step.get("scene") {
                let scene = self.shapes.scene(name.text()?, &name.place)?;
                end = self.scene(scene, machine, time, &inner, place, &format!("{seed}x{n}"))?;
            }
        }
        Ok(end)
    }

    /// Short gaps vary by up to 15 %, so that no two attempts are alike to the tick.
    fn varied(&self, gap: Span, seed: &str) -> Span {
        if gap.0 <= 0 || gap.0 >= VARIED_BELOW {
            return gap;
        }
        let moved = self.jitter(&format!("gap {seed}"), Span(gap.0 * 15 / 100));
        Span(gap.0 + moved.0)
    }

    fn record(
        &mut self,
        shape: &Node,
        event: Option<&Node>,
        machine: usize,
        time: Instant,
        scope: &Scope<'_>,
        place: &Place,
    ) -> Result<(), ForgeError> {
        let own = event.map(overrides);
        let layers = self.shapes.provider_of(shape).into_iter().chain([shape]).chain(&own).collect();
        self.plan(layers, machine, time, scope, place)
    }

    /// A record spelled out in the ticket; `provider` may be one that the shapes know.
    fn spelled_out(
        &mut self,
        event: &Node,
        machine: usize,
        time: Instant,
        scope: &Scope<'_>,
    ) -> Result<(), ForgeError> {
        if event.get("provider").is_none() {
            return Err(event.fault("an event needs a `shape`, a `scene` or a `provider`"));
        }
        let legal = || RECORD_KEYS.into_iter().chain(EVENT_KEYS);
        if let Some((key, _)) = event.map()?.iter().find(|(key, _)| !legal().any(|l| l == key.name)) {
            return Err(key.place.fault(unknown("key", &key.name, legal())));
        }
        let layers = self.shapes.provider_of(event).into_iter().chain([event]).collect();
        self.plan(layers, machine, time, scope, &event.place)
    }

    fn plan(
        &mut self,
        layers: Vec<&Node>,
        machine: usize,
        time: Instant,
        scope: &Scope<'_>,
        place: &Place,
    ) -> Result<(), ForgeError> {
        let shown = self.ticket.machines[machine].shows(time);
        let mut values = BTreeMap::new();
        if let (None, Some(user)) = (scope.look_up("sid"), default_user(&layers)) {
            values.insert("sid".to_owned(), sid(user));
        }
        let scope = &Scope { values, parent: Some(scope), machine: &self.ticket.machines[machine] };
        let draft =
            Draft { layers, scope, shapes: self.shapes, time: shown, seed: &self.ticket.title, place };
        let record = draft.record().map_err(|error| used_at(error, place))?;
        self.planned.push(Planned { machine, time, place: place.clone(), record });
        Ok(())
    }
}

/// Adds the event's place to a fault in the shape that it uses.
fn used_at(error: ForgeError, event: &Place) -> ForgeError {
    match error {
        ForgeError::At { place, message } if place.file != event.file => {
            ForgeError::At { place, message: format!("{message} (event at {event})") }
        }
        other => other,
    }
}

/// What an event says of its record beyond parameters.
fn overrides(event: &Node) -> Node {
    let entries = match &event.kind {
        Kind::Map(entries) => entries.as_slice(),
        _ => &[],
    };
    let kept = entries.iter().filter(|(key, _)| SHAPE_OVERRIDES.contains(&key.name.as_str()));
    Node { place: event.place.clone(), kind: Kind::Map(kept.cloned().collect()) }
}

fn filled_span(node: &Node, scope: &Scope<'_>) -> Result<Span, ForgeError> {
    let text = scope.fill(node)?;
    Span::parse(&text).ok_or_else(|| node.fault(format!("a length of time was expected here, not `{text}`")))
}

/// Who the user of a record is if nobody says: the default of the placeholder `user`.
fn default_user<'n>(layers: &[&'n Node]) -> Option<&'n str> {
    let mut found = None;
    for layer in layers {
        layer.scalars(&mut |text| {
            for piece in pieces(text) {
                if let Piece::Placeholder { name: "user", default: Some(user) } = piece {
                    found = found.or(Some(user));
                }
            }
        });
    }
    found
}
