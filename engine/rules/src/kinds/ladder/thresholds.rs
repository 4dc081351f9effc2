//! Thresholds of judgment about attempts and causes: spans of time, shares and counts, each with its reason in `ladder.yml`.
//!
//! None has a default: a ladder without one is refused, with the place where it is missing. Limits that only bound the
//! work (how many records are listed, say) are no judgment about Remote Desktop and stay in the engine.

use std::time::Duration;

use rdpwhy_yaml::{MapReader, Node, Reader};

use crate::phrase;
use crate::shape::{Number32, TimeSpan, shape};

/// A value of the ladder that has to be there.
pub(super) trait Threshold: Default {
    /// What it looks like in the file.
    type Shape: schemars::JsonSchema;

    /// Reads it; `None` where it is reported as a fault.
    fn read(node: &Node, reader: Reader<'_>) -> Option<Self>;
}

/// The value of a key. A missing or wrong one is reported, and something stands in for it in the refused ladder.
pub(super) fn required<T: Threshold>(map: &mut MapReader<'_>, key: &'static str) -> T {
    let reader = map.reader();
    map.required(key).and_then(|node| T::read(node, reader)).unwrap_or_default()
}

impl Threshold for Duration {
    type Shape = TimeSpan;

    fn read(node: &Node, reader: Reader<'_>) -> Option<Self> {
        phrase::read(node, reader, phrase::parse_span).map(|(_, span)| span)
    }
}

impl Threshold for f64 {
    type Shape = f64;

    fn read(node: &Node, reader: Reader<'_>) -> Option<Self> {
        reader.number(node)
    }
}

impl Threshold for usize {
    type Shape = u32;

    fn read(node: &Node, reader: Reader<'_>) -> Option<Self> {
        let number = reader.integer(node)?;
        usize::try_from(number).map_or_else(
            |_| {
                reader.wrong_kind(node, "a count");
                None
            },
            Some,
        )
    }
}

impl Threshold for Vec<u32> {
    type Shape = Vec<Number32>;

