//! The way to the verdict, drawn from top to bottom: questions on the left, what they left behind on the right.

use super::page::{Page, heading};
use crate::path::{End, Fork, Left, Path, path, short_path};
use crate::words::lines::{WideWords, filled};
use maud::{Markup, html};
use rdpwhy_diagnose::diagnosis::Incident;

/// The drawing is so wide.
const WIDTH: usize = 780;
/// Left edge and width of the questions.
const MAIN: Column = Column { left: 10, width: 390, letters: 52 };
/// Left edge and width of what is left behind.
const SIDE: Column = Column { left: 460, width: 310, letters: 44 };
/// Height of a line of text.
const LINE: usize = 18;
/// Room between text and frame, above and below together.
const PADDING: usize = 18;
/// Room between boxes on the way, for the arrow and its label.
const GAP: usize = 50;
/// Room between boxes beside it.
const SIDE_GAP: usize = 10;
/// Longer texts are cut to this many lines.
const LINES_LONGEST: usize = 4;

struct Column {
    left: usize,
    width: usize,
    /// This many letters of the width of most fit into a line.
    letters: usize,
}

/// A frame with its text: the first lines strong, those behind them not.
struct Frame {
    strong: Vec<String>,
    faint: Vec<String>,
}

impl Frame {
    fn new(strong: &str, faint: &str, column: &Column) -> Frame {
        Frame { strong: cut(strong, column.letters), faint: cut(faint, column.letters) }
    }

    fn height(&self) -> usize {
        (self.strong.len() + self.faint.len()) * LINE + PADDING
    }

    fn draw(&self, class: &str, column: &Column, top: usize) -> Markup {
        let line = |number: usize| top + PADDING / 2 + number * LINE + 13;
        html! {
            g class=(class) {
                rect.frame x=(column.left) y=(top) width=(column.width) height=(self.height()) rx="6" {}
                @for (number, text) in self.strong.iter().enumerate() {
                    text.strong x=(column.left + 12) y=(line(number)) { (text) }
                }
                @for (number, text) in self.faint.iter().enumerate() {
                    text.faint x=(column.left + 12) y=(line(self.strong.len() + number)) { (text) }
                }
            }
        }
    }
}

impl Page<'_> {
    pub(super) fn flowchart(&self, incident: &Incident) -> Markup {
        let path = path(self.diagnosis, incident, &self.places);
        html! {
            (heading(incident, "path", "The way to the answer"))
            (drawing(&format!("path-{}", incident.id), &path))
        }
    }

    pub(super) fn short_flowchart(&self) -> Markup {
        html! {
            h3 { "The way to the answer" }
            (drawing("path-0", &short_path(self.diagnosis)))
        }
    }
}

fn drawing(id: &str, path: &Path) -> Markup {
    let mut drawn: Vec<Markup> = Vec::new();
    let start = Frame::new(&path.start, "", &MAIN);
    drawn.push(start.draw("start", &MAIN, 4));
    let mut bottom = 4 + start.height();
    let mut side_bottom = 0;
    let mut answer = "";
    for fork in &path.forks {
        let top = (bottom + GAP).max(side_bottom + SIDE_GAP);
        drawn.push(arrow(bottom, top, answer, "taken"));
        (bottom, side_bottom) = forked(fork, top, &mut drawn);
        answer = &fork.answer;
    }
    let mut bottom_of_ends = bottom;
    for (number, end) in path.ends.iter().enumerate() {
        let first = number == 0;
        let top = if first { (bottom + GAP).max(side_bottom + SIDE_GAP) } else { bottom_of_ends + SIDE_GAP };
        if first {
            drawn.push(arrow(bottom, top, answer, if end.verdict { "taken" } else { "open" }));
        }
        bottom_of_ends = ended(end, top, &mut drawn);
    }
    let height = bottom_of_ends.max(side_bottom) + 8;
    html! {
        div.scroll.chart role="group" aria-labelledby={ (id) "-name" } tabindex="0" {
            svg.flowchart viewBox={ "0 0 " (WIDTH) " " (height) } role="img" aria-labelledby={ (id) "-name " (id) "-what" } {
                title #{ (id) "-name" } { "The questions that led to the answer, and the causes that each left behind" }
                desc #{ (id) "-what" } { (told(path)) }
                @for piece in &drawn { (piece) }
            }
        }
    }
}

