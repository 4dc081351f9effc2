//! Sigma rules written elsewhere: what is taken, and what is refused by name.

use rdpwhy_rules::{Pack, RuleFile, embedded};

use super::{foreign, load};

#[test]
fn rules_from_elsewhere_load_as_signals() {
    let files = foreign();
    assert!(files.len() >= 8);
    let pack = load(&files);
    for file in &files {
        let signal = pack.signals().iter().find(|signal| signal.file == file.path);
        let signal = signal.unwrap_or_else(|| panic!("{} is no signal", file.path));
        assert_eq!(Some(&signal.name), signal.id.as_ref(), "{}", file.path);
        assert!(!signal.tags.is_empty() && !signal.log_source.channels.is_empty(), "{}", file.path);
    }
    assert_eq!(pack.signals().len(), load(&[]).signals().len() + files.len());
}

/// What is said of a rule from elsewhere with this detection.
fn said(detection: &str) -> String {
    let head =
        "title: T\nlogsource: {product: windows, service: security}\ndetection:\n  s: {EventID: 4625}\n";
    said_of_file(&format!("{head}{detection}"))
}

fn said_of_file(text: &str) -> String {
    let file = RuleFile { path: "elsewhere/rule.yml".to_owned(), text: text.to_owned() };
    match Pack::load(&embedded(), &[file]) {
        Ok((_, faults)) => faults.render(false),
        Err(error) => error.to_string(),
    }
}

#[test]
fn aggregations_are_refused_by_name() {
    insta::assert_snapshot!(said("  condition: s | count() by IpAddress > 5\n"), @r"
    error[sigma::unsupported]: aggregations after `|` (count, min, max, avg, sum, near) are not supported
     --> elsewhere/rule.yml:5:16
      |
    5 |   condition: s | count() by IpAddress > 5
      |                ^ not supported
      |
      = help: count in the relation of a cause: `at least N times within D`
    ");
    insta::assert_snapshot!(said("  t: {EventID: 4624}\n  condition: s | near t\n"), @r"
    error[sigma::unsupported]: aggregations after `|` (count, min, max, avg, sum, near) are not supported
     --> elsewhere/rule.yml:6:16
      |
    6 |   condition: s | near t
      |                ^ not supported
      |
      = help: count in the relation of a cause: `at least N times within D`
    ");
    insta::assert_snapshot!(said("  timeframe: 5m\n  condition: s\n"), @r"
    error[sigma::unsupported]: `timeframe` is not supported: signals look at single events
     --> elsewhere/rule.yml:5:3
      |
    5 |   timeframe: 5m
      |   ^^^^^^^^^ not supported
      |
      = help: count in the relation of a cause: `at least N times within D`
    ");
    insta::assert_snapshot!(said("  condition: 2 of s*\n"), @r"
    error[sigma::unsupported]: `2 of` is not supported
     --> elsewhere/rule.yml:5:14
      |
    5 |   condition: 2 of s*
      |              ^ not supported
      |
      = help: `1 of` and `all of` are; write other numbers out with `and` and `or`
    ");
}

#[test]
fn modifiers_that_cannot_be_had_are_refused_by_name() {
    insta::assert_snapshot!(said("  t: {UserName|expand: '%Administrators%'}\n  condition: s and t\n"), @r"
    error[sigma::unsupported]: the modifier `expand` is not supported: there are no placeholders to fill in
     --> elsewhere/rule.yml:5:16
      |
    5 |   t: {UserName|expand: '%Administrators%'}
      |                ^^^^^^ not supported
    ");
    insta::assert_snapshot!(said("  t: {TimeCreated|hour: 3}\n  condition: s and t\n"), @r"
    error[sigma::unsupported]: the modifier `hour` is not supported: parts of a time are not compared
     --> elsewhere/rule.yml:5:19
      |
    5 |   t: {TimeCreated|hour: 3}
      |                   ^^^^ not supported
    ");
    insta::assert_snapshot!(said("  t: {CommandLine|re: 'a(?!b)'}\n  condition: s and t\n"), @r"
    error[sigma::regex]: the regular expression cannot be read: look-around, including look-ahead and look-behind, is not supported
     --> elsewhere/rule.yml:5:23
      |
    5 |   t: {CommandLine|re: 'a(?!b)'}
      |                       ^^^^^^^^ this value
      |
      = help: the syntax is that of docs.rs/regex, without look-around
    ");
}

#[test]
fn other_kinds_of_documents_are_refused_by_name() {
    let correlation = "title: T\ncorrelation:\n  type: event_count\n  rules: [a]\n  group-by: [IpAddress]\n  \
                       timespan: 5m\n  condition: {gte: 10}\n";
    insta::assert_snapshot!(said_of_file(correlation), @r"
    error[sigma::unsupported]: Sigma correlations (`correlation`) are not supported
     --> elsewhere/rule.yml:2:1
      |
    2 | correlation:
      | ^^^^^^^^^^^ not supported
      |
      = help: describe it in the `relation` of a cause
    ");
    let filter =
        "title: T\nlogsource: {product: windows}\nfilter:\n  rules: [a]\n  s: {User: x}\n  condition: s\n";
    insta::assert_snapshot!(said_of_file(filter), @r"
    error[sigma::unsupported]: Sigma filters (`filter`) are not supported
     --> elsewhere/rule.yml:3:1
      |
    3 | filter:
      | ^^^^^^ not supported
      |
      = help: write the filter as a selection, and `and not filter` in the condition
    ");
    insta::assert_snapshot!(said_of_file("action: global\ntitle: T\n"), @r"
    error[sigma::unsupported]: Sigma rule collections (`action`) are not supported
     --> elsewhere/rule.yml:1:1
      |
    1 | action: global
      | ^^^^^^ not supported
      |
      = help: write each rule out in full
    ");
}

#[test]
fn a_category_alone_is_taken_with_a_warning() {
    let rule = "title: T\nlogsource: {product: windows, category: process_creation}\n\
                detection: {s: {Image|endswith: '\\mstsc.exe'}, condition: s}\n";
    insta::assert_snapshot!(said_of_file(rule), @r"
    warning[rule::no-service]: without a service the signal looks at all channels
     --> elsewhere/rule.yml:2:12
      |
    2 | logsource: {product: windows, category: process_creation}
      |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ no `service` here
      |
      = help: the service says which logs must be there for the signal to be missed
    ");
    let other =
        "title: T\nlogsource: {product: linux, service: sshd}\ndetection: {s: [Failed], condition: s}\n";
    insta::assert_snapshot!(said_of_file(other), @r"
    error[sigma::unsupported]: signals of the product `linux` are not supported
     --> elsewhere/rule.yml:2:22
      |
    2 | logsource: {product: linux, service: sshd}
      |                      ^^^^^ not supported
      |
      = help: only `windows` is

    warning[rule::unknown-service]: the service `sshd` has no channels; the signal looks at all of them
     --> elsewhere/rule.yml:2:38
      |
    2 | logsource: {product: linux, service: sshd}
      |                                      ^^^^ not known
      |
      = help: add the service with its channels to logsources.yml
    ");
}
