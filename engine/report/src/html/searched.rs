//! What the logs contain: a bar for each, with its gaps.

use super::page::Page;
use super::scale::{Scale, millis};
use crate::outline::{Format, Section};
use crate::words::figure::{count, several};
use crate::words::ticket::{NO_RECORD, several_records, span};
use crate::words::visible::value;
use maud::{Markup, html};
use rdpwhy_diagnose::diagnosis::{Coverage, Missing};

/// Length of a bar.
const LENGTH: f64 = 1000.0;
/// This many incidents are marked in a bar.
const INCIDENTS_DRAWN: usize = 120;
/// Nothing is drawn narrower.
const NARROWEST: f64 = 3.0;

impl Page<'_> {
    pub(super) fn searched(&self) -> Markup {
        let rows = &self.diagnosis.coverage;
        let ends = rows.iter().flat_map(|row| [row.first, row.last]);
        let scale = Scale::over(ends.flatten().filter_map(millis), LENGTH);
        html! {
            section aria-labelledby="searched" {
                h2 #searched { (Section::Searched.title(Format::Html)) }
                @if rows.is_empty() { p { (NO_RECORD) } }
                @if let Some(span) = span(self.diagnosis, &self.clock) {
                    p { "The bars run from left to right over " (span) " UTC. A hatched place is a gap in the record ids; a line \
                        across marks an incident." }
                }
                ul.coverage { @for row in rows.iter().take(self.limits.logs) { (self.row(row, scale.as_ref())) } }
                @if rows.len() > self.limits.logs { p.note { "… and " (several(rows.len() - self.limits.logs, "more row")) } }
                (self.archives())
            }
        }
    }

    /// The archives in which logs lie.
    fn archives(&self) -> Markup {
        let archives = &self.diagnosis.archives;
        html! {
            @if !archives.is_empty() {
                h3 { "Archives" }
                ul {
                    @for archive in archives.iter().take(self.limits.archives) {
                        li {
                            (value(&archive.name)) " · " (several(archive.logs, "log")) " and "
                            (several(usize::try_from(archive.others).unwrap_or(usize::MAX), "other file"))
                            p.soft { (count(archive.bytes)) " bytes · SHA-256 " code.hash { (value(&archive.sha256)) } }
                        }
                    }
                }
                @if archives.len() > self.limits.archives { p.note { "… and " (several(archives.len() - self.limits.archives, "more archive")) } }
            }
        }
    }

    fn row(&self, row: &Coverage, scale: Option<&Scale>) -> Markup {
        html! {
            li {
                p { strong { @if row.channel.is_empty() { "no readable record" } @else { (value(&row.channel)) } }
                    @if !row.computer.is_empty() { " · " (value(&row.computer)) } }
                @if let Some(scale) = scale { (self.bar_of(row, scale)) }
                p.soft {
                    (several_records(row.records))
                    @if let (Some(first), Some(last)) = (row.first, row.last) { " · " (self.clock.span(first, last)) }
                    @if row.recovered > 0 { " · " (count(row.recovered)) " recovered from this log" }
                    @if row.damaged > 0 { " · " strong.bad { (several(row.damaged, "damaged place")) } }
                    @if row.gaps > 0 { " · " strong.careful { (several(row.gaps, "gap")) " in the record ids" } }
                }
                details {
                    summary { (value(&row.file)) }
                    p.soft { (count(row.bytes)) " bytes · SHA-256 " code.hash { (value(&row.sha256)) } }
                    @for gap in row.missing.iter().take(self.limits.gaps) { p { (self.gap(gap)) } }
                }
            }
        }
    }

    fn gap(&self, gap: &Missing) -> String {
        format!(
            "{} missing between {} and {}",
            several_records(gap.records),
            self.clock.second(gap.after),
            self.clock.second(gap.before)
        )
    }

    fn bar_of(&self, row: &Coverage, scale: &Scale) -> Markup {
        let span = row.first.and_then(millis).zip(row.last.and_then(millis));
        let incidents = self.diagnosis.incidents.iter().filter_map(|incident| millis(incident.started));
        // One path for all: there may be many of them in each of many bars.
        let mut places: Vec<String> =
            incidents.take(INCIDENTS_DRAWN).map(|time| format!("M{:.0} 0v20", scale.place(time))).collect();
        places.dedup();
        html! {
            svg.held viewBox="0 0 1000 20" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
                rect.track y="6" width="1000" height="14" {}
                @if let Some((first, last)) = span { (piece("fill", scale.place(first), scale.place(last))) }
                @for gap in row.missing.iter().take(self.limits.gaps) {
                    @if let Some((after, before)) = millis(gap.after).zip(millis(gap.before)) {
                        (hatched(scale.place(after.min(before)), scale.place(after.max(before))))
                    }
                }
                @if !places.is_empty() { path.incident-line d=(places.concat()) {} }
            }
        }
    }
}

fn piece(class: &str, from: f64, to: f64) -> Markup {
    html! { rect.(class) y="6" x=(format!("{from:.1}")) width=(format!("{:.1}", (to - from).max(NARROWEST))) height="14" {} }
}

/// A gap: cleared, with strokes, so that it is seen without colour.
fn hatched(from: f64, to: f64) -> Markup {
    let width = (to - from).max(NARROWEST);
    let strokes = std::iter::successors(Some(from + 2.0), |x| Some(x + 8.0))
        .take_while(|x| *x < from + width)
        .take(130);
    html! {
        (piece("track", from, to))
        @for x in strokes { line.stroke x1=(format!("{x:.1}")) x2=(format!("{:.1}", x + 3.0)) y1="20" y2="6" {} }
    }
}
