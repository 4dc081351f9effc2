//! What evidence and notices look at.

use std::collections::BTreeSet;

use rdpwhy_yaml::{Fault, MapReader, Node, Reader};

use crate::id::{SignalId, StageId};
use crate::names::{Names, unknown};
use crate::phrase::{self, Anchor, Clause, Fact, Place, Relation, fixed_facts, parse_fact, parse_relation};
use crate::shape::{Name, Number32, OneOrMany, shape, value_shape, words};
use crate::written::{Rule, Written, texts};

/// What a piece of evidence looks at.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub enum Finding {
    /// Records of any of these signals in this relation to the failures.
    Signal {
        /// Any of them.
        signals: Vec<SignalId>,
        /// Where and how.
        relation: Relation<SignalId>,
    },
    /// None of these signals in this relation, although the logs would hold them.
    Absent {
        /// None of them.
        signals: Vec<SignalId>,
        /// Where and how.
        relation: Relation<SignalId>,
    },
    /// A fact about the attempts.
    Attempts(AttemptFact),
    /// The dialog's code or the client's recorded reason is one of these.
    Code(Vec<u32>),
    /// The dialog's extended code is one of these.
    Extended(Vec<u32>),
}

impl Finding {
    /// Whether it shows that something went wrong, and not what: a code, the shape of the attempts, a record that many faults
    /// leave.
    #[must_use]
    pub fn is_symptom(&self, symptoms: &[SignalId]) -> bool {
        match self {
            Finding::Signal { signals, .. } => signals.iter().all(|signal| symptoms.contains(signal)),
            Finding::Attempts(fact) => fact.fact.is_shape(),
            Finding::Absent { .. } | Finding::Code(_) | Finding::Extended(_) => true,
        }
    }
}

/// A fact about attempts with its stages resolved.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct AttemptFact {
    /// The phrase as written, for reports.
    pub phrase: String,
    /// What it says.
    pub fact: Fact,
    /// The stages that it names, in the order named.
    pub stages: Vec<StageId>,
}

/// What a piece of evidence looks at, with the name it goes by.
pub(crate) fn finding(map: &mut MapReader<'_>, names: &Names) -> Option<(String, Finding)> {
    let reader = map.reader();
    let signal = map.optional("signal");
    let absent = map.optional("absent");
    let attempts = map.optional("attempts");
    let code = map.optional("code");
    let extended = map.optional("extended");
    let relation = map.optional("relation");
    if [signal, absent, attempts, code, extended].iter().flatten().count() != 1 {
        reader.report(
            map.span(),
            Fault::error("cause::finding", "evidence looks at exactly one thing")
                .help("give one of `signal`, `absent`, `attempts`, `code` and `extended`"),
        );
        return None;
    }
    if let Some(node) = attempts {
        let (text, fact) = phrase::read_near(node, reader, parse_fact, &phrase::fact_examples())?;
        let stages = fact_stages(&fact, node, reader, names)?;
        return Some((
            text.to_owned(),
            Finding::Attempts(AttemptFact { phrase: text.to_owned(), fact, stages }),
        ));
    }
    if let Some(node) = code {
        return Some(("code".to_owned(), Finding::Code(codes(node, reader))));
    }
    if let Some(node) = extended {
        return Some(("extended".to_owned(), Finding::Extended(codes(node, reader))));
    }
    let node = signal.or(absent)?;
    let signals = names.signals(node.one_or_many(), reader);
    let name = node.one_or_many().first().and_then(Node::as_text).unwrap_or_default().to_owned();
    let relation = match relation {
        Some(node) => {
            let (_, relation) = phrase::read_near(node, reader, parse_relation, phrase::RELATION_EXAMPLES)?;
            resolve(relation, node, reader, names)?
        }
        None => Relation { anchor: Anchor::AnyTime, clauses: Vec::new() },
    };
    if signals.is_empty() {
        return None;
    }
    let finding = if signal.is_some() {
        Finding::Signal { signals, relation }
    } else {
        Finding::Absent { signals, relation }
    };
    Some((name, finding))
}

