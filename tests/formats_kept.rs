//! What files of other programs hold that has no place here comes back in an export to the same format: each file is read, written
//! and compared with itself.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic, clippy::expect_used)]

mod common;

use common::said::{json_lines, pubannotation_lines, unsaid, xml_lines};
use common::{export, import, lines_of};
use manicule::format::{Batch, ExportReport, Fate, MemoryFiles, Tables};
use manicule::model::{AttributeKey, AttributeValue, Correction};
use manicule::text::offsets::OffsetUnit;

fn read(format: &str, name: &str, content: &str) -> Batch {
    import(format, &MemoryFiles::new([(name, content)]), &Tables::default())
}

fn written(format: &str, batch: &Batch, unit: OffsetUnit) -> (String, ExportReport) {
    let (files, report) = export(format, &batch.tables, &batch.items, unit);
    (files.0.values().map(|content| String::from_utf8_lossy(content).into_owned()).collect(), report)
}

fn unit_of(format: &str) -> OffsetUnit {
    if format == "gate-xml" { OffsetUnit::Utf16 } else { OffsetUnit::CodePoints }
}

/// Reads and writes a file, and once more what was written; what is missing then is shown. What was written is of the same coders.
#[track_caller]
fn check(format: &str, name: &str, content: &str, lines: fn(&str) -> Vec<String>) -> Batch {
    let batch = read(format, name, content);
    let (page, _) = written(format, &batch, unit_of(format));
    let missing = unsaid(lines(content), lines(&page));
    assert!(missing.is_empty(), "{format}: {missing:#?}\nin {page}");
    let again = import(format, &MemoryFiles::new([(name, page.as_str())]), &batch.tables);
    let sheets = |batch: &Batch| batch.items.iter().flat_map(|item| item.sheets.keys().cloned()).collect::<Vec<_>>();
    assert_eq!(sheets(&again), sheets(&batch), "{format}");
    let (second, _) = written(format, &Batch { tables: batch.tables.clone(), items: again.items, ..Batch::default() }, unit_of(format));
    let (missing, new) = (unsaid(lines(&page), lines(&second)), unsaid(lines(&second), lines(&page)));
    assert!(missing.is_empty() && new.is_empty(), "{format} the second time: {missing:#?} are {new:#?}\nin {second}");
    batch
}

const BIOC: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<collection><source>Newsroom</source><date>20260102</date><key>news.key</key><infon key="licence">CC0</infon>
<document><id>77</id><infon key="desk">home</infon><infon key="page">1</infon><infon key="page">12</infon>
<passage><infon key="type">title</infon><offset>0</offset><text>Zoë 🎉 Smith</text>
<annotation id="N1"><infon key="type">http://labels.example/X#Person</infon><infon key="annotator">Ann B.</infon><infon key="rank">05</infon><infon key="desk">Politik</infon><infon key="desk">Haushalt &amp; Geld</infon><infon key="desk">A</infon><location offset="6" length="5"/><text>Smith</text></annotation>
<annotation id="N9"><infon key="type">Person</infon><infon key="annotator">Ann B.</infon><location offset="900" length="5"/><text>nobody</text></annotation></passage>
<passage><infon key="type">body</infon><infon key="section">LEAD</infon><infon key="section">1</infon><offset>12</offset>
<sentence><infon key="n">1</infon><offset>12</offset><text>Bob said taxes fell.</text>
<annotation id="N2"><infon key="type">Person</infon><infon key="annotator">Ann B.</infon><location offset="12" length="3"/><text>Bob</text></annotation></sentence>
<sentence><offset>33</offset><text>They rose.</text></sentence></passage>
<relation id="R7"><infon key="type">Quotes</infon><infon key="annotator">Ann B.</infon><infon key="tone">dry</infon><infon key="tone">angry</infon><node refid="N1" role="Speaker"/><node refid="N2" role="Hearer"/></relation>
<relation id="R8"><infon key="type">Quotes</infon><infon key="annotator">Ann B.</infon><node refid="N1" role="Speaker"/><node refid="T1" role="Hearer"/></relation>
</document></collection>"#;

