//! doccano, Label Studio, spaCy's JSONL and DocBin: round trips over generated projects, and what is read of files that are not ours.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic, clippy::expect_used)]

mod common;

use std::collections::BTreeMap;

use common::{export, import, project};
use manicule::format::{Batch, ExportReport, Fate, Item, MemoryFiles, Tables, recognise};
use manicule::model::{CoderKey, IdSource, LabelKey, Sheet, Span, SpanId, Status};
use manicule::progress::{CancelToken, Progress};
use manicule::text::offsets::OffsetUnit;
use manicule::workspace::import::{ImportOptions, read_import};
use proptest::prelude::*;

/// One coder's marks from their first to their last character, with their labels.
fn marks(sheet: &Sheet) -> Vec<(usize, usize, String)> {
    let label = |id| match id {
        manicule::model::MarkId::Span(id) => sheet.spans[&id].label.to_string(),
        manicule::model::MarkId::Claim(id) => sheet.claims[&id].label.to_string(),
    };
    let mut marks: Vec<_> = sheet.marks().map(|(id, ranges)| (ranges.start(), ranges.end(), label(id))).collect();
    marks.sort();
    marks
}

fn all_marks(item: &Item) -> BTreeMap<CoderKey, Vec<(usize, usize, String)>> {
    let marks = item.sheets.iter().map(|(coder, sheet)| (coder.clone(), marks(sheet)));
    marks.filter(|(_, marks)| !marks.is_empty()).collect()
}

fn count(report: &ExportReport, fates: &[Fate], what: &str) -> usize {
    report.lines.iter().filter(|line| fates.contains(&line.fate) && line.what == what).map(|line| line.count).sum()
}

const WRITTEN: [Fate; 2] = [Fate::Kept, Fate::Changed];

/// Only one coder's sheets, so that there is one file.
fn of_alice((mut tables, mut items): (Tables, Vec<Item>)) -> (Tables, Vec<Item>) {
    items.iter_mut().for_each(|item| item.sheets.retain(|coder, _| coder.as_str() == "alice"));
    tables.coders.retain(|coder, _| coder.as_str() == "alice");
    (tables, items)
}

fn check_documents(before: &[Item], after: &[Item]) {
    assert_eq!(before.len(), after.len());
    for (before, after) in before.iter().zip(after) {
        assert_eq!((&before.id, &before.text, &before.document.title), (&after.id, &after.text, &after.document.title));
        assert_eq!((&before.document.source, &before.document.author), (&after.document.source, &after.document.author));
        assert_eq!((&before.document.date, &before.document.url), (&after.document.date, &after.document.url));
    }
}

/// Findings other than those that each generated project may have.
fn findings(batch: &Batch) -> Vec<String> {
    // Their marks begin and end anywhere.
    let expected = ["new-label", "article-without-text", "spacy-jsonl-tokens", "doccano-offsets"];
    batch.findings.iter().filter(|finding| !expected.contains(&finding.rule)).map(ToString::to_string).collect()
}

