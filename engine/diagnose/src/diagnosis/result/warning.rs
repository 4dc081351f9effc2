//! What a reader of the report has to know beside the answer.

use super::sentence::Sentence;
use std::fmt;

/// What a reader of the report has to know beside the answer.
///
/// `Display` gives one line, and a second one with the help, if any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// An input that could not be read whole, and the like: its file, the place in it, what is the matter and what to do.
    Input(rdpwhy_event::Warning),
    /// What the diagnosis rests on beside the records, in one plain sentence without a full stop.
    Basis(Sentence),
}

impl Warning {
    /// What is the matter and where, without the help.
    pub fn matter(&self) -> String {
        match self {
            Warning::Input(warning) => warning.matter(),
            Warning::Basis(text) => text.to_string(),
        }
    }

    /// What to do about it.
    pub fn help(&self) -> Option<&str> {
        match self {
            Warning::Input(warning) => warning.help.as_deref(),
            Warning::Basis(_) => None,
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Warning::Input(warning) => warning.fmt(f),
            Warning::Basis(text) => f.write_str(text.as_str()),
        }
    }
}
