//! A ticket written as YAML to real EVTX files.
//!
//! A [`Ticket`] says what happened on which machines and when; [`Shapes`] hold what records such happenings leave;
//! [`forge()`] writes the logs that those machines would have exported.
//!
//! Use it for samples and tests: logs that show exactly what a test is about, without those of a real machine. What Windows really writes
//! is richer, so a diagnosis that is right on forged logs is not proven on real ones.
//!
//! # Example
//! ```
//! use rdpwhy_forge::{Shapes, Ticket, forge};
//!
//! let ticket = "\
//! title: The host denied a connection
//! start: 2026-03-09T07:58:00Z
//! machines: { host: { computer: SRV-RDS01 } }
//! collected: { host: [System] }
//! events:
//!   - { at: +1m, on: host, shape: tls-alert-received-36887, alert: 70 }
//! ";
//! let logs = forge(&Ticket::parse(ticket, "ticket.yml")?, &Shapes::embedded()?)?;
//! assert_eq!(logs[0].path, "host/System.evtx");
//! assert!(logs[0].bytes.starts_with(b"ElfFile"));
//! # Ok::<(), rdpwhy_forge::ForgeError>(())
//! ```

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
