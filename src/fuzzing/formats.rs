//! Readers of foreign formats.

use std::collections::BTreeSet;

use serde_json::Value;

use super::checks::{check_batch, check_format_error};
use super::random::{export, import, schema, try_import};
use super::{parts, text_of};
use crate::format::{self, Batch, Columns, FORMATS, FormatError, Item, MemoryFiles, ReadOptions, Tables};
use crate::model::{CoderKey, IdSource, MAX_MESSAGE_CHARS, Schema, Sheet, SheetKey};
use crate::store::files::{read_document, read_entities, read_sheet, write_document, write_entities, write_sheet};
use crate::store::schema_file::{read_schema, write_schema};
use crate::text::decode::{decode, decode_with};
use crate::text::offsets::OffsetUnit;
use crate::workspace::fit_schema::fit_schema;

/// Reads one file; what comes back holds what every batch must.
fn read(format: &str, name: &str, data: &[u8]) -> Option<Batch> {
    let files = MemoryFiles::new([(name, data)]);
    checked(try_import(format, &files, &Tables::default()))
}

fn checked(result: Result<Batch, FormatError>) -> Option<Batch> {
    match result {
        Ok(batch) => {
            check_batch(&batch);
            Some(batch)
        }
        Err(error) => {
            check_format_error(&error);
            None
        }
    }
}

/// What was read goes out in our own format and comes back the same.
fn survives_an_export(batch: &Batch) {
    can_be_saved(batch);
    let letters: usize = batch.items.iter().map(|item| item.text.len()).sum();
    let unit = OffsetUnit::ALL[letters % 3];
    let items: Vec<Item> = batch.items.iter().cloned().map(|item| Item { original: None, ..item }).collect();
    let (files, report) = export("jsonl", &batch.tables, &items, unit);
    assert!(report.is_lossless());
    let again = import("jsonl", &files, &Tables::default());
    assert_eq!(again.findings, []);
    assert_eq!(again.items, items);
    assert_eq!(again.tables, batch.tables);
}

/// What was read becomes files of a project, and those are read again as the same.
fn can_be_saved(batch: &Batch) {
    let mut schema = batch.tables.schema.clone();
    fit_schema(&Schema::default(), &mut schema);
    assert_eq!(read_schema(&write_schema(&schema)).unwrap(), schema);
    let rows = batch.tables.entities.iter().map(|(id, entity)| (*id, entity));
    if let Some(written) = write_entities("e.ron", rows, &[]).unwrap() {
        let read = read_entities("e.ron", &written).unwrap();
        assert_eq!((read.entities, read.findings, read.is_salvaged), (batch.tables.entities.clone(), vec![], false));
    }
    for item in &batch.items {
        let mut findings = Vec::new();
        let written = write_document("d.ron", &item.id, &item.document, Some(&item.text)).unwrap();
        assert_eq!(read_document("d.ron", &written, &item.id, Some(&item.text), &mut findings).unwrap(), item.document);
        assert_eq!(findings, []);
        for (coder, sheet) in &item.sheets {
            let key = SheetKey::new(&item.id, coder);
            let written = write_sheet("s.ron", &key, sheet, &item.text).unwrap();
            let read = read_sheet("s.ron", &written, &key, &item.text).unwrap();
            assert_eq!((&read.sheet, read.findings, read.is_salvaged), (&**sheet, vec![], false), "{written}");
        }
    }
}

pub(super) fn conll(data: &[u8]) {
    let Some(batch) = read("conll2003", "a.conll", data) else { return };
    survives_an_export(&batch);
    for format in ["conll2003-bioes", "hipe"] {
        let (files, _) = export(format, &batch.tables, &batch.items, OffsetUnit::CodePoints);
        let again = import(format, &files, &batch.tables);
        check_batch(&again);
        assert_eq!(again.items.len(), batch.items.len(), "{format}");
    }
}

pub(super) fn conllu(data: &[u8]) {
    let Some(batch) = read("conllu", "a.conllu", data) else { return };
    survives_an_export(&batch);
    let is_blank = |c: char| c.is_whitespace() || c.is_control();
    let texts: Vec<&Item> = batch.items.iter().filter(|item| !item.text.as_str().chars().all(is_blank)).collect();
    let (files, report) = export("conllu", &batch.tables, &batch.items, OffsetUnit::CodePoints);
    let again = import("conllu", &files, &batch.tables);
    check_batch(&again);
    assert_eq!(again.items.len(), texts.len());
    if report.lines.iter().all(|line| line.what != "texts" || line.why.is_empty()) {
        texts.iter().zip(&again.items).for_each(|(before, after)| assert_eq!(before.text, after.text));
    }
}

