//! TAR archives.

use std::io::{self, Read};

use tar::{Archive, EntryType, PaxExtensions};

use crate::archive::place::Place;
use crate::archive::walk::Walk;

/// Bytes of the name of an entry that is in an entry of its own.
const MAX_NAME: u64 = 64 << 10;

impl Walk<'_, '_> {
    /// Reads the entries of a TAR archive one after the other.
    ///
    /// Long names are in entries before those they are for. They are read here, and as far as a name goes: the
    /// library would take one of any length into memory.
    ///
    /// # Errors
    /// Where the archive breaks off or stops being one; what came before is read.
    pub(super) fn tar(&mut self, place: &Place, input: &mut dyn Read) -> io::Result<()> {
        let mut archive = Archive::new(input);
        let mut long_name: Option<String> = None;
        for entry in archive.entries()?.raw(true) {
            let mut entry = entry?;
            match entry.header().entry_type() {
                EntryType::GNULongName => {
                    let name = read_some(&mut entry)?;
                    let end = name.iter().position(|byte| *byte == 0).unwrap_or(name.len());
                    long_name = Some(String::from_utf8_lossy(&name[..end]).into_owned());
                }
                EntryType::XHeader => long_name = pax_path(&read_some(&mut entry)?).or(long_name),
                EntryType::Regular | EntryType::Continuous => {
                    if !self.meter.entry() {
                        self.too_many(place, None);
                        return Ok(());
                    }
                    let path = long_name
                        .take()
                        .unwrap_or_else(|| String::from_utf8_lossy(&entry.path_bytes()).into_owned());
                    // All of the archive is packed as one.
                    self.entry(place, &path, place.packed, &mut entry);
                }
                EntryType::Directory | EntryType::GNULongLink | EntryType::XGlobalHeader => {}
                _ => self.other(&String::from_utf8_lossy(&entry.path_bytes())),
            }
        }
        Ok(())
    }
}

fn read_some(entry: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    entry.take(MAX_NAME).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn pax_path(bytes: &[u8]) -> Option<String> {
    let path =
        PaxExtensions::new(bytes).filter_map(Result::ok).find(|header| header.key_bytes() == b"path")?;
    Some(String::from_utf8_lossy(path.value_bytes()).into_owned())
}
