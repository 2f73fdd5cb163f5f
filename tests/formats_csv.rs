//! Tables of spans: what our own export holds comes back, and tables of other programs are read by their columns.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod common;

use std::collections::BTreeMap;

use common::{export, import, import_beside, lines_of, project};
use manicule::format::{Batch, Fate, Item, MemoryFiles, Tables};
use manicule::model::{Attributes, Filler, Schema, Sheet};
use manicule::text::offsets::OffsetUnit;
use proptest::prelude::*;

/// The values that the codebook has a type for.
fn typed(attributes: &Attributes, schema: &Schema) -> String {
    let fits = |key: &_, value: &_| schema.attributes.get(key).is_some_and(|def| def.kind.takes(value));
    let typed: BTreeMap<_, _> = attributes.iter().filter(|(key, value)| fits(key, value)).collect();
    format!("{typed:?}")
}

/// Everything that the table carries, without ids.
fn essence(sheet: &Sheet, schema: &Schema, odd: &[String]) -> Vec<String> {
    let typed = |attributes: &Attributes| {
        let mut attributes = attributes.clone();
        attributes.retain(|key, _| !odd.contains(&key.to_string()));
        typed(&attributes, schema)
    };
    let filler = |filler: &Filler| match filler {
        Filler::Span(id) => format!("{:?}", sheet.spans.get(id).map(|span| (&span.ranges, &span.label))),
        Filler::Claim(id) => format!("{:?}", sheet.claims.get(id).map(|claim| (&claim.content, &claim.label))),
        other => format!("{other:?}"),
    };
    let spans = sheet
        .spans
        .values()
        .map(|span| format!("span {:?} {} {:?} {:?} {}", span.ranges, span.label, span.entity, span.note(), typed(span.attributes())));
    let claims = sheet.claims.values().map(|claim| {
        let roles: Vec<_> = claim.roles.iter().map(|(role, fillers)| (role, fillers.iter().map(filler).collect::<Vec<_>>())).collect();
        let (places, said) = ((&claim.content, &claim.occurrences), (&claim.normalized, &claim.note));
        format!("claim {places:?} {} {said:?} {roles:?} {}", claim.label, typed(&claim.attributes))
    });
    let mut all: Vec<String> = spans.chain(claims).collect();
    all.sort();
    all
}

/// Attributes of values that are not of their type: their words may be read as something else.
fn odd_attributes(items: &[Item], schema: &Schema) -> Vec<String> {
    let mut odd = Vec::new();
    for sheet in items.iter().flat_map(|item| item.sheets.values()) {
        let of_rows = sheet.spans.values().map(|span| span.attributes()).chain(sheet.claims.values().map(|claim| &claim.attributes));
        for (key, value) in of_rows.flatten() {
            if !schema.attributes.get(key).is_some_and(|def| def.kind.takes(value)) {
                odd.push(key.to_string());
            }
        }
    }
    odd
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn csv_there_and_back_keeps_what_it_carries(seed in any::<u64>()) {
        let (tables, items) = project(seed);
        for unit in OffsetUnit::ALL {
            let (files, _) = export("csv", &tables, &items, unit);
            let batch = import_beside("csv", &files, &tables, &items);
            let bad: Vec<_> = batch.findings.iter().filter(|finding| !["new-label", "csv-bad-attribute"].contains(&finding.rule)).collect();
            prop_assert!(bad.is_empty(), "{:?}", bad);
            let odd = odd_attributes(&items, &tables.schema);
            for before in &items {
                let after = batch.items.iter().find(|item| item.id == before.id);
                for (coder, sheet) in &before.sheets {
                    let expected = essence(sheet, &tables.schema, &odd);
                    let found = after.and_then(|item| item.sheets.get(coder)).map(|sheet| essence(sheet, &tables.schema, &odd)).unwrap_or_default();
                    prop_assert_eq!(found, expected);
                }
            }
        }
    }
}

fn findings(batch: &Batch) -> Vec<String> {
    let rules = batch.findings.iter().filter(|finding| finding.rule != "new-label");
    rules.map(|f| format!("{} {}:{} {}", f.rule, f.file, f.line.unwrap_or(0), f.severity.as_str())).collect()
}

fn quotes(batch: &Batch) -> Vec<String> {
    let mut quotes = Vec::new();
    for item in &batch.items {
        for (coder, sheet) in &item.sheets {
            let spans = sheet.spans.values().map(|span| (span.ranges.clone(), format!("{coder} {} “{}”", span.label, item.text.quote(&span.ranges))));
            let mut spans: Vec<_> = spans.collect();
            spans.sort();
            quotes.extend(spans.into_iter().map(|(_, quote)| quote));
        }
    }
    quotes
}

