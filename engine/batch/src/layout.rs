//! Whether a folder is one case or a folder of cases.

use rdpwhy_rules::Pack;

/// What is in a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry<'e> {
    /// A folder or an archive, which can be a case, by its name.
    Whole(&'e str),
    /// A log that is in the folder itself.
    Log,
}

/// Whether the folder is one case: it has logs and nothing else, or its folders and archives are the parts that the rules
/// name under `case_parts`, such as `host` and `client`.
///
/// A log beside folders with other names does not make it one: a forgotten file must not turn a folder of tickets into one ticket.
#[must_use]
pub fn is_one_case(entries: &[Entry<'_>], pack: &Pack) -> bool {
    let is_part = |name: &str| {
        let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
        pack.ladder().case_parts.iter().any(|part| part.eq_ignore_ascii_case(stem))
    };
    let all_are_parts = entries.iter().all(|entry| match entry {
        Entry::Whole(name) => is_part(name),
        Entry::Log => true,
    });
    !entries.is_empty() && all_are_parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_loose_logs_are_one_case_and_tickets_are_not() {
        let (pack, _) = Pack::built_in(&[]).expect("the built-in rules are right");
        let whole = |names: &[&'static str]| names.iter().copied().map(Entry::Whole).collect::<Vec<_>>();
        for (names, expected) in [
            (&["host", "client"][..], true),
            (&["Host", "CLIENT.zip"], true),
            (&["host"], true),
            (&["INC-1", "INC-2"], false),
            (&["host-01", "host-02"], false),
            (&["host", "INC-2"], false),
            (&[], false),
        ] {
            assert_eq!(is_one_case(&whole(names), &pack), expected, "{names:?}");
        }
        assert!(is_one_case(&[Entry::Log, Entry::Log], &pack));
        assert!(is_one_case(&[Entry::Log, Entry::Whole("client")], &pack));
        assert!(!is_one_case(&[Entry::Log, Entry::Whole("INC-1")], &pack));
    }
}
