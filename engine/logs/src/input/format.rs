//! What a file is, by its first bytes and its name.

use rdpwhy_evtx::LOG_MAGIC;

use crate::input::encoding::Encoding;
use crate::input::unsupported::Unsupported;

/// First bytes that are looked at.
pub(crate) const HEAD: usize = 16 << 10;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// EVTX, or at least called so.
    Log,
    /// Records as XML.
    Xml,
    /// Records as JSON.
    Json,
    /// Any text, which may have records in it.
    Text,
    Zip,
    SevenZip,
    Tar,
    Gzip,
    Zstd,
    Unsupported(Unsupported),
}

impl Format {
    /// What a file of this name is that begins like this. `head` is all of a file shorter than [`HEAD`].
    pub(crate) fn of(name: &str, head: &[u8]) -> Format {
        if head.starts_with(LOG_MAGIC) {
            Format::Log
        } else if let Some(archive) = archive_by_bytes(name, head) {
            archive
        } else if begins_like_xml_records(head) {
            Format::Xml
        } else if begins_like_json_records(head) {
            Format::Json
        } else if head.is_empty() {
            Format::Unsupported(Unsupported::EMPTY)
        } else if mentions_records(head) {
            Format::Text
        } else if has_log_name(name) {
            // Its header may be damaged: whoever reads the log looks for chunks.
            Format::Log
        } else {
            Format::Unsupported(Unsupported::of(name, head))
        }
    }

    pub(crate) fn is_archive(self) -> bool {
        use Format::{Gzip, SevenZip, Tar, Zip, Zstd};
        matches!(self, Zip | SevenZip | Tar | Gzip | Zstd)
    }
}

fn archive_by_bytes(name: &str, head: &[u8]) -> Option<Format> {
    let is_zip =
        [&b"PK\x03\x04"[..], b"PK\x05\x06", b"PK\x07\x08"].iter().any(|magic| head.starts_with(magic));
    if is_zip {
        return (!has_extension(name, OFFICE)).then_some(Format::Zip);
    }
    if head.starts_with(b"7z\xbc\xaf\x27\x1c") {
        Some(Format::SevenZip)
    } else if head.starts_with(b"\x1f\x8b\x08") {
        Some(Format::Gzip)
    } else if head.starts_with(b"\x28\xb5\x2f\xfd") {
        Some(Format::Zstd)
    } else if head.get(257..262) == Some(b"ustar") {
        Some(Format::Tar)
    } else {
        None
    }
}

/// ZIP archives inside, documents outside.
const OFFICE: &[&str] = &["docx", "xlsx", "pptx", "docm", "xlsm", "odt", "ods"];
const ARCHIVES: &[&str] = &["zip", "7z", "tar", "tgz", "gz", "zst", "tzst"];
const PASTES: &[&str] = &["txt", "log", "csv", "tsv", "eml", "md", "htm", "html"];
const TEXTS: &[&str] = &["xml", "json", "jsonl", "ndjson"];

/// The file is called a log.
pub(crate) fn has_log_name(name: &str) -> bool {
    has_extension(name, &["evtx"])
}

/// The file is called an archive that can be read.
#[must_use]
pub fn has_archive_name(name: &str) -> bool {
    has_extension(name, ARCHIVES)
}

/// The file is called something that can hold records as text.
pub(crate) fn has_text_name(name: &str) -> bool {
    has_extension(name, TEXTS)
}

/// The file is called a text that people paste records into.
pub(crate) fn has_paste_name(name: &str) -> bool {
    has_extension(name, PASTES)
}

fn has_extension(name: &str, known: &[&str]) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, extension)| known.iter().any(|k| k.eq_ignore_ascii_case(extension)))
}

/// The beginning as text, whatever its encoding.
fn text(head: &[u8]) -> Vec<u8> {
    match Encoding::of(head) {
        (Encoding::Utf8, start) => head[start..].to_vec(),
        // The tags and keys looked for are ASCII.
        (Encoding::Utf16Le | Encoding::Utf16Be, start) => {
            head[start..].iter().copied().filter(|byte| *byte != 0).collect()
        }
    }
}

fn begins_like_xml_records(head: &[u8]) -> bool {
    let text = text(head);
    let begins = |tag: &[u8]| {
        memchr::memmem::find_iter(&text, tag)
            .any(|at| matches!(text.get(at + tag.len()), Some(b'>' | b'/' | b' ' | b'\t' | b'\r' | b'\n')))
    };
    text.trim_ascii_start().starts_with(b"<") && (begins(b"<Event") || begins(b"<Events"))
}

/// What records with an event ID also have.
const NAMED: &[&[u8]] = &[
    br#""SourceName""#,
    br#""Channel""#,
    br#""Provider""#,
    br#""ProviderName""#,
    br#""EventSourceName""#,
    br#""EventLog""#,
    br#""LogName""#,
    br#""TimeCreated""#,
    br#""TimeGenerated""#,
];

