//! Our CoNLL, CoNLL-U and CoNLL-U Plus are read by programs that are not ours, and by us as they read them. Needs the virtual
//! environment of `tests/readers/setup.sh`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{export, project};
use manicule::format::{ExportReport, Fate, Item, ReportLine, Tables};
use manicule::model::LabelKind;
use manicule::text::offsets::OffsetUnit;
use serde::de::DeserializeOwned;

const PROJECTS: u64 = 60;

/// Runs a script and returns what it prints.
#[track_caller]
fn python<T: DeserializeOwned>(script: &str, words: &[&str], paths: &[PathBuf]) -> T {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = root.join(".venv/bin/python");
    assert!(python.exists(), "\n\n{} IS MISSING: run tests/readers/setup.sh (./test does it) and try again\n", python.display());
    let mut command = Command::new(python);
    let output = command.arg(root.join("tests/readers").join(script)).args(words).args(paths).env("PYTHONUTF8", "1").output().unwrap();
    assert!(output.status.success(), "{script} failed:\n{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// One coder's project.
fn of_alice(seed: u64) -> (Tables, Vec<Item>) {
    let (mut tables, mut items) = project(seed);
    items.iter_mut().for_each(|item| item.sheets.retain(|coder, _| coder.as_str() == "alice"));
    tables.coders.retain(|coder, _| coder.as_str() == "alice");
    (tables, items)
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect()
}

/// What a project says, and what the report of its export.
struct Said {
    tables: Tables,
    items: Vec<Item>,
    report: ExportReport,
}

/// Writes the projects.
fn write_all(format: &str, dir: &Path, extension: &str) -> (Vec<PathBuf>, Vec<Said>) {
    let (mut paths, mut said) = (Vec::new(), Vec::new());
    for seed in 0..PROJECTS {
        let (tables, items) = of_alice(seed);
        let (files, report) = export(format, &tables, &items, OffsetUnit::CodePoints);
        let (_, content) = files.0.iter().next().unwrap();
        paths.push(dir.join(format!("{seed:03}.{extension}")));
        fs::write(paths.last().unwrap(), content).unwrap();
        said.push(Said { tables, items, report });
    }
    (paths, said)
}

impl Said {
    fn is_mention(&self, label: &str) -> bool {
        self.tables.schema.labels.iter().all(|(key, row)| key.as_str() != label || row.kind == LabelKind::Entity)
    }

    /// How many spans the report has in lines of this fate, apart from those with labels that are not for entities.
    fn count(&self, fate: Fate) -> usize {
        let lines = self.report.lines.iter().filter(|line| line.fate == fate && line.what == "spans" && !line.why.contains("not for entities"));
        lines.map(|line| line.count).sum()
    }

    /// Of the project's spans those are read that the report does not say to be otherwise or left out, and no others.
    #[track_caller]
    fn check<S: PartialEq + std::fmt::Debug>(&self, mut spans: Vec<S>, read: Vec<S>) {
        let (all, count) = (spans.len(), read.len());
        let strange: Vec<S> =
            read.into_iter().filter(|span| spans.iter().position(|other| other == span).map(|at| spans.remove(at)).is_none()).collect();
        let (changed, dropped) = (self.count(Fate::Changed), self.count(Fate::Dropped));
        assert!(spans.len() <= changed + dropped, "{changed} changed, {dropped} dropped, missing: {spans:?}");
        // What goes over the end of a sentence is read in pieces.
        let is_cut = self.report.lines.iter().any(|line| line.why.contains("cut"));
        assert!(is_cut || strange.len() <= changed && count <= all && count + dropped >= all, "{changed} changed, {dropped} dropped: {strange:?}");
    }

    /// Label and words of the mentions, or of all spans.
    fn spans(&self, are_all: bool) -> Vec<(String, String)> {
        let spans = self.items.iter().flat_map(spans).map(|(label, words, _)| (label, words));
        spans.filter(|(label, _)| are_all || self.is_mention(label)).collect()
    }
}

/// Label, words and entity of each span, in the order of the text.
fn spans(item: &Item) -> Vec<(String, String, String)> {
    let mut spans: Vec<_> = item.sheets.values().flat_map(|sheet| sheet.spans.values()).collect();
    spans.sort_by_key(|span| span.ranges.start());
    let entity = |span: &manicule::model::Span| span.entity.map(|entity| entity.to_string()).unwrap_or_default();
    spans.into_iter().map(|span| (span.label.to_string(), bare(&item.text.quote(&span.ranges).replace(" … ", "")), entity(span))).collect()
}

#[test]
fn seqeval_reads_every_scheme() {
    for (format, scheme, column) in [
        ("conll2003", "IOB2", "3"),
        ("conll2003-iob1", "IOB1", "3"),
        ("conll2003-bioes", "IOBES", "3"),
        ("conll2002", "IOB2", "1"),
        ("conll2002-iob1", "IOB1", "1"),
        ("conll2002-bioes", "IOBES", "1"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let (paths, said) = write_all(format, dir.path(), "conll");
        let read: Vec<Vec<(String, String)>> = python("read_conll.py", &["seqeval", scheme, column], &paths);
        assert!(read.iter().map(Vec::len).sum::<usize>() > 50 && read.len() == said.len());
        said.iter().zip(read).for_each(|(said, read)| said.check(said.spans(false), read));
    }
}

#[test]
fn spacy_converts_conll() {
    for format in ["conll2003", "conll2002"] {
        let temporary = tempfile::tempdir().unwrap();
        // It does not look into folders whose name begins with a full stop.
        let dir = temporary.path().join("conll");
        fs::create_dir(&dir).unwrap();
        let (paths, said) = write_all(format, &dir, "ner");
        // It makes nothing of a file without a token.
        let said: Vec<_> = paths.iter().zip(said).filter(|(path, _)| !is_without_token(path)).map(|(_, said)| said).collect();
        paths.iter().filter(|path| is_without_token(path)).for_each(|path| fs::remove_file(path).unwrap());
        let read: Vec<Vec<(String, String)>> = python("read_conll.py", &["spacy"], &[dir]);
        assert_eq!(read.len(), said.len());
        said.iter().zip(read).for_each(|(said, read)| said.check(said.spans(false), read));
    }
}

fn is_without_token(path: &Path) -> bool {
    fs::read_to_string(path).unwrap().lines().all(|line| line.is_empty() || line.starts_with("-DOCSTART-"))
}

/// A document as the script reads it.
type Plain = (String, Vec<(String, String, String)>);

#[test]
fn conllu_and_udapi_read_texts_and_entities() {
    let dir = tempfile::tempdir().unwrap();
    let (paths, said) = write_all("conllu", dir.path(), "conllu");
    let read: Vec<Vec<Plain>> = python("read_conllu.py", &["plain"], &paths);
    let (mut texts, mut mentions) = (0, 0);
    for (said, documents) in said.iter().zip(read) {
        let items: Vec<&Item> = said.items.iter().filter(|item| !bare(item.text.as_str()).is_empty()).collect();
        assert_eq!(documents.len(), items.len());
        let (mut expected, mut read) = (Vec::new(), Vec::new());
        for (item, (text, found)) in items.iter().zip(documents) {
            assert_eq!(item.text.as_str(), text);
            texts += 1;
            let unescaped = |label: &str| label.replace("%2D", "-");
            // udapi gives all mentions of an entity the type of the first: that of a mention alone is its own.
            let plain = |label: String, entity: &str| if entity.len() == 12 { (String::new(), entity.to_owned()) } else { (label, String::new()) };
            let mentions_of = spans(item).into_iter().filter(|(label, ..)| said.is_mention(label));
            expected.extend(mentions_of.map(|(label, words, entity)| (item.id.to_string(), plain(label, &entity), words)));
            read.extend(found.iter().map(|(label, entity, words)| (item.id.to_string(), plain(unescaped(label), entity), words.clone())));
        }
        mentions += read.len();
        // A mention whose entity is not there any more, or is crossed by another of the same, has none.
        let has_no_link = |line: &ReportLine| line.fate == Fate::Dropped && line.what.starts_with("links from mentions");
        if said.report.lines.iter().any(has_no_link) {
            let bare_of = |row: &(String, (String, String), String)| (row.0.clone(), row.2.clone());
            said.check(expected.iter().map(bare_of).collect(), read.iter().map(bare_of).collect());
        } else {
            said.check(expected, read);
        }
    }
    assert!(texts > 50 && mentions > 50, "{texts} {mentions}");
}

#[test]
fn conllu_reads_the_columns_of_plus() {
    let dir = tempfile::tempdir().unwrap();
    let (paths, said) = write_all("conllu-plus", dir.path(), "conllup");
    type Sentence = (String, Vec<(String, String)>);
    let read: Vec<Vec<Sentence>> = python("read_conllu.py", &["plus"], &paths);
    for (said, documents) in said.iter().zip(read) {
        said.check(said.spans(true), documents.into_iter().flat_map(|(_, spans)| spans).collect());
    }
}
