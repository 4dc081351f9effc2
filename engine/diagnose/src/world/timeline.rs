//! Events on one common clock, with the signals recognised in them.

use crate::world::clock::{self, Step};
use crate::world::coverage::ticks;
use crate::world::key::Keys;
use crate::world::roles::Roles;
use rdpwhy_event::{Event, FileTime, Marks};
use rdpwhy_logs::Reading;
use rdpwhy_rules::{Pack, Role, SignalId};
use std::collections::BTreeMap;

/// Index of a machine in [`Machines`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Machine(pub u32);

/// The machines whose records the logs hold, by name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Machines {
    names: Vec<String>,
    by_key: BTreeMap<String, Machine>,
}

impl Machines {
    /// Machines of all logs; the same full name in another case is the same machine.
    pub(crate) fn new(reading: &Reading) -> Machines {
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        let of_spans =
            reading.logs.iter().flat_map(|log| log.spans.iter().map(|span| span.computer.to_string()));
        for name in of_spans.chain(reading.events.iter().map(|event| event.computer.to_string())) {
            let kept = names.entry(name.to_lowercase()).or_insert_with(|| name.clone());
            if name < *kept {
                *kept = name;
            }
        }
        let mut machines = Machines::default();
        for (key, name) in names {
            let machine = Machine(u32::try_from(machines.names.len()).unwrap_or(u32::MAX));
            machines.names.push(name);
            machines.by_key.insert(key, machine);
        }
        machines
    }

    /// The machine of that name.
    pub(crate) fn find(&self, name: &str) -> Option<Machine> {
        match self.by_key.get(name) {
            Some(machine) => Some(*machine),
            None => self.by_key.get(&name.to_lowercase()).copied(),
        }
    }

    /// The name as logs write it.
    pub(crate) fn name(&self, machine: Machine) -> &str {
        &self.names[machine.0 as usize]
    }

    /// All machines, by name.
    pub(crate) fn all(&self) -> impl Iterator<Item = Machine> + use<> {
        (0..u32::try_from(self.names.len()).unwrap_or(u32::MAX)).map(Machine)
    }
}

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
    /// The signals of each event, by number.
    marks: Vec<Marks>,
    /// Where the events tell who, from where and to what.
    roles: Roles<'a>,
    /// The machines.
    pub machines: Machines,
    /// What each event shares with others.
    pub keys: Keys,
    /// What was added to each machine's times, in ticks.
    pub shift: Vec<i64>,
    /// What was added to each event's time before that, because a clock was set back.
    pub corrections: Vec<i64>,
    /// Clocks that were set.
    pub steps: Vec<Step>,
}

impl<'a> Timeline<'a> {
    /// Recognises the signals in the events.
    pub(crate) fn new(reading: &'a Reading, pack: &'a Pack) -> Timeline<'a> {
        use rayon::prelude::*;
        let machines = Machines::new(reading);
        let events = &reading.events[..];
        let marks: Vec<Marks> = events.par_iter().map(|event| pack.marks(event)).collect();
        let machine =
            events.iter().map(|event| machines.find(&event.computer).unwrap_or(Machine(0))).collect();
        let shift = vec![0; machines.names.len()];
        let time = events.iter().map(|event| ticks(event.time)).collect();
        let mut timeline = Timeline {
            events,
            machine,
            time,
            seen: vec![Vec::new(); pack.signals().len()],
            roles: Roles::new(events, &marks, pack.ladder()),
            marks,
            machines,
            keys: Keys::default(),
            shift,
            corrections: vec![0; events.len()],
            steps: Vec::new(),
        };
        timeline.keys = Keys::new(&timeline, pack);
        timeline.file();
        timeline.steps = clock::steps(&timeline, pack);
        timeline.corrections = clock::corrections(&timeline, &timeline.steps);
        if timeline.corrections.iter().any(|by| *by != 0) {
            timeline.place();
        }
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
        let time = ticks(time);
        let back =
            self.steps.iter().filter(|step| step.machine == machine && step.mixes_up() && time < step.new);
        time + back.map(Step::by).sum::<i64>() + self.shift[machine.0 as usize]
    }

    fn file(&mut self) {
        for seen in &mut self.seen {
            seen.clear();
        }
        for (index, marks) in self.marks.iter().enumerate() {
            for signal in SignalId::of_marks(marks) {
                self.seen[signal.index()].push(u32::try_from(index).unwrap_or(u32::MAX));
            }
        }
        let time = &self.time;
        for seen in &mut self.seen {
            seen.sort_by_key(|&event| (time[event as usize], event));
        }
    }

    /// The signals of an event.
    pub(crate) fn signals(&self, event: u32) -> impl Iterator<Item = SignalId> + '_ {
        SignalId::of_marks(&self.marks[event as usize])
    }

    /// The event's value for a role, if it tells one.
    pub(crate) fn role(&self, pack: &Pack, event: u32, role: Role) -> Option<&'a str> {
        let values = self.roles.values(event, &self.events[event as usize], role);
        values.map(str::trim).find(|value| !pack.ladder().is_no_value(value))
    }

    /// The events of a signal whose time lies in `from..=to`.
    pub(crate) fn between(&self, signal: SignalId, from: i64, to: i64) -> &[u32] {
        let seen = &self.seen[signal.index()];
        let start = seen.partition_point(|&event| self.time[event as usize] < from);
        let end = seen.partition_point(|&event| self.time[event as usize] <= to);
        &seen[start..end.max(start)]
    }
}
