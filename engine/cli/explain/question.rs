//! What a person asks, taken apart: codes, names of codes, events, and the words in between.

use rdpwhy_rules::Pack;
use rdpwhy_rules::codes::CodeValue;

/// Words in front of a code.
const CODE_LABELS: [&str; 20] = [
    "code",
    "codes",
    "error",
    "errorcode",
    "extended",
    "reason",
    "status",
    "substatus",
    "sub",
    "result",
    "hresult",
    "disconnect",
    "number",
    "fehler",
    "fehlercode",
    "erweiterter",
    "erreur",
    "codice",
    "errore",
    "código",
];
/// Words in front of an event ID.
const EVENT_LABELS: [&str; 8] =
    ["event", "events", "eventid", "event-id", "id", "ereignis", "ereignis-id", "événement"];
/// How many words before a number are tried as its provider.
const PROVIDER_REACH: usize = 3;
/// Digits of a 32-bit number in hexadecimal.
const HEX_DIGITS: usize = 8;

/// A question.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Question {
    /// Codes in the order in which they are named, each once.
    pub(crate) codes: Vec<TypedCode>,
    /// Names of codes, known or not, each once.
    pub(crate) names: Vec<String>,
    /// Events, each once.
    pub(crate) events: Vec<TypedEvent>,
    /// All other words, and numbers that nothing says what they are.
    pub(crate) words: Vec<String>,
    /// The whole text, as texts are compared.
    pub(crate) text: String,
}

/// A code as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TypedCode {
    pub(crate) value: CodeValue,
    /// Typed in decimal: it may also be the number of a message or of an event, or lack its `0x`.
    pub(crate) decimal: Option<String>,
}

/// An event as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TypedEvent {
    /// A part of the name of its provider or channel, or its initials.
    pub(crate) provider: Option<String>,
    pub(crate) id: u32,
}

impl Question {
    /// Takes a text apart.
    pub(crate) fn new(pack: &Pack, text: &str) -> Question {
        let tokens = tokens(text);
        let mut question = Question { text: normal(text), ..Question::default() };
        let mut used = vec![false; tokens.len()];
        let is_code = |token: &String| code(token).is_some() || is_label(token) || is_name(pack, token);
        let bare = tokens.iter().all(is_code);
        for at in 0..tokens.len() {
            question.take(pack, &tokens, at, bare, &mut used);
        }
        question.words = tokens
            .iter()
            .zip(&used)
            .filter(|(token, used)| !**used && !is_label(token))
            .map(|(token, _)| token.to_lowercase())
            .collect();
        question
    }

    /// Takes the token at `at`, and the words that belong to it; where nothing but codes is asked, every number is one.
    fn take(&mut self, pack: &Pack, tokens: &[String], at: usize, bare: bool, used: &mut [bool]) {
        let token = tokens[at].as_str();
        let before = at.checked_sub(1).map(|before| tokens[before].to_lowercase());
        if let Some(id) = small_number(token) {
            if let Some(place) = provider_beside(pack, tokens, at, id) {
                (used[at], used[place]) = (true, true);
                add(&mut self.events, TypedEvent { provider: Some(tokens[place].clone()), id });
                return;
            }
            if before.as_deref().is_some_and(|word| EVENT_LABELS.contains(&word)) {
                used[at] = true;
                add(&mut self.events, TypedEvent { provider: None, id });
                return;
            }
        }
        if let Some(id) = small_number(token)
            && names_other_provider(pack, tokens, at, id, bare)
        {
            (used[at], used[at - 1]) = (true, true);
            add(&mut self.events, TypedEvent { provider: Some(tokens[at - 1].clone()), id });
            return;
        }
        let labelled = before.is_some_and(|word| CODE_LABELS.contains(&word.as_str()));
        if let Some(code) = code(token).filter(|code| code.decimal.is_none() || labelled || bare) {
            used[at] = true;
            add(&mut self.codes, code);
        } else if is_name(pack, token) {
            used[at] = true;
            add(&mut self.names, token.to_owned());
        }
    }
}

/// Whether a short question names an event ID behind something that is not known to write it: `Schannel 1149`.
fn names_other_provider(pack: &Pack, tokens: &[String], at: usize, id: u32, bare: bool) -> bool {
    let is_short = !bare && at > 0 && tokens.len() <= PROVIDER_REACH;
    is_short && !is_label(&tokens[at - 1]) && !pack.signals_of_event(id).is_empty()
}

fn add<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}

/// The text in words, without the punctuation around them.
fn tokens(text: &str) -> Vec<String> {
    let breaks = |letter: char| letter.is_whitespace() || ",;/|()[]{}<>=:\"“”„«»&\\".contains(letter);
    let bare = |word: &str| word.trim_matches(['.', '!', '?', '\'', '`', '*']).to_owned();
    text.split(breaks).map(bare).filter(|word| word.chars().any(char::is_alphanumeric)).collect()
}

