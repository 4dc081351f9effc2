//! Statements about the attempts themselves.

use std::time::Duration;

use super::relation::Shared;
use super::words::{PhraseError, Place, Words};

/// A statement about the attempts themselves.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum Fact {
    /// The failure may have broken at one of these stages.
    BrokeAt(Vec<Place<String>>),
    /// The failure got as far as this stage.
    Reached(Place<String>),
    /// The failure did not get that far, and the logs would show it.
    NotReached(Place<String>),
    /// Two or more sources, none gets in meanwhile.
    EverySourceFails,
    /// The same, and the sources are on different networks.
    EveryNetworkFails,
    /// A source of these failures fails on another host too, within a day.
    SameSourceFailsElsewhere,
    /// The credentials of these failures were refused, and at the time those of strangers on the same host.
    RefusedBesideStrangers,
    /// One source only, others get in.
    OnlyOneSourceFails,
    /// One user only, others get in.
    OnlyOneUserFails,
    /// Some attempt succeeds while the incident lasts.
    SomeSucceeds,
    /// No attempt succeeds while the incident lasts.
    NoneSucceeds,
    /// A failing source also succeeds while the incident lasts.
    SameSourceSucceeds,
    /// A failing user gets in from another source.
    SameUserSucceedsElsewhere,
    /// There were successes before the first failure.
    EarlierSucceeded,
    /// The same source succeeded before the first failure.
    SameSourceSucceededBefore,
    /// The same user succeeded before the first failure.
    SameUserSucceededBefore,
    /// Successes and failures of the same source or user take turns.
    Alternate,
    /// The client's attempts are missing in a host log that covers them.
    HostNeverSaw,
    /// Nobody came to the host, whose log would show it, at the moment that the ticket names.
    NobodyCame,
    /// The client is the host itself.
    SourceLoopback,
    /// The client's address is a public one.
    SourcePublic,
    /// The client's address is a private one.
    SourcePrivate,
    /// It lasted between these two.
    Lasted {
        /// At least this long.
        least: Option<Duration>,
        /// Less than this.
        most: Option<Duration>,
    },
    /// Five or more failures of the same length, within ten percent.
    LastedAlike,
    /// So many attempts in such a window, strangers' included.
    AttemptRate {
        /// How many.
        count: u32,
        /// In which window.
        within: Duration,
        /// Only those whose credentials were refused.
        refused: bool,
    },
    /// A source gets in after so many refusals in such a window, and had not got in before them.
    GotInAfterRefusals {
        /// How many.
        count: u32,
        /// In which window.
        within: Duration,
    },
    /// So many different addresses or users among the attempts in such a window.
    Crowd {
        /// How many.
        count: u32,
        /// Of what.
        of: Shared,
        /// In which window.
        within: Duration,
    },
    /// The clocks of client and host differ by so much.
    ClocksDiffer(Duration),
    /// A clock of the machines was set by so much, not long before the failures or during them.
    ClockSet(Duration),
    /// The client was told to connect to an address, not a name.
    TargetIsAddress,
    /// The client was told to connect to itself.
    TargetIsLoopback,
    /// The session had begun and was then cut.
    DroppedAfterLogon,
    /// Another connection took the session over.
    Replaced,
    /// The client went to the very address that the host saw it come from: something stands in between.
    SourceIsServer,
    /// The client named another machine of the ticket than the one that it reached.
    WrongHost,
    /// The host name that the client was told led to another address when somebody got in.
    AnotherAddress,
    /// The host was off or asleep as the failure began.
    HostDown,
    /// The client was off or asleep as the failure began or ended.
    ClientDown,
    /// The client of the failures gets in when it comes from another address.
    ClientGetsInElsewhere,
    /// An account of the host itself gets in meanwhile.
    LocalSucceeds,
    /// An account of a domain gets in meanwhile.
    DomainSucceeds,
    /// Among many attempts alike, one or two that differ in several ways.
    OddOneOut,
}

impl Fact {
    /// Whether it says how the attempts went, which many faults have in common, and not what was done or by whom.
    #[must_use]
    pub(crate) fn is_shape(&self) -> bool {
        !matches!(
            self,
            Fact::AttemptRate { .. }
                | Fact::GotInAfterRefusals { .. }
                | Fact::Crowd { .. }
                | Fact::ClocksDiffer(_)
                | Fact::ClockSet(_)
                | Fact::Replaced
                | Fact::SourceIsServer
                | Fact::WrongHost
                | Fact::AnotherAddress
                | Fact::HostDown
                | Fact::ClientDown
                | Fact::TargetIsLoopback
                | Fact::SourceLoopback
                | Fact::HostNeverSaw
                | Fact::SameSourceFailsElsewhere
        )
    }
}

/// Parses a fact about attempts.
///
/// # Errors
/// The first place where the phrase leaves the grammar, with what may stand there.
pub fn parse_fact(text: &str) -> Result<Fact, PhraseError> {
    let mut words = Words::new(text);
    let fact = fact(&mut words)?;
    words.finish("the end of the phrase")?;
    Ok(fact)
}

