//! The message of a record, back to the values in it.

use crate::text::sketch::{Section, Sketch};
use rdpwhy_event::{FieldKind, MessageField, MessageText, Wording};

/// Lines of a message that are looked at; real ones have fewer than a hundred.
const MAX_LINES: usize = 512;

/// Adds to a record what the texts of messages give: its full provider name and channel, and the values that its positions
/// or its message show.
pub(crate) fn complete(sketch: &mut Sketch, wording: Option<&Wording>) {
    if let Some(wording) = wording {
        fill(sketch, wording);
    }
    // Whatever is not known by name keeps its place.
    for (at, value) in std::mem::take(&mut sketch.positions).into_iter().enumerate() {
        sketch.fields.push((format!("Data[{at}]"), value));
    }
    if sketch.payload == Section::None && !sketch.fields.is_empty() {
        sketch.payload = Section::EventData;
    }
}

fn fill(sketch: &mut Sketch, wording: &Wording) {
    let full = wording.full_name(sketch.provider.trim());
    if full != sketch.provider {
        sketch.provider = full.to_owned();
    }
    let Some(event_id) = sketch.event_id else { return };
    let known: Vec<&MessageText> = wording
        .messages(&sketch.provider, event_id)
        .iter()
        .filter(|message| sketch.channel.is_empty() || message.channel.eq_ignore_ascii_case(&sketch.channel))
        .collect();
    // Values that come with names are the record's own.
    let is_own = |name: &str| sketch.fields.iter().any(|(own, _)| own == name);
    if known.iter().any(|message| message.fields.iter().any(|field| is_own(&field.name))) {
        return name_channel(sketch, &known);
    }
    let text = sketch.message.take().unwrap_or_default();
    let lines: Vec<&str> =
        text.lines().map(str::trim).filter(|line| !line.is_empty()).take(MAX_LINES).collect();
    for message in &known {
        let by_position = || by_position(&sketch.positions, message);
        let found = by_position().or_else(|| message.texts.iter().find_map(|text| values(&lines, text)));
        if let Some(found) = found {
            let mut fields = named(&found, message, wording);
            fields.append(&mut sketch.fields);
            sketch.fields = fields;
            sketch.positions.clear();
            sketch.channel.clone_from(&message.channel);
            sketch.payload = match &message.root {
                Some(root) => Section::UserData(root.clone()),
                None if sketch.fields.is_empty() => Section::None,
                None => Section::EventData,
            };
            return;
        }
    }
    name_channel(sketch, &known);
}

/// The channel of a record, where all its messages are in one.
fn name_channel(sketch: &mut Sketch, known: &[&MessageText]) {
    let [first, others @ ..] = known else { return };
    if sketch.channel.is_empty() && others.iter().all(|other| other.channel == first.channel) {
        sketch.channel.clone_from(&first.channel);
    }
}

/// Values by position, where there are as many as the record has fields or newer versions add some at the end.
fn by_position(positions: &[String], message: &MessageText) -> Option<Vec<(usize, String)>> {
    let fits = !positions.is_empty() && positions.len() >= message.fields.len() && !message.fields.is_empty();
    fits.then(|| positions.iter().cloned().enumerate().take(message.fields.len()).collect())
}

/// Values under the names of their fields, as they are stored, in the order of the fields.
fn named(found: &[(usize, String)], message: &MessageText, wording: &Wording) -> Vec<(String, String)> {
    let mut fields = Vec::with_capacity(found.len());
    for (at, field) in message.fields.iter().enumerate() {
        let shown = found.iter().find(|(place, _)| *place == at).map(|(_, value)| value.as_str());
        if let Some(value) = shown.and_then(|shown| stored(shown, field, wording)) {
            fields.push((field.name.clone(), value));
        }
    }
    fields
}

/// A value as it is stored; `None` where the words shown do not tell it.
fn stored(shown: &str, field: &MessageField, wording: &Wording) -> Option<String> {
    let known = wording.stored(shown).map(str::to_owned);
    match field.kind {
        FieldKind::Sid if shown.starts_with("S-1-") => Some(shown.to_owned()),
        FieldKind::Sid => known,
        FieldKind::Hex => Some(hexadecimal(shown)),
        FieldKind::Text => known.filter(|stored| stored.starts_with("%%")).or_else(|| Some(shown.to_owned())),
    }
}

/// A number in lower-case hexadecimal; of negative ones the two's complement in 32 bits, where they fit.
fn hexadecimal(shown: &str) -> String {
    if let Ok(number) = shown.parse::<i64>() {
        return match i32::try_from(number) {
            Ok(small) if small < 0 => format!("{:#x}", small.cast_unsigned()),
            _ => format!("{:#x}", number.cast_unsigned()),
        };
    }
    let is_hex = shown.starts_with("0x") || shown.starts_with("0X");
    if is_hex { shown.to_lowercase() } else { shown.to_owned() }
}

