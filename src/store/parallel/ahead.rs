//! Work that is done ahead on all cores, for who takes the results one by one and has work of its own between them.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use super::threads_for;

/// So many results are worked out ahead at most.
const MAX_AHEAD: usize = 64;
/// So much they weigh together, or little more: large ones are not kept waiting in numbers.
const MAX_WEIGHT: usize = 16 << 20;

/// The results of all items, in their order. Whoever drops it ends the work.
pub(crate) struct Ahead<I, R> {
    shared: Arc<Shared<I, R>>,
    threads: Vec<JoinHandle<()>>,
}

type Work<I, R> = dyn Fn(&I) -> (R, usize) + Send + Sync;

struct Shared<I, R> {
    items: Vec<I>,
    /// Also says what the result weighs.
    work: Box<Work<I, R>>,
    state: Mutex<State<R>>,
    changed: Condvar,
}

struct State<R> {
    /// The next item that nobody works on, and the next result to be taken.
    next: usize,
    taken: usize,
    /// By number: the result and its weight; none where its thread has failed.
    done: BTreeMap<usize, Option<(R, usize)>>,
    weight: usize,
    is_over: bool,
}

impl<I: Send + Sync + 'static, R: Send + 'static> Ahead<I, R> {
    /// Begins to work. `work` gives a result and what it weighs in memory, in bytes.
    pub(crate) fn new(items: Vec<I>, work: impl Fn(&I) -> (R, usize) + Send + Sync + 'static) -> Self {
        let threads = threads_for(items.len());
        let state = State { next: 0, taken: 0, done: BTreeMap::new(), weight: 0, is_over: false };
        let shared = Arc::new(Shared { items, work: Box::new(work), state: Mutex::new(state), changed: Condvar::new() });
        let start = |_| {
            let shared = shared.clone();
            thread::Builder::new().spawn(move || while shared.work_on_next() {}).ok()
        };
        Self { threads: (0..threads).filter_map(start).collect(), shared }
    }
}

impl<I, R> Shared<I, R> {
    fn lock(&self) -> MutexGuard<'_, State<R>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'g>(&self, state: MutexGuard<'g, State<R>>, is_waiting: impl Fn(&State<R>) -> bool) -> MutexGuard<'g, State<R>> {
        self.changed.wait_while(state, |state| is_waiting(&*state)).unwrap_or_else(PoisonError::into_inner)
    }

    /// False when there is nothing left to do.
    fn work_on_next(&self) -> bool {
        let mut state = self.wait(self.lock(), State::is_far_ahead);
        let number = state.next;
        let Some(item) = self.items.get(number).filter(|_| !state.is_over) else { return false };
        state.next += 1;
        drop(state);
        let mut finished = Finished { shared: self, number, result: None };
        finished.result = Some((self.work)(item));
        true
    }
}

impl<R> State<R> {
    fn is_far_ahead(&self) -> bool {
        let is_far = self.next >= self.taken + MAX_AHEAD || self.weight >= MAX_WEIGHT;
        is_far && self.next > self.taken && !self.is_over
    }
}

/// Hands a result over, also where the work has failed: nobody waits for ever.
struct Finished<'s, I, R> {
    shared: &'s Shared<I, R>,
    number: usize,
    result: Option<(R, usize)>,
}

impl<I, R> Drop for Finished<'_, I, R> {
    fn drop(&mut self) {
        let result = self.result.take();
        let mut state = self.shared.lock();
        state.weight += result.as_ref().map_or(0, |(_, weight)| *weight);
        state.done.insert(self.number, result);
        self.shared.changed.notify_all();
    }
}

impl<I, R> Iterator for Ahead<I, R> {
    type Item = R;

    fn next(&mut self) -> Option<R> {
        let shared = &self.shared;
        let mut state = shared.lock();
        let number = state.taken;
        let item = shared.items.get(number)?;
        if self.threads.is_empty() {
            state.taken += 1;
            return Some((shared.work)(item).0);
        }
        state = shared.wait(state, |state| !state.done.contains_key(&number));
        let result = state.done.remove(&number).flatten();
        state.weight -= result.as_ref().map_or(0, |(_, weight)| *weight);
        state.taken += 1;
        drop(state);
        shared.changed.notify_all();
        // Where a thread has failed, it fails here, where somebody sees it.
        Some(result.unwrap_or_else(|| (shared.work)(item)).0)
    }
}

impl<I, R> Drop for Ahead<I, R> {
    fn drop(&mut self) {
        self.shared.lock().is_over = true;
        self.shared.changed.notify_all();
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn results_come_in_order_and_only_some_are_ahead() {
        let begun = Arc::new(AtomicUsize::new(0));
        let counter = begun.clone();
        let work = move |item: &usize| {
            counter.fetch_add(1, Ordering::Relaxed);
            (item * item, 1)
        };
        let items: Vec<usize> = (0..1000).collect();
        for (number, square) in Ahead::new(items.clone(), work.clone()).enumerate() {
            assert_eq!(square, number * number);
            assert!(begun.load(Ordering::Relaxed) <= number + 1 + MAX_AHEAD);
        }
        assert_eq!(Ahead::new(items, work).take(10).last(), Some(81));
        assert_eq!(Ahead::new(Vec::<usize>::new(), |item| (*item, 1)).next(), None);
    }

    #[test]
    fn large_results_do_not_wait_in_numbers() {
        let begun = Arc::new(AtomicUsize::new(0));
        let counter = begun.clone();
        let items: Vec<usize> = (0..100).collect();
        let ahead = Ahead::new(items, move |item| (counter.fetch_add(1, Ordering::Relaxed) + item, MAX_WEIGHT));
        let threads = ahead.threads.len();
        for (number, _) in ahead.enumerate() {
            assert!(begun.load(Ordering::Relaxed) <= number + 2 + threads);
        }
    }

    #[test]
    #[should_panic(expected = "bad item")]
    fn work_that_fails_fails_for_who_takes_it() {
        let work = |item: &usize| if *item == 3 { panic!("bad item") } else { (*item, 1) };
        let _ = Ahead::new((0..10).collect(), work).last();
    }
}
