//! The first look at files of annotations: what all documents together say of labels, attributes and coders, and what offsets count.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::article::decode_annotations;
use super::counting::{Counted, Counting, Tally};
use super::pieces::Piece;
use super::standoff::{FILLER, Features, Kind, OWN, said};
use super::standoff_in::{FoundDocument, Input, Look, Unit, Ways, Whose, own_unit};
use super::vocabulary::Survey;
use super::{Batch, Field, FormatError, Receiver, read_all};
use crate::model::{AttributeKind, CoderKey};
use crate::text::Text;

/// What the first look at a file has found.
pub(super) struct FirstLook {
    pub(super) counting: Counting,
    /// What a file that was read in pieces says of all of them.
    pub(super) head: Option<String>,
}

/// What all files together say.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) survey: Survey,
    names: BTreeSet<String>,
    has_unsaid: bool,
}

impl Seen {
    /// Nothing yet, but for what was handed over before.
    pub(super) fn behind(has_unsaid: bool) -> Self {
        Self { has_unsaid, ..Self::default() }
    }

    /// What cannot be read is said when it is read.
    pub(super) fn look_through(&mut self, input: Input<'_>, to: &mut dyn Receiver) -> Result<Option<FirstLook>, FormatError> {
        for ways in [Ways::Own, Ways::All] {
            let tally = RefCell::new(None);
            let first = Input { look: Look::First(&tally, ways), ..input };
            let head = self.pieces(first)?;
            if head.is_none() {
                tally.replace(None);
                self.whole(first)?;
            }
            let Some(tally) = tally.into_inner() else {
                return Ok(head.map(|head| FirstLook { counting: Counting::plain(input.how.unit), head: Some(head) }));
            };
            if ways == Ways::All || tally.fits_everywhere() {
                let choice = tally.choose();
                if let Some(finding) = choice.finding(input.how.offsets) {
                    to.finding(finding.in_file(input.name));
                }
                return Ok(Some(FirstLook { counting: choice.counting, head }));
            }
        }
        Ok(None)
    }

    /// What the file says of all pieces, where it can be cut into such and none of them is broken.
    fn pieces(&mut self, files: Input<'_>) -> Result<Option<String>, FormatError> {
        let Some((cut, mut reader)) = files.how.cut.zip(files.source.open(files.name).ok()) else { return Ok(None) };
        let (mut said, mut pieces) = (Batch::default(), 0);
        let head = cut(&mut reader, &mut |Piece { text, first_line }| {
            pieces += 1;
            if pieces <= files.given.pieces {
                return Ok(());
            }
            self.documents(Input { content: text, first_line, head: Some(""), ..files }, 0, &mut said)
        })?;
        Ok(head.filter(|_| said.findings.iter().all(|finding| finding.rule != files.how.bad_file)))
    }

    fn whole(&mut self, files: Input<'_>) -> Result<(), FormatError> {
        let file = read_all(files.source, files.name).ok().and_then(|bytes| decode_annotations(bytes, files.options).ok());
        let Some(file) = file else { return Ok(()) };
        let whole = Input { content: &file.decoded.text, decoding: &file.decoded.decoding, ..files };
        self.documents(whole, files.given.documents, &mut Batch::default())
    }

    fn documents(&mut self, input: Input<'_>, given: usize, said: &mut Batch) -> Result<(), FormatError> {
        let mut met = 0;
        (input.how.parse)(&input, said, &mut |document, _| {
            met += 1;
            if met <= given {
                return Ok(());
            }
            if let Some(mut tally) = input.tally(own_unit(&input, &document), input.options.unit) {
                self.document(&document);
                count(&document, &mut tally);
            }
            if input.options.cancel.is_cancelled() { Err(FormatError::Cancelled) } else { Ok(()) }
        })
    }

    fn document(&mut self, document: &FoundDocument) {
        for sheet in &document.sheets {
            match &sheet.whose {
                Whose::Name(name) => drop(self.names.insert(name.clone())),
                Whose::Unsaid => self.has_unsaid = true,
                Whose::Key(_) => {}
            }
            self.features(&sheet.features);
            for row in &sheet.rows {
                self.features(&row.features);
                if row.kind == Some(Kind::Claim) {
                    self.survey.claim_label(&row.label);
                }
            }
        }
    }

    fn features(&mut self, features: &Features) {
        for (name, value) in features.iter().filter(|(name, _)| !name.starts_with(OWN) && !name.starts_with(FILLER)) {
            let Some(text) = said(value) else { continue };
            match value {
                Value::Bool(_) => self.survey.value_of_kind(name, &text, AttributeKind::YesNo),
                Value::Array(_) => text.split('|').for_each(|text| self.survey.value_of_kind(name, text, AttributeKind::Choices)),
                Value::Number(number) if number.is_i64() => self.survey.value_of_kind(name, &text, AttributeKind::Integer),
                Value::Number(_) => self.survey.value_of_kind(name, &text, AttributeKind::Number),
                _ => self.survey.value(name, &text),
            }
        }
    }

    /// A key for each name.
    pub(super) fn coders(&self, only: &CoderKey) -> BTreeMap<String, CoderKey> {
        let is_alone = self.names.len() == 1 && !self.has_unsaid;
        self.names.iter().map(|name| (name.clone(), if is_alone { only.clone() } else { CoderKey::from_name(name) })).collect()
    }
}

/// Counts how the offsets of a document fit, unless its reader has done so.
pub(super) fn count(document: &FoundDocument, tally: &mut Tally) {
    let rows = || document.sheets.iter().flat_map(|sheet| &sheet.rows).filter(|row| !row.ranges.is_empty());
    let counted: Vec<Counted<'_>> = rows().map(|row| Counted { ranges: &row.ranges, surface: row.surface.as_deref() }).collect();
    let is_exact = matches!(document.unit, Unit::Exact(_));
    if let Some(text) = document.record.fields.get(&Field::Text).filter(|_| !counted.is_empty() && !is_exact) {
        tally.add(&Text::new(text.clone()), &counted);
    }
}
