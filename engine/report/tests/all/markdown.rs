//! The Markdown report, read as a ticket system reads it.

#![allow(clippy::unwrap_used, reason = "a test says by panicking that something is wrong")]

use crate::fixture;
use pulldown_cmark::{Event, Options, Parser, Tag};
use rdpwhy_report::{MarkdownOptions, markdown};

fn told(diagnosis: &rdpwhy_diagnose::Diagnosis, verbose: bool) -> String {
    markdown(diagnosis, &MarkdownOptions { verbose, ..MarkdownOptions::default() })
}

#[test]
fn reports_read_as_recorded() {
    for (name, diagnosis) in fixture::all() {
        insta::assert_snapshot!(name, told(&diagnosis, false));
    }
}

#[test]
fn nothing_out_of_a_log_becomes_markup() {
    let plain = told(&fixture::key_inaccessible(), true);
    let hostile = told(&fixture::hostile(), true);
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
    assert_eq!(shape(&plain), shape(&hostile));
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
