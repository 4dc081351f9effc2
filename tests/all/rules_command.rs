//! `rdpwhy rules`, as their users would see them; and docs/ against the rules.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use assert_cmd::Command;
use rdpwhy_rules::phrase::{parse_fact, parse_relation};
use rdpwhy_rules::{Pack, RuleFile, embedded};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub(crate) fn rdpwhy(arguments: &[&str]) -> (String, String, i32) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::cargo_bin("rdpwhy").unwrap().current_dir(root).args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code().unwrap())
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

// --- rules check -----------------------------------------------------------------------------------------------------

/// A copy of the built-in rules with faults in it, and what must be said of them.
struct Broken {
    files: BTreeMap<String, String>,
    planted: Vec<(String, String, String)>,
}

impl Broken {
    fn new() -> Self {
        let files = embedded()
            .into_iter()
            .map(|file| (file.path.strip_prefix("rules/").unwrap().to_owned(), file.text));
        Broken { files: files.collect(), planted: Vec::new() }
    }

    /// Puts `new` in place of the first `old`; the fault must stand at `at`, a part of `new`.
    fn plant(&mut self, file: &str, old: &str, new: &str, at: &str, level_and_code: &str) {
        let text = &self.files[file];
        let place = text.find(old).unwrap_or_else(|| panic!("{file} holds no {old:?}"));
        self.files.insert(file.to_owned(), text.replacen(old, new, 1));
        self.expect(file, place + new.find(at).unwrap(), level_and_code);
    }

    fn add(&mut self, file: &str, text: &str, at: &str, level_and_code: &str) {
        self.files.insert(file.to_owned(), text.to_owned());
        self.expect(file, text.find(at).unwrap(), level_and_code);
    }

    fn expect(&mut self, file: &str, place: usize, level_and_code: &str) {
        let before = &self.files[file][..place];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
        self.planted.push((file.to_owned(), format!("{line}:{column}"), level_and_code.to_owned()));
    }

