//! Records decoded by the `evtx` crate: those of which the direct way is not certain.

use std::collections::BTreeMap;
use std::sync::Arc;

use evtx::err::EvtxError;
use evtx::{EvtxChunkData, EvtxRecord};
use rdpwhy_event::Event;

use crate::event_xml::{Parsed, parse_event_xml};
use crate::layout::record::Record;
use crate::layout::record_walk::RecordWalk;
use crate::record::fold::{FOLDED, fold};
use crate::record::quick_look::Look;
use crate::record::seen_records::SeenRecords;
use crate::record::worker::Worker;

impl Worker<'_> {
    /// Decodes the chosen records with the decoder.
    pub(crate) fn decode(
        &mut self,
        chunk: &[u8],
        walk: &RecordWalk,
        chosen: &[usize],
        seen: &mut SeenRecords,
    ) {
        let mut left: BTreeMap<usize, String> =
            chosen.iter().map(|&position| (position, "it was passed over".to_owned())).collect();
        let mut copy = std::mem::take(&mut self.copy);
        fold(chunk, &walk.records, chosen, &mut copy);
        match EvtxChunkData::new(copy, false) {
            Ok(mut data) => {
                match data.parse(Arc::clone(&self.settings)) {
                    Ok(mut parsed) => {
                        for item in parsed.iter() {
                            let (position, decoded) = match item {
                                Ok(record) if record.event_record_id == FOLDED => continue,
                                Ok(record) => (record.event_record_id, self.event(record)),
                                Err(EvtxError::FailedToParseRecord { record_id, source }) => {
                                    (record_id, Err(reason(&source)))
                                }
                                Err(_) => continue,
                            };
                            let position = usize::try_from(position).unwrap_or(usize::MAX);
                            if left.remove(&position).is_some() {
                                self.take(&walk.records[position], position, decoded, seen);
                            }
                        }
                    }
                    Err(error) => left.values_mut().for_each(|reason| *reason = error.to_string()),
                }
                self.copy = data.data;
            }
            Err(error) => left.values_mut().for_each(|reason| *reason = error.to_string()),
        }
        seen.reasons.append(&mut left);
    }

    fn event(&mut self, record: EvtxRecord<'_>) -> Result<(Event, Parsed), String> {
        let xml = record.into_xml_bytes().map_err(|error| reason(&error))?;
        let xml = std::str::from_utf8(&xml.data).map_err(|error| error.to_string())?;
        match parse_event_xml(xml, &mut self.names) {
            Ok((event, _)) if event.provider.is_empty() && event.event_id == 0 => {
                Err("its values are all zero".into())
            }
            parsed => parsed.map_err(|error| error.to_string()),
        }
    }

    /// Notes what the decoder gave for a record.
    fn take(
        &mut self,
        record: &Record,
        position: usize,
        decoded: Result<(Event, Parsed), String>,
        seen: &mut SeenRecords,
    ) {
        let (mut event, parsed) = match decoded {
            Ok(decoded) => decoded,
            Err(reason) => {
                seen.reasons.insert(position, reason);
                return;
            }
        };
        event.header_id = record.id;
        event.record_id = parsed.record_id.unwrap_or(record.id);
        event.time = parsed.time.unwrap_or(record.time);
        let kind = self.kinds.id_of(&event.computer, &event.channel, &event.provider, event.event_id);
        seen.looks[position] = Some(Look { kind, record_id: event.record_id, time: event.time });
        if self.kinds.mark(kind, &mut event) {
            seen.events.push((position, event));
        }
    }
}

/// The innermost reason of an error of the decoder.
fn reason(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