fn sheets(batch: &Batch) -> impl Iterator<Item = &Sheet> {
    batch.items.iter().flat_map(|item| item.sheets.values().map(AsRef::as_ref))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn doccano_keeps_texts_and_places(seed in any::<u64>()) {
        let (tables, items) = of_alice(project(seed));
        for unit in [OffsetUnit::Utf16, OffsetUnit::CodePoints] {
            let (files, _) = export("doccano", &tables, &items, unit);
            prop_assert!(files.text("out.jsonl").is_ascii());
            let batch = with_unit("doccano", &files, &tables, unit);
            prop_assert_eq!(findings(&batch), Vec::<String>::new());
            check_documents(&items, &batch.items);
            for (before, after) in items.iter().zip(&batch.items) {
                prop_assert_eq!(all_marks(before), all_marks(after));
            }
        }
    }

    #[test]
    fn doccano_keeps_relations_and_roles(seed in any::<u64>()) {
        let (tables, items) = of_alice(project(seed));
        let (files, report) = export("doccano-relations", &tables, &items, OffsetUnit::Utf16);
        let batch = with_unit("doccano", &files, &tables, OffsetUnit::Utf16);
        prop_assert_eq!(findings(&batch), Vec::<String>::new());
        let fillers = sheets(&batch).flat_map(|s| s.claims.values()).flat_map(|c| c.roles.values()).map(Vec::len).sum::<usize>();
        let relations = sheets(&batch).map(|sheet| sheet.relations.len()).sum::<usize>();
        // A role that the codebook does not have comes back as a relation.
        let written = count(&report, &WRITTEN, "relations") + count(&report, &WRITTEN, "fillers of roles");
        prop_assert_eq!(fillers + relations, written);
        prop_assert!(relations >= count(&report, &WRITTEN, "relations"));
    }

    #[test]
    fn doccano_keeps_choices_for_documents_as_classes(seed in any::<u64>()) {
        let (tables, items) = of_alice(project(seed));
        let (files, report) = export("doccano-classes", &tables, &items, OffsetUnit::CodePoints);
        let batch = import("doccano", &files, &tables);
        let lost = batch.findings.iter().filter(|finding| finding.rule == "doccano-bad-attribute").count();
        let read = sheets(&batch).map(|sheet| sheet.info.attributes.len()).sum::<usize>();
        let written = count(&report, &WRITTEN, "attributes of documents");
        prop_assert!(read <= written && read + lost >= written.min(read + lost));
    }

    #[test]
    fn label_studio_keeps_what_its_report_keeps(seed in any::<u64>()) {
        let (tables, items) = project(seed);
        let (files, report) = export("label-studio", &tables, &items, OffsetUnit::CodePoints);
        let batch = import("label-studio", &files, &tables);
        prop_assert_eq!(findings(&batch), Vec::<String>::new());
        check_documents(&items, &batch.items);
        for (before, after) in items.iter().zip(&batch.items) {
            prop_assert_eq!(all_marks(before), all_marks(after));
        }
        let attributes = |sheet: &Sheet| sheet.spans.values().map(|span| span.attributes().len()).sum::<usize>();
        let claims = |sheet: &Sheet| sheet.claims.values().map(|claim| claim.attributes.len()).sum::<usize>();
        let written = count(&report, &WRITTEN, "attributes of spans") + count(&report, &WRITTEN, "attributes of claims");
        prop_assert_eq!(sheets(&batch).map(|sheet| attributes(sheet) + claims(sheet)).sum::<usize>(), written);
        let documents = count(&report, &WRITTEN, "attributes of documents");
        prop_assert_eq!(sheets(&batch).map(|sheet| sheet.info.attributes.len()).sum::<usize>(), documents);
        let links = sheets(&batch).flat_map(|sheet| sheet.spans.values()).filter(|span| span.entity.is_some()).count();
        prop_assert_eq!(links, count(&report, &WRITTEN, "links from mentions to entities"));
        for (before, after) in items.iter().zip(&batch.items) {
            for (coder, sheet) in &before.sheets {
                let note = after.sheets.get(coder).map_or("", |sheet| sheet.info.note.as_str());
                prop_assert_eq!(&sheet.info.note, note);
            }
        }
    }

    #[test]
    fn spacy_jsonl_keeps_what_its_report_keeps(seed in any::<u64>()) {
        let (tables, items) = project(seed);
        let mut texts: Vec<&str> = items.iter().map(|item| item.text.as_str()).collect();
        texts.sort_unstable();
        prop_assume!(texts.windows(2).all(|pair| pair[0] != pair[1]));
        // One coder alone would be the one whose annotations they are said to be.
        let (files, report) = export("spacy-jsonl", &tables, &items, OffsetUnit::CodePoints);
        let batch = import("spacy-jsonl", &files, &tables);
        prop_assert_eq!(findings(&batch), Vec::<String>::new());
        check_documents(&items, &batch.items);
        let coders: std::collections::BTreeSet<&CoderKey> = items.iter().flat_map(|item| item.sheets.keys()).collect();
        for (before, after) in items.iter().zip(&batch.items) {
            let (before, after) = (all_marks(before), all_marks(after));
            let values = |marks: &BTreeMap<CoderKey, Vec<(usize, usize, String)>>| marks.values().cloned().collect::<Vec<_>>();
            prop_assert_eq!(values(&before), values(&after));
            prop_assert!(coders.len() == 1 || before == after);
        }
        let attributes = |sheet: &Sheet| sheet.spans.values().map(|span| span.attributes().len()).sum::<usize>();
        let claims = |sheet: &Sheet| sheet.claims.values().map(|claim| claim.attributes.len()).sum::<usize>();
        let written = count(&report, &WRITTEN, "attributes of spans") + count(&report, &WRITTEN, "attributes of claims");
        prop_assert_eq!(sheets(&batch).map(|sheet| attributes(sheet) + claims(sheet)).sum::<usize>(), written);
        let links = sheets(&batch).flat_map(|sheet| sheet.spans.values()).filter(|span| span.entity.is_some()).count();
        prop_assert_eq!(links, count(&report, &WRITTEN, "links from mentions to entities"));
    }

    #[test]
    fn json_of_any_shape_panics_no_reader(value in shape()) {
        for name in ["doccano", "label-studio", "spacy-jsonl"] {
            for text in [value.to_string(), format!("[{value}]"), serde_json::to_string_pretty(&value).unwrap()] {
                let batch = import(name, &MemoryFiles::new([("x.json", text)]), &Tables::default());
                for item in &batch.items {
                    item.sheets.values().flat_map(|sheet| sheet.marks()).for_each(|(_, ranges)| item.text.check(ranges).unwrap());
                }
            }
        }
    }
}

