//! `documents/<xx>/<doc>.ron`: everything about an article but its text and annotations.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::row::{FileWriter, Place, bare, unique_map};
use super::{FORMAT, parse};
use crate::model::{Correction, Date, Document, DocumentId, Finding, FindingCounts, Region, RegionKind, Replacement, Residue, Severity};
use crate::store::StoreError;
use crate::text::decode::Decoding;
use crate::text::{Text, TextHash};

/// The file as it stands, whatever the text says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DocumentFile<'a> {
    pub(crate) format: u32,
    pub(crate) document: DocumentId,
    pub(crate) title: String,
    #[serde(default)]
    pub(crate) source: String,
    #[serde(default)]
    pub(crate) author: String,
    #[serde(default, with = "bare")]
    pub(crate) date: Option<Date>,
    #[serde(default)]
    pub(crate) url: String,
    #[serde(default)]
    pub(crate) language: String,
    #[serde(default)]
    pub(crate) file_name: String,
    pub(crate) text: TextHash,
    pub(crate) encoding: String,
    #[serde(default)]
    pub(crate) bom: bool,
    #[serde(default, deserialize_with = "unique_map")]
    pub(crate) residue: Residue,
    #[serde(default, borrow)]
    pub(crate) regions: Vec<RegionRow<'a>>,
    #[serde(default, borrow)]
    pub(crate) corrections: Vec<CorrectionRow<'a>>,
}

impl<'a> DocumentFile<'a> {
    /// Reads a file that is whole.
    pub(crate) fn read(file: &str, content: &'a str) -> Result<Self, StoreError> {
        parse(file, content, |file: &Self| file.format)
    }

    /// Writes the file.
    pub(crate) fn write(&self, file: &str) -> Result<String, StoreError> {
        let mut writer = FileWriter::new(file);
        writer.field("document", &self.document)?;
        writer.field("title", &self.title)?;
        writer.optional("source", &self.source)?;
        writer.optional("author", &self.author)?;
        writer.present("date", self.date.as_ref())?;
        writer.optional("url", &self.url)?;
        writer.optional("language", &self.language)?;
        writer.optional("file_name", &self.file_name)?;
        writer.field("text", &self.text)?;
        writer.field("encoding", &self.encoding)?;
        writer.optional("bom", &self.bom)?;
        writer.optional("residue", &self.residue)?;
        writer.section("regions", self.regions.iter())?;
        writer.section("corrections", self.corrections.iter())?;
        Ok(writer.finish())
    }
}

/// One line of `regions`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RegionRow<'a> {
    pub(crate) kind: RegionKind,
    #[serde(borrow)]
    pub(crate) at: Place<'a>,
}

/// One line of `corrections`.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CorrectionRow<'a> {
    pub(crate) old: TextHash,
    pub(crate) new: TextHash,
    #[serde(borrow)]
    pub(crate) replaced: Vec<(usize, usize, Cow<'a, str>)>,
}

/// Reads a document's fields. Quotes of regions are checked where a text is given.
pub(crate) fn read_document(
    file: &str,
    content: &str,
    id: &DocumentId,
    text: Option<&Text>,
    findings: &mut Vec<Finding>,
) -> Result<Document, StoreError> {
    let parsed = DocumentFile::read(file, content)?;
    if parsed.document != *id {
        let message = format!("it says that it is about {}; it is read as {id}", parsed.document);
        findings.push(Finding::new(Severity::Warning, "wrong-document", message).in_file(file).about(id));
    }
    let regions = take_regions(file, id, parsed.regions, text, findings);
    let correction = |row: CorrectionRow<'_>| Correction {
        old_hash: row.old,
        replacements: row.replaced.into_iter().map(|(start, end, with)| Replacement { start, end, with: with.into_owned() }).collect(),
        new_hash: row.new,
    };
    Ok(Document {
        title: parsed.title,
        source: parsed.source,
        author: parsed.author,
        date: parsed.date,
        url: parsed.url,
        language: parsed.language,
        file_name: parsed.file_name,
        text_hash: parsed.text,
        regions,
        decoding: Decoding { encoding: parsed.encoding, bom: parsed.bom },
        corrections: parsed.corrections.into_iter().map(correction).collect(),
        in_trash: false,
        residue: parsed.residue,
    })
}

fn take_regions(file: &str, id: &DocumentId, rows: Vec<RegionRow<'_>>, text: Option<&Text>, findings: &mut Vec<Finding>) -> Vec<Region> {
    let mut counts = FindingCounts::default();
    let mut warn = |rule, message: String| counts.push(findings, Finding::new(Severity::Warning, rule, message).in_file(file).about(id));
    let mut regions = Vec::new();
    for RegionRow { kind, at: Place(start, end, quote) } in rows {
        let is_there = text.is_none_or(|text| text.as_str().get(start as usize..end as usize) == Some(&quote));
        if !is_there {
            warn("quote-differs", format!("the region {start}..{end} says `{quote}`, but the text says something else there"));
        }
        match (start, end).try_into() {
            Ok(range) => regions.push(Region { range, kind }),
            Err(error) => warn("bad-range", format!("a region was left out: {error}")),
        }
    }
    regions.sort_unstable();
    regions
}

/// Writes a document's fields. The text is needed where there are regions.
pub(crate) fn write_document(file: &str, id: &DocumentId, document: &Document, text: Option<&Text>) -> Result<String, StoreError> {
    let Document { title, source, author, date, url, language, file_name, text_hash, regions, decoding, corrections, in_trash: _, residue } =
        document.clone();
    let rows = DocumentFile {
        format: FORMAT,
        document: id.clone(),
        title,
        source,
        author,
        date,
        url,
        language,
        file_name,
        text: text_hash,
        encoding: decoding.encoding,
        bom: decoding.bom,
        residue,
        regions: regions.into_iter().map(|region| region_row(region, text)).collect(),
        corrections: corrections.into_iter().map(correction_row).collect(),
    };
    rows.write(file)
}

fn region_row(Region { range, kind }: Region, text: Option<&Text>) -> RegionRow<'_> {
    let quote = text.and_then(|text| text.as_str().get(range.as_range())).unwrap_or_default();
    let (start, end) = range.into();
    RegionRow { kind, at: Place(start, end, Cow::Borrowed(quote)) }
}

fn correction_row(Correction { old_hash, replacements, new_hash }: Correction) -> CorrectionRow<'static> {
    let replaced = replacements.into_iter().map(|Replacement { start, end, with }| (start, end, Cow::Owned(with)));
    CorrectionRow { old: old_hash, new: new_hash, replaced: replaced.collect() }
}
