//! From files to documents: looks through all of them once for labels and attributes, then reads one after the other.
//!
//! Files with the same name in several folders are of several coders, and so are the files of a folder in an export of
//! INCEpTION (`annotation/DOCUMENT/CODER.json`). Where their texts are the same they become one document.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::sync::Arc;

use super::build::{RuleNames, SheetParts, build_sheet, survey};
use super::cas::{Cas, Sofa, Structure, Types};
use super::json_read::read_json;
use super::layers::DOCUMENT;
use super::layout::{LabelCounts, Layer, Layout};
use super::xmi_read::{read_type_system, read_xmi};
use crate::format::article::{DecodedFile, annotations_or_ask, article, decode_annotations};
use crate::format::sheet_builder::{Rules, rules};
use crate::format::vocabulary::{ExportedNames, Survey, Vocabulary};
use crate::format::{FormatError, Item, ReadOptions, Receiver, Source, extension, read_all, stem};
use crate::model::{CoderKey, DocumentId, Finding, Severity};
use crate::text::decode::{Decoded, Decoding};

/// A type system says so at its beginning, behind comments.
const HEAD_BYTES: u64 = 16 << 10;

/// What was parsed to look at it is kept for the reading where all files together have no more bytes: a small part of many would
/// save little.
const KEPT_BYTES: u64 = 64 << 20;

/// One of the ways to write a CAS down.
pub(super) struct Serialization {
    pub(super) rules: &'static Rules,
    pub(super) names: RuleNames,
    pub(super) bad_file: &'static str,
    pub(super) note: &'static str,
    pub(super) no_text: &'static str,
    /// Parses a file.
    pub(super) parse: for<'t> fn(&str, &'t Arc<Types>) -> Result<Cas<'t>, Unreadable>,
}

/// The names of findings of a format.
macro_rules! serialization {
    ($format:literal, $parse:expr) => {{
        static RULES: Rules = rules!($format, "annotation");
        Serialization {
            rules: &RULES,
            names: RuleNames {
                offsets: concat!($format, "-offsets"),
                left_out: concat!($format, "-left-out"),
                no_place: concat!($format, "-no-place"),
                not_a_claim: concat!($format, "-not-a-claim"),
            },
            bad_file: concat!($format, "-bad-file"),
            note: concat!($format, "-note"),
            no_text: concat!($format, "-no-text"),
            parse: $parse,
        }
    }};
}

pub(super) static JSON: Serialization = serialization!("uima-json", |content, _| read_json(content));
pub(super) static XMI: Serialization = serialization!("uima-xmi", read_xmi);
pub(super) static TSV: Serialization = serialization!("webanno-tsv", |content, _| super::tsv_read::read_tsv(content));

/// Why a file makes no sense.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Unreadable {
    pub(super) line: Option<usize>,
    pub(super) why: String,
}

impl Unreadable {
    pub(super) fn new(why: impl Into<String>) -> Self {
        Self { line: None, why: why.into() }
    }

    pub(super) fn at(line: usize, why: impl Into<String>) -> Self {
        Self { line: Some(line), why: why.into() }
    }
}

/// Reads every file.
pub(super) fn read(how: &'static Serialization, source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    let (groups, type_files) = group(source);
    let types = Arc::new(read_types(how, source, &type_files, options, to));
    let (mut seen, mut counts) = (Survey::default(), LabelCounts::default());
    let mut kept = BTreeMap::new();
    let sizes = groups.values().flatten().map(|file| source.size(&file.name));
    let is_kept = sizes.sum::<Option<u64>>().is_some_and(|bytes| bytes <= KEPT_BYTES);
    for name in groups.values().flatten().map(|file| &file.name) {
        // What cannot be read is said when it is read.
        let content = read_all(source, name).ok().and_then(|bytes| decode_annotations(bytes, options).ok());
        if let Some(cas) = content.and_then(|file| (how.parse)(&file.decoded.text, &types).ok()) {
            survey(&cas, &Layout::new(&cas), &mut seen, &mut counts);
            // What other programs have written takes twice the room.
            if is_kept && cas.written.is_empty() {
                kept.insert(name.clone(), cas);
            }
        }
        if options.cancel.is_cancelled() {
            return Err(FormatError::Cancelled);
        }
    }
    let known = options.known.clone();
    let vocabulary = Vocabulary::new(&known, Default::default(), ExportedNames::default(), seen);
    let mut reader = Reader { how, source, types: &types, kept, counts, vocabulary, ids: BTreeSet::new(), coders: BTreeSet::new() };
    options.progress.set_total(groups.len() as u64);
    for files in groups.values() {
        reader.read_group(files, options, to);
        options.step()?;
    }
    reader.vocabulary.hand_over(&reader.coders, to);
    Ok(())
}

