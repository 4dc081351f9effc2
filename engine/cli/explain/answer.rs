//! The answer to a question.

use super::event::Event;
use super::question::{Question, TypedCode};
use super::search::{Entry, Hits, dialogs, hits, nearest_texts};
use crate::failure::Failure;
use crate::rules_command::code_page;
use rdpwhy_rules::Pack;
use rdpwhy_rules::codes::{CodePair, CodeTable, CodeValue, DialogText};

/// Names that are offered for one that is not known.
const NEAR_NAMES: usize = 5;

/// What is known about everything that was asked.
pub(super) struct Answer<'p> {
    pub(super) pack: &'p Pack,
    pub(super) pair: Option<&'p CodePair>,
    pub(super) codes: Vec<Found<'p>>,
    pub(super) names: Vec<Named<'p>>,
    pub(super) events: Vec<Event<'p>>,
    /// Sentences of dialogs in what was asked.
    pub(super) texts: Vec<&'p DialogText>,
    /// What else the words are found in.
    pub(super) hits: Hits<'p>,
    /// Where nothing at all is known: sentences that share words with what was asked.
    pub(super) near_texts: Vec<&'p DialogText>,
    /// What was asked, on one line.
    pub(super) asked: String,
}

/// A code with the tables that contain it.
pub(super) struct Found<'p> {
    pub(super) code: CodeValue,
    pub(super) tables: Vec<&'p CodeTable>,
    pub(super) entries: Vec<Entry<'p>>,
    /// The code that the same digits are in hexadecimal, and what that means: `904` may stand for 0x904.
    pub(super) as_hex: Option<(CodeValue, Vec<Entry<'p>>)>,
}

/// The name of a code.
pub(super) struct Named<'p> {
    pub(super) name: String,
    pub(super) entries: Vec<Entry<'p>>,
    pub(super) near: Vec<&'p str>,
}

impl<'p> Found<'p> {
    fn new(typed: &TypedCode, tables: Vec<&'p CodeTable>) -> Self {
        let code = typed.value.clone();
        let mut values = vec![code.clone()];
        if typed.decimal.is_some() {
            values.push(CodeValue::Message(code.number()));
        }
        let entries = entries(&tables, &values);
        let as_hex = typed.decimal.as_ref().and_then(|digits| {
            let value = CodeValue::parse(&format!("0x{digits}"))?;
            let entries = self::entries(&tables, std::slice::from_ref(&value));
            (value != code && !entries.is_empty()).then_some((value, entries))
        });
        Found { code, tables, entries, as_hex }
    }

    fn is_known(&self) -> bool {
        !self.entries.is_empty() || self.as_hex.is_some()
    }

    /// The known codes next to an unknown one.
    pub(super) fn near(&self) -> Vec<Entry<'p>> {
        if self.is_known() { Vec::new() } else { code_page::near(&self.tables, &self.code) }
    }
}

fn entries<'p>(tables: &[&'p CodeTable], values: &[CodeValue]) -> Vec<Entry<'p>> {
    let find = |table: &'p CodeTable| values.iter().find_map(|value| table.find(value));
    tables.iter().filter_map(|table| Some((*table, find(table)?))).collect()
}

