//! Commands in rules: whether their quotes and brackets are closed, and whether they change or destroy something.

use std::ops::Range;

use rdpwhy_yaml::{Fault, Node, Reader};

/// What is wrong with the quotes or brackets of a command, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imbalance {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// What is open or closed too much there.
    pub what: &'static str,
}

/// A PowerShell command read only as far as its quotes, comments and brackets.
struct Scan<'t> {
    text: &'t str,
    place: usize,
    /// The brackets and quotes that are open, with their places.
    open: Vec<(char, usize)>,
}

/// Finds the first quote or bracket of a PowerShell command that is not closed, or closed though not open.
///
/// A command without any can stand within a script block and not reach out of it.
///
/// # Errors
/// The place of that quote or bracket.
pub fn balanced(text: &str) -> Result<(), Imbalance> {
    let mut scan = Scan { text, place: 0, open: Vec::new() };
    while let Some(letter) = scan.peek() {
        scan.step(letter)?;
    }
    match scan.open.last() {
        Some((_, place)) => Err(Imbalance { range: *place..*place + 1, what: "this is never closed" }),
        None => Ok(()),
    }
}

/// Reports a quote or bracket that is not closed: the commands go into scripts as they stand.
pub(crate) fn check(node: &Node, text: &str, reader: Reader<'_>) {
    if let Err(imbalance) = balanced(text) {
        let fault = Fault::error("rule::unbalanced", "quotes and brackets of these commands do not close")
            .label(imbalance.what)
            .help("commands go into scripts as they stand");
        reader.report(node.span.part(text, imbalance.range), fault);
    }
}

impl Scan<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.place..].chars().next()
    }

    fn rest(&self) -> &str {
        &self.text[self.place..]
    }

    fn in_string(&self) -> bool {
        self.open.last().is_some_and(|(letter, _)| *letter == '"')
    }

    fn step(&mut self, letter: char) -> Result<(), Imbalance> {
        let here = self.place;
        if letter == '`' {
            self.place += 1;
            self.place += self.peek().map_or(0, char::len_utf8);
            return Ok(());
        }
        if self.in_string() {
            return self.step_in_string(letter);
        }
        match letter {
            '\'' => return self.skip(1, "'"),
            '@' if self.rest().starts_with("@'\n") => return self.skip(2, "\n'@"),
            '@' if self.rest().starts_with("@\"\n") => return self.skip(2, "\n\"@"),
            '<' if self.rest().starts_with("<#") => return self.skip(2, "#>"),
            '#' if self.begins_word() => {
                self.place += self.rest().find('\n').unwrap_or(self.rest().len());
                return Ok(());
            }
            '"' | '(' | '{' | '[' => self.open.push((letter, here)),
            ')' | '}' | ']' => self.close(letter)?,
            _ => {}
        }
        self.place += letter.len_utf8();
        Ok(())
    }

    fn step_in_string(&mut self, letter: char) -> Result<(), Imbalance> {
        if self.rest().starts_with("\"\"") {
            self.place += 2;
            return Ok(());
        }
        if self.rest().starts_with("$(") {
            self.open.push(('(', self.place + 1));
            self.place += 2;
            return Ok(());
        }
        if letter == '"' {
            self.open.pop();
        }
        self.place += letter.len_utf8();
        Ok(())
    }

    /// Whether a `#` here begins a comment.
    fn begins_word(&self) -> bool {
        let before = self.text[..self.place].chars().next_back();
        before.is_none_or(|before| before.is_whitespace() || ";(){}|".contains(before))
    }

    fn close(&mut self, letter: char) -> Result<(), Imbalance> {
        let opens = match letter {
            ')' => '(',
            '}' => '{',
            _ => '[',
        };
        if self.open.last().is_some_and(|(open, _)| *open == opens) {
            self.open.pop();
            return Ok(());
        }
        Err(Imbalance { range: self.place..self.place + 1, what: "this closes what is not open" })
    }

    /// Goes behind the end of what begins here.
    fn skip(&mut self, lead: usize, end: &str) -> Result<(), Imbalance> {
        let from = self.place + lead;
        match self.text[from..].find(end) {
            Some(length) => {
                self.place = from + length + end.len();
                Ok(())
            }
            None => Err(Imbalance { range: self.place..self.place + lead, what: "this is never closed" }),
        }
    }
}

/// Words of commands that take something away, overwrite it, or cut somebody off.
const DESTRUCTIVE: [&str; 38] = [
    "remove-",
    "reset-",
    "restart-",
    "stop-",
    "clear-",
    "disable-",
    "rename-",
    "uninstall-",
    "move-",
    "unregister-",
    "format-volume",
    "reg delete",
    "reg import",
    "reg add",
    "takeown",
    "/grant",
    "/deny",
    "/remove",
    "/reset",
    "logoff",
    "rwinsta",
    "tsdiscon",
    "shutdown",
    "winsock reset",
    "portproxy delete",
    "/delete",
    "delete-driver",
    "setspn -d",
    "wusa /uninstall",
    "ipconfig /release",
    "sc.exe config",
    "set-service",
    "restart /",
    "del ",
    "rmdir",
    "set-azvm",
    "net accounts /",
    "/restorehealth",
];

/// The first word of the command that takes something away, overwrites it or cuts somebody off; comments do not count.
pub fn destructive(text: &str) -> Option<&'static str> {
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    let lines: Vec<String> = lines.map(|line| format!(" {}", line.to_lowercase())).collect();
    let begins = |line: &str, word: &str| {
        line.match_indices(word).any(|(place, _)| {
            !line[..place]
                .ends_with(|before: char| before.is_alphanumeric() || before == '-' || before == '\\')
        })
    };
    DESTRUCTIVE.into_iter().find(|word| lines.iter().any(|line| begins(line, word)))
}

/// Whether the word of [`destructive`] sets a value and takes nothing away.
pub(crate) fn only_adds(word: &str) -> bool {
    word == "reg add"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_commands_are_balanced() {
        for text in [
            "Get-Service | ForEach-Object { $_.Name }",
            "\"$($x.Name) is `\"fine`\" and \"\"quoted\"\"\"",
            "'it''s {' # } not this )",
            "$x -replace '[\\\\/]', '%4' # }",
            "[pscustomobject]@{ a = @(1, 2) }",
            "<# { #> 1",
            "@'\n}}\n'@",
            "Get-Item 'MSSQL$MICROSOFT##WID'",
            "Get-ChildItem C#{0}",
        ] {
            assert_eq!(balanced(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn what_is_open_or_closed_too_much_is_found() {
        for (text, place) in [
            ("a }", 2),
            ("a { b", 2),
            ("'a", 0),
            ("\"a", 0),
            ("( ]", 2),
            ("\"$(\"", 3),
            ("<# x", 0),
            ("} {", 0),
        ] {
            assert_eq!(balanced(text).unwrap_err().range.start, place, "{text}");
        }
    }

    #[test]
    fn destruction_is_known_by_its_words() {
        assert_eq!(destructive("Get-Item x | Remove-Item"), Some("remove-"));
        assert_eq!(destructive("# Remove-Item x\nGet-Item x"), None);
        assert_eq!(destructive("gpresult /H C:\\x.html /F"), None);
        assert_eq!(destructive("reg delete HKLM\\x /f"), Some("reg delete"));
        assert_eq!(destructive("model x"), None);
    }
}
