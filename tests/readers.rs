//! Our exports are read by programs that are not ours. Needs the virtual environment of `tests/readers/setup.sh`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod common;

use std::fs;

use common::readers::{python, write};
use common::{export, project};
use manicule::format::{Fate, Item};
use manicule::text::offsets::{OffsetMap, OffsetUnit};

const PROJECTS: u64 = 60;

fn count_ranges(items: &[Item]) -> usize {
    let marks =
        items.iter().flat_map(|item| item.sheets.values()).flat_map(|sheet| sheet.places().map(|(_, r)| r.as_slice().len()).collect::<Vec<_>>());
    marks.sum::<usize>() + items.iter().map(|item| item.document.regions.len()).sum::<usize>()
}

/// bioc takes a span of nothing but blanks for a broken line, and Python strips more than we call blank. Lines that make no
/// sense to brat, as earlier imports may have left them, make none to bioc.
fn without_blank_spans(mut items: Vec<Item>) -> Vec<Item> {
    for item in &mut items {
        let text = item.text.clone();
        let is_blank = |ranges: &manicule::text::Ranges| text.quote(ranges).replace('…', "").chars().all(|c| c.is_whitespace() || c.is_control());
        for sheet in item.sheets.values_mut() {
            let mut kept = (**sheet).clone();
            kept.info.residue.clear();
            kept.spans = kept.spans.into_iter().filter(|(_, span)| !is_blank(&span.ranges)).collect();
            kept.claims = kept.claims.into_iter().filter(|(_, claim)| !claim.content.as_ref().is_some_and(is_blank)).collect();
            *sheet = kept.into();
        }
    }
    items
}

#[test]
fn python_finds_every_quote_of_jsonl_in_every_unit() {
    for unit in OffsetUnit::ALL {
        let dir = tempfile::tempdir().unwrap();
        let mut expected = 0;
        let mut names = Vec::new();
        for seed in 0..PROJECTS {
            let (tables, items) = project(seed);
            let (files, _) = export("jsonl", &tables, &items, unit);
            names.push(dir.path().join(format!("{seed}.jsonl")));
            fs::write(names.last().unwrap(), files.text("out.jsonl")).unwrap();
            expected += count_ranges(&items);
        }
        assert!(expected > 500);
        assert_eq!(python("read_jsonl.py", &names), [expected]);
    }
}

#[test]
fn bioc_reads_brat() {
    let dir = tempfile::tempdir().unwrap();
    let mut expected = [0, 0, 0];
    for seed in 0..PROJECTS {
        let (tables, items) = project(seed);
        let (files, report) = export("brat", &tables, &without_blank_spans(items), OffsetUnit::CodePoints);
        write(&files, &dir.path().join(seed.to_string()));
        let of = |what: &str| report.lines.iter().filter(|l| l.what == what && l.fate != Fate::Dropped).map(|l| l.count).sum::<usize>();
        expected[0] += of("spans") + of("claims");
        expected[1] += of("claims");
        expected[2] += of("relations");
    }
    assert!(expected.iter().all(|count| *count > 10), "{expected:?}");
    assert_eq!(python("read_brat.py", &[dir.path().to_owned()]), expected);
}

#[test]
fn our_offsets_are_pythons() {
    let mut rng = fastrand::Rng::with_seed(1);
    let mut cases = Vec::new();
    for _ in 0..200 {
        let text = common::text(&mut rng, 50);
        let boundaries = || text.as_str().char_indices().map(|(i, _)| i).chain([text.len()]);
        let mut case = serde_json::json!({ "text": text.as_str() });
        for unit in OffsetUnit::ALL {
            let map = OffsetMap::new(text.as_str(), unit);
            case[unit.as_str()] = boundaries().map(|byte| map.to_unit(byte)).collect();
        }
        cases.push(case);
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cases.json");
    fs::write(&path, serde_json::to_string(&cases).unwrap()).unwrap();
    let agreed = python("check_offsets.py", &[path]);
    assert!(agreed[0] > 10_000, "{agreed:?}");
}
