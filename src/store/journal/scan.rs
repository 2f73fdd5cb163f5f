//! Reading journals. Old generations are read by their headers only; the newest is checked to the last byte.

use std::fs::{self, File};
use std::io::{BufReader, ErrorKind, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::Kind;
use super::record::{HEADER_LEN, Header, MAGIC, VERSION, encode, journal_path};
use crate::edit::Transaction;
use crate::store::{StoreError, plain_ron};

/// One record found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Entry {
    pub(crate) generation: u64,
    pub(crate) offset: u64,
    // Behind its last byte.
    end: u64,
    pub(crate) sequence: u64,
    pub(crate) kind: Kind,
}

/// All records that count.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Scan {
    pub(crate) entries: Vec<Entry>,
    /// 0 when there is no journal.
    pub(crate) last_generation: u64,
    /// Bytes of the newest generation that count; what follows was torn off by a crash.
    pub(crate) valid_len: u64,
    /// Bytes that do not count.
    pub(crate) torn_len: u64,
    /// Records are missing in the middle: something is damaged.
    pub(crate) has_gap: bool,
    /// The entries from here on follow each other without a gap.
    pub(crate) whole_from: usize,
    /// The first generation behind all damage.
    pub(crate) whole_generation: u64,
}

impl Scan {
    pub(crate) fn last_sequence(&self) -> u64 {
        self.entries.last().map_or(0, |entry| entry.sequence)
    }

    /// Leaves out what stands behind the first gap in the newest generation that the files do not cover: what a power cut
    /// has left of records that were not synced is no state that ever was.
    pub(crate) fn cut_behind_gap(&mut self, through: u64) {
        let before = |at: usize| at.checked_sub(1).and_then(|at| self.entries.get(at));
        let is_behind_gap = |at: usize, entry: &Entry| {
            let last = before(at).map_or(through, |entry| entry.sequence);
            entry.sequence > through.max(last) + 1
        };
        let Some(at) = self.entries.iter().enumerate().position(|(at, entry)| is_behind_gap(at, entry)) else { return };
        if self.entries.get(at).is_none_or(|entry| entry.generation != self.last_generation) {
            return;
        }
        // Without a record nothing is left: a damaged version in front would look like a newer one the next time.
        let end = before(at).filter(|entry| entry.generation == self.last_generation).map_or(0, |entry| entry.end);
        self.torn_len += self.valid_len.saturating_sub(end);
        self.valid_len = end;
        self.entries.truncate(at);
        let is_gap = |pair: &[Entry]| matches!(pair, [a, b] if b.sequence > a.sequence + 1);
        self.whole_from = self.entries.windows(2).rposition(is_gap).map_or(0, |at| at + 1);
    }

    /// The newest generation without its torn tail and with one more record, to replace the file as a whole. None where the
    /// record is too long.
    pub(crate) fn tail_replaced_by(&mut self, kept: &[u8], kind: Kind, payload: &[u8]) -> Option<Vec<u8>> {
        let sequence = self.last_sequence() + 1;
        let record = encode(self.last_generation, sequence, kind, payload)?;
        let mut content = if kept.is_empty() { MAGIC.to_vec() } else { kept.to_vec() };
        let offset = content.len() as u64;
        content.extend(record);
        let end = content.len() as u64;
        self.entries.push(Entry { generation: self.last_generation, offset, end, sequence, kind });
        (self.valid_len, self.torn_len) = (end, 0);
        Some(content)
    }

    fn gap_before(&mut self, generation: u64) {
        self.has_gap = true;
        self.whole_from = self.entries.len();
        self.whole_generation = generation;
    }
}

/// Reads all generations in a folder. A missing folder is an empty journal.
pub(crate) fn scan(dir: &Path) -> Result<Scan, StoreError> {
    let mut scan = Scan::default();
    let generations = generations(dir)?;
    for generation in &generations {
        let is_last = Some(generation) == generations.last();
        scan_generation(dir, *generation, is_last, &mut scan)?;
        // What a crash tears off is cut at the next opening, before there is another generation.
        if !is_last && scan.torn_len > 0 {
            scan.gap_before(generation + 1);
        }
    }
    Ok(scan)
}

fn generations(dir: &Path) -> Result<Vec<u64>, StoreError> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(StoreError::io("list", dir)(error)),
    };
    let mut generations = Vec::new();
    for entry in entries {
        let name = entry.map_err(StoreError::io("list", dir))?.file_name();
        generations.extend(name.to_str().and_then(|name| name.strip_suffix(".journal")).and_then(|name| name.parse::<u64>().ok()));
    }
    generations.sort_unstable();
    Ok(generations)
}

