//! Values with how often they occur.

use serde::Serialize;

/// A value and how often it occurs.
#[derive(Debug, Clone, Serialize)]
pub struct Counted {
    /// The value.
    pub value: String,
    /// How often.
    pub count: usize,
}
