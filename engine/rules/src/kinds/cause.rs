//! Causes: what can be wrong, what speaks for and against it, and what to do.

mod lint;
mod variant;

use std::collections::BTreeMap;

use rdpwhy_yaml::{Fault, MapReader, Node, Reader};
use serde_json::Value;

use crate::basis::{self, Basis, BasisShape};
use crate::field::{self, owned, texts};
use crate::finding::{Finding, FindingShape, finding};
use crate::id::{CauseId, FamilyId, SignalId, StageId, StepId};
use crate::kinds::ladder::stage::{StageName, StrengthShape};
use crate::names::Names;
use crate::phrase::{Clause, End};
use crate::shape::{Name, OneOrMany, Probability, Text, shape, value_shape, words};
use crate::word::word_enum;
use variant::{FillShape, VariantShape};

pub(crate) use lint::lint;
pub use variant::{Fill, Variant};

/// A known root cause.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Cause {
    /// Kebab-case id, the name of its file.
    pub id: String,
    /// Completes "the connection failed because …".
    pub title: String,
    /// The headline of a report whose first cause this is.
    pub verdict: String,
    /// On which side the fault lies.
    pub side: FaultSide,
    /// The causes it shares a mechanism with.
    pub family: Option<FamilyId>,
    /// Where its failures break, the usual stage first.
    pub stages: Vec<StageId>,
    /// Probability before any evidence, among all causes and "none of these".
    pub prior: f64,
    /// What the prior rests on.
    pub prior_basis: Basis,
    /// What goes wrong and why the client sees what it sees.
    pub mechanism: String,
    /// What speaks for and against it.
    pub evidence: Vec<Evidence>,
    /// The causes that it brings about.
    pub leads_to: Vec<CauseId>,
    /// What it is often confused with.
    pub confusers: Vec<Confuser>,
    /// Its particular forms, the most particular first.
    pub variants: Vec<Variant>,
    /// What placeholders of its steps stand for.
    pub fill: Vec<Fill>,
    /// Steps in working order.
    pub fix: Vec<Fix>,
    /// Tickets, by the names of their folders, on which it must stay improbable.
    pub quiet_on: Vec<String>,
    /// What not to do, in the reader's words.
    pub never: Vec<String>,
    /// What to get next.
    pub collect: Vec<Collect>,
    /// Where the knowledge comes from.
    pub references: Vec<String>,
}

impl Cause {
    /// Its evidence, for it or against it, that looks at records of the signal at that end of a connection: indices into
    /// `evidence`.
    pub fn speaks_of(&self, signal: SignalId, end: End) -> impl Iterator<Item = usize> {
        let evidence = self.evidence.iter().enumerate();
        let found = evidence.filter(move |(_, evidence)| match &evidence.finding {
            Finding::Signal { signals, relation } | Finding::Absent { signals, relation } => {
                let other = |clause: &Clause<SignalId>| matches!(clause, Clause::On(on) if *on != end);
                signals.contains(&signal) && !relation.clauses.iter().any(other)
            }
            Finding::Attempts(_) | Finding::Code(_) | Finding::Extended(_) => false,
        });
        found.map(|(index, _)| index)
    }
}

/// A cause that looks alike.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Confuser {
    /// The other cause.
    pub cause: CauseId,
    /// What tells the two apart.
    pub tell: String,
}

/// A step of a cause's fix list.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Fix {
    /// The step.
    pub step: StepId,
    /// Probability that this step alone ends the fault if the cause is right; 0 for a check.
    pub helps: f64,
    /// What that probability rests on.
    pub basis: Basis,
}

/// A log worth getting.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Collect {
    /// Channel or other source.
    pub channel: String,
    /// On which machine: host, client, gateway or domain controller.
    pub on: String,
    /// What it would tell.
    pub why: String,
}

/// A piece of evidence for or against a cause.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Evidence {
    /// Unique within the cause: the signal's name, or the phrase.
    pub id: String,
    /// What it looks at.
    pub finding: Finding,
    /// For the cause, or against it.
    pub supports: bool,
    /// Likelihood ratio above one; evidence against divides by it.
    pub ratio: f64,
    /// Of a group of correlated evidence only the strongest counts.
    pub group: Option<String>,
    /// The sentence of the report; `{Field}` of the first record, `{count}`, `{failures}`.
    pub because: String,
    /// Counts this much the other way when it is missing although the logs would hold it.
    pub if_absent: Option<f64>,
    /// What the numbers rest on.
    pub basis: Basis,
}

word_enum! {
    /// Where a fault can lie: wider than [`Side`](crate::Side), for not every fault lies on a machine of the connection.
    pub enum FaultSide {
        /// The machine that connects.
        Client = "client",
        /// The machine connected to.
        Host = "host",
        /// The way between them.
        Network = "network",
        /// The domain: its controllers, accounts and policies.
        Domain = "domain",
        /// The gateway in between.
        Gateway = "gateway",
    }
}

