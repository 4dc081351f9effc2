//! From what was read to ranked causes: each stage called in its order.

use crate::attempts::attempt::{self, Attempt};
use crate::attempts::belief;
use crate::attempts::conflict::conflicts;
use crate::attempts::group::group;
use crate::attempts::hosts::listens;
use crate::attempts::merge::merge;
use crate::attempts::offset::{ClockOffset, offsets};
use crate::attempts::outcome::{blame, decide};
use crate::attempts::pairing::{name_hosts, pairs};
use crate::cases::focus::{asked_for, ended_then, focus, in_view, outside, shown_working};
use crate::cases::gather::gather;
use crate::diagnosis::assemble::assembly::Assembly;
use crate::diagnosis::result::Diagnosis;
use crate::evidence::scene::{Codes, Scene};
use crate::options::Options;
use crate::ranking::assumed::assumed;
use crate::ranking::calibrate::calibrate;
use crate::ranking::cases::in_reading_order;
use crate::ranking::pointed_at::{lasting, pointed_at, surer};
use crate::ranking::ranked::{in_full, rank_all};
use crate::ranking::unfinished::unfinished;
use crate::world;
use crate::world::coverage::Coverage;
use crate::world::tick::ticks;
use crate::world::timeline::Timeline;
use rdpwhy_logs::Reading;
use rdpwhy_rules::Pack;

/// Diagnoses what was read: attempts, incidents, and for each incident the causes that can explain it, the most likely first.
///
/// A pure function: the same records, rules and options give the same diagnosis. It does not fail; where the logs show nothing, the
/// verdict is [`NoEvidence`](crate::Verdict::NoEvidence). The crate's page has an example.
pub fn diagnose(reading: &Reading, pack: &Pack, options: &Options) -> Diagnosis {
    diagnose_in_stages(reading, pack, options, &|_| {})
}

/// As [`diagnose`]; `ended` is told the name of each stage that ends, for whoever takes the time.
pub fn diagnose_in_stages(
    reading: &Reading,
    pack: &Pack,
    options: &Options,
    ended: &dyn Fn(&'static str),
) -> Diagnosis {
    let mut timeline = world::timeline(reading, pack);
    ended("timeline");
    let mut attempts = group(&timeline, pack);
    let offsets = offsets(&attempts, &timeline.machines, pack.ladder());
    align(&mut timeline, &mut attempts, &offsets);
    ended("group");
    let coverage = Coverage::new(reading, &timeline, pack);
    let pairs = pairs(&attempts, &offsets, &timeline.machines, pack.ladder());
    merge(&mut attempts, &pairs, &timeline);
    let is_host = |machine| listens(machine, pack, &coverage);
    name_hosts(&mut attempts, &timeline.machines, &is_host);
    let in_focus = |attempt: &Attempt| focus(attempt, options, &timeline.machines) == Some(true);
    decide(&mut attempts, &timeline, &coverage, pack, &in_focus);
    let heard = belief::hear(&mut attempts, &timeline, pack.ladder());
    if let Some(code) = options.error {
        blame(&mut attempts, code, pack.ladder());
    }
    let limits = &pack.ladder().thresholds.focus;
    let complained_of = |attempt: &Attempt| ended_then(attempt, options, &timeline.machines, limits);
    conflicts(&mut attempts, pack, options.extended, &complained_of);
    ended("decide");

    let codes = Codes { error: options.error, extended: options.extended };
    let scene = Scene::new(&timeline, pack, &attempts, &coverage, &offsets, codes);
    let (incidents, background) =
        gather(&attempts, pack.ladder(), &|attempt| in_view(attempt, options), &|attempt| {
            focus(attempt, options, &timeline.machines)
        });
    ended("gather");
    let incidents = asked_for(incidents, options, limits, &timeline.machines, &coverage);
    let mut ranked = rank_all(&scene, incidents);
    if ranked.is_empty() {
        ranked.extend(unfinished(&scene, options));
    }
    let elsewhere = |at| outside(&timeline.machines, &coverage, ticks(at), limits);
    if ranked.is_empty() && !options.at.is_some_and(elsewhere) {
        let shown = shown_working(&attempts, options, &timeline.machines, pack.ladder());
        let pointed_at = pointed_at(&scene, options, &heard);
        ranked.extend(surer(pointed_at, || assumed(&scene, reading, options, shown), pack.ladder()));
    }
    if !ranked.is_empty() && options.at.is_none() {
        ranked.extend(lasting(&scene, options, &ranked));
    }
    let mut ranked = in_reading_order(&scene, options, ranked);
    in_full(&scene, &mut ranked);
    ranked.iter_mut().for_each(|incident| calibrate(pack, &mut incident.ranking));
    ended("rank");
    let assembly = Assembly { scene: &scene, reading, options, ranked: &ranked, background: &background };
    let diagnosis = assembly.finish();
    ended("assemble");
    diagnosis
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
