//! The phrases in which rules speak about time and about attempts, parsed from text to types.
//!
//! `relation: within 5 seconds after the start of a failure, with the same address` reads as it is spoken; the
//! grammar is in `docs/rules.md`. Parsing keeps the byte offset of what went wrong, so that a fault can point at it.

mod fact;
mod grammar;
mod read;
mod relation;
mod spoken;
mod words;

pub use fact::{Fact, parse_fact};
pub(crate) use fact::{fact_examples, fixed_facts};
pub(crate) use grammar::EXAMPLES as RELATION_EXAMPLES;
pub use grammar::parse_relation;
pub(crate) use read::{read, read_near};
pub use relation::{Anchor, Clause, Direction, Distinct, Edge, End, Quantifier, Relation, Shared};
pub(crate) use words::parse_span;
pub use words::{PhraseError, Place};

#[cfg(test)]
mod tests;
