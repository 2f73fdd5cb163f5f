//! JSON of any shape, read by a mapping: the examples of the page about it, offsets of every kind, and what is wrong in files.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod common;

use std::path::Path;
use std::sync::Arc;

use common::samples::samples;
use manicule::format::{Batch, FormatError, JsonMapping, MemoryFiles, ReadOptions, find};
use manicule::model::{CoderKey, Filler, IdSource, LabelKind, Sheet};
use manicule::workspace::import::ImportOptions;
use proptest::prelude::*;

fn options(mapping: &str) -> ReadOptions {
    let mut options = ReadOptions::new(CoderKey::from_name("alice"), IdSource::seeded(99));
    options.mapping = Some(Arc::new(JsonMapping::from_ron(mapping).unwrap()));
    options
}

fn read(mapping: &str, files: &MemoryFiles) -> Batch {
    let mut batch = Batch::default();
    find("mapped-json").unwrap().reader.unwrap()(files, &mut options(mapping), &mut batch).unwrap();
    batch
}

fn one(mapping: &str, json: &str) -> Batch {
    read(mapping, &MemoryFiles::new([("a.json", json)]))
}

/// Labels and words of all spans and claims of a document.
fn marks(batch: &Batch, document: usize) -> Vec<String> {
    let item = &batch.items[document];
    let sheets = || item.sheets.values();
    let quote = |ranges| item.text.quote(ranges);
    let spans = sheets().flat_map(|sheet| sheet.spans.values()).map(|span| format!("{} {}", span.label, quote(&span.ranges)));
    let claims = sheets().flat_map(|sheet| sheet.claims.values());
    let mut marks: Vec<String> = spans.chain(claims.map(|c| format!("{} {}", c.label, c.content.as_ref().map(quote).unwrap_or_default()))).collect();
    marks.sort();
    marks
}

fn rules(batch: &Batch) -> Vec<&str> {
    batch.findings.iter().map(|finding| finding.rule).filter(|rule| !["new-label", "mapped-json-path"].contains(rule)).collect()
}

/// The examples of a language on the page, in order.
fn examples(language: &str) -> Vec<String> {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/json-mapping.md")).unwrap();
    page.split(&format!("```{language}\n")).skip(1).map(|part| part.split("```").next().unwrap().to_owned()).collect()
}

fn roles(sheet: &Sheet, text: &manicule::text::Text) -> Vec<String> {
    let filler = |filler: &Filler| match filler {
        Filler::Span(id) => text.quote(&sheet.spans[id].ranges),
        Filler::Value(words) => format!("“{words}”"),
        other => format!("{other:?}"),
    };
    let fillers = sheet.claims.values().flat_map(|claim| &claim.roles).flat_map(|(role, all)| all.iter().map(move |one| (role, one)));
    let mut roles: Vec<String> = fillers.map(|(role, one)| format!("{role} {}", filler(one))).collect();
    roles.sort();
    roles
}

#[test]
fn the_example_of_the_page_is_read() {
    let batch = one(&examples("ron")[0], &examples("json")[0]);
    assert_eq!(rules(&batch), Vec::<&str>::new());
    let item = &batch.items[0];
    assert_eq!((item.document.title.as_str(), item.document.residue.len()), ("taxes-17", 0));
    assert_eq!(marks(&batch, 0), ["CUE said", "QUOTE it", "QUOTE that taxes … fell", "SPEAKER Zoë 🎉 Smith"]);
    let sheet = item.sheets.values().next().unwrap();
    assert_eq!(roles(sheet, &item.text), ["cue said", "speaker Zoë 🎉 Smith", "speaker “the senator”"]);
    assert_eq!(sheet.relations.values().map(|relation| relation.label.as_str()).collect::<Vec<_>>(), ["denies"]);
    let kept: Vec<&str> = sheet.claims.values().filter_map(|claim| claim.residue.get("mapped-json")).map(String::as_str).collect();
    assert_eq!(kept, [r#"{"checked":true}"#]);
    let kinds: Vec<(&str, LabelKind)> = batch.tables.schema.labels.iter().map(|(key, label)| (key.as_str(), label.kind)).collect();
    assert_eq!(kinds, [("CUE", LabelKind::Span), ("QUOTE", LabelKind::Claim), ("SPEAKER", LabelKind::Entity)]);
}

#[test]
fn sentences_and_their_phrases_in_two_files_become_one_document() {
    let article =
        r#"{"uuid": "x", "title": "A 🎉 title", "date": "2016-05-17", "body-paragraphs": [["One thing.", "Two 🎉 fierce things."], ["Three."]]}"#;
    let phrases = r#"{"uuid": "x", "triplet": 7, "phrase-level-annotations": [
        {"id": "p1", "start": 6, "end": 12, "txt": "fierce", "bias": "lex", "polarity": "neg", "notes": "", "target": "A"},
        {"id": "t", "start": 2, "end": 9, "txt": "🎉 title", "bias": "inf", "polarity": "pos", "notes": "hm", "target": "B"},
        {"id": "p9", "start": 0, "end": 1, "txt": "T", "bias": "lex"}]}"#;
    let batch = read(&examples("ron")[1], &MemoryFiles::new([("a.json", article), ("a_ann.json", phrases)]));
    assert_eq!(rules(&batch), ["mapped-json-bad-annotation"]);
    assert_eq!(batch.items.len(), 1);
    assert_eq!(batch.items[0].text.as_str(), "A 🎉 title\nOne thing.\nTwo 🎉 fierce things.\nThree.");
    assert_eq!(marks(&batch, 0), ["inf 🎉 title", "lex fierce"]);
    assert_eq!(batch.items[0].document.residue["mapped-json"], r#"{"triplet":7,"uuid":"x"}"#);
}

#[test]
fn quotes_with_several_sources_are_claims() {
    let json = r#"{"text": "Ann and Bob said so and so.", "quotes": [{"id": 0, "cue": {"start": 12, "end": 16, "text": "said"},
        "sources": [{"start": 0, "end": 3, "text": "Ann"}, {"start": 8, "end": 11, "text": "Bob"}],
        "contents": [{"start": 17, "end": 19, "text": "so"}, {"start": 24, "end": 26, "text": "so"}], "confidence": 0.5}]}"#;
    let batch = one(&examples("ron")[2], json);
    assert_eq!(rules(&batch), Vec::<&str>::new());
    assert_eq!(marks(&batch, 0), ["CUE said", "QUOTE so … so", "SOURCE Ann", "SOURCE Bob"]);
    let item = &batch.items[0];
    assert_eq!(roles(item.sheets.values().next().unwrap(), &item.text), ["cue said", "source Ann", "source Bob"]);
}

