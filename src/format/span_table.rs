//! Reads a table of spans and claims: one row each, whatever kind of file the table stands in. Texts stand in a column,
//! in files beside the table, or in the project.
//!
//! The columns are those of `span_rows`, or what somebody says they are.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ::csv::StringRecord;

use super::article::{article, decode_or_ask};
use super::counting::{Counted, View, choose_for_text, seen_text};
use super::in_order::InOrder;
use super::sheet_builder::{Origin, Rules, SheetBuilder};
use super::span_cells::{LOOKED_AT, Row, SpanColumns, split, surface};
use super::vocabulary::{Declared, ExportedNames, OWN_BASE, Survey, Vocabulary};
use super::{Batch, Field, FormatError, Item, ReadOptions, Receiver, Source, base_name, extension, stem};
use crate::model::{AttributeKind, Claim, ClaimId, CoderKey, Document, DocumentId, EntityId, Filler, Finding, Node, Severity, Sheet};
use crate::text::offsets::OffsetUnit;
use crate::text::{Ranges, Text};

/// A table as its file has it.
pub(super) trait SpanTable {
    /// The name of the file.
    fn file(&self) -> &str;

    /// The names of the columns.
    fn header(&self) -> &[String];

    /// The first rows, so many at most.
    fn first_rows(&self, count: usize) -> Vec<StringRecord>;

    /// Goes over all rows with their lines; those that are broken are findings.
    ///
    /// # Errors
    /// What `each` returns, and when the file cannot be read.
    fn each(&self, to: &mut dyn Receiver, each: &mut EachRow<'_>) -> Result<(), FormatError>;
}

/// Takes a row and its line.
pub(super) type EachRow<'e> = dyn FnMut(usize, StringRecord) -> Result<(), FormatError> + 'e;

/// The names of findings that have to do with the table itself.
pub(super) struct TableRules {
    /// Those of the annotations.
    pub(super) rules: &'static Rules,
    /// A document without a text.
    pub(super) no_text: &'static str,
    /// Another unit was found out.
    pub(super) offsets: &'static str,
    /// A row without a place.
    pub(super) no_place: &'static str,
}

/// Reads the tables of a source, with the texts of its other files. A text that no table names is an article without annotations.
/// The rows are gone over twice, so that no more documents are in memory than have rows still to come.
///
/// # Errors
/// When columns that must be there are not, when a file cannot be read, or somebody pressed stop.
pub(super) fn read_tables<T: SpanTable>(
    tables: &[T],
    source: &dyn Source,
    rules: &'static TableRules,
    options: &mut ReadOptions,
    to: &mut dyn Receiver,
) -> Result<(), FormatError> {
    let texts = TextFiles::new(source);
    let mut columns = Vec::new();
    for table in tables {
        let error = |why: String| FormatError::Columns { file: table.file().to_owned(), why: crate::model::cut_message(&why) };
        columns.push(SpanColumns::find(&options.columns, table.header(), &table.first_rows(LOOKED_AT)).map_err(error)?);
    }
    let (mut survey, mut documents) = (Survey::default(), InOrder::default());
    for (table, columns) in tables.iter().zip(&columns) {
        table.each(to, &mut |line, cells| {
            let row = Row { columns, cells: &cells, file: table.file(), line };
            documents.expect(texts.name(row.get(Field::Document)));
            look_at(&row, &mut survey);
            if options.cancel.is_cancelled() { Err(FormatError::Cancelled) } else { Ok(()) }
        })?;
    }
    let known = options.known.clone();
    let vocabulary = Vocabulary::new(&known, Declared::default(), ExportedNames::default(), survey);
    let mut reading = Reading { texts: &texts, rules, vocabulary, coders: BTreeSet::new(), options, to };
    for (table, columns) in tables.iter().zip(&columns) {
        // What is to be said of the rows was said.
        table.each(&mut Batch::default(), &mut |line, cells| {
            let document = texts.name(Row { columns, cells: &cells, file: table.file(), line }.get(Field::Document)).to_owned();
            if let Some(rows) = documents.whole(&document, Vec::new) {
                rows.push(StoredRow { columns, cells, file: table.file(), line });
            }
            std::iter::from_fn(|| documents.next_complete()).try_for_each(|rows| reading.document(&rows))
        })?;
    }
    documents.into_rest().try_for_each(|rows| reading.document(&rows))?;
    let Reading { vocabulary, coders, options, to, .. } = reading;
    vocabulary.hand_over(&coders, to);
    for name in texts.unused() {
        options.step()?;
        texts.read(&name, options, to)?.into_iter().for_each(|item| to.item(item));
    }
    Ok(())
}

/// A row of a document whose other rows may still come.
struct StoredRow<'t> {
    columns: &'t SpanColumns,
    cells: StringRecord,
    file: &'t str,
    line: usize,
}

