//! K1: a crash at any call to the file system loses nothing that was acknowledged, and leaves nothing half. The session is
//! `session.rs`: actions, saves, save as, exports over older ones, imports, the trash, changes of others merged in; and the
//! opening after the crash crashes, too.
//!
//! `MANICULE_K1`: so many calls, and so many pairs of calls, or `all` (a minute, and a quarter of an hour); 350 calls and
//! 150 pairs in the usual run.

use std::sync::Arc;

use manicule::store::Faults;

use crate::campaign;
use crate::crash_disk::CrashDisk;
use crate::session::{Expected, STEPS, Session, expected};
use crate::world;

/// What a write that is hit still puts on the disk.
const TORN: [usize; 3] = [0, 10, 30];

/// The session without faults, and how many calls it takes.
pub(crate) fn calls() -> (Expected, u64) {
    let (counting, disk) = CrashDisk::counting();
    (expected(disk), counting.steps())
}

/// Crashes at a call. With `again`, the opening after it crashes at that call of its own.
pub(crate) fn crash(expected: &Expected, at: u64, torn: usize, again: Option<u64>, within: Option<Arc<dyn Faults>>) {
    let project = world::prepared();
    let (crash, disk) = CrashDisk::at(at, torn, within);
    let mut done = 0;
    if let Some(mut session) = Session::open(&project, disk) {
        for number in 0..STEPS {
            let _ = session.step(number);
            if crash.has_happened() {
                break;
            }
            done += 1;
        }
    }
    if let Some(again) = again {
        let (_, disk) = CrashDisk::at(again, torn, None);
        drop(world::open_as(&project.dir(), "ann", &project.places.clone().with_disk(disk), 5));
    }
    expected.check(&project, done);
}

#[test]
fn a_crash_at_any_step_loses_nothing_and_leaves_nothing_half() {
    let (expected, calls) = calls();
    assert!(calls > 1000, "{calls}");
    let cases = campaign::sample(calls, campaign::size("MANICULE_K1", 350));
    campaign::must_hold("K1", &cases, |at| crash(&expected, at, TORN[at as usize % TORN.len()], None, None));
}

/// Calls of an opening that has something to mend; later ones do not come.
const OPENING: u64 = 24;

#[test]
fn a_crash_while_recovering_from_a_crash_loses_nothing() {
    let (expected, calls) = calls();
    let cases = campaign::sample(calls * OPENING, campaign::size("MANICULE_K1", 150));
    campaign::must_hold("K1 twice", &cases, |case| crash(&expected, case / OPENING, 10, Some(case % OPENING), None));
}
