//! The setting of a ticket: its world, its people, its fault, and what was collected of it.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::ForgeError;
use crate::compose::chance::Chance;
use crate::compose::draw::{self, Drawn, Event, spelled, written};
use crate::compose::repertoire::{Fault, Person, Repertoire, weights};
use crate::node::{Kind, Node};
use crate::shapes::Shapes;
use crate::time::Span;

pub(crate) struct Stage<'r> {
    pub(crate) repertoire: &'r Repertoire,
    pub(crate) shapes: &'r Shapes,
    pub(crate) fault: Option<&'r Fault>,
    pub(crate) view: String,
    pub(crate) herrings: Vec<String>,
    /// What was drawn for the whole ticket.
    pub(crate) drawn: Drawn,
    /// The first one complains.
    pub(crate) people: Vec<Person>,
    /// How long before the onset the logs begin.
    pub(crate) before: Span,
    /// When they end.
    pub(crate) end: Span,
    /// Events, and whether they belong to the fault.
    pub(crate) events: Vec<(Event, bool)>,
    /// When the complaining person's attempts failed.
    pub(crate) failed: Vec<Span>,
    /// Machines with what was collected of each.
    collected: Vec<(String, Vec<String>)>,
    /// Older records of some channels are gone.
    cut: Vec<(String, Vec<String>, Span)>,
    machines: Node,
    options: Vec<(String, String)>,
}

