//! What is legal in rules and yet useless: signals that nothing uses, evidence that can never count, missing advice.
//!
//! Only what is certain is said. It looks at the rules as written, so that it also speaks where a rule is faulty.

use crate::command;
use crate::fault::{Fault, Faults};
use crate::kind::{Kind, stem};
use crate::load::RuleFile;
use crate::pack::{Loading, Source};
use crate::relation::{Anchor, Clause, parse_relation};
use crate::signal::LogSources;
use crate::yaml::{self, Node, Span};
use std::collections::{BTreeMap, BTreeSet};

/// Adds a warning for everything useless in the rules, as [`Pack::load`](crate::Pack::load) would take them.
///
/// `proved` holds the causes that some ticket proves; `None` where no tickets are at hand.
pub fn lint(base: &[RuleFile], added: &[RuleFile], proved: Option<&BTreeSet<String>>, faults: &Faults) {
    let loading = Loading::new(base.iter().chain(added).map(Source::from), faults);
    let lint = Lint::new(&loading, faults);
    lint.unused_signals();
    lint.unused_steps();
    for rule in lint.of(Kind::Step) {
        lint.step(rule);
    }
    for rule in lint.of(Kind::Cause) {
        lint.cause(rule, proved);
        for (key, supports) in [("evidence", true), ("against", false)] {
            lint.evidence(rule, key, supports);
        }
    }
    for rule in lint.of(Kind::Notice) {
        for piece in items(&rule.root, "when") {
            lint.relation(rule, piece);
            lint.absence(rule, piece, "absent");
        }
    }
}

/// A rule file with its node.
struct Rule<'a> {
    kind: Kind,
    file: Source<'a>,
    root: Node,
}

impl Rule<'_> {
    /// Where the rule says its name; the start of the file where it does not.
    fn name_span(&self) -> Span {
        let name = self.root.get("id").or_else(|| self.root.get("name"));
        name.map_or(Span { line: 1, column: 1, ..self.root.span }, |node| node.span)
    }
}

struct Lint<'a> {
    rules: Vec<Rule<'a>>,
    sources: LogSources,
    faults: &'a Faults,
}

fn items<'n>(node: &'n Node, key: &str) -> &'n [Node] {
    node.get(key).map_or(&[], Node::one_or_many)
}

fn texts<'n>(node: &'n Node, key: &str) -> impl Iterator<Item = &'n str> {
    items(node, key).iter().filter_map(Node::as_text)
}

fn is_blank(node: &Node, key: &str) -> bool {
    match node.get(key) {
        None => true,
        Some(value) => match value.as_text() {
            Some(text) => text.trim().is_empty(),
            None => value.one_or_many().is_empty(),
        },
    }
}

impl<'a> Lint<'a> {
    fn new(loading: &Loading<'a>, faults: &'a Faults) -> Self {
        // Faults of reading are reported by loading.
        let unheard = Faults::new();
        let mut sources = LogSources::default();
        let mut rules = Vec::new();
        for (kind, file) in loading.all() {
            if kind == Kind::LogSources {
                sources = LogSources::read(file.path, file.text, &unheard);
            }
            let root = yaml::parse(file.path, file.text, &unheard).into_iter().next();
            faults.remember(file.path, file.text);
            rules.extend(root.map(|root| Rule { kind, file, root }));
        }
        Lint { rules, sources, faults }
    }

