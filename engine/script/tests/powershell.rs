//! Every script, and every command of every step, read by a grammar of PowerShell that is not ours.
//!
//! What PowerShell takes and this grammar does not: numbers such as `1GB`, a statement behind `param(…)` on the same line,
//! and `$env:windir\System32` without quotes. Scripts and steps do without them.

#![allow(clippy::unwrap_used, reason = "a test says by panicking that something is wrong")]

use rdpwhy_rules::placeholder::{is_safe, placeholders};
use rdpwhy_rules::{Pack, RuleFile, Side, command, embedded};
use std::sync::LazyLock;
use tree_sitter::{Node, Parser, Tree};

fn pack() -> Pack {
    Pack::load(&embedded(), &[]).unwrap().0
}

fn parse(text: &str) -> Tree {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_powershell::LANGUAGE.into()).unwrap();
    parser.parse(text, None).unwrap()
}

/// The lines that the grammar cannot read.
fn faults(text: &str) -> Vec<String> {
    fn walk(node: Node<'_>, text: &str, found: &mut Vec<String>) {
        if node.is_error() || node.is_missing() {
            let row = node.start_position().row;
            let line = text.lines().nth(row).unwrap_or_default();
            found.push(format!("line {}: {line}", row + 1));
            return;
        }
        for place in 0..node.child_count() {
            walk(node.child(place).unwrap(), text, found);
        }
    }
    let tree = parse(text);
    let mut found = Vec::new();
    if tree.root_node().has_error() {
        walk(tree.root_node(), text, &mut found);
    }
    found
}

fn scripts(pack: &Pack) -> Vec<(String, String)> {
    let mut scripts = Vec::new();
    for side in [Side::Host, Side::Client] {
        scripts.push((format!("diagnose {side:?}"), rdpwhy_script::diagnose(pack, side)));
        scripts.push((format!("collect {side:?}"), rdpwhy_script::collect(pack, side)));
    }
    for cause in pack.causes() {
        scripts.push((format!("fix {}", cause.id), rdpwhy_script::fix(pack, cause)));
    }
    scripts
}

#[test]
fn the_grammar_tells_right_from_wrong() {
    assert_eq!(faults("Get-Service | ForEach-Object { $_.Name }\n"), Vec::<String>::new());
    for wrong in ["if ($x { Get-Item }", "Get-Item 'x", "foreach ($x on $y) { }"] {
        assert!(!faults(&format!("{wrong}\n")).is_empty(), "{wrong}");
    }
}

