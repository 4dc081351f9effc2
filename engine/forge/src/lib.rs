//! A ticket written as YAML to real EVTX files.
//!
//! A [`Ticket`] says what happened on which machines and when; [`Shapes`] hold what records such happenings leave;
//! [`forge`] writes the logs that those machines would have exported.

mod compose;
mod draft;
mod error;
pub mod evtx;
mod forge;
mod node;
mod pattern;
mod place;
mod scope;
mod shapes;
mod ticket;
mod time;
mod timeline;

pub use compose::{Composed, Repertoire, compose};
pub use error::ForgeError;
pub use forge::{ForgedLog, forge};
pub use place::Place;
pub use shapes::Shapes;
pub use ticket::{Attempts, Claim, Expect, Machine, Options, Ticket};
pub use time::{Instant, Span};