/// The cause of a file; reports every fault of it.
pub(crate) fn load(root: &Node, reader: Reader<'_>, names: &Names) -> Option<Cause> {
    let mut map = reader.map(root);
    let id = field::id(&mut map);
    let title = owned(map.required_text("title"));
    let verdict = map.text("verdict").map_or_else(|| title.clone(), |text| text.trim().to_owned());
    let side = map.required_choice("side", FaultSide::CHOICES).unwrap_or(FaultSide::Host);
    let family = map.optional("family").and_then(|node| names.family(node, reader));
    let stages = names.stages(map.list("stages"), reader);
    if stages.is_empty() {
        reader.report(
            map.span(),
            Fault::error("cause::stages", "a cause says at which stages its failures break"),
        );
    }
    let general = basis::optional(&mut map, "basis");
    let prior = prior(&mut map);
    let prior_basis = prior_basis(&mut map, general.as_ref());
    let mechanism = owned(map.required_text("mechanism"));
    let mut evidence = Vec::new();
    for (key, supports) in [("evidence", true), ("against", false)] {
        for node in map.list(key) {
            evidence.extend(self::evidence(node, supports, reader, names, general.as_ref()));
        }
    }
    number_alike(&mut evidence);
    let leads_to = names.causes(map.list("leads_to"), reader);
    let confusers = map.list("confusers").iter().filter_map(|node| confuser(node, reader, names)).collect();
    let fix = map.list("fix").iter().filter_map(|node| fix(node, reader, names, general.as_ref())).collect();
    let variants = variant::variants(&mut map, names, general.as_ref());
    let fill = variant::fills(&mut map, names);
    let never = texts(&mut map, "never");
    let quiet_on = texts(&mut map, "quiet_on");
    let collect = map.list("collect").iter().map(|node| collect(node, reader)).collect();
    let references = texts(&mut map, "references");
    map.finish();
    Some(Cause {
        id: id?,
        title,
        verdict,
        side,
        family,
        stages,
        prior,
        prior_basis,
        mechanism,
        evidence,
        leads_to,
        confusers,
        variants,
        fill,
        fix,
        quiet_on,
        never,
        collect,
        references,
    })
}

fn prior_basis(map: &mut MapReader<'_>, general: Option<&Basis>) -> Basis {
    let own = basis::optional(map, "prior_basis");
    let silent = own.is_none() && general.is_none() && map.key_span("basis").is_none();
    if let Some(span) = map.key_span("prior").filter(|_| silent) {
        basis::missing(map.reader(), span);
    }
    own.or(general.cloned()).unwrap_or(Basis::Judgement)
}

fn prior(map: &mut MapReader<'_>) -> f64 {
    let reader = map.reader();
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

fn evidence(
    node: &Node,
    supports: bool,
    reader: Reader<'_>,
    names: &Names,
    general: Option<&Basis>,
) -> Option<Evidence> {
    let mut map = reader.map(node);
    let finding = finding(&mut map, names);
    let ratio = map.required("strength").and_then(|node| strength(node, reader, &names.strengths));
    let if_absent = map.optional("if_absent").and_then(|node| strength(node, reader, &names.strengths));
    let id = map.text("id").map(str::to_owned);
    let group = map.text("group").map(str::to_owned);
    let because = owned(map.required_text("because"));
    let basis = basis::own_or(&mut map, general);
    map.finish();
    let (name, finding) = finding?;
    Some(Evidence {
        id: id.unwrap_or(name),
        finding,
        supports,
        ratio: ratio?,
        group,
        because,
        if_absent,
        basis,
    })
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
                Fault::error("cause::strength", format!("unknown strength `{text}`"))
                    .help(format!("use {} or a number of 1 or more", words.join(", "))),
            );
            None
        }
    }
}

fn confuser(node: &Node, reader: Reader<'_>, names: &Names) -> Option<Confuser> {
    let mut map = reader.map(node);
    let cause = map.required("cause").and_then(|node| names.cause(node, reader));
    let tell = owned(map.required_text("tell"));
    map.finish();
    Some(Confuser { cause: cause?, tell })
}

fn fix(node: &Node, reader: Reader<'_>, names: &Names, general: Option<&Basis>) -> Option<Fix> {
    let mut map = reader.map(node);
    let step = map.required("step").and_then(|node| names.step(node, reader));
    let helps = map.number("helps").unwrap_or(0.0);
    if !(0.0..=1.0).contains(&helps) {
        let span = map.key_span("helps").unwrap_or(map.span());
        reader.report(span, Fault::error("cause::helps", "`helps` is a probability from 0 to 1"));
    }
    let basis = basis::own_or(&mut map, general);
    map.finish();
    Some(Fix { step: step?, helps, basis })
}