#[test]
fn every_script_parses_is_ascii_and_closes_what_it_opens() {
    for (name, script) in scripts(&pack()) {
        assert!(script.bytes().all(|byte| byte == b'\n' || (b' '..=b'~').contains(&byte)), "{name}");
        assert_eq!(command::balanced(&script), Ok(()), "{name}");
        assert!(script.contains("Set-StrictMode -Version 2.0\n") && script.ends_with('\n'), "{name}");
        assert_eq!(faults(&script), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn every_command_of_every_step_parses() {
    let pack = pack();
    let mut found = Vec::new();
    for step in pack.steps() {
        let whole = [("run", &step.run), ("undo_run", &step.undo_run)];
        for (key, text) in whole.into_iter().filter_map(|(key, text)| Some((key, text.as_ref()?))) {
            let text = closed(text, "word");
            found.extend(
                faults(&format!("{text}\n")).iter().map(|fault| format!("{}: {key}: {fault}", step.id)),
            );
        }
        if let Some(command) = leading_command(&step.undo) {
            found.push(format!("{}: undo is prose, and begins with the command {command}", step.id));
        }
        if let Some(command) = leading_command(&step.verify) {
            found.extend(
                faults(&format!("{command}\n")).iter().map(|fault| format!("{}: verify: {fault}", step.id)),
            );
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// The command with a value in place of each quoted placeholder, and a word in place of each other one.
fn closed(command: &str, value: &str) -> String {
    let mut text = String::new();
    let mut done = 0;
    for open in placeholders(command) {
        text.push_str(&command[done..open.range.start]);
        text.push_str(if open.quoted { value } else { "word" });
        done = open.range.end;
    }
    text + &command[done..]
}

/// All commands of all steps.
static COMMANDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let pack = pack();
    let commands = pack.steps().iter().flat_map(|step| [step.run.clone(), step.undo_run.clone()]);
    commands.flatten().filter(|text| placeholders(text).iter().any(|open| open.quoted)).collect()
});

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(200))]

    #[test]
    fn no_value_of_a_log_can_change_what_a_command_does(value in hostile(), which in 0_usize..1000) {
        let command = &COMMANDS[which % COMMANDS.len()];
        if is_safe(&value) {
            let text = format!("{}\n", closed(command, &value));
            proptest::prop_assert_eq!(faults(&text), Vec::<String>::new());
            proptest::prop_assert_eq!(commands(&text), commands(&format!("{}\n", closed(command, "word"))));
            proptest::prop_assert_eq!(command::balanced(&text), Ok(()));
        }
    }
}

/// Values made of what PowerShell gives a meaning to, and of ordinary letters.
fn hostile() -> impl proptest::strategy::Strategy<Value = String> {
    let pieces = [
        "a",
        "B-2",
        " ",
        "'",
        "\u{2019}",
        "\u{201c}",
        "\"",
        "`",
        "$",
        "$(",
        ")",
        "{",
        "}",
        ";",
        "|",
        "&",
        "#",
        "@",
        "@'",
        "%",
        "<",
        ">",
        "\n",
        "\r",
        "..",
        "\\",
        "/",
        "-Force",
        "*",
        ",",
        ".",
        ":",
        "CONTOSO\\anna",
        "Remove-Item C:",
        "\u{0}",
        "é",
        "用户",
    ];
    use proptest::prelude::{Strategy as _, prop};
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 1..6).prop_map(|parts| parts.concat())
}

/// The command with which a sentence begins, up to the words around it.
fn leading_command(text: &str) -> Option<&str> {
    let first = text.split_whitespace().next()?;
    let verb_and_noun = first.split_once('-').is_some_and(|(verb, noun)| {
        let capital = |word: &str| word.starts_with(|letter: char| letter.is_ascii_uppercase());
        capital(verb) && capital(noun)
    });
    let programs =
        ["reg", "netsh", "icacls", "sc.exe", "wusa", "setspn", "powercfg", "wevtutil", "w32tm", "change"];
    if !verb_and_noun && !programs.contains(&first) {
        return None;
    }
    let ends = [
        ", ", "; ", " (", " with ", " and ", " shows", " says", " gives", " lists", " names", " is ", " for ",
    ];
    let end = ends.iter().filter_map(|end| text.find(end)).min().unwrap_or(text.len());
    Some(&text[..end])
}

/// Names of the commands that a text calls.
fn commands(text: &str) -> Vec<String> {
    fn walk(node: Node<'_>, text: &str, found: &mut Vec<String>) {
        if node.kind() == "command_name" {
            found.push(text[node.byte_range()].to_owned());
        }
        for place in 0..node.child_count() {
            walk(node.child(place).unwrap(), text, found);
        }
    }
    let tree = parse(text);
    let mut found = Vec::new();
    walk(tree.root_node(), text, &mut found);
    found
}

#[test]
fn live_checks_only_look() {
    let looks = [
        "Get-", "Test-", "Select-", "Where-", "ForEach-", "Sort-", "Group-", "Measure-", "Compare-", "Join-",
    ];
    let says = ["Write-Pass", "Write-Fail", "Write-Unknown"];
    // Programs, with the arguments that make them look only.
    let programs = [
        ("w32tm.exe", "/query"),
        ("w32tm.exe", "/stripchart"),
        ("powercfg.exe", "/query"),
        ("cmdkey.exe", "/list"),
    ];
    let pack = pack();
    assert!(pack.checks().len() > 20);
    for check in pack.checks() {
        assert_eq!(command::destructive(&check.run), None, "{}", check.id);
        let called = commands(&format!("{}\n", check.run));
        assert!(!called.is_empty(), "{}", check.id);
        for name in called {
            let fine = looks.iter().any(|verb| name.starts_with(verb))
                || says.contains(&name.as_str())
                || programs.iter().any(|(program, how)| {
                    name == *program && check.run.contains(&format!("{program} {how}"))
                });
            assert!(fine, "{}: {name}", check.id);
        }
    }
}

