//! A record's description, provider's part first, and how it becomes a record.

use crate::ForgeError;
use crate::evtx::{self, Form, Guid, Payload, Record, Sid, Value, hash128, parse_hex};
use crate::node::{Fields, Key, Kind, Node, number, unknown};
use crate::place::Place;
use crate::scope::Scope;
use crate::shapes::Shapes;
use crate::time::{Instant, Span};

/// A record being put together.
pub(crate) struct Draft<'a> {
    /// Descriptions of the record; later ones win.
    pub(crate) layers: Vec<&'a Node>,
    pub(crate) scope: &'a Scope<'a>,
    pub(crate) shapes: &'a Shapes,
    /// What the machine's clock shows.
    pub(crate) time: Instant,
    /// Seeds what is made up.
    pub(crate) seed: &'a str,
    /// Where the event is in the ticket.
    pub(crate) place: &'a Place,
}

/// Types a value may be given, `{ hex32: 0x80070040 }`.
const TYPES: [&str; 14] = [
    "text", "u8", "u16", "u32", "i32", "u64", "hex32", "hex64", "guid", "sid", "filetime", "bool", "binary",
    "utf16",
];

const KEYWORDS_MANIFEST: u64 = 0x8000_0000_0000_0000;
const KEYWORDS_CLASSIC: u64 = 0x80_0000_0000_0000;

