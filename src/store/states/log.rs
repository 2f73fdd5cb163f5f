//! The list of states as two equal files: what is damaged in one is read from the other.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::record::Record;
use crate::store::{Disk, StoreError, disk};

const NAMES: [&str; 2] = ["log", "log-copy"];

/// All that could be read.
#[derive(Debug, Default)]
pub(crate) struct ReadLog {
    /// In order, each with what it replaced. `is_whole` is true for all that come after a whole one without a gap.
    pub(crate) records: Vec<Record>,
    /// Lines in the longer file.
    pub(crate) lines: usize,
    /// Lines that are damaged in one of the files.
    pub(crate) damaged: usize,
    /// The two files are equal, as they should be.
    pub(crate) is_alike: bool,
}

/// Where the files are.
pub(crate) fn paths(dir: &Path) -> [PathBuf; 2] {
    NAMES.map(|name| dir.join(name))
}

/// Reads both files. Missing ones are empty; one is enough.
pub(crate) fn read(dir: &Path) -> Result<ReadLog, StoreError> {
    let [first, second] = paths(dir);
    let contents = match disk::read_if_there(&first) {
        // As a rule. That of a large project is long: one copy of it is enough.
        Ok(Some(content)) if disk::holds(&second, &content) => vec![content],
        content => match [content, disk::read_if_there(&second)] {
            [Err(error), Err(_) | Ok(None)] | [Ok(None), Err(error)] => return Err(error),
            contents => contents.into_iter().map(|content| content.ok().flatten().unwrap_or_default()).collect(),
        },
    };
    let is_alike = contents.iter().all(|content| Some(content) == contents.first());
    let mut log = ReadLog { is_alike, ..ReadLog::default() };
    let mut records = BTreeMap::new();
    for bytes in contents {
        let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let (mut count, mut damaged) = (0, 0);
        for line in lines {
            count += 1;
            match std::str::from_utf8(line).ok().and_then(Record::from_line) {
                Some(record) => drop(records.insert(record.sequence, record)),
                None => damaged += 1,
            }
        }
        log.lines = log.lines.max(count);
        log.damaged += damaged;
    }
    log.records = folded(records.into_values());
    Ok(log)
}

fn folded(records: impl Iterator<Item = Record>) -> Vec<Record> {
    let (mut last, mut is_whole) = (0, false);
    let mut folded: Vec<Record> = Vec::new();
    for mut record in records {
        let has_gap = record.previous != last;
        last = record.sequence;
        is_whole = record.is_whole || (is_whole && !has_gap);
        record.is_whole = is_whole;
        if let Some(before) = folded.pop_if(|_| record.replaces && !has_gap) {
            record.absorb(before);
        }
        folded.push(record);
    }
    folded
}

/// Appends a record to both files.
pub(crate) fn append(disk: &Disk, dir: &Path, record: &Record) -> Result<(), StoreError> {
    let Some(line) = record.to_line() else {
        return Err(StoreError::ReadBack { file: "the list of states".into(), cause: "a state cannot be written".into() });
    };
    disk.create_dir_all(dir)?;
    for path in paths(dir) {
        let file = disk.open_append(&path)?;
        // What a crash tore off must not swallow the line.
        disk.write_all(&file, &path, format!("\n{line}").as_bytes())?;
    }
    Ok(())
}

/// Replaces both files.
pub(crate) fn rewrite(disk: &Disk, dir: &Path, records: &[Record]) -> Result<(), StoreError> {
    let content: String = records.iter().filter_map(Record::to_line).collect();
    paths(dir).iter().try_for_each(|path| disk.replace(path, content.as_bytes()))
}
