//! Compiled tests of one record: the tree a selection becomes, with no YAML left.

use std::cmp::Ordering;
use std::net::{IpAddr, SocketAddr};

use crate::expression::Expression;

use crate::pattern::{Placement, TextMatch, fold};
use crate::record::Record;

/// Bytes of a value that a regular expression sees; what is behind them is not searched.
pub(crate) const MAX_REGEX_INPUT: usize = 64 * 1024;

/// A test of one record.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) enum Test {
    All(Vec<Test>),
    Any(Vec<Test>),
    Not(Box<Test>),
    /// Some value of the field fits one of the matchers.
    Field(String, Vec<Matcher>),
    /// Some value of any field fits one of the matchers.
    Keyword(Vec<Matcher>),
    /// The field is missing, or all its values are empty texts.
    Null(String),
    Exists(String),
    /// Some value of the first field occurs so in some value of the second.
    SameAs {
        field: String,
        other: String,
        placement: Placement,
        cased: bool,
    },
}

/// A test of one value.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) enum Matcher {
    Text(TextMatch),
    Regex(Expression),
    Network(Network),
    Compare(Comparison, Number),
}

impl Test {
    pub(crate) fn holds(&self, record: &dyn Record) -> bool {
        match self {
            Test::All(tests) => tests.iter().all(|test| test.holds(record)),
            Test::Any(tests) => tests.iter().any(|test| test.holds(record)),
            Test::Not(test) => !test.holds(record),
            Test::Field(field, matchers) => record.each_value(field, &mut |value| fits(matchers, value)),
            Test::Keyword(matchers) => record.any_value(&mut |value| fits(matchers, value)),
            Test::Null(field) => !record.each_value(field, &mut |value| !value.is_empty()),
            Test::Exists(field) => record.each_value(field, &mut |_| true),
            Test::SameAs { field, other, placement, cased } => record.each_value(field, &mut |value| {
                record.each_value(other, &mut |other| stands_in(other, value, *placement, *cased))
            }),
        }
    }

    /// All of `tests`, the cheapest first; order does not change what holds.
    pub(crate) fn all(mut tests: Vec<Test>) -> Test {
        tests.sort_by_key(Test::cost);
        if tests.len() == 1 { tests.remove(0) } else { Test::All(tests) }
    }

    /// Any of `tests`, the cheapest first.
    pub(crate) fn any(mut tests: Vec<Test>) -> Test {
        tests.sort_by_key(Test::cost);
        if tests.len() == 1 { tests.remove(0) } else { Test::Any(tests) }
    }

    /// Rough cost, for trying the cheap ones first.
    fn cost(&self) -> u32 {
        match self {
            Test::All(tests) | Test::Any(tests) => tests.iter().map(Test::cost).sum(),
            Test::Not(test) => test.cost(),
            Test::Field(_, matchers) => matchers.iter().map(Matcher::cost).sum(),
            Test::Keyword(matchers) => 100 + 50 * matchers.iter().map(Matcher::cost).sum::<u32>(),
            Test::Null(_) | Test::Exists(_) => 1,
            Test::SameAs { .. } => 4,
        }
    }
}

pub(crate) fn fits(matchers: &[Matcher], value: &str) -> bool {
    matchers.iter().any(|matcher| matcher.fits(value))
}

/// Whether `part` is in `whole` at the place asked for.
fn stands_in(part: &str, whole: &str, placement: Placement, cased: bool) -> bool {
    if !cased {
        return stands_in(&fold(part), &fold(whole), placement, true);
    }
    match placement {
        Placement::Whole => part == whole,
        Placement::Start => whole.starts_with(part),
        Placement::End => whole.ends_with(part),
        Placement::Anywhere => whole.contains(part),
    }
}

impl Matcher {
    pub(crate) fn fits(&self, value: &str) -> bool {
        match self {
            Matcher::Text(text) => text.matches(value),
            Matcher::Regex(regex) => regex.regex().is_match(first_part(value)),
            Matcher::Network(network) => address(value).is_some_and(|address| network.holds(address)),
            Matcher::Compare(comparison, limit) => {
                Number::parse(value).is_some_and(|number| comparison.holds(number.order(*limit)))
            }
        }
    }

    /// Whether both are certain to fit the same values.
    pub(crate) fn is_same(&self, other: &Matcher) -> bool {
        match (self, other) {
            (Matcher::Text(own), Matcher::Text(other)) => own == other,
            (Matcher::Network(own), Matcher::Network(other)) => own == other,
            (Matcher::Compare(comparison, number), Matcher::Compare(other, limit)) => {
                comparison == other && number == limit
            }
            // Their flags do not show.
            _ => false,
        }
    }

    fn cost(&self) -> u32 {
        match self {
            Matcher::Text(text) => text.cost(),
            Matcher::Compare(..) | Matcher::Network(_) => 3,
            Matcher::Regex(_) => 10,
        }
    }
}

/// The first [`MAX_REGEX_INPUT`] bytes, cut between characters.
fn first_part(value: &str) -> &str {
    if value.len() <= MAX_REGEX_INPUT {
        return value;
    }
    let end = (0..=MAX_REGEX_INPUT).rev().find(|&at| value.is_char_boundary(at)).unwrap_or(0);
    &value[..end]
}

/// `>`, `>=`, `<` or `<=`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) enum Comparison {
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

