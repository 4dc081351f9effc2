//! The Markdown report, read as a ticket system reads it.

#![allow(clippy::unwrap_used, reason = "a test says by panicking that something is wrong")]

use crate::fixture;
use pulldown_cmark::{Event, Options, Parser, Tag};
use rdpwhy_report::{MarkdownOptions, markdown};

fn brief(diagnosis: &rdpwhy_diagnose::Diagnosis) -> String {
    let case = Some("INC-4711".to_owned());
    markdown(diagnosis, &MarkdownOptions { brief: true, case, ..MarkdownOptions::default() })
}

fn told(diagnosis: &rdpwhy_diagnose::Diagnosis, verbose: bool) -> String {
    markdown(diagnosis, &MarkdownOptions { verbose, ..MarkdownOptions::default() })
}

#[test]
fn reports_read_as_recorded() {
    for (name, diagnosis) in fixture::all() {
        insta::assert_snapshot!(name, told(&diagnosis, false));
        insta::assert_snapshot!(format!("{name}_brief"), brief(&diagnosis));
    }
}

#[test]
fn nothing_out_of_a_log_becomes_markup() {
    let (tame, evil) = (fixture::key_inaccessible(), fixture::hostile());
    let pairs = [(told(&tame, true), told(&evil, true)), (brief(&tame), brief(&evil))];
    let shape = |text: &str| -> Vec<String> {
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES;
        let mut shape = Vec::new();
        for event in Parser::new_ext(text, options) {
            match event {
                Event::Html(_) | Event::InlineHtml(_) => panic!("HTML in\n{text}"),
                Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::HtmlBlock) => {
                    panic!("a link in\n{text}")
                }
                Event::Start(Tag::BlockQuote(_) | Tag::Emphasis | Tag::Strikethrough) => {
                    panic!("markup in\n{text}")
                }
                Event::Start(tag @ (Tag::Heading { .. } | Tag::Table(_) | Tag::CodeBlock(_))) => {
                    shape.push(format!("{tag:?}"));
                }
                _ => {}
            }
        }
        shape
    };
    // The hostile ticket is the plain one with hostile values, so its headings, tables and fences are the same.
    for (plain, hostile) in pairs {
        assert_eq!(shape(&plain), shape(&hostile));
    }
}

/// A comment of Jira takes 32,767 characters; nobody reads as many.
#[test]
fn a_comment_is_short_and_says_what_matters() {
    for (name, diagnosis) in fixture::all() {
        let text = brief(&diagnosis);
        assert!(text.len() < 6000 && text.starts_with("### "), "{name}: {}", text.len());
        assert!(text.contains("INC-4711") && text.contains("**Searched:**"), "{name}");
    }
    let text = brief(&fixture::key_inaccessible());
    for part in ["#### Proof", "#### What to do", "#### Do not", "```powershell"] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    assert!(!text.contains(" #2") && text.contains("record "), "no reference to a ticket: {text}");
}

#[test]
fn every_table_row_has_all_its_cells() {
    for (name, diagnosis) in fixture::all() {
        let text = told(&diagnosis, true);
        let mut cells = 0;
        for line in text.lines() {
            if !line.starts_with("| ") {
                cells = 0;
                continue;
            }
            let found = line.replace("\\|", "").matches('|').count();
            assert!(cells == 0 || cells == found, "{name}: {line}");
            cells = found;
        }
    }
}

#[test]
fn no_report_is_empty_or_holds_what_a_reader_would_not_see() {
    for (name, diagnosis) in fixture::all() {
        for verbose in [false, true] {
            let text = told(&diagnosis, verbose);
            assert!(text.starts_with("## ") && text.ends_with('\n') && text.lines().count() > 8, "{name}");
            let hidden = text
                .chars()
                .find(|c| (c.is_control() && *c != '\n') || "\u{202e}\u{2066}\u{200b}".contains(*c));
            assert_eq!(hidden, None, "{name}");
        }
    }
}
