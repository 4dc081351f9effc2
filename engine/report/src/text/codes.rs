//! The codes of the ticket: what they mean, and what they do not.

use super::page::Tone;
use super::report::Report;
use crate::words::visible::prose;
use crate::words::visible::value;

impl Report<'_> {
    /// The gist of what is known about the codes of the ticket.
    pub(super) fn gist_of_codes(&mut self) {
        let asked = &self.diagnosis.asked;
        let lead = "Code     ";
        if let Some(pair) = &asked.pair {
            let codes: Vec<String> = asked.meanings.iter().map(|code| code.code.to_string()).collect();
            let text = format!("{}: {}", codes.join(" with "), prose(&pair.title));
            self.page.item(lead, Tone::Strong, &text, Tone::Plain);
            return;
        }
        for code in &asked.meanings {
            let name = code.name.as_ref().map(|name| format!(" {}", value(name))).unwrap_or_default();
            let means = format!("{}{name}: {}", code.code, prose(&code.means));
            self.page.item(lead, Tone::Strong, &means, Tone::Plain);
        }
    }

    /// Everything that is known about the codes of the ticket.
    pub(super) fn ticket_codes(&mut self) {
        let asked = &self.diagnosis.asked;
        if asked.meanings.is_empty() {
            return;
        }
        self.page.heading("The code in the ticket");
        if let Some(pair) = &asked.pair {
            let title = format!("Together: {}.", prose(&pair.title).trim_end_matches('.'));
            self.page.paragraph(2, &title, Tone::Strong);
            for says in &pair.says {
                self.page.item("  - ", Tone::Plain, &prose(says), Tone::Plain);
            }
        }
        for code in &asked.meanings {
            let name = code.name.as_ref().map(|name| format!(" {}", value(name))).unwrap_or_default();
            let means = format!("{}{name}: {}", code.code, prose(&code.means));
            self.page.paragraph(2, &means, Tone::Plain);
            if let Some(not) = &code.does_not_mean {
                self.page.paragraph(4, &format!("It does not mean: {}", prose(not)), Tone::Plain);
            }
            if !code.causes.is_empty() {
                let causes: Vec<String> = code.causes.iter().map(|cause| value(cause)).collect();
                self.page.paragraph(4, &format!("Points to: {}", causes.join(", ")), Tone::Faint);
            }
        }
    }
}
