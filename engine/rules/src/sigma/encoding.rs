//! Values as they look once encoded: base64, UTF-16, dashes.

use super::modifier::Encoding;
use super::pattern::{Pattern, Piece};

/// Why a value cannot be encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EncodingProblem {
    /// Wildcards have no encoding.
    Wildcard,
    /// UTF-16 bytes are not text until base64 makes them one.
    BytesLeft,
}

enum Draft {
    Text(Pattern),
    Bytes(Vec<u8>),
}

/// The forms `pattern` takes, each of which counts.
pub(crate) fn encode(pattern: Pattern, encodings: &[Encoding]) -> Result<Vec<Pattern>, EncodingProblem> {
    let mut drafts = vec![Draft::Text(pattern)];
    for encoding in encodings {
        let mut next = Vec::new();
        for draft in drafts {
            next.extend(step(draft, *encoding)?);
        }
        drafts = next;
    }
    let finished = drafts.into_iter().map(|draft| match draft {
        Draft::Text(pattern) => Ok(pattern),
        Draft::Bytes(_) => Err(EncodingProblem::BytesLeft),
    });
    finished.collect()
}

fn step(draft: Draft, encoding: Encoding) -> Result<Vec<Draft>, EncodingProblem> {
    let encoded = match (encoding, draft) {
        (Encoding::WindowsDash, Draft::Text(pattern)) => {
            return Ok(dashes(&pattern).into_iter().map(Draft::Text).collect());
        }
        (Encoding::WindowsDash, bytes) => bytes,
        (Encoding::Base64, draft) => Draft::Text(Pattern::plain(&base64(&bytes(draft)?))),
        (Encoding::Base64Offset, draft) => {
            let bytes = bytes(draft)?;
            let shifted = (0..3).map(|offset| Draft::Text(Pattern::plain(&base64_at(&bytes, offset))));
            return Ok(shifted.collect());
        }
        (Encoding::Utf16 { mark }, draft) => {
            let mark = if mark { vec![0xFF, 0xFE] } else { vec![] };
            Draft::Bytes([mark, utf16(draft, u16::to_le_bytes)?].concat())
        }
        (Encoding::Utf16BigEndian, draft) => Draft::Bytes(utf16(draft, u16::to_be_bytes)?),
    };
    Ok(vec![encoded])
}

fn bytes(draft: Draft) -> Result<Vec<u8>, EncodingProblem> {
    match draft {
        Draft::Bytes(bytes) => Ok(bytes),
        Draft::Text(pattern) => pattern.as_plain().map(String::into_bytes).ok_or(EncodingProblem::Wildcard),
    }
}

fn utf16(draft: Draft, order: fn(u16) -> [u8; 2]) -> Result<Vec<u8>, EncodingProblem> {
    match draft {
        Draft::Text(pattern) => {
            let text = pattern.as_plain().ok_or(EncodingProblem::Wildcard)?;
            Ok(text.encode_utf16().flat_map(order).collect())
        }
        Draft::Bytes(_) => Err(EncodingProblem::BytesLeft),
    }
}

/// The pattern with the dash or slash before each of its words as `-`, `/`, and the three long dashes.
fn dashes(pattern: &Pattern) -> Vec<Pattern> {
    let is_word = |piece: Option<&Piece>| match piece {
        Some(Piece::Char(char)) => char.is_alphanumeric() || *char == '_',
        _ => false,
    };
    let pieces = &pattern.0;
    let leads = |at: usize| {
        matches!(pieces[at], Piece::Char('-' | '/'))
            && !is_word(at.checked_sub(1).map(|before| &pieces[before]))
            && is_word(pieces.get(at + 1))
    };
    let places: Vec<usize> = (0..pieces.len()).filter(|&at| leads(at)).collect();
    if places.is_empty() {
        return vec![pattern.clone()];
    }
    let with = |dash| {
        let mut changed = pattern.clone();
        places.iter().for_each(|&at| changed.0[at] = Piece::Char(dash));
        changed
    };
    ['-', '/', '\u{2013}', '\u{2014}', '\u{2015}'].into_iter().map(with).collect()
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let digit = ALPHABET[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= group.len() { char::from(digit) } else { '=' });
        }
    }
    text
}

/// The characters that stand for `bytes` in any base64 text where they begin `offset` bytes into a group of three.
fn base64_at(bytes: &[u8], offset: usize) -> String {
    let padded = [vec![b' '; offset], bytes.to_vec()].concat();
    let text = base64(&padded);
    let start = [0, 2, 3][offset];
    let cut = [0, 3, 2][padded.len() % 3];
    text.get(start..text.len().saturating_sub(cut)).unwrap_or("").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(text: &str, encodings: &[Encoding]) -> Result<Vec<String>, EncodingProblem> {
        let patterns = encode(Pattern::parse(text), encodings)?;
        Ok(patterns.iter().map(|pattern| pattern.as_plain().unwrap_or_default()).collect())
    }

    #[test]
    fn base64_as_published() {
        let table = [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")];
        for (text, encoded) in table {
            assert_eq!(base64(text.as_bytes()), encoded);
        }
        let offsets = forms("/bin/bash", &[Encoding::Base64Offset]).unwrap();
        assert_eq!(offsets, ["L2Jpbi9iYXNo", "9iaW4vYmFza", "vYmluL2Jhc2"]);
    }

    #[test]
    fn utf16_needs_base64_behind_it() {
        let wide = Encoding::Utf16 { mark: false };
        assert_eq!(forms("ping", &[wide, Encoding::Base64]).unwrap(), ["cABpAG4AZwA="]);
        assert_eq!(forms("a", &[Encoding::Utf16 { mark: true }, Encoding::Base64]).unwrap(), ["//5hAA=="]);
        assert_eq!(forms("a", &[Encoding::Utf16BigEndian, Encoding::Base64]).unwrap(), ["AGE="]);
        assert_eq!(forms("ping", &[wide]), Err(EncodingProblem::BytesLeft));
        assert_eq!(forms("p*g", &[Encoding::Base64]), Err(EncodingProblem::Wildcard));
    }

    #[test]
    fn dashes_before_words_vary() {
        let shown = forms(" -s /t a-b", &[Encoding::WindowsDash]).unwrap();
        assert_eq!(shown, [" -s -t a-b", " /s /t a-b", " –s –t a-b", " —s —t a-b", " ―s ―t a-b"]);
        assert_eq!(forms("a-b", &[Encoding::WindowsDash]).unwrap(), ["a-b"]);
    }
}
