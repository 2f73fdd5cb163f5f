//! Reading PubTator: documents with blank lines between them.

use crate::format::pieces::cut_blocks;
use crate::format::record::Record;
use crate::format::standoff::IDENTIFIERS;
use crate::format::standoff_in::{self, Found, FoundDocument, FoundSheet, Give, Input, Standoff, Unit, Whose, standoff};
use crate::format::{Field, FormatError, ReadOptions, Receiver, Source};
use crate::model::DocumentId;
use crate::text::offsets::OffsetUnit;

use super::OLD_ID;
use super::pubtator::{COLUMNS, ENTRIES, NOBODY, with_bars};

static STANDOFF: Standoff = Standoff { cut: Some(cut_blocks), ..standoff!("pubtator", "line", OffsetUnit::CodePoints, |_, _| false, parse) };

/// Reads every file of the source.
pub(super) fn read(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    standoff_in::read(&STANDOFF, source, options, to)
}

fn parse(input: &Input<'_>, to: &mut dyn Receiver, give: &mut Give<'_>) -> Result<(), FormatError> {
    let mut document = Lines::default();
    for (line, number) in input.content.split('\n').zip(input.first_line..) {
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line.trim().is_empty() {
            std::mem::take(&mut document).give(input, to, give)?;
        } else {
            document.add(line, number);
        }
    }
    document.give(input, to, give)
}

/// The lines of one document.
#[derive(Default)]
struct Lines {
    id: String,
    line: usize,
    text: Option<String>,
    rows: Vec<Found>,
}

impl Lines {
    fn add(&mut self, line: &str, number: usize) {
        let part = |mark: &str| line.split_once(mark).filter(|(id, _)| !id.contains(['\t', '|', ' ']));
        match (part("|t|"), part("|a|")) {
            (Some((id, title)), _) if self.text.is_none() => {
                id.clone_into(&mut self.id);
                self.line = number;
                self.text = Some(title.to_owned());
            }
            (_, Some((id, text))) if id == self.id => {
                let before = self.text.get_or_insert_default();
                before.push('\n');
                before.push_str(text);
            }
            _ => self.rows.push(row(line, number)),
        }
    }

    fn give(self, input: &Input<'_>, to: &mut dyn Receiver, give: &mut Give<'_>) -> Result<(), FormatError> {
        let Some(text) = self.text else {
            if let Some(row) = self.rows.first() {
                input.bad(row.line, "these lines have no title in front, such as `1|t|Title`", to);
            }
            return Ok(());
        };
        let mut record = Record::default();
        record.fields.insert(Field::Text, text);
        let id = DocumentId::new(&self.id).ok();
        if id.is_none() {
            record.fields.insert(Field::FileName, self.id.clone());
            record.rest.insert(OLD_ID.to_owned(), self.id.into());
        }
        let mut sheet = FoundSheet::new(Whose::Unsaid);
        sheet.rows = self.rows;
        let sheets = if sheet.rows.is_empty() { Vec::new() } else { vec![sheet] };
        give(FoundDocument { line: Some(self.line), id, record, original: None, unit: Unit::Unsaid, sheets }, to)
    }
}

/// A place; relations of entities have none, and are kept aside.
fn row(line: &str, number: usize) -> Found {
    let mut found = Found { line: Some(number), raw: line.to_owned().into(), label: "line".to_owned(), ..Found::default() };
    let columns: Vec<&str> = line.split('\t').collect();
    if let [_, start, end, surface, label, rest @ ..] = columns.as_slice()
        && let (Ok(start), Ok(end)) = (start.trim().parse(), end.trim().parse())
    {
        found.label = label.trim().to_owned();
        found.ranges = vec![(start, end)];
        found.surface = Some((*surface).to_owned());
        let entries = rest.first().filter(|entry| !entry.trim().is_empty() && **entry != NOBODY);
        if let Some(entry) = entries.filter(|entry| entry.contains(['|', ';', ','])) {
            found.rest.insert(ENTRIES.to_owned(), entry.trim().into());
        }
        found.features.extend(entries.map(|entry| (IDENTIFIERS.to_owned(), with_bars(entry).into())));
        if let [_, others @ ..] = rest
            && !others.is_empty()
        {
            found.rest.insert(COLUMNS.to_owned(), others.iter().map(|other| (*other).to_owned()).collect());
        }
    }
    found
}
