//! Codes: what the numbers in records and in the client's dialog mean, what they do not mean, and what they point to.

use std::collections::BTreeMap;
use std::fmt;

use rdpwhy_yaml::{Fault, MapReader, Node, Reader};

use crate::field::{self, owned, texts};
use crate::id::CauseId;
use crate::names::Names;
use crate::shape::{Name, Number32, OneOrMany, Text, shape, value_shape};

/// A code as records and people write it.
///
/// Numbers are compared by their 32 bits, so that `-1073741715`, `3221225581` and `0xC000006D` are one code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum CodeValue {
    /// A number.
    Number(u32),
    /// A number of a message table, such as `%%2313`.
    Message(u32),
}

impl CodeValue {
    /// Reads `2308`, `0x904`, `-1073741715` or `%%2313`, blanks around it aside.
    ///
    /// # Example
    /// ```
    /// use rdpwhy_rules::codes::CodeValue;
    /// assert_eq!(CodeValue::parse("0x904"), CodeValue::parse("2308"));
    /// assert_eq!(CodeValue::parse("-1073741715"), Some(CodeValue::Number(0xC000_006D)));
    /// assert_eq!(CodeValue::parse("%%2313"), Some(CodeValue::Message(2313)));
    /// assert_eq!(CodeValue::parse("anna"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<CodeValue> {
        let text = text.trim();
        if let Some(number) = text.strip_prefix("%%") {
            return number.parse().ok().map(CodeValue::Message);
        }
        let number = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
            // Status codes are also stored sign-extended to 64 bits.
            Some(hex) if hex.bytes().all(|digit| digit.is_ascii_hexdigit()) => {
                u64::from_str_radix(hex, 16).ok().and_then(|wide| match wide >> 32 {
                    0 => Some(i64::from(u32::try_from(wide).ok()?)),
                    0xffff_ffff => Some(i64::from(u32::try_from(wide & 0xffff_ffff).ok()?)),
                    _ => None,
                })?
            }
            Some(_) => return None,
            None => text.parse::<i64>().ok()?,
        };
        match u32::try_from(number) {
            Ok(code) => Some(CodeValue::Number(code)),
            Err(_) => i32::try_from(number).ok().map(|negative| CodeValue::Number(negative.cast_unsigned())),
        }
    }

    /// Reads a number as [`CodeValue::parse`] does, but no number of a message table.
    #[must_use]
    pub fn parse_number(text: &str) -> Option<u32> {
        match CodeValue::parse(text)? {
            CodeValue::Number(number) => Some(number),
            CodeValue::Message(_) => None,
        }
    }

    /// The bare number.
    #[must_use]
    pub fn number(&self) -> u32 {
        match self {
            CodeValue::Number(number) | CodeValue::Message(number) => *number,
        }
    }
}

impl fmt::Display for CodeValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CodeValue::Number(number) => write!(f, "{number:#x} ({number})"),
            CodeValue::Message(number) => write!(f, "%%{number}"),
        }
    }
}

/// All codes of one kind.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct CodeTable {
    /// Kebab-case id, the name of its file.
    pub id: String,
    /// What these codes tell.
    pub title: String,
    /// Where the knowledge comes from, and how sure it is.
    pub source: String,
    /// The same as references to sources.
    pub references: Vec<String>,
    /// The fields of records that hold them.
    pub fields: Vec<CodeField>,
    /// The codes, in the order of the file; no two have the same value.
    pub entries: Vec<Code>,
    /// The table of the second code, where the client's dialog shows one of these together with one of that table.
    pub paired_with: Option<String>,
    /// What pairs say beyond their two codes.
    pub pairs: Vec<CodePair>,
    /// Sentences that the client's dialog shows, with or without a code.
    pub texts: Vec<DialogText>,
}

impl CodeTable {
    /// The entry of a code.
    #[must_use]
    pub fn find(&self, value: &CodeValue) -> Option<&Code> {
        self.entries.iter().find(|entry| entry.value == *value)
    }
}

