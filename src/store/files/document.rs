//! `documents/<xx>/<doc>.ron`: everything about an article but its text and annotations.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::parse;
use super::row::{FileWriter, Place, bare, unique_map};
use crate::model::{Correction, Date, Document, DocumentId, Finding, Region, RegionKind, Replacement, Residue, Severity};
use crate::store::StoreError;
use crate::text::decode::Decoding;
use crate::text::{Text, TextHash};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentFile<'a> {
    format: u32,
    document: DocumentId,
    title: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    author: String,
    #[serde(default, with = "bare")]
    date: Option<Date>,
    #[serde(default)]
    url: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    file_name: String,
    text: TextHash,
    encoding: String,
    #[serde(default)]
    bom: bool,
    #[serde(default, deserialize_with = "unique_map")]
    residue: Residue,
    #[serde(default, borrow)]
    regions: Vec<RegionRow<'a>>,
    #[serde(default, borrow)]
    corrections: Vec<CorrectionRow<'a>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RegionRow<'a> {
    kind: RegionKind,
    #[serde(borrow)]
    at: Place<'a>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CorrectionRow<'a> {
    old: TextHash,
    new: TextHash,
    #[serde(borrow)]
    replaced: Vec<(usize, usize, Cow<'a, str>)>,
}

/// Reads a document's fields. Quotes of regions are checked where a text is given.
pub(crate) fn read_document(
    file: &str,
    content: &str,
    id: &DocumentId,
    text: Option<&Text>,
    findings: &mut Vec<Finding>,
) -> Result<Document, StoreError> {
    let parsed: DocumentFile<'_> = parse(file, content, |file: &DocumentFile<'_>| file.format)?;
    if parsed.document != *id {
        let message = format!("says that it is about {}; it is read as {id}", parsed.document);
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
    let warn = |rule, message: String| Finding::new(Severity::Warning, rule, message).in_file(file).about(id);
    let mut regions = Vec::new();
    for RegionRow { kind, at: Place(start, end, quote) } in rows {
        let is_there = text.is_none_or(|text| text.as_str().get(start as usize..end as usize) == Some(&quote));
        if !is_there {
            findings.push(warn("quote-differs", format!("the region {start}..{end} says `{quote}`, but the text says something else there")));
        }
        match (start, end).try_into() {
            Ok(range) => regions.push(Region { range, kind }),
            Err(error) => findings.push(warn("bad-range", format!("a region was left out: {error}"))),
        }
    }
    regions.sort_unstable();
    regions
}

/// Writes a document's fields. The text is needed where there are regions.
pub(crate) fn write_document(file: &str, id: &DocumentId, document: &Document, text: Option<&Text>) -> Result<String, StoreError> {
    let mut writer = FileWriter::new(file);
    writer.field("document", id)?;
    writer.field("title", &document.title)?;
    writer.optional("source", &document.source)?;
    writer.optional("author", &document.author)?;
    if let Some(date) = &document.date {
        writer.field("date", date)?;
    }
    writer.optional("url", &document.url)?;
    writer.optional("language", &document.language)?;
    writer.optional("file_name", &document.file_name)?;
    writer.field("text", &document.text_hash)?;
    writer.field("encoding", &document.decoding.encoding)?;
    writer.optional("bom", &document.decoding.bom)?;
    writer.optional("residue", &document.residue)?;
    let quote = |region: &Region| text.and_then(|text| text.as_str().get(region.range.as_range())).unwrap_or_default();
    let region_row = |region: &Region| {
        let Region { range, kind } = *region;
        let (start, end) = range.into();
        RegionRow { kind, at: Place(start, end, Cow::Owned(quote(region).to_owned())) }
    };
    writer.section("regions", document.regions.iter().map(region_row))?;
    let replaced = |r: &Replacement| (r.start, r.end, Cow::Owned(r.with.clone()));
    let correction_row =
        |c: &Correction| CorrectionRow { old: c.old_hash.clone(), new: c.new_hash.clone(), replaced: c.replacements.iter().map(replaced).collect() };
    writer.section("corrections", document.corrections.iter().map(correction_row))?;
    Ok(writer.finish())
}