const PAIRS: &str = r#"(format: 1, text: [(at: "t")], annotations: [(at: "s[*]", label: at("[2]"), ranges: (start: "[0]", end: "[1]"))])"#;

#[test]
fn units_and_ends_are_found_out_or_said() {
    let json = r#"{"t": "Zoë 🎉 Ann Smith met Bob", "s": [[7, 16, "PER"], [21, 24, "PER"]]}"#;
    let batch = one(PAIRS, json);
    assert_eq!((marks(&batch, 0), rules(&batch)), (vec!["PER Ann Smith".to_owned(), "PER Bob".to_owned()], vec!["mapped-json-offsets"]));
    let said = PAIRS.replacen("text:", "unit: \"utf16\", text:", 1);
    assert_eq!(rules(&one(&said, json)), Vec::<&str>::new());
    let inclusive = PAIRS.replacen("text:", "ends: inclusive, text:", 1);
    assert_eq!(marks(&one(&inclusive, r#"{"t": "Ann met Bob", "s": [[0, 2, "PER"], [8, 10, "PER"]]}"#), 0), ["PER Ann", "PER Bob"]);
}

#[test]
fn enclosing_sentences_and_documents_inside_records_are_found() {
    let mapping = r#"(format: 1, documents: "docs[*]", text: [(at: "sentences[*].text", between: " ")],
        annotations: [(at: "sentences[*].spans[*]", label: at("type"), base: enclosing)])"#;
    let json = r#"{"docs": [{"sentences": [{"text": "Zoë ran.", "spans": []}, {"text": "Ann 🎉 met Bob.", "spans": [{"start": 10, "end": 13, "type": "PER"}]}]},
        {"sentences": [{"text": "x"}]}]}"#;
    let batch = one(mapping, json);
    assert_eq!((batch.items.len(), marks(&batch, 0), batch.items[1].text.as_str()), (2, vec!["PER Bob".to_owned()], "x"));
}

#[test]
fn what_is_wrong_is_said_and_kept() {
    let json = "{\"t\": \"Ann met Bob\", \"s\": [[0, \"x\", \"PER\"], [0, 99, \"PER\"], [0, 3], [8, 11, \"PER\"]]}\n{oops\n{\"s\": []}\n";
    let batch = one(PAIRS, json);
    let expected =
        ["mapped-json-bad-record", "mapped-json-bad-annotation", "mapped-json-out-of-range", "mapped-json-bad-annotation", "mapped-json-no-text"];
    assert_eq!(rules(&batch), expected);
    assert_eq!(marks(&batch, 0), ["PER Bob"]);
    let residue = &batch.items[0].sheets.values().next().unwrap().info.residue["mapped-json"];
    assert_eq!(residue, "[0,\"x\",\"PER\"]\n[0,99,\"PER\"]\n[0,3]");
}

