//! The HTML page and the Mermaid chart, as their readers get them.

#![allow(clippy::unwrap_used, reason = "a test says by panicking that something is wrong")]

use crate::fixture;
use rdpwhy_diagnose::Diagnosis;
use rdpwhy_report::{HtmlOptions, html, mermaid};

fn page(diagnosis: &Diagnosis) -> String {
    html(diagnosis, &HtmlOptions::default())
}

/// The page without style and script, an element on each line.
fn readable(page: &str) -> String {
    let without = |text: &str, element: &str| {
        let (before, rest) = text.split_once(&format!("<{element}>")).unwrap();
        let (_, behind) = rest.split_once(&format!("</{element}>")).unwrap();
        format!("{before}<{element}/>{behind}")
    };
    let page = without(&without(page, "style"), "script");
    let (before, rest) =
        page.split_once("style-src 'sha256-").or_else(|| page.split_once("style-src &#39;")).unwrap();
    let (_, behind) = rest.split_once("base-uri").unwrap();
    format!("{before}… base-uri{behind}").replace("><", ">\n<")
}

#[test]
fn pages_read_as_recorded() {
    for (name, diagnosis) in fixture::all() {
        insta::assert_snapshot!(name, readable(&page(&diagnosis)));
    }
}

#[test]
fn charts_read_as_recorded() {
    for (name, diagnosis) in fixture::all() {
        insta::assert_snapshot!(format!("{name}_chart"), mermaid(&diagnosis, None));
    }
}

/// All values of an attribute.
fn values<'p>(page: &'p str, attribute: &str) -> Vec<&'p str> {
    let start = format!(" {attribute}=\"");
    page.split(&start).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn ids_are_unique_and_every_reference_has_its_aim() {
    for (name, diagnosis) in fixture::all() {
        let page = page(&diagnosis);
        let mut ids = values(&page, "id");
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "{name}");
        let links = values(&page, "href").into_iter().map(|link| link.strip_prefix('#').unwrap());
        let labels = values(&page, "aria-labelledby").into_iter().flat_map(str::split_whitespace);
        for aim in links.chain(labels) {
            assert!(ids.binary_search(&aim).is_ok(), "{name}: {aim}");
        }
    }
}

#[test]
fn headings_go_down_one_level_at_a_time() {
    for (name, diagnosis) in fixture::all() {
        let page = page(&diagnosis);
        let levels: Vec<u32> =
            page.split("<h").skip(1).filter_map(|rest| rest.chars().next()?.to_digit(10)).collect();
        assert_eq!(levels.first(), Some(&1), "{name}");
        assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{name}: {levels:?}");
    }
}

/// Thousands of attempts and records fill neither the page nor a drawing.
#[test]
fn a_page_stays_small_and_says_what_it_left_out() {
    let mut diagnosis = fixture::key_inaccessible();
    let attempt = diagnosis.attempts[0].clone();
    diagnosis.attempts = (0..20_000_u32)
        .map(|n| {
            let mut attempt = attempt.clone();
            let time = format!("2026-03-09T{:02}:{:02}:{:02}Z", 7 + n / 3600 % 12, n / 60 % 60, n % 60);
            attempt.started = time.parse().unwrap();
            attempt.ended = attempt.started;
            attempt.count = 1;
            attempt
        })
        .collect();
    let row = diagnosis.coverage[0].clone();
    diagnosis.coverage.extend(vec![row; 5_000]);
    let warning = diagnosis.warnings[0].clone();
    diagnosis.warnings.extend(vec![warning; 5_000]);
    let page = page(&diagnosis);
    assert!(page.len() < 1_000_000, "{} bytes", page.len());
    for left_out in ["Left out here: 19,700 lines", "4,883 more rows", "4,951 more warnings"] {
        assert!(page.contains(left_out), "{left_out}");
    }
}
