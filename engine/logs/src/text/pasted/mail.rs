//! The text of an e-mail, as a mail program saves it.
//!
//! # Source
//! RFC 5322 (header fields), RFC 2045 (`quoted-printable`, `base64`) and RFC 2046 (`multipart`).

use std::borrow::Cow;

/// Header lines by which an e-mail is known.
const HEADERS: &[&str] =
    &["received:", "return-path:", "from:", "mime-version:", "delivered-to:", "x-", "message-id:"];
/// Header lines looked at.
const MAX_HEADERS: usize = 400;

/// The text begins like an e-mail.
fn is_mail(text: &str) -> bool {
    let head: Vec<String> = text
        .trim_start()
        .lines()
        .take(MAX_HEADERS)
        .take_while(|line| !line.trim().is_empty())
        .map(str::to_lowercase)
        .collect();
    let first = head.first().map_or("", String::as_str);
    HEADERS.iter().any(|header| first.starts_with(header))
        && head.iter().any(|line| line.starts_with("from:") || line.starts_with("mime-version:"))
}

/// The text of an e-mail with what was encoded for the transport decoded; any other text as it is.
pub(super) fn body(text: &str) -> Cow<'_, str> {
    if !is_mail(text) {
        return Cow::Borrowed(text);
    }
    let mut body = String::with_capacity(text.len());
    let mut part = Part::default();
    for line in text.lines() {
        if let Some(boundary) = &part.boundary
            && line.starts_with("--")
            && line[2..].starts_with(boundary.as_str())
        {
            part.end(&mut body);
            part = Part { boundary: Some(boundary.clone()), ..Part::default() };
        } else if part.in_body {
            part.text.push_str(line);
            part.text.push('\n');
        } else {
            part.take_header(line);
        }
    }
    part.end(&mut body);
    Cow::Owned(body)
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    #[default]
    Plain,
    QuotedPrintable,
    Base64,
}

/// A part of an e-mail.
#[derive(Debug, Default)]
struct Part {
    /// What separates the parts of the whole.
    boundary: Option<String>,
    header: String,
    encoding: Encoding,
    is_other: bool,
    in_body: bool,
    text: String,
}

impl Part {
    fn take_header(&mut self, line: &str) {
        if line.trim().is_empty() {
            self.in_body = !self.header.is_empty();
            return;
        }
        // A header field goes on in lines that begin with a blank.
        if !line.starts_with([' ', '\t']) {
            self.header.clear();
        }
        self.header.push_str(line);
        let lower = self.header.to_lowercase();
        if lower.starts_with("content-transfer-encoding:") {
            self.encoding = match () {
                () if lower.contains("quoted-printable") => Encoding::QuotedPrintable,
                () if lower.contains("base64") => Encoding::Base64,
                () => Encoding::Plain,
            };
        } else if lower.starts_with("content-type:") {
            self.is_other =
                !lower.contains("text/") && !lower.contains("multipart/") && !lower.contains("message/");
            if let Some(at) = lower.find("boundary=") {
                let value = self.header.get(at + "boundary=".len()..).unwrap_or_default();
                let end = |c: char| c == '"' || c == ';' || c.is_whitespace();
                let boundary = value.trim_start_matches('"').split(end).next().unwrap_or_default();
                self.boundary = Some(boundary.to_owned()).filter(|boundary| !boundary.is_empty());
            }
        }
    }

    fn end(&self, body: &mut String) {
        if self.is_other {
            return;
        }
        match self.encoding {
            Encoding::Plain => body.push_str(&self.text),
            Encoding::QuotedPrintable => body.push_str(&quoted_printable(&self.text)),
            Encoding::Base64 => body.push_str(&base64(&self.text)),
        }
        body.push('\n');
    }
}

fn quoted_printable(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some(at) = memchr::memchr(b'=', rest) {
        bytes.extend_from_slice(&rest[..at]);
        rest = &rest[at + 1..];
        let digit = |at: usize| rest.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        match (digit(0), digit(1)) {
            (Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
                rest = &rest[2..];
            }
            _ if rest.starts_with(b"\r\n") => rest = &rest[2..],
            _ if rest.starts_with(b"\n") => rest = &rest[1..],
            _ => bytes.push(b'='),
        }
    }
    bytes.extend_from_slice(rest);
    String::from_utf8_lossy(&bytes).into_owned()
}

fn base64(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0);
    for byte in text.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count).to_le_bytes()[0]);
        }
        bits &= (1 << count) - 1;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_decoded_and_attachments_left_out() {
        let mail = "Received: x\r\nFrom: a\r\nContent-Type: multipart/mixed;\r\n boundary=\"==b\"\r\n\r\nintro\r\n--==b\r\n\
                    Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<Event a=3D'gr=C3=B6=\r\n\u{df}er'>\r\n--==b\r\n\
                    Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nSGVs\r\nbG8gdGhlcmU=\r\n--==b\r\n\
                    Content-Type: image/png\r\n\r\nxxxx\r\n--==b--\r\n";
        let body = body(mail);
        assert!(body.contains("<Event a='größer'>"), "{body}");
        assert!(body.contains("Hello there"), "{body}");
        assert!(!body.contains("xxxx"), "{body}");
    }

    #[test]
    fn other_text_stays() {
        for text in ["", "From the log:\nLog Name: System", "hello"] {
            assert_eq!(body(text), text);
        }
    }
}