pub(super) fn brat_codebook(data: &[u8]) {
    let [annotation, visual] = parts(data);
    let (mut schema, findings) =
        format::brat_codebook(&text_of(annotation), Some(&text_of(visual)).filter(|visual| !visual.is_empty()).map(|v| &**v), None);
    assert!(findings.iter().all(|finding| finding.message.chars().count() <= MAX_MESSAGE_CHARS && finding.line.is_some()));
    fit_schema(&Schema::default(), &mut schema);
    assert_eq!(read_schema(&write_schema(&schema)).unwrap(), schema);
    let shortcuts: Vec<char> = schema.labels.values().filter_map(|label| label.shortcut).collect();
    assert_eq!(shortcuts.iter().collect::<BTreeSet<_>>().len(), shortcuts.len());
}

pub(super) fn text(data: &[u8]) {
    let Some(batch) = read("text", "a.txt", data) else { return };
    assert_eq!(batch.items.len() + batch.findings.iter().filter(|finding| finding.rule == "encoding").count(), 1);
    for item in &batch.items {
        let decoding = &item.document.decoding;
        assert!(item.document.title.chars().count() <= 200);
        match &item.original {
            None => assert_eq!(item.text.as_str().as_bytes(), data),
            Some(original) => {
                assert_eq!(&**original, data);
                assert_eq!(decode_with(data, &decoding.encoding).unwrap().text, item.text.as_str());
            }
        }
    }
    for undecoded in &batch.undecoded {
        let mut options = ReadOptions::new(CoderKey::from_name("ann"), IdSource::seeded(1));
        options.encoding = Some(undecoded.guess.to_owned());
        let mut batch = Batch::default();
        let reader = format::find("text").unwrap().reader.unwrap();
        reader(&MemoryFiles::new([("a.txt", data)]), &mut options, &mut batch).unwrap();
        check_batch(&batch);
    }
    survives_an_export(&batch);
}

pub(super) fn articles_csv(data: &[u8]) {
    let Some(batch) = read("articles-csv", "a.csv", data) else { return };
    let lines = data.split(|byte| matches!(byte, b'\n' | b'\r')).count();
    assert!(batch.items.len() <= lines, "{} articles of {lines} lines", batch.items.len());
    survives_an_export(&batch);
}

pub(super) fn spans_csv(data: &[u8]) {
    let [table, text] = parts(data);
    let files = MemoryFiles::new([("t.csv", table), ("d.txt", text)]);
    let Some(batch) = checked(try_import("csv", &files, &Tables::default())) else { return };
    let lines = table.split(|byte| matches!(byte, b'\n' | b'\r')).count();
    assert!(batch.items.len() <= lines, "{} documents of {lines} lines", batch.items.len());
    survives_an_export(&batch);
}

pub(super) fn xlsx(data: &[u8]) {
    let Some(batch) = read("xlsx", "a.xlsx", data) else { return };
    survives_an_export(&batch);
}

pub(super) fn articles_jsonl(data: &[u8]) {
    let Some(batch) = read("articles-jsonl", "a.jsonl", data) else { return };
    let objects = data.iter().filter(|byte| **byte == b'{').count();
    // Every record has a brace; in UTF-16 it has one, too.
    assert!(batch.items.len() <= objects, "{} articles of {objects} braces", batch.items.len());
    survives_an_export(&batch);
}

pub(super) fn jsonl(data: &[u8]) {
    let Some(batch) = read("jsonl", "a.jsonl", data) else { return };
    for line in data.split(|byte| *byte == b'\n').skip(1) {
        if let Ok(record) = serde_json::from_slice::<Value>(line) {
            batch.items.iter().filter(|item| record["id"] == item.id.as_str()).for_each(|item| quotes_are_of_the_record(item, &record, &batch));
        }
    }
    survives_an_export(&batch);
}

/// Every row that came back stands where its quotes stand; read here once more, without our types.
fn quotes_are_of_the_record(item: &Item, record: &Value, batch: &Batch) {
    if record["text"] != item.text.as_str() || batch.findings.iter().any(|finding| finding.rule == "jsonl-double-id") {
        return;
    }
    let rows = |sheet: &Value, list: &str| sheet[list].as_array().cloned().unwrap_or_default();
    for said in record["sheets"].as_array().into_iter().flatten() {
        let Some((_, sheet)) = item.sheets.iter().find(|(coder, _)| said["coder"] == coder.as_str()) else { continue };
        let rows: Vec<Value> = rows(said, "spans").into_iter().chain(rows(said, "claims")).collect();
        // Of several with one id some other may be the one that was taken.
        let is_only = |row: &Value| rows.iter().filter(|other| other["id"] == row["id"]).count() == 1;
        for (row, quote) in rows.iter().filter(|row| is_only(row)).filter_map(|row| Some((row, only_quote(row)?))) {
            if let Some(found) = quote_of(sheet, &item.text, row) {
                assert_eq!(found, quote, "{row}");
            }
        }
    }
}

