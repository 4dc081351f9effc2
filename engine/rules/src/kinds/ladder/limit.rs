//! What is too short, too often or too regular to be an attempt of somebody who wants in.

use std::time::Duration;

use rdpwhy_yaml::MapReader;

use super::stage::StageName;
use crate::field::{count, span};
use crate::id::StageId;
use crate::names::Names;
use crate::shape::{TimeSpan, shape};

const TWO_MINUTES: Duration = Duration::from_secs(120);
const FIVE_MINUTES: Duration = Duration::from_secs(300);

/// The short connection that a client makes before the real one.
#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
pub struct Preconnection {
    /// It ended below this stage.
    pub below: StageId,
    /// The same address came again within this.
    pub within: Duration,
}

/// Refused credentials that the next tries put right.
#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
pub struct Retry {
    /// A success followed within this.
    pub within: Duration,
    /// After at most so many refusals.
    pub tries: usize,
}

/// A connection that is only a look.
#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
pub struct Probe {
    /// It ended below this stage.
    pub below: StageId,
    /// Fewer than this from its address.
    pub attempts: usize,
    /// So many from one address, evenly spaced, are a program's, wherever it is.
    pub regular: usize,
    /// So many from one address within five minutes are a program's, too.
    pub burst: usize,
}

/// Public sources that never get in.
#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
pub struct Strangers {
    /// From so many of them on, a host is exposed.
    pub sources: usize,
    /// From so many of their failures within an hour on, it is under attack; below, on a host that serves others, they
    /// are what every exposed host sees.
    pub hourly: usize,
    /// A user who works on the host and failed from such an address at most so often is no stranger.
    pub mistypes: usize,
}

pub(super) fn strangers(map: &mut MapReader<'_>) -> Strangers {
    let Some(node) = map.required("strangers") else {
        return Strangers { sources: 1, hourly: 0, mistypes: 0 };
    };
    let mut inner = map.reader().map(node);
    let strangers = Strangers {
        sources: count(&mut inner, "sources", 1),
        hourly: count(&mut inner, "hourly", 0),
        mistypes: count(&mut inner, "mistypes", 0),
    };
    inner.finish();
    strangers
}

pub(super) fn preconnection(map: &mut MapReader<'_>, names: &Names) -> Preconnection {
    let nothing = Preconnection { below: StageId::FIRST, within: Duration::ZERO };
    let Some(node) = map.required("preconnection") else { return nothing };
    let mut inner = map.reader().map(node);
    let found = Preconnection {
        below: names.required_stage(&mut inner, "below"),
        within: span(&mut inner, "within", TWO_MINUTES),
    };
    inner.finish();
    found
}

pub(super) fn retry(map: &mut MapReader<'_>) -> Retry {
    let Some(node) = map.required("retry") else { return Retry { within: Duration::ZERO, tries: 0 } };
    let mut inner = map.reader().map(node);
    let within = span(&mut inner, "within", FIVE_MINUTES);
    let tries = inner.integer("tries").unwrap_or(0);
    inner.finish();
    Retry { within, tries: usize::try_from(tries).unwrap_or(0) }
}

pub(super) fn probe(map: &mut MapReader<'_>, names: &Names) -> Probe {
    let none = Probe { below: StageId::FIRST, attempts: 0, regular: usize::MAX, burst: usize::MAX };
    let Some(node) = map.required("probe") else { return none };
    let mut inner = map.reader().map(node);
    let below = names.required_stage(&mut inner, "below");
    let attempts = count(&mut inner, "attempts", 1);
    let (regular, burst) = (count(&mut inner, "regular", usize::MAX), count(&mut inner, "burst", usize::MAX));
    inner.finish();
    Probe { below, attempts, regular, burst }
}

shape! {
    /// Refused credentials, at most so many in a row, after which the same address and user soon got in.
    pub(super) struct RetryShape {
        within: TimeSpan,
        #[schemars(range(min = 1))]
        tries: u32,
    }
}

shape! {
    /// The short connection before the real one.
    pub(super) struct PreconnectionShape {
        below: StageName,
        within: Option<TimeSpan>,
    }
}

shape! {
    /// Public addresses that never get in.
    pub(super) struct StrangersShape {
        #[schemars(range(min = 1))]
        sources: u32,
        /// From so many of their failures within an hour on, the host is under attack.
        #[schemars(range(min = 1))]
        hourly: u32,
        /// A user who works on the host and failed from such an address at most so often is no stranger.
        mistypes: Option<u32>,
    }
}

shape! {
    /// A connection that is only a look.
    pub(super) struct ProbeShape {
        below: StageName,
        attempts: u32,
        /// So many from one address, evenly spaced, are a program's.
        #[schemars(range(min = 3))]
        regular: Option<u32>,
        /// So many from one address within five minutes are a program's.
        #[schemars(range(min = 3))]
        burst: Option<u32>,
    }
}
