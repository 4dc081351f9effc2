//! Logs whose fields try to break out of a report: every report stays whole, inert and readable.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use assert_cmd::Command;
use rdpwhy_forge::{Shapes, Ticket};
use std::collections::BTreeSet;
use std::path::Path;

/// A ticket whose users, programs, providers and messages are hostile.
const TICKET: &str = include_str!("../html-report/hostile.yml");
/// Ends of elements and comments, quotes, event handlers, what steers terminals, hides or turns text around.
const EVIL: &str = include_str!("../html-report/evil.json");

/// The ticket with a hostile value, given in quotes with escapes, which YAML reads as JSON does.
fn ticket(quoted: &str) -> String {
    let quoted = quoted.trim_end();
    let long = format!("{}{}\"", quoted.trim_end_matches('"'), "A".repeat(30_000));
    let (_, ticket) = TICKET.split_once("title:").unwrap();
    format!("title:{ticket}").replace("@EVIL@", quoted).replace("@LONG@", &long)
}

/// The logs of the ticket in a folder of their own.
fn logs(evil: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ticket.yml");
    std::fs::write(&path, ticket(evil)).unwrap();
    let ticket = Ticket::load(&path).unwrap_or_else(|error| panic!("{error}"));
    std::fs::remove_file(path).unwrap();
    rdpwhy_proof::forge_into(&ticket, &Shapes::embedded().unwrap(), folder.path()).unwrap();
    folder
}

fn report(logs: &Path, format: &str) -> String {
    let mut command = Command::cargo_bin("rdpwhy").unwrap();
    let output = command.arg("-q").arg(logs).args(["--format", format]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(!told.contains(|letter| is_steering(letter, "\n")), "{told:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Whether the letter would steer a terminal, be invisible, or turn others around; `harmless` are those that may.
fn is_steering(letter: char, harmless: &str) -> bool {
    (letter.is_control() && !harmless.contains(letter)) || "\u{202e}\u{2066}\u{200b}\u{feff}".contains(letter)
}

/// Names of all elements and attributes of a page.
fn markup(html: &str) -> BTreeSet<String> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(html);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    reader.config_mut().allow_dangling_amp = true;
    let mut names = BTreeSet::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) | Event::Empty(tag) => {
                let element = tag.name().as_ref().to_owned();
                for attribute in tag.html_attributes() {
                    let attribute = attribute.unwrap();
                    names.insert(format!("{element} {}", attribute.key.as_ref()));
                }
                names.insert(element);
            }
            Event::Comment(text) => panic!("a comment: {text:?}"),
            Event::Eof => break names,
            _ => {}
        }
    }
}

#[test]
fn pages_have_only_the_elements_and_attributes_of_their_own() {
    let (evil, tame) = (logs(EVIL), logs("\"anna\""));
    let page = report(evil.path(), "html");
    assert_eq!(markup(&page), markup(&report(tame.path(), "html")));
    assert_eq!((page.matches("<script").count(), page.matches("</style").count()), (1, 1));
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "the value is shown as it is");
    assert!(page.contains("\\u{202e}gpj.exe") && page.contains("\\u{9b}31m"), "what is hidden is shown");
    assert!(!page.contains(&"A".repeat(400)), "long values are cut");
    assert!(page.len() < 400_000, "{} bytes", page.len());
}

#[test]
fn nothing_hidden_or_steering_reaches_any_report() {
    let evil = logs(EVIL);
    for format in ["html", "mermaid", "text", "json", "markdown", "csv", "jsonl", "ecs", "timesketch"] {
        let report = report(evil.path(), format);
        // Lines of CSV end with both.
        let ends = if ["csv", "timesketch"].contains(&format) { "\r\n" } else { "\n" };
        let steering = report.chars().find(|letter| is_steering(*letter, ends));
        assert_eq!(steering, None, "{format}");
        assert!(report.lines().all(|line| !line.starts_with("  1  format c:")), "{format}");
        assert!(report.len() > 100 && report.ends_with('\n'), "{format}");
    }
}

/// Whoever names folders and files of a ticket writes into every report and into both streams.
#[cfg(unix)]
#[test]
fn names_of_folders_and_files_stay_inert_in_every_report() {
    let folder = tempfile::tempdir().unwrap();
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/key-inaccessible/logs/host/System.evtx");
    let value: String = serde_json::from_str(EVIL).unwrap();
    let name: String = value.replace(['/', '\0'], "").chars().take(120).collect();
    let evil = folder.path().join(&name);
    std::fs::create_dir(&evil).unwrap();
    std::fs::copy(sample, evil.join(format!("{}.evtx", &name[..40]))).unwrap();
    std::fs::write(evil.join("\u{1b}[31mbroken\n\u{202e}.evtx"), "no log").unwrap();
    for format in ["html", "mermaid", "text", "json", "markdown", "csv", "jsonl", "ecs", "timesketch"] {
        let mut command = Command::cargo_bin("rdpwhy").unwrap();
        let output = command.arg(folder.path()).args(["--full", "--format", format]).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{format}: a file is no log");
        for (stream, ends) in [(output.stdout, "\r\n"), (output.stderr, "\n")] {
            let text = String::from_utf8(stream).unwrap();
            assert!(!text.contains(|letter| is_steering(letter, ends)), "{format}: {text:?}");
        }
    }
}

#[test]
fn values_come_back_out_of_json() {
    let evil = logs(EVIL);
    let report: serde_json::Value = serde_json::from_str(&report(evil.path(), "json")).unwrap();
    let users = report["attempts"].as_array().unwrap().iter().filter_map(|attempt| attempt["user"].as_str());
    assert!(
        users.into_iter().any(|user| user.contains("<script>") && user.contains('\u{202e}')),
        "{report:#}"
    );
}

#[test]
fn charts_have_only_nodes_and_edges_of_their_own() {
    let evil = logs(EVIL);
    let shape = |chart: &str| -> Vec<String> {
        // What stands between quotes is what the logs say.
        chart.lines().map(|line| line.split('"').step_by(2).collect::<Vec<_>>().join("\"\"")).collect()
    };
    let chart = report(evil.path(), "mermaid");
    for line in shape(&chart).iter().skip(1) {
        let harmless =
            line.chars().all(|letter| letter.is_ascii_alphanumeric() || " _\"[](){}|-=.>".contains(letter));
        assert!(harmless && line.matches('"').count() <= 2, "{line}");
    }
    let labels = chart.lines().flat_map(|line| line.split('"').skip(1).step_by(2));
    for label in labels {
        assert!(!label.contains(['<', '>', '`', '{', '[', '\\']) && !label.contains("%%"), "{label}");
    }
}
