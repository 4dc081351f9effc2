//! Codes: the answer to `explain`, and the page of all of them.

use crate::page::{Page, Words};
use rdpwhy_rules::codes::{Code, CodePair, CodeTable, CodeValue};
use rdpwhy_rules::{Cause, CauseId, Pack};

/// What an entry says, below a heading with the code and its name; `titled` tells the titles of its causes as well.
pub(crate) fn entry(page: &mut Page, pack: &Pack, table: &CodeTable, code: &Code, titled: bool) {
    let name = code.name.as_ref().map(|name| format!("  {name}")).unwrap_or_default();
    page.heading(2, format!("{}{name}", code.value));
    page.text(table.title.as_str());
    let mut terms = Vec::new();
    if !code.also.is_empty() {
        terms.push((
            "also",
            Words::joined(code.also.iter().map(|name| Words::code(name.as_str())).collect(), ", "),
        ));
    }
    terms.push(("means", Words::from(code.means.as_str())));
    terms.extend(code.not.as_ref().map(|not| ("does not mean", Words::from(not.as_str()))));
    if !code.verified {
        terms.push(("unverified", "no document and no real record shows it; it comes from practice".into()));
    }
    terms.push(("table", Words::code(table.id.as_str())));
    terms.push(("source", table.source.as_str().into()));
    let ids: Vec<Words> = code.causes.iter().map(|id| Words::code(pack.cause(*id).id.as_str())).collect();
    if !titled && !ids.is_empty() {
        terms.push(("points to", Words::joined(ids, ", ")));
    }
    page.terms(terms);
    if titled {
        points_to(page, pack, &code.causes);
    }
}

/// What a pair says beyond its two codes.
pub(crate) fn pair(page: &mut Page, pack: &Pack, pair: &CodePair) {
    page.heading(2, format!("{} together with {}", pair.value, pair.with));
    page.text(capital(&pair.title) + ".");
    page.items(pair.says.iter().map(|says| says.as_str().into()).collect());
    page.terms(vec![("source", pair.source.as_str().into())]);
    points_to(page, pack, &pair.causes);
}

/// The causes that something points to.
pub(crate) fn points_to(page: &mut Page, pack: &Pack, causes: &[CauseId]) {
    if causes.is_empty() {
        return;
    }
    page.text("It points to:");
    let line = |id: &CauseId| {
        let cause = pack.cause(*id);
        Words::code(cause.id.as_str()).and(": ").and(cause.title.as_str())
    };
    page.items(causes.iter().map(line).collect());
}

/// The page of all codes.
pub(crate) fn all(pack: &Pack, link: &dyn Fn(&Cause) -> Words) -> Page {
    let mut page = Page::default();
    page.heading(1, "Codes");
    page.text(
        Words::from("What the numbers in records and in the client's dialog mean. ")
            .and(Words::code("rdpwhy explain CODE"))
            .and(" looks one up, ")
            .and(Words::code("rdpwhy explain ERROR EXTENDED"))
            .and(" the two of the dialog together."),
    );
    for table in pack.codes() {
        self::table(&mut page, pack, table, link);
    }
    page
}

/// One table.
pub(crate) fn table(page: &mut Page, pack: &Pack, table: &CodeTable, link: &dyn Fn(&Cause) -> Words) {
    page.heading(2, table.title.as_str());
    page.terms(vec![("table", Words::code(table.id.as_str())), ("source", table.source.as_str().into())]);
    let fields: Vec<Words> = table
        .fields
        .iter()
        .map(|of| {
            Words::from(format!("{} {}, ", of.provider, of.event_id)).and(Words::code(of.field.as_str()))
        })
        .collect();
    if !fields.is_empty() {
        page.text("Found in:");
        page.items(fields);
    }
    let rows = table.entries.iter().map(|code| {
        let mut means = Words::from(code.means.as_str());
        if let Some(not) = &code.not {
            means = means.and(". Not: ").and(not.as_str());
        }
        if !code.verified {
            means = means.and(" (unverified)");
        }
        let causes = code.causes.iter().map(|id| link(pack.cause(*id))).collect();
        vec![
            code.value.to_string().into(),
            code.names().collect::<Vec<_>>().join(", ").into(),
            means,
            Words::joined(causes, ", "),
        ]
    });
    page.table(vec!["Code", "Name", "Means", "Points to"], rows.collect());
    for pair in &table.pairs {
        page.heading(3, format!("{} together with {}", pair.value, pair.with));
        page.text(capital(&pair.title) + ".");
        page.items(pair.says.iter().map(|says| says.as_str().into()).collect());
        let causes = pair.causes.iter().map(|id| link(pack.cause(*id))).collect();
        page.terms(vec![("points to", Words::joined(causes, ", ")), ("source", pair.source.as_str().into())]);
    }
    texts(page, pack, table, link);
}

/// The sentences of the dialog.
fn texts(page: &mut Page, pack: &Pack, table: &CodeTable, link: &dyn Fn(&Cause) -> Words) {
    if table.texts.is_empty() {
        return;
    }
    page.heading(3, "Texts of the dialog");
    let rows = table.texts.iter().map(|text| {
        let mut means = Words::from(text.means.as_str());
        if let Some(not) = &text.not {
            means = means.and(". Not: ").and(not.as_str());
        }
        let causes = text.causes.iter().map(|id| link(pack.cause(*id))).collect();
        vec![text.text.as_str().into(), means, Words::joined(causes, ", ")]
    });
    page.table(vec!["Text", "Means", "Points to"], rows.collect());
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}", first.to_uppercase(), letters.as_str()))
}

/// Known codes that differ from the wanted one in one digit, the nearest in value first, at most five.
pub(crate) fn near<'p>(tables: &[&'p CodeTable], wanted: &CodeValue) -> Vec<(&'p CodeTable, &'p Code)> {
    let mut found: Vec<(u32, &CodeTable, &Code)> = Vec::new();
    for table in tables {
        for code in table.entries.iter().filter(|code| differ_in_one(code.value.number(), wanted.number())) {
            found.push((code.value.number().abs_diff(wanted.number()), table, code));
        }
    }
    found.sort_by_key(|(distance, table, _)| (*distance, table.id.as_str()));
    found.into_iter().take(5).map(|(_, table, code)| (table, code)).collect()
}

/// Whether two numbers of several digits differ in one digit, put in, left out or changed, in hexadecimal or decimal.
fn differ_in_one(a: u32, b: u32) -> bool {
    let alike = |a: &str, b: &str| {
        let same_before = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
        let behind = a.len().min(b.len()) - same_before;
        let same_behind =
            a.bytes().rev().zip(b.bytes().rev()).take(behind).take_while(|(x, y)| x == y).count();
        let longest = a.len().max(b.len());
        longest > 2 && a != b && longest - same_before - same_behind <= 1
    };
    alike(&format!("{a:x}"), &format!("{b:x}")) || alike(&a.to_string(), &b.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wrong_digit_is_near() {
        assert!(differ_in_one(0x904, 0x905));
        assert!(differ_in_one(0x904, 0x94));
        assert!(differ_in_one(2308, 2318));
        assert!(!differ_in_one(0x904, 0x904));
        assert!(!differ_in_one(0x904, 0x775));
        assert!(!differ_in_one(1, 2));
    }
}
