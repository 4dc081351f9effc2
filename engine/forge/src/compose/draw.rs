//! What is left to chance in a scene, drawn: `<name>`, `<1..9>`, `<5s..3h>`, `<a|b>`, `one`, `all` and `chance`.

use std::collections::BTreeMap;

use crate::ForgeError;
use crate::compose::chance::Chance;
use crate::node::{Key, Kind, Node};
use crate::time::Span;

/// What was drawn so far, by name.
pub(crate) type Drawn = BTreeMap<String, String>;

/// An event of a scene whose chances have fallen.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    /// From the start of the ticket.
    pub(crate) at: Span,
    /// The event as a ticket writes it, but for its time.
    pub(crate) node: Node,
}

impl Event {
    /// The text of one of its keys.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.node.get(key).and_then(|node| node.text().ok())
    }
}

/// Draws the values of a mapping in the order written; a list stands for one of its items.
pub(crate) fn draw(node: &Node, chance: &mut Chance, drawn: &mut Drawn) -> Result<(), ForgeError> {
    for (key, value) in node.map()? {
        let items = value.items()?;
        let text = match items.get(chance.below(items.len())) {
            Some(item) => fill(item, chance, drawn)?,
            None => String::new(),
        };
        drawn.insert(key.name.clone(), text);
    }
    Ok(())
}

/// The scalar with everything between `<` and `>` drawn.
pub(crate) fn fill(node: &Node, chance: &mut Chance, drawn: &Drawn) -> Result<String, ForgeError> {
    let mut rest = node.text()?;
    let mut text = String::new();
    while let Some((before, after)) = rest.split_once('<') {
        let Some((inner, after)) = after.split_once('>') else { break };
        text.push_str(before);
        text.push_str(&choice(inner, chance, drawn).ok_or_else(|| {
            node.fault(format!("`<{inner}>` is neither a name that was drawn nor a range nor a choice"))
        })?);
        rest = after;
    }
    text.push_str(rest);
    Ok(text)
}

fn choice(inner: &str, chance: &mut Chance, drawn: &Drawn) -> Option<String> {
    if inner.contains('|') {
        let all: Vec<&str> = inner.split('|').collect();
        return all.get(chance.below(all.len())).map(|one| (*one).to_owned());
    }
    let Some((low, high)) = inner.split_once("..") else { return drawn.get(inner).cloned() };
    if let (Ok(from), Ok(to)) = (low.parse::<i64>(), high.parse::<i64>()) {
        // As wide as the lower bound is written: <01..12> gives 07.
        return Some(format!("{:0width$}", chance.number(from, to), width = low.len()));
    }
    let drawn = chance.span(Span::parse(low)?, Span::parse(high)?);
    Some(spelled(drawn))
}

/// A span as tickets write it.
pub(crate) fn spelled(span: Span) -> String {
    let sign = if span.0 < 0 { "-" } else { "" };
    let ticks = span.0.unsigned_abs();
    format!("{sign}{}.{:07}s", ticks / 10_000_000, ticks % 10_000_000)
}

/// Reads a span after drawing it.
pub(crate) fn span(node: &Node, chance: &mut Chance, drawn: &Drawn) -> Result<Span, ForgeError> {
    let text = fill(node, chance, drawn)?;
    Span::parse(&text)
        .ok_or_else(|| node.fault(format!("a length of time such as 3m was expected here, not `{text}`")))
}

/// The events of a list, with `origin` as their time zero.
pub(crate) fn events(
    node: &Node,
    origin: Span,
    chance: &mut Chance,
    drawn: &Drawn,
) -> Result<Vec<Event>, ForgeError> {
    let mut all = Vec::new();
    match &node.kind {
        Kind::Map(_) => event(node, origin, chance, drawn, &mut all)?,
        _ => {
            for item in node.items()? {
                all.extend(events(item, origin, chance, drawn)?);
            }
        }
    }
    Ok(all)
}

fn event(
    node: &Node,
    origin: Span,
    chance: &mut Chance,
    drawn: &Drawn,
    all: &mut Vec<Event>,
) -> Result<(), ForgeError> {
    if let Some(share) = node.get("chance") {
        let share = share.read("a number from 0 to 1", |text| text.parse::<f64>().ok())?;
        if !chance.happens(share) {
            return Ok(());
        }
    }
    let later = node.get("at").map(|at| span(at, chance, drawn)).transpose()?.unwrap_or_default();
    let at = origin.0.saturating_add(later.0);
    if let Some(one) = node.get("one") {
        let items = one.items()?;
        if let Some(item) = items.get(chance.below(items.len())) {
            all.extend(events(item, Span(at), chance, drawn)?);
        }
        return Ok(());
    }
    if let Some(group) = node.get("all") {
        all.extend(events(group, Span(at), chance, drawn)?);
        return Ok(());
    }
    let entries = node.map()?.iter().filter(|(key, _)| !["at", "chance"].contains(&key.name.as_str()));
    let entries = entries
        .map(|(key, value)| Ok((key.clone(), settled(value, chance, drawn)?)))
        .collect::<Result<Vec<(Key, Node)>, ForgeError>>()?;
    all.push(Event { at: Span(at), node: Node { place: node.place.clone(), kind: Kind::Map(entries) } });
    Ok(())
}

/// The node with all its scalars drawn; `{ one: [...] }` is one of its items.
pub(crate) fn settled(node: &Node, chance: &mut Chance, drawn: &Drawn) -> Result<Node, ForgeError> {
    let kind = match &node.kind {
        Kind::Null => Kind::Null,
        Kind::Scalar(_) => Kind::Scalar(fill(node, chance, drawn)?),
        Kind::List(items) => {
            Kind::List(items.iter().map(|item| settled(item, chance, drawn)).collect::<Result<_, _>>()?)
        }
        Kind::Map(entries) => {
            if let [(key, value)] = entries.as_slice()
                && key.name == "one"
            {
                let items = value.items()?;
                let item = items.get(chance.below(items.len())).unwrap_or(value);
                return settled(item, chance, drawn);
            }
            let entries =
                entries.iter().map(|(key, value)| Ok((key.clone(), settled(value, chance, drawn)?)));
            Kind::Map(entries.collect::<Result<_, ForgeError>>()?)
        }
    };
    Ok(Node { place: node.place.clone(), kind })
}

/// The node in one line of YAML.
pub(crate) fn written(node: &Node) -> String {
    match &node.kind {
        Kind::Null => "~".to_owned(),
        Kind::Scalar(text) => quoted(text),
        Kind::List(items) => format!("[{}]", items.iter().map(written).collect::<Vec<_>>().join(", ")),
        Kind::Map(entries) => {
            let entries =
                entries.iter().map(|(key, value)| format!("{}: {}", quoted(&key.name), written(value)));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(plain) {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
