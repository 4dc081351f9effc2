//! `rdpwhy rules list`: what there is.

use crate::arguments::RuleKind;
use clap::ValueEnum;
use rdpwhy_rules::{Kind, Pack};

pub(super) fn run(kind: Option<RuleKind>, pack: &Pack) -> String {
    let wanted = RuleKind::value_variants().iter().filter(|one| kind.is_none_or(|kind| kind == **one));
    let parts: Vec<String> = wanted.map(|kind| part(kind.0.heading(), &rows(kind.0, pack))).collect();
    parts.join("\n")
}

fn rows(kind: Kind, pack: &Pack) -> Vec<(&str, &str)> {
    match kind {
        Kind::Cause => pack.causes().iter().map(|cause| (&*cause.id, &*cause.verdict)).collect(),
        Kind::Notice => pack.notices().iter().map(|notice| (&*notice.id, &*notice.title)).collect(),
        Kind::Step => pack.steps().iter().map(|step| (&*step.id, &*step.do_)).collect(),
        Kind::Check => pack.checks().iter().map(|check| (&*check.id, &*check.title)).collect(),
        Kind::Signal => pack.signals().iter().map(|signal| (&*signal.name, &*signal.title)).collect(),
        Kind::Codes => pack.codes().iter().map(|table| (&*table.id, &*table.title)).collect(),
        Kind::Sources => pack.sources().iter().map(|source| (&*source.id, &*source.title)).collect(),
        Kind::LogSources | Kind::Ladder | Kind::Identities | Kind::Messages | Kind::Foreign => Vec::new(),
    }
}

fn part(heading: &str, rows: &[(&str, &str)]) -> String {
    let longest = rows.iter().map(|(id, _)| id.chars().count()).max().unwrap_or(0);
    let lines: String = rows.iter().map(|(id, title)| format!("  {id:longest$}  {title}\n")).collect();
    format!("{heading} ({})\n{lines}", rows.len())
}
