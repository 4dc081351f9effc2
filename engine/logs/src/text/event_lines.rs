//! Records as lines of `Key=value`, as Splunk's forwarder writes them where it is not told to write XML.
//!
//! # Source
//! Splunk's documentation of Windows event log data: the time on a line of its own, then one key a line; `Message` is the
//! last and goes on to the next record.

use crate::text::sketch::{Sketch, keyword, level};
use rdpwhy_event::system_text::number;

/// The records in a text.
pub(crate) fn read(text: &str) -> Vec<Sketch> {
    let mut records: Vec<Sketch> = Vec::new();
    let mut last_time: Option<&str> = None;
    let mut in_message = false;
    for line in text.lines() {
        match line.trim_end().split_once('=') {
            Some(("LogName", channel)) => {
                records.push(Sketch {
                    channel: channel.to_owned(),
                    shown_time: last_time.take().map(str::to_owned),
                    ..Sketch::default()
                });
                in_message = false;
            }
            Some((key, value)) if !in_message => {
                let Some(record) = records.last_mut() else { continue };
                in_message = key == "Message";
                take(record, key, value);
            }
            _ if starts_with_time(line) => {
                last_time = Some(line.trim());
                in_message = false;
            }
            _ => {
                let record = records.last_mut().filter(|_| in_message);
                if let Some(message) = record.and_then(|record| record.message.as_mut()) {
                    message.push('\n');
                    message.push_str(line);
                }
            }
        }
    }
    records.retain(|record| record.event_id.is_some());
    records
}

fn take(record: &mut Sketch, key: &str, value: &str) {
    match key {
        "EventCode" => record.event_id = number(value),
        "SourceName" => value.clone_into(&mut record.provider),
        "ComputerName" => value.clone_into(&mut record.computer),
        "RecordNumber" => record.record_id = number(value),
        "Type" => record.level = level(value),
        "Keywords" => record.keywords = keyword(value),
        "Sid" if value.starts_with("S-1-") => record.user_sid = Some(value.to_owned()),
        "Message" => record.message = Some(value.to_owned()),
        _ => {}
    }
}

/// `01/25/2023 08:56:39 PM` and nothing else.
fn starts_with_time(line: &str) -> bool {
    let line = line.trim();
    let is_date = |c: char| c.is_ascii_digit() || " /:.APM".contains(c);
    line.len() < 30
        && line.starts_with(|c: char| c.is_ascii_digit())
        && line.contains(':')
        && line.chars().all(is_date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_follow_each_other_and_messages_have_lines() {
        let record = |id: u32, minute: u32| {
            format!(
                "03/09/2026 07:{minute}:00 AM\nLogName=Security\nEventCode={id}\nEventType=0\nComputerName=H\nSourceName=P\n\
                 Type=Information\nRecordNumber={minute}\nKeywords=Audit Failure\nTaskCategory=Logon\nOpCode=Info\n\
                 Message=It failed.\n\nReason=code 7\n"
            )
        };
        let records = read(&(record(4625, 58) + &record(4624, 59)));
        let [first, second] = &records[..] else { panic!("two records") };
        assert_eq!((first.event_id, first.record_id, first.level), (Some(4625), Some(58), Some(4)));
        assert_eq!(first.message.as_deref(), Some("It failed.\n\nReason=code 7"));
        assert_eq!(first.shown_time.as_deref(), Some("03/09/2026 07:58:00 AM"));
        assert_eq!((second.event_id, second.keywords), (Some(4624), Some(0x8010_0000_0000_0000)));
    }
}
