//! Finds the annotations of a file and the text of each source.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

use super::URN;
use super::annotation::{About, Read, read_annotation};
use crate::format::article::{DecodedFile, decode_annotations};
use crate::format::json_members::Members;
use crate::format::json_records::{elements, value};
use crate::format::json_size::is_too_large;
use crate::format::json_tree::{Json, on_one_line};
use crate::format::record::Record;
use crate::format::standoff::Kind;
use crate::format::standoff_in::{self, FoundDocument, FoundSheet, Give, Input, Raw, Standoff, Unit, Whose, standoff};
use crate::format::{Field, FormatError, ReadOptions, Receiver, Source, base_name, extension, read_all, stem};
use crate::model::{DocumentId, Finding, Severity, json_place_and_reason};
use crate::text::decode::Decoding;
use crate::text::offsets::OffsetUnit;

static STANDOFF: Standoff =
    Standoff { on_one_line, ..standoff!("w3c", "annotation", OffsetUnit::CodePoints, |_, name| extension(name) == "txt", parse) };

/// Annotations of annotations of annotations are followed so far.
const MOST_STEPS: usize = 16;

/// Members of a collection that are read or made anew; the others stay with the document.
const READ: [&str; 12] = ["@context", "id", "type", "label", "total", "first", "last", "items", "rows", "@graph", "startIndex", "manicule:file_name"];

const FIELDS: [(&str, Field); 6] = [
    ("manicule:source", Field::Source),
    ("manicule:author", Field::Author),
    ("manicule:date", Field::Date),
    ("manicule:url", Field::Url),
    ("manicule:language", Field::Language),
    ("manicule:file_name", Field::FileName),
];

/// Reads every file of the source.
pub(super) fn read(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    standoff_in::read(&STANDOFF, source, options, to)
}

fn parse(input: &Input<'_>, to: &mut dyn Receiver, give: &mut Give<'_>) -> Result<(), FormatError> {
    if is_too_large(input.content) {
        input.bad(None, "it has far too many values for its length", to);
        return Ok(());
    }
    // A collection, looked through once; or a list, an annotation alone, or no JSON.
    let (header, list) = match Members::of(input.content).filter(|object| !object.contains("target")) {
        Some(object) => {
            let list = list_in(&object, MOST_STEPS);
            (object, list)
        }
        None => match serde_json::from_str(input.content) {
            Ok(root) => (Members::default(), list_of(root, MOST_STEPS)),
            Err(error) => {
                input.bad(Some(error.line()), json_place_and_reason(&error), to);
                return Ok(());
            }
        },
    };
    let reads = list.map(|list| annotations(input, list, to)).unwrap_or_default();
    let mut documents = by_source(reads);
    // Of ours, a text that nobody has annotated.
    if let (true, Some(id)) = (documents.is_empty(), own_id(&header)) {
        documents.insert(format!("{id}.txt"), Vec::new());
    }
    let is_only = documents.len() == 1;
    for (source, reads) in documents {
        match find_text(input, &source, is_only) {
            Some((id, name, file)) => give(document((id, name, file), &header, reads, is_only), to)?,
            None => {
                let source = if source.is_empty() { "these annotations" } else { &source };
                let message = format!(
                    "there is no text of {source}: {} annotations were left out. Put it beside as {}.txt, and import the two together",
                    reads.len(),
                    stem(base_name(input.name))
                );
                to.finding(Finding::new(Severity::Error, STANDOFF.left_out, message).in_file(input.name));
            }
        }
    }
    Ok(())
}

/// The document whose annotations we have written.
fn own_id(header: &Members<'_>) -> Option<DocumentId> {
    DocumentId::new(header.get("id").and_then(value::<String>)?.strip_prefix(URN)?).ok()
}

/// The list of annotations that this is, or that a page, a collection, a graph or an answer of Hypothesis has; or one annotation alone.
fn list_of(json: &RawValue, steps: usize) -> Option<&RawValue> {
    if json.get().starts_with('[') {
        return Some(json);
    }
    let object = Members::of(json.get()).filter(|_| steps > 0)?;
    match list_in(&object, steps) {
        None if object.contains("target") => Some(json),
        list => list,
    }
}

fn list_in<'j>(object: &Members<'j>, steps: usize) -> Option<&'j RawValue> {
    let list = ["items", "rows", "@graph"].iter().find_map(|name| object.get(name).filter(|list| list.get().starts_with('[')));
    let first = || object.get("first").filter(|_| !object.contains("target")).and_then(|first| list_of(first, steps.checked_sub(1)?));
    list.or_else(first)
}

/// What a list holds of annotations; one alone where it is none.
fn annotations(input: &Input<'_>, list: &RawValue, to: &mut dyn Receiver) -> Vec<Read> {
    let mut reads = Vec::new();
    let are_trees = each_tree(list.get(), |tree, raw| {
        if matches!(tree, Json::Object(_)) {
            reads.push(read_annotation(&tree, Raw::of(input.content, raw)));
        }
    });
    if are_trees.is_some() {
        return reads;
    }
    reads.clear();
    for annotation in elements(list).unwrap_or_else(|| vec![list]).into_iter().filter(|annotation| annotation.get().starts_with('{')) {
        match serde_json::from_str::<Json<'_>>(annotation.get()) {
            Ok(tree) => reads.push(read_annotation(&tree, Raw::of(input.content, annotation.get()))),
            Err(error) => input.bad(None, format!("an annotation is no JSON: {error}"), to),
        }
    }
    reads
}