/// The values in a message, by the positions of their fields; `None` where it is another message.
fn values(lines: &[&str], text: &str) -> Option<Vec<(usize, String)>> {
    let template: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if template.len() > 1 {
        let start = lines.iter().position(|line| is_line(line, template[0]));
        if let Some(start) = start {
            return Some(labelled(&lines[start..], &template));
        }
    }
    // A message of one sentence, or one whose line ends were lost or moved on the way.
    let pieces = pieces(&template.join(" "));
    in_sentence(&lines.join(" "), &pieces)
}

fn is_line(line: &str, template: &str) -> bool {
    if template.contains('%') { in_sentence(line, &pieces(template)).is_some() } else { line == template }
}

/// The values in lines such as `User: anna`, each under the heading it is below.
fn labelled(lines: &[&str], template: &[&str]) -> Vec<(usize, String)> {
    let mut found = in_sentence(lines[0], &pieces(template[0])).unwrap_or_default();
    let mut labels: Vec<(&str, &str, usize)> = Vec::new();
    let mut headings: Vec<&str> = Vec::new();
    for line in &template[1..] {
        match line.rsplit_once('%') {
            Some((label, number)) if label.trim_end().ends_with(':') => {
                if let Some(field) = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1)) {
                    labels.push((headings.last().copied().unwrap_or(""), label.trim_end(), field));
                }
            }
            _ => headings.push(line),
        }
    }
    let mut heading = "";
    for line in &lines[1..] {
        let (label, value) = line.split_once(':').map_or(("", ""), |(label, value)| (label, value.trim()));
        let is_it = |(below, known, _): &&(&str, &str, usize)| {
            known.strip_suffix(':').is_some_and(|known| known == label.trim_end())
                && (*below == heading || below.is_empty())
        };
        match labels.iter().find(is_it) {
            // A value that is shown twice is the same one.
            Some((.., field)) if found.iter().all(|(place, _)| place != field) => {
                found.push((*field, value.to_owned()));
            }
            Some(_) => {}
            None => {
                if let Some(known) = headings.iter().find(|known| *known == line) {
                    heading = known;
                }
            }
        }
    }
    found
}

/// A piece of a sentence.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Words(String),
    Field(usize),
}

/// The words of a template and the places of its values, with any blanks as one space.
fn pieces(text: &str) -> Vec<Piece> {
    let text = spaced(text);
    let mut pieces = Vec::new();
    let mut words = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find('%') {
        let digits = rest[at + 1..].bytes().take_while(u8::is_ascii_digit).count();
        let number =
            rest[at + 1..at + 1 + digits].parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        words.push_str(&rest[..at]);
        match number {
            Some(field) => {
                if !words.is_empty() {
                    pieces.push(Piece::Words(std::mem::take(&mut words)));
                }
                pieces.push(Piece::Field(field));
            }
            None => words.push('%'),
        }
        rest = &rest[at + 1 + digits..];
    }
    words.push_str(rest);
    if !words.is_empty() {
        pieces.push(Piece::Words(words));
    }
    pieces
}

fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The values in a sentence that consists of these pieces, whatever is before and behind it; `None`: it does not.
///
/// Each of the words is looked for once, behind those before it.
fn in_sentence(sentence: &str, pieces: &[Piece]) -> Option<Vec<(usize, String)>> {
    let sentence = spaced(sentence);
    let sentence = sentence.trim_matches('"');
    let mut rest = sentence;
    let mut found = Vec::new();
    let mut open: Option<usize> = None;
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Field(field) => open = Some(*field),
            Piece::Words(words) => {
                let is_last = at + 1 == pieces.len();
                let place = if is_last { last_place(rest, words) } else { rest.find(words.as_str()) };
                let place = place?;
                if let Some(field) = open.take() {
                    found.push((field, rest[..place].trim().to_owned()));
                }
                rest = &rest[place + words.len()..];
            }
        }
    }
    if let Some(field) = open {
        found.push((field, rest.trim().to_owned()));
    }
    Some(found)
}

