//! Values of `System` as their text, which is the same in XML and in JSON.

use std::str::FromStr;

/// The number that `text` is, with or without blanks around it; `None` if it is not a number of this type.
///
/// # Example
/// ```
/// use rdpwhy_event::system_text::number;
/// assert_eq!(number::<u32>(" 4624 "), Some(4624));
/// assert_eq!(number::<u8>("256"), None);
/// ```
pub fn number<T: FromStr>(text: &str) -> Option<T> {
    text.trim_ascii().parse().ok()
}

/// The bits of `Keywords`, in hexadecimal with `0x` or in decimal; `None` for any other text.
///
/// # Example
/// ```
/// use rdpwhy_event::system_text::keywords;
/// assert_eq!(keywords("0x8020000000000000"), Some(0x8020_0000_0000_0000));
/// ```
pub fn keywords(text: &str) -> Option<u64> {
    let text = text.trim_ascii();
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}
