//! What a file is, by its first bytes and its name.

use rdpwhy_evtx::LOG_MAGIC;

use crate::input::encoding::Encoding;
use crate::input::foreign::Foreign;

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
    Zip,
    SevenZip,
    Tar,
    Gzip,
    Zstd,
    Foreign(Foreign),
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
            Format::Foreign(Foreign::EMPTY)
        } else if has_log_name(name) {
            // Its header may be damaged: whoever reads the log looks for chunks.
            Format::Log
        } else {
            Format::Foreign(Foreign::of(name, head))
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
const TEXTS: &[&str] = &["xml", "json", "jsonl", "ndjson"];

/// The file is called a log.
pub(crate) fn has_log_name(name: &str) -> bool {
    has_extension(name, &["evtx"])
}

/// The file is called an archive that can be read.
pub(crate) fn has_archive_name(name: &str) -> bool {
    has_extension(name, ARCHIVES)
}

/// The file is called something that can hold records as text.
pub(crate) fn has_text_name(name: &str) -> bool {
    has_extension(name, TEXTS)
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

fn begins_like_json_records(head: &[u8]) -> bool {
    let text = text(head);
    let has = |key: &[u8]| memchr::memmem::find(&text, key).is_some();
    let start = text.trim_ascii_start();
    let begins = start.starts_with(b"{") || start.starts_with(b"[") || start.starts_with(b"Record ");
    begins
        && (has(br#""Event""#) && has(br#""System""#)
            || has(br#""winlog""#)
            || has(br#""winlog."#)
            || has(br#""EventID""#) && (has(br#""SourceName""#) || has(br#""Channel""#)))
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
        assert_eq!(Format::of("a.evtx", b""), Format::Foreign(Foreign::EMPTY));
        assert!(matches!(Format::of("a.docx", b"PK\x03\x04"), Format::Foreign(_)));
    }

    #[test]
    fn records_as_text_are_known_by_their_beginning() {
        let xml = "<?xml version='1.0'?>\r\n<Events><Event xmlns='x'>";
        assert_eq!(Format::of("a.xml", xml.as_bytes()), Format::Xml);
        assert_eq!(Format::of("a.xml", &utf16(xml)), Format::Xml);
        assert_eq!(Format::of("a.xml", b"<Event>"), Format::Xml);
        assert!(matches!(Format::of("a.xml", b"<EventLog/>"), Format::Foreign(_)));
        assert_eq!(Format::of("a.json", br#"{"Event":{"System":{}}}"#), Format::Json);
        assert_eq!(Format::of("a.json", br#"{"@timestamp":"x","winlog":{}}"#), Format::Json);
        assert_eq!(Format::of("a.json", br#"{"EventID":1,"SourceName":"x"}"#), Format::Json);
        assert!(matches!(Format::of("a.json", br#"{"EventID":1}"#), Format::Foreign(_)));
    }
}