/// Facts that are one fixed phrase.
const FIXED_FACTS: &[(&str, Fact)] = &[
    ("every source fails alike", Fact::EverySourceFails),
    ("every network fails alike", Fact::EveryNetworkFails),
    ("only one source fails", Fact::OnlyOneSourceFails),
    ("only one user fails", Fact::OnlyOneUserFails),
    ("some attempt succeeds meanwhile", Fact::SomeSucceeds),
    ("no attempt succeeds meanwhile", Fact::NoneSucceeds),
    ("the same source succeeds meanwhile", Fact::SameSourceSucceeds),
    ("the same user succeeds from another source", Fact::SameUserSucceedsElsewhere),
    ("earlier attempts succeeded", Fact::EarlierSucceeded),
    ("the same source succeeded before", Fact::SameSourceSucceededBefore),
    ("the same user succeeded before", Fact::SameUserSucceededBefore),
    ("successes and failures alternate", Fact::Alternate),
    ("the host never saw them", Fact::HostNeverSaw),
    ("nobody came at the time of the ticket", Fact::NobodyCame),
    ("the source is loopback", Fact::SourceLoopback),
    ("the source is public", Fact::SourcePublic),
    ("the source is private", Fact::SourcePrivate),
    ("lasted alike", Fact::LastedAlike),
    ("the target is an address", Fact::TargetIsAddress),
    ("the target is loopback", Fact::TargetIsLoopback),
    ("dropped after logon", Fact::DroppedAfterLogon),
    ("replaced by another connection", Fact::Replaced),
    ("refused while strangers are refused", Fact::RefusedBesideStrangers),
    ("the same source fails on another host", Fact::SameSourceFailsElsewhere),
    ("the source is where the client went", Fact::SourceIsServer),
    ("the client reached another host than it named", Fact::WrongHost),
    ("the client gets in from another address", Fact::ClientGetsInElsewhere),
    ("the name leads to another address otherwise", Fact::AnotherAddress),
    ("the host was down", Fact::HostDown),
    ("the client was down", Fact::ClientDown),
    ("a local account succeeds meanwhile", Fact::LocalSucceeds),
    ("a domain account succeeds meanwhile", Fact::DomainSucceeds),
    ("one differs from all the others", Fact::OddOneOut),
];

/// The facts that are one fixed phrase.
pub(crate) fn fixed_facts() -> Vec<&'static str> {
    FIXED_FACTS.iter().map(|(phrase, _)| *phrase).collect()
}

fn fact(words: &mut Words<'_>) -> Result<Fact, PhraseError> {
    for (phrase, fact) in FIXED_FACTS {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        if words.eat_all(&phrase) {
            return Ok(fact.clone());
        }
    }
    if words.eat_all(&["broke", "at"]) {
        let mut stages = vec![words.name("a stage")?];
        while words.eat("or") {
            stages.push(words.name("a stage")?);
        }
        return Ok(Fact::BrokeAt(stages));
    }
    if words.eat_all(&["did", "not", "reach"]) {
        return Ok(Fact::NotReached(words.name("a stage")?));
    }
    if words.eat("reached") {
        return Ok(Fact::Reached(words.name("a stage")?));
    }
    if words.eat("lasted") {
        return lasted(words);
    }
    if words.eat_all(&["at", "least"]) {
        return crowd(words);
    }
    if words.eat_all(&["a", "source", "gets", "in", "after", "at", "least"]) {
        let count = words.number()?;
        words.expect(&["refused", "attempts", "within"])?;
        return Ok(Fact::GotInAfterRefusals { count, within: words.span()? });
    }
    if words.eat_all(&["the", "clock", "was", "set", "by", "at", "least"]) {
        return Ok(Fact::ClockSet(words.span()?));
    }
    if words.eat_all(&["clocks", "differ", "by", "at", "least"]) {
        return Ok(Fact::ClocksDiffer(words.span()?));
    }
    let mut expected = String::from("one of ");
    for (phrase, _) in FIXED_FACTS {
        expected.push_str(&format!("`{phrase}`, "));
    }
    expected.push_str("`broke at …`, `reached …`, `did not reach …`, `lasted …`, `at least …`, `a source gets in after at least …`, `clocks differ by at least …` or `the clock was set by at least …`");
    Err(words.error(&expected))
}

/// Facts as they are usually written, to offer the nearest ones where a phrase cannot be read.
pub(crate) fn fact_examples() -> Vec<&'static str> {
    const OTHERS: &[&str] = &[
        "broke at tls",
        "reached tls",
        "did not reach tls",
        "lasted less than 5 seconds",
        "lasted more than 5 seconds",
        "lasted between 5 seconds and 10 seconds",
        "at least 10 attempts within 1 minute",
        "at least 10 refused attempts within 1 minute",
        "at least 10 different users within 1 minute",
        "clocks differ by at least 5 minutes",
        "the clock was set by at least 5 minutes",
    ];
    FIXED_FACTS.iter().map(|(phrase, _)| *phrase).chain(OTHERS.iter().copied()).collect()
}

fn lasted(words: &mut Words<'_>) -> Result<Fact, PhraseError> {
    if words.eat_all(&["less", "than"]) {
        return Ok(Fact::Lasted { least: None, most: Some(words.span()?) });
    }
    if words.eat_all(&["more", "than"]) {
        return Ok(Fact::Lasted { least: Some(words.span()?), most: None });
    }
    if words.eat("between") {
        let least = words.span()?;
        words.expect(&["and"])?;
        return Ok(Fact::Lasted { least: Some(least), most: Some(words.span()?) });
    }
    Err(words.error("`less than`, `more than`, `between` or `alike`"))
}

fn crowd(words: &mut Words<'_>) -> Result<Fact, PhraseError> {
    let count = words.number()?;
    if words.eat("different") {
        let of = match () {
            () if words.eat("addresses") => Shared::Address,
            () if words.eat("users") => Shared::User,
            () => return Err(words.error("`addresses` or `users`")),
        };
        words.expect(&["within"])?;
        return Ok(Fact::Crowd { count, of, within: words.span()? });
    }
    let refused = words.eat("refused");
    words.expect(&["attempts", "within"])?;
    Ok(Fact::AttemptRate { count, within: words.span()?, refused })
}
