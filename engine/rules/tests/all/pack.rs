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

#[test]
fn what_the_build_compiled_is_what_the_rules_say() {
    let (stored, faults) = Pack::built_in(&[]).unwrap();
    assert!(faults.is_empty(), "{}", faults.render(false));
    let (read, _) = Pack::load(&embedded(), &[]).unwrap();
    assert_eq!(stored.fingerprint(), read.fingerprint());
    // What is said about signals is compared one by one: the index of all has no order.
    assert_eq!(format!("{:?}", stored.signals()), format!("{:?}", read.signals()));
    assert_eq!(format!("{:?}", stored.causes()), format!("{:?}", read.causes()));
    assert_eq!(format!("{:?}", stored.notices()), format!("{:?}", read.notices()));
    assert_eq!(format!("{:?}", stored.steps()), format!("{:?}", read.steps()));
    assert_eq!(format!("{:?}", stored.checks()), format!("{:?}", read.checks()));
    assert_eq!(format!("{:?}", stored.codes()), format!("{:?}", read.codes()));
    assert_eq!(format!("{:?}", stored.ladder()), format!("{:?}", read.ladder()));
    assert_eq!(format!("{:?}", stored.identities()), format!("{:?}", read.identities()));
}
