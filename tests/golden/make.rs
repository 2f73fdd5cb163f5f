//! Makes golden files: a small project with everything in it, closed, and once more with actions that were not saved.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use manicule::edit::{Change, Edit, Transaction};
use manicule::model::{CoderKey, Document, IdSource, SheetKey};
use manicule::store::{Clock, Places};
use manicule::text::offsets::OffsetUnit;
use manicule::text::{Text, TextHash};
use manicule::workspace::export::{ExportChoice, ExportSource, Writing, plan_export, run_export};
use manicule::workspace::states::known_projects;
use manicule::workspace::{NewDocument, OpenOptions, Who, Workspace};

use crate::folder::{copy, state_line, state_of};

/// Actions in the journal that are not in the files.
pub(crate) const UNSAVED: usize = 6;

/// Makes all files of a shape in a new folder.
pub(crate) fn make(target: &Path) {
    assert!(!target.exists(), "golden files are never changed: {}", target.display());
    let temp = tempfile::tempdir().unwrap();
    let (dir, state) = (temp.path().join("study"), temp.path().join("state"));
    let places = |hour: u64| Places::under(&state).with_clock(Clock::new(move || UNIX_EPOCH + Duration::from_secs(1_790_000_000 + hour * 3600)));
    let open = |hour: u64| {
        let options = OpenOptions { ids: IdSource::seeded(hour), ..OpenOptions::read_write(Who::Named("ann".into())) };
        let mut workspace = Workspace::open(&dir, options, &places(hour)).unwrap().workspace;
        for id in workspace.state().documents.keys().cloned().collect::<Vec<_>>() {
            for coder in workspace.coders_of(&id).unwrap() {
                workspace.load(&SheetKey::new(&id, &coder)).unwrap();
            }
        }
        workspace
    };
    create(&dir, &places(0));
    let mut workspace = open(1);
    touch_and_back(&mut workspace);
    export(&workspace, &target.join("expected.jsonl"));
    workspace.backup().unwrap().run(&Default::default(), &Default::default()).unwrap();
    workspace.close().unwrap();
    copy(&dir, &target.join("project"));
    copy_state(&places(1), &target.join("closed"));
    fs::write(target.join("states.txt"), known_projects(&places(1))[0].states.iter().map(|state| state_line(state) + "\n").collect::<String>())
        .unwrap();
    let mut workspace = open(2);
    unsaved(&mut workspace);
    export(&workspace, &target.join("crashed.jsonl"));
    drop(workspace);
    copy_state(&places(2), &target.join("crashed"));
}

/// The project of the documentation's examples, with more kinds of values, rows that cannot be understood, a second coder,
/// and documents of which one is in the trash.
fn create(dir: &Path, places: &Places) {
    let doc = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/file-format.md")).unwrap();
    let blocks = doc.split("\n```").skip(1).step_by(2);
    let named = blocks.filter_map(|block| block.split_once('\n').and_then(|(info, code)| Some((info.split_once(' ')?.1, format!("{code}\n")))));
    let mut examples: BTreeMap<&str, String> = named.collect();
    let text = examples.iter().find(|(path, _)| path.ends_with(".txt")).unwrap().1.clone();
    let sheet = examples.keys().find(|path| path.starts_with("annotations/")).copied().unwrap();
    let gold = sheet.replace("/ann/", "/gold/");
    for (path, from, to) in [
        ("schema.ron", "    attributes: [", ATTRIBUTES),
        (sheet, "attributes: {\"named\": Bool(true)}, note: \"full", VALUES),
        (sheet, "  relations: [", RELATION),
        (sheet, "  spans: [", "  spans: [\n    (id: \"none\", label: \"PER\", at: []),"),
        ("entities/vm.ron", "  entities: [", "  entities: [\n    (id: \"none\", name: \"Nobody\"),"),
    ] {
        let content = &examples[path];
        assert!(content.contains(from), "{from} is not in {path}");
        let content = content.replacen(from, to, 1);
        examples.insert(path, content);
    }
    examples.insert(&gold, GOLD.to_owned());
    for (path, content) in &examples {
        fs::create_dir_all(dir.join(path).parent().unwrap()).unwrap();
        fs::write(dir.join(path), content.replace("TEXT_HASH", TextHash::of(&text).as_str())).unwrap();
    }
    fs::write(dir.join("guidelines.md"), "Label all of it.\n").unwrap();
    let options = OpenOptions { ids: IdSource::seeded(17), ..OpenOptions::read_write(Who::Named("ann".into())) };
    let mut workspace = Workspace::open(dir, options, places).unwrap().workspace;
    workspace.backup().unwrap().run(&Default::default(), &Default::default()).unwrap();
    let new = |workspace: &mut Workspace, title: &str, text: &str, original: Option<&[u8]>| {
        let text = Text::new(text);
        let mut document = Document::new(title, text.hash().clone());
        if original.is_some() {
            document.decoding.encoding = "windows-1252".into();
        }
        NewDocument { id: workspace.new_document_id(title), document, text, original: original.map(<[u8]>::to_vec) }
    };
    let documents = vec![
        new(&mut workspace, "Zoë", "Zoë said so.\r\n\tNo last\u{a0}line end", Some(b"Zo\xEB said so.\r\n\tNo last\xA0line end")),
        new(&mut workspace, "Deleted", "Nobody needs this.\n", None),
    ];
    let ids = workspace.add_documents("add documents", documents, Vec::new()).unwrap();
    let transaction = manicule::edit::ops::trash_document(workspace.state(), &ids[1]).unwrap();
    workspace.apply(transaction).unwrap();
    workspace.close().unwrap();
}

