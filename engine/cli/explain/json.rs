//! The answer for programs.

use super::answer::{Answer, Found, Named};
use super::event::Event;
use super::search::Entry;
use crate::rules_command::show;
use rdpwhy_rules::codes::{CodeValue, DialogText};
use rdpwhy_rules::{CauseId, Pack, SignalId};
use serde_json::{Value, json};

/// The answer as one object.
pub(super) fn json(answer: &Answer<'_>) -> Value {
    let pack = answer.pack;
    let pair = answer.pair.map(|pair| {
        json!({
            "title": pair.title,
            "says": pair.says,
            "causes": causes(pack, &pair.causes),
            "source": pair.source,
        })
    });
    json!({
        "schema_version": 1,
        "codes": answer.codes.iter().map(|found| code(pack, found)).collect::<Vec<_>>(),
        "pair": pair,
        "names": answer.names.iter().map(|named| name(pack, named)).collect::<Vec<_>>(),
        "events": answer.events.iter().map(|event| self::event(pack, event)).collect::<Vec<_>>(),
        "texts": answer.texts.iter().map(|found| text(pack, found)).collect::<Vec<_>>(),
        "matches": matches(answer),
        "near_texts": answer.near_texts.iter().map(|found| text(pack, found)).collect::<Vec<_>>(),
    })
}

fn code(pack: &Pack, found: &Found<'_>) -> Value {
    let as_hex = found
        .as_hex
        .as_ref()
        .map(|(value, list)| json!({ "code": written(value), "entries": entries(pack, list) }));
    json!({
        "code": written(&found.code),
        "entries": entries(pack, &found.entries),
        "in_hexadecimal": as_hex,
        "near": entries(pack, &found.near()),
    })
}

fn name(pack: &Pack, named: &Named<'_>) -> Value {
    json!({ "name": named.name, "entries": entries(pack, &named.entries), "near": named.near })
}

fn entries(pack: &Pack, entries: &[Entry<'_>]) -> Vec<Value> {
    entries.iter().map(|found| entry(pack, found)).collect()
}

fn entry(pack: &Pack, (table, code): &Entry<'_>) -> Value {
    json!({
        "code": written(&code.value),
        "decimal": code.value.number(),
        "table": table.id,
        "table_title": table.title,
        "name": code.name,
        "also": code.also,
        "means": code.means,
        "does_not_mean": code.not,
        "causes": causes(pack, &code.causes),
        "verified": code.verified,
        "source": table.source,
    })
}

fn event(pack: &Pack, event: &Event<'_>) -> Value {
    let signal = |id: &SignalId| {
        let signal = pack.signal(*id).signal;
        let used = show::users(pack, *id).iter().map(crate::page::Words::text).collect::<Vec<_>>();
        json!({ "signal": signal.name, "title": signal.title, "description": signal.description, "used_by": used })
    };
    let origins = event.origins.iter().map(|origin| {
        json!({
            "where": origin.title,
            "message": origin.message,
            "signals": origin.signals.iter().map(signal).collect::<Vec<_>>(),
        })
    });
    json!({
        "event_id": event.id,
        "provider": event.provider,
        "origins": origins.collect::<Vec<_>>(),
        "known_elsewhere": event.others,
    })
}

fn text(pack: &Pack, text: &DialogText) -> Value {
    json!({
        "text": text.text,
        "means": text.means,
        "does_not_mean": text.not,
        "codes": text.codes.iter().map(written).collect::<Vec<_>>(),
        "causes": causes(pack, &text.causes),
    })
}

fn matches(answer: &Answer<'_>) -> Value {
    let hits = &answer.hits;
    let listed = |id: &str, title: &str| json!({ "id": id, "title": title });
    json!({
        "codes": entries(answer.pack, &hits.codes),
        "causes": hits.causes.iter().map(|cause| listed(&cause.id, &cause.title)).collect::<Vec<_>>(),
        "signals": hits.signals.iter().map(|signal| listed(&signal.name, &signal.title)).collect::<Vec<_>>(),
        "notices": hits.notices.iter().map(|notice| listed(&notice.id, &notice.title)).collect::<Vec<_>>(),
    })
}

fn causes(pack: &Pack, causes: &[CauseId]) -> Vec<Value> {
    let cause = |id: &CauseId| {
        let cause = pack.cause(*id);
        json!({ "cause": cause.id, "title": cause.title })
    };
    causes.iter().map(cause).collect()
}

fn written(code: &CodeValue) -> String {
    match code {
        CodeValue::Number(number) => format!("{number:#x}"),
        CodeValue::Message(_) => code.to_string(),
    }
}
