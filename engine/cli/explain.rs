//! `rdpwhy explain`: what a code means, what it does not mean, and which causes it points to.

use crate::arguments::{Explain, Output, TypedCode};
use crate::page::{Page, Words};
use crate::rules_command::{code_page, load};
use rdpwhy_rules::{CauseId, Code, CodePair, CodeTable, CodeValue, Pack};
use serde_json::{Value, json};

/// All codes are known.
const KNOWN: u8 = 0;
/// Some code is not.
const UNKNOWN: u8 = 1;

/// The answer, and the exit status.
///
/// # Errors
/// Rules that cannot be used, or a table that is not there.
pub(crate) fn run(asked: &Explain) -> Result<(String, u8), String> {
    let pack = load(asked.rules.as_deref())?;
    let answer = Answer::new(&pack, asked)?;
    let text = match asked.format {
        Output::Text => answer.page().to_text(),
        Output::Json => format!("{:#}\n", answer.json()),
    };
    let known = answer.found.iter().all(|found| !found.entries.is_empty());
    Ok((text, if known { KNOWN } else { UNKNOWN }))
}

struct Answer<'p> {
    pack: &'p Pack,
    found: Vec<Found<'p>>,
    pair: Option<&'p CodePair>,
}

/// A code with the tables that hold it.
struct Found<'p> {
    code: CodeValue,
    tables: Vec<&'p CodeTable>,
    entries: Vec<(&'p CodeTable, &'p Code)>,
}

impl<'p> Found<'p> {
    fn new(code: &TypedCode, tables: Vec<&'p CodeTable>) -> Self {
        let message = CodeValue::Message(code.value.number());
        let find = |table: &'p CodeTable| {
            table.find(&code.value).or_else(|| if code.decimal { table.find(&message) } else { None })
        };
        let entries = tables.iter().filter_map(|table| Some((*table, find(table)?))).collect();
        Found { code: code.value.clone(), tables, entries }
    }
}

impl<'p> Answer<'p> {
    fn new(pack: &'p Pack, asked: &Explain) -> Result<Self, String> {
        if let [first, second] = asked.codes.as_slice() {
            if asked.table.is_some() {
                return Err("error: a pair is looked up in the tables of the client's dialog\n = help: leave out --table, \
                            or ask for one code at a time"
                    .to_owned());
            }
            let Some((errors, extended)) = pack.dialog() else {
                return Err(
                    "error: no table of codes says `paired_with`, so pairs cannot be looked up".to_owned()
                );
            };
            let pair =
                errors.pairs.iter().find(|pair| pair.value == first.value && pair.with == second.value);
            return Ok(Answer {
                pack,
                found: vec![Found::new(first, vec![errors]), Found::new(second, vec![extended])],
                pair,
            });
        }
        let tables: Vec<&CodeTable> = pack
            .codes()
            .iter()
            .filter(|table| asked.table.as_ref().is_none_or(|id| table.id == *id))
            .collect();
        if tables.is_empty() {
            let ids: Vec<&str> = pack.codes().iter().map(|table| table.id.as_str()).collect();
            let asked = asked.table.as_deref().unwrap_or_default();
            return Err(format!(
                "error: there is no table `{asked}`\n = help: the tables are {}",
                ids.join(", ")
            ));
        }
        let found = asked.codes.iter().map(|code| Found::new(code, tables.clone())).collect();
        Ok(Answer { pack, found, pair: None })
    }

    fn page(&self) -> Page {
        let mut page = Page::default();
        if let Some(pair) = self.pair {
            code_page::pair(&mut page, self.pack, pair);
        }
        for found in &self.found {
            for (table, code) in &found.entries {
                code_page::entry(&mut page, self.pack, table, code, self.pair.is_none());
            }
            if found.entries.is_empty() {
                unknown(&mut page, found);
            }
        }
        page
    }

    fn json(&self) -> Value {
        let codes = self.found.iter().map(|found| {
            let near = code_page::near(&found.tables, &found.code);
            json!({
                "code": written(&found.code),
                "entries": found.entries.iter().map(|(table, code)| self.entry(table, code)).collect::<Vec<_>>(),
                "near": if found.entries.is_empty() {
                    near.iter().map(|(table, code)| self.entry(table, code)).collect::<Vec<_>>()
                } else {
                    Vec::new()
                },
            })
        });
        let pair = self.pair.map(|pair| {
            json!({
                "title": pair.title,
                "says": pair.says,
                "causes": self.causes(&pair.causes),
                "source": pair.source,
            })
        });
        json!({ "schema_version": 1, "codes": codes.collect::<Vec<_>>(), "pair": pair })
    }

    fn entry(&self, table: &CodeTable, code: &Code) -> Value {
        json!({
            "code": written(&code.value),
            "decimal": code.value.number(),
            "table": table.id,
            "table_title": table.title,
            "name": code.name,
            "means": code.means,
            "does_not_mean": code.not,
            "causes": self.causes(&code.causes),
            "verified": code.verified,
            "source": table.source,
        })
    }

    fn causes(&self, causes: &[CauseId]) -> Vec<Value> {
        let cause = |id: &CauseId| {
            let cause = self.pack.cause(*id);
            json!({ "cause": cause.id, "title": cause.title })
        };
        causes.iter().map(cause).collect()
    }
}

fn written(code: &CodeValue) -> String {
    match code {
        CodeValue::Number(number) => format!("{number:#x}"),
        CodeValue::Message(_) => code.to_string(),
    }
}

fn unknown(page: &mut Page, found: &Found<'_>) {
    page.heading(2, format!("{}  unknown", found.code));
    match found.tables.as_slice() {
        [only] => page.text(
            Words::from("The table ").and(Words::code(only.id.as_str())).and(" does not hold this code."),
        ),
        _ => page.text("No table holds this code."),
    }
    let near = code_page::near(&found.tables, &found.code);
    let line = |(table, code): &(&CodeTable, &Code)| {
        let name = code.name.as_ref().map(|name| format!("{name}, ")).unwrap_or_default();
        Words::from(format!("{}  {name}{} ({})", code.value, code.means, table.id))
    };
    if !near.is_empty() {
        page.text("One digit away:");
        page.items(near.iter().map(line).collect());
    }
    let tables: Vec<Words> = found.tables.iter().map(|table| Words::code(table.id.as_str())).collect();
    page.text(Words::from("Looked in: ").and(Words::joined(tables, ", ")).and("."));
}
