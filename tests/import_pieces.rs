//! Imports that come into the project piece by piece.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

#[path = "support/project.rs"]
mod project;

use std::path::Path;

use manicule::edit::ops;
use manicule::format::FormatError;
use manicule::model::IdSource;
use manicule::progress::{CancelToken, Progress};
use manicule::workspace::Workspace;
use manicule::workspace::import::{ImportError, ImportOptions, ReadyImport, import_files, read_ready, tables_of};
use project::{TestProject, add_document, files};

const ARTICLES: usize = 310;

/// Reads 310 articles for a project.
fn read(workspace: &mut Workspace, cancel: &CancelToken) -> Result<ReadyImport, ImportError> {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..ARTICLES {
        std::fs::write(folder.path().join(format!("{number:03}.txt")), format!("Article {number}\n\nKerry met Lavrov.")).unwrap();
    }
    let options = ImportOptions::new(workspace.coder().clone());
    let (base, known) = (workspace.import_base().unwrap(), tables_of(workspace.state()));
    read_ready(&[folder.path().to_owned()], base, &known, &options, IdSource::seeded(5), (&Progress::new(), cancel))
}

fn ready(workspace: &mut Workspace) -> ReadyImport {
    read(workspace, &CancelToken::new()).unwrap()
}

fn present(workspace: &Workspace) -> usize {
    workspace.state().present_documents().count()
}

