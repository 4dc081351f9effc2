//! Files of a folder or archive that are no logs.

use std::fmt;

use crate::input::unsupported::Unsupported;

/// Files of a folder or archive that are no logs.
#[derive(Debug, Default)]
pub(crate) struct Others {
    pub(crate) count: u64,
    /// The first ones, with what they are where that is known.
    named: Vec<String>,
}

impl Others {
    /// Files that are named.
    const NAMED: usize = 3;

    /// Counts a file; `head` gives its first bytes.
    pub(crate) fn add(&mut self, name: &str, head: impl FnOnce() -> Vec<u8>) {
        self.count += 1;
        if self.named.len() < Others::NAMED {
            let unsupported = Unsupported::of(name, &head());
            self.named.push(if unsupported.is_known() {
                format!("{name} ({})", unsupported.briefly())
            } else {
                name.to_owned()
            });
        }
    }
}

/// `, only 5 other files: a.png (a picture), b.txt and 3 more`.
impl fmt::Display for Others {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(more) = self.count.checked_sub(self.named.len() as u64).filter(|_| self.count > 0) else {
            return Ok(());
        };
        let files =
            if self.count == 1 { "1 other file".to_owned() } else { format!("{} other files", self.count) };
        write!(f, ", only {files}: {}", self.named.join(", "))?;
        if more > 0 { write!(f, " and {more} more") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_are_named_as_far_as_they_are_few() {
        let mut others = Others::default();
        assert_eq!(others.to_string(), "");
        others.add("a.png", || b"\x89PNG\r\n\x1a\n".to_vec());
        assert_eq!(others.to_string(), ", only 1 other file: a.png (a picture)");
        ["b.txt", "c.mta", "d"].iter().for_each(|name| others.add(name, || b"x".to_vec()));
        assert_eq!(
            others.to_string(),
            ", only 4 other files: a.png (a picture), b.txt, c.mta (texts of messages) and 1 more"
        );
    }
}
