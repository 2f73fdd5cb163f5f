//! What must hold for everything that a reader gives, whatever it has read.

use crate::format::{Batch, FormatError, Item};
use crate::model::{Document, DocumentId, Finding, MAX_MESSAGE_CHARS, Sheet, SheetKey};
use crate::store::StoreError;
use crate::store::layout::{Part, Shelf, document_path, sheet_path};
use crate::text::{Ranges, Text};

/// A reason that was cut, a file's name of 200 characters, and the words around them. Whoever shows an error cuts it again.
const MAX_ERROR_CHARS: usize = MAX_MESSAGE_CHARS + 300;

pub(super) fn check_findings(findings: &[Finding]) {
    for finding in findings {
        check_message(&finding.message, MAX_MESSAGE_CHARS);
        assert!(!finding.rule.is_empty());
        assert!(finding.line != Some(0), "lines are counted from 1: {finding}");
    }
}

/// Short, not empty, and nothing in it that changes how a terminal or a line is shown.
fn check_message(message: &str, most: usize) {
    let chars = message.chars().count();
    assert!(chars <= most, "a message has {chars} characters: {message}");
    assert!(!message.trim().is_empty(), "an empty message");
    let is_hidden =
        |c: char| c.is_control() && c != '\n' || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    assert!(!message.contains(is_hidden), "a message with control characters: {message:?}");
}

pub(super) fn check_format_error(error: &FormatError) {
    check_message(&error.message(), MAX_MESSAGE_CHARS);
    let chars = error.to_string().chars().count();
    assert!(chars <= MAX_ERROR_CHARS, "an error has {chars} characters");
}

pub(super) fn check_store_error(error: &StoreError) {
    // A file's name may hold anything; whoever shows it escapes it.
    let chars = error.to_string().chars().count();
    assert!(chars <= MAX_ERROR_CHARS, "an error has {chars} characters");
}

pub(super) fn check_batch(batch: &Batch) {
    check_findings(&batch.findings);
    batch.items.iter().for_each(check_item);
    for undecoded in &batch.undecoded {
        assert!(undecoded.preview.chars().count() <= 300);
        assert!(encoding_rs::Encoding::for_label(undecoded.guess.as_bytes()).is_some());
    }
}

fn check_item(item: &Item) {
    assert_eq!(DocumentId::new(item.id.as_str()).as_ref(), Ok(&item.id));
    for path in [document_path(&item.id, Part::Text, Shelf::Live), document_path(&item.id, Part::Original, Shelf::Trash)] {
        check_path(&path);
    }
    check_document(&item.document, &item.text);
    for (coder, sheet) in &item.sheets {
        check_path(&sheet_path(&SheetKey::new(&item.id, coder), Shelf::Live));
        check_sheet(sheet, &item.text);
    }
}

/// It stays in its folder, on every system.
fn check_path(path: &str) {
    let is_fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-./".contains(c);
    assert!(path.chars().all(is_fine) && !path.contains("..") && !path.starts_with('/'), "{path}");
    assert!(path.split('/').all(|part| !part.is_empty() && part.len() <= 100), "{path}");
}

pub(super) fn check_document(document: &Document, text: &Text) {
    assert_eq!(&document.text_hash, text.hash());
    for region in &document.regions {
        text.range(region.range.start(), region.range.end()).unwrap();
    }
    assert!(document.regions.is_sorted(), "regions stand in text order");
}

pub(super) fn check_sheet(sheet: &Sheet, text: &Text) {
    sheet.places().for_each(|(_, ranges)| check_ranges(ranges, text));
    for claim in sheet.claims.values() {
        assert!(claim.content.is_some() || claim.occurrences.is_empty(), "a claim without content has no further places");
        let places: Vec<_> = claim.occurrences.iter().map(Ranges::as_slice).collect();
        assert!(places.is_sorted_by(|a, b| a < b), "further places stand in text order, each once");
        assert!(!claim.occurrences.iter().any(|place| Some(place) == claim.content.as_ref()));
        assert!(claim.roles.values().all(|fillers| !fillers.is_empty()), "no empty lists of fillers");
    }
}

fn check_ranges(ranges: &Ranges, text: &Text) {
    text.check(ranges).unwrap();
    assert!(ranges.as_slice().windows(2).all(|pair| pair[0].end() < pair[1].start()), "{ranges:?}");
    assert!(!text.quote(ranges).is_empty());
}
