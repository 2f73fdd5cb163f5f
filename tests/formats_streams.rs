//! Files are read piece by piece where that can be done, and then hold what they hold when they are read as a whole.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod common;

use common::{export, import_beside, item, tables};
use fastrand::Rng;
use manicule::format::{Batch, FORMATS, Layout, MemoryFiles};
use manicule::model::IdSource;
use manicule::text::offsets::OffsetUnit;

/// Two bytes a character, which is decoded as a whole.
fn as_utf16(content: &str) -> Vec<u8> {
    let units = content.encode_utf16().flat_map(u16::to_le_bytes);
    b"\xff\xfe".iter().copied().chain(units).collect()
}

fn said(batch: &Batch) -> Vec<String> {
    let items = batch.items.iter().map(|item| {
        let mut item = item.clone();
        item.document.decoding = manicule::text::decode::Decoding::utf8();
        item.original = None;
        format!("{item:?}")
    });
    let findings = batch.findings.iter().map(|finding| format!("{finding:?}"));
    items.chain(findings).chain([format!("{:?}", batch.tables)]).collect()
}

#[test]
fn what_is_read_in_pieces_is_what_is_read_as_a_whole() {
    let (mut rng, mut ids) = (Rng::with_seed(7), IdSource::seeded(7));
    let tables = tables(&mut rng, &mut ids);
    let items: Vec<_> = (0..800).map(|_| item(&mut rng, &mut ids, &tables)).collect();
    let mut compared = 0;
    // Ours is in UTF-8, or it is refused.
    let formats = FORMATS.iter().filter(|format| format.layout == Layout::File && format.name != "jsonl");
    for format in formats.filter(|format| format.reader.is_some() && format.writer.is_some()) {
        let (files, _) = export(format.name, &tables, &items, OffsetUnit::CodePoints);
        let (name, content) = files.0.iter().next().unwrap();
        let Ok(content) = std::str::from_utf8(content) else { continue };
        // A NUL in front makes a file look like no text.
        let content = content.replace('\0', "");
        let [pieces, whole] = [content.clone().into_bytes(), as_utf16(&content)].map(|bytes| {
            let files = MemoryFiles::new([(name.clone(), bytes)]);
            said(&import_beside(format.name, &files, &tables, &items))
        });
        // More than one piece.
        assert!(content.len() > 80_000, "{}: {}", format.name, content.len());
        let different = pieces.iter().zip(&whole).find(|(pieces, whole)| pieces != whole);
        assert!(pieces.len() == whole.len() && different.is_none(), "{}: {different:?}", format.name);
        assert!(pieces.len() > 100, "{}: {}", format.name, pieces.len());
        compared += 1;
    }
    assert!(compared > 10, "{compared}");
}
