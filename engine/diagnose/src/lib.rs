//! Events to attempts, evidence and ranked causes.
//!
//! [`diagnose`] is a pure function of the records read, the rules and the options: no clock, locale, environment or
//! network enters it. Data flows one way, from the first folder named below to the last.
//!
//! Use it to get a [`Diagnosis`] as a value, and `rdpwhy-report` to show it. It promises:
//!
//! - The same records, rules and options give the same diagnosis, on any machine, with any number of threads. The order in which logs are
//!   given does not matter.
//! - It never panics and never fails: where the logs show nothing, the verdict is [`Verdict::NoEvidence`].
//! - Incidents are in the order in which a person should read them; times are UTC; probabilities of the causes of an
//!   incident and its `none` sum to one.
//!
//! # Example
//! ```
//! use rdpwhy_diagnose::{Options, Verdict, diagnose};
//! use rdpwhy_logs::{ReadOptions, Source, read};
//! use rdpwhy_rules::Pack;
//!
//! let log = r#"<Events><Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>
//!     <Provider Name="Schannel"/><EventID>36870</EventID><TimeCreated SystemTime="2026-03-09T08:41:10Z"/>
//!     <EventRecordID>8812</EventRecordID><Channel>System</Channel><Computer>SRV-RDS01</Computer></System>
//!     <EventData><Data Name="Type">server</Data><Data Name="ErrorCode">0x8009030D</Data></EventData></Event></Events>"#;
//! let (pack, _warnings) = Pack::built_in(&[])?;
//! let reading = read(&[Source::bytes("System.xml", log.as_bytes())], &pack, &ReadOptions::default(), &())?;
//! let diagnosis = diagnose(&reading, &pack, &Options::default());
//! assert_ne!(diagnosis.verdict, Verdict::NoEvidence);
//! println!("{}: {:.0} %", diagnosis.diagnoses[0].cause, diagnosis.diagnoses[0].probability * 100.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod memo;
mod options;

mod world;

mod attempts;

mod cases;

mod evidence;

mod ranking;

pub mod diagnosis;

mod flow;
mod redact;

pub use diagnosis::{Diagnosis, Verdict};
pub use flow::{diagnose, diagnose_in_stages};
pub use options::Options;
pub use ranking::ranked::INCIDENTS_IN_FULL;
pub use redact::{Redacted, redact};
pub use world::address::{machine_key, machine_label};
