//! UIMA JSON, XMI and WebAnno TSV: round trips over generated projects, foreign types, broken input.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic, clippy::expect_used)]

mod common;

use std::collections::BTreeMap;

use common::cas::json_cas_lines;
use common::said::unsaid;
use common::{export, import, project};
use manicule::format::{Batch, Fate, Item, MemoryFiles, Tables};
use manicule::model::{Attributes, Filler, LabelKind, Node, Severity, Sheet};
use manicule::text::offsets::{OffsetMap, OffsetUnit};
use manicule::text::{Ranges, Text};
use proptest::prelude::*;
use serde_json::Value;

/// A place as its quotes and offsets in UTF-16, which do not change when a character is replaced by one as long.
fn place(text: &Text, ranges: &Ranges) -> String {
    let map = OffsetMap::new(text.as_str(), OffsetUnit::Utf16);
    ranges.iter().map(|range| format!("{:?} {:?};", map.to_unit_range(range), text.slice(range))).collect()
}

/// The attributes that an export keeps as they are.
fn kept(tables: &Tables, attributes: &Attributes) -> String {
    let is_kept = |key, value| tables.attribute(key).is_some_and(|def| def.kind.takes(value));
    attributes.iter().filter(|(key, value)| is_kept(key, value)).map(|(key, value)| format!("{key}={value:?};")).collect()
}

fn end(item: &Item, sheet: &Sheet, node: Node) -> Option<String> {
    match node {
        Node::Span(id) => sheet.spans.get(&id).map(|span| format!("{} {}", span.label, place(&item.text, &span.ranges))),
        Node::Claim(id) => sheet.claims.get(&id).and_then(|claim| Some(format!("{} {}", claim.label, place(&item.text, claim.content.as_ref()?)))),
        _ => None,
    }
}

fn filler(item: &Item, sheet: &Sheet, filler: &Filler) -> String {
    match filler {
        Filler::Span(id) => end(item, sheet, Node::Span(*id)).unwrap(),
        Filler::Claim(id) => end(item, sheet, Node::Claim(*id)).unwrap_or_else(|| format!("claim {:?}", sheet.claims.get(id).unwrap().normalized)),
        other => format!("{other:?}"),
    }
}

/// Everything that a sheet says, without its ids, as sorted lines. What an export drops is left out.
fn said(tables: &Tables, item: &Item, sheet: &Sheet) -> Vec<String> {
    let mut lines = vec![format!("{:?} {:?} {}", sheet.info.status, sheet.info.note, kept(tables, &sheet.info.attributes))];
    for span in sheet.spans.values() {
        let details = format!("{:?} {} {:?}", span.entity, kept(tables, span.attributes()), span.note());
        lines.push(format!("span {} {} {details}", span.label, place(&item.text, &span.ranges)));
    }
    for claim in sheet.claims.values() {
        let roles = claim.roles.iter().map(|(role, fillers)| {
            let fillers: Vec<String> = fillers.iter().map(|f| filler(item, sheet, f)).collect();
            format!("{role}: {fillers:?}")
        });
        let roles: Vec<String> = roles.collect();
        let content = claim.content.as_ref().map(|content| place(&item.text, content));
        let occurrences: Vec<String> = claim.occurrences.iter().map(|ranges| place(&item.text, ranges)).collect();
        let details = format!("{roles:?} {:?} {} {:?}", claim.normalized, kept(tables, &claim.attributes), claim.note);
        lines.push(format!("claim {} {content:?} {occurrences:?} {details}", claim.label));
    }
    for relation in sheet.relations.values() {
        if let (Some(from), Some(to)) = (end(item, sheet, relation.from), end(item, sheet, relation.to)) {
            lines.push(format!("{} {from} -> {to} {} {:?}", relation.label, kept(tables, &relation.attributes), relation.note));
        }
    }
    lines.sort();
    lines
}