/// All tables while their documents are read.
struct Reading<'r, 'k> {
    texts: &'r TextFiles<'r>,
    rules: &'static TableRules,
    vocabulary: Vocabulary<'k>,
    /// Those who have said something.
    coders: BTreeSet<CoderKey>,
    options: &'r mut ReadOptions,
    to: &'r mut dyn Receiver,
}

impl Reading<'_, '_> {
    /// Hands over the document of some rows.
    fn document(&mut self, rows: &[StoredRow<'_>]) -> Result<(), FormatError> {
        self.options.step()?;
        let rows: Vec<Row<'_>> = rows.iter().map(|StoredRow { columns, cells, file, line }| Row { columns, cells, file, line: *line }).collect();
        let Some(mut item) = find_document(&rows, self.texts, self.rules, self.options, self.to)? else { return Ok(()) };
        let mut by_coder: BTreeMap<CoderKey, Vec<&Row<'_>>> = BTreeMap::new();
        for row in rows.iter().filter(|row| !row.is_blank()) {
            by_coder.entry(coder_of(row, self.options)).or_default().push(row);
        }
        for (coder, rows) in by_coder {
            let sheet = read_sheet((&item.id, &item.text), &rows, self.rules, &mut self.vocabulary, self.options, self.to);
            if !sheet.is_blank() {
                self.coders.insert(coder.clone());
                item.sheets.insert(coder, Arc::new(sheet));
            }
        }
        self.to.item(item);
        Ok(())
    }
}

fn coder_of(row: &Row<'_>, options: &ReadOptions) -> CoderKey {
    match row.get(Field::Coder) {
        "" => options.coder.clone(),
        name => CoderKey::new(name).unwrap_or_else(|_| CoderKey::from_name(name)),
    }
}

/// What new labels and attributes are to be made like.
fn look_at(row: &Row<'_>, survey: &mut Survey) {
    if row.is_claim() {
        survey.claim_label(row.get(Field::Label));
    }
    for (name, value) in row.attributes() {
        survey.value(&name, &value);
    }
}

/// Files with texts, by the names under which a table can mean them.
struct TextFiles<'s> {
    source: &'s dyn Source,
    names: BTreeMap<String, String>,
    used: RefCell<BTreeSet<String>>,
}

impl<'s> TextFiles<'s> {
    fn new(source: &'s dyn Source) -> Self {
        let mut names = BTreeMap::new();
        for name in source.names().into_iter().filter(|name| extension(name) == "txt") {
            for meant in [name.as_str(), base_name(&name), stem(&name), stem(base_name(&name))] {
                names.entry(meant.to_owned()).or_insert_with(|| name.clone());
            }
        }
        Self { source, names, used: RefCell::default() }
    }

    /// Files that no table has named.
    fn unused(&self) -> BTreeSet<String> {
        self.names.values().filter(|name| !self.used.borrow().contains(*name)).cloned().collect()
    }

    /// One name for everything that means the same file.
    fn name<'n>(&'n self, meant: &'n str) -> &'n str {
        self.names.get(meant).map_or(meant, String::as_str)
    }

