//! Values of binary XML to the text they have in XML, without its escapes.
//!
//! The texts are those of the `evtx` crate, read back from its XML; a value it renders in any way that is not
//! certain here is refused.

use rdpwhy_event::FileTime;

use crate::layout::record::LAST_TIME;

/// Appends the text of one value that is neither an array nor XML; `None`, with `out` in any state, where the text
/// is not certain. `bytes` are as many as the type has.
pub(crate) fn push_value(kind: u8, bytes: &[u8], out: &mut Vec<u8>) -> Option<()> {
    match kind {
        0x00 => {}
        0x01 => push_text(bytes, out),
        0x02 => push_ansi(bytes, out)?,
        0x03 => put_signed(out, i64::from(i8::from_le_bytes(*bytes.first_chunk()?))),
        0x04 => put_digits(out, u64::from(*bytes.first()?), 1),
        0x05 => put_signed(out, i64::from(i16::from_le_bytes(*bytes.first_chunk()?))),
        0x06 => put_digits(out, u64::from(u16::from_le_bytes(*bytes.first_chunk()?)), 1),
        0x07 => put_signed(out, i64::from(i32::from_le_bytes(*bytes.first_chunk()?))),
        0x08 => put_digits(out, u64::from(u32::from_le_bytes(*bytes.first_chunk()?)), 1),
        0x09 => put_signed(out, i64::from_le_bytes(*bytes.first_chunk()?)),
        0x0a => put_digits(out, u64::from_le_bytes(*bytes.first_chunk()?), 1),
        0x0d => match i32::from_le_bytes(*bytes.first_chunk()?) {
            0 => out.extend_from_slice(b"false"),
            1 => out.extend_from_slice(b"true"),
            other => put_signed(out, i64::from(other)),
        },
        0x0e => bytes.iter().for_each(|byte| put_hex_byte(out, *byte, b"0123456789ABCDEF")),
        0x0f => put_guid(out, bytes.first_chunk()?),
        0x11 => {
            let time = FileTime(u64::from_le_bytes(*bytes.first_chunk()?));
            put_time(out, time)?;
        }
        0x13 => put_sid(out, bytes)?,
        0x10 | 0x14 | 0x15 => match bytes.len() {
            4 => put_hex(out, u64::from(u32::from_le_bytes(*bytes.first_chunk()?))),
            8 => put_hex(out, u64::from_le_bytes(*bytes.first_chunk()?)),
            _ => return None,
        },
        _ => return None,
    }
    Some(())
}

/// Whether such a value counts as empty: as an attribute it is left out.
pub(crate) fn is_empty(kind: u8, bytes: &[u8]) -> bool {
    match kind {
        0x00 => true,
        0x01 => bytes.is_empty() || bytes.starts_with(&[0, 0]),
        0x02 => bytes.iter().all(|byte| *byte == 0),
        0x0e | 0x21 | 0x81 => bytes.is_empty(),
        _ => false,
    }
}

/// Appends a UTF-16 text up to its first NUL. What XML cannot hold becomes `_`.
pub(crate) fn push_text(bytes: &[u8], out: &mut Vec<u8>) {
    const STEP: usize = 16;
    let units = bytes.as_chunks::<2>().0;
    let (steps, _) = units.as_chunks::<STEP>();
    let mut plain = 0;
    for step in steps {
        let is_plain = step
            .iter()
            .fold(true, |so_far, &[low, high]| so_far & (high == 0) & (low.wrapping_sub(0x20) < 0x5f));
        if !is_plain {
            break;
        }
        out.extend_from_slice(&step.map(|[low, _]| low));
        plain += STEP;
    }
    for (at, &[low, high]) in units[plain..].iter().enumerate() {
        match (low, high) {
            (0, 0) => return,
            (0x20..=0x7e | b'\t' | b'\n' | b'\r', 0) => out.push(low),
            _ => return push_any_text(&units[plain + at..], out),
        }
    }
}

