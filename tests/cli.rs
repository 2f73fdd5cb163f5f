//! Every verb of the real binary on real folders: what it prints, its exit codes, its JSON.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod common;
#[path = "support/place.rs"]
mod place;

use std::fs;
use std::path::Path;

use common::{export, project};
use manicule::cli::VERBS;
use manicule::format::FORMATS;
use manicule::text::offsets::OffsetUnit;
use place::{Place, Run};
use serde_json::Value;

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

const TEXT: &str = "Zoë 🎉 Smith said taxes\nfell; Bob denied it.";
const ANN: &str =
    "T1\tPER 0 11\tZoë 🎉 Smith\nT2\tClaim 17 22;23 27\ttaxes fell\nT3\tPER 29 32\tBob\nT4\tNEW 33 39\tdenied\nE1\tClaim:T2 claimer:T1\n";

#[test]
fn a_new_project_is_there_once() {
    let place = Place::new();
    let run = place.run("new study --template conll2003 --coder Zoë --json").is(0);
    assert_eq!((run.json()["coder"].as_str(), run.json()["template"].as_str()), (Some("zoe"), Some("conll2003")));
    assert!(place.path("study/project.ron").exists());
    let again = place.run("new study").is(1);
    assert!(again.err.contains("not empty"), "{again:?}");
    place.run("new other --template nope").is(2);
    place.run("new").is(2);
}

#[test]
fn texts_come_in_verbatim_and_what_is_not_utf8_is_asked() {
    let place = Place::with_project();
    place.write("a.txt", "First\u{a0}line\r\nmore");
    place.write("b.txt", b"caf\xE9 au lait, d\xE9j\xE0 vu");
    let run = place.run("import study a.txt b.txt --json").is(1);
    let json = run.json();
    assert_eq!(json["documents"].as_array().unwrap().len(), 1);
    assert_eq!((json["undecoded"][0]["guess"].as_str(), json["undecoded"][0]["file"].as_str()), (Some("windows-1252"), Some("b.txt")));
    place.run("import study b.txt --encoding windows-1252").is(0);
    place.run("import study missing.txt").is(1);
    place.run("import nowhere a.txt").is(1);
    let info = place.run("info study --json").is(0).json();
    assert_eq!(info["documents"], 2);
    place.run("export study --to jsonl --out all.jsonl").is(0);
    assert!(place.read("all.jsonl").contains("First\u{a0}line\\r\\nmore"));
    assert!(place.read("all.jsonl").contains("café au lait, déjà vu"));
}

#[test]
fn brat_goes_in_and_out() {
    let place = Place::with_project();
    place.write("in/d.txt", TEXT);
    place.write("in/d.ann", ANN);
    let run = place.run("import study in/d.ann --json").is(0);
    assert_eq!(run.json()["new_labels"].as_array().unwrap().len(), 1 + usize::from(!place.read("study/schema.ron").contains("\"Claim\"")));
    let id = run.json()["documents"][0].as_str().unwrap().to_owned();
    let run = place.run("export study --to brat --out brat --json").is(0);
    assert_eq!(run.json()["report"]["documents"], 1);
    let expected = ["annotation.conf", "export-report.json", "export-report.md", "visual.conf", &format!("{id}.ann"), &format!("{id}.txt")];
    assert_eq!(names(&place.path("brat")), expected);
    assert_eq!(place.read(&format!("brat/{id}.txt")), TEXT);
    let ann = place.read(&format!("brat/{id}.ann"));
    assert!(ann.contains("\tPER 0 11\tZoë 🎉 Smith\n") && ann.contains(" 17 22;23 27\ttaxes fell\n"), "{ann}");
    assert!(place.read("brat/export-report.md").contains("Dropped"), "the state of work is dropped");
    let broken = "T1\tPER 0 11\tZoë 🎉 Smith\nnonsense\n";
    place.write("in/e.txt", TEXT);
    place.write("in/e.ann", broken);
    let run = place.run("import study in/e.ann").is(1);
    assert!(run.out.contains("in/e.ann: line 2: warning"), "{run:?}");
}

