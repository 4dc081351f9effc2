//! What a reader of the report has to know about the inputs.

use std::fmt;

/// Something about an input that a reader of the report has to know.
///
/// `Display` gives one line with the place and what is the matter, and a second one with the help, if any.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Warning {
    /// The log or path it is about, as the report names it.
    pub file: Option<String>,
    /// Where in the file, for example `chunk 7 at offset 0x71000`.
    pub place: Option<String>,
    /// A stable name such as `evtx::chunk-checksum`.
    pub code: &'static str,
    /// One plain sentence, without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Warning {
    /// A warning about a file; `message` is one plain sentence without a full stop.
    #[must_use]
    pub fn new(code: &'static str, file: &str, message: impl Into<String>) -> Warning {
        Warning { file: Some(file.to_owned()), place: None, code, message: message.into(), help: None }
    }

    /// The same, with the place in the file.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Warning {
        self.place = Some(place.into());
        self
    }

    /// The same, with what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Warning {
        self.help = Some(help.into());
        self
    }

    /// The place and what is the matter, without the help.
    #[must_use]
    pub fn matter(&self) -> String {
        let places = [&self.file, &self.place].into_iter().flatten().map(|part| format!("{part}: "));
        format!("{}{} [{}]", places.collect::<String>(), self.message, self.code)
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.matter())?;
        match &self.help {
            Some(help) => write!(f, "\n  help: {help}"),
            None => Ok(()),
        }
    }
}
