//! The answer as a page: a short answer first, then everything that is known.

use super::answer::{Answer, Found, Named};
use super::event::{Event, Origin};
use super::search::Entry;
use crate::page::{Page, Words};
use crate::rules_command::{code_page, show};
use rdpwhy_rules::CauseId;
use rdpwhy_rules::codes::{Code, DialogText};

/// Causes that the short answer names.
const CAUSES_IN_SHORT: usize = 3;
/// Titles of signals that the short answer names.
const TITLES_IN_SHORT: usize = 4;
/// Meanings of one code that the short answer lists.
const MEANINGS_IN_SHORT: usize = 12;

/// The page.
pub(super) fn page(answer: &Answer<'_>) -> Page {
    let mut page = Page::default();
    page.heading(2, "In short");
    let short = short(answer);
    if short.is_empty() {
        unknown_words(&mut page, answer);
        return page;
    }
    page.items(short);
    try_next(&mut page, answer);
    if let Some(pair) = answer.pair {
        code_page::pair(&mut page, answer.pack, pair);
    }
    for found in &answer.codes {
        code(&mut page, answer, found);
    }
    for named in &answer.names {
        name(&mut page, answer, named);
    }
    for text in &answer.texts {
        dialog(&mut page, answer, text);
    }
    for event in &answer.events {
        self::event(&mut page, answer, event);
    }
    page
}

/// One line for each thing that was asked.
fn short(answer: &Answer<'_>) -> Vec<Words> {
    let mut lines = Vec::new();
    if let Some(pair) = answer.pair {
        let text =
            format!("{} with {}: {}. ", hex(answer.codes.first()), hex(answer.codes.last()), pair.title);
        lines.push(Words::from(text).and(points_to(answer, &pair.causes)));
    }
    for found in &answer.codes {
        lines.extend(short_code(answer, found));
    }
    for named in &answer.names {
        lines.extend(short_entries(answer, &named.entries));
        if named.entries.is_empty() {
            lines.push(format!("{}: not the name of a known code.", named.name).into());
        }
    }
    for text in &answer.texts {
        let said = format!("\"{}\": {}. ", text.text, full(&text.means));
        lines.push(Words::from(said).and(points_to(answer, &text.causes)));
    }
    lines.extend(answer.events.iter().flat_map(|event| short_event(answer, event)));
    lines.extend(short_hits(answer));
    lines
}

fn hex(found: Option<&Found<'_>>) -> String {
    found.map(|found| format!("{:#x}", found.code.number())).unwrap_or_default()
}

fn short_code(answer: &Answer<'_>, found: &Found<'_>) -> Vec<Words> {
    let mut lines = short_entries(answer, &found.entries);
    let is_event = answer.events.iter().any(|event| event.id == found.code.number() && event.is_known());
    match &found.as_hex {
        Some((_, entries)) if found.entries.is_empty() => {
            let digits = found.code.number();
            let text = format!("{digits} is not a known decimal code; you probably mean 0x{digits}:");
            lines.push(text.into());
            lines.extend(short_entries(answer, entries));
        }
        None if found.entries.is_empty() && !is_event => {
            lines.push(format!("{}: no table contains this code.", found.code).into());
        }
        _ => {}
    }
    lines
}

/// The meanings of a code or name; a code with several says where each applies.
fn short_entries(answer: &Answer<'_>, entries: &[Entry<'_>]) -> Vec<Words> {
    let mut lines = Vec::new();
    let several = entries.len() > 1;
    for (table, code) in entries.iter().take(MEANINGS_IN_SHORT) {
        let place = if several { format!(" · {}", table.title) } else { String::new() };
        let text = format!("{}: {}{place}. ", called(code), full(&code.means));
        let causes = if several { Words::default() } else { points_to(answer, &code.causes) };
        lines.push(Words::from(text).and(causes));
    }
    lines
}

fn called(code: &Code) -> String {
    match &code.name {
        Some(name) => format!("{}, {name}", code.value),
        None => code.value.to_string(),
    }
}

/// A sentence without its full stop.
fn full(text: &str) -> &str {
    text.trim_end().trim_end_matches('.')
}

fn points_to(answer: &Answer<'_>, causes: &[CauseId]) -> Words {
    let Some((first, _)) = causes.split_first() else { return Words::default() };
    let titles: Vec<Words> = match causes.len() {
        1 => vec![answer.pack.cause(*first).title.as_str().into()],
        _ => causes
            .iter()
            .take(CAUSES_IN_SHORT)
            .map(|id| Words::code(answer.pack.cause(*id).id.as_str()))
            .collect(),
    };
    let more = causes.len().saturating_sub(CAUSES_IN_SHORT);
    let tail = if more > 0 { format!(" and {more} more") } else { String::new() };
    Words::from("Points to ").and(Words::joined(titles, ", ")).and(tail + ".")
}

