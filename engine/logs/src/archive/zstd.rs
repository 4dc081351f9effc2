//! Zstandard streams.

use std::io::{self, Read};

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};

use crate::archive::limits::MAX_WINDOW;

/// Zstandard frames, one after the other.
pub(super) struct Zstd<'r> {
    input: &'r mut dyn Read,
    decoder: ruzstd::decoding::FrameDecoder,
    /// Within a frame.
    open: bool,
}

impl<'r> Zstd<'r> {
    pub(super) fn new(input: &'r mut dyn Read) -> Zstd<'r> {
        let mut decoder = ruzstd::decoding::FrameDecoder::new();
        decoder.set_max_window_size(MAX_WINDOW);
        Zstd { input, decoder, open: false }
    }

    /// Begins the next frame; whether there is one.
    fn next_frame(&mut self) -> io::Result<bool> {
        let mut first = [0];
        loop {
            if self.input.read(&mut first)? == 0 {
                return Ok(false);
            }
            match self.decoder.reset((&first[..]).chain(&mut *self.input)) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    io::copy(&mut (&mut *self.input).take(u64::from(length)), &mut io::sink())?;
                }
                Err(error) => return Err(io::Error::other(error)),
            }
        }
    }
}

impl Read for Zstd<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        use ruzstd::decoding::BlockDecodingStrategy::UptoBlocks;
        loop {
            if self.decoder.can_collect() > 0 {
                return self.decoder.read(buffer);
            }
            if self.open && self.decoder.is_finished() {
                self.open = false;
            }
            if !self.open {
                self.open = self.next_frame()?;
                if !self.open {
                    return Ok(0);
                }
            }
            if !self.decoder.is_finished() {
                self.decoder.decode_blocks(&mut *self.input, UptoBlocks(1)).map_err(io::Error::other)?;
            }
        }
    }
}