fn push_any_text(units: &[[u8; 2]], out: &mut Vec<u8>) {
    let units = units.iter().map(|unit| u16::from_le_bytes(*unit)).take_while(|unit| *unit != 0);
    for character in char::decode_utf16(units) {
        let character = match character {
            Ok('\t' | '\n' | '\r') | Err(_) => character.unwrap_or('_'),
            Ok('\0'..='\x1f' | '\u{fffe}' | '\u{ffff}') => '_',
            Ok(character) => character,
        };
        out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

/// Only ASCII: what other bytes mean depends on the machine they come from.
fn push_ansi(bytes: &[u8], out: &mut Vec<u8>) -> Option<()> {
    for &byte in bytes {
        match byte {
            0 => {}
            b'\t' | b'\n' | b'\r' | 0x20..=0x7f => out.push(byte),
            0x01..=0x1f => out.push(b'_'),
            0x80.. => return None,
        }
    }
    Some(())
}

/// Appends a number with at least `width` digits.
fn put_digits(out: &mut Vec<u8>, mut number: u64, width: usize) {
    let mut digits = [b'0'; 20];
    let mut at = digits.len();
    while number > 0 {
        at -= 1;
        digits[at] = b'0' + u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
    }
    out.extend_from_slice(&digits[at.min(digits.len() - width)..]);
}

fn put_signed(out: &mut Vec<u8>, number: i64) {
    if number < 0 {
        out.push(b'-');
    }
    put_digits(out, number.unsigned_abs(), 1);
}

fn put_hex_byte(out: &mut Vec<u8>, byte: u8, digits: &[u8; 16]) {
    out.push(digits[usize::from(byte >> 4)]);
    out.push(digits[usize::from(byte & 15)]);
}

fn put_hex(out: &mut Vec<u8>, number: u64) {
    out.extend_from_slice(b"0x");
    let digits = number.checked_ilog2().unwrap_or(0) / 4 + 1;
    for at in (0..digits).rev() {
        out.push(b"0123456789abcdef"[usize::try_from(number >> (4 * at) & 15).unwrap_or(0)]);
    }
}

fn put_guid(out: &mut Vec<u8>, &[a0, a1, a2, a3, b0, b1, c0, c1, ref rest @ ..]: &[u8; 16]) {
    let mut part = |bytes: &[u8], before: u8| {
        out.push(before);
        bytes.iter().for_each(|byte| put_hex_byte(out, *byte, b"0123456789abcdef"));
    };
    part(&[a3, a2, a1, a0], b'{');
    part(&[b1, b0], b'-');
    part(&[c1, c0], b'-');
    part(&rest[..2], b'-');
    part(&rest[2..], b'-');
    out.push(b'}');
}

fn put_sid(out: &mut Vec<u8>, bytes: &[u8]) -> Option<()> {
    let (&[revision, _, a, b, c, d, e, f], parts) = bytes.split_first_chunk()?;
    out.extend_from_slice(b"S-");
    put_digits(out, u64::from(revision), 1);
    out.push(b'-');
    put_digits(out, u64::from_be_bytes([0, 0, a, b, c, d, e, f]), 1);
    for part in parts.as_chunks::<4>().0 {
        out.push(b'-');
        put_digits(out, u64::from(u32::from_le_bytes(*part)), 1);
    }
    Some(())
}

fn put_time(out: &mut Vec<u8>, time: FileTime) -> Option<()> {
    let parts = Some(time).filter(|time| time.0 <= LAST_TIME)?.parts();
    let [year, month, day, hour, minute, second, fraction] = parts;
    let widths = [(year, 4, b'-'), (month, 2, b'-'), (day, 2, b'T'), (hour, 2, b':'), (minute, 2, b':')];
    for (number, width, after) in widths.into_iter().chain([(second, 2, b'.'), (fraction, 7, b'Z')]) {
        put_digits(out, number, width);
        out.push(after);
    }
    Some(())
}