/// The quote of a row with one range.
fn only_quote(row: &Value) -> Option<&str> {
    let ranges = row["ranges"].as_array().filter(|ranges| ranges.len() == 1 && row["occurrences"].is_null())?;
    ranges[0]["quote"].as_str()
}

fn quote_of(sheet: &Sheet, text: &crate::text::Text, row: &Value) -> Option<String> {
    let id = row["id"].as_str()?;
    let span = sheet.spans.iter().find(|(key, _)| key.to_string() == id).map(|(_, span)| &span.ranges);
    let claim = sheet.claims.iter().find(|(key, _)| key.to_string() == id).and_then(|(_, claim)| claim.content.as_ref());
    // The same id may stand among spans and claims.
    if span.is_some() == claim.is_some() { None } else { span.or(claim).map(|ranges| text.quote(ranges)) }
}

pub(super) fn doccano(data: &[u8]) {
    json("doccano", &MemoryFiles::new([("a.jsonl", data)]));
}

/// Tasks and a labelling configuration.
pub(super) fn label_studio(data: &[u8]) {
    let [tasks, config] = parts(data);
    json("label-studio", &MemoryFiles::new([("a.json", tasks), ("label_config.xml", config)]));
}

/// A mapping and records.
pub(super) fn mapped_json(data: &[u8]) {
    let [mapping, records] = parts(data);
    let Ok(mapping) = format::JsonMapping::from_ron(&text_of(mapping)) else { return };
    let mut options = ReadOptions::new(CoderKey::from_name("ann"), IdSource::seeded(1));
    options.mapping = Some(std::sync::Arc::new(mapping));
    let mut batch = Batch::default();
    let reader = format::find("mapped-json").unwrap().reader.unwrap();
    let read = reader(&MemoryFiles::new([("a.json", records)]), &mut options, &mut batch);
    if let Some(batch) = checked(read.map(|()| batch)) {
        survives_an_export(&batch);
    }
}

/// A project and a text, and any bytes as an archive.
pub(super) fn refi_qda(data: &[u8]) {
    let [project, text] = parts(data);
    json("refi-qda", &MemoryFiles::new([("project.qde", project), ("sources/x.txt", text)]));
    read("refi-qda", "a.qdpx", data);
    if let Ok((mut schema, findings)) = format::qdc_codebook(&text_of(project), &Schema::default()) {
        assert!(findings.iter().all(|finding| finding.message.chars().count() <= MAX_MESSAGE_CHARS));
        fit_schema(&Schema::default(), &mut schema);
        assert_eq!(read_schema(&write_schema(&schema)).unwrap(), schema);
    }
}

pub(super) fn aif(data: &[u8]) {
    json("aif", &MemoryFiles::new([("a.json", data)]));
}

pub(super) fn dna(data: &[u8]) {
    if let Some(batch) = read("dna", "a.dna", data) {
        survives_an_export(&batch);
        for format in ["dna-events", "graphml", "gexf"] {
            export(format, &batch.tables, &batch.items, OffsetUnit::Utf16);
        }
    }
}

pub(super) fn spacy_jsonl(data: &[u8]) {
    json("spacy-jsonl", &MemoryFiles::new([("a.jsonl", data)]));
}

/// A text and its annotations.
pub(super) fn w3c(data: &[u8]) {
    let [text, annotations] = parts(data);
    json("w3c", &MemoryFiles::new([("a.txt", text), ("a.jsonld", annotations)]));
}

pub(super) fn uima_json(data: &[u8]) {
    json("uima-json", &MemoryFiles::new([("a.json", data)]));
}

/// A type system and annotations.
pub(super) fn uima_xmi(data: &[u8]) {
    let [types, annotations] = parts(data);
    json("uima-xmi", &MemoryFiles::new([("TypeSystem.xml", types), ("a.xmi", annotations)]));
}

pub(super) fn webanno_tsv(data: &[u8]) {
    json("webanno-tsv", &MemoryFiles::new([("a.tsv", data)]));
}

pub(super) fn gate_xml(data: &[u8]) {
    json("gate-xml", &MemoryFiles::new([("a.xml", data)]));
}

pub(super) fn tei(data: &[u8]) {
    json("tei", &MemoryFiles::new([("a.xml", data)]));
}

pub(super) fn bdocjs(data: &[u8]) {
    json("bdocjs", &MemoryFiles::new([("a.bdocjs", data)]));
}

pub(super) fn pubannotation(data: &[u8]) {
    json("pubannotation", &MemoryFiles::new([("a.json", data)]));
}