/// Where the words that end a sentence are: before a space, or at the end of the text. A full stop may be in a value.
fn last_place(rest: &str, words: &str) -> Option<usize> {
    let at_end = || rest.strip_suffix(words).map(str::len);
    rest.find(&format!("{words} ")).or_else(at_end).or_else(|| rest.find(words).filter(|_| words.len() > 1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wording(fields: &[&str], texts: &[&str]) -> Wording {
        let mut wording = Wording::default();
        wording.add_provider("Short", "Vendor-Short");
        wording.add_value("Nobody", "S-1-0-0");
        wording.add_value("Wrong.", "%%2313");
        let message = MessageText {
            channel: "C/O".into(),
            root: Some("EventXML".into()),
            fields: fields.iter().map(|field| MessageField::parse(field)).collect(),
            texts: texts.iter().map(|text| (*text).to_owned()).collect(),
        };
        wording.add_message("Vendor-Short", 7, message);
        wording
    }

    fn read(message: &str, wording: &Wording) -> Sketch {
        let mut sketch = Sketch {
            provider: "short".into(),
            event_id: Some(7),
            message: Some(message.into()),
            ..Sketch::default()
        };
        complete(&mut sketch, Some(wording));
        sketch
    }

    fn fields(sketch: &Sketch) -> Vec<(&str, &str)> {
        sketch.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    #[test]
    fn a_sentence_gives_its_values() {
        let wording = wording(&["A", "B hex"], &["The %1 said (code %2)."]);
        for message in [
            "The cat said (code 0xC000006D).",
            "\"The cat said (code 0xC000006D).\"",
            "The cat\r\n  said (code -1073741715).",
            "Before. The cat said (code 0xC000006D). After it.",
        ] {
            let sketch = read(message, &wording);
            assert_eq!(fields(&sketch), [("A", "cat"), ("B", "0xc000006d")], "{message}");
            assert_eq!((sketch.provider.as_str(), sketch.channel.as_str()), ("Vendor-Short", "C/O"));
            assert_eq!(sketch.payload, Section::UserData("EventXML".into()));
        }
        assert_eq!(fields(&read("Die Katze sagt etwas.", &wording)), []);
    }

    #[test]
    fn an_address_with_dots_is_one_value() {
        let wording = wording(&["A"], &["Client IP: %1."]);
        assert_eq!(fields(&read("Client IP: 192.0.2.7.", &wording)), [("A", "192.0.2.7")]);
        assert_eq!(fields(&read("Client IP: 192.0.2.7. More.", &wording)), [("A", "192.0.2.7")]);
    }

    #[test]
    fn labels_count_below_their_heading_and_may_be_missing() {
        let text = "It failed:\nSubject:\nName: %1\nDomain: %2\nTarget:\nID: %5\nName: %3\nReason: %4";
        let wording = wording(&["A", "B", "C", "D", "E sid"], &[text]);
        let sketch = read(
            "It failed:\r\n\r\nSubject:\r\n\tName:\t\t-\r\n\r\nTarget:\r\n\tID:\tNobody\r\n\tName:\tanna: x\r\n\tReason:\tWrong.",
            &wording,
        );
        assert_eq!(fields(&sketch), [("A", "-"), ("C", "anna: x"), ("D", "%%2313"), ("E", "S-1-0-0")]);
        let sketch = read(
            "It failed: Subject: Name: x Domain: y Target: ID: Somebody Name: anna Reason: none",
            &wording,
        );
        assert_eq!(fields(&sketch), [("A", "x"), ("B", "y"), ("C", "anna"), ("D", "none")]);
    }

    #[test]
    fn values_by_position_get_names_and_others_keep_their_place() {
        let wording = wording(&["A", "B hex"], &["x %1"]);
        let positions = vec!["a".to_owned(), "-1073741715".to_owned(), "new".to_owned()];
        let sketch = Sketch { provider: "Short".into(), event_id: Some(7), positions, ..Sketch::default() };
        let completed = |event_id| {
            let mut sketch = Sketch { event_id: Some(event_id), ..sketch.clone() };
            complete(&mut sketch, Some(&wording));
            sketch
        };
        assert_eq!(fields(&completed(7)), [("A", "a"), ("B", "0xc000006d")]);
        assert_eq!(fields(&completed(8)), [("Data[0]", "a"), ("Data[1]", "-1073741715"), ("Data[2]", "new")]);
    }

    #[test]
    fn a_records_own_values_stay() {
        let wording = wording(&["A"], &["x %1"]);
        let mut sketch = Sketch {
            provider: "Short".into(),
            event_id: Some(7),
            fields: vec![("A".into(), "own".into())],
            message: Some("x other".into()),
            ..Sketch::default()
        };
        complete(&mut sketch, Some(&wording));
        assert_eq!(fields(&sketch), [("A", "own")]);
        assert_eq!((sketch.channel.as_str(), sketch.payload), ("C/O", Section::EventData));
    }

    proptest! {
        #[test]
        fn no_text_panics(message in "(\\PC|\r|\n|%[0-9]|: ){0,80}", text in "(\\PC|\n|%[0-9]|: ){0,60}") {
            let _ = read(&message, &wording(&["A", "B hex", "C sid"], &[&text]));
        }

        #[test]
        fn what_is_filled_in_comes_out(first in "[a-z0-9.]{1,12}", second in "[a-z0-9.]{1,12}") {
            let wording = wording(&["A", "B"], &["User %1 from <%2> came", "Head:\nUser: %1\nAddress: %2"]);
            for message in [format!("User {first} from <{second}> came"), format!("Head:\n\nUser:\t{first}\nAddress: {second}")] {
                let sketch = read(&message, &wording);
                prop_assert_eq!(fields(&sketch), [("A", first.as_str()), ("B", second.as_str())]);
            }
        }
    }
}
