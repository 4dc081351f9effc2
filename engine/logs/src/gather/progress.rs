//! How far the reading is.

/// Takes reports of how far the reading is, from any thread.
pub trait Progress: Sync {
    /// How much there is to read; called once, first.
    fn found(&self, files: usize, bytes: u64);
    /// That many more bytes have been read.
    fn read(&self, bytes: u64);
    /// Everything has been read, and is put together.
    fn combining(&self) {}
}

/// Reports to nobody.
impl Progress for () {
    fn found(&self, _files: usize, _bytes: u64) {}
    fn read(&self, _bytes: u64) {}
}
