//! Kinds of rules as arguments of `rdpwhy rules`: which kinds each command takes, and by which word.

use clap::ValueEnum;
use clap::builder::PossibleValue;
use rdpwhy_rules::Kind;

/// A kind that `rules list` lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RuleKind(pub(crate) Kind);

/// A kind that `rules new` begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NewKind(pub(crate) Kind);

/// A kind of file that `rules schema` describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SchemaKind {
    /// A rule file.
    Rules(Kind),
    /// A ticket.
    Ticket,
}

impl ValueEnum for RuleKind {
    fn value_variants<'a>() -> &'a [Self] {
        &[
            RuleKind(Kind::Cause),
            RuleKind(Kind::Notice),
            RuleKind(Kind::Step),
            RuleKind(Kind::Check),
            RuleKind(Kind::Signal),
            RuleKind(Kind::Codes),
            RuleKind(Kind::Sources),
        ]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let word = match self.0 {
            Kind::Codes => "code",
            Kind::Sources => "source",
            kind => kind.word(),
        };
        Some(PossibleValue::new(word).help(self.0.summary()))
    }
}

impl ValueEnum for NewKind {
    fn value_variants<'a>() -> &'a [Self] {
        &[
            NewKind(Kind::Cause),
            NewKind(Kind::Signal),
            NewKind(Kind::Notice),
            NewKind(Kind::Step),
            NewKind(Kind::Check),
            NewKind(Kind::Codes),
        ]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (word, help) = match self.0 {
            Kind::Cause => ("cause", "A root cause, and a ticket that proves it"),
            Kind::Signal => ("signal", "A pattern over single records"),
            Kind::Notice => ("notice", "A finding that is not a cause"),
            Kind::Step => ("step", "A fix or check step"),
            Kind::Check => ("check", "A live check"),
            _ => ("code", "A table of codes"),
        };
        Some(PossibleValue::new(word).help(help))
    }
}

impl ValueEnum for SchemaKind {
    fn value_variants<'a>() -> &'a [Self] {
        &[
            SchemaKind::Rules(Kind::Signal),
            SchemaKind::Rules(Kind::Cause),
            SchemaKind::Rules(Kind::Notice),
            SchemaKind::Rules(Kind::Step),
            SchemaKind::Rules(Kind::Check),
            SchemaKind::Rules(Kind::Ladder),
            SchemaKind::Rules(Kind::Codes),
            SchemaKind::Rules(Kind::Sources),
            SchemaKind::Ticket,
        ]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            SchemaKind::Rules(kind) => PossibleValue::new(kind.word()).help(kind.files()?),
            SchemaKind::Ticket => PossibleValue::new("ticket").help("ticket.yml"),
        })
    }
}
