//! Rule files to the types that run. Every fault of every file is reported, none stops the others.

use crate::belief;
use crate::cause::{AttemptFact, Cause, Collect, Confuser, Cost, Evidence, Finding, Fix, Notice, Step};
use crate::check;
use crate::fault::{Fault, Faults, nearest};
use crate::kind::stem;
use crate::ladder::{
    ClockRecord, Ending, Join, Ladder, LadderRecord, Milestone, Preconnection, Probe, Ranking, Retry, Role,
    RoleField, Side, Stage, Strangers,
};
use crate::relation::{self, Clause, Fact, PhraseError, Place, Relation};
use crate::yaml::{MapReader, Node, Reader};
use crate::{CauseId, SignalId, StageId, StepId};
use std::collections::BTreeMap;
use std::time::Duration;

/// One rule file.
#[derive(Debug, Clone)]
pub struct RuleFile {
    /// Its path for messages, such as `rules/causes/x.yml`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// The names that rules may refer to.
pub(crate) struct Names<'a> {
    pub(crate) signals: &'a BTreeMap<String, SignalId>,
    pub(crate) causes: &'a BTreeMap<String, CauseId>,
    pub(crate) steps: &'a BTreeMap<String, StepId>,
    pub(crate) stages: &'a [Stage],
    pub(crate) strengths: &'a [(String, f64)],
}

pub(crate) fn check_id(map: &mut MapReader<'_>, path: &str) -> Option<String> {
    let reader = map.reader();
    let node = map.required("id")?;
    let id = reader.text(node)?;
    if id != stem(path) {
        reader.report(
            node.span,
            Fault::error("rule::id", format!("the id `{id}` is not the name of its file"))
                .label(format!("the file is called `{}`", stem(path)))
                .help("give the rule and its file the same name"),
        );
    }
    Some(id.to_owned())
}

pub(crate) fn owned(text: Option<&str>) -> String {
    text.unwrap_or_default().trim().to_owned()
}

fn texts(map: &mut MapReader<'_>, key: &'static str) -> Vec<String> {
    map.texts(key).into_iter().map(|text| text.trim().to_owned()).collect()
}

pub(crate) fn step(path: &str, root: &Node, faults: &Faults) -> Option<Step> {
    let mut map = MapReader::new(root, faults, path);
    let id = check_id(&mut map, path);
    let costs: Vec<(&str, Cost)> = Cost::ALL.iter().map(|cost| (cost.as_str(), *cost)).collect();
    let risks = [("none", "none"), ("low", "low"), ("medium", "medium"), ("high", "high")];
    let (run, undo_run) = (map.optional("run"), map.optional("undo_run"));
    let runnable = map.boolean("runnable").unwrap_or(false);
    for node in [run.filter(|_| runnable), undo_run].into_iter().flatten() {
        check::commands(node, node.as_text().unwrap_or_default(), faults, path);
    }
    let commands = |node: Option<&Node>| map.reader().text(node?).map(|text| text.trim_end().to_owned());
    let (run, undo_run) = (commands(run), commands(undo_run));
    let step = Step {
        id: id.clone().unwrap_or_default(),
        do_: owned(map.required_text("do")),
        where_: owned(map.required_text("where")),
        run,
        runnable,
        undo_run,
        changes: owned(map.required_text("changes")),
        cost: map.required_choice("cost", &costs).unwrap_or(Cost::Weakens),
        risk: map.required_choice("risk", &risks).unwrap_or("high").to_owned(),
        side_effects: owned(map.text("side_effects")),
        undo: owned(map.required_text("undo")),
        verify: owned(map.required_text("verify")),
        sources: texts(&mut map, "sources"),
    };
    map.finish();
    id.map(|_| step)
}