/// A question with what its answer leaves behind; hands on where both end.
fn forked(fork: &Fork, top: usize, drawn: &mut Vec<Markup>) -> (usize, usize) {
    let frame = Frame::new(&fork.question, "", &MAIN);
    drawn.push(frame.draw("question", &MAIN, top));
    let from = top + frame.height() / 2;
    let mut side = top;
    for left in &fork.left {
        let box_ = Frame::new(&left.title, &left.why, &SIDE);
        let to = side + box_.height() / 2;
        drawn.push(elbow(from, to));
        drawn.push(box_.draw("left", &SIDE, side));
        side += box_.height() + SIDE_GAP;
    }
    (top + frame.height(), side)
}

fn ended(end: &End, top: usize, drawn: &mut Vec<Markup>) -> usize {
    let frame = Frame::new(&end.title, &end.note, &MAIN);
    drawn.push(frame.draw(if end.verdict { "verdict" } else { "open" }, &MAIN, top));
    top + frame.height()
}

/// Down to the next question, with the answer beside it.
fn arrow(from: usize, to: usize, answer: &str, class: &str) -> Markup {
    let x = MAIN.left + 24;
    let lines = cut(answer, MAIN.letters - 2);
    html! {
        g class={ "arrow " (class) } {
            path.way d={ "M" (x) " " (from) "V" (to - 6) } {}
            path.head d={ "M" (x - 5) " " (to - 8) "L" (x + 5) " " (to - 8) "L" (x) " " (to) "Z" } {}
            @for (number, line) in lines.iter().take(2).enumerate() {
                text.answer x=(x + 14) y=(from + 20 + number * 16) { (line) }
            }
        }
    }
}

/// From a question to what it leaves behind.
fn elbow(from: usize, to: usize) -> Markup {
    let (start, end) = (MAIN.left + MAIN.width, SIDE.left);
    let middle = usize::midpoint(start, end);
    html! { path.aside d={ "M" (start) " " (from) "H" (middle) "V" (to) "H" (end) } {} }
}

/// The chart in words.
fn told(path: &Path) -> String {
    let fork = |fork: &Fork| {
        let left: Vec<String> = fork.left.iter().map(|left: &Left| left.title.clone()).collect();
        let left =
            if left.is_empty() { String::new() } else { format!(" Left behind: {}.", left.join("; ")) };
        format!("{} Answer: {}.{left}", fork.question, fork.answer)
    };
    let forks: Vec<String> = path.forks.iter().map(fork).collect();
    let ends: Vec<String> = path.ends.iter().map(|end| end.title.clone()).collect();
    format!("{}. {} So: {}.", path.start, forks.join(" "), ends.join("; "))
}

/// The text in lines of at most this many letters, cut after the last one that there is room for.
fn cut(text: &str, letters: usize) -> Vec<String> {
    let mut lines = filled(text.split_whitespace(), letters, WideWords::Cut);
    lines.retain(|line| !line.is_empty());
    if lines.len() > LINES_LONGEST {
        lines.truncate(LINES_LONGEST);
        if let Some(last) = lines.last_mut() {
            last.push_str(" …");
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_broken_into_lines_and_cut() {
        assert_eq!(cut("one two three", 8), ["one two", "three"]);
        assert_eq!(cut("abcdefghij kl", 4), ["abcd", "efgh", "ij", "kl"]);
        assert_eq!(cut("", 4), Vec::<String>::new());
        assert_eq!(cut("山田太郎", 4), ["山田", "太郎"]);
        assert_eq!(cut("a b c d e f", 1), ["a", "b", "c", "d …"]);
    }
}