impl Draft<'_> {
    /// The record, still without an id.
    pub(crate) fn record(&self) -> Result<Record, ForgeError> {
        let guid = self.guid("guid")?;
        let source_name = self.text("source_name")?;
        let qualifiers = self.number("qualifiers")?;
        let form = self.form(guid.is_some(), source_name.is_some(), qualifiers.is_some())?;
        let keywords = if form == Form::Manifest { KEYWORDS_MANIFEST } else { KEYWORDS_CLASSIC };
        let provider = self.provider()?;
        let id = self.node("id").ok_or_else(|| self.place.fault("`id` is missing here"))?;
        // ReportEvent does not know its caller: such records have process and thread 0.
        let reported =
            form == Form::Legacy && self.node("data").is_none() && self.node("user_data").is_none();
        let made_up = |what: &str, limit| if reported { 0 } else { self.made_up(what, limit) * 4 + 400 };
        let process = self.number("pid")?.unwrap_or_else(|| made_up(&provider, 900));
        let thread = made_up(&format!("{provider} {}", self.time), 3000);
        Ok(Record {
            id: 0,
            time: self.time.0 as u64,
            form,
            guid,
            source_name,
            event_id: self.narrow(id, "an event id")?,
            qualifiers,
            version: self.number("version")?.unwrap_or(0),
            level: self.number("level")?.unwrap_or(4),
            task: self.number("task")?.unwrap_or(0),
            opcode: self.number("opcode")?.unwrap_or(0),
            keywords: self.number("keywords")?.unwrap_or(keywords),
            activity: self.activity()?,
            process,
            thread: self.number("tid")?.unwrap_or(thread),
            channel: self.channel()?,
            computer: self.scope.machine.computer.clone(),
            user: self.sid()?,
            payload: self.payload()?,
            provider,
        })
    }

    /// The innermost description of `key`.
    fn node(&self, key: &str) -> Option<&Node> {
        self.layers.iter().rev().find_map(|layer| layer.get(key))
    }

    fn text(&self, key: &str) -> Result<Option<String>, ForgeError> {
        let text = self.node(key).map(|node| self.scope.fill(node)).transpose()?;
        Ok(text.filter(|text| !text.is_empty()))
    }

    fn number<T: TryFrom<u64>>(&self, key: &str) -> Result<Option<T>, ForgeError> {
        self.node(key).map(|node| self.narrow(node, "a number")).transpose()
    }

    fn narrow<T: TryFrom<u64>>(&self, node: &Node, expected: &str) -> Result<T, ForgeError> {
        self.read(node, expected, |text| number(text).and_then(|n| T::try_from(n).ok()))
    }

    /// Fills in the scalar and reads it, or says what was expected.
    fn read<T>(
        &self,
        node: &Node,
        expected: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<T, ForgeError> {
        let text = self.scope.fill(node)?;
        read(&text).ok_or_else(|| node.fault(format!("{expected} was expected here, not `{text}`")))
    }

    fn guid(&self, key: &str) -> Result<Option<Guid>, ForgeError> {
        self.node(key).map(|node| self.read(node, "a GUID", Guid::parse)).transpose()
    }

    fn sid(&self) -> Result<Option<Sid>, ForgeError> {
        let Some(node) = self.node("user") else { return Ok(None) };
        match self.scope.fill(node)?.as_str() {
            "" | "none" => Ok(None),
            text => Sid::parse(text).map(Some).ok_or_else(|| node.fault(format!("`{text}` is not a SID"))),
        }
    }

    fn provider(&self) -> Result<String, ForgeError> {
        // A known provider's part carries the name under `name`; a record spelled out names it itself.
        let name = self.text("name")?.map_or_else(|| self.text("provider"), |name| Ok(Some(name)))?;
        name.ok_or_else(|| self.place.fault("`provider` is missing here"))
    }

    fn channel(&self) -> Result<String, ForgeError> {
        let node = self.node("channel").ok_or_else(|| self.place.fault("`channel` is missing here"))?;
        self.shapes.channel(&self.scope.fill(node)?, &node.place)
    }

    fn form(&self, guid: bool, source: bool, qualifiers: bool) -> Result<Form, ForgeError> {
        match self.node("form") {
            Some(node) => self.read(node, "`manifest`, `legacy` or `short`", |text| match text {
                "manifest" => Some(Form::Manifest),
                "legacy" => Some(Form::Legacy),
                "short" => Some(Form::Short),
                _ => None,
            }),
            None if source || (guid && qualifiers) => Ok(Form::Legacy),
            None if !guid && (qualifiers || self.node("classic").is_some()) => Ok(Form::Short),
            None => Ok(Form::Manifest),
        }
    }

    /// A number below `limit` that is always the same for the same machine and `what`.
    fn made_up(&self, what: &str, limit: u32) -> u32 {
        let seed = format!("{}\n{}\n{what}", self.seed, self.scope.machine.id);
        (hash128(seed.as_bytes()) % u128::from(limit)) as u32
    }

    fn activity(&self) -> Result<Option<Guid>, ForgeError> {
        let kind = self.text("activity_kind")?;
        let own = self.text("activity")?;
        let name = match (&own, &kind) {
            (None, None) => return Ok(None),
            (None, Some(_)) => self.scope.look_up("activity").unwrap_or_default(),
            (Some(own), _) => own.clone(),
        };
        if name.is_empty() || name == "none" {
            return Ok(None);
        }
        if let Some(guid) = Guid::parse(&name) {
            return Ok(Some(guid));
        }
        let kind = kind.unwrap_or_else(|| "host".to_owned());
        self.activity_guid(&kind, &name).map(Some)
    }

    /// The GUID of an activity in the form that its kind has in real logs: host connections begin with F420,
    /// listeners with F462, and both, as clients' attempts, end in zeros.
    fn activity_guid(&self, kind: &str, name: &str) -> Result<Guid, ForgeError> {
        let seed = format!("{}\n{}\n{kind}\n{name}", self.seed, self.scope.machine.id);
        let mut guid = Guid::from_hash(seed.as_bytes());
        let (prefix, zeros) = match kind {
            "host" => (Some([0x20, 0xF4]), true),
            "listener" => (Some([0x62, 0xF4]), true),
            "client" => (None, true),
            "random" => (None, false),
            other => {
                let legal = ["host", "listener", "client", "random"].into_iter();
                return Err(self.place.fault(unknown("activity kind", other, legal)));
            }
        };
        guid.0[7] = 0x40 | (guid.0[7] & 0x0F);
        if let Some(prefix) = prefix {
            guid.0[2..4].copy_from_slice(&prefix);
        }
        if zeros {
            guid.0[14..].fill(0);
        }
        Ok(guid)
    }

    fn payload(&self) -> Result<Payload, ForgeError> {
        let binary = self.node("binary").map(|node| self.binary(node)).transpose()?;
        if let Some(node) = self.node("user_data") {
            return self.user_data(node);
        }
        if let Some(fields) = self.node("fields") {
            let root = self.text("root")?.ok_or_else(|| fields.fault("`fields` need a `root`"))?;
            let xmlns = self.text("xmlns")?;
            return Ok(Payload::User(self.user_root(root, xmlns, Some(fields))?));
        }
        if let Some(node) = self.node("classic") {
            let texts = node.items()?.iter().map(|item| self.scope.fill(item)).collect::<Result<_, _>>()?;
            return Ok(Payload::Classic { texts, binary });
        }
        let fields = self.named_fields()?;
        match (fields.is_empty(), &binary) {
            (true, None) => Ok(Payload::None),
            (true, Some(_)) => Ok(Payload::Classic { texts: Vec::new(), binary }),
            _ => Ok(Payload::Named { name: self.text("data_name")?, fields, binary }),
        }
    }

    /// The named fields of all layers; a later layer replaces a field in its place or adds it at the end.
    fn named_fields(&self) -> Result<Vec<(String, Value)>, ForgeError> {
        let mut fields: Vec<(String, Value)> = Vec::new();
        for data in self.layers.iter().filter_map(|layer| layer.get("data")) {
            for (key, node) in data.map()? {
                let value = self.value(node)?;
                match fields.iter_mut().find(|(name, _)| *name == key.name) {
                    Some((_, old)) => *old = value,
                    None => fields.push((key.name.clone(), value)),
                }
            }
        }
        Ok(fields)
    }

    fn user_data(&self, node: &Node) -> Result<Payload, ForgeError> {
        let fields = Fields::of(node)?;
        let root = self.scope.fill(fields.required("root")?)?;
        let xmlns = fields.optional("xmlns").map(|node| self.scope.fill(node)).transpose()?;
        let elements = fields.optional("fields");
        fields.finish()?;
        Ok(Payload::User(self.user_root(root, xmlns, elements)?))
    }

    fn user_root(
        &self,
        root: String,
        xmlns: Option<String>,
        fields: Option<&Node>,
    ) -> Result<evtx::Node, ForgeError> {
        let mut element = empty_element(root);
        element.literals.extend(xmlns.map(|ns| ("xmlns".to_owned(), ns)));
        if let Some(fields) = fields {
            self.fill_element(&mut element, fields)?;
        }
        Ok(element)
    }

    /// Keys with `@` are attributes, `#text` is the text, all others are children; a list repeats its child.
    fn fill_element(&self, element: &mut evtx::Node, fields: &Node) -> Result<(), ForgeError> {
        for (key, node) in fields.map()? {
            if let Some(name) = key.name.strip_prefix('@') {
                match name.starts_with("xmlns") {
                    true => element.literals.push((name.to_owned(), self.scope.fill(node)?)),
                    false => element.attributes.push((name.to_owned(), self.value(node)?)),
                }
            } else if key.name == "#text" {
                element.text = Some(self.value(node)?);
            } else if let Kind::List(items) = &node.kind {
                for item in items {
                    element.children.push(self.element(&key.name, item)?);
                }
            } else {
                element.children.push(self.element(&key.name, node)?);
            }
        }
        Ok(())
    }

    fn element(&self, name: &str, node: &Node) -> Result<evtx::Node, ForgeError> {
        let mut element = empty_element(name.to_owned());
        match &node.kind {
            Kind::Map(entries) if !typed(entries) => self.fill_element(&mut element, node)?,
            _ => element.text = Some(self.value(node)?),
        }
        Ok(element)
    }

    /// A scalar is text; `{ hex32: … }` has the type it names.
    fn value(&self, node: &Node) -> Result<Value, ForgeError> {
        let Kind::Map(entries) = &node.kind else { return Ok(Value::Text(self.scope.fill(node)?)) };
        let [(key, node)] = entries.as_slice() else {
            return Err(node.fault("a typed value has one key, its type"));
        };
        let narrow = |n: &str| number(n).and_then(|n| u32::try_from(n).ok());
        Ok(match key.name.as_str() {
            "text" => Value::Text(self.scope.fill(node)?),
            "u8" => Value::U8(self.narrow(node, "a number below 256")?),
            "u16" => Value::U16(self.narrow(node, "a number below 65536")?),
            "u32" => Value::U32(self.read(node, "a 32-bit number", narrow)?),
            "hex32" => Value::Hex32(self.read(node, "a 32-bit number", narrow)?),
            "i32" => Value::I32(self.read(node, "a 32-bit number", |text| text.parse().ok())?),
            "u64" => Value::U64(self.narrow(node, "a number")?),
            "hex64" => Value::Hex64(self.narrow(node, "a number")?),
            "guid" => Value::Guid(self.read(node, "a GUID", Guid::parse)?),
            "sid" => Value::Sid(self.read(node, "a SID", Sid::parse)?),
            "filetime" => Value::FileTime(self.filetime(node)?),
            "bool" => Value::Bool(self.read(node, "true or false", boolean)?),
            "binary" | "utf16" => Value::Binary(self.part(&key.name, node)?),
            other => return Err(key.place.fault(unknown("type", other, TYPES.into_iter()))),
        })
    }

    /// A time, or one from the record's own, such as `-7m`.
    fn filetime(&self, node: &Node) -> Result<u64, ForgeError> {
        let expected = "a time, or one from the record's own such as -7m,";
        let instant = self.read(node, expected, |text| match text.starts_with(['+', '-']) {
            true => Span::parse(text).map(|span| self.time.plus(span)),
            false => Instant::parse(text),
        })?;
        Ok(instant.0 as u64)
    }

    /// `"0A0B"`, `{ utf16: TermService }`, or a list of such parts and of typed numbers.
    fn binary(&self, node: &Node) -> Result<Vec<u8>, ForgeError> {
        let mut bytes = Vec::new();
        for item in if matches!(node.kind, Kind::Map(_)) { std::slice::from_ref(node) } else { node.items()? }
        {
            match &item.kind {
                Kind::Map(_) => self.value(item)?.write(&mut bytes),
                _ => bytes.extend(self.part("binary", item)?),
            }
        }
        Ok(bytes)
    }

    fn part(&self, kind: &str, node: &Node) -> Result<Vec<u8>, ForgeError> {
        if kind == "binary" {
            return self.read(node, "an even number of hexadecimal digits", parse_hex);
        }
        let mut bytes = Vec::new();
        Value::Texts(vec![self.scope.fill(node)?]).write(&mut bytes);
        Ok(bytes)
    }
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "yes" | "1" => Some(true),
        "false" | "no" | "0" => Some(false),
        _ => None,
    }
}

fn typed(entries: &[(Key, Node)]) -> bool {
    matches!(entries, [(key, _)] if TYPES.contains(&key.name.as_str()))
}

fn empty_element(name: String) -> evtx::Node {
    evtx::Node { name, literals: Vec::new(), attributes: Vec::new(), text: None, children: Vec::new() }
}
