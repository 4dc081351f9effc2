//! `rdpwhy rules list`: what there is.

use crate::arguments::RuleKind;
use rdpwhy_rules::Pack;

pub(super) fn run(kind: Option<RuleKind>, pack: &Pack) -> String {
    let all = [
        RuleKind::Cause,
        RuleKind::Notice,
        RuleKind::Step,
        RuleKind::Check,
        RuleKind::Signal,
        RuleKind::Code,
    ];
    let wanted = all.into_iter().filter(|one| kind.is_none_or(|kind| kind == *one));
    let parts: Vec<String> = wanted.map(|kind| part(heading(kind), &rows(kind, pack))).collect();
    parts.join("\n")
}

fn heading(kind: RuleKind) -> &'static str {
    match kind {
        RuleKind::Cause => "causes",
        RuleKind::Notice => "notices",
        RuleKind::Step => "steps",
        RuleKind::Check => "live checks",
        RuleKind::Signal => "signals",
        RuleKind::Code => "tables of codes",
    }
}

fn rows(kind: RuleKind, pack: &Pack) -> Vec<(&str, &str)> {
    match kind {
        RuleKind::Cause => {
            pack.causes().iter().map(|cause| (cause.id.as_str(), cause.verdict.as_str())).collect()
        }
        RuleKind::Notice => {
            pack.notices().iter().map(|notice| (notice.id.as_str(), notice.title.as_str())).collect()
        }
        RuleKind::Step => pack.steps().iter().map(|step| (step.id.as_str(), step.do_.as_str())).collect(),
        RuleKind::Check => {
            pack.checks().iter().map(|check| (check.id.as_str(), check.title.as_str())).collect()
        }
        RuleKind::Signal => {
            pack.signals().iter().map(|signal| (signal.name.as_str(), signal.title.as_str())).collect()
        }
        RuleKind::Code => {
            pack.codes().iter().map(|table| (table.id.as_str(), table.title.as_str())).collect()
        }
    }
}

fn part(heading: &str, rows: &[(&str, &str)]) -> String {
    let longest = rows.iter().map(|(id, _)| id.chars().count()).max().unwrap_or(0);
    let lines: String = rows.iter().map(|(id, title)| format!("  {id:longest$}  {title}\n")).collect();
    format!("{heading} ({})\n{lines}", rows.len())
}