fn codes(node: &Node, reader: Reader<'_>) -> Vec<u32> {
    let codes = node.one_or_many().iter().filter_map(|node| reader.integer(node));
    codes.map(|code| u32::try_from(code & 0xffff_ffff).unwrap_or_default()).collect()
}

fn resolve(
    relation: Relation<Place<String>>,
    node: &Node,
    reader: Reader<'_>,
    names: &Names,
) -> Option<Relation<SignalId>> {
    let signal = |place: &Place<String>| match names.find_signal(&place.value) {
        Some(signal) => Some(signal),
        None => {
            let text = node.as_text().unwrap_or_default();
            reader.report(
                node.span.part(text, place.start..place.end),
                unknown("signal", &place.value, &names.signals),
            );
            None
        }
    };
    let mut clauses = Vec::new();
    let mut whole = true;
    for clause in relation.clauses {
        let clause = match clause {
            Clause::WithNo(places) => {
                let signals: Vec<SignalId> = places.iter().filter_map(signal).collect();
                whole &= signals.len() == places.len();
                Clause::WithNo(signals)
            }
            Clause::Neighbour { present, after, signal: place, within, same } => match signal(&place) {
                Some(signal) => Clause::Neighbour { present, after, signal, within, same },
                None => {
                    whole = false;
                    continue;
                }
            },
            Clause::Same(shared) => Clause::Same(shared),
            Clause::AtLeast { count, different, within } => Clause::AtLeast { count, different, within },
            Clause::EarlierSuccess => Clause::EarlierSuccess,
            Clause::RarelyAtSuccesses => Clause::RarelyAtSuccesses,
            Clause::On(place) => Clause::On(place),
            Clause::AnyMachine => Clause::AnyMachine,
        };
        clauses.push(clause);
    }
    whole.then_some(Relation { anchor: relation.anchor, clauses })
}

fn fact_stages(fact: &Fact, node: &Node, reader: Reader<'_>, names: &Names) -> Option<Vec<StageId>> {
    let places: Vec<&Place<String>> = match fact {
        Fact::BrokeAt(places) => places.iter().collect(),
        Fact::Reached(place) | Fact::NotReached(place) => vec![place],
        _ => Vec::new(),
    };
    let mut found = Vec::new();
    for place in &places {
        match names.stages.iter().find(|(name, _)| *name == place.value) {
            Some((_, stage)) => found.push(*stage),
            None => {
                let text = node.as_text().unwrap_or_default();
                let legal: Vec<&str> = names.stages.iter().map(|(name, _)| name.as_str()).collect();
                reader.report(
                    node.span.part(text, place.start..place.end),
                    Fault::error("rule::unknown-name", format!("there is no stage `{}`", place.value))
                        .label("no stage has this name")
                        .help(format!("the stages are {}", legal.join(", "))),
                );
            }
        }
    }
    (found.len() == places.len()).then_some(found)
}

/// Clauses that compare with one failure say nothing where the anchor is no failure.
pub(crate) fn lint_relation(rule: &Rule<'_>, piece: &Node) {
    let Some(node) = piece.get("relation") else { return };
    let Some(text) = node.as_text() else { return };
    let Ok(relation) = parse_relation(text) else { return };
    let of_a_failure =
        matches!(relation.anchor, Anchor::During(_) | Anchor::Within { .. } | Anchor::Before(_));
    if of_a_failure {
        return;
    }
    let idle = |clause: &Clause<_>| matches!(clause, Clause::Same(_) | Clause::RarelyAtSuccesses);
    if relation.clauses.iter().any(idle) {
        let message = "`with the same …` and `rarely at successes` compare with one failure, and this phrase names none";
        let fault = Fault::warning("rule::idle-clause", message).label("the clause has no effect");
        rule.warn(
            node.span,
            fault.help("begin with `during a failure`, `within … of a failure` or the like"),
        );
    }
}

