//! The command and all of its parts together, in one test program: each further one would be linked and stored anew.

mod batch;
mod command;
mod containers;
mod dialects;
mod english;
mod explain;
mod foreign_rules;
mod hostile_logs;
mod html_report;
mod instructions;
#[cfg(unix)]
mod manners;
#[cfg(target_os = "linux")]
mod memory;
mod papers;
mod recover;
mod redact;
mod redact_names;
mod report_wrong;
mod rule_writing;
mod rules_command;
mod second_domain;
mod tickets;
