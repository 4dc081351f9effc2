//! Text cut into `<Event>` elements, by their tags alone.

use std::ops::Range;

use memchr::{memchr2, memmem};

use crate::text::window::MAX_RECORD;

const NAME: &[u8] = b"Event";

/// Cuts a block into `<Event>` elements; whatever else breaks off or ends without having begun is a piece as well,
/// so that it is counted. Gives the pieces, and from where on the block is not cut yet.
///
/// Elements called `Event` can be values of a record, as in the `UserData` of Local Session Manager 36 and 37. Inside a
/// record, only a tag that is followed by `<System` begins another one.
pub(super) fn cut_xml(block: &[u8], is_end: bool) -> (Vec<Range<usize>>, usize) {
    let mut pieces = Pieces::default();
    for (at, tag) in tags(block) {
        match tag {
            Tag::Start { is_record } => pieces.start(at, is_record),
            Tag::Empty(end) => pieces.empty(at, end),
            Tag::End(end) => pieces.end(end),
        }
    }
    if let Some(rest) = pieces.let_go(block.len(), is_end) {
        return (pieces.cut, rest);
    }
    // A tag may go on in the next block.
    let longest = b"</".len() + NAME.len() + b">".len();
    let rest = if is_end { block.len() } else { block.len().saturating_sub(longest).max(pieces.at) };
    (pieces.cut, rest)
}

/// Where the last record in a piece begins, if it is not the first.
pub(super) fn last_record_start(piece: &[u8]) -> Option<usize> {
    let starts = tags(piece).filter(|(_, tag)| matches!(tag, Tag::Start { is_record: true }));
    starts.map(|(at, _)| at).last().filter(|at| *at > 0)
}

/// A tag of an element called `Event`.
enum Tag {
    /// `is_record`: an element `System` follows.
    Start { is_record: bool },
    /// Start and end in one, and where it ends.
    Empty(usize),
    /// And where it ends.
    End(usize),
}

/// The tags of elements called `Event`, and where each begins.
fn tags(text: &[u8]) -> impl Iterator<Item = (usize, Tag)> {
    memmem::find_iter(text, NAME).filter_map(|name| {
        let (before, after) = (&text[..name], &text[name + NAME.len()..]);
        if before.ends_with(b"</") && after.starts_with(b">") {
            return Some((name - 2, Tag::End(name + NAME.len() + 1)));
        }
        let is_start = before.ends_with(b"<") && matches!(after, [b'>' | b' ' | b'\t' | b'\r' | b'\n', ..]);
        is_start.then(|| (name - 1, start_tag(text, name + NAME.len())))
    })
}

/// The start tag whose name ends at `at`.
fn start_tag(text: &[u8], at: usize) -> Tag {
    let after = &text[at..];
    match memchr2(b'<', b'>', after).map(|end| after.split_at(end)) {
        Some((inside, [b'>', ..])) if inside.ends_with(b"/") => Tag::Empty(at + inside.len() + 1),
        Some((_, [b'>', content @ ..])) => {
            Tag::Start { is_record: content.trim_ascii_start().starts_with(b"<System") }
        }
        _ => Tag::Start { is_record: false },
    }
}

/// The pieces of a block, tag by tag.
#[derive(Default)]
struct Pieces {
    cut: Vec<Range<usize>>,
    /// Where the last piece ended, or an end tag that nothing began.
    at: usize,
    /// Where the records begin that are open. All but the last break off: the next one begins before they end.
    open: Vec<usize>,
    /// Elements open within the last of them, and it itself.
    depth: usize,
    /// There was an end tag that nothing began since the last piece.
    is_stray: bool,
}

impl Pieces {
    fn start(&mut self, at: usize, is_record: bool) {
        if is_record || self.open.is_empty() {
            self.open.push(at);
            self.depth = 1;
            self.is_stray = false;
        } else {
            self.depth += 1;
        }
    }

    fn empty(&mut self, at: usize, end: usize) {
        if self.open.is_empty() {
            self.cut.push(at..end);
            (self.is_stray, self.at) = (false, end);
        }
    }

