//! The page about all cases: one file for a browser, whole without its script, which sorts and filters.

mod axis;
mod time;

use crate::row::{CaseRow, SharedRow};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use rdpwhy_report::{html_head, visible};
use rdpwhy_rules::Pack;
use rdpwhy_rules::ladder::DomainWords;
use std::collections::{BTreeMap, BTreeSet};
use time::time;

/// The looks of the page.
const STYLE: &str = include_str!("index/style.css");
/// Sorts and filters the table of cases.
const SCRIPT: &str = include_str!("index/script.js");
/// Hosts that are listed.
const HOSTS: usize = 50;
/// Cases of a finding that are listed.
const CASES: usize = 20;

/// The page. `cases` are listed in their order.
#[must_use]
pub fn index(cases: &[CaseRow], shared: &[SharedRow], version: &str, pack: &Pack) -> String {
    let title = format!("{} cases · rdpwhy", cases.len());
    let words = &pack.ladder().words;
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            (html_head(&title, STYLE, SCRIPT))
            body {
                h1 { (cases.len()) " cases" }
                (totals(cases))
                (findings(shared, cases))
                (causes(cases, words))
                (axis::axis(cases))
                (hosts(cases, words))
                (table(cases, words))
                footer { p { "rdpwhy " (version) " · rules " code { (pack.fingerprint()) } " · times are UTC" } }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string() + "\n"
}

/// How many cases have which verdict.
fn totals(cases: &[CaseRow]) -> Markup {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for case in cases {
        *counts.entry(outcome(case)).or_default() += 1;
    }
    html! {
        ul.totals { @for (word, count) in &counts { li { strong { (count) } " " (outcome_words(word)) } } }
    }
}

/// The verdict, or that there is none.
fn outcome(case: &CaseRow) -> &str {
    if case.error.is_some() { "error" } else { case.verdict.as_deref().unwrap_or("error") }
}

fn outcome_words(outcome: &str) -> &str {
    match outcome {
        "no_evidence" => "no evidence",
        "error" => "could not be diagnosed",
        other => other,
    }
}

fn findings(shared: &[SharedRow], cases: &[CaseRow]) -> Markup {
    let reports: BTreeMap<&str, &CaseRow> = cases.iter().map(|case| (case.case.as_str(), case)).collect();
    html! {
        section #shared {
            h2 { "What failing cases share" }
            @if shared.is_empty() {
                p { "Nothing that chance would not explain, as far as these logs show." }
            }
            ul {
                @for row in shared { li {
                    (visible(&row.says))
                    @if !row.also.is_empty() {
                        " The same cases share: " (visible(&row.also.join(", "))) "."
                    }
                    details {
                        summary { (row.cases.len()) " cases" }
                        @for (at, name) in row.cases.iter().take(CASES).enumerate() {
                            @if at > 0 { ", " }
                            @match reports.get(name.as_str()) { Some(case) => (link(case)), None => (visible(name)) }
                        }
                        @if row.cases.len() > CASES { ", …" }
                    }
                } }
            }
        }
    }
}

/// Cases of a cause.
#[derive(Default)]
struct OfCause<'c> {
    title: &'c str,
    cases: usize,
    diagnosed: usize,
    hosts: BTreeSet<&'c str>,
    first: Option<&'c str>,
    last: Option<&'c str>,
}

fn causes(cases: &[CaseRow], words: &DomainWords) -> Markup {
    let mut causes: BTreeMap<&str, OfCause<'_>> = BTreeMap::new();
    for case in cases {
        let Some(cause) = &case.cause else { continue };
        let of = causes.entry(cause).or_default();
        of.title = case.title.as_deref().unwrap_or(cause);
        of.cases += 1;
        of.diagnosed += usize::from(case.verdict.as_deref() == Some("diagnosed"));
        of.hosts.extend(case.host.as_deref());
        of.first = of.first.into_iter().chain(case.first_failure.as_deref()).min();
        of.last = of.last.into_iter().chain(case.last_failure.as_deref()).max();
    }
    let mut sorted: Vec<(&str, OfCause<'_>)> = causes.into_iter().collect();
    sorted.sort_by(|one, other| other.1.cases.cmp(&one.1.cases).then_with(|| one.0.cmp(other.0)));
    html! {
        section #causes {
            h2 { "By cause" }
            table {
                thead { tr { th { "Most likely cause" } th { "Cases" } th { "Diagnosed" } th { (capital(&words.host)) "s" } th { "First failure" } th { "Last failure" } } }
                tbody { @for (id, of) in &sorted { tr {
                    td { (visible(of.title)) " " code { (visible(id)) } }
                    td.number { (of.cases) } td.number { (of.diagnosed) } td.number { (of.hosts.len()) }
                    td.time { (time(of.first)) } td.time { (time(of.last)) }
                } } }
            }
        }
    }
}