fn short_event(answer: &Answer<'_>, event: &Event<'_>) -> Vec<Words> {
    let mut lines = Vec::new();
    for origin in &event.origins {
        let titles: Vec<&str> =
            origin.signals.iter().map(|id| answer.pack.signal(*id).signal.title.as_str()).collect();
        let says = match titles.as_slice() {
            [only] => (*only).to_owned(),
            several => {
                let more = several.len().saturating_sub(TITLES_IN_SHORT);
                let tail = if more > 0 { format!("; and {more} more") } else { String::new() };
                format!("depends on its values: {}{tail}", several[..several.len() - more].join("; "))
            }
        };
        lines.push(format!("Event {} ({}): {}.", event.id, origin.title, full(&says)).into());
    }
    if event.elsewhere {
        let provider = event.provider.as_deref().unwrap_or_default();
        let text = format!("No rule knows an event {} of {provider}; above are those of others.", event.id);
        lines.push(text.into());
    } else if !event.is_known() {
        let provider = event.provider.as_ref().map(|provider| format!(" of {provider}")).unwrap_or_default();
        let mut text = format!("Event {}{provider}: no rule looks at this event.", event.id);
        if !event.others.is_empty() {
            text = format!("{text} Known with this ID: {}.", event.others.join("; "));
        }
        lines.push(text.into());
    }
    lines
}

fn short_hits(answer: &Answer<'_>) -> Vec<Words> {
    let hits = &answer.hits;
    let mut lines: Vec<Words> = Vec::new();
    for cause in &hits.causes {
        let text = Words::from(format!("Cause: {} · ", cause.title));
        lines.push(text.and(Words::code(format!("rdpwhy rules show {}", cause.id))));
    }
    for (table, code) in &hits.codes {
        lines.push(format!("{}: {} · {}", called(code), full(&code.means), table.title).into());
    }
    for signal in &hits.signals {
        let text = Words::from(format!("Signal: {} · ", signal.title));
        lines.push(text.and(Words::code(format!("rdpwhy rules show {}", signal.name))));
    }
    for notice in &hits.notices {
        let text = Words::from(format!("Notice: {} · ", notice.title));
        lines.push(text.and(Words::code(format!("rdpwhy rules show {}", notice.id))));
    }
    lines
}

/// What to type to have the codes weighed against logs.
fn try_next(page: &mut Page, answer: &Answer<'_>) {
    let Some((errors, extended)) = answer.pack.dialog() else { return };
    let of = |found: Option<&Found<'_>>, id: &str| {
        let found = found?;
        let hex = found.as_hex.as_ref().filter(|_| found.entries.is_empty());
        let (value, entries) = hex.map_or((&found.code, &found.entries), |(value, entries)| (value, entries));
        let is_in = entries.iter().any(|(table, _)| table.id == id);
        is_in.then(|| format!("{:#x}", value.number()))
    };
    let Some(error) = of(answer.codes.first(), &errors.id) else { return };
    let second = match answer.codes.as_slice() {
        [_, second] => of(Some(second), &extended.id),
        _ => None,
    };
    let second = second.map(|code| format!(" --extended {code}")).unwrap_or_default();
    page.text(
        Words::from("A code alone does not name the cause. To have it weighed against the logs: ")
            .and(Words::code(format!("rdpwhy LOGS --error {error}{second}"))),
    );
}

fn code(page: &mut Page, answer: &Answer<'_>, found: &Found<'_>) {
    let titled = answer.pair.is_none();
    let hex = found.as_hex.as_ref().filter(|_| found.entries.is_empty()).map(|(_, entries)| entries);
    for (table, code) in hex.unwrap_or(&found.entries) {
        code_page::entry(page, answer.pack, table, code, titled);
    }
    if let (Some((value, entries)), false) = (&found.as_hex, found.entries.is_empty()) {
        page.text(format!(
            "Read in hexadecimal, {value} means something else: {}.",
            entries.iter().map(|(_, code)| full(&code.means)).collect::<Vec<_>>().join("; ")
        ));
    }
    let is_event = answer.events.iter().any(|event| event.id == found.code.number() && event.is_known());
    if found.entries.is_empty() && hex.is_none() && !is_event {
        unknown_code(page, found);
    }
}

