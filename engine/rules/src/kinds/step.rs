//! Fix and check steps: what to do, at what cost, and how to take it back.

use rdpwhy_yaml::{Fault, Node, Reader};

use crate::command;
use crate::field::{self, owned, texts};
use crate::placeholder::{FILLED, placeholders};
use crate::shape::{Name, OneOrMany, Text, shape, value_shape, words};
use crate::word::word_enum;
use crate::written::{Rule, is_blank};

/// A fix or check step.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Step {
    /// Kebab-case id, the name of its file.
    pub id: String,
    /// What to do, as an imperative.
    pub do_: String,
    /// Where to run it.
    pub where_: String,
    /// The exact command, if there is one.
    pub run: Option<String>,
    /// The command can run as it stands, on the machine that `where_` names: no placeholder, nothing to choose.
    pub runnable: bool,
    /// What it touches.
    pub changes: String,
    /// How much it costs.
    pub cost: Cost,
    /// How much can go wrong.
    pub risk: Risk,
    /// What a user will notice.
    pub side_effects: String,
    /// How to undo it, in words; no commands.
    pub undo: String,
    /// The commands that undo it, if there are any; with placeholders if they need a choice.
    pub undo_run: Option<String>,
    /// What shows that it worked.
    pub verify: String,
    /// Where the knowledge comes from.
    pub sources: Vec<String>,
}

word_enum! {
    /// The price of a step, the cheapest first.
    pub enum Cost {
        /// Reads only.
        ReadOnly = "read-only",
        /// Minutes, nobody notices.
        Unnoticed = "unnoticed",
        /// One setting, reversible, no outage.
        Reversible = "reversible",
        /// Disconnects current users for seconds.
        Disconnects = "disconnects",
        /// Restart or maintenance window.
        Restart = "restart",
        /// Weakens security or may break other services: last resort.
        Weakens = "weakens",
    }
}

word_enum! {
    /// How much can go wrong with a step, the safest first.
    pub enum Risk {
        /// Nothing can.
        None = "none",
        /// Little, and it is quickly put right.
        Low = "low",
        /// Users may be cut off, or a setting has to be put back.
        Medium = "medium",
        /// The machine may become unreachable or unsafe.
        High = "high",
    }
}

/// The step of a file; reports every fault of it.
pub(crate) fn load(root: &Node, reader: Reader<'_>) -> Option<Step> {
    let mut map = reader.map(root);
    let id = field::id(&mut map);
    let (run, undo_run) = (map.optional("run"), map.optional("undo_run"));
    let runnable = map.boolean("runnable").unwrap_or(false);
    for node in [run.filter(|_| runnable), undo_run].into_iter().flatten() {
        command::check(node, node.as_text().unwrap_or_default(), reader);
    }
    if let Some(node) = run.filter(|_| runnable) {
        check_closed(node, reader);
    }
    let commands = |node: Option<&Node>| reader.text(node?).map(|text| text.trim_end().to_owned());
    let (run, undo_run) = (commands(run), commands(undo_run));
    let step = Step {
        id: id.clone().unwrap_or_default(),
        do_: owned(map.required_text("do")),
        where_: owned(map.required_text("where")),
        run,
        runnable,
        undo_run,
        changes: owned(map.required_text("changes")),
        cost: map.required_choice("cost", Cost::CHOICES).unwrap_or(Cost::Weakens),
        risk: map.required_choice("risk", Risk::CHOICES).unwrap_or(Risk::High),
        side_effects: owned(map.text("side_effects")),
        undo: owned(map.required_text("undo")),
        verify: owned(map.required_text("verify")),
        sources: texts(&mut map, "sources"),
    };
    map.finish();
    id.map(|_| step)
}

/// Reports placeholders in commands that are said to run as they are.
fn check_closed(node: &Node, reader: Reader<'_>) {
    let text = node.as_text().unwrap_or_default();
    if let Some(open) = placeholders(text).into_iter().next() {
        let fault = Fault::error(
            "step::placeholder",
            format!("`<{}>` is open, so the step cannot run as it is", open.name),
        );
        reader.report(node.span.part(text, open.range), fault.help("remove `runnable`, or the placeholder"));
    }
}

/// Warns of an undo that has a command in its prose, which nobody can paste.
fn lint_undo(rule: &Rule<'_>) {
    let Some(node) = rule.root.get("undo") else { return };
    let text = node.as_text().unwrap_or_default();
    let is_cmdlet = |word: &str| {
        let capital = |part: &str| part.starts_with(|letter: char| letter.is_ascii_uppercase());
        word.split_once('-').is_some_and(|(verb, noun)| {
            capital(verb)
                && capital(noun)
                && verb.len() > 2
                && verb.bytes().skip(1).all(|b| b.is_ascii_lowercase())
        })
    };
    let is_option =
        |word: &str| word.len() > 1 && word.starts_with('/') && word.as_bytes()[1].is_ascii_lowercase();
    // A cmdlet may be named, but a line that begins with one, or has options, is a command.
    let first = text.split_whitespace().next().is_some_and(is_cmdlet);
    if first || text.split_whitespace().any(is_option) {
        let fault = Fault::warning("step::undo-command", "`undo` is prose, and this looks like a command");
        rule.warn(node.span, fault.help("put the commands into `undo_run`, and say in `undo` what they do"));
    }
}

