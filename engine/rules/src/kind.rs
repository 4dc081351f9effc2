//! What a rule file is, by its path alone.

/// What kind of rule a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The channels of Sigma's services.
    LogSources,
    /// Documents, logs and reports that rules refer to.
    Sources,
    /// Stages, and how records join into attempts.
    Ladder,
    /// Fields that name people, machines and domains.
    Identities,
    /// Message texts of records.
    Messages,
    /// Named patterns over records.
    Signal,
    /// Fix and check steps.
    Step,
    /// Live checks.
    Check,
    /// Known root causes.
    Cause,
    /// Findings beside the causes.
    Notice,
    /// Tables of codes.
    Codes,
    /// Sigma rules written elsewhere.
    Foreign,
}

/// Where the files of a kind are.
enum Home {
    /// All files of the folder of this name.
    Folder(&'static str),
    /// The file of this name, wherever it is.
    File(&'static str),
    /// Everywhere else.
    Elsewhere,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 12] = [
        Kind::LogSources,
        Kind::Sources,
        Kind::Ladder,
        Kind::Identities,
        Kind::Messages,
        Kind::Signal,
        Kind::Step,
        Kind::Check,
        Kind::Cause,
        Kind::Notice,
        Kind::Codes,
        Kind::Foreign,
    ];

    fn home(self) -> Home {
        match self {
            Kind::LogSources => Home::File("logsources.yml"),
            Kind::Sources => Home::File("sources.yml"),
            Kind::Ladder => Home::File("ladder.yml"),
            Kind::Identities => Home::File("identities.yml"),
            Kind::Messages => Home::File("messages.yml"),
            Kind::Signal => Home::Folder("signals"),
            Kind::Step => Home::Folder("steps"),
            Kind::Check => Home::Folder("checks"),
            Kind::Cause => Home::Folder("causes"),
            Kind::Notice => Home::Folder("notices"),
            Kind::Codes => Home::Folder("codes"),
            Kind::Foreign => Home::Elsewhere,
        }
    }

    /// The kind of the file at `path`: by its name, else by the folder that it is in.
    pub(crate) fn of(path: &str) -> Kind {
        let mut parts = path.rsplit('/');
        let name = parts.next().unwrap_or_default();
        let folder = parts.next().unwrap_or_default();
        let by_name = |kind: &Kind| matches!(kind.home(), Home::File(own) if own == name);
        let by_folder = |kind: &Kind| matches!(kind.home(), Home::Folder(own) if own == folder);
        let found = Kind::ALL.into_iter().find(by_name).or_else(|| Kind::ALL.into_iter().find(by_folder));
        found.unwrap_or(Kind::Foreign)
    }

    /// The name that a file of this kind goes by: a later file of the same kind and name replaces it.
    ///
    /// Rules of ours go by the name of their file; foreign rules and lists of sources, which add to each other, by their whole path.
    pub(crate) fn name(self, path: &str) -> &str {
        if matches!(self, Kind::Foreign | Kind::Sources) { path } else { stem(path) }
    }

    /// The word for one file of the kind, in commands and in names of schemas.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Kind::LogSources => "logsources",
            Kind::Sources => "sources",
            Kind::Ladder => "ladder",
            Kind::Identities => "identities",
            Kind::Messages => "messages",
            Kind::Signal => "signal",
            Kind::Step => "step",
            Kind::Check => "check",
            Kind::Cause => "cause",
            Kind::Notice => "notice",
            Kind::Codes => "codes",
            Kind::Foreign => "foreign",
        }
    }

    /// What rules of the kind are, in a few words.
    #[must_use]
    pub fn summary(self) -> &'static str {
        match self {
            Kind::LogSources => "The channels of Sigma's services",
            Kind::Sources => "Documents, logs and reports that rules refer to",
            Kind::Ladder => "Stages, and how records join into attempts",
            Kind::Identities => "Fields that name people, machines and domains",
            Kind::Messages => "Message texts of records",
            Kind::Signal => "Named patterns over records",
            Kind::Step => "Fix and check steps",
            Kind::Check => "Live checks",
            Kind::Cause => "Known root causes",
            Kind::Notice => "Findings beside the causes",
            Kind::Codes => "Tables of codes",
            Kind::Foreign => "Sigma rules written elsewhere",
        }
    }

    /// What the kind is called in the list of all rules.
    #[must_use]
    pub fn heading(self) -> &'static str {
        match self {
            Kind::LogSources => "log sources",
            Kind::Sources => "sources",
            Kind::Ladder => "the ladder",
            Kind::Identities => "identities",
            Kind::Messages => "messages",
            Kind::Signal => "signals",
            Kind::Step => "steps",
            Kind::Check => "live checks",
            Kind::Cause => "causes",
            Kind::Notice => "notices",
            Kind::Codes => "tables of codes",
            Kind::Foreign => "foreign rules",
        }
    }

    /// The path of its files, such as `rules/causes/*.yml`; `None` for foreign rules, which may be anywhere.
    #[must_use]
    pub fn files(self) -> Option<String> {
        match self.home() {
            Home::Folder(folder) => Some(format!("rules/{folder}/*.yml")),
            Home::File(name) => Some(format!("rules/{name}")),
            Home::Elsewhere => None,
        }
    }
}

/// The name of a rule: its file name without folder and ending.
pub(crate) fn stem(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml")).unwrap_or(name)
}
