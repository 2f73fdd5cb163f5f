//! Real files of other programs, where they are there: what is read of them comes back from an export, and records of JSON and
//! lines of tokens go out as they came in, up to what stands here.
//!
//! They are looked for in the folder of `MANICULE_SHARED`, or in `../shared` beside the repository.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use common::samples::samples;
use common::{difference, export, import, try_import};
use manicule::format::{Batch, FormatError, Item, MemoryFiles, Offsets, Tables, find};
use manicule::text::offsets::OffsetUnit;
use serde_json::{Map, Value};

/// The files below a folder with one of these extensions.
fn files(dir: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(files(&path, extensions));
        } else if path.extension().is_some_and(|found| extensions.iter().any(|extension| found == *extension)) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Folders of samples, the format that reads them, its extensions, and the least number of files.
const SAMPLES: [(&str, &str, &[&str], usize); 16] = [
    ("doccano", "doccano", &["jsonl", "json"], 6),
    ("label-studio", "label-studio", &["json"], 2),
    ("spacy", "spacy-jsonl", &["jsonl"], 3),
    ("prodigy", "spacy-jsonl", &["jsonl"], 2),
    ("conll", "conll2003", &["conll"], 5),
    ("conll", "conll2002-bioes", &["conll"], 5),
    ("conllu", "conllu", &["conllu"], 40),
    ("conllu", "conllu-plus", &["conllu"], 40),
    ("uima-json", "uima-json", &["json"], 10),
    ("uima-xmi", "uima-xmi", &["xmi"], 10),
    ("webanno-tsv", "webanno-tsv", &["tsv"], 40),
    ("gate", "gate-xml", &["xml"], 4),
    ("gate", "bdocjs", &["bdocjs"], 2),
    ("bioc", "bioc-xml", &["xml"], 10),
    ("crafted", "bioc-json", &["json"], 1),
    ("pubannotation", "pubannotation", &["json"], 4),
];

/// Formats in which all samples are written, whatever they come from.
const OTHERS: [&str; 6] = ["tei", "w3c", "bdocjs", "bioc-xml", "pubannotation", "refi-qda"];

/// Reads a sample; a CAS in XML with the types beside it.
fn read(format: &str, path: &Path) -> Result<Batch, FormatError> {
    let types = ["debug-typesystem.xml", "typesystem.xml", "TypeSystem.xml"].map(|name| path.with_file_name(name));
    let types = types.into_iter().find(|path| format == "uima-xmi" && path.exists());
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let files = [(name, path.to_owned())].into_iter().chain(types.map(|path| ("types.xml".to_owned(), path)));
    try_import(format, &MemoryFiles::new(files.map(|(name, path)| (name, fs::read(path).unwrap()))), &Tables::default())
}

fn unit_of(format: &str) -> OffsetUnit {
    match find(format).unwrap().offsets {
        Offsets::None => OffsetUnit::CodePoints,
        Offsets::Fixed(unit) | Offsets::Choosable(unit) => unit,
    }
}

/// What an import has kept aside of annotations under a format's name.
fn kept_aside(items: &[Item], format: &str) -> BTreeSet<String> {
    let sheets = items.iter().flat_map(|item| item.sheets.values());
    sheets.filter_map(|sheet| sheet.info.residue.get(format)).flat_map(|kept| kept.lines()).map(str::to_owned).collect()
}

