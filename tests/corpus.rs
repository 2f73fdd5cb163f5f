//! Searching all articles of a project.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

#[path = "support/project.rs"]
mod project;

use std::sync::Arc;

use manicule::model::{DocumentId, LabelKey, Sheet, SheetKey};
use manicule::progress::{CancelToken, Progress};
use manicule::text::search::{Bounds, Case, Needles};
use manicule::workspace::Workspace;
use manicule::workspace::corpus::{Corpus, CorpusReport, DocumentHits, OpenPlaces, TextCache};
use project::{TestProject, add_span};

fn needles() -> Needles {
    Needles::one("Kerry", Case::Matters, Bounds::WholeWords)
}

fn search(corpus: &Corpus) -> (Vec<DocumentHits>, CorpusReport) {
    let mut hits = Vec::new();
    let report = corpus.search(&needles(), (&Progress::new(), &CancelToken::new()), |found| hits.push(found));
    (hits, report)
}

fn open(workspace: &Workspace, cache: &TextCache) -> (Vec<DocumentHits>, CorpusReport) {
    let (state, coder) = (workspace.state(), workspace.coder().clone());
    let sheets = workspace.loaded_sheets(&coder);
    let wanted = OpenPlaces { coder, label: LabelKey::new("PER").unwrap(), schema: state.schema.clone(), sheets };
    let mut hits = Vec::new();
    let report = workspace.corpus(cache).search_open(&needles(), &wanted, (&Progress::new(), &CancelToken::new()), |found| hits.push(found));
    (hits, report)
}

/// Many short articles, every third with a hit.
fn many(workspace: &mut Workspace, count: usize) -> Vec<DocumentId> {
    let text = |i: usize| format!("Article {i}. {} spoke.", if i.is_multiple_of(3) { "Kerry" } else { "Kerryman" });
    let new = (0..count).map(|i| project::new_document(workspace, &format!("{i:04}"), &text(i))).collect();
    workspace.add_documents("add", new, vec![]).unwrap()
}

#[test]
fn hits_come_in_the_order_of_the_documents() {
    let project = TestProject::new();
    let mut workspace = project.create();
    let ids = many(&mut workspace, 300);
    let cache = TextCache::default();
    let corpus = workspace.corpus(&cache).without(Some(ids[3].clone()));
    let mut expected: Vec<DocumentId> = ids.iter().step_by(3).filter(|id| **id != ids[3]).cloned().collect();
    expected.sort_unstable();
    for round in 0..2 {
        let (hits, report) = search(&corpus);
        assert_eq!(hits.iter().map(|hit| hit.document.clone()).collect::<Vec<_>>(), expected, "round {round}");
        assert!(hits.iter().all(|hit| hit.ranges.len() == 1 && hit.text.slice(hit.ranges[0]) == "Kerry"));
        assert_eq!(report, CorpusReport { findings: vec![], searched: 299, is_complete: true });
    }
    assert!(cache.bytes() > 300 * 15);
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_is_searched() {
    let project = TestProject::new();
    let mut workspace = project.create();
    let ids = many(&mut workspace, 9);
    let path = project::files(&project.dir()).into_keys().find(|path| path.contains(ids[3].as_str()) && path.ends_with(".txt")).unwrap();
    std::fs::write(project.path(&path), b"\xff").unwrap();
    let (hits, report) = search(&workspace.corpus(&TextCache::default()));
    assert_eq!((hits.len(), report.findings.len(), report.is_complete), (2, 1, true));
    assert_eq!(report.findings[0].document.as_ref(), Some(&ids[3]));
}

#[test]
fn a_search_stops_when_it_is_cancelled() {
    let project = TestProject::new();
    let mut workspace = project.create();
    many(&mut workspace, 300);
    let (corpus, cancel) = (workspace.corpus(&TextCache::default()), CancelToken::new());
    let mut hits = 0;
    let report = corpus.search(&needles(), (&Progress::new(), &cancel), |_| {
        hits += 1;
        cancel.cancel();
    });
    assert_eq!((hits, report.is_complete), (1, false));
}

#[test]
fn only_open_places_are_found_in_memory_and_in_files() {
    let project = TestProject::new();
    let mut workspace = project.create();
    let ids: Vec<DocumentId> = ["a", "b", "c"].iter().map(|title| project::add_document(&mut workspace, title, "Kerry, Kerry")).collect();
    let keys: Vec<SheetKey> = ids.iter().map(|id| SheetKey::new(id, workspace.coder())).collect();
    add_span(&mut workspace, &keys[0], 0, 5, "PER");
    add_span(&mut workspace, &keys[1], 0, 5, "PER");
    add_span(&mut workspace, &keys[1], 7, 12, "ORG");
    workspace.checkpoint_now().unwrap();
    workspace.close().unwrap();

    let mut workspace = project.open().workspace;
    let starts = |hits: Vec<DocumentHits>| -> Vec<(DocumentId, usize)> {
        hits.into_iter().flat_map(|hit| hit.ranges.iter().map(|range| (hit.document.clone(), range.start())).collect::<Vec<_>>()).collect()
    };
    let cache = TextCache::default();
    let mut expected = vec![(ids[0].clone(), 7), (ids[2].clone(), 0), (ids[2].clone(), 7)];
    assert_eq!(starts(open(&workspace, &cache).0), expected);
    add_span(&mut workspace, &keys[2], 0, 5, "PER");
    expected.remove(1);
    assert_eq!(starts(open(&workspace, &cache).0), expected, "what is in memory is newer than the files");
    assert!(workspace.loaded_sheets(workspace.coder()).values().all(|sheet: &Arc<Sheet>| !sheet.is_blank()));
}
