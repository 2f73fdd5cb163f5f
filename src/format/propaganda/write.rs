//! Writing the articles, and a table of all rows behind them.

use std::collections::{BTreeMap, BTreeSet};

use crate::format::aspects::{Aspect, drop_aspects, drop_entity_details, drop_foreign_residue, drop_own_residue};
use crate::format::marks::{Mark, drop_claim_details, flat_marks};
use crate::format::place::Places;
use crate::format::{FormatError, Item, Items, Ledger, Sink, Tables, WriteOptions};
use crate::model::{AttributeKey, AttributeValue, Attributes, CoderKey, LabelKey, MarkId, Sheet};
use crate::text::offsets::OffsetUnit;

const NO_PLACE: &str = "the table has no column for it";

const LOST: [Aspect; 14] = [
    Aspect::DocumentFields,
    Aspect::Regions,
    Aspect::Corrections,
    Aspect::DocumentAttributes,
    Aspect::DocumentNotes,
    Aspect::Status,
    Aspect::SetAside,
    Aspect::Relations,
    Aspect::RelationAttributes,
    Aspect::RelationNotes,
    Aspect::Occurrences,
    Aspect::SpanNotes,
    Aspect::Fillers,
    Aspect::EntityLinks,
];

/// One of the two tables.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Table {
    Techniques,
    Roles,
}

/// Writes a table of techniques.
pub(super) fn write_techniques(
    tables: &Tables,
    items: &mut Items<'_>,
    options: &WriteOptions,
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
) -> Result<(), FormatError> {
    write(Table::Techniques, (tables, items), (options, sink, ledger))
}

/// Writes a table of roles.
pub(super) fn write_roles(
    tables: &Tables,
    items: &mut Items<'_>,
    options: &WriteOptions,
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
) -> Result<(), FormatError> {
    write(Table::Roles, (tables, items), (options, sink, ledger))
}

fn write(
    table: Table,
    (tables, items): (&Tables, &mut Items<'_>),
    (options, sink, ledger): (&WriteOptions, &mut dyn Sink, &mut Ledger),
) -> Result<(), FormatError> {
    let mut names = Names::default();
    let mut pages: BTreeMap<Option<CoderKey>, String> = BTreeMap::new();
    for item in items {
        let item = item?;
        ledger.add_document();
        count(table, &item, ledger);
        let name = names.article(table, &item);
        write_file(sink, &format!("{name}.txt"), item.text.as_str())?;
        ledger.name_document(format!("{name}.txt"));
        for (coder, sheet) in &item.sheets {
            let writer = Writer { table, tables, item: &item, sheet, name: &name };
            let page = pages.entry(Some(coder.clone()).filter(|_| options.coders.len() > 1)).or_default();
            writer.push_rows(page, ledger)?;
        }
        options.step()?;
    }
    drop_entity_details(ledger, tables, NO_PLACE);
    if pages.is_empty() {
        pages.insert(None, String::new());
    }
    for (coder, page) in pages {
        write_file(sink, &coder.map_or_else(|| "labels.tsv".to_owned(), |coder| format!("labels.{coder}.tsv")), &page)?;
    }
    Ok(())
}

fn write_file(sink: &mut dyn Sink, name: &str, content: &str) -> Result<(), FormatError> {
    let written = sink.create(name).and_then(|mut file| file.write_all(content.as_bytes()));
    written.map_err(|cause| FormatError::writing(name, cause))
}

fn count(table: Table, item: &Item, ledger: &mut Ledger) {
    drop_aspects(ledger, item, &LOST, NO_PLACE);
    if table == Table::Techniques {
        drop_aspects(ledger, item, &[Aspect::SpanAttributes], NO_PLACE);
    }
    let own = if table == Table::Techniques { super::TECHNIQUES_FORMAT.name } else { super::ROLES_FORMAT.name };
    drop_foreign_residue(ledger, item, own);
    drop_own_residue(ledger, item, own, "rows that had no place are not written back");
    drop_claim_details(item, ledger, NO_PLACE);
}

/// Names that articles have.
#[derive(Default)]
struct Names {
    used: BTreeSet<String>,
    next: u64,
}

impl Names {
    /// Techniques count their articles: the number in the name of its file, or a new one.
    fn article(&mut self, table: Table, item: &Item) -> String {
        let file = item.document.file_name.strip_suffix(".txt").unwrap_or_default();
        let is_name = match table {
            Table::Techniques => file.strip_prefix("article").is_some_and(super::is_number),
            Table::Roles => !file.is_empty() && file.len() < 100 && file.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte)),
        };
        if is_name && self.used.insert(file.to_owned()) {
            return file.to_owned();
        }
        if table == Table::Roles {
            self.used.insert(item.id.to_string());
            return item.id.to_string();
        }
        loop {
            self.next += 1;
            let name = format!("article{}", 100_000_000 + self.next);
            if self.used.insert(name.clone()) {
                return name;
            }
        }
    }
}

