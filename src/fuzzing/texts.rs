//! Readers of texts: encodings, offsets, quotes, needles, notation, dictionaries.

use super::checks::check_findings;
use super::{parts, text_of};
use crate::model::notation::Notation;
use crate::model::notation::testing::schema;
use crate::suggest::dictionary::Dictionary;
use crate::text::anchor::{Anchor, Quotes, find_quote};
use crate::text::decode::{DecodeError, OFFERED, decode as decode_bytes, decode_with, preview};
use crate::text::offsets::{OffsetMap, OffsetUnit};
use crate::text::search::{Bounds, Case, Needles, find_all};
use crate::text::segment::{next_grapheme, previous_grapheme, sentence_at, word_at};
use crate::text::snap::Snapping;
use crate::text::{Text, TextRange};

/// The first line is the file's name.
pub(super) fn dictionary(data: &[u8]) {
    let text = text_of(data);
    let (name, content) = text.split_once('\n').unwrap_or((&text, ""));
    let (dictionary, findings) = Dictionary::parse(name, content);
    check_findings(&findings);
    assert!(findings.len() <= 201);
    let (again, findings) = Dictionary::parse("d.tsv", &dictionary.to_tsv());
    assert_eq!(again, dictionary);
    assert_eq!(findings, []);
    for entry in dictionary.entries().iter().take(20) {
        let found = dictionary.lookup(entry.name(), dictionary.len());
        assert!(found.contains(&entry) || entry.name().trim().is_empty(), "{entry:?}");
    }
    let merged = Dictionary::merged([dictionary.clone(), again]);
    assert!(merged.len() <= dictionary.len().max(1) * 2);
}

pub(super) fn notation(data: &[u8]) {
    let Ok(source) = std::str::from_utf8(data) else { return };
    let schema = schema();
    match Notation::parse(source, &schema) {
        Ok(notation) => {
            super::checks::check_sheet(&notation.sheet, &notation.text);
            let printed = notation.print(&schema);
            let again = Notation::parse(&printed, &schema).unwrap_or_else(|error| panic!("{error}\n{printed}"));
            assert_eq!(again.print(&schema), printed);
            let exact = notation.print_exact(&schema);
            let again = Notation::parse(&exact, &schema).unwrap_or_else(|error| panic!("{error}\n{exact}"));
            assert_eq!((&again.text, &again.sheet, &again.entities), (&notation.text, &notation.sheet, &notation.entities), "{exact}");
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// The first byte chooses an encoding.
pub(super) fn decode(data: &[u8]) {
    match decode_bytes(data) {
        Ok(decoded) if decoded.decoding.is_verbatim() => assert_eq!(decoded.text.as_bytes(), data),
        Ok(decoded) => assert!(decoded.decoding.bom, "without a mark only UTF-8 is certain"),
        Err(DecodeError::NotUtf8 { offset, guess }) => {
            assert!(offset <= data.len());
            assert!(preview(data, guess, 80).chars().count() <= 80);
            let _ = decode_with(data, guess);
        }
        Err(error) => assert!(error.to_string().len() < 500),
    }
    let Some((choice, bytes)) = data.split_first() else { return };
    let name = OFFERED[usize::from(*choice) % OFFERED.len()];
    if let Ok(decoded) = decode_with(bytes, name) {
        let (encoding, ..) = (encoding_rs::Encoding::for_label(name.as_bytes()).unwrap(), ());
        assert!(!encoding.decode_without_bom_handling(bytes).1 || decoded.decoding.bom, "nothing was replaced");
        assert_eq!(decoded.decoding.encoding, encoding.name());
    }
}

pub(super) fn offsets(data: &[u8]) {
    let text = text_of(data);
    for unit in OffsetUnit::ALL {
        let map = OffsetMap::new(&text, unit);
        let mut expected = 0;
        for (byte, c) in text.char_indices() {
            assert_eq!((map.to_unit(byte), map.to_byte(expected)), (expected, Some(byte)), "{unit}");
            expected += unit.width(c);
        }
        assert_eq!(map.to_byte(expected), Some(text.len()));
        assert_eq!(map.to_byte(expected + 1), None);
        assert_eq!(map.to_byte(usize::MAX), None);
    }
    let snapping = Text::new(&*text);
    for at in text.char_indices().map(|(at, _)| at).take(8) {
        let (word, sentence) = (word_at(&text, at), sentence_at(&text, at));
        assert!(text.get(word).is_some() && text.get(sentence).is_some());
        assert!(previous_grapheme(&text, at) <= at && next_grapheme(&text, at) > at);
        if let Ok(range) = snapping.range(at, next_grapheme(&text, at)) {
            for (words, trim) in [(false, true), (true, false), (true, true)] {
                let snapped = Snapping { words, trim }.apply(&snapping, range);
                assert!(snapping.range(snapped.start(), snapped.end()).is_ok());
            }
        }
    }
}

/// A text, a quote, and where it was said to be.
pub(super) fn quotes(data: &[u8]) {
    let [text, quote, start] = parts(data);
    let (text, quote) = (Text::new(text_of(text)), text_of(quote));
    let start = text_of(start).trim().parse().unwrap_or(0);
    let is_it = |range: &TextRange| text.slice(*range) == quote;
    let found = find_quote(&text, &quote, start);
    let mut many = Quotes::new(&text);
    // The later ones with an index.
    (0..60).for_each(|_| assert_eq!(many.find(&quote, start), found));
    match found {
        Anchor::Exact(range) => assert!(is_it(&range) && range.start() == start),
        Anchor::Unique(range) => assert!(is_it(&range) && text.as_str().matches(&*quote).count() == 1),
        Anchor::Candidates(ranges) => {
            assert!(ranges.len() > 1 && ranges.iter().all(is_it));
            assert!(ranges.is_sorted_by_key(|range| range.start().abs_diff(start)));
        }
        Anchor::Lost => assert!(quote.is_empty() || !text.as_str().contains(&*quote)),
    }
}

/// A text, then a needle a line.
pub(super) fn search(data: &[u8]) {
    let [text, needles] = parts(data);
    let (text, needles) = (Text::new(text_of(text)), text_of(needles));
    let needles: Vec<&str> = needles.lines().filter(|needle| !needle.is_empty()).take(20).collect();
    for (case, bounds) in [(Case::Matters, Bounds::Anywhere), (Case::Ignored, Bounds::Anywhere), (Case::Ignored, Bounds::WholeWords)] {
        let hits = Needles::new(&needles, case, bounds).find_in(&text);
        assert!(hits.is_sorted_by(|a, b| a.end() <= b.start()), "in order and apart: {hits:?}");
        if case == Case::Matters {
            assert!(hits.iter().all(|hit| needles.contains(&text.slice(*hit))));
        }
    }
    if let Some(needle) = needles.first() {
        assert_eq!(find_all(&text, needle, Case::Matters).is_empty(), !text.as_str().contains(needle));
    }
}
