//! Activity ids.

use std::fmt;
use std::str::FromStr;

/// A GUID as the number its text spells, so `Display` and order agree.
///
/// `Display` writes upper case with dashes and no braces; `FromStr` reads any case, with or without braces.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
// Packed, since every event kept has room for one.
#[repr(Rust, packed(4))]
pub struct Guid(pub u128);

/// A text that is no GUID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a GUID like F4207163-0B69-4D3A-9B5C-000000000000")]
pub struct GuidError(String);

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let g = self.0;
        let (a, b, c) = (g >> 96, g >> 80 & 0xffff, g >> 64 & 0xffff);
        let (d, e) = (g >> 48 & 0xffff, g & 0xffff_ffff_ffff);
        f.pad(&format_args!("{a:08X}-{b:04X}-{c:04X}-{d:04X}-{e:012X}").to_string())
    }
}

impl FromStr for Guid {
    type Err = GuidError;

    fn from_str(text: &str) -> Result<Guid, GuidError> {
        let inner = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(text);
        parse(inner.as_bytes()).ok_or_else(|| GuidError(text.chars().take(60).collect()))
    }
}

fn parse(text: &[u8]) -> Option<Guid> {
    if text.len() != 36 {
        return None;
    }
    let mut value = 0u128;
    for (at, &byte) in text.iter().enumerate() {
        if matches!(at, 8 | 13 | 18 | 23) {
            if byte != b'-' {
                return None;
            }
            continue;
        }
        value = value << 4 | u128::from(char::from(byte).to_digit(16)?);
    }
    Some(Guid(value))
}

impl serde::Serialize for Guid {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_and_case_do_not_matter() {
        let shown = "A82C9492-4371-B077-CC01-72FA50BAECB1";
        for text in ["{a82c9492-4371-b077-cc01-72fa50baecb1}", "A82C9492-4371-B077-CC01-72fa50baecb1"] {
            assert_eq!(text.parse::<Guid>().unwrap().to_string(), shown);
        }
    }

    #[test]
    fn what_is_no_guid_is_refused() {
        for text in ["", "{}", "a82c9492-4371-b077-cc01-72fa50baecb", "a82c94924371b077cc0172fa50baecb1", "ü"]
        {
            assert!(text.parse::<Guid>().is_err(), "{text}");
        }
    }
}
