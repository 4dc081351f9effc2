//! Maps and sets with a fast hash, for what is looked up for each of millions of records.
//!
//! The hash is seeded anew by each run: whoever writes logs cannot foresee it, and nothing may depend on the order of a map.

/// A map with a fast hash.
pub type HashMap<K, V> = std::collections::HashMap<K, V, foldhash::fast::RandomState>;

/// A set with a fast hash.
pub type HashSet<K> = std::collections::HashSet<K, foldhash::fast::RandomState>;
