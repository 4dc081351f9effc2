//! The words that Windows puts around the values of a record.
//!
//! Event Viewer, PowerShell and some forwarders show the message of a record instead of its values. Which text
//! belongs to which values is knowledge, and comes from whoever loads it; see [`Wants::wording`](crate::Wants::wording).

use std::collections::BTreeMap;

/// Message texts by provider and event ID, and what else a message shows differently from the record.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Wording {
    /// Full provider names by the short name that Event Viewer shows, in lower case.
    providers: BTreeMap<String, String>,
    /// By provider in lower case, then event ID.
    messages: BTreeMap<String, BTreeMap<u32, Vec<MessageText>>>,
    /// Stored values by the words that stand for them in a message.
    values: BTreeMap<String, String>,
}

/// The message of one kind of record.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct MessageText {
    /// The channel that the record is written to.
    pub channel: String,
    /// The element below `UserData` that contains the values; `None`: they are in `EventData`.
    pub root: Option<String>,
    /// The record's fields in the order in which they are stored; `%1` in the text is the first.
    pub fields: Vec<MessageField>,
    /// The text, in one or several wordings, with `%1`, `%2`… where values are. Other languages and versions of
    /// Windows word the same message differently.
    pub texts: Vec<String>,
}

/// A field of a record and how its value is shown in a message.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct MessageField {
    /// Its name, as [`Field::name`](crate::Field::name).
    pub name: String,
    /// How its value is shown.
    pub kind: FieldKind,
}

/// How the value of a field is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum FieldKind {
    /// As stored.
    Text,
    /// A number that is stored in lower-case hexadecimal, such as `0xc000006d`, however it is shown.
    Hex,
    /// A security identifier. A message shows the name that belongs to it, which is a different value.
    Sid,
}

impl MessageField {
    /// Reads a name, with `hex` or `sid` after it where the value is one.
    pub fn parse(text: &str) -> MessageField {
        let (name, kind) = match text.rsplit_once(' ') {
            Some((name, "hex")) => (name, FieldKind::Hex),
            Some((name, "sid")) => (name, FieldKind::Sid),
            _ => (text, FieldKind::Text),
        };
        MessageField { name: name.trim().to_owned(), kind }
    }
}

impl Wording {
    /// Adds a short name of a provider.
    pub fn add_provider(&mut self, short: &str, full: &str) {
        self.providers.insert(short.to_lowercase(), full.to_owned());
    }

    /// Adds a message.
    pub fn add_message(&mut self, provider: &str, event_id: u32, message: MessageText) {
        self.providers.insert(provider.to_lowercase(), provider.to_owned());
        let events = self.messages.entry(provider.to_lowercase()).or_default();
        events.entry(event_id).or_default().push(message);
    }

    /// Adds what is stored where a message shows `words`.
    pub fn add_value(&mut self, words: &str, stored: &str) {
        self.values.insert(words.to_owned(), stored.to_owned());
    }

    /// The full name of a provider that may be shown by its short name; the name itself if it is unknown.
    pub fn full_name<'a>(&'a self, provider: &'a str) -> &'a str {
        self.providers.get(&provider.to_lowercase()).map_or(provider, String::as_str)
    }

    /// The messages of one kind of record; the provider by its full name.
    pub fn messages(&self, provider: &str, event_id: u32) -> &[MessageText] {
        let events = self.messages.get(&provider.to_lowercase());
        events.and_then(|events| events.get(&event_id)).map_or(&[], Vec::as_slice)
    }

    /// What is stored where a message shows these words.
    pub fn stored(&self, words: &str) -> Option<&str> {
        self.values.get(words).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_case_and_unknown_ones_stay() {
        let mut wording = Wording::default();
        wording.add_provider("Short", "Vendor-Short");
        let field = MessageField::parse("Status hex");
        assert_eq!((field.name.as_str(), field.kind), ("Status", FieldKind::Hex));
        let message = MessageText { channel: "C".into(), root: None, fields: vec![field], texts: vec![] };
        wording.add_message("Vendor-Short", 7, message);
        assert_eq!(wording.full_name("SHORT"), "Vendor-Short");
        assert_eq!(wording.full_name("vendor-short"), "Vendor-Short");
        assert_eq!(wording.full_name("Other"), "Other");
        assert_eq!(wording.messages("vendor-SHORT", 7).len(), 1);
        assert!(wording.messages("Vendor-Short", 8).is_empty());
    }

    #[test]
    fn a_name_with_a_space_is_no_kind() {
        assert_eq!(MessageField::parse("Error Code").name, "Error Code");
        assert_eq!(MessageField::parse("Error Code hex").name, "Error Code");
    }
}
