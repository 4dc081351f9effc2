//! One thing that is wrong in a file: what, where, and what to write instead.

use crate::span::Span;

/// Whether a rule set with this fault can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// It cannot.
    Error,
    /// It can, but not all of it counts.
    Warning,
}

/// One thing that is wrong in a rule file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Stable name of this kind of fault, such as `rule::unknown-key`.
    pub code: &'static str,
    /// Whether the rules can be used in spite of it.
    pub level: Level,
    /// One plain sentence without a full stop.
    pub message: String,
    /// The file as it was named when it was read.
    pub file: String,
    /// The place in the file; `None` for what concerns the file as a whole.
    pub span: Option<Span>,
    /// What is wrong with the text at `span`, in a few words; may be empty.
    pub label: String,
    /// What to write instead, or where to look.
    pub help: Option<String>,
}

impl Fault {
    /// A fault that makes the rule unusable.
    #[must_use]
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        let (message, file) = (message.into(), String::new());
        Fault { code, level: Level::Error, message, file, span: None, label: String::new(), help: None }
    }

    /// A fault that leaves the rule usable.
    #[must_use]
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Fault { level: Level::Warning, ..Fault::error(code, message) }
    }

    /// The same in a file.
    #[must_use]
    pub fn file(self, file: impl Into<String>) -> Self {
        Fault { file: file.into(), ..self }
    }

    /// The same at a place.
    #[must_use]
    pub fn span(self, span: Span) -> Self {
        Fault { span: Some(span), ..self }
    }

    /// The same with words at the place.
    #[must_use]
    pub fn label(self, label: impl Into<String>) -> Self {
        Fault { label: label.into(), ..self }
    }

    /// The same with a next step.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Fault { help: Some(help.into()), ..self }
    }

    /// On one line: `file:line:column: error[code]: message`.
    #[must_use]
    pub fn one_line(&self) -> String {
        let at = self.span.map_or_else(String::new, |span| format!("{}:{}:", span.line, span.column));
        let level = match self.level {
            Level::Error => "error",
            Level::Warning => "warning",
        };
        format!("{}:{at} {level}[{}]: {}", self.file, self.code, self.message)
    }
}
