//! The machines of a connection.

use crate::word::word_enum;

word_enum! {
    /// From where an attempt was seen.
    pub enum Side {
        /// The machine connected to.
        Host = "host",
        /// The machine that connects.
        Client = "client",
        /// The machine in between.
        Gateway = "gateway",
    }
}