/// Warns of names that reports could fill in, but not where they are.
fn lint_placeholders(rule: &Rule<'_>) {
    for node in ["run", "undo_run"].into_iter().filter_map(|key| rule.root.get(key)) {
        let text = node.as_text().unwrap_or_default();
        let bare = placeholders(text).into_iter().find(|found| !found.quoted && FILLED.contains(&found.name));
        if let Some(bare) = bare.filter(|bare| !is_comment(text, bare.range.start)) {
            let message = format!("`<{}>` is not in quotes, so reports cannot fill it in", bare.name);
            let fault = Fault::warning("step::bare-placeholder", message);
            rule.warn(node.span.part(text, bare.range), fault.help("put quotes around the argument"));
        }
    }
}

/// Whether the place is in a line that is a comment.
fn is_comment(text: &str, place: usize) -> bool {
    text[..place].rsplit('\n').next().is_some_and(|line| line.trim_start().starts_with('#'))
}

/// Warns of a step that does not say what it does to others, or where it comes from.
pub(crate) fn lint(rule: &Rule<'_>) {
    lint_commands(rule);
    lint_undo(rule);
    lint_placeholders(rule);
    let harmless = rule.root.get("cost").and_then(Node::as_text) == Some("read-only");
    if !harmless && is_blank(&rule.root, "side_effects") {
        let fault =
            Fault::warning("step::side-effects", "a step that changes something says what users will notice");
        rule.warn_all(fault.help("add `side_effects`, even if it is: nobody notices"));
    }
    if is_blank(&rule.root, "sources") {
        let fault = Fault::warning("step::sources", "the step does not say where it comes from");
        rule.warn_all(fault.help("add `sources`"));
    }
}

/// Commands that do not close their quotes, and those that destroy without risk, side effects or a way back.
fn lint_commands(rule: &Rule<'_>) {
    let Some(run) = rule.root.get("run") else { return };
    let text = run.as_text().unwrap_or_default();
    if let Err(imbalance) = command::balanced(text) {
        let fault = Fault::warning("step::unbalanced", "quotes and brackets of these commands do not close");
        rule.warn(run.span.part(text, imbalance.range), fault.label(imbalance.what));
    }
    let Some(word) = command::destructive(text) else { return };
    let told = |key: &str| rule.root.get(key).and_then(Node::as_text).unwrap_or_default().trim();
    let bare = ["", "none"];
    for (key, missing, help) in [
        ("cost", told("cost") == "read-only", "give the cost of what it does"),
        ("risk", !command::only_adds(word) && told("risk") == "none", "say how much can go wrong"),
        ("side_effects", bare.contains(&told("side_effects")), "say in `side_effects` what users notice"),
        ("undo", bare.contains(&told("undo")), "say in `undo` how to undo it, or why that is not possible"),
    ] {
        if missing {
            let message =
                format!("`{word}` takes something away or cuts somebody off, and `{key}` does not say so");
            let span = rule.root.get(key).map_or(rule.name_span(), |node| node.span);
            rule.warn(span, Fault::warning("step::destructive", message).help(help));
        }
    }
}

value_shape!(
    /// The words of [`Cost`].
    CostWord = words(Cost::WORDS)
);
value_shape!(
    /// How much can go wrong.
    RiskWord = words(Risk::WORDS)
);

shape! {
    /// A fix or check step: rules/steps/ID.yml.
    #[schemars(title = "Step")]
    pub(crate) struct StepFile {
        /// Kebab-case id, the name of the file.
        id: Name,
        /// What to do, as an imperative.
        r#do: Text,
        /// Where to run it.
        r#where: Text,
        /// The exact command; placeholders such as <HOST>.
        run: Option<Text>,
        /// The commands can run as they stand on the machine named: no placeholder, nothing to choose. Scripts offer only these.
        runnable: Option<bool>,
        /// What it touches.
        changes: Text,
        /// What it costs, the cheapest first.
        cost: CostWord,
        /// How much can go wrong.
        risk: RiskWord,
        /// What a user will notice.
        side_effects: Option<Text>,
        /// How to undo it, in words; "not needed: …" where so.
        undo: Text,
        /// The commands that undo it; placeholders such as <ADAPTER>.
        undo_run: Option<Text>,
        /// What shows that it worked.
        verify: Text,
        /// Where the knowledge comes from.
        sources: Option<OneOrMany<String>>,
    }
}
