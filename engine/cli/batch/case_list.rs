//! The list of cases with their options: CSV or JSON Lines.

use crate::arguments::{Batch, Cli};
use crate::failure::Failure;
use crate::terminal;
use crate::usage;
use clap::Parser;
use rdpwhy_batch::{Case, ListRow, csv_rows, json_rows};
use rdpwhy_report::visible;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Columns that become options of the case.
const OPTIONS: [&str; 9] = ["error", "extended", "at", "since", "until", "user", "source", "target", "tz"];
/// Name of the case; without it, the name of its first path.
const CASE: &str = "case";
/// Its path, or in JSON a list of them.
const PATH: &str = "path";

/// Adds the cases of the list, if one is given.
///
/// # Errors
/// It cannot be read, or a row is faulty; the message names its line.
pub(crate) fn add(asked: &Batch, cases: &mut Vec<Case>) -> Result<(), Failure> {
    let Some(list) = &asked.cases else { return Ok(()) };
    let text = std::fs::read_to_string(list).map_err(|error| Failure::cannot_read(list, &error))?;
    let text = text.trim_start_matches('\u{feff}');
    let is_csv = list.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
    let folder = list.parent().unwrap_or(Path::new(""));
    for (line, row) in if is_csv { csv_rows(text) } else { json_rows(text) } {
        let at = |message: &str| {
            let place = format!("{}:{line}", terminal::name(list));
            Failure::new(format!("{place}: {message}"))
                .help(format!("columns: {CASE}, {PATH}, {}; see docs/batch.md", OPTIONS.join(", ")))
        };
        let case = row.and_then(|row| case(&row, folder)).map_err(|message| at(&message))?;
        cases.push(case);
    }
    Ok(())
}

fn case(row: &ListRow, folder: &Path) -> Result<Case, String> {
    let legal = [CASE, PATH].into_iter().chain(OPTIONS).collect::<Vec<_>>();
    if let Some(column) = row.keys().find(|column| !legal.contains(&column.as_str())) {
        return Err(format!("unknown column `{}`", visible(column)));
    }
    let paths: Vec<PathBuf> = row.get(PATH).into_iter().flatten().map(|path| folder.join(path)).collect();
    let Some(first) = paths.first() else { return Err(format!("`{PATH}` is missing")) };
    let own = first.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let name = row.get(CASE).and_then(|names| names.first()).cloned().unwrap_or(own);
    let mut case = Case::new(name, String::new(), paths);
    for option in OPTIONS {
        for value in row.get(option).into_iter().flatten() {
            case.options.push(OsString::from(format!("--{option}={value}")));
        }
    }
    check(&case)?;
    Ok(case)
}

/// Reads the options as `rdpwhy diagnose` does, so that a mistake is found now and not after hours.
fn check(case: &Case) -> Result<(), String> {
    let words = ["rdpwhy", "diagnose"].map(OsString::from).into_iter();
    let all = words.chain(case.options.iter().cloned()).chain(["--".into(), ".".into()]);
    Cli::try_parse_from(all).map(|_| ()).map_err(|error| {
        let said = usage::explained(error).to_string();
        said.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(rows: Vec<(u64, Result<ListRow, String>)>) -> Vec<Result<Case, String>> {
        rows.into_iter().map(|(_, row)| row.and_then(|row| case(&row, Path::new("/t")))).collect()
    }

    #[test]
    fn csv_and_json_give_the_same_cases() {
        let csv = read(csv_rows("case,path,error,user\nINC-1,a,0x904,\n,\"b, c\",,anna\n"));
        let json = read(json_rows(
            "{\"case\":\"INC-1\",\"path\":\"a\",\"error\":2308}\n\n{\"path\":[\"b, c\"],\"user\":\"anna\"}\n",
        ));
        let (csv, json): (Vec<Case>, Vec<Case>) =
            (csv.into_iter().flatten().collect(), json.into_iter().flatten().collect());
        assert_eq!((csv.len(), json.len()), (2, 2));
        assert_eq!(csv[1], json[1]);
        assert_eq!(csv[1].name, "b, c");
        assert_eq!(csv[1].paths, [PathBuf::from("/t/b, c")]);
        assert_eq!(csv[0].options, [OsString::from("--error=0x904")]);
        assert_eq!(json[0].options, [OsString::from("--error=2308")]);
    }

    #[test]
    fn faults_are_said() {
        for (line, expected) in [
            ("{\"case\":\"x\"}", "`path` is missing"),
            ("{\"path\":\"x\",\"errr\":1}", "unknown column `errr`"),
            ("{\"path\":\"x\",\"error\":\"nine\"}", "not a valid code"),
            ("{\"path\":\"x\",\"at\":\"soon\"}", "not a valid time"),
            ("[1]", "not a JSON object"),
            ("{", "not JSON"),
        ] {
            let said = read(json_rows(line)).remove(0).expect_err(line);
            assert!(said.contains(expected), "{line}: {said}");
        }
    }
}