/// A field that holds codes.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct CodeField {
    /// The provider of its records.
    pub provider: String,
    /// Their event id.
    pub event_id: u32,
    /// The field's name.
    pub field: String,
}

/// A code and its meaning.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Code {
    /// The code.
    pub value: CodeValue,
    /// Its public name; many have none.
    pub name: Option<String>,
    /// Other names of it, as other documents and programs spell it.
    pub also: Vec<String>,
    /// What it officially means.
    pub means: String,
    /// What it does not mean, although people read it so.
    pub not: Option<String>,
    /// The causes that it points to, the most likely first.
    pub causes: Vec<CauseId>,
    /// Whether a document or a real record shows it.
    pub verified: bool,
}

impl Code {
    /// Every name that it has, the one of its table first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.name.iter().chain(&self.also).map(String::as_str)
    }

    /// Whether this is one of its names, in whatever case.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        self.names().any(|own| own.eq_ignore_ascii_case(name))
    }
}

/// What two codes say together.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct CodePair {
    /// The code of this table.
    pub value: CodeValue,
    /// The code of the table it is paired with.
    pub with: CodeValue,
    /// The gist.
    pub title: String,
    /// What is known about the pair, a paragraph each.
    pub says: Vec<String>,
    /// The causes that it points to, the most likely first.
    pub causes: Vec<CauseId>,
    /// Where the knowledge comes from.
    pub source: String,
}

/// A sentence that the client's dialog shows.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct DialogText {
    /// The sentence, or the part of it that is always the same.
    pub text: String,
    /// What it means.
    pub means: String,
    /// What it does not mean, although people read it so.
    pub not: Option<String>,
    /// The codes of the table that it comes with.
    pub codes: Vec<CodeValue>,
    /// The causes that it points to, the most likely first.
    pub causes: Vec<CauseId>,
}

/// What a code in a record stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// Its public name, if it has one.
    pub name: Option<&'a str>,
    /// What it means.
    pub means: &'a str,
}

impl<'a> Decoded<'a> {
    /// The name, or what it means where it has none.
    #[must_use]
    pub fn label(&self) -> &'a str {
        self.name.unwrap_or(self.means)
    }
}

