//! A golden project copied to where it may be changed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use manicule::format::{Batch, MemoryFiles, ReadOptions, find};
use manicule::model::{CoderKey, Finding, IdSource, SheetKey};
use manicule::store::Places;
use manicule::workspace::import::tables_of;
use manicule::workspace::states::{ProjectState, RowCounts};
use manicule::workspace::{OpenOptions, Opened, Who, Workspace};

pub(crate) use crate::project::files;

/// Where golden files lie.
pub(crate) fn root(shape: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(shape)
}

/// A copy of golden files.
pub(crate) struct Golden {
    shape: &'static str,
    temp: tempfile::TempDir,
}

impl Golden {
    /// The project, and the state folder that it is given.
    pub(crate) fn copy(shape: &'static str, state: Option<&str>) -> Self {
        let golden = Self { shape, temp: tempfile::tempdir().unwrap() };
        copy(&root(shape).join("project"), &golden.dir());
        if let Some(state) = state {
            // Named after the project and its place, which is another one here.
            let place = golden.dir().canonicalize().unwrap();
            let hash = blake3::hash(place.as_os_str().as_encoded_bytes()).to_hex();
            let id = fs::read_to_string(golden.dir().join("project.ron")).unwrap();
            let id = id.split("id: \"").nth(1).unwrap().split('"').next().unwrap().to_owned();
            let target = golden.path(&format!("state/{id}-{}", &hash[..12]));
            copy(&root(shape).join(state), &target);
            fs::write(target.join("place"), place.as_os_str().as_encoded_bytes()).unwrap();
        }
        golden
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.temp.path().join(name)
    }

    pub(crate) fn dir(&self) -> PathBuf {
        self.path("study")
    }

    pub(crate) fn places(&self) -> Places {
        Places::under(&self.path("state"))
    }

    /// The golden file itself.
    pub(crate) fn golden(&self, name: &str) -> PathBuf {
        root(self.shape).join(name)
    }

    pub(crate) fn open(&self) -> Opened {
        Workspace::open(&self.dir(), OpenOptions::read_write(Who::Named("ann".into())), &self.places()).unwrap()
    }

    /// Reads all sheets; what there is to say about the project and them.
    pub(crate) fn load_all(&self, opened: &mut Opened) -> Vec<Finding> {
        let mut findings = opened.findings.clone();
        for id in opened.workspace.state().documents.keys().cloned().collect::<Vec<_>>() {
            let own = opened.workspace.coder().clone();
            for coder in opened.workspace.coders_of(&id).unwrap().into_iter().chain([own]) {
                match opened.workspace.load(&SheetKey::new(&id, &coder)) {
                    Ok(found) => findings.extend(found),
                    Err(error) => findings.push(error.to_finding("unreadable")),
                }
            }
        }
        findings
    }

    /// The project says what an exchange file says.
    #[track_caller]
    pub(crate) fn compare(&self, workspace: &Workspace, expected: &str) {
        let page = fs::read(self.golden(expected)).unwrap();
        let (mut batch, source) = (Batch::default(), MemoryFiles::new([("expected.jsonl", page)]));
        let mut options = ReadOptions::new(CoderKey::from_name("nobody"), IdSource::seeded(1));
        find("jsonl").unwrap().reader.unwrap()(&source, &mut options, &mut batch).unwrap();
        assert_eq!(batch.findings, []);
        let state = workspace.state();
        assert_eq!(tables_of(state), batch.tables, "{}: {expected}", self.shape);
        let present: Vec<_> = state.present_documents().map(|(id, _)| id.clone()).collect();
        assert_eq!(present, batch.items.iter().map(|item| item.id.clone()).collect::<Vec<_>>(), "{}: {expected}", self.shape);
        for item in &batch.items {
            assert_eq!(state.documents[&item.id], item.document.clone().into(), "{}: {expected}: {}", self.shape, item.id);
            assert_eq!(state.texts[&item.id], item.text);
            for coder in state.coders.keys() {
                let (ours, theirs) = (state.sheet(&SheetKey::new(&item.id, coder)), item.sheets.get(coder).cloned().unwrap_or_default());
                assert_eq!(**ours, *theirs, "{}: {expected}: {} by {coder}", self.shape, item.id);
            }
        }
        assert_eq!(state.documents.len(), present.len() + 1, "and one in the trash");
    }
}

/// A state: its name, why it was noted, and how many spans, claims, relations and entities were changed.
pub(crate) fn state_line(state: &ProjectState) -> String {
    let RowCounts { spans, claims, relations, entities } = state.rows;
    format!("{} {} {spans} {claims} {relations} {entities}", state.id, state.occasion.as_str())
}

/// The only state folder.
pub(crate) fn state_of(places: &Places) -> PathBuf {
    let folders = fs::read_dir(places.state_dir()).unwrap().map(|entry| entry.unwrap().path());
    folders.into_iter().find(|path| path.join("coders").is_dir()).unwrap()
}

/// The newest journal.
pub(crate) fn journal(state: &Path) -> PathBuf {
    let mut journals: Vec<PathBuf> = fs::read_dir(state.join("coders/ann/journal")).unwrap().map(|entry| entry.unwrap().path()).collect();
    journals.sort();
    journals.pop().unwrap()
}

/// All files of a folder, hidden ones too, but no locks.
pub(crate) fn copy(from: &Path, to: &Path) {
    let all: BTreeMap<String, Vec<u8>> = files(from);
    assert!(!all.is_empty(), "{}", from.display());
    for (path, content) in all {
        fs::create_dir_all(to.join(&path).parent().unwrap()).unwrap();
        fs::write(to.join(&path), content).unwrap();
    }
}
