//! Attempts and the records about them, drawn along time.

use super::page::{Page, heading};
use super::scale::{Scale, millis};
use crate::outline::{Format, Section};
use crate::words::figure::{count, factor, several};
use crate::words::reason::{candidates, reasons, sentence};
use crate::words::visible::value;
use maud::{Markup, html};
use rdpwhy_diagnose::diagnosis::{Attempt, Cause, Evidence, Good, Incident, Outcome, Record};
use std::collections::BTreeMap;

/// The drawing is so wide, …
const WIDTH: f64 = 860.0;
/// … the line within it so long, …
const LINE: f64 = 820.0;
/// … and begins here.
const LEFT: f64 = 20.0;
/// Height of a lane: its name above, its marks below.
const LANE: usize = 46;
/// Height of the axis.
const AXIS: usize = 44;
/// What is closer together becomes one mark.
const MARK: f64 = 7.0;
/// A mark for many has their number beside it where this many columns behind it are free.
const COUNT_COLUMNS: u32 = 7;
/// This many pieces of evidence have a lane.
const EVIDENCE_LANES: usize = 6;
/// Longer names of lanes are cut.
const NAME_LONGEST: usize = 94;

/// A row of marks.
struct Lane {
    name: String,
    shape: Shape,
    marks: Vec<Mark>,
    /// How many more there are that the diagnosis does not list.
    unlisted: usize,
}

/// What happened at a time; `until` is later for what lasts.
struct Mark {
    at: i64,
    until: i64,
    count: usize,
    /// What it is, as shown to whoever points at it.
    title: String,
}

/// How marks of a lane look: kinds differ in form, not only in colour.
#[derive(Clone, Copy)]
enum Shape {
    Cross,
    Disc,
    Ring,
    Bar,
    Diamond,
    Flag,
}