/// A file, and whose it is by its name.
struct Named {
    name: String,
    coder: Option<CoderKey>,
}

/// Files of one document, and type systems.
fn group(source: &dyn Source) -> (BTreeMap<String, Vec<Named>>, Vec<String>) {
    let mut groups: BTreeMap<String, Vec<Named>> = BTreeMap::new();
    let mut types = Vec::new();
    for name in &source.names() {
        if extension(name) == "xml" && is_type_system(source, name) {
            types.push(name.clone());
            continue;
        }
        let parts: Vec<&str> = name.rsplit('/').collect();
        let (key, coder) = match parts.as_slice() {
            [user, document, "annotation", ..] => ((*document).to_owned(), Some(CoderKey::from_name(stem(user)))),
            [_, document, "curation", ..] => ((*document).to_owned(), Some(CoderKey::gold())),
            [file, folder, ..] => ((*file).to_owned(), Some(CoderKey::from_name(folder))),
            _ => (name.clone(), None),
        };
        groups.entry(key).or_default().push(Named { name: name.clone(), coder });
    }
    (groups, types)
}

/// A CAS may have the same extension as its types.
fn is_type_system(source: &dyn Source, name: &str) -> bool {
    let mut head = Vec::new();
    let is_read = source.open(name).and_then(|reader| reader.take(HEAD_BYTES).read_to_end(&mut head)).is_ok();
    is_read && memchr::memmem::find(&head, b"<typeSystemDescription").is_some()
}

fn read_types(how: &Serialization, source: &dyn Source, names: &[String], options: &ReadOptions, to: &mut dyn Receiver) -> Types {
    let mut types = Types::default();
    for name in names {
        let Some(file) = annotations_or_ask(source, name, options, to) else { continue };
        match read_type_system(&file.decoded.text) {
            Ok(read) => types.add_missing(&read),
            Err(error) => say_unreadable(how, name, &error, to),
        }
    }
    types
}

fn say_unreadable(how: &Serialization, file: &str, error: &Unreadable, to: &mut dyn Receiver) {
    let mut finding = Finding::new(Severity::Error, how.bad_file, format!("it makes no sense: {}. It was left out", error.why)).in_file(file);
    finding.line = error.line;
    to.finding(finding);
}

struct Reader<'r, 'k> {
    how: &'static Serialization,
    source: &'r dyn Source,
    types: &'r Arc<Types>,
    /// By the names of their files.
    kept: BTreeMap<String, Cas<'r>>,
    counts: LabelCounts,
    vocabulary: Vocabulary<'k>,
    // Ids that documents of this import have.
    ids: BTreeSet<DocumentId>,
    coders: BTreeSet<CoderKey>,
}