pub(crate) fn cause(path: &str, root: &Node, names: &Names<'_>, faults: &Faults) -> Option<Cause> {
    let mut map = MapReader::new(root, faults, path);
    let reader = map.reader();
    let id = check_id(&mut map, path);
    let sides: Vec<(&str, &str)> =
        ["client", "host", "network", "domain", "gateway"].iter().map(|side| (*side, *side)).collect();
    let title = owned(map.required_text("title"));
    let verdict = map.text("verdict").map_or_else(|| title.clone(), |text| text.trim().to_owned());
    let side = map.required_choice("side", &sides).unwrap_or("host").to_owned();
    let stages =
        map.list("stages").iter().filter_map(|node| stage(node, reader, names.stages)).collect::<Vec<_>>();
    if stages.is_empty() {
        reader.report(
            map.span(),
            Fault::error("cause::stages", "a cause says at which stages its failures break"),
        );
    }
    let prior = prior(&mut map, reader);
    let mechanism = owned(map.required_text("mechanism"));
    let mut evidence = Vec::new();
    for (key, supports) in [("evidence", true), ("against", false)] {
        for node in map.list(key) {
            evidence.extend(self::evidence(node, supports, names, faults, path));
        }
    }
    number_alike(&mut evidence);
    let leads_to =
        map.list("leads_to").iter().filter_map(|node| known(node, reader, names.causes, "cause")).collect();
    let confusers =
        map.list("confusers").iter().filter_map(|node| confuser(node, names, faults, path)).collect();
    let fix = map.list("fix").iter().filter_map(|node| fix(node, names, faults, path)).collect();
    let never = texts(&mut map, "never");
    let collect = map.list("collect").iter().map(|node| collect(node, faults, path)).collect();
    let references = texts(&mut map, "references");
    map.finish();
    Some(Cause {
        id: id?,
        title,
        verdict,
        side,
        stages,
        prior,
        mechanism,
        evidence,
        leads_to,
        confusers,
        fix,
        never,
        collect,
        references,
    })
}

fn prior(map: &mut MapReader<'_>, reader: Reader<'_>) -> f64 {
    let Some(node) = map.required("prior") else { return 0.001 };
    let prior = reader.number(node).unwrap_or(0.001);
    if prior > 0.0 && prior < 1.0 {
        return prior;
    }
    reader.report(
        node.span,
        Fault::error("cause::prior", "a prior is a probability between 0 and 1, without either")
            .label("neither certain nor impossible")
            .help("0.1 for a common cause, 0.03 for an occasional one, 0.005 for a rare one"),
    );
    0.001
}

/// Evidence of the same name gets a number, so that each piece can be told apart in a report.
fn number_alike(evidence: &mut [Evidence]) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for piece in evidence {
        let count = seen.entry(piece.id.clone()).or_default();
        *count += 1;
        if *count > 1 {
            piece.id = format!("{}-{count}", piece.id);
        }
    }
}

fn evidence(node: &Node, supports: bool, names: &Names<'_>, faults: &Faults, path: &str) -> Option<Evidence> {
    let mut map = MapReader::new(node, faults, path);
    let reader = map.reader();
    let finding = finding(&mut map, reader, names);
    let ratio = map.required("strength").and_then(|node| strength(node, reader, names.strengths));
    let if_absent = map.optional("if_absent").and_then(|node| strength(node, reader, names.strengths));
    let id = map.text("id").map(str::to_owned);
    let group = map.text("group").map(str::to_owned);
    let because = owned(map.required_text("because"));
    map.finish();
    let (name, finding) = finding?;
    Some(Evidence { id: id.unwrap_or(name), finding, supports, ratio: ratio?, group, because, if_absent })
}

