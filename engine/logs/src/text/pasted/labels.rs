//! What Event Viewer and `wevtutil` call the values of a record, in the languages of Windows.
//!
//! # Sources
//! German, Russian, Japanese and Chinese from details that people pasted into public threads; Dutch, Polish, Italian, Spanish and
//! Portuguese from Microsoft's translated documentation, where Event Viewer itself may word one or the other label differently; French
//! from a rebuilt Event Viewer.

use crate::input::format::EVENT_ID;

/// A value that Event Viewer shows of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    Channel,
    Source,
    Date,
    Time,
    EventId,
    Level,
    Keywords,
    User,
    Computer,
    RecordId,
    /// What is below it is the message.
    Description,
    /// What is below it is the XML.
    Xml,
    /// Known, and of no use.
    Other,
}

/// Labels in lower case.
const LABELS: &[(Label, &[&str])] = &[
    (
        Label::Channel,
        &[
            "log name",
            "protokollname",
            "nom du journal",
            "nombre de registro",
            "nombre del registro",
            "nome registro",
            "nome log",
            "nome do log",
            "logboeknaam",
            "nazwa dziennika",
            "имя журнала",
            "ログの名前",
            "日志名称",
        ],
    ),
    (
        Label::Source,
        &[
            "source",
            "event source",
            "quelle",
            "origen",
            "origine",
            "fonte",
            "bron",
            "źródło",
            "источник",
            "ソース",
            "来源",
        ],
    ),
    (
        Label::Date,
        &[
            "date",
            "logged",
            "date and time",
            "datum",
            "datum und uhrzeit",
            "protokolliert",
            "fecha",
            "fecha y hora",
            "data",
            "data e ora",
            "date et heure",
            "дата",
            "дата и время",
            "日付",
            "日付と時刻",
            "日期",
            "日期和时间",
        ],
    ),
    (Label::Time, &["time"]),
    (Label::EventId, EVENT_ID),
    (
        Label::Level,
        &[
            "level",
            "event type",
            "type",
            "ebene",
            "niveau",
            "nivel",
            "livello",
            "nível",
            "poziom",
            "уровень",
            "レベル",
            "级别",
        ],
    ),
    (
        Label::Keywords,
        &[
            "keywords",
            "keyword",
            "schlüsselwörter",
            "mots clés",
            "palabras clave",
            "parole chiave",
            "palavras-chave",
            "trefwoorden",
            "słowa kluczowe",
            "ключевые слова",
            "キーワード",
            "关键字",
        ],
    ),
    (
        Label::User,
        &[
            "user",
            "benutzer",
            "utilisateur",
            "usuario",
            "utente",
            "usuário",
            "gebruiker",
            "użytkownik",
            "пользователь",
            "ユーザー",
            "用户",
        ],
    ),
    (
        Label::Computer,
        &[
            "computer",
            "ordinateur",
            "equipo",
            "computador",
            "komputer",
            "компьютер",
            "コンピューター",
            "计算机",
        ],
    ),
    (Label::RecordId, &["event record id", "record id", "eventrecordid"]),
    (
        Label::Description,
        &[
            "description",
            "beschreibung",
            "descripción",
            "descrizione",
            "descrição",
            "beschrijving",
            "opis",
            "описание",
            "説明",
            "描述",
        ],
    ),
    (
        Label::Xml,
        &[
            "event xml",
            "ereignis-xml",
            "xml de l’événement",
            "xml de l'événement",
            "xml de evento",
            "xml события",
            "イベント xml",
            "事件 xml",
        ],
    ),
    (
        Label::Other,
        &[
            "task category",
            "task",
            "opcode",
            "event category",
            "user name",
            "aufgabenkategorie",
            "catégorie de la tâche",
            "categoría de la tarea",
            "categoría de tarea",
            "categoria attività",
            "categoria da tarefa",
            "taakcategorie",
            "kategoria zadania",
            "категория задачи",
            "タスクのカテゴリ",
            "任务类别",
        ],
    ),
];

/// What a label stands for.
pub(super) fn label(text: &str) -> Option<Label> {
    let text = text.trim().trim_matches('*').trim().to_lowercase();
    LABELS.iter().find(|(_, words)| words.contains(&text.as_str())).map(|(label, _)| *label)
}

/// The label and the value of a line such as `Event ID:  56`.
pub(super) fn labelled(line: &str) -> Option<(Label, &str)> {
    let (name, value) = line.split_once([':', '：'])?;
    // The longest label has some twenty letters.
    (name.len() <= 80)
        .then(|| label(name))
        .flatten()
        .map(|label| (label, value.trim_matches(['*', ' ', '\t', '\r'])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_several_languages() {
        for (line, expected) in [
            ("Event ID:      56", (Label::EventId, "56")),
            ("Ereignis-ID:   56", (Label::EventId, "56")),
            ("ID de l’événement : 56", (Label::EventId, "56")),
            ("**Computer:** host", (Label::Computer, "host")),
            ("Источник:      TermDD", (Label::Source, "TermDD")),
            ("Date:  4/13/2015 2:59:59 PM", (Label::Date, "4/13/2015 2:59:59 PM")),
        ] {
            assert_eq!(labelled(line), Some(expected), "{line}");
        }
        assert_eq!(labelled("Account Name: x"), None);
        assert_eq!(labelled("no label"), None);
    }

    #[test]
    fn no_label_stands_for_two_values() {
        let mut words: Vec<&str> = LABELS.iter().flat_map(|(_, words)| words.iter().copied()).collect();
        let count = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), count);
        assert!(words.iter().all(|word| *word == word.to_lowercase()));
    }
}