pub(super) fn bioc_xml(data: &[u8]) {
    json("bioc-xml", &MemoryFiles::new([("a.xml", data)]));
}

pub(super) fn bioc_json(data: &[u8]) {
    json("bioc-json", &MemoryFiles::new([("a.json", data)]));
}

pub(super) fn pubtator(data: &[u8]) {
    json("pubtator", &MemoryFiles::new([("a.pubtator", data)]));
}

/// An article and a table, read as either of the two.
pub(super) fn semeval(data: &[u8]) {
    let [text, table] = parts(data);
    json("semeval2020-ptc", &MemoryFiles::new([("article1.txt", text), ("a.tsv", table)]));
    json("semeval2025-roles", &MemoryFiles::new([("article1.txt", text), ("a.tsv", table)]));
}

/// With and without a codebook; what was read is written in its own format, too.
fn json(format: &str, files: &MemoryFiles) {
    for known in [Tables::default(), Tables { schema: schema(), ..Tables::default() }] {
        let Some(batch) = checked(try_import(format, files, &known)) else { continue };
        survives_an_export(&batch);
        let mut tables = known;
        tables.add_missing(batch.tables.clone());
        let (written, _) = export(format, &tables, &batch.items, OffsetUnit::CodePoints);
        checked(try_import(format, &written, &tables));
    }
}

/// A text, its annotations and both configurations.
pub(super) fn brat(data: &[u8]) {
    let [text, ann, annotation_conf, visual_conf] = parts(data);
    let files = MemoryFiles::new([("a.txt", text), ("a.ann", ann), ("annotation.conf", annotation_conf), ("visual.conf", visual_conf)]);
    for known in [Tables::default(), Tables { schema: schema(), ..Tables::default() }] {
        let Some(batch) = checked(try_import("brat", &files, &known)) else { continue };
        quotes_are_of_the_lines(&batch, ann);
        survives_an_export(&batch);
        comes_back_as_brat(&batch, &known);
    }
}

/// Unless a finding says otherwise, every span has the words of one of the lines; compared without blanks.
fn quotes_are_of_the_lines(batch: &Batch, ann: &[u8]) {
    if batch.findings.iter().any(|finding| finding.rule == "brat-text-differs") {
        return;
    }
    let Ok(ann) = decode(ann) else { return };
    let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace() && !('\u{1c}'..='\u{1e}').contains(c)).collect::<String>();
    let lines = ann.text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
    let columns: Vec<Vec<&str>> = lines.filter(|line| line.starts_with('T')).map(|line| line.splitn(3, '\t').collect()).collect();
    if columns.iter().any(|columns| columns.len() < 3) {
        return;
    }
    let surfaces: BTreeSet<String> = columns.iter().map(|columns| letters(columns[2])).collect();
    for item in &batch.items {
        for (_, ranges) in item.sheets.values().flat_map(|sheet| sheet.marks()) {
            let quote: String = ranges.iter().map(|range| letters(item.text.slice(range))).collect();
            assert!(surfaces.contains(&quote), "“{quote}” is no surface of {surfaces:?}");
        }
    }
}

fn comes_back_as_brat(batch: &Batch, known: &Tables) {
    let mut tables = known.clone();
    tables.add_missing(batch.tables.clone());
    super::round_trips::brat_comes_back(&tables, &batch.items);
}

/// The first line is the file's name.
pub(super) fn recognise(data: &[u8]) {
    let cut = data.iter().position(|byte| *byte == b'\n').unwrap_or(data.len());
    // No system has longer names.
    let name: String = text_of(&data[..cut]).chars().take(200).collect();
    let content = data.get(cut + 1..).unwrap_or_default();
    let format = format::recognise(&name, &content[..content.len().min(4096)]);
    assert!(format.reader.is_some(), "{name}");
    let stem = format::stem(&name);
    assert!(name.starts_with(stem) && name.ends_with(format::base_name(&name)));
    for format in FORMATS.iter().filter(|format| format.reader.is_some()) {
        if let Some(batch) = read(format.name, &name, content) {
            survives_an_export(&batch);
        }
    }
}

pub(super) fn columns(data: &[u8]) {
    let [said, header] = parts(data);
    let header: Vec<String> = text_of(header).lines().map(str::to_owned).collect();
    match text_of(said).parse::<Columns>() {
        Ok(columns) => {
            // Names of columns are taken as they are written, but for blanks around them.
            assert_eq!(columns.to_string().parse::<Columns>().as_ref(), Ok(&columns));
            for at in columns.find(&header).into_iter().flat_map(std::collections::BTreeMap::into_values) {
                assert!(at < header.len());
            }
        }
        Err(why) => assert!(!why.is_empty()),
    }
}