    fn write(&self, folder: &Path) {
        for (file, text) in &self.files {
            let path = folder.join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
    }
}

/// A signal with `condition` and a name that nothing uses.
pub(crate) fn signal(name: &str, condition: &str) -> String {
    format!(
        "title: Nobody asks\nname: {name}\nstatus: test\ndescription: x\nlogsource: {{ product: windows, service: system }}\n\
         detection:\n  record: {{ Provider_Name: A, EventID: 1 }}\n  condition: {condition}\nlevel: low\n"
    )
}

fn plant_in_causes(broken: &mut Broken) {
    let key = "causes/rdp-key-inaccessible.yml";
    broken.plant(key, "strength: decisive", "strength: decisiv", "decisiv", "error[cause::strength]");
    broken.plant(key, "within 5 seconds after", "within 5 parsecs after", "parsecs", "error[rule::phrase]");
    broken.plant(key, "strength: weak", "strength: 1", "1", "warning[cause::no-weight]");
    broken.plant(
        key,
        "step: show-certificate,",
        "step: show-certificat,",
        "show-certificat",
        "error[rule::unknown-name]",
    );
    let licensing = "causes/rds-licensing.yml";
    broken.plant(licensing, "side: host", "side: hots", "hots", "error[rule::unknown-value]");
    broken.plant(licensing, "\nmechanism:", "\nmechanizm:", "mechanizm", "error[rule::unknown-key]");
    broken.plant(licensing, "id: rds-licensing", "id: rds-licensing", "id", "error[rule::missing-key]");
    broken.plant(
        "causes/outdated-client.yml",
        "id: outdated-client",
        "id: old-client",
        "old-client",
        "error[rule::id]",
    );
    broken.plant(
        "causes/dns-wrong-or-stale.yml",
        "prior: 0.04",
        "prior: 1.04",
        "1.04",
        "error[cause::prior]",
    );
    broken.plant(
        "causes/credssp-patch-mismatch.yml",
        "signal: ",
        "signal: no-such-signal-9 #",
        "no-such",
        "error[rule::unknown-name]",
    );
    broken.add(
        "causes/bare.yml",
        "id: bare\ntitle: Nothing is known\nside: host\nstages: [tls]\nprior: 0.01\nbasis: judgement\nmechanism: x\nevidence:\n  - attempts: it \
         rained\n    strength: weak\n    because: x\n",
        "it rained",
        "error[rule::phrase]",
    );
    for code in ["no-fix", "no-collect", "no-references", "no-ticket"] {
        let place = broken.files["causes/bare.yml"].find("bare").unwrap();
        broken.expect("causes/bare.yml", place, &format!("warning[cause::{code}]"));
    }
}

fn plant_elsewhere(broken: &mut Broken) {
    broken.add("signals/wrong-condition-1.yml", &signal("wrong-condition-1", "recrod"), "recrod", "error[");
    broken.add(
        "signals/nobody-asks-1.yml",
        &signal("nobody-asks-1", "record"),
        "nobody-asks-1",
        "warning[signal::unused]",
    );
    broken.plant("steps/save-logs.yml", "\nundo:", "\nundone:", "undone", "error[rule::unknown-key]");
    broken.plant("steps/save-logs.yml", "id: save-logs", "id: save-logs", "id", "error[rule::missing-key]");
    broken.plant(
        "steps/restart-host.yml",
        "cost: restart",
        "cost: expensive",
        "expensive",
        "error[rule::unknown-value]",
    );
    let notice = "notices/log-cleared.yml";
    broken.plant(
        notice,
        "severity: warning",
        "severity: warning\nseverity: info",
        "severity: info",
        "error[yaml::duplicate-key]",
    );
    broken.add(
        "notices/torn.yml",
        "id: torn\ntitle: [a, b\nseverity: info\n",
        ": info",
        "error[yaml::syntax]",
    );
    let codes = "codes/client-disconnect-reasons.yml";
    broken.plant(codes, "decimal: 260", "decimal: 261", "261", "error[code::decimal]");
    broken.plant(codes, "paired_with: extended", "paired_with: extra", "extra", "error[rule::unknown-name]");
    broken.plant("codes/tls-alerts.yml", "value: 10", "value: ten", "ten", "error[code::value]");
    broken.plant("ladder.yml", "opens: true", "opens: sometimes", "sometimes", "error[rule::wrong-kind]");
}

#[test]
fn every_planted_fault_is_named_with_its_place() {
    let mut broken = Broken::new();
    plant_in_causes(&mut broken);
    plant_elsewhere(&mut broken);
    let folder = tempfile::tempdir().unwrap();
    broken.write(folder.path());
    let copy = folder.path().to_str().unwrap();
    let (text, _, code) = rdpwhy(&["rules", "check", copy, "--short"]);
    assert_eq!(code, 2);
    for (file, place, fault) in &broken.planted {
        let expected = format!("{copy}/{file}:{place}: {fault}");
        assert!(text.contains(&expected), "{expected}… is missing in\n{text}");
    }
    let errors = text.lines().filter(|line| line.contains(": error[")).count();
    let planted = broken.planted.iter().filter(|(_, _, fault)| fault.starts_with("error")).count();
    assert_eq!(errors, planted, "errors that nobody planted:\n{text}");
    // The long form shows the offending text.
    let (long, _, _) = rdpwhy(&["rules", "check", copy]);
    assert!(long.contains("decisiv\n") && long.contains("^^^^^^^"), "{long}");
}

#[test]
fn the_built_in_rules_have_no_errors() {
    let (text, _, code) = rdpwhy(&["rules", "check", "--short"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("0 errors, 0 warnings\n"), "{text}");
    assert!(text.contains("numbers by basis: ") && text.contains(" judgement, "), "{text}");
}

// --- rules list, show, new, test -------------------------------------------------------------------------------------

#[test]
fn every_cause_page_answers_five_questions() {
    let (pack, _) = Pack::load(&embedded(), &[]).unwrap();
    for cause in pack.causes() {
        let page =
            std::fs::read_to_string(root().join("docs/causes").join(format!("{}.md", cause.id))).unwrap();
        for question in [
            "What happened?",
            "How do we know?",
            "What do I do?",
            "What does it risk?",
            "How do I know it worked?",
        ] {
            let answer = page.split(&format!("\n## {question}\n\n")).nth(1);
            let answer = answer.unwrap_or_else(|| panic!("{}: {question} is missing", cause.id));
            let answer = answer.split("\n## ").next().unwrap();
            assert!(answer.trim().len() > 40, "{}: {question} has no answer", cause.id);
        }
    }
}

#[test]
fn anything_listed_can_be_shown() {
    let (list, _, _) = rdpwhy(&["rules", "list"]);
    for heading in
        ["causes (", "notices (", "steps (", "live checks (", "signals (", "tables of codes (", "sources ("]
    {
        let first = list.split(heading).nth(1).unwrap().lines().nth(1).unwrap();
        let id = first.split_whitespace().next().unwrap();
        let (page, error, code) = rdpwhy(&["rules", "show", id]);
        assert_eq!(code, 0, "{error}");
        assert!(page.contains(id), "{page}");
    }
    let (signal, _, _) = rdpwhy(&["rules", "show", "certificate-created-1056"]);
    for expected in ["evidence against rdp-key-inaccessible", "EventID: 1056", "channel:"] {
        assert!(signal.contains(expected), "{expected} is missing in\n{signal}");
    }
    let (_, error, code) = rdpwhy(&["rules", "show", "rdp-key-inacessible"]);
    assert_eq!(code, 2);
    assert!(error.contains("did you mean `rdp-key-inaccessible`?"), "{error}");
}

#[test]
fn tickets_are_tested() {
    let (text, _, code) = rdpwhy(&["rules", "test", "samples/key-inaccessible", "--verbose"]);
    assert_eq!(code, 0, "{text}");
    for expected in [
        "ok    key-inaccessible",
        "rdp-key-inaccessible  ",
        "1 of 1",
        "right cause first:          1 of 1 (100.0 %)",
    ] {
        assert!(text.contains(expected), "{expected} is missing in\n{text}");
    }
    assert!(text.contains("80-100 %: 1 of 1"), "{text}");
}

#[test]
fn steps_that_destroy_must_say_so() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("steps")).unwrap();
    let step = |cost: &str, risk: &str, undo: &str| {
        let text = format!(
            "id: clear-it\ndo: x\nwhere: host\nrun: |\n  Get-Item C:\\x | Remove-Item\nchanges: x\ncost: {cost}\nrisk: {risk}\nside_effects: one file is gone\nundo: {undo}\nverify: x\nsources: [x]\n"
        );
        std::fs::write(folder.path().join("steps/clear-it.yml"), text).unwrap();
        let (told, _, _) = rdpwhy(&["rules", "check", "--short", folder.path().to_str().unwrap()]);
        told.lines().filter(|line| line.contains("step::destructive")).count()
    };
    assert_eq!(step("reversible", "low", "copy it back"), 0);
    assert_eq!(step("read-only", "none", "none"), 3);
    assert_eq!(step("restart", "low", "none"), 1);
    // The built-in steps say it, all of them.
    let (told, _, _) = rdpwhy(&["rules", "check", "--short"]);
    assert!(!told.contains("step::"), "{told}");
}