/// What a piece of evidence looks at, with the name it goes by.
fn finding(map: &mut MapReader<'_>, reader: Reader<'_>, names: &Names<'_>) -> Option<(String, Finding)> {
    let signal = map.optional("signal");
    let absent = map.optional("absent");
    let attempts = map.optional("attempts");
    let code = map.optional("code");
    let extended = map.optional("extended");
    let relation = map.optional("relation");
    if [signal, absent, attempts, code, extended].iter().flatten().count() != 1 {
        reader.report(
            map.span(),
            Fault::error("cause::finding", "evidence looks at exactly one thing")
                .help("give one of `signal`, `absent`, `attempts`, `code` and `extended`"),
        );
        return None;
    }
    if let Some(node) = attempts {
        let (text, fact) = phrase(node, reader, relation::parse_fact)?;
        let stages = fact_stages(&fact, node, reader, names.stages)?;
        return Some((
            text.to_owned(),
            Finding::Attempts(AttemptFact { phrase: text.to_owned(), fact, stages }),
        ));
    }
    if let Some(node) = code {
        return Some(("code".to_owned(), Finding::Code(codes(node, reader))));
    }
    if let Some(node) = extended {
        return Some(("extended".to_owned(), Finding::Extended(codes(node, reader))));
    }
    let node = signal.or(absent)?;
    let signals: Vec<SignalId> =
        node.one_or_many().iter().filter_map(|node| known(node, reader, names.signals, "signal")).collect();
    let name = node.one_or_many().first().and_then(Node::as_text).unwrap_or_default().to_owned();
    let relation = match relation {
        Some(node) => {
            let (_, relation) = phrase(node, reader, relation::parse_relation)?;
            resolve(relation, node, reader, names)?
        }
        None => Relation { anchor: relation::Anchor::AnyTime, clauses: Vec::new() },
    };
    if signals.is_empty() {
        return None;
    }
    let finding = if signal.is_some() {
        Finding::Signal { signals, relation }
    } else {
        Finding::Absent { signals, relation }
    };
    Some((name, finding))
}

fn codes(node: &Node, reader: Reader<'_>) -> Vec<u32> {
    let codes = node.one_or_many().iter().filter_map(|node| reader.integer(node));
    codes.map(|code| u32::try_from(code & 0xffff_ffff).unwrap_or_default()).collect()
}

pub(crate) fn phrase<'n, T>(
    node: &'n Node,
    reader: Reader<'_>,
    parse: fn(&str) -> Result<T, PhraseError>,
) -> Option<(&'n str, T)> {
    let Some(text) = node.as_text() else {
        reader.wrong_kind(node, "a phrase");
        return None;
    };
    match parse(text) {
        Ok(parsed) => Some((text, parsed)),
        Err(error) => {
            reader.report(
                node.span
                    .part(text, error.start..error.end.max(error.start + 1).min(text.len().max(error.start))),
                Fault::error("rule::phrase", format!("this phrase cannot be read at {}", error.found))
                    .label("here")
                    .help(format!("expected {}", error.expected)),
            );
            None
        }
    }
}

fn resolve(
    relation: Relation<Place<String>>,
    node: &Node,
    reader: Reader<'_>,
    names: &Names<'_>,
) -> Option<Relation<SignalId>> {
    let signal = |place: &Place<String>| match names.signals.get(&place.value) {
        Some(signal) => Some(*signal),
        None => {
            let text = node.as_text().unwrap_or_default();
            reader.report(
                node.span.part(text, place.start..place.end),
                unknown("signal", &place.value, names.signals),
            );
            None
        }
    };
    let mut clauses = Vec::new();
    let mut whole = true;
    for clause in relation.clauses {
        let clause = match clause {
            Clause::WithNo(places) => {
                let signals: Vec<SignalId> = places.iter().filter_map(signal).collect();
                whole &= signals.len() == places.len();
                Clause::WithNo(signals)
            }
            Clause::Neighbour { present, after, signal: place, within, same } => match signal(&place) {
                Some(signal) => Clause::Neighbour { present, after, signal, within, same },
                None => {
                    whole = false;
                    continue;
                }
            },
            Clause::Same(shared) => Clause::Same(shared),
            Clause::AtLeast { count, different, within } => Clause::AtLeast { count, different, within },
            Clause::EarlierSuccess => Clause::EarlierSuccess,
            Clause::RarelyAtSuccesses => Clause::RarelyAtSuccesses,
            Clause::On(place) => Clause::On(place),
            Clause::AnyMachine => Clause::AnyMachine,
        };
        clauses.push(clause);
    }
    whole.then_some(Relation { anchor: relation.anchor, clauses })
}

fn unknown<T>(what: &str, name: &str, known: &BTreeMap<String, T>) -> Fault {
    let near = nearest(name, &known.keys().map(String::as_str).collect::<Vec<_>>());
    let fault = Fault::error("rule::unknown-name", format!("there is no {what} `{name}`"))
        .label(format!("no {what} has this name"));
    match near {
        Some(near) => fault.help(format!("did you mean `{near}`?")),
        None => {
            fault.help(format!("the pack knows {} of them; `rules/` holds one file for each", known.len()))
        }
    }
}

