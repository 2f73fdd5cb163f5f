//! From annotations that a standoff format has read to documents with sheets: looks through all files once for labels, attributes
//! and what offsets count, then reads file by file. The formats only take files apart. What needs no such look is read at once, see
//! [`super::standoff_early`].

use std::borrow::Cow;
use std::cell::{Cell, RefCell, RefMut};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::iter::{once, repeat};
use std::ops::Range;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::allowance::Allowance;
use super::article::annotations_or_ask;
use super::counting::{Counting, Tally};
use super::json_tree::Json;
use super::pieces::{CutFn, Piece};
use super::record::{Place, Record, to_item};
use super::sheet_builder::Rules;
use super::standoff::{CALLED, CALLED_LINE, CODERS, Features, KEEPS_IDS, KIND, Kind, LINK, PARTS, places_of_parts, said};
use super::standoff_look::{FirstLook, Seen};
use super::standoff_sheet::build_sheet;
use super::vocabulary::{Declared, ExportedNames, Survey, Vocabulary};
use super::{Evidence, FormatError, Item, ReadOptions, Receiver, Source, Tables, Undecoded, base_name};
use crate::model::{CoderKey, DocumentId, Finding, Severity};
use crate::text::decode::Decoding;
use crate::text::offsets::OffsetUnit;

/// How a format of this family is read.
pub(super) struct Standoff {
    /// The names of its findings.
    pub(super) rules: &'static Rules,
    pub(super) offsets: &'static str,
    pub(super) bad_file: &'static str,
    pub(super) left_out: &'static str,
    /// What its offsets count unless the file says otherwise.
    pub(super) unit: OffsetUnit,
    /// True for files that hold texts or something else that others need.
    pub(super) is_companion: fn(&dyn Source, &str) -> bool,
    /// Takes a file apart, or a piece of it. Broken parts are findings.
    pub(super) parse: ParseFn,
    /// Makes one line of an annotation as it stands in a file.
    pub(super) on_one_line: fn(&str) -> Cow<'_, str>,
    /// As it stood before it was kept aside: what an export of ours has marked.
    pub(super) unmarked: fn(&str) -> String,
    /// True where values of features have types, such as numbers; false where all are text.
    pub(super) has_types: bool,
    /// The member of what a row keeps under which features that fit nothing stand by themselves; none where features and whatever else
    /// a row has are written alike.
    pub(super) misfits: Option<&'static str>,
    /// Cuts a file of many documents into pieces with one each, so that none needs to be in memory as a whole.
    pub(super) cut: Option<CutFn>,
}

/// Takes a file apart, document by document.
pub(super) type ParseFn = fn(&Input<'_>, &mut dyn Receiver, &mut Give<'_>) -> Result<(), FormatError>;
/// Takes a document that was read.
pub(super) type Give<'g> = dyn FnMut(FoundDocument, &mut dyn Receiver) -> Result<(), FormatError> + 'g;

/// The names of a format's findings: `standoff!("bioc", "annotation", OffsetUnit::CodePoints, parse)`.
macro_rules! standoff {
    ($format:literal, $item:literal, $unit:expr, $is_companion:expr, $parse:expr) => {{
        static RULES: $crate::format::sheet_builder::Rules = $crate::format::sheet_builder::rules!($format, $item);
        $crate::format::standoff_in::Standoff {
            rules: &RULES,
            offsets: concat!($format, "-offsets"),
            bad_file: concat!($format, "-bad-file"),
            left_out: concat!($format, "-left-out"),
            unit: $unit,
            is_companion: $is_companion,
            parse: $parse,
            on_one_line: |raw| raw.into(),
            unmarked: str::to_owned,
            has_types: true,
            misfits: None,
            cut: None,
        }
    }};
}
pub(super) use standoff;

/// What a document's features say of each coder, by the names that [`super::standoff_out::document_features`] gives them: nothing
/// where they are not ours. The features that are left are those of the document.
pub(super) fn take_coders(features: &mut Features) -> Vec<FoundSheet> {
    let Some(at) = features.iter().position(|(name, _)| name == CODERS) else { return Vec::new() };
    let coders = said(&features.remove(at).1).unwrap_or_default();
    let mut sheets: Vec<FoundSheet> =
        coders.split('|').filter_map(|key| CoderKey::new(key).ok()).map(|key| FoundSheet::new(Whose::Key(key))).collect();
    for (name, value) in std::mem::take(features) {
        let of = |sheet: &&mut FoundSheet, coder: &str| matches!(&sheet.whose, Whose::Key(key) if key.as_str() == coder);
        let said = name.split_once('/').and_then(|(coder, rest)| Some((sheets.iter_mut().find(|sheet| of(sheet, coder))?, rest.to_owned())));
        match said {
            Some((sheet, rest)) => sheet.features.push((rest, value)),
            None => features.push((name, value)),
        }
    }
    sheets
}

