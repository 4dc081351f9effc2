//! Whether the logs would hold what is missing.

use crate::evidence::scene::Scene;
use crate::evidence::stay::Stay;
use crate::evidence::window::{Window, any_machine, wanted_end};
use crate::world::coverage::{Channel, Covered};
use crate::world::machine::Machine;
use rdpwhy_rules::SignalId;
use rdpwhy_rules::phrase::{Anchor, End, Quantifier, Relation};
use std::collections::BTreeSet;

/// The machines of an attempt at the end that a relation names, or both.
type Ends = [Option<Machine>; 2];

/// What coverage has to be known about: relations that agree in it have the same answers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Needed {
    /// The channels of the signals, once each.
    channels: Vec<Option<Channel>>,
    /// All of the channels, or at least one.
    all: bool,
    end: Option<End>,
    /// What may stand on any machine is never known to be missing: the logs of the one that would have it may not be here.
    any_machine: bool,
    span: Span,
}

/// From when to when the logs have to hold everything.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Span {
    /// In a window beside the attempt.
    Window(Anchor),
    /// When the attempt began.
    Start,
    /// While it lasted.
    Whole,
}

/// Tells of one attempt after the other whether the logs would hold what is missing.
pub(super) struct Watch<'s> {
    scene: &'s Scene<'s>,
    needed: &'s Needed,
    /// The last attempt's machines, and what each channel holds of them: mostly the next attempt has the same.
    last: Option<(Ends, Vec<[Option<&'s Covered>; 2]>)>,
    /// A span in which those machines hold all that is needed: mostly the next attempt lies in it, too.
    whole: Option<(i64, i64)>,
    hopeless: bool,
    /// The window that has to be covered, if it is one beside the attempt.
    window: Option<Window>,
}

impl Needed {
    /// For the signals to be missed in that relation to an attempt: all of them (`all`), or at least one.
    pub(super) fn new(
        scene: &Scene<'_>,
        signals: &[SignalId],
        relation: &Relation<SignalId>,
        all: bool,
    ) -> Needed {
        let mut channels: Vec<Option<Channel>> = signals
            .iter()
            .map(|&signal| scene.coverage.find(scene.pack.signal(signal).home_channel()))
            .collect();
        channels.sort_unstable();
        channels.dedup();
        let span = match &relation.anchor {
            Anchor::Within { span, direction, edge, .. } => {
                // At how many failures it must hold does not matter here.
                let of = Quantifier::Some;
                Span::Window(Anchor::Within { span: *span, direction: *direction, edge: *edge, of })
            }
            Anchor::Before(_) => Span::Start,
            _ => Span::Whole,
        };
        Needed { channels, all, end: wanted_end(relation), any_machine: any_machine(relation), span }
    }

    /// No attempt can have it.
    pub(super) fn is_hopeless(&self) -> bool {
        let missing = |channel: &Option<Channel>| channel.is_none();
        let none =
            if self.all { self.channels.iter().any(missing) } else { self.channels.iter().all(missing) };
        self.any_machine || none
    }
}

impl<'s> Watch<'s> {
    pub(super) fn new(scene: &'s Scene<'s>, needed: &'s Needed) -> Watch<'s> {
        let limits = &scene.pack.ladder().thresholds.evidence;
        let window = match &needed.span {
            Span::Window(anchor) => Some(Window::new(anchor, limits)),
            Span::Start | Span::Whole => None,
        };
        Watch { scene, needed, last: None, whole: None, hopeless: needed.is_hopeless(), window }
    }

    /// Whether the logs would hold what is needed at the attempt.
    pub(super) fn covers(&mut self, attempt: &Stay) -> bool {
        let needed = self.needed;
        if self.hopeless {
            return false;
        }
        let (from, to) = match (self.window, &needed.span) {
            (Some(window), _) => window.of(attempt),
            (None, Span::Start) => (attempt.start, attempt.start),
            (None, _) => (attempt.start, attempt.end),
        };
        let ends = attempt.machines(needed.end);
        let same = self.last.as_ref().is_some_and(|last| last.0 == ends);
        if same && self.whole.is_some_and(|whole| whole.0 <= from && to <= whole.1) {
            return true;
        }
        let held = self.held(ends).iter();
        let mut whole = held.map(|held| whole(held.iter().flatten().copied(), (from, to)));
        self.whole = match needed.all {
            true => whole.try_fold((i64::MIN, i64::MAX), |known, next| Some(common(known, next?))),
            false => whole.find_map(|whole| whole),
        };
        self.whole.is_some()
    }

    /// What each channel holds of these machines.
    fn held(&mut self, ends: Ends) -> &[[Option<&'s Covered>; 2]] {
        if self.last.as_ref().is_none_or(|last| last.0 != ends) {
            let coverage = self.scene.coverage;
            let of = |channel: &Option<Channel>| ends.map(|end| coverage.channel(end?, (*channel)?));
            self.last = Some((ends, self.needed.channels.iter().map(of).collect()));
        }
        self.last.as_ref().map_or(&[], |last| &last.1)
    }
}

/// Whether all that is held of a channel covers the span. A machine whose channel was not collected does not matter as long as
/// another's was.
fn all_cover<'c>(held: impl Iterator<Item = &'c Covered>, span: (i64, i64)) -> bool {
    whole(held, span).is_some()
}

/// The span around this one that all that is held of a channel covers, if it does.
fn whole<'c>(held: impl Iterator<Item = &'c Covered>, span: (i64, i64)) -> Option<(i64, i64)> {
    let mut whole = None;
    for covered in held {
        let own = covered.around(span.0, span.1)?;
        whole = Some(whole.map_or(own, |known| common(known, own)));
    }
    whole
}

/// What two spans have in common.
fn common(a: (i64, i64), b: (i64, i64)) -> (i64, i64) {
    (a.0.max(b.0), a.1.min(b.1))
}

impl Scene<'_> {
    /// Whether the logs of these machines would hold the signals in that span: all of them (`all`), or at least one.
    ///
    /// What may be on any machine is never known to be missing: the logs of the one that would have it may not be here.
    pub(super) fn held(
        &self,
        signals: &[SignalId],
        relation: &Relation<SignalId>,
        ends: &[Machine],
        (from, to): (i64, i64),
        all: bool,
    ) -> bool {
        if any_machine(relation) {
            return false;
        }
        let held = |signal: &SignalId| {
            let channel = self.coverage.find(self.pack.signal(*signal).home_channel());
            let held = channel.into_iter().flat_map(|channel| {
                ends.iter().filter_map(move |machine| self.coverage.channel(*machine, channel))
            });
            all_cover(held, (from, to))
        };
        if all { signals.iter().all(held) } else { signals.iter().any(held) }
    }

    pub(super) fn not_covered(&self, signals: &[SignalId]) -> String {
        let channels: BTreeSet<&str> =
            signals.iter().map(|signal| self.pack.signal(*signal).home_channel()).collect();
        let list = channels.into_iter().collect::<Vec<_>>().join(" and ");
        format!("not in these logs: {list} does not cover it")
    }
}
