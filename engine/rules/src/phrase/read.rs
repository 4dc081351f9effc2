//! A phrase where it stands in a rule file.

use rdpwhy_yaml::{Fault, Node, Reader, listed, nearest_two};

use super::words::PhraseError;

/// As [`read`], with the two of the `known` phrases that are nearest to one that cannot be read.
pub(crate) fn read_near<'n, T>(
    node: &'n Node,
    reader: Reader<'_>,
    parse: fn(&str) -> Result<T, PhraseError>,
    known: &[&str],
) -> Option<(&'n str, T)> {
    let Some(text) = node.as_text() else {
        reader.wrong_kind(node, "a phrase");
        return None;
    };
    match parse(text) {
        Ok(parsed) => Some((text, parsed)),
        Err(error) => {
            let end = error.end.max(error.start + 1).min(text.len().max(error.start));
            let near = nearest_two(text, known);
            let help = match near.as_slice() {
                [] => format!("expected {}", error.expected),
                near => format!("did you mean {}? docs/rules.md lists all phrases", listed(near)),
            };
            reader.report(
                node.span.part(text, error.start..end),
                Fault::error("rule::phrase", format!("this phrase cannot be read at {}", error.found))
                    .label("here")
                    .help(help),
            );
            None
        }
    }
}

/// The text of a node and what it parses to; reports where it does not.
pub(crate) fn read<'n, T>(
    node: &'n Node,
    reader: Reader<'_>,
    parse: fn(&str) -> Result<T, PhraseError>,
) -> Option<(&'n str, T)> {
    read_near(node, reader, parse, &[])
}
