//! Records as text, XML or JSON, to logs.

mod csv;
mod dialect;
mod event_json;
mod event_lines;
mod group_reading;
mod json;
mod json_pieces;
mod locale;
mod message;
mod moment;
mod pasted;
pub(crate) mod read_pasted;
pub(crate) mod read_text;
mod sketch;
mod text_builder;
mod window;
mod xml_pieces;
