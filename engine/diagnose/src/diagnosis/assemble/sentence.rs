//! The sentences of rules, filled with what the records say.

use crate::diagnosis::assemble::assembly::Assembly;
use crate::diagnosis::result::Sentence;
use crate::evidence::seen::Seen;
use rdpwhy_event::FileTime;

impl Assembly<'_> {
    /// Fills `{Field}`, `{count}` and `{failures}` of a sentence.
    pub(super) fn fill(&self, sentence: &str, seen: &Seen) -> Sentence {
        let mut filled = Sentence::default();
        let mut rest = sentence;
        while let Some(open) = rest.find('{') {
            filled.say(&rest[..open]);
            let Some(close) = rest[open..].find('}') else { break };
            let name = &rest[open + 1..open + close];
            let in_brackets = filled.matches('(').count() > filled.matches(')').count();
            self.put(&mut filled, name, seen, in_brackets);
            rest = &rest[open + close + 1..];
            // A field that the record lacks leaves nothing behind.
            if filled.ends_with(" (") && rest.starts_with(')') {
                filled.unsay(" (");
                rest = &rest[1..];
            }
        }
        filled.say(rest);
        filled
    }

    /// The value of a field of the first record that has one; a code with what it is called.
    fn put(&self, filled: &mut Sentence, name: &str, seen: &Seen, in_brackets: bool) {
        match name {
            "count" => filled.say(&(if seen.total > 0 { seen.total } else { seen.count }).to_string()),
            "failures" => filled.say(&seen.of.to_string()),
            "time" => {
                let first = seen.events.first().map(|&event| self.scene.timeline.events[event as usize].time);
                filled.say(&first.map(minute).unwrap_or_default());
            }
            _ => {
                let events = seen.events.iter().map(|&event| &self.scene.timeline.events[event as usize]);
                if name == "EventID" {
                    let id = events.map(|event| event.event_id.to_string()).next();
                    return filled.say(&id.unwrap_or_default());
                }
                let mut values = events.filter_map(|event| Some((event, event.field(name)?.trim())));
                let Some((event, value)) = values.find(|(_, value)| !value.is_empty()) else {
                    return;
                };
                // A second code that is zero adds nothing to the first.
                if filled.ends_with(", ") && is_zero(value) {
                    return filled.unsay(", ");
                }
                filled.quote(value);
                match self.pack().decode(&event.provider, event.event_id, name, value) {
                    Some(code) if in_brackets => filled.say(&format!(", {}", code.label())),
                    Some(code) => filled.say(&format!(" ({})", code.label())),
                    None => {}
                }
            }
        }
    }
}

/// `2026-05-19 16:27 UTC`.
fn minute(time: FileTime) -> String {
    let [year, month, day, hour, minute, ..] = time.parts();
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02} UTC")
}

/// Whether it is the number zero, in any base.
pub(super) fn is_zero(value: &str) -> bool {
    let digits = value.strip_prefix("0x").unwrap_or(value);
    !digits.is_empty() && digits.bytes().all(|digit| digit == b'0')
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
