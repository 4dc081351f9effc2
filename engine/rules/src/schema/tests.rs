use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rdpwhy_yaml::{Faults, Node, Reader, Scalar, Span, Value};
use serde_json::Value as Json;

use super::*;
use crate::embedded;
use crate::kinds::{cause, check, code, identities, ladder, messages, notice, signal, step};
use crate::names::Names;

/// A key that no rule has.
const STRANGE: &str = "zzz";

#[test]
fn the_schemas_in_the_docs_are_not_stale() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schema");
    for kind in Kind::ALL.into_iter().filter(|kind| !matches!(kind, Kind::Identities | Kind::Messages)) {
        let Some(schema) = schema(kind) else { continue };
        let path = folder.join(format!("{}.schema.json", kind.word()));
        let written = std::fs::read_to_string(&path).unwrap_or_default();
        let mend = "cargo run -- rules schema --output docs/schema";
        assert!(written == schema, "{} is stale; to update it, run: {mend}", path.display());
    }
}

#[test]
fn schemas_and_loaders_know_the_same_keys() {
    for kind in Kind::ALL {
        let Some(schema) = of(kind) else { continue };
        let schema = schema.to_value();
        let mut seen = BTreeSet::new();
        for file in embedded::files().iter().filter(|file| Kind::of(file.path) == kind) {
            let mut root = file.documents().unwrap().remove(0);
            let mut strange = Strange::default();
            strange.add(&mut root, &schema, "");
            let faults = Faults::new();
            load(kind, &root, Reader::new(file.path, &faults));
            let legal: BTreeMap<usize, BTreeSet<String>> = faults
                .sorted()
                .into_iter()
                .filter(|fault| fault.code == "rule::unknown-key")
                .map(|fault| (fault.span.unwrap().start, quoted(&fault.help.unwrap())))
                .collect();
            for (place, (path, keys)) in strange.maps {
                assert_eq!(legal.get(&place), Some(&keys), "{}: `{path}` of {kind:?}", file.path);
                seen.insert(path);
            }
        }
        let mut all = BTreeSet::new();
        maps(&schema, "", &mut all);
        // A basis is a word or a map, and has one shape everywhere. The fields of all roles have one shape, and some roles have the same fields in all records.
        let unseen: Vec<&String> =
            all.difference(&seen).filter(|path| !path.starts_with(".roles.") && *path != ".basis").collect();
        assert!(unseen.is_empty(), "{kind:?}: no file shows {unseen:?}");
    }
}

fn load(kind: Kind, root: &Node, reader: Reader<'_>) {
    let names = Names::default();
    match kind {
        Kind::Signal => {
            drop(signal::load(std::slice::from_ref(root), reader, &Default::default(), signal::Origin::Pack))
        }
        Kind::Cause => drop(cause::load(root, reader, &names)),
        Kind::Notice => drop(notice::load(root, reader, &names)),
        Kind::Step => drop(step::load(root, reader)),
        Kind::Check => drop(check::load(root, reader, &names)),
        Kind::Codes => drop(code::load(&[(reader, root.clone())], &names)),
        Kind::Messages => messages::load(root, reader, &mut rdpwhy_event::Wording::default()),
        Kind::Sources => crate::Sources::default().add(root, reader),
        Kind::Identities => drop(identities::load(root, reader, &names)),
        Kind::Ladder => drop(ladder::load(root, reader, &names, ladder::stage::load(root, reader))),
        Kind::LogSources | Kind::Foreign => {}
    }
}

/// The texts between backticks.
fn quoted(text: &str) -> BTreeSet<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Strange keys added to all maps whose keys the schema fixes: where, and which keys are legal there.
#[derive(Default)]
struct Strange {
    maps: BTreeMap<usize, (String, BTreeSet<String>)>,
}

impl Strange {
    fn add(&mut self, node: &mut Node, schema: &Json, path: &str) {
        match &mut node.value {
            Value::Seq(items) => {
                let Some(below) = choices(schema).find_map(|choice| choice.get("items")) else { return };
                items.iter_mut().for_each(|item| self.add(item, below, &format!("{path}[]")));
            }
            Value::Map(entries) => {
                let Some(properties) = choices(schema).find_map(fixed) else { return };
                for (key, value) in entries.iter_mut() {
                    let name = key.as_text().unwrap();
                    let below = properties.get(name).unwrap_or_else(|| panic!("{path}: no key {name}"));
                    self.add(value, below, &format!("{path}.{name}"));
                }
                let place = 1_000_000 + self.maps.len();
                let span = Span { start: place, end: place, line: 1, column: 1 };
                let text = |text: &str| Value::Scalar(Scalar { text: text.to_owned().into(), plain: true });
                entries.push((Node { span, value: text(STRANGE) }, Node { span, value: text("x") }));
                self.maps.insert(place, (path.to_owned(), properties.keys().cloned().collect()));
            }
            _ => {}
        }
    }
}

/// A schema, and those that it leaves the choice of.
fn choices(schema: &Json) -> impl Iterator<Item = &Json> {
    let more = schema.get("anyOf").and_then(Json::as_array);
    std::iter::once(schema).chain(more.into_iter().flatten())
}

/// The keys of a map that may have no others.
fn fixed(schema: &Json) -> Option<&serde_json::Map<String, Json>> {
    let properties = schema.get("properties").and_then(Json::as_object)?;
    (schema.get("additionalProperties") == Some(&Json::Bool(false))).then_some(properties)
}

/// The paths of all maps whose keys the schema fixes.
fn maps(schema: &Json, path: &str, found: &mut BTreeSet<String>) {
    for choice in choices(schema) {
        if let Some(items) = choice.get("items") {
            maps(items, &format!("{path}[]"), found);
        }
        for (name, below) in fixed(choice).into_iter().flatten() {
            found.insert(path.to_owned());
            maps(below, &format!("{path}.{name}"), found);
        }
    }
}
