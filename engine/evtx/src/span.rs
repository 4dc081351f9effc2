//! The records of one channel and computer: how many, from when to when, and what is missing.

use std::sync::Arc;

use rdpwhy_event::FileTime;

/// Gaps, and steps back in time, listed per span; all are counted.
const MAX_GAPS: usize = 64;
/// A record dated more than this before the one with the id before it steps back in time. Writers on different
/// threads regularly swap places within milliseconds.
const STEP_BACK: i64 = 10_000_000;

/// The records of one channel and computer in a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The channel.
    pub channel: Arc<str>,
    /// The computer.
    pub computer: Arc<str>,
    /// How many records.
    pub records: u64,
    /// The earliest time.
    pub first: FileTime,
    /// The latest time.
    pub last: FileTime,
    /// The lowest record id.
    pub first_record_id: u64,
    /// The highest record id.
    pub last_record_id: u64,
    /// Where record ids are missing, by id; the first 64.
    pub gaps: Vec<RecordGap>,
    /// How many gaps there are.
    pub gap_count: u64,
    /// Where a record is dated over a second before the one with the id before it, by id; the first 64.
    pub steps_back: Vec<RecordGap>,
    /// How many such records there are.
    pub out_of_order: u64,
}

/// Two records that follow each other in a log, by id.
#[derive(Debug, Copy, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RecordGap {
    /// Id of the first.
    pub after_id: u64,
    /// Id of the second.
    pub before_id: u64,
    /// Time of the first.
    pub after: FileTime,
    /// Time of the second.
    pub before: FileTime,
}

/// The records of one channel and computer in one chunk.
#[derive(Debug, Clone)]
pub struct SpanPart {
    span: Span,
    /// Time of the record with the lowest id, and of the one with the highest.
    ends: (FileTime, FileTime),
}

impl SpanPart {
    /// `records` are ids and times, at least one, in any order.
    pub fn new(channel: Arc<str>, computer: Arc<str>, records: &mut [(u64, FileTime)]) -> SpanPart {
        records.sort_by_key(|(id, _)| *id);
        let (first_record_id, at_first) = records.first().copied().unwrap_or((0, FileTime(0)));
        let (last_record_id, at_last) = records.last().copied().unwrap_or((0, FileTime(0)));
        let times = || records.iter().map(|(_, time)| *time);
        let mut span = Span {
            channel,
            computer,
            records: records.len() as u64,
            first: times().min().unwrap_or(at_first),
            last: times().max().unwrap_or(at_last),
            first_record_id,
            last_record_id,
            gaps: Vec::new(),
            gap_count: 0,
            steps_back: Vec::new(),
            out_of_order: 0,
        };
        for pair in records.windows(2) {
            span.step(pair[0], pair[1]);
        }
        SpanPart { span, ends: (at_first, at_last) }
    }

    /// Joins the parts of a log into its spans, by channel, then computer.
    pub fn join(mut parts: Vec<SpanPart>) -> Vec<Span> {
        parts.sort_by(|a, b| {
            let key = |part: &SpanPart| (part.span.first_record_id, part.span.last_record_id, part.ends);
            (&a.span.channel, &a.span.computer)
                .cmp(&(&b.span.channel, &b.span.computer))
                .then(key(a).cmp(&key(b)))
        });
        let mut joined: Vec<SpanPart> = Vec::new();
        for part in parts {
            match joined.last_mut() {
                Some(last) if last.span.is_of(&part.span) => last.append(part),
                _ => joined.push(part),
            }
        }
        joined.into_iter().map(|part| part.span).collect()
    }

    fn append(&mut self, next: SpanPart) {
        let (span, other) = (&mut self.span, next.span);
        if other.first_record_id > span.last_record_id {
            span.step((span.last_record_id, self.ends.1), (other.first_record_id, next.ends.0));
        }
        if other.last_record_id >= span.last_record_id {
            span.last_record_id = other.last_record_id;
            self.ends.1 = next.ends.1;
        }
        span.records += other.records;
        span.first = span.first.min(other.first);
        span.last = span.last.max(other.last);
        extend(&mut span.gaps, other.gaps);
        span.gap_count += other.gap_count;
        extend(&mut span.steps_back, other.steps_back);
        span.out_of_order += other.out_of_order;
    }
}

fn extend(list: &mut Vec<RecordGap>, more: Vec<RecordGap>) {
    let room = MAX_GAPS - list.len();
    list.extend(more.into_iter().take(room));
}

impl Span {
    fn is_of(&self, other: &Span) -> bool {
        self.channel == other.channel && self.computer == other.computer
    }

    /// Notes what is between two records whose ids follow each other.
    fn step(&mut self, (after_id, after): (u64, FileTime), (before_id, before): (u64, FileTime)) {
        let pair = RecordGap { after_id, before_id, after, before };
        if before_id - after_id > 1 {
            self.gap_count += 1;
            extend(&mut self.gaps, vec![pair]);
        }
        if before_id != after_id && after.ticks_since(before) > STEP_BACK {
            self.out_of_order += 1;
            extend(&mut self.steps_back, vec![pair]);
        }
    }
}