fn collect(node: &Node, reader: Reader<'_>) -> Collect {
    let mut map = reader.map(node);
    let collect = Collect {
        channel: owned(map.required_text("channel")),
        on: owned(map.text("on")),
        why: owned(map.required_text("why")),
    };
    map.finish();
    collect
}

value_shape!(
    /// The side of the fault.
    FaultSideWord = words(FaultSide::WORDS)
);
value_shape!(
    /// Neither certain nor impossible.
    PriorShape = schemars::json_schema!({ "type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1 })
);

shape! {
    /// A known root cause: rules/causes/ID.yml.
    #[schemars(title = "Cause")]
    pub(crate) struct CauseFile {
        /// Kebab-case id, the name of the file.
        id: Name,
        /// Completes "the connection failed because …".
        title: Text,
        /// Headline of a report, at most 80 columns; the title where it is missing.
        verdict: Option<Text>,
        /// On which side the fault lies.
        side: FaultSideWord,
        /// The family of causes that it shares a mechanism with: a word of the ladder.
        family: Option<Text>,
        /// Where failures of this cause break, the usual stage first.
        stages: OneOrMany<StageName>,
        /// Probability before any evidence: 0.1 common, 0.03 occasional, 0.005 rare.
        prior: PriorShape,
        /// What every number of the file rests on that does not say it itself.
        basis: Option<BasisShape>,
        /// What the prior rests on, where it is something else.
        prior_basis: Option<BasisShape>,
        /// What goes wrong, and why the client sees what it sees.
        mechanism: Text,
        /// Evidence for the cause.
        evidence: Option<Vec<EvidenceShape>>,
        /// Evidence against it; the engine inverts the strength.
        against: Option<Vec<EvidenceShape>>,
        /// The causes that this one brings about.
        leads_to: Option<Vec<Name>>,
        /// What it is often confused with.
        confusers: Option<Vec<ConfuserShape>>,
        /// Particular forms of the cause: headline, sentence and steps that depend on what was seen.
        variants: Option<Vec<VariantShape>>,
        /// What placeholders of its steps stand for.
        fill: Option<Vec<FillShape>>,
        /// Steps in working order: read-only ones first, then cheap before expensive.
        fix: Option<Vec<FixShape>>,
        /// Tickets, by the names of their folders, on which the cause must stay below 10 %; `rules test` holds it to that.
        quiet_on: Option<OneOrMany<Text>>,
        /// What not to do, in the reader's words.
        never: Option<Vec<Text>>,
        /// What to get next.
        collect: Option<Vec<CollectShape>>,
        /// Short titles of sources.
        references: Option<OneOrMany<String>>,
    }
}

shape! {
    /// A piece of evidence.
    #[schemars(transform = looks_at_something)]
    struct EvidenceShape {
        /// How many times more likely it is with the cause than without it: a word of the ladder, or a number above 1.
        strength: StrengthShape,
        /// Correlated evidence: only the strongest of a group counts.
        group: Option<Text>,
        /// The sentence of the report; {Field} of the first record, {count} records, {failures}.
        because: Text,
        /// Counts this much the other way when it is missing although the logs would hold it.
        if_absent: Option<StrengthShape>,
        /// Its ID within the cause; stays the same when the rule is edited.
        id: Option<Name>,
        /// What the numbers rest on, where it is something else than for the whole file.
        basis: Option<BasisShape>,
    }
}

/// Adds the keys of [`FindingShape`].
fn looks_at_something(schema: &mut schemars::Schema) {
    let finding = schemars::schema_for!(FindingShape);
    for key in ["properties", "oneOf"] {
        match (schema.get_mut(key), finding.get(key)) {
            (Some(Value::Object(own)), Some(Value::Object(more))) => own.extend(more.clone()),
            (None, Some(more)) => {
                schema.insert(key.to_owned(), more.clone());
            }
            _ => {}
        }
    }
}

shape! {
    /// A cause that looks alike.
    struct ConfuserShape {
        cause: Name,
        /// What tells the two apart.
        tell: Text,
    }
}

shape! {
    /// A step.
    struct FixShape {
        step: Name,
        /// Probability that this step alone ends the fault if the cause is right; 0 for a check.
        helps: Option<Probability>,
        /// What `helps` rests on, where it is something else than for the whole file.
        basis: Option<BasisShape>,
    }
}

shape! {
    /// A log.
    struct CollectShape {
        /// Channel or other source.
        channel: Text,
        /// Machine: host, client, gateway, domain controller.
        on: Option<Text>,
        /// What it would tell.
        why: Text,
    }
}
