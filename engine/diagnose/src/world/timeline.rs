//! Events on one common clock, with the signals recognized in them.

use crate::world::clock::{self, Step, Wrong};
use crate::world::key::Keys;
use crate::world::machine::{Machine, Machines};
use crate::world::recognized::Recognized;
use crate::world::tick::ticks;
use rdpwhy_event::{Event, FileTime};
use rdpwhy_rules::ladder::Role;
use rdpwhy_rules::{Pack, SignalId};
use std::collections::{HashMap, HashSet};

/// Events in the order of the common clock, and where each signal was seen.
pub(crate) struct Timeline<'a> {
    /// The events as read.
    pub events: &'a [Event],
    /// The machine of each event.
    pub machine: Vec<Machine>,
    /// The time of each event on the common clock, in ticks.
    pub time: Vec<i64>,
    /// The events of each signal, by time on the common clock.
    pub seen: Vec<Vec<u32>>,
    /// The same, by machine first.
    seen_on: Vec<Vec<u32>>,
    /// What the rules recognize in the events.
    recognized: Recognized<'a>,
    /// The machines.
    pub machines: Machines,
    /// What each event shares with others.
    pub keys: Keys,
    /// What was added to each machine's times, in ticks.
    pub shift: Vec<i64>,
    /// What was added to each event's time before that, because a clock was wrong.
    pub corrections: Vec<i64>,
    /// When clocks were wrong.
    wrong: Vec<Wrong>,
    /// Clocks that were set.
    pub steps: Vec<Step>,
}

impl<'a> Timeline<'a> {
    /// Puts the events on one clock: in true order where a clock was wrong (`steps`), else as they were written.
    pub(crate) fn new(
        recognized: Recognized<'a>,
        machines: Machines,
        machine: Vec<Machine>,
        steps: Vec<Step>,
        pack: &Pack,
    ) -> Timeline<'a> {
        let events = recognized.events;
        let wrong = clock::wrong(&steps, pack.ladder());
        let corrections = clock::corrections(events, &machine, &wrong, pack.ladder());
        let mut timeline = Timeline {
            events,
            machine,
            time: vec![0; events.len()],
            seen: vec![Vec::new(); pack.signals().len()],
            seen_on: Vec::new(),
            keys: Keys::new(&recognized),
            recognized,
            shift: vec![0; machines.all().count()],
            machines,
            corrections,
            steps,
            wrong,
        };
        timeline.place();
        timeline
    }

    /// Moves the machines' times by `shift` ticks each.
    pub(crate) fn move_clocks(&mut self, shift: Vec<i64>) {
        self.shift = shift;
        self.place();
    }

    fn place(&mut self) {
        for (index, event) in self.events.iter().enumerate() {
            self.time[index] =
                ticks(event.time) + self.corrections[index] + self.shift[self.machine[index].0 as usize];
        }
        self.file();
    }

    /// A time as a machine wrote it, on the common clock.
    pub(crate) fn common(&self, machine: Machine, time: FileTime) -> i64 {
        clock::put_right(machine, ticks(time), &self.wrong) + self.shift[machine.0 as usize]
    }

    /// From when to when each channel was written on machines whose clocks were wrong at some time, as its records tell: the first
    /// and the last time in such a log may be those of a clock that was years off.
    pub(crate) fn put_right(&self) -> HashMap<(Machine, &'a str), (i64, i64)> {
        let machines: HashSet<Machine> = self.wrong.iter().map(Wrong::machine).collect();
        let mut spans: HashMap<(Machine, &str), (i64, i64)> = HashMap::new();
        for (index, event) in self.events.iter().enumerate() {
            let (machine, time) = (self.machine[index], self.time[index]);
            if machines.contains(&machine) {
                let span = spans.entry((machine, &*event.channel)).or_insert((time, time));
                *span = (span.0.min(time), span.1.max(time));
            }
        }
        spans
    }

    fn file(&mut self) {
        for seen in &mut self.seen {
            seen.clear();
        }
        for event in 0..u32::try_from(self.events.len()).unwrap_or(u32::MAX) {
            for signal in self.recognized.signals(event) {
                self.seen[signal.index()].push(event);
            }
        }
        let time = &self.time;
        for seen in &mut self.seen {
            seen.sort_by_key(|&event| (time[event as usize], event));
        }
        self.seen_on = self.seen.clone();
        for seen in &mut self.seen_on {
            // Stable: each machine's stay in the order of time.
            seen.sort_by_key(|&event| self.machine[event as usize]);
        }
    }

    /// The signals of an event.
    pub(crate) fn signals(&self, event: u32) -> impl Iterator<Item = SignalId> + '_ {
        self.recognized.signals(event)
    }

    /// The event's value for a role, if it tells one.
    pub(crate) fn role(&self, event: u32, role: Role) -> Option<&'a str> {
        self.recognized.role(event, role)
    }

    /// The events of a signal whose time lies in `from..=to`.
    pub(crate) fn between(&self, signal: SignalId, from: i64, to: i64) -> &[u32] {
        let seen = &self.seen[signal.index()];
        let start = seen.partition_point(|&event| self.time[event as usize] < from);
        let end = seen.partition_point(|&event| self.time[event as usize] <= to);
        &seen[start..end.max(start)]
    }

    /// The events of a signal on one machine whose time lies in `from..=to`.
    pub(crate) fn on(&self, signal: SignalId, machine: Machine, from: i64, to: i64) -> &[u32] {
        let seen = &self.seen_on[signal.index()];
        let place = |event: u32| (self.machine[event as usize], self.time[event as usize]);
        let start = seen.partition_point(|&event| place(event) < (machine, from));
        let end = seen.partition_point(|&event| place(event) <= (machine, to));
        &seen[start..end.max(start)]
    }
}