#[test]
fn without_a_mapping_it_is_asked_for() {
    let mut options = ReadOptions::new(CoderKey::from_name("alice"), IdSource::seeded(1));
    let error = find("mapped-json").unwrap().reader.unwrap()(&MemoryFiles::new([("a.json", "{}")]), &mut options, &mut Batch::default()).unwrap_err();
    assert!(matches!(&error, FormatError::Columns { .. }) && error.to_string().contains("--mapping"), "{error}");
}

#[test]
fn a_preview_says_what_each_path_has_found() {
    let mapping = r#"(format: 1, text: [(at: "t")], fields: {"title": "headline"}, annotations: [(at: "s[*]", label: at("[2]"), ranges: (start: "[0]", end: "[1]"))])"#;
    let lines = "{\"t\": \"Ann met Bob\", \"s\": [[0, 3, \"PER\"], [8, 11, \"PER\"]]}\n".repeat(5);
    let files = MemoryFiles::new([("a.jsonl", lines)]);
    let batch = read(mapping, &files);
    assert_eq!((batch.items.len(), marks(&batch, 1).len()), (5, 2));
    let said: Vec<&str> =
        batch.findings.iter().filter(|finding| finding.rule == "mapped-json-path").map(|finding| finding.message.as_str()).collect();
    assert_eq!(said, ["title: nothing stands at `headline` in any record; if that is not meant, look at the mapping"]);
}

#[test]
fn real_quotations_are_read_without_a_finding() {
    let Some(dir) = samples("quotes-json") else { return };
    let folder = dir.join("uhh-lt+german-news-quotation-attribution-2024/data/dev");
    let path = std::fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    let role = |role: &str| {
        format!(
            "(role: \"{role}\", each: \"{role}\", fill: span(label: always(\"{role}\"), ranges: (at: \"spans[*]\", start: \"charBegin\", end: \"charEnd\"), quote: \"text\")),"
        )
    };
    let roles: String = ["speaker", "cue", "addressee", "frame"].map(role).concat();
    let mapping = format!(
        "(format: 1, text: [(at: \"originalText\")], fields: {{\"title\": \"documentName\"}}, ignore: [\"tokens\", \"sentences\"], annotations: [(
            at: \"annotations[*]\", id: \"id\", kind: claim, label: always(\"QUOTE\"), ranges: (at: \"quote.spans[*]\", start: \"charBegin\", end: \"charEnd\"),
            quote: \"quote.text\", attributes: {{\"type\": \"type\", \"medium\": \"medium\"}}, roles: [{roles}])])"
    );
    let batch = read(&mapping, &MemoryFiles::new([("a.json", std::fs::read(path).unwrap())]));
    assert_eq!(rules(&batch), Vec::<&str>::new(), "{:?}", batch.findings);
    let sheet = batch.items[0].sheets.values().next().unwrap();
    assert_eq!((sheet.claims.len(), batch.items.len()), (3, 1));
    assert!(sheet.claims.values().all(|claim| claim.content.is_some() && claim.attributes.len() == 2 && !claim.roles.is_empty()));
}

#[test]
fn a_mapping_in_toml_is_refused_by_its_name() {
    let error = ImportOptions::new(CoderKey::from_name("ann")).map_json(Path::new("citron.toml")).unwrap_err();
    assert!(error.contains("citron.toml") && error.contains("in RON, not in TOML"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Spans of a random text come back from JSON in every unit, from the document or from sentences.
    #[test]
    fn places_come_back(seed in any::<u64>(), in_sentences in any::<bool>()) {
        let mut rng = fastrand::Rng::with_seed(seed);
        for unit in manicule::text::offsets::OffsetUnit::ALL {
            let sentences: Vec<_> = (0..4).map(|_| common::text(&mut rng, 12)).collect();
            let (mut rows, mut expected) = (Vec::new(), Vec::new());
            let mut before = 0;
            for (number, sentence) in sentences.iter().enumerate() {
                let map = manicule::text::offsets::OffsetMap::new(sentence.as_str(), unit);
                for range in (0..3).filter_map(|_| common::range(&mut rng, sentence)) {
                    let (start, end) = map.to_unit_range(range);
                    let base = if in_sentences { 0 } else { before };
                    rows.push(serde_json::json!({"s": number, "start": start + base, "end": end + base, "label": "X"}));
                    expected.push(format!("X {}", sentence.slice(range)));
                }
                before += unit.len_of(sentence.as_str()) + 1;
            }
            let json = serde_json::json!({"t": sentences.iter().map(|s| s.as_str()).collect::<Vec<_>>(), "s": rows}).to_string();
            let base = if in_sentences { "base: sentence(\"s\"), " } else { "" };
            let mapping = format!("(format: 1, unit: \"{unit}\", text: [(at: \"t[*]\")], annotations: [(at: \"s[*]\", {base}label: always(\"X\"))])");
            let batch = one(&mapping, &json);
            expected.sort();
            prop_assert_eq!(marks(&batch, 0), expected);
        }
    }
}
