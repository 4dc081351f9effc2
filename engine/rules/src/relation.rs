//! The phrases in which rules speak about time and about attempts, parsed from text to types.
//!
//! `relation: within 5 seconds after the start of a failure, with the same address` reads as it is spoken; the
//! grammar is in `docs/rules.md`. Parsing keeps the byte offset of what went wrong, so that a fault can point at it.

use std::fmt;
use std::time::Duration;

/// How many of an incident's failures must show the evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    /// Seen at `k` of `n` failures, the likelihood ratio is raised to the power `k / n`.
    Some,
    /// Holds in full from half of the failures on.
    Most,
    /// Holds in full only when every failure shows it.
    Every,
}

/// On which side of the moment a record may lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Earlier than the moment.
    Before,
    /// Later than the moment.
    After,
    /// On either side.
    Around,
}

/// Which moment of a failed attempt is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// Its first record.
    Start,
    /// Its last record.
    End,
    /// From its first record to its last.
    Whole,
}

/// Where a record must lie to count.
#[derive(Debug, Clone, PartialEq)]
pub enum Anchor {
    /// A record of the attempt, or of its machines while it lasted.
    During(Quantifier),
    /// Within a span of a moment of the attempt.
    Within {
        /// The largest distance.
        span: Duration,
        /// On which side.
        direction: Direction,
        /// Of which moment.
        edge: Edge,
        /// At how many failures.
        of: Quantifier,
    },
    /// Any time before the attempt's start.
    Before(Quantifier),
    /// Before the incident's first failure.
    BeforeFirst {
        /// At most this long before, if given.
        within: Option<Duration>,
    },
    /// After the incident's last failure.
    AfterLast {
        /// At most this long after, if given.
        within: Option<Duration>,
    },
    /// Anywhere in the logs.
    AnyTime,
}

/// What is counted by `at least N different …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Distinct {
    /// Client addresses, by the ladder's roles.
    Addresses,
    /// User names, by the ladder's roles.
    Users,
    /// The values of one field.
    Field(String),
}

/// An attribute that records and attempts share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shared {
    /// The client's address.
    Address,
    /// The user's name.
    User,
    /// The session's number.
    Session,
}

/// A further condition on the records that fit the anchor. `S` names a signal.
#[derive(Debug, Clone, PartialEq)]
pub enum Clause<S> {
    /// None of these between the record and the failure: the state still holds.
    WithNo(Vec<S>),
    /// Another signal after (or before) the record.
    Neighbour {
        /// Must it be there, or must it be missing?
        present: bool,
        /// After the record, or before it?
        after: bool,
        /// The other signal.
        signal: S,
        /// The largest distance.
        within: Duration,
        /// A field that must be equal in both.
        same: Option<String>,
    },
    /// The record's attribute equals the attempt's.
    Same(Shared),
    /// Enough of them.
    AtLeast {
        /// How many.
        count: u32,
        /// Different values of this, instead of records.
        different: Option<Distinct>,
        /// In a window of this length.
        within: Option<Duration>,
    },
    /// Some attempt succeeded before the record.
    EarlierSuccess,
    /// It accompanies failures far more often than successes.
    RarelyAtSuccesses,
    /// Only records of the machine at this end of the attempt.
    On(End),
    /// Also records of machines that took no part in the attempt.
    AnyMachine,
}

/// An end of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The machine connected to.
    Host,
    /// The machine that connects.
    Client,
}

/// A whole phrase.
#[derive(Debug, Clone, PartialEq)]
pub struct Relation<S> {
    /// Where.
    pub anchor: Anchor,
    /// And how.
    pub clauses: Vec<Clause<S>>,
}

