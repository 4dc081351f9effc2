//! Text cut into JSON objects, by their braces alone.

use std::ops::Range;

use crate::text::window::MAX_RECORD;

/// Cuts a block into JSON objects, on a line each or on several, in a list or not. Lines that are none are pieces as
/// well, so that they are counted.
pub(super) fn cut_json(block: &[u8], is_end: bool) -> (Vec<Range<usize>>, usize) {
    let mut pieces = Vec::new();
    let mut at = 0;
    loop {
        let skipped =
            block[at..].iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n' | b',' | b'[' | b']'));
        at += skipped.count();
        let Some(first) = block.get(at) else { return (pieces, at) };
        let end = if *first == b'{' { object_end(block, at) } else { line_end(block, at) };
        match end {
            Some(end) => {
                // `evtx_dump` puts a line before each record of several lines.
                if *first == b'{' || !block[at..].starts_with(b"Record ") {
                    pieces.push(at..end);
                }
                at = end;
            }
            None if !is_end && block.len() - at <= MAX_RECORD => return (pieces, at),
            // No line in what is left begins a record.
            None => {
                pieces.push(at..block.len());
                at = block.len();
            }
        }
    }
}

fn line_end(block: &[u8], at: usize) -> Option<usize> {
    memchr::memchr(b'\n', &block[at..]).map(|end| at + end)
}

/// The end of the object that begins at `at`: behind its last brace, or where a line begins with another one, which
/// no object of several lines does.
fn object_end(block: &[u8], at: usize) -> Option<usize> {
    let (mut depth, mut in_text, mut escaped) = (0usize, false, false);
    for (place, byte) in block.iter().enumerate().skip(at) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'{' if place > at && block[place - 1] == b'\n' => return Some(place),
            b'{' if !in_text => depth += 1,
            b'}' if !in_text => {
                depth -= 1;
                if depth == 0 {
                    return Some(place + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// Members of a reply that are a list of records: Elasticsearch's `hits`, PowerShell's `value`, and what other programs that
/// are asked for records put them into.
const LISTS: &[&str] = &["hits", "value", "results", "events", "records", "items"];
/// Bytes of a reply before its list that are looked at.
const MAX_ENVELOPE: usize = 16 << 10;

/// Where the first record is in a reply that has a list of them, as `{"hits":{"hits":[{…},…]}}`.
pub(super) fn list_start(block: &[u8]) -> Option<usize> {
    let head = &block[..block.len().min(MAX_ENVELOPE)];
    let (mut depth, mut text_start, mut escaped) = (0usize, None::<usize>, false);
    let mut name: &[u8] = &[];
    for (at, byte) in head.iter().enumerate() {
        match (text_start, byte) {
            (Some(_), _) if escaped => escaped = false,
            (Some(_), b'\\') => escaped = true,
            (Some(start), b'"') => {
                name = &head[start..at];
                text_start = None;
            }
            (Some(_), _) => {}
            (None, b'"') => text_start = Some(at + 1),
            (None, b'[') if depth > 0 => {
                let is_list = LISTS.iter().any(|list| list.as_bytes() == name);
                let inside = head[at + 1..].trim_ascii_start();
                // Other lists are within a record, or say something about the reply.
                if is_list && inside.starts_with(b"{") {
                    return Some(head.len() - inside.len());
                }
                depth += 1;
            }
            (None, b'{') => depth += 1,
            (None, b'}' | b']') => depth = depth.checked_sub(1).filter(|depth| *depth > 0)?,
            (None, b',') => name = &[],
            // The text begins with the reply.
            (None, byte) if depth == 0 && !byte.is_ascii_whitespace() => return None,
            _ => {}
        }
        // Records have lists of their own.
        if depth > 3 {
            return None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_a_reply_is_found() {
        for (text, rest) in [
            (r#"{"took":3,"hits":{"total":{"value":1},"hits":[{"_id":1}]}}"#, Some(r#"{"_id":1}]}}"#)),
            ("{\n \"events\": [\n  {\"a\":1}", Some("{\"a\":1}")),
            (r#"{"value":[{"Id":1}],"Count":1}"#, Some(r#"{"Id":1}],"Count":1}"#)),
            (r#"{"a":"\"hits\":[{","b":1}"#, None),
            (r#"{"a":1}{"hits":[{"b":1}]}"#, None),
            (r#"[{"hits":1}]"#, None),
            (r#"{"hits":[1]}"#, None),
            (r#"{"Properties":[{"Value":1}]}"#, None),
            ("", None),
        ] {
            assert_eq!(list_start(text.as_bytes()).map(|at| &text[at..]), rest, "{text}");
        }
    }
}