#[test]
fn an_export_can_be_narrowed_and_planned() {
    let place = Place::with_project();
    for name in ["d", "e"] {
        place.write(&format!("in/{name}.txt"), TEXT);
        place.write(&format!("in/{name}.ann"), ANN);
    }
    let imported = place.run("import study in --coder Bob --json").is(0).json();
    let id = imported["documents"][0].as_str().unwrap();
    let lines = |name: &str| place.read(name).lines().count();
    place.run("export study --to jsonl --out all.jsonl --offsets utf16").is(0);
    assert_eq!(lines("all.jsonl"), 3);
    assert!(place.read("all.jsonl").starts_with(r#"{"format":"manicule-jsonl","version":1,"offset_unit":"utf16""#));
    assert!(place.read("all.jsonl").contains(r#"{"start":30,"end":33,"quote":"Bob"}"#));
    place.run(&format!("export study --to jsonl --out one.jsonl --document {id}")).is(0);
    assert_eq!(lines("one.jsonl"), 2);
    place.run("export study --to csv --out ann.csv --coder Ann").is(0);
    assert_eq!(lines("ann.csv"), 1);
    let planned = place.run("export study --to brat --out never --dry-run --json").is(0);
    assert!(planned.json()["report"]["lines"].as_array().unwrap().iter().any(|line| line["fate"] == "dropped"));
    assert!(!place.path("never").exists());
    place.run("export study --to brat --out x --offsets bytes").is(1);
    place.run("export study --to jsonl --out x.jsonl --coder Nobody").is(1);
    place.run("export study --to jsonl --out x.jsonl --document nobody-000000000001").is(1);
    place.run("export study --to text --out x").is(2);
    place.run("export study --to jsonl").is(2);
    assert!(!place.path("x.jsonl").exists());
}

#[test]
fn a_whole_project_survives_jsonl_and_the_disk() {
    for seed in 0..8 {
        let (tables, items) = project(seed);
        let (files, _) = export("jsonl", &tables, &items, OffsetUnit::CodePoints);
        let place = Place::with_project();
        place.write("in.jsonl", files.text("out.jsonl"));
        place.run("import study in.jsonl").is(0);
        place.run("export study --to jsonl --out out.jsonl").is(0);
        let documents = |page: &str| page.lines().skip(1).map(str::to_owned).collect::<std::collections::BTreeSet<String>>();
        let (before, after) = (documents(files.text("out.jsonl")), documents(&place.read("out.jsonl")));
        // The two codebooks meet in the project, so values may be written differently; everything else is the same.
        let plain = |pages: &std::collections::BTreeSet<String>| -> Vec<Value> {
            let mut values: Vec<Value> = pages.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
            values.iter_mut().for_each(drop_attributes);
            values.sort_by_key(|value| value["id"].as_str().unwrap().to_owned());
            values
        };
        assert_eq!(plain(&before), plain(&after), "seed {seed}");
        let twice = place.run("import study in.jsonl --json").is(0);
        assert_eq!(twice.json()["documents"].as_array().unwrap().len(), 0, "nothing is added twice");
    }
}

fn drop_attributes(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.remove("attributes");
            object.values_mut().for_each(drop_attributes);
        }
        Value::Array(values) => values.iter_mut().for_each(drop_attributes),
        _ => {}
    }
}

#[test]
fn formats_are_converted_without_a_project() {
    let place = Place::new();
    place.write("in/d.txt", TEXT);
    place.write("in/d.ann", ANN);
    place.run("convert in --from brat --to jsonl --out out/d.jsonl").is(0);
    assert_eq!(names(&place.path("out")), ["d.jsonl", "d.jsonl.export-report.json", "d.jsonl.export-report.md"]);
    place.run("convert out/d.jsonl --from jsonl --to conll2003 --out d.conll").is(0);
    assert!(place.read("d.conll").starts_with("-DOCSTART- -X- O O\n\nZoë -X- O B-PER\n🎉 -X- O I-PER\n"), "{}", place.read("d.conll"));
    place.run("convert out/d.jsonl --to jsonl --out again.jsonl").is(0);
    assert_eq!(place.read("again.jsonl"), place.read("out/d.jsonl"));
    place.run("convert in/d.txt --from docbin --to jsonl --out x.jsonl").is(2);
    place.run("convert in/d.txt --from jsonl --to jsonl --out x.jsonl").is(1);
}

#[test]
fn files_of_several_annotators_become_several_sheets() {
    let place = Place::with_project();
    for (name, content) in [("a.txt", "Bob ran"), ("a.ann", "T1\tPER 0 3\tBob\n")] {
        place.write(&format!("in/x/{name}"), content);
        place.write(&format!("in/y/{name}"), content);
    }
    let line = "import study in --coders-from {coder}/{doc}.ann";
    let dry = place.run(&format!("{line} --dry-run --json")).is(0).json();
    assert_eq!(dry["would_import"], serde_json::json!(["a.txt: x 1, y 1"]));
    assert_eq!(place.run("info study --json").is(0).json()["documents"], 0);
    assert_eq!(place.run(&format!("{line} --json")).is(0).json()["documents"].as_array().unwrap().len(), 1);
    place.run("export study --to brat --out out").is(0);
    assert!(["x", "y"].iter().all(|coder| place.path(&format!("out/{coder}")).is_dir()));
    place.run("import study in --coders-from {doc}.ann").is(2);
}

#[test]
fn damage_is_found() {
    let place = Place::with_project();
    place.write("in/d.txt", TEXT);
    place.write("in/d.ann", ANN);
    let id = place.run("import study in --json").is(0).json()["documents"][0].as_str().unwrap().to_owned();
    let run = place.run("check study --json").is(0);
    assert_eq!((run.json()["documents"].as_u64(), run.json()["findings"].as_array().unwrap().len()), (Some(1), 0));
    let shard = id.get(id.len() - 2..).unwrap();
    place.write(&format!("study/documents/{shard}/{id}.txt"), "something else");
    let run = place.run("check study").is(1);
    assert!(run.out.contains("warning: damaged (14 of 47 bytes are there)"), "{run:?}");
    place.run("check nowhere").is(1);
}

#[test]
fn terminals_are_safe() {
    let place = Place::with_project();
    place.write("in/d.txt", TEXT);
    place.write("in/d.ann", "T1\tPER 0 3\tZoë\n\u{202e}\u{1b}[31mred\n");
    for json in ["", " --json"] {
        let run = place.run(&format!("import study in{json}"));
        assert!(!run.out.contains(['\u{1b}', '\u{202e}']), "{run:?}");
    }
    let run = place.run("export study --to brat --out x --coder \u{1b}[31m\u{202e}");
    assert!(!run.out.contains('\u{1b}') && !run.err.contains(['\u{1b}', '\u{202e}']), "{run:?}");
}

#[test]
fn lists_are_complete_in_words_and_json() {
    let place = Place::new();
    let run = place.run("formats").is(0);
    assert!(FORMATS.iter().all(|format| run.out.contains(format.name)));
    assert_eq!(place.run("formats --json").is(0).json()["formats"].as_array().unwrap().len(), FORMATS.len());
    assert_eq!(place.run("templates --json").is(0).json()["templates"][0]["name"], "news");
    let help = place.run("--help").is(0);
    assert!(VERBS.iter().all(|verb| help.out.contains(verb.about)), "{help:?}");
    for verb in VERBS {
        place.run(&format!("{} --help", verb.name)).is(0);
        place.run(&format!("{} --nonsense", verb.name)).is(2);
    }
}

#[cfg(not(feature = "gui"))]
#[test]
fn without_a_window_it_says_so() {
    let place = Place::new();
    for line in ["", "article.txt"] {
        let run = place.run(line).is(2);
        assert!(run.err.contains("no window") && run.err.lines().count() == 1, "{run:?}");
    }
}

#[test]
fn an_import_without_a_coder_takes_the_only_one_of_the_project() {
    let place = Place::with_project();
    place.write("a.txt", "First line\nsome text");
    place.run("import study a.txt").is(0);
    let coders = place.run("info study --json").is(0).json()["coders"].clone();
    assert_eq!(coders.as_object().unwrap().keys().collect::<Vec<_>>(), ["ann"]);
    place.run("import study a.txt --coder Bea").is(0);
    assert_eq!(place.run("info study --json").is(0).json()["coders"].as_object().unwrap().len(), 2);
}

#[test]
fn dictionaries_are_added_listed_and_removed() {
    let place = Place::with_project();
    place.write("World_Leaders.csv", "name,qid,type\n\"Kerry, John\",https://www.wikidata.org/wiki/Q22316,PER\nLavrov,58217\n");
    let run = place.run("dictionary add study World_Leaders.csv --json").is(1);
    let json = run.json();
    assert_eq!((json["name"].as_str(), json["entries"].as_u64()), (Some("world-leaders"), Some(2)));
    assert_eq!((json["findings"][0]["rule"].as_str(), json["findings"][0]["line"].as_u64()), (Some("dictionary-bad-id"), Some(3)));
    let tsv = "name\tid\ttype\taliases\nKerry, John\tQ22316\tPER\t\nLavrov\t\t\t\n";
    assert_eq!(place.read("study/dictionaries/world-leaders.tsv"), tsv);
    let run = place.run("dictionary add study World_Leaders.csv").is(1);
    assert!(run.err.contains("there is a dictionary “world-leaders” already"), "{run:?}");
    place.run("dictionary add study World_Leaders.csv --name second").is(1);
    let run = place.run("dictionary list study").is(0);
    assert_eq!(run.out, "second: 2 entries\nworld-leaders: 2 entries\n");
    place.run("dictionary remove study second").is(0);
    place.run("dictionary remove study second").is(1);
    assert_eq!(
        (names(&place.path("study/dictionaries")), names(&place.path("study/trash/dictionaries"))),
        (vec!["world-leaders.tsv".to_owned()], vec!["second.tsv".to_owned()])
    );
    assert_eq!(place.run("dictionary list study --json").is(0).json()["dictionaries"][0]["entries"], 2);
    place.run("check study").is(0);
}

#[test]
fn what_is_no_dictionary_is_refused_and_says_why() {
    let place = Place::with_project();
    place.write("empty.csv", "name,id\n");
    place.write("latin.csv", b"caf\xE9,Q1\n");
    for (line, why) in [
        ("add study empty.csv", "empty.csv has no names"),
        ("add study latin.csv", "save it as UTF-8"),
        ("add study nowhere.csv", "could not read nowhere.csv"),
        ("add nowhere empty.csv", "not a Manicule project"),
        ("list nowhere", "not a Manicule project"),
    ] {
        let run = place.run(&format!("dictionary {line}")).is(1);
        assert!(run.err.contains(why), "{line}: {run:?}");
    }
    place.run("dictionary").is(2);
    place.run("dictionary add study").is(2);
    assert!(!place.path("study/dictionaries").exists());
}

#[test]
fn earlier_states_are_listed_and_written_into_a_new_folder() {
    let place = Place::with_project();
    assert_eq!(Place::new().run("states").is(0).out, "no project was opened on this machine yet\n");
    place.write("a.txt", "First line\nsome text");
    place.write("b.txt", "Second");
    place.run("import study a.txt --coder Ann").is(0);
    place.run("import study b.txt --coder Ann").is(0);
    let listed = place.run("states study --json").is(0).json();
    let states = listed["states"].as_array().unwrap().clone();
    assert_eq!((listed["exists"].as_bool(), states.len()), (Some(true), 3), "{listed}");
    assert_eq!((states[0]["occasion"].as_str(), states[0]["documents"].as_u64()), (Some("closed"), Some(1)));
    assert!(states.iter().all(|state| state["complete"] == true), "{listed}");
    let run = place.run("states study").is(0);
    assert!(run.out.lines().count() == 3 && run.out.starts_with("ann/"), "{run:?}");
    let id = listed["id"].as_str().unwrap();

    let study = names(&place.path("study/documents"));
    fs::remove_dir_all(place.path("study")).unwrap();
    let all = place.run("states").is(0);
    assert!(all.out.contains("study (the folder is gone): last state ann/") && all.out.starts_with(id), "{all:?}");
    let newest = states[0]["state"].as_str().unwrap();
    place.run(&format!("restore study {newest} --into copy")).is(0);
    assert_eq!((place.run("info copy --json").is(0).json()["documents"].as_u64(), names(&place.path("copy/documents"))), (Some(2), study));
    place.run("check copy").is(0);
    // The one before has one article; the project can be named by its id, and the state without its coder.
    let number = states[1]["state"].as_str().unwrap().split_once('/').unwrap().1;
    let run = place.run(&format!("restore {id} {number} --into older --json")).is(0);
    assert!(run.json()["files"].as_u64().unwrap() > 5);
    assert_eq!(place.run("info older --json").is(0).json()["documents"].as_u64(), Some(1));
    for (line, why) in
        [("study ann/99 --into x", "no state ann/99"), ("study 1 --into copy", "not empty"), ("nowhere 1 --into x", "no project in nowhere")]
    {
        let run = place.run(&format!("restore {line}")).is(1);
        assert!(run.err.contains(why), "{run:?}");
    }
    place.run("restore study 1").is(2);
    place.run("states nowhere").is(1);
    assert!(!place.path("x").exists());
}

const CONF: &str =
    "[entities]\nPerson\nPlace\n[relations]\nLives-in\tArg1:Person, Arg2:Place\n[events]\nVisit\tWho:Person\n[attributes]\nNegated\tArg:<EVENT>\n";

#[test]
fn a_codebook_is_taken_out_and_taken_over() {
    let place = Place::with_project();
    place.write("in/d.txt", TEXT);
    place.write("in/d.ann", ANN);
    place.run("import study in/d.ann").is(0);
    place.run("schema export study mine.ron").is(0);
    assert_eq!(place.read("mine.ron"), place.read("study/schema.ron"));
    assert!(place.run("schema export study").is(0).out.contains("labels: ["));
    place.write("conf/annotation.conf", CONF);
    place.write("conf/visual.conf", "[labels]\nPerson | Somebody | SOM\n[drawing]\nPerson\tbgColor:#7fa2ff\n");

    let dry = place.run("schema import study conf/annotation.conf --dry-run").is(0);
    assert!(dry.out.contains("added: label Person “Somebody”") && dry.out.contains("retired: label PER “Person” (2 uses)"), "{dry:?}");
    assert_eq!(place.read("mine.ron"), place.read("study/schema.ron"), "nothing was done");

    let json = place.run("schema import study conf --json").is(0).json();
    let fate = |key: &str| json["rows"].as_array().unwrap().iter().find(|row| row["key"] == key).map(|row| row["fate"].as_str().unwrap().to_owned());
    assert_eq!([fate("Person"), fate("PER"), fate("GPE")].map(Option::unwrap), ["added", "retired", "taken out"]);
    let schema = place.read("study/schema.ron");
    assert!(schema.contains("key: \"Person\", name: \"Somebody\"") && schema.contains("#7fa2ff") && !schema.contains("\"GPE\""), "{schema}");
    assert!(place.run("check study").out.contains("retired"), "what has the label keeps it");

    place.run("schema import study mine.ron --keep").is(0);
    let schema = place.read("study/schema.ron");
    assert!(schema.contains("\"GPE\"") && schema.contains("\"Somebody\""), "{schema}");
    place.run("schema import study mine.ron").is(0);
    assert_eq!(place.read("mine.ron"), place.read("study/schema.ron"), "the way back");
}

#[test]
fn a_bad_codebook_changes_nothing() {
    let place = Place::with_project();
    let before = place.read("study/schema.ron");
    place.write("bad.ron", "(format: 1, name: \"x\", labels: [(key: \"A\", name: \"A\", kind: entity, color: \"#12\")])");
    place.write("newer.ron", "(format: 9, name: \"x\")");
    place.write("empty.conf", "nothing here\n");
    fs::create_dir_all(place.path("bare")).unwrap();
    for (file, why) in [
        ("bad.ron", "bad.ron: the codebook cannot be read: line 1"),
        ("newer.ron", "open it with a newer Manicule"),
        ("empty.conf", "no label was found in it"),
        ("bare", "neither schema.ron nor annotation.conf"),
        ("none.ron", "none.ron"),
    ] {
        let run = place.run(&format!("schema import study {file}")).is(1);
        assert!(run.err.contains(why), "{run:?}");
    }
    assert_eq!(place.read("study/schema.ron"), before);
    place.run("schema").is(2);
}

#[test]
fn every_template_makes_a_project_with_guidelines() {
    let place = Place::new();
    let list = place.run("templates --json").is(0).json();
    let names: Vec<String> = list["templates"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect();
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/codebooks.md")).unwrap();
    let listed: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).filter(|name| !name.contains('<')).collect();
    assert_eq!(names, listed, "docs/codebooks.md lists the templates");
    for name in names {
        place.run(&format!("new {name} --template {name} --example --coder Ann")).is(0);
        assert!(place.read(&format!("{name}/guidelines.md")).starts_with("# "), "{name}");
        place.run(&format!("check {name}")).is(0);
        assert_eq!(place.run(&format!("info {name} --json")).is(0).json()["documents"], 1, "{name}");
    }
}

/// What an export has left out.
fn dropped(run: &Run) -> Vec<String> {
    let json = run.json();
    let lines = json["report"]["lines"].as_array().unwrap();
    let dropped = lines.iter().filter(|line| line["fate"] == "dropped");
    dropped.map(|line| format!("{} {}", line["count"], line["what"].as_str().unwrap())).collect()
}

#[test]
fn documents_and_labels_of_an_export_can_be_chosen() {
    let place = Place::with_project();
    for (name, source) in [("one", "Reuters"), ("two", "Post"), ("three", "Post")] {
        place.write(&format!("in/{source}_{name}.txt"), TEXT);
        place.write(&format!("in/{source}_{name}.ann"), ANN);
    }
    place.run("import study in").is(0);
    place.run("fields study {source}_{title}").is(0);
    let documents = |options: &str| {
        let run = place.run(&format!("export study --to jsonl --out some.jsonl {options} --json")).is(0);
        run.json()["report"]["documents"].as_u64().unwrap()
    };
    assert_eq!([documents(""), documents("--where source=Post"), documents("--where source=Post --where source=Reuters")], [3, 2, 3]);
    assert_eq!([documents("--where source=Post --where status=done"), documents("--where source=Nobody")], [0, 0]);
    place.run("export study --to jsonl --out x.jsonl --where colour=red").is(2);
    let bad = place.run("export study --to jsonl --out x.jsonl --label nonsense").is(1);
    assert!(bad.err.contains("there is no label nonsense"), "{bad:?}");
    let only = place.run("export study --to jsonl --out some.jsonl --label PER --json").is(0);
    assert!(dropped(&only).contains(&"3 spans with other labels".to_owned()), "{:?}", dropped(&only));
    let labels = place.read("some.jsonl");
    assert!(labels.contains("\"label\":\"PER\"") && !labels.contains("\"label\":\"NEW\""));
}

#[test]
fn an_export_can_have_a_file_for_each_document_and_texts_where_they_are_wanted() {
    let place = Place::with_project();
    for name in ["one", "two"] {
        place.write(&format!("in/{name}.txt"), format!("{name}. {TEXT}"));
    }
    place.run("import study in").is(0);
    let files = |dir: &str| {
        let mut names: Vec<String> = fs::read_dir(place.path(dir)).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    place.run("export study --to jsonl --out each --file-a-document").is(0);
    let each = files("each");
    assert_eq!(each.iter().filter(|name| name.ends_with(".jsonl")).count(), 2, "{each:?}");
    assert!(each.contains(&"export-report.md".to_owned()));
    place.run("new other --coder Ann").is(0);
    assert!(place.run("import other each").is(0).out.contains("2 documents imported"));
    place.run("export study --to csv --out beside/spans.csv --texts beside").is(0);
    assert_eq!(files("beside").iter().filter(|name| name.ends_with(".txt")).count(), 2);
    for (options, why) in
        [("--to brat --out b --texts inside", "texts have their place"), ("--to brat --out b --file-a-document", "files of its own")]
    {
        let bad = place.run(&format!("export study {options}")).is(1);
        assert!(bad.err.contains(why), "{bad:?}");
    }
}

#[test]
fn marks_in_boilerplate_can_be_left_out() {
    let place = Place::with_project();
    place.write("in/d.txt", TEXT);
    place.write("in/d.ann", ANN);
    let id = place.run("import study in/d.ann --json").is(0).json()["documents"][0].as_str().unwrap().to_owned();
    let fields = format!("study/documents/{}/{id}.ron", id.get(id.len() - 2..).unwrap());
    let content = place.read(&fields);
    let region = "  regions: [\n    (kind: boilerplate, at: (33, 47, \"Bob denied it.\")),\n  ],\n)";
    place.write(&fields, format!("{}{region}\n", content.trim_end().strip_suffix(')').unwrap()));
    let all = place.run("export study --to jsonl --out all.jsonl --json");
    assert_eq!(dropped(&all), Vec::<String>::new());
    let some = place.run("export study --to jsonl --out some.jsonl --without boilerplate --json");
    assert_eq!(dropped(&some), ["2 spans in regions that are left out"]);
    let text = serde_json::to_string(TEXT).unwrap();
    assert!(place.read("some.jsonl").contains(&text), "the text stays whole");
    assert!(place.read("all.jsonl").contains("\"NEW\"") && !place.read("some.jsonl").contains("label\":\"NEW\""));
}

#[test]
fn fields_come_from_the_names_of_files() {
    let place = Place::with_project();
    place.write("in/2016-05-17_Daily Post_Mayor_opens_bridge.txt", "The mayor opened it.");
    place.write("in/2016-05-18_Mail_Strike.txt", "They strike.");
    place.write("in/notes.txt", "Some notes.");
    place.run("import study in").is(0);
    let bad = place.run("fields study {date}{title}").is(1);
    assert!(bad.err.contains("put something between {date} and {title}"), "{bad:?}");
    let dry = place.run("fields study {date}_{source}_{title} --underscores --dry-run --json").is(0).json();
    assert_eq!((dry["changed"].as_u64(), dry["names_that_do_not_fit"][0].as_str()), (Some(2), Some("notes.txt")));
    let run = place.run("fields study {date}_{source}_{title} --underscores").is(0);
    assert!(run.out.contains("changed 2 documents") && run.out.contains("notes.txt"), "{run:?}");
    let again = place.run("fields study {date}_{source}_{title} --underscores --json").is(0).json();
    assert_eq!(again["changed"], 0);
    place.run("export study --to jsonl --out all.jsonl").is(0);
    let exported = fs::read_to_string(place.path("all.jsonl")).unwrap();
    for wanted in ["\"Mayor opens bridge\"", "\"Daily Post\"", "\"2016-05-17\""] {
        assert!(exported.contains(wanted), "{wanted}: {exported}");
    }
}

#[test]
fn an_export_can_be_split() {
    let place = Place::with_project();
    for number in 0..10 {
        place.write(&format!("in/{number}.txt"), format!("Article {number}\nsome text"));
    }
    place.run("import study in").is(0);
    let split = "--split 60/20/20 --seed 7 --stratify source --group url";
    let run = place.run(&format!("export study --to huggingface-jsonl --out set {split} --json")).is(0);
    assert_eq!(run.json()["findings"][0]["message"], "documents are split: 6 in train, 2 in dev, 2 in test");
    assert_eq!(names(&place.path("set")), ["README.md", "data", "export-report.json", "export-report.md"]);
    let run = place.run("export study --to huggingface-jsonl --out licensed --license CC0-1.0").is(0);
    assert!(run.out.contains("the report is in") && run.out.trim_end().ends_with("export-report.md"), "{run:?}");
    assert!(place.read("licensed/README.md").contains("\nlicense: cc0-1.0\n"));
    let run = place.run("export study --to jsonl --out no.jsonl --license CC0-1.0").is(1);
    assert!(run.err.contains("no card"), "{run:?}");
    let lines = |name: &str| place.read(name).lines().count();
    assert_eq!(["train", "validation", "test"].map(|part| lines(&format!("set/data/{part}.jsonl"))), [6, 2, 2]);
    // A format without a place for parts is written once for each.
    place.run(&format!("export study --to jsonl --out out/all.jsonl {split}")).is(0);
    assert_eq!(
        names(&place.path("out")),
        ["all.dev.jsonl", "all.jsonl.export-report.json", "all.jsonl.export-report.md", "all.test.jsonl", "all.train.jsonl"]
    );
    assert_eq!(["train", "dev", "test"].map(|part| lines(&format!("out/all.{part}.jsonl")) - 1), [6, 2, 2]);
    place.run(&format!("export study --to brat --out brat {split}")).is(0);
    assert_eq!(names(&place.path("brat")), ["dev", "export-report.json", "export-report.md", "test", "train"]);
    place.run("export study --to jsonl --out x --split 100").is(2);
    place.run("export study --to jsonl --out x --group url").is(2);
}

#[test]
fn a_table_of_spans_finds_its_texts_in_the_project_or_beside_it() {
    let place = Place::with_project();
    place.write("in/d.txt", TEXT);
    place.write("in/d.ann", ANN);
    place.run("import study in").is(0);
    place.run("export study --to csv --out ann.csv").is(0);
    let table = place.read("ann.csv");
    place.write("bea.csv", table.replace(",ann,", ",bea,"));
    place.run("import study bea.csv").is(0);
    place.run("export study --to csv --out back.csv --coder bea").is(0);
    let places = |table: &str| table.lines().map(|line| line.split(',').skip(4).take(6).map(str::to_owned).collect()).collect::<Vec<Vec<String>>>();
    assert_eq!(places(&place.read("back.csv")), places(&place.read("bea.csv")));
    // Without a project the texts lie beside the table.
    place.write("other/d.txt", TEXT);
    place.write("other/t.csv", "file,from,to,type\nd,0,3,PER\n");
    let run = place.run("convert other --from csv --columns start=from,end=to --to csv --out out.csv --coder Ann").is(0);
    assert!(place.read("out.csv").contains(",PER,0,3,code-points,Zoë,"), "{run:?} {}", place.read("out.csv"));
}
