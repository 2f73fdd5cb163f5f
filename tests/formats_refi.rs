//! REFI-QDA projects and codebooks: round trips over generated projects, and what is read of files that are not ours.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic, clippy::expect_used)]

mod common;

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::path::Path;
use std::sync::Arc;

use common::samples::samples;
use common::{difference, export, import, project};
use manicule::edit::ops::{Others, plan_adoption};
use manicule::format::{Batch, ExportReport, Fate, Item, MemoryFiles, Tables};
use manicule::model::{
    AttributeKey, AttributeValue, Claim, ClaimId, CodebookUses, CoderKey, Document, DocumentId, Filler, IdSource, LabelKey, RoleKey, Schema, Sheet,
    Span, SpanExtras, SpanId,
};
use manicule::progress::{CancelToken, Progress};
use manicule::store::Places;
use manicule::store::templates::template;
use manicule::text::Text;
use manicule::text::decode::decode;
use manicule::text::offsets::OffsetUnit;
use manicule::workspace::codebook::{read_codebook, write_codebook};
use manicule::workspace::import::{ImportOptions, read_import};
use proptest::prelude::*;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn count(report: &ExportReport, what: &str) -> usize {
    report.lines.iter().filter(|line| line.fate != Fate::Dropped && line.what == what).map(|line| line.count).sum()
}

fn findings(batch: &Batch) -> Vec<String> {
    let expected = ["new-label", "refi-qda-bad-attribute", "refi-qda-offsets", "refi-qda-odd-name"];
    batch.findings.iter().filter(|finding| !expected.contains(&finding.rule)).map(ToString::to_string).collect()
}

/// A text as it is written.
fn written(item: &Item) -> String {
    let text = item.text.as_str().replace("\r\n", "\n");
    text.strip_prefix('\u{feff}').map(|rest| format!("\u{2060}{rest}")).unwrap_or(text)
}

/// Labels and words of each coder, with LF for line ends.
fn marks(item: &Item) -> BTreeMap<CoderKey, Vec<String>> {
    let words = |ranges: &manicule::text::Ranges| item.text.quote(ranges).replace('\r', "").replace(" … ", "").replace('\u{2060}', "\u{feff}");
    let of = |sheet: &Sheet| {
        let spans = sheet.spans.values().map(|span| format!("{} {}", span.label, words(&span.ranges)));
        let places = sheet.claims.values().flat_map(|claim| claim.places().map(|place| format!("{} {}", claim.label, words(place))));
        let mut marks: Vec<String> = spans.chain(places).collect();
        marks.sort();
        marks
    };
    let all = item.sheets.iter().map(|(coder, sheet)| (coder.clone(), of(sheet)));
    all.filter(|(_, marks)| !marks.is_empty()).collect()
}

