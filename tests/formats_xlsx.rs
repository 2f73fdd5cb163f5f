//! Workbooks: what our own export holds comes back, those of others are read by their columns, and hostile ones do no harm.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod common;

use std::io::Write as _;

use common::{export, import, import_beside, project, try_import};
use manicule::format::{MemoryFiles, Tables};
use manicule::text::offsets::OffsetUnit;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

#[test]
fn spans_of_our_own_workbook_come_back_to_their_texts() {
    for seed in 0..60 {
        let (tables, items) = project(seed);
        for unit in [OffsetUnit::CodePoints, OffsetUnit::Utf16] {
            let (files, _) = export("xlsx", &tables, &items, unit);
            let batch = import_beside("xlsx", &files, &tables, &items);
            for before in &items {
                // Quotes with characters that XML forbids are other words in the workbook, but stand where they stood.
                let marks = |item: &manicule::format::Item| {
                    let sheets = item.sheets.iter();
                    let spans =
                        sheets.flat_map(|(coder, sheet)| sheet.spans.values().map(move |span| format!("{coder} {:?} {}", span.ranges, span.label)));
                    let mut spans: Vec<String> = spans.collect();
                    spans.sort();
                    spans
                };
                let after = batch.items.iter().find(|item| item.id == before.id).map(marks).unwrap_or_default();
                assert_eq!(after, marks(before), "seed {seed}");
            }
        }
    }
}

#[test]
fn articles_in_a_workbook_have_their_dates_and_numbers() {
    let mut book = Workbook::new();
    let date = Format::new().set_num_format("dd.mm.yyyy");
    let sheet = book.add_worksheet().set_name("news").unwrap();
    for (column, name) in ["Headline", "Body", "Date", "Views", "Checked"].into_iter().enumerate() {
        sheet.write_string(0, u16::try_from(column).unwrap(), name).unwrap();
    }
    sheet.write_string(1, 0, "=One").unwrap();
    sheet.write_string(1, 1, "Zoë 🎉 said so.\nTwice.").unwrap();
    sheet.write_datetime_with_format(1, 2, ExcelDateTime::from_ymd(2016, 5, 17).unwrap(), &date).unwrap();
    sheet.write_number(1, 3, 12).unwrap();
    sheet.write_boolean(1, 4, true).unwrap();
    sheet.write_string(3, 1, "A row without a headline.").unwrap();
    book.add_worksheet().set_name("notes").unwrap().write_string(0, 0, "to do").unwrap();
    let files = MemoryFiles::new([("articles.xlsx", book.save_to_buffer().unwrap())]);
    let batch = import("xlsx", &files, &Tables::default());
    let seen: Vec<_> = batch.items.iter().map(|item| (item.document.title.as_str(), item.text.as_str())).collect();
    assert_eq!(seen, [("=One", "Zoë 🎉 said so.\nTwice."), ("A row without a headline.", "A row without a headline.")]);
    let one = &batch.items[0].document;
    assert_eq!(one.date.as_ref().unwrap().as_str(), "2016-05-17");
    assert_eq!(one.residue["xlsx"], r#"{"Checked":"true","Views":"12"}"#);
    assert_eq!(batch.findings.iter().map(|finding| finding.rule).collect::<Vec<_>>(), ["xlsx-other-sheet"]);
}

/// A workbook of one sheet with this XML.
fn workbook(sheet: &str) -> Vec<u8> {
    let parts = [
        (
            "[Content_Types].xml",
            r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#,
        ),
        (
            "_rels/.rels",
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        ),
        (
            "xl/workbook.xml",
            r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut writer = ZipWriter::new(&mut bytes);
    for (name, content) in parts {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap();
    bytes.into_inner()
}

#[test]
fn a_cell_far_away_takes_no_memory_and_damage_is_said() {
    let cell = |place: &str, text: &str| format!(r#"<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>"#);
    let rows = [
        format!(r#"<row r="1">{}{}</row>"#, cell("A1", "title"), cell("B1", "text")),
        format!(r#"<row r="2">{}{}{}</row>"#, cell("A2", "One"), cell("B2", "Words."), cell("XFD2", "far")),
        format!(r#"<row r="1048576">{}</row>"#, cell("B1048576", "Last.")),
    ];
    let xml = format!(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>"#,
        rows.concat()
    );
    let batch = import("xlsx", &MemoryFiles::new([("far.xlsx", workbook(&xml))]), &Tables::default());
    assert_eq!(batch.items.iter().map(|item| item.text.as_str()).collect::<Vec<_>>(), ["Words.", "Last."]);
    assert!(batch.findings.iter().any(|finding| finding.rule == "xlsx-columns"), "{:?}", batch.findings);
    for bytes in [workbook("<worksheet><sheetData><row><c"), b"PK, but no workbook".to_vec(), Vec::new()] {
        let error = try_import("xlsx", &MemoryFiles::new([("bad.xlsx", bytes)]), &Tables::default()).unwrap_err();
        assert!(error.to_string().starts_with("bad.xlsx: this is not Excel workbook"), "{error}");
    }
}