// --- schemas ---------------------------------------------------------------------------------------------------------

fn to_json(node: &rdpwhy_yaml::Node) -> Value {
    use rdpwhy_yaml::Value as Yaml;
    match &node.value {
        Yaml::Null => Value::Null,
        Yaml::Scalar(scalar) => match (node.as_bool(), node.as_i64(), node.as_f64()) {
            (Some(truth), _, _) => truth.into(),
            (_, Some(number), _) => number.into(),
            (_, _, Some(number)) => number.into(),
            _ => scalar.text.clone().into(),
        },
        Yaml::Seq(nodes) => nodes.iter().map(to_json).collect(),
        Yaml::Map(entries) => {
            entries.iter().map(|(key, value)| (key.as_text().unwrap().to_owned(), to_json(value))).collect()
        }
    }
}

fn check_against(kind: &str, files: &[RuleFile]) {
    let (schema, _, _) = rdpwhy(&["rules", "schema", kind]);
    let schema = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    assert!(!files.is_empty(), "no files of {kind}");
    for file in files {
        let faults = rdpwhy_yaml::Faults::new();
        let root = &rdpwhy_yaml::parse(&file.path, &file.text, &faults)[0];
        let value = to_json(root);
        let wrong: Vec<String> =
            schema.iter_errors(&value).map(|e| format!("{} at {}", e, e.instance_path())).collect();
        assert!(wrong.is_empty(), "{}: {wrong:#?}", file.path);
    }
}

#[test]
fn every_rule_fits_its_schema() {
    for (kind, folder) in [
        ("signal", "rules/signals/"),
        ("cause", "rules/causes/"),
        ("notice", "rules/notices/"),
        ("step", "rules/steps/"),
        ("check", "rules/checks/"),
        ("codes", "rules/codes/"),
        ("ladder", "rules/ladder.yml"),
        ("sources", "rules/sources.yml"),
    ] {
        let files: Vec<RuleFile> =
            embedded().into_iter().filter(|file| file.path.starts_with(folder)).collect();
        check_against(kind, &files);
    }
}

#[test]
fn every_ticket_fits_its_schema() {
    let tickets = rdpwhy_proof::tickets(&root().join("samples")).unwrap();
    let read = |path: &PathBuf| RuleFile {
        path: path.display().to_string(),
        text: std::fs::read_to_string(path).unwrap(),
    };
    check_against("ticket", &tickets.iter().map(read).collect::<Vec<_>>());
}

#[test]
fn schemas_name_the_faults_that_rules_have() {
    let (schema, _, _) = rdpwhy(&["rules", "schema", "step"]);
    let schema = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    assert!(!schema.is_valid(&serde_json::json!({ "id": "a" })));
    let folder = tempfile::tempdir().unwrap();
    let (written, _, code) = rdpwhy(&["rules", "schema", "--output", folder.path().to_str().unwrap()]);
    assert_eq!((written.lines().count(), code), (9, 0));
    assert_eq!(rdpwhy(&["rules", "schema"]).2, 2);
}

