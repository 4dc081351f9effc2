//! Any text in the fields of records: the page has no element and no attribute that it does not have anyway.
#![no_main]

#[path = "shared/hostile.rs"]
mod hostile;

use html5gum::{Token, Tokenizer};
use libfuzzer_sys::fuzz_target;
use rdpwhy_report::HtmlOptions;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// How many there are of each element with its attributes.
type Markup = BTreeMap<String, usize>;

static TAME: OnceLock<Markup> = OnceLock::new();

fuzz_target!(|text: &str| {
    let page = page(text);
    let tame = TAME.get_or_init(tame);
    for (element, count) in markup(&page) {
        let expected = tame.get(&element).copied().unwrap_or_default();
        // How many labels a drawing has depends on how long they are; that there is such an element at all does not.
        let expected = if expected > 0 && element.starts_with("text ") { usize::MAX } else { expected };
        assert!(count <= expected, "{count} of {element}, {expected} expected\n{text:?}");
    }
    let steers = |letter: char| letter.is_control() && letter != '\n';
    assert!(!page.contains(|letter| steers(letter) || "\u{202e}\u{2066}\u{200b}".contains(letter)));
});

/// The most there is of each with harmless texts, short and long.
fn tame() -> Markup {
    let mut most = Markup::new();
    for length in [1, 4, 30, 100, 1000] {
        for (element, count) in markup(&page(&"a".repeat(length))) {
            let known = most.entry(element).or_default();
            *known = count.max(*known);
        }
    }
    most
}

fn page(text: &str) -> String {
    let options = HtmlOptions { case: Some(text.to_owned()), ..HtmlOptions::default() };
    rdpwhy_report::html(&hostile::diagnosis(text), &options)
}

/// As a browser reads it.
fn markup(page: &str) -> Markup {
    let mut found = Markup::new();
    for token in Tokenizer::new(page) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                let mut shape = text(&tag.name);
                for (name, value) in &tag.attributes {
                    let (name, value) = (text(name), text(value));
                    assert!(!name.starts_with("on") && name != "src" && name != "style", "{name}={value}");
                    assert!(name != "href" || value.starts_with('#'), "{name}={value}");
                    shape.push(' ');
                    shape.push_str(&name);
                }
                *found.entry(shape).or_default() += 1;
            }
            Token::Comment(comment) => panic!("a comment: {comment:?}"),
            Token::Doctype(_) => *found.entry("doctype".to_owned()).or_default() += 1,
            Token::Error(_) | Token::String(_) | Token::EndTag(_) => {}
        }
    }
    found
}
