//! Files that are no event log: what they are, and what to send instead.

use std::path::Path;

use rdpwhy_event::Warning;

const EXPORT: &str = "Export the log as a file of its own: wevtutil epl <channel> <file>.evtx";
const UNPACK: &str = "Unpack it and give the folder instead, or pack it as .zip";
const LOGS_INSTEAD: &str =
    "Send the logs themselves, all of them in one .zip: wevtutil epl <channel> <file>.evtx";

/// A file that is no event log: what it is, for the one who gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unsupported {
    pub(crate) what: &'static str,
    pub(crate) help: &'static str,
}

impl Unsupported {
    pub(crate) const EMPTY: Unsupported = Unsupported {
        what: "the file is empty",
        help: "Copy or export it again; the copy may have failed, or the log was in use",
    };

    /// What a file is, by its name and its first bytes.
    pub(crate) fn of(name: &str, bytes: &[u8]) -> Unsupported {
        let begins = |&&(magic, at, _): &&(&[u8], usize, Unsupported)| {
            bytes.get(at..).is_some_and(|rest| rest.starts_with(magic))
        };
        if bytes.is_empty() {
            return Unsupported::EMPTY;
        }
        if let Some((.., known)) = BY_BYTES.iter().find(begins) {
            return *known;
        }
        let extension = Path::new(name).extension().and_then(|extension| extension.to_str()).unwrap_or("");
        if let Some((_, known)) = BY_NAME.iter().find(|(known, _)| known.eq_ignore_ascii_case(extension)) {
            return *known;
        }
        Unsupported::of_text(bytes).unwrap_or(UNKNOWN)
    }

    fn of_text(bytes: &[u8]) -> Option<Unsupported> {
        let (text, is_utf16) = match bytes.strip_prefix(b"\xff\xfe").or(bytes.strip_prefix(b"\xfe\xff")) {
            Some(rest) => (rest, true),
            None => (bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes), false),
        };
        // Of UTF-16, the half that holds the letters of a European text.
        let letters: Vec<u8> = text.iter().copied().filter(|byte| !is_utf16 || *byte != 0).collect();
        let start = letters.trim_ascii_start();
        let is_text = || letters.iter().take(4096).all(|b| *b >= b' ' || b.is_ascii_whitespace());
        if start.starts_with(b"<") {
            Some(XML)
        } else if !is_utf16 && !is_text() {
            None
        } else if start.starts_with(b"{") || start.starts_with(b"[") {
            Some(JSON)
        } else if [&b"Received:"[..], b"Return-Path:", b"From:", b"MIME-Version:"]
            .iter()
            .any(|head| start.starts_with(head))
        {
            Some(MAIL)
        } else {
            let first = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
            let commas = first.iter().filter(|byte| matches!(byte, b',' | b';' | b'\t')).count();
            Some(if commas >= 3 { TABLE } else { TEXT })
        }
    }

    /// What it is in a few words: what is before the explanation.
    pub(super) fn briefly(self) -> &'static str {
        self.what.split([',', ':', '(']).next().unwrap_or(self.what).trim_end()
    }

    /// Its name says less than what it is.
    pub(super) fn is_known(self) -> bool {
        self != UNKNOWN && self != TEXT && self != Unsupported::EMPTY
    }

    /// The warning about such a file.
    pub(crate) fn warning(self, name: &str) -> Warning {
        Warning::new("input::not-a-log", name, self.what).help(self.help)
    }
}

const UNKNOWN: Unsupported =
    Unsupported { what: "not an event log: neither a log's header nor a chunk is in it", help: EXPORT };
const XML: Unsupported =
    Unsupported { what: "XML text without event records, not an event log", help: EXPORT };
const JSON: Unsupported = Unsupported {
    what: "JSON text without event records of a known form (evtx_dump, Winlogbeat, NXLog, Wazuh, EvtxECmd, Get-WinEvent …), not an event log",
    help: EXPORT,
};
const TABLE: Unsupported = Unsupported {
    what: "a table in text, not an event log: no column of it is an event ID beside a source and a date",
    help: EXPORT,
};
const TEXT: Unsupported = Unsupported {
    what: "a text file without event records: neither XML nor the details that Event Viewer copies are in it",
    help: "In Event Viewer, copy the details as text, with the XML, or save the log as a file: wevtutil epl <channel> <file>.evtx",
};
const OLD_LOG: Unsupported = Unsupported {
    what: "an event log of Windows XP or Server 2003 (.evt), which this program does not read",
    help: "Open it in the Event Viewer of a later Windows and save it as .evtx",
};
const TRACE: Unsupported = Unsupported {
    what: "a trace (.etl), not an event log",
    help: "Open it in the Event Viewer and save it as .evtx, or export the channel it belongs to",
};
const PICTURE: Unsupported = Unsupported {
    what: "a picture, not an event log: a screenshot shows a message, the logs show why",
    help: "Type the codes of the message behind --error and --extended, and send the logs: wevtutil epl <channel> <file>.evtx",
};
const PDF: Unsupported = Unsupported { what: "a PDF document, not an event log", help: LOGS_INSTEAD };
const OFFICE: Unsupported = Unsupported { what: "an Office document, not an event log", help: LOGS_INSTEAD };
const OLD_OFFICE: Unsupported = Unsupported {
    what: "an Outlook message or an old Office document, not an event log",
    help: "Save what is attached to it, and give that",
};
const MAIL: Unsupported = Unsupported {
    what: "an e-mail without event records in its text",
    help: "Save what is attached to it, and give that",
};
const REGISTRY: Unsupported = Unsupported {
    what: "a part of the registry, not an event log",
    help: "It contains settings; what happened is in the logs: wevtutil epl <channel> <file>.evtx",
};
const SHORTCUT: Unsupported = Unsupported {
    what: "a shortcut (.lnk): it names a file and does not contain it",
    help: "Send the file that it leads to",
};
const MESSAGES: Unsupported = Unsupported {
    what: "texts of messages (.MTA) that `wevtutil al` puts beside a log; the log itself is not in it",
    help: "Give the .evtx file, or the folder that contains both; the texts are not needed",
};
const PACKED: Unsupported = Unsupported {
    what: "an archive of a kind that this program does not read (RAR, CAB, XZ, bzip2)",
    help: UNPACK,
};
const DUMP: Unsupported = Unsupported {
    what: "a memory dump, not an event log",
    help: "The logs of the time of the crash say more: wevtutil epl <channel> <file>.evtx",
};
const PROGRAM: Unsupported =
    Unsupported { what: "a program or library, not an event log", help: LOGS_INSTEAD };
