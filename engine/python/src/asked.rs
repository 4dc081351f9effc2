//! What the ticket says and how to read.

use std::num::NonZeroUsize;

use jiff::tz::TimeZone;
use rdpwhy_event::{Calendar, TypedTime, zone};
use rdpwhy_logs::{MAX_EVENTS, ReadOptions, Reading};
use rdpwhy_rules::{Pack, RuleFile};
use serde::Deserialize;

use crate::failed::Failed;

/// What the other half hands over, as JSON.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Asked {
    error: Option<u32>,
    extended: Option<u32>,
    at: Option<String>,
    since: Option<String>,
    until: Option<String>,
    user: Option<String>,
    source: Option<String>,
    target: Option<String>,
    pub(crate) case: Option<String>,
    tz: Option<String>,
    pub(crate) full: bool,
    recover: bool,
    pub(crate) redact: bool,
    pub(crate) threads: Option<NonZeroUsize>,
    max_events: Option<NonZeroUsize>,
    /// Path and text of rule files to add.
    pub(crate) rules: Vec<(String, String)>,
}

impl Asked {
    pub(crate) fn parse(options: &str) -> Result<Asked, Failed> {
        serde_json::from_str(options).map_err(|error| Failed("option", error.to_string()))
    }

    /// The zone of times without an offset.
    pub(crate) fn zone(&self) -> Result<Option<TimeZone>, Failed> {
        let known =
            |name: &str| zone(name).map_err(|error| Failed("option", format!("tz `{name}`: {error}")));
        self.tz.as_deref().map(known).transpose()
    }

    pub(crate) fn reading(&self, zone: Option<&TimeZone>) -> ReadOptions {
        let most = self.max_events.or(NonZeroUsize::new(MAX_EVENTS));
        ReadOptions {
            threads: self.threads,
            recover: self.recover,
            max_events: most,
            zone: zone.cloned(),
            whole_values: self.full,
            ..ReadOptions::default()
        }
    }

    /// The complaint; times without a date are of the day of the last record.
    pub(crate) fn complaint(
        &self,
        zone: Option<&TimeZone>,
        reading: Option<&Reading>,
    ) -> Result<rdpwhy_diagnose::Options, Failed> {
        let typed = |name: &str, text: &Option<String>| {
            let parse = |text: &String| {
                TypedTime::parse(text).map_err(|error| Failed("option", format!("{name}: {error}")))
            };
            text.as_ref().map(parse).transpose()
        };
        let times = (typed("at", &self.at)?, typed("since", &self.since)?, typed("until", &self.until)?);
        let mut options = rdpwhy_diagnose::Options {
            since: None,
            until: None,
            at: None,
            error: self.error,
            extended: self.extended,
            user: self.user.clone(),
            source: self.source.clone(),
            target: self.target.clone(),
            whole_values: self.full,
            version: env!("CARGO_PKG_VERSION").to_owned(),
        };
        let Some(reading) = reading else { return Ok(options) };
        let last = reading.logs.iter().flat_map(|log| &log.spans).map(|span| span.last).max();
        let calendar = Calendar::new(zone, last);
        let fault = |error: String| Failed("option", error);
        (options.since, options.until) = calendar.span(times.1, times.2).map_err(fault)?;
        options.at = times.0.map(|at| at.moment(&calendar)).transpose().map_err(fault)?;
        Ok(options)
    }
}

/// The built-in rules and those added.
pub(crate) fn pack(rules: &[(String, String)]) -> Result<Pack, Failed> {
    let rules: Vec<RuleFile> = rules.iter().cloned().map(|(path, text)| RuleFile { path, text }).collect();
    let (pack, _) = Pack::built_in(&rules)
        .map_err(|error| Failed("rules", error.faults.render_counted(false).to_string()))?;
    Ok(pack)
}
