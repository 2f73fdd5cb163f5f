//! Documents with a sheet for each coder, claims for statements, entities for what fills them; and whether that is all there is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::database::{Cell, Database};
use super::tables::{EntityRow, Said, Statement, Tables as Rows};
use super::{FORMAT, RULES};
use crate::format::counting::{Counted, Counting, Tally, View, seen_text};
use crate::format::record::{Place, Record, to_item};
use crate::format::sheet_builder::{Origin, SheetBuilder};
use crate::format::vocabulary::{Declared, DeclaredAttribute, ExportedNames, Survey, Vocabulary, small};
use crate::format::{Field, FormatError, Item, ReadOptions, Receiver, Source, Tables, read_all};
use crate::model::{
    AttributeKind, Coder, CoderKey, Entity, EntityId, Filler, FillerKind, Finding, LabelKind, Node, RoleDef, RoleKey, Severity, Target,
};
use crate::text::Text;
use crate::text::decode::Decoding;
use crate::text::offsets::OffsetUnit;

/// The year 2100. Where a date is beyond it, all of the file count milliseconds, as those of DNA 2 do.
const MAX_SECONDS: i64 = 4_102_444_800;

/// Reads every database of the source.
pub(super) fn read(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    for name in source.names() {
        let bytes = match read_all(source, &name) {
            Ok(bytes) => bytes,
            Err(error) => {
                to.finding(error.to_finding());
                continue;
            }
        };
        match Database::open(&bytes) {
            Ok(database) => {
                drop(bytes);
                read_database(&name, &database, options, to)?;
            }
            Err(why) => to.finding(error(&name, "dna-bad-file", &format!("{why}. Nothing of the file was read"))),
        }
    }
    Ok(())
}

fn error(file: &str, rule: &'static str, message: &str) -> Finding {
    Finding::new(Severity::Error, rule, message).in_file(file)
}

fn read_database(name: &str, database: &Database, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    let rows = Rows::of(database);
    for why in &rows.damaged {
        to.finding(error(name, "dna-damaged", why));
    }
    let counting = counting(name, database, &rows, options, to)?;
    let known = options.known.clone();
    let (declared, survey) = expected(&rows);
    let mut vocabulary = Vocabulary::new(&known, declared, ExportedNames::default(), survey);
    let entities = Entities::of(&rows, &known, &mut vocabulary, options);
    let clock = Clock::of(database);
    let mut reading = Reading { name, rows: &rows, counting, clock, entities, coders: BTreeSet::new(), read: [0, 0], without_coder: 0 };
    let wanted = ["ID", "Title", "Text", "Author", "Source", "Section", "Notes", "Type", "Date", "Coder"];
    let mut result = Ok(());
    let read = database.for_each("DOCUMENTS", wanted, |cells| {
        if result.is_ok() {
            reading.document(cells, (&mut vocabulary, options), to);
            result = options.step();
        }
    });
    result?;
    read.err().into_iter().for_each(|why| to.finding(error(name, "dna-damaged", &why)));
    reading.say_counts(database, options, to);
    let coders = std::mem::take(&mut reading.coders);
    to.tables(reading.tables(&known, &coders));
    vocabulary.hand_over(&coders, to);
    Ok(())
}

/// Names of labels and attributes before the first document is read.
fn expected(rows: &Rows) -> (Declared, Survey) {
    let (mut declared, mut survey) = (Declared::default(), Survey::default());
    for kind in rows.statements.values().flatten().map(|statement| statement.kind).collect::<BTreeSet<_>>() {
        declared.labels.push((rows.kind(kind).to_owned(), None, LabelKind::Claim));
    }
    for (name, _) in rows.variables.values().filter(|(_, is_short)| *is_short) {
        declared.labels.push((name.clone(), None, LabelKind::Entity));
    }
    for (variable, said) in rows.values.values().flatten() {
        let name = rows.variable(*variable);
        match said {
            Said::Bool(_) => survey.value_of_kind(name, "yes", AttributeKind::YesNo),
            Said::Integer(number) => survey.value_of_kind(name, &number.to_string(), AttributeKind::Integer),
            Said::Text(_) => survey.value_of_kind(name, "", AttributeKind::Text),
            Said::Entity(_) | Said::Name(_) => {}
        }
    }
    let of_entities: BTreeSet<&str> = rows.entities.values().flat_map(|row| &row.attributes).map(|(name, _)| name.as_str()).collect();
    for name in of_entities.into_iter().filter(|name| !is_detail(name)) {
        let attribute =
            DeclaredAttribute { name: name.to_owned(), targets: vec![Target::Entity], values: Vec::new(), kind: Some(AttributeKind::Text) };
        declared.attributes.push(attribute);
    }
    (declared, survey)
}

