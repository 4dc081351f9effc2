//! What mail programs, browsers and tickets put around and into a pasted text.

use std::borrow::Cow;

/// The text without marks of quotation, the `-` and `+` of a folded tree of XML, and with escaped XML as XML.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    let text = without_quotes(text);
    let text = match unescaped(&text) {
        Some(unescaped) => Cow::Owned(unescaped),
        None => text,
    };
    match without_folds(&text) {
        Some(unfolded) => Cow::Owned(unfolded),
        None => text,
    }
}

/// Without `> ` at the beginning of lines, if most lines have it.
fn without_quotes(text: &str) -> Cow<'_, str> {
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    let quoted = lines().filter(|line| line.starts_with('>')).count();
    if quoted * 2 <= lines().count() {
        return Cow::Borrowed(text);
    }
    let line = |line: &str| {
        format!(
            "{}\n",
            line.trim_start_matches('>').strip_prefix(' ').unwrap_or(line.trim_start_matches('>'))
        )
    };
    Cow::Owned(text.lines().map(line).collect())
}

/// With the escapes of XML undone, if an event is escaped in it; tags that are not escaped are those of a page around it.
fn unescaped(text: &str) -> Option<String> {
    if !text.contains("&lt;Event") {
        return None;
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<']) {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        rest =
            if rest.starts_with('<') { after_tag(rest, &mut plain) } else { after_escape(rest, &mut plain) };
    }
    plain.push_str(rest);
    Some(plain)
}

/// Leaves out a tag; a line ends where the page has one.
fn after_tag<'t>(rest: &'t str, plain: &mut String) -> &'t str {
    // An event that is not escaped stays as it is.
    let is_page = rest[1..].starts_with(|c: char| c.is_ascii_lowercase() || c == '/' || c == '!')
        && !rest.starts_with("</Event");
    match rest.find('>').filter(|_| is_page) {
        Some(end) => {
            if ["<br", "</p", "</div", "</tr"].iter().any(|tag| rest.starts_with(tag)) {
                plain.push('\n');
            }
            &rest[end + 1..]
        }
        None => {
            plain.push('<');
            &rest[1..]
        }
    }
}

const ESCAPES: &[(&str, &str)] = &[
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", "\""),
    ("&#39;", "'"),
    ("&apos;", "'"),
    ("&nbsp;", " "),
    ("&amp;", "&"),
];

fn after_escape<'t>(rest: &'t str, plain: &mut String) -> &'t str {
    match ESCAPES.iter().find(|(escape, _)| rest.starts_with(escape)) {
        Some((escape, letter)) => {
            plain.push_str(letter);
            &rest[escape.len()..]
        }
        None => {
            plain.push('&');
            &rest[1..]
        }
    }
}

/// Without the marks that browsers put before elements that can be folded.
fn without_folds(text: &str) -> Option<String> {
    let unfolded = |line: &str| {
        let start = line.trim_start();
        let rest = start.strip_prefix(['-', '+', '–', '−'])?.trim_start();
        rest.starts_with('<').then(|| rest.to_owned())
    };
    if !text.lines().any(|line| unfolded(line).is_some()) {
        return None;
    }
    let mut plain = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        match unfolded(line) {
            Some(line) => plain.push_str(&line),
            None => plain.push_str(line),
        }
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_escapes_are_undone() {
        assert_eq!(
            plain("- <Event>\r\n - <System>\n  <A>- <b</A>\n-x"),
            "<Event>\r\n<System>\n  <A>- <b</A>\n-x"
        );
        assert_eq!(plain("> a\n> <Event>\n>\n"), "a\n<Event>\n\n");
        assert_eq!(
            plain("<p>&lt;Event a=&quot;b&quot;&gt;<br/>&lt;A&gt;x &amp;amp; y&lt;/A&gt;&nbsp;&x</p>"),
            "<Event a=\"b\">\n<A>x &amp; y</A> &x\n"
        );
        assert_eq!(plain("<A>x &amp; y</A>"), "<A>x &amp; y</A>");
    }
}
