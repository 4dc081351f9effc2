//! `rdpwhy rules show`: the page of one rule.

use super::{cause_page, code_page};
use crate::page::{Page, Words};
use rdpwhy_rules::finding::Finding;
use rdpwhy_rules::phrase::{Clause, Relation};
use rdpwhy_rules::{Cause, Check, Notice, Pack, RuleFile, SignalId, Source, Step};

/// The page of whatever has that id.
///
/// # Errors
/// Nothing has it.
pub(super) fn page(id: &str, pack: &Pack, files: &[RuleFile]) -> Result<Page, String> {
    let plain = |cause: &Cause| Words::code(cause.id.as_str());
    let mut pages = Vec::new();
    pages.extend(pack.find_cause(id).map(|cause| cause_page::page(pack, cause, &plain)));
    pages.extend(pack.notices().iter().filter(|notice| notice.id == id).map(|found| notice(pack, found)));
    pages.extend(pack.steps().iter().filter(|step| step.id == id).map(|found| step(pack, found)));
    let at = pack.signals().iter().position(|signal| signal.name == id);
    pages.extend(at.map(|index| signal(pack, SignalId::at(index), files)));
    pages.extend(pack.checks().iter().filter(|check| check.id == id).map(|found| check(pack, found)));
    pages.extend(pack.sources().iter().filter(|source| source.id == id).map(|found| source(pack, found)));
    pages.extend(pack.codes().iter().filter(|table| table.id == id).map(|table| {
        let mut page = Page::default();
        code_page::table(&mut page, pack, table, &plain);
        page
    }));
    let mut pages = pages.into_iter();
    // A cause and a notice may share an id.
    let Some(mut page) = pages.next() else { return Err(unknown(id, pack)) };
    pages.for_each(|more| page.append(more));
    Ok(page)
}

fn unknown(id: &str, pack: &Pack) -> String {
    let mut names: Vec<&str> = pack.causes().iter().map(|cause| cause.id.as_str()).collect();
    names.extend(pack.notices().iter().map(|notice| notice.id.as_str()));
    names.extend(pack.steps().iter().map(|step| step.id.as_str()));
    names.extend(pack.signals().iter().map(|signal| signal.name.as_str()));
    names.extend(pack.codes().iter().map(|table| table.id.as_str()));
    names.extend(pack.checks().iter().map(|check| check.id.as_str()));
    names.extend(pack.sources().iter().map(|source| source.id.as_str()));
    let near = rdpwhy_yaml::nearest(id, &names).map(|near| format!("did you mean `{near}`? "));
    format!(
        "error: no rule is called `{id}`\n = help: {}`rdpwhy rules list` lists all of them",
        near.unwrap_or_default()
    )
}

fn notice(pack: &Pack, notice: &Notice) -> Page {
    let mut page = Page::default();
    page.heading(1, notice.title.as_str());
    page.terms(vec![
        ("notice", Words::code(notice.id.as_str())),
        ("severity", notice.severity.as_str().into()),
    ]);
    page.heading(2, "What it says");
    page.text(Words::sentence(&notice.text));
    if !notice.so.is_empty() {
        page.text(notice.so.as_str());
    }
    page.heading(2, "When it is raised");
    page.items(notice.when.iter().map(|finding| cause_page::finding(pack, finding)).collect());
    page
}

fn step(pack: &Pack, step: &Step) -> Page {
    let mut page = Page::default();
    page.heading(1, step.do_.as_str());
    page.terms(vec![("step", Words::code(step.id.as_str())), ("where", step.where_.as_str().into())]);
    if let Some(run) = &step.run {
        page.code("powershell", run.as_str());
    }
    let mut terms = vec![
        ("changes", Words::from(step.changes.as_str())),
        ("cost", rdpwhy_report::cost_words(step.cost).page.into()),
        ("risk", step.risk.as_str().into()),
    ];
    if !step.side_effects.is_empty() {
        terms.push(("side effects", step.side_effects.as_str().into()));
    }
    terms.push(("undo", step.undo.as_str().into()));
    terms.push(("worked if", step.verify.as_str().into()));
    if !step.sources.is_empty() {
        terms.push((
            "sources",
            Words::joined(step.sources.iter().map(|of| cause_page::cited(pack, of)).collect(), "; "),
        ));
    }
    page.terms(terms);
    let fixes = |cause: &&Cause| cause.fix.iter().any(|fix| pack.step(fix.step).id == step.id);
    let causes: Vec<Words> =
        pack.causes().iter().filter(fixes).map(|cause| Words::code(cause.id.as_str())).collect();
    if !causes.is_empty() {
        page.heading(2, "Step of");
        page.items(causes);
    }
    page
}

