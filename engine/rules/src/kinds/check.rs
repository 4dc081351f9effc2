//! Live checks: what a machine can say about itself that its logs do not.

use rdpwhy_yaml::{Fault, Node, Reader};

use crate::command;
use crate::field::{self, owned};
use crate::id::CauseId;
use crate::names::Names;
use crate::shape::{Name, OneOrMany, SideWord, Text, shape};
use crate::side::Side;

/// A check that looks at a live machine and changes nothing.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
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

/// The check of a file; reports every fault of it.
pub(crate) fn load(root: &Node, reader: Reader<'_>, names: &Names) -> Option<Check> {
    let mut map = reader.map(root);
    let id = field::id(&mut map);
    let title = owned(map.required_text("title"));
    let on = map.list("on").iter().filter_map(|node| reader.choice(node, Side::CHOICES)).collect::<Vec<_>>();
    let run = map.required("run");
    let check = Check {
        id: id.clone().unwrap_or_default(),
        title,
        run: run.and_then(Node::as_text).unwrap_or_default().trim_end().to_owned(),
        causes: names.causes(map.list("causes"), reader),
        sources: map.texts("sources").into_iter().map(str::to_owned).collect(),
        on,
    };
    if check.on.is_empty() {
        let fault = Fault::error("check::on", "a check says on which machines it can be run");
        reader.report(map.span(), fault.help("add `on`: host, client or gateway, or a list of them"));
    }
    if let Some(node) = run {
        check_run(node, &check.run, reader);
    }
    map.finish();
    id.map(|_| check)
}

fn check_run(node: &Node, text: &str, reader: Reader<'_>) {
    let report = |fault: Fault| reader.report(node.span, fault);
    command::check(node, text, reader);
    if !SAYINGS.iter().any(|saying| text.contains(saying)) {
        let fault = Fault::error("check::silent", "the check never says what it found");
        report(fault.help("use Write-Pass, Write-Fail and Write-Unknown, each with a sentence"));
    }
    if let Some(letter) = text.chars().find(|letter| !letter.is_ascii()) {
        let fault = Fault::error("check::ascii", format!("`{letter}` is not ASCII"));
        report(fault.help("Windows PowerShell reads scripts in the code page of the machine"));
    }
}

shape! {
    /// A live check: rules/checks/ID.yml.
    #[schemars(title = "Check")]
    pub(crate) struct CheckFile {
        /// Kebab-case id, the name of the file.
        id: Name,
        /// What is looked at, in a few words.
        title: Text,
        /// On which machines it can be run.
        on: OneOrMany<SideWord>,
        /// PowerShell 5.1, read-only, that says what it found with Write-Pass, Write-Fail and Write-Unknown. ASCII.
        run: Text,
        /// The causes that a failure points to.
        causes: Option<OneOrMany<String>>,
        /// Where the knowledge comes from.
        sources: Option<OneOrMany<String>>,
    }
}
