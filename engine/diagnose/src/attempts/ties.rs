//! What records and attempts of one connection have in common.

use crate::world::key::Key;

/// What records and attempts of one connection have in common, in the form in which it is compared.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Told<'a> {
    pub(super) address: Option<Key>,
    pub(super) user: Option<Key>,
    pub(super) session: Option<Key>,
    pub(super) connection: Option<&'a str>,
}

impl Told<'_> {
    /// Both tell the same thing, and not the same.
    pub(super) fn contradicts(&self, other: &Told<'_>) -> bool {
        fn differ<T: PartialEq>(a: Option<T>, b: Option<T>) -> bool {
            a.zip(b).is_some_and(|(a, b)| a != b)
        }
        differ(self.address, other.address)
            || differ(self.session, other.session)
            || differ(self.connection, other.connection)
            || differ(self.user, other.user)
    }
}

/// What decides whether further records join an attempt.
#[derive(Debug, Default)]
pub(super) struct Ties<'a> {
    /// What it is known to have in common with others.
    pub(super) told: Told<'a>,
    /// Which of the records it has that come once.
    pub(super) once: Vec<u16>,
    /// Its records that tell who or from where, and joined it by nothing but time.
    pub(super) guessed: Vec<u32>,
}

/// One of the values that connections have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Common<'a> {
    Address(Key),
    User(Key),
    Session(Key),
    Connection(&'a str),
}
