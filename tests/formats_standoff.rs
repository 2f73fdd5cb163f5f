//! W3C Web Annotation, GATE, PubAnnotation, BioC and their like: round trips over generated projects, files of others, broken input.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic, clippy::expect_used)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{export, import, project};
use manicule::format::{Batch, ExportReport, Fate, Item, MemoryFiles, Tables, recognise};
use manicule::model::{AttributeKind, Attributes, Claim, CoderKey, Filler, IdSource, Node, Severity, Sheet};
use manicule::progress::{CancelToken, Progress};
use manicule::text::decode::decode;
use manicule::text::offsets::OffsetUnit;
use manicule::text::{Ranges, Text};
use manicule::workspace::import::{ImportOptions, read_import};
use proptest::prelude::*;

/// What a format of this family keeps beside spans and claims with a place.
#[derive(Clone, Copy)]
struct Keeps {
    format: &'static str,
    unplaced: bool,
    relations_of_relations: bool,
}

const fn all(format: &'static str) -> Keeps {
    Keeps { format, unplaced: true, relations_of_relations: true }
}

const W3C: Keeps = all("w3c");
const PUBANNOTATION: Keeps = Keeps { format: "pubannotation", unplaced: false, relations_of_relations: false };
const OTHERS: [Keeps; 7] = [all("gate-xml"), all("tei"), all("bdocjs"), all("bdocjs-java"), PUBANNOTATION, all("bioc-xml"), all("bioc-json")];

fn place(text: &Text, ranges: &Ranges) -> String {
    ranges.iter().map(|range| format!("{}..{} {:?};", range.start(), range.end(), text.slice(range))).collect()
}

/// The attributes that an export keeps as they are.
fn kept(tables: &Tables, attributes: &Attributes) -> String {
    let is_kept = |key, value| tables.attribute(key).is_some_and(|def| def.kind.takes(value));
    attributes.iter().filter(|(key, value)| is_kept(key, value)).map(|(key, value)| format!("{key}={value:?};")).collect()
}

/// Everything that a sheet says, without its ids. What an export drops is left out.
struct Said<'s> {
    keeps: Keeps,
    tables: &'s Tables,
    item: &'s Item,
    sheet: &'s Sheet,
}

impl Said<'_> {
    fn has_place(&self, claim: &Claim) -> bool {
        self.keeps.unplaced || claim.content.is_some()
    }

    fn node(&self, node: Node, steps: usize) -> Option<String> {
        let text = &self.item.text;
        match node {
            Node::Span(id) => self.sheet.spans.get(&id).map(|span| format!("{} {}", span.label, place(text, &span.ranges))),
            Node::Claim(id) => {
                let claim = self.sheet.claims.get(&id).filter(|claim| self.has_place(claim))?;
                Some(format!("{} {:?} {:?}", claim.label, claim.content.as_ref().map(|content| place(text, content)), claim.normalized))
            }
            Node::Relation(id) if self.keeps.relations_of_relations && steps > 0 => {
                let relation = self.sheet.relations.get(&id)?;
                Some(format!("({} {} {})", relation.label, self.node(relation.from, steps - 1)?, self.node(relation.to, steps - 1)?))
            }
            Node::Entity(_) | Node::Relation(_) => None,
        }
    }

    fn fillers(&self, fillers: &[Filler]) -> Vec<String> {
        let filler = |filler: &Filler| match filler {
            Filler::Span(id) => self.node(Node::Span(*id), 9),
            Filler::Claim(id) => self.node(Node::Claim(*id), 9),
            other => Some(format!("{other:?}")),
        };
        let mut fillers: Vec<String> = fillers.iter().filter_map(filler).collect();
        fillers.sort();
        fillers
    }

    fn claim(&self, claim: &Claim) -> String {
        let roles = claim.roles.iter().map(|(role, fillers)| (role, self.fillers(fillers))).filter(|(_, fillers)| !fillers.is_empty());
        let roles: Vec<String> = roles.map(|(role, fillers)| format!("{role}: {fillers:?}")).collect();
        let content = claim.content.as_ref().map(|content| place(&self.item.text, content));
        let occurrences: Vec<String> = claim.occurrences.iter().map(|ranges| place(&self.item.text, ranges)).collect();
        let details = format!("{roles:?} {:?} {} {:?}", claim.normalized, kept(self.tables, &claim.attributes), claim.note);
        format!("claim {} {content:?} {occurrences:?} {details}", claim.label)
    }

    fn lines(&self) -> Vec<String> {
        let (tables, sheet) = (self.tables, self.sheet);
        let mut lines = vec![format!("{:?} {:?} {}", sheet.info.status, sheet.info.note, kept(tables, &sheet.info.attributes))];
        for span in sheet.spans.values() {
            let details = format!("{:?} {} {:?}", span.entity, kept(tables, span.attributes()), span.note());
            lines.push(format!("span {} {} {details}", span.label, place(&self.item.text, &span.ranges)));
        }
        lines.extend(sheet.claims.values().filter(|claim| self.has_place(claim)).map(|claim| self.claim(claim)));
        for relation in sheet.relations.values() {
            let ends = (self.node(relation.from, 9), self.node(relation.to, 9));
            if let (Some(from), Some(to)) = ends {
                lines.push(format!("{} {from} -> {to} {} {:?}", relation.label, kept(tables, &relation.attributes), relation.note));
            }
        }
        lines.sort();
        lines
    }
}