fn check(pack: &Pack, check: &Check) -> Page {
    let mut page = Page::default();
    page.heading(1, check.title.as_str());
    let on: Vec<&str> = check.on.iter().map(|side| side.as_str()).collect();
    page.terms(vec![("live check", Words::code(check.id.as_str())), ("runs on", on.join(", ").into())]);
    page.code("powershell", check.run.as_str());
    if !check.causes.is_empty() {
        page.heading(2, "A failure points to");
        page.items(check.causes.iter().map(|id| Words::code(pack.cause(*id).id.as_str())).collect());
    }
    if !check.sources.is_empty() {
        page.heading(2, "References");
        page.items(check.sources.iter().map(|of| cause_page::cited(pack, of)).collect());
    }
    page
}

fn source(pack: &Pack, source: &Source) -> Page {
    let mut page = Page::default();
    page.heading(1, source.title.as_str());
    let mut terms =
        vec![("source", Words::code(source.id.as_str())), ("publisher", source.publisher.as_str().into())];
    terms.extend(source.date.as_ref().map(|date| ("date", Words::from(date.as_str()))));
    terms.extend(source.url.as_ref().map(|url| ("address", Words::from(url.as_str()))));
    page.terms(terms);
    if let Some(note) = &source.note {
        page.text(note.as_str());
    }
    let used = super::knowledge::users(pack, &source.id);
    if !used.is_empty() {
        page.heading(2, "Used by");
        page.items(used.into_iter().map(Words::code).collect());
    }
    page
}

fn signal(pack: &Pack, id: SignalId, files: &[RuleFile]) -> Page {
    let signal = pack.signal(id).signal;
    let mut page = Page::default();
    page.heading(1, signal.title.as_str());
    let any = vec!["any".to_owned()];
    let channels = if signal.log_source.channels.is_empty() { &any } else { &signal.log_source.channels };
    let mut terms =
        vec![("signal", Words::code(signal.name.as_str())), ("channel", channels.join("; ").into())];
    terms.extend(signal.status.as_ref().map(|status| ("status", Words::from(status.as_str()))));
    terms.extend(signal.level.as_ref().map(|level| ("level", Words::from(level.as_str()))));
    page.terms(terms);
    page.text(signal.description.as_deref().unwrap_or_default());
    for (heading, list) in [
        ("Seen", &signal.seen),
        ("Also written by", &signal.false_positives),
        ("References", &signal.references),
    ] {
        if !list.is_empty() {
            page.heading(2, heading);
            page.items(list.iter().map(|item| cause_page::cited(pack, item)).collect());
        }
    }
    let users = users(pack, id);
    page.heading(2, "Used by");
    page.items(if users.is_empty() { vec!["nothing".into()] } else { users });
    if let Some(file) = files.iter().rev().find(|file| file.path == signal.file) {
        page.heading(2, "The rule");
        page.code("yaml", file.text.as_str());
    }
    page
}

/// What uses a signal.
pub(crate) fn users(pack: &Pack, id: SignalId) -> Vec<Words> {
    let mut users = Vec::new();
    for cause in pack.causes() {
        for (supports, word) in [(true, "for"), (false, "against")] {
            if cause.evidence.iter().any(|piece| piece.supports == supports && names(&piece.finding, id)) {
                users.push(Words::from(format!("evidence {word} ")).and(Words::code(cause.id.as_str())));
            }
        }
    }
    let raised = pack.notices().iter().filter(|notice| notice.when.iter().any(|finding| names(finding, id)));
    users.extend(raised.map(|notice| Words::from("notice ").and(Words::code(notice.id.as_str()))));
    if pack.ladder().records.iter().any(|record| record.signal == id) {
        users.push("the ladder, to rebuild attempts".into());
    }
    users
}

/// Whether a finding looks at the signal, in its relation as well.
fn names(finding: &Finding, id: SignalId) -> bool {
    match finding {
        Finding::Signal { signals, relation } | Finding::Absent { signals, relation } => {
            signals.contains(&id) || in_relation(relation, id)
        }
        Finding::Attempts(_) | Finding::Code(_) | Finding::Extended(_) => false,
    }
}

fn in_relation(relation: &Relation<SignalId>, id: SignalId) -> bool {
    relation.clauses.iter().any(|clause| match clause {
        Clause::WithNo(signals) => signals.contains(&id),
        Clause::Neighbour { signal, .. } => *signal == id,
        _ => false,
    })
}
