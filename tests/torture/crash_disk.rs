//! A disk that stops working at a step, as if the process were gone.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use manicule::store::{Disk, DiskOp, Faults, Verdict};

/// Everything works up to a step; from then on nothing does. The step itself may still write a part of its bytes.
pub(crate) struct CrashDisk {
    at: u64,
    torn: usize,
    steps: AtomicU64,
    // What else is wrong with the disk.
    within: Option<Arc<dyn Faults>>,
}

impl CrashDisk {
    pub(crate) fn at(at: u64, torn: usize, within: Option<Arc<dyn Faults>>) -> (Arc<Self>, Disk) {
        let crash = Arc::new(Self { at, torn, steps: AtomicU64::new(0), within });
        (crash.clone(), Disk::with_faults(crash))
    }

    /// One that never crashes and counts.
    pub(crate) fn counting() -> (Arc<Self>, Disk) {
        Self::at(u64::MAX, 0, None)
    }

    pub(crate) fn has_happened(&self) -> bool {
        self.steps() > self.at
    }

    pub(crate) fn steps(&self) -> u64 {
        self.steps.load(Ordering::SeqCst)
    }
}

impl Faults for CrashDisk {
    fn before(&self, op: DiskOp<'_>, path: &Path) -> Verdict {
        let crashed = || Verdict::Fail(io::Error::other("crashed"));
        if is_background() {
            return if self.has_happened() { crashed() } else { Verdict::Go };
        }
        match (self.steps.fetch_add(1, Ordering::SeqCst), op) {
            (step, _) if step < self.at => self.within.as_ref().map_or(Verdict::Go, |within| within.before(op, path)),
            (step, DiskOp::Write(_)) if step == self.at => Verdict::Tear(self.torn),
            _ => crashed(),
        }
    }
}

/// The thread that syncs the journal steps in between at random; a kill does not undo what was written anyway.
pub(crate) fn is_background() -> bool {
    std::thread::current().name() == Some("journal sync")
}
