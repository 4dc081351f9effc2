//! ZIP archives.

use zip::read::{Config, ZipFileEntry};
use zip::unstable::read::ZipIterable;
use zip::{SUPPORTED_COMPRESSION_METHODS, ZipReadOptions};

use crate::archive::place::Place;
use crate::archive::source::SeekRead;
use crate::archive::walk::Walk;

/// Bytes of an entry's header beside its name, at least.
const LOCAL_HEADER: u64 = 30;

impl Walk<'_, '_> {
    /// Reads the entries of a ZIP archive in the order of its directory.
    ///
    /// # Errors
    /// What is the matter, when it has no directory that can be read.
    pub(super) fn zip(&mut self, place: &Place, file: &mut dyn SeekRead) -> Result<(), String> {
        let mut archive = ZipIterable::try_new(file, Config::default()).map_err(|error| error.to_string())?;
        let all = archive.len() as u64;
        let most = self.meter.entries_left();
        let files = archive.files().map_err(|error| error.to_string())?;
        let mut entries = Vec::new();
        for entry in files.by_ref().take(usize::try_from(most).unwrap_or(usize::MAX)) {
            match entry {
                Ok(entry) => entries.push(entry),
                Err(error) => {
                    self.broken(place, &format!("its directory breaks off: {error}"));
                    break;
                }
            }
        }
        let extents: Vec<(u64, u64)> =
            entries.iter().map(|entry| (entry.header_start(), entry.compressed_size())).collect();
        for (entry, overlaps) in entries.into_iter().zip(overlapping(&extents)) {
            self.meter.entry();
            if !entry.is_dir() {
                self.zip_entry(place, entry, overlaps, files.reader_mut());
            }
        }
        if all > most {
            self.too_many(place, Some(all - most));
        }
        Ok(())
    }

    fn zip_entry(
        &mut self,
        archive: &Place,
        entry: ZipFileEntry<'_>,
        overlaps: bool,
        mut file: &mut (dyn SeekRead + '_),
    ) {
        let path = match entry.name() {
            Ok(name) => name.into_owned(),
            Err(_) => String::from_utf8_lossy(entry.name_raw()).into_owned(),
        };
        let packed = entry.compressed_size();
        if entry.is_symlink() {
            self.other(&path);
        } else if entry.encrypted() {
            self.encrypted(archive, &path);
        } else if overlaps {
            let reason = "its data is that of other entries as well, as in a ZIP bomb";
            self.broken(&self.entry_place(archive, &path, packed), reason);
        } else if !SUPPORTED_COMPRESSION_METHODS.contains(&entry.compression()) {
            self.unknown(archive, &path, &entry.compression().to_string());
        } else {
            match entry.with_reader(&mut file, ZipReadOptions::new()) {
                Ok(mut reader) => self.entry(archive, &path, packed, &mut reader),
                Err(error) => self.broken(&self.entry_place(archive, &path, packed), &error.to_string()),
            }
        }
    }
}

/// Which entries share bytes with another one, by where they begin and what they are packed to. Honest archives have
/// none; a small archive of entries that are all the same bytes unpacks to any size.
fn overlapping(extents: &[(u64, u64)]) -> Vec<bool> {
    let mut order: Vec<usize> = (0..extents.len()).collect();
    order.sort_by_key(|&at| extents[at]);
    let mut overlap = vec![false; extents.len()];
    // Up to where the entries before reach, and the one that reaches there.
    let mut reach: Option<(u64, usize)> = None;
    for at in order {
        let (start, packed) = extents[at];
        let end = start.saturating_add(LOCAL_HEADER).saturating_add(packed);
        if let Some((_, other)) = reach.filter(|(reach, _)| start < *reach) {
            overlap[at] = true;
            overlap[other] = true;
        }
        if reach.is_none_or(|(reach, _)| end > reach) {
            reach = Some((end, at));
        }
    }
    overlap
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_side_by_side_do_not_overlap_and_others_do() {
        assert_eq!(overlapping(&[(130, 50), (0, 100)]), [false, false]);
        assert_eq!(overlapping(&[(0, 100), (129, 50), (500, 1)]), [true, true, false]);
        assert_eq!(overlapping(&[(0, 100), (0, 100)]), [true, true]);
        assert_eq!(overlapping(&[(0, 1000), (100, 10), (200, 10), (2000, 1)]), [true, true, true, false]);
        assert_eq!(overlapping(&[(5, u64::MAX)]), [false]);
    }
}