    fn read(node: &Node, reader: Reader<'_>) -> Option<Self> {
        let codes = node.one_or_many().iter();
        codes.map(|node| u32::try_from(reader.integer(node)?).ok()).collect()
    }
}

/// Declares groups of thresholds: the type that the engine uses, the shape of its map in the file, and the reader, which
/// asks for every key.
macro_rules! groups {
    ($(
        $(#[$meta:meta])*
        $group:ident, $shape:ident { $( $(#[$doc:meta])* $key:ident: $type:ty, )+ }
    )+) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
        pub struct $group { $( $(#[$doc])* pub $key: $type, )+ }

        shape! {
            $(#[$meta])*
            pub(super) struct $shape { $( $(#[$doc])* $key: <$type as Threshold>::Shape, )+ }
        }

        impl Threshold for $group {
            type Shape = $shape;

            fn read(node: &Node, reader: Reader<'_>) -> Option<Self> {
                let mut map = reader.map(node);
                let group = $group { $( $key: required(&mut map, stringify!($key)), )+ };
                map.finish();
                Some(group)
            }
        }
    )+ };
}

groups! {
    /// All of them, by what they are about.
    Thresholds, ThresholdsShape {
        /// Which failures a ticket is about.
        focus: Focus,
        /// Sessions that another connection took over.
        conflict: Conflict,
        /// Which records and sessions belong together.
        join: Joining,
        /// Connections that are only a look.
        probe: Probing,
        /// The clocks of client and host, and the two views of one attempt.
        pairing: Pairing,
        /// Clocks that were set.
        clock: Clock,
        /// Which names are one machine's.
        identity: Identity,
        /// When failures are one incident, and when two.
        incident: Incident,
        /// Records in a relation to a failure.
        evidence: Evidence,
        /// Facts about attempts.
        facts: Facts,
        /// Attempts unlike all others.
        outlier: Outlier,
        /// Events that cluster around failures.
        lead: Lead,
        /// What failing cases have in common.
        fleet: Fleet,
    }

    /// Which failures a ticket is about.
    Focus, FocusShape {
        /// A time in a ticket points at failures at most this far away.
        around: Duration,
    }

    /// Sessions that another connection took over.
    Conflict, ConflictShape {
        /// The other connection begins at most this long after the session ended.
        takeover: Duration,
        /// A user who returns within this did not mean to leave.
        came_back: Duration,
        /// Extended codes of the client's dialog that say so by themselves.
        extended: Vec<u32>,
    }

    /// Which records and sessions belong together.
    Joining, JoiningShape {
        /// A record may follow the end marker of its attempt by this much.
        trailing: Duration,
        /// A record that begins an attempt and proves a sign-in tells of another one from this long after the first on.
        again: Duration,
        /// What cuts off all sessions of a machine does so within this.
        cut_together: Duration,
    }

    /// Connections that are only a look.
    Probing, ProbingShape {
        /// A host serves others at a moment if somebody got in this long before it …
        served_before: Duration,
        /// … or this long after it.
        served_after: Duration,
        /// The span in which the connections of `probe.burst` are counted.
        burst_within: Duration,
        /// Whoever wants to get in waits longer than this for an answer.
        glance: Duration,
        /// Connections are evenly spaced if this part of the spaces is alike …
        even: f64,
        /// … which is: differs from the middle one by at most this part of it.
        spread: f64,
    }

    /// The clocks of client and host, and the two views of one attempt.
    Pairing, PairingShape {
        /// Once clocks agree, the first records of one attempt on both machines differ by at most this.
        slack: Duration,
        /// A single shared attempt is believed only if the clocks differ by less than this.
        lone: Duration,
        /// How frequent attempts are is measured over this long before and after.
        around: Duration,
        /// A match that chance would produce more often than this is not believed.
        chance: f64,
        /// The same for a single shared attempt.
        lone_chance: f64,
    }

    /// Clocks that were set.
    Clock, ClockShape {
        /// Smaller steps are ordinary corrections.
        step: Duration,
        /// A step that takes an earlier one back, but for this part of it, ends an excursion.
        returns: f64,
        /// An excursion that no record tells of shows where record numbers rise while their times fall by this much, and return.
        untold: Duration,
    }

    /// Which names are one machine's.
    Identity, IdentityShape {
        /// A renamed machine may still write under its old name this long after the record that tells of the new one.
        overlap: Duration,
    }

    /// When failures are one incident, and when two.
    Incident, IncidentShape {
        /// A larger incident is not searched for a turning point.
        split_at_most: usize,
        /// The cause of a single failure must be this probable to divide an incident.
        sure: f64,
        /// Without an earlier success, changes are reported from this long before the incident on.
        unknown_past: Duration,
    }

    /// Records in a relation to a failure.
    Evidence, EvidenceShape {
        /// A record is part of an attempt from this long before its first record …
        before: Duration,
        /// … to this long after its last.
        after: Duration,
        /// An incident of a single failure is watched for successes this much longer.
        meanwhile: Duration,
        /// Failures are not compared with fewer successes than this.
        least_successes: usize,
        /// What is rare at successes is seen at most at this part of the share at failures.
        rarely: f64,
    }

    /// Facts about attempts.
    Facts, FactsShape {
        /// Lengths are alike if they differ from their median by at most this part of it.
        alike: f64,
        /// Fewer failures than this are not called alike.
        least_alike: usize,
        /// Whoever gets in this long before or after an incident is compared with those who fail in it.
        nearby: Duration,
        /// A client that fails or gets in elsewhere does so within this.
        elsewhere: Duration,
        /// A clock that was set matters to failures this long.
        clock_matters: Duration,
        /// So many changes between success and failure are taking turns.
        least_turns: usize,
    }

    /// Attempts unlike all others.
    Outlier, OutlierShape {
        /// Among fewer attempts than this, none is an outlier.
        attempts: usize,
        /// A kind of attempt is frequent from this part of all attempts on.
        frequent: f64,
        /// An outlier differs from every frequent kind in at least so many traits.
        traits: usize,
        /// More than so many are a kind of their own.
        at_most: usize,
    }

    /// Events that cluster around failures.
    Lead, LeadShape {
        /// Events count from this long before a failure to this long after it, in whole minutes.
        around: Duration,
        /// Of a long session, only this much before its end counts, in whole minutes.
        session_end: Duration,
        /// Fewer events near failures than this are no lead.
        records: usize,
        /// A lead is this many times as frequent near failures as elsewhere.
        lift: f64,
    }
    /// What failing cases have in common.
    Fleet, FleetShape {
        /// Nothing is said of fewer failing cases that share something.
        cases: usize,
        /// Nothing is said without this many cases to compare with.
        others: usize,
        /// Cases with what is shared fail this many times as often as those without it.
        lift: f64,
        /// What chance would produce more often than this, over all comparisons, is not claimed.
        chance: f64,
        /// From so many parts on that have nothing to do with each other, inputs given as one case look like several.
        tickets: usize,
        /// Failures that begin within this of each other began together.
        together: Duration,
    }
}