impl<'p> Named<'p> {
    fn new(name: &str, tables: &[&'p CodeTable]) -> Self {
        let all = || tables.iter().flat_map(|table| table.entries.iter().map(|code| (*table, code)));
        let entries: Vec<Entry<'p>> = all().filter(|(_, code)| code.is_called(name)).collect();
        let mut near = Vec::new();
        if entries.is_empty() {
            let mut known: Vec<&str> = all().flat_map(|(_, code)| code.names()).collect();
            known.sort_unstable();
            known.dedup();
            while near.len() < NEAR_NAMES {
                let Some(found) = rdpwhy_yaml::nearest(name, &known) else { break };
                known.retain(|name| *name != found);
                near.push(found);
            }
        }
        Named { name: rdpwhy_report::visible(name), entries, near }
    }
}

impl<'p> Answer<'p> {
    /// # Errors
    /// There is no such table.
    pub(super) fn new(
        pack: &'p Pack,
        question: &Question,
        text: &str,
        table: Option<&str>,
    ) -> Result<Self, Failure> {
        let tables = tables(pack, table)?;
        let (pair, codes) = codes(pack, question, &tables, table.is_none());
        let mut events: Vec<Event<'p>> = question
            .events
            .iter()
            .map(|event| Event::new(pack, event.id, event.provider.as_deref()))
            .collect();
        // A decimal number that is asked alone may be an event as well.
        let alone = question.codes.len() == 1 && table.is_none();
        if let Some(code) = question.codes.first().filter(|code| alone && code.decimal.is_some()) {
            let event = Event::new(pack, code.value.number(), None);
            events.extend(event.is_known().then_some(event));
        }
        let texts = dialogs(pack, question);
        let is_open = texts.is_empty() && codes.is_empty() && events.is_empty();
        let hits = if is_open { hits(pack, &question.words) } else { Hits::default() };
        let names = question.names.iter().map(|name| Named::new(name, &tables)).collect();
        let mut answer = Answer {
            pack,
            pair,
            codes,
            names,
            events,
            texts,
            hits,
            near_texts: Vec::new(),
            asked: rdpwhy_report::visible(&text.split_whitespace().collect::<Vec<_>>().join(" ")),
        };
        if is_open && answer.names.is_empty() && answer.hits.is_empty() {
            answer.near_texts = nearest_texts(pack, question);
        }
        Ok(answer)
    }

    /// Whether everything that was asked is known.
    pub(super) fn is_known(&self) -> bool {
        let event_of = |code: &CodeValue| self.events.iter().any(|event| event.id == code.number());
        let has_answer = !self.codes.is_empty()
            || !self.names.is_empty()
            || !self.events.is_empty()
            || !self.texts.is_empty()
            || !self.hits.is_empty();
        has_answer
            && self.codes.iter().all(|found| found.is_known() || event_of(&found.code))
            && self.names.iter().all(|named| !named.entries.is_empty())
            && self.events.iter().all(Event::is_known)
    }
}

fn tables<'p>(pack: &'p Pack, only: Option<&str>) -> Result<Vec<&'p CodeTable>, Failure> {
    let tables: Vec<&CodeTable> =
        pack.codes().iter().filter(|table| only.is_none_or(|id| table.id == *id)).collect();
    if tables.is_empty() {
        let ids: Vec<&str> = pack.codes().iter().map(|table| table.id.as_str()).collect();
        let asked = only.unwrap_or_default();
        return Err(Failure::new(format!("there is no table `{asked}`"))
            .help(format!("the tables are {}", ids.join(", "))));
    }
    Ok(tables)
}

/// The codes asked: the two of a dialog are looked up in the dialog's own tables.
fn codes<'p>(
    pack: &'p Pack,
    question: &Question,
    tables: &[&'p CodeTable],
    may_pair: bool,
) -> (Option<&'p CodePair>, Vec<Found<'p>>) {
    let all = |code: &TypedCode| Found::new(code, tables.to_vec());
    if let ([first, second], Some((errors, extended)), true) =
        (question.codes.as_slice(), pack.dialog(), may_pair)
    {
        let (one, two) = (Found::new(first, vec![errors]), Found::new(second, vec![extended]));
        if one.is_known() {
            let value = |found: &Found<'_>| match (&found.as_hex, found.entries.is_empty()) {
                (Some((hex, _)), true) => hex.clone(),
                _ => found.code.clone(),
            };
            let (value, with) = (value(&one), value(&two));
            let pair = errors.pairs.iter().find(|pair| pair.value == value && pair.with == with);
            let two = if two.is_known() { two } else { all(second) };
            return (pair, vec![one, two]);
        }
    }
    (None, question.codes.iter().map(all).collect())
}