/// Attributes of entities that have a place of their own here.
fn is_detail(name: &str) -> bool {
    ["alias", "notes"].iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// What offsets count in all documents.
fn counting(name: &str, database: &Database, rows: &Rows, options: &ReadOptions, to: &mut dyn Receiver) -> Result<Counting, FormatError> {
    let mut tally = Tally::new(OffsetUnit::Utf16, options.unit);
    // What is damaged is said when documents are read.
    let _ = database.for_each("DOCUMENTS", ["ID", "Text"], |[id, text]| {
        let statements = id.integer().and_then(|id| rows.statements.get(&id)).into_iter().flatten();
        let ranges: Vec<[(usize, usize); 1]> = statements.filter_map(|statement| statement.range.map(|range| [range])).collect();
        let spans: Vec<Counted<'_>> = ranges.iter().map(|ranges| Counted { ranges, surface: None }).collect();
        if !spans.is_empty() && !options.cancel.is_cancelled() {
            tally.add(&Text::new(text.into_text()), &spans);
        }
    });
    let choice = tally.choose();
    if let Some(finding) = choice.finding("dna-offsets") {
        to.finding(finding.in_file(name));
    }
    if options.cancel.is_cancelled() { Err(FormatError::Cancelled) } else { Ok(choice.counting) }
}

/// Entities of the file, and those of the project that are the same.
struct Entities {
    by_id: BTreeMap<i64, EntityId>,
    by_name: BTreeMap<(i64, String), EntityId>,
    new: BTreeMap<EntityId, Entity>,
}

impl Entities {
    fn of(rows: &Rows, known: &Tables, vocabulary: &mut Vocabulary<'_>, options: &mut ReadOptions) -> Self {
        let (mut entities, mut by_id) = (Self { by_id: BTreeMap::new(), by_name: BTreeMap::new(), new: BTreeMap::new() }, BTreeMap::new());
        for (id, row) in rows.entities.iter().filter(|(_, row)| !row.name.trim().is_empty()) {
            let entity = entities.named(row.variable, &row.name, (rows, known, vocabulary, options));
            entities.describe(entity, row, vocabulary);
            by_id.insert(*id, entity);
        }
        for name in
            rows.values.values().flatten().filter_map(|(variable, said)| if let Said::Name(name) = said { Some((*variable, name)) } else { None })
        {
            entities.named(name.0, name.1, (rows, known, vocabulary, options));
        }
        entities.by_id = by_id;
        entities
    }

    /// The entity of a name: of the project where it has one of that name and label.
    fn named(
        &mut self,
        variable: i64,
        name: &str,
        (rows, known, vocabulary, options): (&Rows, &Tables, &mut Vocabulary<'_>, &mut ReadOptions),
    ) -> EntityId {
        let key = (variable, name.to_owned());
        if let Some(entity) = self.by_name.get(&key) {
            return *entity;
        }
        let label = vocabulary.label(rows.variable(variable));
        let is_same = |entity: &Entity| entity.is_living() && entity.name == name && entity.label.as_ref() == Some(&label);
        let found = known.entities.iter().find(|(_, entity)| is_same(entity)).map(|(id, _)| *id);
        let id = found.unwrap_or_else(|| {
            let id = EntityId(options.ids.next_id());
            self.new.insert(id, Entity::new(name, Some(label)));
            id
        });
        self.by_name.insert(key, id);
        id
    }

    fn describe(&mut self, id: EntityId, row: &EntityRow, vocabulary: &mut Vocabulary<'_>) {
        let Some(entity) = self.new.get_mut(&id) else { return };
        for (name, value) in &row.attributes {
            match name.to_lowercase().as_str() {
                "alias" => drop(entity.aliases.insert(value.clone())),
                "notes" => value.clone_into(&mut entity.note),
                _ => entity.attributes.extend(vocabulary.attribute(name, value)),
            }
        }
        let mut rest = Map::new();
        if row.color != [0; 3] {
            rest.insert("color".to_owned(), row.color.to_vec().into());
        }
        rest.extend(row.child_of.clone().map(|parent| ("ChildOf".to_owned(), parent)));
        if !rest.is_empty() {
            entity.residue.insert(FORMAT.name.to_owned(), Value::Object(rest).to_string());
        }
    }
}

/// A database while its documents are read.
struct Reading<'r> {
    name: &'r str,
    rows: &'r Rows,
    counting: Counting,
    clock: Clock,
    entities: Entities,
    coders: BTreeSet<CoderKey>,
    /// Documents and statements.
    read: [usize; 2],
    /// Statements of nobody whom the file names.
    without_coder: usize,
}

impl Reading<'_> {
    fn document(&mut self, cells: [Cell; 10], (vocabulary, options): (&mut Vocabulary<'_>, &mut ReadOptions), to: &mut dyn Receiver) {
        let [id, title, text, author, source, section, notes, kind, date, coder] = cells;
        let mut record = Record { encoding: Some(Decoding::utf8()), ..Record::default() };
        let fields = [(Field::Title, title), (Field::Text, text), (Field::Author, author), (Field::Source, source)];
        record.fields.extend(fields.map(|(field, cell)| (field, cell.into_text())));
        let (day, is_whole) = date.integer().and_then(|date| self.clock.day(date)).unwrap_or_default();
        record.fields.insert(Field::Date, day);
        let rest = [("Section", section.into_text()), ("Notes", notes.into_text()), ("Type", kind.into_text())];
        record.rest.extend(rest.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name.to_owned(), value.into())));
        if !is_whole {
            record.rest.extend(date.integer().map(|date| ("Date".to_owned(), date.into())));
        }
        record.rest.extend(coder.integer().and_then(|coder| self.rows.coders.get(&coder)).map(|coder| ("Coder".to_owned(), coder.as_str().into())));
        let number = id.integer().and_then(|id| usize::try_from(id).ok()).unwrap_or_default();
        let mut item = to_item(record, FORMAT.name, Place::of_record(self.name, number), options, to);
        let statements = id.integer().and_then(|id| self.rows.statements.get(&id)).map(Vec::as_slice).unwrap_or_default();
        self.sheets(&mut item, statements, (vocabulary, options), to);
        self.read[0] += 1;
        to.item(item);
    }

    fn sheets(
        &mut self,
        item: &mut Item,
        statements: &[Statement],
        (vocabulary, options): (&mut Vocabulary<'_>, &mut ReadOptions),
        to: &mut dyn Receiver,
    ) {
        let mut by_coder: BTreeMap<CoderKey, Vec<&Statement>> = BTreeMap::new();
        for statement in statements {
            let name = self.rows.coders.get(&statement.coder).filter(|name| !name.trim().is_empty());
            self.without_coder += usize::from(name.is_none());
            by_coder.entry(name.map_or_else(|| options.coder.clone(), |name| CoderKey::from_name(name))).or_default().push(statement);
        }
        let (seen, shifts) = seen_text(&item.text, self.counting);
        let view = View::new(&seen, shifts, self.counting);
        for (coder, statements) in by_coder {
            let mut out = SheetBuilder::new(&RULES, (&item.id, &item.text), vocabulary, &mut options.ids, to);
            for statement in statements {
                self.read[1] += usize::from(self.statement(statement, &view, &mut out));
            }
            let sheet = out.finish();
            if !sheet.is_blank() {
                item.sheets.insert(coder.clone(), Arc::new(sheet));
                self.coders.insert(coder);
            }
        }
    }

    /// True where it has become a claim.
    fn statement(&self, statement: &Statement, view: &View<'_>, out: &mut SheetBuilder<'_, 'static, '_>) -> bool {
        let values = self.rows.values.get(&statement.id).map(Vec::as_slice).unwrap_or_default();
        let raw = format!("{statement:?} {values:?}");
        let from = Origin { file: self.name, line: None, raw: &raw };
        let Some(range) = statement.range else {
            out.lose(from, "dna-bad-statement", format!("statement {} has no place", statement.id));
            return false;
        };
        if !out.admit(from, None, 1 + values.len()) {
            return false;
        }
        let Some(place) = out.place(from, view, &[range], None) else { return false };
        let label = out.label(from, self.rows.kind(statement.kind));
        let node = out.add_claim(label, Some(place));
        out.set_residue(node, statement.id.to_string());
        for (variable, said) in values {
            self.value(from, node, (*variable, said), out);
        }
        true
    }

    fn value(&self, from: Origin<'_>, node: Node, (variable, said): (i64, &Said), out: &mut SheetBuilder<'_, 'static, '_>) {
        let name = self.rows.variable(variable);
        let raw = format!("{name} = {said:?}");
        let from = Origin { raw: &raw, ..from };
        let Node::Claim(claim) = node else { return };
        let entity = match said {
            Said::Entity(id) => self.entities.by_id.get(id),
            Said::Name(words) => self.entities.by_name.get(&(variable, words.clone())),
            Said::Bool(value) => return out.set_attribute(from, node, name, if *value { "yes" } else { "no" }),
            Said::Integer(number) => return out.set_attribute(from, node, name, &number.to_string()),
            Said::Text(text) if name.eq_ignore_ascii_case("note") => return out.add_note(node, text),
            Said::Text(text) => return out.set_attribute(from, node, name, text),
        };
        match entity {
            Some(entity) => out.fill(claim, name, Filler::Entity(*entity)),
            // DNA writes an entity without a name where nothing was said.
            None if matches!(said, Said::Entity(id) if self.rows.entities.contains_key(id)) => {}
            None => out.lose(from, RULES.missing_target, "there is no such entity"),
        }
    }

    /// What is in the file and what was read.
    fn say_counts(&self, database: &Database, options: &ReadOptions, to: &mut dyn Receiver) {
        if self.without_coder > 0 {
            let message = format!(
                "{} statements are of coders whom the file does not name; they were taken for those of {}",
                self.without_coder, options.coder
            );
            to.finding(Finding::new(Severity::Warning, "dna-no-coder", message).in_file(self.name));
        }
        let [documents, statements] = self.read;
        let unnamed = self.rows.entities.values().filter(|row| row.name.trim().is_empty()).count();
        let unnamed = if unnamed > 0 { format!(" ({unnamed} without a name)") } else { String::new() };
        let counts = [
            ("documents", documents, "DOCUMENTS", String::new()),
            ("statements", statements, "STATEMENTS", String::new()),
            ("entities", self.rows.entities.len(), Rows::entity_table(database), unnamed),
            ("coders", self.rows.coders.len(), "CODERS", String::new()),
        ];
        let counts = counts.map(|(what, read, table, more)| (what, read, database.count(table), more));
        let is_all = counts.iter().all(|(_, read, there, _)| *there == Some(*read));
        let counted = counts.map(|(what, read, there, more)| {
            let there = there.map_or("an unknown number".to_owned(), |there| there.to_string());
            format!("{what}: {read} of {there}{more}")
        });
        let rest = if is_all { "" } else { ". The others are damaged or belong to no document" };
        let message = format!("read of what is in the file: {}{rest}", counted.join(", "));
        to.finding(Finding::new(if is_all { Severity::Note } else { Severity::Warning }, "dna-counts", message).in_file(self.name));
        for (table, what) in
            [("REGEXES", "search terms"), ("STATEMENTLINKS", "links between statements"), ("CODERRELATIONS", "permissions of coders")]
        {
            let count = database.count(table).unwrap_or_default();
            if count > 0 {
                let message = format!("{count} {what} have no place here; they were left out");
                to.finding(Finding::new(Severity::Note, "dna-left-out", message).in_file(self.name));
            }
        }
    }

    /// Entities, roles that entities fill, and coders.
    fn tables(self, known: &Tables, coders: &BTreeSet<CoderKey>) -> Tables {
        let mut tables = Tables { entities: self.entities.new, ..Tables::default() };
        let roles = self.rows.variables.values().filter(|(_, is_short)| *is_short);
        for ((name, _), position) in roles.zip(known.schema.roles.len()..) {
            let key = RoleKey::from_text(name);
            if !known.schema.roles.contains_key(&key) {
                let def = RoleDef {
                    name: name.clone(),
                    position: small(position),
                    accepts: vec![FillerKind::Entity, FillerKind::Span],
                    values: Vec::new(),
                    labels: Vec::new(),
                    required: false,
                    max: 0,
                    shortcut: None,
                    description: String::new(),
                    retired: false,
                };
                tables.schema.roles.entry(key).or_insert(def);
            }
        }
        for name in self.rows.coders.values() {
            let key = CoderKey::from_name(name);
            if coders.contains(&key) && !known.coders.contains_key(&key) {
                tables.coders.entry(key).or_insert_with(|| Coder::new(name));
            }
        }
        tables
    }
}

