//! Every format: round trips over generated projects, broken input, and what the reports say.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic, clippy::expect_used)]

mod common;

use std::collections::BTreeMap;

use common::{export, import, lines_of, project, try_import};
use manicule::format::{Batch, FORMATS, Fate, Format, Item, MemoryFiles, Offsets, Places, Proof, Tables, Texts};
use manicule::model::{Filler, LabelKind, Severity, Sheet};
use manicule::text::Text;
use manicule::text::decode::decode;
use manicule::text::offsets::OffsetUnit;
use proptest::prelude::*;

fn assert_same(batch: &Batch, tables: &Tables, items: &[Item]) {
    assert_eq!(batch.findings, []);
    assert_eq!(&batch.tables, tables);
    assert_eq!(batch.items, items);
}

fn one_sheet(batch: &Batch) -> &Sheet {
    batch.items[0].sheets.values().next().unwrap()
}

fn findings(batch: &Batch) -> Vec<String> {
    batch.findings.iter().map(|f| format!("{} {}:{} {}", f.rule, f.file, f.line.unwrap_or(0), f.severity.as_str())).collect()
}

/// A brat folder with one document, read without a codebook.
fn brat(text: &str, ann: &str) -> Batch {
    import("brat", &MemoryFiles::new([("d.txt", text), ("d.ann", ann)]), &Tables::default())
}