#[test]
fn passages_ids_roles_and_collections_of_bioc_come_back() {
    let batch = check("bioc-xml", "a.xml", BIOC, xml_lines);
    assert_eq!(batch.items[0].text.as_str(), "Zoë 🎉 Smith\nBob said taxes fell.\nThey rose.");
    // In bytes the passages are the same, and places are counted anew.
    let (page, _) = written("bioc-xml", &batch, OffsetUnit::Bytes);
    assert!(page.contains("<offset>16</offset>") && page.contains(r#"<location offset="10" length="5"/>"#), "{page}");
    let bytes = import("bioc-xml", &MemoryFiles::new([("a.xml", page.as_str())]), &batch.tables);
    assert_eq!(bytes.items[0].text, batch.items[0].text);
}

#[test]
fn infons_of_one_key_are_choices_and_stand_as_they_are_chosen() {
    let mut batch = read("bioc-xml", "a.xml", BIOC);
    let desk = AttributeKey::new("desk").unwrap();
    let sheet = std::sync::Arc::make_mut(batch.items[0].sheets.values_mut().next().unwrap());
    let (id, mut span) = sheet.spans.iter().find(|(_, span)| span.attributes().contains_key(&desk)).map(|(id, span)| (*id, span.clone())).unwrap();
    let mut extras = span.extras().clone();
    let Some(AttributeValue::Choices(choices)) = extras.attributes.get_mut(&desk) else { panic!("{extras:?}") };
    assert_eq!(choices.len(), 3);
    choices.retain(|choice| choice.as_str() != "A");
    span = span.with_extras(extras);
    sheet.spans.insert(id, span);
    // Somebody has changed them: they are written as all choices are.
    let (page, _) = written("bioc-xml", &batch, OffsetUnit::CodePoints);
    assert!(page.contains(r#"<infon key="desk">Haushalt"#) && page.contains("|Politik</infon>"), "{page}");
}

#[test]
fn bioc_in_json_comes_back() {
    let json = r#"{"bioctype": "BioCCollection", "source": "Newsroom", "date": "2026", "key": "k", "infons": {"licence": "CC0"}, "documents": [
        {"id": "77", "infons": {"desk": "home"}, "passages": [
            {"offset": 0, "infons": {"type": "title"}, "text": "Bob met Ann", "sentences": [], "relations": [], "annotations": [
                {"id": "N1", "infons": {"type": "Person", "desk": ["b", "a"]}, "text": "Bob", "locations": [{"offset": 0, "length": 3}]},
                {"id": "N1", "infons": {"type": "Person"}, "text": "Ann", "locations": [{"offset": 8, "length": 3}]}]},
            {"offset": 12, "infons": {"section": "LEAD"}, "text": "in Bonn.", "sentences": [], "annotations": [], "relations": []}],
         "relations": [{"id": "R1", "infons": {"type": "met"}, "nodes": [{"refid": "N1", "role": "who"}, {"refid": "gone", "role": "whom"}]}]}]}"#;
    check("bioc-json", "a.json", json, json_lines);
}

#[test]
fn passages_that_do_not_fit_any_more_are_one_and_that_is_said() {
    let mut batch = read("bioc-xml", "a.xml", BIOC);
    let item = &mut batch.items[0];
    let text = manicule::text::Text::new(format!("{} And fell.", item.text.as_str()));
    item.document.text_hash = text.hash().clone();
    item.text = text;
    let (page, report) = written("bioc-xml", &batch, OffsetUnit::CodePoints);
    assert_eq!(page.matches("<passage>").count(), 1, "{page}");
    assert!(lines_of(&report, Fate::Dropped).iter().any(|line| line.contains("leftovers")), "{report:?}");
}

const GATE: &str = r#"<?xml version='1.0' encoding='UTF-8'?>
<GateDocument version="3"><GateDocumentFeatures>
<Feature><Name className="java.lang.String">pages</Name><Value className="java.lang.Integer">2</Value></Feature></GateDocumentFeatures>
<TextWithNodes><Node id="0"/>Zoë 🎉 <Node id="7"/>Smith<Node id="12"/> &amp; Bob<Node id="18"/></TextWithNodes>
<AnnotationSet><Annotation Id="13" Type="Public figure" StartNode="7" EndNode="12">
<Feature><Name className="java.lang.String">length</Name><Value className="java.lang.Integer">5</Value></Feature>
<Feature><Name className="java.lang.String">weight</Name><Value className="java.lang.Double">0.5</Value></Feature>
<Feature><Name className="java.lang.String">hash</Name><Value className="java.math.BigDecimal">18446744073709551615</Value></Feature>
<Feature><Name className="java.lang.String">size</Name><Value className="java.lang.Long">5</Value></Feature>
<Feature><Name className="java.lang.String">sure</Name><Value className="java.lang.Boolean">true</Value></Feature>
<Feature><Name className="java.lang.String">old</Name><Value className="java.lang.Boolean"></Value></Feature>
<Feature><Name className="java.lang.String">said</Name><Value className="java.lang.String">yes</Value></Feature>
<Feature><Name className="java.lang.String">digits</Name><Value className="java.lang.String">007</Value></Feature>
<Feature><Name className="java.lang.String">its rule</Name><Value className="java.lang.String">x</Value></Feature>
</Annotation><Annotation Id="14" Type="Person" StartNode="7" EndNode="99"></Annotation></AnnotationSet>
<AnnotationSet Name="Key"><Annotation Id="13" Type="All" StartNode="0" EndNode="18"></Annotation></AnnotationSet>
<AnnotationSet Name="Original markups"><Annotation Id="6" Type="p" StartNode="0" EndNode="18">
<Feature><Name className="java.lang.String">class</Name><Value className="java.lang.String">lead</Value></Feature></Annotation></AnnotationSet>
</GateDocument>"#;

#[test]
fn sets_ids_types_and_tags_of_gate_come_back() {
    let batch = check("gate-xml", "a.xml", GATE, xml_lines);
    let said = |value: &str| {
        batch.items[0].sheets.values().flat_map(|sheet| sheet.spans.values()).any(|span| span.attributes().values().any(|v| v.to_string() == value))
    };
    assert!(said("yes") && said("no"), "{batch:?}");
    // Tags of a text that was corrected since have lost their places.
    let mut batch = batch;
    let hash = batch.items[0].text.hash().clone();
    batch.items[0].document.corrections.push(Correction { old_hash: hash.clone(), replacements: Vec::new(), new_hash: hash });
    let (page, report) = written("gate-xml", &batch, OffsetUnit::Utf16);
    assert!(!page.contains("Original markups"), "{page}");
    assert!(lines_of(&report, Fate::Dropped).iter().any(|line| line.contains("tags of a web page")), "{report:?}");
}

#[test]
fn sets_ids_and_numbers_of_bdocjs_come_back() {
    let json = r#"{"annotation_sets": {
        "ANNIE": {"name": "ANNIE", "next_annid": 9, "annotations": [
            {"id": 4, "type": "Token", "start": 0, "end": 3, "features": {"orth": "upperInitial", "length": "3", "deep": {"a": [1]}}},
            {"id": 8, "type": "Token", "start": 4, "end": 70, "features": {}}]},
        "Spacy": {"name": "Spacy", "next_annid": 2, "annotations": [
            {"id": 0, "type": "Token", "start": 0, "end": 3, "features": {"orth": 17, "rank": 18446744073709551615, "prob": -20.0, "is_stop": false, "length": 3}},
            {"id": 1, "type": "Token", "start": 4, "end": 7, "features": {"orth": 18446744073709551614, "rank": 1, "prob": 1.5, "is_stop": true, "its rule": "y"}}]}},
        "features": {"pages": 2}, "offset_type": "p", "text": "Zoë met Ann"}"#;
    // The number of the next annotation is made anew.
    check("bdocjs", "a.bdocjs", json, |page| json_lines(page).into_iter().filter(|line| !line.contains("next_annid")).collect());
}

