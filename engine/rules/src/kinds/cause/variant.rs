//! What a cause looks like in particular: a headline, a sentence and steps that depend on what was seen.

use rdpwhy_yaml::{Fault, MapReader, Node, Reader};

use crate::basis::Basis;
use crate::field::owned;
use crate::id::{SignalId, StepId};
use crate::names::Names;
use crate::shape::{Name, OneOrMany, Text, shape};

use super::{Fix, FixShape, fix};

/// A form of the cause that is recognized by records among its evidence.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Variant {
    /// Its ID within the cause.
    pub id: String,
    /// A record of one of these signals must be among the evidence that was seen.
    pub signals: Vec<SignalId>,
    /// Values that fields of that record must have, compared without regard to case: any of each.
    pub fields: Vec<(String, Vec<String>)>,
    /// The headline of the report, in place of that of the cause.
    pub verdict: Option<String>,
    /// What happened in particular; `{Field}` of the record, `{time}`.
    pub says: String,
    /// Steps that come before those of the cause.
    pub first: Vec<Fix>,
    /// Steps of the cause that do not help here.
    pub without: Vec<StepId>,
}

/// What a placeholder of commands stands for: a field of a record among the evidence.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Fill {
    /// The placeholder, without the marks around it.
    pub name: String,
    /// Signals whose records have the field.
    pub signals: Vec<SignalId>,
    /// The field.
    pub field: String,
}

/// The variants of a cause, the most particular first.
pub(super) fn variants(map: &mut MapReader<'_>, names: &Names, general: Option<&Basis>) -> Vec<Variant> {
    let reader = map.reader();
    map.list("variants").iter().filter_map(|node| variant(node, reader, names, general)).collect()
}

fn variant(node: &Node, reader: Reader<'_>, names: &Names, general: Option<&Basis>) -> Option<Variant> {
    let mut map = reader.map(node);
    let id = owned(map.required_text("id"));
    let signals = map.required("signal").map(|node| names.signals(node.one_or_many(), reader));
    let fields = map.optional("where").and_then(Node::as_map).unwrap_or_default();
    let fields = fields.iter().filter_map(|(name, values)| {
        let values = reader.texts(values).into_iter().map(str::to_owned).collect();
        Some((name.as_text()?.to_owned(), values))
    });
    let variant = Variant {
        id,
        signals: signals?,
        fields: fields.collect(),
        verdict: map.text("verdict").map(|text| text.trim().to_owned()),
        says: owned(map.required_text("says")),
        first: map.list("first").iter().filter_map(|node| fix(node, reader, names, general)).collect(),
        without: map.list("without").iter().filter_map(|node| names.step(node, reader)).collect(),
    };
    map.finish();
    Some(variant)
}

/// What placeholders stand for.
pub(super) fn fills(map: &mut MapReader<'_>, names: &Names) -> Vec<Fill> {
    let reader = map.reader();
    let one = |node: &Node| {
        let mut map = reader.map(node);
        let name = owned(map.required_text("name"));
        let signals = map.required("signal").map(|node| names.signals(node.one_or_many(), reader));
        let field = owned(map.required_text("field"));
        map.finish();
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_uppercase()) {
            let fault =
                Fault::error("cause::placeholder", format!("`{name}` is not the name of a placeholder"));
            reader.report(
                node.span,
                fault.help("names of placeholders are in capital letters, such as ADAPTER"),
            );
            return None;
        }
        Some(Fill { name, signals: signals?, field })
    };
    map.list("fill").iter().filter_map(one).collect()
}

shape! {
    /// A form of the cause that is recognized by records among its evidence.
    pub(super) struct VariantShape {
        /// Its ID within the cause.
        id: Name,
        /// A record of one of these signals must be among the evidence that was seen.
        signal: OneOrMany<Name>,
        /// Values that fields of that record must have: a field, with a value or a list of which one must fit.
        r#where: Option<std::collections::BTreeMap<String, OneOrMany<Text>>>,
        /// The headline of the report, in place of that of the cause; at most 80 columns.
        verdict: Option<Text>,
        /// What happened in particular; {Field} of the record, {time}.
        says: Text,
        /// Steps that come before those of the cause.
        first: Option<Vec<FixShape>>,
        /// Steps of the cause that do not help here.
        without: Option<Vec<Name>>,
    }
}

shape! {
    /// What a placeholder of commands stands for.
    pub(super) struct FillShape {
        /// The placeholder, such as ADAPTER.
        name: Text,
        /// Signals whose records have the field.
        signal: OneOrMany<Name>,
        /// The field.
        field: Text,
    }
}