fn documents(keeps: Keeps, tables: &Tables, items: &[Item]) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::new();
    for item in items {
        let d = &item.document;
        let fields = format!(
            "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
            d.title,
            d.source,
            d.author,
            d.url,
            d.date,
            d.language,
            d.file_name,
            item.text.as_str()
        );
        let regions = d.regions.iter().map(|region| format!("{:?} {}", region.kind, place(&item.text, &region.range.into())));
        found.insert(item.id.to_string(), std::iter::once(fields).chain(regions).collect());
        for (coder, sheet) in &item.sheets {
            found.insert(format!("{} {coder}", item.id), Said { keeps, tables, item, sheet }.lines());
        }
    }
    found
}

/// Values of attributes that the codebook does not know are read as what they look like, and generated marks begin and end anywhere.
fn bad(batch: &Batch) -> Vec<String> {
    let is_expected = |rule: &str| rule.ends_with("-bad-attribute") || rule.ends_with("-offsets") || rule == "article-without-text";
    let is_bad = |f: &&manicule::model::Finding| f.severity != Severity::Note && !is_expected(f.rule);
    batch.findings.iter().filter(is_bad).map(ToString::to_string).collect()
}

fn written(report: &ExportReport, what: &str) -> usize {
    report.lines.iter().filter(|line| line.what == what && line.fate != Fate::Dropped).map(|line| line.count).sum()
}

fn sheets(batch: &Batch) -> impl Iterator<Item = &Sheet> {
    batch.items.iter().flat_map(|item| item.sheets.values().map(AsRef::as_ref))
}

