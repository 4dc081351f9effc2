//! Events of forged and of real logs.

use std::path::PathBuf;

use rdpwhy_event::Event;
use rdpwhy_forge::Ticket;
use rdpwhy_testkit::{files, forged, real_logs};

use crate::stock::{events, everything};

/// All events of these tickets, each with the name of its ticket's folder.
pub(crate) fn of_tickets(tickets: &[PathBuf]) -> Vec<(String, Event)> {
    let mut found = Vec::new();
    for path in tickets {
        let folder =
            Ticket::load(path).and_then(|ticket| forged(&ticket)).unwrap_or_else(|error| panic!("{error}"));
        let origin = path.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
        let all = events(&[folder], &everything);
        found.extend(all.into_iter().map(|event| (origin.clone(), event)));
    }
    found
}

/// The events of all real Remote Desktop logs and of every tenth other one.
pub(crate) fn real() -> Vec<Event> {
    let data = real_logs();
    let mut inputs = files(&data.join("rdp"), ".evtx");
    inputs.extend(files(&data.join("other"), ".evtx").into_iter().step_by(10));
    events(&inputs, &everything)
}