const ATTRIBUTES: &str = "    attributes: [
        (key: \"count\", name: \"Count\", kind: integer, applies_to: [span]),
        (key: \"score\", name: \"Score\", kind: number, applies_to: [span]),
        (key: \"topics\", name: \"Topics\", kind: choices, applies_to: [span], choices: [(key: \"tax\", name: \"Tax\"), (key: \"war\", name: \"War\")]),
        (key: \"comment\", name: \"Comment\", kind: text, applies_to: [span]),
        (key: \"when\", name: \"When\", kind: date, applies_to: [span]),";
const VALUES: &str = "attributes: {\"comment\": Text(\"a \\\"quote\\\"\\nand a line\"), \"count\": Int(-3), \"named\": Bool(true), \"score\": Number(0.30000000000000004), \"topics\": Choices([\"tax\", \"war\"]), \"when\": Date(\"2016-05\")}, note: \"full";
const RELATION: &str =
    "  relations: [\n    (id: \"0000000000r2\", label: \"works-for\", from: Entity(\"vm0000000001\"), to: Relation(\"0000000000r1\")),";
const GOLD: &str = "(
  format: 1,
  document: \"kerry-to-lavrov-hx6q9d2hx310\",
  coder: \"gold\",
  text: \"TEXT_HASH\",
  status: done_anyway,
  spans: [
    (id: \"frf1b1kj2rbm\", label: \"POL\", at: [(0, 5, \"Kerry\")]),
  ],
)
";

/// Every file is written anew, as this version writes it.
fn touch_and_back(workspace: &mut Workspace) {
    let state = workspace.state();
    let mut edits = Vec::new();
    for (id, entity) in &state.entities {
        let mut other = entity.clone();
        other.note.push('!');
        edits.push(Edit::Entity(Change::replace(*id, entity.clone(), other)));
    }
    let mut info = state.project.clone();
    info.name.push('!');
    edits.push(Edit::Project(Change::replace((), state.project.clone(), info)));
    let mut schema = state.schema.info.clone();
    schema.name.push('!');
    edits.push(Edit::Schema(Change::replace((), state.schema.info.clone(), schema)));
    for (id, document) in state.present_documents() {
        edits.push(Edit::Document(Change::replace(id.clone(), document.clone(), Document { title: "!".into(), ..document.clone() })));
    }
    for (key, sheet) in &state.sheets {
        let mut info = sheet.info.clone();
        info.note.push('!');
        edits.push(Edit::Sheet(key.clone(), Change::replace((), sheet.info.clone(), info)));
    }
    workspace.apply(Transaction::new("touch", edits)).unwrap();
    workspace.checkpoint_now().unwrap();
    workspace.undo().unwrap();
    workspace.checkpoint_now().unwrap();
}

/// Six actions, one of them taken back and one of them brought back.
fn unsaved(workspace: &mut Workspace) {
    let state = workspace.state();
    let key =
        state.sheets.keys().find(|key| key.coder == *workspace.coder() && !state.sheet(key).spans.is_empty() && !state.sheet(key).claims.is_empty());
    let key = key.unwrap().clone();
    let (span_id, span) = state.sheet(&key).spans.iter().next().map(|(id, span)| (*id, span.clone())).unwrap();
    let (claim_id, claim) = state.sheet(&key).claims.iter().next().map(|(id, claim)| (*id, claim.clone())).unwrap();
    let (entity_id, entity) = state.entities.iter().next().map(|(id, entity)| (*id, entity.clone())).unwrap();
    let mut changed = claim.clone();
    changed.note.push_str(" and more");
    let mut renamed = entity.clone();
    renamed.name.push_str(" the Younger");
    for (name, edit) in [
        ("delete a span", Edit::Span(key.clone(), Change::remove(span_id, span))),
        ("change a claim", Edit::Claim(key.clone(), Change::replace(claim_id, claim, changed))),
        ("rename an entity", Edit::Entity(Change::replace(entity_id, entity, renamed))),
    ] {
        workspace.apply(Transaction::new(name, vec![edit])).unwrap();
    }
    workspace.undo().unwrap();
    workspace.redo().unwrap();
    workspace.undo().unwrap();
}

fn export(workspace: &Workspace, out: &Path) {
    fs::create_dir_all(out.parent().unwrap()).unwrap();
    let source = ExportSource::new(workspace, &ExportChoice::default()).unwrap();
    let control = (&Default::default(), &Default::default());
    let plan =
        plan_export(source, manicule::format::find("jsonl").unwrap(), Writing { unit: Some(OffsetUnit::CodePoints), ..Writing::default() }, control)
            .unwrap();
    for file in run_export(&plan, out, control).unwrap().files.iter().filter(|file| *file != out) {
        fs::remove_file(file).unwrap();
    }
}

/// Without what is true only here: the place and the locks.
fn copy_state(places: &Places, to: &Path) {
    copy(&state_of(places), to);
    fs::remove_file(to.join("place")).unwrap();
    let coder = to.join("coders").join(CoderKey::from_name("ann").as_str());
    let _ = fs::remove_file(coder.join("lock"));
}
