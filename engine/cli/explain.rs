//! `rdpwhy explain`: what a code, a name, an event or a message means, what it does not mean, and which causes it points to.

mod answer;
mod event;
mod json;
mod question;
mod search;
mod shown;

use crate::arguments::{Explain, Output};
use crate::failure::Failure;
use crate::rules_command::load;
use answer::Answer;
use question::Question;
use std::io::Read;
use std::path::Path;

/// Everything asked is known.
const KNOWN: u8 = 0;
/// Something is not.
const UNKNOWN: u8 = 1;
/// Longest text that is read from standard input, in bytes; messages are far shorter.
const MAX_TEXT: u64 = 64 * 1024;

/// The answer, and the exit status.
///
/// # Errors
/// Rules that cannot be used, a table that is not there, or a standard input that cannot be read.
pub(crate) fn run(asked: &Explain) -> Result<(String, u8), Failure> {
    let pack = load(&asked.folders)?;
    let text = text(&asked.question)?;
    let question = Question::new(&pack, &text);
    let answer = Answer::new(&pack, &question, &text, asked.table.as_deref())?;
    let said = match asked.format {
        Output::Text => shown::page(&answer).to_text(),
        Output::Json => format!("{:#}\n", json::json(&answer)),
    };
    Ok((said, if answer.is_known() { KNOWN } else { UNKNOWN }))
}

/// The arguments as one text, `-` standing for what standard input gives.
fn text(arguments: &[String]) -> Result<String, Failure> {
    let mut texts = Vec::new();
    for argument in arguments {
        if argument != "-" {
            texts.push(argument.clone());
            continue;
        }
        let mut bytes = Vec::new();
        let read = std::io::stdin().take(MAX_TEXT).read_to_end(&mut bytes);
        read.map_err(|error| Failure::cannot_read(Path::new("standard input"), &error))?;
        texts.push(String::from_utf8_lossy(&bytes).replace(['\0', '\u{feff}'], ""));
    }
    Ok(texts.join(" "))
}