fn quotes(batch: &Batch) -> Vec<String> {
    let item = &batch.items[0];
    let mut marks: Vec<_> = item.sheets.values().flat_map(|sheet| sheet.marks()).map(|(_, ranges)| ranges).collect();
    marks.sort();
    marks.into_iter().map(|ranges| item.text.quote(ranges)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn jsonl_there_and_back_is_the_same(seed in any::<u64>()) {
        let (tables, items) = project(seed);
        for unit in OffsetUnit::ALL {
            let (files, report) = export("jsonl", &tables, &items, unit);
            prop_assert!(report.is_lossless());
            assert_same(&import("jsonl", &files, &Tables::default()), &tables, &items);
            let again = export("jsonl", &tables, &items, unit);
            prop_assert_eq!(&again.0, &files);
        }
    }

    #[test]
    fn brat_keeps_what_its_report_keeps(seed in any::<u64>()) {
        let (mut tables, mut items) = project(seed);
        for item in &mut items {
            item.sheets.retain(|coder, _| coder.as_str() == "alice");
        }
        tables.coders.retain(|coder, _| coder.as_str() == "alice");
        items.sort_by(|a, b| a.id.cmp(&b.id));
        // A text of control characters or with a mark in front is another text when it is read as a file.
        prop_assume!(items.iter().all(|item| decode(item.text.as_str().as_bytes()).is_ok_and(|d| d.text == item.text.as_str())));
        let (files, report) = export("brat", &tables, &items, OffsetUnit::CodePoints);
        let batch = import("brat", &files, &tables);
        let bad: Vec<_> = batch.findings.iter().filter(|f| f.severity != Severity::Note && !["brat-bad-attribute", "brat-bad-line"].contains(&f.rule)).collect();
        prop_assert!(bad.is_empty(), "{:?}", bad);
        let of = |fate, what: &str| report.lines.iter().filter(|l| l.fate == fate && l.what == what).map(|l| l.count).sum::<usize>();
        let sheets = || batch.items.iter().flat_map(|item| item.sheets.values());
        prop_assert_eq!(sheets().map(|s| s.spans.len()).sum::<usize>(), of(Fate::Kept, "spans") + of(Fate::Changed, "spans"));
        prop_assert_eq!(sheets().map(|s| s.claims.len()).sum::<usize>(), of(Fate::Kept, "claims") + of(Fate::Changed, "claims"));
        prop_assert_eq!(sheets().map(|s| s.relations.len()).sum::<usize>(), of(Fate::Kept, "relations"));
        let fillers = sheets().flat_map(|s| s.claims.values()).flat_map(|c| c.roles.values()).map(Vec::len).sum::<usize>();
        prop_assert_eq!(fillers, of(Fate::Kept, "fillers of roles"));
        for (before, after) in items.iter().zip(&batch.items) {
            prop_assert_eq!(&before.text, &after.text);
        }
    }

    #[test]
    fn every_export_is_the_same_each_time_and_plans_what_it_does(seed in any::<u64>()) {
        let (tables, items) = project(seed);
        for format in FORMATS.iter().filter(|format| format.writer.is_some()) {
            let first = export(format.name, &tables, &items, OffsetUnit::Utf16);
            let second = export(format.name, &tables, &items, OffsetUnit::Utf16);
            prop_assert_eq!(&first, &second);
            let is_text = |name: &str| ![".txt", ".spacy", ".xlsx", ".parquet", ".qdpx"].iter().any(|end| name.ends_with(end));
            for content in first.0.0.iter().filter(|(name, _)| is_text(name)).map(|(_, content)| content) {
                prop_assert!(std::str::from_utf8(content).is_ok());
                prop_assert!(!content.starts_with(b"\xEF\xBB\xBF"));
            }
        }
    }

    #[test]
    fn random_bytes_panic_no_reader(name in "[a-z]{1,3}\\.(txt|ann|jsonl|csv|json|conf|xmi|xml|tsv)", bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        for format in FORMATS.iter().filter(|format| format.reader.is_some()) {
            let _ = try_import(format.name, &MemoryFiles::new([(name.clone(), bytes.clone()), ("x.txt".to_owned(), bytes.clone())]), &Tables::default());
        }
    }

    #[test]
    fn broken_exports_panic_no_reader(seed in any::<u64>(), others in any::<[u8; 2]>(), changes in proptest::collection::vec((any::<u32>(), any::<u8>()), 1..20)) {
        let (tables, items) = project(seed);
        let readers: Vec<&Format> = FORMATS.iter().filter(|format| format.reader.is_some()).collect();
        for (number, format) in FORMATS.iter().filter(|format| format.writer.is_some()).enumerate() {
            let (mut files, _) = export(format.name, &tables, &items, OffsetUnit::CodePoints);
            for content in files.0.values_mut().filter(|content| !content.is_empty()) {
                for (at, byte) in &changes {
                    let at = *at as usize % content.len();
                    content[at] = *byte;
                }
            }
            // Its own reader, and two others: over all cases, each reader meets each format several times.
            let others = others.map(|other| readers[(usize::from(other) + number) % readers.len()]);
            for reader in others.iter().chain(readers.iter().find(|reader| reader.name == format.name)) {
                let batch = try_import(reader.name, &files, &tables).unwrap_or_default();
                for item in &batch.items {
                    let marks = item.sheets.values().flat_map(|sheet| sheet.marks());
                    marks.for_each(|(_, ranges)| item.text.check(ranges).unwrap());
                }
            }
        }
    }

    #[test]
    fn ann_lines_panic_no_reader(lines in proptest::collection::vec("([TERAMN#*][0-9]?[\t ])?[A-Za-zé0-9:;\t ]{0,30}", 0..20)) {
        let _ = brat("Zoë 🎉 Smith said taxes\nfell.", &lines.join("\n"));
    }
}

#[test]
fn jsonl_names_what_is_broken_and_reads_the_rest() {
    let (tables, items) = (1..).map(project).find(|(_, items)| items.len() == 3).unwrap();
    let (files, _) = export("jsonl", &tables, &items, OffsetUnit::CodePoints);
    let mut lines: Vec<String> = files.text("out.jsonl").lines().map(str::to_owned).collect();
    lines[2] = "{\"id\": oops".to_owned();
    lines[3] = lines[3].replace("\"text\":\"", "\"text\":\"new ");
    let batch = import("jsonl", &MemoryFiles::new([("out.jsonl", lines.join("\r\n"))]), &Tables::default());
    assert_eq!(batch.items.len(), 2);
    assert_eq!(batch.items[0], items[0]);
    assert!(findings(&batch).contains(&"jsonl-bad-record out.jsonl:3 error".to_owned()), "{:?}", findings(&batch));
    assert!(findings(&batch).contains(&"jsonl-text-changed out.jsonl:4 note".to_owned()));
}

#[test]
fn jsonl_documents_that_stand_twice_get_ids_that_no_other_has() {
    let header = r#"{"format":"manicule-jsonl","version":1,"offset_unit":"code-points"}"#;
    let record = |id: &str| format!("{{\"id\":\"{id}\",\"title\":\"A\",\"text\":\"taxes\"}}");
    let ids = |records: &[&str]| -> Vec<String> {
        let lines: Vec<String> = std::iter::once(header.to_owned()).chain(records.iter().map(|id| record(id))).collect();
        let batch = import("jsonl", &MemoryFiles::new([("a.jsonl", lines.join("\n"))]), &Tables::default());
        batch.items.iter().map(|item| item.id.to_string()).collect()
    };
    let twice = "a-000000000001";
    let new = &ids(&[twice, twice])[1];
    let all = ids(&[new, twice, twice]);
    assert_eq!(all[..2], [new.as_str(), twice]);
    assert!(!all[..2].contains(&all[2]), "{all:?}");
}

#[test]
fn jsonl_of_a_later_version_is_refused() {
    let header = r#"{"format":"manicule-jsonl","version":2,"offset_unit":"graphemes"}"#;
    let error = try_import("jsonl", &MemoryFiles::new([("a.jsonl", header)]), &Tables::default()).unwrap_err();
    assert!(error.to_string().contains("version 2"), "{error}");
    let error = try_import("jsonl", &MemoryFiles::new([("a.jsonl", "{\"text\":\"x\"}")]), &Tables::default()).unwrap_err();
    assert!(error.to_string().contains("not Manicule JSONL"), "{error}");
}

#[test]
fn jsonl_lines_are_lines_for_every_reader() {
    let mut item = (1..).map(project).find_map(|(_, items)| items.into_iter().next()).unwrap();
    item.text = Text::new("a\u{2028}b\u{85}c\u{2029}d\re\n");
    item.document.text_hash = item.text.hash().clone();
    item.document.regions.clear();
    item.sheets.clear();
    let (files, _) = export("jsonl", &Tables::default(), std::slice::from_ref(&item), OffsetUnit::CodePoints);
    let page = files.text("out.jsonl");
    assert!(page.contains(r"a\u2028b\u0085c\u2029d\re\n"), "{page}");
    assert_eq!(import("jsonl", &files, &Tables::default()).items, [item]);
}

#[test]
fn brat_kinds_of_lines_are_all_read() {
    let text = "Zoë 🎉 Smith said taxes\nfell; Bob denied it in New and old York.";
    let ann = "T1\tPerson 0 11\tZoë 🎉 Smith\nT2\tIdea 17 22;23 27\ttaxes fell\nT3\tPerson 29 32\tBob\nT4\tDenial 33 39\tdenied\n\
               T5\tGPE 46 49;58 62\tNew York\nE1\tDenial:T4 Speaker:T3 Speaker2:T1 Place:T5\nR1\tSays Arg1:T1 Arg2:E1\n*\tAlias T1 T3\n\
               A1\tCheckworthy T2\nA2\tStance E1 strongly against\nM1\tNegation E1\nN1\tReference T1 Wikidata:Q42\tDouglas Adams\n\
               #1\tAnnotatorNotes T2\tunsure about this\n";
    let batch = brat(text, ann);
    let sheet = one_sheet(&batch);
    assert_eq!(quotes(&batch), ["Zoë 🎉 Smith", "taxes\nfell", "Bob", "denied", "New … York"]);
    assert_eq!((sheet.spans.len(), sheet.claims.len(), sheet.relations.len()), (4, 1, 2));
    let claim = sheet.claims.values().next().unwrap();
    let roles: Vec<String> = claim.roles.iter().map(|(role, fillers)| format!("{role} {}", fillers.len())).collect();
    assert_eq!(roles, ["Place 1", "Speaker 2"]);
    let attributes: Vec<String> = claim.attributes.iter().map(|(key, value)| format!("{key} {value:?}")).collect();
    assert_eq!(attributes, ["Negation Bool(true)", "Stance Text(\"strongly against\")"]);
    let entity = batch.tables.entities.values().next().unwrap();
    assert_eq!((entity.name.as_str(), entity.knowledge_base_ids.first().unwrap().as_str()), ("Douglas Adams", "Q42"));
    assert_eq!(sheet.spans.values().filter(|span| span.note() == "unsure about this").count(), 1);
    let kinds: BTreeMap<&str, LabelKind> = batch.tables.schema.labels.iter().map(|(key, label)| (key.as_str(), label.kind)).collect();
    let expected = [("Denial", LabelKind::Claim), ("GPE", LabelKind::Entity), ("Idea", LabelKind::Entity), ("Person", LabelKind::Entity)];
    assert_eq!(kinds, BTreeMap::from(expected));
    assert!(batch.findings.iter().all(|f| f.rule == "new-label" || f.rule == "brat-rejoined"), "{:?}", batch.findings);
}

#[test]
fn brat_trouble_is_named_by_line_and_kept() {
    let ann = "T1\tP 0 3\tBob\nhello\nT2\tP 90 99\tNobody\nR1\tr Arg1:T1 Arg2:T9\nT3\tP 4 4\t\nT1\tP 4 7\tran\nA1\tC T8\nT4\tP 0 3\tran\nT5\tP 0 3\tbob\n#1\tOther T1\tx\n";
    let batch = brat("Bob ran", ann);
    let expected = [
        "brat-bad-line d.ann:2 warning",
        "brat-double-id d.ann:6 warning",
        "brat-offsets d.ann:0 warning",
        "brat-out-of-range d.ann:3 warning",
        "brat-out-of-range d.ann:5 warning",
        "brat-moved d.ann:8 warning",
        "brat-text-differs d.ann:9 warning",
        "brat-missing-target d.ann:4 warning",
        "brat-bad-attribute d.ann:7 warning",
        "brat-comment d.ann:10 warning",
        "new-label :0 note",
    ];
    assert_eq!(findings(&batch), expected);
    assert_eq!(quotes(&batch), ["Bob", "Bob", "ran"]);
    let residue = &one_sheet(&batch).info.residue["brat"];
    let lost: Vec<&str> = residue.lines().collect();
    let expected = ["hello", "T1\tP 4 7\tran", "T2\tP 90 99\tNobody", "T3\tP 4 4\t", "R1\tr Arg1:T1 Arg2:T9", "A1\tC T8", "#1\tOther T1\tx"];
    assert_eq!(lost[..7], expected);
    assert!(lost[7].starts_with("ids\tT1=") && lost.len() == 8, "{lost:?}");
}

#[test]
fn brat_offsets_of_other_programs_are_recognised() {
    let check = |text: &[u8], ann: &str, note: &str| {
        let batch = import("brat", &MemoryFiles::new([("d.txt", text.to_vec()), ("d.ann", ann.as_bytes().to_vec())]), &Tables::default());
        assert_eq!(quotes(&batch), ["Smith", "Ann"], "{note}");
        let said: Vec<&str> = batch.findings.iter().filter(|f| f.rule == "brat-offsets").map(|f| f.message.as_str()).collect();
        assert_eq!(said.len(), usize::from(!note.is_empty()), "{said:?}");
        assert!(said.iter().all(|message| message.contains(note)), "{said:?}");
    };
    let text = "Zoë 🎉 Smith\r\nAnn";
    check(text.as_bytes(), "T1\tP 6 11\tSmith\r\nT2\tP 13 16\tAnn\r\n", "");
    check(text.as_bytes(), "T1\tP 7 12\tSmith\nT2\tP 14 17\tAnn\n", "utf16");
    check(text.as_bytes(), "T1\tP 10 15\tSmith\nT2\tP 17 20\tAnn\n", "bytes");
    check(text.as_bytes(), "T1\tP 6 11\tSmith\nT2\tP 12 15\tAnn\n", "CR LF counted as one");
    check(text.replace("\r\n", "\n").as_bytes(), "T1\tP 6 11\tSmith\nT2\tP 13 16\tAnn\n", "line end counted as two");
    let plain = text.replace('🎉', "!").replace('ë', "e");
    check(format!("\u{feff}{plain}").as_bytes(), "T1\tP 7 12\tSmith\nT2\tP 14 17\tAnn\n", "byte order mark");
}

#[test]
fn brat_uses_the_labels_of_the_codebook() {
    let tables = Tables { schema: common::schema(), ..Tables::default() };
    let files = MemoryFiles::new([("d.txt", "Bob ran"), ("d.ann", "T1\tEtat-Major 0 3\tBob\nT2\tper_name 4 7\tran\nT3\tCLAIM 0 7\tBob ran\n")]);
    let batch = import("brat", &files, &tables);
    let labels: Vec<&str> = one_sheet(&batch).spans.values().map(|span| span.label.as_str()).collect();
    assert!(labels.contains(&"État-Major"), "{labels:?}");
    assert_eq!(one_sheet(&batch).claims.len(), 1);
}

#[test]
fn brat_report_names_what_it_cannot_carry() {
    let (mut tables, items) = (1..)
        .map(project)
        .find(|(_, items)| items.iter().flat_map(|i| i.sheets.values()).flat_map(|s| s.claims.values()).any(|c| c.content.is_none()))
        .unwrap();
    tables.coders.clear();
    let (_, report) = export("brat", &tables, &items, OffsetUnit::CodePoints);
    let dropped = lines_of(&report, Fate::Dropped).join("\n");
    assert!(dropped.contains("claims: they have no content in the text"), "{dropped}");
    assert!(dropped.contains("fillers of roles: brat's arguments are places in the text, not values"), "{dropped}");
    let values = items.iter().flat_map(|i| i.sheets.values()).flat_map(|s| s.claims.values()).filter(|c| c.content.is_some());
    let values = values.flat_map(|c| c.roles.values().flatten()).filter(|f| matches!(f, Filler::Value(_))).count();
    assert!(dropped.contains(&format!("{values} fillers of roles: brat's arguments are places in the text, not values")), "{dropped}");
}

#[test]
fn conll_writes_the_outermost_mentions() {
    let text = "John Kerry, U.S. envoy, left. He said\u{a0}so.\n\nEnd 🎉";
    let ann = "T1\tPER 0 10\tJohn Kerry\nT2\tPER 5 10\tKerry\nT3\tGPE 12 15\tU.S\nT4\tMISC 24 32\tleft. He\nT5\tPER 0 4;17 22\tJohn envoy\n";
    let batch = brat(text, ann);
    let (files, report) = export("conll2003", &batch.tables, &batch.items, OffsetUnit::CodePoints);
    let expected = "-DOCSTART- -X- O O\n\nJohn -X- O B-PER\nKerry -X- O I-PER\n, -X- O O\nU.S -X- O B-GPE\n. -X- O O\nenvoy -X- O O\n, -X- O O\nleft -X- O B-MISC\n. -X- O I-MISC\n\n\
                    He -X- O B-MISC\nsaid -X- O O\nso -X- O O\n. -X- O O\n\nEnd -X- O O\n🎉 -X- O O\n\n";
    assert_eq!(files.text("out.conll"), expected);
    assert_eq!(
        lines_of(&report, Fate::Dropped)[..2],
        ["1 spans: they are discontinuous", "1 spans: they overlap a longer one: the outermost is written"]
    );
    assert_eq!(lines_of(&report, Fate::Changed), ["1 spans: they go over the end of a sentence and are cut there"]);
}

#[test]
fn csv_has_a_row_a_span_and_a_claim() {
    let (tables, items) = (1..).map(project).find(|(_, items)| items.iter().any(|i| i.sheets.len() == 3)).unwrap();
    for unit in OffsetUnit::ALL {
        let (files, report) = export("csv", &tables, &items, unit);
        let mut reader = csv::Reader::from_reader(files.0["out.csv"].as_slice());
        let headers = reader.headers().unwrap().clone();
        let column = |row: &csv::StringRecord, name: &str| row[headers.iter().position(|h| h == name).unwrap()].to_owned();
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        // What fills roles stands in the rows of claims.
        let kept = report.lines.iter().filter(|line| line.fate == Fate::Kept && line.what != "fillers of roles");
        assert_eq!(rows.len(), kept.map(|line| line.count).sum::<usize>());
        for row in &rows {
            let item = items.iter().find(|item| item.id.as_str() == column(row, "document")).unwrap();
            let map = manicule::text::offsets::OffsetMap::new(item.text.as_str(), unit);
            let byte = |offset: &str| map.to_byte(offset.parse().unwrap()).unwrap();
            let (starts, ends) = (column(row, "start"), column(row, "end"));
            let pairs = starts.split(';').zip(ends.split(';')).filter(|(start, _)| !start.is_empty());
            let quotes: Vec<&str> = pairs.map(|(start, end)| &item.text.as_str()[byte(start)..byte(end)]).collect();
            assert_eq!(quotes.join(" … "), column(row, "quote"));
        }
    }
}

#[test]
fn tables_of_articles_are_read_around_what_is_broken() {
    let table =
        "Headline;Full text;Date;Ressort\nOne;\"Text; with\nline\";2016-05-17T10:00:00Z;A\nTwo;only two\nThree;x;17.5.2016;\"B\nFour;y;2017;C\n";
    let batch = import("articles-csv", &MemoryFiles::new([("a.csv", table)]), &Tables::default());
    assert_eq!(findings(&batch), ["csv-ragged-row a.csv:4 warning", "csv-unclosed-quote a.csv:5 error"]);
    let seen: Vec<(&str, &str, &str)> =
        batch.items.iter().map(|i| (i.document.title.as_str(), i.text.as_str(), i.document.date.as_ref().map_or("", |d| d.as_str()))).collect();
    assert_eq!(seen, [("One", "Text; with\nline", "2016-05-17"), ("Two", "only two", ""), ("Four", "y", "2017")]);
    assert_eq!(batch.items[0].document.residue["articles-csv"], r#"{"Ressort":"A","date":"2016-05-17T10:00:00Z"}"#);
}

#[test]
fn records_of_articles_are_read_around_what_is_broken() {
    let records = "{\"id\":7,\"title\":\"T\",\"body\":\"Text\",\"authors\":[\"A\",\"B\"],\"n\":[1]}\n{oops\n\n[1]\n{\"title\":\"no text\"}\n{\"text\":\"\\nFirst line\\nmore\"}\n";
    let batch = import("articles-jsonl", &MemoryFiles::new([("a.jsonl", records)]), &Tables::default());
    assert_eq!(findings(&batch), ["json-bad-line a.jsonl:2 error", "json-no-object a.jsonl:4 error", "json-no-text a.jsonl:5 error"]);
    let first = &batch.items[0].document;
    assert_eq!((first.file_name.as_str(), first.author.as_str(), first.residue["articles-jsonl"].as_str()), ("7", "A, B", "{\"n\":[1]}"));
    assert_eq!(batch.items[1].document.title, "First line");
    let array = import("articles-jsonl", &MemoryFiles::new([("a.json", "[{\"text\":\"a\"},{\"text\":\"b\"}]")]), &Tables::default());
    assert_eq!(array.items.len(), 2);
}

#[test]
fn texts_that_are_not_utf8_wait_for_a_choice() {
    let files = MemoryFiles::new([
        ("a.txt", b"caf\xE9 au lait, d\xE9j\xE0 vu".to_vec()),
        ("b.txt", b"\xEF\xBB\xBFhi\r\n".to_vec()),
        ("c.txt", vec![]),
        ("p.txt", b"\x89PNG\r\n\x1a\n\0".to_vec()),
    ]);
    let batch = import("text", &files, &Tables::default());
    assert_eq!(findings(&batch), ["encoding a.txt:0 error", "article-without-text c.txt:0 warning", "encoding p.txt:0 error"]);
    assert_eq!((batch.undecoded[0].guess, batch.undecoded[0].preview.as_str()), ("windows-1252", "café au lait, déjà vu"));
    assert_eq!(batch.items.len(), 2);
    assert_eq!((batch.items[0].text.as_str(), batch.items[0].original.is_some(), batch.items[0].document.title.as_str()), ("hi\r\n", true, "hi"));
    assert_eq!((batch.items[1].text.as_str(), batch.items[1].document.title.as_str()), ("", "c"));
}

/// What an export is held to when it is read again.
fn read_again(proof: Proof) -> String {
    if proof.reader.is_none() {
        return "An export of it is compared byte by byte only".to_owned();
    }
    let texts = match proof.texts {
        Texts::Exact | Texts::OwnFile | Texts::OwnFileOfMarked => "every letter of its texts",
        Texts::Letters(_) | Texts::LettersOfOwnFile(_) => "the letters of its texts that the format carries",
        Texts::Absent => "no texts",
    };
    let places = match proof.places {
        Places::All => "every range of its spans and claims",
        Places::Hulls => "the first and last characters of its spans and claims",
        Places::Kept => "every range of the spans and claims that are kept",
        Places::Words(_) => {
            return "An export of it is read again and compared: the words of every claim, and what links claims, by coder".to_owned();
        }
    };
    format!("An export of it is read again and compared: {texts}, {places}, with label and coder")
}

/// The table of formats as a page.
fn formats_page() -> String {
    let mut page = "# Formats\n\nThis page is made from the table in `src/format/mod.rs` by a test; `manicule formats` prints it too.\n\n\
        Every export says before writing what it keeps, changes and drops, and writes the same report beside the files\n\
        (`export-report.md` and `.json`). Before files replace anything they are read again, byte by byte, and where this program\n\
        reads the format, as an import does: what the report says is kept must come back, document by document.\n\
        Files are UTF-8 with LF and without a byte order mark; texts are written as they are.\n\
        `manicule formats --json` gives the table to programs.\n"
        .to_owned();
    for format in FORMATS {
        let offsets = match format.offsets {
            Offsets::None => "none".to_owned(),
            Offsets::Fixed(unit) => format!("always {unit}"),
            Offsets::Choosable(unit) => format!("{unit} unless another unit is chosen"),
        };
        let extensions: Vec<String> = format.extensions.iter().map(|extension| format!("`.{extension}`")).collect();
        let yes = |is: bool| if is { "yes" } else { "no" };
        page += &format!("\n## {} (`{}`)\n\n", format.title, format.name);
        page += &format!("- Import: {}. Export: {}. ", yes(format.reader.is_some()), yes(format.writer.is_some()));
        page += &format!("Files: {}. Offsets: {offsets}.\n- Carries: {}.\n", extensions.join(", "), format.carries);
        if format.writer.is_some() {
            page += &format!("- An export loses: {}.\n", format.loses);
        }
        if format.writer.is_some() {
            page += &format!("- {}.\n", read_again(format.proof));
        }
        if !format.proven_by.is_empty() {
            page += &format!("- Its exports are read by: {}.\n", format.proven_by);
        }
        if format.name == "mapped-json" {
            page += "- The mapping: [json-mapping.md](json-mapping.md).\n";
        }
        if format.name == "jsonl" {
            page += "- Its fields: [jsonl.md](jsonl.md); for programs, a JSON Schema of a record: [manicule-jsonl.schema.json](manicule-jsonl.schema.json).\n";
        }
    }
    page
}

#[test]
fn the_page_of_formats_is_up_to_date() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/formats.md");
    let page = formats_page();
    if std::fs::read_to_string(&path).unwrap_or_default() != page {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, page).unwrap();
        panic!("docs/formats.md was out of date and is now rewritten; look at it and run the test again");
    }
}

#[test]
fn the_example_in_the_docs_is_read() {
    let docs = std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/jsonl.md")).unwrap();
    let example = docs.split("```jsonl\n").nth(1).unwrap().split("```").next().unwrap();
    let batch = import("jsonl", &MemoryFiles::new([("example.jsonl", example)]), &Tables::default());
    assert_eq!(batch.findings, []);
    assert_eq!(quotes(&batch), ["Zoë 🎉 Smith", "taxes … fell"]);
    let (files, _) = export("jsonl", &batch.tables, &batch.items, OffsetUnit::CodePoints);
    let compact = |text: &str| text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()).collect::<Vec<_>>();
    assert_eq!(compact(files.text("out.jsonl")), compact(example));
}