#[test]
fn what_is_read_of_samples_comes_back_from_an_export() {
    let (mut wrong, mut counts) = (Vec::new(), BTreeMap::<&str, [usize; 3]>::new());
    for (folder, format, extensions, least) in SAMPLES {
        let Some(dir) = samples(folder) else { continue };
        let mut read_files = 0;
        for path in files(&dir, extensions) {
            let Ok(batch) = read(format, &path) else { continue };
            read_files += 1;
            let count = counts.entry(format).or_default();
            count[0] += batch.items.len();
            count[1] += batch.items.iter().flat_map(|item| item.sheets.values()).map(|sheet| sheet.marks().count()).sum::<usize>();
            for format in std::iter::once(format).chain(OTHERS) {
                let found = difference(format, &batch.tables, (&batch.items, &batch.items), unit_of(format));
                wrong.extend(found.map(|why| format!("{} as {format}: {why}", path.display())));
            }
            if ["label-studio", "spacy-jsonl"].contains(&format) {
                let (written, _) = export(format, &batch.tables, &batch.items, unit_of(format));
                let again = import(format, &written, &batch.tables);
                let (before, after) = (kept_aside(&batch.items, format), kept_aside(&again.items, format));
                count[2] += before.len();
                let lost: Vec<_> = before.difference(&after).take(2).collect();
                wrong.extend((!lost.is_empty()).then(|| format!("{}: {lost:?} is not kept aside again", path.display())));
            }
        }
        assert!(read_files >= least, "{folder}: {read_files} files");
    }
    eprintln!("{counts:#?} documents, marks, things kept aside");
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// The records of a file: one a line, or one list.
fn records(text: &str) -> Vec<Map<String, Value>> {
    let all = serde_json::from_str::<Vec<Value>>(text).unwrap_or_else(|_| text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect());
    all.into_iter().filter_map(|record| if let Value::Object(record) = record { Some(record) } else { None }).collect()
}

fn sorted(list: Option<Value>) -> Vec<String> {
    let list = if let Some(Value::Array(list)) = list { list } else { Vec::new() };
    let mut list: Vec<String> = list.iter().map(Value::to_string).collect();
    list.sort();
    list
}

/// A record of doccano as an export may write it otherwise: the order of annotations, their numbers, and `labels` and `cats` for
/// `label`. A number as the id of a document becomes the name of its file.
fn of_doccano(mut record: Map<String, Value>) -> BTreeMap<String, Vec<String>> {
    let mut said = BTreeMap::new();
    let spans: BTreeMap<String, String> = record
        .get("entities")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|span| Some((span.get("id")?.to_string(), format!("{} {} {}", span["start_offset"], span["end_offset"], span["label"]))))
        .collect();
    let end = |relation: &Value, name: &str| spans.get(&relation[name].to_string()).cloned().unwrap_or_default();
    let relations = record.remove("relations");
    let relations = relations.iter().filter_map(Value::as_array).flatten();
    let mut relations: Vec<String> = relations.map(|r| format!("{} {} {}", r["type"], end(r, "from_id"), end(r, "to_id"))).collect();
    relations.sort();
    said.insert("relations".to_owned(), relations);
    let mut spans: Vec<String> = spans.into_values().collect();
    spans.sort();
    said.insert("spans".to_owned(), spans);
    let labels = ["label", "labels", "cats"].into_iter().find_map(|name| record.remove(name));
    said.insert("label".to_owned(), sorted(labels));
    ["entities", "id"].iter().for_each(|name| drop(record.remove(*name)));
    said.extend(record.into_iter().map(|(name, value)| (name, vec![value.to_string()])));
    said
}

/// A record of spaCy or Prodigy as an export may write it otherwise: spans have the numbers of tokens and their words,
/// and stand in the order of the text, and the view is that of what there is. What was accepted for the only span is whom it
/// means; classes of documents have no place in an export, which its report says.
fn of_spacy(mut record: Map<String, Value>) -> BTreeMap<String, Vec<String>> {
    let mut spans = record.remove("spans").unwrap_or_default();
    if let (Some(accepted), [Value::Object(span)]) = (record.remove("accept"), spans.as_array_mut().map(Vec::as_mut_slice).unwrap_or_default()) {
        span.entry("kb_id").or_insert_with(|| accepted[0].clone());
    }
    if record.remove("label").is_some() {
        record.remove("answer");
    }
    for span in spans.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
        ["token_start", "token_end", "text"].iter().for_each(|name| drop(span.remove(*name)));
    }
    ["_view_id", "_session_id", "_annotator_id", "relations"].iter().for_each(|name| drop(record.remove(*name)));
    let mut said: BTreeMap<String, Vec<String>> = record.into_iter().map(|(name, value)| (name, vec![value.to_string()])).collect();
    said.insert("spans".to_owned(), sorted(Some(spans)));
    said
}

