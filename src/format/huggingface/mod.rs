//! A folder for `datasets` of Hugging Face: a table of documents with everything that is said about them, a table of
//! entities, and `README.md`, which declares the columns and describes the data
//! (<https://huggingface.co/docs/hub/datasets-manual-configuration>).

mod card;
mod cell;
mod croissant;
mod features;
mod license;
mod parquet;
mod rows;
mod table;

use super::aspects::{Aspect, drop_aspects};
use super::{Format, FormatError, Item, Items, Layout, Ledger, Offsets, Part, Proof, Sink, Splits, Tables, WriteOptions};
use crate::model::DocumentId;
use crate::text::offsets::OffsetUnit;
use card::Card;
use croissant::Hashing;
use features::{DOCUMENT, ENTITY};
use license::License;
use table::{Encoding, write_table};

/// The row of the table for Parquet.
pub(super) const FORMAT: Format = Format {
    name: "huggingface",
    title: "Hugging Face dataset (Parquet)",
    extensions: &["parquet"],
    reader: None,
    writer: Some(write_parquet),
    offsets: Offsets::Fixed(OffsetUnit::CodePoints),
    layout: Layout::Folder,
    recognises: |_, _| false,
    carries: "one row a document with its text and fields, regions, mentions of entities, other spans, claims with roles, relations, \
              and what each coder says about the document; values of attributes as text with their type; a table of entities; a \
              card with the codebook. Parts of a split are train, validation and test",
    proof: Proof::NONE,
    proven_by: "datasets 5.2.0 and pyarrow 26.0.1: every range",
    loses: "corrections of texts; what coders have set aside; leftovers of earlier imports; entities that were deleted",
};

/// The same as JSON Lines.
pub(super) const JSONL_FORMAT: Format = Format {
    name: "huggingface-jsonl",
    title: "Hugging Face dataset (JSON Lines)",
    extensions: &["jsonl"],
    writer: Some(write_jsonl),
    carries: "as huggingface, as JSON Lines instead of Parquet",
    proven_by: "datasets 5.2.0: every range",
    loses: "as huggingface; `datasets` reads dates as points in time where every date of a part is a whole day",
    ..FORMAT
};

/// JSON Lines with metadata for programs that read Croissant.
pub(super) const CROISSANT_FORMAT: Format = Format {
    name: "croissant",
    title: "Croissant dataset (JSON Lines with metadata)",
    writer: Some(write_croissant),
    carries: "as huggingface-jsonl, and croissant.json, which describes the columns that are never empty, also those inside lists",
    proven_by: "mlcroissant 1.1.1: every record",
    loses: "as huggingface; licence, version and citation are not known and are to be added by hand",
    ..JSONL_FORMAT
};

const NO_PLACE: &str = "the dataset has no column for them";

fn write_parquet(
    tables: &Tables,
    items: &mut Items<'_>,
    options: &WriteOptions,
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
) -> Result<(), FormatError> {
    write(tables, items, (options, Encoding::Parquet), sink, ledger)
}

fn write_jsonl(tables: &Tables, items: &mut Items<'_>, options: &WriteOptions, sink: &mut dyn Sink, ledger: &mut Ledger) -> Result<(), FormatError> {
    write(tables, items, (options, Encoding::JsonLines), sink, ledger)
}

fn write_croissant(
    tables: &Tables,
    items: &mut Items<'_>,
    options: &WriteOptions,
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
) -> Result<(), FormatError> {
    let mut hashing = Hashing::new(sink);
    write(tables, items, (options, Encoding::JsonLines), &mut hashing, ledger)?;
    hashing.describe(tables, License::of(&options.license)).map_err(|cause| FormatError::writing("croissant.json", cause))
}

