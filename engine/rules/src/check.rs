//! Live checks: what a machine can say about itself that its logs do not.

use crate::CauseId;
use crate::command;
use crate::fault::{Fault, Faults};
use crate::ladder::Side;
use crate::load::{check_id, known, owned};
use crate::yaml::{MapReader, Node};
use std::collections::BTreeMap;

/// A check that looks at a live machine and changes nothing.
#[derive(Debug, Clone)]
pub struct Check {
    /// Kebab-case id, the name of its file.
    pub id: String,
    /// What is looked at, in a few words.
    pub title: String,
    /// On which machines it can be run.
    pub on: Vec<Side>,
    /// PowerShell that says what it found with `Write-Pass`, `Write-Fail` and `Write-Unknown`.
    pub run: String,
    /// The causes that a failure points to.
    pub causes: Vec<CauseId>,
    /// Where the knowledge comes from.
    pub sources: Vec<String>,
}

/// What a check can say; each takes a sentence.
const SAYINGS: [&str; 3] = ["Write-Pass", "Write-Fail", "Write-Unknown"];

pub(crate) fn check(
    path: &str,
    root: &Node,
    causes: &BTreeMap<String, CauseId>,
    faults: &Faults,
) -> Option<Check> {
    let mut map = MapReader::new(root, faults, path);
    let reader = map.reader();
    let sides = [("host", Side::Host), ("client", Side::Client), ("gateway", Side::Gateway)];
    let id = check_id(&mut map, path);
    let title = owned(map.required_text("title"));
    let on = map.list("on").iter().filter_map(|node| reader.choice(node, &sides)).collect::<Vec<_>>();
    let run = map.required("run");
    let check = Check {
        id: id.clone().unwrap_or_default(),
        title,
        run: run.and_then(Node::as_text).unwrap_or_default().trim_end().to_owned(),
        causes: map.list("causes").iter().filter_map(|node| known(node, reader, causes, "cause")).collect(),
        sources: map.texts("sources").into_iter().map(str::to_owned).collect(),
        on,
    };
    if check.on.is_empty() {
        let fault = Fault::error("check::on", "a check says on which machines it can be run");
        reader.report(map.span(), fault.help("add `on`: host, client or gateway, or a list of them"));
    }
    if let Some(node) = run {
        self::run(node, &check.run, faults, path);
    }
    map.finish();
    id.map(|_| check)
}

fn run(node: &Node, text: &str, faults: &Faults, path: &str) {
    let report = |fault: Fault| faults.push(fault.file(path).span(node.span));
    commands(node, text, faults, path);
    if !SAYINGS.iter().any(|saying| text.contains(saying)) {
        let fault = Fault::error("check::silent", "the check never says what it found");
        report(fault.help("use Write-Pass, Write-Fail and Write-Unknown, each with a sentence"));
    }
    if let Some(letter) = text.chars().find(|letter| !letter.is_ascii()) {
        let fault = Fault::error("check::ascii", format!("`{letter}` is not ASCII"));
        report(fault.help("Windows PowerShell reads scripts in the code page of the machine"));
    }
}

/// Reports a quote or bracket that is not closed: the commands go into scripts as they stand.
pub(crate) fn commands(node: &Node, text: &str, faults: &Faults, path: &str) {
    if let Err(imbalance) = command::balanced(text) {
        let fault = Fault::error("rule::unbalanced", "quotes and brackets of these commands do not close")
            .label(imbalance.what)
            .help("commands go into scripts as they stand");
        faults.push(fault.file(path).span(node.span.part(text, imbalance.range)));
    }
}
