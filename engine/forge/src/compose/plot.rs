//! What happens in a ticket: people work, a fault begins, things happen that explain nothing.

use crate::ForgeError;
use crate::compose::chance::Chance;
use crate::compose::draw::{self, Drawn, Event};
use crate::compose::repertoire::Who;
use crate::compose::stage::{Stage, number, part, share, with_defaults};
use crate::time::Span;

impl Stage<'_> {
    /// The fault begins at the start of the ticket, and attempts fail from then on; sometimes it is cured.
    pub(crate) fn play_fault(&mut self, chance: &mut Chance) -> Result<(), ForgeError> {
        let world = &self.repertoire.world;
        let Some(fault) = self.fault else {
            self.end = draw::span(part(world, "after")?, chance, &self.drawn)?;
            return Ok(());
        };
        let own = |key| fault.node.get(key).map_or_else(|| part(world, key), Ok);
        for (part, of_fault) in [("context", false), ("onset", true)] {
            if let Some(onset) = fault.node.get(part) {
                let events = draw::events(onset, Span(0), chance, &self.drawn)?;
                self.add(events, of_fault, true);
            }
        }
        let times = {
            let holder = if fault.node.get("times").is_some() { &fault.node } else { world };
            number(holder, "times", chance, &self.drawn)?
        };
        let mut at = draw::span(part(world, "first")?, chance, &self.drawn)?;
        // A fault shows the same way each time, with other numbers.
        let seed = chance.seed();
        for index in 0..times {
            let person = self.who(fault.who, index, chance)?;
            chance.alike(seed, |chance| self.attempt(person, at, chance))?;
            let gaps = own("gap")?.items()?;
            if let Some(gap) = gaps.get(chance.below(gaps.len())) {
                at = Span(at.0 + draw::span(gap, chance, &self.drawn)?.0);
            }
        }
        let after = draw::span(part(world, "after")?, chance, &self.drawn)?;
        self.end = Span(self.last().0 + after.0);
        if let Some(cured) = fault.node.get("cured")
            && chance.happens(share(world, "cured")?)
        {
            let from = self.end;
            let events = draw::events(cured, from, chance, &self.drawn)?;
            self.add(events, false, true);
            for person in 0..self.people.len() {
                let later = draw::span(part(world, "after")?, chance, &self.drawn)?;
                self.work(person, Span(from.0 + later.0 + 600_000_000), chance)?;
            }
            self.end = Span(self.last().0.max(from.0) + after.0);
        }
        Ok(())
    }

    /// When the last event so far happens.
    fn last(&self) -> Span {
        self.events.iter().map(|(event, _)| event.at).max().unwrap_or_default()
    }

    /// Whose attempt fails: always somebody's who complains among them.
    fn who(&self, who: Who, index: usize, chance: &mut Chance) -> Result<usize, ForgeError> {
        let complaining = share(&self.repertoire.world, "complaining")?;
        if who == Who::One || index == 0 || chance.happens(complaining) {
            return Ok(0);
        }
        Ok(chance.below(self.people.len()))
    }

    fn attempt(&mut self, person: usize, at: Span, chance: &mut Chance) -> Result<(), ForgeError> {
        let Some(attempt) = self.fault.and_then(|fault| fault.node.get("attempt")) else { return Ok(()) };
        let drawn = self.drawn_for(person, chance)?;
        let events = draw::events(attempt, at, chance, &drawn)?;
        if person == 0 {
            // When it is over, as people notice it: sessions that died were fine at first.
            let noticed = events.iter().filter(|event| event.text("notice").is_some()).map(|event| event.at);
            self.failed.push(noticed.max().unwrap_or(at));
        }
        let events = events.into_iter().map(|event| self.given(event, &drawn)).collect::<Result<_, _>>()?;
        self.add(events, true, person == 0);
        Ok(())
    }

    /// What was drawn for a person, and anew for one attempt.
    fn drawn_for(&mut self, person: usize, chance: &mut Chance) -> Result<Drawn, ForgeError> {
        let mut drawn = self.people.get(person).map_or_else(|| self.drawn.clone(), |p| p.drawn.clone());
        draw::draw(part(&self.repertoire.world, "attempt")?, chance, &mut drawn)?;
        let count = self.events.len();
        drawn.insert("session".to_owned(), (2 + count % 60).to_string());
        drawn.insert("activity".to_owned(), format!("a{count}"));
        Ok(drawn)
    }

    /// Adds events; those of machines that only the complaining person has, only for that person.
    fn add(&mut self, events: Vec<Event>, of_fault: bool, complaining: bool) {
        let personal: Vec<&str> = self
            .repertoire
            .world
            .get("personal")
            .and_then(|node| node.items().ok())
            .unwrap_or_default()
            .iter()
            .filter_map(|node| node.text().ok())
            .collect();
        for event in events {
            if complaining || event.text("on").is_none_or(|on| !personal.contains(&on)) {
                self.events.push((without_notice(event), of_fault));
            }
        }
    }

    /// Connections that work: before the fault, and beside it those whom it does not hit.
    pub(crate) fn play_work(&mut self, chance: &mut Chance) -> Result<(), ForgeError> {
        let world = &self.repertoire.world;
        let count = number(world, "work", chance, &self.drawn)?;
        for _ in 0..count {
            let person = chance.below(self.people.len());
            // The last ones are over before the fault begins.
            let span = self.before.0.saturating_sub(MARGIN).max(0);
            let at = Span(-self.before.0 + (chance.share() * span as f64) as i64);
            self.work(person, at, chance)?;
        }
        let (hit, nobody) = match self.fault {
            None => (0, true),
            Some(fault) if fault.sometimes => (0, false),
            Some(fault) if fault.who == Who::One => (1, false),
            Some(_) => return Ok(()),
        };
        let beside = if nobody { count } else { number(world, "beside", chance, &self.drawn)? };
        for _ in 0..beside {
            let person = hit + chance.below(self.people.len() - hit.min(self.people.len()));
            let at = Span((chance.share() * self.end.0 as f64) as i64);
            if person < self.people.len() {
                self.work(person, at, chance)?;
            }
        }
        Ok(())
    }

    fn work(&mut self, person: usize, at: Span, chance: &mut Chance) -> Result<(), ForgeError> {
        let drawn = self.drawn_for(person, chance)?;
        let events = draw::events(part(&self.repertoire.world, "session")?, at, chance, &drawn)?;
        let events = events.into_iter().map(|event| self.given(event, &drawn)).collect::<Result<_, _>>()?;
        self.add(events, false, person == 0);
        Ok(())
    }

    /// The event as part of one connection, told what it asks for and does not say itself.
    fn given(&self, event: Event, drawn: &Drawn) -> Result<Event, ForgeError> {
        let (names, place) = (&self.shapes, &event.node.place);
        let known = match (event.text("scene"), event.text("shape")) {
            (Some(scene), _) => names.scene_parameters(names.scene(scene, place)?, 0)?,
            (None, Some(shape)) => names.shape_parameters(shape, place)?,
            (None, None) => return Ok(event),
        };
        let mut keys = vec![("activity".to_owned(), drawn.get("activity").cloned().unwrap_or_default())];
        for (name, value) in part(&self.repertoire.world, "given")?.map()? {
            if known.contains_key(&name.name) {
                keys.push((name.name.clone(), draw::fill(value, &mut Chance::new(0, 0), drawn)?));
            }
        }
        Ok(with_defaults(event, &keys))
    }

    /// Things that look like a reason and are none.
    pub(crate) fn play_herrings(&mut self, chance: &mut Chance) -> Result<(), ForgeError> {
        let count = number(&self.repertoire.world, "herrings", chance, &self.drawn)?;
        let cause = self.fault.and_then(|fault| fault.cause.as_deref());
        let mut fitting: Vec<_> = self
            .repertoire
            .herrings
            .iter()
            .filter(|herring| cause.is_none_or(|cause| !herring.not.iter().any(|not| not == cause)))
            .collect();
        for _ in 0..count {
            let heavy: Vec<f64> = fitting.iter().map(|herring| herring.weight).collect();
            let Some(place) = chance.weighted(&heavy) else { break };
            let herring = fitting.swap_remove(place);
            let span = self.before.0 + self.end.0;
            let at = Span(-self.before.0 + (chance.share() * span as f64) as i64);
            let events = draw::events(&herring.events, at, chance, &self.drawn)?;
            self.add(events, false, true);
            self.herrings.push(herring.name.clone());
        }
        Ok(())
    }
}

/// Work begins at least so long before the fault, in 100 ns: half a day, as long as any of it takes.
const MARGIN: i64 = 12 * 3_600 * 10_000_000;

/// `notice` is a word to the composer and no part of a ticket.
fn without_notice(mut event: Event) -> Event {
    if let crate::node::Kind::Map(entries) = &mut event.node.kind {
        entries.retain(|(key, _)| key.name != "notice");
    }
    event
}
