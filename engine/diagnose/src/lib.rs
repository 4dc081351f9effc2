//! Events to attempts, evidence and ranked causes.