fn sheets(items: &[Item]) -> impl Iterator<Item = &Sheet> {
    items.iter().flat_map(|item| item.sheets.values().map(AsRef::as_ref))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn refi_keeps_what_its_report_keeps(seed in any::<u64>()) {
        let (tables, items) = project(seed);
        // Some texts of control characters are no text when they are read from a file.
        prop_assume!(items.iter().all(|item| decode(written(item).as_bytes()).is_ok_and(|decoded| decoded.text == written(item))));
        let (files, report) = export("refi-qda", &tables, &items, OffsetUnit::CodePoints);
        prop_assert_eq!(&export("refi-qda", &tables, &items, OffsetUnit::CodePoints).0, &files);
        let has_all_pieces = !report.lines.iter().any(|line| line.what == "pieces of places");
        let batch = import("refi-qda", &files, &tables);
        prop_assert_eq!(findings(&batch), Vec::<String>::new());
        prop_assert_eq!(batch.items.len(), items.len());
        for (before, after) in items.iter().zip(&batch.items) {
            prop_assert_eq!(written(before), after.text.as_str());
            prop_assert_eq!((&before.id, &before.document.date), (&after.id, &after.document.date));
            let mut was = marks(before);
            // Claims without content are dropped; a coder who has nothing else has no sheet.
            was.retain(|_, marks| !marks.is_empty());
            if has_all_pieces {
                prop_assert_eq!(was, marks(after));
            }
        }
        let read = || sheets(&batch.items);
        let attributes = |sheet: &Sheet| sheet.spans.values().map(|span| span.attributes().len()).sum::<usize>() + sheet.claims.values().map(|claim| claim.attributes.len()).sum::<usize>();
        let lost = batch.findings.iter().filter(|finding| finding.rule == "refi-qda-bad-attribute").count();
        let all = count(&report, "attributes of spans") + count(&report, "attributes of claims") + count(&report, "attributes of documents");
        prop_assert_eq!(read().map(|sheet| attributes(sheet) + sheet.info.attributes.len()).sum::<usize>() + lost, all);
        let fillers = read().flat_map(|s| s.claims.values()).flat_map(|c| c.roles.values()).map(Vec::len).sum::<usize>();
        prop_assert_eq!(fillers, count(&report, "fillers of roles"));
        prop_assert!(read().flat_map(|s| s.claims.values()).flat_map(|c| c.roles.values().flatten()).all(|f| !matches!(f, Filler::Entity(_))));
        prop_assert_eq!(read().map(|sheet| sheet.relations.len()).sum::<usize>(), count(&report, "relations"));
        prop_assert_eq!(read().flat_map(|s| s.spans.values()).filter(|s| s.entity.is_some()).count(), count(&report, "links from mentions to entities"));
        prop_assert_eq!(read().filter(|sheet| !sheet.info.note.is_empty()).count(), count(&report, "notes on documents"));
    }

    #[test]
    fn random_archives_panic_no_reader(bytes in proptest::collection::vec(any::<u8>(), 0..300), cut in 0usize..2000, seed in 0u64..20) {
        let (tables, items) = project(seed);
        let (files, _) = export("refi-qda", &tables, &items, OffsetUnit::CodePoints);
        let mut broken = files.0["out.qdpx"].clone();
        let cut = cut.min(broken.len());
        broken.splice(cut..(cut + bytes.len()).min(broken.len()), bytes.iter().copied());
        for content in [broken, bytes] {
            let batch = import("refi-qda", &MemoryFiles::new([("a.qdpx", content)]), &Tables::default());
            batch.items.iter().for_each(|item| sheets(std::slice::from_ref(item)).flat_map(Sheet::places).for_each(|(_, ranges)| item.text.check(ranges).unwrap()));
        }
    }
}

/// The first half of a line end is nowhere in the written text, and with a claim or a span goes everything that it has.
#[test]
fn what_is_half_a_line_end_is_dropped_with_all_that_it_has() {
    let (tables, _) = project(1);
    let text = Text::new("Ann left.\r\nBob stayed.");
    let half = text.range(9, 10).unwrap();
    let extras = SpanExtras {
        attributes: [(AttributeKey::new("checked").unwrap(), AttributeValue::Bool(true))].into(),
        note: "n".into(),
        ..SpanExtras::default()
    };
    let mut claim = Claim::new(LabelKey::new("CLAIM").unwrap(), Some(half.into()));
    (claim.note, claim.normalized, claim.attributes) = ("n".into(), "x".into(), extras.attributes.clone());
    claim.occurrences = vec![text.range(0, 3).unwrap().into()];
    claim.roles.insert(RoleKey::new("claimer").unwrap(), vec![Filler::Value("she".into())]);
    let spans = [half, text.range(0, 3).unwrap()].map(|range| Span::new(range, LabelKey::new("PER").unwrap()).with_extras(extras.clone()));
    let mut ids = IdSource::seeded(1);
    let sheet = Sheet {
        spans: spans.into_iter().map(|span| (SpanId(ids.next_id()), span)).collect(),
        claims: [(ClaimId(ids.next_id()), claim)].into_iter().collect(),
        ..Sheet::default()
    };
    let sheets = BTreeMap::from([(CoderKey::new("alice").unwrap(), Arc::new(sheet))]);
    let item =
        Item { id: DocumentId::from_title("a", ids.next_id()), document: Document::new("a", text.hash().clone()), text, original: None, sheets };
    let items = [item];
    assert_eq!(difference("refi-qda", &tables, (&items, &items), OffsetUnit::CodePoints), None);
    let (files, report) = export("refi-qda", &tables, &items, OffsetUnit::CodePoints);
    let kept = ["spans", "attributes of spans", "notes of spans"];
    let lines = || report.lines.iter().filter(|line| line.what.contains("spans") || line.what.contains("claims") || line.what == "fillers of roles");
    for line in lines() {
        let is_kept = line.fate != Fate::Dropped;
        assert!(line.count == 1 && (!is_kept || kept.contains(&line.what)), "{line:?}");
    }
    // Three that are kept, and the same of the span that is not; the claim with five.
    assert_eq!(lines().count(), 3 + 3 + 6, "{report:?}");
    let batch = import("refi-qda", &files, &tables);
    assert_eq!(sheets_of(&batch), [(1, 0)]);
}

