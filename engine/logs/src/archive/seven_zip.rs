//! 7z archives.

use std::io::{self, Read, SeekFrom};

use sevenz_rust2::{Archive, BlockDecoder, Error, Password};

use crate::archive::limits::MAX_WINDOW;
use crate::archive::place::Place;
use crate::archive::source::SeekRead;
use crate::archive::walk::Walk;

/// Bytes of the directory, packed or not. It holds some hundred for each entry.
const MAX_DIRECTORY: u64 = 64 << 20;
/// Bytes of the directory's own head, where it is packed: real ones have some dozens.
const MAX_HEAD: u64 = 4096;
const SIGNATURE_HEADER: u64 = 32;
/// Ids of coders: what they look back over takes memory.
const LZMA: &[u8] = &[3, 1, 1];
const LZMA2: &[u8] = &[0x21];
const AES: &[u8] = &[6, 0xf1, 7, 1];

impl Walk<'_, '_> {
    /// Reads the entries of a 7z archive, block by block.
    ///
    /// # Errors
    /// What is the matter, when its directory cannot be read.
    pub(super) fn seven_zip(&mut self, place: &Place, mut file: &mut dyn SeekRead) -> Result<(), String> {
        let password = Password::empty();
        match check_directory(file)? {
            Directory::Encrypted => {
                self.found.unread += 1;
                self.encrypted.push(place.name.clone());
                return Ok(());
            }
            Directory::Plain => {}
        }
        let archive = Archive::read(&mut file, &password).map_err(reason)?;
        for at in 0..archive.blocks.len() {
            let block = BlockDecoder::new(1, at, &archive, &password, &mut file);
            let coders: Vec<(&[u8], &[u8])> = archive.blocks[at]
                .coders
                .iter()
                .map(|coder| (coder.encoder_method_id(), coder.properties()))
                .collect();
            let sizes = block.entries().iter().fold(0u64, |all, entry| all.saturating_add(entry.size()));
            if coders.iter().any(|(id, _)| *id == AES) {
                block.entries().iter().for_each(|entry| self.encrypted(place, entry.name()));
                continue;
            }
            if let Err(what) = check_coders(&coders) {
                self.block_failed(place, block.entries().iter().map(|entry| entry.name()), &what);
                continue;
            }
            // What is passed over is unpacked as well.
            if let Err(limit) = self.meter.fits(sizes, place.packed) {
                let first = block.entries().first().map_or("", |entry| entry.name());
                self.limit(&self.entry_place(place, first, place.packed), &limit);
                continue;
            }
            if !self.seven_zip_block(place, block) {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Reads the entries of a block; whether more may be read.
    fn seven_zip_block(&mut self, place: &Place, block: BlockDecoder<'_, &mut dyn SeekRead>) -> bool {
        let names: Vec<String> = block.entries().iter().map(|entry| entry.name().to_owned()).collect();
        let mut done = 0;
        let mut within_limits = true;
        let read = block.for_each_entries(&mut |entry, input| {
            if !self.meter.entry() {
                within_limits = false;
                self.too_many(place, None);
                return Ok(false);
            }
            done += 1;
            if !entry.is_directory() && entry.has_stream() {
                // A block is packed as one.
                self.entry(place, entry.name(), place.packed, input);
            }
            Ok(true)
        });
        let mut left = names.iter().skip(done).map(String::as_str);
        match read {
            Err(Error::UnsupportedCompressionMethod(method)) => {
                left.for_each(|name| self.unknown(place, name, &method));
            }
            Err(error) => self.block_failed(place, &mut left, &reason(error)),
            Ok(_) => {}
        }
        within_limits
    }

    /// The rest of a block that cannot be unpacked.
    fn block_failed<'n>(&mut self, place: &Place, names: impl Iterator<Item = &'n str>, what: &str) {
        for name in names {
            self.broken(&self.entry_place(place, name, place.packed), what);
        }
    }
}

fn reason(error: Error) -> String {
    match error {
        Error::Io(error, _) | Error::MaybeBadPassword(error) => error.to_string(),
        Error::Other(what) | Error::Unsupported(what) => what.into_owned(),
        Error::UnsupportedCompressionMethod(method) => {
            format!("it is packed with {method}, which this program does not read")
        }
        Error::ChecksumVerificationFailed | Error::NextHeaderCrcMismatch => {
            "its checksum is wrong".to_owned()
        }
        error => error.to_string(),
    }
}

/// Refuses coders that would take more memory than [`MAX_WINDOW`].
fn check_coders(coders: &[(&[u8], &[u8])]) -> Result<(), String> {
    let window = |(id, properties): &(&[u8], &[u8])| match (*id, *properties) {
        (LZMA, [_, a, b, c, d, ..]) => u64::from(u32::from_le_bytes([*a, *b, *c, *d])),
        (LZMA2, [bits, ..]) => (2 | u64::from(bits & 1)) << (bits.min(&40) / 2 + 11),
        _ => 0,
    };
    match coders.iter().map(window).max() {
        Some(window) if window > MAX_WINDOW => Err(format!(
            "unpacking it takes {} MiB of memory, and {} are allowed",
            window >> 20,
            MAX_WINDOW >> 20
        )),
        _ => Ok(()),
    }
}

enum Directory {
    Plain,
    Encrypted,
}

/// Looks at what reading the directory would cost, before it is read: it is at the end, mostly packed, and a
/// packed one says at once how large it is.
fn check_directory(file: &mut dyn SeekRead) -> Result<Directory, String> {
    let broken = |error: io::Error| format!("its header cannot be read: {error}");
    let mut start = [0; SIGNATURE_HEADER as usize];
    file.rewind().and_then(|()| file.read_exact(&mut start)).map_err(broken)?;
    let word = |at: usize| u64::from_le_bytes(std::array::from_fn(|byte| start[at + byte]));
    let (offset, size) = (word(12), word(20));
    if start[8..32].iter().all(|byte| *byte == 0) {
        return Err("it was never finished: its directory is missing".to_owned());
    }
    if size > MAX_DIRECTORY {
        return Err(format!("its directory has {size} bytes, and {MAX_DIRECTORY} are allowed"));
    }
    if size == 0 {
        return Ok(Directory::Plain);
    }
    let mut head = Vec::new();
    let at = SIGNATURE_HEADER.saturating_add(offset);
    file.seek(SeekFrom::Start(at)).map_err(broken)?;
    file.take(size.min(MAX_HEAD)).read_to_end(&mut head).map_err(broken)?;
    if head.first() != Some(&0x17) {
        return Ok(Directory::Plain);
    }
    let mut numbers = Numbers { bytes: &head[1..] };
    let (coders, unpacked) = numbers.streams().ok_or("its directory is damaged")?;
    if coders.iter().any(|(id, _)| *id == AES) {
        return Ok(Directory::Encrypted);
    }
    let coders: Vec<(&[u8], &[u8])> = coders.iter().map(|(id, properties)| (*id, *properties)).collect();
    check_coders(&coders)?;
    if unpacked > MAX_DIRECTORY {
        return Err(format!("its directory unpacks to {unpacked} bytes, and {MAX_DIRECTORY} are allowed"));
    }
    Ok(Directory::Plain)
}

/// Id and properties of a coder.
type Coder<'b> = (&'b [u8], &'b [u8]);

/// Reads the head of a packed directory.
///
/// # Source
/// `7zFormat.txt` of the LZMA SDK, "Packed Streams" and "Folders".
struct Numbers<'b> {
    bytes: &'b [u8],
}

impl<'b> Numbers<'b> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    fn take(&mut self, count: u64) -> Option<&'b [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(usize::try_from(count).ok()?)?;
        self.bytes = rest;
        Some(taken)
    }

    /// A number: the leading ones of its first byte say how many bytes follow.
    fn number(&mut self) -> Option<u64> {
        let first = self.byte()?;
        let more = first.leading_ones();
        let low =
            self.take(u64::from(more))?.iter().rev().fold(0u64, |value, byte| value << 8 | u64::from(*byte));
        let high = if more < 7 { u64::from(first) & ((1 << (7 - more)) - 1) } else { 0 };
        Some(low | high.checked_shl(8 * more).unwrap_or(0))
    }

    fn expect(&mut self, id: u8) -> Option<()> {
        (self.byte()? == id).then_some(())
    }

    /// The coders of the only folder, and the largest size that one of them unpacks to.
    fn streams(&mut self) -> Option<(Vec<Coder<'b>>, u64)> {
        self.expect(0x06)?;
        let _position = self.number()?;
        let streams = self.number()?;
        loop {
            match self.byte()? {
                0x00 => break,
                0x09 => (0..streams).try_for_each(|_| self.number().map(drop))?,
                0x0a => self.digests(streams)?,
                _ => return None,
            }
        }
        self.expect(0x07)?;
        self.expect(0x0b)?;
        if (self.number()?, self.byte()?) != (1, 0) {
            return None;
        }
        let coders = self.folder()?;
        self.expect(0x0c)?;
        let sizes: Option<Vec<u64>> = (0..coders.len()).map(|_| self.number()).collect();
        Some((coders, sizes?.into_iter().max()?))
    }

    fn digests(&mut self, count: u64) -> Option<()> {
        self.expect(1)?;
        self.take(count.checked_mul(4)?).map(drop)
    }

    /// Coders with one stream in and one out, which is all that directories are packed with.
    fn folder(&mut self) -> Option<Vec<Coder<'b>>> {
        let count = self.number().filter(|count| (1..=4).contains(count))?;
        let mut coders = Vec::new();
        for _ in 0..count {
            let flags = self.byte()?;
            let id = self.take(u64::from(flags & 0xf))?;
            if flags & 0x10 != 0 {
                return None;
            }
            let properties = if flags & 0x20 != 0 {
                let size = self.number()?;
                self.take(size)?
            } else {
                &[]
            };
            coders.push((id, properties));
        }
        for _ in 1..count {
            self.number()?;
            self.number()?;
        }
        Some(coders)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_long_as_their_first_byte_says() {
        let number = |bytes: &[u8]| Numbers { bytes }.number();
        assert_eq!(number(&[0x7f]), Some(0x7f));
        assert_eq!(number(&[0x81, 0x02]), Some(0x102));
        assert_eq!(number(&[0xc1, 0x03, 0x02]), Some(0x1_0203));
        assert_eq!(number(&[0xff, 1, 0, 0, 0, 0, 0, 0, 0]), Some(1));
        assert_eq!(number(&[0xff, 1]), None);
    }

    #[test]
    fn windows_beyond_the_limit_are_refused() {
        assert!(check_coders(&[(LZMA2, &[30])]).is_ok());
        assert!(check_coders(&[(LZMA2, &[40])]).unwrap_err().contains("MiB of memory"));
        assert!(check_coders(&[(LZMA, &[93, 0, 0, 0, 4])]).is_ok());
        assert!(check_coders(&[(LZMA, &[93, 0, 0, 0, 255])]).is_err());
    }
}
