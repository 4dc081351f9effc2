//! Events of forged and of real logs.

use rdpwhy_event::Event;
use rdpwhy_forge::Shapes;

use crate::stock::{events, everything, files, forged, workspace};

/// All events of the tickets under samples/, each with its ticket.
pub(crate) fn of_samples() -> Vec<(String, Event)> {
    let shapes = Shapes::embedded().unwrap();
    let mut found = Vec::new();
    for path in files(&workspace().join("samples"), "ticket.yml") {
        let folder = forged(&path, &shapes).unwrap_or_else(|error| panic!("{error}"));
        let origin = path.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
        let all = events(&[folder.path().to_owned()], &everything);
        found.extend(all.into_iter().map(|event| (origin.clone(), event)));
    }
    found
}

/// The events of all real Remote Desktop logs and of every tenth other one; `None` where there are no real logs.
pub(crate) fn real() -> Option<Vec<Event>> {
    let data = workspace().join("../shared/data");
    if !data.is_dir() {
        return None;
    }
    let mut inputs = files(&data.join("rdp"), "");
    inputs.extend(files(&data.join("other"), "").into_iter().step_by(10));
    inputs.retain(|path| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("evtx")));
    Some(events(&inputs, &everything))
}
