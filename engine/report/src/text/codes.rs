//! The codes of the ticket: what they mean, and what they do not.

use super::page::Tone;
use super::report::Report;
use crate::words::visible::prose;
use crate::words::visible::value;

impl Report<'_> {
    /// Everything that is known about the codes of the ticket, or the gist of it.
    pub(super) fn ticket_codes(&mut self, brief: bool) {
        let asked = &self.diagnosis.asked;
        if asked.meanings.is_empty() {
            return;
        }
        self.page.heading("The code in the ticket");
        if let Some(pair) = &asked.pair {
            self.page.paragraph(
                2,
                &format!("Together: {}.", prose(&pair.title).trim_end_matches('.')),
                Tone::Strong,
            );
            for says in pair.says.iter().filter(|_| !brief) {
                self.page.item("  - ", Tone::Plain, &prose(says), Tone::Plain);
            }
        }
        for code in &asked.meanings {
            let name = code.name.as_ref().map(|name| format!(" {}", value(name))).unwrap_or_default();
            let means = format!("{}{name}: {}", code.code, prose(&code.means));
            self.page.paragraph(2, &means, Tone::Plain);
            if let Some(not) = code.does_not_mean.as_ref().filter(|_| !brief) {
                self.page.paragraph(4, &format!("It does not mean: {}", prose(not)), Tone::Plain);
            }
            if !code.causes.is_empty() && !brief {
                let causes: Vec<String> = code.causes.iter().map(|cause| value(cause)).collect();
                self.page.paragraph(4, &format!("Points to: {}", causes.join(", ")), Tone::Faint);
            }
        }
    }
}
