//! Values as they look once encoded: base64, UTF-16, dashes.

use crate::modifier::Encoding;
use crate::pattern::{DASHES, Pattern, Piece};

/// Interchangeable dashes of one value that can be encoded; their spellings are five to that power.
pub(crate) const MAX_ENCODED_DASHES: usize = 4;

/// Why a value cannot be encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EncodingProblem {
    /// Wildcards have no encoding.
    Wildcard,
    /// UTF-16 bytes are not text until base64 makes them one.
    BytesLeft,
    /// More than [`MAX_ENCODED_DASHES`].
    Dashes,
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
            for draft in spellings(draft, *encoding)? {
                next.extend(step(draft, *encoding)?);
            }
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
        (Encoding::WindowsDash, Draft::Text(pattern)) => Draft::Text(dashes(pattern)),
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

/// The pattern with every dash or slash before a word as [`Piece::Dash`].
fn dashes(Pattern(mut pieces): Pattern) -> Pattern {
    let is_word = |piece: Option<&Piece>| match piece {
        Some(Piece::Char(char)) => char.is_alphanumeric() || *char == '_',
        _ => false,
    };
    let leads = |at: usize| {
        matches!(pieces[at], Piece::Char(char) if DASHES.contains(&char))
            && !is_word(at.checked_sub(1).map(|before| &pieces[before]))
            && is_word(pieces.get(at + 1))
    };
    let places: Vec<usize> = (0..pieces.len()).filter(|&at| leads(at)).collect();
    places.into_iter().for_each(|at| pieces[at] = Piece::Dash);
    Pattern(pieces)
}

/// The draft in all spellings of its dashes, where the next encoding needs characters.
fn spellings(draft: Draft, encoding: Encoding) -> Result<Vec<Draft>, EncodingProblem> {
    let Draft::Text(pattern) = &draft else { return Ok(vec![draft]) };
    let count = pattern.0.iter().filter(|piece| **piece == Piece::Dash).count();
    if encoding == Encoding::WindowsDash || count == 0 {
        return Ok(vec![draft]);
    }
    if count > MAX_ENCODED_DASHES {
        return Err(EncodingProblem::Dashes);
    }
    let spelled = |number: usize| {
        let mut left = number;
        let spell = |piece: &Piece| match piece {
            Piece::Dash => {
                let dash = DASHES[left % DASHES.len()];
                left /= DASHES.len();
                Piece::Char(dash)
            }
            other => *other,
        };
        Draft::Text(Pattern(pattern.0.iter().map(spell).collect()))
    };
    Ok((0..DASHES.len().pow(count as u32)).map(spelled).collect())
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
    use crate::pattern::{Placement, TextMatch};

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
    fn dashes_before_words_vary_each_for_itself() {
        let table = [
            (" -s /t a-b", " -s /t a-b", true),
            (" -s /t a-b", " /s \u{2013}t a-b", true),
            (" -s /t a-b", " \u{2015}s \u{2014}T A-B", true),
            (" -s /t a-b", " -s /t a/b", false),
            (" -s /t a-b", " +s /t a-b", false),
            ("a-b", "a/b", false),
            ("*-x", "y -x", true),
            ("*-x", "y \u{2014}x", true),
        ];
        for (text, value, expected) in table {
            let patterns = encode(Pattern::parse(text), &[Encoding::WindowsDash]).unwrap();
            let found = patterns.iter().any(|p| TextMatch::new(p, Placement::Whole, false).matches(value));
            assert_eq!(found, expected, "{text:?} {value:?}");
        }
    }

    #[test]
    fn dashes_are_spelled_out_before_they_are_encoded() {
        let shown = forms("-a", &[Encoding::WindowsDash, Encoding::Base64]).unwrap();
        assert_eq!(shown, ["LWE=", "L2E=", "4oCTYQ==", "4oCUYQ==", "4oCVYQ=="]);
        assert_eq!(forms("-a -b", &[Encoding::WindowsDash, Encoding::Base64]).unwrap().len(), 25);
        let many = "-a -b -c -d -e";
        assert_eq!(forms(many, &[Encoding::WindowsDash, Encoding::Base64]), Err(EncodingProblem::Dashes));
    }
}
