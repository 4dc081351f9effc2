//! Values of YAML documents, each with its place, scalars kept as written.

use std::borrow::Cow;

use crate::span::Span;

/// A value of a YAML document with its place.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(bound(deserialize = "'de: 'static")))]
pub struct Node {
    /// Where the value is; for an alias, where the alias is (its children: where they were defined).
    pub span: Span,
    /// What is there.
    pub value: Value,
}

/// What a node contains.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(bound(deserialize = "'de: 'static")))]
pub enum Value {
    /// Nothing, `~` or `null` without quotes.
    Null,
    /// A text, number or truth value, as written.
    Scalar(Scalar),
    /// A list, in the order written.
    Seq(Vec<Node>),
    /// A map, in the order written; keys are scalars and differ from each other.
    Map(Vec<(Node, Node)>),
}

/// A scalar as written: quotes and escapes resolved, nothing else changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Scalar {
    /// The text; borrowed where it is in a file that is built into the program.
    #[cfg_attr(feature = "serde", serde(borrow))]
    pub text: Cow<'static, str>,
    /// Written without quotes and not as a block (`|`, `>`): only such text can be meant as a number.
    pub plain: bool,
}

impl Node {
    /// The text of a scalar.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(scalar) => Some(&scalar.text),
            _ => None,
        }
    }

    /// `true` or `false` without quotes (in any of YAML's three spellings).
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.as_plain()? {
            "true" | "True" | "TRUE" => Some(true),
            "false" | "False" | "FALSE" => Some(false),
            _ => None,
        }
    }

    /// A whole number without quotes, decimal or `0x` hexadecimal, with an optional sign.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        integer(self.as_plain()?)
    }

    /// A finite number without quotes; whole numbers as [`Node::as_i64`] reads them, else decimal with `.` and `e`.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        if let Some(whole) = self.as_i64() {
            return Some(whole as f64);
        }
        let text = self.as_plain()?;
        let numeric = text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
        text.parse::<f64>().ok().filter(|number| numeric && number.is_finite())
    }

    /// The elements of a list.
    #[must_use]
    pub fn as_seq(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Seq(nodes) => Some(nodes),
            _ => None,
        }
    }

    /// The entries of a map.
    #[must_use]
    pub fn as_map(&self) -> Option<&[(Node, Node)]> {
        match &self.value {
            Value::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The value of a map's key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_map()?.iter().find(|(name, _)| name.as_text() == Some(key)).map(|(_, value)| value)
    }

    /// The elements of a list, nothing for null, else the node itself: for values that may be one or many.
    #[must_use]
    pub fn one_or_many(&self) -> &[Node] {
        match &self.value {
            Value::Null => &[],
            Value::Seq(nodes) => nodes,
            _ => std::slice::from_ref(self),
        }
    }

    /// Whether the node is null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// What the node is, in words for a fault: `nothing`, `a text`, `a list`, `a map`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Null => "nothing",
            Value::Scalar(_) if self.as_f64().is_some() => "a number",
            Value::Scalar(_) => "a text",
            Value::Seq(_) => "a list",
            Value::Map(_) => "a map",
        }
    }

    fn as_plain(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(scalar) if scalar.plain => Some(&scalar.text),
            _ => None,
        }
    }

    /// Levels of the tree below and with this node.
    pub(crate) fn height(&self) -> usize {
        1 + match &self.value {
            Value::Seq(nodes) => nodes.iter().map(Node::height).max().unwrap_or(0),
            Value::Map(entries) => entries.iter().map(|(_, value)| value.height()).max().unwrap_or(0),
            _ => 0,
        }
    }

    pub(crate) fn count(&self) -> usize {
        1 + match &self.value {
            Value::Seq(nodes) => nodes.iter().map(Node::count).sum::<usize>(),
            Value::Map(entries) => entries.iter().map(|(_, value)| 1 + value.count()).sum(),
            _ => 0,
        }
    }
}

fn integer(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let hex = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X"));
    let (digits, radix) = hex.map_or((digits, 10), |hex| (hex, 16));
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    let magnitude = i128::from_str_radix(digits, radix).ok()?;
    i64::try_from(if negative { -magnitude } else { magnitude }).ok()
}
