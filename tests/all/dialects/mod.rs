//! Logs as other programs export them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use evtx::{EvtxParser, ParserSettings};
use rdpwhy_event::{Event, Names, Payload};
use rdpwhy_logs::parse_event_xml;
use serde_json::{Map, Value, json};

/// The XML of every record, as Windows' own tools write it.
fn xml_records(log: &[u8]) -> Vec<String> {
    let settings = ParserSettings::new().indent(false);
    let mut parser = EvtxParser::from_buffer(log.to_vec()).unwrap().with_configuration(settings);
    let records = parser.records().map(|record| record.unwrap().data);
    records
        .map(|xml| xml.split_once("?>").map_or(xml.clone(), |(_, event)| event.trim().to_owned()))
        .collect()
}

/// Event Viewer, "Save all events as… XML": a root element, and each record with its text in words.
pub(crate) fn event_viewer_xml(log: &[u8]) -> Vec<u8> {
    let info = "<RenderingInfo Culture='de-DE'><Message>Das ist größer als &lt;Event&gt;.</Message><Level>Fehler</Level>\
                </RenderingInfo></Event>";
    let records: String =
        xml_records(log).iter().map(|xml| xml.strip_suffix("</Event>").unwrap().to_owned() + info).collect();
    format!("<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\r\n<Events>{records}</Events>")
        .into_bytes()
}

/// `wevtutil qe CHANNEL /f:xml`: one record after the other and nothing around them, the newest first.
pub(crate) fn wevtutil_xml(log: &[u8]) -> Vec<u8> {
    let records = xml_records(log).into_iter().rev().map(|xml| xml.replace('"', "'"));
    records.collect::<Vec<_>>().join("\r\n").into_bytes()
}

/// The same with `/e:Events`, sent to a file by PowerShell: UTF-16 with its mark.
pub(crate) fn powershell_xml(log: &[u8]) -> Vec<u8> {
    let text = format!("\u{feff}<Events>\r\n{}\r\n</Events>\r\n", xml_records(log).join("\r\n"));
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// `evtx_dump -o jsonl`.
pub(crate) fn evtx_dump(log: &[u8]) -> Vec<u8> {
    let settings = ParserSettings::new().indent(false);
    let mut parser = EvtxParser::from_buffer(log.to_vec()).unwrap().with_configuration(settings);
    let records = parser.records_json().map(|record| record.unwrap().data);
    lines(records)
}

/// Winlogbeat, whose times end at the millisecond.
pub(crate) fn winlogbeat(log: &[u8]) -> Vec<u8> {
    lines(events(log).iter().map(|event| {
        let fields = numbered(event);
        let mut winlog = json!({
            "api": "wineventlog", "channel": *event.channel, "computer_name": *event.computer,
            "provider_name": *event.provider, "event_id": event.event_id.to_string(), "record_id": event.record_id,
            "process": { "pid": event.process_id, "thread": { "id": event.thread_id } },
            "version": event.version, "opcode": "Info", "task": "None",
        });
        if let Some(id) = event.activity_id {
            winlog["activity_id"] = json!(id.to_string());
        }
        if let Some(sid) = &event.user_sid {
            winlog["user"] = json!({ "identifier": **sid });
        }
        match &event.payload {
            Payload::UserData { root } => {
                winlog["user_data"] = Value::Object(fields);
                winlog["user_data"]["xml_name"] = json!(**root);
            }
            _ => winlog["event_data"] = Value::Object(fields),
        }
        let level = ["information", "critical", "error", "warning", "information", "verbose"];
        let time = &event.time.to_string()[..23];
        json!({
            "@timestamp": format!("{time}Z"), "message": "in words", "event": { "code": event.event_id.to_string() },
            "log": { "level": level[usize::from(event.level.unwrap_or(0))] }, "winlog": winlog,
        })
        .to_string()
    }))
}

/// NXLog's `im_msvistalog` through `to_json`, whose times end at the microsecond.
pub(crate) fn nxlog(log: &[u8]) -> Vec<u8> {
    lines(events(log).iter().map(|event| {
        let kinds = ["INFO", "CRITICAL", "ERROR", "WARNING", "INFO", "VERBOSE"];
        let mut record = json!({
            "EventTime": format!("{}Z", &event.time.to_string()[..26]), "Hostname": *event.computer,
            "Keywords": event.keywords.map(|keywords| keywords.cast_signed().to_string()),
            "EventType": kinds[usize::from(event.level.unwrap_or(0))], "SeverityValue": 2, "Severity": "INFO",
            "EventID": event.event_id, "SourceName": *event.provider, "Version": event.version,
            "TaskValue": event.task, "OpcodeValue": event.opcode, "RecordNumber": event.record_id,
            "ExecutionProcessID": event.process_id, "ExecutionThreadID": event.thread_id,
            "Channel": *event.channel, "Message": "in words",
        });
        let members = record.as_object_mut().unwrap();
        if let Some(id) = event.activity_id {
            members.insert("ActivityID".into(), json!(id.to_string()));
        }
        if let Some(sid) = &event.user_sid {
            members.insert("UserID".into(), json!(**sid));
        }
        members.extend(numbered(event));
        members.insert("SourceModuleType".into(), json!("im_msvistalog"));
        record.to_string()
    }))
}

/// Promtail's `windows_events`, which keeps the values as XML in a text.
pub(crate) fn promtail(log: &[u8]) -> Vec<u8> {
    let records = xml_records(log);
    let inner = |xml: &str, name: &str| {
        let (_, rest) = xml.split_once(&format!("<{name}>"))?;
        Some(rest.split_once(&format!("</{name}>"))?.0.to_owned())
    };
    lines(events(log).iter().zip(&records).map(|(event, xml)| {
        json!({
            "source": *event.provider, "channel": *event.channel, "computer": *event.computer, "event_id": event.event_id,
            "version": event.version, "level": event.level, "task": event.task, "opCode": event.opcode,
            "levelText": "Information", "taskText": "None", "keywords": "", "timeCreated": event.time.to_string(),
            "eventRecordID": event.record_id, "message": "in words",
            "execution": { "processId": event.process_id, "threadId": event.thread_id },
            "correlation": { "activityID": event.activity_id.map(|id| id.to_string()) },
            "security": { "userId": event.user_sid.as_deref() },
            "event_data": inner(xml, "EventData"), "user_data": inner(xml, "UserData"),
        })
        .to_string()
    }))
}

fn lines(records: impl Iterator<Item = String>) -> Vec<u8> {
    records.map(|record| record.replace('\n', "") + "\n").collect::<String>().into_bytes()
}

fn events(log: &[u8]) -> Vec<Event> {
    let mut names = Names::default();
    xml_records(log).iter().map(|xml| parse_event_xml(xml, &mut names).unwrap().0).collect()
}

/// Fields with the names that forwarders give to those without one.
fn numbered(event: &Event) -> Map<String, Value> {
    let name = |name: &str| match name.strip_prefix("Data[").and_then(|rest| rest.strip_suffix(']')) {
        Some(position) => format!("param{}", position.parse::<usize>().unwrap() + 1),
        None => name.to_owned(),
    };
    event.fields.iter().map(|field| (name(field.name), json!(field.value))).collect()
}