#[test]
fn a_table_of_another_program_is_read_beside_its_texts() {
    let text = "Zoë 🎉 Smith met Bob.\r\nThey talked.";
    // UTF-16, as a program in a browser counts.
    let table = "file;begin;end;tag;surface;annotator;color\n\
                 a.txt;0;3;PER;Zoë;Ann;red\n\
                 a;7;12;PER;Smith;Ann;\n\
                 a;17;20;PER;Bob;Bea;\n\
                 a;;;PER;They;Bea;\n\
                 a;1;2;PER;Smith;Bea;\n\
                 b;1;2;PER;x;Bea;\n\
                 a;;;PER;;Bea;\n";
    let files = MemoryFiles::new([("spans.csv", table), ("texts/a.txt", text)]);
    let batch = import("csv", &files, &Tables::default());
    assert_eq!(quotes(&batch), ["ann PER “Zoë”", "ann PER “Smith”", "bea PER “Smith”", "bea PER “Bob”", "bea PER “They”"]);
    let found = findings(&batch);
    for expected in
        ["csv-no-text spans.csv:7 error", "csv-moved spans.csv:6 warning", "csv-no-place spans.csv:8 warning", "csv-offsets spans.csv:0 note"]
    {
        assert!(found.contains(&expected.to_owned()), "{expected} in {found:?}");
    }
    let zoe = batch.items.iter().flat_map(|item| item.sheets.values()).flat_map(|sheet| sheet.spans.values());
    assert!(zoe.into_iter().any(|span| span.extras().residue.get("csv").is_some_and(|rest| rest == r#"{"color":"red"}"#)));
}

#[test]
fn other_columns_of_a_table_are_written_back() {
    let table = "doc_id,text,start,end,label,color,=x\n1,Bob ran.,0,3,PER,red,\n1,Bob ran.,4,7,ACT,,\"a,b\"\n";
    let batch = import("csv", &MemoryFiles::new([("t.csv", table)]), &Tables::default());
    let kept = |batch: &Batch| {
        let spans = batch.items.iter().flat_map(|item| item.sheets.values()).flat_map(|sheet| sheet.spans.values());
        let mut kept: Vec<String> = spans.filter_map(|span| span.extras().residue.get("csv").cloned()).collect();
        kept.sort();
        kept
    };
    assert_eq!(kept(&batch), [r#"{"=x":"a,b"}"#, r#"{"color":"red"}"#]);
    let (files, report) = export("csv", &batch.tables, &batch.items, OffsetUnit::CodePoints);
    assert!(report.lines.iter().all(|line| line.what != "leftovers of earlier imports"), "{:?}", report.lines);
    let header = files.text("out.csv").lines().next().unwrap();
    assert!(header.ends_with(",normalized,note,=x,color"), "{header}");
    assert_eq!(kept(&import_beside("csv", &files, &batch.tables, &batch.items)), kept(&batch));
}

#[test]
fn rows_that_have_no_place_are_written_back() {
    let table = "doc_id,text,begin,end,tag,color,comment\n\
                 1,\"Bob ran, home.\",0,3,PER,red,\n1,,90,99,\"P,x\",blue,gone\n1,,,,LOC,,\"no\nplace\"\n2,Ann.,9,,PER,,\n";
    let columns = |batch: &Batch| {
        let sheets = batch.items.iter().flat_map(|item| item.sheets.values());
        sheets.filter_map(|sheet| sheet.info.residue.get("csv").cloned()).collect::<Vec<_>>()
    };
    let batch = import("csv", &MemoryFiles::new([("t.csv", table)]), &Tables::default());
    let kept = columns(&batch);
    assert!(kept[0].contains(r#""color":"blue","document":"1","end":"99","label":"P,x","note":"gone","start":"90""#), "{kept:?}");
    for format in ["csv", "xlsx"] {
        let (files, report) = export(format, &batch.tables, &batch.items, OffsetUnit::CodePoints);
        let lines = lines_of(&report, Fate::Kept);
        assert!(lines.iter().any(|line| line.starts_with("3 leftovers of earlier imports")), "{format}: {lines:?}");
        let again = import_beside(format, &files, &batch.tables, &batch.items);
        assert_eq!(again.items.len(), 2, "{format}");
        assert_eq!(quotes(&again), quotes(&batch), "{format}");
        let rows = |kept: &[String]| {
            kept.iter().flat_map(|kept| kept.lines()).map(|row| serde_json::from_str(row).unwrap()).collect::<Vec<serde_json::Value>>()
        };
        let (before, after) = (rows(&kept), rows(&columns(&again)));
        assert_eq!(after.len(), 3, "{format}: {after:?}");
        for (before, after) in before.iter().zip(&after) {
            for name in ["start", "end", "label", "note", "color"] {
                assert_eq!(before[name], after[name], "{format}: {name}");
            }
        }
    }
}

#[test]
fn texts_may_stand_in_the_table() {
    let table = "doc_id,text,start,end,label\n1,Bob ran.,0,3,PER\n1,Bob ran.,4,7,ACT\n2,\"Ann, too.\",0,3,PER\n3,Nobody.,,,\n";
    let batch = import("csv", &MemoryFiles::new([("t.csv", table)]), &Tables::default());
    assert_eq!(quotes(&batch), ["alice PER “Bob”", "alice ACT “ran”", "alice PER “Ann”"]);
    assert_eq!((batch.items.len(), findings(&batch)), (3, Vec::new()));
    // The same column with the words of the spans.
    let table = "doc_id,text,start,end,label\n1,Bob,0,3,PER\n1,ran,4,7,ACT\n";
    let batch = import("csv", &MemoryFiles::new([("t.csv", table), ("1.txt", "Bob ran.")]), &Tables::default());
    assert_eq!(quotes(&batch), ["alice PER “Bob”", "alice ACT “ran”"]);
}

#[test]
fn a_table_of_spans_is_told_from_one_of_articles() {
    let name = |head: &str| manicule::format::recognise("a.csv", head.as_bytes()).name;
    assert_eq!(name("document,title,coder,id,kind,label,start,end,offset_unit,quote\n"), "csv");
    assert_eq!(name("doc_id;start;end;label\n"), "csv");
    assert_eq!(name("title,text,label\n"), "articles-csv");
    assert_eq!(name("id,start,end\n"), "articles-csv");
}
