//! What is damaged in a chunk, in words.

use rdpwhy_event::FileTime;

use crate::chunk::place::Place;
use crate::damage::{Damage, RecordCount};
use crate::layout::chunk_header::{CHUNK_SIZE, ChunkHeader, Integrity};
use crate::layout::record::RECORD_HEADER;
use crate::layout::record_walk::{RecordWalk, Unreadable};
use crate::record::quick_look::Look;
use crate::record::seen_records::SeenRecords;

/// Places in one chunk that are listed one by one; a crafted chunk could have thousands.
const MAX_PLACES: usize = 16;

/// What is known about a chunk, for its damages.
pub(super) struct Findings<'a> {
    pub(super) place: Place,
    pub(super) header: &'a ChunkHeader,
    pub(super) integrity: Integrity,
    pub(super) walk: &'a RecordWalk,
    pub(super) seen: &'a SeenRecords,
    pub(super) stored: usize,
}

impl Findings<'_> {
    fn read(&self) -> u64 {
        self.seen.looks.iter().flatten().count() as u64
    }

    /// Records lost in all, if the header can be believed.
    fn lost(&self) -> Option<u64> {
        let promised = self.header.promised().filter(|_| self.integrity.magic && self.integrity.header)?;
        Some(promised.saturating_sub(self.read()))
    }

    /// Ids of the records lost at one place, by those on both sides of it: the first, and how many.
    fn lost_at(&self, gap: &Unreadable) -> Option<(u64, u64)> {
        let id = |position: usize| self.walk.records.get(position).map(|record| record.id);
        let before = match gap.found_before.checked_sub(1) {
            Some(position) => id(position),
            None => self.header.first_id.checked_sub(1),
        };
        let after = id(gap.found_before).or(self.header.last_id.checked_add(1));
        let lost = after?.checked_sub(before?)?.checked_sub(1)?;
        (lost < (CHUNK_SIZE / RECORD_HEADER) as u64).then_some((before?.saturating_add(1), lost))
    }

    /// Time of the nearest record read before (`..position`) or from `position` on.
    fn neighbours(&self, position: usize) -> (Option<FileTime>, Option<FileTime>) {
        let (before, after) = self.seen.looks.split_at(position);
        let time = |look: &Look| look.time;
        (before.iter().rev().flatten().next().map(time), after.iter().flatten().next().map(time))
    }

    /// All damages of the chunk, by offset.
    pub(super) fn damages(&self) -> Vec<Damage> {
        let (named, rest) = self.walk.unreadable.split_at(self.walk.unreadable.len().min(MAX_PLACES));
        let mut damages: Vec<Damage> = named.iter().map(|gap| self.gap(gap)).collect();
        damages.extend(self.more_gaps(rest));
        damages.extend(self.undecoded());
        // What the places within the chunk account for does not count twice.
        let accounted = damages.iter().filter_map(|damage| damage.records_lost).sum();
        damages.extend(self.chunk(accounted));
        damages.sort_by_key(|damage| damage.offset);
        damages
    }

    fn gap(&self, gap: &Unreadable) -> Damage {
        let lost = self.lost_at(gap);
        let what = match lost {
            Some((_, 0)) => "no record where one should begin; 0 records lost".to_owned(),
            Some((id, 1)) => format!("no record where one should begin; 1 record lost (#{id})"),
            Some((id, lost)) => {
                let last = id.saturating_add(lost - 1);
                format!("no record where one should begin; {lost} records lost (#{id} … #{last})")
            }
            None => "no record where one should begin".to_owned(),
        };
        let lost = lost.map(|(_, lost)| lost);
        self.damage("evtx::record-header", gap.offset, what, lost, self.neighbours(gap.found_before))
    }

    /// The gaps beyond [`MAX_PLACES`], as one damage.
    fn more_gaps(&self, gaps: &[Unreadable]) -> Option<Damage> {
        let ([first, .., last] | [first @ last]) = gaps else { return None };
        let lost = gaps.iter().map(|gap| self.lost_at(gap).map(|(_, lost)| lost)).sum();
        let what = format!("no record where one should begin; the same at {} places in all", gaps.len());
        let ((before, _), (_, after)) =
            (self.neighbours(first.found_before), self.neighbours(last.found_before));
        Some(self.damage("evtx::record-header", first.offset, what, lost, (before, after)))
    }

    /// The records that the decoder refused.
    fn undecoded(&self) -> Option<Damage> {
        let (&position, reason) = self.seen.reasons.first_key_value()?;
        let lost = self.seen.reasons.len() as u64;
        let what = format!("{} could not be decoded ({reason})", RecordCount(lost));
        let offset = self.walk.records[position].offset;
        Some(self.damage("evtx::record-content", offset, what, Some(lost), self.neighbours(position)))
    }

    /// Damage of the chunk as a whole: the worst of it, with what was read all the same.
    fn chunk(&self, accounted: u64) -> Option<Damage> {
        let Findings { integrity, stored, .. } = self;
        let read = RecordCount(self.read());
        let lost = self.lost();
        let (code, what) = if *stored < CHUNK_SIZE {
            (
                "evtx::truncated",
                format!("the file breaks off in this chunk, after {stored} of its {CHUNK_SIZE} bytes"),
            )
        } else if !integrity.magic {
            ("evtx::chunk-magic", "not an EVTX chunk: it does not begin with ElfChnk".to_owned())
        } else if !integrity.records {
            ("evtx::chunk-checksum", "the chunk's records do not have its checksum".to_owned())
        } else if !integrity.header {
            ("evtx::chunk-header-checksum", "the chunk's header does not have its checksum".to_owned())
        } else {
            return None;
        };
        let what = match lost {
            Some(0) => format!("{what}; all its {read} were read"),
            Some(lost) => format!("{what}; {read} read, {lost} lost"),
            None => format!("{what}; {read} read"),
        };
        Some(self.damage(code, 0, what, lost.map(|lost| lost.saturating_sub(accounted)), (None, None)))
    }

    fn damage(
        &self,
        code: &'static str,
        offset: usize,
        what: String,
        records_lost: Option<u64>,
        (before, after): (Option<FileTime>, Option<FileTime>),
    ) -> Damage {
        Damage {
            chunk: self.place.chunk,
            offset: self.place.offset + offset as u64,
            code,
            what,
            records_lost,
            // A chunk caught while it was written anew holds newer records before older ones: what was lost between
            // them can be of any time from the one to the other.
            between: before.zip(after).map(|(before, after)| (before.min(after), before.max(after))),
        }
    }
}