    fn read(&self, meant: &str, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<Option<Item>, FormatError> {
        let Some(name) = self.names.get(meant) else { return Ok(None) };
        self.used.borrow_mut().insert(name.clone());
        Ok(decode_or_ask(self.source, name, options, to)?.map(|file| article(name, file, options)))
    }
}

/// The document of some rows with its text; none, with a finding, where nobody has the text.
fn find_document(
    rows: &[Row<'_>],
    texts: &TextFiles<'_>,
    rules: &TableRules,
    options: &mut ReadOptions,
    to: &mut dyn Receiver,
) -> Result<Option<Item>, FormatError> {
    let Some(first) = rows.first() else { return Ok(None) };
    let name = first.get(Field::Document);
    let id = DocumentId::new(name).ok();
    let title = rows.iter().map(|row| row.get(Field::Title)).find(|title| !title.is_empty());
    let in_column = rows.iter().map(|row| row.get(Field::Text)).find(|text| !text.is_empty());
    let in_project = |options: &ReadOptions| id.as_ref().and_then(|id| options.texts.get(id));
    let item = if let Some(text) = in_column {
        Some(new_item(Text::new(text), title, options))
    } else if let Some(item) = texts.read(name, options, to)? {
        Some(item)
    } else {
        in_project(options).map(|text| new_item(text, title, options))
    };
    let Some(mut item) = item else {
        let message = format!(
            "there is no text of the document `{}`: no column has it, no file beside the table is called so, and the project does not have it. Its {} \
             rows were left out; import the table together with the texts",
            super::sheet_builder::short(name),
            rows.len()
        );
        to.finding(Finding::new(Severity::Error, rules.no_text, message).in_file(first.file).at_line(first.line));
        return Ok(None);
    };
    if let Some(title) = title {
        title.clone_into(&mut item.document.title);
    }
    if let Some(id) = id {
        item.id = id;
    } else if item.document.file_name.is_empty() {
        name.clone_into(&mut item.document.file_name);
    }
    Ok(Some(item))
}

fn new_item(text: Text, title: Option<&str>, options: &mut ReadOptions) -> Item {
    let title = title.map_or_else(|| Document::title_of(text.as_str()), str::to_owned);
    let id = DocumentId::from_title(&title, options.ids.next_id());
    let document = Document::new(title, text.hash().clone());
    Item { id, document, text, original: None, sheets: BTreeMap::new() }
}

/// What one coder has said about one document.
fn read_sheet(
    (id, text): (&DocumentId, &Text),
    rows: &[&Row<'_>],
    rules: &'static TableRules,
    vocabulary: &mut Vocabulary<'_>,
    options: &mut ReadOptions,
    to: &mut dyn Receiver,
) -> Sheet {
    let ranges: Vec<Vec<(usize, usize)>> = rows.iter().map(|row| row.ranges().unwrap_or_default()).collect();
    let surfaces: Vec<Option<String>> = rows.iter().zip(&ranges).map(|(row, ranges)| surface(row.get(Field::Quote), ranges.len())).collect();
    let counted = ranges.iter().zip(&surfaces).filter(|(ranges, _)| !ranges.is_empty());
    let counted: Vec<Counted<'_>> = counted.map(|(ranges, surface)| Counted { ranges, surface: surface.as_deref() }).collect();
    let own = rows.iter().find_map(|row| row.get(Field::OffsetUnit).parse::<OffsetUnit>().ok()).unwrap_or_default();
    let choice = choose_for_text(text, &counted, own, options.unit);
    let (seen, shifts) = seen_text(text, choice.counting);
    let view = View::new(&seen, shifts, choice.counting);
    let several = options.known.schema.attributes.iter().filter(|(_, def)| def.kind == AttributeKind::Choices).map(|(key, _)| key.to_string());
    let several = several.collect();
    let mut out = SheetBuilder::new(rules.rules, (id, text), vocabulary, &mut options.ids, to);
    let file = rows.first().map_or("", |row| row.file);
    out.tell(&choice, rules.offsets, file);
    let mut sheet = SheetRows { out, view, file, rules, occurrences: BTreeMap::new(), claims: Vec::new(), several };
    for ((row, ranges), surface) in rows.iter().zip(&ranges).zip(&surfaces) {
        sheet.add(row, ranges, surface.as_deref());
    }
    sheet.finish()
}

/// A claim that waits for all rows, because its fillers may stand below it.
struct ClaimRow {
    claim: ClaimId,
    id: String,
    roles: Vec<(String, String)>,
    file: String,
    line: usize,
}

/// A sheet while its rows are read.
struct SheetRows<'s, 'l, 'k> {
    out: SheetBuilder<'s, 'l, 'k>,
    view: View<'s>,
    file: &'s str,
    rules: &'static TableRules,
    /// Further places of claims, by the claim's id in the table.
    occurrences: BTreeMap<String, Vec<(Ranges, usize, String)>>,
    claims: Vec<ClaimRow>,
    /// Attributes that take several choices.
    several: BTreeSet<String>,
}

impl SheetRows<'_, '_, '_> {
    fn add(&mut self, row: &Row<'_>, counted: &[(usize, usize)], surface: Option<&str>) {
        let raw = row.as_json();
        let from = Origin { file: row.file, line: Some(row.line), raw: &raw };
        let id = row.get(Field::Id);
        if row.is_occurrence() {
            if let Some(ranges) = self.out.place(from, &self.view, counted, surface) {
                self.occurrences.entry(id.to_owned()).or_default().push((ranges, row.line, raw));
            }
            return;
        }
        if !self.out.admit(from, Some(id).filter(|id| !id.is_empty()).map(|id| id.to_owned().into()), 1) {
            return;
        }
        let has_place = !counted.is_empty() || surface.is_some();
        if !has_place && !row.is_claim() {
            return self.out.lose(from, self.rules.no_place, "this row has neither a start and an end nor a quote");
        }
        let ranges = if has_place { self.out.place(from, &self.view, counted, surface) } else { None };
        if has_place && ranges.is_none() {
            return;
        }
        let Some(node) = self.add_node(from, row, ranges) else { return };
        if !id.is_empty() {
            self.out.set_node(id.to_owned(), node);
        }
        self.add_details(from, row, node);
    }

    fn add_node(&mut self, from: Origin<'_>, row: &Row<'_>, ranges: Option<Ranges>) -> Option<Node> {
        let name = row.get(Field::Label);
        if row.is_claim() {
            let label = self.out.label(from, name);
            return Some(self.out.add_claim(label, ranges));
        }
        let ranges = ranges?;
        if row.is_span() {
            let label = self.out.label(from, name);
            return Some(self.out.add_span(label, ranges));
        }
        Some(self.out.add_mark(from, name, ranges))
    }

    fn add_details(&mut self, from: Origin<'_>, row: &Row<'_>, node: Node) {
        for (name, value) in row.attributes() {
            let raw = format!("{name}={value}");
            let from = Origin { raw: &raw, ..from };
            // The vocabulary wants several choices with `|` between them.
            let value = if self.several.contains(&name) { split(&value).join("|") } else { value };
            self.out.set_attribute(from, node, &name, &value);
        }
        let note = row.get(Field::Note);
        if !note.is_empty() {
            self.out.add_note(node, note);
        }
        if let Some(rest) = row.rest() {
            self.out.set_residue(node, rest);
        }
        match node {
            Node::Span(span) => {
                if let Some(reference) = reference(row) {
                    self.out.refer(from, span, reference);
                }
            }
            Node::Claim(claim) => {
                if let Some(claim) = self.out.sheet.claims.get_mut(&claim) {
                    row.get(Field::Normalized).clone_into(&mut claim.normalized);
                }
                let (id, file, line) = (row.get(Field::Id).to_owned(), row.file.to_owned(), row.line);
                self.claims.push(ClaimRow { claim, id, roles: row.roles(), file, line });
            }
            Node::Relation(_) | Node::Entity(_) => {}
        }
    }

    fn finish(mut self) -> Sheet {
        for ClaimRow { claim, id, roles, file, line } in std::mem::take(&mut self.claims) {
            for (role, filler) in roles {
                let raw = format!("{role}={filler}");
                self.fill(Origin { file: &file, line: Some(line), raw: &raw }, claim, &role, &filler);
            }
            let places = self.occurrences.remove(&id).unwrap_or_default();
            if let Some(claim) = self.out.sheet.claims.get_mut(&claim) {
                set_occurrences(claim, places.into_iter().map(|(ranges, ..)| ranges).collect());
            }
        }
        for (id, places) in std::mem::take(&mut self.occurrences) {
            for (_, line, raw) in places {
                let from = Origin { file: self.file, line: Some(line), raw: &raw };
                self.out.lose(from, self.rules.rules.missing_target, format!("there is no claim {id} for this further place"));
            }
        }
        self.out.finish()
    }

    /// `span:ID`, `claim:ID`, `entity:ID`, `value:TEXT`; anything else is a value.
    fn fill(&mut self, from: Origin<'_>, claim: ClaimId, role: &str, filler: &str) {
        match filler.split_once(':') {
            Some(("span" | "claim", id)) => self.out.fill_role(from, claim, role, id),
            Some(("entity", id)) => match id.parse::<EntityId>() {
                Ok(id) => self.out.fill(claim, role, Filler::Entity(id)),
                Err(_) => self.out.lose(from, self.rules.rules.missing_target, format!("`{id}` is no id of an entity")),
            },
            Some(("value", value)) => self.out.fill(claim, role, Filler::Value(value.to_owned())),
            _ => self.out.fill(claim, role, Filler::Value(filler.to_owned())),
        }
    }
}

fn set_occurrences(claim: &mut Claim, places: Vec<Ranges>) {
    if !places.is_empty() {
        let content = claim.content.take();
        claim.set_places(content, places);
    }
}

/// Whom a row means: our own id, a Wikidata id, or a name of a base in front of an id.
fn reference<'r>(row: &'r Row<'_>) -> Option<(&'r str, &'r str, &'r str)> {
    let (entity, name) = (row.get(Field::Entity), row.get(Field::EntityName));
    let is_wikidata = || entity.strip_prefix('Q').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()));
    match entity {
        "" => None,
        own if own.parse::<EntityId>().is_ok() => Some((OWN_BASE, own, name)),
        wikidata if is_wikidata() => Some(("wikidata", wikidata, name)),
        other => Some(other.split_once(':').map_or(("entity", other, name), |(base, entry)| (base, entry, name))),
    }
}