/// The tables of all files, which may refer to each other; reports every fault.
pub(crate) fn load(files: &[(Reader<'_>, Node)], names: &Names) -> Vec<CodeTable> {
    let tables: Vec<CodeTable> = files
        .iter()
        .filter_map(|(reader, root)| TableReader { reader: *reader, names }.table(root))
        .collect();
    for (reader, root) in files {
        check_partner(root, *reader, &tables);
    }
    tables
}

struct TableReader<'a> {
    reader: Reader<'a>,
    names: &'a Names,
}

impl TableReader<'_> {
    fn table(&self, root: &Node) -> Option<CodeTable> {
        let mut map = self.reader.map(root);
        let id = field::id(&mut map);
        let title = owned(map.required_text("title"));
        let source = owned(map.required_text("source"));
        let references = texts(&mut map, "references");
        let fields = map.list("fields").iter().filter_map(|node| self.field(node)).collect();
        let paired_with = map.text("paired_with").map(str::to_owned);
        let mut seen = BTreeMap::new();
        let entries: Vec<Code> =
            map.list("entries").iter().filter_map(|node| self.entry(node, &mut seen)).collect();
        if entries.is_empty() {
            self.reader
                .report(map.span(), Fault::error("code::empty", "a table of codes holds at least one code"));
        }
        let pairs = map.list("pairs").iter().filter_map(|node| self.pair(node, &entries)).collect();
        let texts = map.list("texts").iter().map(|node| self.text(node, &entries)).collect();
        map.finish();
        Some(CodeTable { id: id?, title, source, references, fields, entries, paired_with, pairs, texts })
    }

    fn field(&self, node: &Node) -> Option<CodeField> {
        let mut map = self.reader.map(node);
        let provider = owned(map.required_text("provider"));
        let event_id = map.required("event_id").and_then(|node| self.reader.integer(node));
        let field = owned(map.required_text("field"));
        map.finish();
        Some(CodeField { provider, event_id: u32::try_from(event_id?).ok()?, field })
    }

    fn entry(&self, node: &Node, seen: &mut BTreeMap<CodeValue, usize>) -> Option<Code> {
        let mut map = self.reader.map(node);
        let reader = self.reader;
        let value_node = map.required("value");
        let value = value_node.and_then(|node| value(node, reader));
        if let (Some(node), Some(value)) = (value_node, &value) {
            if let Some(line) = seen.get(value) {
                let fault = Fault::error("code::twice", format!("the code {value} is given twice"));
                reader.report(
                    node.span,
                    fault.label("the second time").help(format!("it is already in line {line}")),
                );
            }
            seen.entry(value.clone()).or_insert(node.span.line);
        }
        if let Some(decimal) = map.optional("decimal")
            && let (Some(number), Some(value)) = (reader.integer(decimal), &value)
            && i64::from(value.number()) != number
        {
            let fault = Fault::error("code::decimal", format!("{number} is not the decimal of this code"));
            reader.report(decimal.span, fault.label(format!("it is {}", value.number())));
        }
        let name =
            map.required_text("name").map(str::trim).filter(|name| !name.starts_with('(')).map(str::to_owned);
        let also = texts(&mut map, "also");
        let means = owned(map.required_text("means"));
        let not = map.text("not").map(|text| text.trim().to_owned());
        let causes = self.causes(&mut map);
        let verified = map.boolean("verified").unwrap_or(true);
        map.finish();
        Some(Code { value: value?, name, also, means, not, causes, verified })
    }

    fn pair(&self, node: &Node, entries: &[Code]) -> Option<CodePair> {
        let mut map = self.reader.map(node);
        let reader = self.reader;
        let first = map.required("value");
        let own = first.and_then(|node| value(node, reader));
        if let (Some(node), Some(own)) = (first, &own)
            && !entries.iter().any(|entry| entry.value == *own)
        {
            reader.report(
                node.span,
                Fault::error("code::pair", format!("this table has no code {own}")).label("not known"),
            );
        }
        let with = map.required("with").and_then(|node| value(node, reader));
        let title = owned(map.required_text("title"));
        let says = texts(&mut map, "says");
        let causes = self.causes(&mut map);
        let source = owned(map.required_text("source"));
        map.finish();
        Some(CodePair { value: own?, with: with?, title, says, causes, source })
    }

    fn text(&self, node: &Node, entries: &[Code]) -> DialogText {
        let mut map = self.reader.map(node);
        let text = owned(map.required_text("text"));
        let means = owned(map.required_text("means"));
        let not = map.text("not").map(|text| text.trim().to_owned());
        let mut codes = Vec::new();
        for node in map.list("codes") {
            let Some(code) = value(node, self.reader) else { continue };
            if !entries.iter().any(|entry| entry.value == code) {
                let fault = Fault::error("code::text", format!("this table has no code {code}"));
                self.reader.report(node.span, fault.label("not known"));
            }
            codes.push(code);
        }
        let causes = self.causes(&mut map);
        map.finish();
        DialogText { text, means, not, codes, causes }
    }

    fn causes(&self, map: &mut MapReader<'_>) -> Vec<CauseId> {
        self.names.causes(map.list("causes"), self.reader)
    }
}

fn value(node: &Node, reader: Reader<'_>) -> Option<CodeValue> {
    let text = reader.text(node)?;
    let value = CodeValue::parse(text);
    if value.is_none() {
        let fault = Fault::error("code::value", format!("`{text}` is not a valid code"));
        let help = "write a number of 32 bits in decimal or hexadecimal, or a message such as '%%2313'";
        reader.report(node.span, fault.label("cannot be read").help(help));
    }
    value
}

