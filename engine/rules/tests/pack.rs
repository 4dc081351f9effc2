//! The rules built into the program.

#![allow(clippy::unwrap_used, reason = "a test says by panicking that something is wrong")]

use rdpwhy_rules::{Pack, embedded};

#[test]
fn the_built_in_rules_have_no_fault() {
    match Pack::load(&embedded(), &[]) {
        Ok((pack, faults)) => {
            assert!(faults.is_empty(), "{}", faults.render(false));
            assert!(pack.causes().len() >= 8);
        }
        Err(error) => panic!("{error}"),
    }
}