fn documents(tables: &Tables, items: &[Item]) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::new();
    for item in items {
        let d = &item.document;
        let fields = format!("{:?} {:?} {:?} {:?} {:?} {:?} {:?}", d.title, d.source, d.author, d.date, d.language, d.file_name, item.text.as_str());
        let regions = d.regions.iter().map(|region| format!("{:?} {}", region.kind, place(&item.text, &region.range.into())));
        found.insert(item.id.to_string(), std::iter::once(fields).chain(regions).collect());
        for (coder, sheet) in &item.sheets {
            found.insert(format!("{} {coder}", item.id), said(tables, item, sheet));
        }
    }
    found
}

/// The project with other characters for those that XML cannot hold: by way of our own format, which counts in UTF-16 too.
fn without_controls(tables: &Tables, items: &[Item]) -> Vec<Item> {
    fn replace(value: &mut Value) {
        match value {
            Value::String(text) => *text = text.replace(['\0', '\u{b}', '\u{c}'], "\u{fffd}"),
            Value::Array(values) => values.iter_mut().for_each(replace),
            Value::Object(values) => values.values_mut().for_each(replace),
            _ => {}
        }
    }
    let (files, _) = export("jsonl", tables, items, OffsetUnit::Utf16);
    let lines = files.text("out.jsonl").lines().map(|line| {
        let mut record: Value = serde_json::from_str(line).unwrap();
        replace(&mut record);
        record.to_string()
    });
    import("jsonl", &MemoryFiles::new([("out.jsonl", lines.collect::<Vec<_>>().join("\n"))]), &Tables::default()).items
}

/// Labels and quotes of all spans, by place.
fn spans(item: &Item, sheet: &Sheet) -> Vec<String> {
    let mut spans: Vec<_> = sheet.spans.values().map(|span| (&span.ranges, format!("{} {}", span.label, item.text.quote(&span.ranges)))).collect();
    spans.sort();
    spans.into_iter().map(|(_, span)| span).collect()
}

fn bad(batch: &Batch) -> Vec<String> {
    // Values of attributes that the codebook does not know are read as what they look like.
    let is_bad = |f: &&manicule::model::Finding| f.severity != Severity::Note && !f.rule.ends_with("-bad-attribute");
    batch.findings.iter().filter(is_bad).map(ToString::to_string).collect()
}

/// How many of a report's lines of one kind have these fates.
fn count(report: &manicule::format::ExportReport, what: &str, fates: &[Fate]) -> usize {
    report.lines.iter().filter(|l| l.what == what && fates.contains(&l.fate)).map(|l| l.count).sum()
}

