//! What is known by its form, whoever's it is.

use crate::world::address::{Address, Reach};
use regex::Regex;
use std::ops::Range;

/// Folders of profiles that belong to nobody.
const NOBODYS_PROFILES: [&str; 4] = ["public", "default", "all users", "default user"];
/// Addresses that belong to nobody.
const NOBODYS_ADDRESSES: [&str; 3] = ["0.0.0.0", "::", "255.255.255.255"];

/// What is replaced wherever it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Sid,
    Address,
    Mac,
    Secret,
}

impl Form {
    /// What its pseudonyms begin with.
    pub(super) fn word(self) -> &'static str {
        match self {
            Form::Sid => "SID",
            Form::Address => "ADDRESS",
            Form::Mac => "MAC",
            Form::Secret => "SECRET",
        }
    }
}

/// What tells a name, which then is a name wherever it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    User,
    Machine,
}

/// Something known by its form.
pub(super) struct Found {
    pub(super) form: Form,
    pub(super) range: Range<usize>,
    /// What tells whether two are one.
    pub(super) key: String,
}

/// The expressions, compiled once.
pub(super) struct Forms {
    sid: Regex,
    mac: Regex,
    address: Regex,
    secrets: Vec<Regex>,
    users: Vec<Regex>,
    machines: Vec<Regex>,
    full_name: Regex,
    /// What the names of machines outside end with, apart from the two letters of countries.
    endings: Vec<String>,
}

impl Forms {
    pub(super) fn new(endings: &[String]) -> Forms {
        let one =
            |expression: &str| Regex::new(&format!("(?i){expression}")).expect("the expression is right");
        Forms {
            sid: one(r"\bS-1-(?:5-21|12)(?:-\d+)+"),
            mac: one(r"(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}|(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}"),
            address: one(
                r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:(?:\.[0-9]{1,3}){3})?(?:%\w+)?",
            ),
            secrets: [
                r#"(?:^|[\s"'])[-/]{1,2}(?:p|pw|pwd|pass|passwd|password|passphrase|secret|token|rp|key|api-?key)(?:[:=]|\s+)\s*("[^"]*"|'[^']*'|[^\s"']+)"#,
                r#"(?:pw|pwd|pass|passwd|password|passphrase|secret|token|kennwort|passwort)["']?\s*[:=]\s*("[^"]*"|'[^']*'|[^\s"';,]+)"#,
                r#"ConvertTo-SecureString\s+(?:-String\s+)?("[^"]*"|'[^']*'|[^\s"']+)"#,
                r#"\bnet1?(?:\.exe)?"?\s+user\s+(?:"[^"]*"|\S+)\s+("[^"]*"|[^\s/"]\S*)"#,
                r#"\bnet1?(?:\.exe)?"?\s+use\s+(?:\S+:\s+)?\\\\\S+\s+("[^"]*"|[^\s/"]\S*)"#,
                r"://[^\s/:@]*:([^\s/@]+)@",
            ]
            .map(one)
            .into(),
            users: [
                r"([\w.+-]+@[\w-]+(?:\.[\w-]+)+)",
                r#"[\\/](?:Users|Documents and Settings)[\\/]+([^\\/:*?<>|"\r\n\t,;]+)"#,
                r#"(?:^|[\s"'])[-/]{1,2}(?:u|ru|user|username|account|login|runas)(?:[:=]|\s+)\s*("[^"]*"|'[^']*'|[^\s"']+)"#,
                r#"\bnet1?(?:\.exe)?"?\s+user\s+("[^"]*"|[^\s/"]\S*)"#,
            ]
            .map(one)
            .into(),
            machines: [
                r"(?:^|[^\w:\\])\\\\([\w.-]+)",
                r"[a-z][a-z0-9+.-]*://(?:[^/\s@]*@)?([\w.-]+)",
            ]
            .map(one)
            .into(),
            full_name: one(r"(?:[\w-]+\.)+\p{L}{2,}"),
            endings: endings.iter().map(|ending| ending.to_lowercase()).collect(),
        }
    }

    /// What is to be replaced in a text.
    pub(super) fn find(&self, text: &str) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        for secrets in &self.secrets {
            let groups = secrets.captures_iter(text).filter_map(|found| found.get(1));
            found.extend(groups.map(|group| Found {
                form: Form::Secret,
                range: group.range(),
                key: group.as_str().to_owned(),
            }));
        }
        found.extend(self.sid.find_iter(text).map(|sid| Found {
            form: Form::Sid,
            range: sid.range(),
            key: sid.as_str().to_lowercase(),
        }));
        let macs = self.mac.find_iter(text).filter(|mac| is_apart(text, &mac.range()));
        found.extend(macs.map(|mac| Found {
            form: Form::Mac,
            range: mac.range(),
            key: mac.as_str().to_lowercase().replace(['-', ':', '.'], ""),
        }));
        found.extend(self.address.find_iter(text).filter_map(|part| address(text, part.range())));
        found
    }

    /// The names that a text tells by its form.
    pub(super) fn names<'t>(&self, text: &'t str) -> Vec<(Naming, &'t str)> {
        let groups = |expressions: &[Regex], naming: Naming| {
            let of = |expression: &Regex| {
                let found = expression.captures_iter(text).filter_map(|found| found.get(1));
                found.map(|group| (naming, group.as_str())).collect::<Vec<_>>()
            };
            expressions.iter().flat_map(of).collect::<Vec<_>>()
        };
        let mut names = groups(&self.users, Naming::User);
        names.extend(groups(&self.machines, Naming::Machine));
        let full = self.full_name.find_iter(text).map(|name| name.as_str());
        names.extend(full.filter(|name| self.is_full_name(name)).map(|name| (Naming::Machine, name)));
        let trim = |name: &'t str| name.trim_matches(['"', '\'', ' ', '.', '-']);
        names
            .into_iter()
            .map(|(naming, name)| (naming, trim(name)))
            .filter(|(_, name)| !name.is_empty() && !NOBODYS_PROFILES.contains(&name.to_lowercase().as_str()))
            .collect()
    }

    /// Whether a name with dots is a machine's or a domain's.
    fn is_full_name(&self, name: &str) -> bool {
        let ending = name.rsplit('.').next().unwrap_or(name).to_lowercase();
        (ending.len() == 2 && ending.is_ascii()) || self.endings.contains(&ending)
    }
}

