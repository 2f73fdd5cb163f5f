//! K3: the power fails while a real process works on a real file system. At most the last second is lost; the project
//! opens without a word, with an exact prefix of what was done.
//!
//! The file system is an image behind a loop device, and the power is cut by `EXT4_IOC_SHUTDOWN` (xfs knows the same
//! call): from then on nothing reaches the image, and it is mounted again. Needs root, loop devices, `mkfs` and python3.
//!
//! `MANICULE_K3`: so many cuts; 10 on ext4 in the usual run. From 11 on that many on each of ext4 as it comes, ext4 with
//! `data=writeback,noauto_da_alloc`, and xfs; 50 take three minutes.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::kill_process::{Child, counter, is_child, open};
use crate::project::TestProject;
use crate::{campaign, world};

const NAME: &str = "power_cut::a_power_cut_loses_at_most_a_second";
const USUAL: u64 = 10;
/// What is acknowledged for so long is on the disk.
const SECOND: Duration = Duration::from_secs(1);

struct FileSystem {
    make: &'static str,
    options: &'static str,
    megabytes: u64,
}

const FILE_SYSTEMS: [FileSystem; 3] = [
    FileSystem { make: "mkfs.ext4", options: "loop", megabytes: 64 },
    FileSystem { make: "mkfs.ext4", options: "loop,data=writeback,noauto_da_alloc", megabytes: 64 },
    FileSystem { make: "mkfs.xfs", options: "loop", megabytes: 320 },
];

/// Opens the mounted folder and stops its file system without a flush of its log.
const CUT: &str = "import fcntl, os, struct, sys; fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587d, struct.pack('I', 2))";

fn run(program: &str, words: &[&Path]) -> Result<(), String> {
    let output = Command::new(program).args(words).output().map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() { Ok(()) } else { Err(format!("{program}: {}", String::from_utf8_lossy(&output.stderr).trim())) }
}

/// An image, mounted as long as it lives.
struct Mounted {
    image: PathBuf,
    dir: PathBuf,
    options: &'static str,
}

impl Mounted {
    fn new(root: &Path, system: &FileSystem) -> Result<Self, String> {
        let mounted = Self { image: root.join("image"), dir: root.join("disk"), options: system.options };
        std::fs::create_dir(&mounted.dir).unwrap();
        std::fs::File::create(&mounted.image).unwrap().set_len(system.megabytes << 20).unwrap();
        run(system.make, &[Path::new("-q"), &mounted.image])?;
        mounted.mount()?;
        Ok(mounted)
    }

    fn mount(&self) -> Result<(), String> {
        run("mount", &[Path::new("-o"), Path::new(self.options), &self.image, &self.dir])
    }

    fn cut_power(&self) {
        run("python3", &[Path::new("-c"), Path::new(CUT), &self.dir]).unwrap();
    }

    fn unmount(&self) -> Result<(), String> {
        run("umount", &[&self.dir])
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = self.unmount();
    }
}

/// Why the power cannot be cut here.
fn obstacle(system: &FileSystem) -> Option<String> {
    let root = world::new_project().root;
    Mounted::new(root.path(), system).and_then(|_| run("python3", &[Path::new("--version")])).err()
}

fn cut_once(system: &FileSystem, random: &mut fastrand::Rng) {
    let outer = world::new_project();
    let mounted = Mounted::new(outer.root.path(), system).unwrap();
    // Inside the mounted folder; it goes with the image, so nobody removes it.
    let root = tempfile::Builder::new().disable_cleanup(true).tempdir_in(&mounted.dir).unwrap();
    let project: TestProject = world::project_in(root);
    world::prepare(&project);
    run("sync", &[]).unwrap();
    let child = Child::start(NAME, random.u64(..), project.root.path());
    std::thread::sleep(Duration::from_millis(random.u64(0..2_500)));
    let cut = Instant::now();
    mounted.cut_power();
    let said = child.kill();
    let safe = said.iter().rev().find(|(when, _)| *when + SECOND < cut).map_or(0, |(_, number)| *number);
    let last = said.last().unwrap().1;
    mounted.unmount().unwrap();
    mounted.mount().unwrap();
    let mut workspace = open(project.root.path(), 1);
    let found = counter(workspace.state());
    assert!((safe..=last + 1).contains(&found), "{safe} were acknowledged a second before, {last} in all, {found} found");
    let state = world::load_all(&mut workspace);
    workspace.close().unwrap();
    let mut workspace = open(project.root.path(), 1);
    assert!(world::load_all(&mut workspace) == state, "saving changed something");
}

#[test]
fn a_power_cut_loses_at_most_a_second() {
    if is_child() {
        return;
    }
    let cuts = campaign::size("MANICULE_K3", USUAL);
    for (number, system) in FILE_SYSTEMS.iter().enumerate().take(if cuts > USUAL { FILE_SYSTEMS.len() } else { 1 }) {
        let name = format!("K3 {} {}", system.make, system.options);
        if let Some(why) = obstacle(system) {
            println!("NOT TESTED: {NAME} ({name}): {why}. It needs root, loop devices, {} and python3.", system.make);
            continue;
        }
        let cases: Vec<u64> = (0..cuts).collect();
        campaign::must_hold(&name, &cases, |case| cut_once(system, &mut fastrand::Rng::with_seed(campaign::seed() ^ case ^ (number as u64) << 32)));
    }
}
