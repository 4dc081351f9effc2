//! What cases are compared by.

use rdpwhy_sigma::Expression;
use rdpwhy_yaml::{Fault, MapReader, Node, Reader};

use crate::field::{owned, texts};
use crate::id::SignalId;
use crate::names::Names;
use crate::shape::{Name, OneOrMany, Text, shape, value_shape, words};
use crate::word::word_enum;

word_enum! {
    /// An attribute of connection attempts that cases are compared by.
    pub enum CaseAttribute {
        /// The machines that saw attempts, and those whose logs a case holds.
        Machine = "machine",
        /// The gateways that saw attempts.
        Gateway = "gateway",
        /// The clients' addresses.
        Source = "source",
        /// What clients were told to connect to.
        Target = "target",
    }
}

/// Something that cases may have in common, such as an update.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct CaseFact {
    /// Its word, by which results refer to it.
    pub kind: String,
    /// What to call it before a value: `Windows update KB5099999`.
    pub title: String,
    /// Where its values come from.
    pub source: CaseFactSource,
    /// The part of the text that counts: the first group that takes part, or all that matches; without it, the whole text.
    part: Option<Expression>,
}

/// Where the values of a fact come from.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub enum CaseFactSource {
    /// An attribute of attempts.
    Attribute(CaseAttribute),
    /// Records of these signals: the first of these fields that a record has. Without fields, the value is the signal's title.
    Records {
        /// The signals.
        signals: Vec<SignalId>,
        /// The fields.
        fields: Vec<String>,
    },
}

impl CaseFact {
    /// The value that a text tells, if it tells one.
    #[must_use]
    pub fn value<'t>(&self, text: &'t str) -> Option<&'t str> {
        let Some(part) = &self.part else { return Some(text.trim()).filter(|text| !text.is_empty()) };
        let found = part.regex().captures(text)?;
        let value = found.iter().skip(1).flatten().next().or_else(|| found.get(0))?.as_str().trim();
        (!value.is_empty()).then_some(value)
    }
}

/// Reads a fact.
pub(super) fn case_fact(node: &Node, reader: Reader<'_>, names: &Names) -> Option<CaseFact> {
    let mut map = reader.map(node);
    let kind = owned(map.required_text("kind"));
    let title = owned(map.required_text("title"));
    let attribute = map.optional("of").and_then(|node| reader.choice(node, CaseAttribute::CHOICES));
    let signals = names.signals(map.list("signals"), reader);
    let fields = texts(&mut map, "fields");
    let part = map.optional("part").and_then(|node| pattern(node, reader));
    let source = match attribute {
        Some(attribute) => {
            refuse_both(&map, &signals);
            CaseFactSource::Attribute(attribute)
        }
        None => {
            if map.list("signals").is_empty() {
                reader.report(
                    map.span(),
                    Fault::error("ladder::case-fact", "a fact to compare needs `of` or `signals`"),
                );
            }
            CaseFactSource::Records { signals, fields }
        }
    };
    map.finish();
    Some(CaseFact { kind, title, source, part })
}

fn refuse_both(map: &MapReader<'_>, signals: &[SignalId]) {
    if !signals.is_empty() {
        let fault = Fault::error("ladder::case-fact", "a fact to compare has either `of` or `signals`");
        map.reader().report(map.span(), fault);
    }
}

fn pattern(node: &Node, reader: Reader<'_>) -> Option<Expression> {
    let text = reader.text(node)?;
    Expression::new(text, &[])
        .map_err(|error| {
            // The last line says what is wrong; those before it draw the pattern.
            let why = error.to_string().lines().last().unwrap_or_default().trim().to_owned();
            let why = why.strip_prefix("error: ").unwrap_or(&why).to_owned();
            reader
                .report(node.span, Fault::error("ladder::case-fact", format!("not a valid pattern: {why}")));
        })
        .ok()
}

value_shape!(
    /// An attribute of attempts.
    AttributeWord = words(CaseAttribute::WORDS)
);

shape! {
    /// Something that cases may have in common. It has either `of` or `signals`.
    pub(super) struct CaseFactShape {
        /// Its word in results.
        kind: Name,
        /// What to call it before a value.
        title: Text,
        /// The attribute of attempts that tells it.
        of: Option<AttributeWord>,
        /// The records that tell it.
        signals: Option<OneOrMany<Name>>,
        /// The fields with the value; the first one that is there counts. Without fields, the value is the signal's title.
        fields: Option<OneOrMany<Text>>,
        /// The part of the text that counts, as a regular expression: its first group that takes part, else all that matches.
        part: Option<Text>,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_address_is_a_fact_without_its_port() {
        let pack = crate::Pack::built_in(&[]).expect("the built-in rules are right").0;
        let of =
            |kind: &str| pack.ladder().case_facts.iter().find(|fact| fact.kind == kind).expect("it is there");
        for (text, expected) in [
            ("10.0.0.5:50112", "10.0.0.5"),
            ("10.0.0.5", "10.0.0.5"),
            ("[fe80::1]:50112", "fe80::1"),
            ("fe80::1", "fe80::1"),
            ("pc-1", "pc-1"),
        ] {
            assert_eq!(of("address").value(text), Some(expected), "{text}");
        }
        assert_eq!(of("update").value("2026-03 Cumulative Update (KB5099999)"), Some("KB5099999"));
        assert_eq!(of("update").value("no article"), None);
        assert_eq!(of("domain").value("srv.corp.example"), Some("corp.example"));
        assert_eq!(of("domain").value("srv"), None);
        assert_eq!(of("product").value("Product: Sophos -- Installation completed."), Some("Sophos"));
    }
}
