mod plain;

use proptest::prelude::*;
use rdpwhy_yaml::{Faults, Reader, parse};

use super::*;
use crate::strategy::{Fields, any_detection, any_record};

fn compile(text: &str) -> Result<Detection, String> {
    let faults = Faults::new();
    let documents = parse("rule.yml", text, &faults);
    let detection =
        documents.first().and_then(|node| Detection::read(node, Reader::new("rule.yml", &faults)));
    match detection {
        Some(detection) if faults.is_empty() => Ok(detection),
        _ => Err(faults.render(false)),
    }
}

/// A detection of one selection with these lines.
fn fits(selection: &str, fields: &[(&str, &str)]) -> bool {
    let indented: String = selection.lines().map(|line| format!("  {line}\n")).collect();
    let detection =
        compile(&format!("s:\n{indented}condition: s\n")).unwrap_or_else(|fault| panic!("{fault}"));
    detection.is_match(&Fields::new(fields))
}

#[test]
fn values_and_modifiers() {
    let table: [(&str, &str, bool); 44] = [
        ("F: 4625", "4625", true),
        ("F: 4625", "04625", false),
        ("F: 0xC000006D", "0xc000006d", true),
        ("F: [a, b]", "B", true),
        ("F: 'a*'", "Abc", true),
        ("F|cased: a", "A", false),
        ("F|contains: bc", "aBCd", true),
        ("F|contains|all: [a, d]", "abcd", true),
        ("F|contains|all: [a, x]", "abcd", false),
        ("F|startswith: [x, ab]", "ABC", true),
        ("F|endswith: 'b?'", "aBC", true),
        ("F|endswith|cased: 'b?'", "aBC", false),
        ("F|re: '^a.c$'", "abc", true),
        ("F|re: '^a.c$'", "ABC", false),
        ("F|re|i: '^a.c$'", "ABC", true),
        ("F|re|s: 'a.c'", "a\nc", true),
        ("F|re|m: '^c'", "a\nc", true),
        ("F|re: '^c'", "a\nc", false),
        ("F|cidr: 10.0.0.0/8", "10.1.1.1", true),
        ("F|cidr: [192.168.0.0/16, 10.0.0.0/8]", "10.1.1.1:99", true),
        ("F|gt: 5", "6", true),
        ("F|gt: 5", "5", false),
        ("F|gte: 0x5", "5", true),
        ("F|lt: 5", "0x4", true),
        ("F|lte: 5", "5.0", true),
        ("F|neq: a", "A", false),
        ("F|neq: [a, b]", "c", true),
        ("F|contains|neq: b", "abc", false),
        ("G|neq: a", "x", true),
        ("F|exists: true", "", true),
        ("G|exists: false", "", true),
        ("G|exists: true", "", false),
        ("G:", "x", true),
        ("F: null", "", true),
        ("F: null", "x", false),
        ("F: ''", "", true),
        ("G: ''", "", false),
        ("F: [null, x]", "X", true),
        ("F: 'null'", "null", true),
        ("F|base64: foo", "Zm9v", true),
        ("F|wide|base64offset|contains: ping", "xx cABpAG4AZw yy", true),
        ("F|windash|contains: ' -x '", "cmd /x y", true),
        ("F: true", "True", true),
        ("F|contains: ''", "", true),
    ];
    for (selection, value, expected) in table {
        assert_eq!(fits(selection, &[("F", value)]), expected, "{selection} on {value:?}");
    }
}

#[test]
fn selections_join_as_the_specification_says() {
    let fields = [("A", "1"), ("B", "2"), ("D", "x"), ("D", "yy")];
    let table = [
        ("A: 1\nB: 2", true),
        ("A: 1\nB: 3", false),
        ("- A: 9\n- B: 2", true),
        ("- A: 9\n- B: 9", false),
        ("- y\n- zz", true),
        ("- zz\n- A: 1", true),
        ("'|all': [y, 2]", true),
        ("'|all': [y, 7]", false),
        ("'|re': '^y+$'", true),
        ("D: x\nD|startswith: yy", true),
        ("D|all: [x, yy]", true),
        ("D|neq: x", false),
        ("D|fieldref: A", false),
        ("A|fieldref: A", true),
        ("D|fieldref|contains: D", true),
    ];
    for (selection, expected) in table {
        assert_eq!(fits(selection, &fields), expected, "{selection}");
    }
    assert!(fits("s1", &[("F", "has S1 inside")]));
}