#[test]
fn no_alias_is_used_in_scripts() {
    for (name, script) in scripts(&pack()) {
        for alias in [
            "%", "?", "foreach", "where", "select", "gci", "gi", "ls", "dir", "cat", "echo", "rm", "sort",
            "iex",
        ] {
            assert!(!commands(&script).iter().any(|command| command == alias), "{name}: {alias}");
        }
    }
}

#[test]
fn text_of_rules_cannot_leave_its_quotes() {
    let evil = "id: evil-step\ndo: |\n  x'; Remove-Item C: #\u{2019}; Remove-Item D: $(Remove-Item E:) `\"\nwhere: |\n  host\n  '} Remove-Item F:\nrun: |\n  Get-Date # }\nrunnable: true\nchanges: nothing\ncost: unnoticed\nrisk: none\nside_effects: nobody notices\nundo: nothing\nverify: nothing\n";
    let cause = "id: evil-cause\ntitle: x\nverdict: |\n  x\n  Remove-Item G:\nside: host\nstages: [tls]\nprior: 0.1\nbasis: judgement\nmechanism: x\nfix: [{ step: evil-step, helps: 0.1 }]\nnever: [\"it's $(Remove-Item H:)\"]\n";
    let files = [
        RuleFile { path: "steps/evil-step.yml".to_owned(), text: evil.to_owned() },
        RuleFile { path: "causes/evil-cause.yml".to_owned(), text: cause.to_owned() },
    ];
    let (pack, _) = Pack::load(&embedded(), &files).unwrap();
    let script = rdpwhy_script::fix(&pack, pack.find_cause("evil-cause").unwrap());
    assert_eq!(faults(&script), Vec::<String>::new(), "{script}");
    assert!(script.contains("Get-Date # }"));
    assert!(!commands(&script).iter().any(|command| command == "Remove-Item"), "{script}");
}

#[test]
fn commands_that_would_leave_their_block_are_refused() {
    for run in ["Get-Date }; Get-Item x; {", "Get-Date 'x", "Get-Date ("] {
        let text = format!(
            "id: open-step\ndo: x\nwhere: host\nrun: |\n  {run}\nrunnable: true\nchanges: x\ncost: unnoticed\nrisk: none\nside_effects: x\nundo: x\nverify: x\n"
        );
        let files = [RuleFile { path: "steps/open-step.yml".to_owned(), text }];
        let error = Pack::load(&embedded(), &files).unwrap_err().to_string();
        assert!(error.contains("rule::unbalanced") && error.contains("open-step.yml:5:"), "{error}");
    }
}

#[test]
fn every_cause_has_a_script_and_known_ones_read_as_recorded() {
    let pack = pack();
    insta::assert_snapshot!(
        "fix_key_inaccessible",
        rdpwhy_script::fix(&pack, pack.find_cause("rdp-key-inaccessible").unwrap())
    );
    insta::assert_snapshot!("collect_host", rdpwhy_script::collect(&pack, Side::Host));
    insta::assert_snapshot!("collect_client", rdpwhy_script::collect(&pack, Side::Client));
    insta::assert_snapshot!("diagnose_client", rdpwhy_script::diagnose(&pack, Side::Client));
}

#[test]
fn steps_that_run_by_themselves_have_no_placeholders() {
    for step in pack().steps().iter().filter(|step| step.runnable) {
        let run = step.run.as_deref().unwrap();
        assert_eq!(placeholders(run), Vec::new(), "{}", step.id);
        assert!(!run.contains("# only"), "{}: leaves a choice", step.id);
    }
}
