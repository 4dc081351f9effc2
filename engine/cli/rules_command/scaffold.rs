//! `rdpwhy rules new`: rules from templates, and for a cause a ticket that proves it.

use crate::failure::Failure;
use crate::terminal;
use rdpwhy_rules::Kind;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// What stands for the ID in templates.
const ID: &str = "RULE-ID";
const TICKET: &str = include_str!("scaffold/ticket.yml");

/// The folder and the template of a kind of rule; `None` where there is none.
fn template(kind: Kind) -> Option<(&'static str, &'static str)> {
    match kind {
        Kind::Signal => Some(("signals", include_str!("scaffold/signal.yml"))),
        Kind::Cause => Some(("causes", include_str!("scaffold/cause.yml"))),
        Kind::Notice => Some(("notices", include_str!("scaffold/notice.yml"))),
        Kind::Step => Some(("steps", include_str!("scaffold/step.yml"))),
        Kind::Check => Some(("checks", include_str!("scaffold/check.yml"))),
        Kind::Codes => Some(("codes", include_str!("scaffold/code.yml"))),
        Kind::LogSources
        | Kind::Sources
        | Kind::Ladder
        | Kind::Identities
        | Kind::Messages
        | Kind::Foreign => None,
    }
}

/// Writes the files of a new rule, unless one of them is there already.
pub(super) fn run(kind: Kind, id: &str, folder: &Path) -> Result<String, Failure> {
    let word =
        |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if !id.split('-').all(word) {
        let failure = Failure::new(format!("`{}` is not in kebab case", rdpwhy_report::visible(id)));
        return Err(failure.help("use lower-case words joined by `-`, such as account-locked-out"));
    }
    let Some((own, text)) = template(kind) else {
        return Err(Failure::new("there is no template for this kind of rule"));
    };
    let mut files: Vec<(PathBuf, &str)> = vec![(folder.join(own).join(format!("{id}.yml")), text)];
    if kind == Kind::Cause {
        files.push((folder.join("tickets").join(id).join("ticket.yml"), TICKET));
    }
    if let Some((path, _)) = files.iter().find(|(path, _)| path.exists()) {
        let failure = Failure::new(format!("`{}` already exists; nothing was written", terminal::name(path)));
        return Err(failure.help("choose another ID"));
    }
    let mut said = String::new();
    for (path, text) in &files {
        write(path, &text.replace(ID, id))?;
        said.push_str(&format!("{}\n", path.display()));
    }
    said.push_str(&next(kind, folder));
    Ok(said)
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let parent = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent).map_err(|error| Failure::cannot_write(parent, &error))?;
    let mut file = std::fs::File::create_new(path).map_err(|error| Failure::cannot_write(path, &error))?;
    file.write_all(text.as_bytes()).map_err(|error| Failure::cannot_write(path, &error))
}

/// What to do with the files.
fn next(kind: Kind, folder: &Path) -> String {
    let shown = folder.display();
    // A folder with a ladder is a pack and not added to another.
    let is_pack = folder.join("ladder.yml").exists();
    let (check, option) = if is_pack { ("--pack ", "--pack") } else { ("", "--rules") };
    let test = format!("  rdpwhy rules test {} {option} {shown}\n", folder.join("tickets").display());
    format!(
        "next: replace what says TODO, then\n  rdpwhy rules check {check}{shown}\n{}  rdpwhy diagnose LOGS {option} {shown}\n",
        if kind == Kind::Cause { &test } else { "" }
    )
}
