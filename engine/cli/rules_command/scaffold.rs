//! `rdpwhy rules new`: the beginnings of a cause and of the ticket that proves it.

use crate::failure::Failure;
use crate::terminal;
use std::io::Write as _;
use std::path::Path;

const CAUSE: &str = include_str!("scaffold/cause.yml");
const TICKET: &str = include_str!("scaffold/ticket.yml");

/// Writes both files, unless one of them is there already.
pub(super) fn run(id: &str, folder: &Path) -> Result<String, Failure> {
    let word =
        |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if !id.split('-').all(word) {
        let failure = Failure::new(format!("`{}` is not in kebab case", rdpwhy_report::visible(id)));
        return Err(failure.help(
            "name a state of the world in lower-case words joined by `-`, such as account-locked-out",
        ));
    }
    let files = [
        (folder.join("causes").join(format!("{id}.yml")), CAUSE),
        (folder.join("tickets").join(id).join("ticket.yml"), TICKET),
    ];
    if let Some((path, _)) = files.iter().find(|(path, _)| path.exists()) {
        let failure = Failure::new(format!("`{}` already exists; nothing was written", terminal::name(path)));
        return Err(failure.help("choose another ID"));
    }
    let mut text = String::new();
    for (path, template) in &files {
        let parent = path.parent().unwrap_or(folder);
        std::fs::create_dir_all(parent).map_err(|error| Failure::cannot_write(parent, &error))?;
        let mut file =
            std::fs::File::create_new(path).map_err(|error| Failure::cannot_write(path, &error))?;
        file.write_all(template.replace("CAUSE-ID", id).as_bytes())
            .map_err(|error| Failure::cannot_write(path, &error))?;
        text.push_str(&format!("{}\n", path.display()));
    }
    let shown = folder.display();
    text.push_str(&format!(
        "next:\n  rdpwhy rules check {shown}\n  rdpwhy rules test {shown}/tickets --rules {shown}\n  rdpwhy diagnose LOGS --rules {shown}\n"
    ));
    Ok(text)
}