/// How many rows of each kind there are, and how many the report says.
fn counts(batch: &Batch, report: &ExportReport) -> [Vec<(&'static str, usize)>; 2] {
    let claims = || sheets(batch).flat_map(|sheet| sheet.claims.values());
    let read = vec![
        ("spans", sheets(batch).map(|sheet| sheet.spans.len()).sum::<usize>()),
        ("claims", claims().count()),
        ("further occurrences of claims", claims().map(|claim| claim.occurrences.len()).sum()),
        ("relations", sheets(batch).map(|sheet| sheet.relations.len()).sum()),
        ("fillers of roles", claims().flat_map(|claim| claim.roles.values()).map(Vec::len).sum()),
        ("links from mentions to entities", sheets(batch).flat_map(|sheet| sheet.spans.values()).filter(|span| span.entity.is_some()).count()),
        ("normalised texts of claims", claims().filter(|claim| !claim.normalized.is_empty()).count()),
    ];
    let said = read.iter().map(|(what, _)| (*what, written(report, what))).collect();
    [read, said]
}

fn check_round_trip(keeps: Keeps, tables: &Tables, items: &[Item], unit: OffsetUnit) {
    let (files, report) = export(keeps.format, tables, items, unit);
    let batch = import(keeps.format.trim_end_matches("-java"), &files, tables);
    assert_eq!(bad(&batch), Vec::<String>::new());
    assert_eq!(documents(keeps, tables, items), documents(keeps, tables, &batch.items));
    let [read, said] = counts(&batch, &report);
    assert_eq!(read, said);
}

/// The project with other characters for those that XML cannot hold.
fn without_controls(tables: &Tables, items: &[Item]) -> Vec<Item> {
    let (files, _) = export("jsonl", tables, items, OffsetUnit::Utf16);
    let content = files.text("out.jsonl").replace("\\u0000", "?").replace("\\u000b", "?").replace("\\f", "?").replace("\\u000c", "?");
    let content = content.lines().map(|line| {
        let mut record: serde_json::Value = serde_json::from_str(line).unwrap();
        record.as_object_mut().unwrap().remove("text_hash");
        record.to_string()
    });
    import("jsonl", &MemoryFiles::new([("out.jsonl", content.collect::<Vec<_>>().join("\n"))]), &Tables::default()).items
}

/// A text of control characters or with a mark in front is another text when it is read as a file.
fn is_plain(items: &[Item]) -> bool {
    items.iter().all(|item| decode(item.text.as_str().as_bytes()).is_ok_and(|decoded| decoded.text == item.text.as_str()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn web_annotations_come_back_as_their_report_says(seed in any::<u64>()) {
        let (tables, items) = project(seed);
        prop_assume!(is_plain(&items));
        check_round_trip(W3C, &tables, &items, OffsetUnit::CodePoints);
    }

    #[test]
    fn gate_pubannotation_and_bioc_come_back_as_their_reports_say(seed in any::<u64>()) {
        let (tables, items) = project(seed);
        for keeps in OTHERS {
            let items = if keeps.format.ends_with("-xml") || keeps.format == "tei" { without_controls(&tables, &items) } else { items.clone() };
            for unit in [OffsetUnit::CodePoints, OffsetUnit::Bytes] {
                check_round_trip(keeps, &tables, &items, unit);
            }
        }
    }

    #[test]
    fn tables_and_pubtator_keep_what_their_reports_keep(seed in any::<u64>()) {
        let (tables, mut items) = project(seed);
        items.iter_mut().for_each(|item| item.sheets.retain(|coder, _| coder.as_str() == "alice"));
        for format in ["pubtator", "semeval2020-ptc", "semeval2025-roles"] {
            prop_assume!(is_plain(&items));
            let (files, report) = export(format, &tables, &items, OffsetUnit::CodePoints);
            let batch = import(format, &files, &tables);
            let expected = |f: &&manicule::model::Finding| f.rule.ends_with("-text-differs") || f.rule.ends_with("-offsets");
            prop_assert_eq!(batch.findings.iter().filter(|f| f.severity != Severity::Note && f.rule != "article-without-text").filter(|f| !expected(f)).count(), 0, "{:?}", &batch.findings);
            let [read, said] = counts(&batch, &report);
            prop_assert_eq!(read[0].1 + read[1].1, said[0].1 + said[1].1);
        }
    }

    #[test]
    fn what_is_read_of_broken_files_can_be_kept(seed in any::<u64>(), changes in proptest::collection::vec((any::<u32>(), any::<u8>()), 1..6)) {
        let (tables, items) = project(seed);
        for keeps in OTHERS.into_iter().chain([W3C]) {
            let reader = keeps.format.trim_end_matches("-java");
            let (mut files, _) = export(keeps.format, &tables, &items, OffsetUnit::CodePoints);
            for (_, content) in files.0.iter_mut().filter(|(name, _)| !name.ends_with(".txt")) {
                for (at, byte) in &changes {
                    let at = *at as usize % content.len();
                    if content[at].is_ascii_alphanumeric() {
                        content[at] = b"0123456789abcXYZ_"[*byte as usize % 17];
                    }
                }
            }
            survives(&import(reader, &files, &tables));
            survives(&import(reader, &files, &Tables::default()));
        }
    }
}

/// Ranges fit their texts, messages are short, and our own format holds all of it.
fn survives(batch: &Batch) {
    for item in &batch.items {
        item.sheets.values().flat_map(|sheet| sheet.places()).for_each(|(_, ranges)| item.text.check(ranges).unwrap());
    }
    batch.findings.iter().for_each(|finding| assert!(finding.message.chars().count() <= 500 && finding.line != Some(0)));
    let items: Vec<Item> = batch.items.iter().cloned().map(|item| Item { original: None, ..item }).collect();
    let (files, report) = export("jsonl", &batch.tables, &items, OffsetUnit::Utf16);
    assert!(report.is_lossless());
    let again = import("jsonl", &files, &Tables::default());
    assert_eq!(again.findings, []);
    assert_eq!(again.items, items);
}

/// Labels and quotes of all marks, sorted.
fn marks(item: &Item) -> Vec<String> {
    let label = |sheet: &Sheet, id| match id {
        manicule::model::MarkId::Span(id) => sheet.spans[&id].label.to_string(),
        manicule::model::MarkId::Claim(id) => sheet.claims[&id].label.to_string(),
    };
    let of = |sheet: &Sheet| sheet.marks().map(|(id, ranges)| format!("{} {}", label(sheet, id), item.text.quote(ranges))).collect::<Vec<_>>();
    let mut marks: Vec<String> = item.sheets.values().flat_map(|sheet| of(sheet)).collect();
    marks.sort();
    marks
}

fn rules(batch: &Batch) -> Vec<&str> {
    batch.findings.iter().map(|finding| finding.rule).filter(|rule| *rule != "new-label").collect()
}

const TEXT: &str = "Zoë 🎉 Smith said taxes fell. Smith denied it to Bob, and Bob left.";

fn web(annotations: &str) -> Batch {
    let files = MemoryFiles::new([("page.txt", TEXT), ("notes.jsonld", annotations)]);
    assert_eq!(recognise("notes.jsonld", annotations.as_bytes()).name, "w3c");
    import("w3c", &files, &Tables::default())
}

fn target(selectors: &str) -> String {
    format!(r#""target": {{"source": "http://example.org/page.html", "selector": [{selectors}]}}"#)
}

#[test]
fn annotations_of_others_are_read_in_their_unit_and_found_again_where_one_place_is_certain() {
    let at = |start: usize, end: usize| format!(r#"{{"type": "TextPositionSelector", "start": {start}, "end": {end}}}"#);
    let quote = |exact: &str, prefix: &str, suffix: &str| {
        format!(r#"{{"type": "TextQuoteSelector", "exact": "{exact}", "prefix": "{prefix}", "suffix": "{suffix}"}}"#)
    };
    let one = |id: &str, body: &str, target: &str| {
        format!(r#"{{"@context": "http://www.w3.org/ns/anno.jsonld", "id": "urn:x:{id}", "type": "Annotation", {body}, {target}}}"#)
    };
    let tag = r#""body": [{"type": "TextualBody", "purpose": "tagging", "value": "PER"}, {"type": "TextualBody", "value": "a person"}]"#;
    let list = [
        // As Hypothesis counts: UTF-16.
        one("1", tag, &target(&format!("{}, {}", at(7, 12), quote("Smith", "", "")))),
        one("2", tag, &target(&format!("{}, {}", at(49, 52), quote("Bob", "", "")))),
        // Moved: of two places one has the words around it.
        one("3", tag, &target(&format!("{}, {}", at(0, 5), quote("Smith", "fell. ", " denied")))),
        // By its quote alone.
        one("4", r#""bodyValue": "hm""#, &target(&quote("taxes", "", ""))),
        one("5", tag, &target(&quote("Smith", "", ""))),
        one("6", tag, &target(r#"{"type": "XPathSelector", "value": "/p[1]"}"#)),
        r#"{"id": "urn:x:7", "type": "Annotation", "motivation": "linking", "body": [{"type": "TextualBody", "purpose": "tagging", "value": "same"}], "target": [{"id": "urn:x:1"}, {"id": "urn:x:3"}]}"#.to_owned(),
        r#"{"id": "urn:x:8", "type": "Annotation", "motivation": "linking", "target": "urn:x:1", "body": {"type": "SpecificResource", "purpose": "linking", "source": "urn:x:99"}}"#.to_owned(),
    ];
    let batch = web(&format!("[{}]", list.join(",")));
    let item = &batch.items[0];
    assert_eq!(marks(item), ["Annotation taxes", "PER Bob", "PER Smith", "PER Smith"]);
    let sheet = item.sheets.values().next().unwrap();
    let relation = sheet.relations.values().next().unwrap();
    let Node::Span(to) = relation.to else { panic!("a span") };
    assert_eq!((relation.label.as_str(), sheet.spans[&to].ranges.start()), ("same", TEXT.rfind("Smith").unwrap()));
    assert_eq!(rules(&batch), ["w3c-offsets", "w3c-moved", "w3c-out-of-range", "w3c-out-of-range", "w3c-missing-target"]);
    assert_eq!(sheet.info.residue["w3c"].lines().count(), 3);
    let notes: Vec<&str> = sheet.spans.values().map(|span| span.note()).collect();
    assert_eq!(notes.iter().filter(|note| **note == "a person").count(), 3);
    // What had no place is written back, and every annotation keeps its id.
    let (files, _) = export("w3c", &batch.tables, &batch.items, OffsetUnit::CodePoints);
    let page = files.text(&format!("{}.jsonld", item.id));
    assert!((1..=8).all(|n| page.contains(&format!("\"id\":\"urn:x:{n}\""))), "{page}");
    assert!(page.contains("XPathSelector") && page.contains("\"source\":\"urn:x:99\""));
}

#[test]
fn pages_collections_and_what_hypothesis_gives_are_read() {
    let annotation = format!(
        r#"{{"id": "urn:x:1", "type": "Annotation", "motivation": "highlighting", {}}}"#,
        target(r#"{"type": "TextQuoteSelector", "exact": "taxes"}"#)
    );
    let context = r#""@context": "http://www.w3.org/ns/anno.jsonld""#;
    for content in [
        format!("{{{context}, \"type\": \"AnnotationPage\", \"items\": [{annotation}]}}"),
        format!("{{{context}, \"type\": \"AnnotationCollection\", \"first\": {{\"type\": \"AnnotationPage\", \"items\": [{annotation}]}}}}"),
        format!("{{{context}, \"@graph\": [{annotation}]}}"),
        annotation.clone(),
    ] {
        let batch = web(&content);
        assert_eq!(marks(&batch.items[0]), ["highlighting taxes"], "{content}");
        let span = batch.items[0].sheets.values().next().unwrap().spans.values().next().unwrap().clone();
        assert_eq!(span.extras().residue["w3c"], "ids\turn:x:1\n{\"motivation\":\"highlighting\"}");
    }
    let selectors =
        r#"{"type": "RangeSelector"}, {"type": "TextPositionSelector", "start": 18, "end": 23}, {"type": "TextQuoteSelector", "exact": "taxes"}"#;
    let row = |user: &str, tag: &str| {
        format!(
            r#"{{"id": "{user}", "user": "acct:{user}@h.is", "uri": "http://example.org/page", "text": "hm", "tags": ["{tag}", "b"], "target": [{{"source": "http://example.org/page", "selector": [{selectors}]}}]}}"#
        )
    };
    let batch = web(&format!("{{\"total\": 2, \"rows\": [{}, {}]}}", row("ann", "TAX"), row("bob", "LEVY")));
    assert_eq!((marks(&batch.items[0]), batch.items[0].sheets.len()), (vec!["LEVY taxes".to_owned(), "TAX taxes".to_owned()], 2));
    let span = batch.items[0].sheets.values().next().unwrap().spans.values().next().unwrap().clone();
    assert!(span.note() == "hm" && span.extras().residue["w3c"].contains("RangeSelector"));
}

#[test]
fn annotations_without_their_text_are_named() {
    let content = format!(r#"[{{"type": "Annotation", {}}}]"#, target(r#"{"type": "TextQuoteSelector", "exact": "taxes"}"#));
    let batch = import("w3c", &MemoryFiles::new([("a.jsonld", content)]), &Tables::default());
    assert_eq!((batch.items.len(), rules(&batch)), (0, vec!["w3c-left-out"]));
    let batch = import("w3c", &MemoryFiles::new([("a.jsonld", "{\n\"type\": oops}")]), &Tables::default());
    assert_eq!((rules(&batch), batch.findings[0].line), (vec!["w3c-bad-file"], Some(2)));
}

fn one(format: &str, name: &str, content: &str) -> Batch {
    assert_eq!(recognise(name, content.as_bytes()).name, format);
    import(format, &MemoryFiles::new([(name, content)]), &Tables::default())
}

/// What is written of what was read, and read again.
fn again(format: &str, batch: &Batch) -> (String, Batch) {
    let reader = format.trim_end_matches("-java");
    let (files, _) = export(format, &batch.tables, &batch.items, OffsetUnit::CodePoints);
    let written = files.0.values().map(|content| String::from_utf8_lossy(content).into_owned()).collect();
    (written, import(reader, &files, &batch.tables))
}

#[test]
fn gate_documents_of_others_are_read_by_their_nodes() {
    let xml = r#"<?xml version='1.0' encoding='UTF-8'?>
<GateDocument version="3"><GateDocumentFeatures>
<Feature><Name className="java.lang.String">author</Name><Value className="java.lang.String">A. Lee</Value></Feature>
<Feature><Name className="java.lang.String">MimeType</Name><Value className="java.lang.String">text/html</Value></Feature>
</GateDocumentFeatures>
<TextWithNodes><Node id="0"/>Zoë 🎉 <Node id="7"/>Smith<Node id="12"/> &amp; Bob<Node id="18"/></TextWithNodes>
<AnnotationSet><Annotation Id="3" Type="Person" StartNode="7" EndNode="12">
<Feature><Name className="java.lang.String">rank</Name><Value className="java.lang.Integer">3</Value></Feature>
<Feature><Name className="java.lang.String">sure</Name><Value className="java.lang.Boolean">true</Value></Feature>
<Feature><Name className="java.lang.String">list</Name><Value className="gate.corpora.ObjectWrapper">&lt;x/></Value></Feature>
</Annotation><Annotation Id="4" Type="Person" StartNode="7" EndNode="99"/></AnnotationSet>
<AnnotationSet Name="Key"><Annotation Id="5" Type="All" StartNode="0" EndNode="18"/></AnnotationSet>
<AnnotationSet Name="Original markups"><Annotation Id="6" Type="p" StartNode="0" EndNode="18"/></AnnotationSet>
</GateDocument>"#;
    let batch = one("gate-xml", "a.xml", xml);
    let item = &batch.items[0];
    assert_eq!((item.text.as_str(), item.document.author.as_str(), item.sheets.len()), ("Zoë 🎉 Smith & Bob", "A. Lee", 2));
    assert_eq!(marks(item), ["All Zoë 🎉 Smith & Bob", "Person Smith"]);
    assert_eq!(rules(&batch), ["gate-xml-left-out", "gate-xml-out-of-range", "gate-xml-bad-attribute"]);
    let span = item.sheets.values().flat_map(|sheet| sheet.spans.values()).find(|span| span.label.as_str() == "Person").unwrap();
    assert_eq!(format!("{:?}", span.attributes().values().collect::<Vec<_>>()), "[Int(3), Bool(true)]");
    let (written, batch) = again("gate-xml", &batch);
    assert!(written.contains("className=\"gate.corpora.ObjectWrapper\">&lt;x/&gt;</Value>") && written.contains("MimeType"), "{written}");
    assert_eq!(marks(&batch.items[0]), ["All Zoë 🎉 Smith & Bob", "Person Smith"]);
}

#[test]
fn bdocjs_says_what_its_offsets_count() {
    let document = |unit: &str, start: usize| {
        format!(
            r#"{{"text": "Zoë 🎉 Smith said", "features": {{}}, "offset_type": "{unit}", "annotation_sets": {{"": {{"name": "", "annotations": [{{"type": "Person", "start": {start}, "end": {}, "id": 0, "features": {{"deep": {{"a": 1}}}}}}], "next_annid": 1}}}}}}"#,
            start + 5
        )
    };
    for (unit, start) in [("p", 6), ("j", 7)] {
        let batch = one("bdocjs", "a.bdocjs", &document(unit, start));
        assert_eq!((marks(&batch.items[0]), rules(&batch)), (vec!["Person Smith".to_owned()], vec!["bdocjs-bad-attribute"]));
        let (written, _) = again("bdocjs-java", &batch);
        assert!(written.contains(r#""deep":{"a":1}"#) && written.contains(r#""start":7"#), "{written}");
    }
    let batch = one("bdocjs", "a.bdocjs", "{\"annotation_sets\": {}, \"features\": {}}");
    assert_eq!((batch.items.len(), rules(&batch)), (0, vec!["bdocjs-bad-file"]));
}

#[test]
fn denotations_of_others_are_read_and_what_has_no_place_comes_back() {
    let json = r#"{"text": "Zoë 🎉 Smith said taxes fell.", "sourcedb": "News", "denotations": [
        {"id": "T1", "span": {"begin": 6, "end": 11}, "obj": "Person", "color": "red"},
        {"id": "T2", "span": [{"begin": 17, "end": 22}, {"begin": 23, "end": 27}], "obj": "Claim"},
        {"id": "T3", "span": {"begin": 3, "end": 99}, "obj": "Person"}],
        "relations": [{"id": "R1", "pred": "says", "subj": "T1", "obj": "T2"}, {"id": "R2", "pred": "says", "subj": "T9", "obj": "T2"}],
        "attributes": [{"id": "A1", "pred": "sure", "subj": "T2", "obj": true}, {"id": "A2", "pred": "topic", "subj": "T1", "obj": "a"}, {"id": "A3", "pred": "topic", "subj": "T1", "obj": "b"}]}"#;
    let batch = one("pubannotation", "a.json", json);
    let item = &batch.items[0];
    assert_eq!(marks(item), ["Claim taxes … fell", "Person Smith"]);
    assert_eq!(rules(&batch), ["pubannotation-out-of-range", "pubannotation-missing-target"]);
    let sheet = item.sheets.values().next().unwrap();
    let mut attributes: Vec<String> = sheet.spans.values().flat_map(|span| span.attributes().values()).map(ToString::to_string).collect();
    attributes.sort();
    assert_eq!((sheet.relations.len(), attributes), (1, vec!["a|b".to_owned(), "yes".to_owned()]));
    let (written, batch) = again("pubannotation", &batch);
    assert!(written.contains(r#""sourcedb":"News""#) && written.contains(r#""color":"red""#), "{written}");
    assert_eq!((marks(&batch.items[0]).len(), rules(&batch).len()), (2, 0));
}

#[test]
fn what_tracks_and_collections_have_beside_comes_back() {
    let json = r#"{"text": "Zoë 🎉 Smith said taxes fell.", "tracks": [
        {"project": "Ann", "denotations": [{"id": "T1", "span": {"begin": 6, "end": 11}, "obj": "Person"}], "namespaces": [{"prefix": "_base"}]},
        {"project": "Bob", "denotations": [{"id": "T2", "span": {"begin": 0, "end": 3}, "obj": "Person"}], "config": "x"},
        {"project": "Eve", "config": "y"}]}"#;
    let batch = one("pubannotation", "a.json", json);
    assert_eq!((batch.items[0].sheets.len(), rules(&batch)), (2, vec!["pubannotation-left-out"]));
    let (first, batch) = again("pubannotation", &batch);
    let value: serde_json::Value = serde_json::from_str(&first).unwrap();
    assert_eq!((&value["tracks"][0]["namespaces"][0]["prefix"], &value["tracks"][1]["config"]), (&"_base".into(), &"x".into()));
    assert_eq!((again("pubannotation", &batch).0, rules(&batch)), (first, vec![]));
    let xml = r#"<collection><source>News</source><date>2026</date><key>k.key</key><infon key="licence">CC0</infon><document><id>7</id>
        <passage><offset>0</offset><text>Zoë</text></passage></document></collection>"#;
    let json = r#"{"bioctype": "BioCCollection", "source": "News", "date": "2026", "key": "k.key", "infons": {"licence": "CC0"},
        "documents": [{"id": "7", "infons": {}, "passages": [{"offset": 0, "infons": {}, "text": "Zoë", "annotations": [], "relations": []}]}]}"#;
    for (format, name, content) in [("bioc-xml", "a.xml", xml), ("bioc-json", "a.json", json)] {
        let batch = one(format, name, content);
        assert_eq!(batch.items[0].document.source, "News", "{format}");
        let (first, batch) = again(format, &batch);
        assert!(["2026", "k.key", "licence", "CC0"].iter().all(|word| first.contains(word)), "{first}");
        assert_eq!(again(format, &batch).0, first);
    }
}

#[test]
fn what_bioc_counts_is_found_out_and_other_words_are_not_fatal() {
    let xml = r#"<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE collection SYSTEM "BioC.dtd">
<collection><source>News</source><date>2026</date><key>k</key><document><id>7</id><infon key="title">T</infon>
<passage><infon key="type">title</infon><offset>0</offset><text>Zoë 🎉 Smith</text>
<annotation id="1"><infon key="type">Person</infon><infon key="annotator">Ann</infon><location offset="10" length="5"/><text>Smith</text></annotation></passage>
<passage><infon key="type">body</infon><offset>16</offset><sentence><offset>16</offset><text>Bob said taxes fell.</text>
<annotation id="2"><infon key="type">Person</infon><infon key="annotator">Ann</infon><location offset="16" length="3"/><text>Bob</text></annotation>
<annotation id="3"><infon key="type">Idea</infon><infon key="annotator">Ann</infon><location offset="25" length="5"/><text>annotation text</text></annotation></sentence>
<relation id="4"><infon key="type">Frame</infon><infon key="annotator">Ann</infon><node refid="1" role="who"/><node refid="2" role="whom"/><node refid="3" role="what"/></relation>
</passage></document></collection>"#;
    let batch = one("bioc-xml", "a.xml", xml);
    let item = &batch.items[0];
    assert_eq!(
        (item.text.as_str(), item.document.source.as_str(), item.document.file_name.as_str()),
        ("Zoë 🎉 Smith\nBob said taxes fell.", "News", "7")
    );
    assert_eq!(marks(item), ["Idea taxes", "Person Bob", "Person Smith"]);
    assert_eq!(rules(&batch), ["bioc-xml-offsets", "bioc-xml-text-differs"]);
    let claim = item.sheets.values().next().unwrap().claims.values().next().unwrap();
    assert_eq!((claim.label.as_str(), claim.roles.keys().map(|role| role.as_str()).collect::<Vec<_>>()), ("Frame", vec!["what", "who", "whom"]));
    let json = r#"{"id": "7", "infons": {}, "passages": [{"offset": 0, "infons": {}, "text": "Zoë 🎉 Smith", "annotations": [{"id": "1", "infons": {"type": "Person"}, "text": "Smith", "locations": [{"offset": 6, "length": 5}]}], "relations": []}]}"#;
    let batch = one("bioc-json", "a.json", json);
    assert_eq!((marks(&batch.items[0]), rules(&batch).len()), (vec!["Person Smith".to_owned()], 0));
}

#[test]
fn pubtator_keeps_its_other_lines() {
    let content = "12|t|Zoë met Ann\n12|a|in Bonn.\n12\t0\t3\tZoë\tPerson\tQ42\tx\n12\t15\t19\tBonn\tPlace\t-\n12\tMet\tQ42\tQ1\n";
    let batch = one("pubtator", "a.pubtator", content);
    assert_eq!(
        (batch.items[0].text.as_str(), marks(&batch.items[0])),
        ("Zoë met Ann\nin Bonn.", vec!["Person Zoë".to_owned(), "Place Bonn".to_owned()])
    );
    assert_eq!(batch.tables.entities.values().next().unwrap().knowledge_base_ids.first().unwrap(), "Q42");
    let (written, _) = again("pubtator", &batch);
    assert_eq!(written, format!("{content}\n"));
}

#[test]
fn tables_of_semeval_tasks_are_read_with_their_articles() {
    let table = "1\tName_Calling,Labeling\t6\t11\n1\tDoubt\t90\t99\n2\tDoubt\t0\t1\n";
    let files = MemoryFiles::new([("article1.txt", "Zoë 🎉 Smith said\ntaxes fell."), ("article3.txt", "Bob."), ("labels.tsv", table)]);
    assert_eq!(recognise("labels.tsv", table.as_bytes()).name, "semeval2020-ptc");
    let batch = import("semeval2020-ptc", &files, &Tables::default());
    assert_eq!((batch.items.len(), marks(&batch.items[0])), (2, vec!["Name_Calling_Labeling Smith".to_owned()]));
    assert_eq!(rules(&batch), ["semeval2020-ptc-odd-name", "semeval2020-ptc-out-of-range", "semeval2020-ptc-left-out"]);
    let (files, _) = export("semeval2020-ptc", &batch.tables, &batch.items, OffsetUnit::CodePoints);
    assert_eq!(files.text("labels.tsv"), "1\tName_Calling,Labeling\t6\t11\n");
    // As some of the Russian files are: counted with CR LF, and stored with LF.
    let table = "EN_1.txt\tSmith\t7\t11\tProtagonist\tGuardian\tForeign Adversary\n";
    let files = MemoryFiles::new([("EN_1.txt", "Zoë\n🎉 Smith said"), ("labels.tsv", table)]);
    assert_eq!(recognise("labels.tsv", table.as_bytes()).name, "semeval2025-roles");
    let batch = import("semeval2025-roles", &files, &Tables::default());
    assert_eq!((marks(&batch.items[0]), rules(&batch)), (vec!["Protagonist Smith".to_owned()], vec!["semeval2025-roles-offsets"]));
    let (files, _) = export("semeval2025-roles", &batch.tables, &batch.items, OffsetUnit::CodePoints);
    assert_eq!(files.text("labels.tsv"), "EN_1.txt\tSmith\t6\t10\tProtagonist\tForeign Adversary\tGuardian\n");
}

#[test]
fn annotations_in_a_folder_come_with_their_texts() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &str| std::fs::write(dir.path().join(name), content).unwrap();
    let annotation = format!(r#"{{"type": "Annotation", {}}}"#, target(r#"{"type": "TextQuoteSelector", "exact": "taxes"}"#));
    write("notes.jsonld", &format!(r#"{{"@context": "http://www.w3.org/ns/anno.jsonld", "type": "AnnotationPage", "items": [{annotation}]}}"#));
    write("notes.txt", TEXT);
    write("other.txt", "An article.");
    write("labels.tsv", "7\tDoubt\t0\t3\n");
    write("article7.txt", "Bob left.");
    let read = |path: &std::path::Path| {
        let control = (&Progress::new(), &CancelToken::new());
        let options = ImportOptions::new(CoderKey::from_name("alice"));
        let batch = read_import(&[path.to_owned()], &Tables::default(), &options, IdSource::seeded(1), control).unwrap().batch;
        let mut found: Vec<String> = batch.items.iter().flat_map(|item| [item.text.as_str().to_owned()].into_iter().chain(marks(item))).collect();
        found.sort();
        found
    };
    assert_eq!(read(dir.path()), ["An article.", "Annotation taxes", "Bob left.", "Doubt Bob", TEXT]);
    assert_eq!(read(&dir.path().join("notes.jsonld")), ["Annotation taxes", TEXT]);
}

/// What comes back to a project is read at once as long as the codebook knows it; from the first other document on, all that is left
/// is looked at first.
#[test]
fn documents_are_read_once_each_whether_the_codebook_knows_them_or_not() {
    let document = |text: &str, (begin, end): (usize, usize), label: &str, attributes: &str| {
        let attributes = if attributes.is_empty() { String::new() } else { format!(r#", "attributes": [{attributes}]"#) };
        format!(r#"{{"text": "{text}", "denotations": [{{"id": "T1", "span": {{"begin": {begin}, "end": {end}}}, "obj": "{label}"}}]{attributes}}}"#)
    };
    let sure = |value: &str| format!(r#"{{"id": "A1", "pred": "sure", "subj": "T1", "obj": {value}}}"#);
    let known = [document("Ann met Bob.", (0, 3), "Person", ""), document("Bob left.", (0, 3), "Person", "")];
    let new = [document("Eve came, sure.", (0, 3), "Person", &sure("3")), document("🎉 Smith said so.", (3, 8), "Org", &sure("4.5"))];
    let last = [document("🎉 Kerry said no.", (3, 8), "Person", ""), document("Ann slept.", (0, 3), "Person", "")];
    let tables = one("pubannotation", "a.json", &format!("[{}]", known.join(",\n"))).tables;
    let expected = ["Person Ann", "Person Bob", "Person Eve", "Org Smith", "Person Kerry", "Person Ann"];
    let all: Vec<&str> = known.iter().chain(&new).chain(&last).map(String::as_str).collect();
    let list = format!("[{}]", all.join(",\n"));
    let lines = all.join("\n");
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(list.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let split = [("a.json", known.join("\n").into_bytes()), ("b.json", [&new[..], &last].concat().join("\n").into_bytes())];
    for files in [
        MemoryFiles::new([("a.json", list.as_bytes())]),
        MemoryFiles::new([("a.jsonl", lines.as_bytes())]),
        MemoryFiles::new([("a.json", utf16)]),
        MemoryFiles::new(split),
    ] {
        let batch = import("pubannotation", &files, &tables);
        let found: Vec<String> = batch.items.iter().flat_map(marks).collect();
        assert_eq!((found.iter().map(String::as_str).collect::<Vec<_>>(), batch.items.len()), (expected.to_vec(), 6));
        let labels: Vec<&str> = batch.tables.schema.labels.keys().map(|key| key.as_str()).collect();
        let kinds: Vec<AttributeKind> = batch.tables.schema.attributes.values().map(|def| def.kind).collect();
        assert_eq!((labels, kinds), (vec!["Org"], vec![AttributeKind::Number]));
        assert_eq!(rules(&batch), ["pubannotation-offsets"]);
    }
    let by = |json: &str| import("pubannotation", &MemoryFiles::new([("a.json", json)]), &tables);
    let of_bob = known[1].replacen('{', "{\"project\": \"Bob\", ", 1);
    for json in [format!("[{}, {of_bob}]", known[0]), format!("[{of_bob}, {}]", known[0])] {
        let coders: BTreeSet<String> = by(&json).items.iter().flat_map(|item| item.sheets.keys().map(ToString::to_string)).collect();
        assert_eq!(coders.len(), 2, "nobody's and Bob's: {json}");
    }
    // The first fits either way; what the others count is what it counts.
    let words = document("🎉北京大学在北京", (2, 6), "Person", "");
    let json = format!("[{words}, {}, {}]", document("🎉 Smith said so.", (3, 8), "Person", ""), last[0]);
    assert_eq!(by(&json).items.iter().flat_map(marks).collect::<Vec<_>>(), ["Person 北京大学", "Person Smith", "Person Kerry"]);
    // Broken at the end, and in between.
    for broken in [
        format!("[{},\n{}, {{\"text\": \"x", known.join(","), new[0]),
        format!("{}\n{{\"text\": \"\\ud800\"}}\n{}\n{}", known[0], known[1], new[0]),
        format!("[{},\n{{\"text\": \"\\ud800\"}},\n{}]", known[0], known[1]),
    ] {
        let batch = import("pubannotation", &MemoryFiles::new([("a.json", broken)]), &tables);
        assert_eq!(batch.items.iter().map(|item| item.text.as_str()).collect::<BTreeSet<_>>().len(), batch.items.len(), "none twice");
        assert!(rules(&batch).contains(&"pubannotation-bad-file"));
    }
}