/// Absence counts only where a log covers it, and signals without a channel stand in no log.
pub(crate) fn lint_absence(rule: &Rule<'_>, piece: &Node, key: &str, written: &Written<'_>) {
    let Some(node) = piece.get(key) else { return };
    let names: Vec<&str> = node.one_or_many().iter().filter_map(Node::as_text).collect();
    let nowhere: Vec<&str> = names.iter().copied().filter(|name| written.has_no_channel(name)).collect();
    // One of these makes `absent` blind; `if_absent` looks at any of its signals.
    let blind = if key == "absent" { !nowhere.is_empty() } else { nowhere.len() == names.len() };
    if blind && !names.is_empty() {
        let message =
            format!("the absence of `{}` can never count: its log source names no channel", nowhere[0]);
        let fault = Fault::warning("cause::blind-absence", message).label("in which log would it stand?");
        rule.warn(node.span, fault.help("give the signal a `service` that logsources.yml knows"));
    }
}

/// The signals that a piece of evidence names, in its relation as well.
pub(crate) fn signals_of(piece: &Node, used: &mut BTreeSet<String>) {
    used.extend(texts(piece, "signal").chain(texts(piece, "absent")).map(str::to_owned));
    let Some(Ok(relation)) = piece.get("relation").and_then(Node::as_text).map(parse_relation) else {
        return;
    };
    for clause in relation.clauses {
        match clause {
            Clause::WithNo(signals) => used.extend(signals.into_iter().map(|signal| signal.value)),
            Clause::Neighbour { signal, .. } => {
                used.insert(signal.value);
            }
            _ => {}
        }
    }
}

/// What a piece of evidence looks at, written so that the same is written alike.
pub(crate) fn shown(piece: &Node) -> String {
    let mut text = String::new();
    for key in ["signal", "absent", "attempts", "code", "extended", "relation"] {
        let words: Vec<&str> = texts(piece, key).flat_map(|text| text.split_whitespace()).collect();
        text.push_str(&format!("{key}={};", words.join(" ").to_lowercase()));
    }
    text
}

value_shape!(
    /// A fact about the attempts.
    FactShape = schemars::json_schema!({
        "anyOf": [
            words(&fixed_facts()),
            {
                "type": "string",
                "pattern": "^(broke at|reached|did not reach|lasted (less than|more than|between)|at least [0-9]+|\
                            a source gets in after at least|clocks differ by at least|the clock was set by at least) ",
            },
        ],
    })
);
value_shape!(
    /// A relation in time.
    RelationShape = schemars::json_schema!({
        "type": "string",
        "pattern": "^(during |within |before |after the last failure|at any time)",
        "examples": [
            "during a failure",
            "during every failure",
            "within 5 seconds after the start of a failure",
            "within 10 seconds of a failure",
            "before a failure, with no SIGNAL in between",
            "within 7 days before the first failure",
            "within 12 hours of the failures",
            "at any time",
        ],
    })
);

shape! {
    /// What to look at.
    #[schemars(transform = exactly_one)]
    pub(crate) struct FindingShape {
        /// Seen: any of these signals.
        signal: Option<OneOrMany<Name>>,
        /// Missing although the logs cover it: all of these signals.
        absent: Option<OneOrMany<Name>>,
        /// A fact about the attempts themselves; docs/rules.md lists all.
        attempts: Option<FactShape>,
        /// The code of the client's dialog, or the reason that the client recorded.
        code: Option<OneOrMany<Number32>>,
        /// The extended code of the client's dialog.
        extended: Option<OneOrMany<Number32>>,
        /// Where the record must lie and how; docs/rules.md lists all phrases.
        relation: Option<RelationShape>,
    }
}

/// Evidence looks at exactly one thing.
fn exactly_one(schema: &mut schemars::Schema) {
    let things = ["signal", "absent", "attempts", "code", "extended"];
    let required: Vec<_> =
        things.iter().map(|thing| schemars::json_schema!({ "required": [thing] })).collect();
    schema.insert("oneOf".to_owned(), required.into_iter().map(schemars::Schema::to_value).collect());
}