/// Fields of the document from features by the names that we give them, and what is no field.
pub(super) fn record_of(text: String, features: Features, options: &ReadOptions) -> Record {
    let mut object: Map<String, Value> = features.into_iter().collect();
    object.insert("text".to_owned(), text.into());
    let mut record = Record::from_object(object, &Decoding::utf8(), &options.columns).unwrap_or_default();
    record.encoding = None;
    record
}

/// A file that is taken apart, or a piece of it.
#[derive(Clone, Copy)]
pub(super) struct Input<'i> {
    pub(super) how: &'i Standoff,
    pub(super) name: &'i str,
    pub(super) content: &'i str,
    /// Of a piece, what the file says of all: empty where that is not known yet.
    pub(super) head: Option<&'i str>,
    /// In which line of the file the content begins.
    pub(super) first_line: usize,
    pub(super) look: Look<'i>,
    pub(super) decoding: &'i Decoding,
    pub(super) source: &'i dyn Source,
    pub(super) companions: &'i Companions,
    pub(super) options: &'i ReadOptions,
    /// What was handed over of this file before.
    pub(super) given: Given,
}

/// So much of a file was handed over.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Given {
    pub(super) pieces: usize,
    pub(super) documents: usize,
}

/// Every file is taken apart twice, unless the first look at it says that it needs no other.
#[derive(Clone, Copy)]
pub(super) enum Look<'l> {
    /// To read it, as long as offsets count what they should.
    Only(&'l RefCell<Option<Tally>>),
    /// For what all documents together say, and for what offsets count.
    First(&'l RefCell<Option<Tally>>, Ways),
    /// To read it. What offsets count was found out.
    Second(Counting),
}

/// Which ways of counting are tried.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Ways {
    /// The likely one; it is enough where it fits everywhere.
    Own,
    All,
}

/// Files that others need, looked up once for all files.
pub(super) struct Companions {
    pub(super) names: BTreeSet<String>,
    /// The first of each name without its folders.
    pub(super) by_base: BTreeMap<String, String>,
    /// How many other files there are.
    pub(super) others: usize,
}

impl Companions {
    fn new(names: Vec<String>, others: usize) -> Self {
        let mut by_base = BTreeMap::new();
        for name in &names {
            by_base.entry(base_name(name).to_owned()).or_insert_with(|| name.clone());
        }
        Self { names: names.into_iter().collect(), by_base, others }
    }
}

impl<'i> Input<'i> {
    /// At the first look, the tally of the file: for offsets that count this unless all is tried, or what somebody has chosen.
    pub(super) fn tally(&self, own: OffsetUnit, chosen: Option<OffsetUnit>) -> Option<RefMut<'i, Tally>> {
        let (tally, ways) = match self.look {
            Look::Only(tally) => (tally, Ways::Own),
            Look::First(tally, ways) => (tally, ways),
            Look::Second(_) => return None,
        };
        let new = || if ways == Ways::Own { Tally::of_own(own, chosen) } else { Tally::new(own, chosen) };
        Some(RefMut::map(tally.borrow_mut(), |tally| tally.get_or_insert_with(new)))
    }

    /// Nothing of the file, or of a part of it, can be used.
    pub(super) fn bad(&self, line: Option<usize>, why: impl std::fmt::Display, to: &mut dyn Receiver) {
        let mut finding = Finding::new(Severity::Error, self.how.bad_file, format!("it makes no sense: {why}. It was left out")).in_file(self.name);
        finding.line = line.filter(|line| *line > 0);
        to.finding(finding);
    }
}

/// Whose annotations they are.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Whose {
    /// The format does not say it.
    Unsaid,
    /// Of this coder.
    Key(CoderKey),
    /// Of somebody of this name. One alone is the coder whose annotations these are said to be.
    Name(String),
}

/// What the offsets of a document count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unit {
    /// The format's own unit, unless another one fits better.
    Unsaid,
    /// What the file says, unless another one fits better.
    Said(OffsetUnit),
    /// Surely this: the format's reader has made them.
    Exact(OffsetUnit),
}