pub(crate) fn known<T: Copy>(
    node: &Node,
    reader: Reader<'_>,
    names: &BTreeMap<String, T>,
    what: &str,
) -> Option<T> {
    let name = reader.text(node)?;
    let found = names.get(name).copied();
    if found.is_none() {
        reader.report(node.span, unknown(what, name, names));
    }
    found
}

fn stage(node: &Node, reader: Reader<'_>, stages: &[Stage]) -> Option<StageId> {
    let legal: Vec<(&str, StageId)> =
        stages.iter().enumerate().map(|(index, stage)| (stage.id.as_str(), StageId::at(index))).collect();
    reader.choice(node, &legal)
}

fn fact_stages(fact: &Fact, node: &Node, reader: Reader<'_>, stages: &[Stage]) -> Option<Vec<StageId>> {
    let places: Vec<&Place<String>> = match fact {
        Fact::BrokeAt(places) => places.iter().collect(),
        Fact::Reached(place) | Fact::NotReached(place) => vec![place],
        _ => Vec::new(),
    };
    let mut found = Vec::new();
    for place in &places {
        match stages.iter().position(|stage| stage.id == place.value) {
            Some(index) => found.push(StageId::at(index)),
            None => {
                let text = node.as_text().unwrap_or_default();
                let legal: Vec<&str> = stages.iter().map(|stage| stage.id.as_str()).collect();
                reader.report(
                    node.span.part(text, place.start..place.end),
                    Fault::error("rule::unknown-name", format!("there is no stage `{}`", place.value))
                        .label("no stage has this name")
                        .help(format!("the stages are {}", legal.join(", "))),
                );
            }
        }
    }
    (found.len() == places.len()).then_some(found)
}

fn strength(node: &Node, reader: Reader<'_>, strengths: &[(String, f64)]) -> Option<f64> {
    let text = reader.text(node)?;
    if let Some((_, ratio)) = strengths.iter().find(|(word, _)| word == text) {
        return Some(*ratio);
    }
    let words: Vec<&str> = strengths.iter().map(|(word, _)| word.as_str()).collect();
    match text.parse::<f64>() {
        Ok(ratio) if ratio >= 1.0 && ratio.is_finite() => Some(ratio),
        Ok(_) => {
            reader.report(
                node.span,
                Fault::error("cause::strength", "a likelihood ratio is 1 or more")
                    .label("it would speak the other way")
                    .help("evidence against a cause stands under `against`, with a ratio above 1 as well"),
            );
            None
        }
        Err(_) => {
            reader.report(
                node.span,
                Fault::error("cause::strength", format!("`{text}` is no strength"))
                    .help(format!("use {} or a number of 1 or more", words.join(", "))),
            );
            None
        }
    }
}

fn confuser(node: &Node, names: &Names<'_>, faults: &Faults, path: &str) -> Option<Confuser> {
    let mut map = MapReader::new(node, faults, path);
    let reader = map.reader();
    let cause = map.required("cause").and_then(|node| known(node, reader, names.causes, "cause"));
    let tell = owned(map.required_text("tell"));
    map.finish();
    Some(Confuser { cause: cause?, tell })
}

fn fix(node: &Node, names: &Names<'_>, faults: &Faults, path: &str) -> Option<Fix> {
    let mut map = MapReader::new(node, faults, path);
    let reader = map.reader();
    let step = map.required("step").and_then(|node| known(node, reader, names.steps, "step"));
    let helps = map.number("helps").unwrap_or(0.0);
    if !(0.0..=1.0).contains(&helps) {
        let span = map.key_span("helps").unwrap_or(map.span());
        reader.report(span, Fault::error("cause::helps", "`helps` is a probability from 0 to 1"));
    }
    map.finish();
    Some(Fix { step: step?, helps })
}

