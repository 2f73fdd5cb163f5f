//! Argument maps in AIF, and reviews of claims.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod common;

use common::samples::samples;
use common::{export, import, lines_of, project};
use manicule::format::{Batch, Fate, MemoryFiles, Tables, recognise};
use manicule::model::{Filler, Node, Sheet};
use manicule::text::offsets::OffsetUnit;
use proptest::prelude::*;

fn aif(json: &str) -> Batch {
    import("aif", &MemoryFiles::new([("map.json", json)]), &Tables::default())
}

fn rules(batch: &Batch) -> Vec<&str> {
    batch.findings.iter().map(|finding| finding.rule).filter(|rule| *rule != "new-label").collect()
}

fn sheets(batch: &Batch) -> impl Iterator<Item = &Sheet> {
    batch.items.iter().flat_map(|item| item.sheets.values().map(AsRef::as_ref))
}

const MAP: &str = r#"{"nodes": [
    {"nodeID": 1, "text": "Ann Lee: Taxes, they fell", "type": "L"}, {"nodeID": 2, "text": "Asserting", "type": "YA"}, {"nodeID": 3, "text": "taxes fell", "type": "I"},
    {"nodeID": "5", "text": "everybody says so", "type": "I"}, {"nodeID": 6, "text": "Expert Opinion", "type": "RA"}, {"nodeID": 7, "text": "nobody does 🎉", "type": "I"},
    {"nodeID": 8, "text": "Default Conflict", "type": "CA"}, {"nodeID": 9, "text": "Default Transition", "type": "TA"}],
  "edges": [{"edgeID": 1, "fromID": 1, "toID": 2}, {"edgeID": 2, "fromID": 2, "toID": 3}, {"edgeID": 3, "fromID": 5, "toID": 6}, {"edgeID": 4, "fromID": 6, "toID": 3},
    {"edgeID": 5, "fromID": 7, "toID": 8}, {"edgeID": 6, "fromID": 8, "toID": 6}, {"edgeID": 7, "fromID": 99, "toID": 3}],
  "locutions": [{"nodeID": 1, "personID": 7}]}"#;

#[test]
fn what_was_said_becomes_a_text_with_claims_and_relations() {
    let batch = aif(MAP);
    assert_eq!(rules(&batch), ["aif-bad-graph", "aif-left-out"]);
    let item = &batch.items[0];
    assert_eq!((item.document.title.as_str(), item.text.as_str()), ("map", "Ann Lee: Taxes, they fell\neverybody says so\nnobody does 🎉"));
    let sheet = sheets(&batch).next().unwrap();
    let said = sheet.claims.values().find(|claim| claim.normalized == "taxes fell").unwrap();
    assert_eq!(item.text.quote(said.content.as_ref().unwrap()), "Taxes, they fell");
    let speaker = said.roles.values().flatten().next().unwrap();
    assert!(matches!(speaker, Filler::Span(id) if item.text.quote(&sheet.spans[id].ranges) == "Ann Lee"));
    let relations: Vec<(&str, bool)> =
        sheet.relations.values().map(|relation| (relation.label.as_str(), matches!(relation.to, Node::Relation(_)))).collect();
    assert_eq!(relations.iter().filter(|relation| **relation == ("supports", false)).count(), 1);
    assert_eq!(relations.iter().filter(|relation| **relation == ("attacks", true)).count(), 1);
    assert!(sheet.relations.values().any(|relation| relation.attributes.values().any(|value| value.to_string() == "Expert Opinion")));
    assert!(item.document.residue["aif"].contains("Default Transition"));
}

#[test]
fn a_map_comes_back() {
    let batch = aif(MAP);
    let (files, report) = export("aif", &batch.tables, &batch.items, OffsetUnit::CodePoints);
    assert!(!lines_of(&report, Fate::Dropped).iter().any(|line| line.contains("leftovers")));
    let again = import("aif", &files, &batch.tables);
    let count = |batch: &Batch| sheets(batch).map(|sheet| (sheet.claims.len(), sheet.relations.len(), sheet.spans.len())).collect::<Vec<_>>();
    assert_eq!((count(&batch), count(&again)), (vec![(3, 2, 1)], vec![(3, 2, 1)]));
    assert_eq!(again.items[0].text, batch.items[0].text);
    assert_eq!(recognise("x.json", MAP.as_bytes()).name, "aif");
}

#[test]
fn what_is_no_map_is_said() {
    for (json, why) in [("{", "line 1"), ("[]", "no list of nodes"), ("{\"nodes\": 1, \"nodes\": 2}", "twice")] {
        let batch = aif(json);
        assert!(batch.items.is_empty() && batch.findings[0].message.contains(why) | (batch.findings[0].line == Some(1)), "{:?}", batch.findings);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn aif_keeps_what_its_report_keeps(seed in any::<u64>()) {
        let (tables, mut items) = project(seed);
        items.iter_mut().for_each(|item| item.sheets.retain(|coder, _| coder.as_str() == "alice"));
        let (files, report) = export("aif", &tables, &items, OffsetUnit::CodePoints);
        prop_assert_eq!(&export("aif", &tables, &items, OffsetUnit::CodePoints).0, &files);
        let of = |what: &str| report.lines.iter().filter(|line| line.fate != Fate::Dropped && line.what == what).map(|line| line.count).sum::<usize>();
        let batch = import("aif", &files, &tables);
        prop_assert_eq!(sheets(&batch).map(|sheet| sheet.claims.len()).sum::<usize>(), of("claims"));
        let inferences = report.lines.iter().filter(|line| line.why.contains("become inferences")).map(|line| line.count).sum::<usize>();
        prop_assert_eq!(sheets(&batch).map(|sheet| sheet.relations.len()).sum::<usize>(), of("relations") + inferences);
    }
}

#[test]
fn real_maps_give_all_their_propositions() {
    let Some(dir) = samples("aif").map(|dir| dir.join("ArneBinder+dialam-2024-shared-task/data/evaluation_data")) else { return };
    let mut relations = 0;
    for path in std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
        let content = std::fs::read_to_string(&path).unwrap();
        let value: serde_json::Value = serde_json::from_str(&content).unwrap();
        let nodes = value["nodes"].as_array().unwrap();
        let batch = aif(&content);
        assert_eq!(rules(&batch), ["aif-left-out"], "{:?}", batch.findings);
        let sheet = sheets(&batch).next().unwrap();
        assert_eq!(sheet.claims.len(), nodes.iter().filter(|node| node["type"] == "I").count());
        assert_eq!(sheet.spans.len(), sheet.claims.values().filter(|claim| !claim.roles.is_empty()).count());
        relations += sheet.relations.len();
    }
    assert!(relations > 30, "{relations}");
}
