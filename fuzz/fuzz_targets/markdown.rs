//! Any text in the fields of records: the Markdown report has no markup that it does not have anyway.
#![no_main]

#[path = "shared/hostile.rs"]
mod hostile;

use libfuzzer_sys::fuzz_target;
use pulldown_cmark::{Event, Options, Parser, Tag};
use rdpwhy_report::MarkdownOptions;
use std::sync::OnceLock;

static TAME: OnceLock<[Vec<String>; 2]> = OnceLock::new();

fuzz_target!(|text: &str| {
    let tame = TAME.get_or_init(|| shapes("anna"));
    assert_eq!(&shapes(text), tame, "{text:?}");
});

/// The shape of the report and that of the brief one.
fn shapes(text: &str) -> [Vec<String>; 2] {
    let diagnosis = hostile::diagnosis(text);
    [false, true].map(|brief| {
        let options = MarkdownOptions { brief, case: Some(text.to_owned()), ..MarkdownOptions::default() };
        shape(&rdpwhy_report::markdown(&diagnosis, &options))
    })
}

/// Headings, tables, fences and rows, in their order.
fn shape(report: &str) -> Vec<String> {
    assert!(!report.contains(|letter: char| letter.is_control() && letter != '\n'));
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES;
    let mut shape = Vec::new();
    for event in Parser::new_ext(report, options) {
        match event {
            Event::Html(_) | Event::InlineHtml(_) | Event::FootnoteReference(_) => panic!("{event:?}"),
            Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::HtmlBlock | Tag::BlockQuote(_)) => {
                panic!("{event:?} in\n{report}")
            }
            Event::Start(Tag::Emphasis | Tag::Strikethrough) => panic!("{event:?} in\n{report}"),
            Event::Start(tag @ (Tag::Heading { .. } | Tag::Table(_) | Tag::TableRow | Tag::CodeBlock(_))) => {
                shape.push(format!("{tag:?}"));
            }
            _ => {}
        }
    }
    shape
}
