//! Why there is no report, and what to do about it.

use crate::terminal;
use std::fmt;
use std::io;
use std::path::Path;

/// An error as its reader sees it: `error: …` and, below it, `  help: …`.
///
/// Names that come from outside are made visible by whoever puts them into the message; line feeds are the message's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure(String);

impl Failure {
    /// An error without help; `message` is one plain sentence without a full stop.
    pub(crate) fn new(message: impl fmt::Display) -> Failure {
        Failure(format!("error: {message}"))
    }

    /// The same, with what to do about it.
    #[must_use]
    pub(crate) fn help(self, help: impl fmt::Display) -> Failure {
        Failure(format!("{}\n  help: {help}", self.0))
    }

    /// The faults of rules, which come with their places and their own help.
    pub(crate) fn of_rules(faults: &impl fmt::Display) -> Failure {
        Failure(faults.to_string())
    }

    pub(crate) fn cannot_read(path: &Path, error: &io::Error) -> Failure {
        Failure::new(format!("cannot read `{}`: {}", terminal::name(path), reason(error)))
    }

    pub(crate) fn cannot_write(path: &Path, error: &io::Error) -> Failure {
        Failure::new(format!("cannot write `{}`: {}", terminal::name(path), reason(error)))
    }

    /// A cause that is not among the rules.
    pub(crate) fn unknown_cause(asked: &str, known: &[&str]) -> Failure {
        let asked_shown = rdpwhy_report::visible(asked);
        let failure = Failure::new(format!("unknown cause `{asked_shown}`"));
        match rdpwhy_yaml::nearest(asked, known) {
            Some(near) => failure.help(format!("did you mean `{near}`? The causes are {}", known.join(", "))),
            None => failure.help(format!("the causes are {}", known.join(", "))),
        }
    }
}

/// The system's own words, without its number and without the paths that libraries add.
fn reason(error: &io::Error) -> String {
    let text = match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code).to_string(),
        None => error.kind().to_string(),
    };
    text.split(" (os error").next().unwrap_or(&text).to_owned()
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A message that is already written out, with its help behind ` = help: `.
impl From<String> for Failure {
    fn from(message: String) -> Failure {
        Failure(message.trim_end().replace("\n = help: ", "\n  help: "))
    }
}

/// For answers whose errors are texts.
impl From<Failure> for String {
    fn from(failure: Failure) -> String {
        failure.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_has_one_form() {
        let expected = "error: no such thing\n  help: look elsewhere";
        assert_eq!(Failure::new("no such thing").help("look elsewhere").to_string(), expected);
        let written_out = "error: no such thing\n = help: look elsewhere\n".to_owned();
        assert_eq!(Failure::from(written_out).to_string(), expected);
    }

    #[test]
    fn the_reason_is_the_systems_own() {
        let full = Failure::cannot_write(Path::new("a\u{1b}b"), &io::Error::from_raw_os_error(28));
        let full = full.to_string();
        assert!(
            full.starts_with("error: cannot write `a\\u{1b}b`: ") && !full.contains("os error"),
            "{full}"
        );
    }
}
