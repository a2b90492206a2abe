//! A stack that is deep enough for what calls itself once a level of a document.

use std::panic;
use std::thread::{self, Scope, ScopedJoinHandle};

/// The parser takes some 50 KiB a level without optimisation, and 64 levels at most; the generator
/// less, but the schemas may be several times as deep once references are followed.
const SIZE: usize = 64 * 1024 * 1024;

/// Runs `work` on a large stack of its own, or on this one where there is no other to be had.
pub fn large<T: Send>(work: impl Fn() -> T + Sync) -> T {
    thread::scope(|scope| joined(spawn(scope, &work), &work))
}

/// The same for each item, side by side; the outcomes are in the order of the items.
pub fn large_each<I: Sync, T: Send>(items: &[I], work: impl Fn(&I) -> T + Sync) -> Vec<T> {
    let work = &work;
    thread::scope(|scope| {
        let started: Vec<_> = items
            .iter()
            .map(|item| spawn(scope, move || work(item)))
            .collect();
        let ended = started.into_iter().zip(items);
        ended
            .map(|(thread, item)| joined(thread, || work(item)))
            .collect()
    })
}

fn spawn<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() -> T + Send + 'scope,
) -> Option<ScopedJoinHandle<'scope, T>> {
    let thread = thread::Builder::new().stack_size(SIZE);
    thread.spawn_scoped(scope, work).ok()
}

fn joined<T>(thread: Option<ScopedJoinHandle<'_, T>>, work: impl FnOnce() -> T) -> T {
    match thread {
        Some(thread) => thread
            .join()
            .unwrap_or_else(|payload| panic::resume_unwind(payload)),
        None => work(),
    }
}
