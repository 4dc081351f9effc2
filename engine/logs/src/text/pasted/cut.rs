//! `<Event>` elements in any text.

use std::ops::Range;

use memchr::memmem;

/// Bytes between the tag of an event and its first element.
const MAX_GAP: usize = 64;

/// The elements in a text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Elements {
    pub(super) whole: Vec<Range<usize>>,
    /// Those that begin and do not end.
    pub(super) broken: u64,
}

/// Finds the elements of a text that are the XML of a record. A record's own values may be elements of the same name.
pub(super) fn elements(text: &str) -> Elements {
    const END: &str = "</Event>";
    let mut starts = memmem::find_iter(text.as_bytes(), "<Event").filter(|at| is_tag(text, *at)).peekable();
    let mut ends = memmem::find_iter(text.as_bytes(), END).peekable();
    let mut elements = Elements::default();
    let mut open: Option<(usize, usize)> = None;
    loop {
        let is_start = match (starts.peek(), ends.peek()) {
            (Some(start), Some(end)) => start < end,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (None, None) => break,
        };
        if is_start {
            let Some(at) = starts.next() else { break };
            if begins_record(text, at) {
                elements.broken += u64::from(open.is_some());
                open = Some((at, 1));
            } else if let Some((_, depth)) = &mut open {
                *depth += 1;
            }
        } else {
            let Some(at) = ends.next() else { break };
            match &mut open {
                Some((start, 1)) => {
                    elements.whole.push(*start..at + END.len());
                    open = None;
                }
                Some((_, depth)) => *depth -= 1,
                None => {}
            }
        }
    }
    elements.broken += u64::from(open.is_some());
    elements
}

fn is_tag(text: &str, at: usize) -> bool {
    matches!(text.as_bytes().get(at + "<Event".len()), Some(b'>' | b' ' | b'\t' | b'\r' | b'\n'))
}

/// The element at `at` is that of a record: the next one in it is `System`.
fn begins_record(text: &str, at: usize) -> bool {
    let Some(tag) = text.as_bytes()[at..].iter().take(1024).position(|byte| *byte == b'>') else {
        return false;
    };
    let inside = &text.as_bytes()[at + tag + 1..];
    let inside = &inside[..inside.len().min(MAX_GAP)];
    inside.trim_ascii_start().starts_with(b"<System")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_end_where_they_began() {
        let text = "a <Event x='1'>\n <System/><UserData><E><Event>43</Event></E></UserData></Event> b <Event><System> \
                    <Event><System/></Event> <Events> </Event> <Event><System>";
        let found = elements(text);
        let whole: Vec<&str> = found.whole.iter().map(|range| &text[range.clone()]).collect();
        assert_eq!(whole.len(), 2);
        assert!(whole[0].starts_with("<Event x") && whole[0].ends_with("</UserData></Event>"));
        assert_eq!((whole[1], found.broken), ("<Event><System/></Event>", 2));
    }
}