/// A document in a file.
#[derive(Debug)]
pub(super) struct FoundDocument {
    pub(super) line: Option<usize>,
    pub(super) id: Option<DocumentId>,
    pub(super) record: Record,
    /// The bytes of its text where that is a file of its own.
    pub(super) original: Option<Vec<u8>>,
    pub(super) unit: Unit,
    pub(super) sheets: Vec<FoundSheet>,
}

/// What somebody says about it.
#[derive(Debug)]
pub(super) struct FoundSheet {
    pub(super) whose: Whose,
    pub(super) features: Features,
    pub(super) rows: Vec<Found>,
    /// What was kept aside of an earlier import, and what made no sense and was said.
    pub(super) aside: Vec<String>,
}

impl FoundSheet {
    pub(super) fn new(whose: Whose) -> Self {
        Self { whose, features: Vec::new(), rows: Vec::new(), aside: Vec::new() }
    }

    /// What an export of ours says that the file before it called the coder.
    pub(super) fn called(&self) -> Option<&str> {
        self.features.iter().find(|(name, _)| name == CALLED).and_then(|(_, name)| name.as_str())
    }

    /// An export of ours says whether its ids are those of a file before it.
    fn keep_ids(&mut self) {
        if self.features.extract_if(.., |(name, _)| name == KEEPS_IDS).count() > 0 {
            self.rows.iter_mut().for_each(|row| row.keeps_id = true);
        }
    }

    /// What the file calls the coder stays with the sheet where it is not the coder's key.
    fn keep_called(&mut self, coder: &CoderKey) {
        let said: Features = self.features.extract_if(.., |(name, _)| name == CALLED).collect();
        let said = said.first().and_then(|(_, name)| name.as_str());
        let name = if let Whose::Name(name) = &self.whose { Some(name.as_str()) } else { said };
        self.aside.extend(name.filter(|name| *name != coder.as_str() && !name.contains('\n')).map(|name| format!("{CALLED_LINE}{name}")));
    }
}

/// An annotation as it stands in the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Raw {
    Text(String),
    /// A part of the content, in bytes.
    At(Range<usize>),
}

impl Default for Raw {
    fn default() -> Self {
        Self::At(0..0)
    }
}

impl From<String> for Raw {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl Raw {
    /// A part of the content, which is not copied.
    pub(super) fn of(content: &str, part: &str) -> Self {
        let start = part.as_ptr().addr().wrapping_sub(content.as_ptr().addr());
        let range = start..start.saturating_add(part.len());
        if content.get(range.clone()) == Some(part) { Self::At(range) } else { Self::Text(part.to_owned()) }
    }

    /// On the way out: an object of JSON that is written as it stood.
    pub(super) fn kept(&self) -> Option<Json<'static>> {
        let Self::Text(text) = self else { return None };
        serde_json::from_str::<Value>(text).ok().map(Json::from)
    }

    pub(super) fn get<'r>(&'r self, content: &'r str) -> &'r str {
        match self {
            Self::Text(text) => text,
            Self::At(range) => content.get(range.clone()).unwrap_or_default(),
        }
    }
}

/// An annotation.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) line: Option<usize>,
    /// For what finds no place.
    pub(super) raw: Raw,
    pub(super) id: Option<String>,
    /// True where an export is to give it this id again.
    pub(super) keeps_id: bool,
    /// None where the label says it.
    pub(super) kind: Option<Kind>,
    pub(super) label: String,
    pub(super) ranges: Vec<(usize, usize)>,
    pub(super) surface: Option<String>,
    /// The words before and behind, where the file has them.
    pub(super) context: Option<(String, String)>,
    pub(super) features: Features,
    pub(super) links: Vec<(String, String)>,
    /// What has no place in the model and stays with the row.
    pub(super) rest: Map<String, Value>,
}

impl Found {
    /// Takes a feature of ours out.
    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        let at = self.features.iter().position(|(known, _)| known == name)?;
        Some(self.features.remove(at).1)
    }

    /// Sets what features of ours say of an annotation: its kind, its pieces, its links.
    pub(super) fn take_own(&mut self) {
        if let Some(kind) = self.take(KIND) {
            self.kind = kind.as_str().and_then(Kind::from_name);
        }
        let parts = self.take(PARTS).as_ref().and_then(said);
        if let (Some(parts), [(start, _)]) = (parts, self.ranges.as_slice()) {
            self.ranges = places_of_parts(*start, &parts).unwrap_or_else(|| std::mem::take(&mut self.ranges));
        }
        let links: Features = self.features.extract_if(.., |(name, _)| name.starts_with(LINK)).collect();
        for (name, ids) in &links {
            let role = name.strip_prefix(LINK).unwrap_or_default();
            let ids = said(ids).unwrap_or_default();
            self.links.extend(ids.split(' ').map(|id| (role.to_owned(), id.to_owned())));
        }
    }
}

