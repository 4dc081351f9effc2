//! The page of a cause: what happened, how do we know, what do I do, what does it risk, how do I know it worked.

use crate::page::{Page, Words};
use rdpwhy_report::{cost_words, helps_on_page};
use rdpwhy_rules::finding::Finding;
use rdpwhy_rules::{Basis, Cause, Cost, Evidence, Fix, Pack, Step};

/// The page of a cause. `link` makes the link to another cause.
pub(crate) fn page(pack: &Pack, cause: &Cause, link: &dyn Fn(&Cause) -> Words) -> Page {
    let mut page = Page::default();
    page.heading(1, cause.verdict.as_str());
    page.text(Words::from(format!("{}: ", pack.ladder().words.because)).and(lowered(&cause.title)).and("."));
    let stages: Vec<&str> =
        cause.stages.iter().map(|stage| pack.ladder().stages[stage.index()].id.as_str()).collect();
    page.terms(vec![
        ("id", Words::code(cause.id.as_str())),
        ("side", pack.ladder().words.fault(cause.side).into()),
        ("fails at", stages.join(", ").into()),
    ]);
    page.heading(2, "What happened?");
    page.text(cause.mechanism.as_str());
    if !cause.leads_to.is_empty() {
        let effects = cause.leads_to.iter().map(|effect| link(pack.cause(*effect))).collect();
        page.text(Words::from("It can lead to: ").and(Words::joined(effects, ", ")));
    }
    how_do_we_know(&mut page, pack, cause, link);
    let steps = steps(pack, cause);
    what_do_i_do(&mut page, &steps);
    what_does_it_risk(&mut page, cause, &steps);
    how_do_i_know_it_worked(&mut page, &steps);
    if !cause.references.is_empty() {
        page.heading(2, "References");
        page.items(cause.references.iter().map(|reference| cited(pack, reference)).collect());
    }
    page
}

/// The steps in working order; what weakens security comes last.
fn steps<'p>(pack: &'p Pack, cause: &Cause) -> Vec<(&'p Step, Fix)> {
    let mut steps: Vec<_> = cause.fix.iter().map(|fix| (pack.step(fix.step), fix.clone())).collect();
    steps.sort_by_key(|(step, _)| step.cost == Cost::Weakens);
    steps
}

fn how_do_we_know(page: &mut Page, pack: &Pack, cause: &Cause, link: &dyn Fn(&Cause) -> Words) {
    page.heading(2, "How do we know?");
    page.text(format!(
        "Probability before any evidence: {} % ({}). × and ÷ say how many times more or less likely a piece of evidence makes the \
         cause. Of a group only the strongest piece counts. Numbers are the authors' estimates unless marked.",
        percent(pack.prior(cause)),
        cause.prior_basis
    ));
    for (heading, supports) in [("For it", true), ("Against it", false)] {
        let pieces: Vec<Words> = cause
            .evidence
            .iter()
            .filter(|piece| piece.supports == supports)
            .map(|piece| evidence(pack, piece))
            .collect();
        if !pieces.is_empty() {
            page.heading(3, heading);
            page.items(pieces);
        }
    }
    if !cause.confusers.is_empty() {
        page.heading(3, "Often confused with");
        let tell = |confuser: &rdpwhy_rules::Confuser| {
            link(pack.cause(confuser.cause)).and(": ").and(confuser.tell.as_str())
        };
        page.items(cause.confusers.iter().map(tell).collect());
    }
    if !cause.collect.is_empty() {
        page.heading(3, "Logs worth adding");
        let wanted = |collect: &rdpwhy_rules::Collect| {
            let on = if collect.on.is_empty() { String::new() } else { format!(" on the {}", collect.on) };
            Words::code(collect.channel.as_str()).and(format!("{on}: ")).and(collect.why.as_str())
        };
        page.items(cause.collect.iter().map(wanted).collect());
    }
}

fn evidence(pack: &Pack, piece: &Evidence) -> Words {
    let sign = if piece.supports { "×" } else { "÷" };
    let group = piece.group.as_ref().map(|group| format!(", group {group}")).unwrap_or_default();
    let basis = match &piece.basis {
        Basis::Judgement => String::new(),
        basis => format!("; {basis}"),
    };
    let missing = piece
        .if_absent
        .map(|ratio| format!("; missing although the logs cover it: {} {ratio}", turned(piece.supports)));
    Words::sentence(piece.because.trim_end_matches('.'))
        .and(format!(" ({sign} {}{group}{}{basis}). ", piece.ratio, missing.unwrap_or_default()))
        .and(finding(pack, &piece.finding))
}

fn turned(supports: bool) -> &'static str {
    if supports { "÷" } else { "×" }
}

