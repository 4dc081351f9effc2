//! Logs of tickets, forged once for all test programs.
//!
//! They are kept in `target/tickets`, in a folder for each state of the forge and in it one for each ticket, named by
//! what the ticket says.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::{Duration, SystemTime};

use rdpwhy_forge::{ForgeError, Shapes, Ticket, forge};

use crate::{files, workspace};

/// What forged logs depend on beside the ticket.
const FORGE: [&str; 5] =
    ["engine/forge/src", "engine/yaml/src", "samples/shapes.yml", "samples/scenes.yml", "Cargo.lock"];
/// Its time of change tells when a state of the forge was last in use.
const USED: &str = "used";
/// States of the forge that were not used for so long are removed.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

struct Store {
    folder: PathBuf,
    shapes: Shapes,
}

static STORE: LazyLock<Store> = LazyLock::new(Store::open);

/// A folder with the ticket's logs. Other tests read it, too: nothing in it may be changed.
///
/// # Errors
/// What is wrong with the ticket.
///
/// # Panics
/// Where the logs cannot be written.
pub fn forged(ticket: &Ticket) -> Result<PathBuf, ForgeError> {
    let folder = STORE.folder.join(name(&format!("{ticket:?}")));
    if folder.is_dir() {
        return Ok(folder);
    }
    let logs = forge(ticket, &STORE.shapes)?;
    let making = tempfile::Builder::new().prefix("making-").tempdir_in(&STORE.folder);
    let making = making.expect("the target folder can be written");
    for log in logs {
        let path = making.path().join(&log.path);
        fs::create_dir_all(path.parent().expect("a log is in a folder"))
            .expect("the target folder can be written");
        fs::write(path, &log.bytes).expect("the target folder can be written");
    }
    // Where another program was quicker, its logs are the same.
    let moved = fs::rename(making.path(), &folder);
    assert!(moved.is_ok() || folder.is_dir(), "{}: {moved:?}", folder.display());
    Ok(folder)
}

fn name(content: &str) -> String {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

impl Store {
    fn open() -> Store {
        let all = target().join("tickets");
        let folder = all.join(state_of_forge());
        fs::create_dir_all(&folder).expect("the target folder can be written");
        fs::write(folder.join(USED), "").expect("the target folder can be written");
        remove_unused(&all);
        let shapes = Shapes::embedded().unwrap_or_else(|error| panic!("{error}"));
        Store { folder, shapes }
    }
}

/// The target folder, from a test program in `target/debug/deps`.
fn target() -> PathBuf {
    let program = std::env::current_exe().expect("a program knows where it is");
    program.ancestors().nth(3).expect("cargo puts test programs into target/debug/deps").to_owned()
}

fn state_of_forge() -> String {
    let mut content = String::new();
    for path in FORGE.map(|path| workspace().join(path)) {
        let sources = if path.is_dir() { files(&path, ".rs") } else { vec![path] };
        for source in sources {
            content.push_str(&fs::read_to_string(source).expect("the forge's sources can be read"));
        }
    }
    name(&content)
}

fn remove_unused(all: &Path) {
    let is_unused = |folder: &Path| {
        let used: Option<SystemTime> =
            folder.join(USED).metadata().and_then(|metadata| metadata.modified()).ok();
        used.and_then(|used| used.elapsed().ok()).is_some_and(|unused| unused > KEPT)
    };
    for folder in fs::read_dir(all).into_iter().flatten().flatten().map(|entry| entry.path()) {
        if is_unused(&folder) {
            // Another program may remove it just now.
            let _ = fs::remove_dir_all(folder);
        }
    }
}
