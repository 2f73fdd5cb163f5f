//! Random projects on their way out and back. The first eight bytes are the seed; what follows is the text of every
//! document, where there is any.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::random::{difference, export, import, project, sheet as random_sheet};
use super::text_of;
use crate::format::{ExportReport, FORMATS, Fate, Item, Offsets, Tables};
use crate::model::notation::Notation;
use crate::model::notation::testing::{Chaos, schema};
use crate::model::{IdSource, Region, Severity, SheetKey};
use crate::store::files::{read_document, read_entities, read_sheet, write_document, write_entities, write_sheet};
use crate::text::Text;
use crate::text::decode::decode as decode_bytes;
use crate::text::offsets::{OffsetMap, OffsetUnit};

fn seed_of(data: &[u8]) -> (u64, &[u8]) {
    let cut = data.len().min(8);
    let mut seed = [0; 8];
    seed[..cut].copy_from_slice(&data[..cut]);
    (u64::from_le_bytes(seed), &data[cut..])
}

/// A project; with a text in the input, every document has that text and annotations made for it.
fn project_of(data: &[u8]) -> (Tables, Vec<Item>) {
    let (seed, text) = seed_of(data);
    let (tables, mut items) = project(seed);
    if text.is_empty() {
        return (tables, items);
    }
    let text = Text::new(text_of(text));
    let (mut rng, mut ids) = (fastrand::Rng::with_seed(seed), IdSource::seeded(seed ^ 1));
    for item in &mut items {
        item.document.text_hash = text.hash().clone();
        item.document.regions.clear();
        item.document.corrections.clear();
        item.text = text.clone();
        item.sheets.values_mut().for_each(|sheet| *sheet = Arc::new(random_sheet(&mut rng, &mut ids, &text, &tables)));
    }
    (tables, items)
}

fn count(report: &ExportReport, fates: &[Fate], what: &str) -> usize {
    report.lines.iter().filter(|line| fates.contains(&line.fate) && line.what == what).map(|line| line.count).sum()
}

const WRITTEN: [Fate; 2] = [Fate::Kept, Fate::Changed];

pub(super) fn jsonl(data: &[u8]) {
    let (tables, items) = project_of(data);
    let unit = unit_of(data);
    let (files, report) = export("jsonl", &tables, &items, unit);
    assert!(report.is_lossless());
    assert!(!files.text("out.jsonl").contains(['\u{85}', '\u{2028}', '\u{2029}']), "some readers take these for the end of a line");
    let batch = import("jsonl", &files, &Tables::default());
    assert_eq!(batch.findings, []);
    assert_eq!(batch.tables, tables);
    assert_eq!(batch.items, items);
    assert_eq!(export("jsonl", &batch.tables, &batch.items, unit).0, files);
}

/// One of the units.
fn unit_of(data: &[u8]) -> OffsetUnit {
    OffsetUnit::ALL[data.iter().map(|byte| usize::from(*byte)).sum::<usize>() % 3]
}

pub(super) fn brat(data: &[u8]) {
    let (mut tables, mut items) = project_of(data);
    for item in &mut items {
        item.sheets.retain(|coder, _| coder.as_str() == "alice");
    }
    tables.coders.retain(|coder, _| coder.as_str() == "alice");
    brat_comes_back(&tables, &items);
}

