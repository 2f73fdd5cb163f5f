//! Imports that come into the project piece by piece.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

#[path = "support/project.rs"]
mod project;

use std::path::Path;

use manicule::edit::ops;
use manicule::model::IdSource;
use manicule::progress::{CancelToken, Progress};
use manicule::workspace::Workspace;
use manicule::workspace::import::{ImportOptions, ImportPlan, ReadyImport, apply_import, read_import, tables_of};
use project::{TestProject, add_document, files};

const ARTICLES: usize = 310;

fn plan(workspace: &Workspace, folder: &Path) -> ImportPlan {
    for number in 0..ARTICLES {
        std::fs::write(folder.join(format!("{number:03}.txt")), format!("Article {number}\n\nKerry met Lavrov.")).unwrap();
    }
    let options = ImportOptions::new(workspace.coder().clone());
    let control = (&Progress::new(), &CancelToken::new());
    read_import(&[folder.to_owned()], &tables_of(workspace.state()), &options, IdSource::seeded(5), control).unwrap()
}

fn ready(workspace: &mut Workspace) -> ReadyImport {
    let folder = tempfile::tempdir().unwrap();
    let plan = plan(workspace, folder.path());
    workspace.import_base().unwrap().prepare(plan, (&Progress::new(), &CancelToken::new())).unwrap()
}

fn present(workspace: &Workspace) -> usize {
    workspace.state().present_documents().count()
}

fn texts(project: &TestProject) -> usize {
    files(&project.dir()).keys().filter(|path| path.ends_with(".txt")).count()
}

#[test]
fn pieces_are_one_step_to_undo_and_to_redo_and_survive_a_restart() {
    let project = TestProject::new();
    let mut workspace = project.create();
    let mut import = ready(&mut workspace);
    assert!(import.pieces() >= 3, "{} pieces", import.pieces());
    assert_eq!((present(&workspace), texts(&project)), (0, ARTICLES), "nobody sees the texts yet");
    while import.add_piece(&mut workspace).unwrap() {}
    assert_eq!(import.finish().documents.len(), ARTICLES);
    assert_eq!((present(&workspace), workspace.history().undo_len()), (ARTICLES, 1));
    workspace.undo().unwrap();
    assert_eq!((present(&workspace), workspace.history().undo_len()), (0, 0));
    workspace.redo().unwrap();
    workspace.close().unwrap();
    let mut workspace = project.open().workspace;
    assert_eq!(present(&workspace), ARTICLES);
    workspace.undo().unwrap();
    assert_eq!(present(&workspace), 0);
}

#[test]
fn what_a_large_import_adds_is_written_on_the_way_and_is_one_step_to_undo() {
    const MANY: usize = 2500;
    let project = TestProject::new();
    let mut workspace = project.create();
    let file = tempfile::Builder::new().suffix(".jsonl").tempfile().unwrap();
    let articles: String = (0..MANY).map(|number| format!("{{\"text\": \"Kerry met Lavrov {number} times.\"}}\n")).collect();
    std::fs::write(file.path(), articles).unwrap();
    let options = ImportOptions::new(workspace.coder().clone());
    let control = (&Progress::new(), &CancelToken::new());
    let plan = read_import(&[file.path().to_owned()], &tables_of(workspace.state()), &options, IdSource::seeded(5), control).unwrap();
    assert_eq!(apply_import(&mut workspace, plan).unwrap().documents.len(), MANY);
    assert_eq!((present(&workspace), workspace.history().undo_len()), (MANY, 1));
    workspace.undo().unwrap();
    assert_eq!((present(&workspace), workspace.history().undo_len()), (0, 0));
    workspace.redo().unwrap();
    workspace.close().unwrap();
    let mut workspace = project.open().workspace;
    assert_eq!((present(&workspace), texts(&project)), (MANY, MANY));
    workspace.undo().unwrap();
    assert_eq!(present(&workspace), 0);
}

#[test]
fn what_is_done_between_pieces_is_a_step_of_its_own() {
    let project = TestProject::new();
    let mut workspace = project.create();
    let id = add_document(&mut workspace, "before", "Kerry met Lavrov.");
    let mut import = ready(&mut workspace);
    assert!(import.add_piece(&mut workspace).unwrap());
    let first = present(&workspace);
    let renamed = ops::edit_document(workspace.state(), &id, |row| row.title = "after".to_owned()).unwrap();
    workspace.apply(renamed).unwrap();
    while import.add_piece(&mut workspace).unwrap() {}
    assert_eq!(present(&workspace), ARTICLES + 1);
    workspace.undo().unwrap();
    assert_eq!((present(&workspace), workspace.state().document(&id).unwrap().title.as_str()), (first, "after"));
    workspace.undo().unwrap();
    assert_eq!(workspace.state().document(&id).unwrap().title, "before");
    workspace.undo().unwrap();
    assert_eq!(present(&workspace), 1);
}

#[test]
fn an_import_that_ends_early_leaves_no_text_behind() {
    let project = TestProject::new();
    let mut workspace = project.create();
    let mut import = ready(&mut workspace);
    import.add_piece(&mut workspace).unwrap();
    let report = import.finish();
    assert!(!report.documents.is_empty() && report.documents.len() < ARTICLES);
    assert_eq!((present(&workspace), texts(&project)), (report.documents.len(), report.documents.len()));
    drop(ready(&mut workspace));
    let (folder, stop) = (tempfile::tempdir().unwrap(), CancelToken::new());
    let plan = plan(&workspace, folder.path());
    stop.cancel();
    let stopped = workspace.import_base().unwrap().prepare(plan, (&Progress::new(), &stop));
    assert!(stopped.is_err());
    assert_eq!(texts(&project), report.documents.len());
}