/// Letters and signs only: blanks between sentences are not in every file.
fn solid(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !c.is_control() && *c != '…').collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn json_and_xmi_come_back_as_their_reports_say(seed in any::<u64>()) {
        let (tables, items) = project(seed);
        for format in ["uima-json", "uima-xmi"] {
            let (files, report) = export(format, &tables, &items, OffsetUnit::Utf16);
            let batch = import(format, &files, &tables);
            prop_assert_eq!(bad(&batch), Vec::<String>::new());
            let before = if format == "uima-json" { items.clone() } else { without_controls(&tables, &items) };
            prop_assert_eq!(documents(&tables, &before), documents(&tables, &batch.items));
            let sheets = || batch.items.iter().flat_map(|item| item.sheets.values());
            let written = [Fate::Kept, Fate::Changed];
            prop_assert_eq!(sheets().map(|s| s.spans.len()).sum::<usize>(), count(&report, "spans", &written));
            prop_assert_eq!(sheets().map(|s| s.claims.len()).sum::<usize>(), count(&report, "claims", &written));
            prop_assert_eq!(sheets().map(|s| s.relations.len()).sum::<usize>(), count(&report, "relations", &written));
        }
    }

    #[test]
    fn tsv_keeps_what_its_report_keeps(seed in any::<u64>()) {
        let (tables, mut items) = project(seed);
        items.iter_mut().for_each(|item| item.sheets.retain(|coder, _| coder.as_str() == "alice"));
        let (files, report) = export("webanno-tsv", &tables, &items, OffsetUnit::Utf16);
        let batch = import("webanno-tsv", &files, &tables);
        prop_assert_eq!(bad(&batch), Vec::<String>::new());
        let sheets = || batch.items.iter().flat_map(|item| item.sheets.values());
        let written = [Fate::Kept, Fate::Changed];
        prop_assert_eq!(sheets().map(|s| s.spans.len()).sum::<usize>(), count(&report, "spans", &written));
        prop_assert_eq!(sheets().map(|s| s.claims.len()).sum::<usize>(), count(&report, "claims", &written));
        prop_assert_eq!(sheets().map(|s| s.relations.len()).sum::<usize>(), count(&report, "relations", &written));
        let fillers = sheets().flat_map(|s| s.claims.values()).flat_map(|c| c.roles.values()).map(Vec::len).sum::<usize>();
        prop_assert_eq!(fillers, count(&report, "fillers of roles", &written));
        let quotes = |items: &[Item]| {
            let marks = items.iter().flat_map(|item| item.sheets.values().flat_map(|sheet| sheet.marks()).map(|(_, ranges)| solid(item.text.slice(ranges.hull()))).collect::<Vec<_>>());
            let mut quotes: Vec<String> = marks.filter(|quote| !quote.is_empty()).collect();
            quotes.sort();
            quotes
        };
        prop_assert_eq!(quotes(&items), quotes(&batch.items));
    }

    #[test]
    fn broken_rows_panic_no_reader(lines in proptest::collection::vec("(#T_(SP|RL|CH)=[a-z.|_:]{0,20}|#Text=.{0,10}|[0-9]{1,2}-[0-9][.0-9]{0,2}\t[0-9]{1,2}-[0-9]{1,9}\t.{0,4}(\t[_*a1|;\\[\\]\\->\\\\]{0,8}){0,4}|)", 0..20)) {
        let content = format!("#FORMAT=WebAnno TSV 3.3\n{}", lines.join("\n"));
        survives(&import("webanno-tsv", &MemoryFiles::new([("a.tsv", content)]), &Tables::default()));
    }

    #[test]
    fn what_is_read_of_broken_files_can_be_kept(seed in any::<u64>(), changes in proptest::collection::vec((any::<u32>(), any::<u8>()), 1..6)) {
        let (tables, items) = project(seed);
        for format in ["uima-json", "uima-xmi", "webanno-tsv"] {
            let (mut files, _) = export(format, &tables, &items, OffsetUnit::Utf16);
            for content in files.0.values_mut() {
                for (at, byte) in &changes {
                    // Digits and signs hit more than bytes that spoil a whole file.
                    let at = *at as usize % content.len();
                    if content[at].is_ascii_alphanumeric() {
                        content[at] = b"0123456789abcXYZ_"[*byte as usize % 17];
                    }
                }
            }
            survives(&import(format, &files, &tables));
            survives(&import(format, &files, &Tables::default()));
        }
    }
}

/// Ranges fit their texts, messages are short, and our own format holds all of it.
fn survives(batch: &Batch) {
    for item in &batch.items {
        item.sheets.values().flat_map(|sheet| sheet.places()).for_each(|(_, ranges)| item.text.check(ranges).unwrap());
    }
    batch.findings.iter().for_each(|finding| assert!(finding.message.chars().count() <= 500 && finding.line != Some(0)));
    let (files, report) = export("jsonl", &batch.tables, &batch.items, OffsetUnit::Utf16);
    assert!(report.is_lossless());
    let again = import("jsonl", &files, &Tables::default());
    assert_eq!(again.findings, []);
    assert_eq!(again.items, batch.items);
}

