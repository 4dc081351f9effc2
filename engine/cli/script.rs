//! `rdpwhy script`: the rules as PowerShell.

use crate::arguments::{Machine, ScriptCommand};
use crate::failure::Failure;
use crate::rules_command::load;
use rdpwhy_rules::Side;

/// The script is printed.
const MADE: u8 = 0;

/// The script, and the exit status.
///
/// # Errors
/// Rules that cannot be read, or a cause that is not known.
pub(crate) fn run(command: &ScriptCommand) -> Result<(String, u8), Failure> {
    let script = match command {
        ScriptCommand::Diagnose { side, folders } => {
            rdpwhy_script::diagnose(&load(folders)?, self::side(*side))
        }
        ScriptCommand::Collect { side, folders } => {
            rdpwhy_script::collect(&load(folders)?, self::side(*side))
        }
        ScriptCommand::Fix { cause, folders } => {
            let pack = load(folders)?;
            let found = pack.find_cause(cause).ok_or_else(|| {
                let known: Vec<&str> = pack.causes().iter().map(|cause| cause.id.as_str()).collect();
                Failure::unknown_cause(cause, &known)
            })?;
            rdpwhy_script::fix(&pack, found)
        }
    };
    Ok((script, MADE))
}

fn side(machine: Machine) -> Side {
    match machine {
        Machine::Host => Side::Host,
        Machine::Client => Side::Client,
        Machine::Gateway => Side::Gateway,
    }
}