fn begins_like_json_records(head: &[u8]) -> bool {
    let text = text(head);
    let has = |key: &[u8]| memchr::memmem::find(&text, key).is_some();
    let start = text.trim_ascii_start();
    let begins = start.starts_with(b"{") || start.starts_with(b"[") || start.starts_with(b"Record ");
    let has_any = |keys: &[&[u8]]| keys.iter().any(|key| has(key));
    begins
        && (has(br#""Event""#) && has(br#""System""#)
            || has_any(&[
                br#""winlog""#,
                br#""winlog."#,
                br#""winlogbeat_winlog_event_id""#,
                br#""win""#,
                br#""win.system."#,
                br#""_raw""#,
                br#""_EventID""#,
                br#""log_name""#,
                br#""eventRecordID""#,
            ])
            || has_any(&[br#""EventID""#, br#""EventId""#, br#""Id""#]) && has_any(NAMED))
}

/// What Event Viewer calls the event ID, in the languages of Windows and in lower case. It is in every form in which a
/// record is shown without its XML.
pub(crate) const EVENT_ID: &[&str] = &[
    "event id",
    "ereignis-id",
    "id de l'événement",
    "id de l’événement",
    "id. del evento",
    "id. de evento",
    "id del evento",
    "id evento",
    "id do evento",
    "identificação do evento",
    "gebeurtenis-id",
    "identyfikator zdarzenia",
    "код события",
    "イベント id",
    "事件 id",
];
/// What else is only in text with records.
const MARKS: &[&str] = &[
    "<event ",
    "<event>",
    "&lt;event ",
    "&lt;event&gt;",
    "eventid",
    "eventcode=",
    "providername",
    "eventid,",
];

/// A text that has, or may have, records in it.
fn mentions_records(head: &[u8]) -> bool {
    if !is_text(head) {
        return false;
    }
    let text = match Encoding::of(head) {
        (Encoding::Utf8, start) => String::from_utf8_lossy(&head[start..]).into_owned(),
        (encoding, start) => {
            let unit = if encoding == Encoding::Utf16Le { u16::from_le_bytes } else { u16::from_be_bytes };
            let units = head[start..].as_chunks::<2>().0.iter().map(|pair| unit(*pair));
            char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
    };
    let text = text.to_lowercase();
    EVENT_ID.iter().chain(MARKS).any(|mark| text.contains(mark))
}

/// These bytes are those of a text.
pub(crate) fn is_text(head: &[u8]) -> bool {
    let is_letter = |byte: &u8| *byte >= b' ' || byte.is_ascii_whitespace();
    match Encoding::of(head) {
        (Encoding::Utf8, start) => head[start..].iter().take(4096).all(is_letter),
        (Encoding::Utf16Le | Encoding::Utf16Be, _) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str) -> Vec<u8> {
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn content_counts_more_than_the_name() {
        assert_eq!(Format::of("a.txt", b"ElfFile\0"), Format::Log);
        assert_eq!(Format::of("a.evtx", b"PK\x03\x04"), Format::Zip);
        assert_eq!(Format::of("a.evtx", b"damaged header"), Format::Log);
        assert_eq!(Format::of("a.evtx", b""), Format::Unsupported(Unsupported::EMPTY));
        assert!(matches!(Format::of("a.docx", b"PK\x03\x04"), Format::Unsupported(_)));
    }

    #[test]
    fn records_as_text_are_known_by_their_beginning() {
        let xml = "<?xml version='1.0'?>\r\n<Events><Event xmlns='x'>";
        assert_eq!(Format::of("a.xml", xml.as_bytes()), Format::Xml);
        assert_eq!(Format::of("a.xml", &utf16(xml)), Format::Xml);
        assert_eq!(Format::of("a.xml", b"<Event>"), Format::Xml);
        assert!(matches!(Format::of("a.xml", b"<EventLog/>"), Format::Unsupported(_)));
        assert_eq!(Format::of("a.json", br#"{"Event":{"System":{}}}"#), Format::Json);
        assert_eq!(Format::of("a.json", br#"{"@timestamp":"x","winlog":{}}"#), Format::Json);
        assert_eq!(Format::of("a.json", br#"{"EventID":1,"SourceName":"x"}"#), Format::Json);
        assert!(matches!(Format::of("a.json", br#"{"a":1}"#), Format::Unsupported(_)));
        for json in [
            r#"{"win":{"system":{}}}"#,
            r#"[{"Id":1,"ProviderName":"x"}]"#,
            r#"{"result":{"_raw":"x"}}"#,
            r#"{"EventId":1,"Channel":"x"}"#,
        ] {
            assert_eq!(Format::of("a.json", json.as_bytes()), Format::Json, "{json}");
        }
    }

    #[test]
    fn text_that_mentions_records_may_have_some() {
        let german = "Protokollname: System\r\nEreignis-ID: 56";
        for text in ["hello <Event xmlns='x'>", "&lt;Event&gt;", "Log Name: System\nEvent ID: 56", german] {
            assert_eq!(Format::of("a.txt", text.as_bytes()), Format::Text, "{text}");
            assert_eq!(Format::of("a.txt", &utf16(text)), Format::Text, "{text}");
        }
        assert!(matches!(Format::of("a.txt", b"it does not work"), Format::Unsupported(_)));
        assert!(matches!(Format::of("a.bin", b"Event ID\0\x01"), Format::Unsupported(_)));
    }
}