#[test]
fn names_of_labels_projects_and_ids_of_pubannotation_come_back() {
    let json = r#"{"text": "Zoë met Ann.", "sourcedb": "News", "tracks": [
        {"project": "http://projects.example/craft", "denotations": [
            {"id": "D4", "span": {"begin": 0, "end": 3}, "obj": "http://labels.example/X#Person"},
            {"id": "D5", "span": {"begin": 8, "end": 11}, "obj": "Person", "score": 0.5},
            {"id": "D6", "span": {"begin": 8, "end": 99}, "obj": "Person"}, {"id": "D7", "span": {"begin": 4, "end": 7}, "obj": null},
            {"id": "D8", "span": {"begin": 4, "end": 7}}, {"id": "D3", "span": {"begin": 4, "end": 6}, "obj": 5}],
         "relations": [{"id": "Q3", "pred": null, "subj": "D7", "obj": "D8"}, {"id": "Q4", "subj": "D7", "obj": "D8"}, {"id": "Q1", "pred": "http://labels.example/X#met", "subj": "D4", "obj": "D5"}, {"id": "Q2", "pred": "met", "subj": "T1", "obj": "D5"}],
         "attributes": [{"id": "A1", "pred": "its rule", "subj": "D4", "obj": "x"}, {"id": "A2", "pred": "rank", "subj": "D9", "obj": 5},
            {"id": "A3", "pred": "sure", "subj": "Q1", "obj": true}, {"id": "A4", "pred": "word", "subj": "Q1", "obj": "a"}, {"id": "A5", "pred": "word", "subj": "Q1", "obj": "b"},
            {"id": "A6", "pred": "rank", "subj": "D5", "obj": null}, {"id": "A7", "pred": null, "subj": "D5", "obj": 1}, {"id": "A8", "pred": "rank", "subj": "Q1", "obj": null}],
         "namespaces": [{"prefix": "_base", "uri": "http://labels.example/"}]}]}"#;
    let batch = check("pubannotation", "a.json", json, pubannotation_lines);
    let (page, report) = written("pubannotation", &batch, OffsetUnit::CodePoints);
    assert!(report.is_lossless(), "{report:?}");
    // What did not say what it is still does not.
    let page: serde_json::Value = serde_json::from_str(&page).unwrap();
    let row = |list: &str, id: &str| page[list].as_array().unwrap().iter().find(|row| row["id"] == id).unwrap().clone();
    assert_eq!((row("denotations", "D8").get("obj"), row("relations", "Q4").get("pred")), (None, None));
    assert_eq!(row("relations", "Q1").get("manicule:features"), None);
}

