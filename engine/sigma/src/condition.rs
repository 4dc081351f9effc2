//! The condition of a detection: selections joined by `and`, `or`, `not`, `1 of …` and `all of …`.

use std::fmt;
use std::ops::Range;

use crate::pattern::{Pattern, Placement, TextMatch};

/// Parentheses and `not`s inside each other that are accepted.
pub(crate) const MAX_CONDITION_DEPTH: usize = 64;

/// A condition as written. [`fmt::Display`] writes it so that [`Condition::parse`] reads the same one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    /// Two or more, of which one must hold.
    Any(Vec<Condition>),
    /// Two or more, which all must hold.
    All(Vec<Condition>),
    /// What must not hold.
    Not(Box<Condition>),
    /// A selection by its name.
    Name(String),
    /// Several selections at once.
    Of(Quantifier, Group),
}

/// How many selections of a group must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quantifier {
    /// `1 of`, or `any of`: at least one.
    One,
    /// `all of`.
    All,
}

/// A group of selections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    /// All whose name does not start with `_`.
    Them,
    /// Those whose name fits a pattern with `*`.
    Named(String),
}

impl Group {
    /// Whether the selection `name` belongs to the group.
    #[must_use]
    pub(crate) fn holds(&self, name: &str) -> bool {
        match self {
            Group::Them => !name.starts_with('_'),
            Group::Named(pattern) => {
                TextMatch::new(&Pattern::parse(pattern), Placement::Whole, true).matches(name)
            }
        }
    }
}

/// Why a condition cannot be read, and which of its bytes are to blame.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub(crate) struct ConditionError {
    /// The bytes of the condition.
    pub(crate) range: Range<usize>,
    /// What is wrong with them.
    pub(crate) problem: ConditionProblem,
}

/// What is wrong with a condition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ConditionProblem {
    /// It ends where a selection must follow.
    #[error("the condition ends where a selection must follow")]
    Unfinished,
    /// A word in a place where it cannot be.
    #[error("`{0}` cannot stand here in the condition")]
    Unexpected(String),
    /// `(` without `)`.
    #[error("the condition has a `(` without `)`")]
    Unclosed,
    /// Too many parentheses inside each other.
    #[error("more than {MAX_CONDITION_DEPTH} levels inside each other in the condition")]
    TooDeep,
    /// `| count() …`.
    #[error("aggregations after `|` (count, min, max, avg, sum, near) are not supported")]
    Aggregation,
    /// `2 of …`.
    #[error("`{0} of` is not supported")]
    Count(String),
}

impl ConditionProblem {
    /// What to write instead.
    #[must_use]
    pub(crate) fn help(&self) -> &'static str {
        match self {
            Self::Unfinished | Self::Unexpected(_) | Self::Unclosed => {
                "write selections joined by `and`, `or`, `not`, parentheses, `1 of name*` or `all of them`"
            }
            Self::TooDeep => "name parts of the condition as selections of their own",
            Self::Aggregation => "count in the relation of a cause: `at least N times within D`",
            Self::Count(_) => "`1 of` and `all of` are; write other numbers out with `and` and `or`",
        }
    }
}

struct Words<'t> {
    words: Vec<(&'t str, Range<usize>)>,
    at: usize,
    end: usize,
}

impl Condition {
    /// Reads a condition.
    ///
    /// # Errors
    /// [`ConditionError`] says what cannot be read, and where.
    pub(crate) fn parse(text: &str) -> Result<Condition, ConditionError> {
        let mut words = Words { words: split(text), at: 0, end: text.trim_end().len() };
        let condition = words.any(0)?;
        match words.words.get(words.at) {
            None => Ok(condition),
            Some(_) => Err(words.unexpected()),
        }
    }
}

