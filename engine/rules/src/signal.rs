//! Signals: named patterns over single records, one Sigma rule each.

use std::collections::BTreeMap;

use crate::fault::{Fault, Faults, nearest};
use crate::record::Record;
use crate::sigma::{Detection, fold, folded_equal};
use crate::yaml::{self, MapReader, Node, Span};

/// The only `logsource.product` whose records are read.
const PRODUCT: &str = "windows";

const STATUSES: [&str; 5] = ["stable", "test", "experimental", "deprecated", "unsupported"];
const LEVELS: [&str; 5] = ["informational", "low", "medium", "high", "critical"];

/// Whose rules are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Ours: they carry all that reports need, and nothing unknown.
    Pack,
    /// Sigma rules written elsewhere: what reports can do without may be missing, and keys of others stand by.
    Foreign,
}

/// A compiled Sigma rule.
#[derive(Clone, Debug)]
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
    /// The channels as names are compared.
    folded_channels: Vec<String>,
}

/// Where the records of a signal stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogSource {
    /// `logsource.service`.
    pub service: Option<String>,
    /// `logsource.category`.
    pub category: Option<String>,
    /// The channels of the service, in table order; empty: any.
    pub channels: Vec<String>,
}

/// Which channels a Sigma `service` stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogSources(BTreeMap<String, Vec<String>>);

impl LogSources {
    /// A table from pairs of a service and its channels.
    #[must_use]
    pub fn new(table: BTreeMap<String, Vec<String>>) -> Self {
        LogSources(table)
    }

    /// Reads a file that maps each service to a channel or a list of them.
    #[must_use]
    pub fn read(file: &str, text: &str, faults: &Faults) -> Self {
        LogSources::of(file, &yaml::parse(file, text, faults), faults)
    }

    /// The same of the documents of a file.
    pub(crate) fn of(file: &str, documents: &[Node], faults: &Faults) -> Self {
        let mut table = BTreeMap::new();
        for document in documents {
            let reader = yaml::Reader::new(file, faults);
            let Some(entries) = document.as_map() else {
                reader.wrong_kind(document, "a map of services to channels");
                continue;
            };
            for (key, value) in entries {
                let channels: Vec<String> = reader.texts(value).into_iter().map(str::to_owned).collect();
                if channels.is_empty() {
                    let fault = Fault::error("rule::empty", "a service needs at least one channel");
                    reader.report(key.span, fault.label("without channels"));
                }
                table.insert(key.as_text().unwrap_or_default().to_owned(), channels);
            }
        }
        LogSources(table)
    }

    /// The channels of a service.
    #[must_use]
    pub fn channels(&self, service: &str) -> Option<&[String]> {
        self.0.get(service).map(Vec::as_slice)
    }

    /// All services, in order.
    pub fn services(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
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

/// Reads the Sigma rules of one file and reports every fault of it; rules with an error are left out.
///
/// `file` is the path that faults carry; its last part without ending is the name that a rule of ours must have.
#[must_use]
pub fn read(file: &str, text: &str, sources: &LogSources, origin: Origin, faults: &Faults) -> Vec<Signal> {
    of_documents(file, &yaml::parse(file, text, faults), sources, origin, faults)
}

/// The signals of the documents of one file; as [`read`].
pub(crate) fn of_documents(
    file: &str,
    documents: &[Node],
    sources: &LogSources,
    origin: Origin,
    faults: &Faults,
) -> Vec<Signal> {
    if origin == Origin::Pack && documents.len() > 1 {
        let fault = Fault::error("rule::several-rules", "a file holds one signal").label("a second one");
        faults.push(fault.file(file).span(documents[1].span).help("give each signal a file of its own"));
    }
    let read = |node: &Node| SignalReader { file, sources, origin, faults }.signal(node);
    documents.iter().filter_map(read).collect()
}

struct SignalReader<'a> {
    file: &'a str,
    sources: &'a LogSources,
    origin: Origin,
    faults: &'a Faults,
}

impl SignalReader<'_> {
    fn signal(&self, node: &Node) -> Option<Signal> {
        let errors = self.faults.error_count();
        if self.refuse_kind(node) {
            return None;
        }
        let mut map = MapReader::new(node, self.faults, self.file);
        let title = map.required_text("title").unwrap_or_default();
        let id = owned(map.text("id"));
        let name = self.name(&mut map, id.as_deref());
        let description = owned(self.wanted_text(&mut map, "description"));
        let status = self.one_of(&mut map, "status", &STATUSES);
        let level = self.one_of(&mut map, "level", &LEVELS);
        let log_source = map.required("logsource").map(|node| self.log_source(node)).unwrap_or_default();
        let references = all_owned(map.texts("references"));
        let false_positives = all_owned(map.texts("falsepositives"));
        let (tags, fields) = (all_owned(map.texts("tags")), all_owned(map.texts("fields")));
        let author = owned(map.text("author"));
        for unread in ["date", "modified", "license", "related", "scope", "taxonomy"] {
            let _ = map.optional(unread);
        }
        let reader = map.reader();
        let detection = map.required("detection").and_then(|node| Detection::read(node, reader));
        match self.origin {
            Origin::Pack => map.finish(),
            Origin::Foreign => map.finish_leniently(),
        }
        let sound = self.faults.error_count() == errors;
        let title = title.trim().to_owned();
        let (file, span) = (self.file.to_owned(), node.span);
        let folded_channels = log_source.channels.iter().map(|channel| fold(channel).into_owned()).collect();
        detection.filter(|_| sound).map(|detection| Signal {
            name,
            title,
            description,
            id,
            status,
            level,
            references,
            false_positives,
            tags,
            author,
            fields,
            log_source,
            detection,
            file,
            span,
            folded_channels,
        })
    }

