//! From what was read to ranked causes: each stage called in its order.

use crate::attempts::attempt::{self, Attempt, Outcome};
use crate::attempts::conflict::conflicts;
use crate::attempts::group::group;
use crate::attempts::merge::merge;
use crate::attempts::offset::{ClockOffset, offsets};
use crate::attempts::outcome::decide;
use crate::attempts::pairing::{name_hosts, pairs};
use crate::cases::focus::{asked_for, focus, in_view};
use crate::cases::gather::gather;
use crate::diagnosis::assemble::assembly::Assembly;
use crate::diagnosis::result::Diagnosis;
use crate::evidence::scene::{Codes, Scene};
use crate::options::Options;
use crate::ranking::assumed::assumed;
use crate::ranking::ranked::rank_all;
use crate::ranking::unfinished::unfinished;
use crate::world;
use crate::world::coverage::Coverage;
use crate::world::machine::Machine;
use crate::world::timeline::Timeline;
use rdpwhy_logs::Reading;
use rdpwhy_rules::{Pack, Side};

/// Diagnoses what was read.
pub fn diagnose(reading: &Reading, pack: &Pack, options: &Options) -> Diagnosis {
    let mut timeline = world::timeline(reading, pack);
    let mut attempts = group(&timeline, pack);
    let offsets = offsets(&attempts, &timeline.machines, pack.ladder());
    align(&mut timeline, &mut attempts, &offsets);
    let coverage = Coverage::new(reading, &timeline);
    let pairs = pairs(&attempts, &offsets, &timeline.machines, pack.ladder());
    merge(&mut attempts, &pairs, &timeline);
    let is_host = |machine| listens(machine, pack, &coverage);
    name_hosts(&mut attempts, &timeline.machines, &is_host);
    let in_focus = |attempt: &Attempt| focus(attempt, options) == Some(true);
    decide(&mut attempts, &timeline, &coverage, pack, &in_focus);
    conflicts(&mut attempts, pack, options.extended);

    let codes = Codes { error: options.error, extended: options.extended };
    let scene = Scene::new(&timeline, pack, &attempts, &coverage, &offsets, codes);
    let (incidents, background) =
        gather(&attempts, pack.ladder(), &|attempt| in_view(attempt, options), &|attempt| {
            focus(attempt, options)
        });
    let incidents =
        asked_for(incidents, options, &pack.ladder().thresholds.focus, &timeline.machines, &coverage);
    let mut ranked = rank_all(&scene, incidents);
    if ranked.is_empty() {
        ranked.extend(unfinished(&scene, options));
    }
    let told = options.error.is_some() || options.extended.is_some();
    if ranked.is_empty() && (told || attempts.iter().all(|attempt| attempt.outcome == Outcome::Unknown)) {
        ranked.extend(assumed(&scene, reading, options));
    }
    Assembly { scene: &scene, reading, options, ranked: &ranked, background: &background }.finish()
}

/// Puts the clients' clocks onto their hosts'.
fn align(timeline: &mut Timeline<'_>, attempts: &mut [Attempt], offsets: &[ClockOffset]) {
    let mut shift = vec![0; timeline.shift.len()];
    for offset in offsets {
        shift[offset.client.0 as usize] = -offset.ahead;
    }
    if shift.iter().any(|by| *by != 0) {
        timeline.move_clocks(shift);
        attempt::move_clocks(attempts, &timeline.shift);
        attempt::sort(attempts);
    }
}

/// Whether the machine's logs are of the kind that see connections arrive.
fn listens(machine: Machine, pack: &Pack, coverage: &Coverage) -> bool {
    let openers = pack.ladder().records.iter().filter(|record| record.side == Side::Host && record.opens);
    let mut lasting = openers.filter(|record| record.once);
    lasting.any(|record| coverage.holds(machine, pack.signal(record.signal).home_channel()))
}