impl Page<'_> {
    /// The whole ticket on one line of time.
    pub(super) fn course(&self) -> Markup {
        let mut lanes = vec![self.incidents_lane()];
        lanes.extend(self.attempts_lanes("Failed attempts", |_| true));
        lanes.push(self.notices_lane());
        let times: Vec<i64> =
            lanes.iter().flat_map(|lane| &lane.marks).flat_map(|mark| [mark.at, mark.until]).collect();
        html! {
            section aria-labelledby="course" {
                h2 #course { (Section::Course.title(Format::Html)) }
                @if let Some(scale) = Scale::over(times, LINE) {
                    (drawing("course", "All attempts, incidents and notices along time", &scale, &lanes))
                }
            }
        }
    }

    /// How it worked, what changed, and how it broke: the failures of an incident with what tells about them.
    pub(super) fn timeline(&self, incident: &Incident, causes: &[&Cause]) -> Markup {
        let own = self.diagnosis.attempts.iter().filter(|attempt| attempt.incident == Some(incident.id));
        let own: Vec<Mark> = own.filter_map(|attempt| self.attempt_mark(attempt)).collect();
        let all: usize = own.iter().map(|mark| mark.count).sum();
        let name = format!("Failures of this incident ({})", count(all as u64));
        let mut lanes = vec![self.good_lane(incident), self.changes_lane(incident)];
        lanes.extend(self.evidence_lanes(incident, causes));
        lanes.push(Lane { name, shape: Shape::Cross, marks: own, unlisted: 0 });
        let scale = axis(incident, &lanes);
        // Other attempts count only where they are close; the course of events shows them all.
        if let Some(scale) = &scale {
            let mut others =
                self.attempts_lanes("Other failed attempts", |attempt| attempt.incident != Some(incident.id));
            others
                .retain(|lane| lane.marks.iter().any(|mark| scale.holds(mark.at) || scale.holds(mark.until)));
            lanes.extend(others);
        }
        html! {
            @if let Some(scale) = scale {
                (heading(incident, "timeline", "Worked, changed, broke"))
                (drawing(&format!("timeline-{}", incident.id),
                    &format!("Attempts and cited records of incident {} along time", incident.id), &scale, &lanes))
                p.note { "Times are UTC"
                    @if scale.breaks().next().is_some() { "; at // the time without any of these is left out" }
                    "." span.on-screen { " Point at a mark to see its record." } }
            }
        }
    }

    /// The last success before the incident, and the first one after it.
    fn good_lane(&self, incident: &Incident) -> Lane {
        let good = |good: &Good, what: &str| {
            let at = millis(good.time)?;
            let source = good.source.as_deref().map(|source| format!(" from {}", value(source)));
            let user = good.user.as_deref().map(|user| format!(" as {}", value(user)));
            let who = format!("{}{}", source.unwrap_or_default(), user.unwrap_or_default());
            let title = format!("{} · {what}{who}", self.clock.second(good.time));
            Some(Mark { at, until: at, count: 1, title })
        };
        let last = incident.last_good.as_ref().filter(|_| !incident.assumed);
        let last = last.and_then(|last| good(last, "it last worked"));
        let again = incident.recovered.as_ref().and_then(|again| good(again, "it worked again"));
        let which = if again.is_some() { "Last and next good" } else { "Last good" };
        Lane {
            name: format!("{which} {}", self.diagnosis.words.connection),
            shape: Shape::Disc,
            marks: last.into_iter().chain(again).collect(),
            unlisted: 0,
        }
    }

    fn changes_lane(&self, incident: &Incident) -> Lane {
        let changes = incident.changes.iter();
        Lane {
            name: "Changes before".to_owned(),
            shape: Shape::Diamond,
            marks: changes.filter_map(|change| self.mark(&change.record, &value(&change.title))).collect(),
            unlisted: 0,
        }
    }

    /// A lane for each outcome.
    fn attempts_lanes(&self, failed: &str, wanted: impl Fn(&Attempt) -> bool) -> Vec<Lane> {
        let kinds = [
            (Outcome::Failed, failed, Shape::Cross),
            (Outcome::Succeeded, "Succeeded", Shape::Disc),
            (Outcome::Aborted, "Aborted on purpose", Shape::Ring),
            (Outcome::Unknown, "Outcome not told", Shape::Ring),
        ];
        let lane = |(outcome, name, shape): (Outcome, &str, Shape)| {
            let own = self
                .diagnosis
                .attempts
                .iter()
                .filter(|attempt| attempt.outcome == outcome && wanted(attempt));
            let marks: Vec<Mark> = own.filter_map(|attempt| self.attempt_mark(attempt)).collect();
            let all: usize = marks.iter().map(|mark| mark.count).sum();
            Lane { name: format!("{name} ({})", count(all as u64)), shape, marks, unlisted: 0 }
        };
        kinds.into_iter().map(lane).collect()
    }

    fn attempt_mark(&self, attempt: &Attempt) -> Option<Mark> {
        let at = millis(attempt.started)?;
        let until = millis(attempt.ended).unwrap_or(at);
        let time = self.clock.span(attempt.started, attempt.ended);
        let title = format!("{time} · {}", crate::words::attempt::course(attempt, &self.places));
        Some(Mark { at, until, count: attempt.count, title })
    }

    fn evidence_lanes(&self, incident: &Incident, causes: &[&Cause]) -> Vec<Lane> {
        let told: Vec<&Cause> =
            if incident.stands_out { causes.iter().take(1).copied().collect() } else { candidates(causes) };
        let all = told.iter().flat_map(|cause| [true, false].map(|for_it| reasons(cause, for_it))).flatten();
        let mut shown: Vec<&Evidence> = Vec::new();
        for reason in all.filter(|reason| !reason.records.is_empty()) {
            if shown.iter().all(|other| other.signal != reason.signal) {
                shown.push(reason);
            }
        }
        shown.truncate(EVIDENCE_LANES);
        shown.into_iter().map(|reason| self.evidence_lane(reason)).collect()
    }

    fn evidence_lane(&self, reason: &Evidence) -> Lane {
        let because = sentence(reason);
        let marks = reason.records.iter().filter_map(|record| self.mark(record, &because)).collect();
        Lane {
            name: format!("{}  {because}", factor(reason.likelihood_ratio)),
            shape: Shape::Bar,
            marks,
            unlisted: reason.record_count.saturating_sub(reason.records.len()),
        }
    }

    fn incidents_lane(&self) -> Lane {
        let marks = self.diagnosis.incidents.iter().filter_map(|incident| {
            let at = millis(incident.started)?;
            let time = self.clock.span(incident.started, incident.ended);
            let title = format!("incident {} · {time}", incident.id);
            Some(Mark { at, until: millis(incident.ended).unwrap_or(at), count: 1, title })
        });
        let all = self.diagnosis.incidents.len();
        Lane {
            name: format!("Incidents ({})", count(all as u64)),
            shape: Shape::Flag,
            marks: marks.collect(),
            unlisted: 0,
        }
    }

    fn notices_lane(&self) -> Lane {
        let records = self.diagnosis.notices.iter().flat_map(|notice| {
            notice.records.iter().filter_map(|record| self.mark(record, &value(&notice.title)))
        });
        Lane {
            name: "Records of notices".to_owned(),
            shape: Shape::Diamond,
            marks: records.collect(),
            unlisted: 0,
        }
    }

    fn mark(&self, record: &Record, text: &str) -> Option<Mark> {
        let at = millis(record.time)?;
        Some(Mark { at, until: at, count: 1, title: format!("{} · {text}", self.line_of(record)) })
    }
}