impl<'r> Stage<'r> {
    /// Draws everything that does not depend on what happens.
    pub(crate) fn set(
        repertoire: &'r Repertoire,
        shapes: &'r Shapes,
        chance: &mut Chance,
    ) -> Result<Stage<'r>, ForgeError> {
        let world = &repertoire.world;
        let mut drawn = Drawn::new();
        draw::draw(part(world, "draw")?, chance, &mut drawn)?;
        let mut people = Vec::new();
        let count = 1 + number(world, "colleagues", chance, &drawn)?;
        for _ in 0..count {
            people.push(person(repertoire, &drawn, &people, chance)?);
        }
        if let Some(first) = people.first() {
            drawn = first.drawn.clone();
        }
        let fault = fault(repertoire, chance)?;
        let before = draw::span(part(world, "before")?, chance, &drawn)?;
        let machines = draw::settled(part(world, "machines")?, chance, &drawn)?;
        let mut stage = Stage {
            repertoire,
            shapes,
            fault,
            view: String::new(),
            herrings: Vec::new(),
            drawn,
            people,
            before,
            end: Span(0),
            events: Vec::new(),
            failed: Vec::new(),
            collected: Vec::new(),
            cut: Vec::new(),
            machines,
            options: Vec::new(),
        };
        stage.collect(chance)?;
        Ok(stage)
    }

    /// Draws a view: which logs of which machines there are. Single channels get lost.
    fn collect(&mut self, chance: &mut Chance) -> Result<(), ForgeError> {
        let world = &self.repertoire.world;
        let views = part(world, "views")?.items()?;
        let Some(view) = chance.weighted(&weights(views)?).and_then(|place| views.get(place)) else {
            return Ok(());
        };
        self.view = part(view, "name")?.text()?.to_owned();
        let lost = share(world, "lost")?;
        for (machine, channels) in part(view, "collected")?.map()? {
            let channels = draw::settled(channels, chance, &self.drawn)?;
            let mut kept = Vec::new();
            let all = channels.items()?;
            for (index, channel) in all.iter().enumerate() {
                // A machine of which anything was collected keeps one log at least.
                let needed = kept.is_empty() && index + 1 == all.len();
                if !chance.happens(lost) || needed {
                    kept.push(channel.text()?.to_owned());
                }
            }
            self.collected.push((machine.name.clone(), kept));
        }
        Ok(())
    }

    /// What happens between the first and the last record.
    pub(crate) fn play(&mut self, chance: &mut Chance) -> Result<(), ForgeError> {
        self.play_fault(chance)?;
        self.play_work(chance)?;
        self.play_herrings(chance)?;
        self.wrap(chance)
    }

    /// Old records are overwritten: often of one channel, sometimes so far that the onset is gone.
    fn wrap(&mut self, chance: &mut Chance) -> Result<(), ForgeError> {
        let world = &self.repertoire.world;
        let last = self.failed.last().copied().unwrap_or_default();
        let onset_gone = self.fault.is_some() && last.0 > 0 && chance.happens(share(world, "onset_gone")?);
        let wrapped = share(world, "wrapped")?;
        let ago = part(world, "wrapped_ago")?;
        for (machine, channels) in self.collected.clone() {
            if onset_gone {
                let ago = draw::span(ago, chance, &self.drawn)?.0.min(last.0 / 2);
                self.cut.push((machine.clone(), channels.clone(), Span(last.0 - ago)));
            }
            for channel in channels {
                if chance.happens(wrapped) {
                    let ago = draw::span(ago, chance, &self.drawn)?;
                    self.cut.push((machine.clone(), vec![channel], Span(last.0 - ago.0)));
                }
            }
        }
        Ok(())
    }

    /// Whether the command is told of the complaint; what it would be told is drawn either way.
    pub(crate) fn complains(&mut self, chance: &mut Chance) -> Result<bool, ForgeError> {
        let world = &self.repertoire.world;
        let Some(at) = self.failed.get(chance.below(self.failed.len())).copied() else { return Ok(false) };
        let complaint = part(world, "complaint")?;
        // Some faults look like nothing wrong unless somebody says so.
        let must = self.fault.is_some_and(|fault| fault.node.get("told").is_some());
        let told = chance.happens(share(complaint, "told")?) || must;
        self.options.push(("at".to_owned(), signed(at)));
        for (option, setting) in part(complaint, "options")?.map()? {
            if chance.happens(share(setting, "chance")?) {
                let value = draw::fill(part(setting, "value")?, chance, &self.drawn)?;
                self.options.push((option.name.clone(), value));
            }
        }
        let code = self.fault.and_then(|fault| fault.node.get("error"));
        if let Some(codes) = code.filter(|_| chance.happens(share(complaint, "code").unwrap_or(0.0))) {
            let items = codes.items()?;
            if let Some(item) = items.get(chance.below(items.len())) {
                let text = draw::fill(item, chance, &self.drawn)?;
                let mut parts = text.split('/');
                for option in ["error", "extended"] {
                    if let Some(part) = parts.next() {
                        self.options.push((option.to_owned(), part.to_owned()));
                    }
                }
            }
        }
        Ok(told)
    }

    /// The ticket as YAML, and the lines of the fault's events.
    pub(crate) fn written(&self, name: &str, complaint: bool) -> (String, BTreeSet<usize>) {
        let mut text = String::new();
        let fault = self.fault.map_or("nothing-wrong", |fault| fault.name.as_str());
        let start = self.drawn.get("start").map_or("", String::as_str);
        let _ = writeln!(text, "title: \"composed {name}: {fault}\"\nstory: Composed; {}.", self.view);
        let _ = writeln!(text, "start: \"{start}\"\nmachines: {}\ncollected:", written(&self.machines));
        for (machine, channels) in &self.collected {
            let _ = writeln!(text, "  {machine}: [{}]", channels.join(", "));
        }
        let _ = writeln!(text, "logs:");
        for (machine, channels) in self.collected.iter().filter(|(_, channels)| !channels.is_empty()) {
            let channels = channels.join(", ");
            let (from, until) = (signed(Span(-self.before.0)), signed(self.end));
            let every = self.drawn.get("quiet").map_or("6h", String::as_str);
            let _ = writeln!(
                text,
                "  - {{ on: {machine}, channels: [{channels}], from: {from}, until: {until}, every: {every} }}"
            );
        }
        for (machine, channels, from) in &self.cut {
            let (channels, from) = (channels.join(", "), signed(*from));
            let _ = writeln!(text, "  - {{ on: {machine}, channels: [{channels}], keep_from: {from} }}");
        }
        let _ = writeln!(text, "events:");
        let mut lines = BTreeSet::new();
        let mut line = text.lines().count();
        for (event, of_fault) in &self.events {
            line += 1;
            if *of_fault {
                lines.insert(line);
            }
            let _ = writeln!(text, "  - {}", event_line(event));
        }
        let _ = writeln!(text, "expect:");
        if let Some(cause) = self.fault.and_then(|fault| fault.cause.as_ref()) {
            let _ = writeln!(text, "  first: {cause}");
        }
        let options: Vec<String> =
            self.options.iter().map(|(option, value)| format!("{option}: \"{value}\"")).collect();
        if complaint {
            let _ = writeln!(text, "  options: {{ {} }}", options.join(", "));
        }
        (text, lines)
    }
}

