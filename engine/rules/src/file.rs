//! A rule file as it is given to the loader.

/// One rule file.
#[derive(Debug, Clone)]
pub struct RuleFile {
    /// Its path for messages, such as `rules/causes/x.yml`.
    pub path: String,
    /// Its text.
    pub text: String,
}
