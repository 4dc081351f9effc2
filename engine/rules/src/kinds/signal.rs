//! Signals: named patterns over single records, one Sigma rule each.

use rdpwhy_sigma::{Detection, Record, fold, folded_equal};
use rdpwhy_yaml::{Fault, MapReader, Node, Reader, Span, nearest};

use crate::kind::stem;
use crate::kinds::logsources::LogSources;
use crate::shape::{Name, OneOrMany, Text, shape, value_shape, words};

/// The only `logsource.product` whose records are read.
const PRODUCT: &str = "windows";

/// Keys of Sigma's specification that say nothing about records.
const UNREAD: [&str; 6] = ["date", "modified", "license", "related", "scope", "taxonomy"];
/// Keys that Sigma's collection documents beside them.
const UNREAD_OF_COLLECTION: [&str; 2] = ["regression_tests_path", "simulation"];

const STATUSES: [&str; 5] = ["stable", "test", "experimental", "deprecated", "unsupported"];
const LEVELS: [&str; 5] = ["informational", "low", "medium", "high", "critical"];

/// Whose rules are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Ours: they carry all that reports need, and nothing unknown.
    Pack,
    /// Sigma rules written elsewhere: what reports can do without may be missing, and keys of others stand by.
    Foreign,
}

/// A compiled Sigma rule.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Signal {
    /// The name by which causes refer to it: `name`, else (in rules from elsewhere) `id`, else the file's name.
    pub name: String,
    /// What the log shows, as the end of that sentence.
    pub title: String,
    /// When the record is written, when not, what it does not mean.
    pub description: Option<String>,
    /// The rule's `id`, a UUID in Sigma's collection.
    pub id: Option<String>,
    /// `stable`, `test`, `experimental`, `deprecated` or `unsupported`.
    pub status: Option<String>,
    /// `informational`, `low`, `medium`, `high` or `critical`.
    pub level: Option<String>,
    /// Documents it rests on.
    pub references: Vec<String>,
    /// Where such a record has been seen: references to public logs, reports, or documentation that shows it.
    pub seen: Vec<String>,
    /// What else can write such records.
    pub false_positives: Vec<String>,
    /// Sigma's tags, such as `attack.t1021.001`.
    pub tags: Vec<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// Fields worth showing.
    pub fields: Vec<String>,
    /// Where its records stand.
    pub log_source: LogSource,
    /// What its records are.
    pub detection: Detection,
    /// The file it was read from, as it was named.
    pub file: String,
    /// Where in that file it begins.
    pub span: Span,
    /// Whether records are looked for that it recognises: not where it was written elsewhere and no rule names it.
    pub(crate) sought: bool,
    /// The channels as names are compared.
    folded_channels: Vec<String>,
}

/// Where the records of a signal stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct LogSource {
    /// `logsource.service`.
    pub service: Option<String>,
    /// `logsource.category`.
    pub category: Option<String>,
    /// The channels of the service, in table order; empty: any.
    pub channels: Vec<String>,
}

impl Signal {
    /// The names of the selections that fit the record (in the order written), where the signal recognises it.
    ///
    /// The record must stand in one of the signal's channels and fit the condition.
    #[must_use]
    pub fn matches(&self, record: &dyn Record) -> Option<Vec<&str>> {
        if self.in_channel(record) { self.detection.matches(record) } else { None }
    }

    /// Whether the signal recognises the record; as [`Signal::matches`], without the names.
    #[must_use]
    pub fn is_match(&self, record: &dyn Record) -> bool {
        self.in_channel(record) && self.detection.is_match(record)
    }

    fn in_channel(&self, record: &dyn Record) -> bool {
        // Channel names are compared without regard to case, as everything in a detection.
        let channels = &self.folded_channels;
        channels.is_empty() || channels.iter().any(|channel| folded_equal(channel, record.channel()))
    }
}

/// The signals of the documents of one file; reports every fault, and leaves out rules with an error.
pub(crate) fn load(
    documents: &[Node],
    reader: Reader<'_>,
    sources: &LogSources,
    origin: Origin,
) -> Vec<Signal> {
    if origin == Origin::Pack && documents.len() > 1 {
        let fault = Fault::error("rule::several-rules", "a file contains one signal").label("a second one");
        reader.report(documents[1].span, fault.help("give each signal a file of its own"));
    }
    let read = |node: &Node| SignalReader { reader, sources, origin }.signal(node);
    documents.iter().filter_map(read).collect()
}

struct SignalReader<'a> {
    reader: Reader<'a>,
    sources: &'a LogSources,
    origin: Origin,
}

