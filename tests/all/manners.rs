//! Whole runs of the command: that it destroys nothing, hangs on nothing, and says what it means.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use assert_cmd::Command;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// A name that clears the screen, sets the title, and begins a line of its own.
const HOSTILE: &str = "x\u{1b}[2J\u{1b}]0;title\u{7}\nerror: y";

/// A run in a folder that has the logs of a sample in `ev`.
struct Case {
    folder: TempDir,
}

/// What a run said.
struct Said {
    out: String,
    err: String,
    code: Option<i32>,
}

impl Case {
    fn new() -> Case {
        let folder = tempfile::tempdir().unwrap();
        let logs = Path::new(ROOT).join("samples/key-inaccessible/logs/host");
        fs::create_dir(folder.path().join("ev")).unwrap();
        for entry in fs::read_dir(logs).unwrap() {
            let path = entry.unwrap().path();
            fs::copy(&path, folder.path().join("ev").join(path.file_name().unwrap())).unwrap();
        }
        Case { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self) -> Command {
        let mut command = Command::cargo_bin("rdpwhy").unwrap();
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
            command.env_remove(name);
        }
        command.current_dir(self.folder.path()).env("LC_ALL", "C").timeout(Duration::from_secs(120));
        command
    }

    fn run(&self, arguments: &[&str]) -> Said {
        said(self.command().args(arguments))
    }