fn collect(node: &Node, faults: &Faults, path: &str) -> Collect {
    let mut map = MapReader::new(node, faults, path);
    let collect = Collect {
        channel: owned(map.required_text("channel")),
        on: owned(map.text("on")),
        why: owned(map.required_text("why")),
    };
    map.finish();
    collect
}

pub(crate) fn notice(path: &str, root: &Node, names: &Names<'_>, faults: &Faults) -> Option<Notice> {
    let mut map = MapReader::new(root, faults, path);
    let id = check_id(&mut map, path);
    let severities = [("info", "info"), ("warning", "warning"), ("security", "security")];
    let title = owned(map.required_text("title"));
    let severity = map.required_choice("severity", &severities).unwrap_or("info").to_owned();
    let mut when = Vec::new();
    for node in map.list("when") {
        let mut inner = MapReader::new(node, faults, path);
        let reader = inner.reader();
        let found = finding(&mut inner, reader, names);
        inner.finish();
        when.extend(found.map(|(_, finding)| finding));
    }
    let text = owned(map.required_text("text"));
    let so = owned(map.text("so"));
    map.finish();
    Some(Notice { id: id?, title, severity, when, text, so })
}

/// The stages and strengths, which other rules need before the rest of the ladder can be read.
pub(crate) fn stages_and_strengths(root: &Node, faults: &Faults, path: &str) -> (Vec<Stage>, Ranking) {
    let mut map = MapReader::new(root, faults, path);
    let mut stages = Vec::new();
    for node in map.list("stages") {
        let mut inner = MapReader::new(node, faults, path);
        let (id, title) = (owned(inner.required_text("id")), owned(inner.required_text("title")));
        inner.finish();
        stages.push(Stage { id, title });
    }
    let mut ranking = Ranking {
        none: 0.16,
        stage_mismatch: 20.0,
        unexplained: 1.0,
        symptoms: 1.0,
        specific_code: 1.0,
        diagnosed: 0.5,
        strengths: Vec::new(),
    };
    if let Some(node) = map.required("ranking") {
        let mut inner = MapReader::new(node, faults, path);
        ranking.none = inner.number("none").unwrap_or(ranking.none);
        ranking.stage_mismatch = inner.number("stage_mismatch").unwrap_or(ranking.stage_mismatch);
        ranking.unexplained = inner.number("unexplained").unwrap_or(ranking.unexplained);
        ranking.symptoms = inner.number("symptoms").unwrap_or(ranking.symptoms);
        ranking.specific_code = inner.number("specific_code").unwrap_or(ranking.specific_code);
        ranking.diagnosed = inner.number("diagnosed").unwrap_or(ranking.diagnosed);
        if let Some(strengths) = inner.required("strengths")
            && let Some(pairs) = strengths.as_map()
        {
            for (word, ratio) in pairs {
                if let (Some(word), Some(ratio)) = (word.as_text(), inner.reader().number(ratio)) {
                    ranking.strengths.push((word.to_owned(), ratio));
                }
            }
        }
        inner.finish();
    }
    (stages, ranking)
}

pub(crate) fn ladder(
    path: &str,
    root: &Node,
    names: &Names<'_>,
    stages: Vec<Stage>,
    ranking: Ranking,
    faults: &Faults,
) -> Ladder {
    let mut map = MapReader::new(root, faults, path);
    let reader = map.reader();
    map.optional("stages");
    map.optional("ranking");
    let window = span(&mut map, "window", 120);
    let ladder = Ladder {
        ranking,
        roles: roles(&mut map, names, faults, path),
        no_value: texts(&mut map, "no_value"),
        machine_accounts: texts(&mut map, "machine_accounts"),
        window,
        patience: span(&mut map, "patience", 60),
        clocks: map.list("clocks").iter().filter_map(|node| clock(node, names, faults, path)).collect(),
        cuts: map
            .list("cuts")
            .iter()
            .filter_map(|node| known(node, reader, names.signals, "signal"))
            .collect(),
        symptoms: map
            .list("symptoms")
            .iter()
            .filter_map(|node| known(node, reader, names.signals, "signal"))
            .collect(),
        changes: map
            .list("changes")
            .iter()
            .filter_map(|node| known(node, reader, names.signals, "signal"))
            .collect(),
        incident_gap: span(&mut map, "incident_gap", 86_400),
        clock_offset: span(&mut map, "clock_offset", 86_400),
        preconnection: preconnection(&mut map, names, faults, path),
        refused: map.list("refused").iter().filter_map(|node| stage(node, reader, names.stages)).collect(),
        abandoned: abandoned(&mut map, names, faults, path),
        short_session: span(&mut map, "short_session", 60),
        strangers: strangers(&mut map, faults, path),
        belief: belief::belief(&mut map, names, faults, path),
        retry: retry(&mut map, faults, path),
        probe: probe(&mut map, names, faults, path),
        milestones: map
            .list("milestones")
            .iter()
            .filter_map(|node| milestone(node, names, faults, path))
            .collect(),
        records: map
            .list("records")
            .iter()
            .filter_map(|node| record(node, names, window, faults, path))
            .collect(),
        stages,
    };
    if ladder.stages.len() < 2 {
        reader.report(map.span(), Fault::error("ladder::stages", "a ladder has at least two stages"));
    }
    map.finish();
    ladder
}

