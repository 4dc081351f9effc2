use rdpwhy_event::Names;
use rdpwhy_logs::parse_event_xml;
use rdpwhy_yaml::{Faults, parse};

use super::*;

fn sources() -> LogSources {
    let faults = Faults::new();
    let text = "system: System\nupdates: [Setup, System]\nsecurity: Security\n";
    let sources =
        LogSources::of(&parse("logsources.yml", text, &faults), Reader::new("logsources.yml", &faults));
    assert!(faults.is_empty());
    sources
}

fn read_one(text: &str, origin: Origin) -> (Vec<Signal>, String) {
    let faults = Faults::new();
    let path = "rules/signals/door-open.yml";
    let documents = parse(path, text, &faults);
    let signals = load(&documents, Reader::new(path, &faults), &sources(), origin);
    (signals, faults.render(false))
}

const GOOD: &str = "title: The door was open\nname: door-open\nstatus: test\ndescription: When.\nlevel: low\n\
                    logsource: {product: windows, service: updates}\n\
                    detection:\n  record: {Provider_Name: Door, EventID: 7}\n  wide: {F|gt: 9}\n  condition: record\n";

#[test]
fn a_signal_looks_at_its_channels() {
    let (signals, faults) = read_one(GOOD, Origin::Pack);
    assert_eq!(faults, "");
    let signal = &signals[0];
    let in_channel = |channel| {
        let xml = format!(
            "<Event><System><Provider Name='door'/><EventID>7</EventID><Channel>{channel}</Channel></System>\
             <EventData><Data Name='F'>10</Data></EventData></Event>"
        );
        let (event, _) = parse_event_xml(&xml, &mut Names::default()).unwrap();
        signal.matches(&event).map(|names| names.join(" "))
    };
    assert_eq!(in_channel("SYSTEM"), Some("record wide".to_owned()));
    assert_eq!(in_channel("Setup"), Some("record wide".to_owned()));
    assert_eq!(in_channel("Security"), None);
    assert_eq!(signal.log_source.channels, ["Setup", "System"]);
}

