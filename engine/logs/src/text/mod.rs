//! Records as text, XML or JSON, to logs.

mod event_json;
mod group_reading;
mod json;
mod json_pieces;
pub(crate) mod read_text;
mod text_builder;
mod window;
mod xml_pieces;