const TYPES: &str = r#"
"de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity":{"%SUPER_TYPE":"uima.tcas.Annotation","value":{"%RANGE":"uima.cas.String"},"identifier":{"%RANGE":"uima.cas.String"}},
"webanno.custom.Sure":{"%SUPER_TYPE":"uima.tcas.Annotation","sure":{"%RANGE":"uima.cas.Boolean"},"level":{"%RANGE":"uima.cas.Integer"}},
"webanno.custom.Claim":{"%SUPER_TYPE":"uima.tcas.Annotation","label":{"%RANGE":"uima.cas.String"},"parts":{"%RANGE":"webanno.custom.PartLink[]"}},
"webanno.custom.PartLink":{"%SUPER_TYPE":"uima.cas.TOP","role":{"%RANGE":"uima.cas.String"},"target":{"%RANGE":"uima.tcas.Annotation"}},
"webanno.custom.Works":{"%SUPER_TYPE":"uima.tcas.Annotation","Governor":{"%RANGE":"uima.tcas.Annotation"},"Dependent":{"%RANGE":"uima.tcas.Annotation"}},
"de.tudarmstadt.ukp.dkpro.core.api.coref.type.CoreferenceLink":{"%SUPER_TYPE":"uima.tcas.Annotation","next":{"%RANGE":"uima.tcas.Annotation"},"referenceType":{"%RANGE":"uima.cas.String"}}
"#;

