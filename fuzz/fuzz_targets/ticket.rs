//! A ticket in YAML, forged and read again.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use rdpwhy_forge::{Shapes, Ticket, forge};

static SHAPES: OnceLock<Shapes> = OnceLock::new();

fuzz_target!(|text: &str| {
    let Ok(ticket) = Ticket::parse(text, "ticket.yml") else { return };
    let shapes = SHAPES.get_or_init(|| Shapes::embedded().expect("our own shapes are sound"));
    let Ok(logs) = forge(&ticket, shapes) else { return };
    for log in logs {
        assert!(log.bytes.starts_with(b"ElfFile\0"), "{}", log.path);
    }
});
