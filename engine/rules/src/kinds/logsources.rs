//! Which channels a Sigma `service` stands for.

use std::collections::BTreeMap;

use rdpwhy_yaml::{Fault, Node, Reader};

/// Which channels a Sigma `service` stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LogSources(BTreeMap<String, Vec<String>>);

impl LogSources {
    /// Reads the documents of a file that maps each service to a channel or a list of them.
    pub(crate) fn of(documents: &[Node], reader: Reader<'_>) -> Self {
        let mut table = BTreeMap::new();
        for document in documents {
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
    pub(crate) fn channels(&self, service: &str) -> Option<&[String]> {
        self.0.get(service).map(Vec::as_slice)
    }

    /// All services, in order.
    pub(crate) fn services(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}
