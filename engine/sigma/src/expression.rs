//! Regular expressions that are compiled when they are first needed.

use std::fmt;
use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};

/// Bytes a compiled regular expression may take.
pub(crate) const MAX_REGEX_PROGRAM: usize = 1 << 20;
/// Bytes of the cache a regular expression may keep while it searches.
pub(crate) const MAX_REGEX_CACHE: usize = 1 << 20;

/// A regular expression that is known to be right. Compiling one takes longer than reading a rule, and few are asked in a run.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
pub struct Expression {
    text: String,
    /// `i`, `m` and `s`, as far as they apply.
    flags: Vec<char>,
    #[serde(skip)]
    compiled: OnceLock<Regex>,
}

impl Expression {
    /// Checks an expression. Of the flags `i`, `m` and `s` have a meaning.
    ///
    /// # Errors
    /// Those of [`RegexBuilder::build`], within a program of 1 MiB.
    pub fn new(text: &str, flags: &[char]) -> Result<Expression, regex::Error> {
        let compiled = build(text, flags)?;
        Ok(Expression { text: text.to_owned(), flags: flags.to_vec(), compiled: compiled.into() })
    }

    /// The compiled expression.
    pub fn regex(&self) -> &Regex {
        self.compiled.get_or_init(|| build(&self.text, &self.flags).expect("`new` checked it"))
    }
}

fn build(text: &str, flags: &[char]) -> Result<Regex, regex::Error> {
    RegexBuilder::new(text)
        .case_insensitive(flags.contains(&'i'))
        .multi_line(flags.contains(&'m'))
        .dot_matches_new_line(flags.contains(&'s'))
        .size_limit(MAX_REGEX_PROGRAM)
        .dfa_size_limit(MAX_REGEX_CACHE)
        .build()
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Expression").field(&self.text).field(&self.flags).finish()
    }
}
