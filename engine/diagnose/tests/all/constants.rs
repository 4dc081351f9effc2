//! Numbers in the engine: what judges Remote Desktop is in `rules/ladder.yml`; what is left in Rust is listed here, with its reason.

#![allow(clippy::unwrap_used, reason = "a test says by panicking that something is wrong")]

use std::path::{Path, PathBuf};

/// Constants that are no judgment about Remote Desktop: file, name, and why it is in Rust.
const ALLOWED: &[(&str, &str, &str)] = &[
    ("attempts/belief.rs", "LOOKED", "bounds the attempts that a record may speak of"),
    ("attempts/group.rs", "LOOK_BACK", "bounds the search for the attempt that a record joins"),
    ("attempts/offset.rs", "COMPARED", "bounds the pairs of attempts that are compared"),
    ("attempts/offset.rs", "HOSTS", "bounds the hosts that a client is compared with"),
    ("attempts/offset.rs", "SOURCES", "bounds the sources that are compared by themselves"),
    ("cases/gather.rs", "HOUR", "the unit of `strangers.hourly`"),
    ("diagnosis/assemble/attempts.rs", "RECORDS_OF_ATTEMPT", "bounds the size of a report"),
    ("diagnosis/assemble/attempts.rs", "RECORDS_OF_MANY", "bounds the size of a report"),
    ("diagnosis/assemble/attempts.rs", "TOLD_SINGLY", "bounds the size of a report"),
    ("diagnosis/assemble/conditions.rs", "RECORDS_OF_CONDITION", "bounds the size of a report"),
    ("diagnosis/assemble/coverage.rs", "GAPS_LISTED", "bounds the size of a report"),
    ("diagnosis/assemble/evidence.rs", "TELLING", "bounds the size of a report"),
    (
        "diagnosis/assemble/figure.rs",
        "DIGITS",
        "how numbers are rounded, so that every machine prints the same",
    ),
    ("diagnosis/assemble/figure.rs", "LISTED", "bounds the size of a report"),
    ("diagnosis/assemble/leads.rs", "TICKS_PER_MINUTE", "a unit"),
    ("diagnosis/assemble/leads.rs", "TOLD", "bounds the size of a report"),
    ("diagnosis/assemble/record.rs", "FIELDS_OF_RECORD", "bounds the size of a report"),
    ("diagnosis/assemble/record.rs", "FIELD_LONGEST", "bounds the size of a report"),
    ("diagnosis/assemble/record.rs", "RECORDS_IN_FULL", "bounds the size of a report"),
    ("diagnosis/assemble/record.rs", "TOLD", "from when on a report tells both times of a record"),
    ("diagnosis/assemble/warnings.rs", "NAMED", "bounds the size of a report"),
    ("evidence/candidates.rs", "COUNTED", "bounds the records that are counted for one failure"),
    ("evidence/candidates.rs", "COUNTED_TIMES", "bounds the records that are counted for one failure"),
    ("evidence/candidates.rs", "LOOKED", "bounds the records that are looked at for one failure"),
    ("evidence/candidates.rs", "TOLD", "bounds the records that prove one failure"),
    ("evidence/votes.rs", "KEPT", "bounds the records that prove one piece of evidence"),
    ("ranking/ranked.rs", "CAUSES_OF_BRIEF", "bounds the memory that a diagnosis takes"),
    ("ranking/ranked.rs", "INCIDENTS_IN_FULL", "bounds the memory that a diagnosis takes"),
    ("redact/leftover.rs", "SHORTEST", "shorter names stand in every report by chance"),
    ("redact/mask.rs", "ENDING_LONGEST", "the length of a file name's ending"),
    ("redact/named.rs", "PIECE_SHORTEST", "shorter parts of names tell nobody's"),
    ("world/clock.rs", "COMPARED", "bounds the steps of a clock that are compared with each other"),
    ("world/key.rs", "BATCH", "how work is shared among threads"),
    ("world/key.rs", "MOST_KNOWN", "bounds the memory"),
    ("evidence/watchers.rs", "TOLD", "two hosts tell that there is more than one"),
    ("world/key.rs", "NONE", "stands for no value"),
];

#[test]
fn every_number_in_the_engine_has_a_reason_to_be_there() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut strange = Vec::new();
    let mut seen = Vec::new();
    for path in sources(&src) {
        let file = path.strip_prefix(&src).unwrap().to_string_lossy().replace('\\', "/");
        let text = std::fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in code.lines().enumerate() {
            let place = format!("engine/diagnose/src/{file}:{}: {}", number + 1, line.trim());
            match numeric_constant(line) {
                Some(name)
                    if ALLOWED.iter().any(|allowed| (allowed.0, allowed.1) == (file.as_str(), name)) =>
                {
                    seen.push((file.clone(), name.to_owned()));
                }
                Some(_) => strange.push(place),
                None if line.contains("Duration::from_") => strange.push(place),
                None => {}
            }
        }
    }
    assert!(
        strange.is_empty(),
        "a threshold belongs into rules/ladder.yml (engine/rules/src/kinds/ladder/thresholds.rs reads it); a bound of the work or \
         of a report belongs into the list of this test, with its reason: {strange:#?}"
    );
    for (file, name, reason) in ALLOWED.iter().copied() {
        assert!(!reason.is_empty(), "{name}");
        let there = seen.iter().any(|(in_file, constant)| in_file == file && constant == name);
        assert!(there, "{file} has no constant {name} any more: take it off the list");
    }
}

#[test]
fn numeric_constants_are_told_from_others() {
    for (line, name) in [
        ("const KEPT: usize = 20;", Some("KEPT")),
        ("    pub(super) const SURE: f64 = 0.8;", Some("SURE")),
        ("pub const NEARBY: Duration = Duration::from_secs(3600);", Some("NEARBY")),
        ("const STAGES: [u32; 2] = [1, 2];", Some("STAGES")),
        ("const ALL: &[f64] = &[0.5];", Some("ALL")),
        ("const WORD: &str = \"host\";", None),
        ("const fn count() -> usize {", None),
        ("// const KEPT: usize = 20;", None),
    ] {
        assert_eq!(numeric_constant(line), name, "{line}");
    }
}

/// The name of the constant that the line declares, if it is a number, a span of time, or a list of them.
fn numeric_constant(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = match line.strip_prefix("pub") {
        Some(rest) => rest.trim_start_matches(|letter| letter != ' ').trim_start(),
        None => line,
    };
    let declared = line.strip_prefix("const ").or_else(|| line.strip_prefix("static "))?;
    let (name, rest) = declared.split_once(':')?;
    let kind = rest.split('=').next()?;
    let words = kind.split(|letter: char| !letter.is_alphanumeric());
    let is_number = |word: &str| {
        let integer = word
            .strip_prefix(['u', 'i'])
            .is_some_and(|size| matches!(size, "8" | "16" | "32" | "64" | "128" | "size"));
        integer || matches!(word, "f32" | "f64" | "Duration")
    };
    (!name.contains(' ') && words.into_iter().any(is_number)).then_some(name)
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs")
            && path.file_stem().is_some_and(|stem| stem != "tests")
        {
            found.push(path);
        }
    }
    found.sort();
    found
}
