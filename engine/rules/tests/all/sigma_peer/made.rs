//! Records made from a rule's own selections: some that fit it, some that just miss.

use std::collections::BTreeMap;

use proptest::strategy::{Strategy, ValueTree};
use proptest::string::string_regex;
use proptest::test_runner::TestRunner;
use rdpwhy_event::{Event, Names};
use rdpwhy_logs::parse_event_xml;
use rdpwhy_rules::Signal;
use rsigma_parser::fieldpath::unescape_brackets;
use rsigma_parser::{
    Detection, DetectionItem, Modifier, SigmaRule, SigmaString, SigmaValue, SpecialChar, StringPart,
};

use super::peer;

/// Records made per rule.
const RECORDS: u64 = 80;

/// A small generator (SplitMix64), so that each run makes the same records.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, sides: usize) -> usize {
        (self.next() % sides as u64) as usize
    }

    /// True that many times out of a hundred.
    fn often(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }
}

type Fields = Vec<(String, String)>;

/// Records for one rule; `seed` tells rules apart.
pub(crate) fn records(rule: &SigmaRule, signal: &Signal, seed: u64) -> Vec<Event> {
    let mut maker = Maker { dice: Dice(seed << 32), runner: TestRunner::deterministic() };
    (0..RECORDS).map(|round| maker.record(rule, signal, round)).collect()
}

/// All regular expressions of a rule.
pub(crate) fn patterns(rule: &SigmaRule) -> Vec<String> {
    let items = peer::items(rule).into_iter().filter(|item| item.field.has_modifier(Modifier::Re));
    let text = |value: &SigmaValue| match value {
        SigmaValue::String(text) => Some(text.original.clone()),
        _ => None,
    };
    items.flat_map(|item| item.values.iter().filter_map(text)).collect()
}

struct Maker {
    dice: Dice,
    runner: TestRunner,
}

impl Maker {
    fn record(&mut self, rule: &SigmaRule, signal: &Signal, round: u64) -> Event {
        // The first rounds spare what a condition is likely to negate, and change nothing afterwards.
        let gentle = round < RECORDS / 3;
        let selections: BTreeMap<&String, &Detection> = rule.detection.named.iter().collect();
        let condition = rule.detection.condition_strings.join(" ");
        let mut fields = Fields::new();
        for (name, detection) in selections {
            let negated = condition.contains(&format!("not {name}")) || name.starts_with("filter");
            let chance = match (gentle, negated) {
                (true, true) => 10,
                (true, false) => 90,
                (false, true) => 40,
                (false, false) => 75,
            };
            if self.dice.often(chance) {
                let found = self.fitting(detection);
                self.lay(&mut fields, found);
            }
        }
        if !gentle {
            self.spoil(&mut fields);
        }
        let channel = match &signal.log_source.channels[..] {
            [] => "Application",
            channels => self.dice.pick(channels),
        };
        event(channel, &fields)
    }

    /// Puts fields over those already there; now and then behind or beside them.
    fn lay(&mut self, fields: &mut Fields, found: Fields) {
        for (name, value) in found {
            let identity = ["EventID", "Provider_Name"].contains(&&*name);
            let known = fields.iter().position(|(other, _)| *other == name);
            match known {
                Some(at) if !identity && self.dice.often(30) => fields[at].1 += &value,
                Some(_)
                    if name == "Data" || !identity && !name.starts_with("Data[") && self.dice.often(8) =>
                {
                    fields.push((name, value));
                }
                Some(at) => fields[at].1 = value,
                None => fields.push((name, value)),
            }
        }
    }

    /// Fields that fit a selection.
    fn fitting(&mut self, detection: &Detection) -> Fields {
        match detection {
            Detection::AllOf(items) => items.iter().flat_map(|item| self.item(item)).collect(),
            Detection::AnyOf(parts) => {
                let part = self.dice.below(parts.len());
                self.fitting(&parts[part])
            }
            Detection::And(parts) => parts.iter().flat_map(|part| self.fitting(part)).collect(),
            Detection::Keywords(values) => {
                let value = self.dice.pick(values).clone();
                vec![("Note".to_owned(), format!("so {} it says", self.text(&value)))]
            }
            other => panic!("no record can be made for {other:?}"),
        }
    }

    fn item(&mut self, item: &DetectionItem) -> Fields {
        let is = |modifier| item.field.has_modifier(modifier);
        let keyword = item.field.name.is_none();
        let name = item.field.name.as_deref().unwrap_or("Note");
        let name = unescape_brackets(name).into_owned();
        if is(Modifier::All) {
            let all: Vec<String> = item.values.iter().map(|value| self.text(value)).collect();
            return vec![(name, all.join(" and "))];
        }
        let value = self.dice.pick(&item.values).clone();
        let text = self.text(&value);
        let text = match () {
            () if matches!(value, SigmaValue::Null) => {
                return self
                    .dice
                    .pick(&[None, Some(""), Some("x")])
                    .map(|text| (name, text.to_owned()))
                    .into_iter()
                    .collect();
            }
            () if is(Modifier::Exists) => {
                return if text == "true" {
                    vec![(name, self.dice.pick(&["", "-", "x"]).to_string())]
                } else {
                    vec![]
                };
            }
            () if is(Modifier::FieldRef) => {
                return vec![(name, "the same".to_owned()), (text, "The Same".to_owned())];
            }
            () if is(Modifier::Neq) => format!("{text}{}", self.junk()),
            () if is(Modifier::Re) => self.matching(&text),
            () if is(Modifier::Cidr) => text.split('/').next().unwrap().to_owned(),
            () if is(Modifier::Gt) || is(Modifier::Gte) || is(Modifier::Lt) || is(Modifier::Lte) => {
                let number: i64 = text.parse().unwrap();
                (number + self.dice.below(3) as i64 - 1).to_string()
            }
            () if is(Modifier::Contains) || keyword => format!("{}{text}{}", self.junk(), self.junk()),
            () if is(Modifier::StartsWith) => format!("{text}{}", self.junk()),
            () if is(Modifier::EndsWith) => format!("{}{text}", self.junk()),
            () => text,
        };
        vec![(name, text)]
    }

