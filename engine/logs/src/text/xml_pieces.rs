//! Text cut into `<Event>` elements, by their tags alone.

use std::ops::Range;

use memchr::memmem;

use crate::text::window::MAX_RECORD;

/// Cuts a block into `<Event>` elements; whatever else breaks off or ends without having begun is a piece as well,
/// so that it is counted. Gives the pieces, and from where on the block is not cut yet.
pub(super) fn cut_xml(block: &[u8], is_end: bool) -> (Vec<Range<usize>>, usize) {
    const END: &[u8] = b"</Event>";
    let mut ends = memmem::find_iter(block, END).map(|at| at + END.len());
    let mut end = ends.next();
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(start) = next_start_tag(block, at) {
        if let Some(stray) = end.filter(|end| *end <= start) {
            pieces.push(at..stray);
            end = ends.find(|end| *end > start);
        }
        match end {
            Some(end_of_it) if end_of_it - start <= MAX_RECORD => {
                at = end_of_it;
                pieces.push(start..at);
                end = ends.next();
            }
            None if !is_end && block.len() - start <= MAX_RECORD => return (pieces, start),
            _ => {
                // It breaks off, or is no record for its size: the next one may still be sound.
                at = next_start_tag(block, start + 1).unwrap_or(block.len());
                pieces.push(start..at);
            }
        }
    }
    if let Some(stray) = end {
        pieces.push(at..stray);
        at = ends.last().unwrap_or(stray);
    }
    // A tag may go on in the next block.
    let rest = if is_end { block.len() } else { block.len().saturating_sub(END.len()).max(at) };
    (pieces, rest)
}

/// Where the next `<Event>` begins.
fn next_start_tag(block: &[u8], from: usize) -> Option<usize> {
    start_tags(block.get(from..)?).next().map(|at| from + at)
}

fn start_tags(text: &[u8]) -> impl Iterator<Item = usize> {
    const START: &[u8] = b"<Event";
    let is_tag = |at: &usize| matches!(text.get(at + START.len()), Some(b'>' | b' ' | b'\t' | b'\r' | b'\n'));
    memmem::find_iter(text, START).filter(is_tag)
}

/// Where the last `<Event>` in a piece begins, if it is not the first.
pub(super) fn last_start_tag(piece: &[u8]) -> Option<usize> {
    start_tags(piece).last().filter(|at| *at > 0)
}
