//! A stack that is deep enough for what calls itself once a level of a document.

use std::panic;
use std::thread;

/// The parser takes some 50 KiB a level without optimisation, and 64 levels at most; the generator
/// less, but the schemas may be several times as deep once references are followed.
const SIZE: usize = 64 * 1024 * 1024;

/// Runs `work` on a large stack of its own, or on this one where there is no other to be had.
pub(crate) fn large<T: Send>(work: impl Fn() -> T + Sync) -> T {
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(SIZE);
        match thread.spawn_scoped(scope, &work) {
            Ok(thread) => thread
                .join()
                .unwrap_or_else(|payload| panic::resume_unwind(payload)),
            Err(_) => work(),
        }
    })
}