    fn text(&mut self, value: &SigmaValue) -> String {
        match value {
            SigmaValue::String(text) => self.without_wildcards(text),
            SigmaValue::Integer(number) => number.to_string(),
            SigmaValue::Float(number) => number.to_string(),
            SigmaValue::Bool(truth) => truth.to_string(),
            SigmaValue::Null => String::new(),
        }
    }

    fn without_wildcards(&mut self, text: &SigmaString) -> String {
        let mut made = String::new();
        for part in &text.parts {
            match part {
                StringPart::Plain(plain) => made.push_str(plain),
                StringPart::Special(SpecialChar::WildcardMulti) => made.push_str(&self.junk()),
                StringPart::Special(SpecialChar::WildcardSingle) => made.push('é'),
            }
        }
        made
    }

    fn junk(&mut self) -> String {
        (*self.dice.pick(&["", "", "x", " ", "C:\\Windows\\", "Ünder ", "-", "0"])).to_owned()
    }

    /// A text that the regular expression fits. The generator knows no anchors, so they are taken away before.
    fn matching(&mut self, pattern: &str) -> String {
        let plain = pattern.trim_start_matches('^').replace("(^|", "(|").replace("\\b", "").replace('$', "");
        let made = string_regex(&plain).unwrap_or_else(|error| panic!("{pattern}: {error}"));
        made.new_tree(&mut self.runner).unwrap().current()
    }

    /// Changes a field or two so that the record just misses, or still fits in another spelling.
    fn spoil(&mut self, fields: &mut Fields) {
        for _ in 0..self.dice.below(3) {
            if fields.is_empty() {
                return;
            }
            let at = self.dice.below(fields.len());
            let (name, value) = &mut fields[at];
            if name == "EventID" {
                continue;
            }
            let changed = match self.dice.below(9) {
                0 => value.to_uppercase(),
                1 => value.to_lowercase(),
                2 => format!("{value}x"),
                3 => format!("x{value}"),
                4 => value.chars().skip(1).collect(),
                5 => String::new(),
                6 => format!("{value} "),
                7 => value.replace('\\', "/"),
                _ => {
                    fields.remove(at);
                    continue;
                }
            };
            *value = changed;
        }
    }
}

/// The event with these fields, those of `System` in their place.
fn event(channel: &str, fields: &Fields) -> Event {
    let last =
        |name: &str| fields.iter().rev().find(|(other, _)| other == name).map(|(_, value)| escaped(value));
    let or = |name: &str, default: &str| last(name).unwrap_or_else(|| default.to_owned());
    let mut system = format!(
        "<Provider Name=\"{}\"/><EventID>{}</EventID><EventRecordID>7</EventRecordID><Channel>{}</Channel>\
         <Computer>{}</Computer><TimeCreated SystemTime=\"2026-01-02T03:04:05Z\"/>\
         <Execution ProcessID=\"{}\" ThreadID=\"8\"/>",
        or("Provider_Name", "Made"),
        or("EventID", "1"),
        escaped(channel),
        or("Computer", "HOST"),
        or("Execution_ProcessID", "612"),
    );
    for name in ["Level", "Task", "Opcode", "Version", "Keywords"] {
        system.extend(last(name).map(|value| format!("<{name}>{value}</{name}>")));
    }
    let payload: String = payload(fields);
    let xml = format!("<Event><System>{system}</System><EventData>{payload}</EventData></Event>");
    parse_event_xml(&xml, &mut Names::default()).unwrap_or_else(|error| panic!("{error}: {xml}")).0
}

const SYSTEM: [&str; 9] = [
    "Provider_Name",
    "EventID",
    "Computer",
    "Execution_ProcessID",
    "Level",
    "Task",
    "Opcode",
    "Version",
    "Keywords",
];

fn payload(fields: &Fields) -> String {
    let mut named = String::new();
    let mut unnamed: Vec<String> = Vec::new();
    for (name, value) in fields.iter().filter(|(name, _)| !SYSTEM.contains(&&**name)) {
        let position = name.strip_prefix("Data[").and_then(|rest| rest.strip_suffix(']'));
        if let Some(position) = position {
            let position: usize = position.parse().unwrap();
            unnamed.resize(unnamed.len().max(position + 1), String::new());
            unnamed[position] = escaped(value);
        } else if name == "Data" {
            unnamed.push(escaped(value));
        } else {
            named += &format!("<Data Name=\"{}\">{}</Data>", escaped(name), escaped(value));
        }
    }
    let unnamed: String = unnamed.iter().map(|value| format!("<Data>{value}</Data>")).collect();
    unnamed + &named
}

/// The text in XML, without the characters that XML cannot hold.
fn escaped(text: &str) -> String {
    let kept: String = text.chars().filter(|c| !c.is_control() && !"\u{fffe}\u{ffff}".contains(*c)).collect();
    kept.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