impl Comparison {
    fn holds(self, order: Option<Ordering>) -> bool {
        let Some(order) = order else { return false };
        match self {
            Comparison::Greater => order.is_gt(),
            Comparison::GreaterOrEqual => order.is_ge(),
            Comparison::Less => order.is_lt(),
            Comparison::LessOrEqual => order.is_le(),
        }
    }
}

/// A number as rules and records write it: decimal or `0x` hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) enum Number {
    Whole(i128),
    Real(f64),
}

impl Number {
    pub(crate) fn parse(text: &str) -> Option<Number> {
        let text = text.trim();
        let hex = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
        if let Some(digits) = hex {
            let valid = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            return i128::from_str_radix(digits, 16).ok().filter(|_| valid).map(Number::Whole);
        }
        if let Ok(whole) = text.parse::<i128>() {
            return Some(Number::Whole(whole));
        }
        let numeric = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
        text.parse::<f64>().ok().filter(|real| numeric && real.is_finite()).map(Number::Real)
    }

    fn order(self, other: Number) -> Option<Ordering> {
        match (self, other) {
            (Number::Whole(a), Number::Whole(b)) => Some(a.cmp(&b)),
            _ => self.real().partial_cmp(&other.real()),
        }
    }

    fn real(self) -> f64 {
        match self {
            Number::Whole(whole) => whole as f64,
            Number::Real(real) => real,
        }
    }
}

/// An IPv4 or IPv6 network. IPv4 addresses written as IPv6 (`::ffff:10.0.0.1`) count as IPv4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Network {
    base: IpAddr,
    bits: u32,
}

impl Network {
    /// Reads `10.0.0.0/8`, `fe80::/10`; without `/` a single address.
    pub(crate) fn parse(text: &str) -> Option<Network> {
        let (base, bits) = match text.trim().split_once('/') {
            Some((base, bits)) => (base, Some(bits.parse::<u32>().ok()?)),
            None => (text.trim(), None),
        };
        let base: IpAddr = base.parse().ok()?;
        let width = if base.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(width);
        (bits <= width).then_some(Network { base, bits })
    }

    fn holds(&self, address: IpAddr) -> bool {
        match (self.base, address) {
            (IpAddr::V4(base), IpAddr::V4(address)) => {
                let differ = u32::from(base) ^ u32::from(address);
                differ.leading_zeros() >= self.bits
            }
            (IpAddr::V6(base), IpAddr::V6(address)) => {
                let differ = u128::from(base) ^ u128::from(address);
                differ.leading_zeros() >= self.bits
            }
            _ => false,
        }
    }
}

/// The address a value names, whether or not a port, brackets or a zone (`%4`) are with it.
fn address(value: &str) -> Option<IpAddr> {
    let value = value.trim();
    let plain = value.split('%').next().unwrap_or(value);
    let parsed = plain.parse::<IpAddr>().ok();
    let parsed = parsed.or_else(|| value.parse::<SocketAddr>().ok().map(|socket| socket.ip()));
    let bracketed = || value.strip_prefix('[')?.strip_suffix(']')?.parse::<IpAddr>().ok();
    parsed.or_else(bracketed).map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_hold_addresses_as_logs_write_them() {
        let table = [
            ("10.0.0.0/8", "10.1.2.3", true),
            ("10.0.0.0/8", "11.1.2.3", false),
            ("10.0.0.0/8", "::ffff:10.1.2.3", true),
            ("10.0.0.0/8", "10.1.2.3:50112", true),
            ("fe80::/10", "fe80::1%12", true),
            ("fe80::/10", "[fe80::1]:3389", true),
            ("::1", "::1", true),
            ("0.0.0.0/0", "8.8.8.8", true),
            ("0.0.0.0/0", "-", false),
            ("192.168.1.0/25", "192.168.1.200", false),
        ];
        for (network, value, expected) in table {
            let network = Matcher::Network(Network::parse(network).unwrap());
            assert_eq!(network.fits(value), expected, "{network:?} {value}");
        }
        for wrong in ["10.0.0.0/33", "10.0.0/8", "x", "::/129", "10.0.0.0/-1"] {
            assert_eq!(Network::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn numbers_compare_across_notations() {
        let holds = |comparison, limit: &str, value: &str| {
            Matcher::Compare(comparison, Number::parse(limit).unwrap()).fits(value)
        };
        assert!(holds(Comparison::Greater, "15", "0x10"));
        assert!(holds(Comparison::GreaterOrEqual, "0x10", "16"));
        assert!(holds(Comparison::Less, "0xffffffffffffffff", "18446744073709551614"));
        assert!(holds(Comparison::LessOrEqual, "1.5", "1"));
        assert!(!holds(Comparison::Less, "10", "ten"));
        assert!(!holds(Comparison::Less, "10", ""));
        assert_eq!(Number::parse("0x"), None);
        assert_eq!(Number::parse("0x-1"), None);
        assert_eq!(Number::parse("inf"), None);
    }

    #[test]
    fn a_long_value_is_searched_in_its_first_part() {
        let regex = Matcher::Regex(Expression::new("needle", &[]).unwrap());
        assert!(regex.fits(&("ü".repeat(MAX_REGEX_INPUT / 2 - 4) + "needle")));
        assert!(!regex.fits(&("ü".repeat(MAX_REGEX_INPUT / 2) + "needle")));
    }
}