fn unknown_code(page: &mut Page, found: &Found<'_>) {
    page.heading(2, format!("{}  unknown", found.code));
    match found.tables.as_slice() {
        [only] => page.text(
            Words::from("The table ").and(Words::code(only.id.as_str())).and(" does not contain this code."),
        ),
        _ => page.text("No table contains this code."),
    }
    let line = |(table, code): &Entry<'_>| {
        let name = code.name.as_ref().map(|name| format!("{name}, ")).unwrap_or_default();
        Words::from(format!("{}  {name}{} ({})", code.value, code.means, table.id))
    };
    let near = found.near();
    if !near.is_empty() {
        page.text("One digit away:");
        page.items(near.iter().map(line).collect());
    }
    let tables: Vec<Words> = found.tables.iter().map(|table| Words::code(table.id.as_str())).collect();
    page.text(Words::from("Looked in: ").and(Words::joined(tables, ", ")).and("."));
}

fn name(page: &mut Page, answer: &Answer<'_>, named: &Named<'_>) {
    for (table, code) in &named.entries {
        code_page::entry(page, answer.pack, table, code, true);
    }
    if named.entries.is_empty() {
        page.heading(2, format!("{}  unknown", named.name));
        page.text("No code has this name.");
        if !named.near.is_empty() {
            page.text("Similar names:");
            page.items(named.near.iter().map(|name| Words::code(*name)).collect());
        }
        page.text("Try the number that stands beside the name, or a few words of what it means.");
    }
}

fn dialog(page: &mut Page, answer: &Answer<'_>, text: &DialogText) {
    page.heading(2, format!("\"{}\"", text.text));
    let mut terms = vec![("means", Words::from(text.means.as_str()))];
    terms.extend(text.not.as_ref().map(|not| ("does not mean", Words::from(not.as_str()))));
    if !text.codes.is_empty() {
        let codes: Vec<String> = text.codes.iter().map(|code| format!("{:#x}", code.number())).collect();
        terms.push(("comes with", codes.join(", ").into()));
    }
    page.terms(terms);
    code_page::points_to(page, answer.pack, &text.causes);
}

fn event(page: &mut Page, answer: &Answer<'_>, event: &Event<'_>) {
    for origin in &event.origins {
        page.heading(2, format!("Event {} · {}", event.id, origin.title));
        if let Some(message) = origin.message {
            page.text(format!("Windows says: \"{message}\""));
        }
        signals(page, answer, origin);
    }
    if !event.is_known() && !event.elsewhere {
        page.text(
            "An event that no rule looks at neither speaks for a cause nor against one; it can still show up among the leads of a \
             diagnosis.",
        );
    }
}

fn signals(page: &mut Page, answer: &Answer<'_>, origin: &Origin<'_>) {
    let each = origin.signals.iter().map(|id| {
        let signal = answer.pack.signal(*id).signal;
        let mut below = Page::default();
        below.text(signal.description.as_deref().unwrap_or_default());
        if !signal.false_positives.is_empty() {
            below.text(format!("Also written by: {}.", signal.false_positives.join("; ")));
        }
        let users = show::users(answer.pack, *id);
        let used = if users.is_empty() { "nothing".into() } else { Words::joined(users, "; ") };
        below.terms(vec![("signal", Words::code(signal.name.as_str())), ("used by", used)]);
        (signal.title.as_str().into(), below)
    });
    page.numbered(each.collect());
}

/// Nothing is known: what was understood, what comes near, and what to try.
fn unknown_words(page: &mut Page, answer: &Answer<'_>) {
    const SHOWN: usize = 200;
    let asked: String = answer.asked.chars().take(SHOWN).collect();
    page.text(format!("Nothing is known about \"{asked}\". It was read as words: it contains no code, name of a code or event."));
    if !answer.near_texts.is_empty() {
        page.text("The nearest known messages:");
        let line = |text: &&DialogText| Words::from(format!("\"{}\": {}", text.text, full(&text.means)));
        page.items(answer.near_texts.iter().map(line).collect());
    }
    page.text("What to try:");
    let of_dialog = "the code of the dialog (under Details or See details): rdpwhy explain 0x904/0x7";
    let mut hints: Vec<Words> = Vec::new();
    hints.extend(answer.pack.dialog().map(|_| of_dialog.into()));
    hints.extend([
        "an event of the log with its provider: rdpwhy explain PROVIDER ID".into(),
        "fewer words, in English: rdpwhy explain \"access denied\"".into(),
        "the whole text of the dialog: rdpwhy explain - < message.txt".into(),
    ]);
    page.items(hints);
}