type Normalise = fn(Map<String, Value>) -> BTreeMap<String, Vec<String>>;

/// What a sample says and the export of it does not, record by record. An export may say more.
fn unsaid(format: &str, sample: &str, written: &str, normalise: Normalise) -> Vec<String> {
    let with_text = |record: &Map<String, Value>| record.get("text").is_some_and(Value::is_string);
    let (before, after) = (records(sample), records(written));
    let before: Vec<_> = before.into_iter().filter(with_text).map(normalise).collect();
    let after: Vec<_> = after.into_iter().map(normalise).collect();
    assert_eq!(before.len(), after.len(), "{format}");
    let mut unsaid = Vec::new();
    for (before, after) in before.iter().zip(&after) {
        for (name, value) in before.iter().filter(|(name, value)| !value.is_empty() && after.get(*name) != Some(*value)) {
            unsaid.push(format!("{name}: {value:?} is {:?}", after.get(name)));
        }
    }
    unsaid
}

/// Which form of doccano a sample has.
fn form_of(text: &str) -> &'static str {
    let records = records(text);
    let has = |name: &str| records.iter().any(|record| record.contains_key(name));
    let is_list_of_lists = |name: &str| records.iter().filter_map(|record| record.get(name)?.get(0)).all(Value::is_array);
    if has("relations") {
        "doccano-relations"
    } else if ["label", "labels"].iter().any(|name| has(name) && is_list_of_lists(name)) {
        "doccano"
    } else {
        "doccano-classes"
    }
}

#[test]
fn records_go_out_as_they_came_in() {
    let mut paths: Vec<(PathBuf, &str, &str, Normalise)> = Vec::new();
    for (folder, names) in [("doccano", &["relation_extraction", "text_classification"][..]), ("crafted", &["d.jsonl", "d_ascii.jsonl", "c.jsonl"])] {
        for path in samples(folder).iter().flat_map(|dir| files(dir, &["jsonl", "json"])) {
            let text = fs::read_to_string(&path).unwrap();
            if names.iter().any(|name| path.components().any(|part| part.as_os_str() == *name)) && text.contains("\"text\"") {
                paths.push((path, "doccano", form_of(&text), of_doccano));
            }
        }
    }
    for folder in ["spacy", "prodigy"] {
        let all = samples(folder).into_iter().flat_map(|dir| files(&dir, &["jsonl"]));
        paths.extend(
            all.filter(|path| !path.to_string_lossy().contains("patterns")).map(|path| (path, "spacy-jsonl", "spacy-jsonl", of_spacy as Normalise)),
        );
    }
    let mut wrong = Vec::new();
    for (path, reader, writer, normalise) in &paths {
        let sample = fs::read_to_string(path).unwrap();
        let batch = read(reader, path).unwrap();
        // What offsets count is found out: here code points, unless nothing tells the units apart.
        let unit = if *writer == "doccano-classes" { unit_of(writer) } else { OffsetUnit::CodePoints };
        let (written, _) = export(writer, &batch.tables, &batch.items, unit);
        let name = format!("out.{}", find(writer).unwrap().extensions[0]);
        let unsaid = unsaid(writer, &sample, written.text(&name), *normalise);
        wrong.extend((!unsaid.is_empty()).then(|| format!("{}: {} {}", path.display(), unsaid.len(), unsaid[..unsaid.len().min(4)].join("; "))));
    }
    assert!(paths.is_empty() || paths.len() >= 10, "{}", paths.len());
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), paths.len(), wrong.join("\n"));
}