    fn names(&self) -> Vec<String> {
        let names = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<String> =
            names.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

fn said(command: &mut Command) -> Said {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said { out: text(output.stdout), err: text(output.stderr), code: output.status.code() }
}

impl Said {
    /// There is no report, and the error has the form of all errors.
    #[track_caller]
    fn refused(&self, why: &str) {
        assert!(self.err.starts_with("error: ") && self.err.contains(why), "{}", self.err);
        assert_eq!((self.code, self.out.as_str()), (Some(2), ""), "{}", self.err);
    }

    #[track_caller]
    fn made(&self) -> &Said {
        assert_eq!(self.code, Some(0), "{}", self.err);
        self
    }
}

#[test]
fn an_input_is_never_overwritten_by_whatever_name() {
    let case = Case::new();
    let system = case.path("ev/System.evtx");
    let before = fs::read(&system).unwrap();
    symlink("ev/System.evtx", case.path("link")).unwrap();
    fs::hard_link(&system, case.path("hard")).unwrap();
    for name in ["ev/System.evtx", "./ev/../ev/System.evtx", "link", "hard"] {
        case.run(&["ev", "-o", name]).refused("one of the inputs");
        case.run(&["ev", "-o", name, "--force"]).refused("one of the inputs");
        case.run(&["ev/System.evtx", "ev/Security.evtx", "-o", name, "--force"]).refused("one of the inputs");
    }
    // As standard input, too.
    let piped = std::process::Command::new(assert_cmd::cargo::cargo_bin("rdpwhy"))
        .args(["-", "-o", "hard", "--force"])
        .current_dir(case.folder.path())
        .stdin(fs::File::open(&system).unwrap())
        .output()
        .unwrap();
    assert_eq!(piped.status.code(), Some(2), "{}", String::from_utf8_lossy(&piped.stderr));
    for name in ["ev/System.evtx", "hard"] {
        assert!(fs::read(case.path(name)).unwrap() == before, "{name}");
    }
    // Rules are inputs.
    fs::create_dir_all(case.path("rules/causes")).unwrap();
    fs::write(case.path("rules/causes/mine.yml"), "id: mine\n").unwrap();
    case.run(&["ev", "--rules", "rules", "-o", "rules/causes/mine.yml", "--force"])
        .refused("one of the inputs");
}

#[test]
fn an_existing_file_is_replaced_only_when_asked() {
    let case = Case::new();
    fs::write(case.path("mine.txt"), "mine").unwrap();
    fs::set_permissions(case.path("mine.txt"), fs::Permissions::from_mode(0o640)).unwrap();
    symlink("mine.txt", case.path("link")).unwrap();
    symlink("nowhere", case.path("dangling")).unwrap();
    case.run(&["ev", "-o", "mine.txt"]).refused("`mine.txt` already exists");
    case.run(&["ev", "-o", "link"]).refused("already exists");
    case.run(&["ev", "-o", "dangling", "--force"]).refused("link to a file that does not exist");
    assert_eq!(fs::read(case.path("mine.txt")).unwrap(), b"mine");
    case.run(&["ev", "-o", "link", "--force"]).made();
    assert!(case.path("link").is_symlink());
    assert!(fs::read_to_string(case.path("mine.txt")).unwrap().contains("rdp-key-inaccessible"));
    assert_eq!(fs::metadata(case.path("mine.txt")).unwrap().mode() & 0o777, 0o640);
    fs::set_permissions(case.path("mine.txt"), fs::Permissions::from_mode(0o440)).unwrap();
    case.run(&["ev", "-o", "mine.txt", "--force"]).refused("write-protected");
}

#[test]
fn a_place_that_takes_no_report_is_refused_before_the_work() {
    let case = Case::new();
    case.run(&["ev", "-o", "ev"]).refused("`ev` is a folder");
    case.run(&["ev", "-o", "new/"]).refused("is a folder");
    // Nothing was read, or the missing input would be named.
    case.run(&["missing", "-o", "no/report.html"]).refused("its folder does not exist");
    assert_eq!(case.names(), ["ev"]);
}

#[test]
fn a_full_disk_leaves_nothing_behind() {
    let case = Case::new();
    let limited = |arguments: &str| {
        let program = assert_cmd::cargo::cargo_bin("rdpwhy");
        let script = format!("trap '' XFSZ; ulimit -f 4; exec {} ev {arguments}", program.display());
        let output = std::process::Command::new("sh")
            .args(["-c", &script])
            .current_dir(case.folder.path())
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, err) = limited("-o report.html");
    assert!(code == Some(2) && err.starts_with("error: cannot write `report.html`: "), "{err}");
    assert_eq!(case.names(), ["ev"]);
    fs::write(case.path("report.html"), "old").unwrap();
    assert_eq!(limited("-o report.html --force").0, Some(2));
    assert_eq!(fs::read(case.path("report.html")).unwrap(), b"old");
    assert_eq!(case.names(), ["ev", "report.html"]);
    if Path::new("/dev/full").exists() {
        case.run(&["ev", "-o", "/dev/full"]).refused("No space left");
    }
}

#[test]
fn an_interrupt_removes_what_was_stored_of_standard_input() {
    let case = Case::new();
    let temporary = case.path("temporary");
    fs::create_dir(&temporary).unwrap();
    let mut run = std::process::Command::new(assert_cmd::cargo::cargo_bin("rdpwhy"))
        .arg("-")
        .env("TMPDIR", &temporary)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    // Held open to the end: waiting closes it otherwise, and the end of the input may be quicker than the interrupt.
    let _input = run.stdin.take();
    let is_empty = || fs::read_dir(&temporary).unwrap().next().is_none();
    let started = Instant::now();
    while is_empty() && started.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(!is_empty(), "nothing is stored while standard input is open");
    std::process::Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap();
    assert_eq!(run.wait().unwrap().code(), Some(130));
    assert!(is_empty());
}

#[test]
fn pipes_and_devices_are_refused_and_standard_input_is_read() {
    let case = Case::new();
    std::process::Command::new("mkfifo").arg(case.path("pipe")).status().unwrap();
    fs::create_dir(case.path("rules")).unwrap();
    case.run(&["pipe"]).refused("`pipe` is a pipe");
    case.run(&["ev", "/dev/zero"]).refused("is a device");
    case.run(&["ev", "--rules", "/dev/zero"]).refused("is not one");
    case.run(&["ev", "--rules", "pipe"]).refused("is not one");
    symlink("/dev/zero", case.path("rules/endless.yml")).unwrap();
    case.run(&["ev", "--rules", "rules"]).refused("not a regular file");
    fs::remove_file(case.path("rules/endless.yml")).unwrap();
    fs::rename(case.path("pipe"), case.path("rules/pipe.yml")).unwrap();
    case.run(&["ev", "--rules", "rules"]).refused("not a regular file");
    case.run(&["rules", "check", "rules"]).refused("not a regular file");
}

#[test]
fn standard_input_can_be_a_log_or_an_archive() {
    let case = Case::new();
    let piped =
        |bytes: Vec<u8>, more: &[&str]| said(case.command().args(["-", "-q"]).args(more).write_stdin(bytes));
    let log = fs::read(case.path("ev/System.evtx")).unwrap();
    let report = piped(log.clone(), &["--format", "json"]);
    report.made();
    let report: serde_json::Value = serde_json::from_str(&report.out).unwrap();
    assert_eq!(report["coverage"][0]["file"], "standard input");
    let mut tar = tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
    tar.append_dir_all("ev", case.path("ev")).unwrap();
    let tar = tar.into_inner().unwrap().finish().unwrap();
    assert!(piped(tar, &[]).made().out.contains("rdp-key-inaccessible"));
    piped(Vec::new(), &[]).refused("standard input: the file is empty");
    piped(log, &["--max-archive-bytes", "1K"]).refused("standard input is longer than 1024 bytes");
    // As output it is standard output, whatever ending others have.
    assert_eq!(case.run(&["ev", "-o", "-"]).made().out, case.run(&["ev"]).out);
    assert_eq!(case.names(), ["ev"]);
}

#[test]
fn names_reach_the_terminal_inert() {
    let case = Case::new();
    fs::write(case.path(HOSTILE), "").unwrap();
    fs::create_dir_all(case.path("folder").join(HOSTILE)).unwrap();
    let option = format!("--{HOSTILE}");
    let inside = format!("{HOSTILE}/report.html");
    for arguments in [
        [HOSTILE].as_slice(),
        &["ev", HOSTILE],
        &["folder"],
        &["folder/none", HOSTILE],
        &[&option],
        &["ev", "--format", HOSTILE],
        &["ev", "--at", HOSTILE],
        &["ev", "--explain", HOSTILE],
        &["ev", "--rules", HOSTILE],
        &["ev", "-o", &inside],
        &["ev", "-o", HOSTILE],
        &["explain", HOSTILE],
        &["explain", "0x904", "--table", HOSTILE],
        &["script", "fix", HOSTILE],
        &["rules", "show", HOSTILE],
        &["rules", "new", "cause", HOSTILE],
        &["rules", "test", HOSTILE],
        &["rules", HOSTILE],
    ] {
        let Said { err, .. } = case.run(arguments);
        assert!(!err.contains(['\u{1b}', '\u{7}']), "{arguments:?}: {err:?}");
        assert!(!err.contains("\nerror: y"), "{arguments:?}: {err:?}");
    }
}

#[test]
fn the_format_follows_the_ending_unless_it_is_given() {
    let case = Case::new();
    for (name, begins) in [
        ("r.html", "<!DOCTYPE html>"),
        ("r.json", "{"),
        ("r.md", "## "),
        ("r.csv", "\"time\","),
        ("r.jsonl", "{\"message\""),
        ("r.txt", "Almost certain "),
    ] {
        case.run(&["ev", "-o", name]).made();
        let report = fs::read_to_string(case.path(name)).unwrap();
        assert!(report.starts_with(begins), "{name}: {}", &report[..40]);
    }
    case.run(&["ev", "-o", "r2.html", "--format", "md"]).made();
    assert!(fs::read_to_string(case.path("r2.html")).unwrap().starts_with("## "));
}

#[test]
fn colors_follow_the_choice_and_the_environment() {
    let case = Case::new();
    let colored = |arguments: &[&str], set: &[(&str, &str)]| {
        let said = said(case.command().arg("ev").args(arguments).envs(set.iter().copied()));
        said.made().out.contains('\u{1b}')
    };
    assert!(!colored(&[], &[]));
    assert!(colored(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(colored(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")]));
    assert!(!colored(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(!colored(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colored(&["--color", "always", "--format", "json"], &[]));
}

#[test]
fn without_arguments_there_is_short_help_and_mistyped_commands_are_recognized() {
    let case = Case::new();
    let bare = case.run(&[]);
    assert!(bare.code == Some(2) && bare.err.contains("Usage: rdpwhy") && !bare.err.contains("--threads"));
    assert!(case.run(&["--help"]).made().out.contains("--threads"));
    case.run(&["explian", "0x904"]).refused("unrecognized command `explian`; did you mean `explain`?");
    case.run(&["explian", "0x904", "--table", "x"]).refused("did you mean `explain`?");
    case.run(&["diagnos", "ev"]).refused("did you mean `diagnose`?");
    // A folder of that name is a folder.
    fs::rename(case.path("ev"), case.path("scripts")).unwrap();
    case.run(&["scripts"]).made();
}

#[test]
fn times_may_be_local_and_times_of_day_are_of_the_last_day() {
    let case = Case::new();
    let report = |arguments: &[&str]| {
        let said = said(case.command().args(["ev", "--format", "json"]).args(arguments));
        said.made();
        (said.out, said.err)
    };
    let (exact, quiet) = report(&["--at", "2026-03-09T08:15:00Z"]);
    assert_eq!(quiet, "");
    for arguments in [
        ["--at", "2026-03-09 08:15"].as_slice(),
        &["--at", "2026-03-09T09:15", "--tz", "Europe/Berlin"],
        &["--at", "2026-03-09 10:15", "--tz", "+02:00"],
        &["--at", "2026-03-09T10:15+02:00"],
        &["--at", "08:15"],
        &["--at", "09:15:00", "--tz", "Europe/Berlin"],
    ] {
        let (same, note) = report(arguments);
        assert!(same == exact, "{arguments:?}");
        assert_eq!(
            note.contains("note: --at is 2026-03-09 08:15:00 UTC"),
            !arguments[1].contains("2026"),
            "{note}"
        );
    }
    case.run(&["ev", "--since", "2026-03-09", "--until", "2026-03-08"])
        .refused("--since is later than --until");
    case.run(&["ev", "--at", "noon"]).refused("not a valid time");
    case.run(&["ev", "--tz", "Mars/Olympus"]).refused("not a valid time zone");
}

#[test]
fn generated_files_replace_only_their_older_versions() {
    let case = Case::new();
    for arguments in
        [["man", "pages"].as_slice(), &["rules", "docs", "pages"], &["rules", "schema", "-o", "pages"]]
    {
        case.run(arguments).made();
        case.run(arguments).made();
    }
    for (name, arguments) in [
        ("rdpwhy.1", ["man", "pages"].as_slice()),
        ("codes.md", &["rules", "docs", "pages"]),
        ("cause.schema.json", &["rules", "schema", "-o", "pages"]),
    ] {
        fs::write(case.path("pages").join(name), "mine").unwrap();
        case.run(arguments).refused("already exists");
        assert_eq!(fs::read(case.path("pages").join(name)).unwrap(), b"mine");
        case.run(&[arguments, &["--force"]].concat()).made();
        assert_ne!(fs::read(case.path("pages").join(name)).unwrap(), b"mine");
    }
}

#[test]
fn completions_and_manual_pages_are_those_of_the_arguments() {
    let case = Case::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(case.run(&["completions", shell]).made().out.contains("max-events"), "{shell}");
    }
    case.run(&["man", "man"]).made();
    let pages = |folder: &Path| {
        let mut pages: Vec<(String, String)> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| {
                (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(path).unwrap())
            })
            .collect();
        pages.sort();
        pages
    };
    let (fresh, kept) = (pages(&case.path("man")), pages(&Path::new(ROOT).join("docs/man")));
    let names = |pages: &[(String, String)]| pages.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&fresh), names(&kept), "docs/man is stale: run `rdpwhy man docs/man`");
    for ((name, fresh), (_, kept)) in fresh.iter().zip(&kept) {
        assert!(fresh == kept, "docs/man/{name} is stale: run `rdpwhy man docs/man`");
    }
}

#[test]
fn the_short_form_is_markdown_and_no_other_format_takes_it() {
    let case = Case::new();
    let told = case.run(&["ev", "--format", "md", "--brief", "--case", "INC-4711"]);
    told.made();
    case.run(&["ev", "--format", "html", "--brief"]).refused("--brief is for Markdown");
    case.run(&["ev", "--full", "--brief"]).refused("cannot be used with");
}
