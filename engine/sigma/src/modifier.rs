//! The modifiers behind a field's name, as typed and as meant.

use crate::pattern::Placement;
use crate::test::Comparison;
use rdpwhy_yaml::{Fault, Node, Reader, offer};

/// What the values of a field are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Regex,
    Network,
    Compare(Comparison),
    Exists,
    Field,
}

/// A change of the value before it is compared, in the order written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Base64,
    Base64Offset,
    /// UTF-16 little endian, without (`wide`) or with (`utf16`) a byte order mark.
    Utf16 {
        mark: bool,
    },
    Utf16BigEndian,
    WindowsDash,
}

/// All modifiers of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Modifiers {
    pub(crate) kind: Kind,
    pub(crate) placement: Placement,
    pub(crate) encodings: Vec<Encoding>,
    /// All values must be found, not only one of them.
    pub(crate) all: bool,
    pub(crate) cased: bool,
    pub(crate) negated: bool,
    /// `i`, `m`, `s` of a regular expression.
    pub(crate) flags: Vec<char>,
}

#[derive(Clone, Copy)]
enum Modifier {
    Kind(Kind),
    Place(Placement),
    Encode(Encoding),
    Flag(char),
    All,
    Cased,
    Negated,
}

const KNOWN: [(&str, Modifier); 27] = [
    ("contains", Modifier::Place(Placement::Anywhere)),
    ("startswith", Modifier::Place(Placement::Start)),
    ("endswith", Modifier::Place(Placement::End)),
    ("all", Modifier::All),
    ("re", Modifier::Kind(Kind::Regex)),
    ("i", Modifier::Flag('i')),
    ("ignorecase", Modifier::Flag('i')),
    ("m", Modifier::Flag('m')),
    ("multiline", Modifier::Flag('m')),
    ("s", Modifier::Flag('s')),
    ("dotall", Modifier::Flag('s')),
    ("cased", Modifier::Cased),
    ("cidr", Modifier::Kind(Kind::Network)),
    ("gt", Modifier::Kind(Kind::Compare(Comparison::Greater))),
    ("gte", Modifier::Kind(Kind::Compare(Comparison::GreaterOrEqual))),
    ("lt", Modifier::Kind(Kind::Compare(Comparison::Less))),
    ("lte", Modifier::Kind(Kind::Compare(Comparison::LessOrEqual))),
    ("neq", Modifier::Negated),
    ("exists", Modifier::Kind(Kind::Exists)),
    ("fieldref", Modifier::Kind(Kind::Field)),
    ("base64", Modifier::Encode(Encoding::Base64)),
    ("base64offset", Modifier::Encode(Encoding::Base64Offset)),
    ("utf16", Modifier::Encode(Encoding::Utf16 { mark: true })),
    ("utf16le", Modifier::Encode(Encoding::Utf16 { mark: false })),
    ("wide", Modifier::Encode(Encoding::Utf16 { mark: false })),
    ("utf16be", Modifier::Encode(Encoding::Utf16BigEndian)),
    ("windash", Modifier::Encode(Encoding::WindowsDash)),
];

/// Modifiers of the specification that are refused by name.
const REFUSED: [(&str, &str); 7] = [
    ("minute", "parts of a time are not compared"),
    ("hour", "parts of a time are not compared"),
    ("day", "parts of a time are not compared"),
    ("week", "parts of a time are not compared"),
    ("month", "parts of a time are not compared"),
    ("year", "parts of a time are not compared"),
    ("expand", "there are no placeholders to fill in"),
];

impl Modifiers {
    /// Splits a key into the field's name (empty for keywords) and its modifiers; `None` after reporting why not.
    pub(crate) fn read<'n>(key: &'n Node, reader: Reader<'_>) -> Option<(&'n str, Modifiers)> {
        let text = reader.text(key)?;
        let mut modifiers = Modifiers::none();
        let field = text.split('|').next().unwrap_or(text);
        let mut start = field.len() + 1;
        let mut sound = true;
        for name in text.split('|').skip(1) {
            let span = key.span.part(text, start..start + name.len());
            start += name.len() + 1;
            if let Err(fault) = modifiers.add(name) {
                reader.report(span, *fault);
                sound = false;
            }
        }
        if sound && let Err(fault) = modifiers.check(field) {
            reader.report(key.span, *fault);
            sound = false;
        }
        sound.then_some((field, modifiers))
    }

    fn none() -> Self {
        let (kind, placement) = (Kind::Text, Placement::Whole);
        Modifiers {
            kind,
            placement,
            encodings: vec![],
            all: false,
            cased: false,
            negated: false,
            flags: vec![],
        }
    }

    fn add(&mut self, name: &str) -> Result<(), Box<Fault>> {
        let twice = || {
            let message = format!("the modifier `{name}` does not go with the one before it");
            Fault::error("sigma::modifier-conflict", message).label("not together with the others")
        };
        match find(name)? {
            Modifier::Kind(kind) if self.kind == Kind::Text => self.kind = kind,
            Modifier::Place(placement) if self.placement == Placement::Whole => self.placement = placement,
            Modifier::Kind(_) | Modifier::Place(_) => return Err(Box::new(twice())),
            Modifier::Encode(encoding) => self.encodings.push(encoding),
            Modifier::Flag(flag) if self.kind == Kind::Regex => self.flags.push(flag),
            Modifier::Flag(_) => {
                let message = format!("the modifier `{name}` belongs to a regular expression");
                let fault = Fault::error("sigma::modifier-conflict", message);
                return Err(Box::new(fault.label("no `re` before it").help(format!("write `re|{name}`"))));
            }
            Modifier::All => self.all = true,
            Modifier::Cased => self.cased = true,
            Modifier::Negated => self.negated = true,
        }
        Ok(())
    }

    /// What goes together, once all are known.
    fn check(&self, field: &str) -> Result<(), Box<Fault>> {
        let text_like = matches!(self.kind, Kind::Text | Kind::Field);
        let problem = if !text_like && self.placement != Placement::Whole {
            "`contains`, `startswith` and `endswith` compare texts and do not go with this modifier"
        } else if self.kind != Kind::Text && !self.encodings.is_empty() {
            "`base64`, `utf16` and `windash` change texts and do not go with this modifier"
        } else if !text_like && self.cased {
            "`cased` compares texts and does not go with this modifier"
        } else if field.is_empty() && !matches!(self.kind, Kind::Text | Kind::Regex) {
            "this modifier needs the name of a field before it"
        } else {
            return Ok(());
        };
        Err(Box::new(Fault::error("sigma::modifier-conflict", problem).label("these do not go together")))
    }
}

fn find(name: &str) -> Result<Modifier, Box<Fault>> {
    if let Some((_, modifier)) = KNOWN.iter().find(|(known, _)| *known == name) {
        return Ok(*modifier);
    }
    if let Some((_, reason)) = REFUSED.iter().find(|(refused, _)| *refused == name) {
        let message = format!("the modifier `{name}` is not supported: {reason}");
        return Err(Box::new(Fault::error("sigma::unsupported", message).label("not supported")));
    }
    let names: Vec<&str> = KNOWN.iter().map(|(known, _)| *known).collect();
    let message = format!("the modifier `{name}` is not known");
    let fault = Fault::error("sigma::unknown-modifier", message).label("not known");
    Err(Box::new(fault.help(offer(name, &names))))
}
