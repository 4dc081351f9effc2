//! The command and all of its parts together, in one test program: each further one would be linked and stored anew.

mod command;
mod containers;
mod dialects;
mod explain;
mod hostile_logs;
mod html_report;
#[cfg(unix)]
mod manners;
mod recover;
mod redact;
mod rules_command;
mod tickets;
