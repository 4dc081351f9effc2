//! The stages that a connection climbs, and the numbers that rank what goes wrong on the way.

use rdpwhy_yaml::{Fault, Faults, Node, Reader};

use crate::embedded;
use crate::field::owned;
use crate::kind::Kind;
use crate::shape::{Name, Probability, Text, shape, value_shape, words};
use crate::word::word_enum;

use super::thresholds::required;

/// One rung.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Stage {
    /// The word in rules and reports.
    pub id: String,
    /// What happens in it.
    pub title: String,
    /// What the engine knows it as, if anything.
    pub role: Option<StageRole>,
}

word_enum! {
    /// The stages that the engine has to know: what it means to pass them does not follow from the records.
    pub enum StageRole {
        /// A connection has passed it when the host first hears of it.
        Arrival = "arrival",
        /// The first one at which the user is in a session.
        Logon = "logon",
        /// The desktop is there.
        Session = "session",
    }
}

/// Causes that share a mechanism and differ in detail.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Family {
    /// The word in rules and reports.
    pub id: String,
    /// What is wrong, as far as all of them have it in common.
    pub title: String,
}

/// Numbers of the ranking.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
pub struct Ranking {
    /// Prior probability of "none of these".
    pub none: f64,
    /// How much less likely a cause is that does not break where the failures broke.
    pub stage_mismatch: f64,
    /// By how much a cause is less likely that does not explain a record beside the failures.
    pub unexplained: f64,
    /// How likely a cause that is at work brings about what it can lead to.
    pub effect: f64,
    /// How many times more likely symptoms alone make a cause at most.
    pub symptoms: f64,
    /// A code that a rule gives at least this ratio names its cause and is no mere symptom.
    pub specific_code: f64,
    /// What evidence from a signal counts at most while nobody has seen such a record.
    pub unseen: f64,
    /// From this probability on the first cause is the verdict.
    pub diagnosed: f64,
    /// What was measured of answers that rest on more than symptoms: the probability by the estimates, and the share of such
    /// answers that are right; rising.
    pub calibration: Vec<(f64, f64)>,
    /// The same of answers that rest on symptoms alone.
    pub calibration_of_symptoms: Vec<(f64, f64)>,
    /// The words for likelihood ratios.
    pub strengths: Vec<(String, f64)>,
}

/// What other rules need before the rest of the ladder can be read.
#[derive(Debug, Default)]
pub(crate) struct Basics {
    pub(crate) stages: Vec<Stage>,
    pub(crate) families: Vec<Family>,
    pub(crate) ranking: Ranking,
}

/// The stages, the families and the numbers of the ranking.
pub(crate) fn load(root: &Node, reader: Reader<'_>) -> Basics {
    let mut map = reader.map(root);
    Basics {
        stages: map.list("stages").iter().map(|node| stage(node, reader)).collect(),
        families: map.list("families").iter().map(|node| family(node, reader)).collect(),
        ranking: map.required("ranking").map_or_else(Ranking::default, |node| ranking(node, reader)),
    }
}

fn family(node: &Node, reader: Reader<'_>) -> Family {
    let mut map = reader.map(node);
    let family = Family { id: owned(map.required_text("id")), title: owned(map.required_text("title")) };
    map.finish();
    family
}

fn stage(node: &Node, reader: Reader<'_>) -> Stage {
    let mut map = reader.map(node);
    let (id, title) = (owned(map.required_text("id")), owned(map.required_text("title")));
    let role = map.choice("role", StageRole::CHOICES);
    map.finish();
    Stage { id, title, role }
}

fn ranking(node: &Node, reader: Reader<'_>) -> Ranking {
    let mut map = reader.map(node);
    let ranking = Ranking {
        none: required(&mut map, "none"),
        stage_mismatch: required(&mut map, "stage_mismatch"),
        unexplained: required(&mut map, "unexplained"),
        effect: required(&mut map, "effect"),
        symptoms: required(&mut map, "symptoms"),
        specific_code: required(&mut map, "specific_code"),
        unseen: required(&mut map, "unseen"),
        diagnosed: required(&mut map, "diagnosed"),
        calibration: map.list("calibration").iter().filter_map(|node| point(node, reader)).collect(),
        calibration_of_symptoms: map
            .list("calibration_of_symptoms")
            .iter()
            .filter_map(|node| point(node, reader))
            .collect(),
        strengths: map.required("strengths").map(|node| strengths(node, reader)).unwrap_or_default(),
    };
    map.finish();
    ranking
}

