//! The words of the reports: what every format says about a thing, it says in the words of this room.
//!
//! [`figure`], [`clock`], [`place`] and [`visible`] write single numbers, times, names and values; the others write
//! sentences about one noun of the diagnosis each.

pub(crate) mod attempt;
pub(crate) mod clock;
pub(crate) mod figure;
pub(crate) mod finding;
pub(crate) mod incident;
pub(crate) mod ladder;
pub(crate) mod lines;
pub(crate) mod list;
pub(crate) mod place;
pub(crate) mod reason;
pub(crate) mod step;
pub(crate) mod summary;
pub(crate) mod ticket;
pub(crate) mod visible;