#[test]
fn conditions_pick_selections() {
    let head = "sel_a: {A: 1}\nsel_b: {B: 1}\nfilter: {C: 1}\n_hidden: {H: 1}\ncondition: ";
    let table = [
        ("sel_a and sel_b", "A B", true),
        ("sel_a and sel_b", "A", false),
        ("sel_a or sel_b and filter", "A", true),
        ("(sel_a or sel_b) and filter", "A", false),
        ("1 of sel_* and not filter", "B", true),
        ("1 of sel_* and not filter", "B C", false),
        ("all of sel_*", "A B", true),
        ("all of them", "A B C", true),
        ("1 of them", "H", false),
        ("1 of _*", "H", true),
        ("[sel_a, sel_b and filter]", "B C", true),
        ("not 1 of them", "H", true),
        ("sel_a AND NOT (filter OR sel_b)", "A", true),
    ];
    for (condition, set, expected) in table {
        let detection = compile(&format!("{head}{condition}\n")).unwrap_or_else(|fault| panic!("{fault}"));
        let fields: Vec<(&str, &str)> = set.split(' ').map(|name| (name, "1")).collect();
        assert_eq!(detection.is_match(&Fields::new(&fields)), expected, "{condition} on {set}");
    }
    let detection = compile(&format!("{head}sel_a\n")).unwrap();
    let record = Fields::new(&[("A", "1"), ("H", "1")]);
    assert_eq!(detection.matches(&record), Some(vec!["sel_a", "_hidden"]));
    assert_eq!(detection.matches(&Fields::new(&[("H", "1")])), None);
}

