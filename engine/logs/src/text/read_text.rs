//! Records exported as text, XML or JSON, to a log.
//!
//! The text is read block by block and cut into records by their tags or braces alone, so that a broken one costs
//! itself and records can be read side by side. Text has no checksums and no header: what it held is known by the
//! records themselves.

use std::io::{self, Read};
use std::ops::Range;

use rayon::prelude::*;

use crate::gather::log_reading::LogReading;
use crate::gather::progress::Progress;
use crate::gather::workers::{Sharing, Workers};
use crate::input::fingerprint::Fingerprint;
use crate::input::format::Format;
use crate::text::group_reading::GroupReading;
use crate::text::json_pieces::{cut_json, list_start};
use crate::text::text_builder::TextBuilder;
use crate::text::window::{Window, fill};
use crate::text::xml_pieces::cut_xml;

/// Records that one thread reads at a time.
const GROUP: usize = 64;

/// Reads records as text from the first to the last. `format` is [`Format::Xml`] or [`Format::Json`].
///
/// # Errors
/// When it cannot be read from the start. When reading fails later, what came before is kept.
pub(crate) fn read_text(
    mut input: impl Read,
    name: &str,
    format: Format,
    workers: &Workers<'_>,
    sharing: Sharing,
    progress: &dyn Progress,
) -> io::Result<LogReading> {
    let cut = if format == Format::Json { cut_json } else { cut_xml };
    let mut text = Window::default();
    let mut end = text.fill(&mut input);
    if let (Some(Err(_)), true) = (&end, text.raw.is_empty()) {
        end.take().transpose()?;
    }
    let is_list = format == Format::Json && begin_list(&mut text);
    let mut builder = TextBuilder::new(name, format);
    let mut fingerprint = Fingerprint::default();
    let mut next_raw = Vec::new();
    loop {
        let (mut pieces, rest) = cut(&text.block, end.is_some());
        // What is behind a list belongs to what is around it.
        pieces.retain(|piece| !is_list || text.block[piece.start] == b'{');
        let mut groups = Vec::new();
        let mut next_end = None;
        let read = |group: &[Range<usize>]| {
            workers.with(|worker| GroupReading::of(worker, &text.block, group, format, workers))
        };
        rayon::in_place_scope(|scope| {
            if sharing == Sharing::AllThreads {
                scope.spawn(|_| groups = pieces.par_chunks(GROUP).map(read).collect());
                scope.spawn(|_| fingerprint.update(&text.raw));
            } else {
                groups = pieces.chunks(GROUP).map(read).collect();
                fingerprint.update(&text.raw);
            }
            if end.is_none() {
                next_end = fill(&mut input, &mut next_raw);
            }
        });
        builder.bytes += text.raw.len() as u64;
        progress.read(text.raw.len() as u64);
        for mut group in groups {
            workers.retention.admit(&mut group.events);
            builder.push(group, &text);
        }
        workers.retention.drop_old(&mut builder.events);
        if end.is_some() {
            break;
        }
        text.drop_to(rest);
        std::mem::swap(&mut text.raw, &mut next_raw);
        text.decode(next_end.is_some());
        end = next_end;
    }
    Ok(builder.finish(fingerprint.finish(), end.and_then(Result::err)))
}

/// Passes what is before the list of records in a reply; whether there is one.
fn begin_list(text: &mut Window) -> bool {
    let start = list_start(&text.block);
    start.into_iter().for_each(|start| text.drop_to(start));
    start.is_some()
}

#[cfg(test)]
mod tests;
