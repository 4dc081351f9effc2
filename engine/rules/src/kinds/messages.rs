//! Message texts of records: what pasted and forwarded records are read by.

use rdpwhy_event::{MessageField, MessageText, Wording};
use rdpwhy_yaml::{Fault, Node, Reader};

use crate::shape::{OneOrMany, Text, shape};

/// Adds the messages of a file to `wording`.
pub(crate) fn load(root: &Node, reader: Reader<'_>, wording: &mut Wording) {
    let mut map = reader.map(root);
    for (stored, words) in map.optional("values").and_then(Node::as_map).unwrap_or_default() {
        let words = map.reader().texts(words);
        let stored = map.reader().text(stored).unwrap_or_default();
        words.into_iter().for_each(|words| wording.add_value(words, stored));
    }
    for node in map.list("providers") {
        provider(node, reader, wording);
    }
    map.finish();
}

/// A provider: its names, where it writes to, and its messages.
fn provider(node: &Node, reader: Reader<'_>, wording: &mut Wording) {
    let mut map = reader.map(node);
    let name = map.required_text("name").unwrap_or_default();
    for short in map.texts("short") {
        wording.add_provider(short, name);
    }
    let home = Home { channel: map.text("channel").unwrap_or_default(), root: map.text("root") };
    for node in map.list("events") {
        if let Some((id, message)) = event(node, reader, &home) {
            wording.add_message(name, id, message);
        }
    }
    map.finish();
}

/// Where the records of a provider are, unless one says otherwise.
struct Home<'a> {
    channel: &'a str,
    root: Option<&'a str>,
}

fn event(node: &Node, reader: Reader<'_>, home: &Home<'_>) -> Option<(u32, MessageText)> {
    let mut map = reader.map(node);
    let id = map.integer("id").and_then(|id| u32::try_from(id).ok());
    let channel = map.text("channel");
    // A channel of its own comes with values of its own.
    let root = if channel.is_some() { None } else { home.root };
    let fields: Vec<MessageField> = map.texts("fields").into_iter().map(MessageField::parse).collect();
    let texts: Vec<String> = map.texts("text").into_iter().map(str::to_owned).collect();
    for text in &texts {
        if let Some(number) = highest(text).filter(|number| *number > fields.len()) {
            let label = format!("`%{number}` has no field: {} are named", fields.len());
            map.reader().report(map.span(), Fault::error("message::field", label));
        }
    }
    if id.is_none() {
        map.reader().report(map.span(), Fault::error("message::id", "a message needs an event ID"));
    }
    map.finish();
    let channel = channel.unwrap_or(home.channel).to_owned();
    Some((id?, MessageText { channel, root: root.map(str::to_owned), fields, texts }))
}

/// The highest number behind a `%` in a text.
fn highest(text: &str) -> Option<usize> {
    let digits = |part: &str| part.bytes().take_while(u8::is_ascii_digit).count();
    text.split('%').skip(1).filter_map(|part| part[..digits(part)].parse().ok()).max()
}

shape! {
    /// Message texts of records, by which pasted and forwarded records are read: rules/messages.yml.
    #[schemars(title = "Messages")]
    pub(crate) struct MessagesFile {
        /// Values as records store them, with the words that messages show instead.
        values: Option<std::collections::BTreeMap<String, OneOrMany<Text>>>,
        /// Providers and their messages.
        providers: Option<Vec<ProviderShape>>,
    }
}

shape! {
    /// A provider, where it writes to, and its messages.
    struct ProviderShape {
        name: Text,
        /// Names that viewers show instead.
        short: Option<OneOrMany<Text>>,
        channel: Option<Text>,
        /// The root element of its records under UserData.
        root: Option<Text>,
        events: Option<Vec<MessageShape>>,
    }
}

shape! {
    /// The message of an event.
    struct MessageShape {
        id: u32,
        channel: Option<Text>,
        /// The fields that %1, %2 … stand for, in order.
        fields: Option<Vec<Text>>,
        /// The text, or its variants.
        text: Option<OneOrMany<Text>>,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rdpwhy_yaml::Faults;

    fn read(text: &str) -> (Wording, Faults) {
        let (faults, mut wording) = (Faults::new(), Wording::default());
        for document in rdpwhy_yaml::parse("messages.yml", text, &faults) {
            load(&document, Reader::new("messages.yml", &faults), &mut wording);
        }
        (wording, faults)
    }

    #[test]
    fn a_message_has_its_provider_channel_and_fields() {
        let text = "values:\n  '%%2313': Unknown user name.\nproviders:\n  - name: Vendor-Short\n    short: Short\n    channel: C/O\n    root: EventXML\n    \
                    events:\n      - { id: 7, fields: [User, Status hex], text: 'User %1 failed: %2' }\n      - { id: 8, channel: System, fields: ['Data[0]'], text: [a, 'b %1'] }\n";
        let (wording, faults) = read(text);
        assert!(faults.is_empty(), "{}", faults.render(false));
        let [message] = wording.messages("vendor-short", 7) else { panic!("one message") };
        assert_eq!((message.channel.as_str(), message.root.as_deref()), ("C/O", Some("EventXML")));
        assert_eq!(message.fields[1], MessageField::parse("Status hex"));
        let [message] = wording.messages("Vendor-Short", 8) else { panic!("one message") };
        assert_eq!((message.channel.as_str(), message.root.as_deref()), ("System", None));
        assert_eq!(message.texts, ["a", "b %1"]);
        assert_eq!(wording.stored("Unknown user name."), Some("%%2313"));
        assert_eq!(wording.full_name("short"), "Vendor-Short");
    }

    #[test]
    fn a_value_without_a_field_is_a_fault() {
        let text = "providers:\n  - name: P\n    events:\n      - { id: 7, fields: [A], text: 'x %2' }\n      - { fields: [] }\n";
        let (_, faults) = read(text);
        let shown = faults.render(false);
        assert!(shown.contains("`%2` has no field") && shown.contains("needs an event ID"), "{shown}");
    }
}
