//! The grammar of relations.

use super::relation::{Anchor, Clause, Direction, Distinct, Edge, End, Quantifier, Relation, Shared};
use super::words::{PhraseError, Place, Words};

/// Relations as they are usually written, to offer the nearest ones where a phrase cannot be read.
pub(crate) const EXAMPLES: &[&str] = &[
    "during a failure",
    "during most failures",
    "during every failure",
    "within 5 seconds after the start of a failure",
    "within 5 seconds before the start of a failure",
    "within 5 seconds of the start of a failure",
    "within 5 seconds after the end of a failure",
    "within 5 seconds before the end of a failure",
    "within 5 seconds of the end of a failure",
    "within 5 seconds before a failure",
    "within 5 seconds after a failure",
    "within 5 seconds of a failure",
    "before a failure",
    "before the first failure",
    "within 7 days before the first failure",
    "after the last failure",
    "within 7 days after the last failure",
    "at any time",
    "before a failure, with no SIGNAL in between",
    "during a failure, with the same address",
];

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
    if direction == Direction::Around && words.eat_all(&["the", "failures"]) {
        return Ok(Anchor::Around { within: span });
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