/// Spans, claims, relations and fillers come back as the report says; texts come back as they are.
pub(super) fn brat_comes_back(tables: &Tables, items: &[Item]) {
    let mut items = items.to_vec();
    items.sort_by(|a, b| a.id.cmp(&b.id));
    // A text of control characters or with a mark in front is another text when it is read as a file.
    items.retain(|item| decode_bytes(item.text.as_str().as_bytes()).is_ok_and(|decoded| decoded.text == item.text.as_str()));
    // Lines that an import kept aside are written back, and nobody knows what they become.
    super::checks::check_batch(&import("brat", &export("brat", tables, &items, OffsetUnit::CodePoints).0, tables));
    for sheet in items.iter_mut().flat_map(|item| item.sheets.values_mut()) {
        std::sync::Arc::make_mut(sheet).info.residue.clear();
    }
    let (files, report) = export("brat", tables, &items, OffsetUnit::CodePoints);
    let batch = import("brat", &files, tables);
    super::checks::check_batch(&batch);
    let bad: Vec<_> = batch.findings.iter().filter(|f| f.severity != Severity::Note && f.rule != "brat-bad-attribute").collect();
    assert!(bad.is_empty(), "{bad:?}");
    let sheets = || batch.items.iter().flat_map(|item| item.sheets.values());
    assert_eq!(sheets().map(|sheet| sheet.spans.len()).sum::<usize>(), count(&report, &WRITTEN, "spans"));
    assert_eq!(sheets().map(|sheet| sheet.claims.len()).sum::<usize>(), count(&report, &WRITTEN, "claims"));
    assert_eq!(sheets().map(|sheet| sheet.relations.len()).sum::<usize>(), count(&report, &WRITTEN, "relations"));
    let fillers = sheets().flat_map(|sheet| sheet.claims.values()).flat_map(|claim| claim.roles.values()).map(Vec::len);
    assert_eq!(fillers.sum::<usize>(), count(&report, &WRITTEN, "fillers of roles"));
    assert_eq!(items.len(), batch.items.len());
    for (before, after) in items.iter().zip(&batch.items) {
        assert_eq!(before.text, after.text);
    }
}

pub(super) fn csv(data: &[u8]) {
    let (tables, items) = project_of(data);
    let unit = unit_of(data);
    let (files, report) = export("csv", &tables, &items, unit);
    let mut reader = csv::Reader::from_reader(files.text("out.csv").as_bytes());
    let header = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let cell = |row: &csv::StringRecord, name: &str| row[header.iter().position(|column| column == name).unwrap()].to_owned();
    for (kind, what) in [("span", "spans"), ("claim", "claims"), ("occurrence", "further occurrences of claims")] {
        assert_eq!(rows.iter().filter(|row| cell(row, "kind") == kind).count(), count(&report, &WRITTEN, what), "{what}");
    }
    for row in &rows {
        let item = items.iter().find(|item| item.id.as_str() == cell(row, "document")).unwrap();
        let map = OffsetMap::new(item.text.as_str(), unit);
        let numbers = |name: &str| cell(row, name).split(';').filter(|n| !n.is_empty()).map(|n| n.parse::<usize>().unwrap()).collect::<Vec<_>>();
        let places = numbers("start").into_iter().zip(numbers("end"));
        let quotes: Vec<&str> = places.map(|(start, end)| &item.text.as_str()[map.to_byte(start).unwrap()..map.to_byte(end).unwrap()]).collect();
        assert_eq!(cell(row, "quote"), quotes.join(" … "));
    }
    spreadsheet_cells_are_safe(&tables, &items);
}

fn spreadsheet_cells_are_safe(tables: &Tables, items: &[Item]) {
    let (files, _) = export("csv-spreadsheet", tables, items, OffsetUnit::CodePoints);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(files.text("out.csv").as_bytes());
    for row in reader.records().map(Result::unwrap) {
        let is_formula = |cell: &str| cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\0']) && cell.parse::<f64>().is_err();
        assert!(!row.iter().any(is_formula), "{row:?}");
    }
}

