//! Words of our own, which are no names where we say them.

use super::fold::fold;
use rdpwhy_rules::Pack;
use std::collections::BTreeSet;

/// The words that rules say about records, and those that logs are built of.
pub(super) struct Vocabulary {
    words: BTreeSet<String>,
    channels: BTreeSet<String>,
    /// Fields that hold command lines.
    commands: Vec<String>,
}

impl Vocabulary {
    pub(super) fn new(pack: &Pack) -> Vocabulary {
        let mut vocabulary = Vocabulary {
            words: BTreeSet::new(),
            channels: BTreeSet::new(),
            commands: pack.identities().commands.clone(),
        };
        let because = pack.causes().iter().flat_map(|cause| &cause.evidence).map(|piece| &piece.because);
        because.for_each(|text| vocabulary.learn(text));
        for notice in pack.notices() {
            vocabulary.learn(&notice.text);
            vocabulary.learn(&notice.title);
        }
        for condition in &pack.ladder().conditions {
            vocabulary.learn(&condition.title);
        }
        for channel in pack.signals().iter().flat_map(|signal| &signal.log_source.channels) {
            vocabulary.learn(channel);
            vocabulary.channels.insert(channel.to_lowercase());
        }
        for field in pack.codes().iter().flat_map(|table| &table.fields) {
            vocabulary.learn(&field.provider);
            vocabulary.learn(&field.field);
        }
        let identities = pack.identities();
        let fields = identities.users.iter().chain(&identities.machines).chain(&identities.domains);
        let roles = pack.ladder().roles.iter().flatten();
        fields.chain(roles).for_each(|field| vocabulary.learn(&field.field));
        vocabulary
    }

    fn learn(&mut self, text: &str) {
        let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
        self.words.extend(words.map(fold));
    }

    /// Whether a folded name is one of these words.
    pub(super) fn has(&self, name: &str) -> bool {
        self.words.contains(name)
    }

    /// Whether rules know a channel of that name.
    pub(super) fn is_channel(&self, name: &str) -> bool {
        self.channels.contains(&name.to_lowercase())
    }

    /// Whether the field holds command lines.
    pub(super) fn is_command(&self, field: &str) -> bool {
        self.commands.iter().any(|command| command.eq_ignore_ascii_case(field))
    }
}
