//! The files of a project. A file may be damaged in any way: what can be read is read, the rest is kept.

use super::checks::{check_findings, check_sheet, check_store_error};
use super::parts;
use crate::model::{CoderKey, DocumentId, Id, SheetKey};
use crate::store::files::{
    SheetFile, decode, read_document, read_entities, read_project, read_sheet, write_document, write_entities, write_project, write_sheet,
};
use crate::store::project::parse_schema;
use crate::store::schema_file::write_schema;
use crate::store::{StoreError, has_conflict_marks, plain_ron};
use crate::text::Text;

/// The content of a file, where its bytes are UTF-8.
fn content(data: &[u8]) -> Option<&str> {
    let mut findings = Vec::new();
    let content = taken(decode("f.ron", data, &mut findings));
    check_findings(&findings);
    content
}

fn taken<T>(result: Result<T, StoreError>) -> Option<T> {
    result.inspect_err(check_store_error).ok()
}

fn id() -> DocumentId {
    DocumentId::from_title("a", Id::from_bits(1))
}

pub(super) fn project(data: &[u8]) {
    let Some((info, coders)) = content(data).and_then(|content| taken(read_project(content))) else { return };
    let written = write_project(&info, &coders).unwrap();
    assert_eq!(read_project(&written).unwrap(), (info, coders));
}

pub(super) fn schema(data: &[u8]) {
    let Some(schema) = content(data).and_then(|content| taken(parse_schema(content))) else { return };
    let written = write_schema(&schema);
    assert_eq!(parse_schema(&written).unwrap(), schema);
    assert_eq!(write_schema(&parse_schema(&written).unwrap()), written);
}

pub(super) fn entities(data: &[u8]) {
    let Some(read) = content(data).and_then(|content| taken(read_entities("e.ron", content))) else { return };
    check_findings(&read.findings);
    let rows = || read.entities.iter().map(|(id, entity)| (*id, entity));
    let Some(written) = write_entities("e.ron", rows(), &read.put_aside).unwrap() else {
        return assert!(read.entities.is_empty() && read.put_aside.is_empty());
    };
    let again = read_entities("e.ron", &written).unwrap();
    assert!(!again.is_salvaged, "what we write is whole: {written}");
    assert_eq!((&again.entities, &again.put_aside), (&read.entities, &read.put_aside));
}

pub(super) fn document(data: &[u8]) {
    let [text, file] = parts(data);
    let Ok(text) = std::str::from_utf8(text).map(Text::new) else { return };
    let mut findings = Vec::new();
    let Some(document) = content(file).and_then(|file| taken(read_document("d.ron", file, &id(), Some(&text), &mut findings))) else { return };
    check_findings(&findings);
    let written = write_document("d.ron", &id(), &document, Some(&text)).unwrap();
    let mut findings = Vec::new();
    let again = read_document("d.ron", &written, &id(), None, &mut findings).unwrap();
    assert_eq!(again, document);
    assert_eq!(findings, []);
}

/// The reader of our own gives up, or gives what the `ron` crate gives.
fn plain_is_what_the_crate_reads(file: &[u8]) {
    let Ok(file) = std::str::from_utf8(file) else { return };
    if let Some(plain) = plain_ron::read_plain::<SheetFile<'_>>(file) {
        let by_the_crate = ron::from_str::<SheetFile<'_>>(file).expect("the crate reads it, too");
        assert_eq!(plain.write("s.ron").unwrap(), by_the_crate.write("s.ron").unwrap());
    }
}

/// The text of the document, then its sheet.
pub(super) fn sheet(data: &[u8]) {
    let [text, file] = parts(data);
    let Ok(text) = std::str::from_utf8(text).map(Text::new) else { return };
    let key = SheetKey::new(&id(), &CoderKey::from_name("ann"));
    let _ = has_conflict_marks(file);
    plain_is_what_the_crate_reads(file);
    let Some(read) = content(file).and_then(|file| taken(read_sheet("s.ron", file, &key, &text))) else { return };
    check_findings(&read.findings);
    check_sheet(&read.sheet, &text);
    let written = write_sheet("s.ron", &key, &read.sheet, &text).unwrap();
    let again = read_sheet("s.ron", &written, &key, &text).unwrap();
    assert!(!again.is_salvaged, "what we write is whole: {written}");
    let moved = again.findings.iter().find(|finding| !["row-put-aside", "corrected-away"].contains(&finding.rule));
    assert!(moved.is_none(), "what we write needs no word: {moved:?}\n{written}");
    assert_eq!(again.sheet, read.sheet, "{written}");
    assert_eq!(write_sheet("s.ron", &key, &again.sheet, &text).unwrap(), written);
}