    /// Reports documents of Sigma's other kinds; whether this is one.
    fn refuse_kind(&self, node: &Node) -> bool {
        let kinds = [
            ("correlation", "Sigma correlations", "say how records lie in time in the `relation` of a cause"),
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
            self.faults.push(fault.file(self.file).span(at.span).label("not supported").help(help));
            return true;
        }
        false
    }

    fn name(&self, map: &mut MapReader<'_>, id: Option<&str>) -> String {
        let stem = stem(self.file);
        let node = match self.origin {
            Origin::Pack => map.required("name"),
            Origin::Foreign => map.optional("name"),
        };
        let Some(node) = node else { return id.unwrap_or(stem).to_owned() };
        let name = map.reader().text(node).unwrap_or_default();
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
            fault.into_iter().for_each(|fault| map.reader().report(node.span, fault.help(help)));
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
        let mut map = MapReader::new(node, self.faults, self.file);
        self.product(&mut map);
        let category = owned(map.text("category"));
        let _ = map.text("definition");
        let service = map.optional("service");
        let mut source = LogSource { service: None, category, channels: Vec::new() };
        match service {
            Some(node) => {
                let service = map.reader().text(node).unwrap_or_default();
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
        let product = map.reader().text(node).unwrap_or(PRODUCT);
        if product != PRODUCT {
            let message = format!("signals of the product `{product}` are not supported");
            let fault = Fault::error("sigma::unsupported", message).label("not supported");
            map.reader().report(node.span, fault.help(format!("only `{PRODUCT}` is")));
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
        self.faults.push(fault.file(self.file).span(node.span).help(help));
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
        map.reader().report(map.span(), fault.label("no `service` here").help(help));
    }
}

fn owned(text: Option<&str>) -> Option<String> {
    text.map(|text| text.trim().to_owned())
}

fn all_owned(texts: Vec<&str>) -> Vec<String> {
    texts.into_iter().map(|text| text.trim().to_owned()).collect()
}

/// The file's name without folders and ending.
fn stem(file: &str) -> &str {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml")).unwrap_or(name)
}

fn is_kebab_case(name: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    name.split('-').all(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sigma::tests::Fields;

    fn sources() -> LogSources {
        let faults = Faults::new();
        let text = "system: System\nupdates: [Setup, System]\nsecurity: Security\n";
        let sources = LogSources::read("logsources.yml", text, &faults);
        assert!(faults.is_empty());
        sources
    }

    fn read_one(text: &str, origin: Origin) -> (Vec<Signal>, String) {
        let faults = Faults::new();
        let signals = read("rules/signals/door-open.yml", text, &sources(), origin, &faults);
        (signals, faults.render(false))
    }

    const GOOD: &str = "title: The door was open\nname: door-open\nstatus: test\ndescription: When.\nlevel: low\n\
                        logsource: {product: windows, service: updates}\n\
                        detection:\n  record: {Provider_Name: Door, EventID: 7}\n  wide: {F|gt: 9}\n  condition: record\n";

    #[test]
    fn a_signal_looks_at_its_channels() {
        let (signals, faults) = read_one(GOOD, Origin::Pack);
        assert_eq!(faults, "");
        let signal = &signals[0];
        let in_channel = |channel| {
            let fields = [("Provider_Name", "door"), ("EventID", "7"), ("F", "10"), ("Channel", channel)];
            signal.matches(&Fields::new(&fields))
        };
        assert_eq!(in_channel("SYSTEM"), Some(vec!["record", "wide"]));
        assert_eq!(in_channel("Setup"), Some(vec!["record", "wide"]));
        assert_eq!(in_channel("Security"), None);
        assert_eq!(signal.log_source.channels, ["Setup", "System"]);
    }

    #[test]
    fn every_fault_of_a_signal_is_reported() {
        let (signals, faults) = read_one(
            "title: T\nname: Door_Open\nstatus: tested\nlogsource: {product: linux, servise: x}\nseverity: high\n\
             detection: {a: {F: 1}, condition: b}\n",
            Origin::Pack,
        );
        assert!(signals.is_empty());
        insta::assert_snapshot!(faults, @r"
        error[rule::missing-key]: the key `description` is required
         --> rules/signals/door-open.yml:1:1
          |
        1 | title: T
          | ^^^^^ `description` is missing in this map

        error[rule::name]: `Door_Open` is not in kebab case
         --> rules/signals/door-open.yml:2:7
          |
        2 | name: Door_Open
          |       ^^^^^^^^^ not a name
          |
          = help: name signal and file alike, in lower-case words joined by `-`

        error[rule::unknown-value]: `tested` is not one of the legal values
         --> rules/signals/door-open.yml:3:9
          |
        3 | status: tested
          |         ^^^^^^ not known
          |
          = help: did you mean `test`? Legal are `stable`, `test`, `experimental`, `deprecated` and `unsupported`

        error[rule::missing-key]: the key `service` is required
         --> rules/signals/door-open.yml:4:12
          |
        4 | logsource: {product: linux, servise: x}
          |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ no `service` here
          |
          = help: the service says which logs must be there for the signal to be missed

        error[sigma::unsupported]: signals of the product `linux` are not supported
         --> rules/signals/door-open.yml:4:22
          |
        4 | logsource: {product: linux, servise: x}
          |                      ^^^^^ not supported
          |
          = help: only `windows` is

        error[rule::unknown-key]: the key `servise` is not known here
         --> rules/signals/door-open.yml:4:29
          |
        4 | logsource: {product: linux, servise: x}
          |                             ^^^^^^^ not known
          |
          = help: did you mean `service`? Legal are `product`, `category`, `definition` and `service`

        error[rule::unknown-key]: the key `severity` is not known here
         --> rules/signals/door-open.yml:5:1
          |
        5 | severity: high
          | ^^^^^^^^ not known
          |
          = help: legal are `title`, `id`, `name`, `description`, `status`, `level`, `logsource`, `references`, `falsepositives`, `tags`, `fields`, `author`, `date`, `modified`, `license`, `related`, `scope`, `taxonomy` and `detection`

        error[sigma::unknown-selection]: the condition names `b`, which this rule does not define
         --> rules/signals/door-open.yml:6:35
          |
        6 | detection: {a: {F: 1}, condition: b}
          |                                   ^ no selection has this name
          |
          = help: this rule defines `a`
        ");
        let (_, faults) = read_one(&GOOD.replace("name: door-open", "name: gate-open"), Origin::Pack);
        insta::assert_snapshot!(faults, @r"
        error[rule::name]: the signal is named `gate-open`, but its file `door-open`
         --> rules/signals/door-open.yml:2:7
          |
        2 | name: gate-open
          |       ^^^^^^^^^ not the name of the file
          |
          = help: name signal and file alike, in lower-case words joined by `-`
        ");
        let (_, faults) = read_one(&format!("{GOOD}---\n{GOOD}"), Origin::Pack);
        insta::assert_snapshot!(faults, @r"
        error[rule::several-rules]: a file holds one signal
          --> rules/signals/door-open.yml:12:1
           |
        12 | title: The door was open
           | ^^^^^^^^^^^^^^^^^^^^^^^^ a second one
           |
           = help: give each signal a file of its own
        ");
    }

    #[test]
    fn rules_from_elsewhere_may_lack_what_ours_need() {
        let text = "title: T\nid: 1b2c\nlogsource: {product: windows, service: updatez}\ncustom: 1\n\
                    detection: {a: {F: 1}, condition: a}\n";
        let (signals, faults) = read_one(text, Origin::Foreign);
        assert_eq!((signals.len(), &*signals[0].name), (1, "1b2c"));
        insta::assert_snapshot!(faults, @r"
        warning[rule::unknown-service]: the service `updatez` has no channels; the signal looks at all of them
         --> rules/signals/door-open.yml:3:40
          |
        3 | logsource: {product: windows, service: updatez}
          |                                        ^^^^^^^ not known
          |
          = help: did you mean `updates`? Else add the service to logsources.yml

        warning[rule::unknown-key]: the key `custom` is not known here
         --> rules/signals/door-open.yml:4:1
          |
        4 | custom: 1
          | ^^^^^^ not known
          |
          = help: legal are `title`, `id`, `name`, `description`, `status`, `level`, `logsource`, `references`, `falsepositives`, `tags`, `fields`, `author`, `date`, `modified`, `license`, `related`, `scope`, `taxonomy` and `detection`
        ");
        let (signals, _) = read_one(&text.replace("id: 1b2c\n", ""), Origin::Foreign);
        assert_eq!(signals[0].name, "door-open");
        let text = "title: T\ncorrelation: {type: event_count}\n---\naction: global\n";
        let (signals, faults) = read_one(text, Origin::Foreign);
        assert!(signals.is_empty());
        insta::assert_snapshot!(faults, @r"
        error[sigma::unsupported]: Sigma correlations (`correlation`) are not supported
         --> rules/signals/door-open.yml:2:1
          |
        2 | correlation: {type: event_count}
          | ^^^^^^^^^^^ not supported
          |
          = help: say how records lie in time in the `relation` of a cause

        error[sigma::unsupported]: Sigma rule collections (`action`) are not supported
         --> rules/signals/door-open.yml:4:1
          |
        4 | action: global
          | ^^^^^^ not supported
          |
          = help: write each rule out in full
        ");
    }
}
