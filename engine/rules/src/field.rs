//! Fields that rules of several kinds have: the id, texts, lists of texts, numbers.

use std::time::Duration;

use rdpwhy_yaml::{Fault, MapReader};

use crate::kind::stem;
use crate::phrase;

/// The `id`, which must be the name of the file.
pub(crate) fn id(map: &mut MapReader<'_>) -> Option<String> {
    let reader = map.reader();
    let node = map.required("id")?;
    let id = reader.text(node)?;
    let stem = stem(reader.file);
    if id != stem {
        reader.report(
            node.span,
            Fault::error("rule::id", format!("the id `{id}` is not the name of its file"))
                .label(format!("the file is called `{stem}`"))
                .help("give the rule and its file the same name"),
        );
    }
    Some(id.to_owned())
}

/// A text without the space around it; empty where there is none.
pub(crate) fn owned(text: Option<&str>) -> String {
    text.unwrap_or_default().trim().to_owned()
}

/// The texts of a key without the space around them.
pub(crate) fn texts(map: &mut MapReader<'_>, key: &'static str) -> Vec<String> {
    map.texts(key).into_iter().map(|text| text.trim().to_owned()).collect()
}

/// The span of time of a key, such as `5 seconds`.
pub(crate) fn span(map: &mut MapReader<'_>, key: &'static str, default: Duration) -> Duration {
    let reader = map.reader();
    let found = map.optional(key).and_then(|node| phrase::read(node, reader, phrase::parse_span));
    found.map_or(default, |(_, span)| span)
}

/// The count of a key.
pub(crate) fn count(map: &mut MapReader<'_>, key: &'static str, default: usize) -> usize {
    map.integer(key).and_then(|number| usize::try_from(number).ok()).unwrap_or(default)
}