fn span(map: &mut MapReader<'_>, key: &'static str, default_seconds: u64) -> Duration {
    let reader = map.reader();
    let found = map.optional(key).and_then(|node| phrase(node, reader, relation::parse_span));
    found.map_or(Duration::from_secs(default_seconds), |(_, span)| span)
}

fn strangers(map: &mut MapReader<'_>, faults: &Faults, path: &str) -> Strangers {
    let Some(node) = map.required("strangers") else { return Strangers { sources: 1, hourly: 0 } };
    let mut inner = MapReader::new(node, faults, path);
    let (sources, hourly) = (count(&mut inner, "sources", 1), count(&mut inner, "hourly", 0));
    inner.finish();
    Strangers { sources, hourly }
}

fn count(map: &mut MapReader<'_>, key: &'static str, default: usize) -> usize {
    map.integer(key).and_then(|number| usize::try_from(number).ok()).unwrap_or(default)
}

fn roles(map: &mut MapReader<'_>, names: &Names<'_>, faults: &Faults, path: &str) -> Vec<Vec<RoleField>> {
    let mut roles = vec![Vec::new(); Role::ALL.len()];
    let Some(node) = map.required("roles") else { return roles };
    let mut inner = MapReader::new(node, faults, path);
    for (word, role) in Role::ALL {
        for node in inner.list(word) {
            if let Some(field) = node.as_text() {
                roles[role as usize].push(RoleField { field: field.to_owned(), signals: Vec::new() });
                continue;
            }
            let mut map = MapReader::new(node, faults, path);
            let reader = map.reader();
            let field = owned(map.required_text("field"));
            let signals = map
                .list("signals")
                .iter()
                .filter_map(|node| known(node, reader, names.signals, "signal"))
                .collect();
            map.finish();
            roles[role as usize].push(RoleField { field, signals });
        }
    }
    inner.finish();
    roles
}

fn required_stage(map: &mut MapReader<'_>, key: &'static str, names: &Names<'_>) -> StageId {
    let reader = map.reader();
    map.required(key).and_then(|node| stage(node, reader, names.stages)).unwrap_or(StageId::FIRST)
}

fn preconnection(map: &mut MapReader<'_>, names: &Names<'_>, faults: &Faults, path: &str) -> Preconnection {
    let nothing = Preconnection { below: StageId::FIRST, within: Duration::ZERO };
    let Some(node) = map.required("preconnection") else { return nothing };
    let mut inner = MapReader::new(node, faults, path);
    let found = Preconnection {
        below: required_stage(&mut inner, "below", names),
        within: span(&mut inner, "within", 120),
    };
    inner.finish();
    found
}

/// One stage, or the first and the last of a range.
pub(crate) fn stage_range(
    map: &mut MapReader<'_>,
    key: &'static str,
    reader: Reader<'_>,
    names: &Names<'_>,
) -> Option<(StageId, StageId)> {
    let stages: Vec<StageId> =
        map.list(key).iter().filter_map(|node| stage(node, reader, names.stages)).collect();
    Some((*stages.iter().min()?, *stages.iter().max()?))
}