    fn of(&self, kind: Kind) -> impl Iterator<Item = &Rule<'a>> {
        self.rules.iter().filter(move |rule| rule.kind == kind)
    }

    fn warn(&self, rule: &Rule<'_>, span: Span, fault: Fault) {
        self.faults.push(fault.file(rule.file.path).span(span));
    }

    fn unused_signals(&self) {
        let mut used: BTreeSet<String> = BTreeSet::new();
        for rule in self.of(Kind::Cause).chain(self.of(Kind::Notice)) {
            for key in ["evidence", "against", "when"] {
                items(&rule.root, key).iter().for_each(|piece| signals_of(piece, &mut used));
            }
        }
        for rule in self.of(Kind::Ladder) {
            all_texts(&rule.root, &mut used);
        }
        for rule in self.of(Kind::Signal).filter(|rule| !used.contains(stem(rule.file.path))) {
            let fault = Fault::warning(
                "signal::unused",
                "no cause, no notice and not the ladder looks at this signal",
            );
            let fault = fault.label("used nowhere").help("name it in the evidence of a cause, or remove it");
            self.warn(rule, rule.name_span(), fault);
        }
    }

    fn unused_steps(&self) {
        let fixes = self.of(Kind::Cause).flat_map(|rule| items(&rule.root, "fix"));
        let used: BTreeSet<&str> = fixes.filter_map(|fix| fix.get("step")?.as_text()).collect();
        for rule in self.of(Kind::Step).filter(|rule| !used.contains(stem(rule.file.path))) {
            let fault = Fault::warning("step::unused", "no cause has this step in its `fix`");
            self.warn(
                rule,
                rule.name_span(),
                fault.label("used nowhere").help("add it to a cause, or remove it"),
            );
        }
    }

    fn step(&self, rule: &Rule<'_>) {
        self.step_commands(rule);
        let harmless = rule.root.get("cost").and_then(Node::as_text) == Some("read-only");
        if !harmless && is_blank(&rule.root, "side_effects") {
            let fault = Fault::warning(
                "step::side-effects",
                "a step that changes something says what users will notice",
            );
            self.warn(
                rule,
                rule.name_span(),
                fault.help("add `side_effects`, even if it is: nobody notices"),
            );
        }
        if is_blank(&rule.root, "sources") {
            let fault = Fault::warning("step::sources", "the step does not say where it comes from");
            self.warn(rule, rule.name_span(), fault.help("add `sources`"));
        }
    }

    /// Commands that do not close their quotes, and those that destroy without risk, side effects or a way back.
    fn step_commands(&self, rule: &Rule<'_>) {
        let Some(run) = rule.root.get("run") else { return };
        let text = run.as_text().unwrap_or_default();
        if let Err(imbalance) = command::balanced(text) {
            let fault =
                Fault::warning("step::unbalanced", "quotes and brackets of these commands do not close");
            self.warn(rule, run.span.part(text, imbalance.range), fault.label(imbalance.what));
        }
        let Some(word) = command::destructive(text) else { return };
        let told = |key: &str| rule.root.get(key).and_then(Node::as_text).unwrap_or_default().trim();
        let bare = ["", "none"];
        for (key, missing, help) in [
            ("cost", told("cost") == "read-only", "give the cost of what it does"),
            ("risk", !command::only_adds(word) && told("risk") == "none", "say how much can go wrong"),
            ("side_effects", bare.contains(&told("side_effects")), "say in `side_effects` what users notice"),
            ("undo", bare.contains(&told("undo")), "give the way back in `undo`, or say why there is none"),
        ] {
            if missing {
                let message = format!(
                    "`{word}` takes something away or cuts somebody off, and `{key}` does not say so"
                );
                let span = rule.root.get(key).map_or(rule.name_span(), |node| node.span);
                self.warn(rule, span, Fault::warning("step::destructive", message).help(help));
            }
        }
    }

    fn cause(&self, rule: &Rule<'_>, proved: Option<&BTreeSet<String>>) {
        for (key, code, message) in [
            ("evidence", "cause::no-evidence", "nothing can speak for this cause"),
            ("fix", "cause::no-fix", "the cause does not say what to do"),
            ("collect", "cause::no-collect", "the cause does not say which logs to get next"),
            ("references", "cause::no-references", "the cause does not say where its knowledge comes from"),
        ] {
            if is_blank(&rule.root, key) {
                self.warn(rule, rule.name_span(), Fault::warning(code, message).help(format!("add `{key}`")));
            }
        }
        for fix in
            items(&rule.root, "fix").iter().filter(|fix| fix.as_map().is_some() && fix.get("helps").is_none())
        {
            let fault = Fault::warning(
                "cause::helps",
                "the cause does not say how likely this step alone ends the fault",
            );
            self.warn(rule, fix.span, fault.help("add `helps`, a probability; 0 for a check"));
        }
        if proved.is_some_and(|proved| !proved.contains(stem(rule.file.path))) {
            let fault = Fault::warning("cause::no-ticket", "no ticket proves that this cause is found");
            self.warn(rule, rule.name_span(), fault.help("write a ticket with `expect: { first: … }`"));
        }
    }

    fn evidence(&self, rule: &Rule<'_>, key: &str, supports: bool) {
        let mut seen: BTreeMap<String, (f64, usize)> = BTreeMap::new();
        for piece in items(&rule.root, key) {
            self.relation(rule, piece);
            self.absence(rule, piece, "absent");
            let ratio = self.ratio(piece, "strength");
            let if_absent = self.ratio(piece, "if_absent");
            if if_absent.is_some() {
                self.absence(rule, piece, "signal");
            }
            if let Some(node) = piece.get("strength")
                && ratio == Some(1.0)
                && if_absent.is_none_or(|ratio| ratio == 1.0)
            {
                let fault = Fault::warning(
                    "cause::no-weight",
                    "this evidence can never count: a ratio of 1 moves nothing",
                );
                self.warn(rule, node.span, fault.label("as likely with the cause as without it"));
            }
            let (Some(group), Some(ratio)) = (piece.get("group").and_then(Node::as_text), ratio) else {
                continue;
            };
            let looked_at = format!("{group}|{supports}|{}", shown(piece));
            match seen.get(&looked_at) {
                Some((stronger, line)) if *stronger >= ratio && if_absent.is_none() => {
                    let message = format!(
                        "this evidence can never count: of the group `{group}` only the strongest counts"
                    );
                    let fault = Fault::warning("cause::outdone", message);
                    let help = format!("the evidence in line {line} looks at the same and is as strong");
                    self.warn(rule, piece.span, fault.help(help));
                }
                _ => {
                    seen.insert(looked_at, (ratio, piece.span.line));
                }
            }
        }
    }

    /// The number of a strength, given as such or in the ladder's words.
    fn ratio(&self, piece: &Node, key: &str) -> Option<f64> {
        let text = piece.get(key)?.as_text()?;
        let ladder = self.of(Kind::Ladder).next();
        let word = ladder.and_then(|rule| rule.root.get("ranking")?.get("strengths")?.get(text)?.as_f64());
        word.or_else(|| text.parse().ok())
    }

    /// Clauses that compare with one failure say nothing where the anchor is no failure.
    fn relation(&self, rule: &Rule<'_>, piece: &Node) {
        let Some(node) = piece.get("relation") else { return };
        let Some(text) = node.as_text() else { return };
        let Ok(relation) = parse_relation(text) else { return };
        if !matches!(relation.anchor, Anchor::BeforeFirst { .. } | Anchor::AfterLast { .. } | Anchor::AnyTime)
        {
            return;
        }
        let idle = |clause: &Clause<_>| matches!(clause, Clause::Same(_) | Clause::RarelyAtSuccesses);
        if relation.clauses.iter().any(idle) {
            let message = "`with the same …` and `rarely at successes` compare with one failure, and this phrase names none";
            let fault = Fault::warning("rule::idle-clause", message).label("the clause has no effect");
            self.warn(
                rule,
                node.span,
                fault.help("begin with `during a failure`, `within … of a failure` or the like"),
            );
        }
    }

    /// Absence counts only where a log covers it, and signals without a channel stand in no log.
    fn absence(&self, rule: &Rule<'_>, piece: &Node, key: &str) {
        let Some(node) = piece.get(key) else { return };
        let names: Vec<&str> = node.one_or_many().iter().filter_map(Node::as_text).collect();
        let nowhere: Vec<&str> = names.iter().copied().filter(|name| self.has_no_channel(name)).collect();
        // One of these makes `absent` blind; `if_absent` looks at any of its signals.
        let blind = if key == "absent" { !nowhere.is_empty() } else { nowhere.len() == names.len() };
        if blind && !names.is_empty() {
            let message =
                format!("the absence of `{}` can never count: its log source names no channel", nowhere[0]);
            let fault = Fault::warning("cause::blind-absence", message).label("in which log would it stand?");
            self.warn(rule, node.span, fault.help("give the signal a `service` that logsources.yml knows"));
        }
    }

    fn has_no_channel(&self, signal: &str) -> bool {
        let rule = self.of(Kind::Signal).find(|rule| stem(rule.file.path) == signal);
        rule.is_some_and(|rule| {
            let service = rule.root.get("logsource").and_then(|source| source.get("service")?.as_text());
            service.and_then(|service| self.sources.channels(service)).is_none_or(<[String]>::is_empty)
        })
    }
}

