//! Standard output and standard error: the only place that writes to them.
//!
//! What goes to a terminal is made inert here, whatever it is made of: names of files and folders, arguments, rules. Only the
//! colors of a report pass. Standard output that is not a terminal gets its bytes unchanged.

use anstream::{AutoStream, ColorChoice};
use rdpwhy_event::Warning;
use rdpwhy_report::visible;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

/// What starts a control sequence.
const ESCAPE: char = '\u{1b}';

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Plain,
    /// Colors are the writer's own and pass.
    Colored,
}

/// Writes a message to standard error.
pub(crate) fn say(message: &str) {
    // Nothing can be done about an error stream that is closed.
    let _ = writeln!(io::stderr().lock(), "{}", inert(message.trim_end(), Style::Plain));
}

/// Writes a warning to standard error.
pub(crate) fn warn(warning: &Warning) {
    say(&flat(warning).to_string());
}

/// The warning with every part on one line: a name cannot begin a line of its own.
pub(crate) fn flat(warning: &Warning) -> Warning {
    let part = |text: &Option<String>| text.as_deref().map(visible);
    Warning {
        file: part(&warning.file),
        place: part(&warning.place),
        code: warning.code,
        message: visible(&warning.message),
        help: part(&warning.help),
    }
}

/// Writes an answer to standard output.
///
/// # Errors
/// The output cannot be written; that a reader has seen enough, as `| head` does, is not an error.
pub(crate) fn print(answer: &str, style: Style) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let written = if out.is_terminal() {
        // Consoles of Windows take color sequences only when asked to, and old ones not at all.
        AutoStream::new(&mut out, ColorChoice::Always).write_all(inert(answer, style).as_bytes())
    } else {
        out.write_all(answer.as_bytes())
    };
    match written.and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// A path as messages show it, on one line.
pub(crate) fn name(path: &Path) -> String {
    visible(&path.to_string_lossy())
}

/// Columns of the terminal that standard output is, if it is one.
pub(crate) fn columns() -> Option<usize> {
    // Elsewhere there are no terminals.
    #[cfg(any(unix, windows))]
    let size = terminal_size::terminal_size_of(io::stdout());
    #[cfg(not(any(unix, windows)))]
    let size = terminal_size::terminal_size();
    size.map(|(width, _)| usize::from(width.0))
}

/// Whether somebody watches standard error.
pub(crate) fn is_watched() -> bool {
    io::stderr().is_terminal()
}

/// The text with everything that steers a terminal or hides characters written out. Line feeds and tabs stay.
fn inert(text: &str, style: Style) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\n', '\t', ESCAPE]) {
        shown.push_str(&visible(&rest[..at]));
        let length = match style {
            Style::Colored if rest[at..].starts_with(ESCAPE) => color_length(&rest[at..]),
            _ => 0,
        };
        let kept = if rest[at..].starts_with(['\n', '\t']) { 1 } else { length };
        if kept > 0 {
            shown.push_str(&rest[at..at + kept]);
        } else {
            shown.push_str(&visible(&rest[at..=at]));
        }
        rest = &rest[at + kept.max(1)..];
    }
    shown.push_str(&visible(rest));
    shown
}

/// The bytes of the color sequence (`ESC [ digits m`) that the text begins with; 0 if it begins with none.
fn color_length(text: &str) -> usize {
    let Some(rest) = text.strip_prefix("\u{1b}[") else { return 0 };
    let digits = rest.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b';').count();
    if rest[digits..].starts_with('m') { 2 + digits + 1 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_colors_line_feeds_and_tabs_pass() {
        let hostile = "a\u{1b}[31mred\u{1b}[0m\tb\n\u{1b}]0;title\u{7}\u{1b}[2J\u{9b}2J\r\u{202e}é";
        assert_eq!(
            inert(hostile, Style::Colored),
            "a\u{1b}[31mred\u{1b}[0m\tb\n\\u{1b}]0;title\\u{7}\\u{1b}[2J\\u{9b}2J\\r\\u{202e}é"
        );
        let plain = inert(hostile, Style::Plain);
        assert!(plain.starts_with("a\\u{1b}[31mred\\u{1b}[0m\tb\n\\u{1b}]0;"), "{plain}");
        assert!(!plain.contains(ESCAPE));
        assert_eq!(inert("\u{1b}", Style::Colored), "\\u{1b}");
        assert_eq!(inert("\u{1b}[1", Style::Colored), "\\u{1b}[1");
    }

    #[test]
    fn a_name_cannot_begin_a_line_of_its_own() {
        let warning = Warning::new("input::empty", "a\nerror: all is lost", "empty");
        assert_eq!(flat(&warning).to_string(), "a\\nerror: all is lost: empty [input::empty]");
        assert_eq!(name(Path::new("a\nb")), "a\\nb");
    }
}
