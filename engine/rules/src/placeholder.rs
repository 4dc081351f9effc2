//! What commands of steps leave open: `<HOST>`, and which values may safely stand there.
//!
//! Only a placeholder in quotes is ever filled, and only with a value that cannot end the quotes, start a subexpression or
//! be taken for an option or a path. Everything else stays open for the reader.

use std::ops::Range;

/// What reports fill in from the diagnosis itself; rules can add fields of records.
pub(crate) const FILLED: [&str; 7] = [HOST, FQDN, SHORTNAME, USER, ACCOUNT, DOMAIN, CLIENTADDRESS];
/// The host, as its logs or the client call it.
pub const HOST: &str = "HOST";
/// The host with its domain.
pub const FQDN: &str = "FQDN";
/// The host without its domain.
pub const SHORTNAME: &str = "SHORTNAME";
/// The user, with the domain where it is known.
pub const USER: &str = "USER";
/// The user without the domain.
pub const ACCOUNT: &str = "ACCOUNT";
/// The domain of the user.
pub const DOMAIN: &str = "DOMAIN";
/// The address from which the user connects.
pub const CLIENTADDRESS: &str = "CLIENTADDRESS";

/// The longest value that is filled in.
const LONGEST: usize = 128;
/// Marks that names of users, machines, adapters, rules and addresses need, and that mean nothing inside quotes.
const HARMLESS: &str = " ._-@\\:()#+,{}";

/// A placeholder in a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placeholder<'t> {
    /// Its name, without the marks around it.
    pub name: &'t str,
    /// Where it is in the text, with the marks.
    pub range: Range<usize>,
    /// Whether it is inside quotes, so that a value may be filled in.
    pub quoted: bool,
}

/// The placeholders of a command, in their order.
#[must_use]
pub fn placeholders(text: &str) -> Vec<Placeholder<'_>> {
    let mut found = Vec::new();
    let mut quotes = Quotes::default();
    let mut place = 0;
    while let Some(letter) = text[place..].chars().next() {
        let name = name_at(&text[place..]);
        if let Some(name) = name {
            let range = place..place + name.len() + 2;
            place = range.end;
            found.push(Placeholder { name, range, quoted: quotes.is_plain_string() });
            continue;
        }
        let before = text[..place].chars().next_back();
        quotes.step(letter, before, &text[place..]);
        place += letter.len_utf8();
    }
    found
}

/// The name of the placeholder that begins the text.
fn name_at(text: &str) -> Option<&str> {
    let name = text.strip_prefix('<')?.split_once('>')?.0;
    let sound = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase());
    sound.then_some(name)
}

/// Whether a value may stand in place of a quoted placeholder.
#[must_use]
pub fn is_safe(value: &str) -> bool {
    let first = value.chars().next();
    first.is_some_and(|letter| letter.is_alphanumeric() || letter == '{')
        && !value.ends_with([' ', '\\'])
        && value.len() <= LONGEST
        && !value.contains("..")
        && (!value.contains(['{', '}']) || is_guid(value))
        && value.chars().all(|letter| letter.is_alphanumeric() || HARMLESS.contains(letter))
}

/// Braces are part of a GUID's name and of nothing else that is filled in.
fn is_guid(value: &str) -> bool {
    let inner = value.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    inner.is_some_and(|inner| inner.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-'))
}

/// Which quotes are open.
#[derive(Default)]
struct Quotes {
    open: Option<char>,
    /// A subexpression has begun in the string, or the rest of the line is a comment.
    other: bool,
    escaped: bool,
}

impl Quotes {
    fn is_plain_string(&self) -> bool {
        self.open.is_some() && !self.other
    }

    fn step(&mut self, letter: char, before: Option<char>, rest: &str) {
        if std::mem::take(&mut self.escaped) {
            return;
        }
        match (self.open, letter) {
            (None, '\n') => self.other = false,
            (None, _) if self.other => {}
            (None, '#') if before.is_none_or(char::is_whitespace) => self.other = true,
            (None | Some('"'), '`') => self.escaped = true,
            (None, '\'' | '"') => (self.open, self.other) = (Some(letter), false),
            (Some('"'), '$') if rest.starts_with("$(") => self.other = true,
            (Some(open), _) if open == letter => (self.open, self.other) = (None, false),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<(&str, bool)> {
        placeholders(text).into_iter().map(|found| (found.name, found.quoted)).collect()
    }

    #[test]
    fn only_what_is_in_plain_quotes_can_be_filled() {
        assert_eq!(shown("ping '<HOST>' -n <COUNT>"), [("HOST", true), ("COUNT", false)]);
        assert_eq!(shown("mstsc \"/v:<HOST>\" <X>"), [("HOST", true), ("X", false)]);
        assert_eq!(shown("\"$(Get-Item <A>) <B>\" '<C>'"), [("A", false), ("B", false), ("C", true)]);
        assert_eq!(shown("# it's '<A>'\nping '<B>'"), [("A", false), ("B", true)]);
        assert_eq!(shown("x `'<A>' <a> <> < B>"), [("A", false)]);
    }

    #[test]
    fn values_that_could_do_anything_are_refused() {
        for fine in
            ["SRV-RDS01.contoso.local", "CONTOSO\\anna", "Ethernet 2", "fe80::1", "Remote Desktop (TCP-In)"]
        {
            assert!(is_safe(fine), "{fine}");
        }
        for evil in [
            "",
            " x",
            "x ",
            "-Force",
            "/reset",
            "a'b",
            "a\u{2019}b",
            "a\"b",
            "$(x)",
            "a`b",
            "a;b",
            "a|b",
            "a&b",
            "%x%",
            "*",
            "..\\..\\Windows",
            "C:\\Windows\\",
            "a\nb",
            "<HOST>",
        ] {
            assert!(!is_safe(evil), "{evil:?}");
        }
    }
}
