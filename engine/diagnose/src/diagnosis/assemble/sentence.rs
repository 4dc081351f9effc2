//! The sentences of rules, filled with what the records say.

use crate::diagnosis::assemble::assembly::Assembly;
use crate::evidence::seen::Seen;

impl Assembly<'_> {
    /// Fills `{Field}`, `{count}` and `{failures}` of a sentence.
    pub(super) fn fill(&self, sentence: &str, seen: &Seen) -> String {
        let mut filled = String::with_capacity(sentence.len());
        let mut rest = sentence;
        while let Some(open) = rest.find('{') {
            filled.push_str(&rest[..open]);
            let Some(close) = rest[open..].find('}') else { break };
            let name = &rest[open + 1..open + close];
            let in_brackets = filled.matches('(').count() > filled.matches(')').count();
            filled.push_str(&self.filling(name, seen, in_brackets));
            rest = &rest[open + close + 1..];
        }
        filled.push_str(rest);
        // A field that the record lacks leaves nothing behind.
        filled.replace(" ()", "")
    }

    /// The value of a field of the first record that has one; a code with what it is called.
    fn filling(&self, name: &str, seen: &Seen, in_brackets: bool) -> String {
        match name {
            "count" => seen.total.max(seen.count).to_string(),
            "failures" => seen.of.to_string(),
            _ => {
                let events = seen.events.iter().map(|&event| &self.scene.timeline.events[event as usize]);
                if name == "EventID" {
                    return events.map(|event| event.event_id.to_string()).next().unwrap_or_default();
                }
                let mut values = events.filter_map(|event| Some((event, event.field(name)?.trim())));
                let Some((event, value)) = values.find(|(_, value)| !value.is_empty()) else {
                    return String::new();
                };
                match self.pack().decode(&event.provider, event.event_id, name, value) {
                    Some(code) if in_brackets => format!("{value}, {}", code.label()),
                    Some(code) => format!("{value} ({})", code.label()),
                    None => value.to_owned(),
                }
            }
        }
    }
}

/// The sentence with `…` in place of what would be filled in.
pub(super) fn plain(sentence: &str) -> String {
    let mut text = String::with_capacity(sentence.len());
    let mut depth = 0_usize;
    for letter in sentence.chars() {
        match letter {
            '{' => depth += 1,
            '}' => {
                depth = depth.saturating_sub(1);
                text.push('…');
            }
            _ if depth == 0 => text.push(letter),
            _ => {}
        }
    }
    text
}
