//! Q1: the campaigns can fail. Each defence of the store is taken away in turn, at the door to the disk or by a small double,
//! and a campaign must go red. A few seconds in all, always the same.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use manicule::edit::{Edit, Transaction};
use manicule::store::{DiskOp, Faults, Verdict};
use manicule::workspace::{Workspace, WorkspaceError};

use crate::campaign;
use crate::kill_checkpoint::{self, Doubles};
use crate::kill_everywhere;
use crate::random_sessions;
use crate::simulated_disk::{self, Image};

/// Cases until a campaign must have noticed.
const PATIENCE: u64 = 20_000;
/// What a record of the journal says it is.
const QUIET: u8 = 6;
const BEGIN: u8 = 7;
/// Bytes of a record before its payload.
const HEADER_LEN: usize = 25;

/// A disk with a bug, as a function.
struct Double<F>(F);

impl<F: Fn(DiskOp<'_>, &Path) -> Verdict + Send + Sync> Faults for Double<F> {
    fn before(&self, op: DiskOp<'_>, path: &Path) -> Verdict {
        (self.0)(op, path)
    }
}

fn double(before: impl Fn(DiskOp<'_>, &Path) -> Verdict + Send + Sync + 'static) -> Arc<dyn Faults> {
    Arc::new(Double(before))
}

fn is_temp(path: &Path) -> bool {
    path.to_string_lossy().ends_with(".manicule-tmp")
}

fn is_journal(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "journal")
}

fn is_in_project(path: &Path) -> bool {
    let has = |name: &str| path.components().any(|part| part.as_os_str() == name);
    has("study") && !has(".manicule")
}

fn skip_if(skips: bool) -> Verdict {
    if skips { Verdict::Skip } else { Verdict::Go }
}

fn append(path: &Path, bytes: &[u8]) {
    OpenOptions::new().append(true).open(path).unwrap().write_all(bytes).unwrap();
}

#[track_caller]
fn goes_red(bug: &str, result: Result<usize, String>) {
    match result {
        Ok(cases) => panic!("{cases} cases did not notice: {bug}"),
        Err(why) => println!("Q1: {bug}: noticed: {}", why.lines().next().unwrap_or_default().chars().take(160).collect::<String>()),
    }
}

fn on_simulated_disk(within: Option<Arc<dyn Faults>>, spoil: impl Fn(&mut Image) + Sync) -> Result<usize, String> {
    let recording = simulated_disk::record_session(within);
    let cases: Vec<u64> = (0..PATIENCE).collect();
    campaign::run("K4", &cases, |case| simulated_disk::cut(&recording, case, &spoil))
}

#[test]
fn a_file_that_is_renamed_before_it_is_synced_is_noticed() {
    let bug = double(|op, path| skip_if(op == DiskOp::Sync && is_temp(path)));
    goes_red("no sync of a file before its rename", on_simulated_disk(Some(bug), |_| {}));
}

#[test]
fn a_folder_that_is_not_synced_is_noticed() {
    let bug = double(|op, _| skip_if(op == DiskOp::SyncDir));
    goes_red("no sync of a folder", on_simulated_disk(Some(bug), |_| {}));
}

/// Says at once that it has written to the journal, and does it a call later.
fn late_journal() -> Arc<dyn Faults> {
    let waiting: Mutex<Option<(PathBuf, Vec<u8>)>> = Mutex::default();
    double(move |op, path| {
        let mut waiting = waiting.lock().unwrap();
        if let Some((path, bytes)) = waiting.take() {
            append(&path, &bytes);
        }
        match op {
            DiskOp::Write(bytes) if is_journal(path) => {
                *waiting = Some((path.to_owned(), bytes.to_owned()));
                Verdict::Skip
            }
            _ => Verdict::Go,
        }
    })
}

#[test]
fn an_action_that_is_acknowledged_before_it_is_journalled_is_noticed() {
    let (expected, calls) = kill_everywhere::calls();
    let result = campaign::run("K1", &campaign::sample(calls, 400), |at| kill_everywhere::crash(&expected, at, 0, None, Some(late_journal())));
    goes_red("acknowledged before the journal is written", result);
}

fn record_crc(record: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&record[..4]);
    crc.update(&record[8..]);
    crc.finalize()
}

