//! What reports call the things of this domain: nouns and sentences that are not the same for every pack.

use rdpwhy_yaml::MapReader;

use super::super::cause::FaultSide;
use crate::shape::{Text, shape};
use crate::side::Side;

/// Declares each word once: its key, what it is, and what is said where a pack has no word of its own.
macro_rules! domain_words {
    ($($(#[$about:meta])+ $key:ident = $default:literal,)+) => {
        /// What reports call the things of this domain.
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        pub struct DomainWords {
            $($(#[$about])+ pub $key: String,)+
        }

        impl Default for DomainWords {
            fn default() -> DomainWords {
                DomainWords { $($key: $default.to_owned(),)+ }
            }
        }

        shape! {
            /// What reports call the things of this domain.
            pub(super) struct DomainWordsShape {
                $($(#[$about])+ $key: Option<Text>,)+
            }
        }

        /// The words of a ladder, with the general ones for those that it does not have.
        pub(super) fn domain_words(map: &mut MapReader<'_>) -> DomainWords {
            let reader = map.reader();
            let mut words = DomainWords::default();
            let Some(node) = map.optional("words") else { return words };
            let mut inner = reader.map(node);
            $(if let Some(word) = inner.text(stringify!($key)) {
                words.$key = word.to_owned();
            })+
            inner.finish();
            words
        }
    };
}

domain_words! {
    /// What is attempted, as in "last good connection". The plural is made with an s.
    connection = "attempt",
    /// An attempt at it where the short word would be unclear, as in "no connection attempt in these logs". The plural is made with an s.
    attempt = "attempt",
    /// What a success leads to and a fault can cut off, as in "2 sessions cut off". The plural is made with an s.
    session = "session",
    /// What attempts did that succeeded, after their number, as in "3 connections got in".
    succeeded = "succeeded",
    /// The title of a report about failures.
    why_failed = "Why it failed",
    /// Introduces the title of a cause on its page.
    because = "It failed because",
    /// What attempts are that ended without success or fault, in the count of outcomes.
    aborted = "aborted on purpose",
    /// Says that such attempts do not count.
    aborted_do_not_count = "Attempts that were aborted on purpose do not count as failures.",
    /// Said where only sources fail that have never succeeded.
    only_strangers = "Only unrelated sources fail: addresses from outside that never succeeded.",
    /// Said where all is well in these logs: where a failure can have been all the same.
    unseen_failure = "If something failed all the same, it is outside the span of these logs or on another machine.",
    /// The start of advice to get more logs, which goes on with the time of the failures.
    get_more_logs = "Get more logs",
    /// The logs that would show an attempt, after "What would settle it:".
    logs_of_attempts = "the logs of the machine",
    /// Said in parentheses of a last success where no record names an address or a user.
    unnamed_success = "",
    /// Words that say nothing in a question to `explain`, separated by spaces.
    commonplace = "",
    /// The machine that attempts are made to.
    host = "host",
    /// The machine that makes attempts.
    client = "client",
    /// The machine in between.
    gateway = "gateway",
    /// The way between them.
    network = "network",
    /// The domain: its controllers, accounts and policies.
    domain = "domain",
}

impl DomainWords {
    /// What a machine's part is called.
    #[must_use]
    pub fn side(&self, side: Side) -> &str {
        match side {
            Side::Host => &self.host,
            Side::Client => &self.client,
            Side::Gateway => &self.gateway,
        }
    }

    /// What the place of a fault is called.
    #[must_use]
    pub fn fault(&self, side: FaultSide) -> &str {
        match side {
            FaultSide::Host => &self.host,
            FaultSide::Client => &self.client,
            FaultSide::Gateway => &self.gateway,
            FaultSide::Network => &self.network,
            FaultSide::Domain => &self.domain,
        }
    }
}
