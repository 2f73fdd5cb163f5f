//! Long work on all cores, with results in the order of the items: handed over one by one ([`in_order`]), or worked out ahead for
//! who takes them ([`Ahead`]).

mod ahead;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread;

pub(crate) use self::ahead::Ahead;
use crate::progress::CancelToken;

/// More threads than this would wait for the disk and for each other.
const MAX_THREADS: usize = 8;
/// So many results wait for the one who takes them.
const MAX_WAITING: usize = 256;

/// Whole lines with their ends, together a little longer than `about`: work for one thread at once.
pub(crate) fn whole_lines(bytes: &[u8], about: usize) -> Vec<&[u8]> {
    let (mut parts, mut rest) = (Vec::new(), bytes);
    while let Some(end) = rest.get(about..).and_then(|rest| rest.iter().position(|byte| *byte == b'\n')) {
        let (part, behind) = rest.split_at(about + end + 1);
        parts.push(part);
        rest = behind;
    }
    parts.push(rest);
    parts
}

/// So many threads are of use.
fn threads_for(items: usize) -> usize {
    thread::available_parallelism().map_or(1, NonZeroUsize::get).min(MAX_THREADS).min(items)
}

/// Works on all items, each thread with something of its own from `worker`. `take` gets the results on this thread, in the
/// order of the items; it may end the work, and so may the token, after which nothing more is taken.
pub(crate) fn in_order<'i, I: Sync, W, R: Send>(
    items: &'i [I],
    cancel: &CancelToken,
    worker: impl Fn() -> W + Sync,
    work: impl Fn(&mut W, &'i I) -> R + Sync,
    mut take: impl FnMut(R) -> ControlFlow<()>,
) {
    if let [item] = items {
        // Done before a thread has begun.
        if !cancel.is_cancelled() {
            let _ = take(work(&mut worker(), item));
        }
        return;
    }
    let (next, is_over) = (AtomicUsize::new(0), CancelToken::new());
    let threads = threads_for(items.len());
    let (sender, receiver) = sync_channel(MAX_WAITING);
    let run = |sender: std::sync::mpsc::SyncSender<(usize, R)>| {
        let mut own = worker();
        while !cancel.is_cancelled() && !is_over.is_cancelled() {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(number) else { return };
            if sender.send((number, work(&mut own, item))).is_err() {
                return;
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..threads {
            let sender = sender.clone();
            scope.spawn(|| run(sender));
        }
        drop(sender);
        let (mut early, mut wanted) = (BTreeMap::new(), 0);
        // Once the receiver is gone, those who send stop.
        for (number, result) in receiver {
            early.insert(number, result);
            while let Some(result) = early.remove(&wanted) {
                wanted += 1;
                if cancel.is_cancelled() || take(result).is_break() {
                    is_over.cancel();
                    return;
                }
            }
        }
    });
}

/// Lets go of things by the hundred thousand on another thread: it takes a frame's time and more. Where no thread can be had, it is done
/// here.
pub(crate) fn drop_elsewhere<T: Send + 'static>(things: T) {
    let _ = std::thread::Builder::new().spawn(|| drop(things));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn squares(items: &[u64], cancel: &CancelToken, most: usize) -> Vec<u64> {
        let mut taken = Vec::new();
        let take = |square| {
            taken.push(square);
            if taken.len() == most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        in_order(items, cancel, || 0, |_, item| item * item, take);
        taken
    }

    #[test]
    fn results_come_in_the_order_of_the_items_until_somebody_ends_it() {
        let items: Vec<u64> = (0..10_000).collect();
        let all: Vec<u64> = items.iter().map(|item| item * item).collect();
        let cancel = CancelToken::new();
        assert_eq!(squares(&items, &cancel, usize::MAX), all);
        assert_eq!(squares(&items, &cancel, 700), all[..700]);
        assert!(squares(&[], &cancel, usize::MAX).is_empty());
        cancel.cancel();
        assert!(squares(&items, &cancel, usize::MAX).is_empty());
    }
}
