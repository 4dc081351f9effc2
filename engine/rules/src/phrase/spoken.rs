//! Relations as the phrases that parse to them.

use std::time::Duration;

use super::relation::{Anchor, Clause, Direction, Distinct, Edge, End, Quantifier, Relation, Shared};

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
            Anchor::Around { within } => format!("within {} of the failures", spoken_span(*within)),
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