fn hosts(cases: &[CaseRow], words: &DomainWords) -> Markup {
    let mut hosts: BTreeMap<String, Vec<&CaseRow>> = BTreeMap::new();
    for case in cases {
        if let Some(host) = &case.host {
            hosts.entry(host.to_lowercase()).or_default().push(case);
        }
    }
    let mut sorted: Vec<(String, Vec<&CaseRow>)> = hosts.into_iter().filter(|(_, of)| of.len() > 1).collect();
    sorted.sort_by(|one, other| other.1.len().cmp(&one.1.len()).then_with(|| one.0.cmp(&other.0)));
    html! {
        @if !sorted.is_empty() { section #hosts {
            h2 { (capital(&words.host)) "s with several cases" }
            ul { @for (host, of) in sorted.iter().take(HOSTS) { li {
                (visible(host)) ": "
                @for (at, case) in of.iter().take(CASES).enumerate() { @if at > 0 { ", " } (link(case)) }
                @if of.len() > CASES { ", … (" (of.len()) ")" }
            } } }
            @if sorted.len() > HOSTS { p { (sorted.len() - HOSTS) " more " (words.host) "s are in cases.jsonl." } }
        } }
    }
}

fn table(cases: &[CaseRow], words: &DomainWords) -> Markup {
    let host = capital(&words.host);
    let columns = [
        "Case",
        "Verdict",
        "Cause or error",
        "Probability",
        host.as_str(),
        "First failure",
        "Last failure",
        "Failed",
    ];
    html! {
        section #cases {
            h2 { "All cases" }
            p.filter hidden { label { "Show cases with " input #filter type="search"; } " " span #shown role="status" {} }
            div.wide { table #all {
                thead { tr { @for column in columns { th scope="col" { (column) } } } }
                tbody { @for case in cases { (row(case)) } }
            } }
        }
    }
}

fn row(case: &CaseRow) -> Markup {
    let outcome = outcome(case);
    html! {
        tr {
            td { (link(case)) (other_reports(case)) }
            td class=(outcome) { (outcome_words(outcome)) @if !case.complete && case.error.is_none() { " (incomplete input)" } }
            td { (visible(case.error.as_deref().or(case.title.as_deref()).unwrap_or(""))) }
            td.number data-value=(case.probability.map(|p| format!("{p:.6}")).unwrap_or_default()) {
                @if let Some(probability) = case.probability { (percent(probability)) }
            }
            td { (visible(case.host.as_deref().unwrap_or(""))) }
            td { (time(case.first_failure.as_deref())) }
            td { (time(case.last_failure.as_deref())) }
            td.number { @if case.error.is_none() { (case.failed) } }
        }
    }
}

/// The format and the place of the report that a case's name leads to: the page for browsers, if there is one.
fn main_report(case: &CaseRow) -> Option<(&String, &String)> {
    case.reports.get_key_value("html").or_else(|| case.reports.first_key_value())
}

/// The name of the case, leading to its report.
fn link(case: &CaseRow) -> Markup {
    html! {
        @match main_report(case) {
            Some((_, report)) => a href=(report) { (visible(&case.case)) },
            None => (visible(&case.case)),
        }
    }
}

/// Its reports in other formats.
fn other_reports(case: &CaseRow) -> Markup {
    let main = main_report(case).map(|(format, _)| format);
    html! {
        @for (format, report) in case.reports.iter().filter(|(format, _)| Some(*format) != main) {
            " " a.other href=(report) { (format) }
        }
    }
}

/// A word as a title begins with it.
fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn percent(probability: f64) -> String {
    match probability * 100.0 {
        percent if percent >= 99.5 => "> 99 %".to_owned(),
        percent if percent < 1.0 => "< 1 %".to_owned(),
        percent => format!("{percent:.0} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_are_inert_and_the_page_is_complete_without_script() {
        let pack = Pack::built_in(&[]).expect("the built-in rules are right").0;
        let hostile = "<script>alert(1)</script>\u{202e}\u{1b}[2J\"'";
        let mut case = crate::rows::failed(hostile, hostile).case;
        case.host = Some(hostile.to_owned());
        case.first_failure = Some("2026-03-09T08:00:00.0000000Z".to_owned());
        let page = index(&[case.clone(), case], &[], "0", &pack);
        assert_eq!(page.matches("<script>").count(), 1, "{page}");
        assert!(page.contains("&lt;script&gt;alert(1)") && !page.contains(['\u{202e}', '\u{1b}']));
        assert!(page.contains("could not be diagnosed") && page.contains("2026-03-09 08:00"));
        for text in [STYLE, SCRIPT] {
            assert!(text.is_ascii() && !text.contains(['\t', '\r']) && !text.contains("</"));
        }
    }
}
