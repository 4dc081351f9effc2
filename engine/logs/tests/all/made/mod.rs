//! Records for logs that tests make.

use rdpwhy_forge::evtx::{Form, Payload, Record, Value};

/// A record of a made-up provider, with a number and some text in it.
pub(crate) fn record(id: u64, time: u64) -> Record {
    Record {
        id,
        time,
        form: Form::Manifest,
        provider: "Some-Provider".into(),
        guid: None,
        source_name: None,
        event_id: 7,
        qualifiers: None,
        version: 0,
        level: 4,
        task: 0,
        opcode: 0,
        keywords: 0,
        activity: None,
        process: 4,
        thread: 8,
        channel: "Some/Operational".into(),
        computer: "HOST".into(),
        user: None,
        payload: Payload::Named {
            name: None,
            fields: vec![("Id".into(), Value::U64(id)), ("Text".into(), Value::Text("x".repeat(100)))],
            binary: None,
        },
    }
}
