//! Records as PowerShell lists them: `Get-WinEvent … | Format-List`, a property and its value on each line.

use crate::text::dialect::{self, Found};
use crate::text::json::Json;
use crate::text::sketch::Sketch;
use rdpwhy_event::Wording;

/// Properties that begin a line; anything else goes on with the value before.
const PROPERTIES: &[&str] = &[
    "ActivityId",
    "Bookmark",
    "Category",
    "CategoryNumber",
    "ContainerLog",
    "Data",
    "EntryType",
    "EventID",
    "Id",
    "Index",
    "InstanceId",
    "Keywords",
    "KeywordsDisplayNames",
    "Level",
    "LevelDisplayName",
    "LogName",
    "MachineName",
    "MatchedQueryIds",
    "Message",
    "Opcode",
    "OpcodeDisplayName",
    "ProcessId",
    "Properties",
    "ProviderId",
    "ProviderName",
    "Qualifiers",
    "RecordId",
    "RelatedActivityId",
    "ReplacementStrings",
    "Source",
    "Task",
    "TaskDisplayName",
    "ThreadId",
    "TimeCreated",
    "TimeGenerated",
    "TimeWritten",
    "UserId",
    "UserName",
    "Version",
];

/// The records in a text.
pub(super) fn read(text: &str, wording: Option<&Wording>) -> Vec<Sketch> {
    let mut records = Vec::new();
    let mut members: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        match property(line) {
            Some((name, value)) => {
                if members.iter().any(|(known, _)| known == name) {
                    records.extend(record(std::mem::take(&mut members), wording));
                }
                members.push((name.to_owned(), value.to_owned()));
            }
            None if line.starts_with([' ', '\t']) || line.trim().is_empty() => {
                if let Some((_, value)) = members.last_mut() {
                    value.push('\n');
                    value.push_str(line.trim());
                }
            }
            // Something else is between the records.
            None => records.extend(record(std::mem::take(&mut members), wording)),
        }
    }
    records.extend(record(members, wording));
    records
}

/// `Name : value`; names are padded to one width.
fn property(line: &str) -> Option<(&'static str, &str)> {
    let (name, value) = line.split_once(':')?;
    let is_padded = name.ends_with(' ') && !name.starts_with([' ', '\t']);
    let known = PROPERTIES.iter().find(|known| **known == name.trim_end()).filter(|_| is_padded)?;
    Some((known, value.trim()))
}

fn record(members: Vec<(String, String)>, wording: Option<&Wording>) -> Option<Sketch> {
    if members.len() < 2 {
        return None;
    }
    let members = members.into_iter().map(|(name, value)| (name, Json::Text(value.trim_end().to_owned())));
    match dialect::read(&Json::Object(members.collect()), wording)? {
        (Found::Sketch(sketch), _) => sketch.event_id.is_some().then_some(*sketch),
        (Found::Xml(_), _) => None,
    }
}
