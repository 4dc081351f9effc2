//! What a number of a rule rests on: counted, measured, documented, or the authors' judgement.

use rdpwhy_yaml::{Fault, MapReader, Node, Reader};

use crate::field::owned;
use crate::phrase::parse_span;
use crate::shape::{OneOrMany, Text, shape, value_shape};

/// What a number rests on. Whatever is not counted or measured is an estimate.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Basis {
    /// An estimate of the authors.
    Judgement,
    /// An estimate of the authors; that the evidence goes with the cause is documented in these sources.
    Source(Vec<String>),
    /// Counted in real records.
    Counted {
        /// How many of how many, such as `12 of 14`.
        share: String,
        /// In which logs.
        on: String,
    },
    /// Measured on composed tickets; the text says where the result is.
    Measured(String),
}

/// The kinds of basis, the weakest first; [`Basis::kind`] is an index.
pub const BASIS_KINDS: [&str; 4] = ["judgement", "source", "counted", "measured"];

impl Basis {
    /// The index of its kind in [`BASIS_KINDS`].
    #[must_use]
    pub fn kind(&self) -> usize {
        match self {
            Basis::Judgement => 0,
            Basis::Source(_) => 1,
            Basis::Counted { .. } => 2,
            Basis::Measured(_) => 3,
        }
    }
}

/// For reports: `estimate`, `estimate; source: ID`, `counted: 12 of 14 (public logs)`, `measured: …`.
impl std::fmt::Display for Basis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Basis::Judgement => f.write_str("estimate"),
            Basis::Source(sources) => write!(f, "estimate; source: {}", sources.join(", ")),
            Basis::Counted { share, on } => write!(f, "counted: {share} ({on})"),
            Basis::Measured(what) => write!(f, "measured: {what}"),
        }
    }
}

/// The basis under `key`; `None` where the key is missing or faulty.
pub(crate) fn optional(map: &mut MapReader<'_>, key: &'static str) -> Option<Basis> {
    let reader = map.reader();
    map.optional(key).and_then(|node| read(node, reader))
}

/// The basis of the number that the map is about: its own, or the one given for all.
///
/// Reports where there is neither.
pub(crate) fn own_or(map: &mut MapReader<'_>, general: Option<&Basis>) -> Basis {
    if let Some(own) = optional(map, "basis") {
        return own;
    }
    // A faulty basis is reported already.
    if general.is_none() && map.key_span("basis").is_none() {
        missing(map.reader(), map.span());
    }
    general.cloned().unwrap_or(Basis::Judgement)
}

/// Reports a number that does not say what it rests on.
pub(crate) fn missing(reader: Reader<'_>, span: rdpwhy_yaml::Span) {
    let fault = Fault::error("basis::missing", "this number does not say what it is based on");
    reader.report(
        span,
        fault.help("add `basis: judgement` at the top of the file, or `basis` here: judgement, counted, measured or source"),
    );
}

/// Reads `judgement`, or a map with one of `counted` (and `on`), `measured` and `source`.
pub(crate) fn read(node: &Node, reader: Reader<'_>) -> Option<Basis> {
    if node.as_map().is_none() {
        return match node.as_text() {
            Some("judgement") => Some(Basis::Judgement),
            _ => {
                let fault = Fault::error("basis::unknown", "unknown basis");
                reader.report(
                    node.span,
                    fault.help(
                        "write `judgement`, `{ counted: 12 of 14, on: LOGS }`, `{ measured: TEXT }` or `{ source: ID }`",
                    ),
                );
                None
            }
        };
    }
    let mut map = reader.map(node);
    let found = of(&mut map);
    map.finish();
    found
}

/// Reads one of `counted` (and `on`), `measured` and `source` from a map that may have other keys.
pub(crate) fn of(map: &mut MapReader<'_>) -> Option<Basis> {
    let counted = map.text("counted").map(str::to_owned);
    let on = owned(map.text("on"));
    let measured = map.text("measured").map(str::to_owned);
    let sources = map.texts("source");
    match (counted, measured, sources.is_empty()) {
        (Some(share), None, true) => counted_of(share, on, map),
        (None, Some(what), true) => Some(Basis::Measured(what)),
        (None, None, false) => Some(Basis::Source(sources.into_iter().map(str::to_owned).collect())),
        _ => {
            let fault = Fault::error(
                "basis::unknown",
                "a basis is exactly one of `counted`, `measured` and `source`",
            );
            map.reader().report(map.span(), fault);
            None
        }
    }
}

/// How many numbers and spans of time a node contains.
pub(crate) fn numbers_in(node: &Node) -> usize {
    let is_number = |text: &str| text.parse::<f64>().is_ok() || parse_span(text).is_ok();
    let own = usize::from(node.as_text().is_some_and(is_number));
    let items = node.as_seq().unwrap_or_default().iter().map(numbers_in).sum::<usize>();
    let values = node.as_map().unwrap_or_default().iter().map(|(_, value)| numbers_in(value)).sum::<usize>();
    own + items + values
}

/// `12 of 14`, with the logs in which it was counted.
fn counted_of(share: String, on: String, map: &MapReader<'_>) -> Option<Basis> {
    let number = |text: &str| text.trim().replace(' ', "").parse::<u64>().ok();
    let sound = share.split_once(" of ").is_some_and(|(some, all)| {
        number(some).zip(number(all)).is_some_and(|(some, all)| some <= all && all > 0)
    });
    if sound && !on.is_empty() {
        return Some(Basis::Counted { share, on });
    }
    let fault = Fault::error("basis::counted", "a count says how many of how many, and on which logs");
    map.reader().report(map.span(), fault.help("such as { counted: 12 of 14, on: public logs }"));
    None
}

value_shape!(
    /// What a number rests on.
    BasisShape = {
        let schema = schemars::schema_for!(BasisMap);
        let mut map = schema.as_value().clone();
        if let Some(map) = map.as_object_mut() {
            map.remove("$schema");
            map.remove("title");
        }
        schemars::json_schema!({ "anyOf": [{ "const": "judgement" }, map] })
    }
);

shape! {
    /// What a number rests on, where it is not judgement.
    pub(crate) struct BasisMap {
        /// Counted in real records: how many of how many.
        counted: Option<Text>,
        /// In which logs it was counted.
        on: Option<Text>,
        /// Measured on composed tickets; where the result is.
        measured: Option<Text>,
        /// An estimate; that the evidence goes with the cause is documented here: IDs of rules/sources.yml.
        source: Option<OneOrMany<Text>>,
    }
}