/// What a finding looks at, in the words of the rules.
pub(crate) fn finding(pack: &Pack, finding: &Finding) -> Words {
    let signals = |ids: &[rdpwhy_rules::SignalId]| {
        let names = ids.iter().map(|id| Words::code(pack.signal(*id).name.as_str())).collect();
        Words::joined(names, " or ")
    };
    match finding {
        Finding::Signal { signals: ids, relation } | Finding::Absent { signals: ids, relation } => {
            let word = if matches!(finding, Finding::Absent { .. }) { "No " } else { "Seen: " };
            let spoken = relation.spoken(&|id| pack.signal(*id).name.as_str());
            Words::from(word).and(signals(ids)).and(", ").and(spoken)
        }
        Finding::Attempts(fact) => Words::from("Attempts: ").and(fact.phrase.as_str()),
        Finding::Code(codes) => {
            Words::from(format!("Code of the {}: ", pack.ladder().words.client)).and(hex(codes))
        }
        Finding::Extended(codes) => {
            Words::from(format!("Extended code of the {}: ", pack.ladder().words.client)).and(hex(codes))
        }
    }
}

fn hex(codes: &[u32]) -> String {
    codes.iter().map(|code| format!("{code:#x}")).collect::<Vec<_>>().join(", ")
}

fn what_do_i_do(page: &mut Page, steps: &[(&Step, Fix)]) {
    page.heading(2, "What do I do?");
    let item = |(step, fix): &(&Step, Fix)| {
        let helps =
            if fix.helps > 0.0 { format!(" ({})", helps_on_page(fix.helps)) } else { " (check)".to_owned() };
        let mut below = Page::default();
        below.text(Words::from("Where: ").and(step.where_.as_str()));
        if let Some(run) = &step.run {
            below.code("powershell", run.as_str());
        }
        (Words::from(step.do_.as_str()).and(helps), below)
    };
    page.numbered(steps.iter().map(item).collect());
}

fn what_does_it_risk(page: &mut Page, cause: &Cause, steps: &[(&Step, Fix)]) {
    page.heading(2, "What does it risk?");
    let only_read: Vec<String> = numbers(steps, |step| step.cost == Cost::ReadOnly);
    if !only_read.is_empty() {
        page.text(format!("Read-only: step {}.", only_read.join(", ")));
    }
    let risky = steps.iter().enumerate().filter(|(_, (step, _))| step.cost != Cost::ReadOnly);
    let item = |(index, (step, _)): (usize, &(&Step, Fix))| {
        let mut words = Words::from(format!(
            "Step {}: {}; risk {}. Changes: ",
            index + 1,
            cost_words(step.cost).page,
            step.risk
        ));
        words = words.and(step.changes.trim_end_matches('.')).and(". ");
        if !step.side_effects.is_empty() {
            words = words.and(step.side_effects.trim_end_matches('.')).and(". ");
        }
        words.and("Undo: ").and(step.undo.trim_end_matches('.')).and(".")
    };
    page.items(risky.map(item).collect());
    if !cause.never.is_empty() {
        page.heading(3, "What not to do");
        page.items(cause.never.iter().map(|never| never.as_str().into()).collect());
    }
}

fn numbers(steps: &[(&Step, Fix)], which: impl Fn(&Step) -> bool) -> Vec<String> {
    steps
        .iter()
        .enumerate()
        .filter(|(_, (step, _))| which(step))
        .map(|(index, _)| (index + 1).to_string())
        .collect()
}

fn how_do_i_know_it_worked(page: &mut Page, steps: &[(&Step, Fix)]) {
    page.heading(2, "How do I know it worked?");
    let item = |(index, (step, _)): (usize, &(&Step, Fix))| {
        Words::from(format!("Step {}: ", index + 1)).and(step.verify.as_str())
    };
    page.items(steps.iter().enumerate().map(item).collect());
    page.text(
        "In the end: connect again as the user did, export the logs anew, and run rdpwhy on them with --since and the time of \
         the fix. No failed attempt is left.",
    );
}

/// A reference in words, with a link to where it is published.
pub(crate) fn cited(pack: &Pack, reference: &str) -> Words {
    let text = pack.sources().cite(reference);
    let url = pack.sources().find(reference).and_then(|source| source.url.as_deref());
    match url.filter(|url| url.starts_with("https://")) {
        Some(url) => Words::link(text, url.to_owned()),
        None => text.into(),
    }
}

fn percent(share: f64) -> f64 {
    (share * 1000.0).round() / 10.0
}

/// A title in the middle of a sentence: only an article loses its capital.
fn lowered(title: &str) -> String {
    let articles = ["The ", "A ", "An ", "Some ", "No "];
    match articles.iter().find(|article| title.starts_with(**article)) {
        Some(article) => format!("{}{}", article.to_lowercase(), &title[article.len()..]),
        None => title.to_owned(),
    }
}