/// The axis of an incident: its failures, and before them the last good connection, the changes, and the first record of
/// each piece of evidence. Long times between them are left out.
fn axis(incident: &Incident, lanes: &[Lane]) -> Option<Scale> {
    let first = |lane: &Lane| lane.marks.iter().map(|mark| mark.at).min();
    let firsts = lanes.iter().filter_map(first);
    // Without attempts there is only the evidence to show.
    if incident.assumed {
        let (from, to) = firsts.clone().min().zip(firsts.clone().max())?;
        return Scale::broken(firsts, (from, to), LINE);
    }
    let span = (millis(incident.started)?, millis(incident.ended)?);
    let whole = lanes.iter().filter(|lane| matches!(lane.shape, Shape::Disc | Shape::Diamond | Shape::Cross));
    let whole = whole.flat_map(|lane| lane.marks.iter().map(|mark| mark.at));
    Scale::broken(firsts.chain(whole), span, LINE)
}

/// The lanes that have marks, above an axis.
fn drawing(id: &str, title: &str, scale: &Scale, lanes: &[Lane]) -> Markup {
    let lanes: Vec<&Lane> = lanes.iter().filter(|lane| !lane.marks.is_empty()).collect();
    let bottom = lanes.len() * LANE + 8;
    let height = bottom + AXIS;
    let told: Vec<String> = lanes.iter().map(|lane| lane.name.clone()).collect();
    html! {
        div.scroll.chart role="group" aria-labelledby={ (id) "-name" } tabindex="0" {
            svg.timeline viewBox={ "0 0 " (WIDTH) " " (height) } role="img" aria-labelledby={ (id) "-name " (id) "-what" } {
                title #{ (id) "-name" } { (title) }
                desc #{ (id) "-what" } { (told.join("; ")) }
                @for (place, tick) in scale.ticks() {
                    line.grid x1=(at(LEFT + place)) x2=(at(LEFT + place)) y1="4" y2=(bottom) {}
                    @for (row, label) in [&tick.clock, &tick.day].into_iter().filter(|text| !text.is_empty()).enumerate() {
                        text.axis x=(at(LEFT + place)) y=(bottom + 17 + 15 * row) text-anchor=(anchor(place)) { (label) }
                    }
                }
                line.axis x1=(at(LEFT)) x2=(at(LEFT + LINE)) y1=(bottom) y2=(bottom) {}
                @for number in 0..lanes.len() { (rail(number * LANE)) }
                @for place in scale.breaks() { (gap(place, bottom)) }
                @for (number, lane) in lanes.iter().enumerate() { (row(lane, scale, number * LANE)) }
            }
        }
    }
}

/// The line on which the marks of a lane are.
fn rail(top: usize) -> Markup {
    let y = middle(top);
    html! { line.rail x1=(at(LEFT)) x2=(at(LEFT + LINE)) y1=(at(y)) y2=(at(y)) {} }
}

#[expect(clippy::cast_precision_loss, reason = "a drawing is some thousand units high at most")]
fn middle(top: usize) -> f64 {
    top as f64 + 33.0
}

/// Two strokes through the axis, and nothing of the rails behind them.
fn gap(place: f64, bottom: usize) -> Markup {
    #[expect(clippy::cast_precision_loss, reason = "a drawing is some thousand units high at most")]
    let (x, y) = (LEFT + place, bottom as f64);
    html! {
        line.gap x1=(at(x)) x2=(at(x)) y1="4" y2=(bottom + 6) {}
        path.strokes d={ "M" (at(x - 6.0)) " " (at(y + 6.0)) "l5 -12m2 12l5 -12" } {}
    }
}