/// Words and single `(`, `)`, `|` with their bytes.
fn split(text: &str) -> Vec<(&str, Range<usize>)> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, char) in text.char_indices().chain([(text.len(), ' ')]) {
        let single = matches!(char, '(' | ')' | '|');
        if !single && !char.is_whitespace() {
            start.get_or_insert(at);
            continue;
        }
        if let Some(start) = start.take() {
            words.push((&text[start..at], start..at));
        }
        if single {
            words.push((&text[at..=at], at..at + 1));
        }
    }
    words
}

impl Words<'_> {
    fn is(&self, ahead: usize, keyword: &str) -> bool {
        self.words.get(self.at + ahead).is_some_and(|(word, _)| word.eq_ignore_ascii_case(keyword))
    }

    fn take(&mut self, keyword: &str) -> bool {
        let taken = self.is(0, keyword);
        self.at += usize::from(taken);
        taken
    }

    fn error(&self, at: usize, problem: ConditionProblem) -> ConditionError {
        let range = self.words.get(at).map_or(self.end..self.end, |(_, range)| range.clone());
        ConditionError { range, problem }
    }

    /// What the word at hand, which cannot be here, is to be called.
    fn unexpected(&self) -> ConditionError {
        let problem = match self.words.get(self.at) {
            None => ConditionProblem::Unfinished,
            Some(("|", _)) => ConditionProblem::Aggregation,
            Some((word, _)) => ConditionProblem::Unexpected((*word).to_owned()),
        };
        self.error(self.at, problem)
    }

    fn any(&mut self, depth: usize) -> Result<Condition, ConditionError> {
        let mut parts = vec![self.all(depth)?];
        while self.take("or") {
            parts.push(self.all(depth)?);
        }
        Ok(joined(parts, Condition::Any))
    }

    fn all(&mut self, depth: usize) -> Result<Condition, ConditionError> {
        let mut parts = vec![self.one(depth)?];
        while self.take("and") {
            parts.push(self.one(depth)?);
        }
        Ok(joined(parts, Condition::All))
    }

    fn one(&mut self, depth: usize) -> Result<Condition, ConditionError> {
        if depth > MAX_CONDITION_DEPTH {
            return Err(self.error(self.at, ConditionProblem::TooDeep));
        }
        if self.take("not") {
            return Ok(Condition::Not(Box::new(self.one(depth + 1)?)));
        }
        if self.is(0, "(") {
            let open = self.at;
            self.at += 1;
            let inner = self.any(depth + 1)?;
            return match self.words.get(self.at) {
                Some((")", _)) => {
                    self.at += 1;
                    Ok(inner)
                }
                None => Err(self.error(open, ConditionProblem::Unclosed)),
                Some(_) => Err(self.unexpected()),
            };
        }
        if self.is(1, "of") { self.group() } else { self.name().map(Condition::Name) }
    }

    fn group(&mut self) -> Result<Condition, ConditionError> {
        let (word, _) = self.words[self.at];
        let quantifier = match word.to_ascii_lowercase().as_str() {
            "1" | "any" => Quantifier::One,
            "all" => Quantifier::All,
            _ if word.bytes().all(|byte| byte.is_ascii_digit()) => {
                return Err(self.error(self.at, ConditionProblem::Count(word.to_owned())));
            }
            _ => {
                self.at += 1;
                return Err(self.unexpected());
            }
        };
        self.at += 2;
        if self.take("them") {
            return Ok(Condition::Of(quantifier, Group::Them));
        }
        Ok(Condition::Of(quantifier, Group::Named(self.name()?)))
    }

    fn name(&mut self) -> Result<String, ConditionError> {
        let reserved = ["and", "or", "not", "of", "them", "(", ")", "|"];
        match self.words.get(self.at) {
            Some((word, _)) if !reserved.iter().any(|reserved| word.eq_ignore_ascii_case(reserved)) => {
                self.at += 1;
                Ok((*word).to_owned())
            }
            _ => Err(self.unexpected()),
        }
    }
}