fn clock(node: &Node, names: &Names<'_>, faults: &Faults, path: &str) -> Option<ClockRecord> {
    let mut map = MapReader::new(node, faults, path);
    let reader = map.reader();
    let signal = map.required("signal").and_then(|node| known(node, reader, names.signals, "signal"));
    let (from, to) = (owned(map.required_text("from")), owned(map.required_text("to")));
    map.finish();
    Some(ClockRecord { signal: signal?, from, to })
}

fn retry(map: &mut MapReader<'_>, faults: &Faults, path: &str) -> Retry {
    let Some(node) = map.required("retry") else { return Retry { within: Duration::ZERO, tries: 0 } };
    let mut inner = MapReader::new(node, faults, path);
    let within = span(&mut inner, "within", 300);
    let tries = inner.integer("tries").unwrap_or(0);
    inner.finish();
    Retry { within, tries: usize::try_from(tries).unwrap_or(0) }
}

fn probe(map: &mut MapReader<'_>, names: &Names<'_>, faults: &Faults, path: &str) -> Probe {
    let none = Probe { below: StageId::FIRST, attempts: 0, regular: usize::MAX, burst: usize::MAX };
    let Some(node) = map.required("probe") else { return none };
    let mut inner = MapReader::new(node, faults, path);
    let below = required_stage(&mut inner, "below", names);
    let attempts = count(&mut inner, "attempts", 1);
    let (regular, burst) = (count(&mut inner, "regular", usize::MAX), count(&mut inner, "burst", usize::MAX));
    inner.finish();
    Probe { below, attempts, regular, burst }
}

fn abandoned(map: &mut MapReader<'_>, names: &Names<'_>, faults: &Faults, path: &str) -> Vec<StageId> {
    let Some(node) = map.required("abandoned") else { return Vec::new() };
    let mut inner = MapReader::new(node, faults, path);
    let reader = inner.reader();
    let stages = inner.list("at").iter().filter_map(|node| stage(node, reader, names.stages)).collect();
    inner.finish();
    stages
}

fn milestone(node: &Node, names: &Names<'_>, faults: &Faults, path: &str) -> Option<Milestone> {
    let mut map = MapReader::new(node, faults, path);
    let reader = map.reader();
    let side = map.required_choice("side", &Side::ALL);
    let stage = required_stage(&mut map, "stage", names);
    let any: Vec<SignalId> =
        map.list("any").iter().filter_map(|node| known(node, reader, names.signals, "signal")).collect();
    map.finish();
    Some(Milestone { side: side?, stage, any })
}

fn record(
    node: &Node,
    names: &Names<'_>,
    window: Duration,
    faults: &Faults,
    path: &str,
) -> Option<LadderRecord> {
    let mut map = MapReader::new(node, faults, path);
    let reader = map.reader();
    let signal = map.required("signal").and_then(|node| known(node, reader, names.signals, "signal"));
    let side = map.required_choice("side", &Side::ALL);
    let at =
        |map: &mut MapReader<'_>, key| map.optional(key).and_then(|node| stage(node, reader, names.stages));
    let record = LadderRecord {
        signal: SignalId::at(0),
        side: Side::Host,
        opens: map.boolean("opens").unwrap_or(false),
        opens_known: map.boolean("opens_known").unwrap_or(false),
        once: map.boolean("once").unwrap_or(false),
        join: map.list("join").iter().filter_map(|node| reader.choice(node, &Join::ALL)).collect(),
        within: map
            .optional("within")
            .and_then(|node| phrase(node, reader, relation::parse_span))
            .map_or(window, |(_, span)| span),
        reaches: at(&mut map, "reaches"),
        fails: stage_range(&mut map, "fails", reader, names),
        decides: map.boolean("decides").unwrap_or(false),
        requires: at(&mut map, "requires"),
        ends: map.optional("ends").and_then(|node| reader.choice(node, &Ending::ALL)),
        drops: map.boolean("drops").unwrap_or(false),
    };
    map.finish();
    Some(LadderRecord { signal: signal?, side: side?, ..record })
}