/// How many spans and claims there are.
fn sheets_of(batch: &Batch) -> Vec<(usize, usize)> {
    sheets(&batch.items).map(|sheet| (sheet.spans.len(), sheet.claims.len())).collect()
}

fn archive(files: &[(&str, &[u8])]) -> MemoryFiles {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    MemoryFiles::new([("a.qdpx", writer.finish().unwrap().into_inner())])
}

const CODES: &str = r##"<CodeBook><Codes><Code guid="{AAAAAAAA-0000-4000-8000-000000000001}" name="People" isCodable="false">
    <Code guid="AAAAAAAA-0000-4000-8000-000000000002" name="Person" isCodable="true" color="#f00"><Description>a human</Description></Code></Code></Codes></CodeBook>"##;

/// As some programs write it, against the specification: a byte order mark, CR LF, UTF-16 units, `Sources`.
#[test]
fn other_line_ends_units_and_folders_are_understood() {
    let text = "\u{feff}Zoë 🎉 Ann Smith\r\nmet Bob Stone.\r\n";
    let project = format!(
        r#"<?xml version="1.0" encoding="utf-8"?><Project xmlns="urn:QDA-XML:project:1.0" name="p" origin="Other 12"><Users><User guid="AAAAAAAA-0000-4000-8000-000000000009" name="Bea"/></Users>{CODES}
        <Variables><Variable guid="AAAAAAAA-0000-4000-8000-00000000000A" name="year" typeOfVariable="Integer"/></Variables>
        <Sources><TextSource guid="AAAAAAAA-0000-4000-8000-000000000003" name="Interview 1" plainTextPath="internal://X.txt" creationDateTime="2018-03-27T17:46:39Z">
        <PlainTextSelection guid="AAAAAAAA-0000-4000-8000-000000000004" name="Ann Smith" startPosition="7" endPosition="16" creatingUser="AAAAAAAA-0000-4000-8000-000000000009" creationDateTime="2018-03-27T17:46:40Z"><Coding guid="AAAAAAAA-0000-4000-8000-000000000005"><CodeRef targetGUID="aaaaaaaa-0000-4000-8000-000000000002"/></Coding><NoteRef targetGUID="AAAAAAAA-0000-4000-8000-000000000008"/></PlainTextSelection>
        <PlainTextSelection guid="AAAAAAAA-0000-4000-8000-000000000006" name="Bob Stone" startPosition="22" endPosition="31" creatingUser="AAAAAAAA-0000-4000-8000-000000000009"><Coding guid="AAAAAAAA-0000-4000-8000-000000000007"><CodeRef targetGUID="AAAAAAAA-0000-4000-8000-000000000002"/></Coding></PlainTextSelection>
        <PlainTextSelection guid="AAAAAAAA-0000-4000-8000-00000000000C" name="met" startPosition="18" endPosition="21"/>
        <VariableValue><VariableRef targetGUID="AAAAAAAA-0000-4000-8000-00000000000A"/><IntegerValue>1999</IntegerValue></VariableValue></TextSource>
        <PictureSource guid="AAAAAAAA-0000-4000-8000-00000000000B" name="p"/></Sources>
        <Notes><Note guid="AAAAAAAA-0000-4000-8000-000000000008" name="n"><PlainTextContent>who is she?</PlainTextContent></Note></Notes>
        <Links><Link guid="AAAAAAAA-0000-4000-8000-00000000000D" name="knows" originGUID="AAAAAAAA-0000-4000-8000-000000000004" targetGUID="AAAAAAAA-0000-4000-8000-000000000006"/></Links></Project>"#
    );
    let files = archive(&[("project.qde", project.as_bytes()), ("Sources/x.txt", text.as_bytes())]);
    let batch = import("refi-qda", &files, &Tables::default());
    let rules: Vec<&str> = batch.findings.iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["refi-qda-left-out", "refi-qda-offsets", "refi-qda-bad-selection", "new-label", "new-label"]);
    let item = &batch.items[0];
    assert_eq!((item.document.title.as_str(), item.text.as_str()), ("Interview 1", text.trim_start_matches('\u{feff}')));
    let bea = CoderKey::from_name("Bea");
    assert_eq!(marks(item)[&bea], ["Person Ann Smith", "Person Bob Stone"]);
    let sheet = &item.sheets[&bea];
    assert_eq!((sheet.relations.len(), sheet.spans.values().filter(|span| span.note() == "who is she?").count()), (1, 1));
    assert_eq!(item.sheets[&CoderKey::from_name("alice")].info.attributes.values().map(ToString::to_string).collect::<Vec<_>>(), ["1999"]);
    let label = &batch.tables.schema.labels.values().find(|label| label.name == "Person").unwrap();
    assert_eq!((label.color.to_string().as_str(), label.description.as_str(), label.parent.is_some()), ("#ff0000", "a human", true));
    // What has no place here goes back as it came.
    let (files, _) = export("refi-qda", &batch.tables, &batch.items, OffsetUnit::CodePoints);
    let again = import("refi-qda", &files, &batch.tables);
    assert_eq!(marks(&again.items[0]), marks(item));
    let mut archive = zip::ZipArchive::new(Cursor::new(files.0["out.qdpx"].clone())).unwrap();
    let written = std::io::read_to_string(archive.by_name("project.qde").unwrap()).unwrap();
    for kept in [
        r#"guid="AAAAAAAA-0000-4000-8000-000000000004" creationDateTime="2018-03-27T17:46:40Z""#,
        r#"<Code guid="{AAAAAAAA-0000-4000-8000-000000000001}" name="People" isCodable="false""#,
        r#"<CodeRef targetGUID="AAAAAAAA-0000-4000-8000-000000000002"/>"#,
    ] {
        assert!(written.contains(kept), "{kept} in {written}");
    }
}

