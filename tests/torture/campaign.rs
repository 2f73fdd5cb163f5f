//! Running the cases of a campaign: how many, which, on how many threads, and what a failure says.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Cases run at the same time; they wait for each other's locks hardly ever.
const THREADS: usize = 4;
const SEED: u64 = 20_260_522;

/// How big a campaign is: what its variable says (`all`, or a number), else the usual size.
pub(crate) fn size(variable: &str, usual: u64) -> u64 {
    match std::env::var(variable) {
        Ok(value) if value == "all" => u64::MAX,
        Ok(value) => value.parse().unwrap_or_else(|_| panic!("{variable} is a number or `all`, not {value:?}")),
        Err(_) => usual,
    }
}

/// The seed of what is drawn at random: `MANICULE_SEED`, else always the same.
pub(crate) fn seed() -> u64 {
    std::env::var("MANICULE_SEED").map_or(SEED, |seed| seed.parse().unwrap_or_else(|_| panic!("MANICULE_SEED is a number, not {seed:?}")))
}

/// So many of the cases `0..all`, drawn with the seed, in their order.
pub(crate) fn sample(all: u64, wanted: u64) -> Vec<u64> {
    if wanted >= all {
        return (0..all).collect();
    }
    let mut cases: Vec<u64> = fastrand::Rng::with_seed(seed()).choose_multiple(0..all, usize::try_from(wanted).unwrap());
    cases.sort_unstable();
    cases
}

/// Runs cases until one fails; says which, why, and how to run it again. A case fails by a panic. With `MANICULE_CASE`
/// only that one is run.
pub(crate) fn run(name: &str, cases: &[u64], one: impl Fn(u64) + Sync) -> Result<usize, String> {
    let only = std::env::var("MANICULE_CASE").ok().map(|case| vec![case.parse().unwrap()]);
    let cases = only.as_deref().unwrap_or(cases);
    let (next, failure) = (AtomicUsize::new(0), Mutex::new(None));
    let work = || {
        while let Some(case) = cases.get(next.fetch_add(1, Ordering::SeqCst)).filter(|_| failure.lock().unwrap().is_none()) {
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| one(*case))) {
                let why = format!("{name}: case {case}: {}\nrun it again with MANICULE_SEED={} MANICULE_CASE={case}", words(panic.as_ref()), seed());
                failure.lock().unwrap().get_or_insert(why);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..THREADS.min(cases.len()) {
            scope.spawn(work);
        }
    });
    failure.into_inner().unwrap().map_or(Ok(cases.len()), Err)
}

/// Like [`run`], for a campaign that must hold.
pub(crate) fn must_hold(name: &str, cases: &[u64], one: impl Fn(u64) + Sync) {
    let start = std::time::Instant::now();
    let done = run(name, cases, one).unwrap_or_else(|why| panic!("{why}"));
    println!("{name}: {done} cases in {} s, none failed", start.elapsed().as_secs());
}

fn words(panic: &(dyn Any + Send)) -> String {
    panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}