/// What a piece of evidence looks at, written so that the same is written alike.
fn shown(piece: &Node) -> String {
    let mut text = String::new();
    for key in ["signal", "absent", "attempts", "code", "extended", "relation"] {
        let words: Vec<&str> = texts(piece, key).flat_map(|text| text.split_whitespace()).collect();
        text.push_str(&format!("{key}={};", words.join(" ").to_lowercase()));
    }
    text
}

/// The signals that a piece of evidence names, in its relation as well.
fn signals_of(piece: &Node, used: &mut BTreeSet<String>) {
    used.extend(texts(piece, "signal").chain(texts(piece, "absent")).map(str::to_owned));
    let Some(Ok(relation)) = piece.get("relation").and_then(Node::as_text).map(parse_relation) else {
        return;
    };
    for clause in relation.clauses {
        match clause {
            Clause::WithNo(signals) => used.extend(signals.into_iter().map(|signal| signal.value)),
            Clause::Neighbour { signal, .. } => {
                used.insert(signal.value);
            }
            _ => {}
        }
    }
}

fn all_texts(node: &Node, found: &mut BTreeSet<String>) {
    found.extend(node.as_text().map(str::to_owned));
    node.as_seq().unwrap_or(&[]).iter().for_each(|node| all_texts(node, found));
    node.as_map().unwrap_or(&[]).iter().for_each(|(_, node)| all_texts(node, found));
}