fn scan_generation(dir: &Path, generation: u64, verify: bool, scan: &mut Scan) -> Result<(), StoreError> {
    let path = journal_path(dir, generation);
    let file = File::open(&path).map_err(StoreError::io("read", &path))?;
    let len = file.metadata().map_err(StoreError::io("read", &path))?.len();
    let mut reader = BufReader::with_capacity(1 << 16, file);
    scan.last_generation = generation;
    scan.valid_len = 0;
    scan.torn_len = len;
    let mut magic = [0; MAGIC.len()];
    let is_journal = reader.read_exact(&mut magic).is_ok() && magic == MAGIC;
    // Where there are records as ours, only the number is damaged.
    if let Some(found) = newer_version(&magic)
        && resume(&path, generation, MAGIC.len() as u64..len, scan.last_sequence())?.is_none()
    {
        return Err(StoreError::NewerFormat { file: path.display().to_string(), found, known: VERSION });
    }
    let mut offset = if is_journal { MAGIC.len() as u64 } else { 0 };
    let mut at_gap = !is_journal;
    loop {
        let expected = scan.last_sequence().saturating_add(1);
        let next = if at_gap { None } else { next_header(&mut reader, generation, len - offset, (!verify).then_some(expected)) };
        let found = match next {
            Some(header) => Some((offset, header)),
            None => resume(&path, generation, offset..len, scan.last_sequence())?,
        };
        let Some((at, header)) = found else { break };
        // Sequences go up by one over all generations.
        let has_gap = at != offset || scan.entries.last().is_some_and(|last| header.sequence > last.sequence.saturating_add(1));
        if header.sequence <= scan.last_sequence() {
            break;
        }
        if has_gap {
            scan.gap_before(if at == MAGIC.len() as u64 { generation } else { generation + 1 });
        }
        offset = at + HEADER_LEN as u64 + u64::from(header.len);
        scan.entries.push(Entry { generation, offset: at, end: offset, sequence: header.sequence, kind: header.kind });
        at_gap = false;
        if next.is_none() {
            reader.seek(SeekFrom::Start(offset)).map_err(StoreError::io("read", &path))?;
        }
    }
    scan.valid_len = offset;
    scan.torn_len = len - offset;
    Ok(())
}

/// The version of a journal that begins as ours do, with a higher number: a whole number and a line end.
fn newer_version(magic: &[u8]) -> Option<u32> {
    let number = std::str::from_utf8(magic).ok()?.strip_prefix("manicule journal ")?.split('\n').next()?;
    number.parse().ok().filter(|number| *number > VERSION)
}

/// The first whole record behind damage, within these bytes of the file: somebody else may be writing more. There is none
/// behind what a crash has torn off.
fn resume(path: &Path, generation: u64, part: Range<u64>, last_sequence: u64) -> Result<Option<(u64, Header)>, StoreError> {
    let Range { start: offset, end } = part;
    let mut bytes = Vec::new();
    let mut file = File::open(path).map_err(StoreError::io("read", path))?;
    let read = file.seek(SeekFrom::Start(offset)).and_then(|_| file.take(end.saturating_sub(offset)).read_to_end(&mut bytes));
    read.map_err(StoreError::io("read", path))?;
    for at in 0..=bytes.len().saturating_sub(HEADER_LEN) {
        let Some((head, rest)) = bytes.get(at..).and_then(|rest| rest.split_at_checked(HEADER_LEN)) else { break };
        let header = Header::decode(head).filter(|header| header.generation == generation && header.sequence > last_sequence);
        if let Some(header) = header.filter(|header| rest.get(..header.len as usize).is_some_and(|payload| header.fits(payload))) {
            return Ok(Some((offset + at as u64, header)));
        }
    }
    Ok(None)
}

/// The header here. Its payload is not looked at where it is the `trusted` sequence; any other one may be damage, which
/// would hide all records behind it.
fn next_header(reader: &mut BufReader<File>, generation: u64, left: u64, trusted: Option<u64>) -> Option<Header> {
    let mut bytes = [0; HEADER_LEN];
    reader.read_exact(&mut bytes).ok()?;
    let header = Header::decode(&bytes).filter(|header| header.generation == generation)?;
    if HEADER_LEN as u64 + u64::from(header.len) > left {
        return None;
    }
    if trusted == Some(header.sequence) {
        reader.seek_relative(i64::from(header.len)).ok()?;
        return Some(header);
    }
    let mut payload = vec![0; header.len as usize];
    reader.read_exact(&mut payload).ok()?;
    header.fits(&payload).then_some(header)
}

/// Files of generations before one. They are damaged, or stand before damage.
pub(crate) fn files_before(dir: &Path, generation: u64) -> Result<Vec<PathBuf>, StoreError> {
    Ok(generations(dir)?.into_iter().filter(|there| *there < generation).map(|there| journal_path(dir, there)).collect())
}

/// Checks every record, also of the older generations, which [`scan`] reads by their headers only. Returns the damaged
/// files.
pub(crate) fn damaged_generations(dir: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let mut damaged = Vec::new();
    let generations = generations(dir)?;
    for generation in generations.iter().copied() {
        let mut alone = Scan::default();
        scan_generation(dir, generation, true, &mut alone)?;
        let is_last = Some(&generation) == generations.last();
        if alone.has_gap || (!is_last && alone.torn_len > 0) {
            damaged.push(journal_path(dir, generation));
        }
    }
    Ok(damaged)
}