/// What the dates of a file count since 1970.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Clock {
    Seconds,
    Milliseconds,
}

impl Clock {
    /// By all of them: old dates are small numbers in either.
    fn of(database: &Database) -> Self {
        let mut clock = Self::Seconds;
        // What is damaged is said when documents are read.
        let _ = database.for_each("DOCUMENTS", ["Date"], |[date]| {
            if date.integer().is_some_and(|date| date.unsigned_abs() > MAX_SECONDS.unsigned_abs()) {
                clock = Self::Milliseconds;
            }
        });
        clock
    }

    /// The day of a point in time, and whether it is midnight.
    fn day(self, date: i64) -> Option<(String, bool)> {
        let seconds = if self == Self::Milliseconds { date.div_euclid(1000) } else { date };
        let day = jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::from_second(seconds).ok()?).date();
        Some((day.to_string(), seconds.rem_euclid(86_400) == 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_count_seconds_or_milliseconds() {
        assert_eq!(Clock::Seconds.day(1_113_091_200), Some(("2005-04-10".to_owned(), true)));
        assert_eq!(Clock::Milliseconds.day(1_113_091_200_500), Some(("2005-04-10".to_owned(), true)));
        assert_eq!(Clock::Milliseconds.day(13_046_400_000), Some(("1970-06-01".to_owned(), true)));
        assert_eq!(Clock::Seconds.day(-86_399), Some(("1969-12-31".to_owned(), false)));
        assert_eq!(Clock::Seconds.day(i64::MAX), None);
    }
}
