//! What happens to people who write rules: templates, faults of their own files, and tickets beside their causes.

use crate::rules_command::{rdpwhy, signal};
use rdpwhy_rules::embedded;

#[test]
fn a_new_cause_is_whole_and_overwrites_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().to_str().unwrap();
    assert_eq!(rdpwhy(&["rules", "new", "cause", "cable-cut", place]).2, 0);
    let file = folder.path().join("causes/cable-cut.yml");
    let written = std::fs::read_to_string(&file).unwrap();
    assert!(!written.contains("RULE-ID"));
    std::fs::write(&file, written.replace("TODO: ", "")).unwrap();
    let (text, _, code) = rdpwhy(&["rules", "check", place, "--short"]);
    assert_eq!(code, 0, "{text}");
    assert!(!text.contains("cable-cut.yml"), "{text}");
    // Its ticket can be judged; that it fails is the author's to change.
    let (text, _, code) = rdpwhy(&["rules", "test", "--rules", place]);
    assert_eq!(code, 1);
    assert!(text.contains("expected cable-cut"), "{text}");
    let (_, error, code) = rdpwhy(&["rules", "new", "cause", "cable-cut", place]);
    assert_eq!(code, 2);
    assert!(error.contains("already exists; nothing was written"), "{error}");
    assert_eq!(rdpwhy(&["rules", "new", "cause", "Cable", place]).2, 2);
}

#[test]
fn an_untouched_template_of_any_kind_fails_and_names_only_itself() {
    for kind in ["cause", "signal", "notice", "step", "check", "code"] {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().to_str().unwrap();
        let (written, error, code) = rdpwhy(&["rules", "new", kind, "cable-cut", place]);
        assert_eq!(code, 0, "{error}");
        let own = written.lines().next().unwrap();
        let (text, _, code) = rdpwhy(&["rules", "check", place, "--short"]);
        assert_eq!(code, 2, "{kind}: {text}");
        assert!(text.contains("error[rule::unfinished]"), "{kind}: {text}");
        let places: Vec<&str> = text.lines().filter(|line| line.contains("[")).collect();
        assert!(places.iter().all(|line| line.starts_with(own)), "{kind}: {text}");
        // With its texts written, nothing but doubts is left.
        let filled = std::fs::read_to_string(own).unwrap().replace("TODO: ", "");
        std::fs::write(own, filled).unwrap();
        let (text, _, code) = rdpwhy(&["rules", "check", place, "--short"]);
        assert_eq!(code, 0, "{kind}: {text}");
    }
}

#[test]
fn faults_that_newcomers_make_are_named_with_what_was_meant() {
    let folder = tempfile::tempdir().unwrap();
    for own in ["signals", "causes"] {
        std::fs::create_dir(folder.path().join(own)).unwrap();
    }
    let signal = signal("cable-cut-1", "record")
        .replace("Provider_Name: A, EventID: 1", "provider_name: A, Eventid: 1");
    std::fs::write(folder.path().join("signals/cable-cut-1.yml"), signal).unwrap();
    let cause = "id: cable-cut\ntitle: x\nside: network\nstages: [tcp]\nprior: 0.01\nmechanism: x\nevidence:\n  - signal: cable-cut-1\n    \
                 relation: within 10 seconds of failure\n    strength: weak\n    because: x\nfix: []\nreferences: [ms-azure-event-ids]\n";
    std::fs::write(folder.path().join("causes/cable-cut.yml"), cause).unwrap();
    let (text, _, code) = rdpwhy(&["rules", "check", folder.path().to_str().unwrap()]);
    assert_eq!(code, 2);
    for expected in [
        "did you mean `Provider_Name`?",
        "did you mean `EventID`?",
        "this number does not say what it is based on",
        "did you mean `within 5 seconds of a failure` and",
        "did you mean `ms-azure-event-id`?",
        "this evidence has no `id`",
    ] {
        assert!(text.contains(expected), "{expected} is missing in\n{text}");
    }
}

#[test]
fn a_cause_is_held_to_the_tickets_on_which_it_is_quiet() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("causes")).unwrap();
    let built_in =
        embedded().into_iter().find(|file| file.path.ends_with("rdp-key-inaccessible.yml")).unwrap();
    let loud = format!("{}\nquiet_on: [key-inaccessible]\n", built_in.text.trim_end());
    std::fs::write(folder.path().join("causes/rdp-key-inaccessible.yml"), loud).unwrap();
    let rules = folder.path().to_str().unwrap();
    let (text, _, code) = rdpwhy(&["rules", "test", "samples/key-inaccessible", "--rules", rules]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("should be quiet (its `quiet_on`)"), "{text}");
}