fn event_line(event: &Event) -> String {
    let keys = written(&event.node);
    let rest = keys.strip_prefix('{').unwrap_or(&keys);
    format!("{{ at: {},{rest}", signed(event.at))
}

/// With its sign, as from the start of the ticket.
fn signed(span: Span) -> String {
    let text = spelled(span);
    if text.starts_with('-') { text } else { format!("+{text}") }
}

/// A part that the repertoire must have.
pub(crate) fn part<'n>(node: &'n Node, name: &str) -> Result<&'n Node, ForgeError> {
    node.get(name).ok_or_else(|| node.fault(format!("`{name}` is missing here")))
}

/// A probability.
pub(crate) fn share(node: &Node, name: &str) -> Result<f64, ForgeError> {
    let read = |text: &str| text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    part(node, name)?.read("a number from 0 to 1", read)
}

/// A whole number after drawing it.
pub(crate) fn number(
    node: &Node,
    name: &str,
    chance: &mut Chance,
    drawn: &Drawn,
) -> Result<usize, ForgeError> {
    let node = part(node, name)?;
    let items = node.items()?;
    let Some(item) = items.get(chance.below(items.len())) else { return Ok(0) };
    let text = draw::fill(item, chance, drawn)?;
    text.parse().map_err(|_| item.fault(format!("a number was expected here, not `{text}`")))
}

/// Someone with a name of his own.
fn person(
    repertoire: &Repertoire,
    drawn: &Drawn,
    others: &[Person],
    chance: &mut Chance,
) -> Result<Person, ForgeError> {
    let world = &repertoire.world;
    let mut own = drawn.clone();
    // Two people of the same name are one person; a few more throws find another, or there is one person fewer in truth.
    for _ in 0..20 {
        own = drawn.clone();
        draw::draw(part(world, "person")?, chance, &mut own)?;
        if others.iter().all(|other| other.drawn.get("user") != own.get("user")) {
            break;
        }
    }
    Ok(Person { drawn: own })
}

/// A fault of the catalogue, one outside it, or none.
fn fault<'r>(repertoire: &'r Repertoire, chance: &mut Chance) -> Result<Option<&'r Fault>, ForgeError> {
    let world = &repertoire.world;
    let mix = part(world, "mix")?;
    let read = |name| part(mix, name)?.read("a number", |text| text.parse().ok());
    let kind = chance.weighted(&[read("catalogue")?, read("outside")?, read("healthy")?]);
    let cause = match kind {
        Some(0) => {
            let often = part(world, "causes")?.map()?;
            let heavy = often
                .iter()
                .map(|(_, weight)| weight.read("a number", |text| text.parse().ok()))
                .collect::<Result<Vec<f64>, _>>()?;
            chance.weighted(&heavy).and_then(|place| often.get(place)).map(|(key, _)| key.name.as_str())
        }
        Some(1) => None,
        _ => return Ok(None),
    };
    let fitting: Vec<&Fault> =
        repertoire.faults.iter().filter(|fault| fault.cause.as_deref() == cause).collect();
    match (fitting.get(chance.below(fitting.len())), cause) {
        (Some(fault), _) => Ok(Some(*fault)),
        (None, Some(cause)) => Err(mix.fault(format!("no description of a fault has the cause `{cause}`"))),
        (None, None) => Ok(None),
    }
}

/// The event with these keys taken over unless it has them.
pub(crate) fn with_defaults(mut event: Event, keys: &[(String, String)]) -> Event {
    let place = event.node.place.clone();
    if let Kind::Map(entries) = &mut event.node.kind {
        for (key, value) in keys {
            if !entries.iter().any(|(old, _)| old.name == *key) {
                let key = crate::node::Key { place: place.clone(), name: key.clone() };
                entries.push((key, Node { place: place.clone(), kind: Kind::Scalar(value.clone()) }));
            }
        }
    }
    event
}