/// A statement about the attempts themselves.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact {
    /// The failure may have broken at one of these stages.
    BrokeAt(Vec<Place<String>>),
    /// The failure got as far as this stage.
    Reached(Place<String>),
    /// The failure did not get that far, and the logs would show it.
    NotReached(Place<String>),
    /// Two or more sources, none gets in meanwhile.
    EverySourceFails,
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
    pub fn is_shape(&self) -> bool {
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
                | Fact::TargetIsLoopback
                | Fact::SourceLoopback
                | Fact::HostNeverSaw
                | Fact::SameSourceFailsElsewhere
        )
    }
}

/// A word of a phrase together with where it stands in the phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place<T> {
    /// The word.
    pub value: T,
    /// Byte offset in the phrase.
    pub start: usize,
    /// Byte offset of its end.
    pub end: usize,
}

/// What is wrong with a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhraseError {
    /// Byte offset in the phrase.
    pub start: usize,
    /// Byte offset of the end of what is wrong.
    pub end: usize,
    /// What was found.
    pub found: String,
    /// What may stand here.
    pub expected: String,
}

impl fmt::Display for PhraseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}, found {}", self.expected, self.found)
    }
}

impl std::error::Error for PhraseError {}

/// Parses a relation.
///
/// # Errors
/// The first place where the phrase leaves the grammar, with what may stand there.
pub fn parse_relation(text: &str) -> Result<Relation<Place<String>>, PhraseError> {
    let mut words = Words::new(text);
    let anchor = anchor(&mut words)?;
    let mut clauses = Vec::new();
    while words.eat(",") {
        clauses.push(clause(&mut words)?);
    }
    words.finish("`,` and a further clause, or the end")?;
    Ok(Relation { anchor, clauses })
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

/// Parses a span of time such as `5 seconds`, `48h` or `200 milliseconds`.
///
/// # Errors
/// What was found in its place.
pub fn parse_span(text: &str) -> Result<Duration, PhraseError> {
    let mut words = Words::new(text);
    let span = words.span()?;
    words.finish("the end of the span")?;
    Ok(span)
}

impl<S> Relation<S> {
    /// The phrase that parses to this relation; `name` tells a signal's name.
    pub fn spoken<'n>(&'n self, name: &dyn Fn(&'n S) -> &'n str) -> String {
        let mut phrase = match &self.anchor {
            Anchor::During(of) => format!("during {}", of.spoken()),
            Anchor::Within { span, direction, edge, of } => {
                format!(
                    "within {} {} {}{}",
                    spoken_span(*span),
                    direction.spoken(),
                    edge.spoken(),
                    of.spoken()
                )
            }
            Anchor::Before(of) => format!("before {}", of.spoken()),
            Anchor::BeforeFirst { within } => {
                format!("{}before the first failure", spoken_within(*within, "within ", " "))
            }
            Anchor::AfterLast { within } => {
                format!("{}after the last failure", spoken_within(*within, "within ", " "))
            }
            Anchor::AnyTime => "at any time".to_owned(),
        };
        for clause in &self.clauses {
            phrase.push_str(", ");
            phrase.push_str(&clause.spoken(name));
        }
        phrase
    }
}

impl<S> Clause<S> {
    fn spoken<'n>(&'n self, name: &dyn Fn(&'n S) -> &'n str) -> String {
        match self {
            Clause::WithNo(signals) => {
                let names: Vec<&str> = signals.iter().map(name).collect();
                format!("with no {} in between", names.join(" or "))
            }
            Clause::Neighbour { present, after, signal, within, same } => {
                let not = if *present { "" } else { "not " };
                let side = if *after { "followed" } else { "preceded" };
                let same = same.as_ref().map(|field| format!(" with the same {field}")).unwrap_or_default();
                format!("{not}{side} by {} within {}{same}", name(signal), spoken_span(*within))
            }
            Clause::Same(Shared::Address) => "with the same address".to_owned(),
            Clause::Same(Shared::User) => "with the same user".to_owned(),
            Clause::Same(Shared::Session) => "with the same session".to_owned(),
            Clause::AtLeast { count, different, within } => {
                let of = match different {
                    None if *count == 1 => "time".to_owned(),
                    None => "times".to_owned(),
                    Some(Distinct::Addresses) => "different addresses".to_owned(),
                    Some(Distinct::Users) => "different users".to_owned(),
                    Some(Distinct::Field(field)) => format!("different {field}"),
                };
                format!("at least {count} {of}{}", spoken_within(*within, " within ", ""))
            }
            Clause::EarlierSuccess => "while earlier attempts succeeded".to_owned(),
            Clause::RarelyAtSuccesses => "rarely at successes".to_owned(),
            Clause::On(End::Host) => "on the host".to_owned(),
            Clause::On(End::Client) => "on the client".to_owned(),
            Clause::AnyMachine => "on any machine".to_owned(),
        }
    }
}

impl Quantifier {
    fn spoken(self) -> &'static str {
        match self {
            Quantifier::Some => "a failure",
            Quantifier::Most => "most failures",
            Quantifier::Every => "every failure",
        }
    }
}