/// Structures of a text with an emoji before everything, numbers first.
const STRUCTURES: [(u64, &str); 14] = [
    (2, r#""%TYPE":"uima.cas.Sofa","sofaNum":1,"sofaID":"_InitialView","mimeType":"text","sofaString":"🎉 Ann Lee of Acme said it. She left.""#),
    (3, r#""%TYPE":"de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token","@sofa":2,"begin":3,"end":6"#),
    (
        4,
        r#""%TYPE":"de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity","@sofa":2,"begin":3,"end":10,"value":"PER","identifier":"http://www.wikidata.org/entity/Q42""#,
    ),
    (5, r#""%TYPE":"de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity","@sofa":2,"begin":14,"end":18,"value":"ORG""#),
    (6, r#""%TYPE":"webanno.custom.Sure","@sofa":2,"begin":19,"end":23,"sure":true,"level":3"#),
    (7, r#""%TYPE":"webanno.custom.PartLink","role":"speaker","@target":4"#),
    (8, r#""%TYPE":"webanno.custom.PartLink[]","%ELEMENTS":[7]"#),
    (9, r#""%TYPE":"webanno.custom.Claim","@sofa":2,"begin":19,"end":26,"label":"Says","@parts":8"#),
    (10, r#""%TYPE":"webanno.custom.Works","@sofa":2,"begin":14,"end":18,"@Governor":4,"@Dependent":5"#),
    (11, r#""%TYPE":"de.tudarmstadt.ukp.dkpro.core.api.coref.type.CoreferenceLink","@sofa":2,"begin":3,"end":10,"@next":12"#),
    (12, r#""%TYPE":"de.tudarmstadt.ukp.dkpro.core.api.coref.type.CoreferenceLink","@sofa":2,"begin":28,"end":31,"referenceType":"pronoun""#),
    (13, r#""%TYPE":"webanno.custom.Sure","@sofa":2,"begin":5,"end":5"#),
    (14, r#""%TYPE":"webanno.custom.Sure","@sofa":2,"begin":5,"end":99"#),
    (15, r#""%TYPE":"uima.tcas.DocumentAnnotation","@sofa":2,"begin":0,"end":37,"language":"en""#),
];

fn check_foreign(structures: &str) {
    let file = format!(
        r#"{{"%TYPES":{{{TYPES}}},"%FEATURE_STRUCTURES":{structures},"%VIEWS":{{"_InitialView":{{"%SOFA":2,"%MEMBERS":[3,4,5,6,9,10,11,12,13,14,15]}}}}}}"#
    );
    let batch = import("uima-json", &MemoryFiles::new([("a.json", file.as_str())]), &Tables::default());
    let item = &batch.items[0];
    let sheet = item.sheets.values().next().unwrap();
    let mut found = spans(item, sheet);
    found[..2].sort();
    assert_eq!(found, ["CoreferenceLink Ann Lee", "PER Ann Lee", "ORG Acme", "Sure said", "pronoun She"]);
    let claim = sheet.claims.values().next().unwrap();
    assert_eq!((claim.label.as_str(), claim.roles.keys().next().unwrap().as_str()), ("Says", "speaker"));
    assert_eq!(batch.tables.schema.labels[&claim.label].kind, LabelKind::Claim);
    let mut relations: Vec<&str> = sheet.relations.values().map(|relation| relation.label.as_str()).collect();
    relations.sort_unstable();
    assert_eq!(relations, ["CoreferenceLink", "Works"]);
    let sure = sheet.spans.values().find(|span| span.label.as_str() == "Sure").unwrap();
    assert_eq!(format!("{:?}", sure.attributes().values().collect::<Vec<_>>()), "[Int(3), Bool(true)]");
    let entity = batch.tables.entities.values().next().unwrap();
    assert_eq!((entity.name.as_str(), entity.knowledge_base_ids.first().unwrap().as_str()), ("Ann Lee", "Q42"));
    let rules: Vec<String> = batch.findings.iter().map(|f| f.rule.to_owned()).filter(|rule| rule != "new-label").collect();
    assert_eq!(rules, ["uima-json-out-of-range", "uima-json-out-of-range", "uima-json-left-out"]);
    assert_eq!((item.document.language.as_str(), item.document.title.as_str()), ("en", item.text.as_str()));
    // Everything goes along.
    let (files, report) = export("uima-json", &batch.tables, &batch.items, OffsetUnit::Utf16);
    let written = std::str::from_utf8(files.0.values().next().unwrap()).unwrap();
    assert_eq!(unsaid(json_cas_lines(&file), json_cas_lines(written)), Vec::<String>::new());
    assert_eq!(count(&report, "leftovers of earlier imports", &[Fate::Kept]), 1);
    let (_, report) = export("uima-xmi", &batch.tables, &batch.items, OffsetUnit::Utf16);
    assert_eq!(count(&report, "leftovers of earlier imports", &[Fate::Dropped]), 1);
}

#[test]
fn types_of_others_are_read_from_lists_and_from_objects() {
    let list: Vec<String> = STRUCTURES.iter().map(|(id, row)| format!("{{\"%ID\":{id},{row}}}")).collect();
    check_foreign(&format!("[{}]", list.join(",")));
    let object: Vec<String> = STRUCTURES.iter().map(|(id, row)| format!("\"{id}\":{{{row}}}")).collect();
    check_foreign(&format!("{{{}}}", object.join(",")));
}

#[test]
fn a_feature_with_many_values_is_an_attribute_and_no_label() {
    let rows: Vec<String> =
        (0..60).map(|n| format!(r#"{{"%ID":{},"%TYPE":"x.Comment","@sofa":1,"begin":{n},"end":{},"value":"text {n}"}}"#, n + 2, n + 1)).collect();
    let text = "a".repeat(60);
    let file = format!(
        r#"{{"%TYPES":{{}},"%FEATURE_STRUCTURES":[{{"%ID":1,"%TYPE":"uima.cas.Sofa","sofaID":"_InitialView","sofaString":"{text}"}},{}]}}"#,
        rows.join(",")
    );
    let batch = import("uima-json", &MemoryFiles::new([("a.json", file)]), &Tables::default());
    assert_eq!(batch.tables.schema.labels.keys().map(|key| key.as_str()).collect::<Vec<_>>(), ["Comment"]);
    let sheet = batch.items[0].sheets.values().next().unwrap();
    assert!(sheet.spans.values().all(|span| span.attributes().len() == 1));
}

#[test]
fn files_of_several_coders_become_sheets_of_one_document() {
    let (tables, items) = (1..).map(project).find(|(_, items)| items.iter().any(|item| item.sheets.len() == 3)).unwrap();
    for format in ["uima-json", "uima-xmi"] {
        let (files, _) = export(format, &tables, &items, OffsetUnit::Utf16);
        assert!(files.0.keys().any(|name| name.starts_with("bob/")));
        let batch = import(format, &files, &tables);
        assert_eq!(batch.items.len(), items.len());
        let sheets = |items: &[Item]| items.iter().map(|item| item.sheets.len()).sum::<usize>();
        assert_eq!(sheets(&batch.items), sheets(&items));
    }
}

#[test]
fn what_makes_no_sense_is_named_with_its_line() {
    let check = |format: &str, name: &str, content: &str, line: usize| {
        let batch = import(format, &MemoryFiles::new([(name, content)]), &Tables::default());
        let found: Vec<_> = batch.findings.iter().map(|f| (f.rule.to_owned(), f.file.clone(), f.line.unwrap_or(0))).collect();
        assert_eq!(found, [(format!("{format}-bad-file"), name.to_owned(), line)], "{:?}", batch.findings);
    };
    check("uima-json", "a.json", "{\n\"%TYPES\": oops}", 2);
    check("uima-xmi", "a.xmi", "<xmi:XMI xmlns:xmi=\"http://www.omg.org/XMI\">\n\n<a b=\"&x;\"/></xmi:XMI>", 3);
    check("uima-xmi", "a.xmi", "<html></html>", 0);
    check("webanno-tsv", "a.tsv", "1-1\t0-1\ta", 1);
}

#[test]
fn rows_of_a_tsv_are_read() {
    let tsv = "#FORMAT=WebAnno TSV 3.3\r\n#T_SP=c.Mark|label|note\r\n#T_SP=c.Host|ROLE_c.Host:links_c.Link|c.Mark\r\n#T_RL=c.Rel|value|BT_c.Mark\r\n\r\n\r\n\
               #Text=🎉 Ann Lee\\tsaid\r\n1-1\t0-2\t🎉\t_\t_\t_\t_\t_\t_\t\r\n1-2\t3-6\tAnn\tPER[1]|X\\|Y[2]\t*[1]|a\\nb[2]\t_\t_\t_\t_\t\r\n\
               1-3\t7-10\tLee\tPER[1]\t*[1]\t_\t_\tkin\t1-2[2_1]\t\r\n1-3.1\t8-10\tee\t*\tq\t_\t_\t_\t_\t\r\n1-4\t11-15\tsaid\t_\t_\twho;*\t1-2[1];1-3.1\t_\t_\t\r\n\r\n\
               #Text=So\r\n#Text=what\r\n2-1\t17-19\tSo\t_\t_\t_\t_\t_\t_\t\r\n2-2\t20-24\twhat\tPER\t*\t_\t_\t_\t_\t\r\n";
    let batch = import("webanno-tsv", &MemoryFiles::new([("a.tsv", tsv)]), &Tables::default());
    let item = &batch.items[0];
    assert_eq!(item.text.as_str(), "🎉 Ann Lee\tsaid\n\nSo\nwhat");
    let sheet = item.sheets.values().next().unwrap();
    assert_eq!(spans(item, sheet), ["X|Y Ann", "PER Ann Lee", "Mark ee", "PER what"]);
    let claim = sheet.claims.values().next().unwrap();
    let roles: Vec<&str> = claim.roles.keys().map(|role| role.as_str()).collect();
    assert_eq!((claim.label.as_str(), roles.as_slice()), ("Host", &["links", "who"][..]));
    let relation = sheet.relations.values().next().unwrap();
    assert_eq!(relation.label.as_str(), "kin");
    assert_eq!(end(item, sheet, relation.from).unwrap(), "X|Y (3, 6) \"Ann\";");
}
