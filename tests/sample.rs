//! The sample project is what `assets/sample/*.txt` say, and nothing is wrong with it.
//!
//! The articles are written in the notation of `model::notation`. After changing one, run
//! `MANICULE_UPDATE_SAMPLE=1 cargo test --no-default-features --test sample`: it brings the notation into its
//! printed form and makes `projects/sample` anew. Without the variable this test compares.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use manicule::check::check_project;
use manicule::edit::{Change, Edit, Transaction};
use manicule::format::FORMATS;
use manicule::model::notation::{Notation, Reader};
use manicule::model::{AttributeKey, CoderKey, EntityId, Filler, IdSource, LabelKey, LabelKind, Node, Schema, Sheet, SheetInfo, SheetKey, State};
use manicule::progress::{CancelToken, Progress};
use manicule::store::Places;
use manicule::store::templates::template;
use manicule::workspace::export::{ExportChoice, ExportSource, Writing, plan_export, run_export};
use manicule::workspace::{NewDocument, NewProject, OpenOptions, Workspace};

/// In the order in which they get their ids.
const ARTICLES: [&str; 5] = ["kestrel-bridge", "ferry-inquiry", "translators-prize", "skarholm-wind", "key-rate"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn source(name: &str) -> String {
    let path = root().join("assets/sample").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn schema() -> Schema {
    template("news").unwrap().schema().unwrap()
}

fn read(reader: Reader<'_>, name: &str) -> Notation {
    let source = source(&format!("{name}.txt"));
    // The line end at the end of the file is the file's, not the article's.
    reader.read(source.strip_suffix('\n').unwrap()).unwrap_or_else(|error| panic!("{name}.txt: {error}"))
}

fn is_update() -> bool {
    std::env::var_os("MANICULE_UPDATE_SAMPLE").is_some()
}

/// Makes the project in an empty folder.
fn generate(dir: &Path, places: &Places) {
    let schema = schema();
    let mut ids = IdSource::seeded(2016);
    let new =
        NewProject { name: "Sample: five articles".into(), schema: schema.clone(), guidelines: source("guidelines.md"), coder: "Sample".into() };
    let mut workspace = Workspace::create(dir, new, places, IdSource::seeded(517)).unwrap();
    let entities = read(Reader::new(&schema).with_ids(fork(&mut ids)), "entities");
    workspace.apply(add_entities(&entities, workspace.coder())).unwrap();
    for name in ARTICLES {
        let article = read(Reader::new(&schema).with_ids(fork(&mut ids)).with_entities(entities.names.entities.clone()), name);
        add_article(&mut workspace, article);
    }
    workspace.close().unwrap();
}

/// Each file has ids of its own, so that a change of one article leaves the ids of the others alone.
fn fork(ids: &mut IdSource) -> IdSource {
    let id = ids.next_id().to_string();
    IdSource::seeded(id.bytes().fold(0, |seed, byte| seed * 31 + u64::from(byte) % 31))
}

fn add_entities(notation: &Notation, coder: &CoderKey) -> Transaction {
    let row = |(id, entity): (&EntityId, &manicule::model::Entity)| {
        let mut entity = entity.clone();
        entity.made_by = Some(coder.clone());
        Edit::Entity(Change::insert(*id, entity))
    };
    Transaction::new("add entities", notation.entities.iter().map(row).collect())
}

fn add_article(workspace: &mut Workspace, article: Notation) {
    let id = workspace.new_document_id(&article.document.title);
    let new = NewDocument { id: id.clone(), document: article.document, text: article.text, original: None };
    workspace.add_documents("add article", vec![new], Vec::new()).unwrap();
    let key = SheetKey::new(&id, workspace.coder());
    workspace.load(&key).unwrap();
    workspace.apply(Transaction::new("annotate", sheet_edits(&key, article.sheet))).unwrap();
}

fn sheet_edits(key: &SheetKey, sheet: Sheet) -> Vec<Edit> {
    let info = Edit::Sheet(key.clone(), Change::replace((), SheetInfo::default(), sheet.info));
    let spans = sheet.spans.into_iter().map(|(id, span)| Edit::Span(key.clone(), Change::insert(id, span)));
    let claims = sheet.claims.into_iter().map(|(id, claim)| Edit::Claim(key.clone(), Change::insert(id, claim)));
    let relations = sheet.relations.into_iter().map(|(id, relation)| Edit::Relation(key.clone(), Change::insert(id, relation)));
    [info].into_iter().chain(spans).chain(claims).chain(relations).collect()
}

/// Every file below a folder but those that belong to one machine.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.ends_with(".manicule") {
                continue;
            }
            match path.is_dir() {
                true => folders.push(path),
                false => drop(found.insert(path.strip_prefix(dir).unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap())),
            }
        }
    }
    found
}

