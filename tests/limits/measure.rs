//! Running one case, and what it may take.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use cpu_time::ProcessTime;

use crate::MEMORY;

const MEGABYTE: usize = 1_000_000;
const MEBIBYTE: usize = 1 << 20;

/// Makes the files of a case, about so many bytes in all.
pub(crate) type Make = fn(usize) -> Vec<(&'static str, Vec<u8>)>;
/// Reads what lies in a folder; what it gives is dropped after measuring.
pub(crate) type Read = fn(&Path) -> Box<dyn std::any::Any>;

/// One hostile input and who reads it.
#[derive(Clone, Copy)]
pub(crate) struct Case {
    pub(crate) reader: &'static str,
    pub(crate) input: &'static str,
    pub(crate) make: Make,
    pub(crate) read: Read,
}

/// What it took.
pub(crate) struct Figures {
    name: String,
    bytes: usize,
    time: Duration,
    memory: usize,
    outcome: String,
}

impl Case {
    pub(crate) fn name(&self) -> String {
        format!("{}: {}", self.reader, self.input)
    }

    pub(crate) fn run(&self, megabytes: f64) -> Figures {
        let folder = tempfile::tempdir().unwrap();
        let files = (self.make)((megabytes * MEGABYTE as f64) as usize);
        let bytes = files.iter().map(|(_, content)| content.len()).sum();
        for (name, content) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
        let there = files_in(folder.path());
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        let start = ProcessTime::now();
        let outcome = (self.read)(folder.path());
        let time = start.elapsed();
        let memory = MEMORY.peak_usage().saturating_sub(before);
        assert_eq!(files_in(folder.path()), there, "{} writes nothing", self.name());
        let outcome = outcome.downcast_ref::<String>().cloned().unwrap_or_default();
        let figures = Figures { name: self.name(), bytes, time, memory, outcome };
        println!("{figures}");
        figures
    }
}

/// Names and lengths. A damaged file of preferences is kept beside as it was.
fn files_in(folder: &Path) -> BTreeMap<PathBuf, u64> {
    let (mut files, mut folders) = (BTreeMap::new(), vec![folder.to_owned()]);
    while let Some(next) = folders.pop() {
        for path in std::fs::read_dir(next).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_none_or(|extension| extension != "unreadable") {
                files.insert(path.clone(), path.metadata().unwrap().len());
            }
        }
    }
    files
}

impl Figures {
    pub(crate) fn are_fine(&self) -> bool {
        self.time <= self.most_time() && self.memory <= self.most_memory()
    }

    fn most_time(&self) -> Duration {
        let slower = if cfg!(debug_assertions) { 4.0 } else { 1.0 };
        Duration::from_secs_f64(slower * (2.0 + 10.0 * self.bytes as f64 / (100.0 * MEGABYTE as f64)))
    }

    fn most_memory(&self) -> usize {
        256 * MEBIBYTE + 8 * self.bytes
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mega = |bytes: usize| bytes as f64 / MEGABYTE as f64;
        let mark = if self.are_fine() { "  " } else { "!!" };
        write!(
            f,
            "{mark} {:6.1} MB  {:7.2} s of {:5.1}  {:7.0} MB of {:5.0}  {}: {}",
            mega(self.bytes),
            self.time.as_secs_f64(),
            self.most_time().as_secs_f64(),
            mega(self.memory),
            mega(self.most_memory()),
            self.name,
            self.outcome.chars().take(90).collect::<String>().replace('\n', " ")
        )
    }
}
