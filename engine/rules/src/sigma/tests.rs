use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::fault::Faults;
use crate::yaml;

/// A record for tests: fields in name order.
#[derive(Debug)]
pub(crate) struct Fields(pub(crate) BTreeMap<String, Vec<String>>);

impl Fields {
    pub(crate) fn new(fields: &[(&str, &str)]) -> Self {
        let mut map: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in fields {
            map.entry((*name).to_owned()).or_default().push((*value).to_owned());
        }
        Fields(map)
    }
}

impl Record for Fields {
    fn each_value(&self, field: &str, visit: &mut dyn FnMut(&str) -> bool) -> bool {
        self.0.get(field).is_some_and(|values| values.iter().any(|value| visit(value)))
    }

    fn any_value(&self, visit: &mut dyn FnMut(&str) -> bool) -> bool {
        self.0.values().flatten().any(|value| visit(value))
    }

    fn channel(&self) -> &str {
        self.0.get("Channel").map_or("", |values| &values[0])
    }
}

fn compile(text: &str) -> Result<Detection, String> {
    let faults = Faults::new();
    let documents = yaml::parse("rule.yml", text, &faults);
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
    assert_eq!(detection.selection_holds("filter", &record), Some(false));
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

/// The plain reading of a detection straight from its YAML: slow, and obvious.
mod plain {
    use super::*;

    pub(super) fn detection(node: &Node, record: &Fields) -> bool {
        let condition = node.get("condition").unwrap().as_text().unwrap();
        condition_holds(&Condition::parse(condition).unwrap(), node, record)
    }

    fn condition_holds(condition: &Condition, node: &Node, record: &Fields) -> bool {
        let holds = |part: &Condition| condition_holds(part, node, record);
        match condition {
            Condition::Any(parts) => parts.iter().any(holds),
            Condition::All(parts) => parts.iter().all(holds),
            Condition::Not(part) => !holds(part),
            Condition::Name(name) => selection(node.get(name).unwrap(), record),
            Condition::Of(quantifier, group) => {
                let named = node.as_map().unwrap().iter().filter(|(key, _)| {
                    let name = key.as_text().unwrap();
                    name != "condition"
                        && match group {
                            Group::Them => !name.starts_with('_'),
                            Group::Named(pattern) => name.starts_with(pattern.trim_end_matches('*')),
                        }
                });
                let found: Vec<bool> = named.map(|(_, value)| selection(value, record)).collect();
                match quantifier {
                    Quantifier::One => found.contains(&true),
                    Quantifier::All => !found.contains(&false),
                }
            }
        }
    }

    fn selection(node: &Node, record: &Fields) -> bool {
        match &node.value {
            Value::Map(entries) => {
                entries.iter().all(|(key, value)| item(key.as_text().unwrap(), value, record))
            }
            Value::Seq(nodes) => nodes.iter().any(|node| selection(node, record)),
            Value::Scalar(word) => {
                let values: Vec<&String> = record.0.values().flatten().collect();
                values.iter().any(|value| wild(&format!("*{}*", word.text), value))
            }
            Value::Null => false,
        }
    }

    fn item(key: &str, value: &Node, record: &Fields) -> bool {
        let mut parts = key.split('|');
        let field = record.0.get(parts.next().unwrap()).cloned().unwrap_or_default();
        let modifiers: Vec<&str> = parts.collect();
        let one = |wanted: &Node| {
            let Some(text) = wanted.as_text() else { return field.iter().all(String::is_empty) };
            field.iter().any(|value| compare(&modifiers, text, value))
        };
        let wanted = value.as_seq().unwrap_or(std::slice::from_ref(value));
        let found = if modifiers.contains(&"all") { wanted.iter().all(one) } else { wanted.iter().any(one) };
        found != modifiers.contains(&"neq")
    }

    fn compare(modifiers: &[&str], wanted: &str, value: &str) -> bool {
        let numbers = || Some((value.parse::<i64>().ok()?, wanted.parse::<i64>().ok()?));
        match *modifiers {
            ["contains", ..] => wild(&format!("*{wanted}*"), value),
            ["startswith", ..] => wild(&format!("{wanted}*"), value),
            ["endswith", ..] => wild(&format!("*{wanted}"), value),
            ["gt", ..] => numbers().is_some_and(|(value, wanted)| value > wanted),
            ["lte", ..] => numbers().is_some_and(|(value, wanted)| value <= wanted),
            _ => wild(wanted, value),
        }
    }

    /// Wildcards by recursion over characters; no escapes.
    pub(super) fn wild(pattern: &str, value: &str) -> bool {
        let lower = |text: &str| text.chars().flat_map(char::to_lowercase).collect::<Vec<char>>();
        fn walk(pattern: &[char], value: &[char]) -> bool {
            match (pattern, value) {
                ([], []) => true,
                (['*', rest @ ..], _) => {
                    walk(rest, value) || (!value.is_empty() && walk(pattern, &value[1..]))
                }
                (['?', rest @ ..], [_, tail @ ..]) => walk(rest, tail),
                ([a, rest @ ..], [b, tail @ ..]) if a == b => walk(rest, tail),
                _ => false,
            }
        }
        walk(&lower(pattern), &lower(value))
    }
}

/// The text of a detection with selections `sa`, `sb`, `_h` over few names and values, so that matches are common.
pub(crate) fn any_detection() -> impl Strategy<Value = String> {
    let value =
        prop_oneof!["[ab1?*]{0,3}", "[0-9]{1,2}", Just("ä".to_owned())].prop_map(|text| format!("'{text}'"));
    let values = prop_oneof![
        value.clone(),
        Just("null".to_owned()),
        prop::collection::vec(value, 1..3).prop_map(|values| format!("[{}]", values.join(", "))),
    ];
    let field = prop_oneof![Just("EventID"), Just("Provider_Name"), Just("Channel"), Just("F")];
    let modifier = prop_oneof![
        6 => Just(""),
        1 => Just("|contains"),
        1 => Just("|startswith"),
        1 => Just("|endswith"),
        1 => Just("|contains|all"),
        1 => Just("|neq"),
    ];
    let item = (field, modifier, values).prop_map(|(field, modifier, values)| {
        let values =
            if values == "null" && !matches!(modifier, "" | "|neq") { "a".to_owned() } else { values };
        (format!("{field}{modifier}"), values)
    });
    let number = (prop_oneof![Just("EventID|gt"), Just("F|lte")], 0_u32..20)
        .prop_map(|(key, limit): (&str, u32)| (key.to_owned(), limit.to_string()));
    let items = prop::collection::vec(prop_oneof![6 => item, 1 => number], 1..3).prop_map(|items| {
        let unique: BTreeMap<String, String> = items.into_iter().collect();
        let lines: Vec<String> = unique.iter().map(|(key, values)| format!("{key}: {values}")).collect();
        format!("{{{}}}", lines.join(", "))
    });
    let selection = prop_oneof![
        4 => items.clone(),
        1 => prop::collection::vec(items, 1..3).prop_map(|maps| format!("[{}]", maps.join(", "))),
        1 => "[ab]{1,2}".prop_map(|word| format!("['{word}']")),
    ];
    let conditions = prop::sample::select(vec![
        "sa",
        "sa and sb",
        "sa or sb and not _h",
        "not sa",
        "1 of s*",
        "all of them",
        "1 of them and not (sa and _h)",
        "not (sa or not sb)",
    ]);
    (selection.clone(), selection.clone(), selection, conditions)
        .prop_map(|(a, b, h, condition)| format!("sa: {a}\nsb: {b}\n_h: {h}\ncondition: {condition}\n"))
}

/// A record over the same names and values.
pub(crate) fn any_record() -> impl Strategy<Value = Fields> {
    let value = prop_oneof!["[aAb1]{0,3}", "[0-9]{1,2}", Just("Ä".to_owned())];
    let field = prop::sample::select(vec!["EventID", "Provider_Name", "Channel", "F"]);
    prop::collection::vec((field, value), 0..5).prop_map(|fields| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Fields::new(&fields)
    })
}

proptest! {
    #[test]
    fn the_compiled_detection_agrees_with_the_plain_one(text in any_detection(), record in any_record()) {
        let faults = Faults::new();
        let node = yaml::parse("rule.yml", &text, &faults).remove(0);
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