#[test]
fn an_unpacked_project_comes_with_its_texts() {
    let (tables, items) = project(3);
    let (files, _) = export("refi-qda", &tables, &items, OffsetUnit::CodePoints);
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("study");
    zip::ZipArchive::new(Cursor::new(files.0["out.qdpx"].clone())).unwrap().extract(&folder).unwrap();
    std::fs::write(dir.path().join("other.txt"), "An article.").unwrap();
    std::fs::rename(folder.join("sources"), folder.join("Sources")).unwrap();
    let read = |path: &Path| {
        let control = (&Progress::new(), &CancelToken::new());
        let options = ImportOptions::new(CoderKey::from_name("alice"));
        let batch = read_import(&[path.to_owned()], &tables, &options, IdSource::seeded(1), control).unwrap().batch;
        let missing: Vec<String> = batch.findings.iter().filter(|finding| finding.rule == "refi-qda-no-text").map(ToString::to_string).collect();
        assert_eq!(missing, Vec::<String>::new());
        batch.items.iter().map(|item| item.id.clone()).filter(|id| items.iter().any(|item| item.id == *id)).count()
    };
    assert!(!items.is_empty());
    assert_eq!(read(dir.path()), items.len());
    assert_eq!(read(&folder.join("project.qde")), items.len());
}

#[test]
fn what_is_broken_is_said() {
    let check = |files: &MemoryFiles, rule: &str, why: &str| {
        let batch = import("refi-qda", files, &Tables::default());
        let found = batch.findings.iter().any(|finding| finding.rule == rule && finding.message.contains(why));
        assert!(found && batch.items.is_empty(), "{:?}", batch.findings);
    };
    check(&MemoryFiles::new([("a.qdpx", "no zip")]), "refi-qda-bad-file", "Nothing of the file");
    check(&archive(&[("x.txt", b"x")]), "refi-qda-bad-file", "project.qde");
    check(&archive(&[("project.qde", b"<Project>")]), "refi-qda-bad-file", "middle");
    check(&archive(&[("project.qde", b"<Other/>")]), "refi-qda-bad-file", "Other");
    let without = b"<Project><Sources><TextSource name='a' plainTextPath='internal://../../etc/passwd'/></Sources></Project>";
    check(&archive(&[("project.qde", without)]), "refi-qda-no-text", "left out");
}

