//! The command `rdpwhy`.
fn main() {}