struct Writer<'w> {
    table: Table,
    tables: &'w Tables,
    item: &'w Item,
    sheet: &'w Sheet,
    name: &'w str,
}

impl Writer<'_> {
    fn push_rows(&self, page: &mut String, ledger: &mut Ledger) -> Result<(), FormatError> {
        let places = Places::new(&self.item.id, &self.item.text, OffsetUnit::CodePoints);
        for mark in flat_marks(self.item, self.sheet, &places, ledger)? {
            let (start, end) = (mark.place.start, mark.place.end);
            let label = self.label(mark.label);
            match self.table {
                Table::Techniques => {
                    let article = self.name.strip_prefix("article").unwrap_or(self.name);
                    page.push_str(&format!("{article}\t{label}\t{start}\t{end}\n"));
                }
                Table::Roles => {
                    let mut row = vec![
                        format!("{}.txt", self.name),
                        super::flat(mark.place.quote),
                        start.to_string(),
                        (end.saturating_sub(1)).to_string(),
                        label,
                    ];
                    row.extend(self.fine_roles(&mark, ledger));
                    page.push_str(&row.join("\t"));
                    page.push('\n');
                }
            }
        }
        Ok(())
    }

    /// Names of labels hold what keys may not: `Name_Calling,Labeling`. They are written where they lead back.
    fn label(&self, key: &LabelKey) -> String {
        let name = self.tables.schema.labels.get(key).map_or("", |label| label.name.as_str());
        let is_name = !name.contains(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) && !name.trim().is_empty();
        let leads_back = is_name && (self.table == Table::Roles || LabelKey::from_text(name) == *key);
        let is_only = self.tables.schema.labels.values().filter(|label| label.name.eq_ignore_ascii_case(name)).count() == 1;
        if leads_back && is_only && !super::is_number(name) { name.to_owned() } else { key.to_string() }
    }

    /// The choices of one attribute.
    fn fine_roles(&self, mark: &Mark<'_>, ledger: &mut Ledger) -> Vec<String> {
        let none = Attributes::new();
        let attributes = match mark.id {
            MarkId::Span(id) => self.sheet.spans.get(&id).map_or(&none, |span| span.attributes()),
            MarkId::Claim(_) => return Vec::new(),
        };
        let own = format!("{}_role", mark.label.as_str().to_lowercase());
        let taken: Option<(&AttributeKey, &AttributeValue)> = attributes.iter().find(|(key, _)| key.as_str() == own);
        let mut roles = Vec::new();
        for (key, value) in attributes {
            match value {
                AttributeValue::Choices(choices) if taken.is_some_and(|(taken, _)| taken == key) => {
                    ledger.keep("attributes of spans", 1);
                    roles = choices.iter().map(|choice| title_case(choice.as_str())).collect();
                }
                _ => ledger.drop("attributes of spans", NO_PLACE, format!("{}: {key} = {value}", self.item.id)),
            }
        }
        roles
    }
}

/// `foreign_adversary` is `Foreign Adversary`.
fn title_case(key: &str) -> String {
    let word = |word: &str| {
        let mut chars = word.chars();
        chars.next().map(|first| first.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()
    };
    key.split('_').map(word).collect::<Vec<_>>().join(" ")
}
