//! A project in a temporary folder, for tests of the store.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

use std::path::{Path, PathBuf};

use manicule::edit::{Change, Edit, Transaction};
use manicule::model::{Color, Document, DocumentId, IdSource, Label, LabelKey, LabelKind, Schema, SheetKey, Span, SpanId};
use manicule::store::{Disk, Places};
use manicule::text::Text;
use manicule::workspace::{NewDocument, NewProject, OpenOptions, Opened, Who, Workspace};

pub struct TestProject {
    pub root: tempfile::TempDir,
    pub places: Places,
}

impl TestProject {
    pub fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let places = Places::under(&root.path().join("state"));
        Self { root, places }
    }

    pub fn with_disk(mut self, disk: Disk) -> Self {
        self.places = self.places.with_disk(disk);
        self
    }

    pub fn dir(&self) -> PathBuf {
        self.root.path().join("study")
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.dir().join(path)
    }

    pub fn create(&self) -> Workspace {
        Workspace::create(&self.dir(), new_project(), &self.places, IdSource::seeded(7)).unwrap()
    }

    pub fn open(&self) -> Opened {
        self.open_as("ann")
    }

    pub fn open_as(&self, name: &str) -> Opened {
        let mut options = OpenOptions::read_write(Who::Named(name.into()));
        options.ids = IdSource::seeded(fastrand::u64(..));
        Workspace::open(&self.dir(), options, &self.places).unwrap()
    }

    pub fn read(&self) -> Opened {
        Workspace::open(&self.dir(), OpenOptions::read_only(), &self.places).unwrap()
    }
}

pub fn new_project() -> NewProject {
    let mut schema = Schema::default();
    for (i, (key, kind)) in [("PER", LabelKind::Entity), ("ORG", LabelKind::Entity), ("claim", LabelKind::Claim)].into_iter().enumerate() {
        schema.labels.insert(LabelKey::new(key).unwrap(), Label::new(key, kind, Color::from_palette(i), i as u32));
    }
    NewProject { name: "Test".into(), schema, guidelines: String::new(), coder: "ann".into() }
}

pub fn new_document(workspace: &mut Workspace, title: &str, text: &str) -> NewDocument {
    let text = Text::new(text);
    let id = workspace.new_document_id(title);
    NewDocument { id, document: Document::new(title, text.hash().clone()), text, original: None }
}

pub fn add_document(workspace: &mut Workspace, title: &str, text: &str) -> DocumentId {
    let new = new_document(workspace, title, text);
    workspace.add_documents("add document", vec![new], vec![]).unwrap().remove(0)
}

pub fn span_edit(workspace: &mut Workspace, key: &SheetKey, start: u32, end: u32, label: &str) -> Edit {
    let range: manicule::text::TextRange = (start, end).try_into().unwrap();
    let span = Span::new(range, LabelKey::new(label).unwrap());
    Edit::Span(key.clone(), Change::insert(SpanId(workspace.next_id()), span))
}

pub fn add_span(workspace: &mut Workspace, key: &SheetKey, start: u32, end: u32, label: &str) {
    let edit = span_edit(workspace, key, start, end, label);
    workspace.apply(Transaction::new("label", vec![edit])).unwrap();
}

/// Every file of a folder with its content, without locks.
pub fn files(dir: &Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    let mut files = std::collections::BTreeMap::new();
    let mut todo = vec![dir.to_owned()];
    while let Some(next) = todo.pop() {
        for entry in std::fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.ends_with(".manicule") {
                continue;
            }
            if path.is_dir() {
                todo.push(path);
            } else {
                files.insert(path.strip_prefix(dir).unwrap().to_str().unwrap().to_owned(), std::fs::read(&path).unwrap());
            }
        }
    }
    files
}