/// Reads with a unit that somebody has stated.
fn with_unit(format: &str, files: &MemoryFiles, known: &Tables, unit: OffsetUnit) -> Batch {
    let mut options = manicule::format::ReadOptions::new(CoderKey::from_name("alice"), IdSource::seeded(99));
    options.known = known.clone();
    options.unit = Some(unit);
    let mut batch = Batch::default();
    manicule::format::find(format).unwrap().reader.unwrap()(files, &mut options, &mut batch).unwrap();
    batch
}

/// Records that look a little like those of the formats.
fn shape() -> impl Strategy<Value = serde_json::Value> {
    let names = [
        "text",
        "label",
        "labels",
        "entities",
        "relations",
        "spans",
        "start",
        "end",
        "data",
        "annotations",
        "predictions",
        "result",
        "value",
        "from_name",
        "type",
        "id",
        "from_id",
        "to_id",
        "choices",
        "meta",
        "tokens",
        "accept",
        "answer",
        "head",
        "child",
        "cats",
        "start_offset",
    ];
    let words = ["Zoë 🎉 Smith", "labels", "choices", "relation", "accept", "reject", "", "Q42", "label"];
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        (-2i64..20).prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        proptest::sample::select(words.to_vec()).prop_map(Into::into),
    ];
    let tree = leaf.prop_recursive(5, 60, 6, move |inner| {
        let entry = (proptest::sample::select(names.to_vec()), inner.clone());
        prop_oneof![
            proptest::collection::vec(inner, 0..5).prop_map(Into::into),
            proptest::collection::vec(entry, 0..6).prop_map(|entries| entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    });
    tree.prop_map(|value| serde_json::json!({"text": "Zoë 🎉 Smith", "data": {"text": "Zoë 🎉 Smith"}, "spans": value.clone(), "label": value.clone(), "annotations": [{"result": value}]}))
}

fn one(format: &str, content: &str) -> Batch {
    import(format, &MemoryFiles::new([("a.jsonl", content)]), &Tables::default())
}

fn quotes(batch: &Batch) -> Vec<String> {
    let item = &batch.items[0];
    let mut found: Vec<_> = item.sheets.values().flat_map(|sheet| sheet.marks()).map(|(_, ranges)| ranges.clone()).collect();
    found.sort();
    found.iter().map(|ranges| item.text.quote(ranges)).collect()
}

#[test]
fn doccano_has_three_shapes_and_two_units() {
    let spans = r#"{"id": 7, "text": "Zoë 🎉 Ann Smith met Bob", "label": [[7, 16, "PER"], [21, 24, "PER"]], "topic": "x", "Comments": ["hm"]}"#;
    let batch = one("doccano", spans);
    assert_eq!(quotes(&batch), ["Ann Smith", "Bob"]);
    let document = &batch.items[0].document;
    assert_eq!((document.file_name.as_str(), document.residue["doccano"].as_str()), ("7", r#"{"topic":"x"}"#));
    assert_eq!(sheets(&batch).next().unwrap().info.note, "hm");
    let code_points = spans.replace("[7, 16", "[6, 15").replace("[21, 24", "[20, 23");
    let batch = one("doccano", &code_points);
    assert_eq!(quotes(&batch), ["Ann Smith", "Bob"]);
    let said: Vec<&str> = batch.findings.iter().filter(|f| f.rule == "doccano-offsets").map(|f| f.message.as_str()).collect();
    assert_eq!(said, ["the offsets count code-points: 2 of 2 annotations begin and end at words then, 0 as utf16"]);
    let relations = r#"{"text": "Ann met Bob", "entities": [{"id": 3, "start_offset": 0, "end_offset": 3, "label": "PER"}, {"id": 4, "start_offset": 8, "end_offset": 11, "label": "PER"}], "relations": [{"id": 0, "from_id": 3, "to_id": 4, "type": "met"}, {"from_id": 3, "to_id": 9, "type": "met"}]}"#;
    let batch = one("doccano", relations);
    assert_eq!((quotes(&batch), sheets(&batch).next().unwrap().relations.len()), (vec!["Ann".to_owned(), "Bob".to_owned()], 1));
    assert_eq!(batch.findings.iter().filter(|f| f.rule == "doccano-missing-target").count(), 1);
    assert!(sheets(&batch).next().unwrap().info.residue["doccano"].contains("\"to_id\": 9"));
    let batch = one("doccano", r#"{"text": "Ann met Bob", "label": ["news", "short"]}"#);
    let attributes: Vec<String> = sheets(&batch).next().unwrap().info.attributes.iter().map(|(key, value)| format!("{key} {value}")).collect();
    assert_eq!(attributes, ["label news|short"]);
}

#[test]
fn doccano_writes_other_members_back() {
    let batch = one("doccano", r#"{"text": "Ann met Bob", "label": [[0, 3, "PER"], [5, 99, "PER"], "?", 5], "topic": {"a": [1]}}"#);
    let rules: Vec<&str> = batch.findings.iter().map(|f| f.rule).collect();
    assert_eq!(rules, ["doccano-out-of-range", "doccano-bad-annotation", "new-label"]);
    let (files, _) = export("doccano", &batch.tables, &batch.items, OffsetUnit::Utf16);
    let record: serde_json::Value = serde_json::from_str(files.text("out.jsonl")).unwrap();
    assert_eq!((&record["topic"], &record["label"]), (&serde_json::json!({"a": [1]}), &serde_json::json!([[0, 3, "PER"]])));
}

#[test]
fn label_studio_annotators_and_models_are_coders() {
    let region = |id: &str, start: usize, end: usize, text: &str| {
        format!(
            r#"{{"id": "{id}", "from_name": "l", "to_name": "t", "type": "labels", "value": {{"start": {start}, "end": {end}, "text": "{text}", "labels": ["PER"]}}}}"#
        )
    };
    let about = r#"{"id": "a", "from_name": "sure", "to_name": "t", "type": "choices", "value": {"start": 6, "end": 9, "choices": ["yes"]}}"#;
    let topic = r#"{"id": "x", "from_name": "topic", "to_name": "t", "type": "choices", "value": {"choices": ["news", "war"]}}"#;
    let box_ = r#"{"id": "y", "from_name": "b", "to_name": "t", "type": "rectanglelabels", "value": {"x": 1}}"#;
    let relation = r#"{"type": "relation", "from_id": "b", "to_id": "a", "direction": "left", "labels": ["met"]}"#;
    let tasks = format!(
        r#"[{{"id": 5, "data": {{"body": "Zoë 🎉 Ann met Bob", "n": 1}}, "annotations": [{{"completed_by": 1, "lead_time": 3.5, "result": [{}, {}, {about}, {topic}, {box_}, {relation}]}},
        {{"completed_by": {{"email": "eve@example.org"}}, "result": [{}]}}], "predictions": [{{"model_version": "m-1", "score": 0.5, "result": [{}]}}]}}]"#,
        region("a", 6, 9, "Ann"),
        region("b", 14, 17, "Bob"),
        region("a", 6, 9, "Ann"),
        region("a", 14, 17, "Bob"),
    );
    let batch = one("label-studio", &tasks);
    let item = &batch.items[0];
    let coders: Vec<&str> = item.sheets.keys().map(CoderKey::as_str).collect();
    assert_eq!(coders, ["annotator-1", "eve", "m-1"]);
    assert_eq!(item.document.residue["label-studio"], r#"{"n":1,"task":{"id":5}}"#);
    let sheet = &item.sheets[&CoderKey::from_name("annotator-1")];
    let relation = sheet.relations.values().next().unwrap();
    assert_eq!((sheet.spans.len(), relation.label.as_str()), (2, "met"));
    let from = match relation.from {
        manicule::model::Node::Span(id) => item.text.quote(&sheet.spans[&id].ranges),
        other => panic!("{other:?}"),
    };
    assert_eq!(from, "Ann");
    let topics: Vec<String> = sheet.info.attributes.iter().map(|(key, value)| format!("{key} {value}")).collect();
    assert_eq!(topics, ["topic news|war"]);
    assert_eq!(sheet.spans.values().filter(|span| span.attributes().len() == 1).count(), 1);
    assert!(sheet.info.residue["label-studio"].contains("rectanglelabels") && sheet.info.residue["label-studio"].contains("lead_time"));
    let (files, _) = export("label-studio", &batch.tables, &batch.items, OffsetUnit::CodePoints);
    let again = import("label-studio", &files, &batch.tables);
    assert_eq!(all_marks(&again.items[0]), all_marks(item));
    let written: serde_json::Value = serde_json::from_str(files.text("tasks.json")).unwrap();
    assert_eq!((&written[0]["annotations"][0]["lead_time"], &written[0]["data"]["n"]), (&serde_json::json!(3.5), &serde_json::json!(1)));
}

#[test]
fn tasks_of_label_studio_go_out_with_the_names_of_their_project() {
    let named = |id: &str, control: &str, kind: &str, value: serde_json::Value| serde_json::json!({"id": id, "from_name": control, "to_name": "article", "type": kind, "value": value});
    let place = |start: usize, end: usize, text: &str| serde_json::json!({"start": start, "end": end, "text": text});
    let with = |mut value: serde_json::Value, name: &str, said: serde_json::Value| {
        value[name] = said;
        value
    };
    let rows = [
        named("xK3_a", "ner", "labels", with(place(0, 3, "Ann"), "labels", serde_json::json!(["PER"]))),
        named("b-2", "ner", "labels", with(place(8, 11, "Bob"), "labels", serde_json::json!(["PER"]))),
        named("b-2", "stars", "rating", with(place(8, 11, "Bob"), "rating", serde_json::json!(4))),
        serde_json::json!({"type": "relation", "from_id": "xK3_a", "to_id": "b-2", "direction": "right", "labels": ["met"]}),
        named("topic", "topic", "choices", serde_json::json!({"choices": ["news"]})),
    ];
    let task = serde_json::json!([{"data": {"text": "Ann met Bob"}, "annotations": [{"completed_by": 1, "result": rows}]}]);
    let batch = one("label-studio", &task.to_string());
    let (files, _) = export("label-studio", &batch.tables, &batch.items, OffsetUnit::CodePoints);
    let written: serde_json::Value = serde_json::from_str(files.text("tasks.json")).unwrap();
    let mut result = written[0]["annotations"][0]["result"].as_array().unwrap().clone();
    let key = |row: &serde_json::Value| (row["type"].to_string(), row["id"].to_string());
    let mut expected = rows.to_vec();
    [&mut result, &mut expected].into_iter().for_each(|rows| rows.sort_by_key(key));
    assert_eq!(result, expected);
    // The configuration has controls of these names.
    let config = files.text("label_config.xml");
    for tag in [
        r#"<Text name="article" value="$text"/>"#,
        r#"<Labels name="ner" toName="article">"#,
        r#"<Rating name="stars" toName="article" perRegion="true"/>"#,
        r#"<Choices name="topic" toName="article" choice="single">"#,
    ] {
        assert!(config.contains(tag), "{tag} is not in {config}");
    }
    // What an export of ours says comes back once more.
    let again = import("label-studio", &files, &batch.tables);
    let (second, _) = export("label-studio", &again.tables, &again.items, OffsetUnit::CodePoints);
    let second: serde_json::Value = serde_json::from_str(second.text("tasks.json")).unwrap();
    assert_eq!(second[0]["annotations"][0]["result"], written[0]["annotations"][0]["result"]);
}

#[test]
fn label_studio_offsets_in_utf16_are_recognised_by_the_words() {
    let task = r#"{"data": {"text": "🎉🎉 Ann"}, "annotations": [{"result": [{"id": "a", "from_name": "l", "to_name": "t", "type": "labels", "value": {"start": 5, "end": 8, "text": "Ann", "labels": ["PER"]}}]}]}"#;
    let batch = one("label-studio", task);
    assert_eq!(quotes(&batch), ["Ann"]);
    assert_eq!(batch.findings[0].rule, "label-studio-offsets");
}

#[test]
fn records_of_one_text_are_sheets_of_one_document() {
    let lines = [
        r#"{"text": "Ann met Bob", "_input_hash": 1, "_annotator_id": "x", "spans": [{"start": 0, "end": 3, "label": "PER", "score": 0.5}], "answer": "accept"}"#,
        r#"{"text": "Ann met Bob", "_input_hash": 1, "_annotator_id": "y", "spans": [{"start": 8, "end": 11, "label": "PER"}], "answer": "reject"}"#,
        r#"{"text": "Ann met Bob", "_input_hash": 1, "_annotator_id": "y", "label": "GOOD", "answer": "reject"}"#,
        r#"{"text": "Emerson wrote", "spans": [{"start": 0, "end": 7, "label": "PER", "text": "Emerson"}], "accept": ["Q48226"], "answer": "accept"}"#,
        r#"["Bob left", {"entities": [[0, 3, "PER"]]}]"#,
    ];
    let batch = one("spacy-jsonl", &lines.join("\n"));
    assert_eq!(batch.items.len(), 3);
    let [x, y] = ["x", "y"].map(|coder| &batch.items[0].sheets[&CoderKey::from_name(coder)]);
    assert_eq!((x.spans.len(), x.info.status, y.spans.len()), (1, Status::Done, 0));
    let attributes: Vec<String> = y.info.attributes.iter().map(|(key, value)| format!("{key} {value}")).collect();
    assert_eq!(attributes, ["GOOD no"]);
    assert!(y.info.residue["spacy-jsonl"].contains(r#""start": 8"#));
    let entity = batch.tables.entities.values().next().unwrap();
    assert_eq!((entity.name.as_str(), entity.knowledge_base_ids.first().unwrap().as_str()), ("Emerson", "Q48226"));
    assert_eq!(batch.items[2].sheets.values().next().unwrap().spans.len(), 1);
}

#[test]
fn what_had_no_place_and_answers_are_written_back() {
    let doccano = r#"{"id": "d", "text": "Ann left", "label": [[0, 3, "PER"], [90, 99, "ORG"], {"odd": true}], "meta": {"n": 1}}"#;
    let spacy = r#"{"text": "Bob left", "_annotator_id": "x", "spans": [{"start": 0, "end": 3, "label": "PER"}], "answer": "ignore"}"#;
    for (format, written, record) in
        [("doccano", "doccano", doccano), ("doccano", "doccano-relations", doccano), ("spacy-jsonl", "spacy-jsonl", spacy)]
    {
        let batch = one(format, record);
        let (files, report) = export(written, &batch.tables, &batch.items, OffsetUnit::CodePoints);
        assert!(report.lines.iter().all(|line| line.what != "leftovers of earlier imports"), "{written}");
        let (name, _) = files.0.first_key_value().unwrap();
        let json: serde_json::Value = serde_json::from_str(files.text(name)).unwrap();
        if format == "doccano" {
            assert_eq!(json["manicule_kept_aside"], serde_json::json!([[90, 99, "ORG"], {"odd": true}]));
        } else {
            assert_eq!((&json["answer"], &json["manicule_kept_aside"][0]["start"]), (&serde_json::json!("ignore"), &serde_json::json!(0)));
        }
        let again = one(format, files.text(name));
        let residues = |batch: &Batch| batch.items[0].sheets.values().map(|sheet| sheet.info.residue.clone()).collect::<Vec<_>>();
        assert_eq!(residues(&again).len(), 1);
        let rows = |batch: &Batch| {
            let mut rows: Vec<serde_json::Value> = residues(batch)[0][format].lines().map(|row| serde_json::from_str(row).unwrap()).collect();
            rows.sort_by_key(ToString::to_string);
            rows
        };
        assert_eq!(rows(&again), rows(&batch), "{written}");
    }
}

#[test]
fn each_file_is_recognised_by_its_look() {
    let check = |name: &str, head: &str, format: &str| assert_eq!(recognise(name, head.as_bytes()).name, format, "{head}");
    check("a.jsonl", r#"{"text": "x", "label": [[0, 1, "A"]]}"#, "doccano");
    check("a.jsonl", r#"{"text": "x", "entities": [{"id": 0, "label": "A"}]}"#, "doccano");
    check("a.json", r#"[{"id": 1, "data": {"text": "x"}, "annotations": []}]"#, "label-studio");
    check("a.json", r#"[{"annotations": [{"result": [{"from_name": "l", "to_name": "t""#, "label-studio");
    check("a.xml", "<View>\n<Text/></View>", "label-studio");
    check("a.jsonl", r#"{"text": "x", "spans": []}"#, "spacy-jsonl");
    check("a.jsonl", r#"{"text": "x", "_input_hash": 3}"#, "spacy-jsonl");
    check("a.jsonl", r#"{"text": "x", "title": "y"}"#, "articles-jsonl");
    check("a.xml", "<TEI/>", "text");
}

/// What is read of paths on a disk.
fn read_paths(paths: &[std::path::PathBuf], unit: Option<OffsetUnit>) -> Batch {
    let mut options = ImportOptions::new(CoderKey::from_name("alice"));
    options.unit = unit;
    let control = (&Progress::new(), &CancelToken::new());
    read_import(paths, &Tables::default(), &options, IdSource::seeded(1), control).unwrap().batch
}

#[test]
fn tasks_of_label_studio_come_with_their_configuration() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &str| std::fs::write(dir.path().join(name), content).unwrap();
    write("tasks.json", r#"[{"id": 1, "data": {"text": "no", "story": "Ann met Bob"}, "annotations": []}]"#);
    write("label_config.xml", r#"<View><Labels name="l" toName="t"><Label value="PER"/></Labels><Text name="t" value="$story"/></View>"#);
    write("other.xml", "<TEI/>");
    for paths in [vec![dir.path().to_owned()], vec![dir.path().join("tasks.json")]] {
        let is_folder = paths[0].is_dir();
        let batch = read_paths(&paths, None);
        let texts: Vec<&str> = batch.items.iter().map(|item| item.text.as_str()).collect();
        assert_eq!((texts, batch.tables.schema.labels.len()), (vec!["Ann met Bob"], 1));
        assert_eq!(batch.findings.iter().filter(|finding| finding.rule == "skipped-file").count(), usize::from(is_folder));
    }
}

#[test]
fn a_stated_unit_is_taken() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.jsonl");
    std::fs::write(&path, r#"{"text": "🎉 Ann Smith met Bob", "label": [[2, 5, "PER"], [6, 11, "PER"]]}"#).unwrap();
    assert_eq!(quotes(&read_paths(std::slice::from_ref(&path), None)), ["Ann", "Smith"]);
    assert_eq!(quotes(&read_paths(&[path], Some(OffsetUnit::Utf16))), [" An", " Smit"]);
}

#[test]
fn tokens_and_classes_of_prodigy_go_back() {
    let text = "Ann  saw don't.";
    let token = |id: usize, start: usize, end: usize, ws: bool| serde_json::json!({"text": &text[start..end], "start": start, "end": end, "id": id, "ws": ws});
    let tokens =
        serde_json::json!([token(0, 0, 3, true), token(1, 4, 5, false), token(2, 5, 8, true), token(3, 9, 11, false), token(4, 11, 15, false)]);
    let spans = serde_json::json!([{"start": 9, "end": 11, "label": "VERB", "token_start": 3, "token_end": 3}]);
    let records = [
        serde_json::json!({"text": text, "tokens": tokens, "spans": spans, "answer": "accept"}),
        serde_json::json!({"text": "Another one.", "label": "Good News", "answer": "reject", "_view_id": "classification"}),
        serde_json::json!({"text": "A third one.", "options": [{"id": "a b", "text": "A"}], "accept": ["a b"], "answer": "accept", "_view_id": "choice"}),
    ];
    let file: String = records.iter().map(|record| format!("{record}\n")).collect();
    let mut batch = import("spacy-jsonl", &MemoryFiles::new([("a.jsonl", file)]), &Tables::default());
    let written = |batch: &Batch| -> Vec<serde_json::Value> {
        let (files, _) = export("spacy-jsonl", &batch.tables, &batch.items, OffsetUnit::CodePoints);
        files.text("out.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let out = written(&batch);
    assert_eq!((&out[0]["tokens"], &out[0]["spans"][0]["token_start"]), (&tokens, &3.into()));
    assert_eq!((&out[1]["label"], &out[1]["answer"]), (&"Good News".into(), &"reject".into()));
    assert_eq!((&out[2]["options"], &out[2]["answer"]), (&records[2]["options"], &"accept".into()));
    assert_eq!(out[2]["accept"].as_array().map(Vec::len), Some(1));
    // A span inside of a token: its boundaries count more.
    let item = &mut batch.items[0];
    let inside = Span::new(item.text.range(1, 2).unwrap(), LabelKey::new("VERB").unwrap());
    let sheet = std::sync::Arc::make_mut(item.sheets.values_mut().next().unwrap());
    sheet.spans.insert(SpanId(IdSource::seeded(1).next_id()), inside);
    let out = written(&batch);
    assert_eq!((out[0]["tokens"].as_array().map(Vec::len), &out[0]["_tokenizer"]), (Some(8), &"manicule".into()), "{}", out[0]["tokens"]);
    let (_, report) = export("spacy-jsonl", &batch.tables, &batch.items, OffsetUnit::CodePoints);
    assert!(report.lines.iter().any(|line| line.what == "tokens of an earlier import"));
}

#[test]
fn what_label_studio_has_and_we_have_not_goes_back() {
    let row = |id: &str, control: &str, kind: &str, value: serde_json::Value| serde_json::json!({"id": id, "from_name": control, "to_name": "t", "type": kind, "value": value});
    let result = serde_json::json!([
        row("r1", "ner", "labels", serde_json::json!({"start": 0, "end": 3, "text": "Ann", "labels": ["PER", "BOSS"]})),
        row("r2", "ner", "labels", serde_json::json!({"start": 8, "end": 10, "text": "Bo", "labels": ["PER"]})),
        row("r1", "topics", "taxonomy", serde_json::json!({"start": 0, "end": 3, "text": "Ann", "taxonomy": [["Arts"], ["Arts", "Music"]]})),
        row("r2", "born", "datetime", serde_json::json!({"start": 8, "end": 10, "text": "Bo", "datetime": "1999-01-02"})),
        {"type": "relation", "from_id": "r1", "to_id": "r2", "direction": "bi", "labels": ["knows"]},
    ]);
    let task = serde_json::json!([{"id": 3, "data": {"text": "Ann saw Bo."}, "annotations": [{"id": 1, "completed_by": 1, "result": result}]}]);
    let batch = import("label-studio", &MemoryFiles::new([("a.json", task.to_string())]), &Tables::default());
    let (files, _) = export("label-studio", &batch.tables, &batch.items, OffsetUnit::CodePoints);
    let written: serde_json::Value = serde_json::from_str(files.text("tasks.json")).unwrap();
    let rows = written[0]["annotations"][0]["result"].as_array().unwrap();
    for row in result.as_array().unwrap() {
        assert!(rows.contains(row), "{row} in {rows:#?}");
    }
    assert_eq!(rows.len(), 5);
    let config = files.text("label_config.xml");
    let taxonomy = "  <Taxonomy name=\"topics\" toName=\"t\" perRegion=\"true\">\n    <Choice value=\"Arts\">\n      <Choice value=\"Music\">\n      </Choice>\n    </Choice>\n  </Taxonomy>\n";
    assert!(config.contains(taxonomy) && config.contains("<DateTime name=\"born\""), "{config}");
}

#[test]
fn comments_of_doccano_go_back() {
    for comments in [serde_json::json!(["Who?", "Ann."]), serde_json::json!(["One\n\nparagraph"])] {
        let record = serde_json::json!({"text": "Ann saw Bo.", "label": [[0, 3, "PER"]], "Comments": comments});
        let batch = import("doccano", &MemoryFiles::new([("a.jsonl", record.to_string())]), &Tables::default());
        for form in ["doccano", "doccano-relations", "doccano-classes"] {
            let (files, report) = export(form, &batch.tables, &batch.items, OffsetUnit::CodePoints);
            let written: serde_json::Value = serde_json::from_str(files.text("out.jsonl").trim()).unwrap();
            assert_eq!((&written["Comments"], count(&report, &WRITTEN, "notes on documents")), (&comments, 1), "{form}");
        }
    }
}

#[test]
fn labels_go_back_as_they_are_called() {
    let record = serde_json::json!({"text": "Ann saw Bo.", "label": [[0, 3, "Some One"], [8, 10, "PER"]]});
    let batch = import("doccano", &MemoryFiles::new([("a.jsonl", record.to_string())]), &Tables::default());
    for format in ["doccano", "doccano-relations", "spacy-jsonl", "label-studio"] {
        let (files, _) = export(format, &batch.tables, &batch.items, OffsetUnit::CodePoints);
        let pages: String = files.0.values().map(|page| String::from_utf8_lossy(page)).collect();
        assert!(pages.contains("\"Some One\"") && !pages.contains("Some_One"), "{format}: {pages}");
    }
    let class = serde_json::json!({"text": "Ann saw Bo.", "label": ["op ed"]});
    let batch = import("doccano", &MemoryFiles::new([("a.jsonl", class.to_string())]), &Tables::default());
    assert!(export("doccano-classes", &batch.tables, &batch.items, OffsetUnit::CodePoints).0.text("out.jsonl").contains("[\"op ed\"]"));
}