fn joined(mut parts: Vec<Condition>, join: fn(Vec<Condition>) -> Condition) -> Condition {
    if parts.len() == 1 { parts.remove(0) } else { join(parts) }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Condition::Any(parts) => join(f, parts, " or ", |part| matches!(part, Condition::Any(_))),
            Condition::All(parts) => join(f, parts, " and ", is_join),
            Condition::Not(part) if is_join(part) => write!(f, "not ({part})"),
            Condition::Not(part) => write!(f, "not {part}"),
            Condition::Name(name) => f.write_str(name),
            Condition::Of(quantifier, group) => {
                f.write_str(match quantifier {
                    Quantifier::One => "1 of ",
                    Quantifier::All => "all of ",
                })?;
                f.write_str(match group {
                    Group::Them => "them",
                    Group::Named(pattern) => pattern,
                })
            }
        }
    }
}

fn is_join(part: &Condition) -> bool {
    matches!(part, Condition::Any(_) | Condition::All(_))
}

fn join(
    f: &mut fmt::Formatter<'_>,
    parts: &[Condition],
    between: &str,
    needs_parentheses: fn(&Condition) -> bool,
) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        if needs_parentheses(part) { write!(f, "({part})")? } else { write!(f, "{part}")? }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn condition() -> impl Strategy<Value = Condition> {
        let leaf = prop_oneof![
            "[a-z_]{1,4}[0-9]".prop_map(Condition::Name),
            (any::<bool>(), prop_oneof![Just(Group::Them), "[a-z]{1,3}[0-9]\\*".prop_map(Group::Named)])
                .prop_map(|(one, group)| {
                    Condition::Of(if one { Quantifier::One } else { Quantifier::All }, group)
                }),
        ];
        leaf.prop_recursive(5, 40, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 2..4).prop_map(Condition::Any),
                prop::collection::vec(inner.clone(), 2..4).prop_map(Condition::All),
                inner.prop_map(|part| Condition::Not(Box::new(part))),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_printed_condition_reads_the_same(condition in condition()) {
            prop_assert_eq!(Condition::parse(&condition.to_string()), Ok(condition));
        }

        #[test]
        fn no_text_makes_the_parser_panic(text in "(and|or|not|of|them|1|all|[a-z*]{1,3}|[()| ü]){0,12}") {
            let _ = Condition::parse(&text);
        }
    }

    #[test]
    fn precedence_and_spelling() {
        let shown = |text| Condition::parse(text).unwrap().to_string();
        assert_eq!(shown("a or b and not c"), "a or b and not c");
        assert_eq!(shown("( (a or b)) AND any of x*"), "(a or b) and 1 of x*");
        assert_eq!(shown("not (not a)"), "not not a");
        assert_eq!(shown("all and of1"), "all and of1");
    }

    #[test]
    fn faults_name_the_word() {
        let fault = |text: &str| {
            let error = Condition::parse(text).unwrap_err();
            format!("{:?}: {error}", text.get(error.range.clone()).unwrap())
        };
        let texts =
            ["", "a and", "a b", "(a or b", "a)", "a | count() > 3", "2 of x*", "of them", "not", "1 of (a)"];
        let shown: Vec<String> = texts.iter().map(|text| fault(text)).collect();
        insta::assert_snapshot!(shown.join("\n"), @r#"
        "": the condition ends where a selection must follow
        "": the condition ends where a selection must follow
        "b": `b` cannot stand here in the condition
        "(": the condition has a `(` without `)`
        ")": `)` cannot stand here in the condition
        "|": aggregations after `|` (count, min, max, avg, sum, near) are not supported
        "2": `2 of` is not supported
        "of": `of` cannot stand here in the condition
        "": the condition ends where a selection must follow
        "(": `(` cannot stand here in the condition
        "#);
        assert_eq!(Condition::parse(&"not ".repeat(100)).unwrap_err().problem, ConditionProblem::TooDeep);
    }
}
