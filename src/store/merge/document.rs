//! `documents/<xx>/<doc>.ron`: field by field. Regions are a set; a text and the corrections that led to it are one field.

use super::notes::Notes;
use super::versions::{Versions, merge_fields};
use super::{Merged, read_three};
use crate::store::StoreError;
use crate::store::files::{DocumentFile, RegionRow};

pub(super) fn merge(file: &str, contents: Versions<'_, str>) -> Result<Merged, StoreError> {
    let read = read_three(file, contents, DocumentFile::read)?;
    let mut notes = Notes::default();
    let mut merged = merge_fields_of(&mut notes, read.versions());
    let notes = notes.finish(&mut merged.residue);
    Ok(Merged { content: merged.write(file)?, notes })
}

pub(super) fn write_again(file: &str, content: &str) -> Result<String, StoreError> {
    DocumentFile::read(file, content)?.write(file)
}

fn merge_fields_of<'d>(notes: &mut Notes, versions: Versions<'_, DocumentFile<'d>>) -> DocumentFile<'d> {
    let texts = versions.map(|file| (file.text.clone(), file.corrections.clone()));
    let (text, corrections) = notes.required("text", texts.versions());
    let merged = merge_fields!(
        notes,
        versions,
        DocumentFile {
            format: same,
            document: required,
            title: required,
            source: optional,
            author: optional,
            date: optional,
            url: optional,
            language: optional,
            file_name: optional,
            text: same,
            encoding: required,
            bom: optional,
            residue: residue,
            regions: regions,
            corrections: same,
        }
    );
    DocumentFile { text, corrections, ..merged }
}

impl Notes {
    /// In text order, as they are read.
    fn regions<'d>(&mut self, name: &str, versions: Versions<'_, Vec<RegionRow<'d>>>) -> Vec<RegionRow<'d>> {
        if let Some(settled) = versions.settled() {
            return settled.clone();
        }
        let mut regions = self.list(name, versions);
        regions.sort_by_key(|region| (region.at.0, region.at.1, region.kind));
        regions
    }
}