const DATABASE: Unsupported = Unsupported { what: "a database, not an event log", help: LOGS_INSTEAD };

/// Bytes, where they are, and what has them there.
const BY_BYTES: &[(&[u8], usize, Unsupported)] = &[
    (b"LfLe", 4, OLD_LOG),
    (b"\x89PNG\r\n\x1a\n", 0, PICTURE),
    (b"\xff\xd8\xff", 0, PICTURE),
    (b"GIF8", 0, PICTURE),
    (b"%PDF", 0, PDF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, OLD_OFFICE),
    (b"regf", 0, REGISTRY),
    (b"REGEDIT4", 0, REGISTRY),
    (b"Windows Registry Editor", 0, REGISTRY),
    (b"\xff\xfeW\0i\0n\0d\0o\0w\0s\0 \0R\0e\0g\0i\0s\0t\0r\0y\0", 0, REGISTRY),
    (b"L\0\0\0\x01\x14\x02\0", 0, SHORTCUT),
    (b"Rar!", 0, PACKED),
    (b"MSCF", 0, PACKED),
    (b"\xfd7zXZ\0", 0, PACKED),
    (b"BZh", 0, PACKED),
    (b"PAGEDU", 0, DUMP),
    (b"MDMP", 0, DUMP),
    (b"MZ", 0, PROGRAM),
    (b"SQLite format 3\0", 0, DATABASE),
];

/// Extensions of files that their first bytes do not identify.
const BY_NAME: &[(&str, Unsupported)] = &[
    ("etl", TRACE),
    ("mta", MESSAGES),
    ("csv", TABLE),
    ("eml", MAIL),
    ("docx", OFFICE),
    ("xlsx", OFFICE),
    ("pptx", OFFICE),
    ("lnk", SHORTCUT),
    ("bmp", PICTURE),
    ("webp", PICTURE),
    ("heic", PICTURE),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrong_file_is_told_for_what_it_is() {
        for (name, bytes, what) in [
            ("a.evt", &b"\x30\0\0\0LfLe"[..], "Windows XP"),
            ("a.etl", b"\0\x10\0\0", "a trace"),
            ("a.csv", b"Level,Date and Time,Source,Event ID\r\n", "a table"),
            ("a.txt", b"Level\tDate and Time\tSource\tEvent ID\r\n", "a table"),
            ("a.txt", b"\xff\xfeL\0e\0v\0e\0l\0\t\0a\0\t\0b\0\t\0c\0", "a table"),
            ("a.txt", b"it does not work", "a text file"),
            ("a.txt", b"BMW", "a text file"),
            ("a.bmp", b"BM\x01\x02", "a picture"),
            ("a.png", b"\x89PNG\r\n\x1a\n", "a picture"),
            ("a.jpg", b"\xff\xd8\xff\xe0", "a picture"),
            ("a.pdf", b"%PDF-1.7", "a PDF"),
            ("a.docx", b"PK\x03\x04", "an Office"),
            ("a.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Outlook message"),
            ("a.eml", b"X-Mailer: x\r\nFrom: a\r\n", "an e-mail"),
            ("a.reg", b"\xff\xfeW\0i\0n\0d\0o\0w\0s\0 \0R\0e\0g\0i\0s\0t\0r\0y\0 \0", "registry"),
            ("SYSTEM", b"regf", "registry"),
            ("a.lnk", b"L\0\0\0\x01\x14\x02\0", "a shortcut"),
            ("System_1033.MTA", b"\x01\x02\x03\x04", "(.MTA)"),
            ("a.rar", b"Rar!\x1a\x07", "RAR"),
            ("a.xml", b"\xef\xbb\xbf<html/>", "XML"),
            ("a.json", b"{\"a\":1}", "JSON"),
            ("a.evtx", b"", "is empty"),
            ("a.evtx", b"\x01\x02\x03", "neither a log's header"),
        ] {
            let unsupported = Unsupported::of(name, bytes);
            assert!(unsupported.what.contains(what), "{name}: {}", unsupported.what);
            assert!(!unsupported.help.is_empty());
        }
    }
}