#[test]
fn every_writer_of_the_family_gives_labels_their_names() {
    let json = r#"{"text": "Zoë met Ann.", "denotations": [{"id": "T1", "span": {"begin": 0, "end": 3}, "obj": "http://labels.example/X#Person"}]}"#;
    let batch = read("pubannotation", "a.json", json);
    for format in ["pubannotation", "w3c", "bioc-xml", "bioc-json", "gate-xml", "bdocjs", "tei", "pubtator", "semeval2020-ptc"] {
        let (page, _) = written(format, &batch, unit_of(format));
        assert!(page.contains("http://labels.example/X#Person"), "{format}: {page}");
    }
    // A name that another label has, too, leads nowhere.
    let mut batch = batch;
    let label = batch.tables.schema.labels.values().next().unwrap().clone();
    batch.tables.schema.labels.insert(manicule::model::LabelKey::new("a").unwrap(), label);
    let (page, _) = written("gate-xml", &batch, OffsetUnit::Utf16);
    assert!(!page.contains("X#Person") && page.contains("X_Person"), "{page}");
}

#[test]
fn numbers_and_lines_of_pubtator_come_back() {
    let content = "12|t|Zoë met Ann\n12|a|in Bonn.\n12\t0\t3\tZoë\tPublic figure\tMESH:Q9;MESH:Q42\tx\n12\t8\t11\tAnn\tPerson\tQ7|Q8\n12\t8\t11\tAnn\tPerson\t-\n12\tMet\tQ42\tQ1\n\n13|t|Bob\n13|a|left.\n13\t0\t3\tBob\tPerson\tQ1\n\n";
    let batch = read("pubtator", "a.pubtator", content);
    let (page, _) = written("pubtator", &batch, OffsetUnit::CodePoints);
    assert_eq!(page, content);
    // A number that two documents have tells none of them.
    let twice = Batch { items: [batch.items.clone(), batch.items].concat(), ..batch };
    let (page, _) = written("pubtator", &twice, OffsetUnit::CodePoints);
    assert_eq!((page.matches("12|t|").count(), page.matches("|t|").count()), (1, 4), "{page}");
}