    fn end(&mut self, end: usize) {
        self.depth = self.depth.saturating_sub(1);
        match self.open.last() {
            None => {
                // Several in a row are one piece.
                if !self.is_stray {
                    self.cut.push(self.at..end);
                }
                (self.is_stray, self.at) = (true, end);
            }
            Some(_) if self.depth > 0 => {}
            Some(&last) => {
                let is_near = |start: &usize| end - start <= MAX_RECORD;
                let first = self.open.iter().position(is_near).unwrap_or(self.open.len() - 1);
                self.break_off(first, last);
                self.cut.push(self.open[first]..end);
                self.open.clear();
                self.at = end;
            }
        }
    }

    /// The records before the one of this number, of those that are open, break off: each is a piece of its own.
    fn break_off(&mut self, first: usize, end: usize) {
        let starts = self.open.iter().take(first);
        let ends = self.open.iter().skip(1).chain([&end]);
        self.cut.extend(starts.zip(ends).map(|(start, end)| *start..*end));
    }

    /// Lets go the open records at the end of a block of this length. Gives where the first one begins that may go on in
    /// the next block, if there is one.
    fn let_go(&mut self, length: usize, is_end: bool) -> Option<usize> {
        let goes_on = |start: &usize| !is_end && length - start <= MAX_RECORD;
        let first = self.open.iter().position(goes_on);
        self.break_off(first.unwrap_or(self.open.len()), length);
        if first.is_none() && !self.open.is_empty() {
            self.at = length;
        }
        first.map(|first| self.open[first])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pieces(text: &str) -> Vec<&str> {
        cut_xml(text.as_bytes(), true).0.into_iter().map(|piece| &text[piece]).collect()
    }

    #[test]
    fn an_element_called_event_within_a_record_does_not_end_it() {
        let record =
            "<Event xmlns='x'>\r\n <System/><UserData><X><Event>4</Event><Event /></X></UserData></Event>";
        assert_eq!(pieces(&format!("<Events>{record}\n{record}</Events>")), [record, record]);
        assert_eq!(last_record_start(record.as_bytes()), None);
        let broken = "<Event><System/><Event>4";
        assert_eq!(pieces(&format!("{broken}{record}{record}")), [&format!("{broken}{record}"), record]);
        assert_eq!(last_record_start(format!("{broken}{record}").as_bytes()), Some(broken.len()));
    }

    #[test]
    fn an_element_without_its_start_or_end_is_one_piece() {
        assert_eq!(pieces("a</Event>b</Event><Event>1</Event>"), ["a</Event>", "<Event>1</Event>"]);
        assert_eq!(pieces("<Event><System><Event><System>"), ["<Event><System>", "<Event><System>"]);
    }

    #[test]
    fn a_record_over_the_limit_is_one_piece_that_ends_where_it_ends() {
        let large = format!("<Event><System/>{}</Event>", "x".repeat(MAX_RECORD));
        assert_eq!(pieces(&format!("{large}\n")), [&large]);
        assert_eq!(pieces(&format!("{large}\n<Event>2</Event>")), [large.as_str(), "<Event>2</Event>"]);
        let broken = "<Event><System/>";
        assert_eq!(pieces(&format!("{broken}{large}")), [broken, &large]);
    }

    proptest! {
        #[test]
        fn pieces_follow_each_other_and_leave_no_record_out(
            text in "(<Event>|<Event |</Event>|<System|/>|>|x| |\n){0,24}",
            is_end: bool,
        ) {
            let (pieces, rest) = cut_xml(text.as_bytes(), is_end);
            let mut at = 0;
            for piece in &pieces {
                prop_assert!(at <= piece.start && piece.start < piece.end, "{pieces:?}");
                prop_assert!(!text[at..piece.start].contains("<Event>"), "{pieces:?}");
                at = piece.end;
            }
            prop_assert!(at <= rest && rest <= text.len(), "{pieces:?} {rest}");
        }
    }
}
