//! Files of the state folder: journals and logs, which a crash or a disk may damage in any way.
//!
//! They are read from a folder of their own for each thread.

use std::fs;
use std::path::{Path, PathBuf};

use super::parts;
use crate::edit::Transaction;
use crate::edit::testing::{Case, there_and_back};
use crate::model::{CoderKey, DocumentId, Id};
use crate::store::activity::{Activity, ActivityLog};
use crate::store::journal::{Journal, Kind, Scan, damaged_generations, read_payload, read_transaction, scan};
use crate::store::layout::StateDir;
use crate::store::states::{log_paths, read_states};
use crate::store::{
    Disk, Intents, Places, Preferences, Remembered, Saved, Sealed, Stamp, StoreError, append_log, check_seal, plain_ron, read_log,
    seal as write_seal, words,
};

thread_local! {
    static FOLDER: tempfile::TempDir = tempfile::tempdir().unwrap();
}

/// A folder with these files only.
fn folder(files: &[(&str, &[u8])]) -> PathBuf {
    let dir = FOLDER.with(|folder| folder.path().join("f"));
    let _ = fs::remove_dir_all(&dir);
    for (name, content) in files {
        let path = dir.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    dir
}

/// Two generations of a journal.
pub(super) fn journal(data: &[u8]) {
    let [first, second] = parts(data);
    let (one, two) = ("0000000000000001.journal", "0000000000000002.journal");
    let files: &[(&str, &[u8])] = if second.is_empty() { &[(one, first)] } else { &[(one, first), (two, second)] };
    let dir = folder(files);
    let found = match scan(&dir) {
        Ok(found) => found,
        Err(error) => return assert!(matches!(error, StoreError::NewerFormat { .. }), "{error}"),
    };
    let len = files[files.len() - 1].1.len() as u64;
    assert_eq!(found.valid_len + found.torn_len, len);
    assert!(found.entries.is_sorted_by(|a, b| a.sequence < b.sequence), "sequences go up");
    assert!(found.whole_from <= found.entries.len());
    for entry in &found.entries {
        let payload = read_payload(&dir, entry.generation, entry.offset);
        // Older generations are read by their headers only.
        assert!(payload.is_ok() || entry.generation != found.last_generation, "{entry:?}");
        if entry.kind.changes_data() {
            let _ = read_transaction(&dir, entry.generation, entry.offset);
        }
    }
    let _ = damaged_generations(&dir).unwrap();
    let mut cut = found.clone();
    cut.cut_behind_gap(0);
    assert!(found.entries.starts_with(&cut.entries));
    assert_eq!(cut.valid_len + cut.torn_len, len);
    what_is_appended_is_found(&dir, &cut);
}

/// Opened, one action done, killed, and opened again.
fn what_is_appended_is_found(dir: &Path, found: &Scan) {
    if found.torn_len > 0 {
        let last = dir.join(format!("{:016}.journal", found.last_generation));
        fs::OpenOptions::new().write(true).open(last).unwrap().set_len(found.valid_len).unwrap();
    }
    let journal = Journal::after(dir, &Disk::default(), found);
    // A sequence that has no successor is damage that only an attacker makes.
    if found.last_sequence() > u64::MAX - 2 {
        return;
    }
    let appended = journal.append_now(Kind::Quiet, b"more").unwrap();
    let again = scan(dir).unwrap();
    assert_eq!(again.last_sequence(), appended.sequence);
    assert_eq!(read_payload(dir, appended.generation, appended.offset).unwrap(), b"more");
}

/// Applied to a small project.
pub(super) fn transaction(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let by_the_crate = ron::from_str::<Transaction>(text).ok();
    let plain = plain_ron::read_plain::<Transaction>(text);
    assert!(plain.is_none() || plain == by_the_crate, "read in another way than by the crate");
    let Some(transaction) = by_the_crate else { return };
    let written = plain_ron::to_compact(&transaction).unwrap();
    assert_eq!(written, ron::to_string(&transaction).unwrap());
    assert_eq!(plain_ron::from_str::<Transaction>(&written).unwrap(), transaction);
    let mut case = Case::new("[PER#k Kerry] said [CLAIM#c taxes in [GPE Ohio] rise]. 🎉\n.. c: claimer=k stance=support");
    let _ = there_and_back(&mut case.state, &transaction);
}

pub(super) fn intents(data: &[u8]) {
    let Some(intents) = Intents::from_payload(data) else { return };
    assert!(intents.results().len() <= 2 * intents.steps.len());
    assert_eq!(Intents::from_payload(&intents.to_payload().unwrap()).as_ref(), Some(&intents));
}

pub(super) fn checksums(data: &[u8]) {
    let path = folder(&[("checksums", data)]).join("checksums");
    let (known, lines) = read_log(&path).unwrap();
    assert!(known.len() <= lines);
    let stamp = Stamp::of(data);
    let saved = [("documents/a.ron", Some(stamp)), ("gone.ron", None)].map(|(path, stamp)| (path, Saved { order: 7, stamp }));
    append_log(&Disk::default(), &path, saved.into_iter()).unwrap();
    let again = read_log(&path).unwrap().0;
    assert_eq!((again["documents/a.ron"].stamp, again["gone.ron"].stamp), (Some(stamp), None));
    assert!(known.iter().all(|(path, saved)| again[path] == *saved || ["documents/a.ron", "gone.ron"].contains(&path.as_str())));
    assert_eq!(stamp.to_string().parse(), Ok(stamp));
}

pub(super) fn states(data: &[u8]) {
    let [log, copy] = parts(data);
    let dir = folder(&[("log", log), ("log-copy", copy)]);
    let read = read_states(&dir).unwrap();
    assert_eq!(read.is_alike, log == copy);
    assert!(read.records.is_sorted_by(|a, b| a.sequence < b.sequence));
    let paths = log_paths(&dir);
    let lines: String = read.records.iter().filter_map(crate::store::states::Record::to_line).collect();
    paths.iter().for_each(|path| fs::write(path, &lines).unwrap());
    let again = read_states(&dir).unwrap();
    assert_eq!((again.damaged, again.is_alike), (0, true));
    assert_eq!(again.records.len(), read.records.len());
}

pub(super) fn seal(data: &[u8]) {
    let dir = folder(&[("coders/ann/seal", data), ("coders/ann/checksums", b"x")]);
    let state_dir = StateDir::new(&dir, &CoderKey::from_name("ann"));
    assert!(matches!(check_seal(&state_dir), Sealed::Through { .. }));
    write_seal(&Disk::default(), &state_dir, 17).unwrap();
    assert_eq!(check_seal(&state_dir), Sealed::Through { through: 17, differing: vec![] });
}

pub(super) fn activity(data: &[u8]) {
    let path = folder(&[("activity.csv", data)]).join("activity.csv");
    let log = ActivityLog::new(path, Disk::default());
    let before = log.read().unwrap();
    let line =
        Activity { time: "2026-11-25T14:02:09Z".into(), coder: "ann".into(), document: String::new(), action: "undo\n“x”".into(), seconds: 3 };
    log.append(&line).unwrap();
    let after = log.read().unwrap();
    assert!(after.len() <= before.len() + 1);
}

pub(super) fn preferences(data: &[u8]) {
    let dir = folder(&[("config/preferences.ron", data)]);
    let places = Places::under(&dir);
    let (preferences, finding) = Preferences::load(&places);
    super::checks::check_findings(&finding.into_iter().collect::<Vec<_>>());
    assert!((0.3..=5.0).contains(&preferences.zoom));
    preferences.save(&places).unwrap();
    assert_eq!(Preferences::load(&places), (preferences, None));
}

pub(super) fn remembered(data: &[u8]) {
    let dir = folder(&[("config/words.ron", data), ("remembered.ron", data)]);
    let _ = words(&Places::under(&dir));
    let path = dir.join("remembered.ron");
    let mut remembered = Remembered::load(path.clone(), Disk::default());
    remembered.set("last document", "a\n🎉");
    assert_eq!(Remembered::load(path, Disk::default()).get("last document"), Some("a\n🎉"));
    assert!(DocumentId::new(DocumentId::from_title(&super::text_of(data), Id::from_bits(1)).as_str()).is_ok());
}