impl SignalReader<'_> {
    fn signal(&self, node: &Node) -> Option<Signal> {
        let errors = self.reader.faults.error_count();
        if self.refuse_kind(node) {
            return None;
        }
        let mut map = self.reader.map(node);
        let title = map.required_text("title").unwrap_or_default();
        let id = owned(map.text("id"));
        let name = self.name(&mut map, id.as_deref());
        let description = owned(self.wanted_text(&mut map, "description"));
        let status = self.one_of(&mut map, "status", &STATUSES);
        let level = self.one_of(&mut map, "level", &LEVELS);
        let log_source = map.required("logsource").map(|node| self.log_source(node)).unwrap_or_default();
        let references = all_owned(map.texts("references"));
        let seen = all_owned(map.texts("seen"));
        let false_positives = all_owned(map.texts("falsepositives"));
        let (tags, fields) = (all_owned(map.texts("tags")), all_owned(map.texts("fields")));
        let author = owned(map.text("author"));
        for unread in UNREAD {
            let _ = map.optional(unread);
        }
        if self.origin == Origin::Foreign {
            for unread in UNREAD_OF_COLLECTION {
                let _ = map.optional(unread);
            }
        }
        let detection = map.required("detection").and_then(|node| Detection::read(node, self.reader));
        match self.origin {
            Origin::Pack => map.finish(),
            Origin::Foreign => map.finish_leniently(),
        }
        let sound = self.reader.faults.error_count() == errors;
        let title = title.trim().to_owned();
        let (file, span) = (self.reader.file.to_owned(), node.span);
        let folded_channels = log_source.channels.iter().map(|channel| fold(channel).into_owned()).collect();
        detection.filter(|_| sound).map(|detection| Signal {
            name,
            title,
            description,
            id,
            status,
            level,
            references,
            seen,
            false_positives,
            tags,
            author,
            fields,
            log_source,
            detection,
            file,
            span,
            sought: self.origin == Origin::Pack,
            folded_channels,
        })
    }

    /// Reports documents of Sigma's other kinds; whether this is one.
    fn refuse_kind(&self, node: &Node) -> bool {
        let kinds = [
            ("correlation", "Sigma correlations", "describe it in the `relation` of a cause"),
            (
                "filter",
                "Sigma filters",
                "write the filter as a selection, and `and not filter` in the condition",
            ),
            ("action", "Sigma rule collections", "write each rule out in full"),
        ];
        for (key, what, help) in kinds {
            let Some((at, _)) = node
                .as_map()
                .and_then(|entries| entries.iter().find(|(name, _)| name.as_text() == Some(key)))
            else {
                continue;
            };
            let fault = Fault::error("sigma::unsupported", format!("{what} (`{key}`) are not supported"));
            self.reader.report(at.span, fault.label("not supported").help(help));
            return true;
        }
        false
    }

    fn name(&self, map: &mut MapReader<'_>, id: Option<&str>) -> String {
        let stem = stem(self.reader.file);
        let node = match self.origin {
            Origin::Pack => map.required("name"),
            Origin::Foreign => map.optional("name"),
        };
        let Some(node) = node else { return id.unwrap_or(stem).to_owned() };
        let name = self.reader.text(node).unwrap_or_default();
        if self.origin == Origin::Pack {
            let fault = if !is_kebab_case(name) {
                Some(Fault::error("rule::name", format!("`{name}` is not in kebab case")).label("not a name"))
            } else if name != stem {
                let message = format!("the signal is named `{name}`, but its file `{stem}`");
                Some(Fault::error("rule::name", message).label("not the name of the file"))
            } else {
                None
            };
            let help = "name signal and file alike, in lower-case words joined by `-`";
            fault.into_iter().for_each(|fault| self.reader.report(node.span, fault.help(help)));
        }
        name.to_owned()
    }

    /// A text that our own rules must have.
    fn wanted_text<'n>(&self, map: &mut MapReader<'n>, key: &'static str) -> Option<&'n str> {
        match self.origin {
            Origin::Pack => map.required_text(key),
            Origin::Foreign => map.text(key),
        }
    }

    /// A text that must be one of the legal ones in our own rules.
    fn one_of(&self, map: &mut MapReader<'_>, key: &'static str, legal: &[&str]) -> Option<String> {
        match self.origin {
            Origin::Pack => {
                let legal: Vec<(&str, &str)> = legal.iter().map(|name| (*name, *name)).collect();
                map.choice(key, &legal).map(str::to_owned)
            }
            Origin::Foreign => owned(map.text(key)),
        }
    }

    fn log_source(&self, node: &Node) -> LogSource {
        let mut map = self.reader.map(node);
        self.product(&mut map);
        let category = owned(map.text("category"));
        let _ = map.text("definition");
        let service = map.optional("service");
        let mut source = LogSource { service: None, category, channels: Vec::new() };
        match service {
            Some(node) => {
                let service = self.reader.text(node).unwrap_or_default();
                source.channels = self.channels(service, node);
                source.service = Some(service.to_owned());
            }
            None => self.no_service(&map),
        }
        match self.origin {
            Origin::Pack => map.finish(),
            Origin::Foreign => map.finish_leniently(),
        }
        source
    }

    fn product(&self, map: &mut MapReader<'_>) {
        let node = match self.origin {
            Origin::Pack => map.required("product"),
            Origin::Foreign => map.optional("product"),
        };
        let Some(node) = node else { return };
        let product = self.reader.text(node).unwrap_or(PRODUCT);
        if product != PRODUCT {
            let message = format!("signals of the product `{product}` are not supported");
            let fault = Fault::error("sigma::unsupported", message).label("not supported");
            self.reader.report(node.span, fault.help(format!("only `{PRODUCT}` is")));
        }
    }

    fn channels(&self, service: &str, node: &Node) -> Vec<String> {
        if let Some(channels) = self.sources.channels(service) {
            return channels.to_vec();
        }
        let message = format!("the service `{service}` has no channels; the signal looks at all of them");
        let fault = Fault::warning("rule::unknown-service", message).label("not known");
        let services: Vec<&str> = self.sources.services().collect();
        let help = match nearest(service, &services) {
            Some(near) => format!("did you mean `{near}`? Else add the service to logsources.yml"),
            None => "add the service with its channels to logsources.yml".to_owned(),
        };
        self.reader.report(node.span, fault.help(help));
        Vec::new()
    }

    fn no_service(&self, map: &MapReader<'_>) {
        let fault = match self.origin {
            Origin::Pack => Fault::error("rule::missing-key", "the key `service` is required"),
            Origin::Foreign => {
                Fault::warning("rule::no-service", "without a service the signal looks at all channels")
            }
        };
        let help = "the service says which logs must be there for the signal to be missed";
        self.reader.report(map.span(), fault.label("no `service` here").help(help));
    }
}

