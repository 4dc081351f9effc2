//! What unpacking may cost.

use std::cell::Cell;
use std::io::{self, Read};

use crate::input::limit_reached::LimitReached;

/// Bytes of memory that unpacking a `.7z` or `.zst` may take for looking back.
pub(super) const MAX_WINDOW: u64 = 128 << 20;
/// Bytes that any entry may unpack to, whatever it was packed to: a fresh log of Windows is mostly zeroes.
const FREE_OF_ENTRY: u64 = 64 << 20;
/// Bytes that any archive may unpack to in all.
const FREE_OF_ARCHIVE: u64 = 256 << 20;

/// What unpacking may cost; each archive given is measured by itself, with all archives in it.
///
/// Together they bound the work by the size of what was given: an archive made to unpack to far more than a log
/// would, a *bomb*, costs as much as an honest one of its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArchiveLimits {
    /// Archives within archives; a `.tar.gz` counts as two.
    pub depth: u32,
    /// Bytes unpacked for each packed one, of an entry (beyond its first 64 MiB) and of all (beyond 256 MiB). Logs
    /// shrink to a tenth or a thirtieth, empty ones to much less.
    pub ratio: u64,
    /// Bytes unpacked in all.
    pub bytes: u64,
    /// Entries looked at, logs or not.
    pub entries: u64,
    /// Bytes of archives within archives that have to be held in memory: `.zip` and `.7z` are read from their end.
    pub held: u64,
}

impl Default for ArchiveLimits {
    fn default() -> ArchiveLimits {
        ArchiveLimits { depth: 5, ratio: 200, bytes: 64 << 30, entries: 50_000, held: 128 << 20 }
    }
}

/// What an archive has cost so far.
#[derive(Debug)]
pub(crate) struct Meter {
    pub(crate) limits: ArchiveLimits,
    /// Bytes of the archive as given.
    packed: u64,
    unpacked: Cell<u64>,
    entries: Cell<u64>,
    held: Cell<u64>,
}

impl Meter {
    pub(crate) fn new(limits: ArchiveLimits, packed: u64) -> Meter {
        Meter { limits, packed, unpacked: Cell::default(), entries: Cell::default(), held: Cell::default() }
    }

    /// Counts an entry; whether it may be looked at.
    pub(crate) fn entry(&self) -> bool {
        self.entries.set(self.entries.get() + 1);
        self.entries.get() <= self.limits.entries
    }

    /// Entries that may still be looked at.
    pub(crate) fn entries_left(&self) -> u64 {
        self.limits.entries.saturating_sub(self.entries.get())
    }

    /// Asks for room to hold an archive; it is given back when that is dropped.
    pub(crate) fn hold(&self, bytes: u64) -> Option<Held<'_>> {
        let all = self.held.get().checked_add(bytes).filter(|all| *all <= self.limits.held)?;
        self.held.set(all);
        Some(Held { meter: self, bytes })
    }

    /// Bytes that can still be held.
    pub(crate) fn room(&self) -> u64 {
        self.limits.held - self.held.get()
    }

    /// Whether this many bytes more may be unpacked, without counting them.
    ///
    /// # Errors
    /// [`LimitReached`].
    pub(crate) fn fits(&self, bytes: u64, packed: u64) -> Result<(), LimitReached> {
        self.check_entry(bytes, packed)?;
        self.check(bytes).map(drop)
    }

    /// A reader that counts what comes out of `inner`, which was packed to this many bytes.
    pub(crate) fn metered<R: Read>(&self, inner: R, packed: u64) -> Metered<'_, R> {
        Metered { inner, meter: self, packed, unpacked: 0 }
    }

    fn check_entry(&self, unpacked: u64, packed: u64) -> Result<(), LimitReached> {
        let ratio = self.limits.ratio;
        if unpacked > FREE_OF_ENTRY && unpacked > packed.saturating_mul(ratio) {
            let what = format!("it unpacks to over {ratio} times its size, as a ZIP bomb does");
            return Err(LimitReached { what, option: "--max-archive-ratio" });
        }
        Ok(())
    }

    fn add(&self, bytes: u64) -> Result<(), LimitReached> {
        self.check(bytes).map(|all| self.unpacked.set(all))
    }

    /// Bytes unpacked in all, with this many more.
    fn check(&self, bytes: u64) -> Result<u64, LimitReached> {
        let ArchiveLimits { ratio, bytes: most, .. } = self.limits;
        let all = self.unpacked.get().saturating_add(bytes);
        if all > most {
            let what = format!("the archive unpacks to over {most} bytes in all");
            return Err(LimitReached { what, option: "--max-archive-bytes" });
        }
        if all > FREE_OF_ARCHIVE && all > self.packed.saturating_mul(ratio) {
            let what =
                format!("the archive unpacks to over {ratio} times its size in all, as a ZIP bomb does");
            return Err(LimitReached { what, option: "--max-archive-ratio" });
        }
        Ok(all)
    }
}

/// Room taken for an archive in memory.
#[derive(Debug)]
pub(crate) struct Held<'m> {
    meter: &'m Meter,
    bytes: u64,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.meter.held.set(self.meter.held.get() - self.bytes);
    }
}

/// A reader that stops at a limit with an error that holds a [`LimitReached`].
#[derive(Debug)]
pub(crate) struct Metered<'m, R> {
    inner: R,
    meter: &'m Meter,
    packed: u64,
    unpacked: u64,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.unpacked = self.unpacked.saturating_add(read as u64);
        let counted =
            self.meter.check_entry(self.unpacked, self.packed).and_then(|()| self.meter.add(read as u64));
        counted.map_err(io::Error::other)?;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(meter: &Meter, bytes: u64, packed: u64) -> Result<u64, String> {
        let mut reader = meter.metered(io::repeat(0).take(bytes), packed);
        io::copy(&mut reader, &mut io::sink())
            .map_err(|error| LimitReached::of(&error).expect("it is a limit").option.to_owned())
    }

    #[test]
    fn what_shrinks_as_logs_do_passes_and_more_is_a_bomb() {
        let meter = Meter::new(ArchiveLimits::default(), 10 << 20);
        assert_eq!(read_all(&meter, FREE_OF_ENTRY, 1), Ok(FREE_OF_ENTRY));
        assert_eq!(read_all(&meter, FREE_OF_ENTRY + 1, 1).unwrap_err(), "--max-archive-ratio");
        assert_eq!(read_all(&meter, FREE_OF_ENTRY + 1, 1 << 20), Ok(FREE_OF_ENTRY + 1));
    }

    #[test]
    fn all_entries_together_are_bounded_by_ratio_and_bytes() {
        let meter = Meter::new(ArchiveLimits::default(), 1);
        let read: Result<Vec<u64>, String> = (0..5).map(|_| read_all(&meter, FREE_OF_ENTRY, 1)).collect();
        assert_eq!(read.unwrap_err(), "--max-archive-ratio");
        let meter = Meter::new(ArchiveLimits { bytes: 1000, ..ArchiveLimits::default() }, 1000);
        assert_eq!(read_all(&meter, 1001, 1000).unwrap_err(), "--max-archive-bytes");
    }

    #[test]
    fn room_is_given_back() {
        let meter = Meter::new(ArchiveLimits { held: 10, ..ArchiveLimits::default() }, 1);
        let first = meter.hold(8).unwrap();
        assert!(meter.hold(3).is_none());
        drop(first);
        assert!(meter.hold(10).is_some());
    }
}
