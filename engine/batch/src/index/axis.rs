//! When the failures of each cause began, on one axis of time.

use super::time::time;
use crate::row::CaseRow;
use maud::{Markup, html};
use rdpwhy_event::FileTime;
use rdpwhy_report::visible;
use std::collections::BTreeMap;

/// Causes with a line of their own, the most frequent ones.
const CAUSES: usize = 20;
/// Width of the drawing, and where the axis begins, in units of the drawing.
const WIDTH: u64 = 1000;
const LEFT: u64 = 300;
/// Height of a line.
const LINE: u64 = 22;
/// Letters of a cause that fit before the axis.
const LABEL: usize = 42;

/// The drawing; nothing where no failure has a time.
pub(super) fn axis(cases: &[CaseRow]) -> Markup {
    let mut causes: BTreeMap<&str, Vec<(FileTime, &str)>> = BTreeMap::new();
    for case in cases {
        let Some(at) = case.first_failure.as_ref().and_then(|at| at.parse().ok()) else { continue };
        let cause = case.cause.as_deref().unwrap_or("unknown cause");
        causes.entry(cause).or_default().push((at, &case.case));
    }
    let moments = || causes.values().flatten().map(|(at, _)| *at);
    let (Some(first), Some(last)) = (moments().min(), moments().max()) else { return html! {} };
    let mut lines: Vec<(&str, Vec<(FileTime, &str)>)> = causes.into_iter().collect();
    lines.sort_by(|one, other| other.1.len().cmp(&one.1.len()).then_with(|| one.0.cmp(other.0)));
    let left_out = lines.len().saturating_sub(CAUSES);
    lines.truncate(CAUSES);
    let height = (lines.len() as u64 + 1) * LINE;
    html! {
        section #onset {
            h2 { "When failures began" }
            p { "A mark for each case, at its first failure; larger where several cases coincide." }
            div.wide { svg viewBox={ "0 0 " (WIDTH) " " (height) } role="img" aria-label="First failures by cause and time" {
                @for (number, (cause, cases)) in lines.iter().enumerate() {
                    (line(number as u64, cause, cases, (first, last)))
                }
                text.tick x=(LEFT) y=(height - 6) { (time(Some(&first.to_string()))) }
                text.tick.end x=(WIDTH - 8) y=(height - 6) { (time(Some(&last.to_string()))) }
            } }
            @if left_out > 0 { p { (left_out) " rarer causes are in the tables only." } }
        }
    }
}

fn line(number: u64, cause: &str, cases: &[(FileTime, &str)], span: (FileTime, FileTime)) -> Markup {
    let middle = number * LINE + LINE / 2;
    let mut marks: BTreeMap<u64, (usize, FileTime, &str)> = BTreeMap::new();
    for (at, case) in cases {
        let mark = marks.entry(place(*at, span) / 4 * 4).or_insert((0, *at, case));
        mark.0 += 1;
    }
    let label: String = cause.chars().take(LABEL).collect();
    html! {
        text x="0" y=(middle + 4) { (visible(&label)) }
        line x1=(LEFT) x2=(WIDTH - 8) y1=(middle) y2=(middle) {}
        @for (x, (count, at, case)) in &marks {
            circle cx=(x) cy=(middle) r=(radius(*count)) {
                title {
                    (time(Some(&at.to_string()))) ": "
                    @if *count == 1 { (visible(case)) } @else { (count) " cases, such as " (visible(case)) }
                }
            }
        }
    }
}

fn place(at: FileTime, (first, last): (FileTime, FileTime)) -> u64 {
    let whole = last.ticks_since(first).unsigned_abs().max(1);
    let part = at.ticks_since(first).unsigned_abs();
    let room = u128::from(WIDTH - 16 - LEFT);
    LEFT + 4 + u64::try_from(u128::from(part) * room / u128::from(whole)).unwrap_or(0)
}

/// Grows with the digits of the count.
fn radius(count: usize) -> u32 {
    match count {
        0..=1 => 4,
        2..=4 => 6,
        5..=19 => 8,
        _ => 10,
    }
}