/// Makes every record's checksum fit whatever the record holds: nobody checks it then.
fn fit_checksums(image: &mut Image) {
    const MAGIC: &[u8] = b"manicule journal 1\n";
    let journals = image.iter_mut().filter(|(path, _)| is_journal(path)).filter_map(|(_, content)| content.as_mut());
    for journal in journals.filter(|journal| journal.starts_with(MAGIC)) {
        let mut rest = &mut journal[MAGIC.len()..];
        while rest.len() >= HEADER_LEN {
            let len = HEADER_LEN + u32::from_le_bytes(rest[..4].try_into().unwrap()) as usize;
            let Some((record, after)) = rest.split_at_mut_checked(len) else { break };
            let crc = record_crc(record);
            record[4..8].copy_from_slice(&crc.to_le_bytes());
            rest = after;
        }
    }
}

#[test]
fn a_record_whose_checksum_is_not_checked_is_noticed() {
    goes_red("no check of a record's checksum", on_simulated_disk(None, fit_checksums));
}

/// Instead of `begin`, the journal gets a record of the same length that says nothing.
fn no_begin() -> Arc<dyn Faults> {
    double(|op, path| match op {
        DiskOp::Write(bytes) if is_journal(path) && bytes.get(HEADER_LEN - 1) == Some(&BEGIN) => {
            let nothing = r#"(name:"",edits:[])"#;
            let mut record = bytes[..HEADER_LEN].to_vec();
            record.extend(nothing.bytes());
            record.resize(bytes.len(), b' ');
            record[HEADER_LEN - 1] = QUIET;
            let crc = record_crc(&record);
            record[4..8].copy_from_slice(&crc.to_le_bytes());
            append(path, &record);
            Verdict::Skip
        }
        _ => Verdict::Go,
    })
}

#[test]
fn a_checkpoint_without_begin_is_noticed() {
    let doubles = || Doubles { working: Some(no_begin()), opening: None };
    goes_red("no `begin` in the journal", kill_checkpoint::all_cases(doubles));
}

/// A file of several gets its name as soon as it is complete.
fn early_rename() -> Arc<dyn Faults> {
    double(|op, path| {
        if op == DiskOp::Sync && is_temp(path) && is_in_project(path) {
            let name = path.file_name().unwrap().to_str().unwrap();
            let name = name.strip_prefix('.').unwrap().strip_suffix(".ann.manicule-tmp").unwrap();
            fs::copy(path, path.with_file_name(name)).unwrap();
        }
        Verdict::Go
    })
}

#[test]
fn a_rename_before_begin_is_noticed() {
    let doubles = || Doubles { working: Some(early_rename()), opening: None };
    goes_red("a file of several renamed before `begin`", kill_checkpoint::all_cases(doubles));
}

#[test]
fn an_opening_that_does_not_finish_a_checkpoint_is_noticed() {
    let changes = |op: DiskOp<'_>| matches!(op, DiskOp::Write(_) | DiskOp::Rename(_) | DiskOp::Remove);
    let doubles = || Doubles { working: None, opening: Some(double(move |op, path| skip_if(changes(op) && is_in_project(path)))) };
    goes_red("an interrupted checkpoint is not finished", kill_checkpoint::all_cases(doubles));
}

/// Applies whatever the rows are: each edit is told that it was made for what is there.
fn apply_without_before(workspace: &mut Workspace, mut transaction: Transaction) -> Result<(), WorkspaceError> {
    let state = workspace.state();
    for edit in &mut transaction.edits {
        match edit {
            Edit::Coder(change) => change.before = state.coders.get(&change.key).cloned(),
            Edit::Entity(change) => change.before = state.entities.get(&change.key).cloned(),
            Edit::Document(change) => change.before = state.document(&change.key).cloned(),
            Edit::Sheet(key, change) => change.before = Some(state.sheet(key).info.clone()),
            Edit::Span(key, change) => change.before = state.sheet(key).spans.get(&change.key).cloned(),
            Edit::Claim(key, change) => change.before = state.sheet(key).claims.get(&change.key).cloned(),
            _ => {}
        }
    }
    workspace.apply(transaction)
}

#[test]
fn a_change_of_rows_that_are_not_what_it_was_made_for_is_noticed() {
    let cases: Vec<u64> = (0..50).collect();
    goes_red("the rows before are not compared", campaign::run("S1", &cases, |case| random_sessions::session(case, 60, apply_without_before)));
}
