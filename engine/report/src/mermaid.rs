//! The way to the verdict as a Mermaid flowchart, for tickets and wikis that draw it.

use crate::path::{End, Fork, Path, path, short_path};
use crate::words::place::Places;
use crate::words::visible::visible;
use rdpwhy_diagnose::Diagnosis;
use std::fmt::Write;

/// Longer labels are cut: a flowchart is looked at, not read.
const LABEL_LONGEST: usize = 160;
/// This many incidents are drawn.
const INCIDENTS_DRAWN: usize = 12;

/// The way to the verdict as Mermaid text, one after the other where there are several incidents.
///
/// Every label is escaped for Mermaid, so nothing that comes out of a log can add to the chart.
pub fn mermaid(diagnosis: &Diagnosis, case: Option<&str>) -> String {
    let places = Places::new(diagnosis);
    let mut chart = Chart { out: "flowchart TD\n".to_owned() };
    if let Some(case) = case {
        chart.node("case", &format!("Case {case}"), ("[", "]"));
    }
    if diagnosis.incidents.is_empty() {
        chart.path("i0", &short_path(diagnosis));
    }
    for incident in diagnosis.incidents.iter().take(INCIDENTS_DRAWN) {
        chart.path(&format!("i{}", incident.id), &path(diagnosis, incident, &places));
    }
    let untold = diagnosis.incidents.len().saturating_sub(INCIDENTS_DRAWN);
    if untold > 0 {
        chart.node("more", &format!("{untold} more incidents are not drawn"), ("[", "]"));
    }
    chart.out
}

struct Chart {
    out: String,
}

impl Chart {
    fn path(&mut self, id: &str, path: &Path) {
        self.node(&format!("{id}_start"), &path.start, ("[", "]"));
        let mut before = format!("{id}_start");
        let mut label = String::new();
        for (number, fork) in path.forks.iter().enumerate() {
            let own = format!("{id}_q{}", number + 1);
            self.node(&own, &fork.question, ("{{", "}}"));
            self.edge(&before, "-->", &label, &own);
            self.left(&own, fork);
            (before, label) = (own, fork.answer.clone());
        }
        for (number, end) in path.ends.iter().enumerate() {
            self.end(&format!("{id}_end{}", number + 1), end, &before, &label);
        }
    }

    fn left(&mut self, fork: &str, of: &Fork) {
        for (number, left) in of.left.iter().enumerate() {
            let own = format!("{fork}_left{}", number + 1);
            self.node(&own, &left.title, ("[", "]"));
            self.edge(fork, "-.->", &left.why, &own);
        }
    }

    fn end(&mut self, id: &str, end: &End, before: &str, label: &str) {
        let text =
            if end.note.is_empty() { end.title.clone() } else { format!("{} · {}", end.title, end.note) };
        self.node(id, &text, if end.verdict { ("([", "])") } else { ("[", "]") });
        self.edge(before, if end.verdict { "==>" } else { "-.->" }, label, id);
    }

    fn node(&mut self, id: &str, text: &str, (open, close): (&str, &str)) {
        writeln!(self.out, "    {id}{open}\"{}\"{close}", label(text)).expect("strings take all");
    }

    fn edge(&mut self, from: &str, arrow: &str, text: &str, to: &str) {
        let text = if text.is_empty() { String::new() } else { format!("|\"{}\"|", label(text)) };
        writeln!(self.out, "    {from} {arrow}{text} {to}").expect("strings take all");
    }
}

/// The text as a label: cut, visible, and with everything but letters, digits and harmless signs as `#number;`.
fn label(text: &str) -> String {
    let text = visible(text.trim());
    let mut label = String::new();
    let letters: Vec<char> = text.chars().take(LABEL_LONGEST + 1).collect();
    let is_word = |place: Option<usize>| {
        place.and_then(|place| letters.get(place)).is_some_and(|letter| letter.is_alphanumeric())
    };
    for (place, &letter) in letters.iter().enumerate() {
        if place == LABEL_LONGEST {
            label.push('…');
            break;
        }
        // Within words only: `1. ` and `- ` would begin a list.
        let joins = "-.".contains(letter) && is_word(place.checked_sub(1)) && is_word(Some(place + 1));
        // Two of them would begin a comment or, before a brace, a directive.
        let alone = letter == '%'
            && !matches!(letters.get(place + 1), Some('%' | '{'))
            && !matches!(place.checked_sub(1).and_then(|before| letters.get(before)), Some('%'));
        let harmless =
            joins || alone || letter.is_alphanumeric() || !letter.is_ascii() || " ,:/()+=?'".contains(letter);
        if harmless {
            label.push(letter);
        } else {
            write!(label, "#{};", u32::from(letter)).expect("strings take all");
        }
    }
    label
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_cannot_leave_their_quotes() {
        assert_eq!(
            label("a\"] --> b; %%{init}%% <b>#"),
            "a#34;#93; #45;#45;#62; b#59; #37;#37;#123;init#125;#37;#37; #60;b#62;#35;"
        );
        assert_eq!(label("1. `x`\n\u{202e}y"), "1#46; #96;x#96;#92;n#92;u#123;202e#125;y");
        assert_eq!(label("a-b 10.0.0.4 - x."), "a-b 10.0.0.4 #45; x#46;");
        assert_eq!(label(&"ä".repeat(200)), "ä".repeat(160) + "…");
    }
}
