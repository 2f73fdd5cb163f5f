//! Our archives and networks are read by programs that are not ours.
//!
//! Needs the virtual environment of `tests/readers/setup.sh`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use common::readers::{arguebuf, python, python_with_older, write};
use common::samples::samples;
use common::{export, project};
use manicule::format::Fate;
use manicule::model::{AttributeKey, AttributeValue};
use manicule::store::Places;
use manicule::store::templates::TEMPLATES;
use manicule::text::offsets::OffsetUnit;
use manicule::workspace::codebook::write_codebook;

const PROJECTS: u64 = 60;

/// Writes each project into a folder of its own; what the reports say was written.
fn write_projects(dir: &Path, format: &str) -> BTreeMap<&'static str, usize> {
    let mut written = BTreeMap::new();
    for seed in 0..PROJECTS {
        let (tables, items) = project(seed);
        let (files, report) = export(format, &tables, &items, OffsetUnit::CodePoints);
        write(&files, &dir.join(format!("{seed:02}")));
        *written.entry("documents").or_default() += report.documents;
        for line in report.lines.iter().filter(|line| line.fate != Fate::Dropped) {
            *written.entry(line.what).or_default() += line.count;
        }
    }
    written
}

#[test]
fn pyrefiqda_reads_our_projects() {
    let dir = tempfile::tempdir().unwrap();
    let written = write_projects(dir.path(), "refi-qda");
    let read = python("read_refi.py", &[dir.path().to_owned()]);
    let marks = written["spans"] + written["claims"] + written["further occurrences of claims"];
    assert_eq!(read[..2], [usize::try_from(PROJECTS).unwrap(), written["documents"]]);
    // Pieces of discontinuous places are selections, too.
    assert!(read[2] > marks && marks > 300, "{read:?} {marks}");
    assert!(read[3] > read[2] && read[4] > written["relations"], "{read:?}");
}

#[test]
fn codebooks_fit_the_schema_of_qdc() {
    let Some(dir) = samples("refi-qda") else { return };
    let schema = dir.join("openqda+refi-tools/docs/schemas/codebook/v1.0/Codebook.xsd");
    let out = tempfile::tempdir().unwrap();
    let places = Places::under(&out.path().join("state"));
    let mut codes = 0;
    for template in TEMPLATES {
        let schema = template.schema().unwrap();
        codes += schema.labels.len();
        write_codebook(&schema, &out.path().join(format!("{}.qdc", template.name)), &places).unwrap();
    }
    let read = python("read_qdc.py", &[schema, out.path().to_owned()]);
    assert!(read[0] == TEMPLATES.len() && read[1] > codes && read[2] > read[0], "{read:?} {codes}");
}

#[test]
fn networkx_and_igraph_read_our_networks() {
    let dir = tempfile::tempdir().unwrap();
    let written = write_projects(dir.path(), "graphml");
    assert_eq!(write_projects(dir.path(), "gexf"), written);
    let read = python("read_network.py", &[dir.path().to_owned()]);
    assert_eq!(read[1], written["fillers of roles"] + written["relations"]);
    assert!(read[0] > written["claims"] && read[3] > 50 && read[5] > 0, "{read:?}");
}

#[test]
fn pandas_reads_our_lists_of_events() {
    let dir = tempfile::tempdir().unwrap();
    let (mut claims, mut placed) = (0, 0);
    for seed in 0..PROJECTS {
        let (tables, items) = project(seed);
        let folder = dir.path().join(format!("{seed:02}"));
        write(&export("jsonl", &tables, &items, OffsetUnit::CodePoints).0, &folder);
        std::fs::rename(folder.join("out.jsonl"), folder.join("ours.jsonl")).unwrap();
        write(&export("dna-events", &tables, &items, OffsetUnit::Utf16).0, &folder);
        let all = || items.iter().flat_map(|item| item.sheets.values()).flat_map(|sheet| sheet.claims.values());
        claims += all().count();
        placed += all().filter(|claim| claim.content.is_some()).count();
    }
    assert_eq!(python("read_events.py", &[dir.path().to_owned()]), [claims, placed]);
}

#[test]
fn every_edge_of_our_argument_maps_leads_somewhere() {
    let dir = tempfile::tempdir().unwrap();
    let written = write_projects(dir.path(), "aif");
    let read = python("read_aif.py", &[dir.path().to_owned()]);
    assert_eq!(read[1], written["claims"]);
    assert!(read[2] >= written.get("relations").copied().unwrap_or_default() && read[3] > 10 && read[4] > read[3], "{read:?}");
}

#[test]
fn arguebuf_reads_our_argument_maps() {
    let is_wanted = std::env::var("MANICULE_READERS").is_ok_and(|which| which == "all");
    if !is_wanted {
        eprintln!("\n\nNOT TESTED: arguebuf. Run tests/readers/setup_all.sh and the tests with MANICULE_READERS=all\n");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let written = write_projects(dir.path(), "aif");
    let read = arguebuf(&[dir.path().to_owned()]);
    assert!(read[1] >= written["claims"] && read[2] > 0, "{read:?}");
}

#[test]
fn reviews_are_what_schema_org_describes() {
    let dir = tempfile::tempdir().unwrap();
    let mut expected = 0;
    for seed in 0..PROJECTS {
        let (tables, mut items) = project(seed);
        for item in &mut items {
            for sheet in item.sheets.values_mut() {
                let sheet = std::sync::Arc::make_mut(sheet);
                let claims: Vec<_> = sheet.claims.iter().map(|(id, claim)| (*id, claim.clone())).collect();
                for (id, mut claim) in claims {
                    claim.normalized = "Taxes fell by 10 %.".to_owned();
                    claim.attributes.insert(AttributeKey::new("verdict").unwrap(), AttributeValue::Text("Mostly false".to_owned()));
                    sheet.claims.insert(id, claim);
                }
            }
        }
        let (files, report) = export("claimreview", &tables, &items, OffsetUnit::CodePoints);
        write(&files, &dir.path().join(format!("{seed:02}")));
        expected += report.lines.iter().filter(|line| line.what == "claims" && line.fate == Fate::Changed).map(|line| line.count).sum::<usize>();
        assert!(!report.lines.iter().any(|line| line.what == "claims" && line.fate == Fate::Dropped));
    }
    let read = python("read_claimreview.py", &[dir.path().to_owned()]);
    assert!(read[0] == expected && expected > 50 && read[1] > 20, "{read:?} {expected}");
    let things = python_with_older("read_schemaorg.py", &[dir.path().to_owned()]);
    assert!(things[0] == expected && things[1] > 4 * expected, "{things:?} {expected}");
}

#[test]
fn mlcroissant_reads_every_record() {
    let dir = tempfile::tempdir().unwrap();
    let written = write_projects(dir.path(), "croissant");
    let read = python("read_croissant.py", &[dir.path().to_owned()]);
    assert!(read[0] > 20, "{read:?}");
    assert_eq!(read[1..], [written["documents"], written["spans"], written["entities"]]);
}