/// The lines of a file of CoNLL-U as an export may write them otherwise: which attributes mentions have is said in each document,
/// which has a name; mentions have other ids and the attributes of ours, and what links them goes by these; tags in MISC become
/// mentions; blank lines stand alone, with one at the end.
fn of_conllu(file: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in file.lines().map(str::trim_end).filter(|line| !line.starts_with("# global.") && !line.starts_with("# newdoc")) {
        let cells: Vec<&str> = line.split('\t').collect();
        let is_ours = |item: &&str| {
            let (name, value) = item.split_once('=').unwrap_or((item, ""));
            let is_tag = ["name", "ner", "ne"].contains(&name.to_lowercase().as_str()) && (value == "O" || value.contains('-'));
            is_tag || ["Entity", "Span", "Bridge", "SplitAnte"].contains(&name)
        };
        match cells.as_slice() {
            [others @ .., misc] if others.len() == 9 && !line.starts_with('#') => {
                let misc: Vec<&str> = misc.split('|').filter(|item| !is_ours(item) && *item != "_").collect();
                lines.push(format!("{}\t{}", others.join("\t"), misc.join("|")));
            }
            _ if line.is_empty() && lines.last().is_none_or(String::is_empty) => {}
            _ => lines.push(line.to_owned()),
        }
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

#[test]
fn lines_of_conllu_go_out_as_they_came_in() {
    let folder = std::env::var_os("MANICULE_SHARED").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let gum = Some(folder.join("corpora/gum")).filter(|dir| dir.is_dir());
    let paths: Vec<PathBuf> = samples("conllu").into_iter().chain(gum).flat_map(|dir| files(&dir, &["conllu"])).collect();
    let (mut wrong, mut same, mut unfit) = (Vec::new(), 0, Vec::new());
    for path in &paths {
        let batch = read("conllu", path).unwrap();
        // What is no CoNLL-U is left out, and said.
        let is_whole = batch.findings.iter().all(|finding| finding.rule != "conllu-bad-line");
        if !is_whole || batch.items.iter().any(|item| item.text.as_str().is_empty()) {
            continue;
        }
        let (written, report) = export("conllu", &batch.tables, &batch.items, OffsetUnit::CodePoints);
        if report.lines.iter().any(|line| line.why.contains("words of the file are others")) {
            unfit.push(path.display().to_string());
            continue;
        }
        let (before, after) = (of_conllu(&fs::read_to_string(path).unwrap()), of_conllu(written.text("out.conllu")));
        match before.iter().zip(&after).find(|(before, after)| before != after) {
            Some((before, after)) => wrong.push(format!("{}:\n  {before}\n  {after}", path.display())),
            None if before.len() != after.len() => wrong.push(format!("{}: {} lines are {}", path.display(), before.len(), after.len())),
            None => same += 1,
        }
    }
    eprintln!("{same} of {} files are the same; {} have words that do not follow each other: {unfit:?}", paths.len(), unfit.len());
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(paths.is_empty() || same >= 40 && unfit.len() <= 2, "{same} {unfit:?}");
}

#[test]
fn tokens_and_columns_go_out_as_they_came_in() {
    let Some(dir) = samples("conll") else { return };
    let path = files(&dir, &["conll"]).into_iter().find(|path| path.ends_with("2003/en-orig.conll")).unwrap();
    let batch = read("conll2003", &path).unwrap();
    // IOB1 as the file itself; documents begin with a line of their own, and a blank line stands alone.
    let (written, _) = export("conll2003-iob1", &batch.tables, &batch.items, OffsetUnit::CodePoints);
    let lines = |page: &str| {
        let mut lines: Vec<String> = page.lines().filter(|line| !line.starts_with("-DOCSTART-")).map(|line| line.trim_end().to_owned()).collect();
        lines.dedup_by(|line, before| line.is_empty() && before.is_empty());
        lines.retain({
            let mut is_first = true;
            move |line| !(std::mem::take(&mut is_first) && line.is_empty())
        });
        lines.join("\n").trim_end().to_owned()
    };
    let sample = fs::read_to_string(&path).unwrap();
    assert_eq!(lines(written.text("out.conll")), lines(&sample));
}