/// An entry of the table of calibration: `{ said: 0.4, right: 0.6 }`.
fn point(node: &Node, reader: Reader<'_>) -> Option<(f64, f64)> {
    let mut map = reader.map(node);
    let (said, right) = (map.number("said"), map.number("right"));
    map.finish();
    let (said, right) = (said?, right?);
    if (0.0..=1.0).contains(&said) && (said..=1.0).contains(&right) {
        return Some((said, right));
    }
    let fault = Fault::error(
        "ladder::calibration",
        "calibration makes no answer surer than certain, and none less sure",
    );
    reader.report(
        node.span,
        fault.help("`said` and `right` are from 0 to 1, and `right` is no less than `said`"),
    );
    None
}

fn strengths(node: &Node, reader: Reader<'_>) -> Vec<(String, f64)> {
    let pairs = node.as_map().unwrap_or_default().iter();
    pairs.filter_map(|(word, ratio)| Some((word.as_text()?.to_owned(), reader.number(ratio)?))).collect()
}

value_shape!(
    /// A stage of the ladder.
    StageName = schemars::json_schema!({ "type": "string", "examples": built_in().0 })
);
value_shape!(
    /// A likelihood ratio, or a word for one.
    StrengthShape = schemars::json_schema!({
        "anyOf": [{ "type": "string", "enum": built_in().1 }, { "type": "number", "minimum": 1 }],
    })
);

/// The stages of the built-in ladder, and its words for likelihood ratios.
fn built_in() -> (Vec<String>, Vec<String>) {
    let faults = Faults::new();
    let ladder = embedded::files().iter().find(|file| Kind::of(file.path) == Kind::Ladder);
    let root = ladder.and_then(|file| file.documents()?.into_iter().next());
    let basics = root.map(|root| load(&root, Reader::new("ladder.yml", &faults))).unwrap_or_default();
    let words = basics.ranking.strengths.into_iter().map(|(word, _)| word);
    (basics.stages.into_iter().map(|stage| stage.id).collect(), words.collect())
}

value_shape!(
    /// What the engine knows a stage as.
    RoleWord = words(StageRole::WORDS)
);

shape! {
    /// A stage.
    pub(super) struct StageShape {
        id: Name,
        /// What happens in it.
        title: Text,
        /// What the engine knows it as.
        role: Option<RoleWord>,
    }
}

shape! {
    /// Causes that share a mechanism and differ in detail.
    pub(super) struct FamilyShape {
        id: Name,
        /// What is wrong, as far as all of them have it in common.
        title: Text,
    }
}

shape! {
    /// How often answers that are said to be so likely are right.
    pub(super) struct PointShape {
        /// By the estimates.
        said: Probability,
        /// Measured.
        right: Probability,
    }
}

shape! {
    /// Numbers of the ranking.
    pub(super) struct RankingShape {
        /// Prior of "none of these".
        none: f64,
        /// A cause that breaks elsewhere is this much less likely.
        stage_mismatch: f64,
        /// A cause that does not explain a record beside the failures is this much less likely.
        unexplained: f64,
        /// How likely a cause that is at work brings about what it can lead to.
        effect: Probability,
        /// What symptoms alone make a cause more likely at most.
        symptoms: f64,
        /// A code that a rule gives at least this weight is no mere symptom.
        specific_code: f64,
        /// What evidence from a signal counts at most while nobody has seen such a record.
        unseen: f64,
        /// From this probability on the first cause is the verdict.
        diagnosed: f64,
        /// What was measured of answers that rest on more than symptoms, by rising probability.
        calibration: Option<Vec<PointShape>>,
        /// The same of answers that rest on symptoms alone.
        calibration_of_symptoms: Option<Vec<PointShape>>,
        /// Words for likelihood ratios.
        strengths: std::collections::BTreeMap<String, f64>,
    }
}
