//! What a rule file is, by its path alone.

/// What kind of rule a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    LogSources,
    Ladder,
    Identities,
    Messages,
    Signal,
    Step,
    Check,
    Cause,
    Notice,
    Codes,
    Foreign,
}

impl Kind {
    /// The kind of the file at `path`: by its name, else by the folder it stands in.
    pub(crate) fn of(path: &str) -> Kind {
        let mut parts = path.rsplit('/');
        let name = parts.next().unwrap_or_default();
        match (parts.next().unwrap_or_default(), name) {
            (_, "ladder.yml") => Kind::Ladder,
            (_, "logsources.yml") => Kind::LogSources,
            (_, "identities.yml") => Kind::Identities,
            (_, "messages.yml") => Kind::Messages,
            ("signals", _) => Kind::Signal,
            ("steps", _) => Kind::Step,
            ("checks", _) => Kind::Check,
            ("causes", _) => Kind::Cause,
            ("notices", _) => Kind::Notice,
            ("codes", _) => Kind::Codes,
            _ => Kind::Foreign,
        }
    }

    /// The name a file of this kind goes by: a later file of the same kind and name stands in its stead.
    ///
    /// Rules of ours go by their file's name; of foreign ones every file stands by itself.
    pub(crate) fn name(self, path: &str) -> &str {
        if self == Kind::Foreign { path } else { stem(path) }
    }
}

/// The name of a rule: its file name without folder and ending.
pub(crate) fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml")).unwrap_or(name)
}