fn owned(text: Option<&str>) -> Option<String> {
    text.map(|text| text.trim().to_owned())
}

fn all_owned(texts: Vec<&str>) -> Vec<String> {
    texts.into_iter().map(|text| text.trim().to_owned()).collect()
}

fn is_kebab_case(name: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    name.split('-').all(word)
}

value_shape!(
    /// How well a signal is tried.
    StatusWord = words(&STATUSES)
);
value_shape!(
    /// How much a signal matters.
    LevelWord = words(&LEVELS)
);
value_shape!(
    /// The one product.
    ProductWord = schemars::json_schema!({ "const": PRODUCT })
);
value_shape!(
    /// What is not read.
    Unread = schemars::json_schema!({})
);
value_shape!(
    /// Selections and a condition, as Sigma has them.
    DetectionShape = {
        let scalar = schemars::json_schema!({ "type": ["string", "number", "boolean", "null"] });
        let fields = schemars::json_schema!({
            "description": "Fields, each with a value or a list of which one must fit. Modifiers behind `|`: contains, startswith, \
                            endswith, all, re, cased, cidr, gt, gte, lt, lte, neq, exists, fieldref …",
            "type": "object",
            "additionalProperties": { "anyOf": [scalar, { "type": "array", "items": scalar }] },
        });
        schemars::json_schema!({
            "type": "object",
            "required": ["condition"],
            "properties": {
                "condition": {
                    "description": "`and`, `or`, `not`, brackets, `1 of x*`, `all of x*`, `1 of them`.",
                    "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }],
                },
            },
            "additionalProperties": {
                "anyOf": [fields, { "type": "array", "items": { "anyOf": [fields, scalar] } }, scalar],
            },
        })
    }
);

shape! {
    /// A Sigma rule: rules/signals/NAME.yml.
    #[schemars(title = "Signal")]
    pub(crate) struct SignalFile {
        /// Completes "the log shows that …".
        title: Text,
        /// Kebab-case id, the name of the file.
        name: Name,
        /// A UUID, as in Sigma's collection.
        id: Option<Text>,
        /// How well it is tried.
        status: Option<StatusWord>,
        /// When the record is written, when it is not, what it does not mean.
        description: Text,
        /// IDs of rules/sources.yml, with the part in parentheses, or addresses.
        references: Option<OneOrMany<Text>>,
        /// Where such a record has been seen: the same.
        seen: Option<OneOrMany<Text>>,
        /// Who wrote it.
        author: Option<Text>,
        /// Not read.
        date: Option<String>,
        /// Not read.
        modified: Option<String>,
        /// Not read.
        license: Option<String>,
        /// Not read.
        related: Option<Unread>,
        /// Not read.
        scope: Option<Unread>,
        /// Not read.
        taxonomy: Option<Unread>,
        /// Sigma's tags.
        tags: Option<OneOrMany<Text>>,
        /// Fields worth showing.
        fields: Option<OneOrMany<Text>>,
        /// Where its records stand.
        logsource: LogSourceShape,
        /// Selections by name, and the condition that joins them.
        detection: DetectionShape,
        /// How much it matters.
        level: Option<LevelWord>,
        /// What else can write such records.
        falsepositives: Option<OneOrMany<Text>>,
    }
}

shape! {
    /// Where its records stand.
    struct LogSourceShape {
        product: ProductWord,
        /// A key of rules/logsources.yml: stands for channels.
        service: Text,
        /// Sigma's category.
        category: Option<Text>,
        /// What must be switched on for the records to be written.
        definition: Option<Text>,
    }
}

#[cfg(test)]
mod tests;