fn undo_name(workspace: &Workspace) -> String {
    workspace.next_undo().unwrap().unwrap().name.clone()
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

/// What is written leaves memory while more comes; the pieces are one step to undo all the same.
#[test]
fn articles_leave_memory_while_others_are_added() {
    let project = TestProject::new();
    let mut workspace = project.create();
    let folder = tempfile::tempdir().unwrap();
    let line = |number: usize| {
        format!(
            "{{\"text\": \"Kerry met Lavrov {number} times.\", \"denotations\": [{{\"id\": \"T1\", \"span\": {{\"begin\": 0, \"end\": 5}}, \"obj\": \"PER\"}}]}}\n"
        )
    };
    std::fs::write(folder.path().join("a.jsonl"), (0..ARTICLES).map(line).collect::<String>()).unwrap();
    let options = ImportOptions::new(workspace.coder().clone());
    let (base, known) = (workspace.import_base().unwrap(), tables_of(workspace.state()));
    let control = (&Progress::new(), &CancelToken::new());
    let mut import = read_ready(&[folder.path().to_owned()], base, &known, &options, IdSource::seeded(5), control).unwrap();
    let pieces = import.pieces();
    assert!(import.add_piece(&mut workspace).unwrap() && pieces >= 3, "{pieces} pieces");
    let first = import.leaving().in_memory().to_vec();
    import.leaving().let_go_while(&mut workspace, |_| false, || true);
    assert_eq!(import.leaving().in_memory(), first, "nothing of it is written");
    workspace.checkpoint_now().unwrap();
    import.leaving().let_go_while(&mut workspace, |_| false, || false);
    assert_eq!(import.leaving().in_memory(), first, "there is no time");
    import.leaving().let_go_while(&mut workspace, |id| *id == first[1], || true);
    let loaded: Vec<_> = workspace.state().texts.keys().cloned().collect();
    assert_eq!((import.leaving().in_memory().len(), loaded), (0, vec![first[1].clone()]), "somebody looks at it");
    while import.add_piece(&mut workspace).unwrap() {
        workspace.checkpoint_now().unwrap();
        import.leaving().let_go_while(&mut workspace, |_| false, || true);
        assert!(workspace.state().sheets.len() < 2, "only what is looked at");
    }
    assert_eq!(import.finish().documents.len(), ARTICLES);
    assert_eq!((present(&workspace), workspace.history().undo_len()), (ARTICLES, 1));
    workspace.undo().unwrap();
    assert_eq!((present(&workspace), workspace.history().undo_len()), (0, 0));
    workspace.redo().unwrap();
    let spans: usize = workspace.state().sheets.values().map(|sheet| sheet.spans.len()).sum();
    assert_eq!((present(&workspace), spans), (ARTICLES, ARTICLES));
}

/// Articles as lines of JSON; they are read and added in several parts.
const MANY: usize = 2500;

fn many_articles(to: &Path) {
    let lines: String = (0..MANY).map(|number| format!("{{\"text\": \"Kerry met Lavrov {number} times.\"}}\n")).collect();
    std::fs::write(to, lines).unwrap();
}

/// Texts that are written, seen or not, while others come and go.
fn texts_so_far(project: &TestProject) -> usize {
    let entries = |dir: &Path| std::fs::read_dir(dir).into_iter().flatten().flatten();
    entries(&project.dir().join("documents")).map(|shard| entries(&shard.path()).count()).sum()
}

#[test]
fn a_large_import_is_added_while_it_is_read_and_is_one_step_to_undo() {
    let project = TestProject::new();
    let mut workspace = project.create();
    let (folder, control) = (tempfile::tempdir().unwrap(), (&Progress::new(), &CancelToken::new()));
    let file = folder.path().join("articles.jsonl");
    many_articles(&file);
    let options = ImportOptions::new(workspace.coder().clone());
    let report = import_files(&mut workspace, &[file], &options, IdSource::seeded(5), control).unwrap();
    assert_eq!((report.documents.len(), undo_name(&workspace)), (MANY, "import 2500 documents".to_owned()));
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
fn a_large_import_that_fails_or_is_stopped_is_taken_back() {
    let project = TestProject::new();
    let mut workspace = project.create();
    add_document(&mut workspace, "before", "Kerry met Lavrov.");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("articles.jsonl");
    many_articles(&file);
    let (options, stop) = (ImportOptions::new(workspace.coder().clone()), CancelToken::new());
    let stopped = std::thread::scope(|scope| {
        // Stopped when more than one part is in the project.
        scope.spawn(|| {
            while texts_so_far(&project) < MANY / 2 {
                std::thread::sleep(std::time::Duration::from_millis(1));
            }
            stop.cancel();
        });
        import_files(&mut workspace, &[file], &options, IdSource::seeded(5), (&Progress::new(), &stop))
    });
    assert!(matches!(stopped, Err(ImportError::Read(FormatError::Cancelled))), "{stopped:?}");
    assert_eq!((present(&workspace), texts(&project), undo_name(&workspace)), (1, 1, "add document".to_owned()));
    workspace.close().unwrap();
    assert_eq!(present(&project.open().workspace), 1);
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
    let stop = CancelToken::new();
    stop.cancel();
    assert!(matches!(read(&mut workspace, &stop), Err(ImportError::Read(FormatError::Cancelled))));
    assert_eq!(texts(&project), report.documents.len());
}

/// A file of annotations, and one whose encoding nobody knows.
#[test]
fn what_is_made_ready_while_it_is_read_is_what_is_added_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let spans = r#"{"text": "Kerry met Lavrov.", "label": [[0, 5, "PERSONA"], [90, 99, "PERSONA"]]}"#;
    std::fs::write(folder.path().join("a.jsonl"), spans).unwrap();
    std::fs::write(folder.path().join("b.txt"), b"caf\xe9 au lait, tr\xe8s bon").unwrap();
    let files = [folder.path().join("a.jsonl"), folder.path().join("b.txt")];
    let projects = [TestProject::new(), TestProject::new()];
    let [mut at_once, mut in_pieces] = projects.each_ref().map(TestProject::create);
    let options = ImportOptions::new(at_once.coder().clone());
    let expected = import_files(&mut at_once, &files, &options, IdSource::seeded(5), (&Progress::new(), &CancelToken::new())).unwrap();
    let (base, known) = (in_pieces.import_base().unwrap(), tables_of(in_pieces.state()));
    let mut import = read_ready(&files, base, &known, &options, IdSource::seeded(5), (&Progress::new(), &CancelToken::new())).unwrap();
    assert_eq!((import.undecoded().len(), import.pieces()), (1, 1));
    while import.add_piece(&mut in_pieces).unwrap() {}
    let report = import.finish();
    assert_eq!(report, expected);
    assert!(report.findings.len() >= 2 && report.new_labels.iter().any(|key| key.as_str() == "PERSONA"), "{report:?}");
    assert_eq!(in_pieces.state().schema, at_once.state().schema);
    assert_eq!(in_pieces.state().documents, at_once.state().documents);
    assert_eq!((undo_name(&in_pieces), undo_name(&at_once)), ("import “Kerry met Lavrov.”".to_owned(), "import “Kerry met Lavrov.”".to_owned()));
}

/// Documents with ids of their own, with so many spans each.
fn documents_with_spans(documents: usize, spans: usize) -> String {
    let mut lines =
        "{\"format\":\"manicule-jsonl\",\"version\":1,\"offset_unit\":\"code-points\",\"coders\":{\"ann\":{\"name\":\"ann\"}}}\n".to_owned();
    for number in 0..documents {
        let text = format!("Kerry met Lavrov {number} times.");
        let span = |span: usize| {
            let id = number * 1000 + span + 1;
            format!("{{\"id\":\"{id:012}\",\"label\":\"PER\",\"ranges\":[{{\"start\":0,\"end\":5,\"quote\":\"Kerry\"}}]}}")
        };
        let rows = (0..spans).map(span).collect::<Vec<_>>().join(",");
        let sheets = if spans == 0 { String::new() } else { format!(",\"sheets\":[{{\"coder\":\"ann\",\"spans\":[{rows}]}}]") };
        lines.push_str(&format!("{{\"id\":\"d-{:012}\",\"title\":\"d\",\"text\":\"{text}\"{sheets}}}\n", number + 1));
    }
    lines
}

fn read_lines(workspace: &mut Workspace, lines: &str) -> Result<ReadyImport, ImportError> {
    let file = tempfile::NamedTempFile::with_suffix(".jsonl").unwrap();
    std::fs::write(file.path(), lines).unwrap();
    let options = ImportOptions::new(workspace.coder().clone());
    let (base, known) = (workspace.import_base().unwrap(), tables_of(workspace.state()));
    let control = (&Progress::new(), &CancelToken::new());
    read_ready(&[file.path().to_owned()], base, &known, &options, IdSource::seeded(5), control)
}

fn spans(workspace: &mut Workspace) -> usize {
    let ids: Vec<_> = workspace.state().documents.keys().cloned().collect();
    ids.iter().for_each(|id| drop(workspace.load_all_of(id).unwrap()));
    workspace.state().sheets.values().map(|sheet| sheet.spans.len()).sum()
}

/// More pieces than stay in memory: new documents, and sheets for documents that are in the project and not in memory.
#[test]
fn rows_that_wait_on_the_disk_are_those_that_were_read() {
    let (documents, each) = (300, 200);
    for is_there in [false, true] {
        let project = TestProject::new();
        let mut workspace = project.create();
        if is_there {
            let mut import = read_lines(&mut workspace, &documents_with_spans(documents, 0)).unwrap();
            while import.add_piece(&mut workspace).unwrap() {}
            assert_eq!(import.finish().documents.len(), documents);
            workspace.close().unwrap();
            workspace = project.open().workspace;
        }
        let before = workspace.history().undo_len();
        let mut import = read_lines(&mut workspace, &documents_with_spans(documents, each)).unwrap();
        assert!(import.pieces() > 33, "{} pieces", import.pieces());
        let mut pieces = import.take_pieces();
        assert_eq!((import.pieces(), import.add_piece(&mut workspace).unwrap()), (0, false), "they are elsewhere");
        while let Some(piece) = pieces.next_piece() {
            import.add(&mut workspace, piece.unwrap()).unwrap();
        }
        workspace.checkpoint_now().unwrap();
        import.leaving().let_go_while(&mut workspace, |_| false, || true);
        assert!(workspace.state().texts.is_empty(), "all are written and leave memory");
        let report = import.finish();
        assert_eq!((report.documents.len(), report.findings.len()), (documents, 0), "{:?}", report.findings.first());
        assert_eq!((spans(&mut workspace), workspace.history().undo_len()), (documents * each, before + 1));
        workspace.undo().unwrap();
        assert_eq!((spans(&mut workspace), present(&workspace)), (0, if is_there { documents } else { 0 }));
        workspace.redo().unwrap();
        workspace.close().unwrap();
        let mut workspace = project.open().workspace;
        assert_eq!((spans(&mut workspace), present(&workspace)), (documents * each, documents));
    }
}

#[test]
fn an_import_whose_rows_cannot_wait_leaves_nothing_behind() {
    let project = TestProject::new();
    let mut workspace = project.create();
    std::fs::write(workspace.state_dir().join("waiting"), "not a folder").unwrap();
    let refused = read_lines(&mut workspace, &documents_with_spans(300, 200)).map(|import| import.pieces());
    assert!(matches!(refused, Err(ImportError::Add(_))), "{refused:?}");
    assert_eq!((present(&workspace), texts(&project)), (0, 0));
}