/// The address, if it is one and somebody's. What looks like its last group can be a port.
fn address(text: &str, mut range: Range<usize>) -> Option<Found> {
    if text[range.clone()].contains(':') {
        while !is_apart(text, &range) || !Address::parse(&text[range.clone()]).is_ip() {
            let end = text[range.clone()].rfind(':')?;
            range.end = range.start + end;
        }
    } else if !is_apart(text, &range) {
        return None;
    }
    let part = &text[range.clone()];
    let address = Address::parse(part);
    let key = if address.is_ip() { address.host.to_string() } else { with_zeros(part)? };
    let nobodys = address.reach() == Reach::Loopback || NOBODYS_ADDRESSES.contains(&key.as_str());
    (!nobodys).then_some(Found { form: Form::Address, range, key })
}

/// `010.000.000.005`.
fn with_zeros(part: &str) -> Option<String> {
    let numbers: Option<Vec<u8>> = part.split('.').map(|number| number.parse().ok()).collect();
    Some(numbers?.iter().map(u8::to_string).collect::<Vec<_>>().join("."))
}

/// Whether neither letter nor digit stands beside.
fn is_apart(text: &str, range: &Range<usize>) -> bool {
    !text[..range.start].ends_with(char::is_alphanumeric)
        && !text[range.end..].starts_with(char::is_alphanumeric)
}

/// A command line without what follows the program: any word of it can be a password.
pub(super) fn program(line: &str) -> String {
    let line = line.trim();
    let end = match line.strip_prefix('"') {
        Some(rest) => rest.find('"').map_or(line.len(), |end| end + 2),
        None => line.find(char::is_whitespace).unwrap_or(line.len()),
    };
    if end < line.len() { format!("{} …", &line[..end]) } else { line.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms() -> Forms {
        Forms::new(&["com".to_owned(), "local".to_owned()])
    }

    #[test]
    fn what_is_known_by_its_form_is_found() {
        for (text, expected) in [
            ("::ffff:10.0.0.17", "::ffff:10.0.0.17"),
            ("::ffff:10.0.0.17:49796", "::ffff:10.0.0.17"),
            ("[::ffff:10.0.0.17]:123", "::ffff:10.0.0.17"),
            ("fe80::1%4", "fe80::1%4"),
            ("10.0.0.5:49718", "10.0.0.5"),
            ("010.000.000.005", "010.000.000.005"),
            ("10.0.0.5_x", "10.0.0.5"),
            ("at 00-11-22-33-aa-bb,", "00-11-22-33-aa-bb"),
            ("00:11:22:33:aa:bb", "00:11:22:33:aa:bb"),
            ("S-1-5-21-1-2-3-500", "S-1-5-21-1-2-3-500"),
            ("net use \\\\srv\\c$ Geheim1 /user:x", "Geheim1"),
            ("x.exe -u anna -p hunter2", "hunter2"),
            ("cmdkey /pass:\"a b\"", "\"a b\""),
            ("password=hunter2;", "hunter2"),
            ("ftp://anna:hunter2@srv/", "hunter2"),
        ] {
            let found = forms().find(text);
            assert!(found.iter().any(|found| &text[found.range.clone()] == expected), "{text}");
        }
        for text in
            ["127.0.0.1", "::1", "0.0.0.0", "10.0.19041.1", "S-1-5-18", "a:b", "2026-03-04T10:11:12.5Z"]
        {
            assert!(forms().find(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn one_address_has_one_key() {
        for text in ["::ffff:10.0.0.17", "10.0.0.17", "010.000.000.017", "::ffff:a00:11"] {
            assert_eq!(forms().find(text)[0].key, "10.0.0.17", "{text}");
        }
    }

    #[test]
    fn names_are_told_by_their_form() {
        for (text, expected) in [
            ("C:\\Users\\Jürgen Müller\\NTUSER.DAT", "Jürgen Müller"),
            ("C:/Users/anna/x", "anna"),
            ("C:\\\\Users\\\\anna\\\\x", "anna"),
            ("\\\\srv-2\\share", "srv-2"),
            ("at \\\\srv-2", "srv-2"),
            ("https://srv-2/x", "srv-2"),
            ("mail.fabrikam.com refused", "mail.fabrikam.com"),
            ("srv.contoso.local", "srv.contoso.local"),
            ("anna@fabrikam.com", "anna@fabrikam.com"),
            ("cmdkey /user:anna", "anna"),
        ] {
            assert!(forms().names(text).iter().any(|(_, name)| *name == expected), "{text}");
        }
        for text in [
            "C:\\Users\\Public\\x",
            "svchost.exe",
            "C:\\Windows\\System32",
            "C:\\\\Windows\\\\x",
            "10.0.19041.1",
        ] {
            assert!(forms().names(text).is_empty(), "{text}: {:?}", forms().names(text));
        }
    }

    #[test]
    fn of_a_command_line_its_program_is_left() {
        assert_eq!(program("\"C:\\a b\\net.exe\" user anna Geheim1"), "\"C:\\a b\\net.exe\" …");
        assert_eq!(program("net user"), "net …");
        assert_eq!(program("net"), "net");
    }
}