#[test]
fn a_codebook_goes_through_a_qdc_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("codes.qdc");
    let schema = common::schema();
    let places = Places::under(&dir.path().join("state"));
    write_codebook(&schema, &path, &places).unwrap();
    let read = read_codebook(&path, &Schema::default()).unwrap();
    let names = |schema: &Schema| schema.labels.values().map(|label| (label.name.clone(), label.kind, label.color)).collect::<Vec<_>>();
    let (mut was, mut is) = (names(&schema), names(&read.schema));
    was.sort();
    is.sort();
    assert_eq!(was, is);
    assert_eq!(read.schema.labels.values().filter(|label| label.parent.is_some()).count(), 1);
}

/// What such a file cannot say is said on the way out, and stays on the way back.
#[test]
fn a_codebook_that_comes_back_through_a_qdc_file_is_what_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("codes.qdc");
    let schema = template("news").unwrap().schema().unwrap();
    let losses = write_codebook(&schema, &path, &Places::under(&dir.path().join("state"))).unwrap();
    let said: String = losses.iter().map(|finding| format!("{}\n", finding.message)).collect();
    for lost in
        ["5 roles of claims: addressee, claimer", "types of relations: ", "examples of labels", "attributes without choices", "keys of labels"]
    {
        assert!(said.contains(lost), "{lost}: {said}");
    }
    let changes = |read: &Schema| {
        let plan = plan_adoption(&schema, read, &CodebookUses::default(), Others::TakeOut);
        plan.lines.iter().map(|line| format!("{} {} {}", line.fate.as_str(), line.list, line.key)).collect::<Vec<_>>()
    };
    let read = read_codebook(&path, &schema).unwrap();
    assert_eq!((changes(&read.schema), &read.schema), (Vec::new(), &schema));
    // Another program has given the codes GUIDs of its own and renamed one.
    let page = std::fs::read_to_string(&path).unwrap().replace("guid=\"", "guid=\"{").replace("\" name", "}\" name").replace("\"/>", "}\"/>");
    std::fs::write(&path, page.replace("name=\"Person\"", "name=\"Human being\"")).unwrap();
    assert_eq!(changes(&read_codebook(&path, &schema).unwrap().schema), ["changed label PER"]);
    std::fs::write(&path, "<CodeBook><Codes><Code guid='1' name='Person' isCodable='true'/></Codes></CodeBook>").unwrap();
    let read = read_codebook(&path, &schema).unwrap().schema;
    let (key, label) = read.labels.first_key_value().unwrap();
    assert_eq!((key.as_str(), label.shortcut, label.examples.is_empty(), read.roles.len()), ("PER", Some('p'), false, 5));
}