/// Reports pairs with a table or a code that is not there.
fn check_partner(root: &Node, reader: Reader<'_>, tables: &[CodeTable]) {
    let partner = root.get("paired_with");
    let found = partner.and_then(Node::as_text).and_then(|id| tables.iter().find(|table| table.id == id));
    if let (Some(node), None) = (partner, found) {
        let fault = Fault::error("rule::unknown-name", "there is no such table of codes")
            .label("no table has this name");
        let ids: Vec<&str> = tables.iter().map(|table| table.id.as_str()).collect();
        reader.report(node.span, fault.help(format!("the tables are {}", ids.join(", "))));
    }
    for pair in root.get("pairs").map_or(&[][..], Node::one_or_many) {
        let Some(node) = pair.get("with") else { continue };
        let Some(value) = node.as_text().and_then(CodeValue::parse) else { continue };
        match found {
            Some(table) if table.find(&value).is_none() => {
                let fault =
                    Fault::error("code::pair", format!("the table `{}` has no code {value}", table.id));
                reader.report(node.span, fault.label("not known"));
            }
            None if partner.is_none() => {
                let fault =
                    Fault::error("code::pair", "pairs need `paired_with`, the table of their second codes");
                reader.report(node.span, fault.label("a code of which table?"));
            }
            _ => {}
        }
    }
}

value_shape!(
    /// A code as rule files write it.
    CodeShape = schemars::json_schema!({
        "anyOf": [
            {
                "description": "A code of 32 bits, decimal or hexadecimal.",
                "type": "integer", "minimum": -2147483648_i64, "maximum": 4294967295_i64,
            },
            { "type": "string", "pattern": "^%%[0-9]+$" },
        ],
    })
);

shape! {
    /// A table of codes: rules/codes/ID.yml.
    #[schemars(title = "Codes")]
    pub(crate) struct CodesFile {
        /// Kebab-case id, the name of the file.
        id: Name,
        /// What these codes tell.
        title: Text,
        /// Where the knowledge comes from, and how sure it is.
        source: Text,
        /// The same as IDs of rules/sources.yml, with the part in parentheses, or addresses.
        references: Option<OneOrMany<Text>>,
        /// The fields of records that hold them.
        fields: Option<Vec<FieldShape>>,
        /// The table of the second code, where the client's dialog shows one of these together with one of that table.
        paired_with: Option<Name>,
        /// The codes.
        #[schemars(length(min = 1))]
        entries: Vec<EntryShape>,
        /// What two codes say together.
        pairs: Option<Vec<PairShape>>,
        /// Sentences that the client's dialog shows.
        texts: Option<Vec<TextShape>>,
    }
}

shape! {
    /// A sentence of the client's dialog.
    struct TextShape {
        /// The sentence, or the part of it that is always the same.
        text: Text,
        /// What it means.
        means: Text,
        /// What it does not mean, although people read it so.
        not: Option<Text>,
        /// The codes of the table that it comes with.
        codes: Option<Vec<CodeShape>>,
        /// The causes that it points to, the most likely first.
        causes: Option<Vec<Name>>,
    }
}

shape! {
    /// A field.
    struct FieldShape {
        /// Provider of the records.
        provider: Text,
        event_id: u16,
        /// Name of the field.
        field: Text,
    }
}

shape! {
    /// A code.
    struct EntryShape {
        value: CodeShape,
        /// The same in decimal, for readers of the file.
        decimal: Option<Number32>,
        /// Its public name; in brackets where it has none.
        name: Text,
        /// Other names of it, as other documents and programs spell it; `explain` finds the code by each.
        also: Option<OneOrMany<Text>>,
        /// What it officially means.
        means: Text,
        /// What it does not mean, although people read it so.
        not: Option<Text>,
        /// The causes that it points to, the most likely first.
        causes: Option<Vec<Name>>,
        /// Whether a document or a real record shows it; true where missing.
        verified: Option<bool>,
    }
}

shape! {
    /// A pair.
    struct PairShape {
        value: CodeShape,
        with: CodeShape,
        /// The gist.
        title: Text,
        /// What is known, a paragraph each.
        says: OneOrMany<String>,
        /// The causes that it points to, the most likely first.
        causes: Option<Vec<Name>>,
        /// Where the knowledge comes from.
        source: Text,
    }
}

#[cfg(test)]
mod tests;