/// Reads every file of the source.
pub(super) fn read(how: &Standoff, source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    let (companions, names): (Vec<String>, Vec<String>) = source.names().into_iter().partition(|name| (how.is_companion)(source, name));
    let companions = Companions::new(companions, names.len());
    let copy = options.clone();
    let utf8 = Decoding::utf8();
    let plain = Look::Second(Counting::plain(how.unit));
    let first = Input {
        how,
        name: "",
        content: "",
        head: None,
        first_line: 1,
        look: plain,
        decoding: &utf8,
        source,
        companions: &companions,
        options: &copy,
        given: Given::default(),
    };
    options.progress.set_total(names.len() as u64);
    let known = options.known.clone();
    let vocabulary = Vocabulary::new(&known, Declared::default(), ExportedNames::default(), Survey::default());
    let mut reader = Reader { how, vocabulary, coders: BTreeMap::new(), ids: BTreeSet::new(), met: BTreeSet::new(), has_given_unsaid: false };
    let left = reader.read_early(first, &names, options, to)?;
    let begun = Input { given: left.given, ..first };
    let files: Vec<Input<'_>> =
        names.iter().skip(left.files).zip(once(begun).chain(repeat(first))).map(|(name, file)| Input { name, ..file }).collect();
    let (mut seen, mut looks) = (Seen::behind(reader.has_given_unsaid), BTreeMap::new());
    for file in &files {
        if let Some(first) = seen.look_through(*file, to)? {
            looks.insert(file.name, first);
        }
    }
    reader.coders = seen.coders(&options.coder);
    reader.vocabulary.take_survey(seen.survey);
    for file in &files {
        let first = looks.remove(file.name).unwrap_or(FirstLook { counting: Counting::plain(how.unit), head: None });
        let input = Input { look: Look::Second(first.counting), ..*file };
        match how.cut.zip(first.head) {
            Some((cut, head)) => reader.read_pieces(Input { head: Some(&head), ..input }, cut, options, to)?,
            None => reader.read_whole(input, options, to)?,
        }
        options.step()?;
    }
    reader.met.insert(options.coder.clone());
    reader.vocabulary.hand_over(&reader.met, to);
    Ok(())
}

/// What the offsets of a document count unless another unit fits better.
pub(super) fn own_unit(input: &Input<'_>, document: &FoundDocument) -> OffsetUnit {
    if let Unit::Said(unit) = document.unit { unit } else { input.how.unit }
}

pub(super) struct Reader<'r, 'k> {
    how: &'r Standoff,
    pub(super) vocabulary: Vocabulary<'k>,
    coders: BTreeMap<String, CoderKey>,
    /// Ids of documents that were given.
    pub(super) ids: BTreeSet<DocumentId>,
    met: BTreeSet<CoderKey>,
    /// Of a document that was handed over before all were looked at, nobody said whose it is.
    pub(super) has_given_unsaid: bool,
}

impl Reader<'_, '_> {
    fn read_whole(&mut self, files: Input<'_>, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
        let Some(file) = annotations_or_ask(files.source, files.name, options, to) else { return Ok(()) };
        let mut allowance = Allowance::new(file.decoded.text.len());
        let input = Input { content: &file.decoded.text, decoding: &file.decoded.decoding, ..files };
        self.documents(&input, files.given.documents, &mut allowance, options, to)
    }

    fn read_pieces(&mut self, files: Input<'_>, cut: CutFn, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
        let mut file = files.source.open(files.name).map_err(|cause| FormatError::reading(files.name, cause))?;
        let (mut allowance, mut pieces) = (Allowance::new(0), 0);
        allowance.add_taken(files.given.documents);
        let head = cut(&mut file, &mut |Piece { text, first_line }| {
            allowance.add(text.len());
            pieces += 1;
            if pieces <= files.given.pieces {
                return Ok(());
            }
            self.documents(&Input { content: text, first_line, ..files }, 0, &mut allowance, options, to)
        })?;
        if head.is_none() {
            files.bad(None, "it was changed while it was read", to);
        }
        Ok(())
    }