#[test]
fn every_fault_of_a_detection_is_reported() {
    let faults = compile(concat!(
        "a:\n  F|containz: x\n  G|re|hour: x\n  H|re: '(a'\n  I|cidr: 10.0.0\n  J|gt: many\n  K: []\n",
        "b:\n  F|wide: x\n  G|base64: 'a*'\n  H|re|cidr: x\n  I|contains: null\n  J|i: x\n  K|exists: maybe\n",
        "  L|re: 'a{1000}{1000}{1000}'\n  M|cidr|contains: 10.0.0.0/8\n  N: {O: 1}\n",
        "c: {}\nd: [[x]]\ntimeframe: 5m\n",
        "condition: a and selektion or 1 of x* and bb\n",
    ));
    insta::assert_snapshot!(faults.unwrap_err(), @r"
    error[sigma::unknown-modifier]: the modifier `containz` is not known
     --> rule.yml:2:5
      |
    2 |   F|containz: x
      |     ^^^^^^^^ not known
      |
      = help: did you mean `contains`? Legal are `contains`, `startswith`, `endswith`, `all`, `re`, `i`, `ignorecase`, `m`, `multiline`, `s`, `dotall`, `cased`, `cidr`, `gt`, `gte`, `lt`, `lte`, `neq`, `exists`, `fieldref`, `base64`, `base64offset`, `utf16`, `utf16le`, `wide`, `utf16be` and `windash`

    error[sigma::unsupported]: the modifier `hour` is not supported: parts of a time are not compared
     --> rule.yml:3:8
      |
    3 |   G|re|hour: x
      |        ^^^^ not supported

    error[sigma::regex]: the regular expression cannot be read: unclosed group
     --> rule.yml:4:9
      |
    4 |   H|re: '(a'
      |         ^^^^ this value
      |
      = help: the syntax is that of docs.rs/regex, without look-around

    error[sigma::network]: `10.0.0` is not a network
     --> rule.yml:5:11
      |
    5 |   I|cidr: 10.0.0
      |           ^^^^^^ this value
      |
      = help: write 10.0.0.0/8

    error[sigma::number]: `many` is not a number
     --> rule.yml:6:9
      |
    6 |   J|gt: many
      |         ^^^^ this value
      |
      = help: write it in decimal, or with 0x in hexadecimal

    error[sigma::empty-values]: a field needs at least one value
     --> rule.yml:7:6
      |
    7 |   K: []
      |      ^^ an empty list
      |
      = help: write `null` for a field that is missing

    error[sigma::encoding]: UTF-16 bytes need `base64` or `base64offset` right after them
     --> rule.yml:9:11
      |
    9 |   F|wide: x
      |           ^ this value
      |
      = help: write `|wide|base64offset|contains`

    error[sigma::encoding]: a value with wildcards cannot be encoded
      --> rule.yml:10:13
       |
    10 |   G|base64: 'a*'
       |             ^^^^ this value
       |
       = help: escape the wildcard: `\*` or `\?`

    error[sigma::modifier-conflict]: the modifier `cidr` does not go with the one before it
      --> rule.yml:11:8
       |
    11 |   H|re|cidr: x
       |        ^^^^ not together with the others

    error[sigma::modifier-conflict]: `null` stands for a missing field and takes no modifier
      --> rule.yml:12:15
       |
    12 |   I|contains: null
       |               ^^^^ this value
       |
       = help: write '' for an empty text, 'null' for this word

    error[sigma::modifier-conflict]: the modifier `i` belongs to a regular expression
      --> rule.yml:13:5
       |
    13 |   J|i: x
       |     ^ no `re` before it
       |
       = help: write `re|i`

    error[rule::wrong-kind]: `true` or `false` must stand here
      --> rule.yml:14:13
       |
    14 |   K|exists: maybe
       |             ^^^^^ this is a text

    error[sigma::regex]: the regular expression needs more than 1048576 bytes
      --> rule.yml:15:9
       |
    15 |   L|re: 'a{1000}{1000}{1000}'
       |         ^^^^^^^^^^^^^^^^^^^^^ this value
       |
       = help: repeat less, or split it into several

    error[sigma::modifier-conflict]: `contains`, `startswith` and `endswith` compare texts and do not go with this modifier
      --> rule.yml:16:3
       |
    16 |   M|cidr|contains: 10.0.0.0/8
       |   ^^^^^^^^^^^^^^^ these do not go together

    error[rule::wrong-kind]: a text must stand here
      --> rule.yml:17:6
       |
    17 |   N: {O: 1}
       |      ^^^^^^ this is a map

    error[sigma::empty-selection]: a selection must name at least one field or keyword
      --> rule.yml:18:4
       |
    18 | c: {}
       |    ^^ nothing to look for

    error[rule::wrong-kind]: a map of fields or a keyword must stand here
      --> rule.yml:19:5
       |
    19 | d: [[x]]
       |     ^^^ this is a list

    error[sigma::unsupported]: `timeframe` is not supported: signals look at single events
      --> rule.yml:20:1
       |
    20 | timeframe: 5m
       | ^^^^^^^^^ not supported
       |
       = help: count in the relation of a cause: `at least N times within D`

    error[sigma::unknown-selection]: the condition names `selektion`, which this rule does not define
      --> rule.yml:21:18
       |
    21 | condition: a and selektion or 1 of x* and bb
       |                  ^^^^^^^^^ no selection has this name
       |
       = help: this rule defines `a`, `b`, `c` and `d`

    error[sigma::unknown-selection]: no selection of this rule belongs to `x*`
      --> rule.yml:21:36
       |
    21 | condition: a and selektion or 1 of x* and bb
       |                                    ^^ stands for nothing
       |
       = help: this rule defines `a`, `b`, `c` and `d`

    error[sigma::unknown-selection]: the condition names `bb`, which this rule does not define
      --> rule.yml:21:43
       |
    21 | condition: a and selektion or 1 of x* and bb
       |                                           ^^ no selection has this name
       |
       = help: this rule defines `a`, `b`, `c` and `d`
    ");
}

#[test]
fn faults_of_conditions_have_their_place() {
    let tail = "condition: s | count() > 5";
    insta::assert_snapshot!(compile(&format!("s: {{A: 1}}\n{tail}")).unwrap_err(), @r"
    error[sigma::unsupported]: aggregations after `|` (count, min, max, avg, sum, near) are not supported
     --> rule.yml:2:14
      |
    2 | condition: s | count() > 5
      |              ^ not supported
      |
      = help: count in the relation of a cause: `at least N times within D`
    ");
    insta::assert_snapshot!(compile("s: {A: 1}\ncondition: 's and (s or '").unwrap_err(), @r"
    error[sigma::condition]: the condition ends where a selection must follow
     --> rule.yml:2:24
      |
    2 | condition: 's and (s or '
      |                        ^ here
      |
      = help: write selections joined by `and`, `or`, `not`, parentheses, `1 of name*` or `all of them`
    ");
    insta::assert_snapshot!(compile("s: {A: 1}\n").unwrap_err(), @r"
    error[rule::missing-key]: the key `condition` is required
     --> rule.yml:1:1
      |
    1 | s: {A: 1}
      | ^ no `condition` beside the selections
    ");
    insta::assert_snapshot!(compile("- a\n").unwrap_err(), @r"
    error[rule::wrong-kind]: a map of selections with a `condition` must stand here
     --> rule.yml:1:1
      |
    1 | - a
      | ^^^ this is a list
    ");
}

proptest! {
    #[test]
    fn the_compiled_detection_agrees_with_the_plain_one(text in any_detection(), record in any_record()) {
        let faults = Faults::new();
        let node = parse("rule.yml", &text, &faults).remove(0);
        let detection = Detection::read(&node, Reader::new("rule.yml", &faults));
        prop_assert!(faults.is_empty(), "{}", faults.render(false));
        prop_assert_eq!(detection.unwrap().is_match(&record), plain::detection(&node, &record));
    }

    #[test]
    fn globs_agree_with_the_plain_ones(pattern in "[ab*?]{0,8}", value in "[abAB]{0,8}") {
        let selection = format!("s: {{F: '{pattern}'}}\ncondition: s\n");
        let found = compile(&selection).unwrap().is_match(&Fields::new(&[("F", &value)]));
        prop_assert_eq!(found, plain::wild(&pattern, &value));
    }

    #[test]
    fn no_detection_makes_the_compiler_panic(
        key in "[FG]?(\\|(contains|all|re|cidr|gt|base64|wide|windash|exists|fieldref|neq|i|x)){0,4}",
        value in "[-a*?\\\\(0./|ü]{0,6}",
    ) {
        let _ = compile(&format!("s: {{\"{key}\": '{value}'}}\ncondition: s\n"));
    }
}
