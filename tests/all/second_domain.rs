//! A pack that has nothing to do with Remote Desktop, diagnosed by the program as it is: whatever of Remote Desktop shows in what
//! it prints is in the program, where it does not belong.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use crate::rules_command::rdpwhy;
use rdpwhy_forge::{Shapes, Ticket};
use regex::Regex;
use std::path::{Path, PathBuf};

const PACK: &str = "packs/windows-time";

/// Words of Remote Desktop. The program's own name is none of them.
const FOREIGN: &str = r"(?i)remote desktop|\brdp\b|rdpcore|terminal ?serv|termserv|mstsc|\bgateway\b|\bconnections?\b|\bclients?\b|\bhosts?\b|\bnla\b|got in\b|logon|signed in";

/// The logs of a ticket of the pack, in a folder.
fn logs(ticket: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(PACK).join("tickets").join(ticket).join("ticket.yml");
    let ticket = Ticket::load(&path).unwrap();
    for log in rdpwhy_forge::forge(&ticket, &Shapes::embedded().unwrap()).unwrap() {
        let to: PathBuf = folder.path().join(log.path);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::write(to, log.bytes).unwrap();
    }
    let name = folder.path().to_str().unwrap().to_owned();
    (folder, name)
}

#[test]
fn the_pack_has_no_faults_and_its_tickets_get_what_they_expect() {
    let (checked, _, status) = rdpwhy(&["rules", "check", "--pack", PACK]);
    assert!(checked.contains("0 errors, 0 warnings"), "{checked}");
    assert_eq!(status, 0);
    let (tested, _, status) = rdpwhy(&["rules", "test", "--pack", PACK]);
    assert_eq!(status, 0, "{tested}");
    assert!(tested.contains("tickets as expected:        6 of 6"), "{tested}");
}

#[test]
fn its_reports_have_no_word_of_remote_desktop() {
    let foreign = Regex::new(FOREIGN).unwrap();
    let said = Regex::new(r"No\s+such\s+host\s+is\s+known").unwrap();
    let tags = Regex::new(r"(?s)<style.*?</style>|<script.*?</script>|<[^>]*>").unwrap();
    for ticket in
        ["name-unresolved", "port-blocked", "clock-far-off", "service-disabled", "only-event-36", "healthy"]
    {
        let (_folder, logs) = logs(ticket);
        for how in [
            &["--format", "text"][..],
            &["--full"],
            &["-v"],
            &["--format", "markdown"],
            &["--format", "mermaid"],
            &["--format", "timesketch"],
            &["--format", "html"],
        ] {
            let arguments = [&[logs.as_str(), "--pack", PACK, "-q"], how].concat();
            let (report, errors, _) = rdpwhy(&arguments);
            // What a record says is no word of the program.
            let report = said.replace_all(&report.replace(&logs, ""), "").into_owned();
            assert!(!report.is_empty(), "{ticket}: {errors}");
            let report = if how.contains(&"html") { tags.replace_all(&report, "") } else { report.into() };
            let found: Vec<&str> = report.lines().filter(|line| foreign.is_match(line)).collect();
            assert!(found.is_empty(), "{ticket} {how:?}:\n{}", found.join("\n"));
        }
    }
}

#[test]
fn its_overview_of_many_cases_has_no_word_of_remote_desktop() {
    let cases: Vec<_> = ["port-blocked", "clock-far-off", "healthy"].map(logs).into_iter().collect();
    let results = tempfile::tempdir().unwrap();
    let out = results.path().join("out");
    let folders = cases.iter().map(|(_, logs)| logs.as_str());
    let fixed = ["--pack", PACK, "-q", "-o", out.to_str().unwrap()];
    let arguments: Vec<&str> = std::iter::once("batch").chain(folders).chain(fixed).collect();
    let (printed, errors, status) = rdpwhy(&arguments);
    assert_eq!(status, 0, "{errors}");
    let page = std::fs::read_to_string(out.join("index.html")).unwrap();
    let tags = Regex::new(r"(?s)<style.*?</style>|<script.*?</script>|<[^>]*>").unwrap();
    let foreign = Regex::new(FOREIGN).unwrap();
    for text in [printed, errors, tags.replace_all(&page, "\n").into_owned()] {
        let found: Vec<&str> = text.lines().filter(|line| foreign.is_match(line)).collect();
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
    assert!(page.contains("Time sources with several cases") || page.contains("Time source"), "{page}");
}

#[test]
fn its_codes_and_causes_are_explained_without_the_built_in_ones() {
    let (told, _, status) = rdpwhy(&["explain", "0x80072AF9", "--pack", PACK]);
    assert!(told.contains("DNS knows no such name"), "{told}");
    assert_eq!(status, 0);
    let (_, _, status) = rdpwhy(&["explain", "rdp-key-inaccessible", "--pack", PACK]);
    assert_eq!(status, 1);
    let (page, _, _) = rdpwhy(&["rules", "show", "time-source-silent", "--pack", PACK]);
    assert!(page.contains("The clock is not synchronized because: "), "{page}");
    let (list, _, _) = rdpwhy(&["rules", "list", "--pack", PACK]);
    assert!(!Regex::new(FOREIGN).unwrap().is_match(&list), "{list}");
}