impl<'r> Reader<'r, '_> {
    fn read_group(&mut self, files: &[Named], options: &mut ReadOptions, to: &mut dyn Receiver) {
        let mut items: Vec<Item> = Vec::new();
        for file in files {
            let Some(cas) = self.kept.remove(&file.name).or_else(|| self.parse(&file.name, options, to)) else { continue };
            for note in &cas.notes {
                to.finding(Finding::new(Severity::Note, self.how.note, note).in_file(&file.name));
            }
            let layout = Layout::new(&cas);
            let texts: Vec<&Sofa<'_>> = cas.sofas.iter().filter(|sofa| sofa.text.is_some()).collect();
            if texts.is_empty() {
                to.finding(Finding::new(Severity::Warning, self.how.no_text, "it holds no text; it was left out").in_file(&file.name));
            }
            for (number, sofa) in texts.into_iter().enumerate() {
                self.read_text((file, files.len() > 1), (&cas, &layout), (sofa, number == 0), &mut items, options, to);
            }
        }
        items.into_iter().for_each(|item| to.item(item));
    }

    fn parse(&self, name: &str, options: &ReadOptions, to: &mut dyn Receiver) -> Option<Cas<'r>> {
        let file = annotations_or_ask(self.source, name, options, to)?;
        (self.how.parse)(&file.decoded.text, self.types).map_err(|error| say_unreadable(self.how, name, &error, to)).ok()
    }

    fn read_text(
        &mut self,
        (file, is_one_of_several): (&Named, bool),
        (cas, layout): (&Cas<'_>, &Layout),
        (sofa, is_first): (&Sofa<'_>, bool),
        items: &mut Vec<Item>,
        options: &mut ReadOptions,
        to: &mut dyn Receiver,
    ) {
        let text = sofa.text.as_deref().unwrap_or_default().to_owned();
        let decoded = DecodedFile { original: None, decoded: Decoded { text, decoding: Decoding::utf8() } };
        let mut item = article(&file.name, decoded, options);
        let is_of_text = |structure: &&Structure<'_>| structure.reference("sofa").map_or(is_first, |id| id == sofa.id);
        let of_text = || cas.structures.iter().filter(is_of_text);
        let own = of_text().find(|structure| structure.kind == DOCUMENT);
        let meta = of_text().find(|structure| layout.of(structure).is_some_and(|layout| layout.layer == Layer::MetaData));
        if let Some(meta) = meta {
            add_meta_data(&mut item, meta);
        }
        // The name that another program has given the document stays beside ours.
        let ids = [own, meta].into_iter().flatten().map(|structure| structure.text("documentId"));
        if let Some(id) = ids.filter(|_| own.is_some()).find_map(|id| DocumentId::new(&id).ok()) {
            item.id = id;
        }
        if let Some(own) = own {
            add_own_fields(&mut item, own);
        }
        let named = own.map(|own| own.text("coder")).and_then(|coder| CoderKey::new(&coder).ok());
        let coder =
            named.clone().or_else(|| file.coder.clone().filter(|_| is_one_of_several && own.is_none())).unwrap_or_else(|| options.coder.clone());
        let mut same = items.iter_mut().find(|other| other.text == item.text && !other.sheets.contains_key(&coder) && is_one_of_several);
        if let Some(same) = &same {
            item.id = same.id.clone();
        } else {
            while !self.ids.insert(item.id.clone()) {
                item.id = DocumentId::from_title(&item.document.title, options.ids.next_id());
            }
        }
        let parts = SheetParts {
            rules: self.how.rules,
            rule_names: self.how.names,
            file: &file.name,
            id: &item.id,
            text: &item.text,
            cas,
            layout,
            counts: &self.counts,
            sofa,
            is_first,
        };
        let mut built = build_sheet(&parts, &mut self.vocabulary, options, to);
        let has_sheet = !built.sheet.is_blank() || named.is_some();
        if let Some(kept) = built.kept {
            // Words and sentences alone are nobody's annotations.
            let document = same.as_mut().map_or(&mut item.document, |same| &mut same.document);
            let residue = if has_sheet { &mut built.sheet.info.residue } else { &mut document.residue };
            let lines = residue.entry(self.how.rules.format.to_owned()).or_default();
            *lines = if lines.trim().is_empty() { kept } else { format!("{kept}\n{lines}") };
        }
        if has_sheet {
            self.coders.insert(coder.clone());
            let sheets = same.as_mut().map_or(&mut item.sheets, |same| &mut same.sheets);
            sheets.insert(coder, Arc::new(built.sheet));
        }
        if same.is_none() {
            item.document.regions = built.regions;
            item.document.regions.sort_unstable();
            items.push(item);
        }
    }
}

fn add_meta_data(item: &mut Item, meta: &Structure<'_>) {
    let set = |field: &mut String, name: &str| {
        let value = meta.text(name);
        if !value.trim().is_empty() {
            value.as_ref().clone_into(field);
        }
    };
    set(&mut item.document.title, "documentTitle");
    if !meta.text("language").starts_with("x-") {
        set(&mut item.document.language, "language");
    }
    if meta.text("documentUri").starts_with("http") {
        set(&mut item.document.url, "documentUri");
    }
}

fn add_own_fields(item: &mut Item, own: &Structure<'_>) {
    let text = |name: &str| own.text(name).into_owned();
    let document = &mut item.document;
    let others = [("documentTitle", &mut document.title), ("documentUri", &mut document.url), ("documentLanguage", &mut document.language)];
    for (name, field) in others {
        own.get(name).iter().for_each(|value| value.to_text().as_ref().clone_into(field));
    }
    (document.source, document.author, document.file_name) = (text("source"), text("author"), text("fileName"));
    document.date = text("date").parse().ok();
}
