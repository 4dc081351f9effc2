//! JSON Schemas of rule files, for completion and checks in editors.

use schemars::{Schema, schema_for};

use crate::kind::Kind;
use crate::kinds::cause::CauseFile;
use crate::kinds::check::CheckFile;
use crate::kinds::code::CodesFile;
use crate::kinds::identities::IdentitiesFile;
use crate::kinds::ladder::LadderFile;
use crate::kinds::messages::MessagesFile;
use crate::kinds::notice::NoticeFile;
use crate::kinds::signal::SignalFile;
use crate::kinds::sources::SourcesFile;
use crate::kinds::step::StepFile;

/// The schema of the files of a kind (JSON Schema, draft 2020-12), with a line end; `None` where the keys are up to the author.
#[must_use]
pub fn schema(kind: Kind) -> Option<String> {
    let schema = of(kind)?;
    let text = serde_json::to_string_pretty(&schema).expect("a schema is JSON");
    Some(format!("{text}\n"))
}

fn of(kind: Kind) -> Option<Schema> {
    Some(match kind {
        Kind::Signal => schema_for!(SignalFile),
        Kind::Cause => schema_for!(CauseFile),
        Kind::Notice => schema_for!(NoticeFile),
        Kind::Step => schema_for!(StepFile),
        Kind::Check => schema_for!(CheckFile),
        Kind::Ladder => schema_for!(LadderFile),
        Kind::Codes => schema_for!(CodesFile),
        Kind::Sources => schema_for!(SourcesFile),
        Kind::Identities => schema_for!(IdentitiesFile),
        Kind::Messages => schema_for!(MessagesFile),
        Kind::LogSources | Kind::Foreign => return None,
    })
}

#[cfg(test)]
mod tests;