// --- docs ------------------------------------------------------------------------------------------------------------

#[test]
fn generated_pages_are_not_stale() {
    let folder = tempfile::tempdir().unwrap();
    let (_, error, code) = rdpwhy(&["rules", "docs", folder.path().to_str().unwrap()]);
    assert_eq!(code, 0, "{error}");
    let listed = |folder: &Path| {
        let entries = std::fs::read_dir(folder.join("causes")).unwrap();
        let mut names: Vec<String> =
            entries.map(|e| format!("causes/{}", e.unwrap().file_name().to_string_lossy())).collect();
        names.extend(["codes.md", "knowledge/signals.md", "knowledge/sources.md"].map(str::to_owned));
        names.sort();
        names
    };
    let docs = root().join("docs");
    assert_eq!(
        listed(&docs),
        listed(folder.path()),
        "docs/causes holds other pages: run `rdpwhy rules docs docs`"
    );
    for name in listed(folder.path()) {
        let fresh = std::fs::read_to_string(folder.path().join(&name)).unwrap();
        let there = std::fs::read_to_string(docs.join(&name)).unwrap();
        assert!(there == fresh, "docs/{name} is stale: run `rdpwhy rules docs docs`");
    }
}

/// The fenced blocks of docs/rules.md whose first line begins with that word, with what follows it.
fn blocks(word: &str) -> Vec<(String, String)> {
    let page = std::fs::read_to_string(root().join("docs/rules.md")).unwrap();
    let mut found = Vec::new();
    let mut parts = page.split("\n```");
    parts.next();
    while let Some(block) = parts.next() {
        let (head, body) = block.split_once('\n').unwrap();
        if let Some(rest) = head.strip_prefix(word) {
            found.push((rest.trim().to_owned(), body.to_owned()));
        }
        parts.next();
    }
    found
}

/// The phrase with something in place of each word in capitals.
fn filled(phrase: &str) -> Vec<String> {
    let spans = [
        "5 seconds",
        "10 minutes",
        "48 hours",
        "7 days",
        "200 milliseconds",
        "5s",
        "10m",
        "48h",
        "7d",
        "200ms",
    ];
    let nouns = ["a failure", "most failures", "every failure"];
    let mut all = Vec::new();
    for span in spans {
        for noun in nouns {
            let words = phrase.split(' ').map(|word| {
                let (bare, comma) = word.strip_suffix(',').map_or((word, ""), |bare| (bare, ","));
                let word = match bare {
                    "D" => span,
                    "N" => "3",
                    "NOUN" => noun,
                    "SIGNAL" => "certificate-created-1056",
                    "FIELD" => "SessionID",
                    "STAGE" => "tls",
                    other => other,
                };
                format!("{word}{comma}")
            });
            all.push(words.collect::<Vec<_>>().join(" "));
        }
    }
    all
}

#[test]
fn every_phrase_of_the_manual_is_legal() {
    let mut count = 0;
    for (_, block) in blocks("relation") {
        for phrase in block.lines().flat_map(filled) {
            parse_relation(&phrase).unwrap_or_else(|error| panic!("{phrase}: {error}"));
            count += 1;
        }
    }
    for (_, block) in blocks("attempts") {
        for phrase in block.lines().flat_map(filled) {
            parse_fact(&phrase).unwrap_or_else(|error| panic!("{phrase}: {error}"));
            count += 1;
        }
    }
    assert!(count > 1000, "{count}");
}

#[test]
fn every_rule_of_the_manual_loads() {
    let examples = blocks("yaml");
    let added: Vec<RuleFile> =
        examples.into_iter().map(|(path, text)| RuleFile { path: format!("manual/{path}"), text }).collect();
    assert!(added.len() >= 5);
    match Pack::load(&embedded(), &added) {
        Ok((_, faults)) => assert!(faults.is_empty(), "{}", faults.render(false)),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn the_manual_names_every_fact() {
    // What the parser offers where it understands nothing is all that it knows.
    let offered = parse_fact("?").unwrap_err().expected;
    let manual: String = blocks("attempts").into_iter().map(|(_, block)| block).collect();
    for phrase in offered.split('`').skip(1).step_by(2) {
        let start = phrase.trim_end_matches(" …");
        assert!(manual.contains(start), "docs/rules.md does not name `{phrase}`");
    }
    let offered = parse_relation("during a failure, ?").unwrap_err().expected;
    let manual: String = blocks("relation").into_iter().map(|(_, block)| block).collect();
    for phrase in offered.split('`').skip(1).step_by(2) {
        let start = phrase.split(" …").next().unwrap();
        assert!(manual.contains(start), "docs/rules.md does not name `{phrase}`");
    }
}