/// NVivo, MAXQDA and ATLAS.ti write memos on everything.
#[test]
fn memos_come_to_what_they_are_about_and_the_rest_is_said() {
    let code = CODES.replace("<Description>a human</Description>", "<Description>a human</Description><NoteRef targetGUID='21'/>");
    let project = format!(
        "<Project name='p' origin='NVivo 12'><Users><User guid='9' name='Bea'/></Users>{code}<Sources>
         <TextSource guid='3' name='a' plainTextPath='internal://X.txt'><Coding guid='7'><CodeRef targetGUID='AAAAAAAA-0000-4000-8000-000000000002'/><NoteRef targetGUID='25'/></Coding>
         <PlainTextSelection guid='4' name='Ann' startPosition='0' endPosition='3' creatingUser='9'>
         <Coding guid='5'><CodeRef targetGUID='AAAAAAAA-0000-4000-8000-000000000002'/><NoteRef targetGUID='22'/></Coding></PlainTextSelection>
         <NoteRef targetGUID='26'/></TextSource></Sources>
         <Notes><Note guid='21' name='n'><PlainTextContent>for people only</PlainTextContent></Note>
         <Note guid='22' name='n' plainTextPath='internal://memo.txt'/>
         <Note guid='23' name='Diary'><PlainTextContent>first day</PlainTextContent></Note>
         <Note guid='25' name='n'><PlainTextContent>on the whole</PlainTextContent></Note>
         <Note guid='26' name='n' creatingUser='9'><PlainTextContent>read twice</PlainTextContent></Note></Notes>
         <Description>All of it.</Description></Project>"
    );
    let files = archive(&[("project.qde", project.as_bytes()), ("sources/X.txt", b"Ann met Bob."), ("sources/memo.txt", b"is it she?")]);
    let batch = import("refi-qda", &files, &Tables::default());
    let label = |batch: &Batch| batch.tables.schema.labels.values().find(|label| label.name == "Person").unwrap().description.clone();
    assert_eq!(label(&batch), "a human\n\nfor people only");
    let (bea, alice) = (CoderKey::from_name("Bea"), CoderKey::from_name("alice"));
    let notes = |batch: &Batch| {
        let sheets = &batch.items[0].sheets;
        let span = sheets[&bea].spans.values().next().unwrap().note().to_owned();
        (span, sheets[&bea].info.note.clone(), sheets[&alice].info.note.clone())
    };
    assert_eq!(notes(&batch), ("is it she?".to_owned(), "read twice".to_owned(), "on the whole".to_owned()));
    let said: Vec<&str> = batch.findings.iter().filter(|finding| finding.rule == "refi-qda-memo").map(|finding| finding.message.as_str()).collect();
    assert!(said.len() == 2 && said[0].contains("“All of it.”") && said[1].contains("“Diary”") && said[1].contains("“first day”"), "{said:?}");
    // They go back.
    let (written, _) = export("refi-qda", &batch.tables, &batch.items, OffsetUnit::CodePoints);
    let again = import("refi-qda", &written, &Tables::default());
    assert_eq!((label(&again), notes(&again)), (label(&batch), notes(&batch)));
    // A codebook that has the label keeps its own description.
    let mut known = batch.tables.clone();
    known.schema.labels.values_mut().for_each(|label| label.description.clear());
    let batch = import("refi-qda", &files, &known);
    assert!(batch.findings.iter().any(|finding| finding.rule == "refi-qda-memo" && finding.message.contains("for people only")));
}

#[test]
fn archives_are_known_by_their_content_and_what_a_mac_adds_is_left_out() {
    let (tables, items) = project(3);
    let (files, _) = export("refi-qda", &tables, &items, OffsetUnit::CodePoints);
    let content = &files.0["out.qdpx"];
    for name in ["x.zip", "x", "x.txt"] {
        assert_eq!(import("refi-qda", &MemoryFiles::new([(name, content.clone())]), &tables).items.len(), items.len(), "{name}");
    }
    let mut archive = zip::ZipArchive::new(Cursor::new(content.clone())).unwrap();
    let mut all: Vec<(String, Vec<u8>)> =
        vec![("__MACOSX/._project.qde".to_owned(), b"\0\x05\x16\x07".to_vec()), (".old.qde".to_owned(), b"x".to_vec())];
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let (name, mut content) = (file.name().unwrap().into_owned(), Vec::new());
        std::io::Read::read_to_end(&mut file, &mut content).unwrap();
        all.push((name, content));
    }
    let zipped: Vec<(&str, &[u8])> = all.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
    assert_eq!(import("refi-qda", &crate::archive(&zipped), &tables).items.len(), items.len());
}

#[test]
fn a_real_project_without_its_texts_gives_its_codes() {
    let Some(dir) = samples("refi-qda") else { return };
    let content = std::fs::read(dir.join("sky-loom+refi-qda/Project.qde")).unwrap();
    let batch = import("refi-qda", &MemoryFiles::new([("Project.qde", content)]), &Tables::default());
    assert!(batch.items.is_empty());
    let without = batch.findings.iter().filter(|finding| finding.rule == "refi-qda-no-text").count();
    assert!(without > 2 && batch.tables.schema.labels.len() > 10, "{:?}", batch.findings);
}
