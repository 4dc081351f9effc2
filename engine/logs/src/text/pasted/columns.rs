//! Tables of records in text: Event Viewer's own, and those with the columns of a dialect.

use super::labels::{self, Label};
use crate::text::csv::{Rows, separator};
use crate::text::dialect::{self, Found};
use crate::text::json::Json;
use crate::text::sketch::{Sketch, level};
use rdpwhy_event::Wording;
use rdpwhy_event::system_text::number;

/// How the rows of a table are read.
enum Columns {
    /// Event Viewer's, what each stands for; the message is behind the last.
    EventViewer(Vec<Option<Label>>),
    /// Those of a dialect.
    Dialect(Vec<String>),
}

fn header(text: &str) -> Option<(Columns, Rows<'_>)> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    // PowerShell names the type of what it exports.
    let text = if text.starts_with("#TYPE ") { text.split_once('\n')?.1 } else { text };
    let mut rows = Rows::new(text, separator(text.lines().next()?)?);
    let names = rows.next()?;
    let labels: Vec<Option<Label>> = names.iter().map(|name| labels::label(name)).collect();
    let has = |label| labels.contains(&Some(label));
    if has(Label::EventId) && has(Label::Source) && has(Label::Date) {
        return Some((Columns::EventViewer(labels), rows));
    }
    let members = names.iter().map(|name| (name.clone(), Json::Text("0".to_owned())));
    let known = dialect::read(&Json::Object(members.collect()), None).is_some()
        || names.iter().any(|name| name == "_raw");
    known.then_some((Columns::Dialect(names), rows))
}

/// The records of a table and what it is from; `None` where the text is not a table of records.
pub(super) fn read(text: &str, wording: Option<&Wording>) -> Option<(&'static str, Vec<Sketch>)> {
    let (columns, rows) = header(text)?;
    match columns {
        Columns::EventViewer(labels) => {
            let sketches = rows.filter_map(|row| shown(&labels, row)).collect();
            Some(("Event Viewer", sketches))
        }
        Columns::Dialect(names) => {
            let mut form = "CSV";
            let mut sketches = Vec::new();
            for row in rows {
                let cells = row.into_iter().map(Json::Text);
                let json = Json::Object(names.iter().cloned().zip(cells).collect());
                if let Some((Found::Sketch(sketch), name)) = dialect::read(&json, wording) {
                    form = name;
                    sketches.push(*sketch);
                }
            }
            // XML in the cells of a table is found as in any text.
            (!sketches.is_empty()).then_some((form, sketches))
        }
    }
}

/// A row of Event Viewer's table: some versions have no name for the column of the message.
fn shown(labels: &[Option<Label>], row: Vec<String>) -> Option<Sketch> {
    let mut sketch = Sketch::default();
    for (at, cell) in row.into_iter().enumerate() {
        match labels.get(at).copied().flatten() {
            Some(Label::Level) => sketch.level = level(&cell),
            Some(Label::Date) => sketch.shown_time = Some(cell),
            Some(Label::Source) => sketch.provider = cell,
            Some(Label::EventId) => sketch.event_id = number(&cell),
            Some(Label::Channel) => sketch.channel = cell,
            Some(Label::Computer) => sketch.computer = cell,
            Some(Label::Description) => sketch.message = Some(cell),
            None if at >= labels.len() => {
                let message = sketch.message.get_or_insert_default();
                message.push_str(&cell);
                message.push('\n');
            }
            _ => {}
        }
    }
    sketch.event_id.is_some().then_some(sketch)
}
