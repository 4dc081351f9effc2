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