fn row(lane: &Lane, scale: &Scale, top: usize) -> Markup {
    let y = middle(top);
    let before: usize =
        lane.marks.iter().filter(|mark| scale.is_after(mark.until)).map(|mark| mark.count).sum();
    let inside = lane.marks.iter().filter(|mark| scale.holds(mark.at) || scale.holds(mark.until));
    let all: usize = lane.marks.iter().map(|mark| mark.count).sum();
    let behind: usize =
        lane.marks.iter().filter(|mark| scale.is_before(mark.at)).map(|mark| mark.count).sum();
    let between = all - before - behind - inside.clone().map(|mark| mark.count).sum::<usize>();
    let undrawn = between + lane.unlisted;
    let columns: Vec<(u32, Vec<&Mark>)> = columns(inside, scale).into_iter().collect();
    html! {
        text.lane x=(at(LEFT)) y=(top + 18) { (short(&lane.name)) }
        @for (place, (column, marks)) in columns.iter().enumerate() {
            (mark(lane.shape, *column, marks, scale, y))
            @let free = columns.get(place + 1).is_none_or(|(next, _)| next - column >= COUNT_COLUMNS);
            @let all: usize = marks.iter().map(|mark| mark.count).sum();
            @if all > 1 && free {
                text.many x=(at(LEFT + f64::from(*column) * MARK + 8.0)) y=(at(y + 12.0)) { (count(all as u64)) }
            }
        }
        @if before + behind + undrawn > 0 {
            text.beyond x=(at(LEFT + LINE)) y=(top + 18) text-anchor="end" { (beyond(before, behind, undrawn)) }
        }
    }
}

/// How many marks are to the left and to the right of the drawing, and how many nowhere.
fn beyond(before: usize, behind: usize, unlisted: usize) -> String {
    let sides = [(before, "earlier"), (behind, "later"), (unlisted, "not drawn")]
        .into_iter()
        .filter(|(number, _)| *number > 0);
    let told: Vec<String> = sides.map(|(number, word)| format!("{} {word}", count(number as u64))).collect();
    told.join(", ")
}

/// Marks by the column in which they are: however many there are, there is only so much room.
fn columns<'m>(marks: impl Iterator<Item = &'m Mark>, scale: &Scale) -> BTreeMap<u32, Vec<&'m Mark>> {
    let mut columns: BTreeMap<u32, Vec<&Mark>> = BTreeMap::new();
    for mark in marks {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place on the line")]
        let column = (scale.place(mark.at) / MARK) as u32;
        columns.entry(column).or_default().push(mark);
    }
    columns
}

fn mark(shape: Shape, column: u32, marks: &[&Mark], scale: &Scale, y: f64) -> Markup {
    let Some(first) = marks.first() else { return html! {} };
    let x = LEFT + if marks.len() == 1 { scale.place(first.at) } else { (f64::from(column) + 0.5) * MARK };
    let end = marks.iter().map(|mark| LEFT + scale.place(mark.until)).fold(x, f64::max);
    let all: usize = marks.iter().map(|mark| mark.count).sum();
    html! {
        g class=(class(shape)) {
            title { @if marks.len() > 1 { (several(all, "entry").replace("entrys", "entries")) ", the first: " } (first.title) }
            @if end - x > MARK { line.lasts x1=(at(x)) x2=(at(end)) y1=(at(y)) y2=(at(y)) {} }
            path.dot d=(outline(shape, x, y, if all > 1 { 6.0 } else { 4.5 })) {}
        }
    }
}

/// The form of a mark around a point.
fn outline(shape: Shape, x: f64, y: f64, r: f64) -> String {
    let p = |dx: f64, dy: f64| format!("{} {}", at(x + dx * r), at(y + dy * r));
    match shape {
        Shape::Cross => format!("M{}L{}M{}L{}", p(-1.0, -1.0), p(1.0, 1.0), p(-1.0, 1.0), p(1.0, -1.0)),
        Shape::Disc | Shape::Ring => {
            format!("M{}A{r} {r} 0 1 1 {}A{r} {r} 0 1 1 {}Z", p(-1.0, 0.0), p(1.0, 0.0), p(-1.0, 0.0))
        }
        Shape::Bar => format!("M{}L{}", p(0.0, -1.6), p(0.0, 1.6)),
        Shape::Diamond => format!("M{}L{}L{}L{}Z", p(0.0, -1.3), p(1.3, 0.0), p(0.0, 1.3), p(-1.3, 0.0)),
        Shape::Flag => format!("M{}L{}L{}Z", p(-0.6, -1.4), p(1.4, -0.4), p(-0.6, 0.6)),
    }
}

fn class(shape: Shape) -> &'static str {
    match shape {
        Shape::Cross => "cross",
        Shape::Disc => "disc",
        Shape::Ring => "ring",
        Shape::Bar => "tick",
        Shape::Diamond => "diamond",
        Shape::Flag => "flag",
    }
}

/// A length as the drawing writes it.
fn at(length: f64) -> String {
    format!("{length:.1}")
}

/// Labels at the ends of the axis stay within the drawing.
fn anchor(place: f64) -> &'static str {
    if place < 70.0 {
        "start"
    } else if place > LINE - 70.0 {
        "end"
    } else {
        "middle"
    }
}

fn short(name: &str) -> String {
    match name.char_indices().nth(NAME_LONGEST) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}