#[test]
fn the_sample_project_is_what_the_articles_say() {
    let temp = tempfile::tempdir().unwrap();
    let places = Places::under(&temp.path().join("state"));
    let (fresh, committed) = (temp.path().join("sample"), root().join("projects/sample"));
    generate(&fresh, &places);
    if is_update() {
        let _ = std::fs::remove_dir_all(&committed);
        for (path, content) in files(&fresh) {
            let path = committed.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
    }
    let (fresh, committed) = (files(&fresh), files(&committed));
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    let hint = "run MANICULE_UPDATE_SAMPLE=1 cargo test --no-default-features --test sample";
    assert_eq!(names(&fresh), names(&committed), "{hint}");
    for (name, content) in fresh {
        assert!(content == committed[&name], "{name} differs from what the articles say; {hint}");
    }
}

#[test]
fn the_articles_are_in_printed_form() {
    let schema = schema();
    let entities = read(Reader::new(&schema), "entities");
    for name in ["entities"].into_iter().chain(ARTICLES) {
        let known = if name == "entities" { BTreeMap::new() } else { entities.names.entities.clone() };
        let printed = format!("{}\n", read(Reader::new(&schema).with_entities(known), name).print(&schema));
        if is_update() {
            std::fs::write(root().join(format!("assets/sample/{name}.txt")), &printed).unwrap();
        }
        let source = source(&format!("{name}.txt"));
        let differs = printed.lines().zip(source.lines()).find(|(printed, written)| printed != written);
        assert_eq!(differs, None, "{name}.txt");
        assert_eq!(printed.len(), source.len(), "{name}.txt");
    }
}

/// The committed project with everything loaded, read and not written.
fn load() -> State {
    let temp = tempfile::tempdir().unwrap();
    let places = Places::under(temp.path());
    let opened = Workspace::open(&root().join("projects/sample"), OpenOptions::read_only(), &places).unwrap();
    assert_eq!(opened.findings, []);
    let mut workspace = opened.workspace;
    let documents: Vec<_> = workspace.state().documents.keys().cloned().collect();
    for document in documents {
        for coder in workspace.coders_of(&document).unwrap() {
            assert_eq!(workspace.load(&SheetKey::new(&document, &coder)).unwrap(), []);
        }
    }
    workspace.state().clone()
}

#[test]
fn nothing_is_wrong_with_the_sample_project() {
    let state = load();
    assert_eq!((state.documents.len(), state.sheets.len()), (ARTICLES.len(), ARTICLES.len()));
    let findings: Vec<String> = check_project(&state).iter().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn every_claim_of_the_sample_is_complete() {
    let state = load();
    let keys = ["claim_type", "check_worthy", "quotation", "certainty", "topic"].map(|key| key.parse::<AttributeKey>().unwrap());
    let (claimer, cue) = ("claimer".parse().unwrap(), "cue".parse().unwrap());
    for (id, claim) in state.sheets.values().flat_map(|sheet| &sheet.claims) {
        let title = &claim.normalized;
        assert!(title.ends_with('.'), "{id}: {title}");
        assert_eq!(claim.fillers(&claimer).len(), 1, "{title}");
        assert!(keys.iter().all(|key| claim.attributes.contains_key(key)), "{title}");
        let by_author = claim.fillers(&claimer) == [Filler::Value("author".into())];
        assert!(by_author || !claim.fillers(&cue).is_empty() || title.contains("sleep problems") || title.starts_with("Nobody told"), "{title}");
    }
}

#[test]
fn every_span_of_the_sample_is_used_and_complete() {
    let state = load();
    let level = "level".parse::<AttributeKey>().unwrap();
    for sheet in state.sheets.values() {
        let used: BTreeSet<&Filler> = sheet.claims.values().flat_map(|claim| claim.roles.values().flatten()).collect();
        for (id, span) in &sheet.spans {
            let needs_level = state.schema.attributes[&level].labels.contains(&span.label);
            assert_eq!(span.attributes().contains_key(&level), needs_level, "{id}");
            let is_mention = state.schema.kind_of(&span.label) == LabelKind::Entity;
            assert!(is_mention || used.contains(&Filler::Span(*id)), "the cue or evidence {id} belongs to no claim");
        }
    }
}

#[test]
fn every_entity_of_the_sample_is_mentioned_with_its_own_label() {
    let state = load();
    let mentions = state.sheets.values().flat_map(|sheet| sheet.spans.values());
    let mentions: BTreeSet<(EntityId, Option<LabelKey>)> = mentions.filter_map(|span| Some((span.entity?, Some(span.label.clone())))).collect();
    let entities: BTreeSet<(EntityId, Option<LabelKey>)> = state.entities.iter().map(|(id, entity)| (*id, entity.label.clone())).collect();
    let describe = |set: BTreeSet<&(EntityId, Option<LabelKey>)>| {
        set.into_iter().map(|(id, label)| format!("{} {label:?}", state.entities[id].name)).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(describe(mentions.symmetric_difference(&entities).collect()), "");
}

#[test]
fn the_sample_has_every_kind_of_difficulty() {
    let state = load();
    let texts: String = state.texts.values().map(|text| text.as_str()).collect();
    for piece in ["🎉", "👩‍👩‍👧", "e\u{308}", "\u{a0}", "書", "باب", "שער", "’"] {
        assert!(texts.contains(piece), "{piece}");
    }
    let claims: Vec<_> = state.sheets.values().flat_map(|sheet| sheet.claims.values()).collect();
    assert!(claims.iter().filter(|claim| claim.content.as_ref().is_some_and(|content| content.is_discontinuous())).count() >= 10);
    assert!(claims.iter().any(|claim| claim.content.is_none()));
    let mut relations = state.sheets.values().flat_map(|sheet| sheet.relations.values());
    assert!(relations.any(|relation| matches!(relation.to, Node::Relation(_))));
    assert!(state.documents.values().any(|document| document.regions.len() >= 5));
    let words: BTreeSet<usize> = state.texts.values().map(|text| text.as_str().split_whitespace().count()).collect();
    assert!(words.first().is_some_and(|least| *least < 180) && words.last().is_some_and(|most| *most > 800), "{words:?}");
}

#[test]
fn every_export_of_the_sample_is_read_again() {
    let dir = tempfile::tempdir().unwrap();
    let places = Places::under(&dir.path().join("state"));
    let opened = Workspace::open(&root().join("projects/sample"), OpenOptions::read_only(), &places).unwrap();
    let control = (&Progress::new(), &CancelToken::new());
    let mut names = Vec::new();
    for format in FORMATS.iter().filter(|format| format.proof.reader.is_some()) {
        let source = ExportSource::new(&opened.workspace, &ExportChoice::default()).unwrap();
        let plan = plan_export(source, format, Writing::default(), control).unwrap();
        let out = dir.path().join(format.name).with_extension(format.extensions[0]);
        run_export(&plan, &out, control).unwrap_or_else(|error| panic!("{}: {error}", format.name));
        assert!(out.exists());
        names.push(format.name);
    }
    assert!(["gate-xml", "tei", "pubannotation", "bioc-xml", "semeval2020-ptc", "w3c", "refi-qda"].iter().all(|name| names.contains(name)));
}