#[test]
fn tables_of_semeval_tasks_come_back() {
    let article = "Zoë 🎉 Smith said taxes fell.";
    let check = |format: &str, name: &str, table: &str| {
        let files = MemoryFiles::new([(name, article), ("labels.tsv", table)]);
        let batch = import(format, &files, &Tables::default());
        let (written, _) = export(format, &batch.tables, &batch.items, OffsetUnit::CodePoints);
        assert_eq!((written.text(name), written.text("labels.tsv")), (article, table), "{format}");
    };
    check("semeval2020-ptc", "article12.txt", "12\tName_Calling,Labeling\t6\t11\n12\tDoubt\t17\t22\n");
    check("semeval2025-roles", "EN_annotation_1.txt", "EN_annotation_1.txt\tSmith\t6\t10\tProtagonist\tForeign Adversary\tGuardian\n");
    // A table is one by what it says.
    let table = "EN_1.txt\tSmith\t6\t10\tProtagonist\tGuardian\n";
    let files = MemoryFiles::new([("EN_1.txt", article), ("EN_subtask.txt", "Bob left."), ("mine.txt", table)]);
    let batch = import("semeval2025-roles", &files, &Tables::default());
    let spans: usize = batch.items.iter().flat_map(|item| item.sheets.values()).map(|sheet| sheet.spans.len()).sum();
    assert_eq!((spans, batch.findings.iter().filter(|finding| finding.rule.ends_with("bad-file")).count()), (1, 0), "{:?}", batch.findings);
}

const MAP: &str = r#"{"nodes": [
    {"nodeID": 11, "text": "Ann Lee: Taxes, they fell", "type": "L", "timestamp": "2026-01-02 00:00:00"}, {"nodeID": 12, "text": "Agreeing", "type": "YA"},
    {"nodeID": 13, "text": "taxes fell", "type": "I"}, {"nodeID": "15", "text": "everybody says so", "type": "I"}, {"nodeID": 16, "text": "Expert Opinion", "type": "RA"},
    {"nodeID": 17, "text": "nobody does 🎉", "type": "I"}, {"nodeID": 18, "text": "Default Conflict", "type": "CA"}, {"nodeID": 19, "text": "Default Transition", "type": "TA"},
    {"nodeID": 20, "text": "Bob: No", "type": "L"}, {"nodeID": 21, "text": "Arguing", "type": "YA"}, {"nodeID": 22, "text": "Bob says so", "type": "I"}],
  "edges": [{"edgeID": 1, "fromID": 11, "toID": 12}, {"edgeID": 2, "fromID": 12, "toID": 13}, {"edgeID": 3, "fromID": "15", "toID": 16}, {"edgeID": 4, "fromID": 16, "toID": 13},
    {"edgeID": 5, "fromID": 17, "toID": 18}, {"edgeID": 6, "fromID": 18, "toID": 16}, {"edgeID": 7, "fromID": 22, "toID": 16}, {"edgeID": 8, "fromID": 11, "toID": 19},
    {"edgeID": 9, "fromID": 19, "toID": 20}, {"edgeID": 10, "fromID": 19, "toID": 21}, {"edgeID": 11, "fromID": 21, "toID": 16}],
  "locutions": [{"nodeID": 11, "personID": 7, "start": "2026-01-02", "end": null}]}"#;

fn map_lines(page: &str) -> Vec<String> {
    // Edges are told apart by where they come from and lead to.
    let mut map: serde_json::Value = serde_json::from_str(page).unwrap();
    let edges = map["edges"].take();
    let mut lines = json_lines(&map.to_string());
    lines.retain(|line| !line.starts_with("/edges"));
    lines.extend(edges.as_array().unwrap().iter().map(ToString::to_string));
    lines
}

#[test]
fn what_a_map_has_beside_comes_back() {
    let batch = check("aif", "map.json", MAP, map_lines);
    let (_, report) = written("aif", &batch, OffsetUnit::CodePoints);
    let dropped = lines_of(&report, Fate::Dropped);
    assert!(!dropped.iter().any(|line| line.contains("leftovers") || line.contains("attributes")), "{dropped:?}");
    // What somebody takes out is gone, and nothing leads there.
    let mut batch = batch;
    let sheet = std::sync::Arc::make_mut(batch.items[0].sheets.values_mut().next().unwrap());
    let id = *sheet.relations.iter().find(|(_, relation)| relation.label.as_str() == "attacks").unwrap().0;
    sheet.relations.remove(&id);
    let (page, _) = written("aif", &batch, OffsetUnit::CodePoints);
    assert!(!page.contains("Conflict") && !page.contains("\"fromID\":17") && page.contains("Default Transition"), "{page}");
}
