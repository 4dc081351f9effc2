//! Threads to work with, where there are any.

use std::error::Error;
use std::io;
use std::num::NonZeroUsize;

use rayon::{ThreadPoolBuildError, ThreadPoolBuilder};

use crate::read::reading::ReadError;

/// Stack of the threads: the decoder recurses into nested elements.
const STACK: usize = 8 << 20;

/// Does some work with this many threads, by default one per processor. Where the system has no threads, as in a browser, the
/// calling one does all of it; the result is the same.
///
/// # Errors
/// [`ReadError::Threads`] when there are threads, but the system would not start these.
pub fn with_threads<T: Send>(
    threads: Option<NonZeroUsize>,
    work: impl FnOnce() -> T + Send,
) -> Result<T, ReadError> {
    let builder = ThreadPoolBuilder::new().num_threads(threads.map_or(0, NonZeroUsize::get));
    match builder.stack_size(STACK).build() {
        Ok(pool) => Ok(pool.install(work)),
        // Rayon's own pool then has no other thread than this one.
        Err(error) if is_unsupported(&error) => Ok(work()),
        Err(error) => Err(ReadError::Threads(error.to_string())),
    }
}

fn is_unsupported(error: &ThreadPoolBuildError) -> bool {
    let system = error.source().and_then(|source| source.downcast_ref::<io::Error>());
    system.is_some_and(|error| error.kind() == io::ErrorKind::Unsupported)
}
