//! The bundle that users attach when a diagnosis was wrong.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use assert_cmd::Command;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use tempfile::TempDir;
use zip::ZipArchive;

const LOGS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/key-inaccessible/logs");
/// Names in these logs.
const NAMES: [&str; 7] = ["SRV-RDS01", "PC-0815", "contoso.local", "clara", "adm-huber", "10.0.0.5", "10.0.4.102"];

fn report_wrong(folder: &TempDir, arguments: &[&str]) -> (i32, String) {
    let mut command = Command::cargo_bin("rdpwhy").unwrap();
    let output = command.current_dir(folder).args(["report-wrong", LOGS]).args(arguments).output().unwrap();
    assert!(output.stdout.is_empty());
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

fn opened(path: &Path) -> BTreeMap<String, String> {
    let mut archive = ZipArchive::new(File::open(path).unwrap()).unwrap();
    let read = |at| {
        let mut entry = archive.by_index(at).unwrap();
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        (entry.name().unwrap().into_owned(), text)
    };
    (0..6).map(read).collect()
}

#[test]
fn the_bundle_has_everything_but_names() {
    let folder = tempfile::tempdir().unwrap();
    let options = [
        "--expected",
        "rds-licensing",
        "--comment",
        "the license server was down",
        "--error",
        "0x904",
        "--user",
        "clara",
    ];
    let (status, said) = report_wrong(&folder, &options);
    assert_eq!(status, 0, "{said}");
    assert!(said.contains("wrote rdpwhy-wrong.zip"), "{said}");
    let files = opened(&folder.path().join("rdpwhy-wrong.zip"));
    for (name, text) in &files {
        for known in NAMES {
            assert!(!text.to_lowercase().contains(&known.to_lowercase()), "{name} contains {known}");
        }
    }
    let about: serde_json::Value = serde_json::from_str(&files["about.json"]).unwrap();
    assert_eq!(about["expected"], "rds-licensing");
    assert_eq!(about["first_causes"][0], "rdp-key-inaccessible");
    assert_eq!((&about["error"], &about["given"]["user"]), (&2308.into(), &true.into()));
    assert!(
        files["report.md"].contains("USER-")
            && files["report.json"].contains("certificate-key-denied-1057-1058")
    );
    assert!(files["records.csv"].contains("\"System\",\"Schannel\",36870,9\n"), "{}", files["records.csv"]);
    assert!(files["records.csv"].contains("(others),,,"));
    assert!(files["signals.csv"].contains("certificate-key-denied-1057-1058,"), "{}", files["signals.csv"]);
}

#[test]
fn the_same_logs_give_the_same_bundle() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(report_wrong(&folder, &["-o", "a.zip", "--threads", "1"]).0, 0);
    assert_eq!(report_wrong(&folder, &["-o", "b.zip"]).0, 0);
    assert_eq!(
        fs::read(folder.path().join("a.zip")).unwrap(),
        fs::read(folder.path().join("b.zip")).unwrap()
    );
}

#[test]
fn what_cannot_be_bundled_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let (status, said) = report_wrong(&folder, &["--expected", "rds-lisencing"]);
    assert!(status == 2 && said.contains("did you mean `rds-licensing`?"), "{said}");
    let (status, said) = report_wrong(&folder, &["--comment", "Clara sits at PC-0815"]);
    assert!(status == 2 && said.contains("the comment contains names from the logs"), "{said}");
    let (status, said) = report_wrong(&folder, &["-o", "-"]);
    assert!(status == 2 && said.contains("name a file with -o"), "{said}");
    assert!(fs::read_dir(&folder).unwrap().next().is_none(), "nothing is written");
    assert_eq!(report_wrong(&folder, &["--expected", "none"]).0, 0);
    let (status, said) = report_wrong(&folder, &[]);
    assert!(status == 2 && said.contains("already exists"), "{said}");
}