/// Bytes of the payload of one record, as its header says.
pub(crate) fn record_len(dir: &Path, generation: u64, offset: u64) -> Option<u64> {
    let mut file = File::open(journal_path(dir, generation)).ok()?;
    file.seek(SeekFrom::Start(offset)).ok()?;
    let mut bytes = [0; HEADER_LEN];
    file.read_exact(&mut bytes).ok()?;
    Header::decode(&bytes).map(|header| u64::from(header.len))
}

/// The payload of one record, checked.
pub(crate) fn read_payload(dir: &Path, generation: u64, offset: u64) -> Result<Vec<u8>, StoreError> {
    let path = journal_path(dir, generation);
    let damaged = || StoreError::DamagedJournal { path: path.clone(), offset };
    let mut file = File::open(&path).map_err(StoreError::io("read", &path))?;
    file.seek(SeekFrom::Start(offset)).map_err(StoreError::io("read", &path))?;
    let mut bytes = [0; HEADER_LEN];
    file.read_exact(&mut bytes)
        .map_err(|error| if error.kind() == ErrorKind::UnexpectedEof { damaged() } else { StoreError::io("read", &path)(error) })?;
    let header = Header::decode(&bytes).filter(|header| header.generation == generation).ok_or_else(damaged)?;
    let mut payload = Vec::new();
    file.take(u64::from(header.len)).read_to_end(&mut payload).map_err(StoreError::io("read", &path))?;
    if header.fits(&payload) { Ok(payload) } else { Err(damaged()) }
}

/// The transaction of one record.
pub(crate) fn read_transaction(dir: &Path, generation: u64, offset: u64) -> Result<Transaction, StoreError> {
    let payload = read_payload(dir, generation, offset)?;
    let text = std::str::from_utf8(&payload).ok();
    text.and_then(|text| plain_ron::from_str(text).ok()).ok_or_else(|| StoreError::DamagedJournal { path: journal_path(dir, generation), offset })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Disk;
    use crate::store::journal::Journal;

    #[test]
    fn a_damaged_sequence_in_an_older_generation_hides_no_newer_record() {
        let dir = tempfile::tempdir().unwrap();
        for _ in 0..2 {
            let journal = Journal::after(dir.path(), &Disk::default(), &scan(dir.path()).unwrap());
            (0..3).for_each(|_| assert!(journal.append_now(Kind::Apply, b"payload").is_ok()));
        }
        let path = journal_path(dir.path(), 1);
        let mut bytes = fs::read(&path).unwrap();
        // The fourth byte of the second record's sequence, which stands behind length, checksum and generation.
        bytes[MAGIC.len() + HEADER_LEN + 7 + 16 + 3] ^= 1;
        fs::write(&path, bytes).unwrap();
        let found = scan(dir.path()).unwrap();
        assert_eq!(found.entries.iter().map(|entry| entry.sequence).collect::<Vec<_>>(), [1, 3, 4, 5, 6]);
        assert!(found.has_gap);
    }

    #[test]
    fn a_last_record_without_a_payload_is_found_behind_damage() {
        let dir = tempfile::tempdir().unwrap();
        let journal = Journal::after(dir.path(), &Disk::default(), &scan(dir.path()).unwrap());
        journal.append_now(Kind::Apply, b"payload").unwrap();
        journal.append_now(Kind::SkipUndo, b"").unwrap();
        let path = journal_path(dir.path(), 1);
        let mut bytes = fs::read(&path).unwrap();
        bytes[MAGIC.len() + HEADER_LEN] ^= 1;
        fs::write(&path, bytes).unwrap();
        let found = scan(dir.path()).unwrap();
        assert_eq!(found.entries.iter().map(|entry| entry.sequence).collect::<Vec<_>>(), [2]);
        assert_eq!(found.torn_len, 0);
    }

    #[test]
    fn a_journal_that_somebody_is_writing_can_be_read() {
        let dir = tempfile::tempdir().unwrap();
        let journal = Journal::after(dir.path(), &Disk::default(), &scan(dir.path()).unwrap());
        (0..3).for_each(|_| assert!(journal.append_now(Kind::Apply, b"payload").is_ok()));
        let found = scan(dir.path()).unwrap();
        let (path, whole) = (journal_path(dir.path(), 1), found.valid_len);
        // The third record came after the length was asked for.
        let second = found.entries[1];
        assert!(matches!(resume(&path, 1, second.end..whole - 1, 2), Ok(None)));
        assert!(matches!(resume(&path, 1, second.end..whole, 2), Ok(Some((at, _))) if at == second.end));
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| (0..2000).for_each(|_| assert!(journal.append_now(Kind::Apply, b"payload").is_ok())));
            while !writer.is_finished() {
                assert!(scan(dir.path()).unwrap().valid_len >= whole);
            }
        });
    }
}
