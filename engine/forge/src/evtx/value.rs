//! Typed values as BinXml stores them, and their textual forms.

use std::fmt;

/// A GUID in the byte order of Windows structures (first three groups little-endian).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Guid(pub [u8; 16]);

impl Guid {
    /// Reads `1F678132-5938-4686-9FDC-C8FF68F15C85`, with or without braces, in any case.
    pub fn parse(text: &str) -> Option<Guid> {
        let bare = match text.strip_prefix('{') {
            Some(rest) => rest.strip_suffix('}')?,
            None => text,
        };
        let groups: Vec<&str> = bare.split('-').collect();
        if groups.iter().map(|g| g.len()).ne([8, 4, 4, 4, 12]) {
            return None;
        }
        let mut bytes = parse_hex(&groups.concat())?;
        bytes[0..4].reverse();
        bytes[4..6].reverse();
        bytes[6..8].reverse();
        Some(Guid(bytes.try_into().ok()?))
    }

    /// A GUID made from a hash of `seed`: the same seed gives the same GUID everywhere. Carries 5 in the
    /// version nibble, like the GUIDs Windows derives from names.
    pub fn from_hash(seed: &[u8]) -> Guid {
        let mut bytes = hash128(seed).to_le_bytes();
        bytes[7] = 0x50 | (bytes[7] & 0x0F);
        Guid(bytes)
    }
}

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let b = &self.0;
        write!(f, "{:02X}{:02X}{:02X}{:02X}-{:02X}{:02X}-", b[3], b[2], b[1], b[0], b[5], b[4])?;
        write!(f, "{:02X}{:02X}-{:02X}{:02X}-", b[7], b[6], b[8], b[9])?;
        b[10..].iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

/// 128 bits of FNV-1a, stirred once more because FNV leaves neighbours alike in the high bits.
pub(crate) fn hash128(seed: &[u8]) -> u128 {
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013B;
    let mut hash: u128 = 0x6C62_272E_07BB_0142_62B8_2175_6295_C58D;
    for byte in seed {
        hash = (hash ^ u128::from(*byte)).wrapping_mul(PRIME);
    }
    hash ^= hash >> 59;
    hash = hash.wrapping_mul(0xDB36_357B_1F5C_6F5F_9E37_79B9_7F4A_7C15);
    hash ^ (hash >> 71)
}

/// A security identifier in its stored form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sid(pub Vec<u8>);

impl Sid {
    /// Reads `S-1-5-20`. `None` when it is not of that form.
    pub fn parse(text: &str) -> Option<Sid> {
        let mut parts = text.strip_prefix("S-1-")?.split('-');
        let authority: u64 = parts.next()?.parse().ok()?;
        let subs: Vec<u32> = parts.map(|p| p.parse().ok()).collect::<Option<_>>()?;
        if authority >= 1 << 48 || subs.is_empty() || subs.len() > 15 {
            return None;
        }
        let mut bytes = vec![1, subs.len() as u8];
        bytes.extend(&authority.to_be_bytes()[2..]);
        subs.iter().for_each(|s| bytes.extend(s.to_le_bytes()));
        Some(Sid(bytes))
    }
}

/// Bytes written as an even number of hexadecimal digits.
pub(crate) fn parse_hex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).ok()).collect()
}

/// One value of a template instance.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing: type 0, size 0. Only where the substitution is optional.
    Null,
    /// UTF-16 text without a terminating NUL.
    Text(String),
    /// Several texts, each with its NUL; the substitution's element is repeated for each.
    Texts(Vec<String>),
    /// An unsigned byte.
    U8(u8),
    /// An unsigned 16-bit number.
    U16(u16),
    /// An unsigned 32-bit number, shown in decimal.
    U32(u32),
    /// A signed 32-bit number.
    I32(i32),
    /// An unsigned 64-bit number, shown in decimal.
    U64(u64),
    /// A 32-bit number, shown as `0x…`.
    Hex32(u32),
    /// A 64-bit number, shown as `0x…`.
    Hex64(u64),
    /// Four bytes, shown as `true` or `false`.
    Bool(bool),
    /// A GUID, shown in braces.
    Guid(Guid),
    /// A security identifier.
    Sid(Sid),
    /// 100 ns since 1601-01-01 UTC.
    FileTime(u64),
    /// Bytes, shown in hexadecimal.
    Binary(Vec<u8>),
}

impl Value {
    /// The type code stored with the value.
    pub(crate) fn code(&self) -> u8 {
        match self {
            Value::Null => 0x00,
            Value::Text(_) => 0x01,
            Value::Texts(_) => 0x81,
            Value::U8(_) => 0x04,
            Value::U16(_) => 0x06,
            Value::I32(_) => 0x07,
            Value::U32(_) => 0x08,
            Value::U64(_) => 0x0A,
            Value::Bool(_) => 0x0D,
            Value::Binary(_) => 0x0E,
            Value::Guid(_) => 0x0F,
            Value::FileTime(_) => 0x11,
            Value::Sid(_) => 0x13,
            Value::Hex32(_) => 0x14,
            Value::Hex64(_) => 0x15,
        }
    }

    /// Appends the stored bytes.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Value::Null => {}
            Value::Text(text) => push_utf16(out, text),
            Value::Texts(texts) => texts.iter().for_each(|text| {
                push_utf16(out, text);
                out.extend([0, 0]);
            }),
            Value::U8(n) => out.push(*n),
            Value::U16(n) => out.extend(n.to_le_bytes()),
            Value::I32(n) => out.extend(n.to_le_bytes()),
            Value::U32(n) | Value::Hex32(n) => out.extend(n.to_le_bytes()),
            Value::U64(n) | Value::Hex64(n) | Value::FileTime(n) => out.extend(n.to_le_bytes()),
            Value::Bool(b) => out.extend(u32::from(*b).to_le_bytes()),
            Value::Guid(guid) => out.extend(guid.0),
            Value::Sid(sid) => out.extend(&sid.0),
            Value::Binary(bytes) => out.extend(bytes),
        }
    }
}

/// Appends `text` as UTF-16LE without a NUL.
pub(crate) fn push_utf16(out: &mut Vec<u8>, text: &str) {
    text.encode_utf16().for_each(|unit| out.extend(unit.to_le_bytes()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guids_are_stored_mixed_endian_and_print_as_written() {
        let guid = Guid::parse("{1F678132-5938-4686-9FDC-C8FF68F15C85}").unwrap();
        assert_eq!(guid.0[..8], [0x32, 0x81, 0x67, 0x1F, 0x38, 0x59, 0x86, 0x46]);
        assert_eq!(guid.to_string(), "1F678132-5938-4686-9FDC-C8FF68F15C85");
        assert_eq!(Guid::parse("{1F678132-5938-4686-9FDC-C8FF68F15C85"), None);
    }

    #[test]
    fn sids_hold_a_big_endian_authority() {
        assert_eq!(Sid::parse("S-1-5-20").unwrap().0, [1, 1, 0, 0, 0, 0, 0, 5, 20, 0, 0, 0]);
        assert_eq!(Sid::parse("S-1-5"), None);
    }
}