impl Direction {
    fn spoken(self) -> &'static str {
        match self {
            Direction::Before => "before",
            Direction::After => "after",
            Direction::Around => "of",
        }
    }
}

impl Edge {
    fn spoken(self) -> &'static str {
        match self {
            Edge::Start => "the start of ",
            Edge::End => "the end of ",
            Edge::Whole => "",
        }
    }
}

fn spoken_within(span: Option<Duration>, before: &str, after: &str) -> String {
    span.map(|span| format!("{before}{}{after}", spoken_span(span))).unwrap_or_default()
}

/// A span in the largest unit that gives a whole number.
fn spoken_span(span: Duration) -> String {
    let millis = span.as_millis();
    let units = [(86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute"), (1000, "second")];
    let fits = units.into_iter().find(|(unit, _)| millis > 0 && millis.is_multiple_of(*unit));
    let (unit, word) = fits.unwrap_or((1, "millisecond"));
    let count = millis / unit;
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

fn anchor(words: &mut Words<'_>) -> Result<Anchor, PhraseError> {
    if words.eat("during") {
        return Ok(Anchor::During(quantifier(words)?));
    }
    if words.eat_all(&["at", "any", "time"]) {
        return Ok(Anchor::AnyTime);
    }
    if words.eat_all(&["before", "the", "first", "failure"]) {
        return Ok(Anchor::BeforeFirst { within: None });
    }
    if words.eat_all(&["after", "the", "last", "failure"]) {
        return Ok(Anchor::AfterLast { within: None });
    }
    if words.eat("before") {
        return Ok(Anchor::Before(quantifier(words)?));
    }
    if words.eat("within") {
        return within(words);
    }
    Err(words.error("`during`, `within`, `before`, `after the last failure` or `at any time`"))
}

fn within(words: &mut Words<'_>) -> Result<Anchor, PhraseError> {
    let span = words.span()?;
    let direction = match () {
        () if words.eat("before") => Direction::Before,
        () if words.eat("after") => Direction::After,
        () if words.eat("of") => Direction::Around,
        () => return Err(words.error("`before`, `after` or `of`")),
    };
    if direction == Direction::Before && words.eat_all(&["the", "first", "failure"]) {
        return Ok(Anchor::BeforeFirst { within: Some(span) });
    }
    if direction == Direction::After && words.eat_all(&["the", "last", "failure"]) {
        return Ok(Anchor::AfterLast { within: Some(span) });
    }
    let edge = match () {
        () if words.eat_all(&["the", "start", "of"]) => Edge::Start,
        () if words.eat_all(&["the", "end", "of"]) => Edge::End,
        () => Edge::Whole,
    };
    Ok(Anchor::Within { span, direction, edge, of: quantifier(words)? })
}

fn quantifier(words: &mut Words<'_>) -> Result<Quantifier, PhraseError> {
    for (phrase, quantifier) in [
        (["a", "failure"], Quantifier::Some),
        (["most", "failures"], Quantifier::Most),
        (["every", "failure"], Quantifier::Every),
    ] {
        if words.eat_all(&phrase) {
            return Ok(quantifier);
        }
    }
    Err(words.error("`a failure`, `most failures` or `every failure`"))
}

fn clause(words: &mut Words<'_>) -> Result<Clause<Place<String>>, PhraseError> {
    if words.eat_all(&["with", "no"]) {
        let mut signals = vec![words.name("a signal")?];
        while words.eat("or") {
            signals.push(words.name("a signal")?);
        }
        words.expect(&["in", "between"])?;
        return Ok(Clause::WithNo(signals));
    }
    if words.eat_all(&["with", "the", "same"]) {
        return Ok(Clause::Same(shared(words)?));
    }
    if words.eat_all(&["at", "least"]) {
        return at_least(words);
    }
    for (phrase, present, after) in [
        (&["followed", "by"][..], true, true),
        (&["not", "followed", "by"][..], false, true),
        (&["preceded", "by"][..], true, false),
        (&["not", "preceded", "by"][..], false, false),
    ] {
        if words.eat_all(phrase) {
            return neighbour(words, present, after);
        }
    }
    for (phrase, clause) in [
        (&["while", "earlier", "attempts", "succeeded"][..], Clause::EarlierSuccess),
        (&["rarely", "at", "successes"][..], Clause::RarelyAtSuccesses),
        (&["on", "the", "host"][..], Clause::On(End::Host)),
        (&["on", "the", "client"][..], Clause::On(End::Client)),
        (&["on", "any", "machine"][..], Clause::AnyMachine),
    ] {
        if words.eat_all(phrase) {
            return Ok(clause);
        }
    }
    Err(words.error(
        "`with no … in between`, `with the same …`, `at least …`, `followed by …`, `not followed by …`, \
         `preceded by …`, `not preceded by …`, `while earlier attempts succeeded`, `rarely at successes`, \
         `on the host`, `on the client` or `on any machine`",
    ))
}

fn neighbour(
    words: &mut Words<'_>,
    present: bool,
    after: bool,
) -> Result<Clause<Place<String>>, PhraseError> {
    let signal = words.name("a signal")?;
    words.expect(&["within"])?;
    let within = words.span()?;
    let same =
        if words.eat_all(&["with", "the", "same"]) { Some(words.name("a field")?.value) } else { None };
    Ok(Clause::Neighbour { present, after, signal, within, same })
}

fn shared(words: &mut Words<'_>) -> Result<Shared, PhraseError> {
    for (word, shared) in [("address", Shared::Address), ("user", Shared::User), ("session", Shared::Session)]
    {
        if words.eat(word) {
            return Ok(shared);
        }
    }
    Err(words.error("`address`, `user` or `session`"))
}

fn at_least(words: &mut Words<'_>) -> Result<Clause<Place<String>>, PhraseError> {
    let count = words.number()?;
    let different = if words.eat("different") {
        Some(match () {
            () if words.eat("addresses") => Distinct::Addresses,
            () if words.eat("users") => Distinct::Users,
            () => Distinct::Field(words.name("`addresses`, `users` or a field")?.value),
        })
    } else {
        if !words.eat("times") && !words.eat("time") {
            return Err(words.error("`times` or `different`"));
        }
        None
    };
    let within = if words.eat("within") { Some(words.span()?) } else { None };
    Ok(Clause::AtLeast { count, different, within })
}

/// Facts that are one fixed phrase.
const FIXED_FACTS: &[(&str, Fact)] = &[
    ("every source fails alike", Fact::EverySourceFails),
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
    ("a local account succeeds meanwhile", Fact::LocalSucceeds),
    ("a domain account succeeds meanwhile", Fact::DomainSucceeds),
    ("one differs from all the others", Fact::OddOneOut),
];

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

/// The words of a phrase with their places. A comma is a word of its own.
struct Words<'a> {
    words: Vec<(usize, &'a str)>,
    next: usize,
    length: usize,
}

impl<'a> Words<'a> {
    fn new(text: &'a str) -> Self {
        let mut words = Vec::new();
        let mut start = None;
        for (at, letter) in text.char_indices() {
            if letter.is_whitespace() || letter == ',' {
                if let Some(start) = start.take() {
                    words.push((start, &text[start..at]));
                }
                if letter == ',' {
                    words.push((at, &text[at..at + 1]));
                }
            } else if start.is_none() {
                start = Some(at);
            }
        }
        if let Some(start) = start {
            words.push((start, &text[start..]));
        }
        Words { words, next: 0, length: text.len() }
    }

    fn peek(&self) -> Option<&'a str> {
        self.words.get(self.next).map(|(_, word)| *word)
    }

    fn eat(&mut self, word: &str) -> bool {
        let found = self.peek().is_some_and(|next| next.eq_ignore_ascii_case(word));
        self.next += usize::from(found);
        found
    }

    fn eat_all(&mut self, phrase: &[&str]) -> bool {
        let back = self.next;
        let found = phrase.iter().all(|word| self.eat(word));
        if !found {
            self.next = back;
        }
        found
    }

    fn expect(&mut self, phrase: &[&str]) -> Result<(), PhraseError> {
        if self.eat_all(phrase) { Ok(()) } else { Err(self.error(&format!("`{}`", phrase.join(" ")))) }
    }

    fn name(&mut self, what: &str) -> Result<Place<String>, PhraseError> {
        match self.words.get(self.next) {
            Some(&(start, word)) if word != "," => {
                self.next += 1;
                Ok(Place { value: word.to_owned(), start, end: start + word.len() })
            }
            _ => Err(self.error(what)),
        }
    }

    fn number(&mut self) -> Result<u32, PhraseError> {
        match self.peek().and_then(|word| word.parse().ok()) {
            Some(number) if number > 0 => {
                self.next += 1;
                Ok(number)
            }
            _ => Err(self.error("a whole number above zero")),
        }
    }

    fn span(&mut self) -> Result<Duration, PhraseError> {
        const WANTED: &str = "a span of time such as `5 seconds`, `10 minutes`, `48 hours` or `7 days`";
        let Some(word) = self.peek() else { return Err(self.error(WANTED)) };
        let digits =
            word.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(word.len());
        let (number, suffix) = word.split_at(digits);
        let Ok(number) = number.parse::<f64>() else { return Err(self.error(WANTED)) };
        let unit = if suffix.is_empty() {
            self.next += 1;
            self.peek().unwrap_or_default()
        } else {
            suffix
        };
        let Some(seconds) = unit_seconds(unit) else { return Err(self.error(WANTED)) };
        let Ok(span) = Duration::try_from_secs_f64(number * seconds) else { return Err(self.error(WANTED)) };
        self.next += 1;
        Ok(span)
    }

    fn finish(&self, expected: &str) -> Result<(), PhraseError> {
        if self.next == self.words.len() { Ok(()) } else { Err(self.error(expected)) }
    }

    fn error(&self, expected: &str) -> PhraseError {
        let (start, end, found) = match self.words.get(self.next) {
            Some(&(start, word)) => (start, start + word.len(), format!("`{word}`")),
            None => (self.length, self.length, "the end of the phrase".to_owned()),
        };
        PhraseError { start, end, found, expected: expected.to_owned() }
    }
}

/// Seconds in a unit of time; `None` for a word that is none.
fn unit_seconds(unit: &str) -> Option<f64> {
    Some(match unit {
        "ms" | "millisecond" | "milliseconds" => 0.001,
        "s" | "second" | "seconds" => 1.0,
        "m" | "minute" | "minutes" => 60.0,
        "h" | "hour" | "hours" => 3600.0,
        "d" | "day" | "days" => 86_400.0,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(number: u64) -> Duration {
        Duration::from_secs(number)
    }

    #[test]
    fn anchors_read_as_spoken() {
        for (text, anchor) in [
            ("during a failure", Anchor::During(Quantifier::Some)),
            ("during every failure", Anchor::During(Quantifier::Every)),
            ("before most failures", Anchor::Before(Quantifier::Most)),
            ("at any time", Anchor::AnyTime),
            ("before the first failure", Anchor::BeforeFirst { within: None }),
            (
                "within 48 hours before the first failure",
                Anchor::BeforeFirst { within: Some(seconds(172_800)) },
            ),
            ("within 2h after the last failure", Anchor::AfterLast { within: Some(seconds(7200)) }),
            (
                "within 5 seconds after the start of a failure",
                Anchor::Within {
                    span: seconds(5),
                    direction: Direction::After,
                    edge: Edge::Start,
                    of: Quantifier::Some,
                },
            ),
            (
                "within 10m of every failure",
                Anchor::Within {
                    span: seconds(600),
                    direction: Direction::Around,
                    edge: Edge::Whole,
                    of: Quantifier::Every,
                },
            ),
        ] {
            let relation = parse_relation(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(relation.anchor, anchor, "{text}");
            assert!(relation.clauses.is_empty(), "{text}");
        }
    }

    #[test]
    fn clauses_follow_the_anchor() {
        let text = "before a failure, with no renewed or removed in between, with the same user, \
                    at least 3 different addresses within 1 hour, not followed by ended within 30 seconds with the same SessionID, \
                    while earlier attempts succeeded, rarely at successes, on any machine";
        let relation = parse_relation(text).unwrap();
        assert_eq!(relation.clauses.len(), 7);
        let Clause::WithNo(signals) = &relation.clauses[0] else { panic!("{:?}", relation.clauses[0]) };
        assert_eq!(signals.iter().map(|s| s.value.as_str()).collect::<Vec<_>>(), ["renewed", "removed"]);
        assert_eq!(&text[signals[0].start..signals[0].end], "renewed");
    }

    #[test]
    fn what_is_spoken_parses_to_the_same() {
        for text in [
            "during most failures",
            "within 200 milliseconds before the end of every failure, on the host",
            "within 48 hours before the first failure, at least 1 time",
            "after the last failure, at least 3 different users within 1 hour",
            "at any time, not preceded by a within 7 days with the same SessionID, on any machine",
            "before a failure, with no a or b in between, with the same session, on the client",
            "within 90 minutes of a failure, rarely at successes, while earlier attempts succeeded",
        ] {
            let relation = parse_relation(text).unwrap();
            assert_eq!(relation.spoken(&|place| place.value.as_str()).replace("2 days", "48 hours"), text);
        }
    }

    #[test]
    fn facts_read_as_spoken() {
        for text in [
            "broke at tls or nla",
            "every source fails alike",
            "lasted less than 1 second",
            "lasted between 10 seconds and 60 seconds",
            "lasted alike",
            "at least 20 attempts within 10 seconds",
            "at least 5 refused attempts within 1 hour",
            "at least 5 different addresses within 24 hours",
            "clocks differ by at least 5 minutes",
            "the clock was set by at least 5 minutes",
            "the host never saw them",
            "did not reach nla",
        ] {
            parse_fact(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        }
    }

    #[test]
    fn errors_say_where_and_what() {
        let error = parse_relation("within 5 parsecs of a failure").unwrap_err();
        assert_eq!((error.start, error.found.as_str()), (9, "`parsecs`"));
        let error = parse_relation("during a failure, sometimes").unwrap_err();
        assert_eq!((error.start, error.end), (18, 27));
        let error = parse_relation("during").unwrap_err();
        assert_eq!(
            error.to_string(),
            "expected `a failure`, `most failures` or `every failure`, found the end of the phrase"
        );
        assert!(parse_fact("it rained").is_err());
    }
}