/// Takes the elements of a list of JSON, each with its text; none where one of them makes no tree.
fn each_tree<'j>(list: &'j str, mut each: impl FnMut(Json<'j>, &'j str)) -> Option<()> {
    let mut rest = list.strip_prefix('[')?;
    loop {
        rest = rest.trim_start();
        if rest.starts_with(']') {
            return Some(());
        }
        let mut values = serde_json::Deserializer::from_str(rest).into_iter();
        let tree = values.next()?.ok()?;
        let (raw, behind) = rest.split_at_checked(values.byte_offset())?;
        each(tree, raw);
        let behind = behind.trim_start();
        rest = behind.strip_prefix(',').unwrap_or(behind);
    }
}

/// Annotations by the text that they are about; those of annotations with these.
fn by_source(reads: Vec<Read>) -> BTreeMap<String, Vec<Read>> {
    let by_id: BTreeMap<&str, &About> = reads.iter().filter_map(|read| Some((read.found.id.as_deref()?, &read.about))).collect();
    let source = |read: &Read| {
        let mut about = &read.about;
        for _ in 0..MOST_STEPS {
            match about {
                About::Id(id) => match by_id.get(id.as_str()) {
                    Some(next) => about = next,
                    None => break,
                },
                About::Source(_) => break,
            }
        }
        let (About::Id(source) | About::Source(source)) = about;
        source.clone()
    };
    let sources: Vec<String> = reads.iter().map(source).collect();
    let mut documents: BTreeMap<String, Vec<Read>> = BTreeMap::new();
    for (source, read) in sources.into_iter().zip(reads) {
        documents.entry(source).or_default().push(read);
    }
    documents
}

/// A file of the import by the name of the source or, where there is only one source, of the annotations; else a text of the project.
fn find_text(input: &Input<'_>, source: &str, is_only: bool) -> Option<(Option<DocumentId>, String, DecodedFile)> {
    let plain = source.split(['?', '#']).next().unwrap_or_default();
    let name = base_name(plain.trim_end_matches('/'));
    let id = DocumentId::new(stem(name)).ok();
    let texts = input.companions;
    let folder = input.name.strip_suffix(base_name(input.name)).unwrap_or_default();
    let wanted = [format!("{}.txt", stem(name)), format!("{}.txt", stem(base_name(input.name)))];
    let named = || wanted.iter().take(if is_only { 2 } else { 1 }).filter(|wanted| wanted.len() > 4);
    let beside = named().map(|wanted| format!("{folder}{wanted}")).find(|name| texts.names.contains(name));
    let found = beside.or_else(|| named().find_map(|wanted| texts.by_base.get(wanted).cloned()));
    let found = found.or_else(|| texts.names.first().filter(|_| is_only && texts.names.len() == 1).cloned());
    if let Some(text) = found {
        let file = decode_annotations(read_all(input.source, &text).ok()?, input.options).ok()?;
        return Some((id, base_name(&text).to_owned(), file));
    }
    let text = input.options.texts.get(id.as_ref()?)?;
    let decoded = crate::text::decode::Decoded { text: text.as_str().to_owned(), decoding: Decoding::utf8() };
    Some((id, String::new(), DecodedFile { original: None, decoded }))
}

fn document((id, name, file): (Option<DocumentId>, String, DecodedFile), header: &Members<'_>, reads: Vec<Read>, is_only: bool) -> FoundDocument {
    let is_ours = own_id(header).is_some();
    let mut record = Record { encoding: Some(file.decoded.decoding), ..Record::default() };
    let text = |name: &str| header.get(name).filter(|_| is_only).and_then(value::<String>);
    record.fields.extend(text("label").filter(|label| !label.is_empty()).map(|title| (Field::Title, title)));
    record.fields.extend(FIELDS.iter().filter_map(|(name, field)| Some((*field, text(name)?))));
    if !is_ours {
        record.fields.entry(Field::FileName).or_insert(name);
    }
    record.fields.insert(Field::Text, file.decoded.text);
    let is_read = |name: &str| READ.contains(&name) || FIELDS.iter().any(|(known, _)| *known == name);
    if is_only {
        record
            .rest
            .extend(header.iter().filter(|(name, _)| !is_read(name)).filter_map(|(name, rest)| Some((name.to_owned(), value::<Value>(rest)?))));
    }
    FoundDocument { line: None, id, record, original: file.original, unit: Unit::Unsaid, sheets: sheets(reads) }
}

/// By coder. Parts of the text have none: they go with anybody's.
fn sheets(reads: Vec<Read>) -> Vec<FoundSheet> {
    let mut sheets: BTreeMap<Whose, FoundSheet> = BTreeMap::new();
    let (regions, reads): (Vec<Read>, Vec<Read>) = reads.into_iter().partition(|read| read.found.kind == Some(Kind::Region));
    for read in reads {
        let Read { found, whose, .. } = read;
        let sheet = sheets.entry(whose.clone()).or_insert_with(|| FoundSheet::new(whose));
        match found.kind {
            Some(Kind::Sheet) => sheet.features.extend(found.features),
            _ => sheet.rows.push(found),
        }
    }
    if !regions.is_empty() {
        let rows = regions.into_iter().map(|read| read.found);
        match sheets.first_entry() {
            Some(mut sheet) => sheet.get_mut().rows.extend(rows),
            None => {
                let mut sheet = FoundSheet::new(Whose::Unsaid);
                sheet.rows.extend(rows);
                sheets.insert(Whose::Unsaid, sheet);
            }
        }
    }
    sheets.into_values().collect()
}