/// Writes everything: a file for each part, then the entities, then the card.
fn write(
    tables: &Tables,
    items: &mut Items<'_>,
    (options, encoding): (&WriteOptions, Encoding),
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
) -> Result<(), FormatError> {
    let mut card = Card::new(tables, License::of(&options.license), encoding);
    let mut documents = Documents { items, next: None, splits: options.splits.as_ref() };
    let parts: Vec<Part> = options.splits.as_ref().map_or(vec![Part::Train], |splits| splits.parts().collect());
    for part in parts {
        // `datasets` refuses a part without documents, and then all others with it.
        if !documents.has_more_in(part)? && options.splits.is_some() {
            continue;
        }
        let path = encoding.path("data", split_name(part));
        let mut dates = Dates::default();
        write_table(&path, DOCUMENT, encoding, sink, |table| {
            while let Some(item) = documents.next_in(part)? {
                table.add(&rows::document(&item, tables)?)?;
                card.add(part, &item);
                dates.add(&item);
                count(&item, ledger);
                options.step()?;
            }
            Ok(())
        })?;
        if encoding == Encoding::JsonLines {
            dates.count(ledger);
        }
    }
    if documents.next.is_some() {
        return Err(FormatError::Load("the documents do not come part by part; nothing was exported".to_owned()));
    }
    write_entities(tables, encoding, sink, ledger)?;
    let io = |cause| FormatError::writing("README.md", cause);
    let mut out = sink.create("README.md").map_err(io)?;
    out.write_all(card.into_markdown().as_bytes()).and_then(|()| out.flush()).map_err(io)
}

/// The documents, part by part.
struct Documents<'d, 'i> {
    items: &'d mut Items<'i>,
    next: Option<Item>,
    splits: Option<&'d Splits>,
}

impl Documents<'_, '_> {
    /// True where the next document is of this part.
    fn has_more_in(&mut self, part: Part) -> Result<bool, FormatError> {
        if self.next.is_none() {
            self.next = self.items.next().transpose()?;
        }
        Ok(self.next.as_ref().is_some_and(|item| self.splits.is_none_or(|splits| splits.part(&item.id) == part)))
    }

    fn next_in(&mut self, part: Part) -> Result<Option<Item>, FormatError> {
        Ok(if self.has_more_in(part)? { self.next.take() } else { None })
    }
}

/// The dates of a part.
#[derive(Default)]
struct Dates {
    days: Vec<DocumentId>,
    has_others: bool,
}

impl Dates {
    fn add(&mut self, item: &Item) {
        match &item.document.date {
            Some(date) if date.as_str().len() == "2016-05-17".len() => self.days.push(item.id.clone()),
            Some(_) => self.has_others = true,
            None => {}
        }
    }

    /// `datasets` reads JSON without looking at the card first.
    fn count(&self, ledger: &mut Ledger) {
        for id in self.days.iter().filter(|_| !self.has_others) {
            ledger.change(
                "dates",
                "`datasets` takes a column of nothing but days for points in time, such as 2016-05-17 00:00:00; Parquet keeps them",
                id.as_str(),
            );
        }
    }
}

/// What `datasets` calls a part.
fn split_name(part: Part) -> &'static str {
    match part {
        Part::Dev => "validation",
        other => other.name(),
    }
}

fn write_entities(tables: &Tables, encoding: Encoding, sink: &mut dyn Sink, ledger: &mut Ledger) -> Result<(), FormatError> {
    if tables.entities.is_empty() {
        return Ok(());
    }
    write_table(&encoding.path("entities", "train"), ENTITY, encoding, sink, |table| {
        for (id, entity) in tables.entities.iter().filter(|(_, entity)| entity.is_living()) {
            table.add(&rows::entity(*id, entity))?;
            ledger.keep("entities", 1);
        }
        Ok(())
    })
}

fn count(item: &Item, ledger: &mut Ledger) {
    ledger.add_document();
    ledger.keep("sheets", item.sheets.len());
    ledger.keep("regions", item.document.regions.len());
    for sheet in item.sheets.values() {
        ledger.keep("spans", sheet.spans.len());
        ledger.keep("claims", sheet.claims.len());
        ledger.keep("relations", sheet.relations.len());
    }
    drop_aspects(ledger, item, &[Aspect::Corrections, Aspect::SetAside, Aspect::Residue], NO_PLACE);
}