/// The text as texts are compared: words in lower case with one blank between them, apostrophes left out.
pub(crate) fn normal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars().filter(|letter| !matches!(letter, '\'' | '’' | '‘')) {
        if letter.is_alphanumeric() {
            out.extend(letter.to_lowercase());
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.trim().to_owned()
}

fn is_label(token: &str) -> bool {
    let token = token.to_lowercase();
    CODE_LABELS.contains(&token.as_str()) || EVENT_LABELS.contains(&token.as_str())
}

/// A number that can be an event ID.
fn small_number(token: &str) -> Option<u32> {
    if !token.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    token.parse().ok().filter(|id| u16::try_from(*id).is_ok())
}

fn code(token: &str) -> Option<TypedCode> {
    if let Some(value) = CodeValue::parse(token) {
        let decimal = token.bytes().all(|letter| letter.is_ascii_digit()).then(|| token.to_owned());
        return Some(TypedCode { value, decimal });
    }
    // Status codes are often written without their `0x`: C000006D.
    let is_status = token.len() == HEX_DIGITS && token.bytes().all(|digit| digit.is_ascii_hexdigit());
    let value = is_status.then(|| CodeValue::parse(&format!("0x{token}"))).flatten()?;
    Some(TypedCode { value, decimal: None })
}

/// Whether a word is written like the name of a code, or is one.
fn is_name(pack: &Pack, token: &str) -> bool {
    if token.contains('_') {
        return true;
    }
    let is_written_as_name = token.chars().filter(|letter| letter.is_uppercase()).count() > 1;
    is_written_as_name
        && pack.codes().iter().flat_map(|table| &table.entries).any(|entry| entry.is_called(token))
}

/// The place of the word beside a number that names the provider of an event with that ID.
fn provider_beside(pack: &Pack, tokens: &[String], at: usize, id: u32) -> Option<usize> {
    let names = |place: usize| {
        !is_label(&tokens[place]) && small_number(&tokens[place]).is_none() && is_of(pack, &tokens[place], id)
    };
    let before = (at.saturating_sub(PROVIDER_REACH)..at).rev().find(|place| names(*place));
    before.or_else(|| (at + 1 < tokens.len()).then_some(at + 1).filter(|place| names(*place)))
}

fn is_of(pack: &Pack, word: &str, id: u32) -> bool {
    pack.signals_of_event(id).into_iter().any(|(signal, provider)| {
        let channels = &pack.signal(signal).signal.log_source.channels;
        is_called(word, provider, channels)
    })
}

/// Whether a word is a part of the name of a provider or channel, or the initials of its last part: `LSM`.
pub(crate) fn is_called(word: &str, provider: Option<&str>, channels: &[String]) -> bool {
    const SHORTEST: usize = 3;
    let word = word.to_lowercase();
    if word.chars().count() < SHORTEST {
        return false;
    }
    let has = |name: &str| name.to_lowercase().contains(&word) || initials(name) == word;
    provider.is_some_and(has) || channels.iter().any(|channel| has(channel))
}

/// `lsm` of `Microsoft-Windows-TerminalServices-LocalSessionManager/Operational`.
fn initials(name: &str) -> String {
    let name = name.split('/').next().unwrap_or_default();
    let last = name.rsplit(['-', ' ']).next().unwrap_or_default();
    last.chars().filter(|letter| letter.is_uppercase()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Question {
        let (pack, _) = Pack::built_in(&[]).expect("the built-in rules are sound");
        Question::new(&pack, text)
    }

    fn numbers(question: &Question) -> Vec<u32> {
        question.codes.iter().map(|code| code.value.number()).collect()
    }

    #[test]
    fn a_dialog_gives_its_codes_and_not_its_other_numbers() {
        let text = "This computer can't connect to the remote computer. Try again on 9 March.\n\
                    Error code: 0x904\nExtended error code: 0x7\nTimestamp (UTC): 03/09/26 07:58:31 AM";
        let question = asked(text);
        assert_eq!(numbers(&question), [0x904, 0x7]);
        assert_eq!(question.events, []);
        assert!(question.text.starts_with("this computer cant connect"));
    }

    #[test]
    fn events_and_codes_are_told_apart() {
        for text in ["event 1149", "Event ID: 1149", "RemoteConnectionManager 1149", "RCM 1149", "1149 rcm"] {
            let question = asked(text);
            assert_eq!(question.events.iter().map(|event| event.id).collect::<Vec<_>>(), [1149], "{text}");
            assert!(question.codes.is_empty(), "{text}");
        }
        assert_eq!(numbers(&asked("error 516")), [516]);
        assert_eq!(numbers(&asked("C000006D")), [0xC000_006D]);
        assert_eq!(asked("nte_bad_keyset").names, ["nte_bad_keyset"]);
        assert_eq!(asked("access denied").words, ["access", "denied"]);
    }
}