pub(super) fn conll(data: &[u8]) {
    let (tables, items) = project_of(data);
    let (files, report) = export("conll2003", &tables, &items, OffsetUnit::CodePoints);
    let spans: usize = items.iter().flat_map(|item| item.sheets.values()).map(|sheet| sheet.spans.len()).sum();
    assert_eq!(count(&report, &[Fate::Kept, Fate::Changed, Fate::Dropped], "spans"), spans, "every span has a fate");
    let (mut begun, mut before) = (0, "O".to_owned());
    for line in files.0.values().flat_map(|page| std::str::from_utf8(page).unwrap().split('\n')) {
        let columns: Vec<&str> = line.split(' ').collect();
        if line.is_empty() {
            "O".clone_into(&mut before);
            continue;
        }
        let [word, "-X-", _, tag] = columns.as_slice() else { panic!("{line:?}") };
        assert!(!word.is_empty() && !word.contains(char::is_whitespace) && !word.contains(char::is_control), "{line:?}");
        match tag.split_once('-') {
            Some(("B", _)) => begun += 1,
            Some(("I", label)) => assert!(before.ends_with(&format!("-{label}")), "{line:?} follows {before}"),
            _ => assert_eq!(*tag, "O"),
        }
        (*tag).clone_into(&mut before);
    }
    assert!(begun >= count(&report, &WRITTEN, "spans"), "{begun}");
}

pub(super) fn formats(data: &[u8]) {
    let (tables, items) = project_of(data);
    for format in FORMATS.iter().filter(|format| format.proof.reader.is_some()) {
        let unit = match format.offsets {
            Offsets::Fixed(unit) => unit,
            Offsets::None | Offsets::Choosable(_) => unit_of(data),
        };
        let found = difference(format.name, &tables, (&items, &items), unit);
        assert!(found.is_none(), "{}: {found:?}", format.name);
    }
}

pub(super) fn sheet(data: &[u8]) {
    let (_, items) = project_of(data);
    for item in &items {
        for (coder, sheet) in &item.sheets {
            let key = SheetKey::new(&item.id, coder);
            let written = write_sheet("s.ron", &key, sheet, &item.text).unwrap();
            let read = read_sheet("s.ron", &written, &key, &item.text).unwrap();
            assert_eq!(read.findings, []);
            assert!(!read.is_salvaged);
            assert_eq!(&read.sheet, sheet.as_ref());
            assert_eq!(write_sheet("s.ron", &key, &read.sheet, &item.text).unwrap(), written);
        }
    }
}

pub(super) fn document(data: &[u8]) {
    let (_, items) = project_of(data);
    for item in &items {
        let mut document = item.document.clone();
        if let Some(range) = item.text.full_range() {
            document.regions.push(Region { range, kind: crate::model::RegionKind::Title });
            document.regions.sort_unstable();
        }
        let written = write_document("d.ron", &item.id, &document, Some(&item.text)).unwrap();
        let mut findings = Vec::new();
        assert_eq!(read_document("d.ron", &written, &item.id, Some(&item.text), &mut findings).unwrap(), document);
        assert_eq!(findings, []);
    }
}

pub(super) fn entities(data: &[u8]) {
    let (mut tables, _) = project_of(data);
    let (_, words) = seed_of(data);
    if let Some(entity) = tables.entities.values_mut().next() {
        entity.note = text_of(words).into_owned();
        entity.aliases.insert(text_of(words).into_owned());
    }
    let rows = || tables.entities.iter().map(|(id, entity)| (*id, entity));
    let Some(written) = write_entities("e.ron", rows(), &[]).unwrap() else { return assert!(tables.entities.is_empty()) };
    let read = read_entities("e.ron", &written).unwrap();
    assert_eq!((read.entities, read.put_aside, read.findings, read.is_salvaged), (tables.entities, vec![], vec![], false));
}

pub(super) fn notation(data: &[u8]) {
    let (seed, _) = seed_of(data);
    let (schema, notation) = (schema(), Chaos::new(seed).notation());
    let printed = notation.print_exact(&schema);
    let again = Notation::parse(&printed, &schema).unwrap_or_else(|error| panic!("{error}\n{printed}"));
    assert_eq!(again.print_exact(&schema), printed);
    assert_eq!((&again.text, &again.sheet, &again.entities), (&notation.text, &notation.sheet, &notation.entities), "{printed}");
    let ids: BTreeSet<_> = again.sheet.spans.keys().collect();
    assert_eq!(ids.len(), notation.sheet.spans.len());
}
