//! What the ladder must say: every threshold, and the roles of its stages.

#![allow(clippy::unwrap_used, reason = "a test says by panicking that something is wrong")]

use rdpwhy_rules::{Pack, RuleFile, embedded};

/// The faults of the built-in rules with one text of the ladder replaced.
fn faults(from: &str, to: &str) -> String {
    let mut files = embedded();
    let ladder = files.iter_mut().find(|file| file.path.ends_with("ladder.yml")).unwrap();
    assert_eq!(ladder.text.matches(from).count(), 1, "{from}");
    *ladder = RuleFile { path: ladder.path.clone(), text: ladder.text.replace(from, to) };
    match Pack::load(&files, &[]) {
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_ladder_without_one_of_its_thresholds_is_refused_with_the_place() {
    assert_eq!(faults("glance: 100 milliseconds", "glance: 0.2 seconds"), "");
    let missing = faults("    glance: 100 milliseconds", "    # glance: 100 milliseconds");
    assert!(missing.contains("glance") && missing.contains("ladder.yml:"), "{missing}");
    let wrong = faults("glance: 100 milliseconds", "glance: soon");
    assert!(wrong.contains("`soon`") && wrong.contains("ladder.yml:"), "{wrong}");
    let unknown = faults("    glance:", "    glimpse:");
    assert!(unknown.contains("glimpse") && unknown.contains("`glance`"), "{unknown}");
    let missing = faults("\nshort_session: 1 minute", "");
    assert!(missing.contains("short_session"), "{missing}");
}

#[test]
fn the_stages_that_the_engine_knows_have_their_roles_once_and_in_order() {
    let none = faults("opening the TCP connection, role: arrival }", "reaches the host }");
    assert!(none.contains("0 stages have the role `arrival`"), "{none}");
    let two = faults("finding a path to the host }", "finding a path to the host, role: arrival }");
    assert!(two.contains("2 stages have the role `arrival`"), "{two}");
    let wrong = faults("role: arrival }", "role: landing }");
    assert!(wrong.contains("landing") && wrong.contains("`arrival`"), "{wrong}");
    let swapped = faults("signing the user in, role: logon }", "signing the user in, role: session }");
    assert!(swapped.contains("2 stages have the role `session`"), "{swapped}");
}