#[test]
fn every_fault_of_a_signal_is_reported() {
    let (signals, faults) = read_one(
        "title: T\nname: Door_Open\nstatus: tested\nlogsource: {product: linux, servise: x}\nseverity: high\n\
         detection: {a: {F: 1}, condition: b}\n",
        Origin::Pack,
    );
    assert!(signals.is_empty());
    insta::assert_snapshot!(faults, @r"
    error[rule::missing-key]: the key `description` is required
     --> rules/signals/door-open.yml:1:1
      |
    1 | title: T
      | ^^^^^ `description` is missing in this map

    error[rule::name]: `Door_Open` is not in kebab case
     --> rules/signals/door-open.yml:2:7
      |
    2 | name: Door_Open
      |       ^^^^^^^^^ not a name
      |
      = help: name signal and file alike, in lower-case words joined by `-`

    error[rule::unknown-value]: `tested` is not one of the legal values
     --> rules/signals/door-open.yml:3:9
      |
    3 | status: tested
      |         ^^^^^^ not known
      |
      = help: did you mean `test`? Legal are `stable`, `test`, `experimental`, `deprecated` and `unsupported`

    error[rule::missing-key]: the key `service` is required
     --> rules/signals/door-open.yml:4:12
      |
    4 | logsource: {product: linux, servise: x}
      |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ no `service` here
      |
      = help: the service says which logs must be there for the signal to be missed

    error[sigma::unsupported]: signals of the product `linux` are not supported
     --> rules/signals/door-open.yml:4:22
      |
    4 | logsource: {product: linux, servise: x}
      |                      ^^^^^ not supported
      |
      = help: only `windows` is

    error[rule::unknown-key]: the key `servise` is not known here
     --> rules/signals/door-open.yml:4:29
      |
    4 | logsource: {product: linux, servise: x}
      |                             ^^^^^^^ not known
      |
      = help: did you mean `service`? Legal are `product`, `category`, `definition` and `service`

    error[rule::unknown-key]: the key `severity` is not known here
     --> rules/signals/door-open.yml:5:1
      |
    5 | severity: high
      | ^^^^^^^^ not known
      |
      = help: legal are `title`, `id`, `name`, `description`, `status`, `level`, `logsource`, `references`, `seen`, `falsepositives`, `tags`, `fields`, `author`, `date`, `modified`, `license`, `related`, `scope`, `taxonomy` and `detection`

    error[sigma::unknown-selection]: the condition names `b`, which this rule does not define
     --> rules/signals/door-open.yml:6:35
      |
    6 | detection: {a: {F: 1}, condition: b}
      |                                   ^ no selection has this name
      |
      = help: this rule defines `a`
    ");
    let (_, faults) = read_one(&GOOD.replace("name: door-open", "name: gate-open"), Origin::Pack);
    insta::assert_snapshot!(faults, @r"
    error[rule::name]: the signal is named `gate-open`, but its file `door-open`
     --> rules/signals/door-open.yml:2:7
      |
    2 | name: gate-open
      |       ^^^^^^^^^ not the name of the file
      |
      = help: name signal and file alike, in lower-case words joined by `-`
    ");
    let (_, faults) = read_one(&format!("{GOOD}---\n{GOOD}"), Origin::Pack);
    insta::assert_snapshot!(faults, @r"
    error[rule::several-rules]: a file contains one signal
      --> rules/signals/door-open.yml:12:1
       |
    12 | title: The door was open
       | ^^^^^^^^^^^^^^^^^^^^^^^^ a second one
       |
       = help: give each signal a file of its own
    ");
}

#[test]
fn rules_from_elsewhere_may_lack_what_ours_need() {
    let text = "title: T\nid: 1b2c\nlogsource: {product: windows, service: updatez}\ncustom: 1\n\
                detection: {a: {F: 1}, condition: a}\n";
    let (signals, faults) = read_one(text, Origin::Foreign);
    assert_eq!((signals.len(), &*signals[0].name), (1, "1b2c"));
    insta::assert_snapshot!(faults, @r"
    warning[rule::unknown-service]: the service `updatez` has no channels; the signal looks at all of them
     --> rules/signals/door-open.yml:3:40
      |
    3 | logsource: {product: windows, service: updatez}
      |                                        ^^^^^^^ not known
      |
      = help: did you mean `updates`? Else add the service to logsources.yml

    warning[rule::unknown-key]: the key `custom` is not known here
     --> rules/signals/door-open.yml:4:1
      |
    4 | custom: 1
      | ^^^^^^ not known
      |
      = help: legal are `title`, `id`, `name`, `description`, `status`, `level`, `logsource`, `references`, `seen`, `falsepositives`, `tags`, `fields`, `author`, `date`, `modified`, `license`, `related`, `scope`, `taxonomy`, `regression_tests_path`, `simulation` and `detection`
    ");
    let (signals, _) = read_one(&text.replace("id: 1b2c\n", ""), Origin::Foreign);
    assert_eq!(signals[0].name, "door-open");
    let text = "title: T\ncorrelation: {type: event_count}\n---\naction: global\n";
    let (signals, faults) = read_one(text, Origin::Foreign);
    assert!(signals.is_empty());
    insta::assert_snapshot!(faults, @r"
    error[sigma::unsupported]: Sigma correlations (`correlation`) are not supported
     --> rules/signals/door-open.yml:2:1
      |
    2 | correlation: {type: event_count}
      | ^^^^^^^^^^^ not supported
      |
      = help: describe it in the `relation` of a cause

    error[sigma::unsupported]: Sigma rule collections (`action`) are not supported
     --> rules/signals/door-open.yml:4:1
      |
    4 | action: global
      | ^^^^^^ not supported
      |
      = help: write each rule out in full
    ");
}
