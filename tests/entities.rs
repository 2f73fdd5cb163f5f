//! What entities need beside the journal: dictionaries in the project folder, and surveys of all sheets.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "support/project.rs"]
mod project;

use std::collections::BTreeMap;

use manicule::model::{DocumentId, SheetKey};
use manicule::progress::{CancelToken, Progress};
use manicule::stats::Digest;
use manicule::store::layout::{Part, Shelf, document_path, sheet_path};
use manicule::workspace::Workspace;
use manicule::workspace::dictionaries::DictionaryError;
use manicule::workspace::survey::survey;
use project::{TestProject, add_document, add_span, files};

fn digests(workspace: &Workspace, documents: &[DocumentId], cancel: &CancelToken) -> (BTreeMap<DocumentId, Digest>, Vec<String>) {
    let mut digests = BTreeMap::new();
    let progress = Progress::new();
    let mut note = |document, digest| assert!(digests.insert(document, digest).is_none(), "each document comes once");
    let findings = survey(&workspace.loader(), &workspace.state().schema, workspace.coder(), documents, (&progress, cancel), &mut note);
    assert_eq!(progress.total(), documents.len() as u64);
    (digests, findings.iter().map(ToString::to_string).collect())
}

#[test]
fn a_survey_counts_every_sheet_and_reads_no_text_without_one() {
    let project = TestProject::new();
    let mut workspace = project.create();
    let documents: Vec<DocumentId> = (0..20).map(|i| add_document(&mut workspace, &format!("d{i}"), "Kerry met Lavrov.")).collect();
    for document in &documents[..10] {
        add_span(&mut workspace, &SheetKey::new(document, &"ann".parse().unwrap()), 0, 5, "PER");
    }
    workspace.checkpoint_now().unwrap();
    for document in &documents[10..] {
        std::fs::remove_file(project.path(&document_path(document, Part::Text, Shelf::Live))).unwrap();
    }
    let broken = sheet_path(&SheetKey::new(&documents[0], workspace.coder()), Shelf::Live);
    std::fs::write(project.path(&broken), "(format: 9)").unwrap();
    let (found, findings) = digests(&workspace, &documents, &CancelToken::new());
    assert_eq!(found.len(), 19);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(findings[0].contains(&broken), "{findings:?}");
    assert!(documents[1..10].iter().all(|document| found[document].spans == 1));
    assert!(documents[10..].iter().all(|document| found[document] == Digest::default()));
}

#[test]
fn a_survey_stops_when_it_is_cancelled() {
    let project = TestProject::new();
    let mut workspace = project.create();
    let documents = vec![add_document(&mut workspace, "d", "text")];
    let cancel = CancelToken::new();
    cancel.cancel();
    assert_eq!(digests(&workspace, &documents, &cancel), (BTreeMap::new(), Vec::new()));
}

#[test]
fn dictionaries_of_a_project_are_one_and_go_to_the_trash() {
    let project = TestProject::new();
    let workspace = project.create();
    let dictionaries = workspace.dictionaries();
    let control = || (Progress::new(), CancelToken::new());
    let load = || {
        let (progress, cancel) = control();
        dictionaries.load_all((&progress, &cancel)).unwrap()
    };
    assert!(load().0.is_empty());
    dictionaries.add("a.tsv", b"Kerry\tQ22316\n", None).unwrap();
    dictionaries.add("b.jsonl", b"{\"name\": \"Lavrov\", \"id\": \"Q58217\"}\n", Some("More people")).unwrap();
    assert_eq!(dictionaries.list().unwrap(), ["a", "more-people"]);
    let (dictionary, findings) = load();
    assert_eq!((dictionary.len(), findings.len()), (2, 0));
    assert_eq!(dictionary.lookup("lav", 1)[0].id(), Some("Q58217"));
    for _ in 0..2 {
        dictionaries.remove("a").unwrap();
        dictionaries.add("a.tsv", b"Kerry\tQ22316\n", None).unwrap();
    }
    let kept = files(&project.dir()).into_keys().filter(|path| path.contains("dictionaries/")).collect::<Vec<_>>();
    assert_eq!(kept, ["dictionaries/a.tsv", "dictionaries/more-people.tsv", "trash/dictionaries/a-2.tsv", "trash/dictionaries/a.tsv"]);
    std::fs::write(project.path("dictionaries/a.tsv"), b"\xff\xff").unwrap();
    let (dictionary, findings) = load();
    assert_eq!((dictionary.len(), findings.len()), (1, 1), "one that cannot be read does not hide the others");
}

#[test]
fn a_project_open_for_reading_keeps_its_dictionaries() {
    let project = TestProject::new();
    let workspace = project.create();
    workspace.dictionaries().add("a.tsv", b"Kerry\n", None).unwrap();
    workspace.close().unwrap();
    let dictionaries = project.read().workspace.dictionaries();
    assert!(matches!(dictionaries.add("b.tsv", b"Bonn\n", None), Err(DictionaryError::ReadOnly(_))));
    assert!(matches!(dictionaries.remove("a"), Err(DictionaryError::ReadOnly(_))));
    assert_eq!(dictionaries.list().unwrap(), ["a"]);
}