    fn documents(
        &mut self,
        input: &Input<'_>,
        given: usize,
        allowance: &mut Allowance,
        options: &mut ReadOptions,
        to: &mut dyn Receiver,
    ) -> Result<(), FormatError> {
        let Look::Second(counting) = input.look else { return Ok(()) };
        let met = Cell::new(0);
        let mut to = Behind { to, met: &met, given, bad_file: input.how.bad_file };
        (input.how.parse)(input, &mut to, &mut |document, to| {
            met.set(met.get() + 1);
            if met.get() <= given {
                allowance.add_taken(1);
                return Ok(());
            }
            if allowance.take(input.name, to) {
                let item = self.item(input, document, counting, options, to);
                self.meet(&item);
                to.item(item);
            }
            if options.cancel.is_cancelled() { Err(FormatError::Cancelled) } else { Ok(()) }
        })
    }

    pub(super) fn item(
        &mut self,
        input: &Input<'_>,
        document: FoundDocument,
        counting: Counting,
        options: &mut ReadOptions,
        to: &mut dyn Receiver,
    ) -> Item {
        let FoundDocument { line, id, record, original, sheets, unit } = document;
        let counting = if let Unit::Exact(unit) = unit { Counting::plain(unit) } else { counting };
        let decoding = record.encoding.clone().filter(|_| original.is_some());
        let place = line.map_or(Place::of_record(input.name, self.ids.len() + 1), |line| Place::of_line(input.name, line));
        let mut item = to_item(record, self.how.rules.format, place, options, to);
        if let Some(decoding) = decoding {
            item.original = original.filter(|_| !decoding.is_verbatim()).map(Arc::from);
            item.document.decoding = decoding;
        }
        if let Some(id) = id.filter(|id| !self.ids.contains(id)) {
            item.id = id;
        }
        self.ids.insert(item.id.clone());
        for mut sheet in sheets {
            let (coder, is_key) = (self.coder(&sheet.whose, &options.coder), matches!(sheet.whose, Whose::Key(_)));
            sheet.keep_called(&coder);
            sheet.keep_ids();
            let built = build_sheet((self.how, input), (&item.id, &item.text, counting), sheet, &mut self.vocabulary, options, to);
            item.document.regions.extend(built.regions);
            match item.sheets.entry(coder) {
                Entry::Occupied(taken) => {
                    let coder = taken.key();
                    let message =
                        format!("{coder} has several sets of annotations of this document; the first was taken. Import the others by themselves");
                    to.finding(Finding::new(Severity::Warning, self.how.left_out, message).in_file(input.name).about(&item.id));
                }
                Entry::Vacant(free) if !built.sheet.is_blank() || is_key => drop(free.insert(Arc::new(built.sheet))),
                Entry::Vacant(_) => {}
            }
        }
        item.document.regions.sort_unstable();
        item.document.regions.dedup();
        item
    }

    /// Coders whose sheets are handed over are in the project then.
    pub(super) fn meet(&mut self, item: &Item) {
        for coder in item.sheets.keys().filter(|coder| !self.met.contains(*coder)).cloned().collect::<Vec<_>>() {
            self.met.insert(coder);
        }
    }

    fn coder(&self, whose: &Whose, only: &CoderKey) -> CoderKey {
        match whose {
            Whose::Unsaid => only.clone(),
            Whose::Key(key) => key.clone(),
            Whose::Name(name) => self.coders.get(name).unwrap_or(only).clone(),
        }
    }
}

/// Passes on what is said, but not again what was said of documents that were handed over before.
struct Behind<'b> {
    to: &'b mut dyn Receiver,
    met: &'b Cell<usize>,
    given: usize,
    bad_file: &'static str,
}

impl Receiver for Behind<'_> {
    fn tables(&mut self, tables: Tables) {
        self.to.tables(tables);
    }

    fn item(&mut self, item: Item) {
        self.to.item(item);
    }

    fn finding(&mut self, finding: Finding) {
        if self.met.get() >= self.given || finding.rule == self.bad_file {
            self.to.finding(finding);
        }
    }

    fn undecoded(&mut self, undecoded: Undecoded) {
        self.to.undecoded(undecoded);
    }

    fn columns(&mut self, names: &[String]) {
        self.to.columns(names);
    }

    fn evidence(&mut self, evidence: Evidence) {
        self.to.evidence(evidence);
    }
}
