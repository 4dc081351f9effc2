//! Tickets composed at random from scenes that are data: a fault or none, what looks like one, people who work,
//! logs that were collected or not. The same seed and number give the same ticket.

mod chance;
mod draw;
mod plot;
mod repertoire;
mod stage;

pub use repertoire::Repertoire;

use crate::ForgeError;
use crate::forge::kept_lines;
use crate::shapes::Shapes;
use crate::ticket::Ticket;
use chance::Chance;
use stage::Stage;

/// A composed ticket, and what the composer knows of it.
#[derive(Clone, Debug)]
pub struct Composed {
    /// Seed and number, such as `7-0042`.
    pub name: String,
    /// The ticket as YAML, as [`Ticket::parse`] reads it.
    pub text: String,
    /// Which description of a fault it follows; `None` if nothing is wrong.
    pub fault: Option<String>,
    /// The cause that a diagnosis should name; `None` where nothing is wrong or the catalogue does not know the fault.
    pub cause: Option<String>,
    /// Causes that are right names for it too.
    pub also: Vec<String>,
    /// Which logs were collected, in a word.
    pub view: String,
    /// What else is in the logs and explains nothing.
    pub herrings: Vec<String>,
    /// Whether a record of the fault is in the logs that were collected.
    pub visible: bool,
    /// Whether the command is told of the complaint.
    pub complaint: bool,
}

/// Composes ticket `number` of `seed`.
///
/// # Errors
/// A place in the repertoire that cannot be composed or forged.
pub fn compose(
    repertoire: &Repertoire,
    shapes: &Shapes,
    seed: u64,
    number: u64,
) -> Result<Composed, ForgeError> {
    let mut chance = Chance::new(seed, number);
    let name = format!("{seed}-{number:04}");
    let mut stage = Stage::set(repertoire, shapes, &mut chance)?;
    stage.play(&mut chance)?;
    let mut complaint = stage.complains(&mut chance)?;
    let (mut text, lines) = stage.written(&name, complaint);
    let mut visible = false;
    if stage.fault.is_some() {
        let kept = kept_lines(&Ticket::parse(&text, &name)?, shapes)?;
        visible = lines.iter().any(|line| kept.contains(line));
        // Where the logs show nothing, all there is is what people say.
        if !visible && !complaint {
            complaint = true;
            text = stage.written(&name, true).0;
        }
    }
    Ok(Composed {
        name,
        text,
        fault: stage.fault.map(|fault| fault.name.clone()),
        cause: stage.fault.and_then(|fault| fault.cause.clone()),
        also: stage.fault.map(|fault| fault.also.clone()).unwrap_or_default(),
        view: stage.view,
        herrings: stage.herrings,
        visible,
        complaint,
    })
}
